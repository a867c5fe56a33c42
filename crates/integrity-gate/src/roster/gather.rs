//! Where agents, skills, commands and their like are looked for by those who read them:
//! below `.claude/`, in the folder of a plugin, and where a manifest says.
//! Formats: <https://code.claude.com/docs/en/plugins/manifest-reference>.

mod named;

use super::{Kind, Member, kind};
use crate::form::is_manifest;
use crate::manifests::home;
use crate::tree::{Entry, folder, last};
use crate::world::{Manifest, World};
use gate_syntax::is_markdown;
use serde_json::Value;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// What may be looked at below folders that links and manifests name: the lengths of the paths, times their folders.
const MAX_WORK: usize = 200_000_000;

/// A folder of a plugin or of `.claude` whose files have names.
#[rustfmt::skip]
const SHELVES: &[(&str, &str, Option<Kind>)] = &[
    // Folder, key of a manifest, what its files are.
    ("agents", "agents", Some(Kind::Agent)),
    ("commands", "commands", Some(Kind::Command)),
    ("skills", "skills", Some(Kind::Skill)),
    ("output-styles", "outputStyles", None),
    ("workflows", "", None),
];

/// Folders of plugins by the plugin's name, and all that has a name.
pub(super) type Gathered<'a> = (BTreeMap<String, BTreeSet<Rc<str>>>, Vec<Member<'a>>);

pub(super) fn gather<'a>(world: &World<'a>) -> Gathered<'a> {
    let mut gather = Gather {
        world,
        plugins: BTreeMap::new(),
        homes: BTreeSet::new(),
        members: Vec::new(),
        work: MAX_WORK,
    };
    let described = gather.plugins();
    let linked = gather.linked();
    let places: Vec<Cow<'a, str>> = (world.tree.below("").map(Cow::Borrowed))
        .chain(linked)
        .collect();
    for place in &places {
        gather.on_a_shelf(place);
    }
    let read = |path: &str| {
        let at = (world.manifests).binary_search_by_key(&path, |manifest| manifest.path);
        at.is_ok_and(|at| world.manifests[at].json.is_ok())
    };
    let all_read = || {
        world
            .tree
            .below("")
            .filter(|path| is_manifest(path))
            .all(read)
    };
    // Collections have neither, and how they are used only their users know.
    let is_collection = gather.homes.is_empty() && gather.members.is_empty();
    if is_collection || !all_read() {
        for place in &places {
            gather.anywhere(place);
        }
    }
    // However many links there are, manifests are heard.
    gather.work = MAX_WORK;
    for (home, plugin) in described {
        gather.named(&home, plugin);
    }
    (gather.plugins, gather.members)
}

struct Gather<'w, 'a> {
    world: &'w World<'a>,
    plugins: BTreeMap<String, BTreeSet<Rc<str>>>,
    homes: BTreeSet<Rc<str>>,
    members: Vec<Member<'a>>,
    work: usize,
}

/// A plugin's folder, the manifest that describes it, and how.
type Described<'a> = (Rc<str>, (&'a str, &'a Value));

