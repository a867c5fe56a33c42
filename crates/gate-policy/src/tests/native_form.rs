//! Section 6, native form and strictness.

use super::{EXAMPLE, catalogue, criterion, errors, load_files, one_error, policy};
use crate::{Check, Judge, NoticeCode, Origin, Source, load};

#[test]
fn the_contracts_example_loads_without_a_word() {
    let policy = policy(EXAMPLE);
    assert_eq!(policy.notices, []);
    assert!(!policy.default_gates);
    assert_eq!(
        policy.gates.keys().collect::<Vec<_>>(),
        ["coverage", "coverage-api", "integrity", "security"]
    );
    let api = &policy.gates["coverage-api"];
    assert_eq!(
        (api.kind.as_str(), api.paths.as_slice()),
        ("coverage", &["services/api/**".to_owned()][..])
    );
    let coverage = &policy.gates["coverage"];
    assert_eq!(coverage.reports, ["coverage/**/lcov.info"]);
    assert_eq!(coverage.exclude, ["generated/**"]);
    let lines = criterion(&policy, "coverage", "line_coverage");
    assert_eq!(lines.requirement.text, "fail: >= 85%, warn: >= 90%");
    assert_eq!((lines.judge, lines.origin), (Judge::Built, Origin::Policy));
    assert_eq!(lines.position.to_string(), "gates.yml:10:16");
}

#[test]
fn extends_unites_lists_and_the_stricter_entry_wins() {
    let read = policy(EXAMPLE);
    let production = &read.environments["production"];
    assert_eq!(production.mandatory, ["coverage", "integrity", "security"]);
    assert!(production.advisory.is_empty(), "{production:?}");
    assert!(!production.bypass_allowed);
    assert!(read.environments["development"].bypass_allowed);

    let stays = policy(
        "version: 1\nenvironments:\n  a: {mandatory_gates: [security], bypass_allowed: false}\n  b: {extends: a, advisory_gates: [security], bypass_allowed: true}\n",
    );
    let b = &stays.environments["b"];
    assert_eq!(
        (b.mandatory.as_slice(), b.advisory.len(), b.bypass_allowed),
        (&["security".to_owned()][..], 0, false)
    );
    let said = stays
        .notices
        .iter()
        .filter(|notice| notice.code == NoticeCode::StricterEntry);
    assert_eq!(said.count(), 2);
}

#[test]
fn unknown_names_are_errors_with_place_and_nearest_name() {
    one_error(
        "version: 1\ngate: {}\n",
        &[
            "gates.yml:2:1: unknown key `gate` at top level",
            "did you mean `gates`?",
        ],
    );
    one_error(
        "version: 1\ngates:\n  integrity:\n    criteria: {no_brocken_links: true}\n",
        &[
            "gates.yml:4:16",
            "unknown criterion `no_brocken_links`",
            "did you mean `no_broken_links`?",
        ],
    );
    one_error(
        "version: 1\ngates:\n  coverage:\n    criterias: {}\n",
        &[
            "gates.yml:4:5",
            "unknown key `criterias` in gate `coverage`",
            "did you mean `criteria`?",
        ],
    );
    one_error(
        "version: 1\ngates:\n  api: {kind: covrage, criteria: {}}\n",
        &[
            "gates.yml:3:15",
            "unknown kind `covrage`",
            "did you mean `coverage`?",
        ],
    );
    one_error(
        "version: 1\nenvironments:\n  dev: {mandatory_gate: [integrity]}\n",
        &[
            "gates.yml:3:9",
            "unknown key `mandatory_gate` in environment `dev`",
            "did you mean `mandatory_gates`?",
        ],
    );
    one_error(
        "version: 1\ngates:\n  coverage: {criteria: {line_coverage: {fial: 80%, warn: 90%}}}\n",
        &[
            "unknown key `fial` in a requirement",
            "did you mean `fail`?",
        ],
    );
    one_error(
        "version: 1\ngates:\n  coverage: {failure_action: block, criteria: {line_coverage: 80%}}\n",
        &["found `block` as failure_action", "block_deployment"],
    );
    one_error(
        "version: 1\ngates:\n  covrage: {criteria: {line_coverage: 80%}}\n",
        &[
            "unknown criterion `line_coverage`",
            "did you mean `coverage`",
        ],
    );
}

