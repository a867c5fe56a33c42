//! The change beside what came before it: the base as its reports or the history have it, and the course of the figures.

use crate::base::{Against, against};
use crate::collect::Facts;
use crate::go_module::GoModule;
use crate::history::{keep, of_base, shelf, trend};
use crate::patch::{Patch, patch};
use crate::paths::Mapper;
use crate::reading::read;
use crate::settings::Config;
use crate::tests::is_test_report;
use gate_evidence::coverage::Coverage;
use gate_repo::{ChangeKind, FileChange};
use gate_runner::{Collected, Inputs, Missing, counted};
use gate_verdict::Code;
use std::collections::BTreeSet;

/// What the change touches, and what it does to what ran before.
pub(crate) fn change(
    inputs: &Inputs<'_>,
    config: &Config,
    modules: &[&GoModule],
    head: &Coverage,
    collected: &mut Collected<Facts>,
) -> (Result<Patch, Missing>, Result<Against, Missing>) {
    let changes = match inputs.changed_lines() {
        Ok(changes) => changes,
        Err(missing) => return (Err(missing.clone()), Err(missing)),
    };
    if inputs.base.commit().is_none() {
        collected.notices.push(String::from(
            "this checkout does not have the base, so the lines of the change are those that GitHub says (actions/checkout with fetch-depth: 0 brings the base)",
        ));
    }
    let selects = |path: &str| inputs.selects(path);
    let patch = patch(head, changes, selects, |path| inputs.repo.contents(path));
    let unmeasured = &patch.unmeasured;
    if let Some(first) = unmeasured.first() {
        collected.notices.push(format!(
            "no report measures {} that the change touches, such as {first}; what is in there is in no figure",
            counted(unmeasured.len(), "file")
        ));
    }
    // Reading what was recorded is worth it only where something is held against it.
    let asked = &inputs.gate.criteria;
    let asked = asked.iter().any(|one| one.id.ends_with("_coverage_drop"));
    let against = match &config.history {
        Some(_) if !asked && config.base_reports.is_empty() => Err(Missing::new(
            Code::NoEvidence,
            "nothing is held against the base",
            "",
        )),
        Some(setting) if !brings_coverage(inputs, config) => shelf(inputs, setting)
            .and_then(|shelf| of_base(inputs, &shelf, head, changes))
            .map(|(against, evidence)| {
                collected.evidence.push(evidence);
                against
            }),
        _ => base(inputs, config, modules, changes, collected)
            .map(|base| against(&base, head, changes)),
    };
    (Ok(patch), against)
}

/// Whether `base_reports` are to say what ran in the base: not where all that they bring is how its tests went.
fn brings_coverage(inputs: &Inputs<'_>, config: &Config) -> bool {
    if config.base_reports.is_empty() {
        return false;
    }
    let reports = inputs.reports(&config.base_reports).unwrap_or_default();
    reports.is_empty() || !reports.iter().all(is_test_report)
}

/// What was recorded before this run, and what of this run is to be recorded.
pub(crate) fn history(
    inputs: &Inputs<'_>,
    config: &Config,
    coverage: &Coverage,
    collected: &mut Collected<Facts>,
) {
    // A shard is a part of what was recorded.
    let Some(setting) = config.history.as_ref().filter(|_| inputs.shard.is_none()) else {
        return;
    };
    let totals = &collected.facts.totals;
    let notice = match shelf(inputs, setting) {
        Ok(shelf) => trend(inputs, &shelf, totals, &mut collected.metrics),
        Err(missing) => Some(format!(
            "no trend is shown: {}; {}",
            missing.reason, missing.next_step
        )),
    };
    collected.notices.extend(notice);
    if inputs.records {
        collected.keep = Some(keep(inputs, setting, coverage, *totals));
    }
}

/// What ran in the base, by the paths that files had there.
fn base(
    inputs: &Inputs<'_>,
    config: &Config,
    modules: &[&GoModule],
    changes: &[FileChange],
    collected: &mut Collected<Facts>,
) -> Result<Coverage, Missing> {
    let missing = |reason: String| {
        Missing::new(
            Code::NoEvidence,
            reason,
            "bring the reports of the base to this step (an artifact of its run, say) and name them under `base_reports:`, or keep its coverage on a reference that `history:` names",
        )
    };
    if config.base_reports.is_empty() {
        return Err(missing(String::from(
            "nothing says what ran in the base: there are neither `base_reports` nor a `history`",
        )));
    }
    let mut reports = inputs.reports(&config.base_reports)?;
    reports.retain(|report| !is_test_report(report));
    if reports.is_empty() {
        return Err(missing(format!(
            "no coverage report of the base was found; looked for {}",
            config.base_reports.join(", ")
        )));
    }
    let added: BTreeSet<&str> = changes
        .iter()
        .filter(|change| change.kind == ChangeKind::Added || change.old_path.is_some())
        .map(|change| change.path.as_str())
        .collect();
    let here = inputs.repo.files().iter().map(|file| file.path.as_str());
    let gone = changes.iter().filter_map(|change| match change.kind {
        ChangeKind::Deleted => Some(change.path.as_str()),
        _ => change.old_path.as_deref(),
    });
    let files = here.filter(|path| !added.contains(path)).chain(gone);
    let mut mapper = Mapper::new(files, inputs.repo.root(), &config.rewrites, modules);
    let (reading, outcome) = read(
        &reports,
        &mut mapper,
        &inputs.selection,
        config,
        "base_coverage",
    );
    collected.evidence.extend(reading.evidence);
    let notices = reading.notices.into_iter();
    collected
        .notices
        .extend(notices.map(|notice| format!("of the base: {notice}")));
    outcome?;
    Ok(reading.coverage)
}
