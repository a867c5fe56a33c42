//! XML as a bounded stream of elements: no DTD is fetched, no entity declared, depth and tag size are limited.

use std::borrow::Cow;
use std::io::{self, BufRead, Read};

use quick_xml::errors::{Error as XmlError, IllFormedError};
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use crate::error::{ReportError, ReportErrorKind, excerpt};
use crate::limits::Limits;

/// What the parsers see of a document. Empty elements arrive as a start and an end.
pub(crate) enum Node<'a> {
    Start(Element<'a>),
    End(&'a str),
    Text(Cow<'a, str>),
    Eof,
}

/// A start tag.
pub(crate) struct Element<'a> {
    start: BytesStart<'a>,
    pub(crate) line: u64,
}

/// The reader under all XML formats.
pub(crate) struct Xml<'r> {
    reader: Reader<Metered<'r>>,
    buffer: Vec<u8>,
    name: String,
    limits: Limits,
    depth: u32,
    root_closed: bool,
}

impl<'r> Xml<'r> {
    pub(crate) fn new(reader: &'r mut dyn BufRead, limits: Limits) -> Self {
        let mut reader = Reader::from_reader(Metered {
            inner: reader,
            limits,
            total: 0,
            since: 0,
            line: 1,
            over: None,
        });
        reader.config_mut().expand_empty_elements = true;
        Self {
            reader,
            buffer: Vec::new(),
            name: String::new(),
            limits,
            depth: 0,
            root_closed: false,
        }
    }

    /// The next node. The document is checked to have one root that is closed.
    pub(crate) fn next(&mut self) -> Result<Node<'_>, ReportError> {
        self.buffer.clear();
        let line = self.reader.get_ref().line;
        self.reader.get_mut().since = 0;
        let event = match self.reader.read_event_into(&mut self.buffer) {
            Ok(event) => event,
            Err(error) => {
                let meter = self.reader.get_ref();
                return Err(match meter.over {
                    Some(Over::Total) => ReportError::over_limit(
                        meter.line,
                        "more input",
                        format!("at most {} bytes", self.limits.bytes),
                    ),
                    Some(Over::Node) => ReportError::over_limit(
                        line,
                        "a longer tag, comment or text",
                        format!("at most {} bytes", self.limits.line_bytes),
                    ),
                    None => explain(&error, line, meter.line),
                });
            }
        };
        let outside = |what: &str| {
            ReportError::new(
                ReportErrorKind::Malformed,
                Some(line),
                format!("{what} after the root element"),
                "the end of the document",
            )
        };
        match event {
            Event::Start(start) => {
                if self.root_closed {
                    return Err(outside(&excerpt(&start)));
                }
                self.depth += 1;
                if self.depth > self.limits.depth {
                    return Err(ReportError::over_limit(
                        line,
                        "deeper nesting",
                        format!("at most {} nested elements", self.limits.depth),
                    ));
                }
                Ok(Node::Start(Element { start, line }))
            }
            Event::End(end) => {
                self.depth = self.depth.saturating_sub(1);
                self.root_closed = self.depth == 0;
                self.name.clear();
                self.name.push_str(end.local_name().as_ref());
                Ok(Node::End(&self.name))
            }
            Event::Text(text) => {
                if self.depth == 0 && !text.trim().is_empty() {
                    return Err(ReportError::new(
                        ReportErrorKind::Malformed,
                        Some(line),
                        excerpt(text.trim()),
                        "an element",
                    ));
                }
                Ok(Node::Text(Cow::Owned(text.to_string())))
            }
            Event::CData(data) => Ok(Node::Text(Cow::Owned(data.to_string()))),
            // Only predefined and character references exist without declarations; the text of the
            // formats read here is folder names, where a lone reference stands for itself.
            Event::GeneralRef(reference) => Ok(Node::Text(Cow::Owned(resolve(&reference)))),
            Event::DocType(doctype) => {
                if doctype.to_ascii_uppercase().contains("<!ENTITY") {
                    return Err(ReportError::new(
                        ReportErrorKind::EntityDeclaration,
                        Some(line),
                        "a DOCTYPE that declares entities",
                        "a report without entity declarations",
                    ));
                }
                Ok(Node::Text(Cow::Borrowed("")))
            }
            Event::Comment(_) | Event::PI(_) | Event::Decl(_) => Ok(Node::Text(Cow::Borrowed(""))),
            Event::Empty(_) => Ok(Node::Text(Cow::Borrowed(""))), // expanded by configuration
            Event::Eof => {
                if self.depth > 0 {
                    return Err(truncated(line));
                }
                if !self.root_closed {
                    return Err(ReportError::new(
                        ReportErrorKind::Empty,
                        Some(line),
                        "no element",
                        "a root element",
                    ));
                }
                Ok(Node::Eof)
            }
        }
    }
}

