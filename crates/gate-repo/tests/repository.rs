//! What a repository says of itself: names, head, revisions, objects.
#![allow(clippy::disallowed_methods, reason = "tests lay out repositories")]

mod common;

use common::{Sandbox, git_in, paths};
use gate_repo::{FileKind, RepoError, open};

#[test]
fn no_repository_bare_and_absent_root() {
    let s = Sandbox::empty("plain");
    assert!(matches!(open(&s.dir), Err(RepoError::NotARepository { root }) if root == s.dir));
    s.git(&["init", "-q", "--bare", "x.git"]);
    assert!(matches!(
        open(&s.dir.join("x.git")),
        Err(RepoError::Bare { .. })
    ));
    assert!(matches!(
        open(&s.dir.join("absent")),
        Err(RepoError::Open { .. })
    ));
    let s = Sandbox::new();
    assert!(matches!(
        open(&s.dir.join(".git/objects")),
        Err(RepoError::NotARepository { .. } | RepoError::Bare { .. })
    ));
}

#[test]
fn sha256_is_refused_by_name() {
    let s = Sandbox::empty("work");
    s.git(&["init", "-q", "--object-format=sha256"]);
    s.write("a", "a");
    s.commit("one");
    let error = open(&s.dir).unwrap_err();
    assert!(
        matches!(&error, RepoError::UnsupportedHash { found, .. } if found == "sha256"),
        "{error}"
    );
}

#[test]
fn no_commits_yet() {
    let s = Sandbox::new();
    let repo = s.open();
    assert!(repo.head().is_none() && repo.files().is_empty() && repo.index_matches_head());
    assert!(repo.default_branch().is_none() && repo.remote_url().is_none() && !repo.shallow());
    s.write("a.txt", "a");
    s.git(&["add", "-A"]);
    let repo = s.open();
    assert!(repo.head().is_none() && !repo.index_matches_head());
    assert_eq!(paths(&repo), ["a.txt"]);
    assert!(matches!(
        repo.rev("HEAD"),
        Err(RepoError::UnknownRevision { shallow: false, .. })
    ));
}

#[test]
fn head_merge_parents_branch_and_detached() {
    let s = Sandbox::new();
    s.write("a", "a");
    let first = s.commit("first");
    s.git(&["checkout", "-q", "-b", "topic/x"]);
    s.write("b", "b");
    let topic = s.commit("topic");
    s.git(&["checkout", "-q", "main"]);
    s.write("c", "c");
    let main = s.commit("main");
    s.git(&["merge", "-q", "--no-ff", "-m", "merge", "topic/x"]);
    let repo = s.open();
    let head = repo.head().unwrap();
    assert_eq!(head.parents, [main.clone(), topic.clone()]);
    assert_eq!(head.tree, s.git(&["rev-parse", "HEAD^{tree}"]));
    assert_eq!(head.commit, s.git(&["rev-parse", "HEAD"]));
    assert_eq!(
        (head.branch.as_deref(), head.unix_time),
        (Some("main"), 1_700_000_001)
    );
    assert!(repo.index_matches_head());
    assert_eq!(
        repo.merge_base("main", "topic/x").unwrap(),
        Some(topic.clone())
    );
    assert_eq!(repo.merge_base(&main, &topic).unwrap(), Some(first.clone()));
    s.git(&["checkout", "-q", "topic/x"]);
    assert_eq!(s.open().head().unwrap().branch.as_deref(), Some("topic/x"));
    s.git(&["checkout", "-q", "--detach", &first]);
    let repo = s.open();
    let head = repo.head().unwrap();
    assert_eq!(
        (&head.commit, &head.branch, head.parents.len()),
        (&first, &None, 0)
    );
    s.git(&["checkout", "-q", "--orphan", "other"]);
    s.git(&["commit", "-q", "-m", "unrelated"]);
    assert_eq!(s.open().merge_base("other", "main").unwrap(), None);
}

