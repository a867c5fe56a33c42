//! The united header: the first run, with what the others say beyond it.

use super::Options;
use super::base_ids::{self, Renames};
use super::components::Components;
use super::conversion;
use super::draft::{Draft, Place, is_null};
use super::entries::{Entries, Entry};
use super::error::Refusal;
use super::names::{ARRAYS, ARTIFACTS, ENTRY_TABLES, array_of};
use super::plan::Plan;
use super::run::{Fields, Run};
use super::values::{self, Rule};
use crate::walk::{Broken, quoted};

/// The places where components stand, in the order of their tables.
const HOMES: [&str; 4] = ["extensions", "taxonomies", "policies", "translations"];

/// The header before and after the results.
pub(super) struct Header {
    pub(super) before: String,
    pub(super) after: String,
    pub(super) results: bool,
}

pub(super) fn header(
    runs: &[Run<'_>],
    components: &Components,
    entries: &Entries,
    plan: &Plan,
    (renames, options): (&[Renames], &Options),
    draft: &mut Draft,
) -> Result<Header, Refusal> {
    let first = &runs[0];
    let broken = |error: Broken| Refusal::broken(0, first.text, &error);
    let root = place(first);
    tables(runs, components, entries, plan, draft).map_err(broken)?;
    let others: Vec<_> = runs[1..].iter().map(place).collect();
    for key in [
        "versionControlProvenance",
        "runAggregates",
        "redactionTokens",
    ] {
        draft.unite(root, &others, key).map_err(broken)?;
    }
    let drivers: Vec<_> = runs[1..].iter().map(driver).collect();
    for key in ["locations", "supportedTaxonomies"] {
        draft.unite(driver(first), &drivers, key).map_err(broken)?;
    }
    if let Some(id) = &options.id {
        values::automation_id(draft, root, id).map_err(broken)?;
    }
    for run in &runs[1..] {
        values::unite(draft, "", root, place(run), run_rule)?;
        values::unite(draft, "tool.", tool(first), tool(run), tool_rule)?;
        let from = driver(run);
        values::unite(draft, "tool.driver.", driver(first), from, driver_rule)?;
        bases(draft, root, run, &renames[run.at])
            .map_err(|error| Refusal::broken(run.at, run.text, &error))?;
    }
    values::externals(runs)?;
    conversion::unite(draft, root, runs)?;
    for place in [root, tool(first), driver(first)] {
        draft.write_members(place).map_err(broken)?;
    }
    Ok(finish(runs, draft))
}

fn place<'r, 'a>(run: &'r Run<'a>) -> Place<'r, 'a> {
    Place {
        run,
        span: run.span,
        fields: &run.fields,
    }
}

fn tool<'r, 'a>(run: &'r Run<'a>) -> Place<'r, 'a> {
    Place {
        run,
        span: run.tool.0,
        fields: &run.tool.1,
    }
}

fn driver<'r, 'a>(run: &'r Run<'a>) -> Place<'r, 'a> {
    component(run, 0)
}

fn component<'r, 'a>(run: &'r Run<'a>, at: usize) -> Place<'r, 'a> {
    let (span, fields) = &run.components[at];
    Place {
        run,
        span: *span,
        fields,
    }
}

/// Entries first, then the components that hold them, then what holds the components: what is
/// taken over is complete when it is taken.
fn tables(
    runs: &[Run<'_>],
    components: &Components,
    entries: &Entries,
    plan: &Plan,
    draft: &mut Draft,
) -> Result<(), Broken> {
    for (&into, others) in &plan.joined {
        let have = &entries.all[into];
        if have.table == ARTIFACTS || array_of(have.table).is_some() {
            let part = |entry: &Entry| (&runs[entry.run], entry.span);
            let others: Vec<_> = others.iter().map(|&at| part(&entries.all[at])).collect();
            draft.fill(part(have), &others)?;
        }
    }
    let of_run = |run: usize, at: usize| place_of(runs, run, at);
    for (&table, list) in &plan.tables {
        let (into, key) = match array_of(table) {
            Some((component, array)) => {
                let (run, at) = components.first[component];
                (of_run(run, at), ARRAYS[array])
            }
            None => (place(&runs[0]), ENTRY_TABLES[table].0),
        };
        let fresh: Vec<_> = list
            .iter()
            .map(|&at| &entries.all[at])
            .filter(|entry| entry.run != into.run.at)
            .map(|entry| draft.text(&runs[entry.run], entry.span).into_owned())
            .collect();
        draft.append(into, key, &fresh)?;
    }
    for (home, key) in HOMES.iter().enumerate() {
        let fresh: Vec<_> = components.homes[home]
            .iter()
            .map(|&united| components.first[united])
            .filter(|&(run, _)| run > 0)
            .map(|(run, at)| {
                let place = of_run(run, at);
                draft.text(place.run, place.span).into_owned()
            })
            .collect();
        let into = if home == 0 {
            tool(&runs[0])
        } else {
            place(&runs[0])
        };
        draft.append(into, key, &fresh)?;
    }
    Ok(())
}

fn place_of<'r, 'a>(runs: &'r [Run<'a>], run: usize, at: usize) -> Place<'r, 'a> {
    component(&runs[run], at)
}

fn run_rule(key: &str) -> Rule {
    match key {
        "tool"
        | "results"
        | "originalUriBaseIds"
        | "conversion"
        | "versionControlProvenance"
        | "runAggregates"
        | "redactionTokens"
        | "taxonomies"
        | "policies"
        | "translations"
        | "externalPropertyFileReferences" => Rule::Elsewhere,
        _ if ENTRY_TABLES.iter().any(|(table, _)| *table == key) => Rule::Elsewhere,
        "columnKind" | "defaultEncoding" | "defaultSourceLanguage" | "baselineGuid" => Rule::Equal,
        "language" => Rule::Default("\"en-US\""),
        "newlineSequences" => Rule::Default("[\"\\r\\n\",\"\\n\",]"),
        "properties" | "automationDetails" => Rule::Fields,
        _ => Rule::First,
    }
}

fn tool_rule(key: &str) -> Rule {
    match key {
        "driver" | "extensions" => Rule::Elsewhere,
        "properties" => Rule::Fields,
        _ => Rule::First,
    }
}

fn driver_rule(key: &str) -> Rule {
    match key {
        "rules" | "notifications" | "taxa" | "locations" | "supportedTaxonomies" => Rule::Elsewhere,
        "properties" => Rule::Fields,
        // messages of results are looked up there
        "globalMessageStrings" => Rule::EqualFields,
        "language" => Rule::Default("\"en-US\""),
        _ => Rule::First,
    }
}

/// Bases that the first run does not have, under the names that were found for them.
fn bases(
    draft: &mut Draft,
    root: Place<'_, '_>,
    run: &Run<'_>,
    renames: &Renames,
) -> Result<(), Broken> {
    let key = "originalUriBaseIds";
    let own = match root.fields.get(key) {
        Some(span) => Fields::of(root.run.text, span)?,
        None => Fields::default(),
    };
    for (name, span) in base_ids::definitions(run)? {
        let name = renames
            .0
            .get(name.as_ref())
            .map_or(name.as_ref(), String::as_str);
        if draft.member(root, (key, &own), name)?.is_none() {
            let text = draft.text(run, span).into_owned();
            draft.add_member(root, key, name, text);
        }
    }
    Ok(())
}

fn finish(runs: &[Run<'_>], draft: &Draft) -> Header {
    let first = &runs[0];
    let (start, end) = first.span;
    let results = |run: &Run<'_>| run.fields.get("results");
    let some = |run: &Run<'_>| results(run).is_some_and(|span| !is_null(run, span));
    let part = |span| draft.text(first, span).into_owned();
    let (before, after) = match results(first) {
        _ if !runs.iter().any(some) => (part((start, end)), String::new()),
        Some((from, to)) => (
            format!("{}[", part((start, from))),
            format!("]{}", part((to, end))),
        ),
        None => (
            format!("{},{}:[", part((start, end - 1)), quoted("results")),
            format!("]{}", part((end - 1, end))),
        ),
    };
    Header {
        results: !after.is_empty(),
        before,
        after,
    }
}
