//! What configuration of agents and editors starts by itself.

use serde_json::Value;

use super::file::File;
use super::jsonc::parse;

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

/// The commands of a file that has any; none of any other.
pub(super) fn commands(file: &File<'_>, text: &[u8]) -> Vec<Command> {
    let mut commands = Vec::new();
    let shape = FILES.iter().find(|(name, _)| file.is(name));
    let Some((shape, value)) = shape.and_then(|(_, shape)| Some((shape, parse(text)?))) else {
        return commands;
    };
    match shape {
        Shape::Hooks => {
            hooks(&value["hooks"], &mut commands);
            servers(&value, &mut commands);
        }
        Shape::Servers => servers(&value, &mut commands),
        Shape::Tasks => tasks(&value, &mut commands),
        Shape::Container => container(&value, &mut commands),
    }
    commands
}

/// `command` at any depth; `serde_json` bounds that.
fn hooks(value: &Value, commands: &mut Vec<Command>) {
    match value {
        Value::Object(map) => {
            if let Some(line) = map.get("command").and_then(Value::as_str) {
                commands.push(plain(line));
            }
            map.values().for_each(|value| hooks(value, commands));
        }
        Value::Array(all) => all.iter().for_each(|value| hooks(value, commands)),
        _ => {}
    }
}

fn servers(value: &Value, commands: &mut Vec<Command>) {
    for key in ["mcpServers", "servers"] {
        for server in value[key]
            .as_object()
            .into_iter()
            .flat_map(|map| map.values())
        {
            commands.extend(with_arguments(server).map(|command| Command {
                server: true,
                ..command
            }));
        }
    }
}

fn tasks(value: &Value, commands: &mut Vec<Command>) {
    for task in value["tasks"].as_array().into_iter().flatten() {
        if task["runOptions"]["runOn"] == "folderOpen" {
            let systems = ["windows", "osx", "linux"].map(|system| &task[system]);
            let all = std::iter::once(task).chain(systems);
            commands.extend(all.filter_map(with_arguments));
        }
    }
}

fn container(value: &Value, commands: &mut Vec<Command>) {
    for key in [
        "initializeCommand",
        "onCreateCommand",
        "updateContentCommand",
        "postCreateCommand",
        "postStartCommand",
        "postAttachCommand",
    ] {
        let several = value[key]
            .as_object()
            .into_iter()
            .flat_map(|map| map.values());
        for one in std::iter::once(&value[key]).chain(several) {
            let line = match one {
                Value::String(line) => line.clone(),
                Value::Array(words) => words
                    .iter()
                    .filter_map(Value::as_str)
                    .map(quoted)
                    .collect::<Vec<_>>()
                    .join(" "),
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

fn with_arguments(value: &Value) -> Option<Command> {
    let command = value["command"].as_str()?;
    let arguments = value["args"].as_array().into_iter().flatten();
    let words = arguments.filter_map(Value::as_str).map(quoted);
    let line = std::iter::once(command.to_owned())
        .chain(words)
        .collect::<Vec<_>>()
        .join(" ");
    Some(Command {
        line,
        ..plain(command)
    })
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
