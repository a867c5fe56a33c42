//! Clover XML: `OpenClover`, `PHPUnit`, Istanbul, gcovr.
//!
//! Lines are those of statements and conditions; `metrics` are ignored. A row is a statement,
//! except in Istanbul, where it is a line. A condition has two branches, true and false, except
//! in Istanbul, which writes how many of all branches of the line were taken and how many were
//! not. Code of `testproject` is test code and left out.

use std::collections::HashMap;
use std::io::BufRead;

use super::draft::{Draft, FileId};
use super::model::{Block, Branch, BranchKey, FunctionKey, Statement};
use super::number::{hits_of, line_of};
use super::sniff::Head;
use crate::error::{ReportError, excerpt};
use crate::limits::Limits;
use crate::xml::{Element, Node, Xml};

/// Cobertura shares the root's name.
pub(super) fn sniff(head: &Head<'_>) -> bool {
    head.root_is("coverage")
        && (head.root_has("generated")
            || head.root_has("clover")
            || head.root_child_is(&["project", "testproject"]))
}

pub(super) fn parse(reader: &mut dyn BufRead, limits: Limits) -> Result<Draft, ReportError> {
    let mut xml = Xml::new(reader, limits);
    xml.pass_over_blanks();
    let mut coverage = Draft::default();
    let mut writer = Writer::default();
    let mut file: Option<Rank> = None;
    let mut test_code = false;
    let mut left_out = 0_u64;
    loop {
        match xml.next()? {
            Node::Start(element) => match element.name() {
                "coverage" => {
                    let [version] = element.attributes(["clover"])?;
                    writer.version = version.unwrap_or_default().into_owned();
                }
                "project" => {
                    let [name] = element.attributes(["name"])?;
                    writer.project = name.unwrap_or_default().into_owned();
                }
                "testproject" => test_code = true,
                "file" if !test_code => file = open_file(&element, &mut coverage)?,
                "line" if test_code => left_out += 1,
                "line" => {
                    let row = Row::of(&element)?;
                    if let Err(why) = row.read(file.as_mut(), &writer, &mut coverage) {
                        coverage.skip(element.line(), &why);
                    }
                    element.within(coverage.records, limits.records, "records")?;
                }
                _ => {}
            },
            Node::End("file") => file = None,
            Node::End("testproject") => test_code = false,
            Node::End(_) | Node::Text(_) => {}
            Node::Eof => break,
        }
    }
    if left_out > 0 {
        coverage.note(|| format!("{left_out} lines of test code (`testproject`) are left out"));
    }
    Ok(coverage)
}

/// What tells one writer from another.
#[derive(Default)]
struct Writer {
    version: String,
    project: String,
}

impl Writer {
    /// These two are the same in every report that Istanbul ever wrote.
    fn is_istanbul(&self) -> bool {
        self.version == "3.2.0" && self.project == "All files"
    }
}

/// An open file, and how many statements and conditions each of its lines has so far: the format
/// has no columns.
struct Rank {
    file: FileId,
    statements: HashMap<u32, u32>,
    conditions: HashMap<u32, u32>,
}

/// `path` is the whole path; `PHPUnit` has it in `name`.
fn open_file(element: &Element<'_>, coverage: &mut Draft) -> Result<Option<Rank>, ReportError> {
    let [path, name] = element.attributes(["path", "name"])?;
    let given = |path: &std::borrow::Cow<'_, str>| !path.is_empty();
    let Some(path) = path.filter(given).or(name.filter(given)) else {
        coverage.skip(element.line(), "a file without `path` and `name`");
        return Ok(None);
    };
    Ok(Some(Rank {
        file: coverage.open(&path),
        statements: HashMap::new(),
        conditions: HashMap::new(),
    }))
}

type Text<'a> = Option<std::borrow::Cow<'a, str>>;

/// A line as written.
struct Row<'a> {
    number: Text<'a>,
    kind: Text<'a>,
    count: Text<'a>,
    on_true: Text<'a>,
    on_false: Text<'a>,
    name: Text<'a>,
    signature: Text<'a>,
}

