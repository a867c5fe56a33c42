//! The contract, sentence by sentence; and what the tests share: a catalogue,
//! and short ways to load.

#![allow(
    clippy::disallowed_methods,
    reason = "tests find the corpus and look at the clock"
)]

mod corpus;
mod enforcement;
mod governing;
mod judging;
mod native_form;
mod requirements;
mod robust;
mod shapes;
mod shapes_used;
mod source_blocks;

use crate::catalogue::{Catalogue, CriterionSpec, KindSpec, Measure, SettingSpec};
use crate::error::PolicyError;
use crate::load::{Check, Source, load};
use crate::policy::{CriterionPolicy, Policy};
use crate::shape::Shape;
use std::collections::BTreeMap;

#[allow(clippy::too_many_lines, reason = "one table")]
pub(crate) fn catalogue() -> Catalogue {
    use Measure::{Band, Count, Duration, Percent, Points, Presence, Violations};
    let of = |measure| CriterionSpec::new("for the tests", measure);
    let count = || Count {
        higher_is_better: false,
    };
    let percent = || Percent {
        higher_is_better: true,
    };
    let mut kinds = BTreeMap::new();
    let mut kind = |name: &str, built, criteria: Vec<(&str, CriterionSpec)>| {
        let spec = KindSpec {
            summary: name.to_owned(),
            built,
            criteria: criteria
                .into_iter()
                .map(|(id, spec)| (id.to_owned(), spec))
                .collect(),
            settings: BTreeMap::new(),
            rules: BTreeMap::new(),
        };
        kinds.insert(name.to_owned(), spec);
    };
    kind(
        "integrity",
        true,
        vec![
            (
                "all_referenced_modules_exist",
                of(Violations).default_requirement("true"),
            ),
            (
                "no_circular_dependencies",
                of(Violations).default_requirement("true"),
            ),
            (
                "no_broken_links",
                of(Violations).default_requirement("true"),
            ),
            ("token_budgets_respected", of(Violations).planned()),
        ],
    );
    kind(
        "security",
        true,
        vec![
            ("critical_vulnerabilities", of(count())),
            ("high_vulnerabilities", of(count())),
            ("secrets_detected", of(count()).default_requirement("0")),
            (
                "malicious_content",
                of(Presence).default_requirement("false"),
            ),
        ],
    );
    let mut per_file = of(percent());
    per_file.per = vec!["file".into(), "package".into()];
    kind(
        "coverage",
        true,
        vec![
            ("line_coverage", per_file.default_requirement(">= 80%")),
            ("branch_coverage", of(percent())),
            ("patch_line_coverage", of(percent()).on_change()),
            ("line_coverage_drop", of(Points).on_change()),
        ],
    );
    kind(
        "performance",
        false,
        vec![
            ("p95_response_time", of(Duration)),
            ("memory_usage", of(Measure::Bytes)),
            ("disk_io_rate", of(Measure::ByteRate)),
            ("network_bandwidth", of(Measure::BitRate)),
            (
                "throughput",
                of(Measure::Rate {
                    higher_is_better: true,
                }),
            ),
            (
                "timeout_rate",
                of(Percent {
                    higher_is_better: false,
                }),
            ),
            (
                "concurrent_users",
                of(Count {
                    higher_is_better: true,
                }),
            ),
            (
                "cohesion_score",
                of(Measure::Number {
                    higher_is_better: true,
                }),
            ),
            (
                "module_complexity",
                of(Band {
                    order: ["low", "medium", "high"].map(str::to_owned).to_vec(),
                    higher_is_better: false,
                }),
            ),
        ],
    );
    for (name, shape) in [
        ("flags", Shape::StringList),
        ("strict", Shape::Bool),
        ("context", Shape::Integer),
        ("mode", Shape::Choice(vec!["fast".into(), "full".into()])),
        ("names", Shape::Map),
    ] {
        let setting = SettingSpec {
            summary: name.into(),
            shape,
        };
        if let Some(coverage) = kinds.get_mut("coverage") {
            coverage.settings.insert(name.into(), setting);
        }
    }
    Catalogue { kinds }
}

/// Loads files `(path, text)` against all of the catalogue.
pub(crate) fn load_files(files: &[(&str, &str)]) -> Result<Policy, Vec<PolicyError>> {
    let sources: Vec<_> = files
        .iter()
        .map(|(path, text)| Source {
            path: (*path).to_owned(),
            bytes: text.as_bytes(),
        })
        .collect();
    load(&sources, &catalogue(), Check::All)
}

/// Loads one text that is right.
pub(crate) fn policy(text: &str) -> Policy {
    match load_files(&[("gates.yml", text)]) {
        Ok(policy) => policy,
        Err(errors) => panic!("{}\n{text}", lines(&errors).join("\n")),
    }
}

/// Loads one text that is wrong: its errors, as shown.
pub(crate) fn errors(text: &str) -> Vec<String> {
    lines(&load_files(&[("gates.yml", text)]).expect_err(text))
}

/// The one error of a text, which has to contain all of `parts`.
#[track_caller]
pub(crate) fn one_error(text: &str, parts: &[&str]) {
    let errors = errors(text);
    assert_eq!(errors.len(), 1, "{errors:#?}");
    for part in parts {
        assert!(
            errors[0].contains(part),
            "{part:?} is not in {:?}",
            errors[0]
        );
    }
}

fn lines(errors: &[PolicyError]) -> Vec<String> {
    errors.iter().map(ToString::to_string).collect()
}

/// The first criterion with this id.
#[track_caller]
pub(crate) fn criterion<'a>(policy: &'a Policy, gate: &str, id: &str) -> &'a CriterionPolicy {
    let found = policy.gates[gate].criteria.iter().find(|one| one.id == id);
    found.unwrap_or_else(|| panic!("{gate} has no {id}"))
}

/// The example of the contract, section 6.
pub(crate) const EXAMPLE: &str = r#"version: 1
gates:
  integrity:
    criteria: {all_referenced_modules_exist: true, no_circular_dependencies: true, no_broken_links: true}
  security:
    criteria: {critical_vulnerabilities: 0, high_vulnerabilities: 0, secrets_detected: 0, malicious_content: false}
  coverage:
    reports: ["coverage/**/lcov.info"]
    exclude: ["generated/**"]
    criteria: {line_coverage: {fail: ">= 85%", warn: ">= 90%"}, patch_line_coverage: ">= 90%", line_coverage_drop: "<= 0.5pp"}
  coverage-api: {kind: coverage, paths: ["services/api/**"], criteria: {branch_coverage: ">= 70%"}}
environments:
  development: {mandatory_gates: [integrity], advisory_gates: [security, coverage], bypass_allowed: true}
  staging:     {mandatory_gates: [integrity, security], advisory_gates: [coverage], bypass_allowed: false}
  production:  {extends: staging, mandatory_gates: [coverage]}
"#;
