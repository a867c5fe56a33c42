//! A prepared file while it is written: the text around its runs, and each run around its results.
#![allow(
    clippy::disallowed_methods,
    reason = "writing the prepared files is what this module is for"
)]

use super::Setting;
use super::plan::Plan;
use super::source::{Source, changed};
use crate::limits::{MAX_GZIP, Problem};
use crate::receipt::RunReceipt;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::collections::BTreeSet;
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

/// What is written, and how.
pub(super) struct All<'a> {
    pub(super) sources: &'a [Source],
    pub(super) plan: &'a Plan,
    pub(super) setting: &'a Setting<'a>,
}

/// A file that is being written.
#[derive(Default)]
pub(super) struct Writer<'a> {
    sink: Option<Sink>,
    path: PathBuf,
    /// The run that is open: its place in the output, and what comes behind its results.
    open: Option<(usize, &'a str, &'a str)>,
    runs: Vec<RunReceipt>,
}

/// What is written at once. An encoder takes each piece in its turn, with work for each that does not depend on its size,
/// and of many files that are written at a time none finds its encoder in the processor's memory.
const BLOCK: usize = 32 * 1024;

enum Sink {
    Gzip(Box<BufWriter<GzEncoder<File>>>),
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
    pub(super) fn goes_to(
        &mut self,
        output: usize,
        place: usize,
        all: &All<'a>,
    ) -> Result<(), Problem> {
        while self.open.is_none_or(|(open, ..)| open < place) {
            let next = self.open.map_or(0, |(open, ..)| open + 1);
            self.next(output, next, all)?;
        }
        Ok(())
    }

    fn next(&mut self, output: usize, place: usize, all: &All<'a>) -> Result<(), Problem> {
        let of = all.plan.outputs.get(output).ok_or_else(changed)?;
        let source = all.sources.get(of.file).ok_or_else(changed)?;
        if self.sink.is_none() {
            self.path = all.setting.out.join(&of.name);
            let file = File::create(partial(&self.path)).map_err(unwritable)?;
            self.sink = Some(if all.setting.packed {
                let gzip = GzEncoder::new(file, Compression::default());
                Sink::Gzip(Box::new(BufWriter::with_capacity(BLOCK, gzip)))
            } else {
                Sink::Plain(BufWriter::with_capacity(BLOCK, file))
            });
            let head = source.log.text.get(..source.log.slot.unwrap_or_default());
            self.text(head.unwrap_or_default()).map_err(unwritable)?;
        }
        self.close().map_err(unwritable)?;
        let (unit, part) = of.pieces.get(place).ok_or_else(changed)?;
        let unit = all.plan.units.get(*unit).ok_or_else(changed)?;
        let part = unit.parts.get(*part).ok_or_else(changed)?;
        let (file, run) = unit.inputs.first().ok_or_else(changed)?;
        let run = all
            .sources
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

    pub(super) fn result(&mut self, texts: [&str; 3]) -> io::Result<()> {
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
    pub(super) fn finish(mut self, output: usize, all: &All<'a>) -> Result<Part, Problem> {
        let of = all.plan.outputs.get(output).ok_or_else(changed)?;
        self.goes_to(output, of.pieces.len().saturating_sub(1), all)?;
        let source = all.sources.get(of.file).ok_or_else(changed)?;
        let tail = source.log.text.get(source.log.slot.unwrap_or_default()..);
        let path = self.path.clone();
        let mut done = || -> io::Result<u64> {
            self.close()?;
            self.text(tail.unwrap_or_default())?;
            let file = match self.sink.take() {
                Some(Sink::Gzip(sink)) => sink.into_inner()?.finish()?,
                Some(Sink::Plain(sink)) => sink.into_inner()?,
                None => return Ok(0),
            };
            file.sync_data()?;
            let bytes = file.metadata()?.len();
            fs::rename(partial(&path), &path)?;
            if all.setting.packed || bytes <= MAX_GZIP {
                return Ok(bytes);
            }
            let mut gzip = GzEncoder::new(Count(0), Compression::default());
            io::copy(&mut File::open(&path)?, &mut gzip)?;
            Ok(gzip.finish()?.0)
        };
        let units = of
            .pieces
            .iter()
            .filter_map(|(unit, _)| all.plan.units.get(*unit));
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
pub(super) fn unwritable(error: io::Error) -> Problem {
    Problem::new(
        format!("the prepared file cannot be written: {error}"),
        "name a folder that can be written with --out, with room for it",
    )
}
