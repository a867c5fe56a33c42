//! The parts that a manifest names: what its format allows, and whether it is there.
//! Formats: <https://code.claude.com/docs/en/plugins/manifest-reference>.

use super::{HOME, below};
use crate::evaluate::Counts;
use crate::issue::Issue;
use crate::tree::Entry;
use crate::world::World;
use serde_json::{Map, Value};

/// Parts of another shape that are told of one manifest.
const MAX_WRONG: usize = 1_000;

/// What a key may hold beside a path and a list of paths.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Also {
    Nothing,
    /// Commands by their name.
    Commands,
    /// Hooks by their event.
    Hooks,
    /// Servers by their name.
    Servers,
    /// A list of monitors.
    Monitors,
}

/// Keys of a manifest that name files or folders of the plugin.
#[rustfmt::skip]
const PARTS: &[(&str, Also, &str)] = &[
    ("commands", Also::Commands, "a path, a list of paths, or an object of commands with `source` or `content`"),
    ("agents", Also::Nothing, "a path or a list of paths"),
    ("skills", Also::Nothing, "a path or a list of paths"),
    ("outputStyles", Also::Nothing, "a path or a list of paths"),
    ("themes", Also::Nothing, "a path or a list of paths"),
    ("hooks", Also::Hooks, "a path, an object of lists of hooks by event, or a list of both"),
    ("mcpServers", Also::Servers, "a path, an address, an object of servers with `command` or `url`, or a list of these"),
    ("lspServers", Also::Servers, "a path, an object of servers with `command`, or a list of both"),
    ("monitors", Also::Monitors, "a path or a list of monitors with `command`"),
];

/// One manifest, and the folder that its paths are seen from.
pub(super) struct Named<'w, 'a> {
    pub(super) world: &'w World<'a>,
    pub(super) manifest: &'w str,
    pub(super) issues: &'w mut Vec<Issue>,
    pub(super) counts: &'w mut Counts,
    pub(super) wrong: usize,
}

/// A value with its JSON pointer.
type At<'v> = (&'v str, &'v Value);

impl Named<'_, '_> {
    /// A value of another shape than the format has at this place.
    pub(super) fn wrong(&mut self, pointer: &str, found: Option<&Value>, expected: &str) {
        self.counts.references += 1;
        self.wrong += 1;
        if self.wrong > MAX_WRONG {
            return;
        }
        let place = if pointer.is_empty() {
            String::new()
        } else {
            format!(" in `{pointer}`")
        };
        let message = format!("found {}{place}, expected {expected}", kind(found));
        let issue = Issue::of_file("bad_manifest", self.manifest, pointer, message);
        self.issues.push(issue);
    }

    /// Every part that a plugin names has to be there. `within`: the pointer to what describes the plugin; `root`: its folder.
    pub(super) fn parts(&mut self, within: &str, plugin: &Map<String, Value>, root: &str) {
        for (key, also, expected) in PARTS {
            let Some(value) = plugin.get(*key) else {
                continue;
            };
            let pointer = format!("{within}/{key}");
            let part = Part {
                key,
                also: *also,
                expected,
                root,
            };
            self.part(part, (&pointer, value), true);
        }
    }

    fn part(&mut self, part: Part<'_>, (pointer, value): At<'_>, whole: bool) {
        match value {
            Value::String(path) => {
                let is_address = part.key == "mcpServers" && path.contains("://");
                if !is_address {
                    self.path(part.key, path, part.root);
                }
            }
            Value::Array(items) if whole => {
                for (at, item) in items.iter().enumerate() {
                    self.part(part, (&format!("{pointer}/{at}"), item), false);
                }
            }
            Value::Object(inline) => match part.also {
                Also::Commands if whole => self.commands(part, pointer, inline),
                Also::Hooks => self.hooks(part, pointer, inline),
                Also::Servers => self.servers(part, pointer, inline),
                Also::Monitors if !whole => self.run(part, pointer, inline),
                _ => self.wrong(pointer, Some(value), part.expected),
            },
            _ => self.wrong(pointer, Some(value), part.expected),
        }
    }

    fn commands(&mut self, part: Part<'_>, pointer: &str, commands: &Map<String, Value>) {
        for (name, command) in commands {
            match (command.get("source"), command.get("content")) {
                (Some(Value::String(path)), _) => self.path(part.key, path, part.root),
                (None, Some(Value::String(_))) => {}
                _ => self.wrong(
                    &inside(pointer, name),
                    Some(command),
                    "an object with `source`, a path, or `content`, a text",
                ),
            }
        }
    }

    fn hooks(&mut self, part: Part<'_>, pointer: &str, events: &Map<String, Value>) {
        for (event, matchers) in events {
            let pointer = inside(pointer, event);
            let Value::Array(matchers) = matchers else {
                self.wrong(&pointer, Some(matchers), "a list of objects with `hooks`");
                continue;
            };
            for (at, matcher) in matchers.iter().enumerate() {
                let Some(Value::Array(hooks)) = matcher.get("hooks") else {
                    let expected = "an object with `hooks`, a list";
                    self.wrong(&format!("{pointer}/{at}"), Some(matcher), expected);
                    continue;
                };
                for (number, hook) in hooks.iter().enumerate() {
                    let pointer = format!("{pointer}/{at}/hooks/{number}");
                    match hook {
                        Value::Object(hook) => self.run(part, &pointer, hook),
                        _ => self.wrong(&pointer, Some(hook), "an object with `type`"),
                    }
                }
            }
        }
    }

