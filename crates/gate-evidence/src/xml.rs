//! XML as a bounded stream of elements: no DTD is fetched, no entity declared, depth and tag size are limited.

mod error;
mod meter;
mod plain;

use std::borrow::Cow;
use std::io::BufRead;

use memchr::memchr;

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use crate::error::{ReportError, ReportErrorKind, excerpt, within};
use crate::limits::Limits;
use error::{stopped, truncated};
use meter::{Meter, Window};

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
    window: &'a Window,
}

/// The reader under all XML formats.
pub(crate) struct Xml<'r> {
    reader: Reader<Meter<'r>>,
    buffer: Vec<u8>,
    /// Name of the element that ends.
    name: String,
    /// An empty element was given out as a start; its end is due.
    end_due: bool,
    /// The XML reader waits for text or markup: it holds nothing of what comes next.
    waits: bool,
    limits: Limits,
    depth: u32,
    root_closed: bool,
}

impl<'r> Xml<'r> {
    pub(crate) fn new(reader: &'r mut dyn BufRead, limits: Limits) -> Self {
        Self {
            reader: Reader::from_reader(Meter::new(reader, limits)),
            buffer: Vec::new(),
            name: String::new(),
            end_due: false,
            waits: false,
            limits,
            depth: 0,
            root_closed: false,
        }
    }

    /// From here on no text is asked for: blanks between elements are passed over at once.
    pub(crate) fn pass_over_blanks(&mut self) {
        self.reader.config_mut().trim_text_start = true;
    }

    /// The next node. The document is checked to have one root that is closed.
    pub(crate) fn next(&mut self) -> Result<Node<'_>, ReportError> {
        if std::mem::take(&mut self.end_due) {
            return Ok(self.end());
        }
        self.buffer.clear();
        self.reader.get_mut().begin();
        let event = match self.reader.read_event_into(&mut self.buffer) {
            Ok(event) => event,
            Err(error) => return Err(stopped(self.reader.get_mut(), &error)),
        };
        if let Event::Decl(declaration) = &event
            && let Some(Ok(encoding)) = declaration.encoding()
            && !is_read_as_utf8(&encoding)
        {
            self.reader.get_mut().demand_ascii(excerpt(&encoding));
        }
        let window = &self.reader.get_ref().window;
        let outside = |what: &str| {
            ReportError::new(
                ReportErrorKind::Malformed,
                Some(window.line()),
                format!("{what} after the root element"),
                "the end of the document",
            )
        };
        let empty = matches!(event, Event::Empty(_));
        self.waits = empty || matches!(event, Event::Start(_) | Event::End(_));
        match event {
            Event::Start(start) | Event::Empty(start) => {
                if self.root_closed {
                    return Err(outside(&excerpt(&start)));
                }
                self.depth += 1;
                if self.depth > self.limits.depth {
                    return Err(ReportError::over_limit(
                        window.line(),
                        "deeper nesting",
                        format!("at most {} nested elements", self.limits.depth),
                    ));
                }
                if empty {
                    self.end_due = true;
                    set(&mut self.name, local(start.name().0));
                }
                Ok(Node::Start(Element { start, window }))
            }
            Event::End(end) => {
                set(&mut self.name, local(end.name().0));
                self.depth = self.depth.saturating_sub(1);
                self.root_closed = self.depth == 0;
                Ok(Node::End(&self.name))
            }
            Event::Text(text) => {
                if self.depth == 0 && !text.trim().is_empty() {
                    return Err(ReportError::new(
                        ReportErrorKind::Malformed,
                        Some(window.line()),
                        excerpt(text.trim()),
                        "an element",
                    ));
                }
                Ok(Node::Text(text.into_inner()))
            }
            Event::CData(data) => Ok(Node::Text(data.into_inner())),
            // Only predefined and character references exist without declarations; the text of the
            // formats read here is folder names, where a lone reference stands for itself.
            Event::GeneralRef(reference) => Ok(Node::Text(Cow::Owned(resolve(&reference)))),
            Event::DocType(doctype) => {
                if doctype.to_ascii_uppercase().contains("<!ENTITY") {
                    return Err(ReportError::new(
                        ReportErrorKind::EntityDeclaration,
                        Some(window.line()),
                        "a DOCTYPE that declares entities",
                        "a report without entity declarations",
                    ));
                }
                Ok(Node::Text(Cow::Borrowed("")))
            }
            Event::Decl(_) | Event::Comment(_) | Event::PI(_) => Ok(Node::Text(Cow::Borrowed(""))),
            Event::Eof => {
                if self.depth > 0 {
                    return Err(truncated(window.line()));
                }
                if !self.root_closed {
                    return Err(ReportError::new(
                        ReportErrorKind::Empty,
                        Some(window.line()),
                        "no element",
                        "a root element",
                    ));
                }
                Ok(Node::Eof)
            }
        }
    }

    fn end(&mut self) -> Node<'_> {
        self.depth = self.depth.saturating_sub(1);
        self.root_closed = self.depth == 0;
        Node::End(&self.name)
    }
}

