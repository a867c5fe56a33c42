//! Where a reference leads, by the git index alone. The rules are GitHub's:
//! see docs/reference/integrity.md.

use crate::names::{Names, folder};
use gate_syntax::{Edge, Markdown, Target, always_valid_fragment, is_markdown, line_fragment};

/// What a reference came to.
#[derive(Debug)]
pub(crate) enum Resolved<'a> {
    /// A tracked file.
    To(&'a str),
    /// A folder with tracked files below it.
    Folder,
    /// Outside what the checkout can prove: another host, a placeholder, the
    /// inside of a submodule.
    NotChecked,
    Broken(Problem),
}

/// What is wrong with a reference, and what it probably meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    NoFile {
        path: String,
        nearest: Option<String>,
    },
    /// GitHub is case-sensitive, many disks are not.
    OtherCase { path: String, tracked: String },
    /// `..` climbs above the root.
    AboveRoot,
    NoAnchor {
        path: String,
        fragment: String,
        nearest: Option<String>,
    },
}

/// The fragment a link asks for, where it asks for one that has to be looked up.
pub(crate) fn fragment(target: &Target) -> Option<&str> {
    match target {
        Target::Fragment { fragment }
        | Target::Path {
            fragment: Some(fragment),
            ..
        } => (!fragment.is_empty()).then_some(&**fragment),
        _ => None,
    }
}

/// A link, image or HTML reference of `from`.
pub(crate) fn resolve_link<'a>(
    names: &Names<'a>,
    from: &'a str,
    own: &Markdown,
    edge: &Edge,
) -> Resolved<'a> {
    let (path, fragment) = match &edge.target {
        Target::Fragment { fragment } => return anchor(names, from, Some(own), fragment),
        Target::Path { path, fragment, .. } if path.is_empty() => {
            return anchor(
                names,
                from,
                Some(own),
                fragment.as_deref().unwrap_or_default(),
            );
        }
        Target::Path { path, fragment, .. } => (path, fragment),
        Target::External { .. } | Target::Email | Target::Empty | Target::Placeholder => {
            return Resolved::NotChecked;
        }
    };
    let Some(wanted) = join(folder(from), path) else {
        return Resolved::Broken(Problem::AboveRoot);
    };
    let fragment = fragment.as_deref().filter(|fragment| !fragment.is_empty());
    match (lookup(names, &wanted), fragment) {
        (Resolved::To(found), Some(fragment)) => {
            anchor(names, found, names.markdown.get(found).copied(), fragment)
        }
        (Resolved::Folder, Some(fragment)) => readme_anchor(names, wanted, fragment),
        (other, _) => other,
    }
}

/// A folder shows its README below the listing; its headings are the anchors.
fn readme_anchor<'a>(names: &Names<'a>, folder: String, fragment: &str) -> Resolved<'a> {
    let readme = [
        "README.md",
        "readme.md",
        "Readme.md",
        "README.MD",
        "README.markdown",
    ]
    .iter()
    .find_map(|name| names.markdown.get_key_value(join(&folder, name)?.as_str()));
    match readme {
        Some((path, markdown)) => anchor(names, path, Some(markdown), fragment),
        None if always_valid_fragment(fragment) => Resolved::Folder,
        None => Resolved::Broken(Problem::NoAnchor {
            path: folder,
            fragment: fragment.to_owned(),
            nearest: None,
        }),
    }
}

/// A fragment of a tracked file whose Markdown, if it is any, is given.
fn anchor<'a>(
    names: &Names<'_>,
    path: &'a str,
    markdown: Option<&Markdown>,
    fragment: &str,
) -> Resolved<'a> {
    let Some(markdown) = markdown.filter(|_| is_markdown(path)) else {
        // Lines of a source file, or an anchor in a format that is not read.
        return Resolved::To(path);
    };
    // GitHub's own script falls back to lower case.
    let valid = always_valid_fragment(fragment)
        || line_fragment(fragment).is_some()
        || markdown.has_anchor(fragment)
        || markdown.has_anchor(&fragment.to_lowercase());
    if valid {
        return Resolved::To(path);
    }
    let anchors = markdown.anchors.iter().map(|anchor| (&**anchor, &**anchor));
    let nearest = names.closest(fragment, anchors, |length| 1 + length / 4);
    Resolved::Broken(Problem::NoAnchor {
        path: path.to_owned(),
        fragment: fragment.to_owned(),
        nearest,
    })
}

/// An include or import of `from`: against its own folder, then the root, with
/// and without `.md`.
pub(crate) fn resolve_include<'a>(names: &Names<'a>, from: &str, edge: &Edge) -> Resolved<'a> {
    let Target::Path { path, .. } = &edge.target else {
        return Resolved::NotChecked;
    };
    if path.is_empty() || path.starts_with('~') {
        return Resolved::NotChecked;
    }
    let mut first: Option<Problem> = None;
    for base in [folder(from), ""] {
        for ending in ["", ".md"] {
            let Some(wanted) = join(base, &format!("{path}{ending}")) else {
                first.get_or_insert(Problem::AboveRoot);
                continue;
            };
            match lookup(names, &wanted) {
                Resolved::Broken(problem) => {
                    // A wrong spelling says more than an absence.
                    let better = matches!(problem, Problem::OtherCase { .. });
                    if first.is_none() || better {
                        first = Some(problem);
                    }
                }
                // A folder is no module.
                Resolved::Folder => {}
                found => return found,
            }
        }
    }
    Resolved::Broken(first.unwrap_or(Problem::NoFile {
        path: path.to_string(),
        nearest: None,
    }))
}

/// A normalised path in the index.
fn lookup<'a>(names: &Names<'a>, wanted: &str) -> Resolved<'a> {
    if let Some(file) = names.repo.file(wanted) {
        return Resolved::To(&file.path);
    }
    if names.repo.directory_exists(wanted) {
        return Resolved::Folder;
    }
    // Below a submodule lies another repository.
    let mut above = wanted;
    while let Some((parent, _)) = above.rsplit_once('/') {
        if names
            .repo
            .file(parent)
            .is_some_and(|file| file.kind == gate_repo::FileKind::Submodule)
        {
            return Resolved::NotChecked;
        }
        above = parent;
    }
    Resolved::Broken(match names.repo.case_match(wanted) {
        Some(tracked) => Problem::OtherCase {
            path: wanted.to_owned(),
            tracked: tracked.to_owned(),
        },
        None => Problem::NoFile {
            path: wanted.to_owned(),
            nearest: names.nearest(wanted),
        },
    })
}

/// `path` seen from `base`, normalised; `/x` is the root's. `None` where `..`
/// climbs above the root.
fn join(base: &str, path: &str) -> Option<String> {
    let (base, path) = match path.strip_prefix('/') {
        Some(rest) => ("", rest),
        None => (base, path),
    };
    let mut parts: Vec<&str> = base.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            _ => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_join_as_on_github() {
        assert_eq!(join("docs/a", "../b.md").as_deref(), Some("docs/b.md"));
        assert_eq!(join("docs", "/x.md").as_deref(), Some("x.md"));
        assert_eq!(join("docs", "./x//y/").as_deref(), Some("docs/x/y"));
        assert_eq!(join("docs", "..").as_deref(), Some(""));
        assert_eq!(join("docs", "../../x"), None);
    }
}
