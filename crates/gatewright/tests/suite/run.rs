//! `gatewright run`.

use crate::support::{POLICY, Repo, reasons};
use std::path::Path;

#[test]
fn a_sound_repository_is_allowed_and_every_file_is_there() {
    let repo = Repo::sound(Some(POLICY));
    let ran = repo.run(&["run"]);
    assert_eq!(ran.code, Some(0), "{}{}", ran.stdout, ran.stderr);
    assert!(
        ran.stdout.contains("QUALITY GATE PASSED: integrity"),
        "{}",
        ran.stdout
    );
    for name in [
        "integrity.verdict.json",
        "integrity.sarif",
        "integrity.md",
        "security.verdict.json",
        "decision.json",
        "decision.md",
        "report.html",
        "badge.svg",
        "badge.json",
    ] {
        assert!(repo.out(name).is_file(), "{name}");
    }
    assert_eq!(repo.decision()["decision"], "allow");
    assert_eq!(
        repo.git(&["status", "--porcelain"]),
        "",
        "the out folder ignores itself"
    );
}

#[test]
fn a_broken_link_blocks_with_file_line_and_next_step() {
    let repo = Repo::sound(Some(POLICY));
    repo.write("README.md", "# Title\n\n[gone](gone.md)\n");
    repo.commit("break");
    let ran = repo.run(&["run"]);
    assert_eq!(ran.code, Some(1), "{}", ran.stdout);
    for text in [
        "QUALITY GATE FAILED: integrity",
        "README.md:3:8",
        "required true",
        "next:",
    ] {
        assert!(ran.stdout.contains(text), "{text}: {}", ran.stdout);
    }
    assert_eq!(
        reasons(&repo.decision()),
        [("integrity".into(), "requirement_not_met".into())]
    );
}

#[test]
fn the_same_inputs_give_the_same_digests_and_every_binary_the_same_verdict() {
    let repo = Repo::sound(Some(POLICY));
    repo.run(&["run"]);
    let (decision, verdict) = (repo.decision(), repo.json("integrity.verdict.json"));
    repo.run(&["run"]);
    assert_eq!(repo.decision()["digest"], decision["digest"]);
    repo.run(&["integrity"]);
    assert_eq!(
        repo.json("integrity.verdict.json")["digest"],
        verdict["digest"]
    );
    repo.run(&["quality"]);
    assert_eq!(repo.decision()["digest"], decision["digest"]);
}

#[test]
fn what_an_earlier_run_left_is_not_taken_for_this_runs() {
    let repo = Repo::sound(Some(POLICY));
    repo.write(
        ".gatewright/coverage.verdict.json",
        "{\"gate_kind\": \"coverage\"}",
    );
    repo.write(".gatewright/integrity.verdict.json", "not JSON");
    repo.write(".gatewright/report.html", "old");
    let ran = repo.run(&["run"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stdout);
    assert!(!repo.out("coverage.verdict.json").exists());
    assert_eq!(repo.decision()["gates"].as_array().map(Vec::len), Some(2));
}

#[test]
fn without_a_policy_links_references_and_secrets_are_mandatory() {
    let repo = Repo::sound(None);
    assert_eq!(repo.run(&["run"]).code, Some(0));
    let decision = repo.decision();
    assert_eq!(decision["policy"]["defaults"], true);
    let enforced: Vec<_> = decision["gates"]
        .as_array()
        .expect("gates")
        .iter()
        .map(|gate| {
            (
                gate["gate"].as_str().unwrap_or_default(),
                gate["enforcement"].as_str().unwrap_or_default(),
            )
        })
        .collect();
    assert_eq!(
        enforced,
        [
            ("coverage", "informational"),
            ("integrity", "mandatory"),
            ("security", "mandatory")
        ]
    );
    repo.write("lcov.info", "SF:README.md\nDA:1,0\nend_of_record\n");
    assert_eq!(
        repo.run(&["run"]).code,
        Some(0),
        "coverage under the defaults binds nothing"
    );
    assert_eq!(repo.json("coverage.verdict.json")["status"], "fail");
}

#[test]
fn the_environment_decides_what_binds() {
    let policy = format!(
        "{POLICY}  coverage:\n    criteria: {{line_coverage: '>= 85%'}}\nenvironments:\n  development: {{mandatory_gates: [integrity]}}\n  staging: {{mandatory_gates: [integrity, security], advisory_gates: [coverage]}}\n  production: {{extends: staging, mandatory_gates: [coverage]}}\n"
    );
    let repo = Repo::sound(Some(&policy));
    for (environment, code, decision) in [
        ("development", 0, "allow"),
        ("staging", 3, "require_approval"),
        ("production", 1, "block"),
    ] {
        let ran = repo.run(&["run", "--environment", environment]);
        assert_eq!(ran.code, Some(code), "{environment}: {}", ran.stdout);
        assert_eq!(repo.decision()["decision"], decision, "{environment}");
    }
    assert_eq!(
        repo.run(&["run"]).code,
        Some(1),
        "production on the default branch"
    );
    assert_eq!(
        repo.run(&["run", "--environment", "staging", "--fail-on", "block"])
            .code,
        Some(0)
    );
    assert_eq!(
        repo.run(&["run", "--environment", "production", "--fail-on", "never"])
            .code,
        Some(0)
    );
    let ran = repo.run(&["run", "--environment", "prodution"]);
    assert_eq!(ran.code, Some(2));
    assert!(
        ran.stderr.contains("did you mean `production`"),
        "{}",
        ran.stderr
    );
}

/// The policies of the document that asked for this system, unchanged.
#[test]
fn the_source_policies_load_and_name_the_gates_that_are_missing() {
    let Some(corpus) = std::env::var_os("GATEWRIGHT_CORPUS") else {
        eprintln!("skipped: GATEWRIGHT_CORPUS is not set");
        return;
    };
    let repo = Repo::sound(None);
    let policies = Path::new(&corpus).join("policies");
    for entry in std::fs::read_dir(&policies).expect("policies").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        repo.write(
            &format!("policies/{name}"),
            std::fs::read(entry.path()).expect("a policy"),
        );
        let ran = repo.run(&["run", "--config", &format!("policies/{name}")]);
        assert!(
            matches!(ran.code, Some(0 | 1 | 3)),
            "{name}: {:?} {}",
            ran.code,
            ran.stderr
        );
    }
    let ran = repo.run(&["run", "--config", "policies", "--environment", "production"]);
    assert_eq!(ran.code, Some(1), "{}", ran.stderr);
    let decision = repo.decision();
    let missing: Vec<_> = reasons(&decision)
        .into_iter()
        .filter(|(_, code)| code == "missing_verdict")
        .map(|(gate, _)| gate)
        .collect();
    for gate in [
        "performance",
        "compliance",
        "blue_green_deployment",
        "documentation",
        "usability",
        "maintainability",
    ] {
        assert!(missing.contains(&gate.to_owned()), "{gate}: {missing:?}");
    }
    let notices = decision["notices"].to_string();
    for said in [
        "kept as settings",
        "defined differently",
        "which no policy file defines",
    ] {
        assert!(notices.contains(said), "{said}: {notices}");
    }
}
