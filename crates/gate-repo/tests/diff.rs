//! Changes against a base: one case of each kind, then random histories against git itself.
#![allow(clippy::disallowed_methods, reason = "tests lay out repositories")]

mod common;

use std::collections::BTreeMap;

use common::{Sandbox, git_bytes};
use gate_repo::{ChangeKind, FileChange};

#[test]
fn one_of_each_kind() {
    use ChangeKind::{Added, Binary, Deleted, ModeOnly, Modified, Renamed};
    let s = Sandbox::new();
    let text = (1..=20).fold(String::new(), |text, i| format!("{text}line {i}\n"));
    for path in [
        "changed",
        "renamed/from",
        "gone",
        "run.sh",
        "same",
        "edited-then-restored",
    ] {
        s.write(path, format!("{path}\n{text}"));
    }
    s.write("image", b"\0\x01\x02");
    s.write("crlf", "a\r\nb\r\n");
    let base = s.commit("base");
    s.write(
        "changed",
        format!(
            "changed\n{}more\n",
            text.replace("line 3\n", "line three\nand a half\n")
        ),
    );
    s.git(&["mv", "renamed/from", "renamed-to"]);
    s.write("renamed-to", format!("renamed/from\nnew\n{text}"));
    s.remove("gone");
    s.write("image", b"\0\x01\x03");
    s.write("new", "1\n2\n3");
    s.write("new-image", b"\0");
    s.write("empty", "");
    s.write("crlf", "a\r\nB\r\n");
    s.git(&["add", "-A"]);
    s.git(&["update-index", "--chmod=+x", "run.sh"]);
    s.git(&["commit", "-q", "-m", "head"]);
    s.git(&["checkout", "-q", "--", "run.sh"]);
    s.write("same", "only on disk\n");
    s.write("untracked", "x\n");
    let repo = s.open();
    let changes = repo.diff(&base).unwrap();
    let said: Vec<_> = changes
        .iter()
        .map(|c| {
            (
                c.path.as_str(),
                c.old_path.as_deref(),
                c.kind,
                c.binary,
                c.added_lines.as_slice(),
                c.removed(),
            )
        })
        .collect();
    assert_eq!(
        said,
        [
            ("changed", None, Modified, false, &[(4, 5), (23, 23)][..], 1),
            ("crlf", None, Modified, false, &[(2, 2)], 1),
            ("empty", None, Added, false, &[], 0),
            ("gone", None, Deleted, false, &[], 21),
            ("image", None, Binary, true, &[], 0),
            ("new", None, Added, false, &[(1, 3)], 0),
            ("new-image", None, Added, true, &[], 0),
            (
                "renamed-to",
                Some("renamed/from"),
                Renamed,
                false,
                &[(2, 2)],
                0
            ),
            ("run.sh", None, ModeOnly, false, &[], 0),
            ("same", None, Modified, false, &[(1, 1)], 21),
        ]
    );
    assert_eq!(against_git(&s, &base), ours(&changes));
    let only_disk = repo.diff("HEAD").unwrap();
    assert_eq!(
        only_disk
            .iter()
            .map(|c| c.path.as_str())
            .collect::<Vec<_>>(),
        ["same"]
    );
}

