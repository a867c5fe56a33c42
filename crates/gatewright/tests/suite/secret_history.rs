//! Secrets that the work tree does not show.

use crate::actions::in_actions;
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

fn states(repo: &Repo) -> Vec<(String, String)> {
    let verdict = repo.json("security.verdict.json");
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let findings = verdict["findings"].as_array().expect("findings");
    findings
        .iter()
        .map(|one| (text(&one["location"]["path"]), text(&one["baseline_state"])))
        .collect()
}

fn pushed(repo: &Repo, reference: &str) -> Option<i32> {
    let zeros = "0".repeat(40);
    let event = format!(
        r#"{{"before": "{zeros}", "created": true, "forced": false, "repository": {{"default_branch": "main", "full_name": "octo/demo"}}}}"#
    );
    let reference = ("GITHUB_REF", reference);
    in_actions(repo, &["run"], ("push", &event), &[reference])
        .0
        .code
}

#[test]
fn the_push_that_makes_the_default_branch_brings_all_commits() {
    let (repo, ..) = with_a_key_in_between("    history: change\n");
    assert_eq!(pushed(&repo, "refs/heads/main"), Some(1));
    assert_eq!(messages(&repo).len(), 1);
    // What a tag names was searched when its commits came.
    assert_eq!(pushed(&repo, "refs/tags/v1"), Some(0));
    let notices = repo.json("security.verdict.json")["notices"].to_string();
    assert!(notices.contains("a tag has no base"), "{notices}");
}

#[test]
fn a_change_whose_base_cannot_be_read_was_not_searched() {
    let (repo, ..) = with_a_key_in_between("    history: change\n");
    let ran = repo.run(&["security", "--base", "nowhere"]);
    assert_eq!(ran.code, Some(1), "{}", ran.stdout);
    let verdict = repo.json("security.verdict.json");
    assert_eq!(verdict["criteria"][0]["code"], "base_unreadable");
    assert!(ran.stdout.contains("fetch-depth: 0"), "{}", ran.stdout);
    // A shallow clone of another branch than the default one.
    repo.git(&["checkout", "--quiet", "-b", "topic"]);
    repo.git(&["branch", "--quiet", "-D", "main"]);
    let head = repo.git(&["rev-parse", "HEAD"]);
    repo.write(".git/shallow", format!("{head}\n"));
    assert_eq!(repo.run(&["security"]).code, Some(1));
    let verdict = repo.json("security.verdict.json");
    assert_eq!(verdict["status"], "error", "{verdict}");
}

#[test]
fn what_commits_of_the_base_brought_is_old() {
    let (repo, ..) = with_a_key_in_between("    history: all\n");
    let base = repo.git(&["rev-parse", "HEAD"]);
    repo.write("new.env", format!("B={}\n", key("R3TX")));
    repo.commit("another");
    repo.write("new.env", "B=\n");
    repo.commit("take that out too");
    assert_eq!(repo.run(&["security", "--base", &base]).code, Some(1));
    let state = |path: &str, state: &str| (path.to_owned(), state.to_owned());
    assert_eq!(
        states(&repo),
        [state("app.env", "unchanged"), state("new.env", "new")]
    );
}

#[test]
fn a_value_that_the_base_has_is_not_new_in_a_commit_that_keeps_it() {
    let repo = Repo::empty();
    let settings = "    history: change\n    only_new: true\n";
    repo.write(".github/gates.yml", policy(settings));
    repo.write("app.env", format!("A={}\n", key("R2TY")));
    let base = repo.commit("first");
    repo.write("app.env", format!("A={}\nB=\n", key("R2TY")));
    repo.commit("a line more");
    repo.write("app.env", "B=\n");
    repo.commit("and the key out");
    let ran = repo.run(&["security", "--base", &base]);
    assert_eq!(ran.code, Some(0), "{}", ran.stdout);
}

#[test]
fn bytes_that_now_lie_where_nobody_looks_once_stood_elsewhere() {
    let repo = Repo::empty();
    let settings = "    history: all\n    exclude: [\"old/**\"]\n";
    repo.write(".github/gates.yml", policy(settings));
    repo.write("app.env", format!("A={}\n", key("R2TY")));
    repo.commit("first");
    repo.git(&["rm", "--quiet", "app.env"]);
    repo.write("old/app.env", format!("A={}\n", key("R2TY")));
    repo.commit("move");
    assert_eq!(repo.run(&["security"]).code, Some(1));
    assert_eq!(states(&repo)[0].0, "app.env");
}

#[test]
fn a_work_tree_that_was_cleaned_does_not_hide_what_is_committed() {
    let repo = Repo::empty();
    repo.write(".github/gates.yml", policy("    history: all\n"));
    repo.write("app.env", format!("A={}\n", key("R2TY")));
    repo.commit("first");
    repo.write("app.env", "A=\n");
    assert_eq!(repo.run(&["security"]).code, Some(1));
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
