//! What front matter names.

use super::{Modules, Reference, follow};
use crate::extractor::{Edges, Resolve, Source};
use crate::issue::Issue;
use crate::roster::Roster;
use crate::world::World;
use gate_syntax::Target;
use std::collections::{BTreeMap, BTreeSet};

/// The names that keys of front matter list.
pub(super) fn front_matter<'a>(
    world: &World<'a>,
    roster: &Roster<'a>,
    from: usize,
    of_page: &[&'a Edges],
    modules: &mut Modules<'a>,
) {
    let mut by_key: BTreeMap<&str, Vec<&'a Edges>> = BTreeMap::new();
    for edges in of_page {
        if let Source::FrontMatter(key) = &edges.extractor.source {
            by_key.entry(key).or_default().push(edges);
        }
    }
    for (key, takers) in by_key {
        of_key(world, roster, from, key, &takers, modules);
    }
}

/// The names that one key lists.
fn of_key<'a>(
    world: &World<'a>,
    roster: &Roster<'a>,
    from: usize,
    key: &str,
    takers: &[&'a Edges],
    modules: &mut Modules<'a>,
) {
    let page = &world.pages[from];
    let rules: BTreeSet<&str> = takers
        .iter()
        .map(|edges| rule_of(edges.extractor.resolve))
        .collect();
    let matter = match &page.module.matter {
        Some(Ok(matter)) => matter,
        // What it names is not known, so it is not fine.
        Some(Err(error)) => {
            let message = format!(
                "front matter cannot be read, so what it names is not known: {}",
                error.message
            );
            for rule in rules {
                let place = (from, error.line, error.column, rule.to_owned(), None);
                if page.judged && modules.seen.insert(place) {
                    *modules.count(rule) += 1;
                    let issue = Issue::of_file(rule, page.path, "front matter", message.clone());
                    let issue = issue.at(error.line, error.column, None);
                    modules.issues.push(issue);
                }
            }
            return;
        }
        None => return,
    };
    let Some(value) = matter.value.get(key) else {
        return;
    };
    let mut strange = Vec::new();
    let mut unknown = |pointer: &str| strange.push(matter.position(pointer));
    let mut follow_one = |written: &str, pointer: &str| {
        let (line, column) = matter.position(pointer);
        let (path, fragment) = match written.split_once('#') {
            Some((path, fragment)) => (path, Some(fragment.into())),
            None => (written, None),
        };
        let reference = Reference {
            written,
            target: Target::Path {
                path: path.into(),
                query: None,
                fragment,
            },
            line,
            column,
            end_column: None,
        };
        follow(world, roster, from, takers, &reference, modules);
    };
    match value {
        serde_json::Value::String(text) => {
            for name in text
                .split(',')
                .map(str::trim)
                .filter(|name| !name.is_empty())
            {
                follow_one(name, &format!("/{key}"));
            }
        }
        serde_json::Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                let pointer = format!("/{key}/{at}");
                match item.as_str() {
                    Some(name) => follow_one(name, &pointer),
                    None => unknown(&pointer),
                }
            }
        }
        serde_json::Value::Null => {}
        _ => unknown(&format!("/{key}")),
    }
    for (line, column) in strange {
        if page.judged {
            let message = format!("`{key}` holds what is no name, so what it names is not known");
            for rule in &rules {
                let issue = Issue::of_file(rule, page.path, key, message.clone());
                modules.issues.push(issue.at(line, column, None));
            }
        }
    }
}

fn rule_of(resolve: Resolve) -> &'static str {
    match resolve {
        Resolve::File => "missing_module",
        _ => "missing_delegate",
    }
}
