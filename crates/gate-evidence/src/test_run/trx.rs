//! TRX of Visual Studio, `dotnet test` and `MSTest`: `UnitTestResult` joined to `UnitTest` by id. Results that are
//! named alike are rows of data. A result that holds inner ones is judged by them.

use std::collections::HashMap;
use std::io::BufRead;

use super::draft::{Draft, Repeats};
use super::head::Head;
use super::model::{Case, CaseId, Detail, Status, TestRun};
use super::text::{TEXT_BYTES, detail, time_span};
use crate::error::{ReportError, within};
use crate::limits::Limits;
use crate::xml::{Element, Node, Xml};

pub(super) fn sniff(head: &Head<'_>) -> bool {
    head.root == "TestRun"
}

pub(super) fn parse(reader: &mut dyn BufRead, limits: Limits) -> Result<TestRun, ReportError> {
    let mut xml = Xml::new(reader, limits);
    let mut reading = Reading::default();
    loop {
        match xml.next()? {
            Node::Start(element) => reading.start(&element, limits)?,
            Node::End(name) => reading.end(name),
            Node::Text(text) => reading.text(&text),
            Node::Eof => return reading.finish(limits),
        }
    }
}

#[derive(Default)]
struct Reading {
    open: Vec<Row>,
    closed: Vec<Row>,
    records: u64,
    /// Assembly and class by the id of the test.
    definitions: HashMap<String, (String, String)>,
    definition: Option<(String, String)>,
    field: Option<Field>,
    message: String,
    trace: String,
    /// What the summary says: its outcome, the failures it counts, the errors of the run.
    outcome: String,
    stated_bad: u64,
    run_error: Option<(u64, String)>,
    in_summary: bool,
}

struct Row {
    line: u64,
    test: String,
    name: String,
    status: Status,
    micros: Option<u64>,
    detail: Detail,
    /// Inner results, and whether one of them failed.
    inner: u32,
    inner_bad: bool,
}

#[derive(Clone, Copy)]
enum Field {
    Message,
    Trace,
    RunInfo,
}

fn status(outcome: &str) -> Status {
    match outcome {
        "Passed" | "Warning" | "Completed" => Status::Passed,
        "Failed" => Status::Failed,
        "NotExecuted" | "Inconclusive" => Status::Skipped,
        _ => Status::Errored,
    }
}

