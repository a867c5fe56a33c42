//! Secrets that are accepted, old or doubtful.

use crate::support::Repo;

fn policy(settings: &str) -> String {
    format!("version: 1\ngates:\n  security:\n{settings}    criteria: {{secrets_detected: 0}}\n")
}

/// A key of the right form that nobody has.
fn key(end: &str) -> String {
    ["AK", "IA", "Z7QW", "LMNB", "4XCV", end].concat()
}

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

fn id(message: &str) -> String {
    let (_, rest) = message.rsplit_once("id ").expect("an id");
    rest.chars().take(16).collect()
}

#[test]
fn an_ignored_value_stays_ignored_where_it_moves_and_no_other_is() {
    let repo = Repo::empty();
    repo.write("app.env", format!("A={}\n", key("R2TY")));
    repo.write(".github/gates.yml", policy(""));
    repo.commit("first");
    assert_eq!(repo.run(&["run"]).code, Some(1));
    let id = id(&told(&repo).0[0]);
    let ignore = |expires: &str| {
        policy(&format!(
            "    ignore:\n      - {{id: {id}, reason: revoked in May, expires: {expires}}}\n"
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
