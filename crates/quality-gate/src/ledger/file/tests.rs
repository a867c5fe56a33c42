use super::super::append::tests::{bodies, body};
use super::*;
use gate_ledger::{Start, Text};
use serde_json::{Map, Value};

fn wanted(bodies: &[Map<String, Value>]) -> Wanted<'_> {
    Wanted {
        bodies,
        look_back: true,
    }
}

fn records(path: &Path) -> Vec<gate_ledger::Record> {
    let files = contents(path).expect("readable");
    let texts: Vec<Text<'_>> = files
        .iter()
        .map(|(name, bytes)| Text { name, bytes })
        .collect();
    gate_ledger::read(&texts, Start::Beginning).expect("holds")
}

#[test]
fn a_folder_and_a_single_file_are_ledgers() {
    let temp = tempfile::tempdir().expect("a temp dir");
    for (name, expected) in [("deep/ledger", "2026-12.jsonl"), ("one.jsonl", "one.jsonl")] {
        let path = temp.path().join(name);
        for (run, at) in [
            ("1", "2026-11-30T00:00:00Z"),
            ("2", "2026-12-01T00:00:00Z"),
            ("3", "2026-11-30T00:00:01Z"),
        ] {
            append(&path, &wanted(&bodies(run, at))).expect("appended");
        }
        let records = records(&path);
        assert_eq!(records.len(), 6, "{name}");
        assert_eq!(records[5].file, expected);
    }
}

#[test]
fn the_same_attempt_is_there_once_and_the_one_before_is_found() {
    let temp = tempfile::tempdir().expect("a temp dir");
    let path = temp.path().join("ledger");
    let first = append(&path, &wanted(&bodies("1", "2026-11-30T00:00:00Z"))).expect("appended");
    assert_eq!(first.previous, None);
    let next = bodies("2", "2026-12-01T00:00:00Z");
    for _ in 0..3 {
        let again = append(&path, &wanted(&next)).expect("appended");
        let run = again.previous.and_then(|entry| entry.run);
        assert_eq!(run.as_deref(), Some("https://x/1"), "from the month before");
        assert_eq!(again.head.map(|head| head.seq), Some(4));
    }
    // Only what is missing is appended.
    let more = [next, vec![body("override", "3", "2026-12-01T00:00:00Z")]].concat();
    append(&path, &wanted(&more)).expect("appended");
    assert_eq!(records(&path).len(), 5);
}

#[test]
fn a_chain_that_does_not_hold_is_not_gone_on_with() {
    let temp = tempfile::tempdir().expect("a temp dir");
    let path = temp.path().join("l.jsonl");
    append(&path, &wanted(&bodies("1", "2026-11-30T00:00:00Z"))).expect("appended");
    let whole = fs::read_to_string(&path).expect("read");
    for (broken, word) in [
        (whole[..whole.len() - 9].to_owned(), "l.jsonl:2: found"),
        (whole.replace("production", "staging"), "it was edited"),
        (format!("{whole}\n"), "l.jsonl:3: found"),
    ] {
        fs::write(&path, &broken).expect("written");
        let more = bodies("2", "2026-11-30T00:00:00Z");
        let said = append(&path, &wanted(&more)).expect_err("broken");
        assert!(
            said.contains(word) && said.contains("ledger verify"),
            "{said}"
        );
        assert_eq!(
            fs::read_to_string(&path).expect("read"),
            broken,
            "left as it was"
        );
    }
}

#[test]
fn writers_wait_for_one_another() {
    let temp = tempfile::tempdir().expect("a temp dir");
    let path = temp.path().join("ledger");
    std::thread::scope(|scope| {
        for writer in 0..10 {
            let path = &path;
            scope.spawn(move || {
                for run in 0..3 {
                    let bodies = bodies(&format!("{writer}-{run}"), "2026-11-30T00:00:00Z");
                    append(path, &wanted(&bodies)).expect("appended");
                }
            });
        }
    });
    assert_eq!(records(&path).len(), 60);
}

#[test]
fn strangers_among_the_files_are_named() {
    let temp = tempfile::tempdir().expect("a temp dir");
    fs::write(temp.path().join("notes.jsonl"), "{}\n").expect("written");
    fs::write(temp.path().join("README.md"), "x").expect("written");
    let more = bodies("1", "2026-11-30T00:00:00Z");
    let said = append(temp.path(), &wanted(&more)).expect_err("a stranger");
    assert!(said.contains("notes.jsonl"), "{said}");
}
