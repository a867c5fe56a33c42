//! What the references of one run mean: which table an index counts in.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::walk::{Kind, Places, Record, Slot, Span};

/// The tables of a run by number; the arrays of the components follow, three for each.
pub(super) const ARTIFACTS: usize = 0;
pub(super) const LOGICAL: usize = 1;
pub(super) const ADDRESSES: usize = 2;
pub(super) const WEB_REQUESTS: usize = 3;
pub(super) const WEB_RESPONSES: usize = 4;
pub(super) const FLOW_LOCATIONS: usize = 5;
pub(super) const GRAPHS: usize = 6;
pub(super) const INVOCATIONS: usize = 7;
pub(super) const EXTENSIONS: usize = 8;
pub(super) const TAXONOMIES: usize = 9;
// 10 and 11 are `policies` and `translations`, in which no index counts
const FIXED: usize = 12;

/// The tables of entries: key in the run, kind of the entries.
pub(super) const ENTRY_TABLES: [(&str, Kind); 8] = [
    ("artifacts", Kind::Artifact),
    ("logicalLocations", Kind::Logical),
    ("addresses", Kind::Address),
    ("webRequests", Kind::WebRequest),
    ("webResponses", Kind::WebResponse),
    ("threadFlowLocations", Kind::ThreadFlowLocation),
    ("graphs", Kind::Graph),
    ("invocations", Kind::Invocation),
];

/// The arrays of descriptors in a component.
pub(super) const ARRAYS: [&str; 3] = ["rules", "notifications", "taxa"];
pub(super) const RULES: usize = 0;
const NOTIFICATIONS: usize = 1;
const TAXA: usize = 2;

/// The table of an array of a component, by the component's number in the united run.
pub(super) const fn descriptors(component: usize, array: usize) -> usize {
    FIXED + 3 * component + array
}

/// The component and array of a table of descriptors.
pub(super) const fn array_of(table: usize) -> Option<(usize, usize)> {
    match table.checked_sub(FIXED) {
        Some(at) => Some((at / 3, at % 3)),
        None => None,
    }
}

/// A tool component as references see it.
#[derive(Debug, Clone, Default)]
pub(super) struct Component {
    /// From `EXTENSIONS` on; nothing for the driver.
    pub(super) home: Option<usize>,
    /// Its number in the united run.
    pub(super) united: usize,
    pub(super) name: String,
    pub(super) guid: String,
    /// The ids of its descriptors.
    pub(super) ids: [Vec<String>; 3],
}

/// All that is needed to tell what a reference of this run points at.
#[derive(Debug, Clone, Default)]
pub(super) struct Names {
    /// The driver, then by home: extensions, taxonomies, policies, translations.
    pub(super) all: Vec<Component>,
    by_guid: HashMap<String, usize>,
    by_name: HashMap<String, usize>,
}

/// A reference by index: where the number stands, and what it counts in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reference {
    pub(super) span: Span,
    pub(super) table: usize,
    pub(super) index: usize,
}

impl Names {
    pub(super) fn new(all: Vec<Component>) -> Self {
        let by = |text: fn(&Component) -> &String| {
            let mut map = HashMap::new();
            for (at, one) in all.iter().enumerate() {
                if !text(one).is_empty() {
                    map.entry(text(one).to_ascii_lowercase()).or_insert(at);
                }
            }
            map
        };
        let (by_guid, by_name) = (by(|one| &one.guid), by(|one| &one.name));
        Self {
            all,
            by_guid,
            by_name,
        }
    }

    /// The references by index that a record itself makes: none, one, or two for nested entries.
    pub(super) fn references(&self, text: &str, record: &Record) -> [Option<Reference>; 2] {
        let by = |slot, table| {
            let (index, span) = record.places.index(text, slot)?;
            Some(Reference { span, table, index })
        };
        let own = |table| [by(Slot::Index, table), None];
        let nested = |table| [by(Slot::Index, table), by(Slot::Parent, table)];
        match record.kind {
            Kind::ArtifactLocation | Kind::UriBase => own(ARTIFACTS),
            Kind::Artifact => nested(ARTIFACTS),
            Kind::Logical => nested(LOGICAL),
            Kind::Address => nested(ADDRESSES),
            Kind::WebRequest => own(WEB_REQUESTS),
            Kind::WebResponse => own(WEB_RESPONSES),
            Kind::ThreadFlowLocation => own(FLOW_LOCATIONS),
            Kind::Traversal => own(GRAPHS),
            Kind::Provenance => own(INVOCATIONS),
            _ if record.foreign => [None; 2],
            Kind::ComponentReference | Kind::TaxonomyReference => {
                let taxonomy = record.kind == Kind::TaxonomyReference;
                own(self.home(text, &record.places, taxonomy))
            }
            Kind::RuleReference
            | Kind::ResultRule
            | Kind::NotificationReference
            | Kind::TaxonReference
            | Kind::TargetReference
            | Kind::Result => [self.descriptor(text, record), None],
            _ => [None; 2],
        }
    }

