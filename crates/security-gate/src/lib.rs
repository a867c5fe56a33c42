//! The security gate: secrets, malicious content and scanner findings against
//! the policy.
//!
//! What this gate promises:
//! - Every tracked file is searched in the one walk; a file that could not be
//!   searched whole makes the result an error, not a pass.
//! - No value of a secret leaves the module that found it: a finding carries
//!   its first characters and its length.
//! - It proves that it looked: planted cases have to be found in every run, or
//!   the criterion is an error.
//! - Findings of scanners count by severity from their own SARIF; a scanner
//!   that says it failed is no evidence.

mod accepted;
mod before;
mod collect;
mod config;
mod control;
mod criteria;
mod found;
mod history;
pub mod malicious;
mod pieces;
mod scanners;
pub mod secrets;

pub use collect::{Facts, FilePart, InFile};
pub use found::{Found, State};
pub use scanners::Vulnerability;

use gate_policy::GatePolicy;
use gate_repo::{FileView, Repo, TrackedFile};
use gate_runner::{Collected, Criterion, Detail, Gate, Inputs, Missed, Part, Rule, Setting};

/// The gate, as the binaries link it.
pub static GATE: SecurityGate = SecurityGate;

#[derive(Debug)]
pub struct SecurityGate;

impl Gate for SecurityGate {
    type Plan = ();
    type Part = FilePart;
    type Facts = Facts;

    fn kind(&self) -> &'static str {
        "security"
    }

    fn summary(&self) -> &'static str {
        "Secrets and malicious content in tracked files, and scanner findings from SARIF"
    }

    fn criteria(&self) -> &'static [Criterion<Facts>] {
        criteria::TABLE
    }

    fn settings(&self) -> Vec<Setting> {
        config::settings()
    }

    fn rules(&self) -> Vec<Rule> {
        let secrets = secrets::rules().iter().map(|rule| Rule {
            id: rule.id,
            summary: rule.title,
            criteria: &["secrets_detected"],
            detail: Some(Detail {
                certainty: rule.tier.as_str(),
                explain: rule.explain,
                next_step: rule.next_step,
            }),
        });
        let content = malicious::RULES.iter().map(|rule| Rule {
            id: rule.id,
            summary: rule.summary,
            criteria: match rule.level {
                malicious::Level::Certain => &["malicious_content"],
                malicious::Level::Heuristic => &[],
            },
            detail: Some(Detail {
                certainty: match rule.level {
                    malicious::Level::Certain => "certain",
                    malicious::Level::Heuristic => "heuristic, not counted",
                },
                explain: rule.explain,
                next_step: rule.next_step,
            }),
        });
        secrets.chain(content).collect()
    }

    fn plan(&self, _repo: &Repo, _instances: &[&GatePolicy]) {}

    fn wants(&self, (): &(), file: &TrackedFile) -> bool {
        file.kind.is_regular()
    }

    fn in_pieces(&self, (): &(), file: &TrackedFile) -> bool {
        pieces::takes(&file.path)
    }

    fn read(&self, (): &(), file: &TrackedFile, view: &FileView<'_>) -> FilePart {
        collect::read(file, view)
    }

    fn collect(
        &self,
        (): &(),
        inputs: &Inputs<'_>,
        parts: &[Part<'_, FilePart>],
    ) -> Collected<Facts> {
        collect::collect(inputs, parts)
    }

    fn control(&self, asked: &[&str], facts: &Facts) -> Vec<Missed> {
        control::control(asked, facts)
    }
}
