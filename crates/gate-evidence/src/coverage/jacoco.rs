//! `JaCoCo` XML reports: nested groups, packages, source files.
//!
//! Only `sourcefile/line` is counted; counters of the report are ignored, as they count a class
//! twice that two modules share. The path is `package/sourcefile`: source roots are not written.

use std::collections::BTreeMap;
use std::io::BufRead;

use super::draft::{Draft, FileId};
use super::model::FunctionKey;
use super::number::{Line, digits, line as line_number};
use super::sniff::Head;
use crate::error::{ReportError, excerpt};
use crate::limits::Limits;
use crate::xml::{Element, Node, Xml};

pub(super) fn sniff(head: &Head<'_>) -> bool {
    head.root_is("report")
        && (head.doctype_contains("JACOCO")
            || head.root_child_is(&["sessioninfo", "group", "package", "counter"]))
}

pub(super) fn parse(reader: &mut dyn BufRead, limits: Limits) -> Result<Draft, ReportError> {
    let mut xml = Xml::new(reader, limits);
    let mut coverage = Draft::default();
    let mut place = Place::default();
    // The group in which each file was seen first, to notice modules that hold files of one name.
    let mut seen: BTreeMap<String, u64> = BTreeMap::new();
    loop {
        match xml.next()? {
            Node::Start(element) => {
                match element.name() {
                    "group" => place.open_group(),
                    "package" => place.package = name(&element)?,
                    "class" => place.open_class(&element, &mut coverage)?,
                    "method" => place.open_method(&element)?,
                    "counter" => place.read_counter(&element, &mut coverage)?,
                    "sourcefile" => {
                        let path = place.path(&name(&element)?);
                        let group = place.groups.last().copied().unwrap_or(0);
                        let first = *seen.entry(path.clone()).or_insert(group);
                        if first != group && coverage.unstable(&path) {
                            coverage.note(|| {
                                let path = excerpt(&path);
                                format!("{path} is in more than one group: its lines are united")
                            });
                        }
                        place.file = Some(coverage.open(&path));
                    }
                    "line" => {
                        if let Err(why) = read_line(&element, place.file, &mut coverage)? {
                            coverage.skip(element.line(), &why);
                        }
                    }
                    _ => {}
                }
                element.within(coverage.records, limits.records, "records")?;
                element.within(place.named, limits.name_bytes, "bytes of names")?;
            }
            Node::End(end) => match end {
                "group" => drop(place.groups.pop()),
                "package" => place.package.clear(),
                "class" => place.class = None,
                "method" => place.method = None,
                "sourcefile" => place.file = None,
                _ => {}
            },
            Node::Text(_) => {}
            Node::Eof => return Ok(coverage),
        }
    }
}

/// Where in the document the parser stands.
#[derive(Default)]
struct Place {
    /// Numbers of the open groups, and how many there were.
    groups: Vec<u64>,
    groups_seen: u64,
    /// Bytes of joined names so far.
    named: u64,
    package: String,
    /// File and name of the class.
    class: Option<(FileId, String)>,
    method: Option<FunctionKey>,
    file: Option<FileId>,
}

impl Place {
    fn open_group(&mut self) {
        self.groups_seen += 1;
        self.groups.push(self.groups_seen);
    }

    fn path(&mut self, file: &str) -> String {
        let path = match self.package.as_str() {
            "" => file.to_owned(),
            package => format!("{package}/{file}"),
        };
        self.named += path.len() as u64;
        path
    }

    fn open_class(
        &mut self,
        element: &Element<'_>,
        coverage: &mut Draft,
    ) -> Result<(), ReportError> {
        let [name, file] = element.attributes(["name", "sourcefilename"])?;
        self.class = file.map(|file| {
            let file = coverage.open(&self.path(&file));
            (file, name.unwrap_or_default().into_owned())
        });
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
        let name = format!("{class}.{name}{desc}");
        self.named += name.len() as u64;
        self.method = Some(FunctionKey { line, name });
        Ok(())
    }

    /// A method's own METHOD counter says whether it ran.
    fn read_counter(
        &mut self,
        element: &Element<'_>,
        coverage: &mut Draft,
    ) -> Result<(), ReportError> {
        let (Some((file, _)), Some(_)) = (&self.class, &self.method) else {
            return Ok(());
        };
        let [kind] = element.attributes(["type"])?;
        if kind.as_deref() != Some("METHOD") {
            return Ok(());
        }
        let [covered] = element.attributes(["covered"])?;
        let Some(method) = self.method.take() else {
            return Ok(());
        };
        let covered = covered.as_deref().and_then(digits).unwrap_or(0);
        coverage.records += 1;
        let most = coverage.at(*file).functions.entry(method);
        *most = covered.min(1).max(*most);
        Ok(())
    }
}

fn name(element: &Element<'_>) -> Result<String, ReportError> {
    let [name] = element.attributes(["name"])?;
    Ok(name.unwrap_or_default().into_owned())
}

/// `nr`, missed and covered instructions and branches. There are no hit counts: covered is 1.
fn read_line(
    element: &Element<'_>,
    file: Option<FileId>,
    coverage: &mut Draft,
) -> Result<Result<(), String>, ReportError> {
    let [number, missed, covered, missed_branches, covered_branches] =
        element.attributes(["nr", "mi", "ci", "mb", "cb"])?;
    let Some(file) = file else {
        return Ok(Err("a line outside of a source file".into()));
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
    // an attribute may be missing where it is zero
    let mut counts = [0_u32; 4];
    for (count, text) in counts
        .iter_mut()
        .zip([missed, covered, missed_branches, covered_branches])
    {
        let Some(text) = text else { continue };
        match digits(&text).and_then(|number| u32::try_from(number).ok()) {
            Some(number) => *count = number,
            None => return Ok(Err(format!("count {}", excerpt(&text)))),
        }
    }
    let [missed, covered, missed_branches, covered_branches] = counts;
    if missed == 0 && covered == 0 {
        return Ok(Ok(())); // no instruction: not a measured line
    }
    coverage.records += 1;
    let file = coverage.at(file);
    file.raise_line(line, u64::from(covered > 0));
    let total = missed_branches.saturating_add(covered_branches);
    if total > 0 {
        file.raise_fraction(line, covered_branches, total);
    }
    Ok(Ok(()))
}
