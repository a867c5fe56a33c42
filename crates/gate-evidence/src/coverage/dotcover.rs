//! dotCover XML with statements (`DetailedXml`). Its other XML reports hold counts without lines
//! and are refused.

use std::io::BufRead;

use super::draft::{Draft, FileId};
use super::extent::{add, extent, height};
use super::model::{Block, FunctionKey};
use super::number::digits;
use super::sniff::Head;
use super::sources::Sources;
use crate::error::{ReportError, ReportErrorKind, excerpt};
use crate::limits::Limits;
use crate::xml::{Element, Node, Xml};

pub(super) fn sniff(head: &Head<'_>) -> bool {
    head.root_is("Root")
        && ["ReportType", "DotCoverVersion", "CoveredStatements"]
            .iter()
            .any(|attribute| head.root_has(attribute))
}

pub(super) fn parse(reader: &mut dyn BufRead, limits: Limits) -> Result<Draft, ReportError> {
    let mut xml = Xml::new(reader, limits);
    xml.pass_over_blanks();
    let mut coverage = Draft::default();
    let mut sources = Sources::default();
    let mut open: Vec<Frame> = Vec::new();
    let (mut spread, mut named, mut statements) = (0_u64, 0_u64, 0_u64);
    let mut kind = String::new();
    loop {
        match xml.next()? {
            Node::Start(element) => match element.name() {
                "Root" if open.is_empty() => {
                    let [report] = element.attributes(["ReportType"])?;
                    kind = report.unwrap_or_default().into_owned();
                    open.push(Frame::default());
                }
                "File" => {
                    let [number, path] = element.attributes(["Index", "Name"])?;
                    sources.list(number.as_deref(), path.as_deref());
                    open.push(Frame::default());
                }
                "Statement" => {
                    statements += 1;
                    let read = match Row::of(&element)? {
                        Ok(Some(row)) => {
                            spread += height(&row.block);
                            element.within(spread, limits.records, "lines of statements")?;
                            row.read(&mut sources, open.last_mut(), &mut coverage)
                        }
                        Ok(None) => Ok(()),
                        Err(why) => Err(why),
                    };
                    if let Err(why) = read {
                        coverage.skip(element.line(), &why);
                    }
                    element.within(coverage.records, limits.records, "records")?;
                    open.push(Frame::default());
                }
                // an assembly is no part of a name in the source
                "Assembly" => open.push(Frame::default()),
                _ => {
                    let [name] = element.attributes(["Name"])?;
                    let frame = Frame::within(open.last(), name.as_deref().unwrap_or_default());
                    named += frame.name.len() as u64;
                    element.within(named, limits.name_bytes, "bytes of names")?;
                    open.push(frame);
                }
            },
            Node::End(_) => {
                if let Some(frame) = open.pop() {
                    frame.close(&mut coverage);
                }
            }
            Node::Text(_) => {}
            Node::Eof => break,
        }
    }
    if statements == 0 {
        return Err(ReportError::new(
            ReportErrorKind::WrongFormat,
            None,
            format!(
                "a dotCover report of the type {} without statements: it has no lines",
                excerpt(&kind)
            ),
            "a dotCover report of the type `DetailedXML`",
        ));
    }
    Ok(coverage)
}

/// An open element: a namespace, a type, a method. One that holds statements is a function.
#[derive(Default)]
struct Frame {
    /// Names of the elements around it and its own.
    name: String,
    /// Its first statement: file and line.
    place: Option<(FileId, u32)>,
    called: bool,
}

impl Frame {
    fn within(outer: Option<&Self>, name: &str) -> Self {
        let outer = outer.map(|frame| frame.name.as_str()).unwrap_or_default();
        let name = match (outer, name) {
            ("", name) | (name, "") => name.to_owned(),
            (outer, name) => format!("{outer}.{name}"),
        };
        Self {
            name,
            ..Self::default()
        }
    }

    fn close(self, coverage: &mut Draft) {
        let Some((file, line)) = self.place else {
            return;
        };
        coverage.records += 1;
        let name = self.name;
        let functions = &mut coverage.at(file).functions;
        let most = functions.entry(FunctionKey { line, name });
        *most = u64::from(self.called).max(*most);
    }
}

/// A statement as written.
struct Row {
    block: Block,
    source: u64,
    covered: bool,
}

impl Row {
    fn of(element: &Element<'_>) -> Result<Result<Option<Self>, String>, ReportError> {
        let [source, line, column, end_line, end_column, covered] = element.attributes([
            "FileIndex",
            "Line",
            "Column",
            "EndLine",
            "EndColumn",
            "Covered",
        ])?;
        let texts = [line, column, end_line, end_column];
        let read = || {
            let Some(block) = extent(texts.each_ref().map(Option::as_deref))? else {
                return Ok(None);
            };
            let source = source
                .as_deref()
                .and_then(digits)
                .ok_or("code of no file")?;
            let covered = match covered.as_deref() {
                Some(text) if text.eq_ignore_ascii_case("true") => true,
                Some(text) if text.eq_ignore_ascii_case("false") => false,
                other => return Err(format!("Covered {}", excerpt(other.unwrap_or_default()))),
            };
            Ok(Some(Self {
                block,
                source,
                covered,
            }))
        };
        Ok(read())
    }

    fn read(
        self,
        sources: &mut Sources,
        owner: Option<&mut Frame>,
        coverage: &mut Draft,
    ) -> Result<(), String> {
        let owner = owner.ok_or("a statement outside of a method")?;
        let file = sources.open(self.source, coverage)?;
        coverage.records += 1;
        add(coverage.at(file), self.block, self.covered.into());
        owner.called |= self.covered;
        owner.place.get_or_insert((file, self.block.start_line));
        Ok(())
    }
}
