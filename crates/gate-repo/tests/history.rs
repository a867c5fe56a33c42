//! The history by unique blob: what is found, where it is said to come from, and what is said to be missing.
#![allow(clippy::disallowed_methods, reason = "tests lay out repositories")]

mod common;

use std::collections::{BTreeMap, BTreeSet};

use common::{Sandbox, git_in};
use gate_repo::{Commits, FileKind, Gap, History, HistoryBlob, NotRead, Repo, RepoError, open};

type Seen = (HistoryBlob, Vec<u8>);

fn read(repo: &Repo, commits: &Commits<'_>, threads: usize) -> History<Seen> {
    repo.history(
        commits,
        &|_| true,
        &|blob, bytes| (blob.clone(), bytes.to_vec()),
        threads,
    )
    .expect("reads the history")
}

fn of_head(s: &Sandbox) -> History<Seen> {
    read(&s.open(), &Commits::OfHead, 2)
}

fn paths(history: &History<Seen>) -> Vec<&str> {
    history.results.iter().map(|(b, _)| &*b.path).collect()
}

fn find<'a>(history: &'a History<Seen>, content: &str) -> &'a HistoryBlob {
    let found = history
        .results
        .iter()
        .filter(|(_, bytes)| bytes == content.as_bytes());
    let found: Vec<_> = found.collect();
    assert_eq!(found.len(), 1, "{content}: {found:?}");
    &found[0].0
}

/// The blobs that git names, without their paths.
fn by_git(s: &Sandbox, range: &[&str]) -> BTreeSet<String> {
    let only = [
        "rev-list",
        "--objects",
        "--filter=object:type=blob",
        "--filter-provided-objects",
    ];
    let list = s.git(&[&only, range].concat());
    list.lines().map(|l| l[..40].to_owned()).collect()
}

fn names(history: &History<Seen>) -> BTreeSet<String> {
    let names: BTreeSet<String> = history.results.iter().map(|(b, _)| b.oid()).collect();
    assert_eq!(names.len(), history.results.len(), "a blob comes once");
    names
}

/// Every blob is new in the commit that is named for it, under the path that is named.
fn assert_introduced(s: &Sandbox, history: &History<Seen>) {
    let mut trees: BTreeMap<String, String> = BTreeMap::new();
    let mut parents: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for line in s.git(&["rev-list", "--all", "--parents"]).lines() {
        let mut names = line.split(' ').map(str::to_owned);
        parents.insert(names.next().expect("a commit"), names.collect());
    }
    let mut tree = |commit: &str| -> String {
        let known = trees.entry(commit.to_owned());
        known
            .or_insert_with(|| s.git(&["ls-tree", "-r", commit]) + "\n")
            .clone()
    };
    for (blob, _) in &history.results {
        let (commit, oid) = (blob.commit(), blob.oid());
        assert!(tree(&commit).contains(&format!("{oid}\t{}\n", blob.path)));
        for parent in &parents[&commit] {
            assert!(
                !tree(parent).contains(&oid),
                "{} is in {parent} too",
                blob.path
            );
        }
    }
}

/// Branches, merges with and without changes of their own, moves, copies, deletions, modes, links.
fn sample() -> Sandbox {
    let s = Sandbox::new();
    s.write("a/long.txt", lines(0, 400));
    s.write("secret.env", "TOKEN=old\n");
    s.commit("one");
    s.git(&["rm", "-q", "secret.env"]);
    s.write("a/long.txt", lines(1, 400));
    s.commit("two");
    s.git(&["checkout", "-q", "-b", "topic"]);
    s.write("b/topic.txt", "topic\n");
    s.write("a/long.txt", lines(1, 420));
    s.commit("topic");
    s.git(&["checkout", "-q", "main"]);
    s.git(&["mv", "a", "moved"]);
    s.write("copy.txt", lines(1, 400));
    s.commit("moved and copied");
    s.git(&[
        "merge",
        "-q",
        "--no-ff",
        "--no-commit",
        "-s",
        "ours",
        "topic",
    ]);
    s.write("b/topic.txt", "topic\n");
    s.write("merged.txt", "only in the merge\n");
    s.commit("merge");
    for i in 0..30 {
        s.write("moved/long.txt", lines(i, 400 + i));
        s.write(&format!("c/{}/f{i}", i % 4), format!("{i}\n"));
        s.commit("more");
    }
    s
}

