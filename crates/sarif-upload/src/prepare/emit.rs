//! The prepared files are written: result by result, each into the file that the plan has for it.
#![allow(
    clippy::disallowed_methods,
    reason = "files that a finer plan replaces are taken away"
)]

use super::cut::{self, Cut};
use super::places::Hashes;
use super::plan::Plan;
use super::results::{Read, results_of};
use super::source::{Source, changed, unfit};
use super::threads::in_order;
use super::writer::{All, Part, Writer, unwritable};
use super::{Setting, drops};
use crate::limits::Problem;
use gate_sarif::fingerprint::{Fingerprint, Fingerprints, LINE_HASH_KEY, fingerprint};
use gate_sarif::merge::Reindex;
use gate_sarif::text::{Edit, Pointer, apply};
use gate_sarif::{Run, SarifResult, subject};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs;

pub(super) fn emit(
    sources: &[Source],
    plan: &Plan,
    hashes: &Hashes,
    setting: &Setting<'_>,
) -> Result<(Vec<Part>, Fingerprints), Problem> {
    let mut fingerprints = Fingerprints::default();
    let mut changes = Changes {
        reindex: plan.reindex.clone(),
        cuts: plan.cuts.clone(),
    };
    let mut writers: Vec<Writer<'_>> = plan.outputs.iter().map(|_| Writer::default()).collect();
    let mut parts: Vec<Option<Part>> = plan.outputs.iter().map(|_| None).collect();
    let passes = passes(plan);
    let all = All {
        sources,
        plan,
        setting,
    };
    for routes in &passes {
        for (file, source) in sources.iter().enumerate() {
            if routes.range((file, 0)..(file + 1, 0)).next().is_some() {
                let one = One {
                    file,
                    source,
                    hashes,
                    all: &all,
                };
                one.results(routes, &mut changes, &mut writers, &mut fingerprints)?;
            }
            // What is complete is closed, or as many files would be open as there are.
            if passes.len() == 1 {
                let complete = writers.iter_mut().enumerate();
                let complete = complete
                    .filter(|(output, _)| plan.last_file(*output) == Some(file))
                    .map(|(output, writer)| (output, std::mem::take(writer)));
                finish(complete.collect(), &all, &mut parts)?;
            }
        }
    }
    let rest = writers.into_iter().enumerate();
    let rest = rest.filter(|(output, _)| parts.get(*output).is_some_and(Option::is_none));
    finish(rest.collect(), &all, &mut parts)?;
    Ok((parts.into_iter().flatten().collect(), fingerprints))
}

