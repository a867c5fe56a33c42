//! A project that is made up: sources, a change of them, three lcov shards,
//! and a Go module with its profile.

use crate::e2e::process::succeed;
use anyhow::{Context as _, Result};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const FILES: usize = 60;
const SHARDS: usize = 3;

const POLICY: &str = "\
version: 1
gates:
  coverage:
    reports: [\"reports/*.info\"]
    exports: [lcov, cobertura]
    criteria: {line_coverage: \">= 1%\", branch_coverage: \">= 1%\", function_coverage: \">= 1%\", patch_line_coverage: \">= 1%\"}
  coverage-go:
    kind: coverage
    reports: [reports/coverage.out]
    criteria: {statement_coverage: \">= 1%\"}
";

/// The project on disk; gone when dropped.
pub(super) struct Project {
    folder: tempfile::TempDir,
}

impl Project {
    pub(super) fn root(&self) -> PathBuf {
        self.folder.path().join("project")
    }

    pub(super) fn out(&self) -> PathBuf {
        self.folder.path().join("out")
    }
}

/// Paths of the shards, below the root.
pub(super) fn shards() -> Vec<String> {
    (0..SHARDS)
        .map(|shard| format!("reports/shard-{shard}.info"))
        .collect()
}

pub(super) fn lay_out() -> Result<Project> {
    let project = Project {
        folder: tempfile::tempdir()?,
    };
    let root = project.root();
    fs::create_dir_all(&root)?;
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let write = |path: &str, text: &str| -> Result<()> {
        let path = root.join(path);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&path, text).with_context(|| path.display().to_string())
    };
    write(".github/gates.yml", POLICY)?;
    write(".gitignore", "/reports\n")?;
    go_module(&write)?;
    let mut sources: Vec<Vec<String>> = Vec::new();
    for file in 0..FILES {
        let lines = 5 + dice.below(60);
        sources.push(
            (0..lines)
                .map(|line| format!("file {file} line {line}"))
                .collect(),
        );
        write(&source(file), &(sources[file].join("\n") + "\n"))?;
    }
    commit(&root, true)?;
    for (file, lines) in sources.iter_mut().enumerate() {
        match file % 5 {
            // moved as it is, changed, longer, and left alone
            0 => {
                fs::remove_file(root.join(source(file)))?;
                write(&now(file), &(lines.join("\n") + "\n"))?;
                continue;
            }
            1 | 2 => {
                for _ in 0..=dice.below(6) {
                    let at = dice.below(lines.len());
                    match dice.below(3) {
                        0 => lines[at].push_str(" changed"),
                        1 => lines.insert(at, format!("new in {file} at {at}")),
                        _ => drop(lines.remove(at)),
                    }
                }
            }
            3 => lines.extend((0..3).map(|line| format!("behind the end {line}"))),
            _ => continue,
        }
        write(&source(file), &(lines.join("\n") + "\n"))?;
    }
    write("src/brand new.c", "one\ntwo\nthree\n")?;
    commit(&root, false)?;
    let mut measured: Vec<(String, usize)> = sources
        .iter()
        .enumerate()
        .map(|(file, lines)| (now(file), lines.len()))
        .collect();
    measured.push((String::from("src/brand new.c"), 3));
    let plan: Vec<(String, Vec<usize>)> = measured
        .into_iter()
        .map(|(path, lines)| (path, (1..=lines).filter(|_| dice.below(3) > 0).collect()))
        .collect();
    for shard in shards() {
        let mut text = String::new();
        for (path, lines) in &plan {
            section(&mut text, path, lines, &mut dice);
        }
        write(&shard, &text)?;
    }
    let profile = root.join("reports/coverage.out");
    let mut go = Command::new("go");
    go.args(["test", "-covermode=count"])
        .arg(format!("-coverprofile={}", profile.display()))
        .arg("./...")
        .env("GOFLAGS", "-mod=mod")
        .env("GOPROXY", "off")
        .current_dir(&root);
    // Without Go there is no profile: what Go says is then not checked.
    if succeed(&mut go).is_err() {
        write(
            "reports/coverage.out",
            "mode: count\nexample.com/shop/shop.go:3.30,4.11 1 1\n",
        )?;
    }
    Ok(project)
}

fn source(file: usize) -> String {
    format!("src/part {}/file-{file}.c", file % 7)
}

/// Where a file is after the change.
fn now(file: usize) -> String {
    if file.is_multiple_of(5) {
        format!("moved/file-{file}.c")
    } else {
        source(file)
    }
}

fn section(text: &mut String, path: &str, lines: &[usize], dice: &mut Dice) {
    let _ = writeln!(text, "TN:\nSF:{path}");
    let functions: Vec<usize> = lines.iter().copied().step_by(9).collect();
    for line in &functions {
        let _ = writeln!(text, "FN:{line},function_{line}");
    }
    for line in &functions {
        let _ = writeln!(text, "FNDA:{},function_{line}", dice.below(2));
    }
    for line in lines.iter().step_by(4) {
        for branch in 0..2 {
            let taken = ["-", "0", "1"][dice.below(3)];
            let _ = writeln!(text, "BRDA:{line},0,{branch},{taken}");
        }
    }
    for line in lines {
        let _ = writeln!(text, "DA:{line},{}", dice.below(3) / 2 * dice.below(9));
    }
    text.push_str("end_of_record\n");
}

fn go_module(write: &impl Fn(&str, &str) -> Result<()>) -> Result<()> {
    write("go.mod", "module example.com/shop\n\ngo 1.21\n")?;
    write(
        "shop.go",
        "package shop\n\nfunc Total(prices []int, off int) int {\n\tsum := 0\n\tfor _, price := range prices {\n\t\tsum += price\n\t}\n\tif off > 0 {\n\t\tsum -= off\n\t\tif sum < 0 {\n\t\t\treturn 0\n\t\t}\n\t}\n\treturn sum\n}\n\nfunc Unused() int { return 1 }\n",
    )?;
    write(
        "shop_test.go",
        "package shop\n\nimport \"testing\"\n\nfunc TestTotal(t *testing.T) {\n\tif Total([]int{1, 2}, 1) != 2 {\n\t\tt.Fatal()\n\t}\n}\n",
    )?;
    write(
        "tax/tax.go",
        "package tax\n\nfunc Of(sum int) int {\n\tif sum > 100 {\n\t\treturn sum / 5\n\t}\n\treturn 0\n}\n",
    )?;
    write(
        "tax/tax_test.go",
        "package tax\n\nimport \"testing\"\n\nfunc TestOf(t *testing.T) { _ = Of(7) }\n",
    )
}

fn commit(root: &Path, first: bool) -> Result<()> {
    let git = |arguments: &[&str]| -> Result<()> {
        let mut git = Command::new("git");
        git.args([
            "-c",
            "user.name=Case",
            "-c",
            "user.email=case@example.invalid",
        ])
        .args(["-c", "commit.gpgsign=false"])
        .args(arguments)
        .current_dir(root);
        succeed(&mut git).map(drop)
    };
    if first {
        git(&["init", "--quiet", "--initial-branch=main"])?;
    }
    git(&["add", "--all"])?;
    git(&["commit", "--quiet", "--message", "state"])
}

/// Numbers that look like chance and are the same every time (xorshift).
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 16).unwrap_or_default() % most.max(1)
    }
}
