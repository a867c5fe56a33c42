//! Section 7.

use super::{EXAMPLE, catalogue, policy};
use crate::{Checkout, NoticeCode, Policy, Selected};
use gate_verdict::Enforcement::{Advisory, Informational, Mandatory};

const BRANCH: Checkout<'_> = Checkout {
    branch: Some("topic"),
    tag: None,
    default_branch: false,
};
const DEFAULT: Checkout<'_> = Checkout {
    branch: Some("main"),
    tag: None,
    default_branch: true,
};

fn select<'a>(policy: &'a Policy, name: &str) -> Selected<'a> {
    policy.select(Some(name), BRANCH).expect(name)
}

#[test]
fn the_stricter_of_entry_and_failure_action_holds() {
    let read = policy(
        "version: 1\ngates:\n  integrity: {failure_action: require_approval, criteria: {no_broken_links: true}}\n  security: {failure_action: block_deployment, criteria: {secrets_detected: 0}}\n  coverage: {failure_action: notify, criteria: {line_coverage: 1%}}\nenvironments:\n  a: {mandatory_gates: [integrity, coverage], advisory_gates: [security]}\n  b: {advisory_gates: [integrity]}\n",
    );
    let (a, b) = (select(&read, "a"), select(&read, "b"));
    let weighs = |selected: &Selected<'_>| {
        ["integrity", "security", "coverage"].map(|gate| read.gate_enforcement(selected, gate))
    };
    assert_eq!(weighs(&a), [Mandatory, Mandatory, Mandatory]);
    assert_eq!(weighs(&b), [Advisory, Mandatory, Informational]);
    let said: Vec<_> = read
        .notices
        .iter()
        .filter(|notice| notice.code == NoticeCode::LoosenedFloor)
        .map(|notice| notice.text.as_str())
        .collect();
    assert_eq!(said.len(), 2, "{said:#?}");
    assert!(
        said[0].contains("lists `security` as advisory") && said[0].contains("gates.yml:4:"),
        "{}",
        said[0]
    );
    assert!(
        said[1].contains("does not list") && said[1].contains("`security` (mandatory)"),
        "{}",
        said[1]
    );
}

#[test]
fn a_criterion_weighs_by_its_own_floor() {
    let read = policy(
        "x:\n  one: {failure_action: require_approval, criteria: [a, b: mandatory]}\n  two: {criteria: [a, c]}\ne: {quality_gates: {mandatory_gates: []}}\n",
    );
    let e = select(&read, "e");
    let of = |id: &str, sub_gate: Option<&str>| read.criterion_enforcement(&e, "x", id, sub_gate);
    assert_eq!(of("a", Some("one")), Advisory);
    assert_eq!(of("a", Some("two")), Informational);
    assert_eq!(of("a", None), Advisory, "the strictest of several");
    assert_eq!(of("b", Some("one")), Mandatory);
    assert_eq!(of("c", Some("two")), Informational);
    assert_eq!(of("unknown", None), Mandatory, "as its gate");
    assert_eq!(read.gate_enforcement(&e, "x"), Mandatory);
    assert_eq!(
        read.criterion_enforcement(&e, "nobody", "x", None),
        Informational
    );
}

#[test]
fn without_environments_everything_configured_is_mandatory() {
    let read = policy(
        "version: 1\ngates:\n  coverage: {failure_action: notify, criteria: {line_coverage: 80%}}\n  lint:\n",
    );
    let everything = read.select(None, DEFAULT).expect("no name");
    assert_eq!(everything, Selected::Everything { notice: None });
    let gates: Vec<_> = read
        .expected(&everything)
        .into_iter()
        .map(|one| (one.gate, one.enforcement))
        .collect();
    assert_eq!(
        gates,
        [("coverage".into(), Mandatory), ("lint".into(), Mandatory)]
    );
}

