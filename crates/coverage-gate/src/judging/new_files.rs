//! Shares of the files that are new with the change.

use super::of_change::changed;
use super::units::Unit;
use super::{each, share};
use crate::collect::Facts;
use gate_evidence::coverage::Totals;
use gate_policy::Requirement;
use gate_runner::{Judgement, counted};

pub(crate) fn judge(facts: &Facts, required: &Requirement, id: &str, unit: &Unit) -> Judgement {
    let patch = match changed(facts, unit) {
        Ok(patch) => patch,
        Err(missing) => return Judgement::missing(missing),
    };
    let files = patch
        .new_files
        .iter()
        .map(|(path, totals)| (path.as_str(), *totals));
    let judged = if let Some(per) = &required.per {
        let of = each::Parts {
            facts,
            per,
            whole: false,
        };
        each::judge(&of, files, required, id, unit)
    } else {
        let mut sum = Totals::default();
        for (_, totals) in files {
            sum.add(totals);
        }
        let noun = counted(patch.new_files.len(), "new file");
        share::whole((unit.of)(&sum), unit, &format!(" in {noun}"))
    };
    let judged = judged
        .unwrap_or_else(|| Judgement::vacuous("the change adds no file that a report measures"));
    judged.evidence(facts.reports.clone())
}
