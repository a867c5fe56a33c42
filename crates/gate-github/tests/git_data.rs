//! Git's objects and references against a fake GitHub.
#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests fail by panicking, as the tests do"
)]

use gate_github::Token;
use gate_github::api::{ApiErrorKind, Client, Moved, TreeFile};
use gate_testkit::fake_github::{FakeGithub, Fault, Route};
use std::time::Duration;

const REFERENCE: &str = "refs/gatewright/ledger";

fn client(fake: &FakeGithub) -> Client {
    let token = Token::new("not-a-real-one");
    Client::new(&fake.url(), token, Duration::from_secs(10))
        .unwrap()
        .with_sleeper(Box::new(|_| ()))
}

#[test]
fn a_reference_is_made_read_and_moved_forward_only() {
    let fake = FakeGithub::start().unwrap();
    let client = client(&fake);
    let git = client.git("acme", "api");
    assert_eq!(git.reference(REFERENCE), Ok(None));
    let file = |text: &str| vec![(String::from("2026-11.jsonl"), String::from(text))];
    let tree = git.create_tree(None, &file("é\n"), &[]).unwrap();
    let first = git.create_commit(&tree, &[], "one").unwrap();
    assert_eq!(git.create_reference(REFERENCE, &first), Ok(Moved::Done));
    assert!(matches!(
        git.create_reference(REFERENCE, &first),
        Ok(Moved::Raced(_))
    ));

    assert_eq!(git.reference(REFERENCE), Ok(Some(first.clone())));
    let found = git.tree_of(&first).unwrap();
    assert_eq!(found, tree);
    let files = git.files(&tree).unwrap();
    let [
        TreeFile {
            path,
            blob: Some(blob),
        },
    ] = files.as_slice()
    else {
        panic!("{files:?}");
    };
    assert_eq!(path, "2026-11.jsonl");
    assert_eq!(git.blob(blob).unwrap(), "é\n".as_bytes());

    let tree = git
        .create_tree(Some(&tree), &[(String::from("x"), String::from("y"))], &[])
        .unwrap();
    assert_eq!(git.files(&tree).unwrap().len(), 2);
    let without = git
        .create_tree(Some(&tree), &[], &[String::from("x")])
        .unwrap();
    assert_eq!(git.files(&without).unwrap().len(), 1);
    let child = git
        .create_commit(&tree, std::slice::from_ref(&first), "two")
        .unwrap();
    let aside = git.create_commit(&tree, &[first], "three").unwrap();
    assert_eq!(git.advance_reference(REFERENCE, &child), Ok(Moved::Done));
    assert_eq!(
        git.advance_reference(REFERENCE, &child),
        Ok(Moved::Done),
        "sent again after a broken connection"
    );
    assert!(matches!(
        git.advance_reference(REFERENCE, &aside),
        Ok(Moved::Raced(_))
    ));
    assert_eq!(fake.git(REFERENCE).unwrap().1, 2);
    assert_eq!(fake.violations(), []);
}

#[test]
fn only_a_race_is_a_race() {
    let fake = FakeGithub::start().unwrap();
    let client = client(&fake);
    let git = client.git("acme", "api");
    let answer = |status, message: &str| {
        fake.fail(
            Route::GitMove,
            Fault::Answer {
                status,
                message: message.to_owned(),
            },
        );
        git.advance_reference(REFERENCE, &"0".repeat(40))
    };
    assert!(matches!(answer(409, "Conflict"), Ok(Moved::Raced(_))));
    assert!(matches!(
        answer(422, "Update is not a fast forward"),
        Ok(Moved::Raced(_))
    ));
    let kind = |status, message| answer(status, message).unwrap_err().kind;
    assert_eq!(
        kind(409, "Git Repository is empty."),
        ApiErrorKind::Conflict
    );
    assert_eq!(
        kind(422, "Repository rule violations found"),
        ApiErrorKind::ValidationFailed
    );
    assert_eq!(
        kind(422, "Reference does not exist"),
        ApiErrorKind::ValidationFailed
    );
    let error = answer(403, "Resource not accessible by integration").unwrap_err();
    assert!(error.to_string().contains("contents: write"), "{error}");
    let invalid = git.reference("refs/heads/../x").unwrap_err();
    assert!(matches!(invalid.kind, ApiErrorKind::Invalid { .. }));
}
