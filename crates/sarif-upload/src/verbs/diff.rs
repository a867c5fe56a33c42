//! `sarif-upload diff`: what is new, fixed and unchanged between two scans.

use super::entries::{self, Entry, place};
use super::{Common, Verb, say, start};
use crate::limits::Problem;
use crate::words::markdown;
use clap::Args;
use gate_runner::Session;
use gate_runner::flags::Format;
use serde_json::json;
use std::collections::HashMap;
use std::ffi::OsString;
use std::fmt::Write as _;
use std::process::ExitCode;

const ABOUT: &str = "Compares the findings of two scans. Exit code 1 where there are new ones";

/// Findings of each kind that text and Markdown list.
const LISTED: usize = 50;

/// The flags of `diff`.
#[derive(Args, Clone, Debug)]
pub(super) struct DiffFlags {
    #[command(flatten)]
    common: Common,
    /// SARIF files of the earlier scan (repeatable)
    #[arg(long, value_name = "FILES", required = true)]
    baseline: Vec<String>,
}

pub(super) const VERB: Verb = Verb {
    name: "diff",
    about: ABOUT,
    main,
    flags: DiffFlags::augment_args,
};

fn main(arguments: Vec<OsString>) -> ExitCode {
    start::<DiffFlags>(
        "sarif-upload diff",
        ABOUT,
        arguments,
        |flags| &flags.common,
        run,
    )
}

fn run(session: &Session, flags: &DiffFlags) -> Result<u8, Problem> {
    let before = entries::of(session, &flags.baseline, None)?;
    let after = entries::of(session, &flags.common.files, None)?;
    let difference = diff(&before, &after);
    say(&match session.format() {
        Format::Json | Format::Sarif => format!(
            "{}\n",
            json!({
                "new": difference.new, "fixed": difference.fixed, "unchanged": difference.unchanged,
            })
        ),
        Format::Markdown => shown(&difference, true),
        Format::Text | Format::Github => shown(&difference, false),
    });
    Ok(u8::from(!difference.new.is_empty()))
}

/// The difference of two scans.
#[derive(Debug, Default)]
struct Difference<'a> {
    new: Vec<&'a Entry>,
    fixed: Vec<&'a Entry>,
    unchanged: usize,
}

/// What two findings have in common that are the same.
type Key<'k> = [&'k str; 5];

/// Pairs findings by what they keep in common, the surest first: hash of the line, message in the file, hash of the line
/// in a file of another name. Each pairs once.
fn diff<'a>(before: &'a [Entry], after: &'a [Entry]) -> Difference<'a> {
    let mut old: Vec<&Entry> = before.iter().collect();
    let mut new: Vec<&Entry> = after.iter().collect();
    let mut unchanged = 0;
    let keys: [fn(&Entry) -> Option<Key<'_>>; 3] = [
        |one| {
            Some([
                "hash",
                &one.tool,
                &one.rule,
                &one.path,
                one.hash.as_deref()?,
            ])
        },
        |one| Some(["message", &one.tool, &one.rule, &one.path, &one.message]),
        |one| {
            Some([
                "moved",
                &one.tool,
                &one.rule,
                &one.message,
                one.hash.as_deref()?,
            ])
        },
    ];
    for key in keys {
        let mut waiting: HashMap<Key<'_>, Vec<&Entry>> = HashMap::new();
        let mut left = Vec::new();
        for one in old {
            match key(one) {
                Some(key) => waiting.entry(key).or_default().push(one),
                None => left.push(one),
            }
        }
        new.retain(|one| {
            let Some(same) = key(one).and_then(|key| waiting.get_mut(&key)) else {
                return true;
            };
            // Of several alike the nearest line.
            let distance = |other: &Entry| other.line.unwrap_or(0).abs_diff(one.line.unwrap_or(0));
            let nearest = (0..same.len())
                .min_by_key(|at| same.get(*at).map_or(u32::MAX, |one| distance(one)));
            let Some(at) = nearest else { return true };
            same.swap_remove(at);
            unchanged += 1;
            false
        });
        left.extend(waiting.into_values().flatten());
        old = left;
    }
    old.sort_by(|a, b| {
        (std::cmp::Reverse(a.rank), &a.path, a.line, &a.rule).cmp(&(
            std::cmp::Reverse(b.rank),
            &b.path,
            b.line,
            &b.rule,
        ))
    });
    Difference {
        new,
        fixed: old,
        unchanged,
    }
}

fn shown(difference: &Difference<'_>, in_markdown: bool) -> String {
    let safe = |text: &str| {
        if in_markdown {
            markdown(text)
        } else {
            text.to_owned()
        }
    };
    let mut out = format!(
        "{} new, {} fixed, {} unchanged\n",
        difference.new.len(),
        difference.fixed.len(),
        difference.unchanged
    );
    for (title, entries) in [("new", &difference.new), ("fixed", &difference.fixed)] {
        if entries.is_empty() {
            continue;
        }
        // Writing to a String cannot fail.
        let _ = writeln!(out, "\n{title}:\n");
        for one in entries.iter().take(LISTED) {
            let _ = writeln!(
                out,
                "- {} {} {}: {}",
                one.severity,
                safe(&place(one)),
                safe(&one.rule),
                safe(&one.message)
            );
        }
        if entries.len() > LISTED {
            let _ = writeln!(out, "- and {} more", entries.len() - LISTED);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(path: &str, line: u32, message: &str, hash: Option<&str>) -> Entry {
        Entry {
            tool: String::from("t"),
            rule: String::from("r"),
            severity: "high",
            rank: 3,
            path: path.to_owned(),
            line: Some(line),
            message: message.to_owned(),
            visible: None,
            hash: hash.map(str::to_owned),
        }
    }

    #[test]
    fn findings_pair_by_line_message_and_move() {
        let before = [
            entry("a", 1, "m", Some("h:1")),
            entry("a", 5, "same words", None),
            entry("a", 9, "same words", None),
            entry("old", 3, "n", Some("k:1")),
            entry("a", 7, "gone", None),
        ];
        let after = [
            entry("a", 40, "other words", Some("h:1")),
            entry("a", 10, "same words", None),
            entry("new", 3, "n", Some("k:1")),
            entry("b", 1, "fresh", Some("h:1")),
        ];
        let found = diff(&before, &after);
        assert_eq!(found.unchanged, 3);
        assert_eq!(found.new, [&after[3]]);
        assert_eq!(found.fixed, [&before[1], &before[4]]);
        let same = diff(&before, &before);
        assert!(same.new.is_empty() && same.fixed.is_empty() && same.unchanged == 5);
    }

    #[test]
    fn more_of_the_same_are_new() {
        let one = entry("a", 1, "m", None);
        let found_before = [one.clone()];
        let found_after = [one.clone(), one];
        assert_eq!(diff(&found_before, &found_after).new.len(), 1);
        assert_eq!(diff(&found_after, &found_before).fixed.len(), 1);
    }
}
