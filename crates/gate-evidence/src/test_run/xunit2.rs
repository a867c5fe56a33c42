//! xUnit.net XML, versions 2 and 3: `assemblies`, `assembly`, `collection`, `test`. Tests that are named alike are
//! rows of data; errors of an assembly (clean-up, crash) are failures by themselves.

use std::io::BufRead;

use super::draft::{Draft, Repeats, fewer};
use super::head::Head;
use super::model::{Case, CaseId, Detail, Place, Status, TestRun};
use super::text::{TEXT_BYTES, detail, seconds};
use crate::error::ReportError;
use crate::limits::Limits;
use crate::xml::{Element, Node, Xml};

pub(super) fn sniff(head: &Head<'_>) -> bool {
    head.root == "assemblies"
}

pub(super) fn parse(reader: &mut dyn BufRead, limits: Limits) -> Result<TestRun, ReportError> {
    let mut xml = Xml::new(reader, limits);
    let mut reading = Reading {
        draft: Draft::new(limits),
        assembly: Assembly::default(),
        test: None,
        error: None,
        field: None,
        message: String::new(),
        trace: String::new(),
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
    assembly: Assembly,
    test: Option<(u64, CaseId, Case, Option<Place>)>,
    /// An error of the assembly, outside of tests: its line and name.
    error: Option<(u64, String)>,
    field: Option<bool>,
    message: String,
    trace: String,
}

#[derive(Default)]
struct Assembly {
    name: String,
    line: u64,
    stated: u64,
    stated_bad: u64,
    held: u64,
    held_bad: u64,
}

impl Reading {
    fn start(&mut self, element: &Element<'_>) -> Result<(), ReportError> {
        match element.name() {
            "assembly" => {
                let [name, total, failed, errors] =
                    element.texts(["name", "total", "failed", "errors"])?;
                let count = |text: Option<String>| {
                    text.and_then(|text| text.parse::<u64>().ok()).unwrap_or(0)
                };
                let name = name.unwrap_or_default();
                self.assembly = Assembly {
                    name: name
                        .rsplit(['/', '\\'])
                        .next()
                        .unwrap_or_default()
                        .to_owned(),
                    line: element.line(),
                    stated: count(total),
                    stated_bad: count(failed).saturating_add(count(errors)),
                    ..Assembly::default()
                };
            }
            "test" => {
                let [name, class, result, time, file, line] = element.texts([
                    "name",
                    "type",
                    "result",
                    "time",
                    "source-file",
                    "source-line",
                ])?;
                let status = match result.as_deref() {
                    Some("Pass") => Status::Passed,
                    Some("Fail") => Status::Failed,
                    Some("Skip") => Status::Skipped,
                    Some("NotRun") => Status::Disabled,
                    _ => Status::Errored,
                };
                let place = file.map(|file| Place {
                    file,
                    line: line.and_then(|line| line.parse().ok()).unwrap_or(0),
                });
                let id = CaseId {
                    class: class.unwrap_or_default(),
                    name: name.unwrap_or_default(),
                    ..CaseId::default()
                };
                let case = Case {
                    status,
                    attempts: 1,
                    micros: time.as_deref().and_then(seconds),
                    detail: Detail::default(),
                };
                self.test = Some((element.line(), id, case, place));
                self.message.clear();
                self.trace.clear();
            }
            "error" if self.test.is_none() => {
                let [kind, name] = element.texts(["type", "name"])?;
                let name = [kind, name]
                    .into_iter()
                    .flatten()
                    .collect::<Vec<_>>()
                    .join(" ");
                self.error = Some((element.line(), name));
                self.message.clear();
                self.trace.clear();
            }
            "message" | "reason" => self.field = Some(true),
            "stack-trace" => self.field = Some(false),
            _ => {}
        }
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
            "message" | "stack-trace" | "reason" => self.field = None,
            "test" => {
                let Some((line, id, mut case, place)) = self.test.take() else {
                    return Ok(());
                };
                self.assembly.held += 1;
                self.assembly.held_bad += u64::from(case.is_bad());
                if id.name.is_empty() && !case.is_bad() {
                    self.draft.skip(line, "a test without a name");
                    return Ok(());
                }
                if case.status != Status::Passed {
                    case.detail = detail(Some(&self.message), &self.trace, None);
                    case.detail.places.extend(place);
                }
                self.draft
                    .add(line, (&self.assembly.name, 0), id, case, Repeats::Rows)?;
            }
            "error" if self.test.is_none() => {
                let Some((line, name)) = self.error.take() else {
                    return Ok(());
                };
                let detail = detail(Some(&self.message), &self.trace, Some(&name));
                self.assembly.held_bad += 1;
                self.draft
                    .broken(line, (&self.assembly.name, 0), CaseId::default(), detail)?;
            }
            "assembly" => {
                let assembly = std::mem::take(&mut self.assembly);
                if assembly.stated > assembly.held {
                    self.draft.note(fewer(
                        "tests",
                        &assembly.name,
                        assembly.stated,
                        assembly.held,
                    ));
                }
                if assembly.stated_bad > 0 && assembly.held_bad == 0 {
                    let text = format!(
                        "{} failed or errored by the report's own count, and no test shows it",
                        assembly.stated_bad
                    );
                    let detail = Detail {
                        message: Some(text.into()),
                        places: Vec::new(),
                    };
                    self.draft.broken(
                        assembly.line,
                        (&assembly.name, 0),
                        CaseId::default(),
                        detail,
                    )?;
                }
            }
            _ => {}
        }
        Ok(())
    }
}
