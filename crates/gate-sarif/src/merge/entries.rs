//! The entries of all tables of all runs, and which of them are the same.
//!
//! Two entries are the same if they are equal when every index in them stands for what it points
//! at. That is decided as for automata: start with what is equal apart from its references, then
//! tell apart what points at different things, until nothing changes. Chains of parents and rings of
//! relationships need no special case.

use std::collections::{BTreeMap, HashMap};

use super::base_ids::Renames;
use super::names::{ARTIFACTS, Reference};
use super::run::Run;
use crate::walk::{Broken, Edits, Kind, Span, canonical, fields, walk};

/// Longer chains of references are not followed: then nothing is taken for the same.
const MAX_ROUNDS: usize = 64;
/// So many variants of one artifact or rule are compared before all further are kept apart.
const MAX_VARIANTS: usize = 8;

/// One entry of a table of a run.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) run: usize,
    pub(super) table: usize,
    pub(super) span: Span,
    /// What it points at: entries by number.
    references: Vec<usize>,
    /// Entries of one class are the same.
    pub(super) class: usize,
}

/// All entries, run by run and table by table, and where each table of a run begins.
#[derive(Debug, Default)]
pub(super) struct Entries {
    pub(super) all: Vec<Entry>,
    /// By run and table: the first entry and their number.
    pub(super) tables: Vec<BTreeMap<usize, (usize, usize)>>,
    /// Whether references were followed to their ends.
    pub(super) settled: bool,
}

/// The fields in which one entry may differ from another of its key, by name.
type Variant = BTreeMap<String, String>;

type Interned = HashMap<(usize, String), usize>;

impl Entries {
    pub(super) fn new(runs: &[Run<'_>], renames: &[Renames]) -> Result<Self, (usize, Broken)> {
        let mut out = Self::default();
        let mut kinds = Vec::new();
        for run in runs {
            let mut places = BTreeMap::new();
            for (table, kind, spans) in run.tables().map_err(|error| (run.at, error))? {
                places.insert(table, (out.all.len(), spans.len()));
                for span in spans {
                    kinds.push(kind);
                    out.all.push(Entry {
                        run: run.at,
                        table,
                        span,
                        references: Vec::new(),
                        class: 0,
                    });
                }
            }
            out.tables.push(places);
        }
        let mut keys = Vec::new();
        let mut known = Known::default();
        for (at, kind) in kinds.into_iter().enumerate() {
            let run = out.all[at].run;
            let (text, references) = out
                .pointed(&runs[run], &renames[run], at, kind)
                .map_err(|error| (run, error))?;
            out.all[at].references = references;
            let key = key(&text, kind).map_err(|error| (run, error))?;
            known.see(&out.all[at], &key.0);
            keys.push(key);
        }
        let mut interned = Interned::new();
        for (entry, key) in out.all.iter_mut().zip(keys) {
            let key = (entry.table, known.decide(entry.table, key));
            let fresh = interned.len();
            entry.class = *interned.entry(key).or_insert(fresh);
        }
        out.settle(interned.len());
        Ok(out)
    }

    /// The text of an entry with a mark in place of every index that points at another entry, and
    /// what these point at. The marks are counted, so that their order is part of the text.
    fn pointed(
        &self,
        run: &Run<'_>,
        renames: &Renames,
        at: usize,
        kind: Kind,
    ) -> Result<(String, Vec<usize>), Broken> {
        let entry = &self.all[at];
        let mut edits = Edits::default();
        let mut references = Vec::new();
        walk(run.text, entry.span, kind, |record| {
            renames.apply(run.text, record, &mut edits);
            for reference in run.names.references(run.text, record).into_iter().flatten() {
                // an artifact says in its location where it stands itself
                let own = entry.table == ARTIFACTS && record.kind == Kind::ArtifactLocation;
                if let Some(target) = self.target(run.at, &reference).filter(|_| !own) {
                    edits.replace(reference.span, &format!("#{}", references.len()));
                    references.push(target);
                } else if let Some(name) = component(run, &reference) {
                    edits.replace(reference.span, &name);
                }
            }
        })?;
        let text = edits.apply(run.text, entry.span).into_owned();
        Ok((text, references))
    }

    fn target(&self, run: usize, reference: &Reference) -> Option<usize> {
        let (first, count) = self.tables[run].get(&reference.table)?;
        (reference.index < *count).then(|| first + reference.index)
    }

    /// Tells apart what points at different classes until nothing changes.
    fn settle(&mut self, mut classes: usize) {
        let fixed = classes;
        let base: Vec<_> = self.all.iter().map(|entry| entry.class).collect();
        for _ in 0..MAX_ROUNDS {
            let mut interned: HashMap<(usize, Vec<usize>), usize> = HashMap::new();
            let next: Vec<_> = self
                .all
                .iter()
                .zip(&base)
                .map(|(entry, &base)| {
                    if entry.references.is_empty() {
                        return base;
                    }
                    let targets = &entry.references;
                    let targets = targets.iter().map(|&at| self.all[at].class).collect();
                    let fresh = fixed + interned.len();
                    *interned.entry((base, targets)).or_insert(fresh)
                })
                .collect();
            for (entry, class) in self.all.iter_mut().zip(next) {
                entry.class = class;
            }
            let now = fixed + interned.len();
            if now == classes {
                self.settled = true;
                return;
            }
            classes = now;
        }
    }
}

/// A reference to a component, by what it is in the united run.
fn component(run: &Run<'_>, reference: &Reference) -> Option<String> {
    let found = run.names.at(reference.table, reference.index)?;
    Some(format!("@{}", run.names.all[found].united))
}

/// What is known of the entries of a table that have one key.
#[derive(Debug, Default)]
struct OfKey {
    /// The run that had it last, and whether any has it more than once.
    run: Option<usize>,
    crowded: bool,
    variants: Vec<Variant>,
}

#[derive(Debug, Default)]
struct Known(HashMap<(usize, String), OfKey>);

impl Known {
    fn see(&mut self, entry: &Entry, key: &str) {
        let known = self.0.entry((entry.table, key.to_owned())).or_default();
        known.crowded |= known.run == Some(entry.run);
        known.run = Some(entry.run);
    }