#[test]
fn links_folders_submodules_and_a_root_below_the_top() {
    let s = Sandbox::new();
    let lib = Sandbox::new();
    lib.write("x", "x");
    lib.commit("one");
    s.git(&[
        "submodule",
        "--quiet",
        "add",
        &lib.dir.display().to_string(),
        "sub/lib",
    ]);
    s.write("sub/a", "a\n");
    s.write("sub/file-to-link", "1\n2\n");
    s.write("top", "t\n");
    let base = s.commit("base");
    s.write("sub/a", "a\nb\n");
    s.write("top", "changed\n");
    lib.write("x", "y");
    let next = lib.commit("two");
    s.git(&[
        "update-index",
        "--cacheinfo",
        &format!("160000,{next},sub/lib"),
    ]);
    s.git(&["add", "sub/a", "top"]);
    let below = gate_repo::open(&s.dir.join("sub")).unwrap();
    let said: Vec<_> = below
        .diff(&base)
        .unwrap()
        .into_iter()
        .map(|c| (c.path, c.kind, c.added_lines))
        .collect();
    assert_eq!(
        said,
        [
            ("a".to_owned(), ChangeKind::Modified, vec![(2, 2)]),
            ("lib".to_owned(), ChangeKind::Submodule, vec![]),
        ]
    );
    #[cfg(unix)]
    {
        s.remove("sub/file-to-link");
        std::os::unix::fs::symlink("a", s.dir.join("sub/file-to-link")).unwrap();
        let change = &below.diff("HEAD").unwrap()[1];
        assert_eq!(
            (change.path.as_str(), change.kind, change.removed()),
            ("file-to-link", ChangeKind::Modified, 2)
        );
        assert_eq!(change.added_lines, [(1, 1)]);
    }
}

#[test]
fn conflicts_are_compared_as_they_lie_on_disk() {
    let s = Sandbox::new();
    s.write("a", "base\n");
    let base = s.commit("base");
    s.git(&["checkout", "-q", "-b", "topic"]);
    s.write("a", "theirs\n");
    s.commit("theirs");
    s.git(&["checkout", "-q", "main"]);
    s.write("a", "ours\n");
    s.commit("ours");
    let merged = std::process::Command::new("git")
        .args(["merge", "topic"])
        .current_dir(&s.dir)
        .output()
        .unwrap();
    assert!(!merged.status.success());
    let changes = s.open().diff(&base).unwrap();
    assert_eq!(
        (changes[0].path.as_str(), changes[0].kind),
        ("a", ChangeKind::Modified)
    );
    assert_eq!(changes[0].added_lines, [(1, 5)]);
}

/// Random edits, half of them committed, the rest staged or only on disk; each compared with git from every commit.
#[test]
fn random_histories_agree_with_git() {
    for seed in 1..=6_u64 {
        let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let s = Sandbox::new();
        let mut files: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut commits = Vec::new();
        for step in 0..6 {
            for _ in 0..4 {
                edit(&mut random, &mut files, step);
            }
            for old in s.git(&["ls-files"]).lines().filter(|l| !l.is_empty()) {
                let _ = std::fs::remove_file(s.dir.join(old));
            }
            for (path, lines) in &files {
                s.write(path, lines.concat());
            }
            if step < 4 {
                commits.push(s.commit("step"));
            } else if step == 4 {
                s.git(&["add", "-A"]);
            }
        }
        // What is only on disk and new is untracked to git; name it.
        s.git(&["add", "-N", "."]);
        let repo = s.open();
        for base in &commits {
            let changes = repo.diff(base).unwrap();
            assert_eq!(
                ours(&changes),
                against_git(&s, base),
                "seed {seed}, base {base}, in {}",
                s.dir.display()
            );
        }
    }
}

fn edit(random: &mut Random, files: &mut BTreeMap<String, Vec<String>>, step: usize) {
    let paths: Vec<String> = files.keys().cloned().collect();
    let pick = |random: &mut Random| paths[random.below(paths.len())].clone();
    match if paths.len() < 4 { 0 } else { random.below(10) } {
        0 | 1 => {
            let name = format!(
                "{}f{step}-{}.txt",
                ["", "a/", "a/b/"][random.below(3)],
                random.below(1000)
            );
            let lines = (0..random.below(60)).map(|_| line(random)).collect();
            files.insert(name, lines);
        }
        2 => {
            files.remove(&pick(random));
        }
        3 | 4 => {
            let old = pick(random);
            let name = old.rsplit('/').next().unwrap_or(&old).to_owned();
            let new = if random.below(2) == 0 {
                format!("moved{step}/{name}")
            } else {
                format!("r{step}-{}.txt", random.below(1000))
            };
            if let Some(mut lines) = files.remove(&old) {
                for _ in 0..random.below(lines.len() / 2 + 2) {
                    change_line(random, &mut lines);
                }
                files.insert(new, lines);
            }
        }
        _ => {
            let path = pick(random);
            if let Some(lines) = files.get_mut(&path) {
                for _ in 0..=random.below(8) {
                    change_line(random, lines);
                }
                if random.below(4) == 0
                    && let Some(last) = lines.last_mut()
                {
                    *last = format!("{}!", last.trim_end());
                }
            }
        }
    }
}

