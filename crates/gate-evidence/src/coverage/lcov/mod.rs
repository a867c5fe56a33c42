//! lcov tracefiles: 1.x, and 2.2 and later with function groups (`FNL`, `FNA`).
//!
//! Summaries (`LF`, `LH`, ...) are ignored and recomputed, as they are absent or wrong in the wild.
//! Records stand in any order inside a section; the same file may have many sections.

mod functions;

use std::io::BufRead;

use super::draft::{Draft, FileDraft};
use super::model::{Branch, BranchKey, Condition};
use super::number::{digits, hits, leading, line as line_number};
use super::sniff::Head;
use crate::error::{ReportError, ReportErrorKind, excerpt, within};
use crate::limits::Limits;
use crate::lines;
use functions::Functions;

const DATA: &[&str] = &["TN", "SF", "DA", "FN", "FNDA", "FNL", "FNA", "BRDA", "MCDC"];
/// Test names, versions and summaries: known, and not counted.
const IGNORED: &[&str] = &[
    "TN", "VER", "FNF", "FNH", "BRF", "BRH", "LF", "LH", "MCF", "MCH", "KF", "KH",
];

pub(super) fn sniff(head: &Head<'_>) -> bool {
    let line = head.first_line();
    line.split_once(':')
        .is_some_and(|(key, _)| DATA.contains(&key))
}

pub(super) fn parse(reader: &mut dyn BufRead, limits: Limits) -> Result<Draft, ReportError> {
    let mut reading = Reading {
        limits,
        coverage: Draft::default(),
        section: Section::default(),
    };
    let end = lines::in_runs(reader, limits, &mut reading)?;
    if reading.section.is_open {
        return Err(unclosed(&reading.section, end.line));
    }
    Ok(reading.coverage)
}

struct Reading {
    limits: Limits,
    coverage: Draft,
    section: Section,
}

impl lines::Take for Reading {
    fn line(&mut self, number: u64, line: &str) -> Result<(), ReportError> {
        if line.is_empty() || line.starts_with('#') {
            return Ok(());
        }
        match other(line, number, &mut self.section, &mut self.coverage)? {
            Some(records) => self.coverage.records += records,
            None => self.coverage.skip(number, &excerpt(line)),
        }
        let records = self.coverage.records;
        within(records, self.limits.records, "records", number)
    }

    /// What nearly every line is: `DA` with two plain numbers.
    fn run(&mut self, lines: &[u8]) -> (usize, u64) {
        if !self.section.counts() {
            return (0, 0);
        }
        let (mut rest, mut count) = (lines, 0);
        while let Some(value) = rest.strip_prefix(b"DA:")
            && let Some((line @ 1.., Some(b','), hits)) = leading(value)
            && let Some((hits, Some(b'\n'), next)) = leading(hits)
            && self.coverage.records < self.limits.records
        {
            self.section.file.add_line(line, hits.into());
            self.coverage.records += 1;
            count += 1;
            rest = next;
        }
        (lines.len() - rest.len(), count)
    }
}

/// Takes in a line; how many records it counts for, or `None` for one that is
/// malformed or unknown.
fn other(
    line: &str,
    number: u64,
    section: &mut Section,
    coverage: &mut Draft,
) -> Result<Option<u64>, ReportError> {
    let (key, value) = line.split_once(':').unwrap_or((line, ""));
    // as bytes: comparing texts calls a function for each
    match key.as_bytes() {
        b"SF" if section.is_open => return Err(unclosed(section, number)),
        b"SF" => {
            section.open(value, number);
            if value.is_empty() {
                coverage.skip(number, "an `SF` without a path");
            }
        }
        b"end_of_record" if section.is_open => section.close(coverage),
        b"end_of_record" => coverage.skip(number, "an `end_of_record` without `SF`"),
        b"BRDA" | b"FN" | b"FNDA" | b"FNL" | b"FNA" | b"MCDC" | b"DA" if section.counts() => {
            return Ok(section.record(key, value));
        }
        _ if IGNORED.contains(&key) => {}
        _ if section.counts() => return Ok(None),
        _ => coverage.skip(number, &format!("{} outside of a section", excerpt(line))),
    }
    Ok(Some(0))
}

fn unclosed(open: &Section, line: u64) -> ReportError {
    ReportError::new(
        ReportErrorKind::Truncated,
        Some(line),
        format!("no `end_of_record` for the section of line {}", open.line),
        "`end_of_record` after each section",
    )
}

