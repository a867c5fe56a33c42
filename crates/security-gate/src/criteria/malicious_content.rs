//! `malicious_content`: content that deceives who reads it, or acts where
//! nobody asked it to: hidden and reordered text, invisible characters in
//! names, hidden instructions to agents, configuration that runs what it
//! downloads, links that run scripts, YAML that builds objects, reverse shells,
//! payloads that are decoded and run, install hooks, traces of known attacks.
//!
//! Certain findings count. Heuristic ones are shown as warnings that say so and
//! never count. `gatewright:allow` with a reason on the same line exempts;
//! where a base governs, only once it is there.

use super::found;
use crate::collect::Facts;
use gate_policy::Requirement;
use gate_runner::Judgement;

pub(super) fn judge(facts: &Facts, _required: &Requirement) -> Judgement {
    let all = (&*facts.malicious, facts.exempt[1]);
    let gap = facts.malicious_gap.as_ref();
    found(facts, gap, "malicious_content", all, "certain finding")
}
