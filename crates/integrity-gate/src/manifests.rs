//! Manifests of plugins and marketplaces against their formats and against what
//! is tracked, both ways.

mod parts;
mod runs;

use self::parts::Named;
use self::runs::Seen;
use crate::evaluate::Counts;
use crate::issue::Issue;
use crate::roster::{Kind, kind};
use crate::tree::{Tree, folder, join, last};
use crate::world::{Manifest, World};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

pub(crate) fn check(world: &World<'_>, issues: &mut Vec<Issue>, counts: &mut Counts) {
    let mut seen = Seen::new();
    // Of every shard, as a marketplace asks for each of them.
    let is_plugin = |manifest: &&Manifest<'_>| last(manifest.path) == "plugin.json";
    let (plugins, markets): (Vec<_>, Vec<_>) = world.manifests.iter().partition(is_plugin);
    if !markets.is_empty() {
        counts.modules_of_all += plugins.len() as u64;
    }
    for Manifest { path, json, .. } in world.manifests.iter().filter(|one| one.judged) {
        match json {
            Err(error) => {
                counts.references += 1;
                counts.names += 1;
                let message = format!("the manifest cannot be used: {}", error.message);
                let issue = Issue::of_file("bad_manifest", path, "", message);
                issues.push(issue.at(error.line, error.column, None));
            }
            Ok(manifest) => {
                let mut named = Named {
                    world,
                    manifest: path,
                    issues,
                    counts,
                    wrong: 0,
                };
                match manifest {
                    Value::Object(plugin) if last(path) == "plugin.json" => {
                        if !plugin.get("name").is_some_and(Value::is_string) {
                            named.wrong("/name", plugin.get("name"), "a text");
                        }
                        let root = folder(folder(path));
                        named.parts("", plugin, root);
                        runs::check(world, (plugin, root), &mut seen, counts, issues);
                    }
                    Value::Object(marketplace) => {
                        listed(&mut named, manifest, marketplace, &mut seen);
                    }
                    _ => named.wrong("", Some(manifest), "an object"),
                }
            }
        }
    }
}

/// The folder of a plugin whose source is a path: one without `./` lies below the root that a marketplace gives its plugins.
/// Where it is nowhere, the place where it was looked for first.
pub(crate) fn home(
    tree: &Tree<'_>,
    root: &str,
    manifest: &Value,
    source: &str,
) -> Result<String, Option<String>> {
    let given = manifest.pointer("/metadata/pluginRoot");
    let given = given
        .and_then(Value::as_str)
        .and_then(|given| join(root, given));
    let below = given.and_then(|given| join(&given, source));
    let beside = join(root, source);
    let explicit = source.starts_with(['.', '/']);
    let (first, second) = match (explicit, below) {
        (false, Some(below)) => (Some(below), None),
        (_, below) => (beside, below),
    };
    let is_there = |folder: &&String| tree.is_folder(folder);
    let found = first
        .as_ref()
        .filter(is_there)
        .or(second.as_ref().filter(is_there));
    found.cloned().ok_or(first)
}

/// Where a path of a manifest leads, seen from the plugin's folder.
pub(crate) fn below(home: &str, written: &str) -> Option<String> {
    match written.strip_prefix(HOME) {
        Some(below) => join(home, &format!(".{below}")),
        None => join(home, written),
    }
}

/// What stands for the plugin's folder in its manifest.
pub(crate) const HOME: &str = "${CLAUDE_PLUGIN_ROOT}";

/// Every plugin that a marketplace lists has to be there, and every one that is
/// there has to be listed; where a plugin lists its skills, all of them.
fn listed(
    named: &mut Named<'_, '_>,
    manifest: &Value,
    marketplace: &Map<String, Value>,
    seen: &mut Seen,
) {
    let (world, path) = (named.world, named.manifest);
    let root = folder(folder(path));
    let mut listed: BTreeSet<String> = BTreeSet::new();
    let mut skills: BTreeSet<String> = BTreeSet::new();
    let mut lists_skills = false;
    let plugins = marketplace.get("plugins");
    if !plugins.is_some_and(Value::is_array) {
        named.wrong("/plugins", plugins, "a list of plugins");
    }
    let plugins = plugins.and_then(Value::as_array);
    for (at, entry) in plugins.into_iter().flatten().enumerate() {
        let pointer = format!("/plugins/{at}");
        let Value::Object(plugin) = entry else {
            named.wrong(&pointer, Some(entry), "an object with `name` and `source`");
            continue;
        };
        let name = plugin.get("name").and_then(Value::as_str);
        if name.is_none() {
            named.wrong(&format!("{pointer}/name"), plugin.get("name"), "a text");
        }
        let source = match plugin.get("source") {
            Some(Value::String(source)) => source.as_str(),
            // It lies elsewhere.
            Some(Value::Object(elsewhere))
                if elsewhere.get("source").is_some_and(Value::is_string) =>
            {
                continue;
            }
            found => {
                let expected = "a path, or an object with `source` for a place elsewhere";
                named.wrong(&format!("{pointer}/source"), found, expected);
                continue;
            }
        };
        let name = name.unwrap_or(source);
        named.counts.references += 1;
        let folder = match home(&world.tree, root, manifest, source) {
            Ok(folder) => folder,
            Err(looked_for) => {
                let message =
                    format!("plugin `{name}` is to be at `{source}`, and nothing is tracked there");
                let key = format!("plugins {name}");
                let issue = Issue::of_file("missing_module", path, &key, message);
                let issue = issue.to(looked_for.as_deref().unwrap_or(source), None);
                named.issues.push(issue);
                continue;
            }
        };
        named.parts(&pointer, plugin, &folder);
        runs::check(world, (plugin, &folder), seen, named.counts, named.issues);
        for written in paths(plugin.get("skills")) {
            lists_skills = true;
            skills.extend(join(&folder, written));
        }
        listed.insert(folder);
    }
    if !world.config.asks("all_modules_referenced") {
        return;
    }
    let unlisted = |folder: &str, what: &str, named: &mut Named<'_, '_>| {
        let message = format!(
            "{what} `{}` is tracked and the manifest does not list it",
            shown(folder)
        );
        named
            .issues
            .push(Issue::of_file("unlisted_module", path, folder, message));
    };
    let homes: BTreeSet<&str> = skills.iter().map(|skill| folder(skill)).collect();
    for path in world.tree.below(root) {
        let is_plugin = last(path) == "plugin.json" && last(folder(path)) == ".claude-plugin";
        if is_plugin {
            named.counts.modules += 1;
            let plugin = folder(folder(path));
            if plugin != root && !listed.contains(plugin) {
                unlisted(plugin, "plugin", named);
            }
        }
        if lists_skills && kind(path) == Some(Kind::Skill) {
            let skill = folder(path);
            let mut above = skill.rsplit_once('/').map(|(above, _)| above);
            let in_plugin = std::iter::from_fn(|| {
                let folder = above?;
                above = folder.rsplit_once('/').map(|(above, _)| above);
                Some(folder)
            })
            .any(|above| above != root && listed.contains(above));
            named.counts.modules += 1;
            // Skills that lie where skills of the listing plugin lie.
            let beside = homes.contains(folder(skill));
            if beside && !in_plugin && !skills.contains(skill) {
                unlisted(skill, "skill", named);
            }
        }
    }
}

/// The paths that a key names, one or a list.
pub(crate) fn paths(value: Option<&Value>) -> Vec<&str> {
    match value {
        Some(Value::String(path)) => vec![path],
        Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

fn shown(folder: &str) -> &str {
    if folder.is_empty() { "." } else { folder }
}
