//! Section 6, source blocks, aliases and keys defined twice.

use super::{criterion, errors, load_files, one_error, policy};
use crate::{Bound, Judge, NoticeCode, Origin};
use gate_verdict::Enforcement;

#[test]
fn a_key_is_an_environment_if_its_quality_gates_map_has_mandatory_gates() {
    let read = policy(
        "a:\n  quality_gates: {mandatory_gates: [framework_integrity], bypass_allowed: true}\nb:\n  quality_gates: [x]\nc:\n  quality_gates: {advisory_gates: [x]}\n",
    );
    assert_eq!(read.environments.keys().collect::<Vec<_>>(), ["a"]);
    assert_eq!(read.environments["a"].mandatory, ["integrity"]);
    assert!(read.environments["a"].bypass_allowed);
    assert!(read.gates.contains_key("b") && read.gates.contains_key("c"));
}

#[test]
fn requirements_stand_in_any_container_at_any_depth() {
    let read = policy(
        "x:\n  criteria: [{a: 1}]\n  one:\n    requirements: [b]\n    two: {controls: {c: \"> 3\"}}\n  more:\n    - {name: n, criteria: [d]}\n    - quality_gates: [e: advisory]\n",
    );
    let found: Vec<_> = read.gates["x"]
        .criteria
        .iter()
        .map(|one| {
            (
                one.id.as_str(),
                one.sub_gate.as_deref(),
                one.requirement.text.as_str(),
                one.floor,
            )
        })
        .collect();
    assert_eq!(
        found,
        [
            ("a", None, "1", None),
            ("b", Some("one"), "b", None),
            ("c", Some("one.two"), "> 3", None),
            ("d", Some("more.1"), "d", None),
            ("e", Some("more.2"), "advisory", Some(Enforcement::Advisory)),
        ]
    );
    assert!(
        read.gates["x"]
            .criteria
            .iter()
            .all(|one| one.judge == Judge::NoJudge)
    );
    assert_eq!(
        read.gates["x"].settings.keys().collect::<Vec<_>>(),
        ["x.more.1.name"]
    );
}

#[test]
fn what_a_gate_judges_is_judged_and_what_it_cannot_read_says_why() {
    let read = policy(
        "coverage:\n  criteria:\n    - line_coverage: \"> 85%\"\n    - branch_coverage: lots\n    - line_coverage_drop: mandatory\n    - patch_coverage: \"> 85%\"\nframework_integrity:\n  quality_gates:\n    - no_broken_links: mandatory\n    - token_budgets_respected: mandatory\n",
    );
    let coverage = |id: &str| criterion(&read, "coverage", id).clone();
    assert_eq!(coverage("line_coverage").judge, Judge::Built);
    let lots = coverage("branch_coverage");
    assert_eq!(lots.judge, Judge::NoJudge);
    assert_eq!(lots.requirement.text, "lots");
    assert!(lots.hint.is_some_and(|hint| hint.contains("no number")));
    let drop = coverage("line_coverage_drop");
    assert_eq!(drop.judge, Judge::NoJudge, "a percentage needs a bound");
    assert!(drop.hint.is_some_and(|hint| hint.contains("0.5pp")));
    let near = coverage("patch_coverage");
    assert!(
        near.hint
            .is_some_and(|hint| hint.contains("patch_line_coverage"))
    );
    let links = criterion(&read, "integrity", "no_broken_links");
    assert_eq!(
        (links.judge, &links.requirement.fail),
        (Judge::Built, &Some(Bound::Declared))
    );
    assert_eq!(
        criterion(&read, "integrity", "token_budgets_respected").judge,
        Judge::NotBuilt
    );
}

#[test]
fn failure_action_is_a_floor_of_its_sub_gate_and_of_those_within() {
    let read = policy(
        "x:\n  failure_action: notify\n  one:\n    failure_action: require_approval\n    criteria: [a]\n    two:\n      criteria: [b: mandatory, c]\n  three:\n    criteria: [d]\n",
    );
    let gate = &read.gates["x"];
    assert_eq!(gate.floor, Some(Enforcement::Informational));
    assert_eq!(gate.strictest_floor(), Some(Enforcement::Mandatory));
    for (id, floor) in [
        ("a", Some(Enforcement::Advisory)),
        ("b", Some(Enforcement::Mandatory)),
        ("c", Some(Enforcement::Advisory)),
        ("d", None),
    ] {
        assert_eq!(criterion(&read, "x", id).floor, floor, "{id}");
    }
    assert_eq!(gate.floors.len(), 2);
}

#[test]
fn a_slip_in_what_binds_is_an_error_and_not_a_setting() {
    one_error(
        "x: {criteria: [a], failure_action: block_deploymet}\n",
        &["gates.yml:1:36", "did you mean `block_deployment`?"],
    );
    one_error(
        "x: {quality_gates: [a: mandatry]}\n",
        &["gates.yml:1:24", "did you mean `mandatory`?"],
    );
}

#[test]
fn other_keys_are_kept_as_settings_and_named_in_one_notice() {
    let read = policy(
        "coverage:\n  flags: [x]\n  part: {description: d, criteria: [line_coverage: 80%]}\n",
    );
    let said: Vec<_> = read
        .notices
        .iter()
        .filter(|notice| notice.code == NoticeCode::SettingsKept)
        .collect();
    assert_eq!(said.len(), 1);
    assert!(
        said[0].text.contains("flags, part.description"),
        "{}",
        said[0].text
    );
    let settings: Vec<_> = read.gates["coverage"]
        .settings
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(
        settings,
        ["coverage.flags", "coverage.part.description"],
        "no kind takes them for its own"
    );
}

