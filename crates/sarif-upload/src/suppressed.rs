//! What GitHub ignores: suppressions, `kind` and `baselineState`. Left alone, what was suppressed shows as open alerts.

use crate::destination::{Destination, Surroundings};
use crate::diagnosis::problem;
use crate::log::Log;
use crate::receipt::{FileReceipt, State};
use crate::words::plain;
use clap::ValueEnum;
use gate_github::api::{Alert, AlertState, Client, Dismissal, MAX_DISMISSAL_COMMENT};
use gate_sarif::{Place, Rules, Run, SarifResult, Standing, standing};
use std::collections::{BTreeMap, BTreeSet};

/// `--suppressed`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Suppressed {
    /// They are not uploaded: what was an alert is closed as fixed.
    Drop,
    /// They are uploaded, and their alerts dismissed with the justification.
    Dismiss,
    /// They are uploaded like any other: open alerts.
    Keep,
}

/// What should happen to one result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    Upload,
    Drop,
    /// Upload, then dismiss its alert.
    Dismiss {
        reason: Dismissal,
        comment: String,
    },
}

/// Ends the comment of every dismissal of ours: only what carries it is ever opened again.
const MARK: &str = " (suppressed in the scan)";

/// Pages of 100 alerts that are looked through.
const PAGES: usize = 50;
/// Alerts changed by one upload: GitHub counts five points each, of 900 a minute.
const MOST: usize = 150;

/// What a choice comes to for a reference. A dismissal holds for every branch, so only the default branch dismisses: a
/// pull request could otherwise close an alert of `main` by a comment in its own code.
pub(crate) fn effective(
    choice: Suppressed,
    git_ref: Option<&str>,
    default_branch: Option<&str>,
) -> Suppressed {
    let branch = git_ref.and_then(|git_ref| git_ref.strip_prefix("refs/heads/"));
    match choice {
        Suppressed::Dismiss if branch.is_none() || branch != default_branch => Suppressed::Drop,
        choice => choice,
    }
}

/// What happens to a result that stands so under a choice that [`effective`] returned.
pub(crate) fn fate(result: &SarifResult, standing: Standing, choice: Suppressed) -> Fate {
    match (choice, standing) {
        (Suppressed::Keep, _) => Fate::Upload,
        // What a tool leaves to a person is for a person to see.
        (_, Standing::Counted | Standing::Open | Standing::Review) => Fate::Upload,
        (Suppressed::Dismiss, Standing::Suppressed) => {
            let (reason, comment) = justification(result);
            Fate::Dismiss { reason, comment }
        }
        (
            _,
            Standing::Suppressed
            | Standing::Absent
            | Standing::Passed
            | Standing::NotApplicable
            | Standing::Informational,
        ) => Fate::Drop,
    }
}

/// GitHub's reason and a comment, from the first justification that says anything.
fn justification(result: &SarifResult) -> (Dismissal, String) {
    let said = result
        .suppressions
        .iter()
        .filter_map(|one| one.justification.as_deref())
        .find(|text| !text.trim().is_empty());
    let said = plain(said.unwrap_or("no justification given").trim());
    let lower = said.to_lowercase();
    let any = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    let reason = if any(&["false positive", "false-positive", "false alarm"]) {
        Dismissal::FalsePositive
    } else if any(&[
        "used in test",
        "test code",
        "test only",
        "test-only",
        "only in test",
    ]) {
        Dismissal::UsedInTests
    } else {
        Dismissal::WontFix
    };
    let room = MAX_DISMISSAL_COMMENT - MARK.chars().count();
    let kept: String = if said.chars().count() > room {
        said.chars().take(room - 1).chain(['…']).collect()
    } else {
        said
    };
    (reason, kept + MARK)
}

/// Where an alert is: rule, path and line of its latest instance.
type Key = (String, String, u64);

/// The results of one tool and category.
#[derive(Debug, Default)]
struct Told {
    suppressed: BTreeMap<Key, (Dismissal, String)>,
    /// Everything that is uploaded and not suppressed.
    open: BTreeSet<Key>,
}

