//! gcov's text (`FILE.gcov`): `count:line:source`, one source under each `Source:` header, with
//! functions and branches where it was asked for them (`-b`).

use std::io::BufRead;

use super::draft::{Draft, FileDraft, FileId};
use super::model::{Branch, BranchKey, FunctionKey};
use super::number::{digits, hits};
use super::sniff::Head;
use crate::error::{ReportError, ReportErrorKind, excerpt, within};
use crate::limits::Limits;
use crate::lines;

pub(super) fn sniff(head: &Head<'_>) -> bool {
    source(head.first_line()).is_some()
}

/// The path of a line `-:0:Source:path`.
fn source(line: &str) -> Option<&str> {
    header(line)?.strip_prefix("Source:")
}

/// What stands in a line `-:0:..`.
fn header(line: &str) -> Option<&str> {
    let (line, text) = line.strip_prefix("-:")?.split_once(':')?;
    (line.trim() == "0").then_some(text)
}

pub(super) fn parse(reader: &mut dyn BufRead, limits: Limits) -> Result<Draft, ReportError> {
    let mut draft = Draft::default();
    let mut listing: Option<Listing> = None;
    let end = lines::each(reader, limits, |number, line| {
        if let Some(path) = source(line) {
            listing = Some(Listing::of(draft.open(path)));
            return Ok(());
        }
        if let Some(header) = header(line) {
            if let Some(folder) = header.strip_prefix("Working directory:") {
                draft.add_source(folder.to_owned());
            }
            return Ok(());
        }
        let Some(listing) = &mut listing else {
            draft.skip(number, &format!("{} before a source", excerpt(line)));
            return Ok(());
        };
        match listing.line(line, draft.at(listing.file)) {
            Some(records) => draft.records += records,
            None => draft.skip(number, &excerpt(line)),
        }
        within(draft.records, limits.records, "records", number)
    })?;
    if !end.newline {
        return Err(ReportError::new(
            ReportErrorKind::Truncated,
            Some(end.line),
            "a line that does not end",
            "a newline at the end",
        ));
    }
    Ok(draft)
}

/// A source while its lines are read.
struct Listing {
    file: FileId,
    /// The line that what follows it belongs to.
    line: u32,
    /// Branches of that line so far.
    branches: u32,
    /// Functions that begin on the next line, with their calls.
    functions: Vec<(String, u64)>,
    instance: Instance,
}

/// After its lines a template has them once more for each instance, below a rule and its name.
#[derive(PartialEq)]
enum Instance {
    None,
    Ruled,
    Inside,
}

impl Listing {
    fn of(file: FileId) -> Self {
        Self {
            file,
            line: 0,
            branches: 0,
            functions: Vec::new(),
            instance: Instance::None,
        }
    }

    /// Takes in one line; how many records it is, or `None` if it is malformed.
    fn line(&mut self, text: &str, file: &mut FileDraft) -> Option<u64> {
        if text.len() > 3 && text.bytes().all(|byte| byte == b'-') {
            self.instance = Instance::Ruled;
            return Some(0);
        }
        if self.instance == Instance::Ruled {
            // behind the last instance comes the next line of the source
            self.instance = match counted(text) {
                Some(_) => Instance::None,
                None => Instance::Inside,
            };
        }
        if text.is_empty() {
            return Some(0);
        }
        if let Some((count, line)) = counted(text) {
            return self.count(count, line, file);
        }
        let mut words = text.split_ascii_whitespace();
        match words.next()? {
            "branch" => self.branch(text, file),
            "function" => self.function(text),
            // of each instance its name
            _ if self.instance == Instance::Inside && text.ends_with(':') => Some(0),
            "call" | "unconditional" | "condition" => Some(0),
            _ if is_block(text) => Some(0),
            _ => None,
        }
    }

    fn count(&mut self, count: &str, line: u32, file: &mut FileDraft) -> Option<u64> {
        (self.line, self.branches) = (line, 0);
        for (name, calls) in self.functions.drain(..) {
            let sum = file.functions.entry(FunctionKey { line, name });
            *sum = sum.saturating_add(calls);
        }
        if self.instance == Instance::Inside || count == "-" || line == 0 {
            return Some(0);
        }
        file.add_line(line, hits_of(count)?);
        Some(1)
    }

    /// `branch  0 taken 67% (fallthrough)` or `branch  1 never executed`
    fn branch(&mut self, text: &str, file: &mut FileDraft) -> Option<u64> {
        let mut words = text.split_ascii_whitespace().skip(2);
        let taken = match words.next()? {
            "never" => false,
            "taken" => hits_of(words.next()?.trim_end_matches('%'))? > 0,
            _ => return None,
        };
        let index = self.branches;
        self.branches = self.branches.saturating_add(1);
        let (line, key) = (self.line, BranchKey::Index(0, index));
        if line == 0 {
            return None;
        }
        *file.branches.entry(Branch { line, key }) |= taken;
        Some(1)
    }

    /// `function NAME called 1 returned 100% blocks executed 70%`, before the line it begins on
    fn function(&mut self, text: &str) -> Option<u64> {
        const MOST: usize = 10_000;
        let rest = text.strip_prefix("function")?;
        let (rest, _) = rest.rsplit_once(" returned ")?;
        let (name, calls) = rest.rsplit_once(" called ")?;
        if self.functions.len() < MOST {
            self.functions
                .push((name.trim().to_owned(), hits_of(calls)?));
        }
        Some(1)
    }
}

/// The count and the line number of a line of source.
fn counted(text: &str) -> Option<(&str, u32)> {
    let (count, rest) = text.split_once(':')?;
    let (line, _) = rest.split_once(':')?;
    let line = digits(line.trim())?;
    Some((count.trim(), u32::try_from(line).ok()?))
}

/// What `-a` lists below a line: `1:    5-block  0`
fn is_block(text: &str) -> bool {
    let rest = text
        .split_once(':')
        .map_or("", |(_, rest)| rest.trim_start());
    let kind = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    kind.len() < rest.len() && kind.starts_with("-block")
}

/// A count: with `*` where a block of the line never ran, `#####` (`=====` if only an exception
/// leads there) for none, and with `-H` in thousands.
fn hits_of(count: &str) -> Option<u64> {
    let count = count.strip_suffix('*').unwrap_or(count);
    let marks = count.trim_matches(['#', '=', '$', '%']);
    if count.len() > 3 && marks.is_empty() {
        return Some(0);
    }
    let exponent = match count.chars().last()? {
        'k' => "e3",
        'M' => "e6",
        'G' => "e9",
        'T' => "e12",
        'P' => "e15",
        'E' => "e18",
        _ => return hits(count),
    };
    hits(&format!("{}{exponent}", &count[..count.len() - 1]))
}
