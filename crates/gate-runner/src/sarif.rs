//! Findings as SARIF.

use gate_sarif::WrittenFinding;
use gate_verdict::{Level, Verdict};

/// One SARIF log of the findings of these verdicts. A finding without a place
/// is in the verdict only: code scanning refuses a file that holds one.
pub(crate) fn sarif(verdicts: &[Verdict]) -> Vec<u8> {
    let findings: Vec<_> = verdicts
        .iter()
        .flat_map(|verdict| &verdict.findings)
        .filter_map(|finding| {
            let location = finding.location.as_ref()?;
            Some(WrittenFinding {
                path: location.path.clone(),
                line: location.line,
                column: location.column,
                end_line: location.end_line,
                end_column: location.end_column,
                rule: finding.rule.clone(),
                level: match finding.level {
                    Level::Error => gate_sarif::Level::Error,
                    Level::Warning => gate_sarif::Level::Warning,
                    Level::Note => gate_sarif::Level::Note,
                },
                message: finding.message.clone(),
                fingerprint: finding.fingerprint.clone(),
            })
        })
        .collect();
    let tool = crate::tool();
    gate_sarif::write(&tool.name, &tool.version, &[], &findings)
}
