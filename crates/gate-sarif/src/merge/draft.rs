//! The united header in the making: the first run's text, and what goes into it.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::error::Notice;
use super::run::{Fields, Run, value};
use crate::walk::{Broken, Edits, Span, canonical, fields, items, quoted};

/// An object of a run.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'r, 'a> {
    pub(super) run: &'r Run<'a>,
    pub(super) span: Span,
    pub(super) fields: &'r Fields<'a>,
}

/// By run: the edits to its text. What is taken from a run is taken with its edits.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub(super) edits: Vec<Edits>,
    pub(super) notices: BTreeSet<Notice>,
    /// Keys that were added to objects, with their values in one spelling.
    added: HashMap<(usize, usize), BTreeMap<String, String>>,
    /// The roles of artifacts to which some were added.
    roles: HashMap<(usize, usize), BTreeSet<String>>,
    /// Keys for objects inside of objects, by object and key: name, text.
    members: BTreeMap<(usize, usize, String), Vec<(String, String)>>,
    /// The id of the run was asked for.
    pub(super) id_given: bool,
}

impl Draft {
    /// The text of a part of a run for the united run.
    pub(super) fn text<'t>(&self, run: &Run<'t>, span: Span) -> Cow<'t, str> {
        self.edits[run.at].apply(run.text, span)
    }

    pub(super) fn spelling(&self, run: &Run<'_>, span: Span) -> Result<String, Broken> {
        let text = self.text(run, span);
        canonical(&text, (0, text.len()), &[])
    }

    pub(super) fn notice(&mut self, run: usize, message: String) {
        self.notices.insert(Notice { run, message });
    }

    /// The value under a key of an object as far as it is made, in one spelling.
    pub(super) fn known(&self, into: Place<'_, '_>, key: &str) -> Result<Option<String>, Broken> {
        let added = self.added.get(&(into.run.at, into.span.0));
        if let Some(value) = added.and_then(|added| added.get(key)) {
            return Ok(Some(value.clone()));
        }
        match value(into.fields, key) {
            Some(span) if !is_null(into.run, span) => self.spelling(into.run, span).map(Some),
            _ => Ok(None),
        }
    }

    /// Gives an object a key that it lacks, or has as null.
    pub(super) fn add(&mut self, into: Place<'_, '_>, key: &str, text: &str) -> Result<(), Broken> {
        let run = into.run.at;
        let spelling = canonical(text, (0, text.len()), &[])?;
        let added = self.added.entry((run, into.span.0)).or_default();
        let first = into.fields.is_empty() && added.is_empty();
        added.insert(key.to_owned(), spelling);
        if let Some(span) = value(into.fields, key) {
            self.edits[run].replace(span, text);
        } else {
            let comma = if first { "" } else { "," };
            let member = format!("{comma}{}:{text}", quoted(key));
            self.edits[run].insert(into.span.1 - 1, &member);
        }
        Ok(())
    }

    /// Appends entries to the array under a key, which is made where it is missing. To be called
    /// once for a key.
    pub(super) fn append(
        &mut self,
        into: Place<'_, '_>,
        key: &str,
        entries: &[String],
    ) -> Result<(), Broken> {
        if entries.is_empty() {
            return Ok(());
        }
        let joined = entries.join(",");
        match value(into.fields, key) {
            Some(span) if !is_null(into.run, span) => {
                let empty = items(into.run.text, span)?.is_empty();
                let comma = if empty { "" } else { "," };
                self.edits[into.run.at].insert(span.1 - 1, &format!("{comma}{joined}"));
                Ok(())
            }
            _ => self.add(into, key, &format!("[{joined}]")),
        }
    }

    /// The entries of arrays to which no index points, each once.
    pub(super) fn unite(
        &mut self,
        into: Place<'_, '_>,
        others: &[Place<'_, '_>],
        key: &str,
    ) -> Result<(), Broken> {
        let mut known = BTreeSet::new();
        let mut fresh = Vec::new();
        for (at, place) in std::iter::once(&into).chain(others).enumerate() {
            for span in super::run::array(place.run.text, place.fields, key)? {
                if known.insert(self.spelling(place.run, span)?) && at > 0 {
                    fresh.push(self.text(place.run, span).into_owned());
                }
            }
        }
        self.append(into, key, &fresh)
    }

    /// The value of a key in the object under `key`, in one spelling.
    pub(super) fn member(
        &self,
        into: Place<'_, '_>,
        key: &str,
        name: &str,
    ) -> Result<Option<String>, Broken> {
        if let Some(span) = value(into.fields, key) {
            let own = fields(into.run.text, span)?;
            if let Some((_, place)) = own.iter().find(|(own, _)| own == name) {
                return self.spelling(into.run, *place).map(Some);
            }
        }
        let added = self
            .members
            .get(&(into.run.at, into.span.0, key.to_owned()));
        let found = added.into_iter().flatten().find(|(added, _)| added == name);
        found
            .map(|(_, text)| canonical(text, (0, text.len()), &[]))
            .transpose()
    }

    pub(super) fn add_member(&mut self, into: Place<'_, '_>, key: &str, name: &str, text: String) {
        let key = (into.run.at, into.span.0, key.to_owned());
        self.members
            .entry(key)
            .or_default()
            .push((name.to_owned(), text));
    }

    /// Writes the members that were added to objects inside of this one.
    pub(super) fn write_members(&mut self, into: Place<'_, '_>) -> Result<(), Broken> {
        let from = (into.run.at, into.span.0, String::new());
        let to = (into.run.at, into.span.0 + 1, String::new());
        let keys: Vec<_> = self
            .members
            .range(from..to)
            .map(|(key, _)| key.clone())
            .collect();
        for whole in keys {
            let members = self.members.remove(&whole).unwrap_or_default();
            let members = members
                .iter()
                .map(|(name, text)| format!("{}:{text}", quoted(name)));
            let joined = members.collect::<Vec<_>>().join(",");
            let key = &whole.2;
            match value(into.fields, key) {
                Some(span) if into.run.text[span.0..].starts_with('{') => {
                    let empty = fields(into.run.text, span)?.is_empty();
                    let comma = if empty { "" } else { "," };
                    self.edits[into.run.at].insert(span.1 - 1, &format!("{comma}{joined}"));
                }
                _ => self.add(into, key, &format!("{{{joined}}}"))?,
            }
        }
        Ok(())
    }

    /// Gives an entry what another that is the same says beyond it.
    pub(super) fn fill(
        &mut self,
        (run, span): (&Run<'_>, Span),
        (other, more): (&Run<'_>, Span),
    ) -> Result<(), Broken> {
        let fields = fields(run.text, span)?;
        let into = Place {
            run,
            span,
            fields: &fields,
        };
        for (key, place) in crate::walk::fields(other.text, more)? {
            if self.known(into, &key)?.is_none() && !is_null(other, place) {
                let text = self.text(other, place).into_owned();
                self.add(into, &key, &text)?;
            } else if key == "roles" {
                self.roles(into, (other, place))?;
            }
        }
        Ok(())
    }

    fn roles(&mut self, into: Place<'_, '_>, (run, more): (&Run<'_>, Span)) -> Result<(), Broken> {
        let Some(span) = value(into.fields, "roles") else {
            return Ok(());
        };
        let have = items(into.run.text, span)?;
        let key = (into.run.at, span.0);
        let mut known = self.roles.remove(&key).unwrap_or_default();
        for &role in &have {
            known.insert(self.spelling(into.run, role)?);
        }
        for role in items(run.text, more)? {
            let spelling = self.spelling(run, role)?;
            if known.contains(&spelling) {
                continue;
            }
            let comma = if known.is_empty() { "" } else { "," };
            self.edits[into.run.at].insert(span.1 - 1, &format!("{comma}{spelling}"));
            known.insert(spelling);
        }
        self.roles.insert(key, known);
        Ok(())
    }
}

pub(super) fn is_null(run: &Run<'_>, span: Span) -> bool {
    run.text[span.0..].starts_with("null")
}
