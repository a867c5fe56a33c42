//! Whether an XML file is well-formed (XML 1.0, fifth edition). Nothing is validated and no entity is ever expanded, so a file costs time
//! in proportion to its own size, whatever it declares.
//!
//! quick-xml cuts the text into pieces; it is tolerant by design, so what the grammar says of each piece is checked here. Left to others:
//! namespaces, what stands in the value of an entity, external files, and the contents of `<!ELEMENT>`, `<!ATTLIST>` and `<!NOTATION>`.

mod cursor;
mod decode;
mod doctype;
mod piece;
mod tag;

use std::ops::Range;

use quick_xml::Reader;
use quick_xml::errors::{Error, SyntaxError as Unfinished};
use quick_xml::events::Event;

use crate::SyntaxError;
use crate::locate::Locator;
use cursor::{Fault, shorten};
pub(crate) use cursor::{continues_name, starts_name};
use doctype::Entities;
use piece::{comment, only_space, unfinished};

/// Deepest nesting of elements. Real files stay below 100.
const MAX_DEPTH: usize = 1_000;

/// The first reason why `bytes` are no well-formed XML, or `None`. Positions are 1-based lines and columns in characters.
///
/// Read are UTF-8, UTF-16, and every declared encoding that extends ASCII; in the latter a column counts bytes.
pub fn xml_problem(bytes: &[u8]) -> Option<SyntaxError> {
    let (text, misread) = decode::decode(bytes);
    let text: &str = &text;
    let illegal = illegal_character(text);
    let ill_formed = document(text).err();
    let all = [misread, illegal, ill_formed].into_iter().flatten();
    let first = all.min_by_key(|fault| fault.at)?;
    let mut locator = Locator::new(text, 1);
    // The end tag that is missing stands before the place where it is missed, so lines are looked up in order.
    let opened = first
        .opened
        .map(|opened| (opened, locator.position(opened).0));
    let (line, column) = locator.position(first.at);
    let message = match opened {
        Some((_, opened)) => format!("{} opened at line {opened}", first.message),
        None => first.message,
    };
    Some(SyntaxError {
        line,
        column,
        message: message.into(),
    })
}

/// Control characters and U+FFFE, U+FFFF may not even stand in comments.
fn illegal_character(text: &str) -> Option<Fault> {
    let bytes = text.as_bytes();
    let at = bytes
        .iter()
        .enumerate()
        .position(|(at, &byte)| match byte {
            b'\t' | b'\n' | b'\r' => false,
            0xef => matches!(bytes.get(at + 1..at + 3), Some([0xbf, 0xbe | 0xbf])),
            byte => byte < 0x20,
        })?;
    let code = text.get(at..)?.chars().next().map_or(0, u32::from);
    Some(Fault::new(
        at,
        format!("found the character U+{code:04X}, expected none of those that XML forbids"),
    ))
}

/// How far a document has been read.
#[derive(Debug)]
struct Document<'t> {
    text: &'t str,
    /// Name and start of every open element.
    open: Vec<(&'t str, usize)>,
    has_root: bool,
    has_doctype: bool,
    entities: Entities<'t>,
}

fn document(text: &str) -> Result<(), Fault> {
    if text.starts_with('\u{feff}') {
        return Err(Fault::new(
            0,
            "found a second byte order mark, expected at most one",
        ));
    }
    let mut reader = Reader::from_str(text);
    // End tags are matched here, with the line of the start tag.
    reader.config_mut().check_end_names = false;
    reader.config_mut().allow_unmatched_ends = true;
    let mut document = Document {
        text,
        open: Vec::new(),
        has_root: false,
        has_doctype: false,
        entities: Entities::default(),
    };
    loop {
        let start = offset(reader.buffer_position());
        let event = reader.read_event().map_err(|error| {
            let at = offset(reader.error_position());
            let inner = match error {
                // Often an attribute lacks a quote much earlier than where the reader gave up.
                Error::Syntax(
                    Unfinished::UnclosedTag
                    | Unfinished::UnclosedSingleQuotedAttributeValue
                    | Unfinished::UnclosedDoubleQuotedAttributeValue,
                ) if text.get(at..).is_some_and(|rest| !rest.starts_with("</")) => {
                    tag::start(text, at..text.len(), &document.entities).err()
                }
                _ => None,
            };
            inner.unwrap_or_else(|| unfinished(text, at, &error))
        })?;
        let range = start..offset(reader.buffer_position());
        if matches!(event, Event::Eof) {
            return document.end();
        }
        document.event(&event, range)?;
    }
}

