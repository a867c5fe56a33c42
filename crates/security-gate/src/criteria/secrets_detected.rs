//! `secrets_detected`: credentials in tracked files, by formats that a provider
//! or a standard fixes. A finding carries the first characters and the length,
//! never the value. `gatewright:allow` with a reason on the same line exempts;
//! where a base governs, only once it is there.

use super::found;
use crate::collect::Facts;
use crate::secrets;
use gate_policy::Requirement;
use gate_runner::Judgement;

pub(super) fn judge(facts: &Facts, _required: &Requirement) -> Judgement {
    if let Some(missing) = &facts.secrets_gap {
        return Judgement::missing(missing.clone());
    }
    let next_step = facts
        .secrets
        .first()
        .and_then(|found| secrets::rule(found.rule))
        .map_or("", |rule| rule.next_step);
    found(facts, "secrets_detected", &facts.secrets, "secret").next_step(next_step)
}
