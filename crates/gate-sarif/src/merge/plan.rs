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
    pub(super) maps: Vec<Vec<Vec<u32>>>,
    /// Lengths of the tables.
    pub(super) lengths: Vec<usize>,
    /// Entries that went into another one: which, and into which.
    pub(super) joined: Vec<(usize, usize)>,
    pub(super) ambiguous: Vec<Ambiguous>,
    /// By run: ids that an earlier run has with another content.
    pub(super) twice: Vec<Vec<String>>,
}

/// By table and id: the old place of the descriptor that is meant.
pub(super) type Ambiguous = HashMap<(usize, String), Option<usize>>;

/// Places the entries: those of the first run as they are, of the others what is new behind them.
pub(super) fn plan(runs: &[Run<'_>], components: &Components, entries: &Entries) -> Plan {
    let tables = descriptors(components.first.len(), 0);
    let mut out = Plan {
        lengths: vec![0; tables],
        ..Plan::default()
    };
    let mut places: HashMap<(usize, usize), u32> = HashMap::new();
    for (run, homes) in components.maps.iter().enumerate() {
        let mut maps = vec![Vec::new(); tables];
        for (home, map) in homes.iter().enumerate() {
            maps[EXTENSIONS + home].clone_from(map);
        }
        for (&table, &(first, count)) in &entries.tables[run] {
            let list = out.tables.entry(table).or_default();
            // who has the table first has it as it is, with what is twice in it
            let owner = array_of(table).map_or(0, |(component, _)| components.first[component].0);
            for at in first..first + count {
                let class = entries.all[at].class;
                let fresh = u32::try_from(list.len()).unwrap_or(u32::MAX);
                let known = places.get(&(table, class)).copied();
                let known = known.filter(|_| run > owner && entries.settled);
                if let Some(place) = known {
                    out.joined.push((at, list[place as usize]));
                } else {
                    list.push(at);
                    places.entry((table, class)).or_insert(fresh);
                }
                maps[table].push(known.unwrap_or(fresh));
            }
        }
        out.maps.push(maps);
    }
    for (table, list) in &out.tables {
        out.lengths[*table] = list.len();
    }
    for (home, list) in components.homes.iter().enumerate() {
        out.lengths[EXTENSIONS + home] = list.len();
    }
    out.twice = twice(runs, entries, &out.joined);
    out.ambiguous = ambiguous(runs, entries, &out.joined);
    out
}

/// Ids that stand for several descriptors of the united run, by run: the old place of the one that
/// the run means, nothing where the run itself leaves it open.
fn ambiguous(runs: &[Run<'_>], entries: &Entries, joined: &[(usize, usize)]) -> Vec<Ambiguous> {
    if runs.len() < 2 {
        return vec![HashMap::new(); runs.len()];
    }
    let class = |run: &Run<'_>, table: usize, at: usize| {
        let (first, _) = entries.tables[run.at][&table];
        entries.all[first + at].class
    };
    let joined: HashSet<usize> = joined.iter().map(|&(at, _)| at).collect();
    let mut counts: BTreeMap<(usize, &str), usize> = BTreeMap::new();
    for run in runs {
        for (table, at, id) in ids(run) {
            let (first, _) = entries.tables[run.at][&table];
            *counts.entry((table, id)).or_default() += usize::from(!joined.contains(&(first + at)));
        }
    }
    let many = |table: usize, id: &str| counts.get(&(table, id)).is_some_and(|&count| count > 1);
    let parts: Vec<_> = counts
        .keys()
        .filter_map(|&(table, id)| Some((table, id, id.rsplit_once('/')?.0)))
        .collect();
    let mut all = Vec::new();
    for run in runs {
        let mut own: HashMap<(usize, &str), Option<usize>> = HashMap::new();
        for (table, at, id) in ids(run) {
            let known = own.entry((table, id)).or_insert(Some(at));
            let same = |known| class(run, table, known) == class(run, table, at);
            *known = known.filter(|&known| same(known));
        }
        let mut out: Ambiguous = ids(run)
            .filter(|&(table, _, id)| many(table, id))
            .map(|(table, _, id)| ((table, id.to_owned()), own[&(table, id)]))
            .collect();
        for &(table, id, whole) in &parts {
            let key = || (table, id.to_owned());
            match (own.get(&(table, id)), own.get(&(table, whole))) {
                // a rule of its own, no part of the one before the slash
                (Some(_), _) => {
                    out.entry(key()).or_insert(None);
                }
                // a part of a rule here, but a rule of its own in another run
                (None, Some(&at)) => {
                    out.insert(key(), at);
                }
                (None, None) => {}
            }
        }
        all.push(out);
    }
    all
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

fn twice(runs: &[Run<'_>], entries: &Entries, joined: &[(usize, usize)]) -> Vec<Vec<String>> {
    let joined: HashSet<usize> = joined.iter().map(|&(at, _)| at).collect();
    let mut seen = HashSet::new();
    let mut out = Vec::new();
    for run in runs {
        let fresh = |&(table, at, _): &(usize, usize, &str)| {
            !joined.contains(&(entries.tables[run.at][&table].0 + at))
        };
        let known = ids(run).filter(|&(table, _, id)| seen.contains(&(table, id)));
        out.push(
            known
                .filter(fresh)
                .map(|(_, _, id)| id.to_owned())
                .collect(),
        );
        seen.extend(ids(run).map(|(table, _, id)| (table, id)));
    }
    out
}
