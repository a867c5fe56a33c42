//! Secrets that the work tree does not show.

use crate::support::Repo;

fn policy(settings: &str) -> String {
    format!("version: 1\ngates:\n  security:\n{settings}    criteria: {{secrets_detected: 0}}\n")
}

fn key(end: &str) -> String {
    ["AK", "IA", "Z7QW", "LMNB", "4XCV", end].concat()
}

fn messages(repo: &Repo) -> Vec<String> {
    let verdict = repo.json("security.verdict.json");
    let findings = verdict["findings"].as_array().expect("findings");
    let text = findings.iter().map(|finding| finding["message"].as_str());
    text.flatten().map(str::to_owned).collect()
}

/// A commit adds a key, the next one takes it out.
fn with_a_key_in_between(settings: &str) -> (Repo, String, String) {
    let repo = Repo::empty();
    repo.write(".github/gates.yml", policy(settings));
    repo.write("README.md", "# Title\n");
    let base = repo.commit("first");
    repo.write("app.env", format!("A={}\n", key("R2TY")));
    let bad = repo.commit("oops");
    repo.write("app.env", "A=\n");
    repo.commit("take it out");
    (repo, base, bad)
}

#[test]
fn a_key_that_the_change_brought_and_took_away_is_found() {
    let (repo, base, bad) = with_a_key_in_between("");
    assert_eq!(
        repo.run(&["run", "--base", &base]).code,
        Some(0),
        "the tree is clean"
    );
    let (repo, base, _) = with_a_key_in_between("    history: change\n");
    let ran = repo.run(&["run", "--base", &base]);
    assert_eq!(ran.code, Some(1), "{}", ran.stdout);
    let found = messages(&repo);
    assert_eq!(found.len(), 1);
    assert!(found[0].contains("brought by commit"), "{found:?}");
    drop(bad);
}

#[test]
fn the_whole_history_is_searched_once_and_then_only_what_is_new() {
    let (repo, ..) = with_a_key_in_between("    history: all\n");
    let metric = |name: &str| {
        let verdict = repo.json("security.verdict.json");
        let text = verdict["metrics"][name].as_str().map(str::to_owned);
        text.expect(name)
    };
    assert_eq!(repo.run(&["run"]).code, Some(1));
    assert_eq!(metric("history_commits"), "3");
    for n in 0..5 {
        repo.write("notes.txt", format!("note {n}\n"));
        repo.commit("note");
    }
    assert_eq!(repo.run(&["run"]).code, Some(1));
    assert_eq!(
        metric("history_blobs_read"),
        "5",
        "four clean ones and the key"
    );
    assert_eq!(repo.run(&["run"]).code, Some(1));
    assert_eq!(
        metric("history_blobs_read"),
        "1",
        "only the key is read again"
    );
    assert_eq!(messages(&repo).len(), 1);

    // A file that is damaged is not believed.
    repo.write(".gatewright/cache/blobs.cache", "nonsense");
    assert_eq!(repo.run(&["run"]).code, Some(1));
    assert_eq!(metric("history_blobs_read"), "5");
    let notices = repo.json("security.verdict.json")["notices"].to_string();
    assert!(notices.contains("is not used"), "{notices}");
}

#[test]
fn a_shallow_clone_has_no_whole_history() {
    let (repo, ..) = with_a_key_in_between("    history: all\n");
    let head = repo.git(&["rev-parse", "HEAD"]);
    repo.write(".git/shallow", format!("{head}\n"));
    let ran = repo.run(&["run"]);
    assert_eq!(ran.code, Some(1), "{}", ran.stdout);
    assert!(ran.stdout.contains("fetch-depth: 0"), "{}", ran.stdout);
    assert_eq!(repo.json("security.verdict.json")["status"], "error");
}

#[test]
fn what_is_staged_is_searched_though_the_work_tree_is_clean() {
    let repo = Repo::empty();
    repo.write(".github/gates.yml", policy(""));
    repo.write("app.env", "A=\n");
    repo.commit("first");
    repo.write("app.env", format!("A={}\n", key("R2TY")));
    repo.git(&["add", "app.env"]);
    repo.write("app.env", "A=\n");
    let ran = repo.run(&["run"]);
    assert_eq!(ran.code, Some(1), "{}", ran.stdout);
    assert!(messages(&repo)[0].contains("staged, and not in the work tree"));
}

/// A file with more than is kept of one was not searched whole, and what was found is told all the same.
#[test]
fn what_was_found_before_a_bound_was_hit_is_listed() {
    let repo = Repo::empty();
    repo.write(".github/gates.yml", policy(""));
    let letter = |n: u8| char::from(b'A' + n % 26);
    let keys: Vec<String> = (0..12_u8)
        .flat_map(|one| (0..26_u8).map(move |two| (one, two)))
        .map(|(one, two)| key(&format!("{}2{}Y", letter(one), letter(two))))
        .collect();
    repo.write("many.txt", keys.join("\n"));
    repo.commit("first");
    let ran = repo.run(&["run"]);
    assert_eq!(ran.code, Some(1), "{}", ran.stdout);
    let verdict = repo.json("security.verdict.json");
    assert_eq!(verdict["status"], "error");
    assert_eq!(messages(&repo).len(), 200);
}
