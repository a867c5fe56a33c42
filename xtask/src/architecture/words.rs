//! What no file of the repository says: paths of somebody's machine, and
//! documents that are not in it. Put together at run time, so that this file
//! does not say it either.

use super::{repository_files, text_of};

/// Each in two halves, and why it does not belong.
const FORBIDDEN: &[(&str, &str, &str)] = &[
    ("/ro", "ot/", "a path of somebody's machine"),
    ("/work/", "main", "a path of somebody's machine"),
    ("/work/", "shared", "a path of somebody's machine"),
    ("/tmp/", "target-", "a path of somebody's machine"),
    ("/tmp/", "brief", "a path of somebody's machine"),
    (
        "CONT",
        "RACT.md",
        "a document that is not in the repository",
    ),
    ("DES", "IGN.md", "a document that is not in the repository"),
    ("COM", "MON.md", "a document that is not in the repository"),
    ("STY", "LE.md", "a document that is not in the repository"),
    ("index.crates.io-", "1949", "a folder of somebody's machine"),
];

/// What a line says that it should not.
fn forbidden(line: &str) -> Option<&'static str> {
    FORBIDDEN
        .iter()
        .find(|(head, tail, _)| line.contains(&[*head, *tail].concat()))
        .map(|(_, _, why)| *why)
}

#[test]
fn no_file_names_a_machine_or_a_missing_document() {
    let mut wrong = Vec::new();
    for path in repository_files() {
        if let Some(why) = forbidden(&path) {
            wrong.push(format!("{path}: its name holds {why}"));
        }
        for (number, line) in text_of(&path).unwrap_or_default().lines().enumerate() {
            if let Some(why) = forbidden(line) {
                wrong.push(format!("{path}:{}: {why}: {line:.120}", number + 1));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_words_are_found() {
    let said = ["see DES", "IGN.md"].concat();
    assert_eq!(
        forbidden(&said),
        Some("a document that is not in the repository")
    );
    assert_eq!(forbidden("the design of a gate"), None);
}
