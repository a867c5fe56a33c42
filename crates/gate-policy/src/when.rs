//! `when:`, the one way to say that a gate does not apply: by changed paths,
//! branch, event or label.

use crate::error::{PolicyError, Position};
use crate::load::Reading;
use crate::settings;
use crate::shape::{Field, Shape};
use crate::yaml::{Data, Entry, Value};
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use std::fmt::Write as _;

/// The conditions of one `when:`. Every one that is written has to hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct When {
    /// Globs: any changed file matches any of them.
    pub paths: Vec<String>,
    /// Globs: the branch that is pushed to or that a change goes into.
    pub branches: Vec<String>,
    /// Names of events of Actions.
    pub events: Vec<String>,
    /// Labels of the pull request.
    pub labels: Vec<String>,
    pub position: Position,
}

/// What is known of the run. `None` is not known: then a condition holds,
/// because a gate may only be left out where it is certain that it may.
#[derive(Clone, Copy, Debug, Default)]
pub struct Happening<'a> {
    pub changed: Option<&'a [String]>,
    pub branch: Option<&'a str>,
    pub event: Option<&'a str>,
    pub labels: Option<&'a [String]>,
}

/// One set of conditions.
pub(crate) fn shape() -> Shape {
    let event = Shape::Like {
        pattern: "^[a-z_]+$".into(),
        example: "pull_request".into(),
    };
    Shape::Record(vec![
        Field::one_of(
            "paths",
            "a changed file matches one of these globs",
            Shape::GlobList,
        ),
        Field::one_of(
            "branches",
            "the branch pushed to, or that the change goes into, matches one of these globs",
            Shape::GlobList,
        ),
        Field::one_of(
            "events",
            "the workflow runs for one of these events",
            Shape::List(Box::new(event)),
        ),
        Field::one_of(
            "labels",
            "the pull request has one of these labels",
            Shape::StringList,
        ),
    ])
}

/// Reads `when:`: one map of conditions, or a list of which one has to hold.
/// What is wrong is left out, which `errors` says.
pub(crate) fn read(
    entry: &Entry,
    reading: Reading<'_>,
    errors: &mut Vec<PolicyError>,
) -> Vec<When> {
    let one = shape();
    let Some(items) = entry.value.as_list() else {
        settings::check(entry, &one, reading, errors);
        return vec![conditions(&entry.value, errors)];
    };
    if items.is_empty() {
        errors.push(
            PolicyError::new(
                &entry.value.position,
                "found an empty list under `when`, so the gate would never apply",
            )
            .hint("name at least one set of conditions, or remove `when`"),
        );
    }
    settings::check(entry, &Shape::List(Box::new(one)), reading, errors);
    items.iter().map(|item| conditions(item, errors)).collect()
}

/// What is checked already, but for lists that nothing matches.
fn conditions(value: &Value, errors: &mut Vec<PolicyError>) -> When {
    let texts = |key: &str| -> Vec<String> {
        let texts = value.texts_of(key).into_iter();
        texts.map(str::to_owned).collect()
    };
    for (key, list) in value.pairs() {
        if matches!(&list.data, Data::List(items) if items.is_empty()) {
            errors.push(
                PolicyError::new(
                    &list.position,
                    format!("found an empty list under `when.{key}`, which nothing matches"),
                )
                .hint("name at least one, or remove the key"),
            );
        }
    }
    When {
        paths: texts("paths"),
        branches: texts("branches"),
        events: texts("events"),
        labels: texts("labels"),
        position: value.position.clone(),
    }
}

impl When {
    /// Why the gate does not apply, as a clause; `None` where it does.
    pub fn keeps_out(&self, now: Happening<'_>) -> Option<String> {
        let lists = |list: &[String]| list.join("`, `");
        if let Some(event) = now.event
            && !self.events.is_empty()
            && !self.events.iter().any(|one| one == event)
        {
            return Some(format!(
                "the event is `{event}` and `when.events` has `{}`",
                lists(&self.events)
            ));
        }
        if let Some(branch) = now.branch
            && !self.branches.is_empty()
            && !matches(&self.branches, [branch])
        {
            return Some(format!(
                "the branch is `{branch}` and `when.branches` has `{}`",
                lists(&self.branches)
            ));
        }
        if let Some(labels) = now.labels
            && !self.labels.is_empty()
            && !labels.iter().any(|label| self.labels.contains(label))
        {
            return Some(format!(
                "the pull request has none of the labels `{}`",
                lists(&self.labels)
            ));
        }
        if let Some(changed) = now.changed
            && !self.paths.is_empty()
            && !matches(&self.paths, changed.iter().map(String::as_str))
        {
            let mut text = format!("none of the {} changed files", changed.len());
            if changed.len() == 1 {
                text = String::from("the one changed file does not match");
            } else {
                text.push_str(" matches");
            }
            let _ = write!(text, " `when.paths` (`{}`)", lists(&self.paths));
            return Some(text);
        }
        None
    }

