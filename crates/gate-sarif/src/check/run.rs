//! A run without its results: tool, rules, counts.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::rule::{self, Rule};
use super::{Check, MAX_RESULTS, Problem, Repair, Weight, elsewhere, filled, telling};
use crate::error::excerpt;
use crate::model::Run;
use crate::text::{Edit, Pointer, locate};

pub(super) const DRIVER_NAME: Check = Check {
    id: "driver_name",
    weight: Weight::Refused,
    expected: "the tool's name in `tool.driver.name`",
    next_step: "make the scanner name itself",
};

pub(super) const DRIVER_RULES: Check = Check {
    id: "driver_rules",
    weight: Weight::Advice,
    expected: "a list of `tool.driver.rules`",
    next_step: "--repair safe writes an empty one",
};

pub(super) const RESULTS_ABSENT: Check = Check {
    id: "results_absent",
    weight: Weight::Refused,
    expected: "`results`, empty where the tool looked and found nothing",
    next_step: "make the scanner write `\"results\": []` where it looked and found nothing",
};

pub(super) const EXECUTION_FAILED: Check = Check {
    id: "execution_failed",
    weight: Weight::Refused,
    expected: "`executionSuccessful: true`",
    next_step: "mend the scanner's run; GitHub refuses failed runs",
};

pub(super) const RESULTS: Check = Check {
    id: "results",
    weight: Weight::Refused,
    expected: "at most 25000 results in a run",
    next_step: "the upload makes several runs of it, and so does `sarif-upload split`; --no-split refuses it",
};

pub(super) const RESULTS_SHOWN: Check = Check {
    id: "results_shown",
    weight: Weight::Hidden,
    expected: "at most 5000 results in a run: of more the gravest are shown",
    next_step: "leave results of low severity out with `sarif-upload filter`",
};

pub(super) const RULES: Check = Check {
    id: "rules",
    weight: Weight::Refused,
    expected: "at most 25000 rules in a run",
    next_step: "make the scanner list only the rules it reports",
};

pub(super) const EXTENSIONS: Check = Check {
    id: "extensions",
    weight: Weight::Refused,
    expected: "at most 100 tool extensions in a run",
    next_step: "make the scanner list only the extensions it used",
};

pub(super) const EXTERNAL_PROPERTIES: Check = Check {
    id: "external_properties",
    weight: Weight::Hidden,
    expected: "everything in the file itself",
    next_step: "make the scanner write one file: GitHub does not fetch others",
};

pub(super) const MALFORMED: Check = Check {
    id: "run_malformed",
    weight: Weight::Refused,
    expected: "a run of SARIF 2.1.0",
    next_step: "update the scanner, or correct the property",
};

const RESULTS_ON_PAGE: u64 = 5_000;
const MOST_RULES: usize = 25_000;
const MOST_EXTENSIONS: usize = 100;

/// The run of a header (its text without results), and what is wrong with it. Pointers begin at the run.
pub fn of_run(header: &str, results: Option<u64>) -> (Run, Vec<Problem>) {
    let mut problems = Vec::new();
    match serde_json::from_str(header) {
        Ok(run) => {
            check(header, &run, results, &mut problems);
            all_rules(header, &mut problems);
            elsewhere::of_run(header, &run, &mut problems);
            (run, problems)
        }
        Err(error) => {
            let found = excerpt(&error.to_string());
            telling(&mut problems)(&MALFORMED, Pointer::root(), found, None);
            (Run::default(), problems)
        }
    }
}

