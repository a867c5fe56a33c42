//! What the tests of the base came to, where its reports are there.

use super::reading;
use super::told::{self, MissingSuite};
use crate::collect::Facts;
use crate::settings::Config;
use gate_evidence::test_run::TestRun;
use gate_repo::ChangeKind;
use gate_runner::{Collected, Inputs, Report};
use std::collections::BTreeSet;

/// The tests of the base. Nothing asks for them, so what cannot be read of them is only said.
pub(super) fn read(
    inputs: &Inputs<'_>,
    config: &Config,
    collected: &mut Collected<Facts>,
) -> Option<TestRun> {
    let mut reports: Vec<Report> = match config.base_reports.as_slice() {
        [] => return None,
        globs => inputs.reports(globs).ok()?,
    };
    reports.retain(super::is_test_report);
    if reports.is_empty() {
        return None;
    }
    let (run, outcome) =
        reading::read(&reports, config, ("base_tests", "of the base: "), collected);
    match outcome {
        Ok(()) => Some(run),
        Err(missing) => {
            collected
                .notices
                .push(format!("of the base: {}", missing.reason));
            None
        }
    }
}

/// Suites of the base that are not there now; beside them those whose file the change removes or moves.
pub(super) fn missing(
    inputs: &Inputs<'_>,
    run: &TestRun,
    before: &TestRun,
) -> (Vec<MissingSuite>, Vec<String>) {
    let names: BTreeSet<&str> = before
        .cases()
        .filter(|(suite, id, _)| !suite.is_empty() && !id.name.is_empty())
        .map(|(suite, _, _)| suite)
        .collect();
    let missing = told::missing(run, &[], Some(&names));
    let gone = gone(inputs);
    let (removed, missing) = missing
        .into_iter()
        .partition::<Vec<_>, _>(|suite| is_of(&gone, &suite.name));
    (
        missing,
        removed.into_iter().map(|suite| suite.name).collect(),
    )
}

/// Paths that the base has and this tree does not.
fn gone(inputs: &Inputs<'_>) -> Vec<String> {
    let changes = inputs.changed_lines().unwrap_or_default();
    let paths = changes.iter().filter_map(|change| match change.kind {
        ChangeKind::Deleted => Some(&change.path),
        _ => change.old_path.as_ref(),
    });
    paths.cloned().collect()
}

/// Whether a suite is named after one of the files, or after the folder that one is in.
fn is_of(gone: &[String], suite: &str) -> bool {
    let suite = suite
        .rsplit(" > ")
        .next()
        .unwrap_or(suite)
        .replace('\\', "/");
    let ends_with = |long: &str, short: &str| {
        !short.is_empty()
            && long
                .strip_suffix(short)
                .is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
    };
    gone.iter().any(|path| {
        let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
        let stem = file.split('.').next().unwrap_or(file);
        let dotted = suite.replace("::", "/").replace('.', "/");
        ends_with(&suite, path) || ends_with(&suite, folder) || ends_with(&dotted, stem)
    })
}

#[cfg(test)]
mod tests {
    use super::is_of;

    #[test]
    fn suites_are_named_after_files_and_folders() {
        let gone = [
            "src/test/java/shop/BasketTest.java",
            "web/cart.test.js",
            "calc/calc_test.go",
            "tests/parry.rs",
            "a_test.go",
        ];
        let gone: Vec<String> = gone.map(str::to_owned).to_vec();
        for suite in [
            "shop.BasketTest",
            "/src/w/web/cart.test.js",
            "example.com/shop/calc",
            "shop::parry",
            "all > shop.BasketTest",
        ] {
            assert!(is_of(&gone, suite), "{suite}");
        }
        for suite in [
            "shop.OtherTest",
            "/w/other.test.js",
            "example.com/shop/other",
            "pytest",
            "Basket",
        ] {
            assert!(!is_of(&gone, suite), "{suite}");
        }
    }
}
