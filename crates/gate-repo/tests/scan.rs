//! The one read: what is seen of each file, and which files are not what the index says.
#![allow(clippy::disallowed_methods, reason = "tests lay out repositories")]

mod common;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use common::{Sandbox, scan, seen};
use gate_repo::{FileView, LARGE};

#[test]
fn only_tracked_files_in_path_order() {
    let s = Sandbox::new();
    for i in 0..200 {
        s.write(&format!("d{}/f{i}", i % 7), format!("{i}"));
    }
    s.write(".gitignore", "ignored\n");
    s.commit("one");
    s.write("ignored", "no");
    s.write("untracked", "no");
    let repo = s.open();
    let all = scan(&repo);
    let names: Vec<&str> = all.results.iter().map(|(p, _)| p.as_str()).collect();
    assert_eq!(names, common::paths(&repo));
    assert_eq!((names.len(), all.files_read), (201, 201));
    let bytes: u64 = repo
        .files()
        .iter()
        .map(|f| s.dir.join(&f.path).metadata().unwrap().len())
        .sum();
    assert_eq!(all.bytes_read, bytes);
    assert!(all.dirty.is_empty(), "{:?}", all.dirty);
}

#[test]
fn unwanted_files_stay_closed_but_count_as_dirty() {
    let s = Sandbox::new();
    s.write("a.md", "a");
    s.write("b.rs", "b");
    s.write("c.rs", "c");
    age(&s, &["a.md", "b.rs", "c.rs"]);
    s.commit("one");
    s.write("c.rs", "changed");
    let visits = AtomicUsize::new(0);
    let result = s
        .open()
        .scan(
            &|f| f.path == "a.md",
            &|f, view| {
                visits.fetch_add(1, Ordering::Relaxed);
                assert_eq!(view, &FileView::Bytes(b"a"));
                f.path.clone()
            },
            0,
        )
        .unwrap();
    assert_eq!(
        (result.results, result.dirty),
        (vec!["a.md".to_owned()], vec!["c.rs".to_owned()])
    );
    assert_eq!(
        (visits.into_inner(), result.files_read),
        (1, 2),
        "b.rs is proven unchanged by its stat"
    );
}

#[test]
fn changed_missing_replaced_and_racy() {
    let s = Sandbox::new();
    for path in ["same", "changed", "gone", "now-folder", "bit", "touched"] {
        s.write(path, "1234");
    }
    s.commit("one");
    // Same size, within the same tick as the index perhaps: only the content can tell.
    s.write("changed", "4321");
    s.remove("gone");
    s.remove("now-folder");
    s.write("now-folder/x", "x");
    age(&s, &["touched"]);
    let mut expected = vec!["changed", "gone", "now-folder"];
    if cfg!(unix) {
        chmod(&s, "bit", 0o755);
        expected.insert(0, "bit");
    }
    let result = scan(&s.open());
    assert_eq!(result.dirty, expected);
    assert_eq!(seen(&result, "gone"), "missing");
    assert!(seen(&result, "now-folder").starts_with("unreadable a folder"));
    assert_eq!(seen(&result, "changed"), "bytes 4321");
    if cfg!(unix) {
        s.git(&["config", "core.fileMode", "false"]);
        assert_eq!(scan(&s.open()).dirty, &expected[1..]);
    }
}

#[test]
fn line_endings_that_git_converts_are_no_change() {
    let s = Sandbox::new();
    s.write("a.txt", "one\ntwo\n");
    s.commit("one");
    s.write("a.txt", "one\r\ntwo\r\n");
    assert_eq!(scan(&s.open()).dirty, ["a.txt"], "nothing converts here");
    s.git(&["config", "core.autocrlf", "input"]);
    assert!(scan(&s.open()).dirty.is_empty());
    assert!(s.open().diff("HEAD").unwrap().is_empty());
    s.git(&["config", "core.autocrlf", "false"]);
    s.write(".gitattributes", "*.txt text eol=crlf\n");
    s.commit("attributes");
    assert!(scan(&s.open()).dirty.is_empty());
    s.write("a.txt", "one\r\nTWO\r\nthree\r\n");
    assert_eq!(scan(&s.open()).dirty, ["a.txt"]);
    let diff = s.open().diff("HEAD").unwrap();
    assert_eq!(
        (diff.len(), &diff[0].added_lines[..], diff[0].removed()),
        (1, &[(2, 3)][..], 1)
    );
}