    /// The same conditions, wherever they are written.
    pub(crate) fn same(&self, other: &Self) -> bool {
        self.paths == other.paths
            && self.branches == other.branches
            && self.events == other.events
            && self.labels == other.labels
    }
}

/// Why none of several `when:` lets a gate apply; `None` where one does, and
/// where there is none at all.
pub(crate) fn all_keep_out(whens: &[When], now: Happening<'_>) -> Option<String> {
    let reasons: Option<Vec<String>> = whens.iter().map(|when| when.keeps_out(now)).collect();
    let mut reasons = reasons.filter(|reasons| !reasons.is_empty())?;
    reasons.dedup();
    Some(reasons.join("; "))
}

/// What a gate applies to when both of two policies ask: no less than either.
pub(crate) fn unite(base: &[When], head: &[When]) -> Vec<When> {
    if base.is_empty() || head.is_empty() {
        return Vec::new();
    }
    let mut both = base.to_vec();
    let new = head.iter().filter(|one| !base.iter().any(|b| b.same(one)));
    both.extend(new.cloned());
    both
}

/// Whether `head` lets a gate apply wherever `base` does, provably.
pub(crate) fn as_wide(base: &[When], head: &[When]) -> bool {
    head.is_empty() || (!base.is_empty() && base.iter().all(|one| head.iter().any(|h| h.same(one))))
}

/// Whether any of `names` matches any glob; `*` stays within a `/`. A glob that
/// does not compile, which reading has refused, matches everything.
pub(crate) fn matches<'a>(globs: &[String], names: impl IntoIterator<Item = &'a str>) -> bool {
    let Some(set) = compile(globs) else {
        return true;
    };
    names.into_iter().any(|name| set.is_match(name))
}

fn compile(globs: &[String]) -> Option<GlobSet> {
    let mut builder = GlobSetBuilder::new();
    for glob in globs {
        builder.add(
            GlobBuilder::new(glob)
                .literal_separator(true)
                .build()
                .ok()?,
        );
    }
    builder.build().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn when(paths: &[&str], branches: &[&str], events: &[&str], labels: &[&str]) -> When {
        let owned = |list: &[&str]| list.iter().map(|one| (*one).to_owned()).collect();
        When {
            paths: owned(paths),
            branches: owned(branches),
            events: owned(events),
            labels: owned(labels),
            position: Position::built_in(),
        }
    }

    #[test]
    fn what_is_not_known_never_keeps_a_gate_out() {
        let all = when(&["a/**"], &["main"], &["push"], &["perf"]);
        assert_eq!(all.keeps_out(Happening::default()), None);
    }

    #[test]
    fn every_condition_has_to_hold() {
        let both = when(&["src/**"], &["main", "release/*"], &[], &[]);
        let changed = [String::from("src/a.rs"), String::from("README.md")];
        let now = |branch| Happening {
            changed: Some(&changed),
            branch: Some(branch),
            ..Happening::default()
        };
        assert_eq!(both.keeps_out(now("release/1")), None);
        let why = both.keeps_out(now("release/1/fix")).unwrap_or_default();
        assert!(why.contains("`release/1/fix`"), "{why}");
        let docs = [String::from("README.md")];
        let why = both
            .keeps_out(Happening {
                changed: Some(&docs),
                branch: Some("main"),
                ..Happening::default()
            })
            .unwrap_or_default();
        assert_eq!(
            why,
            "the one changed file does not match `when.paths` (`src/**`)"
        );
    }

    #[test]
    fn of_two_policies_the_one_that_asks_more_often_holds() {
        let narrow = vec![when(&["src/**"], &[], &[], &[])];
        let other = vec![when(&["lib/**"], &[], &[], &[])];
        assert!(unite(&narrow, &[]).is_empty());
        assert!(unite(&[], &narrow).is_empty());
        let both = unite(&narrow, &other);
        let changed = [String::from("lib/x")];
        let now = Happening {
            changed: Some(&changed),
            ..Happening::default()
        };
        assert_eq!(all_keep_out(&both, now), None);
        assert!(all_keep_out(&narrow, now).is_some());
        assert!(as_wide(&narrow, &[]) && !as_wide(&[], &narrow));
        assert!(!as_wide(&narrow, &other) && as_wide(&narrow, &both));
    }
}
