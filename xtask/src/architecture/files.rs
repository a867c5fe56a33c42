//! Where things live, and how long files are.

use super::{repository_files, text_of};
use crate::workspace::{GATES, criterion_file, root};
use std::path::Path;

/// Lines of a source file, its own boundary tests not counted.
const LONGEST: usize = 300;
/// Tests are lists; they may be longer.
const LONGEST_TEST: usize = 600;
/// A gate's `main.rs`.
const LONGEST_MAIN: usize = 15;

/// Files that are longer, and why that is better than cutting them.
const LONGER: &[(&str, &str)] = &[
    (
        "crates/gate-evidence/src/test_run/junit/mod.rs",
        "one walk over a format with many dialects, which differ by an element here and there",
    ),
    (
        "crates/gate-policy/src/native_gate.rs",
        "one grammar: a gate's section key by key",
    ),
    (
        "crates/gate-policy/src/source_block.rs",
        "one grammar: every form of a source block",
    ),
    (
        "crates/gate-render/tests/common/mod.rs",
        "the verdicts that every golden file shows",
    ),
    (
        "crates/gate-repo/src/lib.rs",
        "the crate's face: what a repository is and how it is opened",
    ),
    (
        "crates/gate-sarif/src/model.rs",
        "the SARIF members that are kept, type by type",
    ),
    (
        "crates/gate-testkit/src/fake_github/server.rs",
        "one server loop",
    ),
    (
        "crates/security-gate/src/secrets/engine.rs",
        "one scan loop",
    ),
    (
        "crates/sarif-upload/tests/upload.rs",
        "one upload after another against one fake GitHub",
    ),
];

fn is_test(path: &str) -> bool {
    path.contains("/tests/") || path.ends_with("/tests.rs")
}

/// How many lines count: up to the boundary tests at the end.
fn counted(path: &str, text: &str) -> usize {
    let tests = |line: &str| !is_test(path) && line.starts_with("#[cfg(test)]");
    let head = text.lines().collect::<Vec<_>>();
    // A single `#[cfg(test)] mod x;` among the modules is no tail.
    head.iter()
        .enumerate()
        .position(|(index, line)| {
            tests(line) && head.get(index + 1).is_some_and(|next| next.ends_with('{'))
        })
        .unwrap_or(head.len())
}

#[test]
fn files_are_short_or_named() {
    let mut wrong = Vec::new();
    for path in repository_files().iter().filter(|path| {
        Path::new(path)
            .extension()
            .is_some_and(|ending| ending == "rs")
    }) {
        let Some(text) = text_of(path) else { continue };
        let lines = counted(path, &text);
        let most = if is_test(path) { LONGEST_TEST } else { LONGEST };
        let named = LONGER.iter().any(|(long, _)| long == path);
        if lines > most && !named {
            wrong.push(format!(
                "{path}: {lines} lines, expected at most {most}: split it, or name it with a reason"
            ));
        }
        if lines <= most && named {
            wrong.push(format!(
                "{path}: {lines} lines; it is short now, take it off the list"
            ));
        }
    }
    for (path, _) in LONGER
        .iter()
        .filter(|(path, _)| !root().join(path).is_file())
    {
        wrong.push(format!("{path}: is gone, take it off the list"));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn gate_mains_are_tiny() {
    let mut seen = 0;
    for path in repository_files() {
        let gate = path.ends_with("-gate/src/main.rs") || path == "crates/sarif-upload/src/main.rs";
        if let Some(text) = gate.then(|| text_of(&path)).flatten() {
            let lines = text.lines().count();
            assert!(
                lines <= LONGEST_MAIN,
                "{path}: {lines} lines, expected at most {LONGEST_MAIN}: move them to lib.rs"
            );
            seen += 1;
        }
    }
    assert!(seen >= GATES.len(), "found only {seen} gates");
}

#[test]
fn a_criterion_has_its_file_iff_it_is_built() {
    let files = repository_files();
    let mut wrong = Vec::new();
    for gate in GATES {
        let kind = gate.kind();
        let spec = gate.spec();
        for (id, criterion) in &spec.criteria {
            let exists = criterion_file(kind, id).is_file();
            if exists != criterion.built {
                wrong.push(format!(
                    "{kind}: {id}: built is {}, its own file exists is {exists}",
                    criterion.built
                ));
            }
        }
        let folder = format!("crates/{kind}-gate/src/criteria/");
        for path in &files {
            let Some(id) = path
                .strip_prefix(&folder)
                .and_then(|file| file.strip_suffix(".rs"))
            else {
                continue;
            };
            if id != "mod" && !id.contains('/') && !spec.criteria.contains_key(id) {
                wrong.push(format!("{path}: no line in the table of {kind}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_criterion_has_its_section_in_the_reference() {
    for gate in GATES {
        let path = format!("docs/reference/{}.md", gate.kind());
        let page =
            text_of(&path).unwrap_or_else(|| panic!("{path}: missing; run `cargo xtask codegen`"));
        for id in gate.spec().criteria.keys() {
            assert!(
                page.contains(&format!("\n## `{id}`\n")),
                "{path}: no section `{id}`; run `cargo xtask codegen`"
            );
        }
    }
}

#[test]
fn the_list_of_gates_is_complete() {
    let tables = repository_files()
        .into_iter()
        .filter(|path| path.ends_with("-gate/src/criteria/mod.rs"))
        .count();
    assert_eq!(
        tables,
        GATES.len(),
        "gates with a table of criteria, and those that xtask lists"
    );
}
