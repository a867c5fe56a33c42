//! From report files to facts: which tracked lines ran, which of them the
//! change added, and what ran in the base.

use crate::base::Against;
use crate::compared::{change, history};
use crate::exports::exports;
use crate::go_module::GoModule;
use crate::patch::Patch;
use crate::paths::Mapper;
use crate::ratchet::{Kept, kept};
use crate::reading::read;
use crate::settings::Config;
use crate::stale::stale;
use crate::tests::{self, Tests, is_test_report};
use gate_evidence::coverage::{Coverage, Totals};
use gate_policy::Origin;
use gate_runner::{Collected, Inputs, Missing, Part, counted};
use gate_verdict::{Code, Ratio};
use globset::GlobSet;
use std::collections::BTreeMap;

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

/// What the criteria judge.
#[derive(Debug)]
pub struct Facts {
    /// Coverage of tracked, selected files, by tracked path.
    pub coverage: Result<Coverage, Missing>,
    /// Its counts over all files.
    pub totals: Totals,
    /// The change, as far as reports measure it.
    pub patch: Result<Patch, Missing>,
    /// The base, as its own reports measured it.
    pub against: Result<Against, Missing>,
    /// What the tests came to.
    pub tests: Result<Tests, Missing>,
    /// Parts of the code by name, in the order of the policy.
    pub components: Vec<(String, GlobSet)>,
    /// The report files read.
    pub reports: Vec<String>,
    /// The file of figures that only rise, where the policy names one.
    pub ratchet: Option<Result<Kept, Missing>>,
}

impl Facts {
    /// No report read yet.
    pub(crate) fn new() -> Self {
        Self {
            coverage: Ok(Coverage::default()),
            totals: Totals::default(),
            patch: Ok(Patch::default()),
            against: Ok(Against::default()),
            tests: Ok(Tests::default()),
            components: Vec::new(),
            reports: Vec::new(),
            ratchet: None,
        }
    }
}

pub(crate) fn collect(
    inputs: &Inputs<'_>,
    parts: &[Part<'_, Option<GoModule>>],
) -> Collected<Facts> {
    let config = Config::of(inputs.gate);
    let modules: Vec<&GoModule> = parts.iter().filter_map(|part| part.part.as_ref()).collect();
    let mut collected = Collected::new(Facts::new());
    let coverage = head(inputs, &config, &modules, &mut collected);
    let facts = match &coverage {
        Ok(coverage) => {
            let totals = coverage.totals();
            metrics(&totals, &mut collected.metrics);
            collected.facts.totals = totals;
            collected.facts.ratchet = config.ratchet.as_ref().map(|ratchet| kept(inputs, ratchet));
            history(inputs, &config, coverage, &mut collected);
            collected.files = exports(
                inputs,
                coverage,
                &totals,
                &config,
                collected.facts.ratchet.as_ref(),
            );
            change(inputs, &config, &modules, coverage, &mut collected)
        }
        Err(missing) => {
            let asked = inputs.records && config.history.is_some();
            collected.keep = asked.then(|| Err(missing.reason.clone()));
            (Err(missing.clone()), Err(missing.clone()))
        }
    };
    (collected.facts.patch, collected.facts.against) = facts;
    collected.facts.coverage = coverage;
    collected.facts.tests = tests::collect(inputs, &config, &modules, &mut collected);
    collected.facts.components = config.components;
    collected
}

/// What ran of the code that is judged.
fn head(
    inputs: &Inputs<'_>,
    config: &Config,
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
    let mut reports = inputs.reports(&globs)?;
    reports.retain(|report| !is_test_report(report));
    if !config.base_reports.is_empty() {
        let of_base = inputs.reports(&config.base_reports)?;
        reports.retain(|report| !of_base.contains(report));
    }
    if reports.is_empty() {
        return Err(no_report(inputs, configured));
    }
    // A report that is configured and not there was not written.
    for pattern in configured {
        if inputs.reports(std::slice::from_ref(pattern))?.is_empty() {
            return Err(no_report(inputs, std::slice::from_ref(pattern)));
        }
    }
    let found = reports.len() as u64;
    if found < config.min_reports {
        return Err(Missing::new(
            Code::EvidenceInsufficient,
            format!(
                "{} found, and `min_reports` asks for {}",
                counted(found, "report"),
                config.min_reports
            ),
            "have every shard write its report, and bring all of them to this step",
        ));
    }
    let files = inputs.repo.files().iter().map(|file| file.path.as_str());
    let mut mapper = Mapper::new(files, inputs.repo.root(), &config.rewrites, modules);
    let (reading, outcome) = read(&reports, &mut mapper, &inputs.selection, config, "coverage");
    let names: Vec<String> = reports.iter().map(|report| report.path.clone()).collect();
    collected.facts.reports.extend(names);
    collected.evidence.extend(reading.evidence);
    collected.notices.extend(reading.notices);
    outcome?;
    let stale = stale(inputs, &reports, &reading.coverage);
    collected.notices.extend(stale);
    Ok(reading.coverage)
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

fn metrics(totals: &Totals, metrics: &mut BTreeMap<String, String>) {
    let units = [
        ("line_coverage", totals.lines),
        ("branch_coverage", totals.branches),
        ("function_coverage", totals.functions),
        ("statement_coverage", totals.statements),
        ("region_coverage", totals.regions),
        ("condition_coverage", totals.conditions),
    ];
    for (name, ratio) in units {
        if let Some(percent) = Ratio::new(ratio.covered, ratio.total).percent_floor(2) {
            metrics.insert(name.to_owned(), percent.to_string());
        }
    }
}
