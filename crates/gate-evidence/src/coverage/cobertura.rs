//! Cobertura XML: coverage.py, gcovr, coverlet, simplecov and many more.
//!
//! Rates are ignored; lines are counted. A line stands under its method, under its class or under
//! both, and several classes share a file: every mention is one and the same measurement, so the
//! largest hits and fraction hold and nothing is summed.

use std::io::BufRead;

use super::draft::{Draft, FileId};
use super::model::FunctionKey;
use super::number::{Line, digits, hits, line as line_number};
use super::sniff::Head;
use crate::error::{ReportError, excerpt, within};
use crate::limits::Limits;
use crate::xml::{Element, Node, Xml};

/// Clover shares the root's name; it has a `generated` or `clover` attribute and a `project` inside.
pub(super) fn sniff(head: &Head<'_>) -> bool {
    head.root_is("coverage")
        && !head.root_has("generated")
        && !head.root_has("clover")
        && !head.root_child_is(&["project", "testproject"])
}

pub(super) fn parse(reader: &mut dyn BufRead, limits: Limits) -> Result<Draft, ReportError> {
    let mut xml = Xml::new(reader, limits);
    let mut coverage = Draft::default();
    let mut source: Option<String> = None;
    let mut class: Option<Class> = None;
    let mut method: Option<Method> = None;
    let mut stated: Option<u64> = None;
    let mut named = 0;
    loop {
        match xml.next()? {
            Node::Start(element) => match element.name() {
                "coverage" => {
                    let [valid] = element.attributes(["lines-valid"])?;
                    stated = valid.as_deref().and_then(digits);
                }
                "source" => source = Some(String::new()),
                "class" => class = open_class(&element, &mut coverage)?,
                "method" => {
                    let opened = open_method(&element, class.as_ref())?;
                    named += opened.name.len() as u64;
                    within(named, limits.name_bytes, "bytes of names", element.line)?;
                    method = Some(opened);
                }
                "line" => {
                    let read = read_line(&element, class.as_ref(), method.as_mut(), &mut coverage)?;
                    if let Err(why) = read {
                        coverage.skip(element.line, &why);
                    }
                    within(coverage.records, limits.records, "records", element.line)?;
                }
                _ => {}
            },
            Node::Text(text) => {
                if let Some(source) = &mut source {
                    source.push_str(&text);
                }
            }
            Node::End("source") => {
                let path = source.take().unwrap_or_default().trim().to_owned();
                if !path.is_empty() {
                    coverage.add_source(path);
                }
            }
            Node::End("class") => class = None,
            Node::End("method") => {
                if let (Some(class), Some(method)) = (&class, method.take()) {
                    close_method(method, class, &mut coverage);
                }
            }
            Node::End(_) => {}
            Node::Eof => break,
        }
    }
    // coverage.py, for one, counts files there that it then leaves out, when two roots hold one name
    let found = coverage.lines();
    if let Some(stated) = stated.filter(|&stated| stated != found) {
        coverage.note(|| format!("the report states {stated} lines and holds {found}"));
    }
    Ok(coverage)
}

struct Class {
    file: FileId,
    name: String,
}

struct Method {
    name: String,
    /// First line; 0 before one is seen.
    line: u32,
    /// Largest hits of its lines, or what the element itself says.
    hits: Option<u64>,
}

fn open_class(element: &Element<'_>, coverage: &mut Draft) -> Result<Option<Class>, ReportError> {
    let [path, name] = element.attributes(["filename", "name"])?;
    let Some(path) = path.filter(|path| !path.is_empty()) else {
        coverage.skip(element.line, "a class without `filename`");
        return Ok(None);
    };
    Ok(Some(Class {
        file: coverage.open(&path),
        name: name.unwrap_or_default(),
    }))
}

fn open_method(element: &Element<'_>, class: Option<&Class>) -> Result<Method, ReportError> {
    let [name, signature, calls] = element.attributes(["name", "signature", "hits"])?;
    let class = class.map(|class| class.name.as_str()).unwrap_or_default();
    let (name, signature) = (name.unwrap_or_default(), signature.unwrap_or_default());
    Ok(Method {
        name: format!("{class}.{name}{signature}"),
        line: 0,
        hits: calls.as_deref().and_then(hits),
    })
}

fn close_method(method: Method, class: &Class, coverage: &mut Draft) {
    // a method without lines or calls was not measured
    let Some(calls) = method.hits else { return };
    coverage.records += 1;
    let key = FunctionKey {
        line: method.line,
        name: method.name,
    };
    let most = coverage.at(class.file).functions.entry(key);
    *most = calls.max(*most);
}

/// Takes in one line; the inner error is why it was skipped.
fn read_line(
    element: &Element<'_>,
    class: Option<&Class>,
    method: Option<&mut Method>,
    coverage: &mut Draft,
) -> Result<Result<(), String>, ReportError> {
    let [number, count, branch, conditions] =
        element.attributes(["number", "hits", "branch", "condition-coverage"])?;
    let Some(class) = class else {
        return Ok(Err("a line outside of a class with a file".into()));
    };
    let line = match number.as_deref().and_then(line_number) {
        Some(Line::At(line)) => line,
        Some(Line::Nowhere) => return Ok(Ok(())),
        None => {
            return Ok(Err(format!(
                "line number {}",
                excerpt(number.as_deref().unwrap_or(""))
            )));
        }
    };
    let Some(count) = count.as_deref().and_then(hits) else {
        return Ok(Err(format!(
            "hits {}",
            excerpt(count.as_deref().unwrap_or(""))
        )));
    };
    coverage.records += 1;
    let file = coverage.at(class.file);
    file.raise_line(line, count);
    if let Some(method) = method {
        method.line = if method.line == 0 {
            line
        } else {
            method.line.min(line)
        };
        method.hits = Some(method.hits.unwrap_or(0).max(count));
    }
    let Some(conditions) = conditions else {
        return Ok(Ok(()));
    };
    match fraction(&conditions) {
        Some((_, 0)) => {}
        Some((covered, total)) => file.raise_fraction(line, covered, total),
        None if branch.is_some_and(|branch| branch.eq_ignore_ascii_case("true")) => {
            return Ok(Err(format!("condition-coverage {}", excerpt(&conditions))));
        }
        None => {}
    }
    Ok(Ok(()))
}

/// `50% (1/2)`: the fraction, never the percentage.
fn fraction(text: &str) -> Option<(u32, u32)> {
    let (_, rest) = text.split_once('(')?;
    let (inner, _) = rest.split_once(')')?;
    let (covered, total) = inner.split_once('/')?;
    let number = |text: &str| u32::try_from(digits(text.trim())?).ok();
    let (covered, total) = (number(covered)?, number(total)?);
    (covered <= total).then_some((covered, total))
}
