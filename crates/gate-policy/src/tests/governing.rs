//! Section 8: the stricter decision holds, and what is loosened is shown.

use super::{EXAMPLE, catalogue, policy};
use crate::{Checkout, Governed, Origin, Policy, Selected, govern};
use gate_verdict::Enforcement;
use proptest::prelude::*;
use std::fmt::Write as _;

/// A policy with one security gate and environments, with a part replaced.
fn with(from: &str, to: &str) -> Policy {
    let text = EXAMPLE.replacen(from, to, 1);
    assert!(
        text != EXAMPLE || from == to,
        "{from:?} is not in the example"
    );
    policy(&text)
}

fn loosened(from: &str, to: &str) -> Vec<String> {
    govern(&policy(EXAMPLE), &with(from, to)).texts()
}

#[test]
fn what_loosens_is_named() {
    for (from, to, named) in [
        (
            ", no_broken_links: true",
            "",
            "criterion `no_broken_links` of `integrity` is removed (was: true)",
        ),
        (
            "no_broken_links: true",
            "no_broken_links: 3",
            "criterion `no_broken_links` of `integrity` was `true` and is `3`",
        ),
        (
            "no_broken_links: true",
            "no_broken_links: {warn: true}",
            "criterion `no_broken_links`",
        ),
        (
            "fail: \">= 85%\"",
            "fail: \">= 84.9%\"",
            "criterion `line_coverage` of `coverage` was",
        ),
        (
            "{fail: \">= 85%\", warn: \">= 90%\"}",
            "\">= 85%\"",
            "criterion `line_coverage` of `coverage` was",
        ),
        (
            "warn: \">= 90%\"",
            "warn: \">= 90%\", per: file",
            "criterion `line_coverage`",
        ),
        (
            "secrets_detected: 0",
            "secrets_detected: 1",
            "criterion `secrets_detected` of `security` was `0` and is `1`",
        ),
        (
            "\">= 70%\"",
            "\"> 69%\"",
            "criterion `branch_coverage` of `coverage-api`",
        ),
        (
            "exclude: [\"generated/**\"]",
            "exclude: [\"generated/**\", \"src/**\"]",
            "gate `coverage` has other exclusions: was [generated/**], is [generated/**, src/**]",
        ),
        (
            "    exclude: [\"generated/**\"]\n",
            "",
            "gate `coverage` has other exclusions",
        ),
        (
            "paths: [\"services/api/**\"]",
            "paths: [\"services/api/v2/**\"]",
            "gate `coverage-api` has other paths",
        ),
        (
            "reports: [\"coverage/**/lcov.info\"]",
            "reports: [\"mine/lcov.info\"]",
            "gate `coverage` has other reports",
        ),
        (
            "    reports:",
            "    strict: false\n    reports:",
            "gate `coverage` has other settings: `strict`",
        ),
        (
            "advisory_gates: [coverage], bypass_allowed: false",
            "bypass_allowed: false",
            "environment `staging` lists `coverage` as informational, was advisory",
        ),
        (
            "mandatory_gates: [integrity], advisory_gates: [security, coverage]",
            "advisory_gates: [integrity, security, coverage]",
            "environment `development` lists `integrity` as advisory, was mandatory",
        ),
        (
            "advisory_gates: [coverage], bypass_allowed: false",
            "advisory_gates: [coverage], bypass_allowed: true",
            "environment `staging` allows overrides (`bypass_allowed: true`)",
        ),
        (
            "  production:  {extends: staging, mandatory_gates: [coverage]}\n",
            "",
            "environment `production` is removed",
        ),
        (
            "  production:",
            "  canary: {mandatory_gates: [integrity]}\n  production:",
            "environment `canary` is new and does not make mandatory what is so without it: `coverage`, `coverage-api`, `security`",
        ),
    ] {
        let found = loosened(from, to);
        assert!(
            found.iter().any(|line| line.contains(named)),
            "{to}: {found:#?}"
        );
    }
    let removed = loosened(
        "  coverage-api: {kind: coverage, paths: [\"services/api/**\"], criteria: {branch_coverage: \">= 70%\"}}\n",
        "",
    );
    assert_eq!(removed, ["gate `coverage-api` is removed"]);
    assert_eq!(
        loosened(
            "kind: coverage, paths",
            "description: d, kind: coverage, paths"
        ),
        [""; 0]
    );
}

