//! `secrets_detected`: credentials in tracked files and in what is staged: by
//! formats that a provider or a standard fixes (certain), and by names that
//! give a value away (likely). `tier:` says what counts; what is only possible
//! is not listed unless it asks for that. `history:` looks in commits too.
//!
//! A finding carries the first characters, the length and an id, never the
//! value; the id of a value that cannot be guessed is a keyed hash of it and
//! needs `id_salt:`. `ignore:` accepts an id with a reason until a day, and
//! `gatewright:allow` with a reason does on the line itself; where a base
//! governs, only once it is there. `exemptions_allowed: false` turns both off.

use super::found;
use crate::collect::Facts;
use gate_policy::Requirement;
use gate_runner::Judgement;

pub(super) fn judge(facts: &Facts, _required: &Requirement) -> Judgement {
    let all = (&*facts.secrets, facts.exempt[0]);
    found(
        facts,
        facts.secrets_gap.as_ref(),
        "secrets_detected",
        all,
        "secret",
    )
}
