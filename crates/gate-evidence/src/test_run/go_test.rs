//! `go test -json` (test2json): one event a line, with other lines in between.
//!
//! A test with subtests is judged by them, unless it failed by itself. A package that failed although none of its
//! tests did (build, panic, `TestMain`, a race after the end) is a failure by itself. A test that began and never
//! ended errored; a package that did not end means that the report is cut off.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::BufRead;

use serde::Deserialize;
use serde_json::Number;

use super::draft::{Draft, Repeats};
use super::head::Head;
use super::model::{Case, CaseId, Detail, Status, TestRun};
use super::text::{detail, seconds};
use crate::error::{ReportError, ReportErrorKind, excerpt, within};
use crate::limits::Limits;
use crate::lines;

pub(super) fn sniff(head: &Head<'_>) -> bool {
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

/// What is known of a package while it runs.
#[derive(Default)]
struct Package {
    began: u64,
    /// Tests that run, with what they wrote.
    running: BTreeMap<String, String>,
    /// Tests that had subtests, and those of them of whose last run one failed.
    parents: BTreeSet<String>,
    bad_parents: BTreeSet<String>,
    ended: Vec<Ended>,
    output: String,
    ends: Option<Status>,
}

struct Ended {
    line: u64,
    test: String,
    case: Case,
    /// A subtest of this run of it failed.
    by_subtest: bool,
}

/// How much of what a test writes is kept, in bytes.
const OUTPUT_BYTES: usize = 2048;

pub(super) fn parse(reader: &mut dyn BufRead, limits: Limits) -> Result<TestRun, ReportError> {
    let mut reading = Reading {
        draft: Draft::new(limits),
        packages: BTreeMap::new(),
        builds: HashMap::new(),
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
    /// What failed builds wrote, by what was built.
    builds: HashMap<String, String>,
    records: u64,
    limits: Limits,
}

fn keep(kept: &mut String, text: &str) {
    let room = OUTPUT_BYTES.saturating_sub(kept.len());
    kept.push_str(&text[..text.floor_char_boundary(room)]);
}

/// Of what a test wrote, what says why it failed.
fn says(output: &str) -> Detail {
    const FRAME: &[&str] = &["=== ", "--- ", "FAIL", "PASS", "ok  ", "exit status"];
    let lines = output.lines().filter(|line| {
        !FRAME
            .iter()
            .any(|frame| line.trim_start().starts_with(frame))
    });
    detail(None, &lines.collect::<Vec<_>>().join("\n"), None)
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
            self.package(&name, package, ends)?;
        }
        Ok(self.draft.finish())
    }

    fn package(&mut self, name: &str, package: Package, ends: Status) -> Result<(), ReportError> {
        // of a test that is run again, the last run counts
        let mut bad: BTreeSet<&str> = BTreeSet::new();
        for ended in &package.ended {
            if ended.case.is_bad() {
                bad.insert(&ended.test);
            } else {
                bad.remove(ended.test.as_str());
            }
        }
        let bad = !bad.is_empty() || !package.running.is_empty();
        let places = |mut case: Case| {
            for place in &mut case.detail.places {
                // tests name files of their package without its path
                if !place.file.contains(['/', '\\']) {
                    place.file = format!("{name}/{}", place.file);
                }
            }
            case
        };
        let id = |test: &str| CaseId {
            name: test.to_owned(),
            ..CaseId::default()
        };
        let mut failed_by_itself = BTreeSet::new();
        for ended in package.ended {
            if package.parents.contains(&ended.test) {
                let own = ended.case.is_bad() && !ended.by_subtest;
                if !own && !failed_by_itself.contains(&ended.test) {
                    continue;
                }
                failed_by_itself.insert(ended.test.clone());
            }
            let case = places(ended.case);
            self.draft.add(
                ended.line,
                (name, 0),
                id(&ended.test),
                case,
                Repeats::RetriesAfterFailure,
            )?;
        }
        for (test, output) in package.running {
            if package.parents.contains(&test) {
                continue;
            }
            let mut detail = says(&output);
            detail.message = detail
                .message
                .or_else(|| Some("the test began and did not end".into()));
            let case = places(Case {
                status: Status::Errored,
                attempts: 1,
                micros: None,
                detail,
            });
            self.draft
                .add(package.began, (name, 0), id(&test), case, Repeats::Rows)?;
        }
        if ends == Status::Failed && !bad {
            self.draft.broken(
                package.began,
                (name, 0),
                CaseId::default(),
                says(&package.output),
            )?;
        }
        Ok(())
    }
}
