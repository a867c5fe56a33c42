//! Manifests of plugins and marketplaces against what is tracked, both ways.

use crate::evaluate::Counts;
use crate::issue::Issue;
use crate::roster::{Kind, kind};
use crate::tree::{Entry, folder, join, last};
use crate::world::{Manifest, World};
use serde_json::Value;
use std::collections::BTreeSet;

/// Keys of a manifest that name files or folders of the plugin.
const PATH_KEYS: [&str; 7] = [
    "commands",
    "agents",
    "skills",
    "hooks",
    "mcpServers",
    "outputStyles",
    "lspServers",
];

pub(crate) fn check(world: &World<'_>, issues: &mut Vec<Issue>, counts: &mut Counts) {
    for Manifest { path, json, .. } in world.manifests.iter().filter(|one| one.judged) {
        match json {
            Err(error) => {
                counts.references += 1;
                counts.names += 1;
                // Without it, whose names `plugin:name` are is not known either.
                for rule in ["missing_module", "missing_delegate"] {
                    let message = format!("the manifest is no JSON: {}", error.message);
                    let issue = Issue::of_file(rule, path, "", message);
                    issues.push(issue.at(error.line, error.column, None));
                }
            }
            Ok(manifest) if last(path) == "plugin.json" => {
                plugin(world, path, folder(folder(path)), manifest, issues, counts);
            }
            Ok(manifest) => marketplace(world, path, manifest, issues, counts),
        }
    }
}

/// Every path that a plugin names has to be there.
fn plugin(
    world: &World<'_>,
    manifest_path: &str,
    root: &str,
    manifest: &Value,
    issues: &mut Vec<Issue>,
    counts: &mut Counts,
) {
    for key in PATH_KEYS {
        for written in paths(manifest.get(key)) {
            counts.references += 1;
            let wanted = join(root, written);
            let found = wanted.as_ref().map(|path| world.tree.entry(path));
            if matches!(found, None | Some(Entry::Nothing)) {
                let message = format!(
                    "`{key}` of the manifest names `{written}`, which is not tracked below `{}`",
                    shown(root)
                );
                let key = format!("{key} {written}");
                let issue = Issue::of_file("missing_module", manifest_path, &key, message);
                issues.push(issue.to(wanted.as_deref().unwrap_or(written), None));
            }
        }
    }
}

/// Every plugin that a marketplace lists has to be there, and every one that is
/// there has to be listed; where a plugin lists its skills, all of them.
fn marketplace(
    world: &World<'_>,
    manifest_path: &str,
    manifest: &Value,
    issues: &mut Vec<Issue>,
    counts: &mut Counts,
) {
    let root = folder(folder(manifest_path));
    let mut listed: BTreeSet<String> = BTreeSet::new();
    let mut skills: BTreeSet<String> = BTreeSet::new();
    let mut lists_skills = false;
    let plugins = manifest.get("plugins").and_then(Value::as_array);
    for entry in plugins.into_iter().flatten() {
        // An object is a source elsewhere.
        let Some(source) = entry.get("source").and_then(Value::as_str) else {
            continue;
        };
        let name = entry.get("name").and_then(Value::as_str).unwrap_or(source);
        counts.references += 1;
        let folder = join(root, source).filter(|folder| world.tree.is_folder(folder));
        let Some(folder) = folder else {
            let message =
                format!("plugin `{name}` is to be at `{source}`, and nothing is tracked there");
            let key = format!("plugins {name}");
            let issue = Issue::of_file("missing_module", manifest_path, &key, message);
            issues.push(issue.to(join(root, source).as_deref().unwrap_or(source), None));
            continue;
        };
        plugin(world, manifest_path, &folder, entry, issues, counts);
        for written in paths(entry.get("skills")) {
            lists_skills = true;
            skills.extend(join(&folder, written));
        }
        listed.insert(folder);
    }
    if !world.config.asks("all_modules_referenced") {
        return;
    }
    let unlisted = |folder: &str, what: &str, issues: &mut Vec<Issue>| {
        let message = format!(
            "{what} `{}` is tracked and the manifest does not list it",
            shown(folder)
        );
        issues.push(Issue::of_file(
            "unlisted_module",
            manifest_path,
            folder,
            message,
        ));
    };
    let homes: BTreeSet<&str> = skills.iter().map(|skill| folder(skill)).collect();
    for path in world.tree.below(root) {
        let is_plugin = last(path) == "plugin.json" && last(folder(path)) == ".claude-plugin";
        if is_plugin {
            counts.modules += 1;
            let plugin = folder(folder(path));
            if plugin != root && !listed.contains(plugin) {
                unlisted(plugin, "plugin", issues);
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
            counts.modules += 1;
            // Skills that lie where skills of the listing plugin lie.
            let beside = homes.contains(folder(skill));
            if beside && !in_plugin && !skills.contains(skill) {
                unlisted(skill, "skill", issues);
            }
        }
    }
}

/// The paths of a key: one, a list, or none where it is an object.
fn paths(value: Option<&Value>) -> Vec<&str> {
    let local = |path: &&str| !path.contains("://") && !path.contains("${");
    match value {
        Some(Value::String(path)) => Some(path.as_str()).filter(local).into_iter().collect(),
        Some(Value::Array(items)) => items
            .iter()
            .filter_map(Value::as_str)
            .filter(local)
            .collect(),
        _ => Vec::new(),
    }
}

fn shown(folder: &str) -> &str {
    if folder.is_empty() { "." } else { folder }
}
