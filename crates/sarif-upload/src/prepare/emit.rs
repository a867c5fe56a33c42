//! The prepared files are written: result by result, each into the file that the plan has for it.
#![allow(
    clippy::disallowed_methods,
    reason = "writing the prepared files is what this module is for"
)]

use super::places::Hashes;
use super::plan::Plan;
use super::source::{Source, changed, results_of};
use super::{Setting, drops};
use crate::limits::{MAX_GZIP, Problem};
use crate::receipt::RunReceipt;
use flate2::Compression;
use flate2::write::GzEncoder;
use gate_sarif::fingerprint::{Fingerprint, Fingerprints, LINE_HASH_KEY, fingerprint};
use gate_sarif::merge::Reindex;
use gate_sarif::text::{Edit, Pointer, apply};
use gate_sarif::{Rules, Run, SarifResult};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// A file that was written.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    pub(crate) path: PathBuf,
    /// The files it comes from: their places among the sources.
    pub(crate) sources: Vec<usize>,
    /// Bytes after compression; where it is so small that it fits in any case, before.
    pub(crate) gzip: u64,
    pub(crate) runs: Vec<RunReceipt>,
}

pub(super) fn emit(
    sources: &[Source],
    plan: &Plan,
    hashes: &Hashes,
    setting: &Setting<'_>,
) -> Result<(Vec<Part>, Fingerprints), Problem> {
    let mut fingerprints = Fingerprints::default();
    let mut reindex = plan.reindex.clone();
    let mut writers: Vec<Writer<'_>> = plan.outputs.iter().map(|_| Writer::default()).collect();
    let mut parts: Vec<Option<Part>> = plan.outputs.iter().map(|_| None).collect();
    let passes = passes(plan);
    for routes in &passes {
        for (file, source) in sources.iter().enumerate() {
            if routes.range((file, 0)..(file + 1, 0)).next().is_some() {
                let one = One {
                    file,
                    source,
                    sources,
                    plan,
                    hashes,
                    setting,
                };
                one.results(routes, &mut reindex, &mut writers, &mut fingerprints)?;
            }
            // What is complete is closed, or as many files would be open as there are.
            if passes.len() == 1 {
                for (output, part) in parts.iter_mut().enumerate() {
                    if plan.last_file(output) == Some(file)
                        && let Some(writer) = writers.get_mut(output)
                    {
                        *part =
                            Some(std::mem::take(writer).finish(output, sources, plan, setting)?);
                    }
                }
            }
        }
    }
    for (output, (part, writer)) in parts.iter_mut().zip(writers).enumerate() {
        if part.is_none() {
            *part = Some(writer.finish(output, sources, plan, setting)?);
        }
    }
    Ok((parts.into_iter().flatten().collect(), fingerprints))
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

struct One<'a> {
    file: usize,
    source: &'a Source,
    sources: &'a [Source],
    plan: &'a Plan,
    hashes: &'a Hashes,
    setting: &'a Setting<'a>,
}

