//! Findings of scanners, from their SARIF.

use gate_runner::{Inputs, Missing};
use gate_sarif::{Gap, Place, Rules, Run, SarifResult, Severity, Standing, severity, standing};
use gate_verdict::{Code, EvidenceRef, Location, sha256_hex};

/// A SARIF log larger than this is not read into memory here.
const MAX_LOG: u64 = 512 * 1024 * 1024;

/// One counted finding of a scanner.
#[derive(Clone, Debug)]
pub struct Vulnerability {
    pub severity: Severity,
    pub tool: String,
    pub rule: String,
    pub message: String,
    pub location: Option<Location>,
    pub fingerprint: String,
}

/// Reads every configured SARIF report. Any of them missing or unusable makes
/// the whole unknown: what a scanner could not say is not nothing.
pub(crate) fn collect(
    inputs: &Inputs<'_>,
    paths: &mut Vec<String>,
    evidence: &mut Vec<EvidenceRef>,
) -> Result<Vec<Vulnerability>, Missing> {
    let globs = &inputs.gate.reports;
    if globs.is_empty() {
        return Err(Missing::new(
            Code::NoEvidence,
            "no scanner report is configured, so vulnerabilities were not checked",
            format!(
                "run a scanner that writes SARIF and name its file under gates.{}.reports",
                inputs.gate.key
            ),
        ));
    }
    let mut found = Vec::new();
    // Every pattern has to be there: a scanner that left no report did not run.
    for glob in globs {
        let reports = inputs.reports(std::slice::from_ref(glob))?;
        if reports.is_empty() {
            return Err(Missing::new(
                Code::NoEvidence,
                format!("no scanner report matches `{glob}`"),
                "run the scanner before this gate, or take the pattern out of `reports:`",
            ));
        }
        for report in reports {
            if paths.contains(&report.path) {
                continue;
            }
            let (bytes, sha256) = report.read(MAX_LOG)?;
            let read = findings(&report.path, &bytes)?;
            paths.push(report.path.clone());
            evidence.push(EvidenceRef {
                kind: String::from("findings"),
                format: Some(String::from("sarif")),
                path: Some(report.path),
                sha256: Some(sha256),
                tool: Some(read.tools.join(", ")),
                records: read.found.len() as u64,
                skipped: 0,
                excluded: read.left_out,
            });
            found.extend(read.found);
        }
    }
    Ok(found)
}

/// What one log says.
pub(crate) struct Read {
    pub(crate) found: Vec<Vulnerability>,
    /// Results that do not count.
    left_out: u64,
    tools: Vec<String>,
}

pub(crate) fn findings(path: &str, bytes: &[u8]) -> Result<Read, Missing> {
    let log = gate_sarif::read(bytes).map_err(|error| {
        Missing::new(
            Code::EvidenceUnreadable,
            format!("{path}: {error}"),
            "let the scanner write SARIF 2.1.0 and finish before this gate",
        )
    })?;
    if let Some(gap) = log.gaps().first() {
        return Err(gap_of(path, gap));
    }
    let mut read = Read {
        found: Vec::new(),
        left_out: 0,
        tools: Vec::new(),
    };
    for run in &log.runs {
        let tool = run.tool_name().to_owned();
        let rules = run.rules();
        for result in run.results.iter().flatten() {
            // What the tool could not decide may be as bad as it looks.
            let undecided = matches!(standing(result), Standing::Open | Standing::Review);
            if !standing(result).counted() && !undecided {
                read.left_out += 1;
                continue;
            }
            read.found.push(vulnerability(&tool, &rules, run, result));
        }
        read.tools.push(tool);
    }
    Ok(read)
}

fn gap_of(path: &str, gap: &Gap) -> Missing {
    let (code, what) = match gap {
        Gap::NoRuns => (
            Code::EvidenceInsufficient,
            String::from("the log holds no run"),
        ),
        Gap::NoResults { tool, .. } => (
            Code::EvidenceInsufficient,
            format!("{tool} does not say what it found"),
        ),
        Gap::ExecutionFailed { tool, .. } => (
            Code::ToolFailed,
            format!("{tool} says itself that it did not finish"),
        ),
    };
    Missing::new(
        code,
        format!("{path}: {what}"),
        "look at the scanner's own log and run it again",
    )
}

fn vulnerability(tool: &str, rules: &Rules<'_>, run: &Run, result: &SarifResult) -> Vulnerability {
    let rule = rules.id_of(result).to_owned();
    let message = rules.message(result);
    let location = run.place(result).map(|(place, region)| {
        let (Place::Inside(path) | Place::Absolute(path) | Place::Elsewhere(path)) = place;
        Location {
            path,
            line: region.start_line,
            column: region.start_column,
            end_line: region.end_line,
            end_column: region.end_column,
        }
    });
    // The scanner's own fingerprint where it gives one, else what it says and where.
    let own = result
        .partial_fingerprints
        .iter()
        .chain(&result.fingerprints);
    let own: Vec<_> = own.map(|(key, value)| format!("{key}={value}")).collect();
    let identity = if own.is_empty() {
        message.clone()
    } else {
        own.join("\0")
    };
    let path = location
        .as_ref()
        .map_or("", |location| location.path.as_str());
    Vulnerability {
        severity: severity(result, rules.of(result)),
        tool: tool.to_owned(),
        fingerprint: sha256_hex(format!("{tool}\0{rule}\0{path}\0{identity}").as_bytes()),
        location,
        rule,
        message,
    }
}