#[test]
fn what_tightens_is_not_loosening() {
    for (from, to) in [
        (
            "critical_vulnerabilities: 0",
            "critical_vulnerabilities: \"< 1\"",
        ),
        (
            "no_broken_links: true",
            "no_broken_links: true, token_budgets_respected: true",
        ),
        ("no_broken_links: true", "no_broken_links: 0"),
        ("fail: \">= 85%\"", "fail: \"> 85%\""),
        ("{fail: \">= 85%\", warn: \">= 90%\"}", "\">= 91%\""),
        ("\"<= 0.5pp\"", "0.25"),
        (
            "  coverage-api:",
            "  lint: {failure_action: block_deployment}\n  coverage-api:",
        ),
        (
            "criteria: {branch",
            "failure_action: require_approval, criteria: {branch",
        ),
        (
            "mandatory_gates: [integrity, security]",
            "mandatory_gates: [integrity, security, coverage]",
        ),
        ("bypass_allowed: true", "bypass_allowed: false"),
        (
            "  production:",
            "  canary: {mandatory_gates: [integrity, security, coverage, coverage-api]}\n  production:",
        ),
    ] {
        assert_eq!(loosened(from, to), [""; 0], "{to}");
    }
}

/// Looking at more finds more, where findings are counted; a share may rise.
#[test]
fn a_wider_scope_is_stricter_for_counts_only() {
    let scoped = |gate: &str, scope: &str, criteria: &str| {
        policy(&format!(
            "version: 1\ngates: {{{gate}: {{{scope}criteria: {{{criteria}}}}}}}\n"
        ))
    };
    let security = |scope: &str| scoped("security", scope, "secrets_detected: 0");
    let wider = govern(&security("exclude: [a, b], "), &security("exclude: [a], "));
    assert_eq!(wider.texts(), [""; 0]);
    assert_eq!(wider.policy.gates["security"].exclude, ["a"]);
    let narrower = govern(&security("exclude: [a], "), &security("exclude: [a, b], "));
    assert_eq!(narrower.texts().len(), 1);
    assert_eq!(
        narrower.policy.gates["security"].exclude,
        ["a"],
        "the base's scope is what is judged"
    );
    assert_eq!(
        govern(&security("paths: [a], "), &security(""))
            .policy
            .gates["security"]
            .paths,
        [""; 0]
    );
    assert_eq!(
        govern(&security(""), &security("paths: [a], "))
            .texts()
            .len(),
        1
    );
    let coverage = |scope: &str| scoped("coverage", scope, "line_coverage: 80%");
    assert_eq!(
        govern(&coverage("exclude: [a, b], "), &coverage("exclude: [a], "))
            .texts()
            .len(),
        1
    );
}

#[test]
fn criteria_that_differ_are_both_kept_and_marked() {
    let Governed { policy: united, .. } = govern(
        &policy(EXAMPLE),
        &with("secrets_detected: 0", "secrets_detected: 5"),
    );
    let found: Vec<_> = united.gates["security"]
        .criteria
        .iter()
        .map(|one| (one.id.as_str(), one.requirement.text.as_str(), one.origin))
        .collect();
    assert_eq!(
        found,
        [
            ("critical_vulnerabilities", "0", Origin::Policy),
            ("high_vulnerabilities", "0", Origin::Policy),
            ("secrets_detected", "0", Origin::Base),
            ("malicious_content", "false", Origin::Policy),
            ("secrets_detected", "5", Origin::Head),
        ]
    );
}

