//! Report files to coverage of tracked files.

use crate::paths::{Mapped, Mapper};
use crate::report_file::{Kind, parse, too_many_skipped};
use crate::settings::Config;
use gate_evidence::Limits;
use gate_evidence::coverage::{self, Coverage, FileCoverage, Format, Others};
use gate_runner::{Missing, Report, Selection, counted};
use gate_verdict::{Code, EvidenceRef, Ratio};
use std::collections::{BTreeMap, HashMap, HashSet};

/// Coverage reports.
static COVERAGE: Kind<Format> = Kind {
    sniff: coverage::sniff,
    name: |format| format.name,
    formats: coverage::FORMATS,
    noun: "a report",
    other: "point `reports:` at a coverage report, or let the tool that writes it finish",
    broken: |error| error.kind.next_step(),
};

/// What report files came to.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    /// By tracked path.
    pub(crate) coverage: Coverage,
    pub(crate) evidence: Vec<EvidenceRef>,
    pub(crate) notices: Vec<String>,
    unmapped: BTreeMap<String, Unmapped>,
    /// The format that a tracked file was first reported in; nothing where it was several.
    formats: HashMap<String, Option<&'static str>>,
}

/// A path of a report that leads to no tracked file.
#[derive(Debug)]
struct Unmapped {
    lines: usize,
    report: String,
    /// Tracked files that it may mean.
    candidates: Vec<String>,
}

/// Reads all reports and unites what they say about each tracked file; beside
/// it, why that is not enough to judge by.
pub(crate) fn read(
    reports: &[Report],
    mapper: &mut Mapper<'_>,
    selection: &Selection,
    config: &Config,
    kind: &str,
) -> (Reading, Result<(), Missing>) {
    let mut reading = Reading::default();
    let outcome = read_all(reports, mapper, selection, (config, kind), &mut reading);
    (reading, outcome)
}

fn read_all(
    reports: &[Report],
    mapper: &mut Mapper<'_>,
    selection: &Selection,
    (config, kind): (&Config, &str),
    reading: &mut Reading,
) -> Result<(), Missing> {
    for report in reports {
        let mut known = Known {
            mapper,
            coverage: &mut reading.coverage,
            formats: &reading.formats,
            format: "",
            added: HashSet::new(),
        };
        let (read, format, sha256) = parse(report, &COVERAGE, |format, reader| {
            known.format = format.name;
            coverage::parse_beside(format, reader, Limits::default(), &mut known)
        })?;
        let added = known.added;
        reading.notices.extend(
            read.notes
                .iter()
                .map(|note| format!("{}: {note}", report.path)),
        );
        let counts = (read.records, read.skipped);
        too_many_skipped(report, counts, &read.notes, config, "coverage")?;
        let evidence = EvidenceRef {
            kind: kind.to_owned(),
            format: Some(format.to_owned()),
            path: Some(report.path.clone()),
            sha256: Some(sha256),
            tool: None,
            records: read.records,
            skipped: read.skipped,
            excluded: 0,
        };
        let excluded = take_in(reading, (report, format), (read, added), mapper, selection);
        reading.evidence.push(EvidenceRef {
            excluded,
            ..evidence
        });
    }
    for path in reading.coverage.unstable.iter().take(MOST_SHOWN) {
        reading.notices.push(format!(
            "{path}: the reports disagree about which of its lines or branches can be measured; the union counts"
        ));
    }
    unmapped(reading, config)
}

/// What is known before a report is read.
struct Known<'a> {
    mapper: &'a Mapper<'a>,
    coverage: &'a mut Coverage,
    formats: &'a HashMap<String, Option<&'static str>>,
    /// That of the report.
    format: &'static str,
    /// Tracked files to which something of the report was added.
    added: HashSet<String>,
}

impl Others for Known<'_> {
    fn add_to(&mut self, path: &str, add: &mut dyn FnMut(&mut FileCoverage) -> bool) -> bool {
        let Some(path) = self.mapper.sure(path) else {
            return false;
        };
        // names mean something within a format only
        let of_format = self.formats.get(&path) == Some(&Some(self.format));
        let known = self.coverage.files.get_mut(&path).filter(|_| of_format);
        let added = known.is_some_and(add);
        if added {
            self.added.insert(path);
        }
        added
    }
}

/// How many paths a message names.
const MOST_SHOWN: usize = 5;

