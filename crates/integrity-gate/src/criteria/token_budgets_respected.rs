//! `token_budgets_respected`: no file has more tokens than its budget, alone
//! (`max`), together with everything it loads (`closure`), or by what a change
//! adds (`growth`). Counts are exact for the vocabulary that `encoding:` names.
//! `token_budgets:` gives budgets by path, to text files of any kind; without it a `SKILL.md` has the 5,000
//! tokens that the Agent Skills specification advises.

use super::judged;
use crate::collect::Facts;
use gate_policy::Requirement;
use gate_runner::{Judgement, Missing, counted};
use gate_verdict::Code;

pub(super) fn judge(facts: &Facts, _required: &Requirement) -> Judgement {
    let counts = &facts.counts;
    if counts.budgeted_of_all == 0 && facts.unread.is_none() {
        return Judgement::missing(Missing::new(
            Code::EvidenceInsufficient,
            "no file has a token budget",
            "give budgets by path with `token_budgets:`",
        ));
    }
    judged(
        facts,
        "token_budgets_respected",
        counts.budgeted,
        |over| {
            format!(
                "{over} over budget of {} with one; {} in all",
                counted(counts.budgeted, "file"),
                counted(counts.tokens, "token")
            )
        },
        "shorten the file, or split off what is not always needed",
    )
}
