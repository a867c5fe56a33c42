//! Absolute addresses of this repository, which are checked as local paths.

use std::borrow::Cow;

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
}

/// Views of a file or folder on GitHub.
const VIEWS: [&str; 5] = ["blob", "tree", "raw", "blame", "edit"];

impl Own {
    /// The path that `url` names, if it is one of this repository at a ref that
    /// stands for the judged tree.
    pub(crate) fn path<'u>(&self, url: &'u str) -> Option<OwnPath<'u>> {
        let repository = self.repository.as_deref()?;
        let (address, fragment) = match url.split_once('#') {
            Some((address, fragment)) => (address, Some(fragment)),
            None => (url, None),
        };
        let address = address.split('?').next().unwrap_or_default();
        let raw = "https://raw.githubusercontent.com";
        let path = if let Some(rest) = below(address, &self.server) {
            let rest = below(rest, repository)?;
            if rest.is_empty() {
                // The front page shows the README.
                return fragment.map(|fragment| OwnPath {
                    path: Cow::Borrowed(""),
                    fragment: Some(gate_syntax::percent_decode(fragment)),
                });
            }
            let (view, rest) = rest.split_once('/')?;
            VIEWS.contains(&view).then_some(rest)?
        } else if self.server == "https://github.com" {
            below(below(address, raw)?, repository)?
        } else {
            return None;
        };
        let path = self.refs.iter().find_map(|name| below(path, name))?;
        Some(OwnPath {
            path: gate_syntax::percent_decode(path),
            fragment: fragment.map(gate_syntax::percent_decode),
        })
    }
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