#[test]
fn floors_that_are_lowered_are_named_and_the_stricter_is_kept() {
    let bound = |action: &str| {
        policy(&format!(
            "version: 1\ngates: {{security: {{failure_action: {action}, criteria: {{secrets_detected: 0}}}}}}\nenvironments: {{a: {{}}}}\n"
        ))
    };
    let governed = govern(&bound("block_deployment"), &bound("notify"));
    assert_eq!(governed.texts().len(), 2, "{:#?}", governed.texts());
    let a = governed
        .policy
        .select(Some("a"), Checkout::default())
        .expect("an environment");
    assert_eq!(
        governed.policy.gate_enforcement(&a, "security"),
        Enforcement::Mandatory
    );
    assert_eq!(
        govern(&bound("notify"), &bound("block_deployment")).texts(),
        [""; 0]
    );
}

#[test]
fn a_first_policy_is_held_against_the_built_in_defaults() {
    let defaults = crate::defaults(&catalogue());
    let weaker = govern(&defaults, &policy("version: 1\ngates: {lint: }\n"));
    assert_eq!(
        weaker.texts(),
        ["gate `integrity` is removed", "gate `security` is removed"]
    );
    assert_eq!(
        weaker.policy.gates["security"].criteria[0].origin,
        Origin::Base
    );
    let stronger = govern(
        &defaults,
        &policy(
            "version: 1\nenvironments: {production: {mandatory_gates: [integrity, security]}}\n",
        ),
    );
    assert_eq!(stronger.texts(), [""; 0]);
    let example = govern(&defaults, &policy(EXAMPLE));
    assert_eq!(
        example.texts(),
        [
            "environment `development` is new and allows overrides (`bypass_allowed: true`)",
            "environment `development` is new and does not make mandatory what is so without it: `security`",
        ]
    );
    let development = example
        .policy
        .select(Some("development"), Checkout::default())
        .expect("head has it");
    assert_eq!(
        example.policy.gate_enforcement(&development, "security"),
        Enforcement::Mandatory
    );
}

#[test]
fn a_kind_that_changes_cannot_be_judged() {
    let of = |kind: &str| policy(&format!("version: 1\ngates: {{api: {{kind: {kind}}}}}\n"));
    let governed = govern(&of("coverage"), &of("custom"));
    assert_eq!(
        governed.texts(),
        ["gate `api` was of kind `coverage` and is of kind `custom`"]
    );
    assert_eq!(
        governed.policy.gates["api"].criteria[0].judge,
        crate::Judge::NoJudge
    );
}

#[test]
fn the_sha256_tells_what_was_united() {
    let (base, head) = (
        policy(EXAMPLE),
        with("secrets_detected: 0", "secrets_detected: 5"),
    );
    let united = govern(&base, &head).policy.sha256();
    assert_ne!(united, base.sha256());
    assert_ne!(united, head.sha256());
    assert_eq!(govern(&base, &base).policy.sha256(), base.sha256());
}

/// Small random policies that share names.
fn policies() -> impl Strategy<Value = Policy> {
    let requirement = proptest::sample::select(vec![
        "no_broken_links: true",
        "no_broken_links: 0",
        "no_broken_links: {fail: 9, warn: 3}",
        "no_circular_dependencies: true",
        "all_referenced_modules_exist: {warn: true}",
        "token_budgets_respected: true",
    ]);
    let criteria = prop::collection::btree_set(requirement, 0..4);
    let action = proptest::sample::select(vec![
        "",
        "failure_action: notify, ",
        "failure_action: require_approval, ",
        "failure_action: block_deployment, ",
    ]);
    let scope = proptest::sample::select(vec![
        "",
        "exclude: [a], ",
        "exclude: [a, b], ",
        "paths: [c], ",
    ]);
    let name = proptest::sample::select(vec!["integrity", "docs", "more"]);
    let gates = prop::collection::btree_map(name, (criteria, action, scope), 0..4);
    let list = || {
        prop::collection::btree_set(
            proptest::sample::select(vec!["integrity", "docs", "more", "nobody"]),
            0..4,
        )
    };
    let place = proptest::sample::select(vec!["production", "staging", "mine"]);
    let environments = prop::collection::btree_map(place, (list(), list(), any::<bool>()), 0..3);
    (gates, environments).prop_map(|(gates, environments)| {
        let mut text = String::from("version: 1\n");
        if !gates.is_empty() {
            text.push_str("gates:\n");
        }
        for (name, (criteria, action, scope)) in gates {
            let kind = if name == "integrity" { "" } else { "kind: integrity, " };
            let mut ids = std::collections::BTreeSet::new();
            let criteria: Vec<_> = criteria
                .into_iter()
                .filter(|one| ids.insert(one.split(':').next().unwrap_or_default().to_owned()))
                .collect();
            let _ = writeln!(text, "  {name}: {{{kind}{action}{scope}criteria: {{{}}}}}", criteria.join(", "));
        }
        if !environments.is_empty() {
            text.push_str("environments:\n");
        }
        for (name, (mandatory, advisory, bypass)) in environments {
            let join = |list: std::collections::BTreeSet<&str>| list.into_iter().collect::<Vec<_>>().join(", ");
            let _ = writeln!(text, "  {name}: {{mandatory_gates: [{}], advisory_gates: [{}], bypass_allowed: {bypass}}}", join(mandatory), join(advisory));
        }
        policy(&text)
    })
}