impl<'a> One<'a> {
    fn results(
        &self,
        routes: &Routes,
        reindex: &mut BTreeMap<(usize, usize), Reindex>,
        writers: &mut [Writer<'a>],
        fingerprints: &mut Fingerprints,
    ) -> Result<(), Problem> {
        results_of(self.source, self.setting, |read| {
            let (run, of, rules) = (read.place.0, read.run, read.rules);
            let Some(routes) = routes.get(&(self.file, run)) else {
                return Ok(());
            };
            let setting = self.setting;
            let mut text = read.text;
            let mut key = 0;
            let result: Option<SarifResult> = serde_json::from_str(&text).ok();
            if let Some(result) = &result {
                if drops(of, rules, result, setting) {
                    return Ok(());
                }
                let hash = self.hash(of, result, fingerprints);
                if let Some(Fingerprint::Set(hash)) = hash {
                    text = Cow::Owned(with_hash(&text, result, &hash.to_string()));
                }
                key = identity(of, rules, result, hash);
            }
            if let Some(reindex) = reindex.get_mut(&(self.file, run)) {
                let renamed = reindex.result(&text).map(Cow::into_owned);
                text = Cow::Owned(renamed.map_err(|_| changed())?);
            }
            let chosen = usize::try_from(key % routes.len().max(1) as u64).unwrap_or_default();
            let (output, place) = routes.get(chosen).ok_or_else(changed)?;
            let writer = writers.get_mut(*output).ok_or_else(changed)?;
            writer.goes_to(*output, *place, self.sources, self.plan, setting)?;
            writer
                .result([read.element.before, &text, read.element.behind])
                .map_err(unwritable)
        })
    }

    fn hash(
        &self,
        run: &Run,
        result: &SarifResult,
        sums: &mut Fingerprints,
    ) -> Option<Fingerprint> {
        self.setting.fingerprints.then(|| {
            let what = fingerprint(result, self.hashes.of(run, result, self.setting));
            sums.count(what);
            what
        })
    }
}

/// The result with its line's hash.
fn with_hash(text: &str, result: &SarifResult, hash: &str) -> String {
    let at = Pointer::root().at("partialFingerprints");
    let edit = if result.partial_fingerprints.is_empty() {
        let hash = format!("{{\"{LINE_HASH_KEY}\":\"{hash}\"}}");
        Edit::json(at, hash)
    } else {
        Edit::text(at.at(LINE_HASH_KEY), hash)
    };
    apply(text, [&edit]).map_or_else(|_| text.to_owned(), Cow::into_owned)
}

/// A number that stays the same while the result is about the same thing, by which its part is chosen: an alert must not
/// wander between categories.
fn identity(run: &Run, rules: &Rules<'_>, result: &SarifResult, hash: Option<Fingerprint>) -> u64 {
    let place = run.place(result);
    let line = match hash {
        Some(Fingerprint::Set(hash) | Fingerprint::Foreign(hash)) => hash.to_string(),
        _ => place
            .as_ref()
            .and_then(|(_, region)| region.start_line)
            .map_or_else(String::new, |line| line.to_string()),
    };
    let own = result.partial_fingerprints.get(LINE_HASH_KEY);
    let path = place.map_or_else(String::new, |(place, _)| match place {
        gate_sarif::Place::Inside(path)
        | gate_sarif::Place::Absolute(path)
        | gate_sarif::Place::Elsewhere(path) => path,
    });
    // FNV-1a: stable over versions of this program, which the standard library's is not.
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for part in [
        rules.id_of(result),
        &path,
        own.map_or(line.as_str(), String::as_str),
    ] {
        for byte in part.bytes().chain([0]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    hash ^ hash >> 32
}

/// A file that is being written.
#[derive(Default)]
struct Writer<'a> {
    sink: Option<Sink>,
    path: PathBuf,
    /// The run that is open: its place in the output, and what comes behind its results.
    open: Option<(usize, &'a str, &'a str)>,
    runs: Vec<RunReceipt>,
}

enum Sink {
    Gzip(Box<GzEncoder<BufWriter<File>>>),
    Plain(BufWriter<File>),
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Gzip(sink) => sink.write(bytes),
            Self::Plain(sink) => sink.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Gzip(sink) => sink.flush(),
            Self::Plain(sink) => sink.flush(),
        }
    }
}

impl<'a> Writer<'a> {
    /// Opens the run at a place of the output, and all before it.
    fn goes_to(
        &mut self,
        output: usize,
        place: usize,
        sources: &'a [Source],
        plan: &'a Plan,
        setting: &Setting<'_>,
    ) -> Result<(), Problem> {
        while self.open.is_none_or(|(open, ..)| open < place) {
            let next = self.open.map_or(0, |(open, ..)| open + 1);
            self.next(output, next, sources, plan, setting)?;
        }
        Ok(())
    }

