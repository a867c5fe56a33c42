//! Locations made relative to the root of the repository.
//!
//! Two things are done to every `artifactLocation`: its `uriBaseId` is resolved through
//! `originalUriBaseIds`, and a prefix is replaced. What then lies within the root is written, with
//! `/` between names whatever the tool wrote; everything else stays byte for byte as it was and is
//! counted in [`Rebase::outside`]. Where a chain of bases ends in one that has no URI, the location
//! is written relative to that one, which stays.

mod path;

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

use crate::error::excerpt;
use crate::merge::Refusal;
use crate::walk::{Edits, Kind, Record, Slot, Span, fields, quoted, string_of, walk};

/// Where locations are, and where they shall be.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The root of the repository where the tool ran: a `file:` URI or an absolute path. Without
    /// it, what the log calls `%SRCROOT%`.
    pub root: Option<String>,
    /// Prefixes and what to write instead, the first that fits. An empty prefix fits what is
    /// relative already.
    pub replace: Vec<(String, String)>,
}

/// The locations of one run.
#[derive(Debug, Clone)]
pub struct Rebase {
    rules: Vec<(String, String)>,
    bases: HashMap<String, Base>,
    /// Locations that were rewritten so far.
    pub changed: usize,
    /// Locations of results and artifacts that lie outside of the root, and were left.
    pub outside: usize,
    /// Some of these, as they are written.
    pub examples: BTreeSet<String>,
}

/// What a base stands for: a directory, within another base if that has no URI.
#[derive(Debug, Clone)]
struct Base {
    path: String,
    open: Option<String>,
}

/// So many locations outside are named.
const MAX_EXAMPLES: usize = 5;
/// Longer chains of bases are a ring, or made to cost time.
const MAX_CHAIN: usize = 32;

impl Rebase {
    /// Reads the bases of a run from its header.
    pub fn new(header: &str, options: &Options) -> Result<Self, Refusal> {
        let broken = |error| Refusal::broken(0, header, &error);
        let whole = (header.len() - header.trim_start().len(), header.len());
        let run = fields(header, whole).map_err(broken)?;
        let defined = run.iter().find(|(key, _)| key == "originalUriBaseIds");
        let defined = defined.map_or(Ok(Vec::new()), |(_, span)| fields(header, *span));
        let mut raw = HashMap::new();
        for (name, span) in defined.map_err(broken)? {
            let base = fields(header, span).map_err(broken)?;
            let text = |key: &str| {
                let (_, span) = base.iter().find(|(name, _)| name == key)?;
                string_of(header, *span).map(Cow::into_owned)
            };
            raw.insert(name.into_owned(), (text("uri"), text("uriBaseId")));
        }
        let bases: HashMap<_, _> = raw
            .keys()
            .map(|name| (name.clone(), resolved(name, &raw)))
            .collect();
        let directory = |text: &str| {
            let text = path::spelled(text);
            let open = text.is_empty() || text.ends_with('/');
            if open { text } else { text + "/" }
        };
        let mut rules: Vec<_> = options
            .replace
            .iter()
            .map(|(from, to)| (path::spelled(from), to.clone()))
            .collect();
        let known = || bases.get("%SRCROOT%").filter(|base| base.open.is_none());
        match &options.root {
            Some(root) => rules.push((directory(root), String::new())),
            None => rules.extend(known().map(|base| (directory(&base.path), String::new()))),
        }
        Ok(Self {
            rules,
            bases,
            changed: 0,
            outside: 0,
            examples: BTreeSet::new(),
        })
    }