/// What an environment leaves to people, when a gate applies and who has to
/// leave a verdict: whatever the head relaxes is said, and the base's holds.
#[test]
fn what_is_left_to_people_is_never_relaxed_by_the_change_itself() {
    let read = |gate: &str, environment: &str| {
        policy(&format!(
            "version: 1\ngates: {{integrity: {{{gate}criteria: {{no_broken_links: true}}}}}}\nenvironments: {{staging: {{mandatory_gates: [integrity]{environment}}}}}\n"
        ))
    };
    let strict = read(
        "shards: 4, scopes: [api, web], ",
        ", approvals: {required: 2, people: [ann, ben]}, emergency: forbidden, override_budget: 1%, branches: [main]",
    );
    let loose = read(
        "shards: 2, scopes: [api], when: {paths: [src/**]}, ",
        ", approvals: {required: 1}, override_budget: 50%, branches: [\"*\"]",
    );
    assert!(govern(&strict, &strict).loosened.is_empty());
    assert!(govern(&loose, &strict).texts().iter().all(|text| {
        // Other people and other branches are neither looser nor stricter.
        text.contains("other people") || text.contains("other branches")
    }));
    let governed = govern(&strict, &loose);
    let texts = governed.texts().join("\n");
    for part in [
        "applies less often",
        "no longer expects scope `web`",
        "fewer shards than 4",
        "asks for 1 approvals, was 2",
        "allows emergency overrides",
        "override budget of 50%, was 1%",
        "chosen by other branches",
    ] {
        assert!(texts.contains(part), "{part}: {texts}");
    }
    let gate = &governed.policy.gates["integrity"];
    assert!(gate.when.is_empty());
    assert_eq!(gate.scopes, ["api", "web"]);
    let latitude = &governed.policy.environments["staging"].latitude;
    assert!(latitude.no_emergency);
    assert_eq!(latitude.budget(), gate_verdict::Decimal::from(1));
    assert_eq!(latitude.branches, ["main"]);
    let approvals = latitude.approvals.as_ref().expect("both have it");
    assert_eq!((approvals.required, approvals.people.len()), (2, 2));
    let none = read("", "");
    let from_nothing = govern(&none, &strict);
    assert!(
        from_nothing.policy.environments["staging"]
            .latitude
            .approvals
            .is_none()
    );
    assert!(
        from_nothing
            .texts()
            .join("\n")
            .contains("lets approvals resolve")
    );
}

#[test]
fn an_environment_can_claim_branches_and_tags() {
    let read = policy(
        "version: 1\nenvironments:\n  live: {mandatory_gates: [integrity], branches: [\"release/*\"], tags: [\"v*\"]}\n  canary: {branches: [\"release/9\"]}\n  staging: {extends: live}\n",
    );
    let name = |branch, tag| {
        let checkout = Checkout {
            branch,
            tag,
            default_branch: false,
        };
        let selected = read.select(None, checkout).expect("no name was asked for");
        selected.name().map(str::to_owned)
    };
    assert_eq!(name(Some("release/1"), None).as_deref(), Some("live"));
    assert_eq!(name(None, Some("v2")).as_deref(), Some("live"));
    assert_eq!(name(Some("topic"), None).as_deref(), Some("staging"));
    // Two claim it: nothing is left out.
    assert_eq!(name(Some("release/9"), None), None);
}

