//! What `git commit` would record: the staged content, whatever lies on disk.
#![allow(clippy::disallowed_methods, reason = "tests lay out repositories")]

mod common;

use common::Sandbox;
use gate_repo::{NotRead, Repo, Staged, open};

fn read(repo: &Repo) -> Staged<(String, String)> {
    repo.staged(
        &|_| true,
        &|file, bytes| {
            (
                file.path.clone(),
                String::from_utf8_lossy(bytes).into_owned(),
            )
        },
        2,
    )
    .expect("reads what is staged")
}

fn staged(s: &Sandbox) -> Vec<(String, String)> {
    let read = read(&s.open());
    assert!(read.not_read.is_empty());
    assert_eq!(read.files_read, read.results.len() as u64);
    read.results
}

fn pairs(of: &[(&str, &str)]) -> Vec<(String, String)> {
    of.iter()
        .map(|(a, b)| ((*a).to_owned(), (*b).to_owned()))
        .collect()
}

#[test]
fn the_staged_bytes_and_not_the_ones_on_disk() {
    let s = Sandbox::new();
    s.write("before", "staged before the first commit\n");
    s.git(&["add", "-A"]);
    assert_eq!(
        staged(&s),
        pairs(&[("before", "staged before the first commit\n")])
    );
    s.write("changed", "1\n");
    s.write("dirty", "1\n");
    s.write("gone", "1\n");
    s.write("moved", "moved\n");
    s.commit("one");
    assert!(staged(&s).is_empty());
    assert!(s.open().index_matches_head());

    s.write("changed", "2, staged\n");
    s.write("new/file", "new, staged\n");
    s.git(&["add", "-A"]);
    s.write("changed", "3, not staged\n");
    s.remove("new/file");
    s.write("dirty", "2, not staged\n");
    s.write("untracked", "untracked\n");
    s.git(&["rm", "-q", "gone"]);
    s.git(&["mv", "moved", "elsewhere"]);
    let expected = [
        ("changed", "2, staged\n"),
        ("elsewhere", "moved\n"),
        ("new/file", "new, staged\n"),
    ];
    assert_eq!(staged(&s), pairs(&expected));
    let files: Vec<String> = read(&s.open())
        .results
        .into_iter()
        .map(|(path, _)| path)
        .collect();
    let by_git = s.git(&[
        "diff",
        "--cached",
        "--name-only",
        "--no-renames",
        "--diff-filter=AM",
    ]);
    assert_eq!(files, by_git.lines().collect::<Vec<_>>());
    s.git(&["commit", "-q", "-m", "two"]);
    assert!(staged(&s).is_empty());
}

#[test]
fn what_is_no_content_is_not_among_them() {
    let s = Sandbox::new();
    s.write("mode", "mode\n");
    s.write("conflict", "0\n");
    s.commit("one");
    s.git(&["checkout", "-q", "-b", "other"]);
    s.write("conflict", "1\n");
    s.commit("other");
    s.git(&["checkout", "-q", "main"]);
    s.write("conflict", "2\n");
    s.commit("main");
    s.write("announced", "announced\n");
    s.git(&["add", "-N", "announced"]);
    s.git(&["update-index", "--chmod=+x", "mode"]);
    assert!(staged(&s).is_empty());
    s.git(&["rm", "-q", "--cached", "announced"]);
    s.git(&["commit", "-q", "-m", "mode"]);
    let inner = Sandbox::new();
    inner.write("inside", "inside\n");
    inner.commit("one");
    s.git(&[
        "submodule",
        "add",
        "-q",
        inner.dir.to_str().expect("utf-8"),
        "sub",
    ]);
    let names: Vec<String> = staged(&s).into_iter().map(|(path, _)| path).collect();
    assert_eq!(names, [".gitmodules"]);
    s.git(&["commit", "-q", "-m", "sub"]);
    let merge = std::process::Command::new("git")
        .args([
            "-c",
            "user.name=a",
            "-c",
            "user.email=a@example.org",
            "merge",
            "-q",
            "other",
        ])
        .current_dir(&s.dir)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .output()
        .expect("git runs");
    assert!(!merge.status.success());
    let repo = s.open();
    assert_eq!(repo.conflicts(), ["conflict"]);
    assert!(read(&repo).results.is_empty());
}

#[test]
fn below_a_folder_above_the_limit_and_gone() {
    let s = Sandbox::new();
    s.write("a/x", "x\n");
    s.write("b/x", "x\n");
    s.commit("one");
    s.write("a/large", "0123456789\n");
    s.write("a/small", "0\n");
    s.write("b/outside", "outside\n");
    s.git(&["add", "-A"]);
    let mut repo = open(&s.dir.join("a")).expect("opens");
    repo.set_read_limit(10);
    let found = read(&repo);
    assert_eq!(found.results, pairs(&[("small", "0\n")]));
    let why = |found: &Staged<_>| -> Vec<(String, NotRead)> {
        let not_read = found.not_read.iter();
        not_read.map(|(f, why)| (f.path.clone(), *why)).collect()
    };
    assert_eq!(
        why(&found),
        [("large".to_owned(), NotRead::TooLarge { size: 11 })]
    );
    let id = s.git(&["rev-parse", ":a/small"]);
    s.remove(&format!(".git/objects/{}/{}", &id[..2], &id[2..]));
    let found = read(&repo);
    assert_eq!(why(&found)[1], ("small".to_owned(), NotRead::Missing));
    let none = repo
        .staged(&|f| f.path == "x", &|_, _| (), 1)
        .expect("reads");
    assert_eq!((none.files_read, none.not_read.len()), (0, 0));
}
