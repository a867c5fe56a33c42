//! What a gate is to the flow: what it reads, what it collects, and its table
//! of criteria. [`Gate`] is the only trait a gate knows; the rest is data.

use crate::control::Missed;
use crate::inputs::Inputs;
use crate::judgement::{Judgement, Missing};
use crate::keeping::Keep;
use gate_policy::{GatePolicy, Measure, Requirement, RuleDetail, RuleSpec, Shape};
use gate_repo::{FileChange, FileView, Repo, TrackedFile};
use gate_verdict::{EvidenceRef, Exemption, Graph};
use std::collections::BTreeMap;

/// What differs from the governing base; found when asked for.
pub type Changes<'a> = &'a dyn Fn() -> Result<&'a [FileChange], Missing>;

/// A gate: how evidence is gathered and which criteria judge it.
///
/// Work happens in three steps so that several gates share one walk: [`plan`]
/// says what the policy needs of the files; [`read`] sees each tracked file
/// once, in parallel; [`collect`] turns what was seen into the facts the
/// criteria judge.
///
/// [`plan`]: Gate::plan
/// [`read`]: Gate::read
/// [`collect`]: Gate::collect
pub trait Gate: Sync {
    /// What the policy needs of the walk; `()` where that is always the same.
    type Plan: Send + Sync;
    /// What one tracked file contributes.
    type Part: Send + 'static;
    /// The evidence the criteria judge.
    type Facts: 'static;

    /// The kind, as in `gates.<key>.kind`.
    fn kind(&self) -> &'static str;
    /// One sentence: what the gate promises.
    fn summary(&self) -> &'static str;
    /// The table: one line per criterion, built or planned.
    fn criteria(&self) -> &'static [Criterion<Self::Facts>];
    /// The keys the gate's section may have beside the common ones.
    fn settings(&self) -> Vec<Setting>;
    /// What `per:` may name for a criterion; nothing where it is judged as a whole only.
    fn parts(&self, _criterion: &str) -> &'static [&'static str] {
        &[]
    }
    /// The rules that findings name; none where they are not in a table.
    fn rules(&self) -> Vec<Rule> {
        Vec::new()
    }
    /// Whether it can keep what it measures beyond the run (`--record-history`).
    fn keeps(&self) -> bool {
        false
    }
    /// What all instances of the gate together need of the walk.
    fn plan(&self, repo: &Repo, instances: &[&GatePolicy]) -> Self::Plan;
    /// The same where a base governs, for a gate whose plan follows from which
    /// files there are: what the base has asks, too.
    fn plan_on(&self, repo: &Repo, instances: &[&GatePolicy], _changes: Changes<'_>) -> Self::Plan {
        self.plan(repo, instances)
    }
    /// Whether the walk has to open this file for this gate.
    fn wants(&self, plan: &Self::Plan, file: &TrackedFile) -> bool;
    /// Whether this gate takes the file as [`FileView::Large`], where it is that large.
    fn in_pieces(&self, _plan: &Self::Plan, _file: &TrackedFile) -> bool {
        false
    }
    /// Looks at one file. Pure; called from several threads.
    fn read(&self, plan: &Self::Plan, file: &TrackedFile, view: &FileView<'_>) -> Self::Part;
    /// Evidence for one instance of the gate. Every gap is recorded in the
    /// facts as [`Missing`], never left out.
    fn collect(
        &self,
        plan: &Self::Plan,
        inputs: &Inputs<'_>,
        parts: &[Part<'_, Self::Part>],
    ) -> Collected<Self::Facts>;
    /// The positive control: those of the criteria asked for that let a planted
    /// bad case pass, or have none planted for them. It goes the way of the
    /// evidence, from bytes to judgement; `facts` say which ways were gone.
    fn control(&self, asked: &[&str], facts: &Self::Facts) -> Vec<Missed>;
}

/// One line of a gate's table.
#[derive(Debug)]
pub struct Criterion<F: 'static> {
    /// Also the name of its file, its docs page and its fixtures.
    pub id: &'static str,
    pub summary: &'static str,
    pub measure: Measure,
    /// Compares with a base, so it is skipped where there is none by nature.
    pub on_change: bool,
    /// Its requirement in the built-in default policy, if it is part of that.
    pub default: Option<&'static str>,
    /// `None`: planned, and said so (`not_built`) when a policy asks for it.
    pub judge: Option<fn(&F, &Requirement) -> Judgement>,
}

/// A key of a gate's section.
#[derive(Clone, Debug)]
pub struct Setting {
    pub name: &'static str,
    pub summary: &'static str,
    pub shape: Shape,
}

/// What findings may be of.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// As in findings, SARIF and suppressions.
    pub id: &'static str,
    /// What a finding of it says, as a lower-case fragment.
    pub summary: &'static str,
    /// The criteria that count its findings.
    pub criteria: &'static [&'static str],
    /// What there is to say beyond that.
    pub detail: Option<Detail>,
}

/// What there is to say of a rule whose findings may need an explanation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Detail {
    /// How certain a finding is, in a word.
    pub certainty: &'static str,
    /// What was looked for, and why it is a finding; whole sentences.
    pub explain: &'static str,
    /// What to do about it; whole sentences.
    pub next_step: &'static str,
}

impl Rule {
    /// A rule that its summary explains.
    pub const fn new(
        id: &'static str,
        criteria: &'static [&'static str],
        summary: &'static str,
    ) -> Self {
        Self {
            id,
            summary,
            criteria,
            detail: None,
        }
    }

    /// Its line of the catalogue.
    pub(crate) fn spec(&self) -> (String, RuleSpec) {
        let spec = RuleSpec {
            summary: self.summary.to_owned(),
            criteria: self.criteria.iter().map(|&id| id.to_owned()).collect(),
            detail: self.detail.map(|detail| RuleDetail {
                certainty: detail.certainty.to_owned(),
                explain: detail.explain.to_owned(),
                next_step: detail.next_step.to_owned(),
            }),
        };
        (self.id.to_owned(), spec)
    }
}

/// What one file gave.
#[derive(Debug)]
pub struct Part<'a, P> {
    pub file: &'a TrackedFile,
    pub part: &'a P,
}

/// Facts and where they come from.
#[derive(Debug)]
pub struct Collected<F> {
    pub facts: F,
    pub evidence: Vec<EvidenceRef>,
    /// Measurements as decimal strings, by name.
    pub metrics: BTreeMap<String, String>,
    pub exemptions: Vec<Exemption>,
    pub notices: Vec<String>,
    /// What refers to what around what is broken, for the gates that know.
    pub graph: Option<Graph>,
    /// Files that the policy asks for beside the verdict.
    pub files: Vec<Export>,
    /// What outlives the run on a reference of git, where [`Inputs::records`] asks for it; or why there is nothing.
    pub keep: Option<Result<Keep, String>>,
}

impl<F> Collected<F> {
    /// Facts, and nothing beside them yet.
    pub fn new(facts: F) -> Self {
        Self {
            facts,
            evidence: Vec::new(),
            metrics: BTreeMap::new(),
            exemptions: Vec::new(),
            notices: Vec::new(),
            graph: None,
            files: Vec::new(),
            keep: None,
        }
    }
}

/// A file beside the verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Export {
    /// What its name ends in, behind the verdict's; one of [`GATE_ENDINGS`](crate::out::GATE_ENDINGS).
    pub ending: &'static str,
    pub bytes: Vec<u8>,
}
