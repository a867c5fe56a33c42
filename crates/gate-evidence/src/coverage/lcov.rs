//! lcov tracefiles: 1.x, and 2.2 and later with function groups (`FNL`, `FNA`).
//!
//! Summaries (`LF`, `LH`, ...) are ignored and recomputed, as they are absent or wrong in the wild.
//! Records stand in any order inside a section; the same file may have many sections.

use std::collections::{BTreeMap, HashMap};
use std::io::BufRead;

use super::draft::{Draft, FileDraft, FileId};
use super::model::{Branch, BranchKey, Condition, FunctionKey};
use super::number::{digits, hits, leading, line as line_number};
use super::sniff::Head;
use crate::error::{ReportError, ReportErrorKind, excerpt, within};
use crate::limits::Limits;
use crate::lines::Lines;

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
    let mut lines = Lines::new(reader, limits);
    let mut coverage = Draft::default();
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
            if value.is_empty() {
                coverage.skip(number, "an `SF` without a path");
            }
            let file = (!value.is_empty()).then(|| coverage.open(value));
            section = Some(Section::open(file, number));
            continue;
        }
        match &mut section {
            Some(Section {
                file: Some(file),
                functions,
                ..
            }) => match record(key, value, coverage.at(*file), functions) {
                Some(records) => coverage.records += records,
                None if IGNORED.contains(&key) => {}
                None => coverage.skip(number, &excerpt(line)),
            },
            _ if IGNORED.contains(&key) => {}
            _ => coverage.skip(number, &format!("{} outside of a section", excerpt(line))),
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
    /// Nothing where `SF` names no path.
    file: Option<FileId>,
    line: u64,
    functions: Functions,
}

impl Section {
    fn open(file: Option<FileId>, line: u64) -> Self {
        Self {
            file,
            line,
            functions: Functions::default(),
        }
    }

    fn close(self, coverage: &mut Draft) {
        if let Some(file) = self.file {
            self.functions.close(coverage.at(file));
        }
    }
}

/// Takes in one record; how many it counts for, or `None` for a malformed or unknown one.
fn record(key: &str, value: &str, file: &mut FileDraft, functions: &mut Functions) -> Option<u64> {
    match key {
        "DA" => line_data(value, file),
        "BRDA" => branch(value, file),
        "MCDC" => condition(value, file),
        "FN" => functions.line(value),
        "FNDA" => functions.calls(value),
        "FNL" => functions.group_line(value),
        "FNA" => functions.group_calls(value),
        _ => None,
    }
}

/// `line,hits[,checksum]`
fn line_data(value: &str, file: &mut FileDraft) -> Option<u64> {
    // what nearly every record is: two plain numbers
    if let Some((line, Some(b','), rest)) = leading(value.as_bytes())
        && let Some((count, None, _)) = leading(rest)
        && line > 0
    {
        file.add_line(line, count.into());
        return Some(1);
    }
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

/// The functions of a section; names and calls stand in records of their own, in any order.
#[derive(Default)]
struct Functions {
    /// Names, one after another.
    names: String,
    /// Where in `names` the name is, and the first line: one for each `FN`.
    lines: Vec<(usize, usize, u32)>,
    /// Where in `names` the name is, and the calls: one for each `FNDA`.
    calls: Vec<(usize, usize, u64)>,
    /// By index: the line of `FNL`, and the calls of all its aliases.
    groups: BTreeMap<u64, (Option<u32>, u64)>,
}

impl Functions {
    fn name(&mut self, name: &str) -> (usize, usize) {
        let from = self.names.len();
        self.names.push_str(name);
        (from, self.names.len())
    }

    /// `FN:line,[end,]name`
    fn line(&mut self, value: &str) -> Option<u64> {
        let (start, rest) = value.split_once(',')?;
        // an end line is there if the second field is a number and a third follows
        let name = match rest.split_once(',') {
            Some((end, name)) if digits(end).is_some() => name,
            _ => rest,
        };
        let line = line_number(start)?.known().unwrap_or(0);
        let (from, to) = self.name(name);
        self.lines.push((from, to, line));
        Some(1)
    }

    /// `FNDA:calls,name`
    fn calls(&mut self, value: &str) -> Option<u64> {
        let (calls, name) = value.split_once(',')?;
        let calls = hits(calls)?;
        let (from, to) = self.name(name);
        self.calls.push((from, to, calls));
        Some(1)
    }

    /// `FNL:index,line[,end]`
    fn group_line(&mut self, value: &str) -> Option<u64> {
        let (index, rest) = value.split_once(',')?;
        let start = rest.split(',').next().unwrap_or(rest);
        let line = line_number(start)?.known();
        self.groups.entry(digits(index)?).or_default().0 = line;
        Some(1)
    }

    /// `FNA:index,calls,name`
    fn group_calls(&mut self, value: &str) -> Option<u64> {
        let (index, rest) = value.split_once(',')?;
        let (calls, _name) = rest.split_once(',')?;
        let sum = &mut self.groups.entry(digits(index)?).or_default().1;
        *sum = sum.saturating_add(hits(calls)?);
        Some(1)
    }

    fn close(self, file: &mut FileDraft) {
        let name = |from: usize, to: usize| self.names.get(from..to).unwrap_or_default();
        let mut add = |line: u32, name: &str, calls: u64| {
            let name = name.to_owned();
            let sum = file.functions.entry(FunctionKey { line, name });
            *sum = sum.saturating_add(calls);
        };
        let in_step = self.lines.len() == self.calls.len()
            && self
                .lines
                .iter()
                .zip(&self.calls)
                .all(|(line, calls)| name(line.0, line.1) == name(calls.0, calls.1));
        if in_step {
            for (&(from, to, line), &(_, _, calls)) in self.lines.iter().zip(&self.calls) {
                add(line, name(from, to), calls);
            }
        } else {
            // One file may hold several functions of one name: the first calls belong to the
            // first of them, and calls without a line of their own to the last.
            let mut lines: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
            let mut paired: HashMap<&str, usize> = HashMap::new();
            for &(from, to, line) in &self.lines {
                lines.entry(name(from, to)).or_default().push(line);
            }
            for &(from, to, calls) in &self.calls {
                let name = name(from, to);
                let nth = paired.entry(name).or_default();
                let known = lines.get(name);
                let line = known.and_then(|lines| lines.get(*nth).or(lines.last()));
                add(line.copied().unwrap_or(0), name, calls);
                *nth += 1;
            }
            for (name, lines) in lines {
                let paired = paired.get(name).copied().unwrap_or(0);
                for &line in lines.iter().skip(paired) {
                    add(line, name, 0);
                }
            }
        }
        for (line, calls) in self.groups.into_values() {
            if let Some(line) = line {
                add(line, "", calls);
            }
        }
    }
}
