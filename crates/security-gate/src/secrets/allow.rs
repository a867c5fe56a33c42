//! The inline exemption: `gatewright:allow <reason>` on the line of the hit.

use std::ops::Range;

use memchr::{memchr, memrchr};

const MARKER: &[u8] = b"gatewright:allow";
/// The marker counts only this near to the hit, in bytes: one comment must not exempt a whole minified file.
const NEAR: usize = 512;
/// Longest reason that is kept, in characters.
const MAX_REASON: usize = 200;
/// A reason has at least this many letters.
const MIN_LETTERS: usize = 3;

/// What an inline marker on the line of a hit says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Allowance {
    /// No marker for this hit.
    None,
    /// A marker that does not count, and why, as a clause behind "`gatewright:allow`".
    Void(String),
    Granted(Grant),
}

/// An exemption that its line grants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    pub why: String,
    /// The last day it holds, `YYYY-MM-DD`.
    pub until: Option<String>,
}

impl Allowance {
    /// What a message says of it, and the grant.
    pub(crate) fn told(self) -> (String, Option<Grant>) {
        match self {
            Self::None => (String::new(), None),
            Self::Void(why) => (format!("; its `gatewright:allow` {why}"), None),
            Self::Granted(grant) => (String::new(), Some(grant)),
        }
    }
}

/// Reads the marker on the line of `hit`, which is of `rule`. `hidden` are the ranges that must not be quoted in the reason.
pub(crate) fn allowance(
    bytes: &[u8],
    rule: &str,
    hit: &Range<usize>,
    hidden: &[Range<usize>],
) -> Allowance {
    // Multi-line values are marked on their first line.
    let before = hit.start.saturating_sub(NEAR);
    let start = memrchr(b'\n', &bytes[before..hit.start]).map_or(before, |at| before + at + 1);
    let after = hit.end.saturating_add(NEAR).min(bytes.len());
    let end = memchr(b'\n', &bytes[hit.start..after]).map_or(after, |at| hit.start + at);
    let line = start..end;
    let Some(at) = memchr::memmem::find(&bytes[line.clone()], MARKER) else {
        return Allowance::None;
    };
    let start = line.start + at + MARKER.len();
    // The reason ends where the next hit on the line begins.
    let end = hidden
        .iter()
        .map(|range| range.start)
        .filter(|&next| next >= start)
        .fold(line.end, usize::min);
    let mut reason = String::from_utf8_lossy(&bytes[start..end]).into_owned();
    for range in hidden
        .iter()
        .filter(|range| range.end > line.start && range.start < line.end)
    {
        if let Ok(value) = std::str::from_utf8(&bytes[range.clone()]) {
            reason = reason.replace(value, "***");
        }
    }
    read(rule, &tidy(&reason))
}

/// `[RULE:] reason [(until YYYY-MM-DD)]`.
fn read(rule: &str, text: &str) -> Allowance {
    let is_rule = |name: &str| {
        !name.is_empty()
            && name
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
    };
    let named = text.split_once(':').filter(|(name, _)| is_rule(name));
    let reason = match named {
        // Of another rule of this gate, or a mark of another gate.
        Some((name, _)) if name != rule => return Allowance::None,
        Some((_, reason)) => reason,
        None => text,
    };
    let (reason, until) = match reason.rsplit_once("(until ") {
        Some((reason, until)) => (reason, Some(until.trim_end_matches(')').trim())),
        None => (reason, None),
    };
    let reason = reason.trim();
    if reason.chars().filter(|c| c.is_alphabetic()).count() < MIN_LETTERS {
        return Allowance::Void(String::from("is not honoured without a reason after it"));
    }
    match until {
        Some(day) if !is_day(day) => Allowance::Void(format!(
            "is not honoured: found `until {day}`, expected a day such as 2027-01-31"
        )),
        until => Allowance::Granted(Grant {
            why: reason.to_owned(),
            until: until.map(str::to_owned),
        }),
    }
}

fn is_day(text: &str) -> bool {
    text.len() == 10
        && text.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        })
}

/// Without the punctuation that joins it to the marker and the end of a comment; printable, bounded.
fn tidy(reason: &str) -> String {
    let mut reason = reason
        .trim_start_matches(|c: char| c.is_whitespace() || ":=(-–—[".contains(c))
        .trim_end();
    for close in ["-->", "*/", "#}", "%>", ")", "]", "\"", "',", "\","] {
        reason = reason.strip_suffix(close).unwrap_or(reason).trim_end();
    }
    reason
        .chars()
        .filter(|&c| !c.is_control() && !is_invisible(c))
        .take(MAX_REASON)
        .collect()
}

/// Zero-width characters, bidirectional controls, variation selectors and tags: a reason shows all that it says.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{61C}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
        | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{E0000}'..='\u{E0FFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Allowance {
        allowance(
            line.as_bytes(),
            "github_token",
            &(0..4),
            std::slice::from_ref(&(0..4)),
        )
    }

    fn granted(why: &str) -> Allowance {
        Allowance::Granted(Grant {
            why: why.into(),
            until: None,
        })
    }

    #[test]
    fn a_reason_is_needed() {
        assert_eq!(read("pass # a comment"), Allowance::None);
        for line in ["pass # gatewright:allow", "pass # gatewright:allow: --"] {
            assert!(matches!(read(line), Allowance::Void(_)), "{line}");
        }
        assert_eq!(
            read("pass <!-- gatewright:allow test key of the suite -->"),
            granted("test key of the suite")
        );
        assert_eq!(
            read("pass /* gatewright:allow(public sandbox) */"),
            granted("public sandbox")
        );
    }

    #[test]
    fn a_mark_of_another_rule_or_gate_exempts_nothing() {
        assert_eq!(
            read("pass # gatewright:allow github_token: revoked key"),
            granted("revoked key")
        );
        for other in ["broken_link: moved next quarter", "jwt: revoked key"] {
            let line = format!("pass <!-- gatewright:allow {other} -->");
            assert_eq!(read(&line), Allowance::None, "{line}");
        }
        assert_eq!(
            read("pass # gatewright:allow See ticket: revoked"),
            granted("See ticket: revoked")
        );
    }

    #[test]
    fn a_mark_may_end_on_a_day() {
        let until = |day: &str| read(&format!("pass # gatewright:allow old key (until {day})"));
        assert_eq!(
            until("2027-01-31"),
            Allowance::Granted(Grant {
                why: "old key".into(),
                until: Some("2027-01-31".into())
            })
        );
        assert!(matches!(until("soon"), Allowance::Void(why) if why.contains("until soon")));
        assert!(matches!(until("2027-1-1"), Allowance::Void(_)));
    }

    #[test]
    fn the_reason_never_quotes_the_value() {
        assert_eq!(
            read("pass # gatewright:allow pass is a sample"),
            granted("*** is a sample")
        );
    }

    #[test]
    fn the_reason_shows_all_that_it_says() {
        let reason = granted("sample key");
        assert_eq!(
            read("pass # gatewright:allow sam\u{202E}ple\u{E0041} key"),
            reason
        );
    }

    #[test]
    fn a_marker_on_another_line_or_far_away_does_not_count() {
        assert_eq!(
            read("pass\n# gatewright:allow some reason"),
            Allowance::None
        );
        let far = format!("pass{}gatewright:allow some reason", " ".repeat(600));
        assert_eq!(read(&far), Allowance::None);
    }
}
