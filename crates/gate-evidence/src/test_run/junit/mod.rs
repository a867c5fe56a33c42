//! `JUnit` XML in its dialects: Surefire and Gradle, pytest, nextest, gtest, Catch2, `CTest`, Mocha, Node, Perl, xUnit
//! for C and others. Suites may nest; cases may stand outside of any.
//!
//! Retries are written in three ways: `flakyFailure` and `rerunFailure` in the case (Surefire, nextest), the case
//! again after its failure (Gradle, web-test-runner), and in pytest the case again, where earlier attempts bear no
//! failure. The counts in attributes are often wrong and are only compared, see `close_suite`.

mod open;

use std::io::BufRead;

use crate::error::ReportError;
use crate::limits::Limits;
use crate::test_run::draft::{Draft, Repeats, fewer};
use crate::test_run::head::Head;
use crate::test_run::model::{Case, CaseId, Detail, Status, TestRun};
use crate::test_run::text::{TEXT_BYTES, detail, seconds};
use crate::xml::{Element, Node, Xml};
use open::{Counts, Frame, Kind, Open, Problem, kind, place, stated_status};

pub(in crate::test_run) fn sniff(head: &Head<'_>) -> bool {
    head.root == "testsuites" || head.root == "testsuite"
}

pub(in crate::test_run) fn parse(
    reader: &mut dyn BufRead,
    limits: Limits,
) -> Result<TestRun, ReportError> {
    let mut xml = Xml::new(reader, limits);
    let mut reading = Reading {
        draft: Draft::new(limits),
        elements: 0,
        suites: Vec::new(),
        cases: Vec::new(),
        problem: None,
        pytest: false,
    };
    loop {
        match xml.next()? {
            Node::Start(element) => reading.start(&element)?,
            Node::End(name) => reading.end(name)?,
            Node::Text(text) => reading.text(&text),
            Node::Eof => return Ok(reading.draft.finish()),
        }
    }
}

struct Reading {
    draft: Draft,
    elements: u64,
    suites: Vec<Frame>,
    cases: Vec<Open>,
    problem: Option<Problem>,
    pytest: bool,
}

impl Reading {
    fn start(&mut self, element: &Element<'_>) -> Result<(), ReportError> {
        if let Some(problem) = &mut self.problem {
            problem.output += u32::from(
                problem.output > 0 || matches!(element.name(), "system-out" | "system-err"),
            );
            return Ok(());
        }
        match element.name() {
            "testsuites" | "testsuite" => self.open_suite(element),
            "testcase" => self.open_case(element),
            name => match kind(name) {
                Some(kind) if !self.suites.is_empty() || !self.cases.is_empty() => {
                    self.open_problem(kind, element)
                }
                _ => Ok(()),
            },
        }
    }

    fn open_suite(&mut self, element: &Element<'_>) -> Result<(), ReportError> {
        let [name, package, tests, failures, errors] =
            element.texts(["name", "package", "tests", "failures", "errors"])?;
        let name = name.unwrap_or_default();
        self.pytest |= name == "pytest" || name == "pytest tests";
        let count = |text: Option<String>| {
            text.and_then(|text| text.trim().parse::<u64>().ok())
                .unwrap_or(0)
        };
        let stated = Counts {
            tests: count(tests),
            bad: count(failures).saturating_add(count(errors)),
        };
        // the root's name is that of the run
        let name = match package.filter(|package| !package.is_empty() && !name.starts_with(package))
        {
            _ if element.name() == "testsuites" => String::new(),
            Some(package) => format!("{package}.{name}"),
            None => name,
        };
        let outer = self.suites.last().map_or("", |frame| frame.key.as_str());
        let key = match (outer, name.as_str()) {
            (outer, "") => outer.to_owned(),
            ("", _) => name,
            (outer, name) => format!("{outer} > {name}"),
        };
        self.draft.named(element.line(), key.len())?;
        self.elements += 1;
        let frame = Frame {
            key,
            element: self.elements,
            line: element.line(),
            stated,
            held: Counts::default(),
        };
        self.suites.push(frame);
        Ok(())
    }

    fn open_case(&mut self, element: &Element<'_>) -> Result<(), ReportError> {
        let [name, class, file, line, time, status, result] = element.texts([
            "name",
            "classname",
            "file",
            "line",
            "time",
            "status",
            "result",
        ])?;
        let (status, disabled) = stated_status(status.as_deref(), result.as_deref());
        // pytest counts lines from 0
        let place = place(file.as_deref(), line.as_deref(), u32::from(self.pytest));
        let id = CaseId {
            class: class.unwrap_or_default(),
            name: name.unwrap_or_default(),
            file: file.unwrap_or_default(),
            row: 0,
        };
        self.cases.push(Open {
            id,
            line: element.line(),
            status,
            disabled,
            attempts: 1,
            bad: u64::from(status >= Status::Failed),
            micros: time.as_deref().and_then(seconds),
            detail: Detail::default(),
            place,
        });
        Ok(())
    }

