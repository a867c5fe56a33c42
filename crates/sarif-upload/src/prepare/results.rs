//! The results of a file, one by one: judged, and handed on as they are written.

use super::batch::{Batch, Looked, Raw, fill};
use super::input::open;
use super::places::Places;
use super::source::{Source, changed, tell, unfit};
use super::threads::in_order;
use super::{Setting, cut, drops};
use crate::limits::Problem;
use gate_sarif::check::{Mended, mend_result, mend_result_with_subject};
use gate_sarif::rebase::Rebase;
use gate_sarif::text::Pointer;
use gate_sarif::{Rules, Run, SarifResult, subject};
use std::borrow::Cow;

/// No plan has more results than these in a run.
const MOST_KEYS: usize = 25_600_000;

/// Judges every result: what is wrong, how many are written, which lines of sources are wanted.
pub(super) fn judge(
    source: &mut Source,
    setting: &Setting<'_>,
    places: &mut Places,
) -> Result<(), Problem> {
    let mut counts: Vec<Counted> = source.runs.iter().map(|_| Counted::default()).collect();
    let mut mends = false;
    let mut told = std::mem::take(&mut source.told);
    walked(
        source,
        setting,
        |read| Ok(looked_at(&read, setting)),
        |raw, judged| {
            let mended = judged.mended.as_deref();
            mends |= mended.is_some_and(|mended| !mended.done.is_empty());
            let count = counts.get_mut(raw.place.0).ok_or_else(changed)?;
            if let Some(key) = judged.key.filter(|_| count.keys.len() < MOST_KEYS) {
                count.keys.push(key);
            }
            if judged.drops {
                count.dropped += 1;
                return Ok(());
            }
            if let Some((path, line)) = judged.line {
                places.want(path, line);
            }
            if let Some(place) = judged.severity
                && let Some(same) = count.severities.get_mut(place)
            {
                *same += 1;
            }
            count.kept += 1;
            if let Some(mended) = mended {
                tell(&mut told, mended, |pointer| {
                    let (run, index) = raw.place;
                    let at = Pointer::root().at("runs").at(run).at("results").at(index);
                    (at.join(pointer).to_string(), raw.position(pointer))
                });
            }
            Ok(())
        },
    )?;
    source.told = told;
    source.mends = mends;
    for (run, counted) in source.runs.iter_mut().zip(counts) {
        (run.kept, run.dropped) = (counted.kept, counted.dropped);
        (run.severities, run.keys) = (counted.severities, counted.keys);
    }
    Ok(())
}

/// The results of a run.
#[derive(Default)]
struct Counted {
    kept: u64,
    dropped: u64,
    severities: cut::Counts,
    keys: Vec<u16>,
}

/// What is found out about a result alone.
struct Judged {
    /// Without its text; none where nothing is wrong with it, as with most.
    mended: Option<Box<Mended<'static>>>,
    drops: bool,
    /// The line of a source that it wants the hash of.
    line: Option<(String, u32)>,
    /// Its place in the counts, where these are wanted.
    severity: Option<usize>,
    /// What chooses its part, where that is known now and may be wanted.
    key: Option<u16>,
}

fn looked_at(read: &Read<'_>, setting: &Setting<'_>) -> Judged {
    let (run, rules) = (read.run, read.rules);
    let (options, repairs) = (&setting.options, setting.repairs);
    let (mended, about) = if setting.keys() {
        mend_result_with_subject(&read.text, run, rules, options, repairs)
    } else {
        (read.mended(setting), None)
    };
    let Mended { text, done, left } = mended;
    let keyless = setting.keys() && about.is_none();
    let result = (keyless || setting.looks_into(&text))
        .then(|| serde_json::from_str::<SarifResult>(&text).ok())
        .flatten();
    let result = result.as_ref();
    let key = || {
        let about = about.or_else(|| Some(subject(run, rules, result?, None)));
        // So many bits are enough for all parts that there may be.
        (about.unwrap_or_default() & u64::from(u16::MAX)).try_into()
    };
    Judged {
        key: setting.keys().then(key).and_then(Result::ok),
        drops: result.is_some_and(|result| drops(run, rules, result, setting)),
        line: result.and_then(|result| Places::line(run, result, setting)),
        severity: result
            .filter(|_| setting.cuts())
            .map(|result| cut::place(result, rules)),
        mended: (!done.is_empty() || !left.is_empty()).then(|| {
            Box::new(Mended {
                text: Cow::default(),
                done,
                left,
            })
        }),
    }
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
    let one = |place: usize, text: &str, rebase: Option<&mut Rebase>| {
        let (run, rules) = runs.get(place).ok_or_else(changed)?;
        let text = match rebase {
            Some(rebase) => rebase.result(text).map_err(|refusal| unfit(&refusal))?,
            None => Cow::Borrowed(text),
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
            let place = batch.run;
            let mut rebase = rebases.get(place).cloned().flatten();
            batch.looked(|text| one(place, text, rebase.as_mut()))
        },
        |looked: Result<Looked<T>, Problem>| looked?.take(&mut take),
        |hand_over| {
            let mut last = None;
            let outcome = open(&source.found.path)
                .and_then(|file| fill(file, &source.runs, &mut last, hand_over));
            (last, outcome)
        },
    )
}
