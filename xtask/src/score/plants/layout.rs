//! Plants as data, and the files they become:
//!
//! ```text
//! == KIND                      a kind of defect; {n} is its number, {w} a word that goes with the number
//! -- PATH [| HOW] [%% MARK]    a file, up to the next one; a mark here is about the file as a whole
//! a line [%% MARK]             the mark is taken off; `fine`, or a rule or criterion that has to name this line;
//!                              NAME:GROUP: one of the lines of the group has to be named
//! # comment                    only between a kind and its first file
//! ```
//!
//! HOW is `untracked`, `ignored`, `symlink` (the first line is where it points), `submodule`, `crlf`, or `repeat=N`, which
//! writes the last line N times over with {i} from 1 to N.

use anyhow::{Context as _, Result, bail};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

/// What the repository is called: addresses of its own are plants too.
const OWN_URL: &str = "https://github.com/planted/planted.git";
const MARK: &str = " %% ";
/// Words in several scripts: plants differ in more than a number.
const WORDS: &[&str] = &[
    "guide",
    "Über",
    "настройка",
    "設定",
    "naïve",
    "वर्कफ़्लो",
    "Ολυμπος",
    "İstanbul",
    "ภาษาไทยที่",
    "crème",
    "בדיקה",
    "배포",
];

#[derive(Debug)]
pub(super) struct Kind {
    pub(super) name: String,
    files: Vec<Template>,
}

#[derive(Debug)]
struct Template {
    path: String,
    how: Vec<String>,
    mark: Option<String>,
    lines: Vec<String>,
}

/// A file that was laid out, and what is expected of it.
#[derive(Debug)]
pub(super) struct Laid {
    pub(super) kind: String,
    pub(super) number: usize,
    pub(super) path: String,
    pub(super) marks: Vec<Mark>,
    how: Vec<String>,
    text: String,
}

#[derive(Debug)]
pub(super) struct Mark {
    /// 1-based; 0: the file as a whole.
    pub(super) line: u32,
    pub(super) expect: Expect,
}

#[derive(Debug)]
pub(super) enum Expect {
    Fine,
    Defect { name: String, group: Option<String> },
}

pub(super) fn parse(text: &str) -> Result<Vec<Kind>> {
    let mut kinds: Vec<Kind> = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let place = || format!("line {}", number + 1);
        if let Some(name) = line.strip_prefix("== ") {
            kinds.push(Kind {
                name: name.to_owned(),
                files: Vec::new(),
            });
            continue;
        }
        let files = &mut kinds.last_mut().with_context(place)?.files;
        if let Some(head) = line.strip_prefix("-- ") {
            let (head, mark) = taken_off(head);
            let (path, how) = head.split_once(" | ").unwrap_or((head, ""));
            files.push(Template {
                path: path.to_owned(),
                how: how.split_whitespace().map(str::to_owned).collect(),
                mark: mark.map(str::to_owned),
                lines: Vec::new(),
            });
        } else if let Some(file) = files.last_mut() {
            file.lines.push(line.to_owned());
        } else if !line.is_empty() && !line.starts_with('#') {
            bail!("{}: found text before the first file of a kind", place());
        }
    }
    Ok(kinds)
}

fn taken_off(line: &str) -> (&str, Option<&str>) {
    match line.rsplit_once(MARK) {
        Some((line, mark)) => (line, Some(mark)),
        None => (line, None),
    }
}

/// Writes what is tracked of the `number`-th plant of a kind.
pub(super) fn lay_out(kind: &Kind, number: usize, root: &Path) -> Result<Vec<Laid>> {
    let word = WORDS[number % WORDS.len()];
    let fill = |text: &str| {
        text.replace("{n}", &number.to_string())
            .replace("{w}", word)
            .replace("{s}", &slug(word))
    };
    let mut all = Vec::new();
    for file in &kind.files {
        let mut marks: Vec<Mark> = file.mark.iter().map(|mark| expected(0, mark)).collect();
        let mut lines = Vec::new();
        let times = file.how.iter().find_map(|how| how.strip_prefix("repeat="));
        let times = times.map_or(Ok(1), str::parse::<usize>)?;
        for (at, line) in file.lines.iter().enumerate() {
            let (line, mark) = taken_off(line);
            let line = fill(line);
            for index in 1..=if at + 1 == file.lines.len() { times } else { 1 } {
                lines.push(line.replace("{i}", &index.to_string()));
                marks.extend(mark.map(|mark| expected(lines.len(), mark)));
            }
        }
        let end = if file.how.iter().any(|how| how == "crlf") {
            "\r\n"
        } else {
            "\n"
        };
        let laid = Laid {
            kind: kind.name.clone(),
            number,
            path: fill(&file.path),
            marks,
            how: file.how.clone(),
            text: lines.join(end) + end,
        };
        if !laid.is("untracked") && !laid.is("ignored") && !laid.is("submodule") {
            laid.write(root)?;
        }
        all.push(laid);
    }
    Ok(all)
}

