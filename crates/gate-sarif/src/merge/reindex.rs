//! Rewriting the references of one run's results.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use super::base_ids::Renames;
use super::error::Refusal;
use super::names::{Names, descriptors};
use super::plan::{Own, United};
use crate::walk::{Edits, Kind, Record, Slot, walk};

/// How the results of one input run are rewritten for the united run.
#[derive(Debug, Clone)]
pub struct Reindex {
    pub(super) run: usize,
    pub(super) names: Names,
    /// By table: new places.
    pub(super) maps: HashMap<usize, Vec<u32>>,
    pub(super) united: Arc<United>,
    pub(super) renames: Renames,
    pub(super) own: Own,
    /// Values that were rewritten so far.
    pub changed: usize,
    /// Indexes seen so far that point at nothing. They point at nothing afterwards too.
    pub unresolved: usize,
}

impl Reindex {
    /// The raw text of a result, for the united run. Everything but references stays as it is.
    pub fn result<'a>(&mut self, raw: &'a str) -> Result<Cow<'a, str>, Refusal> {
        let mut edits = Edits::default();
        let mut unresolved = 0;
        walk(raw, (0, raw.len()), Kind::Result, |record| {
            unresolved += self.edit(raw, record, &mut edits);
        })
        .map_err(|error| Refusal::broken(self.run, raw, &error))?;
        self.unresolved += unresolved;
        self.changed += edits.len();
        Ok(edits.apply(raw, (0, raw.len())))
    }

    /// The edits for one record; the number of its references that point at nothing.
    pub(super) fn edit(&self, text: &str, record: &Record, edits: &mut Edits) -> usize {
        let mut unresolved = 0;
        self.renames.apply(text, record, edits);
        for reference in self.names.references(text, record).into_iter().flatten() {
            let map = self.maps.get(&reference.table);
            let map = map.map_or(&[][..], Vec::as_slice);
            let united = self.united.lengths.get(&reference.table);
            let united = united.copied().unwrap_or(0);
            let new = if let Some(&place) = map.get(reference.index) {
                place as usize
            } else {
                unresolved += 1;
                // the entries of other runs must not be hit by accident
                let beyond = reference.index - map.len();
                reference.index.max(united.saturating_add(beyond))
            };
            if new != reference.index {
                edits.replace(reference.span, &new.to_string());
            }
        }
        if self.united.ambiguous {
            self.disambiguate(text, record, edits);
        }
        unresolved
    }

    /// A reference by id alone gets its index where the united run has several of that id.
    fn disambiguate(&self, text: &str, record: &Record, edits: &mut Edits) {
        let rule = record.rule.as_ref();
        let key = match record.kind {
            Kind::Result => "ruleIndex",
            Kind::RuleReference
            | Kind::NotificationReference
            | Kind::TaxonReference
            | Kind::TargetReference
                if !record.foreign =>
            {
                "index"
            }
            _ => return,
        };
        let mut both = std::iter::once(&record.places).chain(rule);
        if both.any(|places| {
            places.index(text, Slot::Index).is_some() || places.get(Slot::Guid).is_some()
        }) {
            return;
        }
        let id = record.places.string(text, Slot::Id);
        let Some(id) = id.or_else(|| rule?.string(text, Slot::Id)) else {
            return;
        };
        let Some((at, array)) = self.names.array(text, record, None) else {
            return;
        };
        let table = descriptors(self.names.all[at].united, array);
        let Some(old) = self.meant(table, &id) else {
            return;
        };
        let new = self.maps[&table][old];
        match record.places.get(Slot::Index) {
            Some(span) => edits.replace(span, &new.to_string()),
            None => edits.insert(record.span.0 + 1, &format!("\"{key}\":{new},")),
        }
    }

    /// The place of the descriptor that an id means in this run, if it could mean another one in
    /// the united run.
    fn meant(&self, table: usize, id: &str) -> Option<usize> {
        let count = |id: &str| self.united.counts.get(&(table, id.to_owned())).copied();
        let own = |id: &str| self.own.get(&(table, id.to_owned())).copied();
        if let Some(at) = own(id) {
            return at.filter(|_| count(id) > Some(1));
        }
        // an id may name a part of a rule: `CA1000/1` belongs to rule `CA1000`
        let (whole, _) = id.rsplit_once('/')?;
        own(whole)?.filter(|_| count(id).is_some() || count(whole) > Some(1))
    }
}
