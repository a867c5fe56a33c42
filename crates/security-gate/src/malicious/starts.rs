//! What configuration of agents and editors starts by itself.

use super::file::File;
use super::json::Json;
use super::jsonc::{Unread, parse};

/// Where what is run is, in a file of that name.
#[derive(Debug, Clone, Copy)]
enum Shape {
    /// Every `command` below `hooks`; and servers.
    Hooks,
    Servers,
    Tasks,
    Container,
}

const FILES: [(&str, Shape); 13] = [
    (".claude/settings.json", Shape::Hooks),
    (".claude/settings.local.json", Shape::Hooks),
    (".gemini/settings.json", Shape::Hooks),
    (".cursor/hooks.json", Shape::Hooks),
    ("hooks/hooks.json", Shape::Hooks),
    (".mcp.json", Shape::Servers),
    (".cursor/mcp.json", Shape::Servers),
    (".vscode/mcp.json", Shape::Servers),
    ("mcp.json", Shape::Servers),
    ("claude_desktop_config.json", Shape::Servers),
    (".vscode/tasks.json", Shape::Tasks),
    ("devcontainer.json", Shape::Container),
    (".devcontainer.json", Shape::Container),
];

/// A command, and whether it runs where it can do harm.
pub(super) struct Command {
    pub(super) line: String,
    /// A text of the file to find it by.
    pub(super) key: String,
    pub(super) contained: bool,
    pub(super) server: bool,
}

/// Whether the file may start commands.
pub(super) fn concerns(file: &File<'_>) -> bool {
    FILES.iter().any(|(name, _)| file.is(name))
}

/// The commands of a file that has any; none of any other.
pub(super) fn commands(file: &File<'_>, text: &[u8]) -> Result<Vec<Command>, Unread> {
    let mut commands = Vec::new();
    let Some((_, shape)) = FILES.iter().find(|(name, _)| file.is(name)) else {
        return Ok(commands);
    };
    let Some(value) = parse(text)? else {
        return Ok(commands);
    };
    match shape {
        Shape::Hooks => {
            for value in value.all("hooks") {
                hooks(value, &mut commands);
            }
            servers(&value, &mut commands);
        }
        Shape::Servers => servers(&value, &mut commands),
        Shape::Tasks => tasks(&value, &mut commands),
        Shape::Container => container(&value, &mut commands),
    }
    Ok(commands)
}

/// `command` at any depth; `serde_json` bounds that.
fn hooks(value: &Json, commands: &mut Vec<Command>) {
    commands.extend(value.texts("command").map(plain));
    for (_, value) in value.members() {
        hooks(value, commands);
    }
    for value in value.items() {
        hooks(value, commands);
    }
}

fn servers(value: &Json, commands: &mut Vec<Command>) {
    for key in ["mcpServers", "servers"] {
        for (_, server) in value.all(key).iter().flat_map(Json::members) {
            commands.extend(with_arguments(server).map(|command| Command {
                server: true,
                ..command
            }));
        }
    }
}

fn tasks(value: &Json, commands: &mut Vec<Command>) {
    let starts = |task: &&Json| {
        let options = task.all("runOptions").iter();
        let mut when = options.flat_map(|options| options.texts("runOn"));
        when.any(|when| when == "folderOpen")
    };
    let tasks = value.all("tasks").iter().flat_map(Json::items);
    for task in tasks.filter(starts) {
        let systems = ["windows", "osx", "linux"].into_iter();
        let systems = systems.flat_map(|system| task.all(system));
        commands.extend(
            std::iter::once(task)
                .chain(systems)
                .flat_map(with_arguments),
        );
    }
}

fn container(value: &Json, commands: &mut Vec<Command>) {
    for key in [
        "initializeCommand",
        "onCreateCommand",
        "updateContentCommand",
        "postCreateCommand",
        "postStartCommand",
        "postAttachCommand",
    ] {
        for whole in value.all(key) {
            let several = whole.members().map(|(_, value)| value);
            for one in std::iter::once(whole).chain(several) {
                let line = match one {
                    Json::Text(line) => line.clone(),
                    Json::List(words) => line(words),
                    _ => continue,
                };
                // The first of them runs on the machine itself, before there is a container.
                let contained = key != "initializeCommand";
                commands.push(Command {
                    line,
                    key: key.to_owned(),
                    contained,
                    server: false,
                });
            }
        }
    }
}

/// Each command with each list of arguments: which of them a reader takes where there are more than one is its own matter.
fn with_arguments(value: &Json) -> impl Iterator<Item = Command> {
    value.texts("command").flat_map(|command| {
        let lists = value.all("args").iter().map(|list| Some(list.items()));
        let none = value.all("args").is_empty().then_some(None);
        lists.chain(none).map(move |list| {
            let arguments = list.map(line).filter(|line| !line.is_empty());
            Command {
                line: std::iter::once(command.to_owned())
                    .chain(arguments)
                    .collect::<Vec<_>>()
                    .join(" "),
                ..plain(command)
            }
        })
    })
}

/// A command line of words.
fn line(words: &[Json]) -> String {
    let words = words.iter().filter_map(Json::text).map(quoted);
    words.collect::<Vec<_>>().join(" ")
}

fn plain(line: &str) -> Command {
    Command {
        line: line.to_owned(),
        key: line.to_owned(),
        contained: false,
        server: false,
    }
}

/// One word of a command line.
fn quoted(word: &str) -> String {
    if word.contains([' ', '|', ';', '&', '(', '"']) {
        format!("'{}'", word.replace('\'', "\""))
    } else {
        word.to_owned()
    }
}