const IMPOSSIBLE: &[(&str, &str)] = &[
    ("version: 2\n", "found version `2`, expected 1"),
    ("version: one\n", "expected 1"),
    ("", "found no content"),
    ("# only a comment\n", "found no content"),
    ("---\n---\n", "found no content"),
    ("- a\n", "found a list at top level"),
    ("version: 1\nversion: 1\n", "`version` twice"),
    ("version: 1\ngates: {}\n", "would judge nothing"),
    (
        "version: 1\ngates: [integrity]\n",
        "found a list under `gates`",
    ),
    (
        "version: 1\ngates: {integrity: 5}\n",
        "found `5` as gate `integrity`",
    ),
    (
        "version: 1\ngates:\n  integrity: {}\n  integrity: {}\n",
        "`integrity` twice",
    ),
    (
        "version: 1\ngates: {security: {kind: coverage}}\n",
        "is of kind `security`",
    ),
    (
        "version: 1\ngates: {coverage: {when: x}}\n",
        "found `x` under `when`",
    ),
    (
        "version: 1\ngates: {coverage: {when: {labels: [x], path: [x]}}}\n",
        "unknown key `path` in `when`",
    ),
    (
        "version: 1\ngates: {coverage: {when: {paths: []}}}\n",
        "an empty list under `when.paths`",
    ),
    (
        "version: 1\ngates: {coverage: {shards: 0}}\n",
        "found `0` under `shards`",
    ),
    (
        "version: 1\nenvironments: {a: {approvals: {required: 3, people: [x, y]}}}\n",
        "there could never be enough approvals",
    ),
    (
        "version: 1\nenvironments: {a: {approvals: {from: [mail]}}}\n",
        "found `mail` under `from`",
    ),
    (
        "version: 1\nenvironments: {a: {override_budget: 200%}}\n",
        "found `200%` under `override_budget`",
    ),
    (
        "version: 1\nenvironments: {a: {emergency: maybe}}\n",
        "found `maybe` under `emergency`",
    ),
    (
        "version: 1\ngates: {coverage: {criteria: {line_coverage: {fail: 80%, when: x}}}}\n",
        "`when` within a criterion",
    ),
    (
        "version: 1\ngates: {coverage: {criteria: [line_coverage]}}\n",
        "expected one `name: requirement`",
    ),
    (
        "version: 1\ngates: {coverage: {criteria: [{line_coverage: 1%, branch_coverage: 1%}]}}\n",
        "expected one `name: requirement`",
    ),
    (
        "version: 1\ngates: {coverage: {criteria: 5}}\n",
        "found `5` under `criteria`",
    ),
    (
        "version: 1\ngates: {coverage: {criteria: [{line_coverage: 80%}, {line_coverage: 90%}]}}\n",
        "`line_coverage` twice",
    ),
    (
        "version: 1\ngates: {coverage: {line_coverage: 80%}}\n",
        "beside `criteria`",
    ),
    (
        "version: 1\ngates: {coverage: {paths: src}}\n",
        "expected a list of globs",
    ),
    (
        "version: 1\ngates: {coverage: {paths: [\"../x\"]}}\n",
        "may leave the root",
    ),
    (
        "version: 1\ngates: {coverage: {paths: [\"/etc\"]}}\n",
        "may leave the root",
    ),
    (
        "version: 1\ngates: {coverage: {exclude: [\"{a\"]}}\n",
        "which is no glob",
    ),
    (
        "version: 1\ngates: {coverage: {exclude: [*.md]}}\n",
        "quote a text",
    ),
    ("version: 1\ngates: {Coverage: {}}\n", "file name"),
    ("version: 1\ngates: {\"a/b\": {}}\n", "file name"),
    (
        "version: 1\nenvironments: {a: {extends: b}}\n",
        "extends `b`, which is not defined",
    ),
    (
        "version: 1\nenvironments: {a: {extends: a}}\n",
        "extends itself",
    ),
    (
        "version: 1\nenvironments: {a: {mandatory_gates: integrity}}\n",
        "expected a list of gates",
    ),
    (
        "version: 1\nenvironments: {a: {bypass_allowed: sometimes}}\n",
        "`true` or `false`",
    ),
    (
        "version: 1\nenvironments: {a: 5}\n",
        "found `5` as environment `a`",
    ),
    (
        "version: 1\ngates: {x: {criteria: {command_succeeds: false}}}\n",
        "ask for violations",
    ),
    (
        "version: 1\ngates: {x: {paths: [a]}}\n",
        "unknown key `paths` in gate `x`",
    ),
];

