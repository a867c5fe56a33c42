//! The history: a reference of git that keeps the coverage of commits. It is read from this clone only, and everything
//! in it is believed when it fits; what the base measured and the course of the figures come from there.

mod base;
mod entry;
mod names;
mod record;
mod trend;

pub(crate) use base::of_base;
pub(crate) use record::keep;
pub(crate) use trend::trend;

use crate::settings::HistorySetting;
use gate_runner::{Inputs, Missing, is_reference};
use gate_verdict::{Code, file_stem};
use names::Name;

/// What the reference holds of this gate.
#[derive(Debug)]
pub(crate) struct Shelf {
    /// As the policy wrote it.
    pub(crate) reference: String,
    /// The commit that it leads to.
    at: String,
    /// Entries of this gate, the oldest first.
    entries: Vec<Name>,
    /// The same, of files with lines.
    lines: Vec<Name>,
}

/// More names than this are no history of ours.
const MAX_NAMES: usize = 100_000;

/// What the names of this gate begin with.
fn stem(inputs: &Inputs<'_>) -> String {
    file_stem(&inputs.gate.key, inputs.scope, None)
}

/// Reads what stands on the reference.
pub(crate) fn shelf(inputs: &Inputs<'_>, setting: &HistorySetting) -> Result<Shelf, Missing> {
    let reference = &setting.reference;
    let unreadable = |why: String| unreadable(reference, &why);
    if !is_reference(&setting.to_write()) {
        return Err(Missing::new(
            Code::EvidenceInsufficient,
            format!("`history` names `{reference}`, which is no reference of git's"),
            "name one such as refs/gatewright/coverage, or a branch such as gatewright-coverage",
        ));
    }
    let mut found = None;
    for name in setting.to_read() {
        found = inputs
            .repo
            .reference(&name)
            .map_err(|error| unreadable(error.to_string()))?;
        if found.is_some() {
            break;
        }
    }
    let Some(at) = found else {
        return Err(Missing::new(
            Code::NoEvidence,
            format!("this checkout has no {reference}, which `history` names"),
            format!(
                "fetch it before this step: `{}`; the first run on the default branch with --record-history makes it",
                setting.fetch()
            ),
        ));
    };
    let names = inputs
        .repo
        .names_on_top(&at)
        .map_err(|error| unreadable(error.to_string()))?;
    if names.len() > MAX_NAMES {
        let many = names.len();
        return Err(unreadable(format!(
            "it holds {many} files, expected at most {MAX_NAMES}"
        )));
    }
    let own = stem(inputs);
    let (mut entries, mut lines) = (Vec::new(), Vec::new());
    for name in &names {
        let name = Name::parse(name).ok_or_else(|| unreadable(names::stranger(name)))?;
        match (name.stem == own, name.ending) {
            (true, names::ENTRY) => entries.push(name),
            (true, _) => lines.push(name),
            (false, _) => {}
        }
    }
    Ok(Shelf {
        reference: reference.clone(),
        at,
        entries,
        lines,
    })
}

fn unreadable(reference: &str, why: &str) -> Missing {
    Missing::new(
        Code::EvidenceUnreadable,
        format!("{reference}: {why}"),
        "name a reference that only --record-history writes, or delete it and have it written again",
    )
}
