//! From SARIF files to what is sent: judged, mended, fingerprinted, merged, split, written.
//!
//! Each file is read three times, some results at a time, so that its length does not matter: once to learn what is
//! around the results and where they stand, once to judge them and to learn which lines of sources are wanted, once to
//! write them.

mod batch;
mod cut;
mod emit;
mod flags;
mod input;
mod outputs;
mod places;
mod plan;
mod results;
mod source;
mod threads;
mod told;
mod unit;
mod writer;

pub use flags::{PrepareFlags, Repair};
pub(crate) use places::Places;
pub(crate) use source::Source;
pub use told::{CheckReceipt, PlaceReceipt};
pub(crate) use writer::Part;

use crate::find::Found;
use crate::limits::Problem;
use crate::suppressed::{Fate, Suppressed, fate};
use crate::verbs::Filter;
use gate_sarif::check::{Options, Repairs};
use gate_sarif::fingerprint::{Bases, Fingerprints};
use gate_sarif::stream::{Outline, outline};
use gate_sarif::{Rules, Run, SarifResult, rebase, standing};
use std::path::{Path, PathBuf};

/// What is wanted.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of a flag or verb, independent of the others"
)]
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
    /// What becomes of results that the tool itself says are no findings.
    pub(crate) suppressed: Suppressed,
    /// What is too large becomes several files.
    pub(crate) splits: bool,
    /// gzip, as GitHub takes it; else plain text.
    pub(crate) packed: bool,
    /// Runs without a category get one.
    pub(crate) categories: bool,
    /// Runs of one tool and category become one.
    pub(crate) merges: bool,
    /// Everything goes into one file of this name.
    pub(crate) name: Option<String>,
    pub(crate) rebase: Option<rebase::Options>,
    pub(crate) filter: Option<Filter>,
}

/// Files that were judged, and what was written for them.
#[derive(Debug)]
pub(crate) struct Prepared {
    pub(crate) sources: Vec<Source>,
    pub(crate) parts: Vec<Part>,
    pub(crate) fingerprints: Fingerprints,
    pub(crate) notices: Vec<String>,
}

/// A file, and what became of it.
pub(crate) type Judged = (Found, Result<Source, Problem>);

/// A file without its results.
pub(crate) fn outline_of(path: &Path) -> Result<Outline, Problem> {
    outline(input::open(path)?).map_err(input::problem_of)
}

/// Judges every file. An error for a file that cannot be read as SARIF.
pub(crate) fn judge(found: Vec<Found>, setting: &Setting<'_>) -> (Vec<Judged>, Places) {
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
        // A file that somebody named is as large as it is.
        if setting.name.is_some() || !plan.finer(&parts, &sources, setting)? {
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

/// Every result of a file as the tool wrote it. A file that does not say what there is to find is a problem, and never
/// no findings.
pub(crate) fn each(
    found: &Found,
    setting: &Setting<'_>,
    mut each: impl FnMut(&Run, &Rules<'_>, &SarifResult) -> Result<(), Problem>,
) -> Result<(), Problem> {
    let named = |problem: Problem| Problem {
        reason: format!("{}: {}", found.shown, problem.reason),
        ..problem
    };
    let source = source::read(found.clone(), setting, &mut Places::default()).map_err(named)?;
    if let Some(problem) = source.told.unproved() {
        return Err(named(problem));
    }
    let runs: Vec<_> = source
        .runs
        .iter()
        .map(|run| (&run.run, run.run.rules()))
        .collect();
    let parsed = |read: results::Read<'_>| {
        serde_json::from_str::<SarifResult>(&read.text).map_err(|_| source::changed())
    };
    results::results_of(&source, setting, parsed, |raw, result| {
        let (run, rules) = runs.get(raw.place.0).ok_or_else(source::changed)?;
        each(run, rules, &result)
    })
    .map_err(named)
}

impl Setting<'_> {
    /// Whether a run that is too large loses its mildest results.
    fn cuts(&self) -> bool {
        !self.splits && self.repairs == Repairs::Cut
    }

    /// Whether a result's part is known before any source was read.
    fn keys(&self) -> bool {
        self.splits && !self.fingerprints
    }

    /// Whether what a result says matters for what becomes of it; for most of them its text is enough.
    fn looks_into(&self, text: &str) -> bool {
        // Keys may be spelled with escapes.
        let says = |key: &str| text.contains(key) || text.contains("\\u");
        let may_be_none = || {
            ["\"suppressions\"", "\"kind\"", "\"baselineState\""]
                .into_iter()
                .any(says)
        };
        self.fingerprints
            || self.cuts()
            || self.filter.is_some()
            || self.suppressed != Suppressed::Keep && may_be_none()
    }
}

/// Whether a result is left out: because the tool itself says that it is no finding (what it leaves open stays), or
/// because nobody asked for it.
fn drops(run: &Run, rules: &Rules<'_>, result: &SarifResult, setting: &Setting<'_>) -> bool {
    let no_finding = fate(result, standing(result), setting.suppressed) == Fate::Drop;
    no_finding
        || setting
            .filter
            .as_ref()
            .is_some_and(|filter| !filter.keeps(run, rules, result))
}
