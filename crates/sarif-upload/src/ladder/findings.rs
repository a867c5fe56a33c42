//! What a file found, as far as it is shown where code scanning does not take it: the worst first.

use crate::limits::Problem;
use crate::log::Log;
use gate_github::runner::AnnotationLevel;
use gate_sarif::{Place, Run, SarifResult, Severity, severity, standing};
use std::path::Path;

/// Findings of one file that are kept for showing; the others are counted.
pub(crate) const MOST: usize = 1_000;

/// A finding. Its texts are the scanner's: `words` makes them safe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) severity: Severity,
    pub(crate) tool: String,
    pub(crate) rule: String,
    pub(crate) message: String,
    /// Relative to the repository's root; `None` where it lies elsewhere.
    pub(crate) path: Option<String>,
    pub(crate) line: Option<u32>,
    pub(crate) end_line: Option<u32>,
    pub(crate) column: Option<u32>,
    pub(crate) end_column: Option<u32>,
}

/// The findings of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Found {
    /// In order of weight.
    pub(crate) worst: Vec<Finding>,
    /// Of all, not only of those kept: errors, warnings, notices.
    pub(crate) counts: [usize; 3],
}

impl Found {
    pub(crate) fn total(&self) -> usize {
        self.counts.iter().sum()
    }
}

impl Finding {
    pub(crate) fn level(&self) -> AnnotationLevel {
        match self.severity {
            Severity::Critical | Severity::High => AnnotationLevel::Error,
            Severity::Medium | Severity::Unknown => AnnotationLevel::Warning,
            Severity::Low | Severity::None => AnnotationLevel::Notice,
        }
    }

    /// What is not known may be grave: it comes before what is known to be less.
    fn rank(&self) -> u8 {
        match self.severity {
            Severity::Critical => 0,
            Severity::High => 1,
            Severity::Unknown => 2,
            Severity::Medium => 3,
            Severity::Low => 4,
            Severity::None => 5,
        }
    }
}

/// The findings of a file that is ready to go; what is suppressed or passed is none.
pub(crate) fn findings(log: &Log, root: &Path) -> Result<Found, Problem> {
    let read = log.read()?;
    let mut found = Found::default();
    for run in &read.runs {
        let rules = run.rules();
        for result in run.results().iter().filter(|one| standing(one).counted()) {
            let finding = Finding {
                severity: severity(result, rules.of(result)),
                tool: run.tool_name().to_owned(),
                rule: rules.id_of(result).to_owned(),
                message: rules.message(result).trim().to_owned(),
                ..placed(run, result, root)
            };
            let level = finding.level();
            for (count, counted) in found.counts.iter_mut().zip(LEVELS) {
                *count += usize::from(level == counted);
            }
            found.worst.push(finding);
            if found.worst.len() >= 2 * MOST {
                keep_worst(&mut found.worst);
            }
        }
    }
    keep_worst(&mut found.worst);
    Ok(found)
}

pub(crate) const LEVELS: [AnnotationLevel; 3] = [
    AnnotationLevel::Error,
    AnnotationLevel::Warning,
    AnnotationLevel::Notice,
];

/// In order of weight, and as written within it.
pub(super) fn keep_worst(findings: &mut Vec<Finding>) {
    findings.sort_by_key(Finding::rank);
    findings.truncate(MOST);
}

/// A finding of which nothing but the place is known.
fn placed(run: &Run, result: &SarifResult, root: &Path) -> Finding {
    let (place, region) = run.place(result).unzip();
    let region = region.unwrap_or_default();
    let path = match place {
        Some(Place::Inside(path)) => Some(path),
        Some(Place::Absolute(path)) => Path::new(&path)
            .strip_prefix(root)
            .ok()
            .map(|below| below.to_string_lossy().replace('\\', "/")),
        Some(Place::Elsewhere(_)) | None => None,
    };
    let end_line = region
        .end_line
        .filter(|end| region.start_line.is_some_and(|start| *end >= start));
    let one_line = end_line.is_none() || end_line == region.start_line;
    let column = region.start_column.filter(|_| one_line);
    Finding {
        severity: Severity::Unknown,
        tool: String::new(),
        rule: String::new(),
        message: String::new(),
        path: path.filter(|path| !path.is_empty() && !path.chars().any(char::is_control)),
        line: region.start_line,
        end_line,
        column,
        end_column: region
            .end_column
            .filter(|end| column.is_some_and(|start| *end >= start)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn of(results: &serde_json::Value) -> Found {
        let text = json!({"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "t"}}, "results": results}]});
        let mut log = crate::log::log("a", &[("t", "c")]);
        let _folder = crate::log::write(&mut log, &text.to_string());
        findings(&log, Path::new("/work/api")).expect("findings")
    }

    fn at(uri: &str, region: &serde_json::Value) -> serde_json::Value {
        json!([{"ruleId": "r", "message": {"text": "m"}, "locations": [
            {"physicalLocation": {"artifactLocation": {"uri": uri}, "region": region}}]}])
    }

    #[test]
    fn the_worst_come_first_and_the_rest_is_counted() {
        let level =
            |level: &str| json!({"ruleId": level, "level": level, "message": {"text": "m"}});
        let mut results = vec![level("note"); 1_500];
        results.extend([level("warning"), level("odd"), level("error")]);
        results.push(json!({"level": "error", "kind": "pass"}));
        results.push(json!({"level": "error", "suppressions": [{"kind": "inSource"}]}));
        let found = of(&json!(results));
        assert_eq!(found.counts, [1, 2, 1_500]);
        assert_eq!((found.total(), found.worst.len()), (1_503, MOST));
        let rules: Vec<_> = found
            .worst
            .iter()
            .take(4)
            .map(|one| one.rule.as_str())
            .collect();
        assert_eq!(rules, ["error", "odd", "warning", "note"]);
    }

    #[test]
    fn places_are_of_the_repository_or_none() {
        let path = |uri: &str| of(&at(uri, &json!({}))).worst[0].path.clone();
        assert_eq!(path("src/a.rs").as_deref(), Some("src/a.rs"));
        assert_eq!(
            path("file:///work/api/src/a%20b.rs").as_deref(),
            Some("src/a b.rs")
        );
        for uri in ["/etc/passwd", "../a", "https://x/a", "a%0Ab", "/work/api"] {
            assert_eq!(path(uri), None, "{uri}");
        }
    }

    #[test]
    fn regions_are_what_github_takes() {
        for (region, expected) in [
            (json!({}), (None, None, None, None)),
            (
                json!({"startLine": 3, "startColumn": 2, "endColumn": 5}),
                (Some(3), None, Some(2), Some(5)),
            ),
            (
                json!({"startLine": 3, "endLine": 4, "startColumn": 2, "endColumn": 5}),
                (Some(3), Some(4), None, None),
            ),
            (
                json!({"startLine": 3, "endLine": 1, "startColumn": 9, "endColumn": 5}),
                (Some(3), None, Some(9), None),
            ),
            (
                json!({"startLine": -1, "endLine": 2}),
                (None, None, None, None),
            ),
        ] {
            let found = of(&at("a", &region));
            let one = &found.worst[0];
            assert_eq!(
                (one.line, one.end_line, one.column, one.end_column),
                expected,
                "{region}"
            );
        }
    }

    #[test]
    fn what_cannot_be_read_again_is_not_no_findings() {
        assert!(findings(&crate::log::log("a", &[("t", "c")]), Path::new("/work")).is_err());
    }
}
