//! The results of a file, one by one: judged, and handed on as they are written.

use super::input::{open, problem_of};
use super::places::Places;
use super::source::{Source, changed, nearest, tell, unfit};
use super::threads::in_order;
use super::{Setting, cut, drops};
use crate::limits::Problem;
use gate_sarif::check::{Mended, mend_result};
use gate_sarif::rebase::Rebase;
use gate_sarif::stream::{Element, Piece, Position, walk};
use gate_sarif::text::Pointer;
use gate_sarif::{Rules, Run, SarifResult};
use std::borrow::Cow;

/// Results are looked into by so many bytes of them.
const BATCH: usize = 64 * 1024;

/// Judges every result: what is wrong, how many are written, which lines of sources are wanted.
pub(super) fn judge(
    source: &mut Source,
    setting: &Setting<'_>,
    places: &mut Places,
) -> Result<(), Problem> {
    let mut counts = vec![(0, 0, cut::Counts::default()); source.runs.len()];
    let mut mends = false;
    let mut told = std::mem::take(&mut source.told);
    walked(
        source,
        setting,
        |read| Ok(looked_at(&read, setting)),
        |raw, judged| {
            mends |= !judged.mended.done.is_empty();
            let count = counts.get_mut(raw.place.0).ok_or_else(changed)?;
            if judged.drops {
                count.1 += 1;
                return Ok(());
            }
            if let Some((path, line)) = judged.line {
                places.want(path, line);
            }
            if let Some(same) = judged.severity.and_then(|place| count.2.get_mut(place)) {
                *same += 1;
            }
            count.0 += 1;
            tell(&mut told, &judged.mended, |pointer| {
                let (run, index) = raw.place;
                let at = Pointer::root().at("runs").at(run).at("results").at(index);
                place(raw, &at, pointer)
            });
            Ok(())
        },
    )?;
    source.told = told;
    source.mends = mends;
    for (run, counted) in source.runs.iter_mut().zip(counts) {
        (run.kept, run.dropped, run.severities) = counted;
    }
    Ok(())
}

/// What is found out about a result alone.
struct Judged {
    /// Without its text.
    mended: Mended<'static>,
    drops: bool,
    /// The line of a source that it wants the hash of.
    line: Option<(String, u32)>,
    /// Its place in the counts, where these are wanted.
    severity: Option<usize>,
}

fn looked_at(read: &Read<'_>, setting: &Setting<'_>) -> Judged {
    let Mended { text, done, left } = read.mended(setting);
    let result = setting
        .looks_into(&text)
        .then(|| serde_json::from_str::<SarifResult>(&text).ok())
        .flatten();
    let result = result.as_ref();
    let (run, rules) = (read.run, read.rules);
    Judged {
        drops: result.is_some_and(|result| drops(run, rules, result, setting)),
        line: result.and_then(|result| Places::line(run, result, setting)),
        severity: result
            .filter(|_| setting.cuts())
            .map(|result| cut::place(result, rules)),
        mended: Mended {
            text: Cow::default(),
            done,
            left,
        },
    }
}

/// A result as it stands in its file.
pub(super) struct Raw<'b> {
    /// Its run's place, and its own among the results.
    pub(super) place: (usize, usize),
    start: Position,
    pub(super) before: &'b str,
    pub(super) text: &'b str,
    pub(super) behind: &'b str,
}

/// A result that is looked into.
pub(super) struct Read<'a> {
    /// Its run's place.
    pub(super) place: usize,
    /// As it is written; its addresses are rewritten already.
    pub(super) text: Cow<'a, str>,
    pub(super) run: &'a Run,
    pub(super) rules: &'a Rules<'a>,
}

impl Read<'_> {
    fn mended(&self, setting: &Setting<'_>) -> Mended<'_> {
        let (options, repairs) = (&setting.options, setting.repairs);
        mend_result(&self.text, self.run, self.rules, options, repairs)
    }
}