#[test]
fn revisions_of_every_spelling_and_none_that_is_an_option() {
    let s = Sandbox::new();
    s.write("a", "1");
    let one = s.commit("one");
    s.git(&["tag", "-a", "v1", "-m", "v1"]);
    s.write("a", "2");
    let two = s.commit("two");
    s.git(&["update-ref", "refs/remotes/origin/main", &one]);
    s.git(&["pack-refs", "--all"]);
    let repo = s.open();
    for (spec, commit) in [
        ("HEAD", &two),
        ("HEAD~1", &one),
        ("@^", &one),
        ("v1", &one),
        ("origin/main", &one),
        ("refs/heads/main", &two),
        (&two[..8], &two),
        (two.as_str(), &two),
    ] {
        let revision = repo.rev(spec).unwrap();
        assert_eq!(&revision.commit, commit, "{spec}");
        assert_eq!(
            revision.tree,
            s.git(&["rev-parse", &format!("{commit}^{{tree}}")])
        );
    }
    let zeros = "0".repeat(40);
    for spec in [
        "",
        "-h",
        "--upload-pack=x",
        "nope",
        "HEAD:a",
        "HEAD~5",
        "v1..HEAD",
        &zeros,
        "HEAD^{tree}",
        "\0",
        "@{99}",
    ] {
        assert!(
            matches!(repo.rev(spec), Err(RepoError::UnknownRevision { .. })),
            "{spec:?}: {:?}",
            repo.rev(spec)
        );
    }
}

#[test]
fn objects_at_a_commit() {
    let s = Sandbox::new();
    s.write("dir/a.yml", "a");
    s.write("dir/b.yml", "b");
    s.write("dir/deep/c.yml", "c");
    s.write("top", "top");
    let one = s.commit("one");
    s.remove("dir/a.yml");
    s.write("top", "new");
    s.commit("two");
    let repo = s.open();
    assert_eq!(
        repo.blob_at(&one, "dir/a.yml").unwrap().as_deref(),
        Some(&b"a"[..])
    );
    assert_eq!(repo.blob_at("HEAD", "dir/a.yml").unwrap(), None);
    assert_eq!(repo.blob_at(&one, "dir").unwrap(), None);
    assert_eq!(repo.blob_at(&one, "top/x").unwrap(), None);
    assert_eq!(
        repo.list_at(&one, "dir/").unwrap(),
        ["dir/a.yml", "dir/b.yml"]
    );
    assert_eq!(repo.list_at(&one, ".").unwrap(), ["top"]);
    assert!(repo.list_at(&one, "absent").unwrap().is_empty());
    let below = open(&s.dir.join("dir")).unwrap();
    assert_eq!(paths(&below), ["b.yml", "deep/c.yml"]);
    assert_eq!(
        below.blob_at(&one, "a.yml").unwrap().as_deref(),
        Some(&b"a"[..])
    );
    assert_eq!(below.list_at(&one, "deep").unwrap(), ["deep/c.yml"]);
    assert!(below.index_matches_head());
    let mut repo = repo;
    repo.set_read_limit(2);
    assert!(matches!(
        repo.blob_at(&one, "top"),
        Err(RepoError::TooLarge {
            size: 3,
            limit: 2,
            ..
        })
    ));
}

#[test]
fn a_shallow_clone_says_so() {
    let s = Sandbox::new();
    s.write("a", "1");
    let one = s.commit("one");
    s.git(&["checkout", "-q", "-b", "topic"]);
    s.write("a", "2");
    s.commit("two");
    s.git(&["checkout", "-q", "main"]);
    s.write("b", "3");
    s.commit("three");
    let clone = s.beside("clone");
    let from = format!("file://{}", s.dir.display());
    s.git(&[
        "clone",
        "-q",
        "--depth",
        "1",
        "--no-single-branch",
        &from,
        &clone.display().to_string(),
    ]);
    let repo = open(&clone).unwrap();
    assert!(repo.shallow());
    assert_eq!(repo.head().unwrap().parents, std::slice::from_ref(&one));
    assert!(matches!(
        repo.merge_base("origin/main", "origin/topic"),
        Err(RepoError::Shallow { .. })
    ));
    let error = repo.rev(&one).unwrap_err();
    assert!(
        matches!(&error, RepoError::UnknownRevision { shallow: true, .. }),
        "{error}"
    );
    assert!(error.to_string().contains("fetch-depth: 0"), "{error}");
    assert_eq!(repo.default_branch().as_deref(), Some("main"));
    assert!(repo.index_matches_head());
}

#[test]
fn a_partial_clone_lacks_objects_and_that_is_an_error() {
    let s = Sandbox::new();
    s.write("a", "old");
    let one = s.commit("one");
    s.write("a", "new");
    s.commit("two");
    s.git(&["config", "uploadpack.allowFilter", "true"]);
    let clone = s.beside("clone");
    let from = format!("file://{}", s.dir.display());
    s.git(&[
        "clone",
        "-q",
        "--filter=blob:none",
        &from,
        &clone.display().to_string(),
    ]);
    let repo = open(&clone).unwrap();
    assert!(matches!(
        repo.blob_at(&one, "a"),
        Err(RepoError::MissingObject { .. })
    ));
    assert_eq!(repo.blob_at(&one, "b").unwrap(), None);
    assert!(matches!(
        repo.diff(&one),
        Err(RepoError::MissingObject { .. })
    ));
}

