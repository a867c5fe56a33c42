//! The figures of a ledger for people.

use super::show::{code, markdown_head, markdown_row};
use gate_ledger::{Durations, GateStats, Group, Measure, Outcome, P95_FLOOR, Stats};
use gate_render::name;
use std::fmt::Write as _;

const RATES: [&str; 8] = [
    "Where",
    "Runs",
    "Passed",
    "Failed or error",
    "Blocked",
    "Overridden",
    "Pass rate",
    "Median, p95",
];

/// One gate, in one environment or all.
fn gate_cells(gate: &GateStats) -> [String; 8] {
    let place = match &gate.environment {
        Some(environment) => format!("{} in {environment}", gate.gate),
        None => gate.gate.clone(),
    };
    [
        place,
        gate.runs.to_string(),
        gate.pass.count.to_string(),
        (gate.failed + gate.errors).to_string(),
        gate.blocks.to_string(),
        gate.overridden.to_string(),
        rate(&gate.pass),
        took(&gate.duration),
    ]
}

const DECISIONS: [&str; 8] = [
    "Environment",
    "Decisions",
    "Allowed",
    "Overridden",
    "Approval",
    "Blocked",
    "Bypass rate",
    "Gate pass rate",
];

fn group_cells(group: &Group, place: &str) -> [String; 8] {
    [
        place.to_owned(),
        group.decisions.to_string(),
        group.allowed.to_string(),
        group.overridden.to_string(),
        group.approvals_required.to_string(),
        group.blocked.to_string(),
        rate(&group.bypass),
        rate(&group.gate_pass),
    ]
}

/// `98.21 % (target > 90 %: met)`
fn rate(measure: &Measure) -> String {
    let percent = measure.percent.as_deref().unwrap_or("-");
    let outcome = match (measure.outcome, measure.needs) {
        (Outcome::Met, _) => String::from("met"),
        (Outcome::Missed, _) => String::from("MISSED"),
        (Outcome::NotDecidableYet, Some(needs)) => format!("not decidable yet, needs {needs}"),
        (Outcome::NotDecidableYet, None) => String::from("not decidable yet"),
    };
    let side = if measure.target.starts_with('<') {
        "at most"
    } else {
        "at least"
    };
    let bound = match &measure.bound_percent {
        Some(bound) => format!(", {side} {bound} % with 95 % confidence"),
        None => String::new(),
    };
    format!(
        "{percent} % of {} (target {}: {outcome}{bound})",
        measure.of, measure.target
    )
}

fn took(duration: &Durations) -> String {
    let seconds = |ms: u64| format!("{}.{:03} s", ms / 1_000, ms % 1_000);
    match (duration.median_ms, duration.p95_ms) {
        (None, _) => String::from("-"),
        (Some(median), Some(p95)) => format!("{}, {}", seconds(median), seconds(p95)),
        (Some(median), None) => format!("{}, p95 needs {P95_FLOOR} runs", seconds(median)),
    }
}

fn groups(stats: &Stats) -> Vec<[String; 8]> {
    let mut rows = vec![group_cells(&stats.total, "all")];
    rows.extend(
        stats
            .environments
            .iter()
            .map(|group| group_cells(group, group.environment.as_deref().unwrap_or_default())),
    );
    rows
}

fn window(stats: &Stats) -> String {
    let mut text = format!("{} records", stats.records);
    if let Some(since) = &stats.since {
        let _ = write!(text, " from {since}");
    }
    if let Some(until) = &stats.until {
        let _ = write!(text, " before {until}");
    }
    if stats.not_understood > 0 {
        let _ = write!(
            text,
            "; {} not understood by this version",
            stats.not_understood
        );
    }
    text
}

pub(super) fn stats_text(stats: &Stats) -> String {
    let mut text = format!("{}\n\n", window(stats));
    let all = std::iter::once(&stats.total).chain(&stats.environments);
    for (group, counted) in groups(stats).into_iter().zip(all) {
        let [
            place,
            decisions,
            allowed,
            overridden,
            approvals,
            blocked,
            bypass,
            pass,
        ] = group.map(|cell| name(&cell));
        let _ = write!(
            text,
            "{place}: {decisions} decisions: {allowed} allow, {overridden} with override, {approvals} ask for approval, {blocked} block\n  bypass rate     {bypass}\n  gate pass rate  {pass}\n  duration        {}\n",
            took(&counted.duration)
        );
    }
    text.push('\n');
    for gate in &stats.gates {
        let [place, runs, passed, failed, blocked, overridden, pass, took] =
            gate_cells(gate).map(|cell| name(&cell));
        let _ = write!(
            text,
            "{place}: {passed} of {runs} passed, {failed} not; {blocked} blocked, {overridden} overridden\n  pass rate       {pass}\n  duration        {took}\n"
        );
    }
    text
}

pub(super) fn stats_markdown(stats: &Stats) -> String {
    let mut text = format!("{}\n\n", window(stats));
    text.push_str(&markdown_head(&DECISIONS));
    for row in groups(stats) {
        markdown_row(&mut text, &row.map(|cell| code(&cell)));
    }
    text.push('\n');
    text.push_str(&markdown_head(&RATES));
    for gate in &stats.gates {
        markdown_row(&mut text, &gate_cells(gate).map(|cell| code(&cell)));
    }
    text
}