#[test]
fn what_cannot_be_is_an_error() {
    for (text, part) in IMPOSSIBLE {
        one_error(text, &["gates.yml:", part, "; "]);
    }
}

#[test]
fn a_circle_of_extends_is_told_once() {
    one_error(
        "version: 1\nenvironments:\n  a: {extends: b}\n  b: {extends: c}\n  c: {extends: a}\n",
        &["extends itself", "a extends b extends c extends a"],
    );
}

#[test]
fn all_errors_come_at_once_in_order_of_position() {
    let found = errors(
        "version: 3\ngates:\n  coverage: {criteria: {line_coverage: 120%, zeal: 1}}\n  x: {y: 1}\nmore: 1\n",
    );
    let places: Vec<_> = found
        .iter()
        .map(|line| line.split(": ").next().unwrap_or_default())
        .collect();
    assert_eq!(
        places,
        [
            "gates.yml:1:10",
            "gates.yml:3:40",
            "gates.yml:3:46",
            "gates.yml:4:7",
            "gates.yml:5:1"
        ]
    );
    let files = load_files(&[("b.yml", "version: 2\n"), ("a.yml", "version: 3\n")])
        .expect_err("two errors");
    assert_eq!(
        &*files[0].position.path, "b.yml",
        "files keep the order given"
    );
}

#[test]
fn criteria_are_a_map_or_a_list_of_one_key_maps() {
    let map = policy(
        "version: 1\ngates: {coverage: {criteria: {line_coverage: 80%, branch_coverage: 70}}}\n",
    );
    let list = policy(
        "version: 1\ngates: {coverage: {criteria: [{line_coverage: 80%}, {branch_coverage: 70}]}}\n",
    );
    let requirements = |policy: &crate::Policy| -> Vec<_> {
        policy.gates["coverage"]
            .criteria
            .iter()
            .map(|one| one.requirement.clone())
            .collect()
    };
    assert_eq!(requirements(&map), requirements(&list));
}

#[test]
fn a_gates_section_replaces_the_defaults_whole_and_a_file_without_keeps_them() {
    let replaced = policy("version: 1\ngates: {integrity: {criteria: {no_broken_links: true}}}\n");
    assert!(!replaced.default_gates);
    assert_eq!(replaced.gates.len(), 1);
    let kept = policy("version: 1\nenvironments: {production: {mandatory_gates: [integrity]}}\n");
    assert!(kept.default_gates);
    assert_eq!(
        kept.gates.keys().collect::<Vec<_>>(),
        ["coverage", "integrity", "security"]
    );
    assert_eq!(
        criterion(&kept, "security", "secrets_detected").origin,
        Origin::Default
    );
    let named: Vec<_> = kept.gates["security"]
        .criteria
        .iter()
        .map(|one| one.id.as_str())
        .collect();
    assert_eq!(
        named,
        ["malicious_content", "secrets_detected"],
        "vulnerability criteria bind once named"
    );
    assert_eq!(
        load(&[], &catalogue(), Check::All),
        Ok(crate::defaults(&catalogue()))
    );
}

#[test]
fn a_gate_checks_its_own_section_only() {
    let text = "version: 1\ngates:\n  security: {criteria: {typo: 1}}\n  coverage: {criteria: {line_coverage: 80%}}\n  api: {kind: nonsense, criteria: [5]}\n";
    let source = [Source {
        path: "gates.yml".into(),
        bytes: text.as_bytes(),
    }];
    let read =
        load(&source, &catalogue(), Check::Kind("coverage")).expect("its own section is right");
    assert_eq!(
        criterion(&read, "coverage", "line_coverage").judge,
        Judge::Built
    );
    assert_eq!(
        criterion(&read, "security", "typo").judge,
        Judge::NoJudge,
        "not lost, and never a pass"
    );
    assert_eq!(
        load(&source, &catalogue(), Check::Kind("security")).map_err(|errors| errors.len()),
        Err(1)
    );
    assert_eq!(
        load(&source, &catalogue(), Check::All).map_err(|errors| errors.len()),
        Err(3)
    );
    let outside = [Source {
        path: "gates.yml".into(),
        bytes: b"version: 1\nenvironments: {a: {extends: b}}\n",
    }];
    assert!(
        load(&outside, &catalogue(), Check::Kind("coverage")).is_err(),
        "what is outside gates is everyone's"
    );
}

