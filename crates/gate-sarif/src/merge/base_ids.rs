//! `originalUriBaseIds`: a name that stands for something else in a later run gets a new name there.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::run::{Fields, Run};
use crate::walk::{Broken, Edits, Record, Slot, Span, fields, quoted, string_of};

/// New names by old, for one run.
#[derive(Debug, Clone, Default)]
pub(super) struct Renames(pub(super) BTreeMap<String, String>);

impl Renames {
    /// Renames the base that a record is relative to.
    pub(super) fn apply(&self, text: &str, record: &Record, edits: &mut Edits) {
        if self.0.is_empty() {
            return;
        }
        let Some(span) = record.places.get(Slot::Base) else {
            return;
        };
        if let Some(new) = string_of(text, span).and_then(|name| self.0.get(name.as_ref())) {
            edits.replace(span, &quoted(new));
        }
    }
}

/// What a name stands for: a URI, and the name that is relative to.
type Meaning = (Option<String>, Option<String>);

/// The bases of all runs under names of their own, and per run what was renamed.
pub(super) fn united(runs: &[Run<'_>]) -> Result<Vec<Renames>, (usize, Broken)> {
    let mut taken = BTreeSet::new();
    let mut meanings = Vec::new();
    for run in runs {
        let own = own(run).map_err(|error| (run.at, error))?;
        taken.extend(own.keys().cloned());
        meanings.push(own);
    }
    let mut known: BTreeMap<String, Meaning> = BTreeMap::new();
    // other names for what an old name means in later runs
    let mut aliases: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut out = Vec::new();
    for own in meanings {
        let renames = renames(&own, &known, &mut aliases, &mut taken);
        for (name, meaning) in own {
            let (name, meaning) = renamed(name, meaning, &renames);
            known.entry(name).or_insert(meaning);
        }
        out.push(Renames(renames));
    }
    Ok(out)
}

fn own(run: &Run<'_>) -> Result<BTreeMap<String, Meaning>, Broken> {
    let mut out = BTreeMap::new();
    for (name, span) in definitions(run)? {
        let fields = Fields::of(run.text, span)?;
        let text = |key| run.string(&fields, key).map(Cow::into_owned);
        out.insert(name.into_owned(), (text("uri"), text("uriBaseId")));
    }
    Ok(out)
}

/// The definitions of a run, in order.
pub(super) fn definitions<'a>(run: &Run<'a>) -> Result<Vec<(Cow<'a, str>, Span)>, Broken> {
    run.fields
        .get("originalUriBaseIds")
        .map_or(Ok(Vec::new()), |span| fields(run.text, span))
}

fn renamed(
    name: String,
    (uri, base): Meaning,
    renames: &BTreeMap<String, String>,
) -> (String, Meaning) {
    let new = |name: String| renames.get(&name).cloned().unwrap_or(name);
    (new(name), (uri, base.map(new)))
}

/// New names for the names of one run that mean something else than before. What a name is relative
/// to is settled first: a name that is relative to a renamed one means something else too.
fn renames(
    own: &BTreeMap<String, Meaning>,
    known: &BTreeMap<String, Meaning>,
    aliases: &mut BTreeMap<String, Vec<String>>,
    taken: &mut BTreeSet<String>,
) -> BTreeMap<String, String> {
    let mut out = BTreeMap::new();
    let mut done = BTreeSet::new();
    for start in own.keys() {
        let mut chain = Vec::new();
        let mut at = Some(start);
        // a ring ends where it began
        while let Some(name) = at.filter(|name| own.contains_key(*name) && done.insert(*name)) {
            chain.push(name);
            at = own[name].1.as_ref();
        }
        for name in chain.into_iter().rev() {
            let (_, meaning) = renamed(name.clone(), own[name].clone(), &out);
            if known.get(name).is_none_or(|before| *before == meaning) {
                continue;
            }
            let same = |alias: &&String| known.get(*alias) == Some(&meaning);
            let alias = aliases.get(name).into_iter().flatten().find(same).cloned();
            let new = alias.unwrap_or_else(|| free(name, taken));
            aliases.entry(name.clone()).or_default().push(new.clone());
            out.insert(name.clone(), new);
        }
    }
    out
}

fn free(name: &str, taken: &mut BTreeSet<String>) -> String {
    let mut number = 2;
    while taken.contains(&format!("{name}_{number}")) {
        number += 1;
    }
    let name = format!("{name}_{number}");
    taken.insert(name.clone());
    name
}
