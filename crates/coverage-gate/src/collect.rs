//! From report files to facts: which tracked lines ran, and which of them the
//! change added.

use crate::patch::{Patch, patch};
use crate::paths::{Mapped, Mapper};
use gate_evidence::Limits;
use gate_evidence::coverage::{self, Coverage, Totals};
use gate_policy::Origin;
use gate_runner::{Collected, Inputs, Missing, Part, Report, counted};
use gate_verdict::{Code, EvidenceRef, Ratio};
use std::collections::BTreeMap;
use std::io::{BufReader, Cursor, Read};

/// Where the tools of the field leave their reports when nobody says.
const DEFAULT_REPORTS: &[&str] = &[
    "lcov.info",
    "coverage/lcov.info",
    "coverage/*/lcov.info",
    "target/llvm-cov/lcov.info",
    "coverage.xml",
    "coverage/coverage.xml",
    "coverage/cobertura-coverage.xml",
    "cobertura.xml",
    "target/site/jacoco/jacoco.xml",
    "*/target/site/jacoco/jacoco.xml",
    "build/reports/jacoco/test/jacocoTestReport.xml",
    "*/build/reports/jacoco/test/jacocoTestReport.xml",
    "coverage.out",
    "cover.out",
];

/// One `go.mod`: the module's path and the folder it stands in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GoModule {
    pub path: String,
    pub folder: String,
}

/// What the criteria judge.
#[derive(Debug)]
pub struct Facts {
    /// Coverage of tracked, selected files, by tracked path.
    pub coverage: Result<Coverage, Missing>,
    /// The change, as far as reports measure it.
    pub patch: Result<Patch, Missing>,
    /// The report files read.
    pub reports: Vec<String>,
}

pub(crate) fn go_module(path: &str, bytes: &[u8]) -> Option<GoModule> {
    let text = std::str::from_utf8(bytes).ok()?;
    let line = text
        .lines()
        .find_map(|line| line.trim().strip_prefix("module "))?;
    let module = line.split("//").next()?.trim().trim_matches(['"', '`']);
    let folder = path.strip_suffix("go.mod")?.trim_end_matches('/');
    (!module.is_empty()).then(|| GoModule {
        path: module.to_owned(),
        folder: folder.to_owned(),
    })
}

