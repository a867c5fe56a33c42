//! Alerts of what the scan suppresses are dismissed, and opened again when it does so no more.

use crate::destination::{Destination, Surroundings};
use crate::diagnosis::problem;
use crate::limits::Problem;
use crate::log::Log;
use crate::receipt::{FileReceipt, State};
use crate::suppressed::{Fate, MARK, Suppressed, fate};
use crate::words::plain;
use gate_github::api::{Alert, AlertState, Client, Dismissal};
use gate_sarif::{Place, Rules, Run, SarifResult, standing};
use std::collections::{BTreeMap, BTreeSet};

/// Pages of 100 alerts that are looked through.
const PAGES: usize = 50;
/// Alerts changed by one upload: GitHub counts five points each, of 900 a minute.
const MOST: usize = 150;

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
    let waiting = files.iter().map(|file| file.state);
    let waiting = waiting.filter(|state| *state == State::Uploaded).count();
    let processed = logs
        .iter()
        .zip(files)
        .filter(|(_, file)| file.state == State::Processed)
        .map(|(log, _)| log);
    let told = match told(processed) {
        Ok(told) => told,
        // What is not known may be what keeps an alert open.
        Err(Problem { reason, next_step }) => {
            return vec![format!(
                "no alert was dismissed: {reason}; next step: {next_step}"
            )];
        }
    };
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

fn changes(tool: &str, told: &ByCategory, open: &[Alert], closed: &[Alert]) -> Vec<Change> {
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
type ByCategory = BTreeMap<(String, String), Told>;

fn told<'a>(logs: impl Iterator<Item = &'a Log>) -> Result<ByCategory, Problem> {
    let mut all = ByCategory::new();
    for log in logs {
        for (run, receipt) in log.read()?.runs.iter().zip(&log.runs) {
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
    Ok(all)
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