fn lines(change: usize, count: usize) -> String {
    let line = |i| {
        if i == change {
            "a line that was changed\n"
        } else {
            "a line as it was before\n"
        }
    };
    let mut all = String::new();
    for i in 0..count {
        all += &i.to_string();
        all += line(i);
    }
    all
}

#[test]
fn what_was_deleted_is_found_where_it_came_in() {
    let s = Sandbox::new();
    s.write("keep", "keep\n");
    s.commit("one");
    s.write("dir/secret.env", "TOKEN=x\n");
    let with = s.commit("two");
    s.remove("dir/secret.env");
    s.write("staged", "not committed\n");
    s.commit("three");
    s.write("keep", "changed and staged\n");
    s.git(&["add", "keep"]);
    let all = of_head(&s);
    let secret = find(&all, "TOKEN=x\n");
    assert_eq!(
        (&*secret.path, secret.commit(), secret.kind),
        ("dir/secret.env", with, FileKind::Regular)
    );
    assert_eq!((secret.staged, secret.in_head), (false, false));
    assert_eq!(secret.unix_time, 1_700_000_001);
    let keep = find(&all, "keep\n");
    assert_eq!((keep.staged, keep.in_head), (false, true));
    let same = find(&all, "not committed\n");
    assert_eq!((same.staged, same.in_head), (true, true));
    assert_eq!((all.commits, all.blobs, all.blobs_read), (3, 3, 3));
    assert!(all.is_complete());
}

#[test]
fn every_way_of_keeping_objects_gives_the_same() {
    let s = sample();
    let loose = of_head(&s);
    assert_eq!(names(&loose), by_git(&s, &["HEAD"]));
    assert_introduced(&s, &loose);
    assert!(loose.is_complete());
    let same = |what: &str| {
        for threads in [1, 2, 9] {
            let again = read(&s.open(), &Commits::OfHead, threads);
            assert_eq!(again.results, loose.results, "{what}, {threads} threads");
        }
    };
    s.git(&["repack", "-q", "-d"]);
    same("one pack and loose objects");
    for i in 0..3 {
        s.write("extra", format!("{i}\n"));
        s.git(&["add", "-A"]);
        s.git(&["write-tree"]);
        s.git(&["repack", "-q", "-d"]);
    }
    s.git(&["reset", "-q", "--hard"]);
    same("several packs");
    s.git(&["repack", "-q", "-adf", "--depth=3", "--window=40"]);
    same("wide trees of deltas");
    s.git(&["repack", "-q", "-adf", "--depth=50", "--window=40"]);
    same("long chains of deltas");
    s.git(&[
        "-c",
        "repack.useDeltaBaseOffset=false",
        "repack",
        "-q",
        "-adf",
    ]);
    same("deltas by name");
    s.git(&["multi-pack-index", "write"]);
    s.git(&["commit-graph", "write", "--reachable"]);
    same("with a multi-pack index and a commit graph");
    let borrower = Sandbox::empty("borrower");
    git_in(
        &borrower.dir,
        &[
            "clone",
            "-q",
            "--shared",
            s.dir.to_str().expect("utf-8"),
            ".",
        ],
    );
    let borrowed = of_head(&borrower);
    assert_eq!(borrowed.results, loose.results, "borrowed objects");
}

#[test]
fn merges_moves_and_copies_introduce_only_what_is_new() {
    let s = sample();
    let all = of_head(&s);
    let topic = s.git(&["rev-parse", "topic"]);
    let merge = s.git(&["rev-list", "--merges", "HEAD"]);
    assert_eq!(find(&all, "topic\n").commit(), topic);
    assert_eq!(find(&all, "only in the merge\n").commit(), merge);
    let second = s.git(&["rev-parse", "topic~1"]);
    let moved = find(&all, &lines(1, 400));
    assert_eq!((&*moved.path, moved.commit()), ("a/long.txt", second));
    assert_eq!(find(&all, &lines(1, 420)).commit(), topic);
}

#[test]
fn only_what_lies_between() {
    let s = sample();
    for (base, head) in [
        ("HEAD~3", "HEAD"),
        ("main~31", "topic"),
        ("topic", "main"),
        ("main", "topic"),
        ("main~30^1", "main~30"),
        ("HEAD", "HEAD"),
    ] {
        let between = read(&s.open(), &Commits::Between { base, head }, 2);
        let range = format!("{base}..{head}");
        assert_eq!(names(&between), by_git(&s, &[&range]), "{range}");
        assert_introduced(&s, &between);
        let commits = s.git(&["rev-list", "--count", &range]);
        assert_eq!(between.commits.to_string(), commits, "{range}");
        assert!(between.is_complete());
    }
    let unknown = s.open().history(
        &Commits::Between {
            base: "nope",
            head: "HEAD",
        },
        &|_| true,
        &|_, _| (),
        1,
    );
    assert!(matches!(unknown, Err(RepoError::UnknownRevision { .. })));
}

