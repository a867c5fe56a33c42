//! From test reports to what the criteria judge: what failed, what passed only
//! when repeated, what is missing, and how long it took.

mod base;
mod reading;
mod told;

pub use told::{MissingSuite, Told};

use crate::collect::Facts;
use crate::go_module::GoModule;
use crate::paths::Mapper;
use crate::settings::Config;
use crate::stale::kept_by_git;
use gate_evidence::test_run::{TestRun, Totals};
use gate_runner::{Collected, Inputs, Missing, Report, counted};
use gate_verdict::Code;
use reading::Content;
use std::cmp::Reverse;

/// The criteria that judge tests.
const CRITERIA: &[&str] = &[
    "tests_passed",
    "flaky_tests",
    "skipped_tests",
    "test_duration",
];

/// Where the tools of the field leave their test reports when nobody says.
const DEFAULT_REPORTS: &[&str] = &[
    "junit.xml",
    "junit*.xml",
    "test-results.xml",
    "test-results/**/*.xml",
    "test-results/**/*.trx",
    "reports/junit*.xml",
    "reports/junit/*.xml",
    "TestResults/**/*.trx",
    "**/TestResults/*.trx",
    "**/TEST-*.xml",
    "target/nextest/*/*.xml",
    "TestResult.xml",
    "go-test.json",
    "jest-results.json",
    "mocha-results.json",
];

/// How many cases are told one by one.
const MOST_TOLD: usize = 1000;
/// How many names a sentence lists.
pub(crate) const MOST_NAMED: usize = 3;
/// How many remarks of readers are passed on.
const MOST_NOTES: usize = 10;

/// What the reports say about tests.
#[derive(Clone, Debug, Default)]
pub struct Tests {
    pub totals: Totals,
    /// Failed and errored cases, and how many more there are.
    pub bad: Vec<Told>,
    pub bad_left_out: u64,
    /// Of all that failed or errored, those that did not in the base; `None` without reports of the base.
    pub newly_bad: Option<u64>,
    pub flaky: Vec<Told>,
    pub flaky_left_out: u64,
    /// Names of the first skipped cases.
    pub skipped: Vec<String>,
    /// The slowest cases with their microseconds.
    pub slowest: Vec<(String, u64)>,
    pub missing: Vec<MissingSuite>,
    /// The report files read.
    pub reports: Vec<String>,
}

/// Whether the file holds test results and no coverage.
pub(crate) fn is_test_report(report: &Report) -> bool {
    reading::content(report) == Content::Tests
}

/// What the criteria judge, where one of them asks for it.
pub(crate) fn collect(
    inputs: &Inputs<'_>,
    config: &Config,
    modules: &[&GoModule],
    collected: &mut Collected<Facts>,
) -> Result<Tests, Missing> {
    let mut asked = inputs.gate.criteria.iter();
    if !asked.any(|criterion| CRITERIA.contains(&criterion.id.as_str())) {
        return Err(Missing::new(
            Code::NotApplicable,
            "no criterion asks for tests",
            "",
        ));
    }
    let reports = find(inputs, config)?;
    let (run, outcome) = reading::read(&reports, config, ("tests", ""), collected);
    outcome?;
    let kept = reports
        .iter()
        .filter_map(|report| kept_by_git(inputs, report));
    collected.notices.extend(kept);
    let before = base::read(inputs, config, collected);
    let files = inputs.repo.files().iter().map(|file| file.path.as_str());
    let mapper = Mapper::new(files, inputs.repo.root(), &config.rewrites, modules);
    let mut tests = tell(&run, before.as_ref(), &mapper);
    tests.missing = told::missing(&run, &config.expected_suites, None);
    if let Some(before) = &before {
        let (missing, removed) = base::missing(inputs, &run, before);
        tests.missing.extend(missing);
        if let Some(first) = removed.first() {
            collected.notices.push(format!(
                "{} of the base is gone with files that the change removes, such as {first}",
                counted(removed.len(), "test suite")
            ));
        }
    }
    tests.reports = reports.into_iter().map(|report| report.path).collect();
    metrics(&tests.totals, collected);
    Ok(tests)
}