#[test]
fn case_folders_and_names_outside_utf8() {
    let s = Sandbox::new();
    s.write("docs/Guide.md", "x");
    s.write("Docs2/a", "x");
    s.write("ÄÖ.md", "x");
    s.git(&["add", "-A"]);
    let id = s.git(&["hash-object", "-w", "docs/Guide.md"]);
    // Two names that a case-insensitive disk could not hold.
    s.git(&[
        "update-index",
        "--add",
        "--cacheinfo",
        &format!("100644,{id},readme.md"),
    ]);
    s.git(&[
        "update-index",
        "--add",
        "--cacheinfo",
        &format!("100644,{id},README.md"),
    ]);
    let repo = s.open();
    assert_eq!(
        paths(&repo),
        [
            "Docs2/a",
            "README.md",
            "docs/Guide.md",
            "readme.md",
            "ÄÖ.md"
        ]
    );
    assert!(repo.file("docs/Guide.md").is_some() && repo.file("docs/guide.md").is_none());
    assert_eq!(repo.case_match("docs/guide.md"), Some("docs/Guide.md"));
    assert_eq!(repo.case_match("äö.MD"), Some("ÄÖ.md"));
    assert_eq!(repo.case_match("DOCS/"), Some("docs"));
    assert_eq!(repo.case_match("readme.md"), None, "it is there");
    assert_eq!(repo.case_match("ReadMe.md"), Some("README.md"));
    assert_eq!(repo.case_match("nothing"), None);
    assert!(
        repo.directory_exists("docs")
            && repo.directory_exists("docs/")
            && repo.directory_exists(".")
    );
    assert!(
        !repo.directory_exists("Docs")
            && !repo.directory_exists("docs/Guide.md")
            && !repo.directory_exists("doc")
    );
    assert_eq!(repo.non_utf8_paths(), 0);
}

#[cfg(target_os = "linux")]
#[test]
fn bytes_that_are_no_text_are_kept() {
    use std::os::unix::ffi::OsStrExt;
    let s = Sandbox::new();
    std::fs::write(s.dir.join(std::ffi::OsStr::from_bytes(b"caf\xe9.txt")), "x").unwrap();
    s.commit("one");
    let repo = s.open();
    assert_eq!(repo.non_utf8_paths(), 1);
    assert_eq!(repo.files()[0].path, "caf\u{fffd}.txt");
    assert_eq!(repo.files()[0].raw(), b"caf\xe9.txt");
    let scan = common::scan(&repo);
    assert_eq!(common::seen(&scan, "caf\u{fffd}.txt"), "bytes x");
}

#[test]
fn staged_conflicts_and_flags() {
    let s = Sandbox::new();
    s.write("a", "base");
    s.write("run.sh", "x");
    s.commit("one");
    s.git(&["checkout", "-q", "-b", "topic"]);
    s.write("a", "theirs");
    s.commit("theirs");
    s.git(&["checkout", "-q", "main"]);
    s.write("a", "ours");
    s.commit("ours");
    let status = std::process::Command::new("git")
        .args(["merge", "topic"])
        .current_dir(&s.dir)
        .output()
        .unwrap();
    assert!(!status.status.success());
    let repo = s.open();
    assert_eq!(
        (paths(&repo), repo.conflicts()),
        (vec!["run.sh"], &["a".to_owned()][..])
    );
    assert!(!repo.index_matches_head());
    s.git(&["reset", "-q", "--hard"]);
    assert!(s.open().index_matches_head());
    s.git(&["update-index", "--chmod=+x", "run.sh"]);
    let repo = s.open();
    assert!(!repo.index_matches_head());
    assert_eq!(repo.file("run.sh").unwrap().kind, FileKind::Executable);
    s.git(&["reset", "-q", "--hard"]);
    s.git(&["update-index", "--assume-unchanged", "a"]);
    s.write("later", "x");
    s.git(&["add", "-N", "later"]);
    let repo = s.open();
    assert!(repo.file("a").unwrap().assume_valid && repo.file("later").unwrap().intent_to_add);
}

