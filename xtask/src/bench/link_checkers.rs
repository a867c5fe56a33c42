//! The tools that check links and anchors too, and how each is told to do the same work.

use serde_json::Value;
use std::ffi::OsString;
use std::path::Path;

pub(super) struct Peer {
    pub(super) name: &'static str,
    pub(super) title: &'static str,
    pub(super) arguments: fn(&Path) -> Vec<OsString>,
    /// Links and findings in what it prints.
    pub(super) read: fn(&Value) -> (Option<u64>, Option<u64>),
}

/// Both are told to read what git tracks: hidden files too, nothing left out by lists or settings of the checkout.
pub(super) const PEERS: &[Peer] = &[
    Peer {
        name: "rumdl",
        title: "`rumdl check --no-cache --enable MD051,MD057`",
        arguments: |_| {
            words(&[
                "check",
                "--no-cache",
                "--no-config",
                "--respect-gitignore=false",
                "--enable",
                "MD051,MD057",
                "--output-format",
                "json",
                ".",
            ])
        },
        read: |printed| (None, printed.as_array().map(|all| all.len() as u64)),
    },
    Peer {
        name: "lychee",
        title: "`lychee --offline --include-fragments`",
        arguments: |corpus| {
            let mut all = words(&[
                "--offline",
                "--include-fragments",
                "--no-progress",
                "--hidden",
                "--no-ignore",
                "--exclude-path",
                r"(^|/)\.git/",
                "--extensions",
                "md,MD,markdown,mdown,mkd",
                "--format",
                "json",
                "--root-dir",
            ]);
            all.push(corpus.into());
            all.push(".".into());
            all
        },
        read: |printed| (printed["total"].as_u64(), printed["errors"].as_u64()),
    },
];

pub(super) fn words(words: &[&str]) -> Vec<OsString> {
    words.iter().map(OsString::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_peers_print_is_read() {
        let read = |name: &str, printed: &str| {
            let peer = PEERS.iter().find(|peer| peer.name == name).expect("a peer");
            (peer.read)(&serde_json::from_str(printed).expect("JSON"))
        };
        assert_eq!(read("rumdl", r#"[{"rule": "MD051"}, {}]"#), (None, Some(2)));
        assert_eq!(
            read("lychee", r#"{"total": 9, "errors": 2}"#),
            (Some(9), Some(2))
        );
    }
}