/// UTF-16 was converted before, if it ever was: writers that build the text in UTF-16 say so of
/// the UTF-8 that they store.
fn is_read_as_utf8(encoding: &str) -> bool {
    const NAMES: &[&str] = &[
        "utf-8", "utf8", "us-ascii", "ascii", "utf-16", "utf16", "unicode",
    ];
    NAMES
        .iter()
        .any(|name| encoding.trim().eq_ignore_ascii_case(name))
}

/// A name without its namespace prefix.
fn local(name: &str) -> &str {
    let start = memchr(b':', name.as_bytes()).map_or(0, |at| at + 1);
    &name[start..]
}

fn set(name: &mut String, new: &str) {
    name.clear();
    name.push_str(new);
}

impl Element<'_> {
    /// The tag's name without a namespace prefix.
    pub(crate) fn name(&self) -> &str {
        local(self.start.name().0)
    }

    pub(crate) fn line(&self) -> u64 {
        self.window.line()
    }

    /// Fails once more was read than is allowed.
    pub(crate) fn within(&self, count: u64, most: u64, what: &str) -> Result<(), ReportError> {
        if count <= most {
            return Ok(()); // without asking for the line
        }
        within(count, most, what, self.line())
    }

    /// The same as texts of their own, for what outlives the tag.
    pub(crate) fn texts<const N: usize>(
        &self,
        names: [&str; N],
    ) -> Result<[Option<String>; N], ReportError> {
        Ok(self
            .attributes(names)?
            .map(|value| value.map(Cow::into_owned)))
    }

    /// The values of the named attributes, in the order asked for; the first of duplicates.
    /// What follows the last one looked for is not looked at.
    pub(crate) fn attributes<const N: usize>(
        &self,
        names: [&str; N],
    ) -> Result<[Option<Cow<'_, str>>; N], ReportError> {
        let broken = |error: &dyn std::fmt::Display| {
            ReportError::new(
                ReportErrorKind::Malformed,
                Some(self.line()),
                format!(
                    "in {} {}",
                    excerpt(self.name()),
                    excerpt(&error.to_string())
                ),
                "attributes as name=\"value\" with predefined entities only",
            )
        };
        let mut values = [const { None }; N];
        let mut missing = N;
        // Attributes mostly stand in the order they are asked for.
        let mut next = 0;
        // Checks off: looking for duplicates is quadratic in a hostile tag.
        for attribute in self.start.attributes().with_checks(false) {
            let attribute = attribute.map_err(|error| broken(&error))?;
            let mut places = (next..N).chain(0..next);
            let Some(wanted) = places.find(|at| names[*at] == attribute.key.0) else {
                continue;
            };
            next = wanted + 1;
            let value = &mut values[wanted];
            if value.is_none() {
                missing -= 1;
                let plain = !attribute
                    .value
                    .bytes()
                    .any(|byte| matches!(byte, b'&' | b'\t' | b'\n' | b'\r'));
                *value = Some(if plain {
                    attribute.value
                } else {
                    attribute
                        .normalized_value(XmlVersion::Implicit1_0)
                        .map_err(|error| broken(&error))?
                });
            }
            if missing == 0 {
                break;
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