#[test]
fn blocks_that_meet_under_one_name_become_sub_gates() {
    let read = policy(
        "framework_integrity:\n  failure_action: block_deployment\n  criteria: [no_broken_links: true]\nframework_validation:\n  criteria: [other]\n",
    );
    let gate = &read.gates["integrity"];
    assert_eq!(
        gate.sub_gates,
        ["framework_integrity", "framework_validation"]
    );
    assert_eq!(
        gate.floor, None,
        "one block's floor is not the whole gate's"
    );
    assert_eq!(
        criterion(&read, "integrity", "no_broken_links").floor,
        Some(Enforcement::Mandatory)
    );
    assert_eq!(criterion(&read, "integrity", "other").floor, None);
}

#[test]
fn a_key_twice_differently_keeps_both_and_the_same_again_collapses() {
    let (a, b) = ("x: {criteria: [p: 1]}\n", "x: {criteria: [p: 2]}\n");
    let both =
        load_files(&[("1.yml", a), ("2.yml", b), ("3.yml", a), ("4.yml", b)]).expect("two blocks");
    let found: Vec<_> = both.gates["x"]
        .criteria
        .iter()
        .map(|one| (one.sub_gate.as_deref(), one.requirement.text.as_str()))
        .collect();
    assert_eq!(found, [(None, "1"), (Some("x-2"), "2")]);
    let said: Vec<_> = both
        .notices
        .iter()
        .filter(|notice| notice.code == NoticeCode::KeyTwice)
        .collect();
    assert_eq!(said.len(), 1);
    assert!(
        said[0].text.contains("1.yml:1:1") && said[0].text.contains("2.yml:1:1"),
        "{}",
        said[0].text
    );
    let within_one_file =
        policy("x: {criteria: [p: 1]}\nx: {criteria: [p: 2]}\nx: {criteria: [p: 3]}\n");
    assert_eq!(within_one_file.gates["x"].sub_gates, ["x-2", "x-3"]);
    let same = load_files(&[("1.yml", a), ("2.yml", a)]).expect("one block");
    assert!(
        same.notices
            .iter()
            .all(|notice| notice.code != NoticeCode::KeyTwice)
    );
    assert_eq!(same.gates["x"].criteria.len(), 1);
}

#[test]
fn environments_in_several_places_unite() {
    let read = load_files(&[
        ("1.yml", "p: {quality_gates: {mandatory_gates: [security], bypass_allowed: true}}\n"),
        ("2.yml", "version: 1\nenvironments: {p: {mandatory_gates: [integrity], advisory_gates: [security], bypass_allowed: false}}\n"),
    ])
    .expect("two files");
    let united = &read.environments["p"];
    assert_eq!(united.mandatory, ["security", "integrity"]);
    assert!(united.advisory.is_empty() && !united.bypass_allowed);
    assert!(
        read.notices
            .iter()
            .any(|notice| notice.code == NoticeCode::KeyTwice)
    );
}

#[test]
fn native_and_source_blocks_mix_over_files_and_documents() {
    let read = policy(
        "version: 1\ngates: {coverage: {paths: [\"src/**\"], criteria: {line_coverage: 80%}}}\n---\nframework_integrity: {criteria: [no_broken_links: true]}\n---\ncoverage: {criteria: [branch_coverage: 70%]}\n",
    );
    assert!(!read.default_gates);
    assert_eq!(
        read.gates.keys().collect::<Vec<_>>(),
        ["coverage", "integrity"]
    );
    assert_eq!(read.gates["coverage"].paths, ["src/**"]);
    assert_eq!(read.gates["coverage"].criteria.len(), 2);
    let twice = errors(
        "version: 1\ngates: {a: {kind: coverage, paths: [x]}}\n---\nversion: 1\ngates: {a: {kind: coverage}}\n",
    );
    assert!(twice[0].contains("other paths"), "{twice:?}");
}

#[test]
fn blocks_keep_the_defaults_that_they_do_not_ask_for() {
    let read = policy("security_gates: {criteria: [secrets_detected: 0]}\n");
    assert_eq!(
        criterion(&read, "security", "secrets_detected").origin,
        Origin::Policy
    );
    assert_eq!(
        criterion(&read, "security", "malicious_content").origin,
        Origin::Default
    );
    assert_eq!(
        criterion(&read, "integrity", "no_broken_links").origin,
        Origin::Default
    );
    assert!(!read.gates["security"].default && read.gates["integrity"].default);
}

#[test]
fn what_is_neither_gate_nor_environment_is_an_error() {
    for text in [
        "x: 5\n",
        "x: [a]\n",
        "x:\n",
        "x: {criteria: [[a]]}\n",
        "x: {criteria: [~]}\n",
    ] {
        one_error(text, &["gates.yml:1:", "found "]);
    }
}

#[test]
fn a_near_miss_of_a_section_name_is_said() {
    let read = policy("gate: {coverage: {criteria: {line_coverage: 80%}}}\n");
    assert!(
        read.notices
            .iter()
            .any(|notice| notice.code == NoticeCode::NearMiss && notice.text.contains("`gates`"))
    );
}

#[test]
fn a_gate_that_asks_for_nothing_is_told() {
    let read = policy("x: {description: d}\n");
    assert!(
        read.notices
            .iter()
            .any(|notice| notice.code == NoticeCode::NoCriteria)
    );
}
