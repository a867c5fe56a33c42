use super::*;
use crate::chain::{Start, Text, chained, read};
use crate::edges::{bypass_budget, last};
use serde_json::{Map, Value, json};

fn decision(
    at: &str,
    environment: &str,
    decision: &str,
    gates: &[(&str, &str)],
) -> Map<String, Value> {
    let gates: Vec<Value> = gates
        .iter()
        .map(|(gate, status)| {
            json!({"gate": gate, "scope": null, "shard": null, "status": status, "enforcement": "mandatory", "duration_ms": 20})
        })
        .collect();
    let overrides = if decision == "allow_with_override" {
        json!([{"id": "o1", "gate": "security", "criterion": null, "who": "ann", "expires": "2026-12-01"}])
    } else {
        json!([])
    };
    let Value::Object(body) = json!({
        "kind": "decision", "at": at, "repository": "o/r", "commit": at, "tree": null, "ref": "refs/heads/main",
        "environment": environment, "decision": decision, "status": "pass", "digest": at, "policy_sha256": null,
        "gates": gates, "overrides": overrides, "run": null, "duration_ms": 100,
        "tool": {"name": "gatewright", "version": "0.1.0"}, "a_later_member": true,
    }) else {
        panic!("an object")
    };
    body
}

fn ledger(bodies: Vec<Map<String, Value>>) -> Vec<Record> {
    let mut text = String::new();
    let mut head = None;
    for body in bodies {
        let (line, next) = chained(head.as_ref(), body).expect("chained");
        text.push_str(&line);
        head = Some(next);
    }
    let text = Text {
        name: "all.jsonl",
        bytes: text.as_bytes(),
    };
    read(&[text], Start::Beginning).expect("holds")
}

fn sample() -> Vec<Record> {
    let Value::Object(later) =
        json!({"kind": "deployment", "at": "2026-11-02T00:00:00Z", "what": 1})
    else {
        panic!("an object")
    };
    ledger(vec![
        decision(
            "2026-10-01T00:00:00Z",
            "production",
            "block",
            &[("security", "fail")],
        ),
        decision(
            "2026-11-01T00:00:00Z",
            "production",
            "allow",
            &[("security", "pass"), ("docs", "skip")],
        ),
        later,
        decision(
            "2026-11-03T00:00:00Z",
            "production",
            "allow_with_override",
            &[("security", "fail"), ("docs", "warn")],
        ),
        decision(
            "2026-11-04T00:00:00Z",
            "staging",
            "block",
            &[("security", "error")],
        ),
        decision("2026-11-05T00:00:00Z", "staging", "unheard_of", &[]),
    ])
}

#[test]
fn rates_are_counted_by_gate_and_environment() {
    let since = "2026-11-01T00:00:00Z".parse().ok();
    let stats = stats(&sample(), Window { since, until: None });
    assert_eq!((stats.records, stats.not_understood), (5, 2));
    let total = &stats.total;
    assert_eq!(
        (
            total.decisions,
            total.allowed,
            total.overridden,
            total.blocked
        ),
        (3, 1, 1, 1)
    );
    assert_eq!((total.bypass.count, total.bypass.of), (1, 3));
    assert_eq!((total.gate_pass.count, total.gate_pass.of), (2, 4));
    assert_eq!(total.duration.median_ms, Some(100));
    let names: Vec<_> = stats
        .environments
        .iter()
        .map(|group| group.environment.as_deref())
        .collect();
    assert_eq!(names, [Some("production"), Some("staging")]);
    assert_eq!(
        stats.environments[1].bypass.outcome,
        Outcome::NotDecidableYet
    );
    let security = stats
        .gates
        .iter()
        .find(|gate| gate.gate == "security" && gate.environment.is_none())
        .expect("security");
    assert_eq!(
        (
            security.runs,
            security.failed,
            security.errors,
            security.blocks,
            security.overridden
        ),
        (3, 1, 1, 2, 1)
    );
    let missed: Vec<_> = stats.missed().into_iter().map(|(what, _)| what).collect();
    assert_eq!(
        missed,
        [
            "gate pass rate",
            "bypass rate",
            "gate pass rate in production",
            "bypass rate in production",
            "gate pass rate in staging",
            "pass rate of security",
            "pass rate of security in production",
            "pass rate of security in staging",
        ]
    );
}

#[test]
fn nothing_at_all_is_not_decidable() {
    let stats = stats(&[], Window::default());
    assert_eq!(stats.total.bypass.outcome, Outcome::NotDecidableYet);
    assert_eq!(stats.total.bypass.needs, Some(149));
    assert!(stats.missed().is_empty());
}

#[test]
fn the_budget_counts_a_window_and_the_last_decision_is_of_the_same_ref() {
    let records = sample();
    let as_of = "2026-11-03T00:00:00Z".parse().expect("a time");
    let budget = |days| bypass_budget(&records, Some("production"), as_of, days);
    assert_eq!(budget(2), (1, 1));
    assert_eq!(budget(3), (1, 2));
    assert_eq!(budget(33), (1, 2));
    assert_eq!(budget(34), (1, 3));
    let before = "2026-11-02T00:00:00Z".parse().expect("a time");
    assert_eq!(
        bypass_budget(&records, Some("production"), before, 30),
        (0, 1)
    );
    let found = last(
        &records,
        Some("o/r"),
        Some("refs/heads/main"),
        Some("production"),
    );
    assert_eq!(
        found.map(|entry| entry.decision),
        Some(Decision::AllowWithOverride)
    );
    assert_eq!(
        last(
            &records,
            Some("o/r"),
            Some("refs/heads/x"),
            Some("production")
        ),
        None
    );
}
