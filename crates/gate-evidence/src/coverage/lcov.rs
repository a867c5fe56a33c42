//! lcov tracefiles: 1.x, and 2.2 and later with function groups (`FNL`, `FNA`).
//!
//! Summaries (`LF`, `LH`, ...) are ignored and recomputed, as they are absent or wrong in the wild.
//! Records stand in any order inside a section; the same file may have many sections.

use std::collections::BTreeMap;
use std::io::BufRead;

use super::model::{BranchKey, Coverage, FileCoverage, FunctionKey};
use super::number::{digits, hits, line as line_number};
use super::sniff::Head;
use crate::error::{ReportError, ReportErrorKind, excerpt, within};
use crate::limits::Limits;
use crate::lines::Lines;

const DATA: &[&str] = &["TN", "SF", "DA", "FN", "FNDA", "FNL", "FNA", "BRDA"];
/// Test names, versions, summaries and MC/DC: known, and not counted.
const IGNORED: &[&str] = &[
    "TN", "VER", "FNF", "FNH", "BRF", "BRH", "LF", "LH", "MCDC", "MCF", "MCH", "KF", "KH",
];

pub(super) fn sniff(head: &Head<'_>) -> bool {
    let line = head.first_line();
    line.split_once(':')
        .is_some_and(|(key, _)| DATA.contains(&key))
}

pub(super) fn parse(reader: &mut dyn BufRead, limits: Limits) -> Result<Coverage, ReportError> {
    let mut lines = Lines::new(reader, limits);
    let mut coverage = Coverage::default();
    let mut section: Option<Section> = None;
    while let Some((number, line)) = lines.next()? {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if line == "end_of_record" {
            match section.take() {
                Some(section) => section.close(&mut coverage),
                None => coverage.skip(number, "an `end_of_record` without `SF`"),
            }
            continue;
        }
        let (key, value) = line.split_once(':').unwrap_or((line, ""));
        if key == "SF" {
            if let Some(open) = &section {
                return Err(unclosed(open, number));
            }
            section = Some(Section::open(value, number));
            if value.is_empty() {
                coverage.skip(number, "an `SF` without a path");
            }
            continue;
        }
        if IGNORED.contains(&key) {
            continue;
        }
        let outcome = section.as_mut().map(|section| section.record(key, value));
        match outcome {
            Some(Some(records)) => coverage.records += records,
            Some(None) => coverage.skip(number, &excerpt(line)),
            None => coverage.skip(number, &format!("{} outside of a section", excerpt(line))),
        }
        within(coverage.records, limits.records, "records", number)?;
    }
    match section {
        Some(open) => Err(unclosed(&open, lines.number())),
        None => Ok(coverage),
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

/// From `SF` to `end_of_record`.
struct Section {
    path: String,
    line: u64,
    file: FileCoverage,
    /// By name: the first lines of `FN` and the calls of `FNDA`, each in order of appearance,
    /// because one file may hold several functions of one name.
    named: BTreeMap<String, (Vec<u32>, Vec<u64>)>,
    /// By index: the line of `FNL`, and the calls of all its aliases.
    groups: BTreeMap<u64, (Option<u32>, u64)>,
}

impl Section {
    fn open(path: &str, line: u64) -> Self {
        Self {
            path: path.to_owned(),
            line,
            file: FileCoverage::default(),
            named: BTreeMap::new(),
            groups: BTreeMap::new(),
        }
    }

    /// Takes in one record; how many it counts for, or `None` for a malformed one.
    fn record(&mut self, key: &str, value: &str) -> Option<u64> {
        match key {
            "DA" => self.line_data(value),
            "BRDA" => self.branch(value),
            "FN" => {
                let (start, rest) = value.split_once(',')?;
                // an end line is there if the second field is a number and a third follows
                let name = match rest.split_once(',') {
                    Some((end, name)) if digits(end).is_some() => name,
                    _ => rest,
                };
                let line = line_number(start)?.known().unwrap_or(0);
                self.named.entry(name.to_owned()).or_default().0.push(line);
                Some(1)
            }
            "FNDA" => {
                let (calls, name) = value.split_once(',')?;
                let calls = hits(calls)?;
                self.named.entry(name.to_owned()).or_default().1.push(calls);
                Some(1)
            }
            "FNL" => {
                let (index, rest) = value.split_once(',')?;
                let start = rest.split(',').next().unwrap_or(rest);
                let line = line_number(start)?.known();
                self.groups.entry(digits(index)?).or_default().0 = line;
                Some(1)
            }
            "FNA" => {
                let (index, rest) = value.split_once(',')?;
                let (calls, _name) = rest.split_once(',')?;
                let sum = &mut self.groups.entry(digits(index)?).or_default().1;
                *sum = sum.saturating_add(hits(calls)?);
                Some(1)
            }
            _ => None,
        }
    }

    /// `line,hits[,checksum]`
    fn line_data(&mut self, value: &str) -> Option<u64> {
        let mut fields = value.split(',');
        let (line, count) = (fields.next()?, fields.next()?);
        let (line, count) = (line_number(line)?.known(), hits(count)?);
        if let Some(line) = line {
            self.file.add_line(line, count);
        }
        Some(u64::from(line.is_some()))
    }

    /// `line,[e|f][U]block,branch,taken`, where `branch` may be text with commas.
    fn branch(&mut self, value: &str) -> Option<u64> {
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
        let known = self.file.branches.entry(line).or_default();
        *known.taken.entry(key).or_default() |= taken;
        Some(1)
    }

    fn close(mut self, coverage: &mut Coverage) {
        if self.path.is_empty() {
            return;
        }
        for (name, (lines, calls)) in self.named {
            for (at, calls) in calls.iter().enumerate() {
                // calls without a line of their own belong to the last function of the name
                let line = lines.get(at).or(lines.last()).copied().unwrap_or(0);
                let key = FunctionKey {
                    line,
                    name: name.clone(),
                };
                let sum = self.file.functions.entry(key).or_default();
                *sum = sum.saturating_add(*calls);
            }
            for &line in lines.iter().skip(calls.len()) {
                self.file
                    .functions
                    .entry(FunctionKey {
                        line,
                        name: name.clone(),
                    })
                    .or_default();
            }
        }
        for (line, calls) in self.groups.into_values() {
            let Some(line) = line else { continue };
            let key = FunctionKey {
                line,
                name: String::new(),
            };
            let sum = self.file.functions.entry(key).or_default();
            *sum = sum.saturating_add(calls);
        }
        coverage.file(&self.path).merge(self.file);
    }
}
