//! `<!-- gatewright:allow RULE: reason (until 2027-01-31) -->`: an accepted finding, written where it is.

use crate::locate::saturate;
use std::ops::Range;

const MARKER: &str = "gatewright:allow";
/// Longest reason that is kept, in characters.
const MAX_REASON: usize = 200;
/// Most marks kept of one file; further ones are passed over, so they exempt nothing.
const MAX_MARKS: usize = 1_000;

/// A mark in a comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// The rule it names; what stands before the first `:`.
    pub rule: Box<str>,
    /// May be empty: then it exempts nothing.
    pub reason: Box<str>,
    /// What stands in `(until ...)` at the end, unread.
    pub until: Option<Box<str>>,
    /// 1-based line of the mark.
    pub line: u32,
    /// 1-based first and last line that it speaks for: its own, or the next one with text where the comment stands alone.
    pub lines: (u32, u32),
}

/// Whether looking for marks is worth while.
pub(crate) fn may_have(text: &str) -> bool {
    memchr::memmem::find(text.as_bytes(), MARKER.as_bytes()).is_some()
}

/// The marks in `comments`, ascending ranges of `text`, which begins on `first_line` (1-based).
pub(crate) fn find(text: &str, comments: &[Range<usize>], first_line: u32) -> Vec<Mark> {
    let mut marks = Vec::new();
    let mut locator = crate::locate::Locator::new(text, first_line);
    for comment in comments {
        let Some(inside) = text.get(comment.clone()) else {
            continue;
        };
        let Some(at) = inside.find(MARKER) else {
            continue;
        };
        if marks.len() == MAX_MARKS {
            break;
        }
        let (line, _) = locator.position(comment.start + at);
        let rest = &inside[at + MARKER.len()..];
        let rest = ["-->", "--!>"]
            .iter()
            .fold(rest, |rest, end| rest.split(end).next().unwrap_or_default());
        // Without a rule it is a mark of another gate.
        if let Some(mark) = read(rest, line, lines(text, comment, line)) {
            marks.push(mark);
        }
    }
    marks
}

fn read(rest: &str, line: u32, lines: (u32, u32)) -> Option<Mark> {
    let is_rule = |rule: &str| {
        let mut bytes = rule.bytes();
        !rule.is_empty() && bytes.all(|byte| byte.is_ascii_lowercase() || byte == b'_')
    };
    let named = rest
        .split_once(':')
        .map(|(rule, reason)| (rule.trim(), reason));
    // What begins with the name of a rule is meant for it, and has no reason.
    let slip = || {
        let first = rest.split_whitespace().next()?;
        first.contains('_').then_some((first, ""))
    };
    let named = named.filter(|(rule, _)| is_rule(rule)).or_else(slip);
    let (rule, reason) = named.filter(|(rule, _)| is_rule(rule))?;
    let (reason, until) = match reason.rsplit_once("(until ") {
        Some((reason, until)) => (
            reason,
            until.split(')').next().map(|date| date.trim().into()),
        ),
        None => (reason, None),
    };
    let reason: String = reason
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .chars()
        .filter(|c| !c.is_control())
        .take(MAX_REASON)
        .collect();
    Some(Mark {
        rule: rule.into(),
        reason: reason.into(),
        until,
        line,
        lines,
    })
}

/// The lines a comment speaks for.
fn lines(text: &str, comment: &Range<usize>, line: u32) -> (u32, u32) {
    let before = text[..comment.start]
        .rsplit('\n')
        .next()
        .unwrap_or_default();
    let own_lines = saturate(text[comment.clone()].matches('\n').count());
    let last = line.saturating_add(own_lines);
    let after = text.get(comment.end..).unwrap_or_default();
    let (rest, below) = after.split_once('\n').unwrap_or((after, ""));
    let alone =
        before.trim_matches([' ', '\t', '>', '-', '*']).is_empty() && rest.trim().is_empty();
    if !alone {
        return (line, last);
    }
    let blank = below
        .lines()
        .take_while(|line| line.trim_matches([' ', '\t', '>']).is_empty())
        .count();
    let next = last.saturating_add(saturate(blank)).saturating_add(1);
    (line, next)
}

#[cfg(test)]
mod tests {
    use crate::{Options, parse};

    type Read = (String, String, Option<String>, u32, (u32, u32));

    fn marks(text: &str) -> Vec<Read> {
        parse(text.as_bytes(), Options::default())
            .marks
            .iter()
            .map(|mark| {
                (
                    mark.rule.to_string(),
                    mark.reason.to_string(),
                    mark.until.as_ref().map(ToString::to_string),
                    mark.line,
                    mark.lines,
                )
            })
            .collect()
    }

    fn mark(rule: &str, reason: &str, until: Option<&str>, line: u32, lines: (u32, u32)) -> Read {
        (
            rule.to_owned(),
            reason.to_owned(),
            until.map(str::to_owned),
            line,
            lines,
        )
    }

    #[test]
    fn a_mark_speaks_for_its_line_or_the_next() {
        let text = "---\na: b\n---\n[x](y.md) <!-- gatewright:allow broken_link: kept for\told readers (until 2027-01-31) -->\n\n\
                    <!-- gatewright:allow link_case: as the shop writes it -->\n\n> [x](Y.md)\n";
        assert_eq!(
            marks(text),
            [
                mark(
                    "broken_link",
                    "kept for old readers",
                    Some("2027-01-31"),
                    4,
                    (4, 4)
                ),
                mark("link_case", "as the shop writes it", None, 6, (6, 8)),
            ]
        );
    }

    #[test]
    fn only_comments_with_a_rule_count() {
        assert_eq!(marks("`<!-- gatewright:allow broken_link: no -->`\n"), []);
        assert_eq!(marks("<!-- gatewright:allow a test key -->\n"), []);
        assert_eq!(marks("gatewright:allow broken_link: no comment\n"), []);
        assert_eq!(
            marks("x <!-- gatewright:allow broken_link: -->\n"),
            [mark("broken_link", "", None, 1, (1, 1))]
        );
        for slip in [
            "broken_link",
            "broken_link until 2027-01-31: old",
            "broken_link because",
        ] {
            assert_eq!(
                marks(&format!("x <!-- gatewright:allow {slip} -->\n")),
                [mark("broken_link", "", None, 1, (1, 1))]
            );
        }
    }
}
