//! The table: one line per criterion. A criterion's id is its file, its docs
//! page and the prefix of its fixtures.

mod all_modules_referenced;
mod all_referenced_modules_exist;
mod cross_references_valid;
mod delegation_chains_resolve;
mod markdown_syntax_valid;
mod no_broken_links;
mod no_circular_dependencies;
mod reference_depth;
mod token_budgets_respected;
mod valid_xml_structure;
mod yaml_frontmatter_correct;

use crate::collect::Facts;
use crate::issue::{Issue, State};
use crate::rules;
use gate_policy::Measure::{Count, Violations};
use gate_policy::Measured;
use gate_runner::{Criterion, Judgement, Missing};

#[rustfmt::skip]
pub(crate) static TABLE: &[Criterion<Facts>] = &[
    Criterion { id: "no_broken_links", summary: "every relative link and anchor of tracked Markdown resolves", measure: Violations, on_change: false, default: Some("true"), judge: Some(no_broken_links::judge) },
    Criterion { id: "cross_references_valid", summary: "every fragment names a heading or anchor that exists", measure: Violations, on_change: false, default: None, judge: Some(cross_references_valid::judge) },
    Criterion { id: "all_referenced_modules_exist", summary: "every module that another includes or imports is tracked", measure: Violations, on_change: false, default: Some("true"), judge: Some(all_referenced_modules_exist::judge) },
    Criterion { id: "no_circular_dependencies", summary: "no module includes itself, directly or through others", measure: Violations, on_change: false, default: None, judge: Some(no_circular_dependencies::judge) },
    Criterion { id: "yaml_frontmatter_correct", summary: "every front matter parses and holds what its path asks for", measure: Violations, on_change: false, default: None, judge: Some(yaml_frontmatter_correct::judge) },
    Criterion { id: "all_modules_referenced", summary: "every module can be reached from a declared root", measure: Violations, on_change: false, default: None, judge: Some(all_modules_referenced::judge) },
    Criterion { id: "delegation_chains_resolve", summary: "every agent, skill and command that is delegated to by name exists", measure: Violations, on_change: false, default: None, judge: Some(delegation_chains_resolve::judge) },
    Criterion { id: "markdown_syntax_valid", summary: "no undefined references, broken fences or tables, and no file that is no text", measure: Violations, on_change: false, default: None, judge: Some(markdown_syntax_valid::judge) },
    Criterion { id: "reference_depth", summary: "how deep the longest chain of references is", measure: Count { higher_is_better: false }, on_change: false, default: None, judge: Some(reference_depth::judge) },
    Criterion { id: "token_budgets_respected", summary: "no module is larger than its token budget", measure: Violations, on_change: false, default: None, judge: Some(token_budgets_respected::judge) },
    Criterion { id: "valid_xml_structure", summary: "XML files and XML inside Markdown are well-formed", measure: Violations, on_change: false, default: None, judge: Some(valid_xml_structure::judge) },
];

/// What a criterion says that counts issues. With `only_new` those that the
/// base has too are told and not counted.
fn judged(
    facts: &Facts,
    criterion: &str,
    looked_at: u64,
    reason: impl FnOnce(usize) -> String,
    next_step: &str,
) -> Judgement {
    let missing = facts.unread.as_ref().or_else(|| facts.gaps.get(criterion));
    if let Some(missing) = missing.filter(|_| !facts.is_certain(criterion)) {
        return Judgement::missing(missing.clone());
    }
    let all: Vec<&Issue> = facts
        .issues
        .iter()
        .filter(|issue| rules::counts(criterion, issue.rule))
        .collect();
    let old = all
        .iter()
        .filter(|issue| issue.state == Some(State::Unchanged))
        .count();
    let counted: Vec<&&Issue> = all
        .iter()
        .filter(|issue| !facts.only_new || issue.state != Some(State::Unchanged))
        .collect();
    let mut reason = reason(counted.len());
    if facts.compared && !all.is_empty() {
        let new = all.len() - old;
        reason = if facts.only_new {
            format!("{reason}; {old} that the base has too not counted")
        } else {
            format!("{reason}; {new} new, {old} that the base has too")
        };
    }
    // Issues come in the order of their places, which is the order a verdict
    // keeps: what lies behind is counted and not built.
    let kept = counted.iter().take(gate_verdict::MAX_FINDINGS);
    let findings = kept.map(|issue| issue.finding(criterion)).collect();
    let left_out = counted
        .iter()
        .skip(gate_verdict::MAX_FINDINGS)
        .filter(|issue| first_to_count(facts, issue) == Some(criterion));
    let left_out = left_out.count() as u64;
    let judgement = match missing {
        Some(missing) => beside(missing, counted.len()),
        None => Judgement::measured(Measured::Count(counted.len() as u64), reason)
            .sample(looked_at)
            .next_step(next_step),
    };
    let mut judgement = judgement.findings(findings);
    judgement.findings_left_out = left_out;
    judgement
}

/// Evidence that is missing, beside findings that are known: an `error`, which an override of findings does not lift.
fn beside(missing: &Missing, known: usize) -> Judgement {
    let mut missing = missing.clone();
    if known > 0 {
        let known = gate_runner::counted(known, "finding");
        missing.reason = format!("{}; {known} in what could be judged", missing.reason);
    }
    Judgement::missing(missing)
}

/// The first criterion that is asked for and counts an issue: where two do, it
/// is one finding.
fn first_to_count(facts: &Facts, issue: &Issue) -> Option<&'static str> {
    let criteria = rules::rule(issue.rule)?.criteria;
    criteria
        .iter()
        .copied()
        .find(|id| facts.asked.contains(*id))
}
