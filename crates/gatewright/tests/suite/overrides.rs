//! Overrides from the file on the default branch: who, until when, how far.

use crate::support::{Repo, reasons};
use serde_json::Value;
use std::fmt::Write as _;

/// Two of three lines are covered, and all of them should be.
const POLICY: &str = "version: 1
gates:
  coverage: {reports: [lcov.info], criteria: {line_coverage: \">= 80%\"}}
environments:
  staging: {mandatory_gates: [coverage], bypass_allowed: true}
  production: {mandatory_gates: [coverage], bypass_allowed: false}
  vault: {mandatory_gates: [coverage], bypass_allowed: false, emergency: forbidden}
";

/// Granted on the day before [`crate::support::AS_OF`].
const GRANTED: &str = "id: OV-1
gate: coverage
criterion: line_coverage
environment: staging
observed: 66.66%
requested_by: ann
approved_by: [ben]
reason: the importer is rewritten next week
ticket: OPS-7
created: 2026-01-01
expires: 2026-01-20";

fn repo(covered: u32, overrides: &str) -> Repo {
    let repo = Repo::empty();
    repo.write(".github/gates.yml", POLICY);
    repo.write("src/a.rs", "fn a() {}\nfn b() {}\nfn c() {}\n");
    let mut lcov = String::from("SF:src/a.rs\n");
    for line in 1..=3 {
        let _ = writeln!(lcov, "DA:{line},{}", u32::from(line <= covered));
    }
    lcov.push_str("LF:3\nLH:0\nend_of_record\n");
    repo.write("lcov.info", lcov);
    if !overrides.is_empty() {
        let indented = overrides.replace('\n', "\n    ");
        repo.write(
            ".github/gate-overrides.yml",
            format!("version: 1\noverrides:\n  - {indented}\n"),
        );
    }
    repo.commit("first");
    repo
}

/// The decision and the one override that it tells of.
fn decided(covered: u32, environment: &str, overrides: &str) -> (String, Value) {
    let repo = repo(covered, overrides);
    repo.run(&["run", "--environment", environment]);
    let decision = repo.decision();
    let word = decision["decision"].as_str().unwrap_or_default().to_owned();
    (word, decision)
}

fn note(decision: &Value) -> &str {
    decision["overrides"][0]["note"]
        .as_str()
        .unwrap_or_default()
}

#[test]
fn an_override_lifts_a_failure_and_is_told() {
    let (word, decision) = decided(2, "staging", "");
    assert_eq!(word, "block");
    assert!(
        decision["chain"]
            .to_string()
            .contains("`line_coverage` failed"),
        "{decision}"
    );
    assert!(
        decision["way"]
            .to_string()
            .contains("1 more of 3 are enough"),
        "{decision}"
    );

    let (word, decision) = decided(2, "staging", GRANTED);
    assert_eq!(word, "allow_with_override", "{decision:#}");
    let told = &decision["overrides"][0];
    assert_eq!(told["state"], "used");
    assert_eq!(told["expires"], "2026-01-21T00:00:00Z");
    assert_eq!(told["ticket"], "OPS-7");
    assert!(
        decision["chain"].to_string().contains("override `OV-1`"),
        "{decision}"
    );
    assert_eq!(decision["way"], serde_json::json!([]));
    // It is still what it was: failed.
    assert_eq!(decision["status"], "fail");
    assert_eq!(
        reasons(&decision),
        [("coverage".into(), "requirement_not_met".into())]
    );
}

#[test]
fn what_does_not_hold_says_why() {
    let with = |from: &str, to: &str| GRANTED.replace(from, to);
    for (overrides, part) in [
        (with("[ben]", "[ann]"), "ann asked for it and approved it"),
        (
            with("[ben]", "[\"@Ann\"]"),
            "ann asked for it and approved it",
        ),
        (with("2026-01-20", "2026-01-01"), "it expired on 2026-01-01"),
        (
            with("2026-01-20", "2026-02-01"),
            "an override at most 30 days",
        ),
        (with("2026-01-01", "2026-01-10"), "it begins on 2026-01-10"),
        (with("66.66%", "70%"), "granted at 70% and observed 66.66%"),
        (
            with("observed: 66.66%\n", ""),
            "it does not say what was observed",
        ),
        (with("66.66%", "some"), "is no number"),
        (
            with(
                "ticket: OPS-7",
                "ticket: OPS-7\ncovers_error: [no_such_code]",
            ),
            "which is no code",
        ),
    ] {
        let (word, decision) = decided(2, "staging", &overrides);
        assert_eq!(word, "block", "{part}");
        assert_eq!(decision["overrides"][0]["state"], "void", "{part}");
        assert!(note(&decision).contains(part), "{part}: {decision:#}");
        assert!(
            decision["notices"].to_string().contains("lifts nothing"),
            "{part}: {decision:#}"
        );
    }
    // The day before it ends and the 30th day are within.
    for overrides in [
        with("2026-01-20", "2026-01-02"),
        with("2026-01-20", "2026-01-31"),
    ] {
        assert_eq!(decided(2, "staging", &overrides).0, "allow_with_override");
    }
    // What gets better is covered, what gets worse is not.
    assert_eq!(
        decided(2, "staging", &with("66.66", "33.33")).0,
        "allow_with_override"
    );
    assert_eq!(decided(1, "staging", GRANTED).0, "block");
}

#[test]
fn what_is_for_elsewhere_is_not_told() {
    let other = GRANTED.replace("staging", "production");
    let (word, decision) = decided(2, "staging", &other);
    assert_eq!(
        (word.as_str(), &decision["overrides"]),
        ("block", &serde_json::json!([]))
    );
    let elsewhere = format!("{GRANTED}\nbranch: release/*");
    assert_eq!(decided(2, "staging", &elsewhere).0, "block");
    let here = format!("{GRANTED}\nbranch: ma*");
    assert_eq!(decided(2, "staging", &here).0, "allow_with_override");
    // Nothing to lift: it is told that it can go.
    let (word, decision) = decided(3, "staging", GRANTED);
    assert_eq!(word, "allow");
    assert_eq!(decision["overrides"][0]["state"], "unused");
}

#[test]
fn the_environment_has_the_last_word() {
    let everywhere = GRANTED.replace("environment: staging\n", "");
    let (word, decision) = decided(2, "production", &everywhere);
    assert_eq!(word, "block");
    assert!(
        note(&decision).contains("allows no overrides"),
        "{decision:#}"
    );

    let emergency = everywhere
        .replace("2026-01-01", "2026-01-02T02:00Z")
        .replace("2026-01-20", "2026-01-02T06:00Z")
        + "\nemergency: true";
    let (word, decision) = decided(2, "production", &emergency);
    assert_eq!(word, "block");
    assert!(
        note(&decision).contains("two approvers; 1 of 2"),
        "{decision:#}"
    );
    let two = emergency.replace("[ben]", "[ben, cy]");
    let (word, decision) = decided(2, "production", &two);
    assert_eq!(word, "allow_with_override", "{decision:#}");
    assert_eq!(decision["overrides"][0]["emergency"], true);
    let long = two.replace("T06:00Z", "T06:01Z");
    assert_eq!(decided(2, "production", &long).0, "block");
    let (word, decision) = decided(2, "vault", &two);
    assert_eq!(word, "block");
    assert!(
        note(&decision).contains("forbids emergencies"),
        "{decision:#}"
    );
}

#[test]
fn an_error_is_covered_only_by_name() {
    let missing = |overrides: &str| {
        let repo = repo(2, overrides);
        repo.run(&["quality", "--environment", "staging"]);
        repo.decision()
    };
    let whole = GRANTED
        .replace("criterion: line_coverage\n", "")
        .replace("observed: 66.66%\n", "");
    let decision = missing(&whole);
    assert_eq!(decision["decision"], "block");
    assert!(
        note(&decision).contains("`covers_error` does not name"),
        "{decision:#}"
    );
    let named = format!("{whole}\ncovers_error: [missing_verdict]");
    assert_eq!(missing(&named)["decision"], "allow_with_override");
}

#[test]
fn the_change_cannot_grant_itself_anything() {
    let repo = repo(2, "");
    let base = repo.git(&["rev-parse", "HEAD"]);
    repo.git(&["checkout", "--quiet", "-b", "topic"]);
    let indented = GRANTED.replace('\n', "\n    ");
    repo.write(
        ".github/gate-overrides.yml",
        format!("version: 1\noverrides:\n  - {indented}\n"),
    );
    repo.commit("grant");
    for arguments in [
        &["run", "--environment", "staging"][..],
        &["run", "--environment", "staging", "--base", &base][..],
    ] {
        repo.run(arguments);
        let decision = repo.decision();
        assert_eq!(decision["decision"], "block", "{arguments:?}: {decision:#}");
        assert_eq!(decision["overrides"], serde_json::json!([]));
    }
    // Once it is on the default branch it holds.
    repo.git(&["checkout", "--quiet", "main"]);
    repo.git(&["merge", "--quiet", "--no-edit", "topic"]);
    repo.run(&["run", "--environment", "staging"]);
    assert_eq!(repo.decision()["decision"], "allow_with_override");
}

#[test]
fn a_file_with_an_error_grants_nothing_and_is_named() {
    let (word, decision) = decided(2, "staging", &GRANTED.replace("reason:", "raison:"));
    assert_eq!(word, "block");
    let notices = decision["notices"].to_string();
    assert!(
        notices.contains(".github/gate-overrides.yml:10:5"),
        "{notices}"
    );
    assert!(notices.contains("unknown key `raison`"), "{notices}");
}
