//! A gate with its types erased, so that one flow runs any number of them.

use crate::control::{disbelieved, is_judged};
use crate::gate::{Changes, Criterion, Export, Gate, Part, Rule};
use crate::inputs::Inputs;
use crate::keeping::Keep;
use crate::result::{finish, not_judged, partial, unjudged};
use gate_policy::{CriterionPolicy, CriterionSpec, GatePolicy, KindSpec, SettingSpec};
use gate_repo::{FileView, Repo, TrackedFile};
use gate_verdict::{CriterionResult, EvidenceRef, Exemption, Finding, Graph};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

/// A gate with its types erased, so that one flow runs any number of them.
pub trait AnyGate: Sync {
    fn kind(&self) -> &'static str;
    /// Whether it can keep what it measures beyond the run.
    fn keeps(&self) -> bool;
    /// The gate's part of the catalogue.
    fn spec(&self) -> KindSpec;
    /// The gate made ready for its instances; `changes` where a base governs.
    fn plan<'g>(
        &'g self,
        repo: &Repo,
        instances: &[&GatePolicy],
        changes: Option<Changes<'_>>,
    ) -> Box<dyn Planned + 'g>;
}

/// A gate that knows what the policy needs of the walk.
pub trait Planned: Sync {
    fn wants(&self, file: &TrackedFile) -> bool;
    fn in_pieces(&self, file: &TrackedFile) -> bool;
    /// Looks at a file, which has this place in the list, and keeps what it gives.
    fn read(&self, place: usize, file: &TrackedFile, view: &FileView<'_>);
    fn judge(&self, inputs: &Inputs<'_>) -> Judged;
}

struct Ready<'g, G: Gate> {
    gate: &'g G,
    plan: G::Plan,
    parts: [Mutex<Kept<G::Part>>; SHELVES],
}

/// What files gave, by their places: there are many files, so they lie in few rows and not each in a box.
type Kept<P> = Vec<(u32, P)>;

/// Rows, so that workers seldom wait for each other.
const SHELVES: usize = 16;
/// Neighbours that lie in one row.
const NEIGHBOURS: usize = 32;

/// Everything one gate instance says.
#[derive(Debug)]
pub struct Judged {
    pub criteria: Vec<CriterionResult>,
    pub findings: Vec<Finding>,
    pub findings_total: u64,
    pub evidence: Vec<EvidenceRef>,
    pub metrics: BTreeMap<String, String>,
    pub exemptions: Vec<Exemption>,
    pub notices: Vec<String>,
    pub graph: Option<Graph>,
    pub files: Vec<Export>,
    pub keep: Option<Result<Keep, String>>,
}

impl<G: Gate> AnyGate for G {
    fn kind(&self) -> &'static str {
        Gate::kind(self)
    }

    fn keeps(&self) -> bool {
        Gate::keeps(self)
    }

    fn spec(&self) -> KindSpec {
        let criteria = self.criteria().iter().map(|criterion| {
            let spec = CriterionSpec {
                summary: criterion.summary.to_owned(),
                measure: criterion.measure.clone(),
                built: criterion.judge.is_some(),
                on_change: criterion.on_change,
                default: criterion.default.map(str::to_owned),
                per: self
                    .parts(criterion.id)
                    .iter()
                    .map(|&part| part.to_owned())
                    .collect(),
            };
            (criterion.id.to_owned(), spec)
        });
        let settings = self.settings().into_iter().map(|setting| {
            let spec = SettingSpec {
                summary: setting.summary.to_owned(),
                shape: setting.shape,
            };
            (setting.name.to_owned(), spec)
        });
        KindSpec {
            summary: self.summary().to_owned(),
            built: true,
            criteria: criteria.collect(),
            settings: settings.collect(),
            rules: self.rules().iter().map(Rule::spec).collect(),
        }
    }

    fn plan<'g>(
        &'g self,
        repo: &Repo,
        instances: &[&GatePolicy],
        changes: Option<Changes<'_>>,
    ) -> Box<dyn Planned + 'g> {
        Box::new(Ready {
            gate: self,
            plan: match changes {
                Some(changes) => self.plan_on(repo, instances, changes),
                None => Gate::plan(self, repo, instances),
            },
            parts: [(); SHELVES].map(|()| Mutex::default()),
        })
    }
}