#[test]
fn all_references_and_named_revisions() {
    let s = sample();
    s.git(&["checkout", "-q", "-b", "side", "topic"]);
    s.write("side", "side\n");
    s.commit("side");
    s.write("side", "stashed\n");
    s.git(&["stash", "-q"]);
    s.git(&["checkout", "-q", "--detach"]);
    s.write("tagged", "tagged\n");
    s.commit("tagged");
    s.git(&["tag", "-a", "v1", "-m", "v1"]);
    s.git(&["tag", "-a", "v1-again", "-m", "v1", "v1"]);
    s.git(&["checkout", "-q", "main"]);
    s.git(&["pack-refs", "--all"]);
    let all = read(&s.open(), &Commits::OfAllRefs, 2);
    assert_eq!(names(&all), by_git(&s, &["--all"]));
    assert_introduced(&s, &all);
    assert!(all.is_complete(), "{:?}", all.gaps);
    assert_eq!(find(&all, "stashed\n").path, "side");
    assert_eq!(find(&all, "tagged\n").path, "tagged");
    assert!(!paths(&of_head(&s)).contains(&"side"));
    let two = read(&s.open(), &Commits::Of(&["topic", "v1"]), 2);
    assert_eq!(names(&two), by_git(&s, &["topic", "v1"]));

    let blob = s.git(&["rev-parse", "HEAD:merged.txt"]);
    s.git(&["tag", "a-blob", &blob]);
    let gone = "0123456789012345678901234567890123456789";
    s.write(".git/refs/tags/gone", format!("{gone}\n"));
    let gaps = read(&s.open(), &Commits::OfAllRefs, 2).gaps;
    let expected = [
        Gap::MissingCommit {
            commit: gone.to_owned(),
        },
        Gap::NoCommit {
            reference: "refs/tags/a-blob".to_owned(),
        },
    ];
    assert_eq!(gaps, expected);
}

#[test]
fn no_commit_at_all() {
    let s = Sandbox::new();
    s.write("a", "a");
    s.git(&["add", "-A"]);
    for commits in [Commits::OfHead, Commits::OfAllRefs, Commits::Of(&[])] {
        let all = read(&s.open(), &commits, 0);
        assert_eq!(
            (all.commits, all.results.len(), all.is_complete()),
            (0, 0, true)
        );
    }
}

#[test]
fn a_shallow_clone_is_never_complete() {
    let s = sample();
    let url = format!("file://{}", s.dir.display());
    let clone = Sandbox::empty("shallow");
    git_in(
        &clone.dir,
        &["clone", "-q", "--depth=5", "--no-single-branch", &url, "."],
    );
    let boundary = clone.git(&["rev-parse", "HEAD~4"]);
    let all = of_head(&clone);
    assert_eq!(all.commits, 5);
    assert_eq!(
        all.gaps,
        [Gap::Shallow {
            commit: boundary.clone()
        }]
    );
    assert!(!all.is_complete());
    assert_eq!(names(&all), by_git(&clone, &["HEAD"]));
    // What lies between two commits that are both here is complete.
    let between = Commits::Between {
        base: "HEAD~2",
        head: "HEAD",
    };
    assert!(read(&clone.open(), &between, 1).is_complete());
    // The boundary's tree is not introduced twice over: what the base holds is known.
    let unrelated = Commits::Between {
        base: "origin/topic~1",
        head: "HEAD~4",
    };
    let cut = read(&clone.open(), &unrelated, 1);
    assert_eq!(cut.gaps, [Gap::Shallow { commit: boundary }]);
    // Without the list of boundary commits, the parents are simply missing.
    let parent = s.git(&["rev-parse", "HEAD~5"]);
    clone.remove(".git/shallow");
    let gaps = of_head(&clone).gaps;
    assert_eq!(gaps, [Gap::MissingCommit { commit: parent }]);
}