fn offset(position: u64) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}

impl Document<'_> {
    fn event(&mut self, event: &Event<'_>, range: Range<usize>) -> Result<(), Fault> {
        let piece = self.text.get(range.clone()).unwrap_or_default();
        let outside = self.open.is_empty();
        match event {
            Event::Start(_) => self.start(range, false),
            Event::Empty(_) => self.start(range, true),
            Event::End(_) => self.close(range.start),
            Event::Text(_) if outside => only_space(piece, range.start),
            Event::Text(_) => match memchr::memmem::find(piece.as_bytes(), b"]]>") {
                Some(at) => Err(Fault::new(
                    range.start + at,
                    "found `]]>` in text, expected `]]&gt;`",
                )),
                None => Ok(()),
            },
            Event::GeneralRef(_) | Event::CData(_) if outside => only_space(piece, range.start),
            Event::GeneralRef(_) => {
                tag::reference(self.text, range.start, &self.entities).map(|_| ())
            }
            Event::Comment(_) => comment(piece, range.start),
            Event::PI(_) => tag::instruction(piece, range.start),
            Event::Decl(_) if range.start > 0 => Err(Fault::new(
                range.start,
                "found an XML declaration, expected it only at the very start of the file",
            )),
            Event::Decl(_) => {
                self.entities.standalone = doctype::declaration(piece)?;
                Ok(())
            }
            Event::DocType(_) => self.doctype(range),
            Event::CData(_) | Event::Eof => Ok(()),
        }
    }

    fn start(&mut self, range: Range<usize>, is_empty: bool) -> Result<(), Fault> {
        let name = tag::start(self.text, range.clone(), &self.entities)?;
        if self.open.is_empty() && self.has_root {
            return Err(Fault::new(
                range.start,
                format!(
                    "found a second root element `<{}>`, expected one",
                    shorten(name)
                ),
            ));
        }
        if self.open.len() >= MAX_DEPTH {
            return Err(Fault::new(
                range.start,
                format!("found elements nested deeper than {MAX_DEPTH}, expected fewer levels"),
            ));
        }
        self.has_root = true;
        if !is_empty {
            self.open.push((name, range.start));
        }
        Ok(())
    }

    fn close(&mut self, at: usize) -> Result<(), Fault> {
        let name = tag::end(self.text, at)?;
        match self.open.pop() {
            Some((expected, _)) if expected == name => Ok(()),
            Some((expected, opened)) => Err(Fault {
                at,
                message: format!(
                    "found `</{}>`, expected `</{}>`",
                    shorten(name),
                    shorten(expected)
                ),
                opened: Some(opened),
            }),
            None => Err(Fault::new(
                at,
                format!(
                    "found `</{}>`, expected nothing: no element is open",
                    shorten(name)
                ),
            )),
        }
    }

    fn doctype(&mut self, range: Range<usize>) -> Result<(), Fault> {
        if self.has_root || self.has_doctype {
            let expected = "expected one at most, before the root element";
            return Err(Fault::new(
                range.start,
                format!("found a `<!DOCTYPE>`, {expected}"),
            ));
        }
        self.has_doctype = true;
        doctype::read(self.text, range, &mut self.entities)
    }

    fn end(&self) -> Result<(), Fault> {
        if let Some(&(name, at)) = self.open.last() {
            let name = shorten(name);
            let message =
                format!("found no end of `<{name}>`, expected `</{name}>` before the file ends");
            return Err(Fault::new(at, message));
        }
        if self.has_root {
            return Ok(());
        }
        Err(Fault::new(
            self.text.len(),
            "found no element, expected one root element",
        ))
    }
}

#[cfg(test)]
mod tests;
