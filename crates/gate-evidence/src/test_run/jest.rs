//! The JSON of Jest (`--json`) and of Vitest (`--reporter=json`). Titles may be used twice: those are other tests;
//! retries are in `invocations`. A file that failed without a failed test could not be run.

use std::fmt;
use std::io::BufRead;

use serde::Deserialize;
use serde::de::{Error as _, IgnoredAny, MapAccess, Visitor};
use serde_json::Number;

use super::draft::{Draft, Repeats, fewer};
use super::head::Head;
use super::json::{Failure, Few, each, object};
use super::model::{Case, CaseId, Detail, Place, Status, TestRun};
use super::text::milliseconds;
use crate::error::{ReportError, ReportErrorKind};
use crate::limits::Limits;

pub(super) fn sniff(head: &Head<'_>) -> bool {
    head.text.starts_with('{')
        && head.text.contains("\"numTotalTests\"")
        && head.text.contains("\"numFailedTestSuites\"")
}

/// Tests of one file that are held at a time.
const MOST_OF_A_FILE: usize = 200_000;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct File {
    #[serde(default)]
    assertion_results: Few<Test, MOST_OF_A_FILE>,
    name: Option<String>,
    status: Option<String>,
    #[serde(default)]
    message: Failure,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Test {
    #[serde(default)]
    ancestor_titles: Few<String, 128>,
    title: Option<String>,
    status: Option<String>,
    duration: Option<Number>,
    invocations: Option<u32>,
    location: Option<Location>,
    #[serde(default)]
    failure_messages: Failure,
}

#[derive(Deserialize)]
struct Location {
    line: Option<u32>,
}

pub(super) fn parse(reader: &mut dyn BufRead, limits: Limits) -> Result<TestRun, ReportError> {
    let mut reading = Reading {
        draft: Draft::new(limits),
        stopped: None,
        files: None,
        bad: false,
        tests: 0,
        stated: 0,
        success: None,
        interrupted: false,
    };
    if let Err(error) = object(reader, limits, &mut reading) {
        return Err(reading.stopped.unwrap_or(error));
    }
    reading.finish()
}

struct Reading {
    draft: Draft,
    stopped: Option<ReportError>,
    files: Option<u64>,
    bad: bool,
    tests: u64,
    stated: u64,
    success: Option<bool>,
    interrupted: bool,
}

impl<'de> Visitor<'de> for &mut Reading {
    type Value = ();

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "success" => self.success = map.next_value()?,
                "wasInterrupted" => {
                    self.interrupted = map.next_value::<Option<bool>>()?.unwrap_or(false);
                }
                "numTotalTests" => self.stated = map.next_value::<Option<u64>>()?.unwrap_or(0),
                "testResults" if self.files.is_none() => {
                    self.files = Some(0);
                    map.next_value_seed(each(|file| {
                        self.file(file)
                            .inspect_err(|error| self.stopped = Some(error.clone()))
                    }))?;
                }
                "testResults" => return Err(A::Error::custom("`testResults` twice")),
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(())
    }
}

impl Reading {
    fn file(&mut self, file: File) -> Result<(), ReportError> {
        let number = self.files.map_or(1, |files| files + 1);
        self.files = Some(number);
        let suite = file.name.unwrap_or_default();
        let mut bad = false;
        for test in file.assertion_results.0 {
            self.tests += 1;
            let status = match test.status.as_deref() {
                Some("passed") => Status::Passed,
                Some("failed") => Status::Failed,
                Some("pending" | "skipped" | "todo") => Status::Skipped,
                Some("disabled") => Status::Disabled,
                _ => Status::Errored,
            };
            bad |= status >= Status::Failed;
            let mut detail = test.failure_messages.0;
            if status < Status::Failed {
                detail = Detail::default();
            } else if let Some(line) = test.location.and_then(|location| location.line) {
                detail.places.push(Place {
                    file: suite.clone(),
                    line,
                });
            }
            let attempts = test.invocations.unwrap_or(1).max(1);
            let micros = test
                .duration
                .and_then(|duration| milliseconds(&duration.to_string()));
            let id = CaseId {
                class: test.ancestor_titles.0.join(" > "),
                name: test.title.unwrap_or_default(),
                ..CaseId::default()
            };
            if id.name.is_empty() && status < Status::Failed {
                self.draft.skip(0, "a test without a title");
                continue;
            }
            let case = Case {
                status,
                attempts,
                micros,
                detail,
            };
            self.draft
                .add(0, (&suite, number), id, case, Repeats::Rows)?;
        }
        if !bad && file.status.as_deref() == Some("failed") {
            bad = true;
            let mut detail = file.message.0;
            detail.places.push(Place {
                file: suite.clone(),
                line: 0,
            });
            self.draft
                .broken(0, (&suite, number), CaseId::default(), detail)?;
        }
        self.bad |= bad;
        Ok(())
    }

    fn finish(mut self) -> Result<TestRun, ReportError> {
        if self.files.is_none() {
            return Err(ReportError::new(
                ReportErrorKind::Malformed,
                None,
                "no `testResults`",
                "a list of test files",
            ));
        }
        if self.stated > self.tests {
            self.draft.note(fewer("tests", "", self.stated, self.tests));
        }
        let why = match (self.interrupted, self.success) {
            (true, _) => Some("the run was interrupted"),
            (false, Some(false)) if !self.bad => Some(
                "the run did not succeed, and no test shows why (a snapshot, a threshold, an unhandled error)",
            ),
            _ => None,
        };
        if let Some(why) = why {
            let detail = Detail {
                message: Some(why.into()),
                places: Vec::new(),
            };
            self.draft.broken(0, ("", 0), CaseId::default(), detail)?;
        }
        Ok(self.draft.finish())
    }
}
