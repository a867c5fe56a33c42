//! The united header in the making: the first run's text, and what goes into it.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::error::Notice;
use super::run::{Fields, Run};
use crate::walk::{self, Broken, Edits, Span, canonical, items, quoted};

/// An object of a run.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'r, 'a> {
    pub(super) run: &'r Run<'a>,
    pub(super) span: Span,
    pub(super) fields: &'r Fields<'a>,
}

/// So many decisions are told of one run.
const MAX_NOTICES: usize = 20;

/// By run: the edits to its text. What is taken from a run is taken with its edits.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub(super) edits: Vec<Edits>,
    pub(super) notices: BTreeSet<Notice>,
    told: HashMap<usize, usize>,
    /// Keys that were added to objects, with their values in one spelling.
    added: HashMap<(usize, usize), BTreeMap<String, String>>,
    /// Keys for objects inside of objects, by object and key: name, text.
    members: BTreeMap<(usize, usize, String), BTreeMap<String, String>>,
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
        let told = self.told.entry(run).or_default();
        *told += 1;
        let message = if *told > MAX_NOTICES {
            "more differs: the first run's values are kept".into()
        } else {
            message
        };
        self.notices.insert(Notice { run, message });
    }

    /// The value under a key of an object as far as it is made, in one spelling.
    pub(super) fn known(&self, into: Place<'_, '_>, key: &str) -> Result<Option<String>, Broken> {
        let added = self.added.get(&(into.run.at, into.span.0));
        if let Some(value) = added.and_then(|added| added.get(key)) {
            return Ok(Some(value.clone()));
        }
        match into.fields.get(key) {
            Some(span) if !is_null(into.run, span) => self.spelling(into.run, span).map(Some),
            _ => Ok(None),
        }
    }

    /// Gives an object a key that it lacks, or has as null.
    pub(super) fn add(&mut self, into: Place<'_, '_>, key: &str, text: &str) -> Result<(), Broken> {
        let run = into.run.at;
        let spelling = canonical(text, (0, text.len()), &[])?;
        let added = self.added.entry((run, into.span.0)).or_default();
        let first = into.fields.all.is_empty() && added.is_empty();
        added.insert(key.to_owned(), spelling);
        if let Some(span) = into.fields.get(key) {
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
        match into.fields.get(key) {
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

    /// The value of a key in the object under `key`, which holds `own`, in one spelling.
    pub(super) fn member(
        &self,
        into: Place<'_, '_>,
        (key, own): (&str, &Fields<'_>),
        name: &str,
    ) -> Result<Option<String>, Broken> {
        if let Some(span) = own.get(name) {
            return self.spelling(into.run, span).map(Some);
        }
        let added = self
            .members
            .get(&(into.run.at, into.span.0, key.to_owned()));
        let found = added.and_then(|added| added.get(name));
        found
            .map(|text| canonical(text, (0, text.len()), &[]))
            .transpose()
    }

    pub(super) fn add_member(&mut self, into: Place<'_, '_>, key: &str, name: &str, text: String) {
        let key = (into.run.at, into.span.0, key.to_owned());
        let members = self.members.entry(key).or_default();
        members.insert(name.to_owned(), text);
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
            match into.fields.get(key) {
                Some(span) if into.run.text[span.0..].starts_with('{') => {
                    let empty = walk::fields(into.run.text, span)?.is_empty();
                    let comma = if empty { "" } else { "," };
                    self.edits[into.run.at].insert(span.1 - 1, &format!("{comma}{joined}"));
                }
                _ => self.add(into, key, &format!("{{{joined}}}"))?,
            }
        }
        Ok(())
    }

    /// Gives an entry what others that are the same say beyond it.
    pub(super) fn fill(
        &mut self,
        (run, span): (&Run<'_>, Span),
        others: &[(&Run<'_>, Span)],
    ) -> Result<(), Broken> {
        let fields = Fields::of(run.text, span)?;
        let into = Place {
            run,
            span,
            fields: &fields,
        };
        let own = |key: &str| fields.get(key).filter(|&span| !is_null(run, span));
        let mut added = BTreeSet::new();
        let mut roles = Roles::default();
        if let Some(span) = own("roles") {
            roles.add(run, span)?;
        }
        let have = roles.all.len();
        for &(other, span) in others {
            for (key, place) in walk::fields(other.text, span)? {
                if is_null(other, place) {
                    continue;
                }
                if key == "roles" && own(&key).is_some() {
                    roles.add(other, place)?;
                } else if own(&key).is_none() && added.insert(key.to_string()) {
                    let text = self.text(other, place).into_owned();
                    self.add(into, &key, &text)?;
                }
            }
        }
        match own("roles") {
            Some(span) => {
                let empty = items(run.text, span)?.is_empty();
                let text = roles.fresh(have, empty);
                self.edits[run.at].insert(span.1 - 1, &text);
                Ok(())
            }
            None => Ok(()),
        }
    }
}

/// The roles of an artifact, each once, in order.
#[derive(Default)]
struct Roles {
    all: Vec<String>,
    known: BTreeSet<String>,
}

impl Roles {
    fn add(&mut self, run: &Run<'_>, span: Span) -> Result<(), Broken> {
        for role in items(run.text, span)? {
            let role = canonical(run.text, role, &[])?;
            if self.known.insert(role.clone()) {
                self.all.push(role);
            }
        }
        Ok(())
    }

    /// What goes behind the roles that an artifact has.
    fn fresh(&self, have: usize, empty: bool) -> String {
        let joined = self.all[have..].join(",");
        let comma = if empty || joined.is_empty() { "" } else { "," };
        comma.to_owned() + &joined
    }
}

pub(super) fn is_null(run: &Run<'_>, span: Span) -> bool {
    run.text[span.0..].starts_with("null")
}
