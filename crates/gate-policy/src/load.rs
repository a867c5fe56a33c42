//! From bytes to a policy: every document of every source, all errors at once.

use crate::assemble::assemble;
use crate::catalogue::Catalogue;
use crate::defaults::defaults;
use crate::environment::Draft;
use crate::error::{Notice, PolicyError, Position};
use crate::native;
use crate::policy::{GatePolicy, Policy};
use crate::source_block;
use crate::text_shape::MAX_REGEXES;
use crate::yaml::{Entry, Value};
use crate::yaml_read;
use gate_verdict::sha256_hex;
use std::cell::Cell;
use std::collections::BTreeSet;
use std::sync::Arc;

/// One policy file.
#[derive(Clone, Debug)]
pub struct Source<'a> {
    /// Relative to the root with `/`, as shown in messages.
    pub path: String,
    pub bytes: &'a [u8],
}

/// Whose sections are held to the letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Check<'a> {
    /// All of them, against a catalogue of all kinds.
    All,
    /// Gates of this kind; what is wrong in other gates is left to those who
    /// judge them. Everything outside `gates:` is checked all the same.
    Kind(&'a str),
}

/// The most errors that are worth reading at once.
const MAX_ERRORS: usize = 200;

/// Reading stops here: hints cost time, and nobody reads more.
pub(crate) const ENOUGH_ERRORS: usize = 1_000;

/// A gate as one place writes it, before blocks meet.
#[derive(Clone, Debug)]
pub(crate) struct Block {
    /// The name as written, with the number behind it where that is not 1.
    pub(crate) name: String,
    /// Which of several different blocks of one name.
    pub(crate) number: usize,
    pub(crate) native: bool,
    pub(crate) gate: GatePolicy,
    /// What was written, to tell the same from different.
    pub(crate) value: Value,
}

impl Block {
    pub(crate) fn new(entry: &Entry, native: bool, gate: GatePolicy) -> Self {
        Self {
            name: entry.key.clone(),
            number: 1,
            native,
            gate,
            value: entry.value.clone(),
        }
    }

    /// The name as written.
    pub(crate) fn written(&self) -> &str {
        match self.number {
            1 => &self.name,
            number => self
                .name
                .strip_suffix(&format!("-{number}"))
                .unwrap_or(&self.name),
        }
    }
}

/// Everything read so far, in the order of the files.
#[derive(Debug, Default)]
pub(crate) struct Gathered {
    pub(crate) blocks: Vec<Block>,
    pub(crate) environments: Vec<Draft>,
    pub(crate) notices: Vec<Notice>,
    pub(crate) errors: Vec<PolicyError>,
    /// A native document has a `gates:` section.
    pub(crate) gates_section: bool,
}

/// What is known while reading.
#[derive(Clone, Copy)]
pub(crate) struct Reading<'a> {
    pub(crate) catalogue: &'a Catalogue,
    pub(crate) check: Check<'a>,
    /// Regular expressions compiled so far.
    pub(crate) regexes: &'a Cell<usize>,
}

impl Reading<'_> {
    /// Whether gates of this kind are held to the letter.
    pub(crate) fn strict(&self, kind: &str) -> bool {
        match self.check {
            Check::All => true,
            Check::Kind(own) => own == kind,
        }
    }

    /// Whether the policy may have one more regular expression; counts it.
    pub(crate) fn another_regex(self) -> bool {
        self.regexes.set(self.regexes.get().saturating_add(1));
        self.regexes.get() <= MAX_REGEXES
    }
}

/// Reads all sources as one policy, in the order given (a folder: by name).
/// No sources at all are the built-in defaults.
///
/// # Errors
/// Everything that is wrong, in order of position.
pub fn load(
    sources: &[Source<'_>],
    catalogue: &Catalogue,
    check: Check<'_>,
) -> Result<Policy, Vec<PolicyError>> {
    if sources.is_empty() {
        return Ok(defaults(catalogue));
    }
    let regexes = Cell::new(0);
    let reading = Reading {
        catalogue,
        check,
        regexes: &regexes,
    };
    let mut gathered = Gathered::default();
    let mut paths = BTreeSet::new();
    for source in sources {
        if !paths.insert(source.path.as_str()) {
            let message = "found the same path twice among the policy files";
            gathered
                .errors
                .push(PolicyError::new(&top_of(source), message).hint("name it once"));
            continue;
        }
        read_source(source, reading, &mut gathered);
    }
    let mut policy = assemble(&mut gathered, catalogue);
    if !gathered.errors.is_empty() {
        return Err(in_order(gathered.errors, sources));
    }
    policy.sources = sources
        .iter()
        .map(|source| (source.path.clone(), sha256_hex(source.bytes)))
        .collect();
    policy.sources.sort();
    Ok(policy)
}

/// The documents of a YAML file as they are written, within the bounds of a policy, for those who compare what is
/// written with what is written elsewhere. Judging takes [`load`].
///
/// # Errors
/// Why it cannot be read; anchors, aliases and tags are errors here too.
pub fn documents(source: &Source<'_>) -> Result<Vec<Value>, PolicyError> {
    yaml_read::parse(source)
}

fn read_source(source: &Source<'_>, reading: Reading<'_>, into: &mut Gathered) {
    let documents = match yaml_read::parse(source) {
        Ok(documents) => documents,
        Err(error) => return into.errors.push(error),
    };
    if documents.is_empty() {
        let message = "found no content, expected a policy";
        into.errors
            .push(PolicyError::new(&top_of(source), message).hint(
                "write `version: 1` and `gates:`, or remove the file to use the built-in defaults",
            ));
    }
    for document in documents {
        let Some(entries) = document.as_map() else {
            let message = format!("found {} at top level, expected a map", document.found());
            into.errors.push(
                PolicyError::new(&document.position, message).hint("start with `version: 1`"),
            );
            continue;
        };
        let native = entries
            .iter()
            .any(|entry| native::KEYS.contains(&entry.key.as_str()));
        if native {
            native::read(&document, entries, reading, into);
        } else {
            source_block::read(entries, reading, into);
        }
    }
}

fn top_of(source: &Source<'_>) -> Position {
    Position {
        path: Arc::from(source.path.as_str()),
        line: 1,
        column: 1,
    }
}

/// By file in the order given, then by line and column.
fn in_order(mut errors: Vec<PolicyError>, sources: &[Source<'_>]) -> Vec<PolicyError> {
    let rank = |position: &Position| {
        sources
            .iter()
            .position(|source| *source.path == *position.path)
    };
    errors.sort_by_cached_key(|error| {
        let position = &error.position;
        (
            rank(position),
            position.line,
            position.column,
            error.message.clone(),
        )
    });
    errors.dedup();
    let more = errors.len().saturating_sub(MAX_ERRORS);
    errors.truncate(MAX_ERRORS);
    if let Some(last) = errors.last().filter(|_| more > 0) {
        let and_more = PolicyError::new(&last.position, format!("and {more} more errors"));
        errors.push(and_more.hint("mend the first ones and run again"));
    }
    errors
}
