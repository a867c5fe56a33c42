//! XML of dotnet-coverage and Visual Studio: `results/modules/module`.
//!
//! A range is a statement with an extent; `partial` is covered, as in the tool's own Cobertura
//! reports, but not in its line percentage. Ranges come before the files that they number, and the
//! numbers hold within a module.

use std::io::BufRead;

use super::draft::Draft;
use super::extent::{add, extent, height};
use super::model::{Block, FunctionKey};
use super::number::digits;
use super::sniff::Head;
use super::sources::Sources;
use crate::error::{ReportError, excerpt};
use crate::limits::Limits;
use crate::xml::{Element, Node, Xml};

pub(super) fn sniff(head: &Head<'_>) -> bool {
    head.root_is("results") && head.root_child_is(&["modules", "skipped_modules"])
}

pub(super) fn parse(reader: &mut dyn BufRead, limits: Limits) -> Result<Draft, ReportError> {
    let mut xml = Xml::new(reader, limits);
    xml.pass_over_blanks();
    let mut coverage = Draft::default();
    let mut module = Module::default();
    let (mut read, mut spread, mut named) = (0_u64, 0_u64, 0_u64);
    loop {
        match xml.next()? {
            Node::Start(element) => match element.name() {
                "module" => std::mem::take(&mut module).close(&mut coverage),
                "function" => {
                    let name = name(&element)?;
                    named += name.len() as u64;
                    element.within(named, limits.name_bytes, "bytes of names")?;
                    module.functions.push(name);
                }
                "range" => match read_range(&element, module.functions.len())? {
                    Ok(Some(range)) => {
                        read += 1;
                        spread += height(&range.block);
                        element.within(read, limits.records, "records")?;
                        element.within(spread, limits.records, "lines of statements")?;
                        module.ranges.push(range);
                    }
                    Ok(None) => {}
                    Err(why) => coverage.skip(element.line(), &why),
                },
                "source_file" => {
                    let [number, path] = element.attributes(["id", "path"])?;
                    module.sources.list(number.as_deref(), path.as_deref());
                }
                _ => {}
            },
            Node::End("module") => std::mem::take(&mut module).close(&mut coverage),
            Node::End(_) | Node::Text(_) => {}
            Node::Eof => return Ok(coverage),
        }
    }
}

#[derive(Default)]
struct Module {
    sources: Sources,
    functions: Vec<String>,
    ranges: Vec<Range>,
}

struct Range {
    /// Place of its function among those of the module.
    function: usize,
    source: u64,
    block: Block,
    covered: bool,
    /// Line of the report.
    line: u64,
}

fn name(element: &Element<'_>) -> Result<String, ReportError> {
    let [namespace, class, name] = element.attributes(["namespace", "type_name", "name"])?;
    let parts = [namespace, class, name].map(Option::unwrap_or_default);
    let parts: Vec<&str> = parts.iter().map(AsRef::as_ref).collect();
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    Ok(parts.join("."))
}

fn read_range(
    element: &Element<'_>,
    functions: usize,
) -> Result<Result<Option<Range>, String>, ReportError> {
    let [source, line, column, end_line, end_column, covered] = element.attributes([
        "source_id",
        "start_line",
        "start_column",
        "end_line",
        "end_column",
        "covered",
    ])?;
    let texts = [line, column, end_line, end_column];
    let read = || {
        let function = functions
            .checked_sub(1)
            .ok_or("a range outside of a function")?;
        let Some(block) = extent(texts.each_ref().map(Option::as_deref))? else {
            return Ok(None);
        };
        let source = source
            .as_deref()
            .and_then(digits)
            .ok_or("code of no file")?;
        let covered = match covered.as_deref() {
            Some("yes" | "partial") => true,
            Some("no") => false,
            other => return Err(format!("covered {}", excerpt(other.unwrap_or_default()))),
        };
        Ok(Some(Range {
            function,
            source,
            block,
            covered,
            line: element.line(),
        }))
    };
    Ok(read())
}

impl Module {
    fn close(mut self, coverage: &mut Draft) {
        let mut ranges = self.ranges.into_iter().peekable();
        for (at, name) in self.functions.into_iter().enumerate() {
            let mut place = None;
            let mut called = false;
            while let Some(range) = ranges.next_if(|range| range.function == at) {
                let file = match self.sources.open(range.source, coverage) {
                    Ok(file) => file,
                    Err(why) => {
                        coverage.skip(range.line, &why);
                        continue;
                    }
                };
                coverage.records += 1;
                add(coverage.at(file), range.block, range.covered.into());
                called |= range.covered;
                place.get_or_insert((file, range.block.start_line));
            }
            // a function without a range was not measured
            let Some((file, line)) = place else { continue };
            coverage.records += 1;
            let functions = &mut coverage.at(file).functions;
            let most = functions.entry(FunctionKey { line, name });
            *most = u64::from(called).max(*most);
        }
    }
}