/// GitHub's anchor of one of the words above: none has a space, so lower case is all.
fn slug(word: &str) -> String {
    word.to_lowercase()
}

fn expected(line: usize, mark: &str) -> Mark {
    let expect = match (mark, mark.split_once(':')) {
        ("fine", _) => Expect::Fine,
        (_, Some((name, group))) => Expect::Defect {
            name: name.to_owned(),
            group: Some(group.to_owned()),
        },
        (name, None) => Expect::Defect {
            name: name.to_owned(),
            group: None,
        },
    };
    Mark {
        line: u32::try_from(line).unwrap_or(u32::MAX),
        expect,
    }
}

impl Laid {
    fn is(&self, how: &str) -> bool {
        self.how.iter().any(|one| one == how)
    }

    fn write(&self, root: &Path) -> Result<()> {
        let path = root.join(&self.path);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        if self.is("symlink") {
            #[cfg(unix)]
            std::os::unix::fs::symlink(self.text.trim_end(), &path)?;
            return Ok(());
        }
        fs::write(&path, &self.text).with_context(|| path.display().to_string())
    }
}

/// What git has to be told beside what lies there: what it ignores, and submodules.
pub(super) fn track(root: &Path, all: &[Laid]) -> Result<()> {
    let mut ignored = String::new();
    for file in all.iter().filter(|file| file.is("ignored")) {
        let _ = writeln!(ignored, "/{}", file.path);
    }
    ignored.push_str("/.gatewright/\n");
    fs::write(root.join(".gitignore"), ignored)?;
    for arguments in [
        &["init", "--quiet", "--initial-branch=main"][..],
        &["remote", "add", "origin", OWN_URL],
        &["add", "--all"],
    ] {
        git(root, arguments)?;
    }
    for file in all.iter().filter(|file| file.is("submodule")) {
        // Any commit will do: nobody looks into it.
        let entry = format!("160000,{},{}", "1".repeat(40), file.path);
        git(root, &["update-index", "--add", "--cacheinfo", &entry])?;
        fs::create_dir_all(root.join(&file.path))?;
    }
    Ok(())
}

fn git(root: &Path, arguments: &[&str]) -> Result<()> {
    let output = Command::new("git")
        .args(arguments)
        .current_dir(root)
        .output()?;
    if !output.status.success() {
        bail!(
            "git {}: {}",
            arguments.join(" "),
            String::from_utf8_lossy(&output.stderr)
        );
    }
    Ok(())
}

/// What lies on the disk and is not tracked.
pub(super) fn untracked(root: &Path, all: &[Laid]) -> Result<()> {
    all.iter()
        .filter(|file| file.is("untracked") || file.is("ignored"))
        .try_for_each(|file| file.write(root))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_taken_off_and_numbers_put_in() {
        let folder = tempfile::tempdir().expect("a folder");
        let kinds = parse("== k\n# why\n-- {n}/a b.md | crlf repeat=2 %% whole\n{n}\n{i} of {n} %% a_rule:g\n-- b | untracked\nb\n").expect("a plant");
        let laid = lay_out(&kinds[0], 7, folder.path()).expect("laid out");
        let text = fs::read_to_string(folder.path().join("7/a b.md")).expect("a file");
        assert_eq!(text, "7\r\n1 of 7\r\n2 of 7\r\n");
        let marks: Vec<u32> = laid[0].marks.iter().map(|mark| mark.line).collect();
        assert_eq!(marks, [0, 2, 3]);
        assert!(
            !folder.path().join("b").exists(),
            "only once the rest is committed"
        );
        untracked(folder.path(), &laid).expect("written");
        assert!(folder.path().join("b").exists());
        assert!(parse("text").is_err() && parse("== k\ntext").is_err());
    }
}
