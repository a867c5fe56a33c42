//! What a requirement may look like, and what it may not ask for.

use super::{catalogue, criterion, one_error, policy};
use crate::{Bound, Op, Requirement, Unit};

/// The kind that has the criterion, and the criterion with its requirement.
fn text_of(id: &str, requirement: &str) -> String {
    let catalogue = catalogue();
    let kind = catalogue
        .kinds
        .iter()
        .find(|(_, kind)| kind.criteria.contains_key(id))
        .map(|(name, _)| name.clone())
        .expect(id);
    format!("version: 1\ngates:\n  {kind}:\n    criteria:\n      {id}: {requirement}\n")
}

fn read(id: &str, requirement: &str) -> Requirement {
    let policy = policy(&text_of(id, requirement));
    let gate = policy.gates.keys().next().cloned().expect("one gate");
    criterion(&policy, &gate, id).requirement.clone()
}

fn compare(op: Op, value: &str, unit: Unit) -> Bound {
    Bound::Compare {
        op,
        value: value.parse().expect("a decimal"),
        unit,
    }
}

#[test]
fn every_form_of_the_contract() {
    use Op::{Eq, Ge, Gt, Le, Lt};
    for (id, text, bound) in [
        (
            "critical_vulnerabilities",
            "0",
            compare(Le, "0", Unit::COUNT),
        ),
        (
            "concurrent_users",
            "\"> 100\"",
            compare(Gt, "100", Unit::COUNT),
        ),
        ("concurrent_users", "100", compare(Ge, "100", Unit::COUNT)),
        ("line_coverage", "85", compare(Ge, "85", Unit::PERCENT)),
        ("line_coverage", "100%", compare(Ge, "100", Unit::PERCENT)),
        (
            "line_coverage",
            "\">= 99.95 %\"",
            compare(Ge, "99.95", Unit::PERCENT),
        ),
        (
            "line_coverage",
            "\"== 100%\"",
            compare(Eq, "100", Unit::PERCENT),
        ),
        ("timeout_rate", "0.1%", compare(Le, "0.1", Unit::PERCENT)),
        (
            "line_coverage_drop",
            "\"<= 0.5pp\"",
            compare(Le, "0.5", Unit::POINTS),
        ),
        ("line_coverage_drop", "-1", compare(Le, "-1", Unit::POINTS)),
        (
            "p95_response_time",
            "\"< 200ms\"",
            compare(Lt, "200", Unit::MILLISECONDS),
        ),
        (
            "p95_response_time",
            "3 minutes",
            compare(Le, "3", Unit::MINUTES),
        ),
        (
            "memory_usage",
            "\"< 2GB\"",
            compare(Lt, "2", Unit::GIGABYTES),
        ),
        (
            "memory_usage",
            "\"< 2 GiB\"",
            compare(Lt, "2", Unit::GIBIBYTES),
        ),
        (
            "disk_io_rate",
            "\"< 100MB/s\"",
            compare(Lt, "100", Unit::MEGABYTES_PER_SECOND),
        ),
        (
            "network_bandwidth",
            "\"< 100Mbps\"",
            compare(Lt, "100", Unit::MEGABITS_PER_SECOND),
        ),
        (
            "throughput",
            "\">= 100 req/s\"",
            compare(Ge, "100", Unit::PER_SECOND),
        ),
        (
            "cohesion_score",
            "\"> 0.8\"",
            compare(Gt, "0.8", Unit::NUMBER),
        ),
        ("no_broken_links", "true", Bound::NoViolations),
        ("no_broken_links", "3", compare(Le, "3", Unit::COUNT)),
        ("malicious_content", "false", Bound::NonePresent),
        ("malicious_content", "0", compare(Le, "0", Unit::COUNT)),
    ] {
        let requirement = read(id, text);
        assert_eq!(requirement.fail, Some(bound), "{id}: {text}");
        assert_eq!(
            requirement.text,
            text.trim_matches('"'),
            "the text is what the policy wrote"
        );
    }
    let band = read("module_complexity", "\"< medium\"").fail;
    assert!(matches!(band, Some(Bound::Band { op: Lt, name, .. }) if name == "medium"));
}

