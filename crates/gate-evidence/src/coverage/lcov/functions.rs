//! Functions of a section: names, lines and calls stand in records of their own.

use std::collections::{BTreeMap, HashMap};

use super::super::draft::FileDraft;
use super::super::model::FunctionKey;
use super::super::number::{cut, digits, hits, leading, line as line_number};

/// The functions of a section; names and calls stand in records of their own, in any order.
#[derive(Default)]
pub(super) struct Functions {
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
    pub(super) fn line(&mut self, value: &str) -> Option<u64> {
        let (start, rest) = cut(value, b',')?;
        // an end line is there if the second field is a number and a third follows
        let name = match cut(rest, b',') {
            Some((end, name)) if digits(end).is_some() => name,
            _ => rest,
        };
        let line = line_number(start)?.known().unwrap_or(0);
        let (from, to) = self.name(name);
        self.lines.push((from, to, line));
        Some(1)
    }

    /// `FNDA:calls,name`
    pub(super) fn calls(&mut self, value: &str) -> Option<u64> {
        let (calls, name) = cut(value, b',')?;
        let calls = match leading(calls.as_bytes()) {
            Some((calls, None, _)) => calls.into(),
            _ => hits(calls)?,
        };
        let (from, to) = self.name(name);
        self.calls.push((from, to, calls));
        Some(1)
    }

    /// `FNL:index,line[,end]`
    pub(super) fn group_line(&mut self, value: &str) -> Option<u64> {
        let (index, rest) = value.split_once(',')?;
        let start = rest.split(',').next().unwrap_or(rest);
        let line = line_number(start)?.known();
        self.groups.entry(digits(index)?).or_default().0 = line;
        Some(1)
    }

    /// `FNA:index,calls,name`
    pub(super) fn group_calls(&mut self, value: &str) -> Option<u64> {
        let (index, rest) = value.split_once(',')?;
        let (calls, _name) = rest.split_once(',')?;
        let sum = &mut self.groups.entry(digits(index)?).or_default().1;
        *sum = sum.saturating_add(hits(calls)?);
        Some(1)
    }

    /// Brings names, lines and calls together, and is empty again.
    pub(super) fn close(&mut self, file: &mut FileDraft) {
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
        for &(line, calls) in self.groups.values() {
            if let Some(line) = line {
                add(line, "", calls);
            }
        }
        self.names.clear();
        self.lines.clear();
        self.calls.clear();
        self.groups.clear();
    }
}