    fn open_problem(&mut self, kind: Kind, element: &Element<'_>) -> Result<(), ReportError> {
        let [message, type_name, file, line, time] =
            element.texts(["message", "type", "file", "line", "time"])?;
        if let (Kind::Attempt, Some(case)) = (kind, self.cases.last_mut()) {
            case.attempts = case.attempts.saturating_add(1);
            let time = time.as_deref().and_then(seconds);
            case.micros = case
                .micros
                .map(|micros| micros.saturating_add(time.unwrap_or(0)));
        }
        self.problem = Some(Problem {
            kind,
            line: element.line(),
            message,
            type_name,
            place: place(file.as_deref(), line.as_deref(), 0),
            text: String::new(),
            output: 0,
        });
        Ok(())
    }

    fn text(&mut self, text: &str) {
        if let Some(problem) = &mut self.problem
            && problem.output == 0
        {
            let room = TEXT_BYTES.saturating_sub(problem.text.len());
            problem
                .text
                .push_str(&text[..text.floor_char_boundary(room)]);
        }
    }

    fn end(&mut self, name: &str) -> Result<(), ReportError> {
        if let Some(problem) = &mut self.problem {
            if problem.output > 0 {
                problem.output -= 1;
            } else if kind(name) == Some(problem.kind) {
                return self.close_problem();
            }
            return Ok(());
        }
        match name {
            "testcase" => self.close_case(),
            "testsuite" | "testsuites" => self.close_suite(),
            _ => Ok(()),
        }
    }

    fn close_problem(&mut self) -> Result<(), ReportError> {
        let Some(problem) = self.problem.take() else {
            return Ok(());
        };
        let mut detail = detail(
            problem.message.as_deref(),
            &problem.text,
            problem.type_name.as_deref(),
        );
        detail.places.splice(0..0, problem.place);
        let Some(case) = self.cases.last_mut() else {
            if problem.kind == Kind::Of(Status::Skipped) {
                return Ok(());
            }
            return self.break_suite(problem.line, detail);
        };
        // a skip does not take a failure back, and the first of several failures is told
        let tells = match problem.kind {
            Kind::Of(Status::Skipped) if case.status == Status::Passed => {
                case.status = Status::Skipped;
                true
            }
            Kind::Of(Status::Skipped) => false,
            Kind::Of(status) => {
                case.bad += 1;
                let first = case.bad == 1 || case.detail.message.is_none();
                case.status = if case.disabled {
                    Status::Disabled
                } else {
                    case.status.max(status)
                };
                first
            }
            Kind::Attempt => {
                case.bad += 1;
                case.bad == 1
            }
        };
        if tells {
            case.detail = detail;
        }
        Ok(())
    }

    fn close_case(&mut self) -> Result<(), ReportError> {
        let Some(mut open) = self.cases.pop() else {
            return Ok(());
        };
        open.detail.places.extend(open.place);
        let (suite, element) = match self.suites.last_mut() {
            Some(frame) => {
                frame.held.tests += 1;
                frame.held.bad += open.bad;
                (frame.key.as_str(), frame.element)
            }
            None => ("", 0),
        };
        let bad = open.status >= Status::Failed;
        if open.id.name.is_empty() && !bad {
            self.draft.skip(open.line, "a case without a name");
            return Ok(());
        }
        let plain = open.status == Status::Passed && open.attempts == 1;
        let detail = if plain {
            Detail::default()
        } else {
            open.detail
        };
        let case = Case {
            status: open.status,
            attempts: open.attempts,
            micros: open.micros,
            detail,
        };
        let repeats = if self.pytest {
            Repeats::Retries
        } else {
            Repeats::RetriesAfterFailure
        };
        self.draft
            .add(open.line, (suite, element), open.id, case, repeats)
    }

    fn close_suite(&mut self) -> Result<(), ReportError> {
        let Some(frame) = self.suites.last() else {
            return Ok(());
        };
        let (stated, held, line) = (frame.stated, frame.held, frame.line);
        if stated.tests > held.tests {
            let note = fewer("tests", &frame.key, stated.tests, held.tests);
            self.draft.note(note);
        }
        // The counts are not trusted, but a failure that is stated and not shown is no pass either.
        if stated.bad > 0 && held.bad == 0 {
            let message = format!(
                "{} failed or errored by the report's own count, and none of its cases shows it",
                stated.bad
            );
            self.break_suite(
                line,
                Detail {
                    message: Some(message.into()),
                    places: Vec::new(),
                },
            )?;
        }
        if let Some(frame) = self.suites.pop()
            && let Some(outer) = self.suites.last_mut()
        {
            outer.held.tests += frame.held.tests;
            outer.held.bad += frame.held.bad;
        }
        Ok(())
    }

    /// The open suite failed outside of its cases.
    fn break_suite(&mut self, line: u64, detail: Detail) -> Result<(), ReportError> {
        let Some(frame) = self.suites.last_mut() else {
            return Ok(());
        };
        frame.held.bad += 1;
        self.draft
            .broken(line, (&frame.key, frame.element), CaseId::default(), detail)
    }
}