#[test]
fn levels_and_parts() {
    let both = read("line_coverage", "{fail: 80%, warn: \"> 85%\", per: file}");
    assert_eq!(both.fail, Some(compare(Op::Ge, "80", Unit::PERCENT)));
    assert_eq!(both.warn, Some(compare(Op::Gt, "85", Unit::PERCENT)));
    assert_eq!(both.per.as_deref(), Some("file"));
    let only = read("no_broken_links", "{warn: true}");
    assert_eq!((only.fail, only.warn), (None, Some(Bound::NoViolations)));
    read("no_broken_links", "{fail: 5, warn: true}");
    read("p95_response_time", "{fail: 1s, warn: 500ms}");
    read("module_complexity", "{fail: \"< high\", warn: low}");
}

#[test]
fn impossible_requirements_are_errors() {
    for (id, text, part) in [
        ("line_coverage", "120%", "more than 100%"),
        ("line_coverage", "\"> 100%\"", "impossible"),
        ("line_coverage", "-5%", "less than 0%"),
        ("line_coverage", "\"< 85%\"", "higher is better"),
        ("line_coverage", "0.85", "may be a part of 1 or of 100"),
        ("line_coverage", "85pp", "does not fit"),
        ("line_coverage", "85ms", "does not fit"),
        ("line_coverage", "true", "expected a percentage"),
        ("line_coverage", "good", "no number"),
        ("line_coverage", "1e2", "unknown unit"),
        ("line_coverage", "\"!= 85%\"", "no number"),
        ("line_coverage", "[85%]", "found a list"),
        ("line_coverage", "", "found nothing"),
        ("line_coverage", "{}", "no bound"),
        ("line_coverage", "{per: file}", "no bound"),
        (
            "line_coverage",
            "{fail: 80%, per: fil}",
            "did you mean `file`?",
        ),
        ("branch_coverage", "{fail: 80%, per: file}", "does not have"),
        (
            "line_coverage",
            "{fail: 80%, warn: 70%}",
            "looser than `fail`",
        ),
        ("line_coverage", "{fail: 80%, fail: 90%}", "`fail` twice"),
        ("timeout_rate", "\"> 5%\"", "lower is better"),
        ("timeout_rate", "\"< 0%\"", "impossible"),
        ("critical_vulnerabilities", "-1", "less than 0"),
        ("critical_vulnerabilities", "1.5", "whole number"),
        ("critical_vulnerabilities", "5%", "does not fit"),
        ("critical_vulnerabilities", "\"< 0\"", "impossible"),
        ("critical_vulnerabilities", "\"> 3\"", "lower is better"),
        ("critical_vulnerabilities", "false", "no bound here"),
        ("no_broken_links", "false", "ask for violations"),
        ("no_broken_links", "yes", "`true` (no violations)"),
        ("malicious_content", "true", "should not be there"),
        ("line_coverage_drop", "5%", "does not fit"),
        ("line_coverage_drop", "101pp", "impossible"),
        ("p95_response_time", "200", "without a unit"),
        ("p95_response_time", "200 msecs", "did you mean `msec`?"),
        ("p95_response_time", "5 m", "unknown unit `m`"),
        ("memory_usage", "2 gb", "did you mean `GB`?"),
        ("network_bandwidth", "100MB/s", "does not fit"),
        (
            "module_complexity",
            "\"< meduim\"",
            "did you mean `medium`?",
        ),
        ("module_complexity", "\"< low\"", "no band can meet"),
        ("module_complexity", "\"> low\"", "lower is better"),
        (
            "module_complexity",
            "{fail: low, warn: high}",
            "looser than `fail`",
        ),
        ("cohesion_score", "99999999999999999999", "no number"),
    ] {
        one_error(&text_of(id, text), &["gates.yml:5:", part]);
    }
}

/// Defaults that the catalogue itself gets wrong can never pass.
#[test]
fn a_catalogue_that_contradicts_itself_cannot_pass() {
    let mut wrong = catalogue();
    let security = wrong.kinds.get_mut("security").expect("a kind");
    security
        .criteria
        .get_mut("secrets_detected")
        .expect("a criterion")
        .default = Some("-4".into());
    let policy = crate::defaults(&wrong);
    assert_eq!(
        criterion(&policy, "security", "secrets_detected").judge,
        crate::Judge::NoJudge
    );
}
