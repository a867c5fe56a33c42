//! The new place of every entry.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::components::Components;
use super::entries::Entries;
use super::names::{EXTENSIONS, array_of, descriptors};
use super::run::Run;

/// Tables of the united run, and where each entry of each run went.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// By table: the entries, by number among all.
    pub(super) tables: BTreeMap<usize, Vec<usize>>,
    /// By run and table: new places.
    pub(super) maps: Vec<HashMap<usize, Vec<u32>>>,
    /// Entries that went into another one: into which, and which.
    pub(super) joined: BTreeMap<usize, Vec<usize>>,
    /// By run: the descriptors that an id stands for.
    pub(super) own: Vec<Own>,
    /// By run: ids that an earlier run has with another content.
    pub(super) twice: Vec<Vec<String>>,
    pub(super) united: United,
}

/// By table and id: the place of the descriptor that is meant, nothing where the run leaves it open.
pub(super) type Own = HashMap<(usize, String), Option<usize>>;

/// What all runs have in common.
#[derive(Debug, Default)]
pub(super) struct United {
    pub(super) lengths: HashMap<usize, usize>,
    /// By table and id: how many descriptors.
    pub(super) counts: HashMap<(usize, String), usize>,
    /// Whether an id alone can mean another descriptor than before.
    pub(super) ambiguous: bool,
}

/// Places the entries: those of the first run as they are, of the others what is new behind them.
pub(super) fn plan(runs: &[Run<'_>], components: &Components, entries: &Entries) -> Plan {
    let mut out = Plan::default();
    let mut places: HashMap<(usize, usize), u32> = HashMap::new();
    for (run, homes) in components.maps.iter().enumerate() {
        let mut maps = HashMap::new();
        for (home, map) in homes.iter().enumerate() {
            maps.insert(EXTENSIONS + home, map.clone());
        }
        for (&table, &(first, count)) in &entries.tables[run] {
            let list = out.tables.entry(table).or_default();
            // who has the table first has it as it is, with what is twice in it
            let owner = array_of(table).map_or(0, |(component, _)| components.first[component].0);
            let mut map = Vec::with_capacity(count);
            for at in first..first + count {
                let class = entries.all[at].class;
                let fresh = u32::try_from(list.len()).unwrap_or(u32::MAX);
                let known = places.get(&(table, class)).copied();
                let known = known.filter(|_| run > owner && entries.settled);
                if let Some(place) = known {
                    out.joined.entry(list[place as usize]).or_default().push(at);
                } else {
                    list.push(at);
                    places.entry((table, class)).or_insert(fresh);
                }
                map.push(known.unwrap_or(fresh));
            }
            maps.insert(table, map);
        }
        out.maps.push(maps);
    }
    let lengths = out.tables.iter().map(|(table, list)| (*table, list.len()));
    out.united.lengths = lengths.collect();
    for (home, list) in components.homes.iter().enumerate() {
        out.united.lengths.insert(EXTENSIONS + home, list.len());
    }
    if runs.len() > 1 {
        by_id(runs, entries, &mut out);
    }
    out
}

/// Which ids stand for what.
fn by_id(runs: &[Run<'_>], entries: &Entries, plan: &mut Plan) {
    let joined: HashSet<usize> = plan.joined.values().flatten().copied().collect();
    for run in runs {
        let first = |table| entries.tables[run.at][&table].0;
        let mut own = Own::new();
        let mut twice = Vec::new();
        for (table, at, id) in ids(run) {
            let entry = first(table) + at;
            let key = || (table, id.to_owned());
            let known = own.entry(key()).or_insert(Some(at));
            let same = |known: usize| {
                let known = &entries.all[first(table) + known];
                known.class == entries.all[entry].class
            };
            *known = known.filter(|&known| same(known));
            if !joined.contains(&entry) {
                let count = plan.united.counts.entry(key()).or_default();
                if *count > 0 && run.at > 0 {
                    twice.push(id.to_owned());
                }
                *count += 1;
                // part of another rule by its id
                plan.united.ambiguous |= *count > 1 || id.contains('/');
            }
        }
        plan.own.push(own);
        plan.twice.push(twice);
    }
}

/// Table, place and id of all descriptors of a run that have one.
fn ids<'a>(run: &'a Run<'_>) -> impl Iterator<Item = (usize, usize, &'a str)> {
    run.names.all.iter().flat_map(|one| {
        let arrays = one.ids.iter().enumerate();
        arrays.flat_map(|(array, ids)| {
            let table = descriptors(one.united, array);
            let named = ids.iter().enumerate().filter(|(_, id)| !id.is_empty());
            named.map(move |(at, id)| (table, at, id.as_str()))
        })
    })
}
