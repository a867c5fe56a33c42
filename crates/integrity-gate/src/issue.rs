//! One problem, before it is a finding of a criterion.

use crate::rules;
use gate_verdict::{Finding, Level, Location, sha256_hex};
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// Whether the change brought a problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// The base has it too.
    Unchanged,
    New,
}

/// One problem at one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issue {
    pub rule: &'static str,
    pub path: String,
    /// 1-based; `None` where it concerns the file as a whole.
    pub place: Option<Place>,
    /// What it is about, as written; with rule and path it is the identity.
    pub key: String,
    pub message: String,
    /// What to write at the place; only where that is certain.
    pub fix: Option<String>,
    /// What it leads to: a path, and a fragment in it.
    pub target: Option<(String, Option<String>)>,
    /// How much of it there is, where that can grow: the depth of a chain, the
    /// tokens of a file, the steps in a knot of circles. More of it than the base
    /// has is new.
    pub weight: u64,
    /// How many-th of the same identity in its file, from 1.
    pub number: u32,
    pub state: Option<State>,
}

/// Where in a file; columns count characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub line: u32,
    pub column: u32,
    pub end_column: Option<u32>,
}

impl Issue {
    /// A problem of the file as a whole.
    pub(crate) fn of_file(rule: &'static str, path: &str, key: &str, message: String) -> Self {
        debug_assert!(rules::rule(rule).is_some(), "{rule} is in no table");
        Self {
            rule,
            path: path.to_owned(),
            place: None,
            key: key.to_owned(),
            message,
            fix: None,
            target: None,
            weight: 0,
            number: 1,
            state: None,
        }
    }

    pub(crate) fn at(mut self, line: u32, column: u32, end_column: Option<u32>) -> Self {
        self.place = Some(Place {
            line,
            column,
            end_column,
        });
        self
    }

    pub(crate) fn fix(mut self, fix: Option<String>) -> Self {
        self.fix = fix;
        self
    }

    pub(crate) fn weighing(mut self, weight: u64) -> Self {
        self.weight = weight;
        self
    }

    pub(crate) fn to(mut self, path: &str, fragment: Option<&str>) -> Self {
        self.target = Some((path.to_owned(), fragment.map(str::to_owned)));
        self
    }

    /// Stable under line moves.
    pub(crate) fn fingerprint(&self) -> String {
        self.fingerprint_in(&self.path)
    }

    /// The same problem in a file that had another name.
    pub(crate) fn fingerprint_in(&self, path: &str) -> String {
        let identity = format!("{}\0{path}\0{}\0{}", self.rule, self.key, self.number);
        sha256_hex(identity.as_bytes())
    }

    pub(crate) fn finding(&self, criterion: &str) -> Finding {
        Finding {
            rule: self.rule.to_owned(),
            criterion: criterion.to_owned(),
            level: Level::Error,
            message: self.message.clone(),
            location: Some(Location {
                path: self.path.clone(),
                line: self.place.map(|place| place.line),
                column: self.place.map(|place| place.column),
                end_line: self
                    .place
                    .and_then(|place| place.end_column.map(|_| place.line)),
                end_column: self.place.and_then(|place| place.end_column),
            }),
            fingerprint: self.fingerprint(),
            baseline_state: self.state.map(|state| {
                String::from(match state {
                    State::New => "new",
                    State::Unchanged => "unchanged",
                })
            }),
            fix: self.fix.clone(),
        }
    }
}

/// The order in which a verdict lists them.
pub(crate) fn by_place(one: &Issue, other: &Issue) -> Ordering {
    let place = |issue: &Issue| issue.place.map(|place| (place.line, place.column));
    (&one.path, place(one), one.rule, &one.key).cmp(&(
        &other.path,
        place(other),
        other.rule,
        &other.key,
    ))
}

/// Tells same problems of one file apart, in the order given.
pub(crate) fn number(issues: &mut [Issue]) {
    let mut seen: BTreeMap<(&'static str, String, String), u32> = BTreeMap::new();
    for issue in issues {
        let count = seen
            .entry((issue.rule, issue.path.clone(), issue.key.clone()))
            .or_default();
        *count += 1;
        issue.number = *count;
    }
}
