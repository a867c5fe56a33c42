//! The lifecycle scripts of npm packages, and the files that they run.

use super::json::Json;
use super::jsonc::{Unread, parse};
use super::programs::program;
use super::stages::stages;

/// Scripts that installing a package, or checking it out, runs.
const HOOKS: [&str; 7] = [
    "preinstall",
    "install",
    "postinstall",
    "preprepare",
    "prepare",
    "postprepare",
    "prepublish",
];

/// The command lines of the hooks.
pub(super) fn hooks(text: &[u8]) -> Result<Vec<String>, Unread> {
    let value = parse(text)?;
    let scripts = value.iter().flat_map(|value| value.all("scripts"));
    Ok(scripts
        .flat_map(Json::members)
        .filter(|(name, _)| HOOKS.contains(name))
        .filter_map(|(_, line)| line.text().map(str::to_owned))
        .collect())
}

/// Paths of the files that the hooks of a `package.json` run; for [`super::join`]. None for any other file.
pub fn hook_targets(path: &str, bytes: &[u8]) -> Vec<String> {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    if name != "package.json"
        || memchr::memmem::find(bytes, b"install\"").is_none()
            && memchr::memmem::find(bytes, b"prepare\"").is_none()
    {
        return Vec::new();
    }
    let mut targets = Vec::new();
    for line in hooks(bytes).unwrap_or_default() {
        for stage in stages(&line) {
            let words = program(&stage);
            let script = match words.first().map(String::as_str) {
                Some("node" | "bun" | "deno" | "python" | "python3") => words
                    .iter()
                    .skip(1)
                    .find(|word| !word.starts_with('-') && *word != "run"),
                _ => stage.words.first().filter(|word| word.starts_with('.')),
            };
            let Some(target) = script.and_then(|script| resolve(folder, script)) else {
                continue;
            };
            for ending in ["", ".js", ".cjs", ".mjs", "/index.js"] {
                targets.push(format!("{target}{ending}"));
            }
        }
    }
    targets
}

fn resolve(folder: &str, script: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in script.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}
