//! Flags and components of `codecov.yml`: parts of the code or of the uploads, and the statuses that are about them.

use super::codecov::{Paths, paths};
use super::codecov_status::Status;
use super::node::Node;
use super::plan::{Gate, Plan, slug};
use super::settings::{Became, Told};
use std::collections::{BTreeMap, BTreeSet};

/// What a flag or a component says that statuses need.
#[derive(Clone, Debug, Default)]
pub(super) struct Part {
    pub(super) paths: Paths,
    /// Whether it is a set of uploads, so that its reports are its own.
    pub(super) is_flag: bool,
}

/// The flags that a status is about.
pub(super) fn judged_flags(top: &Node<'_>) -> BTreeSet<String> {
    let status = top
        .get("coverage")
        .and_then(|coverage| coverage.get("status"));
    let kinds = ["project", "patch"]
        .iter()
        .filter_map(|kind| status.as_ref()?.get(kind));
    let named = kinds
        .flat_map(|kind| kind.entries())
        .filter_map(|status| status.get("flags"))
        .flat_map(|flags| flags.items());
    let managed = top
        .get("flag_management")
        .and_then(|section| section.get("individual_flags"));
    let managed = managed
        .iter()
        .flat_map(Node::items)
        .filter_map(|flag| flag.get("name"))
        .collect::<Vec<_>>();
    named
        .chain(managed)
        .filter_map(|name| name.value.as_str().map(str::to_owned))
        .collect()
}

pub(super) fn flag_of(flag: &Node<'_>, told: &mut Told) -> Part {
    let mut part = Part {
        is_flag: true,
        ..Part::default()
    };
    if let Some(node) = flag.get("paths") {
        part.paths = paths(&node, false, told);
    }
    if let Some(node) = flag.get("ignore") {
        part.paths.not.extend(paths(&node, true, told).not);
    }
    part
}

/// The code and the reports that a status looks at.
pub(super) fn scope(status: &Status<'_>, parts: &BTreeMap<String, Part>, told: &mut Told) -> Gate {
    let mut gate = Gate {
        name: status.name.clone(),
        ..Gate::default()
    };
    let Some(node) = &status.node else {
        return gate;
    };
    if let Some(own) = node.get("paths") {
        let own = paths(&own, false, told);
        gate.paths = own.only;
        gate.exclude = own.not;
    }
    for flag in node
        .get("flags")
        .map(|flags| flags.items())
        .unwrap_or_default()
    {
        let Some(name) = flag.value.as_str() else {
            continue;
        };
        told.say(&flag, of_flag(name, parts.get(name), &mut gate));
    }
    status.events(&mut gate, told);
    gate
}

/// The uploads of a flag are reports of their own, and nothing says which: a place that has to be filled.
fn of_flag(name: &str, part: Option<&Part>, gate: &mut Gate) -> Became {
    let folder = slug(name);
    let reports = format!(
        "coverage/{}/*",
        if folder.is_empty() { "flag" } else { &folder }
    );
    if let Some(part) = part {
        gate.paths.extend(part.paths.only.clone());
        gate.exclude.extend(part.paths.not.clone());
    }
    gate.reports.push(reports.clone());
    Became::Differs(
        format!("reports: {reports}"),
        "a flag is what was uploaded under its name, which this file does not say: bring its reports there, or name where they are".into(),
    )
}

/// `flag_management` and `component_management`: parts with statuses of their own, and what holds for all of them.
pub(super) fn managed(
    top: &Node<'_>,
    flags: &BTreeMap<String, Part>,
    plan: &mut Plan,
    told: &mut Told,
) {
    for (section, list, names) in [
        ("flag_management", "individual_flags", ["name", "name"]),
        (
            "component_management",
            "individual_components",
            ["component_id", "name"],
        ),
    ] {
        let Some(section) = top.get(section) else {
            continue;
        };
        let defaults = section.get("default_rules");
        let everyone = defaults.as_ref().and_then(|rules| rules.get("statuses"));
        let everyone_paths = defaults.as_ref().and_then(|rules| rules.get("paths"));
        let individuals = section
            .get(list)
            .map(|list| list.items())
            .unwrap_or_default();
        for part in &individuals {
            let name = names
                .iter()
                .find_map(|name| part.get(name))
                .and_then(|name| name.value.as_str());
            let Some(name) = name else { continue };
            let is_flag = list == "individual_flags";
            let mut own = if is_flag {
                flag_of(part, told)
            } else {
                Part::default()
            };
            if let Some(node) = part
                .get("paths")
                .filter(|_| !is_flag)
                .or(everyone_paths.clone().filter(|_| own.paths.only.is_empty()))
            {
                own.paths = paths(&node, false, told);
            }
            let statuses = part.get("statuses").or_else(|| everyone.clone());
            let gate = statuses.as_ref().filter(|list| !list.items().is_empty());
            let gate = gate.map(|_| format!("gate `coverage-{}`", slug(name)));
            let is_component = !is_flag && !own.paths.only.is_empty() && own.paths.not.is_empty();
            let component = is_component.then(|| format!("component `{name}`"));
            let places: Vec<String> = component.into_iter().chain(gate).collect();
            let named = if places.is_empty() {
                Became::NoEqual("no status is about it; a gate of its own with `paths`, `exclude` or `reports` would be".into())
            } else {
                Became::Taken(places.join(", "))
            };
            for known in names.iter().filter_map(|name| part.get(name)) {
                told.say(&known, named.clone());
            }
            if is_component && !plan.components.iter().any(|(known, _)| known == name) {
                plan.components
                    .push((name.to_owned(), own.paths.only.clone()));
            }
            for status in statuses.iter().flat_map(Node::items) {
                let status = Status::of_part(&status, name);
                let mut gate = Gate {
                    name: name.to_owned(),
                    paths: own.paths.only.clone(),
                    exclude: own.paths.not.clone(),
                    ..Gate::default()
                };
                if own.is_flag {
                    of_flag(name, flags.get(name), &mut gate);
                }
                status.events(&mut gate, told);
                status.ask(&gate, plan, told);
            }
        }
        if let Some(rules) = defaults.filter(|_| individuals.is_empty()) {
            told.say(&rules, Became::NoEqual("no flag or component is named that it would hold for; write a gate with `paths` for each".into()));
        }
    }
}
