//! `all_modules_referenced`: every module can be reached from a root, over any
//! kind of reference that the presets and `edges:` know. Two modules that only
//! name each other are not reached. A marketplace lists every plugin that is
//! there. `modules:` and `roots:` say what both are; every tracked file that
//! `modules:` fits is one, whatever its ending, symbolic links too, except those
//! of git itself (`.gitkeep`).

use super::judged;
use crate::collect::Facts;
use gate_policy::Requirement;
use gate_runner::{Judgement, Missing, counted};
use gate_verdict::Code;

pub(super) fn judge(facts: &Facts, _required: &Requirement) -> Judgement {
    let counts = &facts.counts;
    if counts.modules_of_all == 0 && facts.unread.is_none() {
        return Judgement::missing(Missing::new(
            Code::EvidenceInsufficient,
            "no file is known as a module, so none can be shown to be reached",
            "say which files are modules and which are roots with `modules:` and `roots:`",
        ));
    }
    judged(
        facts,
        "all_modules_referenced",
        counts.modules,
        |orphans| {
            format!(
                "{orphans} not reached of {}",
                counted(counts.modules, "module")
            )
        },
        "name each module where it is used, make it a root, or delete it",
    )
}
