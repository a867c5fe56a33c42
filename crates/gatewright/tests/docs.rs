//! The documents do what they say: every command in a `console` block of the README and the guide is run, ends with
//! the exit code noted and prints what is shown; the README's table of what is built is the code's.
//!
//! ````text
//! ```yaml title=".github/gates.yml"     a file of the document's repository, written when its turn comes
//! ```console
//! $ gatewright run # exit 1             `gatewright` and `git` only; without a note the exit code is 0
//! what it prints                        standard output, then standard error
//! ...                                   lines left out; without it the lines shown are all there are
//! ````
//!
//! Each document has one fresh folder, which it makes a repository by its own commands. Blocks in an HTML comment count
//! like any other, so a page may set up quietly what it shows.
#![allow(
    clippy::disallowed_methods,
    reason = "tests lay out files and start programs"
)]

use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

#[test]
fn commands_of_the_documents_do_what_is_shown() {
    let mut wrong = Vec::new();
    for document in documents() {
        let name = document
            .strip_prefix(root())
            .unwrap_or(&document)
            .display()
            .to_string();
        let text = fs::read_to_string(&document).unwrap_or_else(|error| panic!("{name}: {error}"));
        let steps = steps(&text).unwrap_or_else(|what| panic!("{name}:{what}"));
        let commands = steps
            .iter()
            .filter(|step| matches!(step.what, What::Command { .. }))
            .count();
        if commands == 0 {
            wrong.push(format!(
                "{name}: found no command to run; expected a ```console block with one"
            ));
        }
        let folder = tempfile::tempdir().expect("a temp dir");
        for step in steps {
            if let Err(what) = take(folder.path(), &step.what) {
                wrong.push(format!("{name}:{}: {what}", step.line));
                // What follows builds on what failed.
                break;
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn the_readme_leads_to_every_page_of_the_guide() {
    let readme = fs::read_to_string(root().join("README.md")).expect("README.md");
    for page in documents()
        .iter()
        .filter(|page| !page.ends_with("README.md"))
    {
        let name = page
            .file_name()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        assert!(
            readme.contains(&format!("(docs/guide/{name})")),
            "README.md does not link docs/guide/{name}"
        );
    }
}

/// The README's table of stages against the catalogue, which is generated from the gates' own tables.
#[test]
fn the_readme_says_what_is_built() {
    let readme = fs::read_to_string(root().join("README.md")).expect("README.md");
    let catalogue =
        fs::read(root().join("schemas/catalogue.json")).expect("schemas/catalogue.json");
    let catalogue: Value = serde_json::from_slice(&catalogue).expect("JSON");
    for kind in ["integrity", "security", "coverage", "performance"] {
        let link = format!("(docs/reference/{kind}.md)");
        let row = readme
            .lines()
            .find(|line| line.starts_with("| ") && line.contains(&link));
        let cells: Vec<&str> = row
            .unwrap_or_else(|| panic!("README.md: no stage {kind}"))
            .split('|')
            .map(str::trim)
            .collect();
        let criteria = catalogue["kinds"][kind]["criteria"]
            .as_object()
            .expect("criteria");
        let built: BTreeSet<&str> = criteria
            .iter()
            .filter(|(_, criterion)| criterion["built"] == true)
            .map(|(id, _)| id.as_str())
            .collect();
        assert_eq!(
            named(cells[2]),
            built,
            "README.md: what is judged today of {kind}"
        );
        assert!(
            criteria.len() == built.len() || !cells[3].is_empty(),
            "README.md: something of {kind} is planned"
        );
    }
}

/// What stands in code quotes.
fn named(cell: &str) -> BTreeSet<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

/// The README and the pages of the guide.
fn documents() -> Vec<PathBuf> {
    let guide = root().join("docs/guide");
    let mut documents: Vec<PathBuf> = fs::read_dir(&guide)
        .expect("docs/guide")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "md"))
        .collect();
    documents.sort();
    assert!(!documents.is_empty(), "{}: found no page", guide.display());
    documents.insert(0, root().join("README.md"));
    documents
}

#[derive(Debug, PartialEq, Eq)]
struct Step {
    /// Line in the document, from 1.
    line: usize,
    what: What,
}

#[derive(Debug, PartialEq, Eq)]
enum What {
    File {
        path: String,
        text: String,
    },
    Command {
        words: Vec<String>,
        exit: i32,
        shown: Vec<String>,
    },
}

/// What a document asks for, in its order.
fn steps(text: &str) -> Result<Vec<Step>, String> {
    let mut steps = Vec::new();
    let mut lines = text
        .lines()
        .enumerate()
        .map(|(index, line)| (index + 1, line));
    while let Some((opened, line)) = lines.next() {
        let indent = line.len() - line.trim_start().len();
        let Some(info) = line.trim_start().strip_prefix("```") else {
            continue;
        };
        let mut block = Vec::new();
        loop {
            let (number, line) = lines
                .next()
                .ok_or_else(|| format!("{opened}: found no end of this block"))?;
            if line.trim() == "```" {
                break;
            }
            block.push((number, line.get(indent..).unwrap_or_default().to_owned()));
        }
        if let Some(path) = info
            .split_once("title=\"")
            .and_then(|(_, rest)| rest.split_once('"'))
        {
            let lines: Vec<&str> = block.iter().map(|(_, line)| line.as_str()).collect();
            let text = lines.join("\n") + "\n";
            steps.push(Step {
                line: opened,
                what: What::File {
                    path: path.0.to_owned(),
                    text,
                },
            });
        } else if info == "console" {
            commands(block, &mut steps)?;
        }
    }
    Ok(steps)
}

fn commands(block: Vec<(usize, String)>, steps: &mut Vec<Step>) -> Result<(), String> {
    let first = steps.len();
    for (number, line) in block {
        if let Some(typed) = line.strip_prefix("$ ") {
            let (words, exit) = parse(typed).map_err(|what| format!("{number}: {what}"))?;
            steps.push(Step {
                line: number,
                what: What::Command {
                    words,
                    exit,
                    shown: Vec::new(),
                },
            });
        } else {
            match steps[first..].last_mut().map(|step| &mut step.what) {
                Some(What::Command { shown, .. }) => shown.push(line),
                _ => return Err(format!("{number}: found output before any command")),
            }
        }
    }
    Ok(())
}

/// A command line as a shell reads it, as far as documents need one: words, quotes and a comment.
fn parse(typed: &str) -> Result<(Vec<String>, i32), String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut comment = "";
    for (at, c) in typed.char_indices() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some('"'), '$' | '`' | '\\') => {
                return Err(format!(
                    "found `{c}` in double quotes, expected no expansion"
                ));
            }
            (Some(_), c) => word.get_or_insert_default().push(c),
            (None, '\'' | '"') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, ' ') => words.extend(word.take()),
            (None, '#') if word.is_none() => {
                comment = &typed[at..];
                break;
            }
            (None, '|' | '&' | ';' | '<' | '>' | '$' | '`' | '\\' | '*' | '?' | '(' | ')') => {
                return Err(format!(
                    "found `{c}`, expected plain words: no shell runs this"
                ));
            }
            (None, c) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    if quote.is_some() {
        return Err(String::from("found an open quote"));
    }
    match words.first().map(String::as_str) {
        Some("gatewright" | "git") => {}
        found => {
            return Err(format!(
                "found `{}`, expected gatewright or git",
                found.unwrap_or_default()
            ));
        }
    }
    let exit = match comment.strip_prefix("# exit ") {
        Some(code) => code
            .trim()
            .parse()
            .map_err(|_| format!("found `{comment}`, expected `# exit` and a number"))?,
        None => 0,
    };
    Ok((words, exit))
}

