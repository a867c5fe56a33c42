//! What a plugin's files of hooks and servers run: a script of the plugin has to be there.

use super::parts::plugin_paths;
use super::{HOME, below, paths, shown};
use crate::evaluate::Counts;
use crate::issue::Issue;
use crate::json::json;
use crate::tree::Entry;
use crate::world::World;
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// Keys of a manifest that name such files, and the file that is read without being named.
const FILES: [(&str, &str); 3] = [
    ("hooks", "hooks/hooks.json"),
    ("mcpServers", ".mcp.json"),
    ("lspServers", ".lsp.json"),
];

/// Files that have been looked into, with the folders of their plugins.
pub(super) type Seen = BTreeSet<(String, String)>;

/// `root`: the folder of the plugin that `plugin` describes.
pub(super) fn check(
    world: &World<'_>,
    (plugin, root): (&Map<String, Value>, &str),
    seen: &mut Seen,
    counts: &mut Counts,
    issues: &mut Vec<Issue>,
) {
    for (key, usual) in FILES {
        let named = paths(plugin.get(key)).into_iter();
        for written in named.chain([usual]) {
            let Some(Entry::File(path)) =
                below(root, written).and_then(|path| world.tree.through(&path))
            else {
                continue;
            };
            let is_json = world.selected_json.contains(path);
            if is_json && seen.insert((path.to_owned(), root.to_owned())) {
                file(world, path, root, counts, issues);
            }
        }
    }
}

fn file(world: &World<'_>, path: &str, root: &str, counts: &mut Counts, issues: &mut Vec<Issue>) {
    let mut unusable = |message: &str, (line, column): (u32, u32)| {
        let message = format!("the file, which a plugin reads, cannot be used: {message}");
        let issue = Issue::of_file("bad_manifest", path, "", message);
        issues.push(issue.at(line, column, None));
    };
    counts.references += 1;
    let Some(bytes) = world.contents.read(path) else {
        return unusable("it is not here, or too large", (1, 1));
    };
    let value = match json(&bytes) {
        Ok(value) => value,
        Err(error) => return unusable(&error.message, (error.line, error.column)),
    };
    let mut commands = Vec::new();
    run(&value, &mut commands);
    let named: BTreeSet<&str> = commands.into_iter().flat_map(plugin_paths).collect();
    for named in named {
        counts.references += 1;
        let written = format!("{HOME}{named}");
        let wanted = below(root, &written);
        let found = wanted.as_deref().map(|path| world.on_disk(path));
        if !matches!(found, None | Some(Entry::Nothing)) {
            continue;
        }
        let message = format!(
            "`{written}` is run, and is not tracked below `{}`",
            shown(root)
        );
        let issue = Issue::of_file("missing_module", path, &written, message);
        let mut issue = issue.to(wanted.as_deref().unwrap_or(&written), None);
        if let Some(at) = memchr::memmem::find(&bytes, named.as_bytes()) {
            let line = memchr::memchr_iter(b'\n', &bytes[..at]).count() + 1;
            issue = issue.at(u32::try_from(line).unwrap_or(u32::MAX), 1, None);
        }
        issues.push(issue);
    }
}

/// The texts of `command` and `args`, wherever they stand; as deep as JSON is read.
fn run<'v>(value: &'v Value, commands: &mut Vec<&'v str>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| run(item, commands)),
        Value::Object(members) => {
            for (name, member) in members {
                if matches!(name.as_str(), "command" | "args") {
                    commands.extend(paths(Some(member)));
                }
                run(member, commands);
            }
        }
        _ => {}
    }
}
