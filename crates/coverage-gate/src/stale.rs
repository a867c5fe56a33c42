//! Reports that may be about another state of the code.

use gate_evidence::coverage::Coverage;
use gate_runner::{Inputs, Report};
use std::time::Duration;

/// Files written this soon after another may well belong to one step, on disks that keep whole seconds.
const SAME_STEP: Duration = Duration::from_secs(2);

/// Reports that cannot be about this tree: those that git keeps, and those
/// written before a file they measure.
pub(crate) fn stale(inputs: &Inputs<'_>, reports: &[Report], coverage: &Coverage) -> Vec<String> {
    let mut notices = Vec::new();
    let newest = coverage
        .files
        .keys()
        .filter_map(|path| {
            let written = inputs.modified(path)?;
            Some((written, path))
        })
        .max();
    for report in reports {
        if let Some(notice) = kept_by_git(inputs, report) {
            notices.push(notice);
        } else if let (Some(written), Some((changed, path))) = (report.modified(), &newest)
            && written + SAME_STEP < *changed
        {
            notices.push(format!(
                "{} was written before {path} was: it may be about an earlier state of the code",
                report.path
            ));
        }
    }
    notices
}

/// What is said of a report that is part of the repository.
pub(crate) fn kept_by_git(inputs: &Inputs<'_>, report: &Report) -> Option<String> {
    let path = &inputs.repo.file(&report.path)?.path;
    Some(format!(
        "{path} is a file that git keeps: it was written for an earlier commit than this one"
    ))
}