    /// The raw text of a result with its locations rewritten.
    pub fn result<'a>(&mut self, raw: &'a str) -> Result<Cow<'a, str>, Refusal> {
        self.rewrite(raw, Kind::Result, Some((0, raw.len())))
    }

    /// The header with the locations of artifacts, invocations and so on rewritten.
    pub fn header<'a>(&mut self, raw: &'a str) -> Result<Cow<'a, str>, Refusal> {
        let broken = |error| Refusal::broken(0, raw, &error);
        let whole = (raw.len() - raw.trim_start().len(), raw.len());
        let run = fields(raw, whole).map_err(broken)?;
        let artifacts = run.iter().find(|(key, _)| key == "artifacts");
        self.rewrite(raw, Kind::Run, artifacts.map(|(_, span)| *span))
    }

    /// Locations outside are told where they are of `told`: nobody looks for tools in the root.
    fn rewrite<'a>(
        &mut self,
        raw: &'a str,
        kind: Kind,
        told: Option<Span>,
    ) -> Result<Cow<'a, str>, Refusal> {
        let mut edits = Edits::default();
        let mut outside = Vec::new();
        let mut changed = 0;
        walk(raw, (0, raw.len()), kind, |record| {
            if record.kind != Kind::ArtifactLocation {
                return;
            }
            let Some(uri) = record.places.string(raw, Slot::Uri) else {
                return;
            };
            match self.place(&uri, record.places.string(raw, Slot::Base).as_deref()) {
                Some((new, base)) => {
                    changed += usize::from(edit(raw, record, (&uri, &new), base, &mut edits));
                }
                None if told
                    .is_some_and(|(from, to)| from <= record.span.0 && record.span.1 <= to) =>
                {
                    outside.push(uri.into_owned());
                }
                None => {}
            }
        })
        .map_err(|error| Refusal::broken(0, raw, &error))?;
        self.changed += changed;
        self.outside += outside.len();
        for uri in outside {
            if self.examples.len() < MAX_EXAMPLES {
                self.examples.insert(excerpt(&uri));
            }
        }
        Ok(edits.apply(raw, (0, raw.len())))
    }

    /// Where a location lies in the root, and the base it stays relative to; nothing if outside.
    fn place<'b>(&'b self, uri: &str, base: Option<&'b str>) -> Option<(String, Option<&'b str>)> {
        let spelled = path::spelled(uri);
        let relative = path::scheme(&spelled).is_none() && !spelled.starts_with('/');
        let (whole, open) = match base.filter(|_| relative) {
            None => (spelled, None),
            Some(name) => match self.bases.get(name) {
                None => (spelled, Some(name)),
                Some(base) => (path::joined(&base.path, &spelled), base.open.as_deref()),
            },
        };
        let fits = |(from, to): &(String, String)| {
            let rest = path::behind(&whole, from)?;
            // the root itself has no name in it
            (!rest.is_empty() || !to.is_empty()).then(|| path::joined(to, rest))
        };
        let new = self.rules.iter().find_map(fits).unwrap_or(whole);
        path::within(&new).then_some((new, open))
    }
}

fn resolved(name: &str, raw: &HashMap<String, (Option<String>, Option<String>)>) -> Base {
    let mut path = String::new();
    let mut at = name;
    for _ in 0..MAX_CHAIN {
        let Some((Some(uri), base)) = raw.get(at) else {
            break;
        };
        path = path::joined(&path::spelled(uri), &path);
        match base {
            Some(base) if path::scheme(&path).is_none() => at = base,
            _ => return Base { path, open: None },
        }
    }
    Base {
        path,
        open: Some(at.to_owned()),
    }
}

/// Writes the location; true if that changes anything.
fn edit(
    raw: &str,
    record: &Record,
    (old, new): (&str, &str),
    base: Option<&str>,
    edits: &mut Edits,
) -> bool {
    let before = edits.len();
    if let Some(span) = record.places.get(Slot::Uri).filter(|_| old != new) {
        edits.replace(span, &quoted(new));
    }
    if let Some(span) = record.places.get(Slot::Base) {
        match base {
            Some(base) if string_of(raw, span).as_deref() == Some(base) => {}
            Some(base) => edits.replace(span, &quoted(base)),
            None => edits.replace(member(raw, span), ""),
        }
    }
    edits.len() > before
}

/// The range of a member with its key and one of the commas beside it, by that of its value.
fn member(raw: &str, (from, to): Span) -> Span {
    let key = raw[..from].trim_end_matches(|c: char| c != '"');
    let key = key.strip_suffix('"').unwrap_or(key);
    let start = key.rfind('"').unwrap_or(from);
    let space = [' ', '\t', '\r', '\n'];
    let behind = raw[to..].trim_start_matches(space);
    if let Some(rest) = behind.strip_prefix(',') {
        let rest = rest.trim_start_matches(space);
        return (start, raw.len() - rest.len());
    }
    let ahead = raw[..start].trim_end_matches(space);
    (ahead.strip_suffix(',').map_or(start, str::len), to)
}