impl<'a> Gather<'_, 'a> {
    fn plugins(&mut self) -> Vec<Described<'a>> {
        let mut described = Vec::new();
        for Manifest { path, json, .. } in &self.world.manifests {
            let Ok(manifest) = json else { continue };
            let root = folder(folder(path));
            if last(path) == "plugin.json" {
                described.push((self.home(root), (*path, manifest)));
            }
            let listed = manifest.get("plugins").and_then(Value::as_array);
            for plugin in listed.into_iter().flatten() {
                let source = plugin.get("source").and_then(Value::as_str);
                let home = |source| home(&self.world.tree, root, manifest, source).ok();
                if let Some(folder) = source.and_then(home) {
                    described.push((self.home(&folder), (*path, plugin)));
                }
            }
        }
        for (home, (_, plugin)) in &described {
            if let Some(name) = plugin.get("name").and_then(Value::as_str) {
                let homes = self.plugins.entry(name.to_owned()).or_default();
                homes.insert(home.clone());
            }
        }
        described
    }

    /// The folder of a plugin, once however many are there.
    fn home(&mut self, folder: &str) -> Rc<str> {
        let known = self.homes.get(folder).cloned();
        let home = known.unwrap_or_else(|| Rc::from(folder));
        self.homes.insert(Rc::clone(&home));
        home
    }

    /// Whether one more path may be looked at.
    fn may_look(&mut self, path: &str) -> bool {
        let work = path.len() * (1 + memchr::memchr_iter(b'/', path.as_bytes()).count());
        let left = self.work.checked_sub(work);
        self.work = left.unwrap_or_default();
        left.is_some()
    }

    /// Files by the names that links to folders above give them.
    fn linked(&mut self) -> Vec<Cow<'a, str>> {
        let tree = &self.world.tree;
        let mut places = Vec::new();
        for (link, to) in tree.links().filter(|(_, to)| tree.is_folder(to)) {
            for path in tree.below(&to) {
                let below = path[to.len()..].trim_start_matches('/');
                let place = format!("{link}/{below}");
                if !self.may_look(&place) {
                    return places;
                }
                places.push(Cow::Owned(place));
            }
        }
        places
    }

    /// What lies where its reader looks without being told.
    fn on_a_shelf(&mut self, place: &str) {
        let mut above = folder(place);
        while !above.is_empty() {
            let home = folder(above);
            let shelf = SHELVES.iter().find(|(name, ..)| *name == last(above));
            let plugin = shelf.and_then(|_| self.homes.get(home).cloned());
            if let Some((name, _, kind)) = shelf
                && (plugin.is_some() || (last(home) == ".claude" && kind.is_some()))
            {
                let rest = &place[above.len() + 1..];
                let counts = match kind {
                    Some(Kind::Skill) => is_skill(rest) && rest.matches('/').count() == 1,
                    _ if *name == "workflows" => !rest.contains('/'),
                    _ => is_page(rest),
                };
                if counts {
                    self.add(*kind, place, rest, plugin);
                }
                return;
            }
            above = home;
        }
        // A plugin may be one skill.
        if is_skill(place)
            && let Some(home) = self.homes.get(folder(place)).cloned()
        {
            self.add(Some(Kind::Skill), place, place, Some(home));
        }
    }

    /// What is of a kind by any folder above it.
    fn anywhere(&mut self, place: &str) {
        let Some(kind) = kind(place).filter(|_| is_markdown(place)) else {
            return;
        };
        let mut above = place;
        let mut home = None;
        while home.is_none() && !above.is_empty() {
            above = folder(above);
            home = self.homes.get(above).cloned();
        }
        self.add(Some(kind), place, last(place), home);
    }

    /// `rest`: below the folder that says what it is.
    fn add(&mut self, kind: Option<Kind>, place: &str, rest: &str, home: Option<Rc<str>>) {
        let Some(Entry::File(path)) = self.world.tree.through(place) else {
            return;
        };
        let stem = |path: &str| match path.rsplit_once('.') {
            Some((stem, _)) => stem.to_owned(),
            None => path.to_owned(),
        };
        // A command is called by its file, whatever its front matter says.
        let given = match kind {
            Some(Kind::Command) => None,
            _ => self.given_name(path),
        };
        let name = given.unwrap_or_else(|| match kind {
            Some(Kind::Skill) => last(folder(place)).to_owned(),
            _ => stem(last(place)),
        });
        let mut names = Vec::new();
        // Folders make namespaces.
        if matches!(kind, Some(Kind::Agent | Kind::Command)) && rest.contains('/') {
            names.push(format!("{}:{name}", folder(rest).replace('/', ":")));
        }
        names.insert(0, name);
        self.members.push(Member {
            kind,
            names,
            path,
            home,
        });
    }

    /// The name in the front matter of a file.
    fn given_name(&self, path: &str) -> Option<String> {
        let page = &self.world.pages[self.world.page(path)?];
        let read;
        let matter = match &page.module.matter {
            Some(matter) => matter,
            // Elsewhere it was not known that it has a name.
            None if page.module.is_markdown() && kind(path).is_none() => {
                let bytes = self.world.contents.read(path)?;
                read = gate_syntax::front_matter_value(&String::from_utf8_lossy(&bytes))?;
                &read
            }
            None => return None,
        };
        let name = matter.as_ref().ok()?.value.get("name")?.as_str()?;
        Some(name.to_owned())
    }
}

fn is_skill(path: &str) -> bool {
    last(path) == "SKILL.md"
}

/// Markdown that is not about its folder.
fn is_page(path: &str) -> bool {
    is_markdown(path) && !last(path).eq_ignore_ascii_case("README.md")
}
