//! Uniting reports: hits are summed, branches united by key, fractions taken at their largest.
//!
//! On lines, branches, functions and statements this is commutative and associative, so the
//! order in which shards arrive changes nothing.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::draft::FileDraft;
use super::model::{Coverage, FileCoverage, FunctionKey, Statement};
use super::table::Table;

/// What other reports say of the same code, while one is read. A file of which both say the same
/// lines, branches and functions is added to it at once; all others wait for the end of the report.
pub trait Others {
    /// Gives `add` the file that this path of the report means beyond doubt, where there is one;
    /// whether `add` took what was read.
    fn add_to(&mut self, path: &str, add: &mut dyn FnMut(&mut FileCoverage) -> bool) -> bool;
}

/// No other report.
pub(super) struct Nothing;

impl Others for Nothing {
    fn add_to(&mut self, _: &str, _: &mut dyn FnMut(&mut FileCoverage) -> bool) -> bool {
        false
    }
}

impl Coverage {
    /// Adds another report of the same code. Files whose denominators differ land in
    /// [`Coverage::unstable`].
    pub fn merge(&mut self, other: Self) {
        for (path, file) in other.files {
            self.merge_file(path, file);
        }
        for source in other.sources {
            if !self.sources.contains(&source) {
                self.sources.push(source);
            }
        }
        self.records = self.records.saturating_add(other.records);
        self.skipped = self.skipped.saturating_add(other.skipped);
        self.notes.extend(other.notes);
        self.unstable.extend(other.unstable);
    }

    /// Adds more of a report that added to the file before ([`Others`]): with what is known of it
    /// the report differs only where something is new.
    pub fn merge_more(&mut self, path: &str, file: FileCoverage) {
        let Some(known) = self.files.get_mut(path) else {
            return self.merge_file(path.to_owned(), file);
        };
        let before = known.sizes();
        let _ = known.merge(file);
        if known.sizes() != before {
            self.unstable.insert(path.to_owned());
        }
    }

    /// Adds what another report says about one file.
    pub fn merge_file(&mut self, path: String, file: FileCoverage) {
        match self.files.entry(path) {
            Entry::Vacant(slot) => {
                slot.insert(file);
            }
            Entry::Occupied(mut slot) => {
                if !slot.get_mut().merge(file) {
                    self.unstable.insert(slot.key().clone());
                }
            }
        }
    }
}

impl FileCoverage {
    /// Adds what another report says about the same file; whether both measured the same lines and
    /// branches.
    pub fn merge(&mut self, other: Self) -> bool {
        match (self.placeholder, other.placeholder) {
            (true, false) => {
                *self = other;
                return true;
            }
            (false, true) => return true,
            _ => {}
        }
        let lines = self.lines.merge(other.lines, sum);
        let branches = self.branches.merge(other.branches, any);
        let fractions = self.fractions.merge(other.fractions, most);
        let conditions = self.conditions.merge(other.conditions, any);
        let _ = self.functions.merge(other.functions, sum);
        unite(
            &mut self.statements,
            other.statements,
            |ours: &mut Statement, theirs| {
                ours.count = ours.count.max(theirs.count);
                sum(&mut ours.hits, theirs.hits);
            },
        );
        unite(&mut self.regions, other.regions, sum);
        let ignored = self.ignored.merge(other.ignored, |(), ()| {});
        self.leave_out_ignored();
        // Counts without lines say nothing beside lines, and of two of them the larger is a guess.
        let summary = self.summary == other.summary;
        self.summary = match (self.summary, other.summary) {
            (Some(ours), Some(theirs)) => Some(ours.most(theirs)),
            (ours, theirs) if self.lines.is_empty() => ours.or(theirs),
            _ => None,
        };
        lines && branches && fractions && conditions && ignored && summary
    }

    /// How many of each there is that reports can disagree about.
    fn sizes(&self) -> [usize; 5] {
        [
            self.lines.len(),
            self.branches.len(),
            self.fractions.len(),
            self.conditions.len(),
            self.ignored.len(),
        ]
    }

    /// What another format can be united with: formats do not name branches and
    /// functions alike, so branches become fractions of their line and functions
    /// are told by their first line, where they have one.
    pub fn without_names(mut self) -> Self {
        let fractions = self.branch_lines().map(|(line, ratio)| {
            let small = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
            (line, (small(ratio.covered), small(ratio.total)))
        });
        self.fractions = fractions.collect();
        self.branches = Table::default();
        let mut functions: BTreeMap<FunctionKey, u64> = BTreeMap::new();
        for (key, &calls) in &self.functions {
            let mut key = key.clone();
            if key.line > 0 {
                key.name.clear();
            }
            let most = functions.entry(key).or_default();
            *most = calls.max(*most);
        }
        self.functions = functions.into_iter().collect();
        self
    }

    /// What one suite leaves out on purpose is left out whatever another says of it.
    pub(super) fn leave_out_ignored(&mut self) {
        if self.ignored.is_empty() {
            return;
        }
        let ignored = &self.ignored;
        let kept = |line: u32| !ignored.contains_key(&line);
        self.lines.retain(|&line, _| kept(line));
        self.branches.retain(|branch, _| kept(branch.line));
        self.fractions.retain(|&line, _| kept(line));
        self.conditions.retain(|condition, _| kept(condition.line));
        if let Some(statements) = &mut self.statements {
            statements.retain(|block, _| kept(block.start_line));
        }
    }
}