/// The test reports of this run.
fn find(inputs: &Inputs<'_>, config: &Config) -> Result<Vec<Report>, Missing> {
    let configured = &inputs.gate.reports;
    let usual: Vec<String> = DEFAULT_REPORTS
        .iter()
        .map(|&glob| glob.to_owned())
        .collect();
    let globs = if configured.is_empty() {
        &usual
    } else {
        configured
    };
    let mut reports = inputs.reports(globs)?;
    if !config.base_reports.is_empty() {
        let of_base = inputs.reports(&config.base_reports)?;
        reports.retain(|report| !of_base.contains(report));
    }
    // A report that is configured and not there was not written.
    for pattern in configured {
        if inputs.reports(std::slice::from_ref(pattern))?.is_empty() {
            return Err(no_report(pattern));
        }
    }
    reports.retain(|report| match reading::content(report) {
        // What is nothing that is known may be a test report that was cut off.
        Content::Tests | Content::Unknown => {
            // What git keeps in a usual place is data of tests, and no result of this run.
            !configured.is_empty() || inputs.repo.file(&report.path).is_none()
        }
        Content::Coverage => false,
        Content::Other => !configured.is_empty(),
    });
    if reports.is_empty() {
        let usual = format!(
            "the usual places ({}, ...)",
            DEFAULT_REPORTS[..MOST_NAMED].join(", ")
        );
        return Err(no_report(&if configured.is_empty() {
            usual
        } else {
            configured.join(", ")
        }));
    }
    let found = reports.len() as u64;
    if found < config.min_test_reports {
        return Err(Missing::new(
            Code::EvidenceInsufficient,
            format!(
                "{} found, and `min_test_reports` asks for {}",
                counted(found, "test report"),
                config.min_test_reports
            ),
            "have every shard write its report, and bring all of them to this step",
        ));
    }
    Ok(reports)
}

fn no_report(looked_for: &str) -> Missing {
    Missing::new(
        Code::NoEvidence,
        format!("no test report was found; looked for {looked_for}"),
        "have the tests write a report (JUnit XML, say) before this gate, or name it under `reports:`",
    )
}

/// What planted reports come to.
pub(crate) fn planted(
    reports: &[Report],
    config: &Config,
    mapper: &Mapper<'_>,
) -> Result<Tests, Missing> {
    let mut collected = Collected::new(Facts::new());
    let (run, outcome) = reading::read(reports, config, ("tests", ""), &mut collected);
    outcome?;
    let mut tests = tell(&run, None, mapper);
    tests.missing = told::missing(&run, &config.expected_suites, None);
    Ok(tests)
}

fn tell(run: &TestRun, before: Option<&TestRun>, mapper: &Mapper<'_>) -> Tests {
    let mut tests = Tests {
        totals: run.totals(),
        ..Tests::default()
    };
    let bad = run.cases().filter(|(_, _, case)| case.is_bad());
    (tests.bad, tests.bad_left_out) = told::tell(bad, before, mapper, MOST_TOLD);
    tests.newly_bad = before.map(|before| {
        let bad = run.cases().filter(|(_, _, case)| case.is_bad());
        bad.filter(|(suite, id, _)| !told::was_bad(before, suite, id))
            .count() as u64
    });
    let flaky = run.cases().filter(|(_, _, case)| case.is_flaky());
    (tests.flaky, tests.flaky_left_out) = told::tell(flaky, None, mapper, MOST_TOLD);
    let skipped = run.cases().filter(|(_, _, case)| !case.ran());
    tests.skipped = skipped
        .take(MOST_NAMED)
        .map(|(suite, id, _)| told::title(suite, id))
        .collect();
    let mut slowest: Vec<_> = run
        .cases()
        .filter_map(|(suite, id, case)| {
            Some((case.micros.filter(|&micros| micros > 0)?, suite, id))
        })
        .collect();
    slowest.sort_by_key(|&(micros, suite, id)| (Reverse(micros), suite, id));
    tests.slowest = slowest
        .into_iter()
        .take(MOST_NAMED)
        .map(|(micros, suite, id)| (told::title(suite, id), micros))
        .collect();
    tests
}

fn metrics(totals: &Totals, collected: &mut Collected<Facts>) {
    let counts = [
        ("tests_run", totals.ran()),
        ("tests_failed", totals.failed + totals.errored),
        ("tests_flaky", totals.flaky),
        ("tests_skipped", totals.skipped + totals.disabled),
    ];
    for (name, count) in counts {
        collected.metrics.insert(name.to_owned(), count.to_string());
    }
}
