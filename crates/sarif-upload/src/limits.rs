//! What GitHub is known to refuse, found before anything is sent.
//!
//! Source of the numbers: GitHub's page "SARIF support for code scanning" and its limits table.

use gate_sarif::{Gap, Location, Log, Run};

/// Bytes of gzip.
pub(crate) const MAX_GZIP: usize = 10_000_000;
const MAX_RUNS: usize = 20;
const MAX_RESULTS: usize = 25_000;
const MAX_RULES: usize = 25_000;
const MAX_EXTENSIONS: usize = 100;
const MAX_LOCATIONS: usize = 1_000;

/// Why a file stays here, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) reason: String,
    pub(crate) next_step: String,
}

impl Problem {
    pub(crate) fn new(reason: impl Into<String>, next_step: impl Into<String>) -> Self {
        Self {
            reason: reason.into(),
            next_step: next_step.into(),
        }
    }
}

/// The first thing about a log that GitHub would refuse, or that would close alerts without proof.
pub(crate) fn check(log: &Log) -> Result<(), Problem> {
    if let Some(gap) = log.gaps().into_iter().next() {
        let next_step = match gap {
            Gap::NoRuns => "make the scanner write a run, also where it found nothing",
            Gap::NoResults { .. } => {
                "make the scanner write `\"results\": []` where it looked and found nothing"
            }
            Gap::ExecutionFailed { .. } => "mend the scanner's run; GitHub refuses failed runs",
        };
        return Err(Problem::new(gap.to_string(), next_step));
    }
    if log.runs.len() > MAX_RUNS {
        return Err(over(
            "/runs",
            log.runs.len(),
            "runs",
            MAX_RUNS,
            "write several files, with a category each",
        ));
    }
    log.runs
        .iter()
        .enumerate()
        .try_for_each(|(index, run)| check_run(index, run))
}

/// The compressed file's size.
pub(crate) fn check_gzip(bytes: usize) -> Result<(), Problem> {
    if bytes > MAX_GZIP {
        return Err(over(
            "the compressed file",
            bytes,
            "bytes",
            MAX_GZIP,
            "split it by tool, or leave out results of low severity",
        ));
    }
    Ok(())
}

fn check_run(index: usize, run: &Run) -> Result<(), Problem> {
    let results = run.results();
    let rules = run.tool.driver.rules.len()
        + run
            .tool
            .extensions
            .iter()
            .map(|part| part.rules.len())
            .sum::<usize>();
    for (pointer, count, what, most, next_step) in [
        (
            "results",
            results.len(),
            "results",
            MAX_RESULTS,
            "leave out results of low severity, or split the run by folder with a category each",
        ),
        (
            "tool",
            rules,
            "rules",
            MAX_RULES,
            "make the scanner list only the rules it reports",
        ),
        (
            "tool/extensions",
            run.tool.extensions.len(),
            "extensions",
            MAX_EXTENSIONS,
            "make the scanner list only the extensions it used",
        ),
    ] {
        if count > most {
            return Err(over(
                &format!("/runs/{index}/{pointer}"),
                count,
                what,
                most,
                next_step,
            ));
        }
    }
    let mut unplaced = results
        .iter()
        .enumerate()
        .filter(|(_, result)| !has_place(result.locations.first(), run));
    if let Some((first, _)) = unplaced.next() {
        let count = 1 + unplaced.count();
        return Err(Problem::new(
            format!(
                "/runs/{index}/results/{first} ({}) has no location with an `artifactLocation.uri` ({count} such)",
                run.tool_name()
            ),
            "make the scanner give each result a file, or leave those results out; GitHub refuses the whole file otherwise",
        ));
    }
    for (at, result) in results.iter().enumerate() {
        if result.locations.len() > MAX_LOCATIONS {
            let pointer = format!("/runs/{index}/results/{at}/locations");
            return Err(over(
                &pointer,
                result.locations.len(),
                "locations",
                MAX_LOCATIONS,
                "write fewer locations; GitHub shows the first",
            ));
        }
    }
    Ok(())
}

