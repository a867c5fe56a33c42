//! From SARIF files to what is sent: judged, mended, fingerprinted, merged, split, written.
//!
//! Each file is read twice, result by result, so that its length does not matter: once to judge it and to learn which
//! lines of sources are wanted, once to write it.

mod emit;
mod flags;
mod input;
mod places;
mod plan;
mod source;
mod told;

pub(crate) use emit::Part;
pub use flags::{PrepareFlags, Repair, Suppressed};
pub(crate) use source::Source;
pub use told::{CheckReceipt, PlaceReceipt};

use crate::find::Found;
use crate::limits::Problem;
use gate_sarif::check::{Options, Repairs};
use gate_sarif::fingerprint::{Bases, Fingerprints};
use gate_sarif::{SarifResult, Standing, standing};
use places::Places;
use std::path::{Path, PathBuf};

/// What is wanted.
#[derive(Debug)]
pub(crate) struct Setting<'a> {
    /// Where the sources are.
    pub(crate) root: &'a Path,
    /// The same as text, with `/`.
    pub(crate) root_text: String,
    /// Where the prepared files go.
    pub(crate) out: PathBuf,
    /// For runs that have none; else the name of the file.
    pub(crate) category: Option<&'a str>,
    pub(crate) repairs: Repairs,
    pub(crate) options: Options,
    pub(crate) bases: Bases,
    pub(crate) fingerprints: bool,
    /// Results that the tool itself says are no findings are left out.
    pub(crate) drops: bool,
    /// What is too large becomes several files.
    pub(crate) splits: bool,
    /// gzip, as GitHub takes it; else plain text.
    pub(crate) packed: bool,
}

/// Files that were judged, and what was written for them.
#[derive(Debug)]
pub(crate) struct Prepared {
    pub(crate) sources: Vec<Source>,
    pub(crate) parts: Vec<Part>,
    pub(crate) fingerprints: Fingerprints,
    pub(crate) notices: Vec<String>,
}

/// Judges every file. An error for a file that cannot be read as SARIF.
pub(crate) fn judge(
    found: Vec<Found>,
    setting: &Setting<'_>,
) -> (Vec<(Found, Result<Source, Problem>)>, Places) {
    let mut places = Places::default();
    let outcomes = found
        .into_iter()
        .map(|found| {
            let outcome = source::read(found.clone(), setting, &mut places);
            (found, outcome)
        })
        .collect();
    (outcomes, places)
}

/// Writes what was judged.
pub(crate) fn write(
    sources: Vec<Source>,
    places: Places,
    setting: &Setting<'_>,
) -> Result<Prepared, Problem> {
    let hashes = places.hash(setting.root);
    let mut plan = plan::of(&sources, setting)?;
    // Every round has more and smaller files than the one before.
    loop {
        let (parts, fingerprints) = emit::emit(&sources, &plan, &hashes, setting)?;
        if !plan.finer(&parts, &sources, setting)? {
            return Ok(Prepared {
                notices: plan.notices(&sources),
                sources,
                parts,
                fingerprints,
            });
        }
        emit::remove(&parts);
    }
}

/// Whether the tool itself says that a result is no finding. What it leaves open stays.
fn drops(result: &SarifResult, setting: &Setting<'_>) -> bool {
    setting.drops
        && matches!(
            standing(result),
            Standing::Suppressed
                | Standing::Absent
                | Standing::Passed
                | Standing::NotApplicable
                | Standing::Informational
        )
}
