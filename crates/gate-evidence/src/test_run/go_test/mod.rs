//! `go test -json` (test2json): one event a line, with other lines in between.
//!
//! A test with subtests is judged by them, unless it failed by itself. A package that failed although none of its
//! tests did (build, panic, `TestMain`, a race after the end) is a failure by itself, and so is a build that failed.
//! A test that began and never ended errored; a package that did not end means that the report is cut off.

mod package;

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::io::BufRead;

use serde::Deserialize;
use serde_json::Number;

use crate::error::{ReportError, ReportErrorKind, excerpt, within};
use crate::limits::Limits;
use crate::lines;
use crate::test_run::draft::Draft;
use crate::test_run::head::Head;
use crate::test_run::model::{Case, CaseId, Detail, Status, TestRun};
use crate::test_run::text::seconds;
use package::{Ended, Package, keep, says};

pub(in crate::test_run) fn sniff(head: &Head<'_>) -> bool {
    head.text.lines().any(|line| {
        let line = line.trim_start();
        (line.starts_with("{\"Time\":\"")
            || line.starts_with("{\"Action\":\"")
            || line.starts_with("{\"ImportPath\":\""))
            && line.contains("\"Action\":\"")
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Event<'a> {
    #[serde(borrow)]
    action: Cow<'a, str>,
    #[serde(borrow, default)]
    package: Cow<'a, str>,
    #[serde(borrow, default)]
    import_path: Cow<'a, str>,
    #[serde(borrow, default)]
    test: Cow<'a, str>,
    #[serde(borrow, default)]
    output: Cow<'a, str>,
    #[serde(borrow, default)]
    failed_build: Cow<'a, str>,
    elapsed: Option<Number>,
}

pub(in crate::test_run) fn parse(
    reader: &mut dyn BufRead,
    limits: Limits,
) -> Result<TestRun, ReportError> {
    let mut reading = Reading {
        draft: Draft::new(limits),
        packages: BTreeMap::new(),
        builds: HashMap::new(),
        failed_builds: BTreeMap::new(),
        records: 0,
        limits,
    };
    let mut broken = None;
    let end = lines::each(reader, limits, |number, line| {
        // what tests and tools write to the same stream
        if !line.starts_with('{') {
            return Ok(());
        }
        broken = None;
        let Ok(event) = serde_json::from_str::<Event<'_>>(line) else {
            let found = excerpt(line);
            reading
                .draft
                .skip(number, &format!("{found}, which is no event"));
            broken = Some((number, found));
            return Ok(());
        };
        reading.event(number, &event)
    })?;
    match broken {
        Some((line, found)) if !end.newline || reading.packages.is_empty() => {
            let expected = "a whole event as the last one";
            Err(ReportError::new(
                ReportErrorKind::Truncated,
                Some(line),
                found,
                expected,
            ))
        }
        _ => reading.finish(),
    }
}

struct Reading {
    draft: Draft,
    packages: BTreeMap<String, Package>,
    /// What builds wrote, by what was built.
    builds: HashMap<String, String>,
    /// Builds that failed and that no package names as the reason of its failure, with their lines.
    failed_builds: BTreeMap<String, u64>,
    records: u64,
    limits: Limits,
}

impl Reading {
    fn event(&mut self, line: u64, event: &Event<'_>) -> Result<(), ReportError> {
        if event.action == "build-output" {
            self.count(line)?;
            if !event.output.starts_with("# ") {
                keep(
                    self.builds
                        .entry(event.import_path.clone().into_owned())
                        .or_default(),
                    &event.output,
                );
            }
            return Ok(());
        }
        if event.action == "build-fail" {
            self.failed_builds
                .insert(event.import_path.clone().into_owned(), line);
            return self.count(line);
        }
        if event.package.is_empty() {
            return Ok(());
        }
        if !self.packages.contains_key(&*event.package) {
            self.count(line)?;
            let package = Package {
                began: line,
                ..Package::default()
            };
            self.packages
                .insert(event.package.clone().into_owned(), package);
        }
        let Some(package) = self.packages.get_mut(&*event.package) else {
            return Ok(());
        };
        if event.test.is_empty() {
            match &*event.action {
                // again: the package is run once more (gotestsum --rerun-fails)
                "start" => package.ends = None,
                "output" => keep(&mut package.output, &event.output),
                "pass" => package.ends = Some(Status::Passed),
                "skip" => package.ends = Some(Status::Skipped),
                "fail" => {
                    package.ends = Some(Status::Failed);
                    self.failed_builds.remove(&*event.failed_build);
                    if let Some(build) = self.builds.get(&*event.failed_build) {
                        package.output.clone_from(build);
                    }
                }
                _ => {}
            }
            return Ok(());
        }
        let status = match &*event.action {
            "run" => {
                if let Some((parent, _)) = event.test.rsplit_once('/') {
                    package.parents.insert(parent.to_owned());
                }
                package.bad_parents.remove(&*event.test);
                package
                    .running
                    .insert(event.test.clone().into_owned(), String::new());
                return self.count(line);
            }
            "output" => {
                if let Some(kept) = package.running.get_mut(&*event.test) {
                    keep(kept, &event.output);
                }
                return Ok(());
            }
            "pass" => Status::Passed,
            "fail" => Status::Failed,
            "skip" => Status::Skipped,
            _ => return Ok(()),
        };
        let Some((test, output)) = package.running.remove_entry(&*event.test) else {
            // a benchmark's end, or one whose beginning was lost
            return self.end(line, event, status, &event.test, "");
        };
        self.end(line, event, status, &test, &output)
    }

    fn end(
        &mut self,
        line: u64,
        event: &Event<'_>,
        status: Status,
        test: &str,
        output: &str,
    ) -> Result<(), ReportError> {
        self.count(line)?;
        let Some(package) = self.packages.get_mut(&*event.package) else {
            return Ok(());
        };
        if status == Status::Failed
            && let Some((parent, _)) = test.rsplit_once('/')
        {
            package.bad_parents.insert(parent.to_owned());
        }
        let detail = if status == Status::Passed {
            Detail::default()
        } else {
            says(output)
        };
        let micros = event
            .elapsed
            .as_ref()
            .and_then(|elapsed| seconds(&elapsed.to_string()));
        let by_subtest = package.bad_parents.contains(test);
        let case = Case {
            status,
            attempts: 1,
            micros,
            detail,
        };
        package.ended.push(Ended {
            line,
            test: test.to_owned(),
            case,
            by_subtest,
        });
        Ok(())
    }

    fn count(&mut self, line: u64) -> Result<(), ReportError> {
        self.records += 1;
        within(self.records, self.limits.records, "events", line)
    }

    fn finish(mut self) -> Result<TestRun, ReportError> {
        for (name, package) in std::mem::take(&mut self.packages) {
            let Some(ends) = package.ends else {
                return Err(ReportError::new(
                    ReportErrorKind::Truncated,
                    Some(package.began),
                    format!("package {} that begins and does not end", excerpt(&name)),
                    "a `pass`, `fail` or `skip` of every package",
                ));
            };
            package.give(&name, ends, &mut self.draft)?;
        }
        for (name, line) in self.failed_builds {
            let said = self.builds.get(&name).map(String::as_str);
            let detail = says(said.unwrap_or("the build failed"));
            self.draft
                .broken(line, (&name, 0), CaseId::default(), detail)?;
        }
        Ok(self.draft.finish())
    }
}