impl FileDraft {
    /// Adds what was read to a file of which the same lines, branches and functions are known;
    /// whether they are the same. The draft is empty then, and keeps its room for the next file.
    pub(super) fn add_to(&mut self, known: &mut FileCoverage) -> bool {
        let no_more =
            self.statements.is_none() && self.regions.is_none() && self.ignored.len() == 0;
        let measured = self.summary.is_none() && known.summary.is_none();
        let same = no_more
            && measured
            && !self.placeholder
            && !known.placeholder
            && known.ignored.is_empty()
            && self.lines.has_keys_of(&known.lines)
            && self.branches.has_keys_of(&known.branches)
            && self.fractions.has_keys_of(&known.fractions)
            && self.conditions.has_keys_of(&known.conditions)
            && self.functions.has_keys_of(&known.functions);
        if same {
            self.lines.pour_into(&mut known.lines, sum);
            self.branches.pour_into(&mut known.branches, any);
            self.fractions.pour_into(&mut known.fractions, most);
            self.conditions.pour_into(&mut known.conditions, any);
            self.functions.pour_into(&mut known.functions, sum);
        }
        same
    }
}

fn sum(ours: &mut u64, theirs: u64) {
    *ours = ours.saturating_add(theirs);
}

fn any(ours: &mut bool, theirs: bool) {
    *ours |= theirs;
}

fn most(ours: &mut (u32, u32), theirs: (u32, u32)) {
    *ours = (ours.0.max(theirs.0), ours.1.max(theirs.1));
}

fn unite<K: Ord, V>(
    ours: &mut Option<Table<K, V>>,
    theirs: Option<Table<K, V>>,
    how: impl Fn(&mut V, V),
) {
    if let Some(theirs) = theirs {
        let _ = ours.get_or_insert_default().merge(theirs, how);
    }
}

#[cfg(test)]
mod tests {
    use super::super::draft::{Draft, FileDraft};
    use super::super::model::{Branch, BranchKey, FunctionKey, Ratio};

    #[test]
    fn a_fully_hit_line_without_branch_data_keeps_the_other_shards_fraction() {
        let mut ours = FileDraft::default();
        ours.add_line(3, 1);
        ours.raise_fraction(3, 1, 2);
        let mut theirs = FileDraft::default();
        theirs.add_line(3, 9);
        let mut ours = ours.take();
        assert!(
            !ours.merge(theirs.take()),
            "one has branches there, one has not"
        );
        assert_eq!(ours.lines[&3], 10);
        assert_eq!(ours.fractions[&3], (1, 2));
    }

    #[test]
    fn branches_unite_by_key_and_hits_saturate() {
        let side = |first, second| {
            let mut file = FileDraft::default();
            file.add_line(1, u64::MAX - 1);
            for (index, taken) in [(0, first), (1, second)] {
                let key = BranchKey::Index(0, index);
                *file.branches.entry(Branch { line: 1, key }) = taken;
            }
            file.take()
        };
        let mut merged = side(true, false);
        assert!(merged.merge(side(false, true)));
        assert_eq!(merged.lines[&1], u64::MAX);
        let both = Ratio {
            covered: 2,
            total: 2,
        };
        assert_eq!(merged.branch_lines().collect::<Vec<_>>(), [(1, both)]);
    }

    #[test]
    fn a_line_that_one_suite_ignores_is_measured_in_none() {
        let mut ours = FileDraft::default();
        ours.add_line(1, 0);
        ours.add_line(2, 1);
        let mut theirs = FileDraft::default();
        theirs.ignored.entry(1);
        theirs.add_line(2, 0);
        let (ours, theirs) = (ours.take(), theirs.take());
        let mut merged = ours.clone();
        assert!(!merged.merge(theirs.clone()));
        assert_eq!(merged.lines.keys().collect::<Vec<_>>(), [&2]);
        let mut other_way = theirs;
        other_way.merge(ours);
        assert_eq!(merged, other_way);
    }

    #[test]
    fn files_of_two_formats_unite_without_counting_a_branch_twice() {
        let mut ours = FileDraft::default();
        for (index, taken) in [(0, true), (1, false)] {
            let key = BranchKey::Index(0, index);
            *ours.branches.entry(Branch { line: 3, key }) = taken;
        }
        *ours.functions.entry(FunctionKey {
            line: 3,
            name: "f(int)".into(),
        }) = 1;
        let mut theirs = FileDraft::default();
        for (name, taken) in [("then", true), ("else", false)] {
            let key = BranchKey::Named(name.into());
            *theirs.branches.entry(Branch { line: 3, key }) = taken;
        }
        *theirs.functions.entry(FunctionKey {
            line: 3,
            name: "C::f".into(),
        }) = 2;
        let mut both = ours.take().without_names();
        both.merge(theirs.take().without_names());
        assert_eq!(
            both.totals().branches,
            Ratio {
                covered: 1,
                total: 2
            }
        );
        assert_eq!(
            both.totals().functions,
            Ratio {
                covered: 1,
                total: 1
            }
        );
    }

    #[test]
    fn differing_denominators_are_named() {
        let report = |lines: &[u32]| {
            let mut draft = Draft::default();
            let file = draft.open("a.js");
            for &line in lines {
                draft.at(file).add_line(line, 1);
            }
            draft.finish().unwrap()
        };
        let mut same = report(&[1, 2]);
        same.merge(report(&[1, 2]));
        assert!(same.unstable.is_empty());
        same.merge(report(&[1]));
        assert!(same.unstable.contains("a.js"));
    }
}
