//! Uniting reports: hits are summed, branches united by key, fractions taken at their largest.
//!
//! On lines, branches, functions and statements this is commutative and associative, so the
//! order in which shards arrive changes nothing.

use std::collections::btree_map::Entry;

use super::model::{Block, Branches, Coverage, FileCoverage, Statement};

impl Coverage {
    /// Adds another report of the same code. Files whose denominators differ land in
    /// [`Coverage::unstable`].
    pub fn merge(&mut self, other: Self) {
        for (path, file) in other.files {
            match self.files.entry(path) {
                Entry::Vacant(slot) => {
                    slot.insert(file);
                }
                Entry::Occupied(mut slot) => {
                    if !slot.get().has_same_denominators(&file) {
                        self.unstable.insert(slot.key().clone());
                    }
                    slot.get_mut().merge(file);
                }
            }
        }
        for source in other.sources {
            self.add_source(source);
        }
        self.records = self.records.saturating_add(other.records);
        self.skipped = self.skipped.saturating_add(other.skipped);
        self.notes.extend(other.notes);
        self.unstable.extend(other.unstable);
    }

    /// Adds a source root; past a number that no real report has they are dropped.
    pub(super) fn add_source(&mut self, source: String) {
        const MOST: usize = 1000;
        if self.sources.len() < MOST && !self.sources.contains(&source) {
            self.sources.push(source);
        }
    }
}

impl FileCoverage {
    /// Adds what another report says about the same file.
    pub fn merge(&mut self, other: Self) {
        for (line, hits) in other.lines {
            self.add_line(line, hits);
        }
        for (line, branches) in other.branches {
            self.branches.entry(line).or_default().merge(branches);
        }
        for (key, calls) in other.functions {
            let sum = self.functions.entry(key).or_default();
            *sum = sum.saturating_add(calls);
        }
        if let Some(blocks) = other.statements {
            for (block, statement) in blocks {
                self.add_statement(block, statement);
            }
        }
    }

    /// Adds hits to a line.
    pub(super) fn add_line(&mut self, line: u32, hits: u64) {
        let sum = self.lines.entry(line).or_default();
        *sum = sum.saturating_add(hits);
    }

    /// Sets a line to at least `hits`: for formats that write one measurement several times.
    pub(super) fn raise_line(&mut self, line: u32, hits: u64) {
        let most = self.lines.entry(line).or_default();
        *most = hits.max(*most);
    }

    pub(super) fn add_statement(&mut self, block: Block, statement: Statement) {
        let sum = self
            .statements
            .get_or_insert_default()
            .entry(block)
            .or_insert(Statement { count: 0, hits: 0 });
        sum.count = sum.count.max(statement.count);
        sum.hits = sum.hits.saturating_add(statement.hits);
    }

    fn has_same_denominators(&self, other: &Self) -> bool {
        self.lines.keys().eq(other.lines.keys())
            && self.branches.len() == other.branches.len()
            && self
                .branches
                .iter()
                .zip(&other.branches)
                .all(|((line, ours), (at, theirs))| line == at && ours.total() == theirs.total())
    }
}

impl Branches {
    /// Unites by key; of two fractions the larger numbers hold, as nothing tells which branches they mean.
    pub fn merge(&mut self, other: Self) {
        for (key, taken) in other.taken {
            *self.taken.entry(key).or_default() |= taken;
        }
        self.raise_fraction(other.fraction.0, other.fraction.1);
    }

    pub(super) fn raise_fraction(&mut self, covered: u32, total: u32) {
        self.fraction.0 = self.fraction.0.max(covered);
        self.fraction.1 = self.fraction.1.max(total);
    }
}

#[cfg(test)]
mod tests {
    use super::super::model::BranchKey;
    use super::*;

    #[test]
    fn a_fully_hit_line_without_branch_data_keeps_the_other_shards_fraction() {
        let mut ours = FileCoverage::default();
        ours.add_line(3, 1);
        ours.branches.entry(3).or_default().raise_fraction(1, 2);
        let mut theirs = FileCoverage::default();
        theirs.add_line(3, 9);
        ours.merge(theirs);
        assert_eq!(ours.lines[&3], 10);
        assert_eq!(ours.branches[&3].fraction, (1, 2));
    }

    #[test]
    fn branches_unite_by_key_and_hits_saturate() {
        let side = |first, second| {
            let mut file = FileCoverage::default();
            file.add_line(1, u64::MAX - 1);
            let taken = &mut file.branches.entry(1).or_default().taken;
            taken.insert(BranchKey::Index(0, 0), first);
            taken.insert(BranchKey::Index(0, 1), second);
            file
        };
        let mut merged = side(true, false);
        merged.merge(side(false, true));
        assert_eq!(merged.lines[&1], u64::MAX);
        assert_eq!(
            (merged.branches[&1].covered(), merged.branches[&1].total()),
            (2, 2)
        );
    }

    #[test]
    fn differing_denominators_are_named() {
        let report = |lines: &[u32]| {
            let mut coverage = Coverage::default();
            for &line in lines {
                coverage.file("a.js").add_line(line, 1);
            }
            coverage
        };
        let mut same = report(&[1, 2]);
        same.merge(report(&[1, 2]));
        assert!(same.unstable.is_empty());
        same.merge(report(&[1]));
        assert!(same.unstable.contains("a.js"));
    }
}
