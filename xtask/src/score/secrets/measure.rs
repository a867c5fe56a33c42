//! Findings against labels.

use super::labels::{Half, Labels};
use std::collections::{BTreeMap, BTreeSet};

/// Path, line and rule of findings.
pub(super) type Hits = Vec<(String, u32, String)>;

/// What the findings come to.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Tally {
    /// Lines with a finding: on a credential, on what is labelled as none, on what nobody has labelled.
    pub(super) right: u32,
    pub(super) wrong: u32,
    pub(super) unlabelled: u32,
    /// Credentials, and those with a finding on one of their lines.
    pub(super) all: Recall,
    pub(super) without_uuid: Recall,
    pub(super) structured: Recall,
}

#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Recall {
    pub(super) found: u32,
    pub(super) of: u32,
}

impl Recall {
    pub(super) fn count(&mut self, found: bool) {
        self.of += 1;
        self.found += u32::from(found);
    }

    pub(super) fn part(self) -> f64 {
        part(self.found, self.of)
    }
}

impl Tally {
    /// Of the lines with a finding those on a credential, unlabelled ones counted as wrong.
    pub(super) fn precision(&self) -> f64 {
        part(self.right, self.right + self.wrong + self.unlabelled)
    }

    pub(super) fn f1(&self) -> f64 {
        let (precision, recall) = (self.precision(), self.without_uuid.part());
        if precision + recall == 0.0 {
            return 0.0;
        }
        2.0 * precision * recall / (precision + recall)
    }
}

fn part(some: u32, all: u32) -> f64 {
    f64::from(some) / f64::from(all.max(1))
}

pub(super) fn tally(labels: &Labels, half: Half, hits: &Hits) -> Tally {
    let mut tally = Tally::default();
    let lines: BTreeSet<(&str, u32)> = hits
        .iter()
        .filter(|(path, ..)| Half::of_file(path) == half)
        .map(|(path, line, _)| (path.as_str(), *line))
        .collect();
    for (path, line) in &lines {
        match is_right(labels, path, *line) {
            Some(true) => tally.right += 1,
            Some(false) => tally.wrong += 1,
            None => tally.unlabelled += 1,
        }
    }
    for (path, labels) in &labels.by_file {
        if Half::of_file(path) != half {
            continue;
        }
        for label in labels.iter().filter(|label| label.is_true) {
            let found =
                (label.first..=label.last).any(|line| lines.contains(&(path.as_str(), line)));
            tally.all.count(found);
            if !label.is_bare_uuid() {
                tally.without_uuid.count(found);
            }
            if label.is_structured() {
                tally.structured.count(found);
            }
        }
    }
    tally
}

/// Whether a line holds a credential; `None` where nobody has labelled it.
fn is_right(labels: &Labels, path: &str, line: u32) -> Option<bool> {
    let mut of_line = labels.of(path, line).peekable();
    of_line.peek()?;
    Some(of_line.any(|label| label.is_true))
}

/// Lines of each rule: right, wrong, unlabelled.
pub(super) fn by_rule(labels: &Labels, half: Half, hits: &Hits) -> BTreeMap<String, [u32; 3]> {
    let mut rules: BTreeMap<String, [u32; 3]> = BTreeMap::new();
    let hits: BTreeSet<_> = hits.iter().collect();
    for (path, line, rule) in hits {
        if Half::of_file(path) != half {
            continue;
        }
        let place = match is_right(labels, path, *line) {
            Some(true) => 0,
            Some(false) => 1,
            None => 2,
        };
        rules.entry(rule.clone()).or_default()[place] += 1;
    }
    rules
}

/// Recall of each category of labels.
pub(super) fn by_category(labels: &Labels, half: Half, hits: &Hits) -> BTreeMap<String, Recall> {
    let lines: BTreeSet<(&str, u32)> = hits
        .iter()
        .map(|(path, line, _)| (path.as_str(), *line))
        .collect();
    let mut categories: BTreeMap<String, Recall> = BTreeMap::new();
    for (path, labels) in &labels.by_file {
        if Half::of_file(path) != half {
            continue;
        }
        for label in labels.iter().filter(|label| label.is_true) {
            let found =
                (label.first..=label.last).any(|line| lines.contains(&(path.as_str(), line)));
            categories
                .entry(label.category.clone())
                .or_default()
                .count(found);
        }
    }
    categories
}
