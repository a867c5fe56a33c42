//! Who can be called by name: plugins with their agents, skills and commands.

use crate::manifests::home;
use crate::tree::{Tree, folder, join, last};
use crate::world::{Manifest, World};
use serde_json::Value;
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

/// Everything that has a name in a world.
#[derive(Debug, Default)]
pub(crate) struct Roster<'a> {
    /// Folders of plugins, by the plugin's name; the root is empty.
    plugins: BTreeMap<String, BTreeSet<String>>,
    members: Vec<Member<'a>>,
    /// Places in `members`, by name.
    by_name: BTreeMap<String, Vec<usize>>,
    /// Comparisons left for suggestions.
    comparisons: Cell<usize>,
}

/// One agent, skill or command.
#[derive(Debug)]
pub(crate) struct Member<'a> {
    pub(crate) kind: Kind,
    pub(crate) name: String,
    pub(crate) path: &'a str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Agent,
    Skill,
    Command,
}

/// Comparisons of one run.
const MAX_COMPARISONS: usize = 500_000;

/// Agents that the tool brings itself.
const BUILT_IN_AGENTS: [&str; 7] = [
    "general-purpose",
    "explore",
    "plan",
    "statusline-setup",
    "output-style-setup",
    "claude-code-guide",
    "claude",
];

impl<'a> Roster<'a> {
    pub(crate) fn of(world: &World<'a>) -> Self {
        let mut roster = Self {
            comparisons: Cell::new(MAX_COMPARISONS),
            ..Self::default()
        };
        for Manifest { path, json, .. } in &world.manifests {
            let Ok(manifest) = json else { continue };
            let root = folder(folder(path));
            if last(path) == "plugin.json" {
                roster.plugin(manifest.get("name"), root);
            }
            for plugin in manifest
                .get("plugins")
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
            {
                let source = plugin.get("source").and_then(Value::as_str);
                let home = |source| home(&world.tree, root, manifest, source).ok();
                if let Some(folder) = source.and_then(home) {
                    roster.plugin(plugin.get("name"), &folder);
                }
            }
        }
        for page in world.pages.iter().filter(|page| page.module.is_markdown()) {
            let Some(kind) = kind(page.path) else {
                continue;
            };
            let named = page
                .module
                .matter
                .as_ref()
                .and_then(|matter| matter.as_ref().ok()?.value.get("name")?.as_str());
            let stem = last(page.path)
                .rsplit_once('.')
                .map_or("", |(stem, _)| stem);
            let fallback = match kind {
                Kind::Skill => last(folder(page.path)),
                Kind::Agent | Kind::Command => stem,
            };
            // A command is called by its file, whatever its front matter says.
            let name = match kind {
                Kind::Command => fallback,
                Kind::Agent | Kind::Skill => named.unwrap_or(fallback),
            };
            let at = roster.members.len();
            roster.by_name.entry(name.to_owned()).or_default().push(at);
            roster.members.push(Member {
                kind,
                name: name.to_owned(),
                path: page.path,
            });
        }
        roster
    }

    fn plugin(&mut self, name: Option<&Value>, folder: &str) {
        if let Some(name) = name.and_then(Value::as_str) {
            self.plugins
                .entry(name.to_owned())
                .or_default()
                .insert(folder.to_owned());
        }
    }

    /// `namespace:name`, of one kind where that is known; `None` where the namespace is not of this repository.
    pub(crate) fn qualified(
        &self,
        written: &str,
        kind: Option<Kind>,
    ) -> Option<Result<&'a str, Option<&str>>> {
        let (namespace, name) = written.trim_start_matches('/').split_once(':')?;
        let folders = self.plugins.get(namespace)?;
        Some(self.pick(name, |member| {
            if kind.is_some_and(|kind| kind != member.kind) {
                return false;
            }
            // The plugin's folder is one of those above the member, or the root.
            let mut above = member.path;
            while let Some((parent, _)) = above.rsplit_once('/') {
                if folders.contains(parent) {
                    return true;
                }
                above = parent;
            }
            folders.contains("")
        }))
    }

    /// A name of one kind, with or without its namespace.
    pub(crate) fn named(&self, kind: Kind, written: &str) -> Option<Result<&'a str, Option<&str>>> {
        if written.contains(':') {
            return self.qualified(written, Some(kind));
        }
        let built_in = BUILT_IN_AGENTS
            .iter()
            .any(|name| name.eq_ignore_ascii_case(written));
        if kind == Kind::Agent && built_in {
            return None;
        }
        Some(self.pick(written, |member| member.kind == kind))
    }

    /// The member of that name, or the nearest name.
    fn pick(
        &self,
        name: &str,
        is_meant: impl Fn(&Member<'a>) -> bool,
    ) -> Result<&'a str, Option<&str>> {
        let same = self.by_name.get(name).into_iter().flatten();
        let found = same
            .filter_map(|at| self.members.get(*at))
            .find(|member| is_meant(member));
        if let Some(member) = found {
            return Ok(member.path);
        }
        let mut nearest: Option<(usize, &str)> = None;
        for member in &self.members {
            // Suggestions are a courtesy, not a duty.
            let Some(left) = self.comparisons.get().checked_sub(1) else {
                break;
            };
            self.comparisons.set(left);
            if member.name.len().abs_diff(name.len()) <= 4 && name.len() <= 64 && is_meant(member) {
                let distance = strsim::damerau_levenshtein(&member.name, name);
                let near = distance <= 1 + name.len() / 5;
                if near && nearest.is_none_or(|best| (distance, member.name.as_str()) < best) {
                    nearest = Some((distance, &member.name));
                }
            }
        }
        Err(nearest.map(|(_, name)| name))
    }
}

/// What a file is by where it lies.
pub(crate) fn kind(path: &str) -> Option<Kind> {
    let name = last(path);
    if name == "SKILL.md" {
        return Some(Kind::Skill);
    }
    if name.eq_ignore_ascii_case("README.md") {
        return None;
    }
    // The nearest folder of the two says it.
    folder(path).rsplit('/').find_map(|part| match part {
        "agents" => Some(Kind::Agent),
        "commands" => Some(Kind::Command),
        _ => None,
    })
}

/// The folder of the skill that a file belongs to.
pub(crate) fn skill_of<'p>(tree: &Tree<'_>, path: &'p str) -> Option<&'p str> {
    let mut above = folder(path);
    loop {
        if join(above, "SKILL.md").is_some_and(|skill| tree.file(&skill).is_some()) {
            return Some(above);
        }
        if above.is_empty() {
            return None;
        }
        above = folder(above);
    }
}