/// Whether the first location, the only one that counts, names a file, itself or through the run's artifacts.
fn has_place(location: Option<&Location>, run: &Run) -> bool {
    let Some(artifact) = location
        .and_then(|location| location.physical_location.as_ref())
        .and_then(|physical| physical.artifact_location.as_ref())
    else {
        return false;
    };
    let named = |uri: Option<&str>| uri.is_some_and(|uri| !uri.is_empty());
    let listed = || {
        let index = usize::try_from(artifact.index?).ok()?;
        run.artifacts.get(index)?.location.as_ref()?.uri.as_deref()
    };
    named(artifact.uri.as_deref()) || named(listed())
}

fn over(what: &str, found: usize, unit: &str, most: usize, next_step: &str) -> Problem {
    Problem::new(
        format!("{what}: found {found} {unit}, expected at most {most}"),
        next_step,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn checked(runs: &Value) -> Result<(), Problem> {
        let text = json!({"version": "2.1.0", "runs": runs}).to_string();
        check(&gate_sarif::read(text.as_bytes()).expect("a log"))
    }

    fn run(results: &Value) -> Value {
        json!({"tool": {"driver": {"name": "demo"}}, "results": results})
    }

    fn result() -> Value {
        json!({"message": {"text": "m"}, "locations": [{"physicalLocation": {"artifactLocation": {"uri": "a"}}}]})
    }

    #[test]
    fn each_limit_holds_to_the_last_and_names_the_place() {
        let many = |count: usize| run(&Value::from(vec![result(); count]));
        assert_eq!(checked(&json!([many(25_000)])), Ok(()));
        let reason = checked(&json!([many(1), many(25_001)]))
            .expect_err("too many")
            .reason;
        assert_eq!(
            reason,
            "/runs/1/results: found 25001 results, expected at most 25000"
        );
        assert_eq!(checked(&Value::from(vec![many(0); 20])), Ok(()));
        assert!(
            checked(&Value::from(vec![many(0); 21]))
                .expect_err("too many")
                .reason
                .contains("21 runs")
        );
        let rules = |driver: usize, extension: usize| {
            let mut run = many(0);
            run["tool"]["driver"]["rules"] = vec![json!({"id": "r"}); driver].into();
            run["tool"]["extensions"] = json!([{"rules": vec![json!({"id": "r"}); extension]}]);
            checked(&json!([run]))
        };
        assert_eq!(rules(24_999, 1), Ok(()));
        assert!(
            rules(25_000, 1)
                .expect_err("too many")
                .reason
                .contains("25001 rules")
        );
        assert!(check_gzip(MAX_GZIP).is_ok() && check_gzip(MAX_GZIP + 1).is_err());
    }

    #[test]
    fn nothing_found_goes_and_nothing_said_stays() {
        assert_eq!(checked(&json!([run(&json!([]))])), Ok(()));
        assert!(
            checked(&json!([]))
                .expect_err("no run")
                .reason
                .contains("no run")
        );
        assert!(
            checked(&json!([run(&Value::Null)]))
                .expect_err("no results")
                .reason
                .contains("no `results`")
        );
        let mut failed = run(&json!([]));
        failed["invocations"] = json!([{"executionSuccessful": false}]);
        assert!(
            checked(&json!([failed]))
                .expect_err("failed")
                .reason
                .contains("executionSuccessful")
        );
    }

    #[test]
    fn a_result_without_a_file_is_named_and_counted() {
        let bare = json!({"message": {"text": "m"}});
        let empty = json!({"locations": [{"physicalLocation": {"artifactLocation": {"uri": ""}}}, result()["locations"][0]]});
        let problem =
            checked(&json!([run(&json!([result(), bare, empty]))])).expect_err("no place");
        assert!(
            problem.reason.starts_with("/runs/0/results/1 (demo)")
                && problem.reason.contains("2 such"),
            "{}",
            problem.reason
        );
        let mut listed = run(
            &json!([{"locations": [{"physicalLocation": {"artifactLocation": {"index": 0}}}]}]),
        );
        assert!(checked(&json!([listed])).is_err());
        listed["artifacts"] = json!([{"location": {"uri": "a"}}]);
        assert_eq!(checked(&json!([listed])), Ok(()));
    }
}