impl<'a> Row<'a> {
    fn of(element: &'a Element<'_>) -> Result<Self, ReportError> {
        let names = [
            "num",
            "type",
            "count",
            "truecount",
            "falsecount",
            "name",
            "signature",
        ];
        let [number, kind, count, on_true, on_false, name, signature] =
            element.attributes(names)?;
        Ok(Self {
            number,
            kind,
            count,
            on_true,
            on_false,
            name,
            signature,
        })
    }

    /// Takes the row in, or says why it is skipped.
    fn read(
        self,
        rank: Option<&mut Rank>,
        writer: &Writer,
        coverage: &mut Draft,
    ) -> Result<(), String> {
        let rank = rank.ok_or("a line outside of a file")?;
        let Some(line) = line_of(self.number.as_deref())? else {
            return Ok(());
        };
        match self.kind.as_deref().unwrap_or_default() {
            "method" => self.method(line, rank, coverage),
            "stmt" => self.statement(line, rank, writer, coverage),
            "cond" if writer.is_istanbul() => self.share(line, rank, coverage),
            "cond" => self.condition(line, rank, coverage),
            other => Err(format!("a line of type {}", excerpt(other))),
        }
    }

    fn method(self, line: u32, rank: &Rank, coverage: &mut Draft) -> Result<(), String> {
        let calls = hits_of(self.count.as_deref())?;
        let name = self.signature.or(self.name).unwrap_or_default();
        let name = name.into_owned();
        let functions = &mut coverage.at(rank.file).functions;
        let most = functions.entry(FunctionKey { line, name });
        *most = calls.max(*most);
        coverage.records += 1;
        Ok(())
    }

    fn statement(
        self,
        line: u32,
        rank: &mut Rank,
        writer: &Writer,
        coverage: &mut Draft,
    ) -> Result<(), String> {
        let hits = hits_of(self.count.as_deref())?;
        coverage.records += 1;
        let file = coverage.at(rank.file);
        file.raise_line(line, hits);
        if !writer.is_istanbul() {
            // the place among the statements of the line stands for the column
            let column = next(&mut rank.statements, line);
            let block = Block {
                start_line: line,
                start_column: column,
                end_line: line,
                end_column: column + 1,
            };
            file.add_statement(block, Statement { count: 1, hits });
        }
        Ok(())
    }

    fn share(self, line: u32, rank: &Rank, coverage: &mut Draft) -> Result<(), String> {
        let hits = hits_of(self.count.as_deref())?;
        let small = |text: Text<'_>| {
            u32::try_from(hits_of(text.as_deref())?).map_err(|_| "too many branches".to_owned())
        };
        let (taken, missed) = (small(self.on_true)?, small(self.on_false)?);
        coverage.records += 1;
        let file = coverage.at(rank.file);
        file.raise_line(line, hits);
        match taken.saturating_add(missed) {
            0 => {}
            total => file.raise_fraction(line, taken, total),
        }
        Ok(())
    }

    fn condition(self, line: u32, rank: &mut Rank, coverage: &mut Draft) -> Result<(), String> {
        let outcomes = [
            hits_of(self.on_true.as_deref())?,
            hits_of(self.on_false.as_deref())?,
        ];
        let evaluated = outcomes[0].saturating_add(outcomes[1]);
        coverage.records += 1;
        let block = next(&mut rank.conditions, line) - 1;
        let file = coverage.at(rank.file);
        file.raise_line(line, evaluated);
        for (branch, count) in (0..).zip(outcomes) {
            let key = BranchKey::Index(block, branch);
            *file.branches.entry(Branch { line, key }) |= count > 0;
        }
        Ok(())
    }
}

/// The next number on this line, counted from 1.
fn next(counts: &mut HashMap<u32, u32>, line: u32) -> u32 {
    let count = counts.entry(line).or_default();
    *count = count.saturating_add(1);
    *count
}