fn check(header: &str, run: &Run, results: Option<u64>, problems: &mut Vec<Problem>) {
    let mut tell = telling(problems);
    let root = Pointer::root();
    let driver = root.at("tool").at("driver");
    if filled(run.tool.driver.name.as_deref()).is_none() {
        tell(&DRIVER_NAME, driver.clone(), String::from("no name"), None);
    }
    match results {
        None => tell(
            &RESULTS_ABSENT,
            root.clone(),
            String::from("no `results`"),
            None,
        ),
        Some(count) if count > MAX_RESULTS => {
            tell(
                &RESULTS,
                root.at("results"),
                format!("{count} results"),
                Some(Repair::Split),
            );
        }
        Some(count) if count > RESULTS_ON_PAGE => {
            tell(
                &RESULTS_SHOWN,
                root.at("results"),
                format!("{count} results"),
                None,
            );
        }
        Some(_) => {}
    }
    for (index, invocation) in run.invocations.iter().enumerate() {
        if invocation.execution_successful == Some(false) {
            let at = root.at("invocations").at(index).at("executionSuccessful");
            tell(&EXECUTION_FAILED, at, String::from("false"), None);
        }
    }
    let extensions = run.tool.extensions.len();
    if extensions > MOST_EXTENSIONS {
        let at = root.at("tool").at("extensions");
        tell(&EXTENSIONS, at, format!("{extensions} extensions"), None);
    }
    let listed = run.tool.extensions.iter().map(|one| one.rules.len());
    let rules = run.tool.driver.rules.len() + listed.sum::<usize>();
    if rules > MOST_RULES {
        tell(&RULES, driver.at("rules"), format!("{rules} rules"), None);
    }
    if locate(header, &root.at("externalPropertyFileReferences")).is_some() {
        let at = root.at("externalPropertyFileReferences");
        tell(
            &EXTERNAL_PROPERTIES,
            at,
            String::from("parts in other files"),
            None,
        );
    }
    let listed = locate(header, &driver.at("rules"));
    let listed = listed.and_then(|found| header.get(found.value));
    match listed.filter(|listed| *listed != "null") {
        None if locate(header, &driver).is_some() => {
            let at = driver.at("rules");
            let empty = Repair::Safe(vec![Edit::json(at, String::from("[]"))]);
            tell(
                &DRIVER_RULES,
                driver,
                String::from("no `rules`"),
                Some(empty),
            );
        }
        _ => {}
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Wire<'a> {
    #[serde(borrow)]
    tool: Option<Tool<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Tool<'a> {
    #[serde(borrow)]
    driver: Option<Component<'a>>,
    #[serde(borrow)]
    extensions: Option<Vec<Component<'a>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Component<'a> {
    #[serde(borrow)]
    rules: Option<Vec<&'a RawValue>>,
    #[serde(borrow)]
    notifications: Option<Vec<&'a RawValue>>,
}

fn all_rules(header: &str, problems: &mut Vec<Problem>) {
    let Ok(Wire { tool: Some(tool) }) = serde_json::from_str::<Wire<'_>>(header) else {
        return;
    };
    let at = Pointer::root().at("tool");
    let driver = tool.driver.map(|driver| (at.at("driver"), driver));
    let extensions = tool.extensions.unwrap_or_default().into_iter().enumerate();
    let extensions = extensions.map(|(index, one)| (at.at("extensions").at(index), one));
    for (at, component) in driver.into_iter().chain(extensions) {
        let notifications = component.notifications.unwrap_or_default();
        for (index, raw) in notifications.into_iter().enumerate() {
            // What does not fit is nothing that GitHub shows.
            if let Ok(descriptor) = serde_json::from_str::<Rule<'_>>(raw.get()) {
                let at = at.at("notifications").at(index);
                problems.extend(rule::of_notification(&descriptor, &at));
            }
        }
        for (index, raw) in component.rules.unwrap_or_default().into_iter().enumerate() {
            let at = at.at("rules").at(index);
            match serde_json::from_str::<Rule<'_>>(raw.get()) {
                Ok(rule) => rule::check(&rule, &at, problems),
                Err(error) => problems.push(Problem {
                    check: &MALFORMED,
                    pointer: at,
                    found: excerpt(&error.to_string()),
                    repair: None,
                }),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(header: &str, results: Option<u64>) -> Vec<String> {
        let problems = of_run(header, results).1;
        problems
            .iter()
            .map(|problem| format!("{} {}", problem.check.id, problem.pointer))
            .collect()
    }

    #[test]
    fn runs_are_checked() {
        const DRIVER: &str = r#""tool":{"driver":{"name":"t","rules":[]}}"#;
        let full = format!("{{{DRIVER}}}");
        assert!(ids(&full, Some(0)).is_empty());
        assert_eq!(ids(&full, None), ["results_absent "]);
        assert_eq!(ids(&full, Some(5_000)), [""; 0]);
        assert_eq!(ids(&full, Some(5_001)), ["results_shown /results"]);
        assert_eq!(ids(&full, Some(25_000)), ["results_shown /results"]);
        assert_eq!(ids(&full, Some(25_001)), ["results /results"]);
        assert_eq!(ids("{}", Some(0)), ["driver_name /tool/driver"]);
        assert_eq!(
            ids(r#"{"tool":{"driver":{"name":" "}}}"#, Some(0)),
            ["driver_name /tool/driver", "driver_rules /tool/driver"]
        );
        assert_eq!(
            ids(r#"{"tool":{"driver":{"name":"t","rules":null}}}"#, Some(0)),
            ["driver_rules /tool/driver"]
        );
        assert_eq!(ids(r#"{"tool":7}"#, Some(0)), ["run_malformed "]);
        let failed =
            format!(r#"{{{DRIVER},"invocations":[{{}},{{"executionSuccessful":false}}]}}"#);
        assert_eq!(
            ids(&failed, Some(0)),
            ["execution_failed /invocations/1/executionSuccessful"]
        );
        let parts = format!(r#"{{{DRIVER},"externalPropertyFileReferences":{{}}}}"#);
        assert_eq!(
            ids(&parts, Some(0)),
            ["external_properties /externalPropertyFileReferences"]
        );
        let extension = r#"{"tool":{"driver":{"name":"t","rules":[]},"extensions":[{"name":"e","rules":[{"id":"a","shortDescription":{"text":"s"},"fullDescription":{"text":"f"}}]}]}}"#;
        assert_eq!(
            ids(extension, Some(0)),
            ["rule_help /tool/extensions/0/rules/0"]
        );
        let descriptor = r#"{"tool":{"driver":{"name":"t","rules":[],"notifications":[{"id":"n"},{"id":"m","shortDescription":{"text":"s"},"fullDescription":{"text":"f"},"help":{"text":"h"}}]}}}"#;
        assert_eq!(
            ids(descriptor, Some(0)),
            ["notification_words /tool/driver/notifications/0"]
        );
        let noted = format!(
            r#"{{{DRIVER},"invocations":[{{"toolExecutionNotifications":[{{"locations":[{{"physicalLocation":{{"artifactLocation":{{}}}}}}]}}]}}],"threadFlowLocations":[{{"location":{{"physicalLocation":{{"artifactLocation":{{}}}}}}}}]}}"#
        );
        assert_eq!(
            ids(&noted, Some(0)),
            [
                "location_further /invocations/0/toolExecutionNotifications/0/locations/0/physicalLocation/artifactLocation",
                "location_further /threadFlowLocations/0/location/physicalLocation/artifactLocation"
            ]
        );
        let many = |count: usize| {
            let rules = vec![
                r#"{"id":"a","shortDescription":{"text":"s"},"fullDescription":{"text":"f"},"help":{"text":"h"}}"#;
                count
            ];
            ids(
                &format!(
                    r#"{{"tool":{{"driver":{{"name":"t","rules":[{}]}}}}}}"#,
                    rules.join(",")
                ),
                Some(0),
            )
        };
        assert!(many(25_000).is_empty());
        assert_eq!(many(25_001), ["rules /tool/driver/rules"]);
    }
}
