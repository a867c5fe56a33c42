//! Every row of docs/reference/decision-table.md against the running program.

use crate::actions::in_actions;
use crate::support::{AS_OF, Repo};
use gate_testkit::fake_github::{FakeGithub, RunApproval, Setup};
use serde_json::json;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;

const ENVIRONMENTS: [(&str, &str); 3] = [
    ("open", "bypass_allowed: true"),
    ("shut", "bypass_allowed: false"),
    ("vault", "bypass_allowed: false, emergency: forbidden"),
];

/// The rows: status, enforcement, people, and one decision per environment.
fn rows() -> Vec<Vec<String>> {
    let page = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../docs/reference/decision-table.md"
    );
    let text = fs::read_to_string(page).expect("the page");
    text.lines()
        .filter(|line| line.starts_with("| `"))
        .map(|line| {
            let cells = line.trim_matches('|').split('|');
            cells
                .map(|cell| cell.trim().trim_matches('`').to_owned())
                .collect()
        })
        .collect()
}

fn policy() -> String {
    let mut text = String::from("version: 1\ngates: {checks: {kind: custom}}\nenvironments:\n");
    for (name, rest) in ENVIRONMENTS {
        for (enforcement, list) in [
            ("mandatory", "mandatory_gates: [checks]"),
            ("advisory", "advisory_gates: [checks]"),
            ("informational", "advisory_gates: []"),
        ] {
            let _ = writeln!(
                text,
                "  {name}-{enforcement}: {{{list}, {rest}, approvals: {{from: [environment], people: [ben]}}}}"
            );
        }
    }
    text
}

/// The file of overrides that a row's words ask for.
fn overrides(people: &str) -> String {
    let emergency = people.starts_with("emergency");
    let (created, expires) = match people {
        "expired override" => ("2025-12-20", "2026-01-01"),
        _ if emergency => ("2026-01-02T02:00Z", "2026-01-02T06:00Z"),
        _ => ("2026-01-01", "2026-01-20"),
    };
    let covers = if people.contains("covers_error") || people.starts_with("expired") {
        "[command_timed_out]"
    } else {
        "[]"
    };
    format!(
        "version: 1
overrides:
  - {{id: OV-1, gate: checks, requested_by: ann, approved_by: [ben, cy], reason: x, ticket: T-1,
     created: {created}, expires: {expires}, covers_error: {covers}, emergency: {emergency}}}
"
    )
}

#[test]
fn every_row_of_the_table_is_what_the_program_decides() {
    let rows = rows();
    assert_eq!(rows.len(), 5 * 3 * 7);
    let fake = |approved: bool| {
        let names = ENVIRONMENTS.map(|(name, _)| format!("{name}-advisory"));
        FakeGithub::with(Setup {
            run_approvals: names
                .into_iter()
                .filter(|_| approved)
                .map(|environment| RunApproval {
                    run: 77,
                    who: String::from("ben"),
                    state: String::from("approved"),
                    environment,
                })
                .collect(),
            ..Setup::default()
        })
        .expect("it starts")
    };
    let mut by_people: BTreeMap<&str, Vec<&Vec<String>>> = BTreeMap::new();
    for row in &rows {
        by_people.entry(&row[2]).or_default().push(row);
    }
    let token = ["gh", "s_", "q7Rt2Xc9Vb4Nm6Lk8Jh3Gf5Ds1Ap0Zw7Qe2Y"].concat();
    for (people, rows) in by_people {
        let repo = Repo::empty();
        repo.write(".github/gates.yml", policy());
        if people.contains("override") || people.contains("emergency") {
            repo.write(".github/gate-overrides.yml", overrides(people));
        }
        repo.commit("first");
        repo.run(&["record", "--gate", "checks", "--", "git", "--version"]);
        let recorded = repo.json("checks.verdict.json");
        let fake = fake(people == "approved");
        let url = fake.url();
        for row in rows {
            let mut verdict = recorded.clone();
            verdict["criteria"][0]["status"] = json!(row[0]);
            verdict["criteria"][0]["code"] = match row[0].as_str() {
                "error" => json!("command_timed_out"),
                "pass" => json!(null),
                _ => json!("command_failed"),
            };
            verdict["digest"] = json!(gate_verdict::digest_of(&verdict).expect("a digest"));
            fs::write(repo.out("checks.verdict.json"), verdict.to_string()).expect("written");
            for ((name, _), expected) in ENVIRONMENTS.iter().zip(&row[3..]) {
                let environment = format!("{name}-{}", row[1]);
                let extra = [
                    ("GITHUB_API_URL", url.as_str()),
                    ("GATEWRIGHT_TOKEN", token.as_str()),
                    ("GITHUB_RUN_ID", "77"),
                    ("GITHUB_ACTOR", "ann"),
                    ("GITHUB_REF", "refs/heads/main"),
                    ("GATEWRIGHT_AS_OF", AS_OF),
                ];
                let arguments = ["quality", "--environment", &environment, "--format", "json"];
                let event = (
                    "workflow_dispatch",
                    "{\"repository\": {\"default_branch\": \"main\"}}",
                );
                let (ran, _, _) = in_actions(&repo, &arguments, event, &extra);
                let decision = repo.decision();
                assert_eq!(
                    decision["decision"],
                    expected.as_str(),
                    "{row:?} in {environment}: {}{decision:#}",
                    ran.stderr
                );
            }
        }
    }
}