#[test]
fn worktrees_submodules_and_borrowed_objects() {
    let s = Sandbox::new();
    s.write("a", "a");
    let one = s.commit("one");
    let tree = s.beside("tree");
    s.git(&[
        "worktree",
        "add",
        "-q",
        "-b",
        "wt",
        &tree.display().to_string(),
    ]);
    let repo = open(&tree).unwrap();
    assert_eq!(
        (paths(&repo), repo.head().unwrap().branch.as_deref()),
        (vec!["a"], Some("wt"))
    );
    assert_eq!(repo.default_branch().as_deref(), Some("main"));

    let host = Sandbox::new();
    host.git(&[
        "submodule",
        "--quiet",
        "add",
        &s.dir.display().to_string(),
        "deps/lib",
    ]);
    host.commit("with submodule");
    let repo = host.open();
    assert_eq!(repo.file("deps/lib").unwrap().kind, FileKind::Submodule);
    assert_eq!(repo.file("deps/lib").unwrap().oid(), one);
    let inner = open(&host.dir.join("deps/lib")).unwrap();
    assert_eq!(
        (paths(&inner), &inner.head().unwrap().commit),
        (vec!["a"], &one)
    );
    let scan = common::scan(&repo);
    assert_eq!(common::seen(&scan, "deps/lib"), "submodule");
    assert!(scan.dirty.is_empty());

    let shared = s.beside("shared");
    s.git(&[
        "clone",
        "-q",
        "--shared",
        &s.dir.display().to_string(),
        &shared.display().to_string(),
    ]);
    assert_eq!(
        open(&shared)
            .unwrap()
            .blob_at(&one, "a")
            .unwrap()
            .as_deref(),
        Some(&b"a"[..])
    );
    let url = format!("https://me:{}@example.org/o/r.git", ["pa", "ss"].concat());
    git_in(&shared, &["remote", "set-url", "origin", &url]);
    assert_eq!(
        open(&shared).unwrap().remote_url().as_deref(),
        Some("https://example.org/o/r.git")
    );
}

#[test]
fn sparse_checkouts_track_what_they_do_not_show() {
    let s = Sandbox::new();
    for path in ["in/a", "out/b", "out/deep/c", "top"] {
        s.write(path, path);
    }
    s.commit("one");
    for sparse_index in ["--no-sparse-index", "--sparse-index"] {
        s.git(&["sparse-checkout", "set", "--cone", sparse_index, "in"]);
        let repo = s.open();
        assert_eq!(
            paths(&repo),
            ["in/a", "out/b", "out/deep/c", "top"],
            "{sparse_index}"
        );
        let hidden = |p| repo.file(p).unwrap().skip_worktree;
        assert_eq!(
            (hidden("in/a"), hidden("out/b"), hidden("out/deep/c")),
            (false, true, true)
        );
        let scan = common::scan(&repo);
        // What is left out on purpose is what is staged.
        assert_eq!(common::seen(&scan, "out/b"), "bytes out/b");
        assert!(scan.dirty.is_empty(), "{:?}", scan.dirty);
        assert!(repo.index_matches_head());
        assert!(repo.diff("HEAD").unwrap().is_empty());
    }
}

/// A checkout in a container usually belongs to somebody else. Only the superuser can make one.
#[cfg(unix)]
#[test]
fn who_owns_the_folder_does_not_matter() {
    let s = Sandbox::new();
    s.write("a", "a");
    s.commit("one");
    s.git(&["remote", "add", "origin", "https://example.org/o/r"]);
    for path in [s.dir.clone(), s.dir.join(".git"), s.dir.join(".git/config")] {
        if std::os::unix::fs::chown(&path, Some(65_534), Some(65_534)).is_err() {
            eprintln!("skipped: only the superuser can give a folder away");
            return;
        }
    }
    let repo = s.open();
    assert_eq!(
        (paths(&repo), repo.remote_url().as_deref()),
        (vec!["a"], Some("https://example.org/o/r"))
    );
    assert_eq!(common::scan(&repo).results.len(), 1);
}

#[test]
fn a_reference_store_of_another_kind_is_an_error() {
    let s = Sandbox::new();
    s.write("a", "a");
    s.commit("one");
    // What git leaves in HEAD for those who cannot read a reftable.
    std::fs::write(s.dir.join(".git/HEAD"), "ref: refs/heads/.invalid\n").unwrap();
    assert!(matches!(
        open(&s.dir),
        Err(RepoError::Object { .. } | RepoError::Open { .. })
    ));
}

#[test]
fn a_repository_can_be_shared_between_threads() {
    fn shared<T: Send + Sync>(_: &T) {}
    shared(&Sandbox::new().open());
}