fn change_line(random: &mut Random, lines: &mut Vec<String>) {
    let at = random.below(lines.len() + 1);
    match random.below(3) {
        0 if at < lines.len() => lines[at] = line(random),
        1 if at < lines.len() => drop(lines.remove(at)),
        _ => lines.insert(at, line(random)),
    }
    // A line without an end in the middle would join its neighbour.
    let last = lines.len().saturating_sub(1);
    for line in &mut lines[..last] {
        if !line.ends_with('\n') {
            line.push('\n');
        }
    }
}

/// Few distinct lines, so that there is much to confuse: braces, blanks, indented statements.
fn line(random: &mut Random) -> String {
    let indent = "    ".repeat(random.below(3));
    match random.below(6) {
        0 => "\n".to_owned(),
        1 => format!("{indent}}}\n"),
        2 => format!("{indent}{{\n"),
        3 => format!("{indent}call({});\n", random.below(4)),
        _ => format!("{indent}statement number {}\n", random.below(500)),
    }
}

struct Random(u64);

impl Random {
    /// xorshift64*.
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        usize::try_from(self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33).expect("31 bits")
            % n.max(1)
    }
}

type Summary = BTreeMap<String, (Option<String>, Vec<(u32, u32)>, u32)>;

fn ours(changes: &[FileChange]) -> Summary {
    changes
        .iter()
        .map(|c| {
            (
                c.path.clone(),
                (c.old_path.clone(), c.added_lines.clone(), c.removed()),
            )
        })
        .collect()
}

/// `git diff -U0 -M`, parsed here; our own reader has to say the same of it, and of it with its context.
fn against_git(s: &Sandbox, base: &str) -> Summary {
    let text = git_bytes(
        &s.dir,
        &["diff", "-U0", "-M", "--no-color", "--no-ext-diff", base],
    );
    let text = String::from_utf8_lossy(&text).into_owned();
    let mut all = Summary::new();
    let mut path = String::new();
    for line in text.lines() {
        if let Some(names) = line.strip_prefix("diff --git a/") {
            path = String::from(names.split_once(" b/").expect("two names").1);
            all.insert(path.clone(), (None, Vec::new(), 0));
        } else if let Some(old) = line.strip_prefix("rename from ") {
            all.get_mut(&path).expect("header").0 = Some(old.to_owned());
        } else if let Some(hunk) = line.strip_prefix("@@ -") {
            let (old, rest) = hunk.split_once(" +").expect("hunk");
            let (new, _) = rest.split_once(" @@").expect("hunk");
            let entry = all.get_mut(&path).expect("header");
            entry.2 += range(old).1;
            let (start, count) = range(new);
            if count > 0 {
                entry.1.push((start, start + count - 1));
            }
        }
    }
    for context in ["-U0", "-U3"] {
        let text = git_bytes(
            &s.dir,
            &["diff", context, "-M", "--no-color", "--no-ext-diff", base],
        );
        let read = gate_repo::read_unified(&text, "").expect("what git writes");
        assert_eq!(ours(&read), all, "{context}");
    }
    all
}

fn range(text: &str) -> (u32, u32) {
    let (start, count) = text.split_once(',').unwrap_or((text, "1"));
    (
        start.parse().expect("number"),
        count.parse().expect("number"),
    )
}
