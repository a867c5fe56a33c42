//! Who can be called by name: plugins with their agents, skills and commands.

mod gather;

use crate::tree::{Tree, folder, join, last};
use crate::world::World;
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// Everything that has a name in a world.
#[derive(Debug)]
pub(crate) struct Roster<'a> {
    /// Folders of plugins, by the plugin's name; the root is empty.
    plugins: BTreeMap<String, BTreeSet<Rc<str>>>,
    members: Vec<Member<'a>>,
    /// Places in `members`, by name.
    by_name: BTreeMap<String, Vec<usize>>,
    /// Comparisons left for suggestions.
    comparisons: Cell<usize>,
}

/// One agent, skill or command, or what else has a name in a plugin.
#[derive(Debug)]
struct Member<'a> {
    kind: Option<Kind>,
    /// The first is its own, the others have its folders before it.
    names: Vec<String>,
    path: &'a str,
    /// The folder of its plugin.
    home: Option<Rc<str>>,
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
        let (plugins, members) = gather::gather(world);
        let mut by_name: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (at, member) in members.iter().enumerate() {
            for name in &member.names {
                by_name.entry(name.clone()).or_default().push(at);
            }
        }
        Self {
            plugins,
            members,
            by_name,
            comparisons: Cell::new(MAX_COMPARISONS),
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
            if kind.is_some() && kind != member.kind {
                return false;
            }
            let home = member.home.as_ref();
            home.is_some_and(|home| folders.contains(home))
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
        Some(self.pick(written, |member| member.kind == Some(kind)))
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
            let Some(own) = member.names.first() else {
                continue;
            };
            if own.len().abs_diff(name.len()) <= 4 && name.len() <= 64 && is_meant(member) {
                let distance = strsim::damerau_levenshtein(own, name);
                let near = distance <= 1 + name.len() / 5;
                if near && nearest.is_none_or(|best| (distance, own.as_str()) < best) {
                    nearest = Some((distance, own));
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
