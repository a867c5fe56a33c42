//! A SARIF file, judged: its outline mended and with categories, its results checked one by one.

use super::cut;
use super::input::sha256_of;
use super::places::Places;
use super::told::Told;
use super::{Setting, outline_of};
use crate::category;
use crate::find::{Found, stem};
use crate::limits::Problem;
use gate_sarif::Run;
use gate_sarif::check::{Mended, Repairs, mend, of_log, of_run};
use gate_sarif::rebase::Rebase;
use gate_sarif::stream::{Hollow, Outline, Position, RunOutline, Stretch};
use gate_sarif::text::{Pointer, locate};
use std::borrow::Cow;

/// A file that was read to its end.
#[derive(Debug)]
pub(crate) struct Source {
    pub(crate) found: Found,
    /// Of the file as it lies on disk, where it is for an upload.
    pub(crate) sha256: Option<String>,
    /// The log without its runs, mended.
    pub(crate) log: Hollow,
    pub(crate) runs: Vec<SourceRun>,
    pub(crate) told: Told,
    /// Runs that brought a category of their own.
    pub(crate) own_categories: usize,
    /// Whether any result has to be mended when it is written.
    pub(crate) mends: bool,
}

/// A run of it.
#[derive(Debug)]
pub(crate) struct SourceRun {
    /// Mended, and with its category.
    pub(crate) hollow: Hollow,
    pub(crate) around: [String; 2],
    pub(crate) run: Run,
    pub(crate) category: String,
    /// Where its results stand.
    pub(super) stretches: Vec<Stretch>,
    /// Of each result, where it may become one of several files, the number by which its part is chosen.
    pub(super) keys: Vec<u16>,
    /// Results that are written, and those that are left out because the tool itself says that they are no findings.
    pub(crate) kept: u64,
    pub(crate) dropped: u64,
    /// The first by their severity, where some may have to go.
    pub(super) severities: cut::Counts,
    /// The run's text as it was read, where its addresses are rewritten.
    pub(super) raw: Option<String>,
}

/// Reads and judges a file. What GitHub would refuse is in `told`; an error is what cannot be read as SARIF at all.
pub(super) fn read(
    found: Found,
    setting: &Setting<'_>,
    places: &mut Places,
) -> Result<Source, Problem> {
    // Only the receipt of an upload names it.
    let upload = setting.fingerprints;
    let sha256 = upload.then(|| sha256_of(&found.path)).transpose()?;
    let outlined = outline_of(&found.path)?;
    let mut told = Told::default();
    let log = log_of(&outlined, setting.repairs, &mut told);
    let default = stem(&found.path);
    let category = setting.category.unwrap_or(&default);
    let mut runs = Vec::new();
    let mut own_categories = 0;
    for (index, outlined) in outlined.runs.iter().enumerate() {
        let (run, own) = run_of(index, outlined, category, setting, &mut told)?;
        own_categories += usize::from(own);
        runs.push(run);
    }
    let mut source = Source {
        found,
        sha256,
        log,
        runs,
        told,
        own_categories,
        mends: false,
    };
    super::results::judge(&mut source, setting, places)?;
    Ok(source)
}

fn log_of(outlined: &Outline, repairs: Repairs, told: &mut Told) -> Hollow {
    let count = outlined.runs.len();
    let mended = mend(&outlined.log.text, repairs, |text| of_log(text, count));
    let text = outlined.log.text.clone();
    let first = Position::FIRST;
    tell(told, &mended, |pointer| {
        let at = nearest(&text, pointer);
        (
            pointer.to_string(),
            first.behind(text.get(..at).unwrap_or_default().as_bytes()),
        )
    });
    hollow(mended.text.into_owned(), "runs")
}

fn run_of(
    index: usize,
    outlined: &RunOutline,
    category: &str,
    setting: &Setting<'_>,
    told: &mut Told,
) -> Result<(SourceRun, bool), Problem> {
    let raw = &outlined.hollow.text;
    let header = match &setting.rebase {
        None => Cow::Borrowed(raw.as_str()),
        Some(options) => {
            let rebased = Rebase::new(raw, options).and_then(|mut rebase| {
                let rebased = rebase.header(raw)?;
                Ok(rebased.into_owned())
            });
            Cow::Owned(rebased.map_err(|refusal| unfit(&refusal))?)
        }
    };
    let mended = mend(&header, setting.repairs, |text| {
        of_run(text, outlined.results).1
    });
    let at = Pointer::root().at("runs").at(index);
    tell(told, &mended, |pointer| {
        let place = outlined.position(nearest(raw, pointer));
        (at.join(pointer).to_string(), place)
    });
    let settled =
        category::settle(&mended.text, category, setting.categories).map_err(|reason| {
            Problem::new(
                format!("{at}{reason}"),
                "write `automationDetails` once, as an object with a text `id`",
            )
        })?;
    // What is wrong with it is told already.
    let run = serde_json::from_str(&settled.text).unwrap_or_default();
    let run = SourceRun {
        hollow: hollow(settled.text, "results"),
        around: outlined.around.clone(),
        run,
        category: settled.category,
        stretches: outlined.stretches.clone(),
        keys: Vec::new(),
        kept: 0,
        severities: cut::Counts::default(),
        dropped: 0,
        raw: setting.rebase.as_ref().map(|_| raw.clone()),
    };
    Ok((run, settled.own))
}

pub(super) fn unfit(refusal: &gate_sarif::merge::Refusal) -> Problem {
    Problem::new(refusal.to_string(), "correct what it names")
}

/// The file is read twice, and somebody wrote it in between.
pub(super) fn changed() -> Problem {
    Problem::new(
        "it changed while it was read",
        "let the step that writes it finish first",
    )
}

/// Where the value stands that a pointer leads to, or the last one on the way that is there.
pub(super) fn nearest(text: &str, pointer: &Pointer) -> usize {
    let mut steps = pointer.0.as_slice();
    loop {
        if let Some(found) = locate(text, &Pointer(steps.to_vec())) {
            return found.member.start;
        }
        match steps.split_last() {
            Some((_, fewer)) => steps = fewer,
            None => return 0,
        }
    }
}

pub(super) fn tell(
    told: &mut Told,
    mended: &Mended<'_>,
    place: impl Fn(&Pointer) -> (String, Position),
) {
    for (problems, done) in [(&mended.done, true), (&mended.left, false)] {
        for problem in problems {
            told.add(problem, done, || place(&problem.pointer));
        }
    }
}

/// A text and the place of its list of elements, which is empty.
fn hollow(text: String, list: &'static str) -> Hollow {
    let slot = locate(&text, &Pointer::root().at(list))
        .filter(|found| {
            text.get(found.value.clone())
                .is_some_and(|list| list.starts_with('['))
        })
        .map(|found| found.value.start + 1);
    Hollow { text, slot }
}
