//! A repository that is made up, byte for byte the same every time: Markdown
//! that links, source code, and a coverage report over it.

use anyhow::{Result, bail};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

/// One file in this many is Markdown.
const MARKDOWN_EVERY: usize = 5;
/// Files in one folder.
const FOLDER: usize = 100;

#[derive(Debug)]
pub(crate) struct Corpus {
    pub files: usize,
    pub bytes: usize,
    pub markdown: usize,
    pub links: usize,
    /// Bytes of the coverage report beside it.
    pub report: usize,
}

const POLICY: &str = "\
version: 1
gates:
  integrity:
    criteria: {no_broken_links: true, cross_references_valid: true, all_referenced_modules_exist: true, no_circular_dependencies: true, yaml_frontmatter_correct: true}
  security:
    criteria: {secrets_detected: 0, malicious_content: false}
  coverage:
    reports: [coverage/lcov.info]
    criteria: {line_coverage: \">= 50%\", branch_coverage: \">= 50%\"}
";

const WORDS: &[&str] = &[
    "basket", "order", "ship", "invoice", "total", "price", "count", "stock", "page", "link",
    "guide", "error", "value", "first", "next", "until", "every", "build", "check", "store",
    "fetch", "merge", "report", "branch", "review",
];

pub(crate) fn lay_out(root: &Path, files: usize, bytes: usize) -> Result<Corpus> {
    let mut words = Words::start();
    let mut corpus = Corpus {
        files: 0,
        bytes: 0,
        markdown: 0,
        links: 0,
        report: 0,
    };
    // The policy and the list of what git ignores are two of the files.
    let made = files - 2;
    let mut lcov = String::new();
    for index in 0..made {
        // What is left, shared by the files that are left.
        let size = bytes.saturating_sub(corpus.bytes + made * 20) / (made - index);
        let path = path_of(index);
        let text = if index % MARKDOWN_EVERY == 0 {
            corpus.markdown += 1;
            markdown(index, made, size, &mut words, &mut corpus.links)
        } else {
            source(index, &path, size, &mut words, &mut lcov)
        };
        write(root, &path, &text, &mut corpus)?;
    }
    write(root, ".gitignore", "/coverage/\n", &mut corpus)?;
    write(root, ".github/gates.yml", POLICY, &mut corpus)?;
    commit(root)?;
    // A report is made by a build and not tracked.
    fs::create_dir(root.join("coverage"))?;
    fs::write(root.join("coverage/lcov.info"), &lcov)?;
    corpus.report = lcov.len();
    Ok(corpus)
}

fn path_of(index: usize) -> String {
    let folder = index / FOLDER;
    match index % MARKDOWN_EVERY {
        0 => format!("docs/{folder:03}/page-{index:05}.md"),
        1 => format!("src/{folder:03}/unit_{index:05}.rs"),
        2 => format!("src/{folder:03}/unit-{index:05}.ts"),
        3 => format!("src/{folder:03}/unit_{index:05}.py"),
        _ => format!("config/{folder:03}/unit-{index:05}.yaml"),
    }
}

/// A page with front matter, headings, and links to other pages, to headings
/// and to source.
fn markdown(
    index: usize,
    made: usize,
    size: usize,
    words: &mut Words,
    links: &mut usize,
) -> String {
    let mut text = format!("---\ntitle: Page {index}\nnumber: {index}\n---\n\n# Page {index}\n\n");
    let mut section = 0;
    while text.len() < size {
        section += 1;
        let _ = write!(text, "## Section {section}\n\n{}\n\n", words.sentence(60));
        let page = words.below(made.div_ceil(MARKDOWN_EVERY)) * MARKDOWN_EVERY;
        let unit = (words.below(made / MARKDOWN_EVERY)) * MARKDOWN_EVERY + 1;
        let _ = write!(
            text,
            "See [page {page}](../../{}), [its first part](../../{}#section-1) and [the code](../../{}).\n\n",
            path_of(page),
            path_of(page),
            path_of(unit)
        );
        *links += 3;
    }
    if section == 0 {
        text.push_str("## Section 1\n");
    }
    text
}

/// Lines that look like code; every line is in the report.
fn source(index: usize, path: &str, size: usize, words: &mut Words, lcov: &mut String) -> String {
    let mut text = String::with_capacity(size + 100);
    let mut line = 0;
    while text.len() < size {
        line += 1;
        let _ = writeln!(
            text,
            "let {}_{line} = {}({line}, \"{}\");",
            words.word(),
            words.word(),
            words.sentence(6)
        );
    }
    // Every tenth file is in the report, so that it has a size as real ones have.
    if index % 10 == 1 {
        let _ = writeln!(lcov, "TN:\nSF:{path}");
        (1..=line).for_each(|line| {
            let _ = writeln!(lcov, "DA:{line},{}", line % 4);
        });
        let _ = writeln!(
            lcov,
            "BRDA:1,0,0,1\nBRDA:1,0,1,3\nBRF:2\nBRH:2\nLF:{line}\nLH:{}\nend_of_record",
            line - line / 4
        );
    }
    text
}

fn write(root: &Path, path: &str, text: &str, corpus: &mut Corpus) -> Result<()> {
    let full = root.join(path);
    if let Some(folder) = full.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(full, text)?;
    corpus.files += 1;
    corpus.bytes += text.len();
    Ok(())
}

/// The folder as a repository with one commit, the same every time.
pub(crate) fn commit(root: &Path) -> Result<()> {
    let identity = [
        "-c",
        "user.name=Bench",
        "-c",
        "user.email=bench@example.org",
        "-c",
        "commit.gpgsign=false",
    ];
    let date = "2026-01-01T00:00:00Z";
    for arguments in [
        &["init", "--quiet", "--initial-branch=main"][..],
        &["add", "--all"],
        &["commit", "--quiet", "--message=bench"],
    ] {
        let git = Command::new("git")
            .args(identity)
            .args(arguments)
            .current_dir(root)
            .envs([
                ("GIT_AUTHOR_DATE", date),
                ("GIT_COMMITTER_DATE", date),
                ("GIT_CONFIG_GLOBAL", ""),
                ("GIT_CONFIG_NOSYSTEM", "1"),
            ])
            .output()?;
        if !git.status.success() {
            bail!(
                "git {}: {}",
                arguments.join(" "),
                String::from_utf8_lossy(&git.stderr)
            );
        }
    }
    Ok(())
}

/// Words from a generator with a fixed start (Knuth's linear congruence).
pub(super) struct Words {
    state: u64,
}

impl Words {
    pub(super) fn start() -> Self {
        Self {
            state: 0x9E37_79B9_7F4A_7C15,
        }
    }

    pub(super) fn below(&mut self, bound: usize) -> usize {
        self.state = self
            .state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.state >> 33).unwrap_or_default() % bound
    }

    fn word(&mut self) -> &'static str {
        WORDS[self.below(WORDS.len())]
    }

    pub(super) fn sentence(&mut self, length: usize) -> String {
        (0..length)
            .map(|_| self.word())
            .collect::<Vec<_>>()
            .join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_repository_is_as_large_as_asked_and_always_the_same() {
        let lay_out_in = |folder: &Path| lay_out(folder, 200, 1_000_000).expect("laid out");
        let (first, second) = (
            tempfile::tempdir().expect("a folder"),
            tempfile::tempdir().expect("a folder"),
        );
        let corpus = lay_out_in(first.path());
        lay_out_in(second.path());
        assert_eq!(corpus.files, 200);
        assert!(
            (900_000..1_300_000).contains(&corpus.bytes),
            "{} bytes",
            corpus.bytes
        );
        assert!(corpus.links > 50, "{} links", corpus.links);
        let commit =
            |folder: &Path| fs::read(folder.join(".git/refs/heads/main")).expect("a commit");
        assert_eq!(commit(first.path()), commit(second.path()));
    }
}