#[test]
fn a_partial_clone_is_never_complete() {
    let s = sample();
    s.git(&["config", "uploadpack.allowFilter", "true"]);
    let url = format!("file://{}", s.dir.display());
    let clone = Sandbox::empty("blobless");
    git_in(
        &clone.dir,
        &["clone", "-q", "--filter=blob:none", &url, "."],
    );
    let all = of_head(&clone);
    let gone: BTreeSet<String> = all.not_read.iter().map(|(b, _)| b.oid()).collect();
    assert!(all.not_read.iter().all(|(_, why)| *why == NotRead::Missing));
    assert!(!gone.is_empty() && !all.is_complete());
    let every: BTreeSet<String> = gone.union(&names(&all)).cloned().collect();
    assert_eq!(every, by_git(&s, &["HEAD"]));
    let treeless = Sandbox::empty("treeless");
    git_in(
        &treeless.dir,
        &["clone", "-q", "--filter=tree:0", &url, "."],
    );
    let gaps = of_head(&treeless).gaps;
    assert!(
        gaps.iter()
            .any(|g| matches!(g, Gap::MissingTree { path, .. } if path.is_empty()))
    );
}

#[test]
fn above_the_limit_is_said_and_what_is_made_of_it_is_read() {
    let s = Sandbox::new();
    s.write("f", lines(0, 2000));
    s.commit("large");
    s.write("f", lines(0, 20));
    s.commit("small");
    s.write("f", lines(5, 2000));
    s.commit("large again");
    for packed in [false, true] {
        if packed {
            s.git(&["repack", "-q", "-adf"]);
        }
        let mut repo = s.open();
        repo.set_read_limit(1000);
        let all = read(&repo, &Commits::OfHead, 1);
        find(&all, &lines(0, 20));
        let sizes: Vec<NotRead> = all.not_read.iter().map(|(_, why)| *why).collect();
        let size = lines(0, 2000).len() as u64;
        assert_eq!(sizes, [NotRead::TooLarge { size }; 2], "packed: {packed}");
        assert!(!all.is_complete() && all.gaps.is_empty());
    }
    // The default limit: 64 MiB.
    s.write("f", vec![0; 64 * 1024 * 1024 + 1]);
    s.commit("huge");
    let all = of_head(&s);
    let size = 64 * 1024 * 1024 + 1;
    let huge: Vec<_> = all
        .not_read
        .iter()
        .map(|(b, why)| (&*b.path, *why))
        .collect();
    assert_eq!(huge, [("f", NotRead::TooLarge { size })]);
}

#[test]
fn what_is_refused_is_offered_under_other_paths() {
    let s = Sandbox::new();
    s.write("fixtures/key", "key\n");
    s.write("fixtures/other", "other\n");
    s.commit("one");
    s.write("fixtures/more", "more\n");
    s.commit("two");
    s.write("src/key", "key\n");
    let third = s.commit("three");
    let asked = std::sync::Mutex::new(BTreeMap::<String, usize>::new());
    let all = s
        .open()
        .history(
            &Commits::OfHead,
            &|blob| {
                *asked
                    .lock()
                    .expect("lock")
                    .entry(blob.path.clone())
                    .or_default() += 1;
                !blob.path.starts_with("fixtures/")
            },
            &|blob, bytes| (blob.clone(), bytes.to_vec()),
            2,
        )
        .expect("reads");
    assert_eq!(paths(&all), ["src/key"]);
    assert_eq!((all.results[0].0.commit(), all.blobs), (third, 3));
    assert!(asked.into_inner().expect("lock").values().all(|n| *n == 1));
    assert!(all.is_complete(), "what is not wanted is no gap");
}

#[test]
fn a_folder_as_the_root() {
    let s = sample();
    let repo = open(&s.dir.join("c")).expect("opens");
    let all = read(&repo, &Commits::OfHead, 1);
    assert_eq!(all.results.len(), 30);
    assert!(paths(&all).contains(&"0/f0") && paths(&all).contains(&"3/f27"));
    assert!(all.results.iter().all(|(b, _)| b.in_head && b.staged));
    let between = Commits::Between {
        base: "HEAD~2",
        head: "HEAD",
    };
    assert_eq!(paths(&read(&repo, &between, 1)), ["0/f28", "1/f29"]);
}

