//! Secrets that are accepted, old or doubtful.

use crate::support::Repo;

fn policy(settings: &str) -> String {
    format!("version: 1\ngates:\n  security:\n{settings}    criteria: {{secrets_detected: 0}}\n")
}

/// A key of the right form that nobody has.
fn key(end: &str) -> String {
    ["AK", "IA", "Z7QW", "LMNB", "4XCV", end].concat()
}

/// The id that the key which ends in `R2TY` had before ids were keyed.
const OLD_ID: &str = "fc640e93662af991";

/// The messages of the findings, and of the notices.
fn told(repo: &Repo) -> (Vec<String>, String) {
    let verdict = repo.json("security.verdict.json");
    let findings = verdict["findings"].as_array().expect("findings");
    let messages = findings.iter().map(|finding| {
        let text = |at: &serde_json::Value| at.as_str().unwrap_or_default().to_owned();
        format!(
            "{}: {} ({})",
            text(&finding["location"]["path"]),
            text(&finding["message"]),
            text(&finding["baseline_state"])
        )
    });
    (messages.collect(), verdict["notices"].to_string())
}

/// Settings whose salt is of one digit.
fn salt(digit: &str) -> String {
    format!("    id_salt: \"{}\"\n", digit.repeat(64))
}

fn id(message: &str) -> String {
    let (_, rest) = message.rsplit_once("id ").expect("an id");
    rest.chars().take(16).collect()
}

#[test]
fn an_ignored_value_stays_ignored_where_it_moves_and_no_other_is() {
    let repo = Repo::empty();
    repo.write("app.env", format!("A={}\n", key("R2TY")));
    repo.write(".github/gates.yml", policy(&salt("5")));
    repo.commit("first");
    assert_eq!(repo.run(&["run"]).code, Some(1));
    let id = id(&told(&repo).0[0]);
    let salt = salt("5");
    let ignore = |expires: &str| {
        policy(&format!(
            "{salt}    ignore:\n      - {{id: {id}, reason: revoked in May, expires: {expires}}}\n"
        ))
    };
    repo.write(".github/gates.yml", ignore("2026-12-31"));
    repo.git(&["mv", "app.env", "moved.env"]);
    repo.write("moved.env", format!("# a line\n\nB={}\n", key("R2TY")));
    repo.commit("moved");
    let ran = repo.run(&["run"]);
    assert_eq!(ran.code, Some(0), "{}{}", ran.stdout, ran.stderr);
    let verdict = repo.json("security.verdict.json");
    assert_eq!(verdict["exemptions"][0]["why"], "revoked in May");
    assert_eq!(verdict["exemptions"][0]["expires"], "2026-12-31");

    repo.write("moved.env", format!("B={}\n", key("R3TY")));
    assert_eq!(repo.run(&["run"]).code, Some(1), "another value");
    let (findings, notices) = told(&repo);
    assert_eq!(findings.len(), 1);
    assert!(notices.contains("is not needed any more"), "{notices}");

    repo.write("moved.env", format!("B={}\n", key("R2TY")));
    repo.write(".github/gates.yml", ignore("2026-01-01"));
    assert_eq!(repo.run(&["run"]).code, Some(1), "it has expired");
    assert!(told(&repo).1.contains("expired on 2026-01-01"));

    let off =
        ignore("2026-12-31").replace("    ignore", "    exemptions_allowed: false\n    ignore");
    repo.write(".github/gates.yml", off);
    assert_eq!(repo.run(&["run"]).code, Some(1), "the switch is off");
    assert!(told(&repo).1.contains("not honoured"));
}

