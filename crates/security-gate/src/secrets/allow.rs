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
pub enum Allowance {
    /// No marker.
    None,
    /// A marker without a reason: not honoured.
    WithoutReason,
    /// The reason given.
    Reason(String),
}

/// Reads the marker on the line of `hit`. `hidden` are the ranges that must not be quoted in the reason.
pub(crate) fn allowance(bytes: &[u8], hit: &Range<usize>, hidden: &[Range<usize>]) -> Allowance {
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
    let reason = tidy(&reason);
    if reason.chars().filter(|c| c.is_alphabetic()).count() < MIN_LETTERS {
        return Allowance::WithoutReason;
    }
    Allowance::Reason(reason)
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
        allowance(line.as_bytes(), &(0..4), std::slice::from_ref(&(0..4)))
    }

    #[test]
    fn a_reason_is_needed() {
        assert_eq!(read("pass # a comment"), Allowance::None);
        assert_eq!(read("pass # gatewright:allow"), Allowance::WithoutReason);
        assert_eq!(
            read("pass # gatewright:allow: --"),
            Allowance::WithoutReason
        );
        assert_eq!(
            read("pass <!-- gatewright:allow test key of the suite -->"),
            Allowance::Reason("test key of the suite".into())
        );
        assert_eq!(
            read("pass /* gatewright:allow(public sandbox) */"),
            Allowance::Reason("public sandbox".into())
        );
    }

    #[test]
    fn the_reason_never_quotes_the_value() {
        assert_eq!(
            read("pass # gatewright:allow pass is a sample"),
            Allowance::Reason("*** is a sample".into())
        );
    }

    #[test]
    fn the_reason_shows_all_that_it_says() {
        let reason = Allowance::Reason("sample key".into());
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