/// Dismisses the alerts of what the scan suppressed, and opens again what was dismissed so and is suppressed no more.
/// What it did, in words.
pub(crate) fn dismiss(
    client: &Client,
    to: &Destination,
    surroundings: &Surroundings,
    logs: &[Log],
    files: &[FileReceipt],
) -> Vec<String> {
    let (Ok((owner, name)), Ok(git_ref)) = (&to.repository, &to.git_ref) else {
        return Vec::new();
    };
    let waiting = files.iter().filter(|file| file.state == State::Uploaded);
    let waiting = waiting.count();
    let processed = logs
        .iter()
        .zip(files)
        .filter(|(_, file)| file.state == State::Processed)
        .map(|(log, _)| log);
    let told = told(processed);
    let tools: BTreeSet<&str> = told.keys().map(|(tool, _)| tool.as_str()).collect();
    let mut notices = Vec::new();
    if waiting > 0 {
        notices.push(format!(
            "no alert of {waiting} file(s) was dismissed: GitHub has not said that they are processed; --wait longer"
        ));
    }
    let (mut dismissed, mut reopened, mut left) = (0_usize, 0_usize, 0_usize);
    for tool in tools {
        let mut list = |state| {
            let listed = client.alerts(owner, name, (git_ref, tool), state, PAGES);
            match listed {
                Ok(listed) => {
                    if listed.cut {
                        notices.push(format!(
                            "{}: more than {} alerts; the rest was not looked at for suppressions",
                            plain(tool),
                            listed.items.len()
                        ));
                    }
                    Some(listed.items)
                }
                Err(error) => {
                    let it = problem(&error, surroundings);
                    notices.push(format!("{}; next step: {}", it.reason, it.next_step));
                    None
                }
            }
        };
        let (Some(open), Some(closed)) = (list(AlertState::Open), list(AlertState::Dismissed))
        else {
            continue;
        };
        let changes = changes(tool, &told, &open, &closed);
        for change in &changes {
            if dismissed + reopened >= MOST {
                left += 1;
                continue;
            }
            let outcome = match &change.to {
                Some((reason, comment)) => {
                    client.dismiss_alert(owner, name, change.number, *reason, comment)
                }
                None => client.reopen_alert(owner, name, change.number),
            };
            match outcome {
                Ok(()) if change.to.is_some() => dismissed += 1,
                Ok(()) => reopened += 1,
                Err(error) => {
                    let it = problem(&error, surroundings);
                    notices.push(format!(
                        "alert {}: {}; next step: {}",
                        change.number, it.reason, it.next_step
                    ));
                    // The next one would be refused for the same reason.
                    if error.is_refusal() {
                        return notices;
                    }
                }
            }
        }
    }
    if dismissed + reopened + left > 0 {
        notices.push(format!(
            "{dismissed} alert(s) dismissed as the scan suppresses them, {reopened} opened again"
        ));
    }
    if left > 0 {
        notices.push(format!(
            "{left} more alert(s) are left for the next run: {MOST} are changed by one"
        ));
    }
    notices
}

/// An alert to change: dismissed with these words, or opened again.
#[derive(Debug, PartialEq, Eq)]
struct Change {
    number: u64,
    to: Option<(Dismissal, String)>,
}

fn changes(
    tool: &str,
    told: &BTreeMap<(String, String), Told>,
    open: &[Alert],
    closed: &[Alert],
) -> Vec<Change> {
    let of = |alert: &Alert| {
        let category = alert.category.trim_end_matches('/').to_owned();
        told.get(&(tool.to_owned(), category))
    };
    let key = |alert: &Alert| (alert.rule.clone(), alert.path.clone(), alert.start_line);
    let dismissed = open.iter().filter_map(|alert| {
        let (told, key) = (of(alert)?, key(alert));
        // Two results at one place, one of them suppressed: which alert is which is not known.
        let words = told
            .suppressed
            .get(&key)
            .filter(|_| !told.open.contains(&key))?;
        Some(Change {
            number: alert.number,
            to: Some(words.clone()),
        })
    });
    let reopened = closed.iter().filter_map(|alert| {
        let ours = alert.comment.as_deref()?.ends_with(MARK);
        let (told, key) = (of(alert)?, key(alert));
        (ours && told.open.contains(&key) && !told.suppressed.contains_key(&key)).then_some(
            Change {
                number: alert.number,
                to: None,
            },
        )
    });
    dismissed.chain(reopened).collect()
}

/// By tool and category.
fn told<'a>(logs: impl Iterator<Item = &'a Log>) -> BTreeMap<(String, String), Told> {
    let mut all: BTreeMap<(String, String), Told> = BTreeMap::new();
    for log in logs {
        let read = log
            .unpacked()
            .ok()
            .and_then(|bytes| gate_sarif::read(&bytes).ok());
        let runs = read.map(|read| read.runs).unwrap_or_default();
        for (run, receipt) in runs.iter().zip(&log.runs) {
            let category = receipt.category.trim_end_matches('/').to_owned();
            let told = all.entry((receipt.tool.clone(), category)).or_default();
            let rules = run.rules();
            for result in run.results() {
                let Some(key) = key_of(run, &rules, result) else {
                    continue;
                };
                match fate(result, standing(result), Suppressed::Dismiss) {
                    Fate::Dismiss { reason, comment } => {
                        told.suppressed.entry(key).or_insert((reason, comment));
                    }
                    Fate::Upload => {
                        told.open.insert(key);
                    }
                    Fate::Drop => {}
                }
            }
        }
    }
    all
}

