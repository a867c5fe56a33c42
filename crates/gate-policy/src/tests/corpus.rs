//! The source document's own policies load unchanged. They are read from
//! `$GATEWRIGHT_CORPUS/policies`; without it these tests say so and stop.

use super::{catalogue, robust};
use crate::{Check, Checkout, Judge, NoticeCode, Policy, Source, load};
use gate_verdict::Enforcement;
use proptest::test_runner::{Config, TestRunner};
use std::io::Write as _;
use std::path::PathBuf;

fn files() -> Option<Vec<(String, Vec<u8>)>> {
    let Some(corpus) = std::env::var_os("GATEWRIGHT_CORPUS") else {
        // Past the capture of the test harness, so that it is seen.
        let _ = writeln!(
            std::io::stderr(),
            "SKIPPED: GATEWRIGHT_CORPUS is not set, the real policies are not read"
        );
        return None;
    };
    let folder = PathBuf::from(corpus).join("policies");
    let mut files: Vec<_> = std::fs::read_dir(&folder)
        .expect("the corpus has policies")
        .map(|entry| {
            let path = entry.expect("a readable folder").path();
            let name = path
                .file_name()
                .expect("a name")
                .to_string_lossy()
                .into_owned();
            (name, std::fs::read(&path).expect("a readable file"))
        })
        .collect();
    files.sort();
    assert!(files.len() >= 21, "{} files", files.len());
    Some(files)
}

fn all(files: &[(String, Vec<u8>)]) -> Policy {
    let sources: Vec<_> = files
        .iter()
        .map(|(path, bytes)| Source {
            path: path.clone(),
            bytes,
        })
        .collect();
    match load(&sources, &catalogue(), Check::All) {
        Ok(policy) => policy,
        Err(errors) => panic!("{errors:#?}"),
    }
}

#[test]
fn each_loads_alone() {
    for file in files().unwrap_or_default() {
        let policy = all(std::slice::from_ref(&file));
        let environment =
            ["development.yml", "staging.yml", "production.yml"].contains(&file.0.as_str());
        assert_eq!(
            policy.environments.len(),
            usize::from(environment),
            "{}",
            file.0
        );
        assert!(policy.default_gates);
        let own = policy.gates.values().filter(|gate| !gate.default).count();
        assert_eq!(own, usize::from(!environment), "{}", file.0);
    }
}

#[test]
fn every_requirement_becomes_a_criterion() {
    let Some(files) = files() else { return };
    // Counted by hand in each file.
    let counted = [
        ("blue_green_deployment.yml", 4),
        ("code_quality.yml", 8),
        ("compliance_validation.yml", 12),
        ("deployment_metrics.yml", 0),
        ("framework_integrity.yml", 8),
        ("framework_validation.yml", 4),
        ("functional_testing.yml", 4),
        ("performance_gates.yml", 8),
        ("pipeline_monitoring.yml", 0),
        ("post_deployment.yml", 4),
        ("production_readiness.yml", 4),
        ("security_compliance.yml", 4),
        ("security_gates.yml", 8),
        ("security_scanning-2.yml", 0),
        ("security_scanning.yml", 4),
        ("source_control_validation.yml", 3),
        ("staging_deployment.yml", 4),
        ("user_experience.yml", 8),
    ];
    for (name, expected) in counted {
        let file = files.iter().find(|file| file.0 == name).expect(name);
        let policy = all(std::slice::from_ref(file));
        let asked = policy
            .gates
            .values()
            .flat_map(|gate| &gate.criteria)
            .filter(|criterion| criterion.origin == crate::Origin::Policy);
        assert_eq!(asked.count(), expected, "{name}");
        let mute = policy
            .notices
            .iter()
            .any(|notice| notice.code == NoticeCode::NoCriteria);
        assert_eq!(
            mute,
            expected == 0 && name != "security_scanning-2.yml",
            "{name}"
        );
    }
}

