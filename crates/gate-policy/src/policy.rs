//! The policy as the gates and the decision use it.

use crate::environment::Environment;
use crate::error::{Notice, Position};
use crate::requirement::Requirement;
use crate::when::{self, Happening, When};
use crate::yaml::Value;
use gate_verdict::{Enforcement, sha256_hex};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// Everything that the policy files say, or the built-in defaults.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    /// By key, as under `gates:`; other names of a built-in kind are resolved.
    pub gates: BTreeMap<String, GatePolicy>,
    pub environments: BTreeMap<String, Environment>,
    /// In order of position.
    pub notices: Vec<Notice>,
    /// The built-in default gates are in force: no file has a `gates:` section.
    pub default_gates: bool,
    /// Path and sha256 (64 lower-case hex) of every file read, by path.
    pub sources: Vec<(String, String)>,
}

/// One gate: a key under `gates:`, or the source blocks that meet under it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GatePolicy {
    pub key: String,
    /// A kind of the catalogue, or `custom`.
    pub kind: String,
    /// In the order of the files.
    pub criteria: Vec<CriterionPolicy>,
    /// The gate's own `failure_action`.
    pub floor: Option<Enforcement>,
    /// Every `failure_action`, also of sub-gates, with its place.
    pub floors: Vec<Floor>,
    /// The gate applies where any of these does; none: always.
    pub when: Vec<When>,
    /// Scopes that each have to leave a verdict; none: whatever leaves one.
    pub scopes: Vec<String>,
    /// How many shards a verdict comes in; `None`: as many as the verdicts say.
    pub shards: Option<u32>,
    /// Globs; empty means everything.
    pub paths: Vec<String>,
    /// Globs.
    pub exclude: Vec<String>,
    /// Globs of report files.
    pub reports: Vec<String>,
    /// The kind's own keys; of source blocks all that is no requirement, by dotted path.
    pub settings: BTreeMap<String, Value>,
    /// The sub-gates that criteria or a `failure_action` belong to, in order.
    pub sub_gates: Vec<String>,
    /// Built-in: no file configures this gate.
    pub default: bool,
    pub position: Position,
}

/// A `failure_action`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Floor {
    pub enforcement: Enforcement,
    /// `None` for the gate as a whole.
    pub sub_gate: Option<String>,
    pub position: Position,
}

/// One criterion of a gate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CriterionPolicy {
    pub id: String,
    /// The block that asks for it, e.g. `framework_integrity.module_structure`.
    pub sub_gate: Option<String>,
    pub requirement: Requirement,
    /// The stricter of its sub-gate's `failure_action` and its own word
    /// (`name: mandatory`); the gate's own is not repeated here.
    pub floor: Option<Enforcement>,
    pub judge: Judge,
    /// Why nobody judges it, or the nearest name that somebody does.
    pub hint: Option<String>,
    pub origin: Origin,
    pub position: Position,
}

/// Who judges a criterion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Judge {
    /// This build.
    Built,
    /// A later build: `error`, code `not_built`.
    NotBuilt,
    /// Nobody: `error`, code `no_judge`.
    NoJudge,
}

/// Where a criterion comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// A policy file; after [`crate::govern`]: both revisions agree on it.
    Policy,
    /// The built-in defaults.
    Default,
    /// Only the base's policy asks for it in this way.
    Base,
    /// Only the head's policy asks for it in this way.
    Head,
}

/// The kind of gates that no build judges by itself.
pub(crate) const CUSTOM: &str = "custom";

/// The one criterion of a custom gate, judged by `gatewright record`.
pub(crate) const COMMAND_SUCCEEDS: &str = "command_succeeds";

impl GatePolicy {
    /// A gate that asks for nothing yet.
    pub fn new(key: &str, kind: &str, position: &Position) -> Self {
        Self {
            key: key.to_owned(),
            kind: kind.to_owned(),
            criteria: Vec::new(),
            floor: None,
            floors: Vec::new(),
            when: Vec::new(),
            scopes: Vec::new(),
            shards: None,
            paths: Vec::new(),
            exclude: Vec::new(),
            reports: Vec::new(),
            settings: BTreeMap::new(),
            sub_gates: Vec::new(),
            default: false,
            position: position.clone(),
        }
    }

    /// Why the gate does not apply to a run, by its own `when:`, as a clause.
    pub fn keeps_out(&self, now: Happening<'_>) -> Option<String> {
        when::all_keep_out(&self.when, now)
    }

    /// The strictest enforcement that the gate's own words bind any part of it to.
    pub fn strictest_floor(&self) -> Option<Enforcement> {
        let criteria = self.criteria.iter().filter_map(|criterion| criterion.floor);
        let floors = self.floors.iter().map(|floor| floor.enforcement);
        criteria.chain(floors).chain(self.floor).max()
    }

    /// Collects the sub-gates that something belongs to.
    pub(crate) fn name_sub_gates(&mut self) {
        let criteria = self.criteria.iter().filter_map(|one| one.sub_gate.as_ref());
        let floors = self.floors.iter().filter_map(|one| one.sub_gate.as_ref());
        let mut seen = BTreeSet::new();
        let names = criteria.chain(floors).filter(|name| seen.insert(*name));
        self.sub_gates = names.cloned().collect();
    }
}

impl Policy {
    /// The sha256 over paths and contents of all sources, by path; `None` for
    /// pure defaults.
    pub fn sha256(&self) -> Option<String> {
        if self.sources.is_empty() {
            return None;
        }
        let mut bound = String::new();
        for (path, sha256) in &self.sources {
            // The length keeps two lists of paths from reading the same.
            let _ = writeln!(bound, "{}:{path}:{sha256}", path.len());
        }
        Some(sha256_hex(bound.as_bytes()))
    }
}

/// The enforcement that a `failure_action` binds to.
pub(crate) fn floor_of(failure_action: &str) -> Option<Enforcement> {
    FAILURE_ACTIONS
        .iter()
        .find(|(name, _)| *name == failure_action)
        .map(|(_, enforcement)| *enforcement)
}

pub(crate) const FAILURE_ACTIONS: [(&str, Enforcement); 3] = [
    ("block_deployment", Enforcement::Mandatory),
    ("require_approval", Enforcement::Advisory),
    ("notify", Enforcement::Informational),
];

/// The words of a `quality_gates` list.
pub(crate) fn enforcement_word(word: &str) -> Option<Enforcement> {
    Enforcement::ALL
        .into_iter()
        .find(|enforcement| enforcement.as_str() == word)
}