fn take(folder: &Path, what: &What) -> Result<(), String> {
    match what {
        What::File { path, text } => {
            if path.starts_with('/') || path.split('/').any(|part| part == "..") {
                return Err(format!(
                    "found the title `{path}`, expected a path in the document's folder"
                ));
            }
            let path = folder.join(path);
            fs::create_dir_all(path.parent().expect("a parent"))
                .map_err(|error| error.to_string())?;
            fs::write(path, text).map_err(|error| error.to_string())
        }
        What::Command { words, exit, shown } => {
            let program = if words[0] == "git" {
                "git"
            } else {
                env!("CARGO_BIN_EXE_gatewright")
            };
            let mut command = Command::new(program);
            gate_testkit::scrub(&mut command);
            let ran = command
                .args(&words[1..])
                .current_dir(folder)
                .stdin(Stdio::null())
                .output()
                .map_err(|error| format!("{program}: {error}"))?;
            let printed = [ran.stdout, ran.stderr].concat();
            let printed = String::from_utf8_lossy(&printed);
            let told =
                |what: String| format!("`{}`: {what}; it printed:\n{printed}", words.join(" "));
            if ran.status.code() != Some(*exit) {
                return Err(told(format!(
                    "found {}, expected exit code {exit}",
                    ran.status
                )));
            }
            let printed: Vec<&str> = printed.lines().map(str::trim_end).collect();
            compare(shown, &printed).map_err(told)
        }
    }
}