    /// The table that the index of a component reference counts in. The standard knows extensions
    /// only; tools also write places among the taxonomies, and say by guid or name what they mean.
    fn home(&self, text: &str, places: &Places, taxonomy: bool) -> usize {
        let found = self.indexed(text, places, taxonomy);
        found.and_then(|at| self.all[at].home).unwrap_or(
            if taxonomy && self.at(EXTENSIONS, 0).is_none() {
                TAXONOMIES
            } else {
                EXTENSIONS
            },
        )
    }

    /// The component at a place of its home.
    pub(super) fn at(&self, home: usize, place: usize) -> Option<usize> {
        let start = self.all.partition_point(|one| one.home < Some(home));
        let at = start.checked_add(place)?;
        (self.all.get(at)?.home == Some(home)).then_some(at)
    }

    fn indexed(&self, text: &str, places: &Places, taxonomy: bool) -> Option<usize> {
        let (index, _) = places.index(text, Slot::Index)?;
        let (extension, other) = (self.at(EXTENSIONS, index), self.at(TAXONOMIES, index));
        let both = || extension.into_iter().chain(other);
        let guid = places.string(text, Slot::Guid);
        let name = places.string(text, Slot::Name);
        let same = |want: &Option<Cow<'_, str>>, have: fn(&Component) -> &String| {
            let want = want.as_deref()?;
            both().find(|&at| have(&self.all[at]).eq_ignore_ascii_case(want))
        };
        same(&guid, |one| &one.guid)
            .or_else(|| same(&name, |one| &one.name))
            .or_else(|| {
                let taxa = |at: &usize| !taxonomy || !self.all[*at].ids[TAXA].is_empty();
                extension.filter(taxa)
            })
            .or(if taxonomy { other } else { None })
            .or(extension)
    }

    /// The component that a reference names; the driver where there is none.
    pub(super) fn component(
        &self,
        text: &str,
        places: Option<&Places>,
        taxonomy: bool,
    ) -> Option<usize> {
        let Some(places) = places else { return Some(0) };
        if places.index(text, Slot::Index).is_some() {
            return self.indexed(text, places, taxonomy);
        }
        let find = |slot, among: &HashMap<String, usize>| {
            let want = places.string(text, slot)?.to_ascii_lowercase();
            Some(among.get(&want).copied())
        };
        find(Slot::Guid, &self.by_guid)
            .or_else(|| find(Slot::Name, &self.by_name))
            .unwrap_or(Some(0))
    }

    fn descriptor(&self, text: &str, record: &Record) -> Option<Reference> {
        let (index, span) = record.places.index(text, Slot::Index)?;
        let (at, array) = self.array(text, record, Some(index))?;
        Some(Reference {
            span,
            table: descriptors(self.all[at].united, array),
            index,
        })
    }

    /// The component of a reference to a descriptor, and the array it counts in.
    pub(super) fn array(
        &self,
        text: &str,
        record: &Record,
        index: Option<usize>,
    ) -> Option<(usize, usize)> {
        let taxonomy = matches!(record.kind, Kind::TaxonReference | Kind::TargetReference);
        let at = self.component(text, record.component.as_ref(), taxonomy)?;
        let array = match record.kind {
            Kind::NotificationReference => NOTIFICATIONS,
            Kind::TaxonReference => TAXA,
            Kind::TargetReference => self.target(text, record, at, index),
            _ => RULES,
        };
        Some((at, array))
    }

    /// A relationship may point at a rule, a taxon or a notification: the one with that id, else
    /// what the component has.
    fn target(&self, text: &str, record: &Record, at: usize, index: Option<usize>) -> usize {
        let one = &self.all[at];
        let id = record.places.string(text, Slot::Id);
        let named = |array: &usize| {
            let entry = match index {
                Some(index) => one.ids[*array].get(index).map(String::as_str),
                None => None,
            };
            entry.is_some() && entry == id.as_deref()
        };
        let order = [TAXA, RULES, NOTIFICATIONS];
        let within = |array: &usize| index.is_some_and(|index| index < one.ids[*array].len());
        order
            .iter()
            .find(|array| named(array))
            .or_else(|| order.iter().find(|array| within(array)))
            .copied()
            .unwrap_or(if one.home == Some(TAXONOMIES) {
                TAXA
            } else {
                RULES
            })
    }
}