#[test]
fn planned_criteria_and_kinds_load_and_are_not_built() {
    let read = policy(
        "version: 1\ngates:\n  integrity: {criteria: {token_budgets_respected: true}}\n  performance: {criteria: {p95_response_time: \"< 200ms\"}}\n",
    );
    assert_eq!(
        criterion(&read, "integrity", "token_budgets_respected").judge,
        Judge::NotBuilt
    );
    assert_eq!(
        criterion(&read, "performance", "p95_response_time").judge,
        Judge::NotBuilt
    );
}

#[test]
fn a_custom_gate_has_the_one_criterion_that_record_judges() {
    let read = policy(
        "version: 1\ngates:\n  lint: {description: our linter, failure_action: require_approval}\n  unit:\n  e2e: {kind: custom, criteria: {command_succeeds: true}}\n",
    );
    for gate in ["lint", "unit", "e2e"] {
        assert_eq!(read.gates[gate].kind, "custom");
        assert_eq!(read.gates[gate].criteria.len(), 1);
        assert_eq!(
            criterion(&read, gate, "command_succeeds").judge,
            Judge::Built
        );
    }
    let near = policy("version: 1\ngates: {covrage: {}}\n");
    assert_eq!(near.notices[0].code, NoticeCode::NearMiss);
}

#[test]
fn settings_of_a_kind_are_checked_by_shape() {
    let read = policy(
        "version: 1\ngates: {coverage: {flags: [a, b], strict: true, context: 3, mode: full, names: {a: 1}, criteria: {line_coverage: 1%}}}\n",
    );
    assert_eq!(read.gates["coverage"].settings["context"].as_u64(), Some(3));
    for (setting, part) in [
        ("flags: a", "a list of texts"),
        ("strict: 1", "`true` or `false`"),
        ("context: -3", "a whole number"),
        ("mode: fll", "did you mean `full`?"),
        ("names: [a]", "a map of names"),
        ("names: {a: 1, a: 2}", "`a` twice"),
        ("flag: [a]", "did you mean `flags`?"),
    ] {
        one_error(
            &format!("version: 1\ngates: {{coverage: {{{setting}}}}}\n"),
            &[part],
        );
    }
}

#[test]
fn other_names_of_a_kind_are_resolved_everywhere() {
    let read = policy(
        "version: 1\ngates: {framework_integrity: {criteria: {no_broken_links: true}}, docs: {kind: framework_integrity, criteria: {no_broken_links: true}}}\nenvironments: {a: {mandatory_gates: [framework_validation]}}\n",
    );
    assert_eq!(read.gates["integrity"].criteria[0].sub_gate, None);
    assert_eq!(read.gates["docs"].kind, "integrity");
    assert_eq!(read.environments["a"].mandatory, ["integrity"]);
    assert_eq!(read.notices[0].code, NoticeCode::AliasUsed);
}

#[test]
fn a_document_without_version_is_read_as_version_1_and_told() {
    let read = policy("gates: {integrity: {criteria: {no_broken_links: true}}}\n");
    assert_eq!(read.notices[0].code, NoticeCode::VersionMissing);
}

#[test]
fn the_sha256_binds_paths_and_bytes_whatever_the_order() {
    let (a, b) = (("a.yml", "version: 1\n"), ("b.yml", "version: 1 # b\n"));
    let one = load_files(&[a, b]).expect("two files").sha256();
    assert_eq!(one, load_files(&[b, a]).expect("two files").sha256());
    assert_ne!(
        one,
        load_files(&[("c.yml", a.1), b])
            .expect("two files")
            .sha256()
    );
    assert_ne!(one, load_files(&[a]).expect("one file").sha256());
    assert_eq!(one.map(|hash| hash.len()), Some(64));
    assert_eq!(crate::defaults(&catalogue()).sha256(), None);
}

#[test]
fn the_schema_names_every_kind_criterion_and_setting() {
    let schema = crate::schema(&catalogue());
    let coverage = &schema["$defs"]["coverage_gate"]["properties"];
    assert!(coverage["flags"].is_object() && coverage["reports"].is_object());
    for (kind, spec) in catalogue().kinds {
        let criteria = &schema["$defs"][format!("{kind}_gate")]["properties"]["criteria"]["anyOf"]
            [0]["properties"];
        for id in spec.criteria.keys() {
            assert!(criteria[id].is_object(), "{kind}.{id}");
        }
    }
}
