//! lcov tracefiles: 1.x, and 2.2 and later with function groups (`FNL`, `FNA`).
//!
//! Summaries (`LF`, `LH`, ...) are ignored and recomputed, as they are absent or wrong in the wild.
//! Records stand in any order inside a section; the same file may have many sections.

mod functions;

use std::io::BufRead;

use super::draft::{Draft, FileDraft};
use super::merge::Others;
use super::model::{Branch, BranchKey, Condition};
use super::number::{cut, digits, hits, leading, line as line_number};
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

pub(super) fn parse(
    reader: &mut dyn BufRead,
    limits: Limits,
    others: &mut dyn Others,
) -> Result<Draft, ReportError> {
    let mut reading = Reading {
        limits,
        others,
        coverage: Draft::default(),
        section: Section::default(),
    };
    let end = lines::in_runs(reader, limits, &mut reading)?;
    if reading.section.is_open {
        return Err(unclosed(&reading.section, end.line));
    }
    Ok(reading.coverage)
}

struct Reading<'o> {
    limits: Limits,
    others: &'o mut dyn Others,
    coverage: Draft,
    section: Section,
}

impl lines::Take for Reading<'_> {
    fn line(&mut self, number: u64, line: &str) -> Result<(), ReportError> {
        // as a byte: comparing texts calls a function
        if matches!(line.as_bytes(), [] | [b'#', ..]) {
            return Ok(());
        }
        match self.other(line, number)? {
            Some(records) => self.coverage.records += records,
            None => self.coverage.skip(number, &excerpt(line)),
        }
        let records = self.coverage.records;
        within(records, self.limits.records, "records", number)
    }

    /// What nearly every line is: `DA` and `BRDA` with plain numbers.
    fn run(&mut self, lines: &[u8]) -> (usize, u64) {
        if !self.section.counts() {
            return (0, 0);
        }
        let (mut rest, mut count) = (lines, 0);
        let file = &mut self.section.file;
        while self.coverage.records < self.limits.records
            && let Some(next) = plain_line(rest, file).or_else(|| plain_branch(rest, file))
        {
            self.coverage.records += 1;
            count += 1;
            rest = next;
        }
        (lines.len() - rest.len(), count)
    }
}

impl Reading<'_> {
    /// Takes in a line; how many records it counts for, or `None` for one that is
    /// malformed or unknown.
    fn other(&mut self, line: &str, number: u64) -> Result<Option<u64>, ReportError> {
        let (section, coverage) = (&mut self.section, &mut self.coverage);
        let (key, value) = cut(line, b':').unwrap_or((line, ""));
        // as bytes: comparing texts calls a function for each
        match key.as_bytes() {
            b"SF" if section.is_open => return Err(unclosed(section, number)),
            b"SF" => {
                section.open(value, number);
                if value.is_empty() {
                    coverage.skip(number, "an `SF` without a path");
                }
            }
            b"end_of_record" if section.is_open => section.close(coverage, self.others),
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
            b"BRDA" => branch(value, &mut self.file),
            b"DA" => line_data(value, &mut self.file),
            b"MCDC" => condition(value, &mut self.file),
            b"FN" => functions.line(value),
            b"FNDA" => functions.calls(value),
            b"FNL" => functions.group_line(value),
            b"FNA" => functions.group_calls(value),
            _ => None,
        }
    }

    fn close(&mut self, coverage: &mut Draft, others: &mut dyn Others) {
        self.is_open = false;
        self.functions.close(&mut self.file);
        if self.path.is_empty() {
            return;
        }
        if !others.add_to(&self.path, &mut |known| self.file.add_to(known)) {
            coverage.add(&self.path, self.file.take());
        }
    }
}

/// `DA:` and two plain numbers; what follows the line.
fn plain_line<'t>(lines: &'t [u8], file: &mut FileDraft) -> Option<&'t [u8]> {
    // byte by byte: comparing slices calls a function
    let [b'D', b'A', b':', value @ ..] = lines else {
        return None;
    };
    let (line, rest) = number(value, b',')?;
    let (hits, rest) = number(rest, b'\n')?;
    (line > 0).then(|| file.add_line(line, hits.into()))?;
    Some(rest)
}

/// `BRDA:` and three plain numbers, and a fourth or `-`; what follows the line.
fn plain_branch<'t>(lines: &'t [u8], file: &mut FileDraft) -> Option<&'t [u8]> {
    let [b'B', b'R', b'D', b'A', b':', value @ ..] = lines else {
        return None;
    };
    let (line, rest) = number(value, b',')?;
    let (block, rest) = number(rest, b',')?;
    let (branch, rest) = number(rest, b',')?;
    let (taken, rest) = match rest.strip_prefix(b"-\n") {
        Some(rest) => (0, rest),
        None => number(rest, b'\n')?,
    };
    let key = BranchKey::Index(block, branch);
    (line > 0).then(|| *file.branches.entry(Branch { line, key }) |= taken > 0)?;
    Some(rest)
}

/// A plain number and the byte behind it; what follows them.
fn number(text: &[u8], end: u8) -> Option<(u32, &[u8])> {
    match leading(text)? {
        (number, Some(found), rest) if found == end => Some((number, rest)),
        _ => None,
    }
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