/// Brings files to their end, some at a time: a disk is waited for with each.
fn finish<'a>(
    mut writers: Vec<(usize, Writer<'a>)>,
    all: &All<'a>,
    parts: &mut [Option<Part>],
) -> Result<(), Problem> {
    let last = writers.pop();
    in_order(
        |(output, writer): (usize, Writer<'a>)| (output, writer.finish(output, all)),
        |(output, part)| {
            if let Some(place) = parts.get_mut(output) {
                *place = Some(part?);
            }
            Ok(())
        },
        |send| (last, writers.into_iter().try_for_each(send)),
    )
}

/// Where the results of a run go: to one of these places of outputs.
type Routes = BTreeMap<(usize, usize), Vec<(usize, usize)>>;

/// The runs of an output are written one after the other. So where one of them comes from several files, with another
/// behind it, the files are read more than once.
fn passes(plan: &Plan) -> Vec<Routes> {
    let mut passes = vec![Routes::new()];
    for (output, of) in plan.outputs.iter().enumerate() {
        let mut last = 0;
        for (place, (unit, _)) in of.pieces.iter().enumerate() {
            let inputs = plan.units.get(*unit).map_or(&[][..], |unit| &unit.inputs);
            let files = || inputs.iter().map(|(file, _)| *file);
            let (least, most) = (files().min().unwrap_or(0), files().max().unwrap_or(0));
            if place > 0 && least < last {
                passes.push(Routes::new());
            }
            last = most;
            if let Some(routes) = passes.last_mut() {
                for input in inputs {
                    routes.entry(*input).or_default().push((output, place));
                }
            }
        }
    }
    passes
}

/// Takes files away that a finer plan replaces.
pub(super) fn remove(parts: &[Part]) {
    for part in parts {
        // One that stays is written over or is no harm: what is sent is named in the receipt.
        let _ = fs::remove_file(&part.path);
    }
}

/// What is done to results while they are written, as far as it is done.
struct Changes {
    reindex: BTreeMap<(usize, usize), Reindex>,
    cuts: BTreeMap<usize, Cut>,
}

/// What is found out about a result alone.
#[derive(Default)]
struct Looked {
    /// Where it changes.
    text: Option<String>,
    /// Its place in the counts, where some may have to go.
    severity: Option<usize>,
    fingerprint: Option<Fingerprint>,
    /// By which its part is chosen, where that was not known before.
    key: u64,
}

/// A file of them.
struct One<'o, 'a> {
    file: usize,
    source: &'a Source,
    hashes: &'o Hashes,
    all: &'o All<'a>,
}

impl<'a> One<'_, 'a> {
    fn results(
        &self,
        routes: &Routes,
        changes: &mut Changes,
        writers: &mut [Writer<'a>],
        fingerprints: &mut Fingerprints,
    ) -> Result<(), Problem> {
        let setting = self.all.setting;
        let look = |read: Read<'_>| {
            let routes = routes.get(&(self.file, read.place));
            Ok(routes.and_then(|routes| self.look(read, routes.len() > 1)))
        };
        results_of(self.source, setting, look, |raw, looked| {
            let input = (self.file, raw.place.0);
            let (Some(looked), Some(routes)) = (looked, routes.get(&input)) else {
                return Ok(());
            };
            let cut = self
                .unit(routes)
                .and_then(|unit| changes.cuts.get_mut(&unit));
            if let (Some(cut), Some(severity)) = (cut, looked.severity)
                && !cut.keeps(severity)
            {
                return Ok(());
            }
            if let Some(fingerprint) = looked.fingerprint {
                fingerprints.count(fingerprint);
            }
            let mut text = Cow::Borrowed(looked.text.as_deref().unwrap_or(raw.text));
            if let Some(reindex) = changes.reindex.get_mut(&input) {
                let renamed = reindex.result(&text).map(Cow::into_owned);
                text = Cow::Owned(renamed.map_err(|refusal| unfit(&refusal))?);
            }
            let chosen = match routes.len() {
                1 => 0,
                parts => {
                    let known = setting
                        .keys()
                        .then(|| self.key(raw.place).ok_or_else(changed));
                    let key = known.transpose()?.unwrap_or(looked.key);
                    usize::try_from(key % parts as u64).unwrap_or_default()
                }
            };
            let (output, place) = routes.get(chosen).ok_or_else(changed)?;
            let writer = writers.get_mut(*output).ok_or_else(changed)?;
            writer.goes_to(*output, *place, self.all)?;
            writer
                .result([raw.before, &text, raw.behind])
                .map_err(unwritable)
        })
    }

    /// What is known of a result since the file was judged.
    fn key(&self, (run, index): (usize, usize)) -> Option<u64> {
        let key = self.source.runs.get(run)?.keys.get(index)?;
        Some(u64::from(*key))
    }

    /// What becomes of a result, which may go to several places; `None` where it is left out.
    fn look(&self, read: Read<'_>, several: bool) -> Option<Looked> {
        let setting = self.all.setting;
        let (run, rules) = (read.run, read.rules);
        let result = (several && !setting.keys() || setting.looks_into(&read.text))
            .then(|| serde_json::from_str::<SarifResult>(&read.text).ok())
            .flatten();
        let mut looked = Looked::default();
        let mut text = read.text;
        if let Some(result) = &result {
            if drops(run, rules, result, setting) {
                return None;
            }
            looked.severity = setting.cuts().then(|| cut::place(result, rules));
            looked.fingerprint = self.fingerprint(run, result);
            if let Some(Fingerprint::Set(hash)) = looked.fingerprint {
                text = Cow::Owned(with_hash(&text, result, &hash.to_string()));
            }
            if several && !setting.keys() {
                let hash = match looked.fingerprint {
                    Some(Fingerprint::Set(hash) | Fingerprint::Foreign(hash)) => {
                        Some(hash.to_string())
                    }
                    _ => None,
                };
                looked.key = subject(run, rules, result, hash.as_deref());
            }
        }
        if let Cow::Owned(text) = text {
            looked.text = Some(text);
        }
        Some(looked)
    }

    /// The unit that a run's results go to: all its routes lead there.
    fn unit(&self, routes: &[(usize, usize)]) -> Option<usize> {
        let (output, place) = routes.first()?;
        let (unit, _) = self.all.plan.outputs.get(*output)?.pieces.get(*place)?;
        Some(*unit)
    }

    fn fingerprint(&self, run: &Run, result: &SarifResult) -> Option<Fingerprint> {
        let setting = self.all.setting;
        let hash = || self.hashes.of(run, result, setting);
        setting.fingerprints.then(|| fingerprint(result, hash()))
    }
}

/// The result with its line's hash.
fn with_hash(text: &str, result: &SarifResult, hash: &str) -> String {
    const FINGERPRINTS: &str = "partialFingerprints";
    // The common case needs no search: an object that has a location and no such key. Keys may be spelled with escapes.
    if let Some(members) = text.strip_prefix('{')
        && !text.contains(FINGERPRINTS)
        && !text.contains("\\u")
    {
        return [
            "{\"",
            FINGERPRINTS,
            "\":{\"",
            LINE_HASH_KEY,
            "\":\"",
            hash,
            "\"},",
            members,
        ]
        .concat();
    }
    let at = Pointer::root().at(FINGERPRINTS);
    let edit = if result.partial_fingerprints.is_empty() {
        let hash = format!("{{\"{LINE_HASH_KEY}\":\"{hash}\"}}");
        Edit::json(at, hash)
    } else {
        Edit::text(at.at(LINE_HASH_KEY), hash)
    };
    apply(text, [&edit]).map_or_else(|_| text.to_owned(), Cow::into_owned)
}