impl Element<'_> {
    /// The tag's name without a namespace prefix.
    pub(crate) fn name(&self) -> &str {
        let name: &str = self.start.name().0;
        name.rsplit(':').next().unwrap_or(name)
    }

    /// The values of the named attributes, in the order asked for; the first of duplicates.
    pub(crate) fn attributes<const N: usize>(
        &self,
        names: [&str; N],
    ) -> Result<[Option<String>; N], ReportError> {
        let mut values = [const { None }; N];
        // Checks off: looking for duplicates is quadratic in a hostile tag.
        for attribute in self.start.attributes().with_checks(false) {
            let broken = |error: &dyn std::fmt::Display| {
                ReportError::new(
                    ReportErrorKind::Malformed,
                    Some(self.line),
                    format!("in <{}> {error}", excerpt(self.name())),
                    "attributes as name=\"value\" with predefined entities only",
                )
            };
            let attribute = attribute.map_err(|error| broken(&error))?;
            let Some(at) = names.iter().position(|name| *name == attribute.key.0) else {
                continue;
            };
            if values[at].is_none() {
                let value = attribute
                    .normalized_value(XmlVersion::Implicit1_0)
                    .map_err(|error| broken(&error))?;
                values[at] = Some(value.into_owned());
            }
        }
        Ok(values)
    }
}

fn resolve(reference: &quick_xml::events::BytesRef<'_>) -> String {
    if let Ok(Some(character)) = reference.resolve_char_ref() {
        return character.to_string();
    }
    match reference.as_ref() {
        "amp" => "&".into(),
        "lt" => "<".into(),
        "gt" => ">".into(),
        "quot" => "\"".into(),
        "apos" => "'".into(),
        other => format!("&{other};"),
    }
}

fn explain(error: &XmlError, start: u64, end: u64) -> ReportError {
    match error {
        // every syntax error of the reader is markup that the input ends in, except one
        XmlError::Syntax(quick_xml::errors::SyntaxError::InvalidBangMarkup) => ReportError::new(
            ReportErrorKind::Malformed,
            Some(start),
            "`<!` that opens nothing known",
            "a comment, CDATA or DOCTYPE",
        ),
        XmlError::Syntax(_) => truncated(end),
        XmlError::IllFormed(IllFormedError::UnclosedReference) => ReportError::new(
            ReportErrorKind::Malformed,
            Some(start),
            "a reference that is not closed",
            "`&name;`",
        ),
        XmlError::IllFormed(error) => ReportError::new(
            ReportErrorKind::Malformed,
            Some(start),
            excerpt(&error.to_string()),
            "well-formed XML",
        ),
        XmlError::Encoding(_) => ReportError::new(
            ReportErrorKind::NotUtf8,
            Some(start),
            "bytes that are not UTF-8",
            "UTF-8",
        ),
        XmlError::Io(error) => ReportError::unreadable(start, error),
        other => ReportError::new(
            ReportErrorKind::Malformed,
            Some(start),
            excerpt(&other.to_string()),
            "well-formed XML",
        ),
    }
}

fn truncated(line: u64) -> ReportError {
    ReportError::new(
        ReportErrorKind::Truncated,
        Some(line),
        "the end of the input inside an element",
        "every element closed",
    )
}

#[derive(Clone, Copy)]
enum Over {
    Total,
    Node,
}

/// Counts lines and bytes of the inner reader and stops it at the limits.
struct Metered<'r> {
    inner: &'r mut dyn BufRead,
    limits: Limits,
    total: u64,
    since: usize,
    line: u64,
    over: Option<Over>,
}

/// Most bytes shown at once, so that a limit is noticed soon after it is passed.
const WINDOW: usize = 64 * 1024;

impl BufRead for Metered<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.total > self.limits.bytes {
            self.over = Some(Over::Total);
        } else if self.since > self.limits.line_bytes {
            self.over = Some(Over::Node);
        }
        if self.over.is_some() {
            return Err(io::Error::other("over a limit"));
        }
        let room = self.limits.line_bytes - self.since + 1;
        let chunk = self.inner.fill_buf()?;
        Ok(&chunk[..chunk.len().min(WINDOW).min(room)])
    }

    fn consume(&mut self, amount: usize) {
        if let Ok(chunk) = self.inner.fill_buf() {
            let read = &chunk[..amount.min(chunk.len())];
            self.line += read
                .iter()
                .map(|&byte| u64::from(byte == b'\n'))
                .sum::<u64>();
        }
        self.total += amount as u64;
        self.since += amount;
        self.inner.consume(amount);
    }
}

impl Read for Metered<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let chunk = self.fill_buf()?;
        let taken = chunk.len().min(out.len());
        out[..taken].copy_from_slice(&chunk[..taken]);
        self.consume(taken);
        Ok(taken)
    }
}