#[test]
fn files_above_the_limit_are_only_measured() {
    let s = Sandbox::new();
    s.write("big", vec![b'x'; 1001]);
    s.write("fits", vec![b'x'; 1000]);
    age(&s, &["big", "fits"]);
    s.commit("one");
    let mut repo = s.open();
    repo.set_read_limit(1000);
    let result = scan(&repo);
    assert_eq!(seen(&result, "big"), "too large 1001");
    assert!(seen(&result, "fits").starts_with("bytes xxx"));
    assert!(result.dirty.is_empty(), "the stat proves it");
    s.write("big", vec![b'y'; 1001]);
    assert_eq!(scan(&repo).dirty, ["big"]);
}

#[cfg(unix)]
#[test]
fn no_link_is_ever_followed() {
    use std::os::unix::fs::symlink;
    let s = Sandbox::new();
    let outside = s.beside("outside");
    std::fs::create_dir(&outside).unwrap();
    std::fs::write(outside.join("f"), "OUTSIDE").unwrap();
    s.write("dir/f", "inside");
    s.write("moved/f", "inside too");
    symlink("dir/f", s.dir.join("in-link")).unwrap();
    symlink(outside.join("f"), s.dir.join("out-link")).unwrap();
    symlink("/dev/zero", s.dir.join("endless")).unwrap();
    s.commit("one");
    let result = scan(&s.open());
    assert_eq!(seen(&result, "in-link"), "link dir/f");
    assert_eq!(
        seen(&result, "out-link"),
        format!("link {}", outside.join("f").display())
    );
    assert_eq!(seen(&result, "endless"), "link /dev/zero");
    assert!(result.dirty.is_empty(), "{:?}", result.dirty);

    // A tracked folder becomes a link, once out of the root and once to the very same files.
    std::fs::remove_dir_all(s.dir.join("dir")).unwrap();
    symlink(&outside, s.dir.join("dir")).unwrap();
    std::fs::rename(s.dir.join("moved"), s.dir.join("elsewhere")).unwrap();
    symlink("elsewhere", s.dir.join("moved")).unwrap();
    // And a tracked file becomes a link and a pipe.
    s.remove("in-link");
    std::fs::write(s.dir.join("in-link"), "plain").unwrap();
    let repo = s.open();
    let result = scan(&repo);
    assert_eq!(
        (seen(&result, "dir/f"), seen(&result, "moved/f")),
        ("missing", "missing")
    );
    assert_eq!(seen(&result, "in-link"), "bytes plain");
    assert_eq!(result.dirty, ["dir/f", "in-link", "moved/f"]);
    let unwanted = repo.scan(&|_| false, &|_, _| (), 1).unwrap();
    assert_eq!(unwanted.dirty, ["dir/f", "in-link", "moved/f"]);
    let gone: Vec<String> = repo
        .diff("HEAD")
        .unwrap()
        .into_iter()
        .map(|c| c.path)
        .collect();
    assert_eq!(gone, ["dir/f", "in-link", "moved/f"]);
}

#[cfg(unix)]
#[test]
fn pipes_do_not_block_and_locked_files_are_named() {
    let s = Sandbox::new();
    s.write("pipe", "x");
    s.write("locked", "x");
    s.commit("one");
    s.remove("pipe");
    let made = std::process::Command::new("mkfifo")
        .arg(s.dir.join("pipe"))
        .status()
        .unwrap();
    assert!(made.success());
    chmod(&s, "locked", 0o000);
    let result = scan(&s.open());
    assert_eq!(seen(&result, "pipe"), "unreadable a pipe, socket or device");
    // The superuser reads what is locked.
    assert!(
        seen(&result, "locked").starts_with("unreadable") || seen(&result, "locked") == "bytes x"
    );
    assert_eq!(result.dirty.last().map(String::as_str), Some("pipe"));
}