    /// What must be equal for two entries to be the same, apart from what their marks point at.
    ///
    /// Variants that contradict each other in nothing are the same. Not where a run has several:
    /// it may tell them apart, and only one of them would get what other runs say.
    fn decide(&mut self, table: usize, (key, rest): Split) -> String {
        let known = self.0.entry((table, key.clone())).or_default();
        let fits = |variant: &Variant| {
            let same = |(name, value): (&String, &String)| {
                name == "roles" || variant.get(name).is_none_or(|known| known == value)
            };
            rest.iter().all(same)
        };
        let fit = known.variants.iter().position(fits);
        if known.crowded || fit.is_none() && known.variants.len() == MAX_VARIANTS {
            return format!("{key}{rest:?}");
        }
        let at = fit.unwrap_or(known.variants.len());
        known
            .variants
            .resize(known.variants.len().max(at + 1), Variant::new());
        known.variants[at].extend(rest);
        format!("{key}{at}")
    }
}

/// What decides over an entry, and what may be added to it.
type Split = (String, Variant);

fn key(text: &str, kind: Kind) -> Result<Split, Broken> {
    match kind {
        _ if !text.starts_with('{') => Ok((text.to_owned(), Variant::new())),
        Kind::Artifact => artifact(text),
        Kind::Descriptor => descriptor(text),
        _ => Ok((
            canonical(text, (0, text.len()), &["index"])?,
            Variant::new(),
        )),
    }
}

/// Artifacts are the same by location and parent, if nothing else that both say differs.
fn artifact(text: &str) -> Result<Split, Broken> {
    let mut key = String::new();
    let mut rest = BTreeMap::new();
    for (name, span) in fields(text, (0, text.len()))? {
        match name.as_ref() {
            "location" => key.insert_str(0, &canonical(text, span, &["index"])?),
            "parentIndex" => key.push_str(&text[span.0..span.1]),
            _ => {
                rest.insert(name.into_owned(), canonical(text, span, &[])?);
            }
        }
    }
    if key.is_empty() || key.starts_with("{}") {
        key = canonical(text, (0, text.len()), &[])?;
    }
    Ok((key, rest))
}

/// Rules are the same by id, guid and all that decides over a result (level, severity, relations),
/// if no text that both have differs.
fn descriptor(text: &str) -> Result<Split, Broken> {
    const DECIDING: [&str; 5] = [
        "defaultConfiguration",
        "guid",
        "id",
        "properties",
        "relationships",
    ];
    let mut key = BTreeMap::new();
    let mut rest = BTreeMap::new();
    for (name, span) in fields(text, (0, text.len()))? {
        let value = canonical(text, span, &[])?;
        let part = if DECIDING.contains(&name.as_ref()) {
            &mut key
        } else {
            &mut rest
        };
        part.insert(name.into_owned(), value);
    }
    if !key.contains_key("id") {
        key.append(&mut rest);
    }
    Ok((format!("{key:?}"), rest))
}