pub(crate) fn collect(
    inputs: &Inputs<'_>,
    parts: &[Part<'_, Option<GoModule>>],
) -> Collected<Facts> {
    let modules: Vec<&GoModule> = parts.iter().filter_map(|part| part.part.as_ref()).collect();
    let mut collected = Collected {
        facts: Facts {
            coverage: Ok(Coverage::default()),
            patch: Ok(Patch::default()),
            reports: Vec::new(),
        },
        evidence: Vec::new(),
        metrics: BTreeMap::new(),
        exemptions: Vec::new(),
        notices: Vec::new(),
        graph: None,
    };
    let coverage = measured(inputs, &modules, &mut collected);
    if let Ok(coverage) = &coverage {
        let totals = coverage.totals();
        metrics(&totals, &mut collected.metrics);
        collected.facts.patch = inputs.changes().map(|changes| patch(coverage, changes));
    }
    collected.facts.coverage = coverage;
    collected
}

fn measured(
    inputs: &Inputs<'_>,
    modules: &[&GoModule],
    collected: &mut Collected<Facts>,
) -> Result<Coverage, Missing> {
    let configured = &inputs.gate.reports;
    let globs: Vec<String> = if configured.is_empty() {
        DEFAULT_REPORTS
            .iter()
            .map(|&glob| glob.to_owned())
            .collect()
    } else {
        configured.clone()
    };
    let reports = inputs.reports(&globs)?;
    if reports.is_empty() {
        return Err(no_report(inputs, configured));
    }
    // A report that is configured and not there was not written.
    for pattern in configured {
        if inputs.reports(std::slice::from_ref(pattern))?.is_empty() {
            return Err(no_report(inputs, std::slice::from_ref(pattern)));
        }
    }
    let mut whole = Coverage::default();
    let mut unmapped = Unmapped::default();
    for report in &reports {
        let (read, format, sha256) = read_report(report)?;
        collected.facts.reports.push(report.path.clone());
        collected.notices.extend(
            read.notes
                .iter()
                .map(|note| format!("{}: {note}", report.path)),
        );
        let mapper = Mapper::new(inputs.repo, &read.sources, modules);
        let mut excluded = 0;
        let (records, skipped) = (read.records, read.skipped);
        let mut paths = mapper.map(read.files.keys().map(String::as_str));
        let mapped: Vec<Mapped> = read
            .files
            .keys()
            .map(|written| paths.remove(written.as_str()).unwrap_or(Mapped::Unmapped))
            .collect();
        for ((written, file), mapped) in read.files.into_iter().zip(mapped) {
            match mapped {
                Mapped::Tracked(path) if inputs.selects(&path) => {
                    let files = BTreeMap::from([(path, file)]);
                    whole.merge(Coverage {
                        files,
                        ..Coverage::default()
                    });
                }
                Mapped::Tracked(_) | Mapped::Outside => excluded += 1,
                Mapped::Unmapped if inputs.excludes(&written) => excluded += 1,
                Mapped::Unmapped => unmapped.add(written, file.lines.len()),
            }
        }
        collected.evidence.push(EvidenceRef {
            kind: String::from("coverage"),
            format: Some(format.to_owned()),
            path: Some(report.path.clone()),
            sha256: Some(sha256),
            tool: None,
            records,
            skipped,
            excluded,
        });
    }
    for path in whole.unstable.iter().take(5) {
        collected.notices.push(format!(
            "{path}: the reports disagree about which of its lines or branches can be measured; the union counts"
        ));
    }
    let mapped = whole
        .files
        .values()
        .map(|file| file.lines.len())
        .sum::<usize>();
    unmapped.judge(mapped, &mut collected.notices)?;
    Ok(whole)
}

/// No report: an error, except under the built-in defaults, which judge
/// coverage only where a report is found.
fn no_report(inputs: &Inputs<'_>, configured: &[String]) -> Missing {
    if inputs
        .gate
        .criteria
        .iter()
        .all(|criterion| criterion.origin == Origin::Default)
    {
        return Missing::new(
            Code::NotApplicable,
            "skipped: no coverage report was found, and without a policy coverage is judged only where one is",
            "name the reports under gates.coverage.reports in .github/gates.yml to have coverage judged",
        );
    }
    let looked = if configured.is_empty() {
        format!(
            "the usual places ({}, ...)",
            DEFAULT_REPORTS[..3].join(", ")
        )
    } else {
        configured.join(", ")
    };
    Missing::new(
        Code::NoEvidence,
        format!("no coverage report was found; looked for {looked}"),
        "run the tests with coverage before this gate, or name the report under `reports:`",
    )
}

fn read_report(report: &Report) -> Result<(Coverage, &'static str, String), Missing> {
    let unreadable = |what: String, next: &str| {
        Missing::new(
            Code::EvidenceUnreadable,
            format!("{}: {what}", report.path),
            next,
        )
    };
    let mut reader = report
        .open()
        .map_err(|error| unreadable(error.to_string(), "make the report readable for this step"))?;
    let mut head = Vec::new();
    Read::by_ref(&mut reader)
        .take(coverage::SNIFF_BYTES as u64)
        .read_to_end(&mut head)
        .map_err(|error| unreadable(error.to_string(), "make the report readable for this step"))?;
    let Some(format) = coverage::sniff(&head) else {
        let found = match coverage::looks_like(&head) {
            Some(name) => name,
            None if head.is_empty() => "an empty file",
            None => "something else",
        };
        let known: Vec<_> = coverage::FORMATS.iter().map(|format| format.name).collect();
        return Err(unreadable(
            format!(
                "found {found}, expected a report in one of: {}",
                known.join(", ")
            ),
            "point `reports:` at a coverage report, or let the tool that writes it finish",
        ));
    };
    let mut whole = BufReader::new(Cursor::new(head).chain(Read::by_ref(&mut reader)));
    let coverage = coverage::parse(format, &mut whole, Limits::default())
        .map_err(|error| unreadable(error.to_string(), error.kind.next_step()))?;
    drop(whole);
    Ok((coverage, format.name, reader.sha256()))
}

/// Measured lines whose file is not known. A few are said; many mean that the
/// report is about another tree, or that its paths need a hint.
#[derive(Debug, Default)]
struct Unmapped {
    paths: Vec<String>,
    lines: usize,
}

/// Of all measured lines, the share in per cent that may be unmapped.
const MAX_UNMAPPED_PERCENT: usize = 10;

impl Unmapped {
    fn add(&mut self, path: String, lines: usize) {
        self.paths.push(path);
        self.lines += lines;
    }

    fn judge(&self, mapped: usize, notices: &mut Vec<String>) -> Result<(), Missing> {
        if self.paths.is_empty() {
            return Ok(());
        }
        let shown = self
            .paths
            .iter()
            .take(3)
            .map(|path| format!("`{path}`"))
            .collect::<Vec<_>>()
            .join(", ");
        let text = format!(
            "{} in {} of the reports belong to no tracked file, such as {shown}",
            counted(self.lines, "measured line"),
            counted(self.paths.len(), "file")
        );
        if mapped == 0 || self.lines * 100 > (mapped + self.lines) * MAX_UNMAPPED_PERCENT {
            return Err(Missing::new(
                Code::EvidenceInsufficient,
                text,
                "write the report with paths relative to the root, or name what is not code of yours under `exclude:`",
            ));
        }
        notices.push(format!("{text}; they are left out"));
        Ok(())
    }
}

fn metrics(totals: &Totals, metrics: &mut BTreeMap<String, String>) {
    let units = [
        ("line_coverage", totals.lines),
        ("branch_coverage", totals.branches),
        ("function_coverage", totals.functions),
        ("statement_coverage", totals.statements),
    ];
    for (name, ratio) in units {
        if let Some(percent) = Ratio::new(ratio.covered, ratio.total).percent_floor(2) {
            metrics.insert(name.to_owned(), percent.to_string());
        }
    }
}
