//! `JaCoCo` XML reports: nested groups, packages, source files.
//!
//! Only `sourcefile/line` is counted; counters of the report are ignored, as they count a class
//! twice that two modules share. The path is `package/sourcefile`: source roots are not written.
//! Where two groups (modules) have a file of one path with other lines, each has the group's name
//! in front; with the same lines it is one file that both hold.

mod records;

use std::collections::BTreeMap;
use std::io::BufRead;

use super::draft::{Draft, FileDraft};
use super::model::{Coverage, FunctionKey};
use super::number::{Line, line as line_number};
use super::sniff::Head;
use crate::error::{ReportError, excerpt};
use crate::limits::Limits;
use crate::xml::{Element, Node, Xml};
use records::read_line;

pub(super) fn sniff(head: &Head<'_>) -> bool {
    head.root_is("report")
        && (head.doctype_contains("JACOCO")
            || head.root_child_is(&["sessioninfo", "group", "package", "counter"]))
}

pub(super) fn parse(reader: &mut dyn BufRead, limits: Limits) -> Result<Draft, ReportError> {
    let mut xml = Xml::new(reader, limits);
    xml.pass_over_blanks();
    let mut coverage = Draft::default();
    let mut place = Place::default();
    loop {
        place.read_plain(&mut xml, &mut coverage, limits.records);
        match xml.next()? {
            Node::Start(element) => {
                match element.name() {
                    "group" => place.open_group(&element)?,
                    "package" => place.package = name(&element)?,
                    "class" => place.open_class(&element)?,
                    "method" => place.open_method(&element)?,
                    "counter" => place.read_counter(&element, &mut coverage)?,
                    "sourcefile" => place.file = Some(place.open(&name(&element)?)),
                    "line" => {
                        if let Err(why) = read_line(&element, place.file(), &mut coverage.records)?
                        {
                            coverage.skip(element.line(), &why);
                        }
                    }
                    _ => {}
                }
                element.within(coverage.records, limits.records, "records")?;
                let files = place.drafts.len() as u64;
                element.within(files, Coverage::MAX_FILES as u64, "files")?;
                element.within(place.named, limits.name_bytes, "bytes of names")?;
            }
            Node::End(end) => match end {
                "group" => drop(place.open_groups.pop()),
                "package" => place.package.clear(),
                "class" => place.class = None,
                "method" => place.method = None,
                "sourcefile" => place.file = None,
                _ => {}
            },
            Node::Text(_) => {}
            Node::Eof => {
                place.finish(&mut coverage);
                return Ok(coverage);
            }
        }
    }
}

/// Where in the document the parser stands, and what it has read.
#[derive(Default)]
struct Place {
    /// Files by group and path.
    files: BTreeMap<(usize, String), usize>,
    drafts: Vec<FileDraft>,
    /// Names of groups with those around them.
    groups: Vec<String>,
    group_numbers: BTreeMap<String, usize>,
    /// Numbers of the open groups.
    open_groups: Vec<usize>,
    /// Bytes of joined names so far.
    named: u64,
    package: String,
    /// File and name of the class.
    class: Option<(usize, String)>,
    method: Option<FunctionKey>,
    file: Option<usize>,
}

impl Place {
    fn open_group(&mut self, element: &Element<'_>) -> Result<(), ReportError> {
        let name = name(element)?;
        let name = match self.open_groups.last() {
            Some(&outer) => format!("{}/{name}", self.groups[outer]),
            None => name,
        };
        self.named += name.len() as u64;
        let number = *self.group_numbers.entry(name).or_insert_with_key(|name| {
            self.groups.push(name.clone());
            self.groups.len() - 1
        });
        self.open_groups.push(number);
        Ok(())
    }

    /// The file of this name in the package and group, made if absent. Files outside of groups
    /// are those of a group that has no number.
    fn open(&mut self, file: &str) -> usize {
        let path = match self.package.as_str() {
            "" => file.to_owned(),
            package => [package, "/", file].concat(),
        };
        self.named += path.len() as u64;
        let group = self.open_groups.last().copied().unwrap_or(usize::MAX);
        *self.files.entry((group, path)).or_insert_with(|| {
            self.drafts.push(FileDraft::default());
            self.drafts.len() - 1
        })
    }

    fn file(&mut self) -> Option<&mut FileDraft> {
        self.file.map(|file| &mut self.drafts[file])
    }

    fn finish(self, coverage: &mut Draft) {
        let mut drafts = self.drafts;
        let mut places: BTreeMap<&str, Vec<(usize, usize)>> = BTreeMap::new();
        for ((group, path), at) in &self.files {
            places.entry(path).or_default().push((*group, *at));
        }
        for (path, places) in places {
            let first = &drafts[places[0].1];
            let one_file = places.iter().all(|(_, at)| same_code(first, &drafts[*at]));
            if !one_file {
                coverage.note(|| {
                    let (path, groups) = (excerpt(path), places.len());
                    format!("{path} is in {groups} groups: each has the group's name in front")
                });
            }
            for (group, at) in places {
                let file = match self.groups.get(group).filter(|_| !one_file) {
                    Some(group) => coverage.open(&format!("{group}/{path}")),
                    None => coverage.open(path),
                };
                unite(coverage.at(file), std::mem::take(&mut drafts[at]));
            }
        }
    }

    fn open_class(&mut self, element: &Element<'_>) -> Result<(), ReportError> {
        let [name, file] = element.attributes(["name", "sourcefilename"])?;
        self.class = file.map(|file| (self.open(&file), name.unwrap_or_default().into_owned()));
        Ok(())
    }

    fn open_method(&mut self, element: &Element<'_>) -> Result<(), ReportError> {
        let [name, desc, line] = element.attributes(["name", "desc", "line"])?;
        let Some((_, class)) = &self.class else {
            return Ok(());
        };
        let line = line.as_deref().and_then(line_number);
        let line = line.and_then(Line::known).unwrap_or(0);
        let (name, desc) = (name.unwrap_or_default(), desc.unwrap_or_default());
        let name = [class, ".", &name, &desc].concat();
        self.named += name.len() as u64;
        self.method = Some(FunctionKey { line, name });
        Ok(())
    }
}

/// Whether both measure the same lines and branches, as copies of one class do.
fn same_code(one: &FileDraft, other: &FileDraft) -> bool {
    let branches = |file: &FileDraft| -> Vec<(u32, u32)> {
        let fractions = file.fractions.iter();
        fractions
            .map(|(line, (_, total))| (*line, *total))
            .collect()
    };
    let lines =
        |file: &FileDraft| -> Vec<u32> { file.lines.iter().map(|(line, _)| *line).collect() };
    std::ptr::eq(one, other) || lines(one) == lines(other) && branches(one) == branches(other)
}

fn unite(into: &mut FileDraft, from: FileDraft) {
    if into.lines.len() == 0 && into.functions.len() == 0 {
        *into = from;
        return;
    }
    for (line, hits) in from.lines.iter() {
        into.raise_line(*line, *hits);
    }
    for (line, (covered, total)) in from.fractions.iter() {
        into.raise_fraction(*line, *covered, *total);
    }
    for (function, calls) in from.functions.iter() {
        let most = into.functions.entry(function.clone());
        *most = (*calls).max(*most);
    }
}

fn name(element: &Element<'_>) -> Result<String, ReportError> {
    let [name] = element.attributes(["name"])?;
    Ok(name.unwrap_or_default().into_owned())
}