/// Whether what is shown is what was printed, but for what `...` leaves out. Nothing shown: nothing claimed.
fn compare(shown: &[String], printed: &[&str]) -> Result<(), String> {
    let shown = without_blank_end(shown.iter().map(|line| line.trim_end()).collect());
    let printed = without_blank_end(printed.to_vec());
    if shown.is_empty() {
        return Ok(());
    }
    let pieces: Vec<&[&str]> = shown.split(|line| line.trim() == "...").collect();
    let last = pieces.len() - 1;
    let mut at = 0;
    for (index, piece) in pieces.iter().enumerate() {
        if piece.is_empty() {
            continue;
        }
        let fits = |start: &usize| printed.get(*start..*start + piece.len()) == Some(piece);
        let found = match (index == 0, index == last) {
            (true, _) => Some(0).filter(fits),
            (false, true) => printed
                .len()
                .checked_sub(piece.len())
                .filter(|start| *start >= at)
                .filter(fits),
            (false, false) => (at..=printed.len()).find(fits),
        };
        let Some(start) = found else {
            return Err(format!(
                "it does not print these lines here and together:\n{}",
                piece.join("\n")
            ));
        };
        at = start + piece.len();
    }
    let open_end = shown.last().is_some_and(|line| line.trim() == "...");
    match printed.get(at) {
        Some(next) if !open_end => Err(format!(
            "found more than is shown, from here on (`...` leaves lines out):\n{next}"
        )),
        _ => Ok(()),
    }
}

fn without_blank_end(mut lines: Vec<&str>) -> Vec<&str> {
    while lines.last().is_some_and(|line| line.trim().is_empty()) {
        lines.pop();
    }
    lines
}

#[test]
fn documents_are_read_as_they_are_written() {
    let text = "<!--\n```text title=\"a/b.txt\"\nx\n```\n-->\n- one\n  ```console\n  $ git add 'a b' # exit 1\n  out\n  ```\n```sh\n$ rm -r x\n```\n";
    let words = ["git", "add", "a b"].map(String::from).to_vec();
    let command = What::Command {
        words,
        exit: 1,
        shown: vec![String::from("out")],
    };
    let file = What::File {
        path: String::from("a/b.txt"),
        text: String::from("x\n"),
    };
    assert_eq!(
        steps(text),
        Ok(vec![
            Step {
                line: 2,
                what: file
            },
            Step {
                line: 8,
                what: command
            }
        ])
    );
    for wrong in [
        "```console\n$ rm x\n```",
        "```console\n$ git log | cat\n```",
        "```console\nout\n```",
        "```console\n$ git log",
    ] {
        assert!(steps(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn what_is_shown_is_all_there_is_but_for_the_dots() {
    let printed = ["a", "b", "", "c", "d"];
    let holds = |shown: &[&str]| {
        let shown: Vec<String> = shown.iter().map(|&line| line.to_owned()).collect();
        compare(&shown, &printed).is_ok()
    };
    for shown in [
        &["a", "b", "", "c", "d"][..],
        &["a", "..."],
        &["...", "d"],
        &["a", "...", "c", "..."],
        &["..."],
        &[],
    ] {
        assert!(holds(shown), "{shown:?}");
    }
    for shown in [
        &["a", "b"][..],
        &["b", "..."],
        &["...", "c"],
        &["a", "c", "..."],
        &["...", "c", "...", "b", "..."],
    ] {
        assert!(!holds(shown), "{shown:?}");
    }
}
