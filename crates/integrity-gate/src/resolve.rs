//! Where a link leads, by the git index alone. The rules are GitHub's: see
//! docs/guide/integrity.md.

use crate::tree::{Entry, folder, join};
use crate::world::World;
use gate_syntax::{Target, always_valid_fragment, is_markdown, line_fragment};

/// What a reference came to.
#[derive(Debug)]
pub(crate) enum Resolved<'a> {
    /// A tracked file.
    To(&'a str),
    /// A folder with tracked files below it, and the README that it shows.
    Folder(Option<&'a str>),
    /// An address of another host.
    External,
    /// Outside what the checkout can prove: a placeholder, mail, the inside of
    /// a submodule, what lies above the root that was named.
    NotChecked,
    Broken(Problem),
}

/// What is wrong with a reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Problem {
    NoFile {
        path: String,
    },
    /// GitHub is case-sensitive, many disks are not.
    OtherCase {
        path: String,
        tracked: String,
    },
    /// A symbolic link that leads to nothing that is tracked.
    Dangling {
        path: String,
    },
    /// `..` climbs above the root.
    AboveRoot,
    NoAnchor {
        path: String,
        fragment: String,
    },
    /// A line behind the end.
    NoLine {
        path: String,
        line: u32,
        lines: u32,
    },
}

/// Whether an edge asks for something inside its target.
pub(crate) fn has_fragment(target: &Target<'_>) -> bool {
    match target {
        Target::Fragment { fragment }
        | Target::Path {
            fragment: Some(fragment),
            ..
        } => !fragment.is_empty(),
        _ => false,
    }
}

/// Pages of a repository on GitHub. A file is shown at `blob/REF/path`, so two
/// levels above the root lies the repository's own address.
const PAGES: [&str; 21] = [
    "actions",
    "archive",
    "branches",
    "commit",
    "commits",
    "compare",
    "contributors",
    "discussions",
    "forks",
    "graphs",
    "issues",
    "labels",
    "milestones",
    "new",
    "projects",
    "pull",
    "pulls",
    "releases",
    "security",
    "tags",
    "wiki",
];

/// Whether a path climbs exactly two levels above the root and goes on to a
/// page of the repository, such as `../../issues` in a file of the root.
fn leads_to_a_page(base: &str, path: &str) -> bool {
    let base = if path.starts_with('/') { "" } else { base };
    let mut rest: Vec<&str> = vec!["blob", "ref"];
    let parts = base.split('/').chain(path.split('/'));
    for part in parts.filter(|part| !matches!(*part, "" | ".")) {
        if part == ".." {
            if rest.pop().is_none() {
                return false;
            }
        } else {
            rest.push(part);
        }
    }
    rest.first().is_none_or(|page| PAGES.contains(page))
}

/// Names of the file that a folder shows, in the order in which they are tried.
const READMES: [&str; 5] = [
    "README.md",
    "readme.md",
    "Readme.md",
    "README.MD",
    "README.markdown",
];

impl<'a> World<'a> {
    /// A link, image or HTML reference of page `from`.
    pub(crate) fn link(&self, from: usize, target: &Target<'_>) -> Resolved<'a> {
        match target {
            Target::Fragment { fragment } => self.anchor(self.pages[from].path, fragment, false),
            Target::Path {
                path,
                query,
                fragment,
            } => self.path(from, path, query.as_deref(), fragment.as_deref()),
            Target::External { url } => match self.own.path(url) {
                Some(own) => {
                    let Some(below) = own.path.strip_prefix(&*self.own.prefix) else {
                        return Resolved::NotChecked;
                    };
                    self.lookup(&format!("/{below}"), "", own.fragment.as_deref(), false)
                }
                None => Resolved::External,
            },
            Target::Email | Target::Empty | Target::Placeholder => Resolved::NotChecked,
        }
    }

    fn path(
        &self,
        from: usize,
        path: &str,
        query: Option<&str>,
        fragment: Option<&str>,
    ) -> Resolved<'a> {
        let from = self.pages[from].path;
        let plain = query.is_some_and(|query| query.split('&').any(|part| part == "plain=1"));
        if path.is_empty() {
            return self.anchor(from, fragment.unwrap_or_default(), plain);
        }
        if let Some(absolute) = path.strip_prefix('/') {
            if let Some(root) = self.config.link_root(from) {
                return self.lookup(absolute, root, fragment, plain);
            }
            // `/x` is the top of the repository, not of what is judged.
            let prefix = &*self.own.prefix;
            return match absolute.strip_prefix(prefix) {
                Some(below) => self.lookup(&format!("/{below}"), "", fragment, plain),
                None => Resolved::NotChecked,
            };
        }
        self.lookup(path, folder(from), fragment, plain)
    }

