//! A package: what its tests came to, and what it came to itself.

use std::collections::{BTreeMap, BTreeSet};

use crate::error::ReportError;
use crate::test_run::draft::{Draft, Repeats};
use crate::test_run::model::{Case, CaseId, Detail, Status};
use crate::test_run::text::detail;

/// What is known of a package while it runs.
#[derive(Default)]
pub(super) struct Package {
    pub(super) began: u64,
    /// Tests that run, with what they wrote.
    pub(super) running: BTreeMap<String, String>,
    /// Tests that had subtests, and those of them of whose last run one failed.
    pub(super) parents: BTreeSet<String>,
    pub(super) bad_parents: BTreeSet<String>,
    pub(super) ended: Vec<Ended>,
    pub(super) output: String,
    pub(super) ends: Option<Status>,
}

pub(super) struct Ended {
    pub(super) line: u64,
    pub(super) test: String,
    pub(super) case: Case,
    /// A subtest of this run of it failed.
    pub(super) by_subtest: bool,
}

/// The longest name of a package that is put before a file: more is no path, and would be repeated many times.
const NAME_BYTES: usize = 1024;
/// How much of what a test writes is kept, in bytes.
const OUTPUT_BYTES: usize = 2048;

pub(super) fn keep(kept: &mut String, text: &str) {
    let room = OUTPUT_BYTES.saturating_sub(kept.len());
    kept.push_str(&text[..text.floor_char_boundary(room)]);
}

/// Of what a test wrote, what says why it failed.
pub(super) fn says(output: &str) -> Detail {
    const FRAME: &[&str] = &["=== ", "--- ", "FAIL", "PASS", "ok  ", "exit status"];
    let lines = output.lines().filter(|line| {
        !FRAME
            .iter()
            .any(|frame| line.trim_start().starts_with(frame))
    });
    detail(None, &lines.collect::<Vec<_>>().join("\n"), None)
}

impl Package {
    /// Adds its tests, and its own failure.
    pub(super) fn give(
        self,
        name: &str,
        ends: Status,
        draft: &mut Draft,
    ) -> Result<(), ReportError> {
        // of a test that is run again, the last run counts
        let mut bad: BTreeSet<&str> = BTreeSet::new();
        for ended in &self.ended {
            if ended.case.is_bad() {
                bad.insert(&ended.test);
            } else {
                bad.remove(ended.test.as_str());
            }
        }
        let bad = !bad.is_empty() || !self.running.is_empty();
        let places = |mut case: Case| {
            for place in &mut case.detail.places {
                // tests name files of their package without its path
                if !place.file.contains(['/', '\\']) && name.len() <= NAME_BYTES {
                    place.file = format!("{name}/{}", place.file);
                }
            }
            case
        };
        let id = |test: &str| CaseId {
            name: test.to_owned(),
            ..CaseId::default()
        };
        let mut failed_by_itself = BTreeSet::new();
        for ended in self.ended {
            if self.parents.contains(&ended.test) {
                let own = ended.case.is_bad() && !ended.by_subtest;
                if !own && !failed_by_itself.contains(&ended.test) {
                    continue;
                }
                failed_by_itself.insert(ended.test.clone());
            }
            let case = places(ended.case);
            draft.add(
                ended.line,
                (name, 0),
                id(&ended.test),
                case,
                Repeats::RetriesAfterFailure,
            )?;
        }
        for (test, output) in self.running {
            if self.parents.contains(&test) {
                continue;
            }
            let mut detail = says(&output);
            detail.message = detail
                .message
                .or_else(|| Some("the test began and did not end".into()));
            let case = places(Case {
                status: Status::Errored,
                attempts: 1,
                micros: None,
                detail,
            });
            draft.add(self.began, (name, 0), id(&test), case, Repeats::Rows)?;
        }
        if ends == Status::Failed && !bad {
            draft.broken(self.began, (name, 0), CaseId::default(), says(&self.output))?;
        }
        Ok(())
    }
}
