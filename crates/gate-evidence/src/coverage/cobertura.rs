//! Cobertura XML: coverage.py, gcovr, coverlet, simplecov and many more.
//!
//! Rates are ignored; lines are counted. The lines of a class are those it lists itself; those of
//! its methods count only where it lists none, as some writers do: Istanbul gives each method a
//! line that it does not measure. Several classes share a file: every mention of a line is one and
//! the same measurement, so the largest hits and fraction hold and nothing is summed.

use std::io::BufRead;

use super::draft::{Draft, FileDraft, FileId};
use super::model::FunctionKey;
use super::number::{digits, hits, hits_of, line_of};
use super::sniff::Head;
use crate::error::{ReportError, excerpt};
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
    let mut after_sources = false;
    loop {
        if after_sources {
            xml.pass_over_blanks();
        }
        if let Some(class) = &mut class {
            while coverage.records < limits.records
                && let Some(row) = Row::plain(&mut xml)
            {
                if row.line > 0 {
                    class.add(row, method.as_mut(), &mut coverage);
                }
            }
        }
        match xml.next()? {
            Node::Start(element) => match element.name() {
                "package" => after_sources = true,
                "coverage" => {
                    let [valid] = element.attributes(["lines-valid"])?;
                    stated = valid.as_deref().and_then(digits);
                }
                "source" => source = Some(String::new()),
                "class" => {
                    if let Some(class) = class.take() {
                        class.close(&mut coverage);
                    }
                    class = open_class(&element, &mut coverage)?;
                }
                "method" => {
                    let opened = open_method(&element, class.as_ref())?;
                    named += opened.name.len() as u64;
                    element.within(named, limits.name_bytes, "bytes of names")?;
                    method = Some(opened);
                }
                "line" => {
                    let (row, mut complaint) = read_line(&element)?;
                    match (row, &mut class) {
                        (Some(row), Some(class)) => class.add(row, method.as_mut(), &mut coverage),
                        (None, Some(_)) => {}
                        (_, None) => {
                            complaint = Some("a line outside of a class with a file".into());
                        }
                    }
                    if let Some(why) = complaint {
                        coverage.skip(element.line(), &why);
                    }
                    element.within(coverage.records, limits.records, "records")?;
                }
                _ => {}
            },
            Node::Text(text) => {
                if let Some(source) = &mut source
                    && source.len() + text.len() <= limits.line_bytes
                {
                    source.push_str(&text);
                }
            }
            Node::End("source") => {
                let path = source.take().unwrap_or_default().trim().to_owned();
                if !path.is_empty() {
                    coverage.add_source(path);
                }
            }
            Node::End("class") => {
                if let Some(class) = class.take() {
                    class.close(&mut coverage);
                }
            }
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
    /// Whether it lists lines itself.
    lists: bool,
    /// Lines of its methods, as long as it lists none.
    of_methods: Vec<Row>,
}

/// A measured line.
#[derive(Clone, Copy)]
struct Row {
    line: u32,
    hits: u64,
    fraction: Option<(u32, u32)>,
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
        coverage.skip(element.line(), "a class without `filename`");
        return Ok(None);
    };
    Ok(Some(Class {
        file: coverage.open(&path),
        name: name.unwrap_or_default().into_owned(),
        lists: false,
        of_methods: Vec::new(),
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

impl Class {
    fn add(&mut self, row: Row, method: Option<&mut Method>, coverage: &mut Draft) {
        coverage.records += 1;
        let Some(method) = method else {
            self.lists = true;
            self.of_methods.clear();
            return row.add(coverage.at(self.file));
        };
        if method.line == 0 || row.line < method.line {
            method.line = row.line;
        }
        method.hits = Some(method.hits.unwrap_or(0).max(row.hits));
        if !self.lists {
            self.of_methods.push(row);
        }
    }

    fn close(self, coverage: &mut Draft) {
        for row in self.of_methods {
            row.add(coverage.at(self.file));
        }
    }
}

impl Row {
    /// The line that comes next, if it has no branches and is as one of the common writers writes it.
    fn plain(xml: &mut Xml<'_>) -> Option<Self> {
        const LINE: [&str; 2] = ["<line number=\"", "\" hits=\""];
        const CLOSE: [&str; 3] = [
            "\"/>",
            "\" branch=\"false\"/>",
            "\" branch=\"False\" />", // coverlet
        ];
        let [line, hits] = CLOSE.iter().find_map(|close| xml.numbers(&LINE, close))?;
        Some(Self {
            line,
            hits: hits.into(),
            fraction: None,
        })
    }

    fn add(self, file: &mut FileDraft) {
        file.raise_line(self.line, self.hits);
        if let Some((covered, total)) = self.fraction {
            file.raise_fraction(self.line, covered, total);
        }
    }
}

/// A line as written, unless it names none, and what cannot be understood of it.
fn read_line(element: &Element<'_>) -> Result<(Option<Row>, Option<String>), ReportError> {
    let [number, count, branch, conditions] =
        element.attributes(["number", "hits", "branch", "condition-coverage"])?;
    let (line, hits) = match (line_of(number.as_deref()), hits_of(count.as_deref())) {
        (Ok(Some(line)), Ok(hits)) => (line, hits),
        (Ok(None), _) => return Ok((None, None)),
        (Err(why), _) | (_, Err(why)) => return Ok((None, Some(why))),
    };
    let written = conditions.as_deref().unwrap_or_default();
    let fraction = fraction(written);
    let branches = branch.is_some_and(|branch| branch.eq_ignore_ascii_case("true"));
    let complaint = (conditions.is_some() && branches && fraction.is_none())
        .then(|| format!("condition-coverage {}", excerpt(written)));
    let fraction = fraction.filter(|&(_, total)| total > 0);
    Ok((
        Some(Row {
            line,
            hits,
            fraction,
        }),
        complaint,
    ))
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