fn key_of(run: &Run, rules: &Rules<'_>, result: &SarifResult) -> Option<Key> {
    let (place, region) = run.place(result)?;
    let Place::Inside(path) = place else {
        return None;
    };
    let rule = rules.id_of(result).to_owned();
    Some((rule, path, u64::from(region.start_line.unwrap_or(1))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn result(text: &str) -> SarifResult {
        let log = format!(
            r#"{{"version":"2.1.0","runs":[{{"tool":{{"driver":{{"name":"t"}}}},"results":[{text}]}}]}}"#
        );
        gate_sarif::read(log.as_bytes()).unwrap().runs[0].results()[0].clone()
    }

    fn of(text: &str, choice: Suppressed) -> &'static str {
        let result = result(text);
        match fate(&result, standing(&result), choice) {
            Fate::Upload => "upload",
            Fate::Drop => "drop",
            Fate::Dismiss { .. } => "dismiss",
        }
    }

    #[test]
    fn each_choice_has_its_fate() {
        use Suppressed::{Dismiss, Drop, Keep};
        for (text, fates) in [
            ("{}", ["upload", "upload", "upload"]),
            (
                r#"{"suppressions":[{"kind":"inSource"}]}"#,
                ["drop", "dismiss", "upload"],
            ),
            (
                r#"{"suppressions":[{"status":"underReview"}]}"#,
                ["upload"; 3],
            ),
            (r#"{"baselineState":"absent"}"#, ["drop", "drop", "upload"]),
            (r#"{"kind":"pass"}"#, ["drop", "drop", "upload"]),
            (r#"{"kind":"notApplicable"}"#, ["drop", "drop", "upload"]),
            (r#"{"kind":"informational"}"#, ["drop", "drop", "upload"]),
            (r#"{"kind":"review"}"#, ["upload"; 3]),
            (r#"{"kind":"open"}"#, ["upload"; 3]),
        ] {
            assert_eq!(
                [Drop, Dismiss, Keep].map(|choice| of(text, choice)),
                fates,
                "{text}"
            );
        }
    }

    #[test]
    fn only_the_default_branch_dismisses() {
        use Suppressed::{Dismiss, Drop, Keep};
        let main = Some("main");
        for (git_ref, default, expected) in [
            (Some("refs/heads/main"), main, Dismiss),
            (Some("refs/heads/dev"), main, Drop),
            (Some("refs/pull/7/merge"), main, Drop),
            (Some("refs/heads/main"), None, Drop),
            (None, None, Drop),
            (Some("refs/tags/main"), main, Drop),
        ] {
            assert_eq!(
                effective(Dismiss, git_ref, default),
                expected,
                "{git_ref:?}"
            );
        }
        assert_eq!(effective(Keep, None, None), Keep);
    }

    #[test]
    fn words_become_a_reason_and_a_bounded_comment() {
        let of = |text: &str| {
            justification(&result(&format!(
                r#"{{"suppressions":[{{"justification":{}}}]}}"#,
                serde_json::Value::from(text)
            )))
        };
        for (text, reason) in [
            ("This is a False Positive.", Dismissal::FalsePositive),
            ("only used in tests", Dismissal::UsedInTests),
            ("accepted risk, latest review", Dismissal::WontFix),
            ("", Dismissal::WontFix),
        ] {
            let (found, comment) = of(text);
            assert_eq!(found, reason, "{text}");
            assert!(comment.ends_with(MARK), "{comment}");
        }
        let (_, comment) = of(&"é".repeat(500));
        assert_eq!(comment.chars().count(), 280);
        assert!(comment.ends_with(&format!("…{MARK}")), "{comment}");
    }

    #[test]
    fn nothing_is_opened_that_was_not_dismissed_here() {
        let key = |line| (String::from("r"), String::from("a"), line);
        let told = BTreeMap::from([(
            (String::from("t"), String::from("c")),
            Told {
                suppressed: BTreeMap::from([
                    (key(1), (Dismissal::WontFix, String::from("x"))),
                    (key(3), (Dismissal::WontFix, String::from("y"))),
                ]),
                open: BTreeSet::from([key(2), key(3)]),
            },
        )]);
        let alert = |number, start_line, comment: Option<&str>| Alert {
            number,
            rule: String::from("r"),
            category: String::from("c/"),
            path: String::from("a"),
            start_line,
            comment: comment.map(str::to_owned),
        };
        let open = [alert(1, 1, None), alert(2, 2, None), alert(3, 3, None)];
        let ours = format!("because{MARK}");
        let closed = [
            alert(4, 2, Some(&ours)),
            alert(5, 2, Some("by hand")),
            alert(6, 2, None),
            alert(7, 9, Some(&ours)),
        ];
        let changed = changes("t", &told, &open, &closed);
        let numbers: Vec<_> = changed
            .iter()
            .map(|change| (change.number, change.to.is_some()))
            .collect();
        assert_eq!(numbers, [(1, true), (4, false)]);
    }
}
