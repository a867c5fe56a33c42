//! Findings in words: their texts are the scanner's, and nobody may be commanded by them.

use super::findings::{Finding, Found};
use crate::words::{markdown, plain};
use gate_github::runner::Annotation;
use std::fmt::Write as _;

pub(crate) fn counts(found: &Found) -> String {
    let [errors, warnings, notices] = found.counts;
    match found.total() {
        0 => String::from("No findings"),
        total => format!(
            "{total} finding(s): {errors} error(s), {warnings} warning(s), {notices} notice(s)"
        ),
    }
}

/// Severity, rule and tool.
pub(super) fn title(finding: &Finding) -> String {
    plain(&format!(
        "{}: {} ({})",
        finding.severity.word(),
        finding.rule,
        finding.tool
    ))
}

pub(super) fn message(finding: &Finding) -> String {
    let message = plain(finding.message.trim());
    if message.is_empty() {
        String::from("(no message)")
    } else {
        message
    }
}

/// A finding where the runner shows remarks.
pub(crate) fn annotation(finding: &Finding) -> Annotation {
    Annotation {
        level: finding.level(),
        title: Some(title(finding)),
        message: message(finding),
        path: finding.path.clone(),
        line: finding.line,
        column: finding.column,
        end_line: finding.end_line,
        end_column: finding.end_column,
    }
}

/// A Markdown table of findings within so many bytes; of `total` the last line counts those that are left out.
pub(crate) fn table<'a>(
    findings: impl Iterator<Item = &'a Finding>,
    total: usize,
    room: usize,
) -> String {
    const HEAD: &str = "| Severity | Place | Rule | Message |\n| --- | --- | --- | --- |\n";
    /// The last line.
    const TAIL: usize = 100;
    let mut out = String::from(HEAD);
    let mut rows = 0;
    for finding in findings {
        let place = match (&finding.path, finding.line) {
            (Some(path), Some(line)) => format!("{path}:{line}"),
            (Some(path), None) => path.clone(),
            (None, _) => String::from("outside of the repository"),
        };
        let row = format!(
            "| {} | {} | {} | {} |\n",
            finding.severity.word(),
            markdown(&place),
            markdown(&finding.rule),
            markdown(&message(finding))
        );
        if out.len() + row.len() + TAIL > room {
            break;
        }
        out.push_str(&row);
        rows += 1;
    }
    if rows == 0 && total == 0 {
        return String::new();
    }
    if rows < total {
        // Writing to a String cannot fail.
        let _ = writeln!(out, "\n{} more finding(s) are in the file.", total - rows);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use gate_sarif::Severity;

    fn finding(message: &str, path: &str) -> Finding {
        Finding {
            severity: Severity::High,
            tool: String::from("t"),
            rule: String::from("r|x"),
            message: message.to_owned(),
            path: Some(path.to_owned()),
            line: Some(3),
            end_line: None,
            column: None,
            end_column: None,
        }
    }

    #[test]
    fn a_table_stays_within_its_room_and_counts_the_rest() {
        let one = finding(&"é".repeat(2_000), "src/a.rs");
        let all = vec![one; 500];
        for room in [200, 1_000, 65_535] {
            let text = table(all.iter(), 700, room);
            let rows = text.matches("| high |").count();
            assert!(text.len() <= room, "{room}: {}", text.len());
            assert!(
                text.contains(&format!("{} more finding(s)", 700 - rows)),
                "{text}"
            );
        }
        assert_eq!(table([].iter(), 0, 1_000), "");
    }

    #[test]
    fn hostile_words_stay_words() {
        let one = finding(
            "a\n::error::b <img> [x](http://e) @me | c",
            "x|y\u{202e}.rs",
        );
        let text = table([one.clone()].iter(), 1, 10_000);
        assert_eq!(text.lines().count(), 3, "{text}");
        assert!(
            !text.contains("<img>") && !text.contains("://") && !text.contains("@me"),
            "{text}"
        );
        let shown = annotation(&one);
        assert!(
            !shown.message.contains('\n') && !message(&finding("\u{1b} ", "a")).contains('\u{1b}')
        );
        assert_eq!(message(&finding(" \t", "a")), "(no message)");
    }
}