    fn lookup(&self, path: &str, base: &str, fragment: Option<&str>, plain: bool) -> Resolved<'a> {
        let Some(wanted) = join(base, path) else {
            // Above the root that was named may lie more of the repository.
            return if self.own.prefix.is_empty() && !leads_to_a_page(base, path) {
                Resolved::Broken(Problem::AboveRoot)
            } else {
                Resolved::NotChecked
            };
        };
        let fragment = fragment.filter(|fragment| !fragment.is_empty());
        match (self.tree.entry(&wanted), fragment) {
            (Entry::File(found), Some(fragment)) => self.anchor(found, fragment, plain),
            (Entry::File(found), None) => Resolved::To(found),
            (Entry::Folder, Some(fragment)) => self.readme_anchor(wanted, fragment),
            (Entry::Folder, None) => Resolved::Folder(self.readme(&wanted)),
            (Entry::Submodule, _) => Resolved::NotChecked,
            (Entry::Nothing, _) => Resolved::Broken(self.nothing(wanted)),
        }
    }

    /// What is wrong with a path that leads to nothing.
    pub(crate) fn nothing(&self, wanted: String) -> Problem {
        match self.tree.case_match(&wanted) {
            Some(tracked) => Problem::OtherCase {
                tracked: tracked.to_owned(),
                path: wanted,
            },
            None => Problem::NoFile { path: wanted },
        }
    }

    /// The README that a folder shows.
    fn readme(&self, folder: &str) -> Option<&'a str> {
        READMES
            .iter()
            .find_map(|name| self.tree.file(join(folder, name)?.as_str()))
    }

    /// A folder shows its README below the listing; its headings are the anchors.
    fn readme_anchor(&self, folder: String, fragment: &str) -> Resolved<'a> {
        match self.readme(&folder) {
            Some(path) => self.anchor(path, fragment, false),
            None if always_valid_fragment(fragment) => Resolved::Folder(None),
            None => Resolved::Broken(Problem::NoAnchor {
                path: folder,
                fragment: fragment.to_owned(),
            }),
        }
    }

    /// A fragment of a tracked file; `plain` asks for its source.
    fn anchor(&self, path: &str, fragment: &str, plain: bool) -> Resolved<'a> {
        let Some(path) = self.tree.file(path) else {
            return Resolved::NotChecked;
        };
        if always_valid_fragment(fragment) {
            return Resolved::To(path);
        }
        let page = self.page(path).filter(|_| is_markdown(path));
        if let Some((first, last)) = line_fragment(fragment) {
            // Rendered, a page has no lines, and the fragment does no harm.
            let lines = match page {
                Some(page) if plain => Some(self.pages[page].module.markdown.lines),
                Some(_) => None,
                None => self.lines_of(path),
            };
            let line = first.max(last.unwrap_or(first));
            return match lines.filter(|lines| line > *lines) {
                Some(lines) => Resolved::Broken(Problem::NoLine {
                    path: path.to_owned(),
                    line,
                    lines,
                }),
                None => Resolved::To(path),
            };
        }
        match page {
            Some(page) if !plain && !self.anchors(page).has(fragment) => {
                Resolved::Broken(Problem::NoAnchor {
                    path: path.to_owned(),
                    fragment: fragment.to_owned(),
                })
            }
            // An anchor in a format that is not read.
            _ => Resolved::To(path),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_of_the_repository_lie_two_levels_above_the_root() {
        for (base, path) in [
            ("", "../../issues"),
            ("", "../../"),
            ("docs", "../../../wiki/Home"),
            ("docs", "/../../pulls"),
        ] {
            assert!(leads_to_a_page(base, path), "{base} {path}");
        }
        for (base, path) in [
            ("", "../issues"),
            ("", "../../../issues"),
            ("", "../../src/x.md"),
            ("docs", "../../issues"),
        ] {
            assert!(!leads_to_a_page(base, path), "{base} {path}");
        }
    }
}
