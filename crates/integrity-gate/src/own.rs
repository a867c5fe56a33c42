//! Absolute addresses of this repository, which are checked as local paths.

use gate_runner::Inputs;
use std::borrow::Cow;
use std::collections::BTreeSet;

/// What is known of where the repository is hosted.
#[derive(Debug)]
pub(crate) struct Own {
    /// Without a `/` at the end.
    pub(crate) server: String,
    /// `owner/name`.
    pub(crate) repository: Option<String>,
    /// Refs that mean the tree that is judged.
    pub(crate) refs: Vec<String>,
    /// The root below the top of the repository: empty, or ending in `/`.
    pub(crate) prefix: String,
}

/// A path of this repository that an absolute address names.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct OwnPath<'u> {
    /// From the top of the repository, decoded; empty for the front page.
    pub(crate) path: Cow<'u, str>,
    pub(crate) fragment: Option<Cow<'u, str>>,
    /// Its source is asked for, in which lines are anchors.
    pub(crate) plain: bool,
}

/// Views of a file or folder on GitHub.
const VIEWS: [&str; 5] = ["blob", "tree", "raw", "blame", "edit"];

impl Own {
    pub(crate) fn of(inputs: &Inputs<'_>) -> Self {
        let mut refs = BTreeSet::from([String::from("HEAD")]);
        refs.extend(inputs.subject.commit.clone());
        refs.extend(inputs.place.default_branch.clone());
        Self {
            server: inputs.place.server.clone(),
            repository: inputs.subject.repository.clone(),
            refs: refs.into_iter().collect(),
            prefix: inputs.repo.prefix(),
        }
    }

    /// The path that `url` names, if it is one of this repository at a ref that
    /// stands for the judged tree.
    pub(crate) fn path<'u>(&self, url: &'u str) -> Option<OwnPath<'u>> {
        let repository = self.repository.as_deref()?;
        let (address, fragment) = match url.split_once('#') {
            Some((address, fragment)) => (address, Some(fragment)),
            None => (url, None),
        };
        let (address, query) = address.split_once('?').unwrap_or((address, ""));
        let mut plain = query.split('&').any(|part| part == "plain=1");
        let (address, server) = (host_on(address), host_on(&self.server));
        let raw = "raw.githubusercontent.com";
        let path = if let Some(rest) = below(address, server) {
            let rest = below(rest, repository)?;
            if rest.is_empty() {
                // The front page shows the README.
                return fragment.map(|fragment| OwnPath {
                    path: Cow::Borrowed(""),
                    fragment: Some(gate_syntax::percent_decode(fragment)),
                    plain,
                });
            }
            let (view, rest) = rest.split_once('/')?;
            plain |= view == "blame";
            VIEWS.contains(&view).then_some(rest)?
        } else if server.eq_ignore_ascii_case("github.com") {
            below(below(address, raw)?, repository)?
        } else {
            return None;
        };
        let short = path.strip_prefix("refs/heads/").unwrap_or(path);
        let path = self.refs.iter().find_map(|name| below(short, name))?;
        Some(OwnPath {
            path: gate_syntax::percent_decode(path),
            fragment: fragment.map(gate_syntax::percent_decode),
            plain,
        })
    }
}

/// An address from its host on: `http://` and `www.` lead to the same pages.
fn host_on(address: &str) -> &str {
    let behind = |address: &str, prefix: &str| {
        let head = address.get(..prefix.len());
        let is_there = head.is_some_and(|head| head.eq_ignore_ascii_case(prefix));
        is_there.then_some(prefix.len())
    };
    let schemes = ["https://", "http://", "//"];
    let start = schemes
        .iter()
        .find_map(|scheme| behind(address, scheme))
        .unwrap_or_default();
    let rest = &address[start..];
    &rest[behind(rest, "www.").unwrap_or_default()..]
}

/// What follows `prefix` and a `/`; letter case of hosts and repositories does
/// not count on GitHub. Nothing where the address is the prefix itself.
fn below<'u>(address: &'u str, prefix: &str) -> Option<&'u str> {
    let head = address.get(..prefix.len())?;
    if !head.eq_ignore_ascii_case(prefix) {
        return None;
    }
    let rest = &address[prefix.len()..];
    if rest.is_empty() {
        Some(rest)
    } else {
        rest.strip_prefix('/')
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_this_repository_are_paths() {
        let own = Own {
            server: String::from("https://github.com"),
            repository: Some(String::from("octo/gate")),
            refs: vec![
                String::from("HEAD"),
                String::from("main"),
                String::from("release/1"),
            ],
            prefix: String::new(),
        };
        let path = |url| {
            own.path(url).map(|own| match own.fragment {
                Some(fragment) => format!("{}#{fragment}", own.path),
                None => own.path.into_owned(),
            })
        };
        for (url, expected) in [
            (
                "https://github.com/octo/gate/blob/main/docs/a%20b.md?plain=1#L3",
                "docs/a b.md#L3",
            ),
            ("https://github.com/Octo/Gate/tree/HEAD/docs", "docs"),
            ("https://github.com/octo/gate/tree/main", ""),
            ("https://github.com/octo/gate/blob/release/1/x.md", "x.md"),
            ("http://www.github.com/octo/gate/blob/main/x.md", "x.md"),
            ("//github.com/octo/gate/raw/refs/heads/main/x.md", "x.md"),
            (
                "https://raw.githubusercontent.com/octo/gate/refs/heads/main/x.png",
                "x.png",
            ),
            (
                "https://raw.githubusercontent.com/octo/gate/main/x.png",
                "x.png",
            ),
            ("https://github.com/octo/gate#install", "#install"),
        ] {
            assert_eq!(path(url).as_deref(), Some(expected), "{url}");
        }
        for url in [
            "https://github.com/octo/gate",
            "https://github.com/octo/gate/issues/3",
            "https://github.com/octo/gate/blob/v1.0/x.md",
            "https://github.com/octo/gates/blob/main/x.md",
            "https://example.org/octo/gate/blob/main/x.md",
        ] {
            assert_eq!(path(url), None, "{url}");
        }
    }
}
