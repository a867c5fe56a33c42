//! Which runs belong together: same tool, same category.

use std::collections::{BTreeMap, BTreeSet};

use super::error::Refusal;
use super::run::{Fields, Run};
use crate::error::excerpt;
use crate::walk::{Broken, string_of};

/// Runs that can become one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// By their place in what was given.
    pub runs: Vec<usize>,
    /// The tool's name.
    pub tool: String,
    /// The category: `automationDetails.id` up to its last slash, as GitHub reads it.
    pub category: String,
    /// The property of the tool that keeps these runs apart from others of its name and category.
    pub apart: Option<&'static str>,
}

/// `guid`, `version` and `semanticVersion`, where given.
const TELLING: [&str; 3] = ["guid", "version", "semanticVersion"];

struct Identity {
    name: String,
    category: String,
    telling: [Option<String>; 3],
}

/// Groups runs by tool and category, in the order in which each group first appears. Versions keep
/// runs apart unless `any_version`. A run that does not give a property that others give belongs to
/// them only if these agree on it.
pub fn group(headers: &[&str], any_version: bool) -> Result<Vec<Group>, Refusal> {
    let mut groups: Vec<(Group, Vec<Identity>)> = Vec::new();
    let mut known: BTreeMap<(String, String), usize> = BTreeMap::new();
    for (run, text) in headers.iter().enumerate() {
        let identity = identity(text).map_err(|error| Refusal::broken(run, text, &error))?;
        let key = (identity.name.clone(), identity.category.clone());
        let at = *known.entry(key).or_insert_with(|| {
            let group = Group {
                runs: Vec::new(),
                tool: identity.name.clone(),
                category: identity.category.clone(),
                apart: None,
            };
            groups.push((group, Vec::new()));
            groups.len() - 1
        });
        groups[at].0.runs.push(run);
        groups[at].1.push(identity);
    }
    let count = if any_version { 1 } else { TELLING.len() };
    for which in 0..count {
        groups = groups
            .into_iter()
            .flat_map(|one| split(one, which))
            .collect();
    }
    groups.sort_by(|a, b| a.0.runs.cmp(&b.0.runs));
    Ok(groups.into_iter().map(|(group, _)| group).collect())
}

fn split((group, identities): (Group, Vec<Identity>), which: usize) -> Vec<(Group, Vec<Identity>)> {
    let given = identities
        .iter()
        .filter_map(|one| one.telling[which].as_ref());
    if given.collect::<BTreeSet<_>>().len() < 2 {
        return vec![(group, identities)];
    }
    let mut out: BTreeMap<Option<String>, (Group, Vec<Identity>)> = BTreeMap::new();
    for (run, identity) in group.runs.iter().zip(identities) {
        let fresh = || Group {
            runs: Vec::new(),
            apart: Some(TELLING[which]),
            ..group.clone()
        };
        let part = out
            .entry(identity.telling[which].clone())
            .or_insert_with(|| (fresh(), Vec::new()));
        part.0.runs.push(*run);
        part.1.push(identity);
    }
    out.into_values().collect()
}

fn identity(text: &str) -> Result<Identity, Broken> {
    let start = text.len() - text.trim_start().len();
    let run = Fields::of(text, (start, text.len()))?;
    let inner = |outer: &Fields<'_>, key| match outer.get(key) {
        Some(span) => Fields::of(text, span),
        None => Ok(Fields::default()),
    };
    let driver = inner(&inner(&run, "tool")?, "driver")?;
    let details = inner(&run, "automationDetails")?;
    let string = |outer: &Fields<'_>, key| {
        let text = string_of(text, outer.get(key)?)?;
        Some(text.into_owned()).filter(|text| !text.is_empty())
    };
    Ok(Identity {
        name: string(&driver, "name").unwrap_or_default(),
        category: category(&string(&details, "id").unwrap_or_default()).to_owned(),
        telling: TELLING.map(|key| string(&driver, key)),
    })
}

/// What GitHub takes for the category: the id up to its last slash, nothing where there is none.
fn category(id: &str) -> &str {
    id.rsplit_once('/').map_or("", |(category, _)| category)
}

/// Refuses runs of different tools.
pub(super) fn same_tool(runs: &[Run<'_>], any_version: bool) -> Result<(), Refusal> {
    let properties = ["name", "guid", "version", "semanticVersion"];
    for property in properties {
        let mut first: Option<String> = None;
        for run in runs {
            let own = run.string(run.driver(), property);
            let own = own.filter(|own| !own.is_empty() || property == "name");
            let Some(own) = own.or_else(|| (property == "name").then(Default::default)) else {
                continue;
            };
            let first = first.get_or_insert_with(|| own.clone().into_owned());
            if *first == own {
                continue;
            }
            if any_version && matches!(property, "version" | "semanticVersion") {
                continue;
            }
            return Err(Refusal::OtherTool {
                run: run.at,
                property,
                first: excerpt(first),
                found: excerpt(&own),
            });
        }
    }
    Ok(())
}