#[test]
fn without_a_policy_integrity_and_security_are_mandatory_and_coverage_informational() {
    let defaults = crate::defaults(&catalogue());
    let everything = defaults.select(None, BRANCH).expect("no name");
    let gates: Vec<_> = defaults
        .expected(&everything)
        .into_iter()
        .map(|one| one.gate)
        .collect();
    assert_eq!(gates, ["integrity", "security"]);
    assert_eq!(
        defaults.gate_enforcement(&everything, "coverage"),
        Informational
    );
    assert_eq!(
        defaults.criterion_enforcement(&everything, "coverage", "line_coverage", None),
        Informational
    );
    assert_eq!(
        defaults.criterion_enforcement(&everything, "security", "secrets_detected", None),
        Mandatory
    );
}

#[test]
fn an_environment_that_the_policy_lacks_is_an_error_with_the_nearest_and_all() {
    let read = policy(EXAMPLE);
    let error = read
        .select(Some("prodution"), BRANCH)
        .expect_err("no such environment");
    assert_eq!(
        error.to_string(),
        "unknown environment `prodution`; did you mean `production`?; the policy defines: development, production, staging"
    );
    let none = crate::defaults(&catalogue());
    assert!(none.select(Some("production"), BRANCH).is_err());
}

#[test]
fn without_the_flag_the_name_follows_from_the_checkout() {
    let read = policy(EXAMPLE);
    let tag = Checkout {
        tag: Some("v1.0.0"),
        ..BRANCH
    };
    let detached = Checkout {
        branch: None,
        ..BRANCH
    };
    let detached_tag = Checkout {
        branch: None,
        ..tag
    };
    let detached_default = Checkout {
        branch: None,
        ..DEFAULT
    };
    for (checkout, name) in [
        (DEFAULT, "production"),
        (tag, "production"),
        (detached_tag, "production"),
        (BRANCH, "staging"),
        (detached, "staging"),
        (detached_default, "staging"),
    ] {
        assert_eq!(
            read.select(None, checkout).expect("no name").name(),
            Some(name),
            "{checkout:?}"
        );
    }
    let only = policy("version: 1\nenvironments: {mine: {mandatory_gates: [integrity]}}\n");
    assert_eq!(
        only.select(None, DEFAULT).expect("no name").name(),
        Some("mine")
    );
    let others = policy("version: 1\nenvironments: {a: {advisory_gates: [security]}, b: {}}\n");
    let Ok(Selected::Everything {
        notice: Some(notice),
    }) = others.select(None, BRANCH)
    else {
        panic!("no name fits")
    };
    assert!(
        notice.contains("`staging`") && notice.contains("a, b"),
        "{notice}"
    );
    assert_eq!(
        others.gate_enforcement(&others.select(None, BRANCH).expect("no name"), "security"),
        Mandatory
    );
}

#[test]
fn expected_are_those_that_are_listed_or_bound() {
    let read = policy(
        "version: 1\ngates:\n  integrity: {criteria: {no_broken_links: true}}\n  security: {failure_action: require_approval, criteria: {secrets_detected: 0}}\n  coverage: {criteria: {line_coverage: 80%}}\nenvironments:\n  a: {mandatory_gates: [integrity, nobody]}\n",
    );
    let a = select(&read, "a");
    let found: Vec<_> = read
        .expected(&a)
        .into_iter()
        .map(|one| format!("{} {}: {}", one.gate, one.enforcement, one.why))
        .collect();
    assert_eq!(
        found,
        [
            "integrity mandatory: listed as mandatory by environment `a`",
            "nobody mandatory: listed as mandatory by environment `a`",
            "security advisory: bound by failure_action: require_approval (gates.yml:4:30)",
        ]
    );
    let undefined: Vec<_> = read
        .notices
        .iter()
        .filter(|notice| notice.code == NoticeCode::UndefinedGate)
        .collect();
    assert_eq!(undefined.len(), 1);
    assert_eq!(undefined[0].gate.as_deref(), Some("nobody"));
}
