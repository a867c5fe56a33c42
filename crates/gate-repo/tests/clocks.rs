//! Commits whose times are wrong: what lies between two of them may come out as more, never as less.
#![allow(clippy::disallowed_methods, reason = "tests lay out repositories")]

mod common;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::Write as _;

use common::Sandbox;
use gate_repo::Commits;

/// A repository of commits with one file each: its time and its parents, by place.
fn repository(commits: &[(i64, Vec<usize>)]) -> Sandbox {
    let s = Sandbox::new();
    let mut stream = String::new();
    for (i, (time, parents)) in commits.iter().enumerate() {
        let _ = write!(
            stream,
            "commit refs/heads/c{i}\nmark :{}\ncommitter c <c@example.org> {time} +0000\ndata 0\n",
            i + 1
        );
        for (n, parent) in parents.iter().enumerate() {
            let word = if n == 0 { "from" } else { "merge" };
            let _ = writeln!(stream, "{word} :{}", parent + 1);
        }
        let text = i.to_string();
        let _ = write!(
            stream,
            "M 100644 inline f{i}\ndata {}\n{text}\n",
            text.len()
        );
    }
    let mut import = std::process::Command::new("git")
        .args(["fast-import", "--quiet"])
        .current_dir(&s.dir)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .stdin(std::process::Stdio::piped())
        .spawn()
        .expect("git runs");
    let mut input = import.stdin.take().expect("piped");
    input.write_all(stream.as_bytes()).expect("writes");
    drop(input);
    assert!(import.wait().expect("ends").success());
    s.git(&["reset", "-q", "--hard", "c0"]);
    s
}

/// The files that are new between two commits, and how many commits lie there.
fn between(s: &Sandbox, base: usize, head: usize) -> (BTreeSet<String>, u64) {
    let (base, head) = (format!("c{base}"), format!("c{head}"));
    let commits = Commits::Between {
        base: &base,
        head: &head,
    };
    let visit = |blob: &gate_repo::HistoryBlob, _: &[u8]| blob.path.clone();
    let all = s
        .open()
        .history(&commits, &|_| true, &visit, 2)
        .expect("reads");
    assert!(all.is_complete());
    (all.results.into_iter().collect(), all.commits)
}

/// What is reachable from `tip`, by the list itself.
fn reach(commits: &[(i64, Vec<usize>)], tip: usize) -> BTreeSet<usize> {
    let (mut seen, mut next) = (BTreeSet::new(), vec![tip]);
    while let Some(at) = next.pop() {
        if seen.insert(at) {
            next.extend(&commits[at].1);
        }
    }
    seen
}

#[test]
fn few_commits_are_exact_whatever_their_times() {
    let mut state = 7_u64;
    let mut random = |below: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        usize::try_from(state >> 33).expect("small") % below
    };
    for _ in 0..4 {
        let commits: Vec<(i64, Vec<usize>)> = (0..40)
            .map(|i| {
                let mut parents: Vec<usize> = match i {
                    0 => Vec::new(),
                    _ => (0..=random(2)).map(|_| i - 1 - random(i.min(6))).collect(),
                };
                parents.dedup();
                (i64::try_from(random(1_000_000)).expect("small"), parents)
            })
            .collect();
        let s = repository(&commits);
        for _ in 0..12 {
            let (base, head) = (random(40), random(40));
            let expected: BTreeSet<String> = reach(&commits, head)
                .difference(&reach(&commits, base))
                .map(|i| format!("f{i}"))
                .collect();
            let (found, count) = between(&s, base, head);
            assert_eq!(found, expected, "c{base}..c{head}");
            assert_eq!(count, expected.len() as u64);
        }
    }
}

#[test]
fn many_commits_with_wrong_times_are_never_fewer() {
    // 0 is far in the future; 1 to 200 lead to it from long ago; 201 is a child of 0 only.
    let mut commits = vec![(2_000_000_000, Vec::new())];
    commits.extend((1..=200_usize).map(|i| (1000 + i64::try_from(i).expect("small"), vec![i - 1])));
    commits.push((2_000_000_001, vec![0]));
    let s = repository(&commits);
    let (found, _) = between(&s, 200, 201);
    assert!(found.contains("f201"), "{found:?}");
    let (found, count) = between(&s, 201, 200);
    assert_eq!((found.len(), count), (200, 200));
}
