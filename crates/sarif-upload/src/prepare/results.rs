//! The results of a file, one by one: judged, and handed on as they are written.

use super::input::{open, problem_of};
use super::places::Places;
use super::source::{Source, changed, nearest, tell, unfit};
use super::{Setting, cut, drops};
use crate::limits::Problem;
use gate_sarif::check::{Mended, mend_result};
use gate_sarif::rebase::Rebase;
use gate_sarif::stream::{Element, Piece, Position, walk};
use gate_sarif::text::Pointer;
use gate_sarif::{Rules, Run, SarifResult};
use std::borrow::Cow;

/// Judges every result: what is wrong, how many are written, which lines of sources are wanted.
pub(super) fn judge(
    source: &mut Source,
    setting: &Setting<'_>,
    places: &mut Places,
) -> Result<(), Problem> {
    let mut counts = vec![(0, 0, cut::Counts::default()); source.runs.len()];
    let mut mends = false;
    let mut told = std::mem::take(&mut source.told);
    walked(source, setting, |read| {
        let mended = read.mended(setting);
        mends |= !mended.done.is_empty();
        let result = setting
            .looks_into(&mended.text)
            .then(|| serde_json::from_str::<SarifResult>(&mended.text).ok())
            .flatten();
        let count = counts.get_mut(read.place.0).ok_or_else(changed)?;
        if let Some(result) = &result {
            if drops(read.run, read.rules, result, setting) {
                count.1 += 1;
                return Ok(());
            }
            places.want(read.run, result, setting);
            if setting.cuts()
                && let Some(same) = count.2.get_mut(cut::place(result, read.rules))
            {
                *same += 1;
            }
        }
        count.0 += 1;
        tell(&mut told, &mended, |pointer| {
            let (run, index) = read.place;
            let at = Pointer::root().at("runs").at(run).at("results").at(index);
            place(read.element, &at, pointer)
        });
        Ok(())
    })?;
    source.told = told;
    source.mends = mends;
    for (run, counted) in source.runs.iter_mut().zip(counts) {
        (run.kept, run.dropped, run.severities) = counted;
    }
    Ok(())
}

/// A result while its file is read.
pub(super) struct Read<'a, 'e> {
    /// Its run's place, and its own among the results.
    pub(super) place: (usize, usize),
    pub(super) element: &'a Element<'e>,
    /// As it is written; its addresses are rewritten already.
    pub(super) text: Cow<'a, str>,
    pub(super) run: &'a Run,
    pub(super) rules: &'a Rules<'a>,
}

impl Read<'_, '_> {
    fn mended(&self, setting: &Setting<'_>) -> Mended<'_> {
        let (options, repairs) = (&setting.options, setting.repairs);
        mend_result(&self.text, self.run, self.rules, options, repairs)
    }
}

/// Every result of a file, mended.
pub(super) fn results_of(
    source: &Source,
    setting: &Setting<'_>,
    mut each: impl FnMut(Read<'_, '_>) -> Result<(), Problem>,
) -> Result<(), Problem> {
    walked(source, setting, |mut read| {
        if source.mends {
            read.text = Cow::Owned(read.mended(setting).text.into_owned());
        }
        each(read)
    })
}

fn walked(
    source: &Source,
    setting: &Setting<'_>,
    mut each: impl FnMut(Read<'_, '_>) -> Result<(), Problem>,
) -> Result<(), Problem> {
    let mut runs = Vec::new();
    for run in &source.runs {
        let rebase = match (&setting.rebase, &run.raw) {
            (Some(options), Some(raw)) => {
                Some(Rebase::new(raw, options).map_err(|refusal| unfit(&refusal))?)
            }
            _ => None,
        };
        runs.push((&run.run, run.run.rules(), rebase));
    }
    let mut at: Option<(usize, usize)> = None;
    walk(open(&source.found.path)?, |piece| {
        match piece {
            Piece::Run(..) => at = Some((at.map_or(0, |(run, _)| run + 1), 0)),
            Piece::Result(element) => {
                let place = at.ok_or_else(changed)?;
                let (run, rules, rebase) = runs.get_mut(place.0).ok_or_else(changed)?;
                at = Some((place.0, place.1 + 1));
                let text = match rebase {
                    None => Cow::Borrowed(element.text),
                    Some(rebase) => rebase
                        .result(element.text)
                        .map_err(|refusal| unfit(&refusal))?,
                };
                each(Read {
                    place,
                    element: &element,
                    text,
                    run,
                    rules,
                })?;
            }
            _ => {}
        }
        Ok(())
    })
    .map_err(problem_of::<Problem>)
}

fn place(element: &Element<'_>, at: &Pointer, pointer: &Pointer) -> (String, Position) {
    let before = element
        .text
        .get(..nearest(element.text, pointer))
        .unwrap_or_default();
    (
        at.join(pointer).to_string(),
        element.start.behind(before.as_bytes()),
    )
}
