//! Cases and suites as a person is told about them.

use crate::paths::{Mapped, Mapper};
use gate_evidence::test_run::{Case, CaseId, Place, Status, TestRun};
use gate_verdict::Location;
use std::collections::{BTreeSet, HashSet};

/// A case that did not just pass.
#[derive(Clone, Debug)]
pub struct Told {
    pub suite: String,
    pub id: CaseId,
    pub status: Status,
    pub attempts: u32,
    pub message: Option<String>,
    /// Where it stands, if that is a tracked file.
    pub location: Option<Location>,
    /// Whether it was so in the base; `None` where that is not known.
    pub known: Option<bool>,
}

/// A suite that should have been there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingSuite {
    pub name: String,
    /// What expects it: the policy, or else the base.
    pub of_base: bool,
}

const TITLE_CHARS: usize = 160;

/// A bounded name; the suite where the case does not say as much itself.
pub(super) fn title(suite: &str, id: &CaseId) -> String {
    let case = id.to_string();
    let title = match (suite, case.as_str()) {
        ("", _) => case,
        (suite, "") => suite.to_owned(),
        (suite, case) if case.starts_with(suite) => case.to_owned(),
        (suite, case) => format!("{suite} > {case}"),
    };
    if title.chars().nth(TITLE_CHARS).is_none() {
        return title;
    }
    let short: String = title.chars().take(TITLE_CHARS).collect();
    format!("{short}…")
}

impl Told {
    pub(crate) fn title(&self) -> String {
        title(&self.suite, &self.id)
    }
}

pub(super) fn was_bad(before: &TestRun, suite: &str, id: &CaseId) -> bool {
    let case = before.suites.get(suite).and_then(|cases| cases.get(id));
    case.is_some_and(Case::is_bad)
}

/// The first so many of the cases, and how many more there are.
pub(super) fn tell<'r>(
    cases: impl Iterator<Item = (&'r str, &'r CaseId, &'r Case)>,
    before: Option<&TestRun>,
    mapper: &Mapper<'_>,
    most: usize,
) -> (Vec<Told>, u64) {
    let mut cases: Vec<_> = cases.collect();
    let left_out = cases.len().saturating_sub(most) as u64;
    // what is new is told first
    let known = |suite: &str, id: &CaseId| before.map(|before| was_bad(before, suite, id));
    cases.sort_by_key(|(suite, id, _)| known(suite, id));
    cases.truncate(most);
    let places = cases.iter().flat_map(|(_, _, case)| &case.detail.places);
    let written: BTreeSet<&str> = places.map(|place| place.file.as_str()).collect();
    let mapped = mapper.map(written.into_iter(), HashSet::new());
    let locate = |place: &Place| match mapped.get(place.file.as_str()) {
        Some(Mapped::Tracked(path)) => Some(Location {
            path: path.clone(),
            line: Some(place.line).filter(|&line| line > 0),
            column: None,
            end_line: None,
            end_column: None,
        }),
        _ => None,
    };
    let told = cases.into_iter().map(|(suite, id, case)| Told {
        suite: suite.to_owned(),
        id: id.clone(),
        status: case.status,
        attempts: case.attempts,
        message: case.detail.message.as_deref().map(str::to_owned),
        location: case.detail.places.iter().find_map(locate),
        known: known(suite, id),
    });
    (told.collect(), left_out)
}

/// The expected suites of which there is no case. A suite is meant by its name, by that of a suite in it or of a
/// class of its cases.
pub(super) fn missing(
    run: &TestRun,
    expected: &[String],
    of_base: Option<&BTreeSet<&str>>,
) -> Vec<MissingSuite> {
    let mut there: BTreeSet<&str> = BTreeSet::new();
    for (suite, id, _) in run.cases() {
        there.extend([suite, id.class.as_str()]);
        there.extend(suite.split(" > "));
    }
    let expected = expected.iter().map(|name| (name.as_str(), false));
    let of_base = of_base.into_iter().flatten().map(|name| (*name, true));
    expected
        .chain(of_base)
        .filter(|(name, _)| !there.contains(name))
        .map(|(name, of_base)| MissingSuite {
            name: name.to_owned(),
            of_base,
        })
        .collect()
}
