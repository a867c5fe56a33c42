//! What ran in the base, as it was recorded: the entry of the base itself, else that of the nearest commit before it.

use super::entry::{Entry, MAX_BYTES, selection};
use super::names::{LINES, Name};
use super::record::{MAX_LINES, read, same};
use super::{Shelf, unreadable};
use crate::base::{Against, Source, against};
use gate_evidence::coverage::{Coverage, Ratio};
use gate_repo::{FileChange, FirstParents};
use gate_runner::{Inputs, Missing, counted};
use gate_verdict::{Code, EvidenceRef, sha256_hex};

/// So many commits are looked at: the base, and those before it by first parents.
const MAX_WALK: usize = 51;

/// Compares with what was recorded of the base.
pub(crate) fn of_base(
    inputs: &Inputs<'_>,
    shelf: &Shelf,
    head: &Coverage,
    changes: &[FileChange],
) -> Result<(Against, EvidenceRef), Missing> {
    let Some(base) = inputs.base.commit() else {
        return Err(inputs
            .base
            .gap()
            .unwrap_or_else(|| nothing(shelf, "the base", 0)));
    };
    let (behind, name) = nearest(inputs, shelf, base)?;
    let file = name.written();
    let broken = |why: String| unreadable(&shelf.reference, &format!("{file}: {why}"));
    let bytes = inputs
        .repo
        .blob_on_top(&shelf.at, &file, MAX_BYTES)
        .map_err(|error| broken(error.to_string()))?
        .unwrap_or_default();
    let entry = Entry::parse(name, &bytes).map_err(broken)?;
    let lines = lines(inputs, shelf, name, &entry)?;
    let other = entry.selection != selection(inputs.gate);
    if lines.is_none() && other {
        return Err(Missing::new(
            Code::EvidenceInsufficient,
            format!(
                "{file} of {} was measured with other `paths` or `exclude`, and its lines are not kept",
                shelf.reference
            ),
            "record the base again with the policy of now, or bring its reports and name them under `base_reports:`",
        ));
    }
    // Held against what was recorded, the change is all that came after it.
    let since = match behind {
        0 => None,
        _ => Some(inputs.repo.diff(&name.commit).map_err(|error| {
            Missing::new(
                Code::BaseUnreadable,
                format!("the change against {} cannot be read: {error}", name.commit),
                "check out with enough history (fetch-depth: 0)",
            )
        })?),
    };
    let changes = since.as_deref().unwrap_or(changes);
    let totals = entry.totals();
    let mut found = match &lines {
        Some((base, whole)) => {
            let mut found = against(base, head, changes);
            if *whole {
                // lcov does not say them: the counts are all there is.
                for sums in [&mut found.base, &mut found.without_removed] {
                    (sums.statements, sums.regions) = (totals.statements, totals.regions);
                }
            }
            found
        }
        None => Against {
            base: totals,
            without_removed: totals,
            ..Against::default()
        },
    };
    found.source = Some(Source {
        place: place(name, &entry, (behind, base), other),
        counts_only: lines.is_none(),
    });
    let Ratio { total, .. } = totals.lines;
    let evidence = EvidenceRef {
        kind: String::from("base_coverage"),
        format: Some(String::from("history")),
        path: Some(format!("{}:{file}", shelf.reference)),
        sha256: Some(sha256_hex(&bytes)),
        tool: None,
        records: total,
        skipped: 0,
        excluded: 0,
    };
    Ok((found, evidence))
}

/// What ran, line by line, without what the policy leaves out now; beside it whether that is all of it. `None`: not kept.
fn lines(
    inputs: &Inputs<'_>,
    shelf: &Shelf,
    name: &Name,
    entry: &Entry,
) -> Result<Option<(Coverage, bool)>, Missing> {
    let name = name.beside(LINES);
    let (true, Some(hash)) = (shelf.lines.contains(&name), &entry.lcov_sha256) else {
        return Ok(None);
    };
    let file = name.written();
    let broken = |why: String| unreadable(&shelf.reference, &format!("{file}: {why}"));
    let bytes = inputs
        .repo
        .blob_on_top(&shelf.at, &file, MAX_LINES as u64)
        .map_err(|error| broken(error.to_string()))?
        .unwrap_or_default();
    if sha256_hex(&bytes) != *hash {
        return Err(broken(String::from("it is not what was recorded (sha256)")));
    }
    let mut base = read(&bytes).map_err(broken)?;
    if !same(base.totals(), entry.totals()) {
        let why = "its counts are not those of the entry beside it";
        return Err(broken(String::from(why)));
    }
    let all = base.files.len();
    base.files.retain(|path, _| inputs.selects(path));
    let whole = base.files.len() == all;
    Ok(Some((base, whole)))
}

/// How many commits before the base the nearest entry is, and its name.
fn nearest<'s>(
    inputs: &Inputs<'_>,
    shelf: &'s Shelf,
    base: &str,
) -> Result<(usize, &'s Name), Missing> {
    let find = |commit: &str| shelf.entries.iter().rfind(|name| name.commit == commit);
    if let Some(name) = find(base) {
        return Ok((0, name));
    }
    let FirstParents { commits, cut } =
        inputs.repo.first_parents(base, MAX_WALK).map_err(|error| {
            Missing::new(
                Code::BaseUnreadable,
                format!("the commits before the base cannot be read: {error}"),
                "check out with enough history (fetch-depth: 0)",
            )
        })?;
    let found = commits.iter().enumerate();
    let mut found = found.filter_map(|(behind, commit)| Some((behind, find(commit)?)));
    found.next().ok_or_else(|| {
        let before = commits.len().saturating_sub(1);
        let mut missing = nothing(shelf, &format!("the base {base:.12}"), before);
        if cut {
            missing.reason.push_str(", which is all that this checkout has");
            missing.next_step = String::from(
                "check out with more history (actions/checkout with fetch-depth: 60, say), so that the nearest commit that was recorded is found",
            );
        }
        missing
    })
}

fn nothing(shelf: &Shelf, base: &str, before: usize) -> Missing {
    let line = match before {
        0 => String::new(),
        _ => format!(", nor of the {} before it", counted(before, "commit")),
    };
    Missing::new(
        Code::NoEvidence,
        format!("{} has no entry of {base}{line}", shelf.reference),
        "let runs on the default branch record it (--record-history), or bring the reports of the base and name them under `base_reports:`",
    )
}

/// Where the base's counts are from, as in `80.00% <in the base>`.
fn place(name: &Name, entry: &Entry, (behind, base): (usize, &str), other: bool) -> String {
    let at = &entry.measured_at;
    let with = if other {
        ", with other `paths` or `exclude`"
    } else {
        ""
    };
    match behind {
        0 => format!("in the base, as recorded at {at}{with}"),
        _ => format!(
            "in {:.12}, {} before the base, as recorded at {at}{with} (of the base {base:.12} nothing is recorded)",
            name.commit,
            counted(behind, "commit")
        ),
    }
}