fn checkouts() -> impl Strategy<Value = Checkout<'static>> {
    (any::<bool>(), any::<bool>(), any::<bool>()).prop_map(|(default_branch, tag, detached)| {
        Checkout {
            branch: (!detached).then_some("main"),
            tag: tag.then_some("v1"),
            default_branch,
        }
    })
}

/// What a policy demands: every gate, and every criterion with its weight.
fn demands(policy: &Policy, selected: &Selected<'_>) -> Vec<(String, String, Enforcement)> {
    let mut demands: Vec<_> = policy
        .expected(selected)
        .into_iter()
        .map(|one| (one.gate, String::new(), one.enforcement))
        .collect();
    for gate in policy.gates.values() {
        for one in &gate.criteria {
            let weight =
                policy.criterion_enforcement(selected, &gate.key, &one.id, one.sub_gate.as_deref());
            demands.push((
                gate.key.clone(),
                format!("{} {}", one.id, one.requirement.text),
                weight,
            ));
        }
    }
    demands
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn nothing_is_loosened_against_itself(one in policies()) {
        let governed = govern(&one, &one);
        prop_assert_eq!(&governed.texts(), &Vec::<String>::new());
        prop_assert_eq!(&governed.policy, &one);
    }

    /// Whichever environment is in force, the united policy demands everything
    /// that either side demands, at least as hard.
    #[test]
    fn the_union_demands_what_both_sides_demand(base in policies(), head in policies(), checkout in checkouts(), requested in prop::option::of(proptest::sample::select(vec!["production", "staging", "mine"]))) {
        let united = govern(&base, &head).policy;
        for side in [&base, &head] {
            let (Ok(own), Ok(both)) = (side.select(requested, checkout), united.select(requested, checkout)) else {
                continue;
            };
            let found = demands(&united, &both);
            for (gate, what, weight) in demands(side, &own) {
                prop_assert!(
                    found.iter().any(|(g, w, e)| *g == gate && *w == what && *e >= weight),
                    "{gate} {what} {weight}: {found:#?}"
                );
            }
        }
    }

    /// If nothing is called loosened, the head alone demands what the base does.
    #[test]
    fn a_head_that_demands_less_is_always_named(base in policies(), head in policies(), checkout in checkouts()) {
        let governed = govern(&base, &head);
        if governed.texts().is_empty()
            && let (Ok(was), Ok(is)) = (base.select(None, checkout), head.select(None, checkout))
        {
            for expected in base.expected(&was) {
                prop_assert!(head.gate_enforcement(&is, &expected.gate) >= expected.enforcement, "{expected:?}");
            }
            for gate in base.gates.values() {
                for one in &gate.criteria {
                    let weight = base.criterion_enforcement(&was, &gate.key, &one.id, None);
                    prop_assert!(head.gates[&gate.key].criteria.iter().any(|now| now.id == one.id), "{}", one.id);
                    prop_assert!(head.criterion_enforcement(&is, &gate.key, &one.id, None) >= weight);
                }
            }
        }
    }

    #[test]
    fn adding_a_criterion_loosens_nothing_and_removing_always_does(mut one in policies(), at in any::<prop::sample::Index>()) {
        let total: usize = one.gates.values().map(|gate| gate.criteria.len()).sum();
        prop_assume!(total > 0);
        let whole = one.clone();
        let mut index = at.index(total);
        for gate in one.gates.values_mut() {
            if index < gate.criteria.len() {
                gate.criteria.remove(index);
                break;
            }
            index -= gate.criteria.len();
        }
        prop_assert_eq!(govern(&one, &whole).texts(), Vec::<String>::new());
        prop_assert!(!govern(&whole, &one).texts().is_empty());
    }
}
