//! The integrity gate: what the repository says of itself is true.
//!
//! What this gate promises:
//! - Relative links and anchors of tracked Markdown resolve as GitHub resolves
//!   them, against the git index: an untracked file on somebody's disk does
//!   not satisfy a link.
//! - Modules that others name exist, none loads itself, and each is reached.
//! - Front matter, tags and Markdown itself are what they seem.
//! - Where there is a base, every finding says whether the change brought it.
//! - Nothing is fetched unless the policy asks for it: addresses of other hosts
//!   are counted as not checked.

mod against_base;
mod anchors;
mod arc;
mod backslash;
mod circles;
mod closure;
mod collect;
mod config;
mod contents;
mod control;
mod criteria;
mod depth;
mod describe;
mod encoding;
mod entries;
mod evaluate;
mod explain;
mod extract;
mod extractor;
mod form;
mod github;
mod graph;
mod idle;
mod issue;
mod json;
mod linked;
mod looked;
mod manifests;
mod matter;
mod modules;
mod orphans;
mod outside;
mod own;
mod paths;
mod picture;
mod plan;
mod preset;
mod resolve;
mod roster;
mod rules;
mod schema;
mod settings;
mod slots;
mod suppress;
mod tokens;
mod tree;
mod world;
mod written;

pub use collect::Facts;
pub use evaluate::Counts;
pub use form::Form;
pub use issue::{Issue, Place, State};
pub use plan::{FilePart, Module, Plan};

use gate_policy::GatePolicy;
use gate_repo::{FileView, Repo, TrackedFile};
use gate_runner::{Changes, Collected, Criterion, Gate, Inputs, Missed, Part, Rule, Setting};

/// The gate, as the binaries link it.
pub static GATE: IntegrityGate = IntegrityGate;

#[derive(Debug)]
pub struct IntegrityGate;

/// Name and summary of every preset, in the order of the documentation.
pub fn presets() -> Vec<(&'static str, &'static str)> {
    let presets = preset::PRESETS.iter();
    presets
        .map(|preset| (preset.name, preset.summary))
        .collect()
}

/// Word and summary of every way to make anchors from headings.
pub fn dialects() -> Vec<(&'static str, &'static str)> {
    let all = gate_syntax::Dialect::ALL.into_iter();
    all.map(|dialect| (dialect.as_str(), gate_syntax::dialect_summary(dialect)))
        .collect()
}

impl Gate for IntegrityGate {
    type Plan = Plan;
    type Part = FilePart;
    type Facts = Facts;

    fn kind(&self) -> &'static str {
        "integrity"
    }

    fn summary(&self) -> &'static str {
        "Links, anchors, front matter, structure and the module graph of tracked Markdown"
    }

    fn criteria(&self) -> &'static [Criterion<Facts>] {
        criteria::TABLE
    }

    fn settings(&self) -> Vec<Setting> {
        settings::settings()
    }

    fn rules(&self) -> Vec<Rule> {
        rules::RULES.to_vec()
    }

    fn plan(&self, repo: &Repo, instances: &[&GatePolicy]) -> Plan {
        Plan::of(repo, instances, None)
    }

    fn plan_on(&self, repo: &Repo, instances: &[&GatePolicy], changes: Changes<'_>) -> Plan {
        Plan::of(repo, instances, Some(changes))
    }

    fn wants(&self, plan: &Plan, file: &TrackedFile) -> bool {
        plan.wants(file)
    }

    fn read(&self, plan: &Plan, file: &TrackedFile, view: &FileView<'_>) -> FilePart {
        plan.read(file, view)
    }

    fn collect(
        &self,
        plan: &Plan,
        inputs: &Inputs<'_>,
        parts: &[Part<'_, FilePart>],
    ) -> Collected<Facts> {
        collect::collect(plan, inputs, parts)
    }

    fn control(&self, asked: &[&str], facts: &Facts) -> Vec<Missed> {
        control::control(asked, facts.encoding)
    }
}