impl Reading {
    fn start(&mut self, element: &Element<'_>, limits: Limits) -> Result<(), ReportError> {
        match element.name() {
            "UnitTestResult" | "TestResult" | "GenericTestResult" | "ManualTestResult"
            | "WebTestResult" => {
                let [test, name, outcome, duration] =
                    element.texts(["testId", "testName", "outcome", "duration"])?;
                self.records += 1;
                within(self.records, limits.records, "tests", element.line())?;
                self.message.clear();
                self.trace.clear();
                let outcome = outcome.unwrap_or_default();
                let status = status(&outcome);
                let message = (status == Status::Errored)
                    .then(|| super::text::first_line([format!("outcome {outcome}").as_str()]))
                    .flatten();
                self.open.push(Row {
                    line: element.line(),
                    test: test.unwrap_or_default(),
                    name: name.unwrap_or_default(),
                    status,
                    micros: duration.as_deref().and_then(time_span),
                    detail: Detail {
                        message,
                        places: Vec::new(),
                    },
                    inner: 0,
                    inner_bad: false,
                });
            }
            "Message" if !self.open.is_empty() => self.field = Some(Field::Message),
            "StackTrace" if !self.open.is_empty() => self.field = Some(Field::Trace),
            "UnitTest" => {
                let [id, storage] = element.texts(["id", "storage"])?;
                // the folder is where it was built
                let storage = storage.unwrap_or_default();
                let assembly = storage.rsplit(['/', '\\']).next().unwrap_or_default();
                self.definition = id.map(|id| (id, assembly.to_owned()));
            }
            "TestMethod" => {
                let [class] = element.texts(["className"])?;
                if let Some((id, storage)) = self.definition.take() {
                    self.records += 1;
                    within(self.records, limits.records, "tests", element.line())?;
                    self.definitions
                        .insert(id, (storage, class.unwrap_or_default()));
                }
            }
            "ResultSummary" => {
                let [outcome] = element.texts(["outcome"])?;
                self.outcome = outcome.unwrap_or_default();
                self.in_summary = true;
            }
            "Counters" if self.in_summary => {
                let counts = element.texts(["failed", "error", "timeout", "aborted"])?;
                let counts = counts
                    .into_iter()
                    .flatten()
                    .filter_map(|text| text.parse::<u64>().ok());
                self.stated_bad = counts.fold(0, u64::saturating_add);
            }
            "RunInfo" if self.in_summary => {
                let [outcome] = element.texts(["outcome"])?;
                if self.run_error.is_none()
                    && matches!(
                        outcome.as_deref(),
                        Some("Error" | "Failed" | "Aborted" | "Timeout")
                    )
                {
                    self.run_error = Some((element.line(), String::new()));
                    self.field = Some(Field::RunInfo);
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn text(&mut self, text: &str) {
        let field = match self.field {
            Some(Field::Message) => &mut self.message,
            Some(Field::Trace) => &mut self.trace,
            Some(Field::RunInfo) => match &mut self.run_error {
                Some((_, text)) => text,
                None => return,
            },
            None => return,
        };
        let room = TEXT_BYTES.saturating_sub(field.len());
        field.push_str(&text[..text.floor_char_boundary(room)]);
    }

    fn end(&mut self, name: &str) {
        match name {
            "Message" | "StackTrace" | "RunInfo" => self.field = None,
            "ErrorInfo" => {
                if let Some(result) = self.open.last_mut() {
                    result.detail = detail(Some(&self.message), &self.trace, None);
                }
            }
            "UnitTestResult" | "TestResult" | "GenericTestResult" | "ManualTestResult"
            | "WebTestResult" => {
                let Some(result) = self.open.pop() else {
                    return;
                };
                let bad = result.status >= Status::Failed;
                if let Some(outer) = self.open.last_mut() {
                    outer.inner += 1;
                    outer.inner_bad |= bad || result.inner_bad;
                }
                if result.inner == 0 || (bad && !result.inner_bad) {
                    self.closed.push(result);
                }
            }
            "ResultSummary" => self.in_summary = false,
            _ => {}
        }
    }

    fn finish(self, limits: Limits) -> Result<TestRun, ReportError> {
        let mut draft = Draft::new(limits);
        let bad = self
            .closed
            .iter()
            .any(|result| result.status >= Status::Failed);
        for result in self.closed {
            let (suite, class) = self
                .definitions
                .get(&result.test)
                .cloned()
                .unwrap_or_default();
            let id = CaseId {
                class,
                name: result.name,
                ..CaseId::default()
            };
            if id.name.is_empty() && result.status < Status::Failed {
                draft.skip(result.line, "a result without a name");
                continue;
            }
            let detail = if result.status == Status::Passed {
                Detail::default()
            } else {
                result.detail
            };
            let case = Case {
                status: result.status,
                attempts: 1,
                micros: result.micros,
                detail,
            };
            draft.add(result.line, (&suite, 0), id, case, Repeats::Rows)?;
        }
        let fine = matches!(
            self.outcome.as_str(),
            "" | "Completed" | "Passed" | "Warning"
        );
        let (line, said) = match self.run_error {
            Some((line, text)) => (line, Some(text)),
            None => (0, None),
        };
        if !bad && (said.is_some() || !fine || self.stated_bad > 0) {
            let text = format!("the run ended as `{}`, and no test shows why", self.outcome);
            let detail = detail(said.as_deref(), &text, None);
            draft.broken(line, ("", 0), CaseId::default(), detail)?;
        }
        Ok(draft.finish())
    }
}
