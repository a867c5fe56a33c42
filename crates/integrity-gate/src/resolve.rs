//! Where a link leads, by the git index alone. The rules are GitHub's: see
//! docs/guide/integrity.md.

use crate::github::{OTHER_READMES, READMES, is_readme, is_source, leads_to_a_page};
use crate::tree::{Entry, folder, join};
use crate::world::World;
use gate_syntax::{
    Dialect, Target, always_valid_fragment, is_markdown, is_readme_fragment, line_fragment,
};

/// What a reference came to.
#[derive(Debug)]
pub(crate) enum Resolved<'a> {
    /// A tracked file.
    To(&'a str),
    /// A tracked file; what it has for the fragment is not known.
    Unread(&'a str),
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
    /// Shown as source, where only lines have anchors.
    OnlyLines {
        path: String,
        fragment: String,
    },
    /// A colon makes a scheme of what stands before it.
    Scheme {
        path: String,
        /// What stands behind it, where that is a number.
        line: Option<String>,
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
        // One of this repository.
        Target::External { url } => url
            .split_once('#')
            .is_some_and(|(_, rest)| !rest.is_empty()),
        _ => false,
    }
}

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
                    self.lookup(&format!("/{below}"), "", own.fragment.as_deref(), own.plain)
                }
                None => match self.scheme(from, url) {
                    Some(problem) => Resolved::Broken(problem),
                    None => Resolved::External,
                },
            },
            Target::Email | Target::Empty | Target::Placeholder => Resolved::NotChecked,
        }
    }

    /// Why an address is none: `basket.py:9`, which a browser takes for one.
    fn scheme(&self, from: usize, url: &str) -> Option<Problem> {
        let (path, rest) = url.split_once(':')?;
        // A bare `www.x.org:80` has none and needs none.
        if !path.contains('.') || path.contains('/') || path.starts_with("www.") {
            return None;
        }
        let line = rest.split(['-', ':']).next().unwrap_or_default();
        let is_line = !line.is_empty() && line.bytes().all(|byte| byte.is_ascii_digit());
        let found = join(folder(self.pages[from].path), path);
        let is_here = found.is_some_and(|found| self.tree.file(&found).is_some());
        (is_line || is_here).then(|| Problem::Scheme {
            path: path.to_owned(),
            line: is_line.then(|| line.to_owned()),
        })
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
        if let Some(path) = self.readme(&folder) {
            // The front page has tabs for a licence and its like.
            return match self.anchor(path, fragment, false) {
                Resolved::Broken(_) if folder.is_empty() && fragment.ends_with("-ov-file") => {
                    Resolved::Unread(path)
                }
                resolved => resolved,
            };
        }
        let other = OTHER_READMES
            .iter()
            .find_map(|name| self.tree.file(join(&folder, name)?.as_str()));
        match other {
            _ if always_valid_fragment(fragment) => Resolved::Folder(None),
            Some(_) if is_readme_fragment(fragment) => Resolved::Folder(None),
            Some(path) => Resolved::Unread(path),
            None => Resolved::Broken(Problem::NoAnchor {
                path: folder,
                fragment: fragment.to_owned(),
            }),
        }
    }

    /// Whether a file is shown by GitHub or GitLab, and not by a site that may make pages of more than Markdown.
    fn is_hub(&self, path: &str) -> bool {
        matches!(self.config.dialect(path), Dialect::Github | Dialect::Gitlab)
    }

    /// A fragment of a tracked file; `plain` asks for its source.
    fn anchor(&self, path: &str, fragment: &str, plain: bool) -> Resolved<'a> {
        let Some(path) = self.tree.file(path) else {
            return Resolved::NotChecked;
        };
        if always_valid_fragment(fragment) || (is_readme_fragment(fragment) && is_readme(path)) {
            return Resolved::To(path);
        }
        let Some(shown) = self.shown(path) else {
            return Resolved::Unread(path);
        };
        let page = self.page(shown).filter(|_| is_markdown(shown));
        if let Some((first, last)) = line_fragment(fragment) {
            let lines = match page {
                Some(page) if plain => Some(self.pages[page].module.markdown.lines),
                // Rendered, a page has no lines, and the fragment does no harm.
                Some(_) => return Resolved::To(path),
                None => self.lines_of(shown),
            };
            let line = first.max(last.unwrap_or(first));
            return match lines {
                Some(lines) if line > lines => Resolved::Broken(Problem::NoLine {
                    path: shown.to_owned(),
                    line,
                    lines,
                }),
                Some(_) => Resolved::To(path),
                None => Resolved::Unread(path),
            };
        }
        match page {
            Some(page) if !plain && self.anchors(page).has(fragment) => Resolved::To(path),
            Some(_) if !plain => Resolved::Broken(Problem::NoAnchor {
                path: shown.to_owned(),
                fragment: fragment.to_owned(),
            }),
            None if is_markdown(shown) || !is_source(shown) || !self.is_hub(shown) => {
                Resolved::Unread(path)
            }
            _ => Resolved::Broken(Problem::OnlyLines {
                path: shown.to_owned(),
                fragment: fragment.to_owned(),
            }),
        }
    }
}
