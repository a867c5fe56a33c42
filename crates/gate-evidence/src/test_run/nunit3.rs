//! `NUnit` 3 XML: `test-run`, nested `test-suite`, `test-case`. Cases that are named alike are rows of data; a suite
//! whose own set-up or tear-down failed is a failure by itself.

use std::io::BufRead;

use super::draft::{Draft, Repeats, fewer};
use super::head::Head;
use super::model::{Case, CaseId, Detail, Status, TestRun};
use super::text::{TEXT_BYTES, detail, seconds};
use crate::error::ReportError;
use crate::limits::Limits;
use crate::xml::{Element, Node, Xml};

pub(super) fn sniff(head: &Head<'_>) -> bool {
    head.root == "test-run"
}

pub(super) fn parse(reader: &mut dyn BufRead, limits: Limits) -> Result<TestRun, ReportError> {
    let mut xml = Xml::new(reader, limits);
    let mut reading = Reading {
        draft: Draft::new(limits),
        open: Vec::new(),
        assembly: Vec::new(),
        field: None,
        message: String::new(),
        trace: String::new(),
        bad: false,
        tests: 0,
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
    /// Open run, suites and case.
    open: Vec<Open>,
    /// Names of the open assemblies.
    assembly: Vec<String>,
    field: Option<bool>,
    message: String,
    trace: String,
    bad: bool,
    tests: u64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    Run,
    Assembly,
    Suite,
    Case,
}

struct Open {
    what: What,
    line: u64,
    name: String,
    class: String,
    status: Status,
    /// Failed because of what is in it.
    by_child: bool,
    micros: Option<u64>,
    detail: Detail,
    stated: u64,
}

fn status(result: &str, label: &str, runstate: &str) -> Status {
    match (result, label) {
        ("Passed" | "Warning", _) => Status::Passed,
        ("Failed", "") => Status::Failed,
        ("Skipped", _) if runstate == "Ignored" || label == "Ignored" => Status::Disabled,
        ("Skipped" | "Inconclusive", _) => Status::Skipped,
        _ => Status::Errored,
    }
}

impl Reading {
    fn start(&mut self, element: &Element<'_>) -> Result<(), ReportError> {
        let what = match element.name() {
            "test-run" => What::Run,
            "test-suite" => What::Suite,
            "test-case" => What::Case,
            "message" => {
                self.field = Some(true);
                return Ok(());
            }
            "stack-trace" => {
                self.field = Some(false);
                return Ok(());
            }
            _ => return Ok(()),
        };
        let [kind, name, fullname, class, result, label, runstate, site] = element.texts([
            "type",
            "name",
            "fullname",
            "classname",
            "result",
            "label",
            "runstate",
            "site",
        ])?;
        let [duration, total] = element.texts(["duration", "total"])?;
        let what = if what == What::Suite && kind.as_deref() == Some("Assembly") {
            What::Assembly
        } else {
            what
        };
        let name = match what {
            What::Suite => fullname.or(name),
            _ => name.or(fullname),
        };
        let name = name.unwrap_or_default();
        if what == What::Assembly {
            let file = name.rsplit(['/', '\\']).next().unwrap_or_default();
            self.assembly.push(file.to_owned());
        }
        self.message.clear();
        self.trace.clear();
        let [result, label, runstate] = [result, label, runstate].map(Option::unwrap_or_default);
        self.open.push(Open {
            what,
            line: element.line(),
            name,
            class: class.unwrap_or_default(),
            status: match what {
                What::Case => status(&result, &label, &runstate),
                _ if result == "Failed" => Status::Errored,
                _ => Status::Passed,
            },
            by_child: matches!(site.as_deref(), Some("Child" | "Parent")),
            micros: duration.as_deref().and_then(seconds),
            detail: Detail::default(),
            stated: total.and_then(|total| total.parse().ok()).unwrap_or(0),
        });
        Ok(())
    }

    fn text(&mut self, text: &str) {
        let field = match self.field {
            Some(true) => &mut self.message,
            Some(false) => &mut self.trace,
            None => return,
        };
        let room = TEXT_BYTES.saturating_sub(field.len());
        field.push_str(&text[..text.floor_char_boundary(room)]);
    }

    fn end(&mut self, name: &str) -> Result<(), ReportError> {
        match name {
            "message" | "stack-trace" => self.field = None,
            "failure" | "reason" => {
                if let Some(open) = self.open.last_mut() {
                    open.detail = detail(Some(&self.message), &self.trace, None);
                }
            }
            "test-run" | "test-suite" | "test-case" => return self.close(),
            _ => {}
        }
        Ok(())
    }

    fn close(&mut self) -> Result<(), ReportError> {
        let Some(open) = self.open.pop() else {
            return Ok(());
        };
        let suite = self.assembly.last().cloned().unwrap_or_default();
        if open.what == What::Assembly {
            self.assembly.pop();
        }
        let bad = open.status >= Status::Failed;
        if open.what == What::Case {
            self.tests += 1;
            self.bad |= bad;
            if open.name.is_empty() && !bad {
                self.draft.skip(open.line, "a case without a name");
                return Ok(());
            }
            let id = CaseId {
                class: open.class,
                name: open.name,
                ..CaseId::default()
            };
            let detail = if open.status == Status::Passed {
                Detail::default()
            } else {
                open.detail
            };
            let case = Case {
                status: open.status,
                attempts: 1,
                micros: open.micros,
                detail,
            };
            return self
                .draft
                .add(open.line, (&suite, 0), id, case, Repeats::Rows);
        }
        if open.what == What::Run && open.stated > self.tests {
            self.draft.note(fewer("tests", "", open.stated, self.tests));
        }
        // "One or more child tests had errors" is no failure of its own, if one of them has
        let own = match open.what {
            What::Run => !self.bad,
            _ => !open.by_child || (!self.bad && open.what == What::Assembly),
        };
        if bad && own {
            self.bad = true;
            let id = CaseId {
                class: if open.what == What::Suite {
                    open.name
                } else {
                    String::new()
                },
                ..CaseId::default()
            };
            return self.draft.broken(open.line, (&suite, 0), id, open.detail);
        }
        Ok(())
    }
}
