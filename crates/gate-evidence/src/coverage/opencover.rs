//! `OpenCover` XML: `OpenCover`, coverlet, `AltCover`.
//!
//! Only points are counted; summaries are ignored: in them a method's entry is a branch, and a
//! statement that the compiler copied into several methods counts several times. A statement is
//! told by its extent; its lines are all from its start to its end. Numbers of files hold within
//! a module.

use std::collections::HashMap;
use std::io::BufRead;

use super::draft::{Draft, FileId};
use super::extent::{add, extent, height};
use super::model::{Block, Branch, BranchKey, FunctionKey};
use super::number::{digits, hits_of};
use super::sniff::Head;
use super::sources::Sources;
use crate::error::ReportError;
use crate::limits::Limits;
use crate::xml::{Element, Node, Xml};

pub(super) fn sniff(head: &Head<'_>) -> bool {
    head.root_is("CoverageSession")
}

pub(super) fn parse(reader: &mut dyn BufRead, limits: Limits) -> Result<Draft, ReportError> {
    let mut xml = Xml::new(reader, limits);
    let mut coverage = Draft::default();
    let mut module = Module::default();
    let mut method: Option<Method> = None;
    let mut in_name = false;
    let mut spread = 0_u64;
    loop {
        match xml.next()? {
            Node::Start(element) => {
                let mut read = Ok(());
                match element.name() {
                    "Module" => (module, method) = (Module::default(), None),
                    "File" => {
                        let [number, path] = element.attributes(["uid", "fullPath"])?;
                        module.sources.list(number.as_deref(), path.as_deref());
                    }
                    "Method" => {
                        module.methods += 1;
                        method = Some(Method::default());
                    }
                    "Name" => in_name = true,
                    "FileRef" => {
                        let [number] = element.attributes(["uid"])?;
                        if let Some(method) = &mut method {
                            method.source = number.as_deref().and_then(digits);
                        }
                    }
                    "SequencePoint" => {
                        let point = Point::of(&element)?;
                        if let Ok(Some(block)) = &point.block {
                            spread += height(block);
                            element.within(spread, limits.records, "lines of statements")?;
                        }
                        read = point.read(&mut module, method.as_mut(), &mut coverage);
                    }
                    "BranchPoint" => {
                        let [line, count, source] = element.attributes(["sl", "vc", "fileid"])?;
                        let texts = [line.as_deref(), count.as_deref(), source.as_deref()];
                        read = read_branch(texts, &mut module, method.as_mut(), &mut coverage);
                    }
                    "MethodPoint" => {
                        let [count] = element.attributes(["vc"])?;
                        if let Some(method) = &mut method {
                            method.calls = hits_of(count.as_deref()).unwrap_or(0);
                        }
                    }
                    _ => {}
                }
                if let Err(why) = read {
                    coverage.skip(element.line(), &why);
                }
                element.within(coverage.records, limits.records, "records")?;
            }
            Node::Text(text) => {
                if let Some(method) = method.as_mut().filter(|_| in_name)
                    && method.name.len() + text.len() <= limits.line_bytes
                {
                    method.name.push_str(&text);
                }
            }
            Node::End("Name") => in_name = false,
            Node::End("Method") => {
                if let Some(method) = method.take() {
                    method.close(&mut coverage);
                }
            }
            Node::End(_) => {}
            Node::Eof => return Ok(coverage),
        }
    }
}

#[derive(Default)]
struct Module {
    sources: Sources,
    /// Methods so far.
    methods: u64,
    /// By file and line: the last method with branches there, and how many have some.
    branching: HashMap<(u64, u32), (u64, u32)>,
}

#[derive(Default)]
struct Method {
    name: String,
    /// File of points that do not name theirs.
    source: Option<u64>,
    /// Where it was seen first: file and line.
    place: Option<(FileId, u32)>,
    calls: u64,
    /// Largest hits of its statements.
    hits: u64,
    /// Branches so far.
    branches: u32,
}

impl Method {
    fn source(&self, number: Option<&str>) -> Result<u64, String> {
        let number = number.and_then(digits).filter(|&number| number > 0);
        let number = number.or(self.source);
        number.ok_or_else(|| "code of no file".to_owned())
    }

    fn close(self, coverage: &mut Draft) {
        // a method without a statement was not measured
        let Some((file, line)) = self.place else {
            return;
        };
        coverage.records += 1;
        let calls = self.calls.max(self.hits.min(1));
        let name = self.name;
        let most = coverage
            .at(file)
            .functions
            .entry(FunctionKey { line, name });
        *most = calls.max(*most);
    }
}

/// A statement as written.
struct Point {
    block: Result<Option<Block>, String>,
    hits: Result<u64, String>,
    source: Option<String>,
}

impl Point {
    fn of(element: &Element<'_>) -> Result<Self, ReportError> {
        let [count, line, column, end_line, end_column, source] =
            element.attributes(["vc", "sl", "sc", "el", "ec", "fileid"])?;
        let texts = [line, column, end_line, end_column];
        Ok(Self {
            block: extent(texts.each_ref().map(Option::as_deref)),
            hits: hits_of(count.as_deref()),
            source: source.map(std::borrow::Cow::into_owned),
        })
    }

    fn read(
        self,
        module: &mut Module,
        method: Option<&mut Method>,
        coverage: &mut Draft,
    ) -> Result<(), String> {
        let method = method.ok_or("a statement outside of a method")?;
        let Some(block) = self.block? else {
            return Ok(());
        };
        let hits = self.hits?;
        let source = method.source(self.source.as_deref())?;
        let file = module.sources.open(source, coverage)?;
        coverage.records += 1;
        add(coverage.at(file), block, hits);
        method.hits = method.hits.max(hits);
        method.place.get_or_insert((file, block.start_line));
        Ok(())
    }
}

/// A branch is told by which of the methods that branch on the line it is in, and by its place
/// among the branches of that method: both follow from the code alone.
fn read_branch(
    [line, count, source]: [Option<&str>; 3],
    module: &mut Module,
    method: Option<&mut Method>,
    coverage: &mut Draft,
) -> Result<(), String> {
    let method = method.ok_or("a branch outside of a method")?;
    let place = method.branches;
    method.branches = method.branches.saturating_add(1);
    let block = extent([line, None, None, None])?;
    let Some(line) = block.map(|block| block.start_line) else {
        return Ok(());
    };
    let taken = hits_of(count)? > 0;
    let source = method.source(source)?;
    let file = module.sources.open(source, coverage)?;
    let (last, rank) = module.branching.entry((source, line)).or_default();
    if *last != module.methods {
        (*last, *rank) = (module.methods, rank.saturating_add(1));
    }
    coverage.records += 1;
    let key = BranchKey::Index(*rank - 1, place);
    let branches = &mut coverage.at(file).branches;
    *branches.entry(Branch { line, key }) |= taken;
    Ok(())
}
