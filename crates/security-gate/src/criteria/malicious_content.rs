//! `malicious_content`: text that shows something else than it is. Judged so
//! far: bidirectional controls, hidden tag characters, payloads in variation
//! selectors. Each is certain; heuristics are not among them.

use super::found;
use crate::collect::Facts;
use gate_policy::Requirement;
use gate_runner::Judgement;

pub(super) fn judge(facts: &Facts, _required: &Requirement) -> Judgement {
    if let Some(missing) = &facts.malicious_gap {
        return Judgement::missing(missing.clone());
    }
    found(
        facts,
        "malicious_content",
        &facts.malicious,
        "finding",
    )
    .next_step("remove the characters; a legitimate use needs `gatewright:allow` with a reason on the line")
}