#[test]
fn together_blocks_meet_under_their_kinds() {
    let Some(files) = files() else { return };
    let policy = all(&files);
    let integrity = &policy.gates["integrity"];
    assert_eq!(
        integrity.sub_gates,
        [
            "framework_integrity.module_structure",
            "framework_integrity.content_validation",
            "framework_validation.checks",
        ]
    );
    let judged = |gate: &str| {
        let of = &policy.gates[gate].criteria;
        let mut ids: Vec<_> = of
            .iter()
            .filter(|one| one.judge == Judge::Built)
            .map(|one| one.id.as_str())
            .collect();
        ids.sort_unstable();
        ids
    };
    assert_eq!(
        judged("integrity"),
        [
            "all_referenced_modules_exist",
            "no_broken_links",
            "no_circular_dependencies"
        ]
    );
    assert_eq!(
        judged("security"),
        [
            "critical_vulnerabilities",
            "high_vulnerabilities",
            "malicious_content",
            "secrets_detected"
        ]
    );
    let zero = policy.gates["security"]
        .criteria
        .iter()
        .find(|one| one.id == "zero_critical_vulnerabilities")
        .expect("a quality_gates entry");
    assert_eq!(zero.judge, Judge::NoJudge);
    assert_eq!(zero.floor, Some(Enforcement::Mandatory));
    assert!(
        zero.hint
            .as_ref()
            .is_some_and(|hint| hint.contains("critical_vulnerabilities"))
    );
    assert!(
        policy.gates["compliance"]
            .sub_gates
            .iter()
            .any(|name| name == "compliance_validation.soc2_type2")
    );
    assert!(
        policy.gates["performance"]
            .criteria
            .iter()
            .all(|one| one.judge != Judge::Built),
        "planned kinds are not built"
    );
}

#[test]
fn what_is_odd_is_said() {
    let Some(files) = files() else { return };
    let policy = all(&files);
    let of = |code: NoticeCode| {
        policy
            .notices
            .iter()
            .filter(move |notice| notice.code == code)
    };
    let twice: Vec<_> = of(NoticeCode::KeyTwice).collect();
    assert_eq!(twice.len(), 1);
    for part in ["security_scanning-2.yml:2:1", "security_scanning.yml:1:1"] {
        assert!(twice[0].text.contains(part), "{}", twice[0].text);
    }
    let undefined: Vec<_> = of(NoticeCode::UndefinedGate)
        .map(|notice| {
            (
                notice.environment.as_deref().unwrap_or_default(),
                notice.gate.as_deref().unwrap_or_default(),
            )
        })
        .collect();
    assert_eq!(
        undefined,
        [
            ("development", "documentation"),
            ("production", "documentation"),
            ("production", "usability"),
            ("production", "maintainability"),
            ("staging", "documentation"),
            ("staging", "usability"),
        ]
    );
    let loosened = of(NoticeCode::LoosenedFloor).any(|notice| {
        notice.environment.as_deref() == Some("development")
            && notice.gate.as_deref() == Some("performance")
            && notice.text.contains("performance_gates.yml:10:21")
    });
    assert!(loosened, "{:#?}", policy.notices);
    // Every other key is named: one notice per block, and per environment.
    assert_eq!(of(NoticeCode::SettingsKept).count(), 21);
}

#[test]
fn environments_bind_what_they_list_and_floors_bind_the_rest() {
    let Some(files) = files() else { return };
    let policy = all(&files);
    let selected = policy
        .select(
            None,
            Checkout {
                branch: Some("main"),
                default_branch: true,
                ..Checkout::default()
            },
        )
        .expect("no name was asked for");
    assert_eq!(selected.name(), Some("production"));
    let expected = policy.expected(&selected);
    let weighs = |gate: &str| {
        expected
            .iter()
            .find(|one| one.gate == gate)
            .map(|one| one.enforcement)
    };
    for gate in [
        "integrity",
        "security",
        "performance",
        "compliance",
        "blue_green_deployment",
        "functional_testing",
    ] {
        assert_eq!(weighs(gate), Some(Enforcement::Mandatory), "{gate}");
    }
    for gate in [
        "documentation",
        "usability",
        "maintainability",
        "code_quality",
        "user_experience",
    ] {
        assert_eq!(weighs(gate), Some(Enforcement::Advisory), "{gate}");
    }
    for gate in ["coverage", "deployment_metrics", "pipeline_monitoring"] {
        assert_eq!(weighs(gate), None, "{gate}");
    }
    let why = |gate: &str| {
        expected
            .iter()
            .find(|one| one.gate == gate)
            .map(|one| one.why.clone())
            .unwrap_or_default()
    };
    assert_eq!(
        why("integrity"),
        "listed as mandatory by environment `production`"
    );
    assert!(
        why("code_quality").starts_with("bound by failure_action: require_approval"),
        "{}",
        why("code_quality")
    );
    assert!(
        why("blue_green_deployment").contains("green_environment_healthy: mandatory"),
        "{}",
        why("blue_green_deployment")
    );
}

#[test]
fn mutations_of_real_policies_never_panic() {
    let Some(files) = files() else { return };
    let file = proptest::sample::select(files);
    let mut runner = TestRunner::new(Config::with_cases(1_000));
    let outcome = runner.run(&(file, robust::edits()), |((_, bytes), edits)| {
        robust::never_panics(&robust::edited(&bytes, edits))
    });
    assert!(outcome.is_ok(), "{outcome:?}");
}