#[test]
fn a_panic_in_a_visit_is_not_swallowed() {
    let s = Sandbox::new();
    for i in 0..100 {
        s.write(&format!("f{i}"), "x");
    }
    s.commit("one");
    let repo = s.open();
    let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        repo.scan(&|_| true, &|f, _| assert!(f.path != "f50", "on purpose"), 2)
    }));
    assert!(caught.is_err());
}

/// Long before the index is written: the stat alone proves such a file unchanged.
fn age(s: &Sandbox, paths: &[&str]) {
    for path in paths {
        let file = std::fs::File::options()
            .write(true)
            .open(s.dir.join(path))
            .expect("changes the file");
        file.set_modified(SystemTime::now() - Duration::from_hours(1))
            .expect("changes the file");
    }
}

#[cfg(unix)]
fn chmod(s: &Sandbox, path: &str, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(s.dir.join(path), std::fs::Permissions::from_mode(mode))
        .expect("changes the file");
}

#[cfg(not(unix))]
fn chmod(_: &Sandbox, _: &str, _: u32) {}

/// The bytes that were read ahead are the ones the walk shows, whatever happens
/// to the file in between, and whether it differs from the index is kept too.
#[test]
fn what_was_read_ahead_is_not_read_again() {
    let s = Sandbox::new();
    s.write("a.yml", "version: 1\n");
    s.write("b.yml", "b\n");
    s.commit("one");
    s.write("b.yml", "changed\n");
    let repo = s.open();
    assert_eq!(
        repo.read_ahead("a.yml", 100).as_deref(),
        Some(&b"version: 1\n"[..])
    );
    assert_eq!(
        repo.read_ahead("b.yml", 100).as_deref(),
        Some(&b"changed\n"[..])
    );
    assert_eq!(repo.read_ahead("a.yml", 3), None, "over the limit");
    assert_eq!(repo.read_ahead("absent.yml", 100), None);
    s.remove("a.yml");
    s.remove("b.yml");
    let all = scan(&repo);
    assert_eq!(seen(&all, "a.yml"), "bytes version: 1\n");
    assert_eq!(seen(&all, "b.yml"), "bytes changed\n");
    assert_eq!((all.dirty, all.files_read), (vec!["b.yml".to_owned()], 2));
    assert_eq!(
        seen(&scan(&repo), "a.yml"),
        "missing",
        "only for the next walk"
    );
}

/// Above the bound a file is shown in pieces where that is asked for, and its content still says whether it changed.
#[test]
fn large_files_are_shown_piece_by_piece_where_that_is_enough() {
    let s = Sandbox::new();
    let large = usize::try_from(LARGE).expect("it fits") + 1;
    let text = |last: &[u8]| [vec![b'x'; large - 2], last.to_vec()].concat();
    for path in ["same.csv", "other.csv", "whole.md"] {
        s.write(path, text(b"a\n"));
    }
    s.write("small.csv", &text(b"a\n")[1..]);
    s.commit("one");
    s.write("same.csv", text(b"a\n"));
    s.write("other.csv", text(b"b\n"));
    for last in [b"a\n".as_slice(), b"\r\n"] {
        let result = s.open().scan_in_pieces(
            &|_| true,
            &|f| f.path.rsplit('.').next() == Some("csv"),
            &|_, _, view| match view {
                FileView::Large(large) => {
                    let mut end = [0; 4];
                    let filled = large.read(large.size() - 2, &mut end).expect("it is read");
                    (filled, end[0])
                }
                FileView::Bytes(bytes) => (bytes.len(), bytes[bytes.len() - 2]),
                other => panic!("{other:?}"),
            },
            2,
        );
        let result = result.unwrap();
        let of_crlf = if last == b"\r\n" { b'\r' } else { b'a' };
        let in_order = [(2, b'b'), (2, of_crlf), (large - 1, b'a'), (large, b'a')];
        assert_eq!(result.results, in_order);
        assert_eq!(result.bytes_read, 4 * large as u64 - 1);
        let dirty: &[&str] = if of_crlf == b'a' {
            &["other.csv"]
        } else {
            &["other.csv", "same.csv"]
        };
        assert_eq!(result.dirty, dirty);
        s.write("same.csv", text(b"\r\n"));
    }
}