#[cfg(unix)]
#[test]
fn links_submodules_modes_and_strange_names() {
    use std::os::unix::ffi::OsStrExt;
    let s = Sandbox::new();
    let inner = Sandbox::new();
    inner.write("inside", "inside the submodule\n");
    inner.commit("one");
    s.git(&[
        "submodule",
        "add",
        "-q",
        inner.dir.to_str().expect("utf-8"),
        "sub",
    ]);
    std::os::unix::fs::symlink("/etc/passwd", s.dir.join("link")).expect("links");
    let name = std::ffi::OsStr::from_bytes(b"caf\xe9");
    std::fs::write(s.dir.join(name), "latin\n").expect("writes");
    s.write("empty", "");
    s.write("run.sh", "run\n");
    s.git(&["add", "-A"]);
    s.git(&["update-index", "--chmod=+x", "run.sh"]);
    s.git(&["commit", "-q", "-m", "one"]);
    s.git(&["sparse-checkout", "set", "--no-cone", "/nothing"]);
    for packed in [false, true] {
        if packed {
            s.git(&["repack", "-q", "-ad"]);
        }
        let all = of_head(&s);
        let link = find(&all, "/etc/passwd");
        assert_eq!((&*link.path, link.kind), ("link", FileKind::Symlink));
        assert_eq!(find(&all, "run\n").kind, FileKind::Executable);
        let latin = find(&all, "latin\n");
        assert_eq!(
            (&*latin.path, latin.raw()),
            ("caf\u{fffd}", &b"caf\xe9"[..])
        );
        assert_eq!(find(&all, "").path, "empty");
        assert_eq!(all.results.len(), 5, "and .gitmodules: {:?}", paths(&all));
        assert!(all.is_complete());
    }
}

/// A tree of deltas of which more would have to be kept than the limit allows: bases are made again.
#[test]
fn bases_that_were_given_up_are_made_again() {
    let s = Sandbox::new();
    let line = |i: u32| format!("{:08x}\n", i.wrapping_mul(0x9e37_79b9));
    // Each is what the one it is made of is, with one part replaced by a shorter one: so git packs them as a tree.
    let parts: [&[u32]; 7] = [&[], &[1], &[2], &[1, 3], &[1, 4], &[2, 5], &[2, 6]];
    for replaced in parts {
        let mut text = String::new();
        for i in 0..2000 {
            match replaced.iter().find(|part| i / 40 == **part * 6) {
                None => text += &line(i),
                Some(part) if i % 40 < 38 => text += &line(i + 10_000 * part),
                Some(_) => {}
            }
        }
        s.write("f", text);
        s.commit("change");
    }
    let loose = of_head(&s);
    s.git(&["repack", "-q", "-adf", "--window=20"]);
    let mut repo = s.open();
    repo.set_read_limit(18_000);
    let packed = read(&repo, &Commits::OfHead, 1);
    assert_eq!(packed.results.len(), 7);
    assert!(packed.results == loose.results);
}

#[test]
fn a_panic_in_a_visit_is_not_swallowed() {
    let s = sample();
    let repo = s.open();
    let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        repo.history(
            &Commits::OfHead,
            &|_| true,
            &|b, _| assert!(b.path != "copy.txt" && b.path != "merged.txt", "on purpose"),
            2,
        )
    }));
    assert!(caught.is_err());
}

/// Whatever is cut or flipped: an error, or exactly what was there.
#[test]
fn damage_is_an_error_or_nothing() {
    let s = sample();
    s.git(&["repack", "-q", "-adf", "--depth=10", "--window=20"]);
    let sound = of_head(&s);
    let packs = s.dir.join(".git/objects/pack");
    for (ending, step) in [("pack", 41), ("idx", 163)] {
        let path = std::fs::read_dir(&packs)
            .expect("lists")
            .map(|e| e.expect("entry").path())
            .find(|p| p.extension().is_some_and(|e| e == ending))
            .expect("there");
        let bytes = std::fs::read(&path).expect("reads");
        std::fs::remove_file(&path).expect("removes");
        let mut failed = 0;
        for at in (0..bytes.len()).step_by(step) {
            for cut in [true, false] {
                let mut broken = bytes.clone();
                if cut {
                    broken.truncate(at);
                } else {
                    broken[at] ^= [0x01, 0x10, 0x80, 0xff][at % 4];
                }
                std::fs::write(&path, &broken).expect("writes");
                let Ok(repo) = open(&s.dir) else {
                    failed += 1;
                    continue;
                };
                let visit = |blob: &HistoryBlob, bytes: &[u8]| (blob.clone(), bytes.to_vec());
                match repo.history(&Commits::OfHead, &|_| true, &visit, 2) {
                    Ok(read) if read.is_complete() => assert!(read.results == sound.results),
                    Ok(_) | Err(_) => failed += 1,
                }
            }
        }
        assert!(failed > 50, "{ending}: {failed}");
        std::fs::write(&path, &bytes).expect("writes");
    }
    assert_eq!(of_head(&s).results, sound.results);
}
