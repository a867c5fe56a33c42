//! The results of files, each as what people look at.

use super::plainly;
use crate::limits::Problem;
use crate::prepare;
use crate::visible::Change;
use crate::words::plain;
use gate_runner::Session;
use gate_sarif::fingerprint::LINE_HASH_KEY;
use gate_sarif::{Place, Rules, Run, SarifResult, Severity, severity, standing};
use serde::Serialize;

/// Results that are held in memory; nobody reads more.
const MOST: usize = 1_000_000;
/// Characters of a message that are kept.
const MESSAGE: usize = 400;

/// A result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Entry {
    pub(super) tool: String,
    pub(super) rule: String,
    pub(super) severity: &'static str,
    #[serde(skip)]
    pub(super) rank: u8,
    /// Empty where it names no file.
    pub(super) path: String,
    pub(super) line: Option<u32>,
    pub(super) message: String,
    /// Whether a pull request shows it, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) visible: Option<&'static str>,
    /// `primaryLocationLineHash`, where the result carries one.
    #[serde(skip)]
    pub(super) hash: Option<String>,
}

/// All results that are findings, the gravest first.
pub(super) fn of(
    session: &Session,
    patterns: &[String],
    change: Option<&Change>,
) -> Result<Vec<Entry>, Problem> {
    let found = crate::find::find(session, patterns)
        .map_err(|(reason, next_step)| Problem::new(reason, next_step))?;
    let mut entries = Vec::new();
    for found in found {
        prepare::each(&found, &plainly(session), |run, rules, result| {
            if !standing(result).counted() {
                return Ok(());
            }
            if entries.len() == MOST {
                return Err(Problem::new(
                    format!("found more than {MOST} results"),
                    "leave some out with `sarif-upload filter`",
                ));
            }
            entries.push(Entry {
                visible: change.map(|change| change.shows(run, result).words()),
                ..entry(run, rules, result)
            });
            Ok(())
        })?;
    }
    entries.sort_by(|a, b| {
        let key = |one: &Entry| {
            (
                std::cmp::Reverse(one.rank),
                one.path.clone(),
                one.line,
                one.rule.clone(),
            )
        };
        key(a).cmp(&key(b))
    });
    Ok(entries)
}

fn entry(run: &Run, rules: &Rules<'_>, result: &SarifResult) -> Entry {
    let severity = severity(result, rules.of(result));
    let (path, line) = run.place(result).map_or_else(
        || (String::new(), None),
        |(place, region)| match place {
            Place::Inside(path) | Place::Absolute(path) | Place::Elsewhere(path) => {
                (path, region.start_line)
            }
        },
    );
    let message = rules.message(result);
    Entry {
        tool: plain(run.tool_name()),
        rule: plain(rules.id_of(result)),
        severity: severity.word(),
        rank: match severity {
            Severity::None => 0,
            Severity::Low => 1,
            Severity::Medium => 2,
            Severity::High => 3,
            // What makes no sense is never taken lightly.
            Severity::Critical | Severity::Unknown => 4,
        },
        path: plain(&path),
        line,
        message: plain(&message.chars().take(MESSAGE).collect::<String>()),
        visible: None,
        hash: result.partial_fingerprints.get(LINE_HASH_KEY).cloned(),
    }
}

/// `path:line`, or what stands for it.
pub(super) fn place(entry: &Entry) -> String {
    match (entry.path.as_str(), entry.line) {
        ("", _) => String::from("(no file)"),
        (path, None) => path.to_owned(),
        (path, Some(line)) => format!("{path}:{line}"),
    }
}