    fn servers(&mut self, part: Part<'_>, pointer: &str, servers: &Map<String, Value>) {
        for (name, server) in servers {
            let described = server
                .as_object()
                .filter(|server| server.contains_key("command") || server.contains_key("url"));
            let pointer = inside(pointer, name);
            if let Some(server) = described {
                self.run(part, &pointer, server);
            } else {
                self.wrong(&pointer, Some(server), "an object with `command` or `url`");
            }
        }
    }

    /// What is run: paths below the plugin's folder have to be there.
    fn run(&mut self, part: Part<'_>, pointer: &str, run: &Map<String, Value>) {
        let command = run.get("command");
        if let Some(found) = command.filter(|command| !command.is_string()) {
            self.wrong(&format!("{pointer}/command"), Some(found), "a text");
        }
        let args = run.get("args");
        if let Some(found) = args.filter(|args| !args.is_array()) {
            self.wrong(&format!("{pointer}/args"), Some(found), "a list of texts");
        }
        let args = args.and_then(Value::as_array).into_iter().flatten();
        for text in command.into_iter().chain(args).filter_map(Value::as_str) {
            for path in plugin_paths(text) {
                let written = format!("{HOME}{path}");
                self.there(part.key, &written, part.root);
            }
        }
    }

    /// A path as the value of a key.
    fn path(&mut self, key: &str, written: &str, root: &str) {
        // What another variable stands for is not known here.
        if !written.strip_prefix(HOME).unwrap_or(written).contains("${") {
            self.there(key, written, root);
        }
    }

    fn there(&mut self, key: &str, written: &str, root: &str) {
        self.counts.references += 1;
        let wanted = below(root, written);
        let found = wanted.as_deref().map(|path| self.world.tree.entry(path));
        if matches!(found, None | Some(Entry::Nothing)) {
            let message = format!(
                "`{key}` of the manifest names `{written}`, which is not tracked below `{}`",
                super::shown(root)
            );
            let key = format!("{key} {written}");
            let issue = Issue::of_file("missing_module", self.manifest, &key, message);
            self.issues
                .push(issue.to(wanted.as_deref().unwrap_or(written), None));
        }
    }
}

/// A key of the manifest.
#[derive(Clone, Copy)]
struct Part<'p> {
    key: &'p str,
    also: Also,
    expected: &'p str,
    root: &'p str,
}

fn inside(pointer: &str, name: &str) -> String {
    format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"))
}

fn kind(found: Option<&Value>) -> &'static str {
    match found {
        None => "nothing",
        Some(Value::Null) => "null",
        Some(Value::Bool(_)) => "a truth value",
        Some(Value::Number(_)) => "a number",
        Some(Value::String(_)) => "a text",
        Some(Value::Array(_)) => "a list",
        Some(Value::Object(_)) => "an object",
    }
}

/// The variable that stands for the plugin's folder.
const ROOT: &str = "CLAUDE_PLUGIN_ROOT";

/// The paths below the plugin's folder that a command names, each with its `/`; without those that are only known when it runs,
/// or come with what is installed.
pub(super) fn plugin_paths(text: &str) -> Vec<&str> {
    let mut paths = Vec::new();
    for (at, _) in text.match_indices(ROOT) {
        let (before, after) = (&text[..at], &text[at + ROOT.len()..]);
        let (before, after) = match (before.strip_suffix("${"), after.strip_prefix('}')) {
            (Some(before), Some(after)) => (before, after),
            _ => match before.strip_suffix('$') {
                Some(before) => (before, after),
                None => continue,
            },
        };
        let quote = before.chars().last().filter(|c| matches!(c, '"' | '\''));
        // `"${CLAUDE_PLUGIN_ROOT}"/x` is the same as without quotes.
        let (quote, path) = match quote.and_then(|quote| after.strip_prefix(quote)) {
            Some(after) => (None, after),
            None => (quote, after),
        };
        let ends = |c: char| match quote {
            Some(quote) => c == quote,
            None => c.is_whitespace() || "\"'`;|&<>()".contains(c),
        };
        let path = path.split(ends).next().unwrap_or_default();
        let is_known = !path.contains(['$', '`', '*', '?', '[', '{', '%', ':']);
        let installed = ["/node_modules/", "/.venv/", "/venv/"];
        if path.starts_with('/') && is_known && !installed.iter().any(|of| path.starts_with(of)) {
            paths.push(path);
        }
    }
    paths
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_name_paths_of_the_plugin() {
        for (text, expected) in [
            ("${CLAUDE_PLUGIN_ROOT}/a.sh", &["/a.sh"] as &[&str]),
            (
                "\"${CLAUDE_PLUGIN_ROOT}/hooks/run it.cmd\" start",
                &["/hooks/run it.cmd"],
            ),
            ("\"${CLAUDE_PLUGIN_ROOT}\"/a.sh x", &["/a.sh"]),
            (
                "cd $CLAUDE_PLUGIN_ROOT/a && sh '$CLAUDE_PLUGIN_ROOT/b';x",
                &["/a", "/b"],
            ),
            ("(node ${CLAUDE_PLUGIN_ROOT}/a.js)", &["/a.js"]),
            ("cd ${CLAUDE_PLUGIN_ROOT} && ./a.sh", &[]),
            ("${CLAUDE_PLUGIN_ROOT}/${OS}/a", &[]),
            ("${CLAUDE_PLUGIN_ROOT}/*.sh", &[]),
            ("${CLAUDE_PLUGIN_ROOT}/node_modules/.bin/x", &[]),
            ("${CLAUDE_PLUGIN_ROOT:-.}/a.sh", &[]),
            ("$CLAUDE_PLUGIN_ROOTS/a.sh CLAUDE_PLUGIN_ROOT/a", &[]),
            ("npx x", &[]),
        ] {
            assert_eq!(plugin_paths(text), expected, "{text}");
        }
    }
}
