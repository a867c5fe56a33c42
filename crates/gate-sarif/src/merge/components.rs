//! Which extensions, taxonomies, policies and translations of the runs are the same.

use std::collections::HashMap;

use super::names::{ARRAYS, EXTENSIONS, Names};
use super::run::Run;
use crate::walk::{Broken, Edits, Kind, canonical, walk};

/// The components of the united run.
#[derive(Debug, Default)]
pub(super) struct Components {
    /// By number: the run that has it first, and its number there. The driver is number 0.
    pub(super) first: Vec<(usize, usize)>,
    /// By run and home: the new place of each.
    pub(super) maps: Vec<[Vec<u32>; 4]>,
    /// By home: how many there are, each by its number.
    pub(super) homes: [Vec<usize>; 4],
}

/// Unites components that are equal apart from their rules, notifications and taxa, and numbers
/// them in the runs. The second of two equal ones in a run is the second in the others too.
pub(super) fn unite(runs: &mut [Run<'_>]) -> Result<Components, (usize, Broken)> {
    let mut out = Components {
        first: vec![(0, 0)],
        ..Components::default()
    };
    let mut known: HashMap<(usize, String, usize), usize> = HashMap::new();
    for run in runs {
        let mut seen: HashMap<(usize, String), usize> = HashMap::new();
        let mut map: [Vec<u32>; 4] = Default::default();
        for at in 1..run.names.all.len() {
            let home = run.names.all[at].home.unwrap_or(EXTENSIONS) - EXTENSIONS;
            let shell = shell(run, at).map_err(|error| (run.at, error))?;
            let count = seen.entry((home, shell.clone())).or_default();
            *count += 1;
            let united = *known.entry((home, shell, *count)).or_insert_with(|| {
                out.first.push((run.at, at));
                out.homes[home].push(out.first.len() - 1);
                out.first.len() - 1
            });
            run.names.all[at].united = united;
            let place = out.homes[home].binary_search(&united).unwrap_or_default();
            map[home].push(u32::try_from(place).unwrap_or(u32::MAX));
        }
        out.maps.push(map);
    }
    Ok(out)
}

/// A component without its descriptors; other components in it by name instead of by place.
fn shell(run: &Run<'_>, at: usize) -> Result<String, Broken> {
    let (span, _) = run.components[at];
    let mut edits = Edits::default();
    walk(run.text, span, Kind::Component, |record| {
        for reference in run.names.references(run.text, record).into_iter().flatten() {
            if let Some(mark) = mark(&run.names, reference.table, reference.index) {
                edits.replace(reference.span, &mark);
            } else if record.kind == Kind::ArtifactLocation {
                // places of artifacts are not comparable before the artifacts are
                edits.replace(reference.span, &format!("{}:{}", run.at, reference.index));
            }
        }
    })?;
    let text = edits.apply(run.text, span);
    canonical(&text, (0, text.len()), &ARRAYS)
}

fn mark(names: &Names, home: usize, place: usize) -> Option<String> {
    let found = &names.all[names.at(home, place)?];
    Some(format!("@{:?}{:?}", found.name, found.guid))
}