impl<G: Gate> Planned for Ready<'_, G> {
    fn wants(&self, file: &TrackedFile) -> bool {
        self.gate.wants(&self.plan, file)
    }

    fn in_pieces(&self, file: &TrackedFile) -> bool {
        self.gate.in_pieces(&self.plan, file)
    }

    fn read(&self, place: usize, file: &TrackedFile, view: &FileView<'_>) {
        let part = self.gate.read(&self.plan, file, view);
        let Ok(at) = u32::try_from(place) else { return };
        let row = &self.parts[place / NEIGHBOURS % SHELVES];
        let mut row = row.lock().unwrap_or_else(PoisonError::into_inner);
        row.push((at, part));
    }

    fn judge(&self, inputs: &Inputs<'_>) -> Judged {
        let rows = self.parts.iter();
        let rows: Vec<_> = rows
            .map(|row| row.lock().unwrap_or_else(PoisonError::into_inner))
            .collect();
        let mut typed = Vec::with_capacity(rows.iter().map(|row| row.len()).sum());
        for (place, part) in rows.iter().flat_map(|row| row.iter()) {
            let place = usize::try_from(*place).ok();
            if let Some(file) = place.and_then(|place| inputs.repo.files().get(place)) {
                typed.push(Part { file, part });
            }
        }
        // The order of the list, of which these are.
        typed.sort_unstable_by_key(|part| std::ptr::from_ref(part.file).addr());
        let collected = self.gate.collect(&self.plan, inputs, &typed);
        let mut judged = Judged {
            criteria: Vec::new(),
            findings: Vec::new(),
            findings_total: 0,
            evidence: collected.evidence,
            metrics: collected.metrics,
            exemptions: collected.exemptions,
            notices: collected.notices,
            graph: collected.graph,
            files: collected.files,
            keep: collected.keep,
        };
        for asked in &inputs.gate.criteria {
            let enforcement = inputs.enforcement(asked);
            let known = self
                .gate
                .criteria()
                .iter()
                .find(|criterion| criterion.id == asked.id);
            let (result, findings, left_out) = match known {
                Some(Criterion {
                    judge: Some(judge),
                    on_change,
                    ..
                }) => match on_change
                    .then(|| inputs.no_change())
                    .flatten()
                    .or_else(|| partial(inputs, asked))
                {
                    Some(gap) => (unjudged(asked, enforcement, &gap), Vec::new(), 0),
                    None => finish(
                        asked,
                        enforcement,
                        judge(&collected.facts, &asked.requirement),
                    ),
                },
                _ => (
                    unjudged(asked, enforcement, &not_judged(asked)),
                    Vec::new(),
                    0,
                ),
            };
            judged.findings_total += left_out;
            judged.criteria.push(result);
            judged.findings.extend(findings);
        }
        doubt(
            self.gate,
            &inputs.gate.criteria,
            &collected.facts,
            &mut judged.criteria,
        );
        // Two criteria may see the same problem; it is one finding.
        let key = |f: &Finding| (f.rule.clone(), f.location.clone(), f.fingerprint.clone());
        judged.findings.sort_by_key(key);
        judged.findings.dedup_by_key(|f| key(f));
        judged.findings_total += judged.findings.len() as u64;
        judged
    }
}

/// Makes an error of every criterion that misses what is planted for it; what it found stays told.
fn doubt<G: Gate>(
    gate: &G,
    asked: &[CriterionPolicy],
    facts: &G::Facts,
    results: &mut [CriterionResult],
) {
    let judged = results.iter().filter(|result| is_judged(result));
    let ids: BTreeSet<&str> = judged.map(|result| result.id.as_str()).collect();
    let ids: Vec<&str> = ids.into_iter().collect();
    if ids.is_empty() {
        return;
    }
    for missed in gate.control(&ids, facts) {
        for (asked, result) in asked.iter().zip(results.iter_mut()) {
            if result.id == missed.criterion && is_judged(result) {
                *result = CriterionResult {
                    findings: result.findings,
                    ..unjudged(asked, result.enforcement, &disbelieved(&missed))
                };
            }
        }
    }
}