    fn next(
        &mut self,
        output: usize,
        place: usize,
        sources: &'a [Source],
        plan: &'a Plan,
        setting: &Setting<'_>,
    ) -> Result<(), Problem> {
        let of = plan.outputs.get(output).ok_or_else(changed)?;
        let source = sources.get(of.file).ok_or_else(changed)?;
        if self.sink.is_none() {
            self.path = setting.out.join(&of.name);
            let file = BufWriter::new(File::create(partial(&self.path)).map_err(unwritable)?);
            self.sink = Some(if setting.packed {
                Sink::Gzip(Box::new(GzEncoder::new(file, Compression::default())))
            } else {
                Sink::Plain(file)
            });
            let head = source.log.text.get(..source.log.slot.unwrap_or_default());
            self.text(head.unwrap_or_default()).map_err(unwritable)?;
        }
        self.close().map_err(unwritable)?;
        let (unit, part) = of.pieces.get(place).ok_or_else(changed)?;
        let unit = plan.units.get(*unit).ok_or_else(changed)?;
        let part = unit.parts.get(*part).ok_or_else(changed)?;
        let (file, run) = unit.inputs.first().ok_or_else(changed)?;
        let run = sources
            .get(*file)
            .and_then(|source| source.runs.get(*run))
            .ok_or_else(changed)?;
        let (before, behind) = part
            .hollow
            .text
            .split_at_checked(part.hollow.slot.unwrap_or_default())
            .ok_or_else(changed)?;
        let comma = if place > 0 { "," } else { "" };
        for text in [comma, &run.around[0], before] {
            self.text(text).map_err(unwritable)?;
        }
        self.open = Some((place, behind, &run.around[1]));
        self.runs.push(RunReceipt {
            tool: unit.tool.clone(),
            category: part.category.clone(),
            results: 0,
        });
        Ok(())
    }

    fn close(&mut self) -> io::Result<()> {
        if let Some((_, behind, around)) = self.open {
            self.text(behind)?;
            self.text(around)?;
        }
        Ok(())
    }

    fn result(&mut self, texts: [&str; 3]) -> io::Result<()> {
        if let Some(run) = self.runs.last_mut() {
            run.results += 1;
            if run.results > 1 {
                self.text(",")?;
            }
        }
        texts.into_iter().try_for_each(|text| self.text(text))
    }

    fn text(&mut self, text: &str) -> io::Result<()> {
        self.sink
            .as_mut()
            .map_or(Ok(()), |sink| sink.write_all(text.as_bytes()))
    }

    /// The file, whole, under its name.
    fn finish(
        mut self,
        output: usize,
        sources: &'a [Source],
        plan: &'a Plan,
        setting: &Setting<'_>,
    ) -> Result<Part, Problem> {
        let of = plan.outputs.get(output).ok_or_else(changed)?;
        self.goes_to(
            output,
            of.pieces.len().saturating_sub(1),
            sources,
            plan,
            setting,
        )?;
        let source = sources.get(of.file).ok_or_else(changed)?;
        let tail = source.log.text.get(source.log.slot.unwrap_or_default()..);
        let path = self.path.clone();
        let mut done = || -> io::Result<u64> {
            self.close()?;
            self.text(tail.unwrap_or_default())?;
            let file = match self.sink.take() {
                Some(Sink::Gzip(sink)) => sink.finish()?.into_inner()?,
                Some(Sink::Plain(sink)) => sink.into_inner()?,
                None => return Ok(0),
            };
            file.sync_data()?;
            let bytes = file.metadata()?.len();
            fs::rename(partial(&path), &path)?;
            if setting.packed || bytes <= MAX_GZIP {
                return Ok(bytes);
            }
            let mut gzip = GzEncoder::new(Count(0), Compression::default());
            io::copy(&mut File::open(&path)?, &mut gzip)?;
            Ok(gzip.finish()?.0)
        };
        let units = of
            .pieces
            .iter()
            .filter_map(|(unit, _)| plan.units.get(*unit));
        let files: BTreeSet<usize> = units
            .flat_map(|unit| &unit.inputs)
            .map(|(file, _)| *file)
            .collect();
        Ok(Part {
            gzip: done().map_err(unwritable)?,
            sources: files.into_iter().collect(),
            runs: self.runs,
            path,
        })
    }
}

struct Count(u64);

impl Write for Count {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn partial(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".partial");
    PathBuf::from(name)
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "it is what `map_err` hands on"
)]
fn unwritable(error: io::Error) -> Problem {
    Problem::new(
        format!("the prepared file cannot be written: {error}"),
        "name a folder that can be written with --out, with room for it",
    )
}