/// What the policy of before accepted stays accepted, and the verdict says what to write instead.
#[test]
fn an_id_of_before_the_salt_holds_and_is_told() {
    let repo = Repo::empty();
    repo.write("app.env", format!("A={}\n", key("R2TY")));
    let ignore = "    ignore:\n      - {id: OLD, reason: revoked in May, expires: 2026-12-31}\n"
        .replace("OLD", OLD_ID);
    repo.write(".github/gates.yml", policy(&ignore));
    repo.commit("first");
    let ran = repo.run(&["run"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stdout);
    let (_, notices) = told(&repo);
    assert!(notices.contains("set `id_salt`"), "{notices}");

    repo.write(".github/gates.yml", policy(&salt("5")));
    assert_eq!(repo.run(&["run"]).code, Some(1));
    let new = id(&told(&repo).0[0]);
    repo.write(".github/gates.yml", policy(&(salt("5") + &ignore)));
    assert_eq!(repo.run(&["run"]).code, Some(0));
    let (_, notices) = told(&repo);
    assert!(
        notices.contains(&format!("write `{new}` instead")),
        "{notices}"
    );

    let ignore = ignore.replace(OLD_ID, &new);
    repo.write(".github/gates.yml", policy(&(salt("5") + &ignore)));
    assert_eq!(repo.run(&["run"]).code, Some(0));
    assert!(!told(&repo).1.contains("instead"));

    // Of another repository's salt it says nothing.
    repo.write(".github/gates.yml", policy(&(salt("7") + &ignore)));
    assert_eq!(repo.run(&["run"]).code, Some(1));
}

#[test]
fn without_a_salt_nothing_of_a_value_is_told_and_no_place_is_accepted() {
    let repo = Repo::empty();
    repo.write(".github/gates.yml", policy(""));
    let verdict = |end: &str| {
        repo.write("app.env", format!("A={}\n", key(end)));
        repo.commit("key");
        assert_eq!(repo.run(&["run"]).code, Some(1));
        let verdict = repo.json("security.verdict.json");
        verdict["findings"][0].clone()
    };
    let (one, other) = (verdict("R2TY"), verdict("R3TY"));
    assert_eq!(one["fingerprint"], other["fingerprint"]);
    let message = one["message"].as_str().expect("a message");
    assert!(message.contains("no id without `id_salt`"), "{message}");
}

#[test]
fn a_mark_counts_until_its_day_and_only_for_its_rule() {
    let repo = Repo::empty();
    repo.write(".github/gates.yml", policy(""));
    for (mark, code) in [
        ("gatewright:allow rotated key (until 2026-01-02)", 0),
        ("gatewright:allow rotated key (until 2026-01-01)", 1),
        ("gatewright:allow aws_access_key_id: rotated key", 0),
        ("gatewright:allow broken_link: moved next quarter", 1),
        ("gatewright:allow", 1),
    ] {
        repo.write("app.env", format!("A={} # {mark}\n", key("R2TY")));
        repo.commit("mark");
        assert_eq!(
            repo.run(&["run"]).code,
            Some(code),
            "{mark}: {:?}",
            told(&repo)
        );
    }
}

#[test]
fn only_what_the_change_brings_counts_where_the_policy_says_so() {
    let repo = Repo::empty();
    let password = |word: &str| format!("password = \"{word}\"\n");
    let (old, new) = (["xq", "wvz", "ktr"].concat(), ["jz", "qxk", "vbw"].concat());
    repo.write("app.env", format!("A={}\n", key("R2TY")));
    repo.write("old.ini", password(&old));
    repo.write(".github/gates.yml", policy("    only_new: true\n"));
    let base = repo.commit("first");
    repo.git(&["mv", "app.env", "moved.env"]);
    repo.write("README.md", "# Title\n");
    repo.commit("moved");
    let ran = repo.run(&["run", "--base", &base]);
    assert_eq!(ran.code, Some(0), "{}", ran.stdout);
    assert!(
        ran.stdout.contains("2 that the base has too not counted"),
        "{}",
        ran.stdout
    );

    // Another password in the place of the old one is new, although nothing of it is in the fingerprint.
    repo.write("old.ini", password(&new));
    repo.commit("another");
    assert_eq!(repo.run(&["run", "--base", &base]).code, Some(1));
    let (findings, _) = told(&repo);
    assert_eq!(findings.len(), 1);
    assert!(
        findings[0].starts_with("old.ini") && findings[0].ends_with("(new)"),
        "{findings:?}"
    );

    // One more of a value that the base has once is new too.
    repo.write("old.ini", password(&old) + &password(&old));
    repo.commit("twice");
    assert_eq!(repo.run(&["run", "--base", &base]).code, Some(1));
    assert_eq!(told(&repo).0.len(), 1);
}

#[test]
fn a_base_that_should_decide_and_cannot_be_read_honours_no_mark() {
    let repo = Repo::empty();
    repo.write(".github/gates.yml", policy(""));
    repo.write(
        "app.env",
        format!("A={} # gatewright:allow rotated key\n", key("R2TY")),
    );
    repo.commit("first");
    let ran = repo.run(&["run", "--base", "0123456789012345678901234567890123456789"]);
    assert_eq!(ran.code, Some(1), "{}", ran.stdout);
    assert!(told(&repo).0[0].contains("counts once it is on the base"));
}

#[test]
fn doubtful_secrets_count_where_the_policy_asks_for_them() {
    let repo = Repo::empty();
    repo.write("app.ini", ["password = \"Sum", "mer-2026\"\n"].concat());
    repo.write(".github/gates.yml", policy(""));
    repo.commit("first");
    let ran = repo.run(&["run"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stdout);
    assert!(
        ran.stdout.contains("less certain than `tier: likely`"),
        "{}",
        ran.stdout
    );
    repo.write(".github/gates.yml", policy("    tier: possible\n"));
    assert_eq!(repo.run(&["run"]).code, Some(1));
}