/// Every result of a file, mended: `look` is called for it on some thread, and `take` with what it gave in order.
pub(super) fn results_of<T: Send>(
    source: &Source,
    setting: &Setting<'_>,
    look: impl Fn(Read<'_>) -> Result<T, Problem> + Sync,
    take: impl FnMut(&Raw<'_>, T) -> Result<(), Problem>,
) -> Result<(), Problem> {
    let mended = |mut read: Read<'_>| {
        if source.mends {
            read.text = Cow::Owned(read.mended(setting).text.into_owned());
        }
        look(read)
    };
    walked(source, setting, mended, take)
}

/// Results that are looked into by one thread.
#[derive(Default)]
struct Batch {
    text: String,
    /// Of each its place, its start, and how long the white space before it, it and what is behind it are.
    results: Vec<((usize, usize), Position, [usize; 3])>,
}

impl Batch {
    fn push(&mut self, place: (usize, usize), element: &Element<'_>) {
        let texts = [element.before, element.text, element.behind];
        self.text.extend(texts);
        let lengths = texts.map(str::len);
        self.results.push((place, element.start, lengths));
    }

    fn results(&self) -> impl Iterator<Item = Raw<'_>> {
        let mut rest = self.text.as_str();
        self.results.iter().map(move |(place, start, lengths)| {
            let [before, text, behind] = lengths.map(|length| {
                let (part, after) = rest.split_at_checked(length).unwrap_or_default();
                rest = after;
                part
            });
            Raw {
                place: *place,
                start: *start,
                before,
                text,
                behind,
            }
        })
    }
}

fn walked<T: Send>(
    source: &Source,
    setting: &Setting<'_>,
    look: impl Fn(Read<'_>) -> Result<T, Problem> + Sync,
    mut take: impl FnMut(&Raw<'_>, T) -> Result<(), Problem>,
) -> Result<(), Problem> {
    let (mut runs, mut rebases) = (Vec::new(), Vec::new());
    for run in &source.runs {
        let rebase = match (&setting.rebase, &run.raw) {
            (Some(options), Some(raw)) => {
                Some(Rebase::new(raw, options).map_err(|refusal| unfit(&refusal))?)
            }
            _ => None,
        };
        rebases.push(rebase);
        runs.push((&run.run, run.run.rules()));
    }
    let one = |raw: &Raw<'_>, rebases: &mut [Option<Rebase>]| {
        let place = raw.place.0;
        let (run, rules) = runs.get(place).ok_or_else(changed)?;
        let text = match rebases.get_mut(place) {
            Some(Some(rebase)) => rebase.result(raw.text).map_err(|refusal| unfit(&refusal))?,
            _ => Cow::Borrowed(raw.text),
        };
        look(Read {
            place,
            text,
            run,
            rules,
        })
    };
    in_order(
        |batch: Batch| {
            let mut rebases = rebases.clone();
            let looked = batch.results().map(|raw| one(&raw, &mut rebases));
            let looked: Vec<Result<T, Problem>> = looked.collect();
            (batch, looked)
        },
        |(batch, looked)| {
            let mut results = batch.results().zip(looked);
            results.try_for_each(|(raw, looked)| take(&raw, looked?))
        },
        |hand_over| {
            let mut batch = Batch::default();
            let outcome =
                open(&source.found.path).and_then(|file| fill(file, &mut batch, hand_over));
            (batch, outcome)
        },
    )
}

/// Reads the results of a file and hands batches of them over; the last one stays.
fn fill(
    file: impl std::io::Read,
    batch: &mut Batch,
    hand_over: &mut dyn FnMut(Batch) -> Result<(), Problem>,
) -> Result<(), Problem> {
    let mut at: Option<(usize, usize)> = None;
    walk(file, |piece| {
        match piece {
            Piece::Run(..) => at = Some((at.map_or(0, |(run, _)| run + 1), 0)),
            Piece::Result(element) => {
                let place = at.ok_or_else(changed)?;
                at = Some((place.0, place.1 + 1));
                if batch.text.len() >= BATCH {
                    let next = Batch {
                        text: String::with_capacity(batch.text.capacity()),
                        results: Vec::with_capacity(batch.results.len()),
                    };
                    hand_over(std::mem::replace(batch, next))?;
                }
                batch.push(place, &element);
            }
            _ => {}
        }
        Ok(())
    })
    .map_err(problem_of::<Problem>)
}

fn place(raw: &Raw<'_>, at: &Pointer, pointer: &Pointer) -> (String, Position) {
    let before = raw
        .text
        .get(..nearest(raw.text, pointer))
        .unwrap_or_default();
    (
        at.join(pointer).to_string(),
        raw.start.behind(before.as_bytes()),
    )
}
