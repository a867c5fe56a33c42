//! Mocha's JSON: `passes`, `failures` and `pending`; `tests` repeats them, without failed hooks. Titles may be used
//! twice: those are other tests; retries are in `currentRetry`.

use std::fmt;
use std::io::BufRead;

use serde::Deserialize;
use serde::de::{IgnoredAny, MapAccess, Visitor};
use serde_json::Number;

use super::draft::{Draft, Repeats, fewer};
use super::head::Head;
use super::json::{Failure, each, object};
use super::model::{Case, CaseId, Detail, Place, Status, TestRun};
use super::text::milliseconds;
use crate::error::{ReportError, ReportErrorKind};
use crate::limits::Limits;

pub(super) fn sniff(head: &Head<'_>) -> bool {
    let first = head.text.strip_prefix('{').map(str::trim_start);
    // Mochawesome begins alike
    first.is_some_and(|first| first.starts_with("\"stats\"")) && !head.text.contains("\"results\"")
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Test {
    title: Option<String>,
    full_title: Option<String>,
    file: Option<String>,
    duration: Option<Number>,
    current_retry: Option<u32>,
    err: Option<Problem>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Problem {
    message: Failure,
    stack: Failure,
}

#[derive(Deserialize, Default)]
struct Stats {
    tests: Option<u64>,
    failures: Option<u64>,
}

pub(super) fn parse(reader: &mut dyn BufRead, limits: Limits) -> Result<TestRun, ReportError> {
    let mut reading = Reading {
        draft: Draft::new(limits),
        stopped: None,
        stats: Stats::default(),
        lists: 0,
        tests: 0,
        bad: 0,
    };
    if let Err(error) = object(reader, limits, &mut reading) {
        return Err(reading.stopped.unwrap_or(error));
    }
    reading.finish()
}

struct Reading {
    draft: Draft,
    stopped: Option<ReportError>,
    stats: Stats,
    lists: u32,
    tests: u64,
    bad: u64,
}

impl<'de> Visitor<'de> for &mut Reading {
    type Value = ();

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            let status = match key.as_str() {
                "passes" => Status::Passed,
                "failures" => Status::Failed,
                "pending" => Status::Skipped,
                "stats" => {
                    self.stats = map.next_value()?;
                    continue;
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                    continue;
                }
            };
            self.lists += 1;
            map.next_value_seed(each(|test| {
                self.test(test, status)
                    .inspect_err(|error| self.stopped = Some(error.clone()))
            }))?;
        }
        Ok(())
    }
}

impl Reading {
    fn test(&mut self, test: Test, status: Status) -> Result<(), ReportError> {
        self.tests += 1;
        let (title, full) = (
            test.title.unwrap_or_default(),
            test.full_title.unwrap_or_default(),
        );
        let class = full
            .strip_suffix(&title)
            .unwrap_or_default()
            .trim_end()
            .to_owned();
        let file = test.file.unwrap_or_default();
        let mut detail = Detail::default();
        if status == Status::Failed {
            self.bad += 1;
            let problem = test.err.unwrap_or_default();
            detail.message = problem.message.0.message.or(problem.stack.0.message);
            detail.places = problem.stack.0.places;
            if !file.is_empty() {
                detail.places.push(Place {
                    file: file.clone(),
                    line: 0,
                });
            }
        }
        let id = CaseId {
            class,
            name: title,
            file: String::new(),
            row: 0,
        };
        let case = Case {
            status,
            attempts: test.current_retry.unwrap_or(0).saturating_add(1),
            micros: test
                .duration
                .and_then(|duration| milliseconds(&duration.to_string())),
            detail,
        };
        if id.name.is_empty() && status < Status::Failed {
            self.draft.skip(0, "a test without a title");
            return Ok(());
        }
        self.draft.add(0, (&file, 0), id, case, Repeats::Rows)
    }

    fn finish(mut self) -> Result<TestRun, ReportError> {
        if self.lists != 3 {
            let found = format!(
                "{} of the lists `passes`, `failures` and `pending`",
                self.lists
            );
            return Err(ReportError::new(
                ReportErrorKind::Malformed,
                None,
                found,
                "each of them once",
            ));
        }
        let stated = self.stats.tests.unwrap_or(0);
        if stated > self.tests {
            self.draft.note(fewer("tests", "", stated, self.tests));
        }
        if let Some(failures) = self
            .stats
            .failures
            .filter(|&failures| failures > 0 && self.bad == 0)
        {
            let text = format!("{failures} failed by the report's own count, and no test shows it");
            let detail = Detail {
                message: Some(text.into()),
                places: Vec::new(),
            };
            self.draft.broken(0, ("", 0), CaseId::default(), detail)?;
        }
        Ok(self.draft.finish())
    }
}