/// From `SF` to `end_of_record`; used again for the next, so that its lists
/// grow but once.
#[derive(Default)]
struct Section {
    is_open: bool,
    /// Empty where `SF` names none: nothing of the section is counted then.
    path: String,
    line: u64,
    file: FileDraft,
    functions: Functions,
}

impl Section {
    fn counts(&self) -> bool {
        self.is_open && !self.path.is_empty()
    }

    fn open(&mut self, path: &str, line: u64) {
        self.is_open = true;
        self.path.clear();
        self.path.push_str(path);
        self.line = line;
    }

    /// Takes in one record; how many it counts for.
    fn record(&mut self, key: &str, value: &str) -> Option<u64> {
        let functions = &mut self.functions;
        match key.as_bytes() {
            b"BRDA" => plain_branch(value.as_bytes(), &mut self.file)
                .or_else(|| branch(value, &mut self.file)),
            b"DA" => line_data(value, &mut self.file),
            b"MCDC" => condition(value, &mut self.file),
            b"FN" => functions.line(value),
            b"FNDA" => functions.calls(value),
            b"FNL" => functions.group_line(value),
            b"FNA" => functions.group_calls(value),
            _ => None,
        }
    }

    fn close(&mut self, coverage: &mut Draft) {
        self.is_open = false;
        self.functions.close(&mut self.file);
        if !self.path.is_empty() {
            coverage.add(&self.path, self.file.take());
        }
    }
}

/// Three plain numbers, and a fourth or `-`.
fn plain_branch(value: &[u8], file: &mut FileDraft) -> Option<u64> {
    let next = |text| match leading(text)? {
        (number, Some(b','), rest) => Some((number, rest)),
        _ => None,
    };
    let (line, rest) = next(value)?;
    let (block, rest) = next(rest)?;
    let (branch, rest) = next(rest)?;
    let taken = match leading(rest) {
        Some((count, None, _)) => count > 0,
        None if rest == b"-" => false,
        _ => return None,
    };
    (line > 0).then(|| {
        let key = BranchKey::Index(block, branch);
        *file.branches.entry(Branch { line, key }) |= taken;
        1
    })
}

/// `line,hits[,checksum]`
fn line_data(value: &str, file: &mut FileDraft) -> Option<u64> {
    let mut fields = value.split(',');
    let (line, count) = (fields.next()?, fields.next()?);
    let (line, count) = (line_number(line)?.known(), hits(count)?);
    if let Some(line) = line {
        file.add_line(line, count);
    }
    Some(u64::from(line.is_some()))
}

/// `line,[e|f][U]block,branch,taken`, where `branch` may be text with commas.
fn branch(value: &str, file: &mut FileDraft) -> Option<u64> {
    let (line, rest) = value.split_once(',')?;
    let (block, rest) = rest.split_once(',')?;
    let (branch, taken) = rest.rsplit_once(',')?;
    let (Some(line), taken) = (line_number(line)?.known(), taken.trim()) else {
        return Some(0);
    };
    let taken = taken != "-" && hits(taken)? > 0;
    let plain = block.trim_start_matches(['e', 'f']);
    if let Some(block) = plain.strip_prefix('U')
        && digits(block).is_some()
    {
        return Some(0); // unreachable: written, but no branch to cover
    }
    let number = |text: &str| digits(text).and_then(|number| u32::try_from(number).ok());
    let key = match (number(plain), number(branch)) {
        (Some(block), Some(branch)) => BranchKey::Index(block, branch),
        _ => BranchKey::Named(format!("{plain},{branch}").into()),
    };
    *file.branches.entry(Branch { line, key }) |= taken;
    Some(1)
}

/// `line,[U]conditions,t|f,taken,index,expression`
fn condition(value: &str, file: &mut FileDraft) -> Option<u64> {
    let mut fields = value.splitn(6, ',');
    let mut next = || fields.next().map(str::trim);
    let (line, group, sense, taken, index) = (next()?, next()?, next()?, next()?, next()?);
    let Some(line) = line_number(line)?.known() else {
        return Some(0);
    };
    let small = |text: &str| digits(text).and_then(|number| u32::try_from(number).ok());
    let reachable = group.strip_prefix('U');
    let condition = Condition {
        line,
        group: small(reachable.unwrap_or(group))?,
        index: small(index)?,
        sense: match sense {
            "t" => true,
            "f" => false,
            _ => return None,
        },
    };
    let taken = taken != "-" && hits(taken)? > 0;
    if reachable.is_some() {
        return Some(0);
    }
    *file.conditions.entry(condition) |= taken;
    Some(1)
}