/// Unites what was not `added` yet of a report with the others; how many of its files are left out.
fn take_in(
    reading: &mut Reading,
    (report, format): (&Report, &'static str),
    (read, added): (Coverage, HashSet<String>),
    mapper: &mut Mapper<'_>,
    selection: &Selection,
) -> u64 {
    mapper.look_below(&read.sources);
    let mut excluded = 0;
    let mut paths = mapper.map(read.files.keys().map(String::as_str), added.clone());
    let mapped: Vec<Mapped> = read
        .files
        .keys()
        .map(|written| paths.remove(written.as_str()).unwrap_or(Mapped::Unmapped))
        .collect();
    for ((written, file), mapped) in read.files.into_iter().zip(mapped) {
        match mapped {
            Mapped::Tracked(path) if selection.selects(&path) => {
                let file = of_format(reading, &path, file, format);
                if added.contains(&path) {
                    reading.coverage.merge_more(&path, file);
                } else {
                    reading.coverage.merge_file(path, file);
                }
            }
            Mapped::Tracked(_) | Mapped::Outside => excluded += 1,
            Mapped::Unmapped if selection.excludes(&written) => excluded += 1,
            Mapped::Unmapped => {
                let candidates = mapper.candidates(&written);
                let known = reading.unmapped.entry(written).or_insert_with(|| Unmapped {
                    lines: 0,
                    report: report.path.clone(),
                    candidates,
                });
                known.lines = known.lines.max(measured(&file));
            }
        }
    }
    excluded
}

/// A file as it can be united with what is known of it: names mean something
/// within a format only.
fn of_format(
    reading: &mut Reading,
    path: &str,
    file: FileCoverage,
    format: &'static str,
) -> FileCoverage {
    let known = reading
        .formats
        .entry(path.to_owned())
        .or_insert(Some(format));
    if *known == Some(format) {
        return file;
    }
    if known.take().is_some()
        && let Some(before) = reading.coverage.files.get_mut(path)
    {
        *before = std::mem::take(before).without_names();
    }
    file.without_names()
}

fn measured(file: &FileCoverage) -> usize {
    let summary = file.summary.map_or(0, |totals| totals.lines.total);
    file.lines.len() + usize::try_from(summary).unwrap_or(usize::MAX)
}

/// Measured lines whose file is not known: a few are said; many mean that the
/// report is about another tree, or that its paths need a hint.
fn unmapped(reading: &mut Reading, config: &Config) -> Result<(), Missing> {
    if reading.unmapped.is_empty() {
        return Ok(());
    }
    let mapped: usize = reading.coverage.files.values().map(measured).sum();
    let lines: usize = reading.unmapped.values().map(|one| one.lines).sum();
    let text = format!(
        "{} in {} of the reports belong to no tracked file: {}",
        counted(lines, "measured line"),
        counted(reading.unmapped.len(), "file"),
        shown(&reading.unmapped)
    );
    let all = (mapped + lines) as u64;
    if mapped == 0 || !is_at_most(lines as u64, all, config.max_unmapped) {
        return Err(Missing::new(
            Code::EvidenceInsufficient,
            text,
            "write the report with paths relative to the root, say with `rewrite_paths` where they lead, or name what is not code of yours under `exclude:`",
        ));
    }
    reading.notices.push(format!("{text}; they are left out"));
    Ok(())
}

/// The paths with most lines first, and what each may mean.
fn shown(unmapped: &BTreeMap<String, Unmapped>) -> String {
    let mut paths: Vec<_> = unmapped.iter().collect();
    paths.sort_by_key(|(path, one)| (std::cmp::Reverse(one.lines), path.as_str()));
    let mut shown: Vec<String> = paths
        .iter()
        .take(MOST_SHOWN)
        .map(|(path, one)| {
            let means = match one.candidates.as_slice() {
                [] => String::from("no tracked file is called that"),
                [only] => format!("nearest: `{only}`"),
                several => {
                    let several: Vec<_> = several.iter().map(|one| format!("`{one}`")).collect();
                    format!("it may be {}", several.join(" or "))
                }
            };
            format!("`{path}` in {} ({means})", one.report)
        })
        .collect();
    if let Some(more @ 1..) = paths.len().checked_sub(MOST_SHOWN) {
        shown.push(format!("{more} more"));
    }
    shown.join(", ")
}

/// Whether a part is at most so many per cent of the whole.
pub(crate) fn is_at_most(part: u64, whole: u64, percent: gate_verdict::Decimal) -> bool {
    let order = Ratio::new(part, whole).cmp_percent(percent);
    order.is_none_or(std::cmp::Ordering::is_le)
}
