//! The history of coverage on a reference of git: recorded, read as the base, shown as a trend.

use crate::actions::{in_actions, pull_request};
use crate::support::{Ran, Repo};
use gate_testkit::fake_github::{FakeGithub, Fault, Route};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::process::Command;

const REFERENCE: &str = "refs/gatewright/coverage";
const TOKEN: &str = "gh-example";
const POLICY: &str = "version: 1
gates:
  coverage:
    reports: [lcov.info]
    history: {ref: refs/gatewright/coverage, keep: 3}
    criteria: {line_coverage: '>= 1%', line_coverage_drop: '<= 1pp'}
";

type Files = BTreeMap<String, Vec<u8>>;

/// Four lines of code, the first so many of which run.
fn report(repo: &Repo, ran: u32) {
    let mut text = String::from("SF:a.py\n");
    for line in 1..=4 {
        let _ = writeln!(text, "DA:{line},{}", u8::from(line <= ran));
    }
    repo.write(
        "lcov.info",
        text + "BRDA:1,0,0,1\nBRDA:1,0,1,-\nend_of_record\n",
    );
}

fn sound(policy: &str) -> Repo {
    let repo = Repo::empty();
    repo.write(".gitignore", "/lcov.info\n/base.info\n/.gatewright\n");
    repo.write(".github/gates.yml", policy);
    repo.write("a.py", "one\ntwo\nthree\nfour\n");
    repo.commit("first");
    report(&repo, 3);
    repo
}

/// A commit with a time of its own, later with every number.
fn next(repo: &Repo, number: u32) -> String {
    repo.write("other.md", format!("{number}\n"));
    repo.git(&["add", "--all", "."]);
    let mut command = Command::new("git");
    gate_testkit::scrub(&mut command);
    let committed = command
        .args(["commit", "--quiet", "--no-gpg-sign", "-m", "next"])
        .env(
            "GIT_COMMITTER_DATE",
            format!("2030-01-01T00:00:{number:02}Z"),
        )
        .current_dir(repo.path())
        .status();
    assert!(committed.expect("git runs").success());
    repo.git(&["rev-parse", "HEAD"])
}

fn record(repo: &Repo, fake: &FakeGithub, verb: &[&str], event: (&str, &str)) -> Ran {
    let url = fake.url();
    let extra = [
        ("GITHUB_API_URL", url.as_str()),
        ("GATEWRIGHT_TOKEN", TOKEN),
        ("GITHUB_REF", "refs/heads/main"),
        ("GATEWRIGHT_RECORD_HISTORY", "true"),
    ];
    in_actions(repo, verb, event, &extra).0
}

fn recorded(repo: &Repo, fake: &FakeGithub) -> Ran {
    let ran = record(repo, fake, &["coverage"], ("workflow_dispatch", "{}"));
    assert_eq!(ran.stderr, "", "{}", ran.stdout);
    ran
}

fn files(fake: &FakeGithub) -> Files {
    fake.git(REFERENCE).expect("a history").0
}

/// Brings the history to a clone, as `git fetch` does.
fn fetch(repo: &Repo, files: &Files) {
    let there = Repo::empty();
    for (name, bytes) in files {
        there.write(name, bytes);
    }
    there.commit("history");
    let refspec = format!("+main:{REFERENCE}");
    let path = there.path().display().to_string();
    repo.git(&["fetch", "--quiet", &path, &refspec]);
}

fn criterion(repo: &Repo) -> (String, String, String) {
    let verdict = repo.json("coverage.verdict.json");
    let criteria = verdict["criteria"].as_array().expect("criteria").clone();
    let drop = criteria
        .into_iter()
        .find(|criterion| criterion["id"] == "line_coverage_drop")
        .expect("it is asked for");
    let text = |name: &str| drop[name].as_str().unwrap_or_default().to_owned();
    (text("status"), text("reason"), text("next_step"))
}

fn judged(repo: &Repo, base: &str) -> (String, String, String) {
    let ran = repo.run(&["coverage", "--base", base]);
    assert!(ran.code < Some(2), "{}{}", ran.stdout, ran.stderr);
    criterion(repo)
}

#[test]
fn what_the_default_branch_records_is_the_base_of_a_change() {
    let fake = FakeGithub::start().expect("a fake");
    let repo = sound(POLICY);
    let base = repo.git(&["rev-parse", "HEAD"]);
    let without = repo.run(&["coverage"]).code;
    assert_eq!(
        recorded(&repo, &fake).code,
        without,
        "the verdict is the same"
    );
    let files = files(&fake);
    let names: Vec<&str> = files.keys().map(String::as_str).collect();
    assert!(
        names[0].starts_with("coverage.20") && names[0].ends_with(&format!("Z.{base}.json")),
        "{names:?}"
    );
    assert_eq!(
        (names.len(), names[1]),
        (2, &*names[0].replace(".json", ".lcov"))
    );
    let entry: Value = serde_json::from_slice(&files[names[0]]).expect("JSON");
    assert_eq!(
        entry["totals"]["lines"],
        serde_json::json!({"covered": 3, "total": 4})
    );
    assert_eq!(fake.violations(), []);

    // Without the reference there is nothing to compare with, and that is no pass.
    repo.git(&["checkout", "--quiet", "-b", "topic"]);
    next(&repo, 1);
    let (status, reason, next_step) = judged(&repo, &base);
    assert_eq!(status, "error");
    assert!(reason.contains(REFERENCE), "{reason}");
    assert!(
        next_step.contains("git fetch origin refs/gatewright/coverage:refs/gatewright/coverage"),
        "{next_step}"
    );

    fetch(&repo, &files);
    let (status, reason, _) = judged(&repo, &base);
    assert_eq!(status, "pass", "{reason}");
    assert!(
        reason.contains("in the base, as recorded at 2026-01-02T03:04:05Z"),
        "{reason}"
    );
    report(&repo, 2);
    let (status, reason, _) = judged(&repo, &base);
    assert_eq!(status, "fail");
    assert!(
        reason.starts_with("50.00% (2 of 4 lines) now, 75.00% (3 of 4 lines)"),
        "{reason}"
    );
    let verdict = repo.json("coverage.verdict.json");
    let lost = &verdict["findings"][0];
    assert_eq!(lost["rule"], "lost_coverage", "{verdict}");
    let past: Vec<&String> = verdict["metrics"]
        .as_object()
        .expect("metrics")
        .keys()
        .filter(|name| name.contains('@'))
        .collect();
    assert_eq!(past.len(), 2, "{past:?}");

    let ran = repo.run(&["run", "--base", &base]);
    assert!(
        ran.stdout
            .contains("Trend: line coverage 50.00% (before 75.00%"),
        "{}",
        ran.stdout
    );
    let report = std::fs::read_to_string(repo.out("report.html")).expect("a report");
    assert!(report.contains("<svg role=\"img\" viewBox=\"0 0 720 220\""));

    // Reports of the base go before it, and the trend stays.
    let own = POLICY.replace("    history", "    base_reports: [base.info]\n    history");
    repo.write(".github/gates.yml", own);
    let base = repo.commit("reports of the base");
    next(&repo, 2);
    repo.write(
        "base.info",
        "SF:a.py\nDA:1,1\nDA:2,1\nDA:3,1\nDA:4,1\nend_of_record\n",
    );
    let (status, reason, _) = judged(&repo, &base);
    assert_eq!(status, "fail");
    assert!(
        reason.contains("100.00% (4 of 4 lines) in the base"),
        "{reason}"
    );
    // Those that bring nothing but test results say nothing of the coverage.
    let tests = "<testsuite name=\"s\"><testcase classname=\"c\" name=\"t\"/></testsuite>";
    repo.write("base.info", tests);
    let (status, reason, _) = judged(&repo, &base);
    assert_eq!(status, "fail");
    assert!(reason.contains("as recorded at"), "{reason}");
    let metrics = repo.json("coverage.verdict.json")["metrics"].to_string();
    assert!(metrics.contains("line_coverage@"), "{metrics}");
}

#[test]
fn of_two_clones_that_record_at_once_none_is_lost() {
    let fake = FakeGithub::start().expect("a fake");
    let repo = sound(POLICY);
    let clone = Repo::empty();
    clone.git(&[
        "fetch",
        "--quiet",
        &repo.path().display().to_string(),
        "main",
    ]);
    clone.git(&["reset", "--quiet", "--hard", "FETCH_HEAD"]);
    report(&clone, 3);
    let commits = [next(&repo, 1), next(&clone, 2)];
    std::thread::scope(|scope| {
        for one in [&repo, &clone] {
            let fake = &fake;
            scope.spawn(move || recorded(one, fake));
        }
    });
    let files = files(&fake);
    for commit in &commits {
        let of = files.keys().filter(|name| name.contains(commit.as_str()));
        assert_eq!(of.count(), 2, "{commit}: {:?}", files.keys());
    }
    assert_eq!(fake.git(REFERENCE).expect("a history").1, 2);
    // Another writer between the look and the write: read again, nothing lost.
    fake.fail(
        Route::GitMove,
        Fault::Answer {
            status: 422,
            message: String::from("Update is not a fast forward"),
        },
    );
    next(&repo, 3);
    recorded(&repo, &fake);
    assert_eq!(self::files(&fake).len(), 6);
    assert_eq!(fake.violations(), []);
}

#[test]
fn the_newest_are_kept_and_the_nearest_before_the_base_is_found() {
    let fake = FakeGithub::start().expect("a fake");
    let repo = sound(POLICY);
    let mut commits = Vec::new();
    for number in 0..5 {
        commits.push(next(&repo, number));
        recorded(&repo, &fake);
    }
    let kept = files(&fake);
    assert_eq!(kept.len(), 6, "{:?}", kept.keys());
    fetch(&repo, &kept);
    // Two commits that nothing recorded, and the change.
    next(&repo, 5);
    let base = next(&repo, 6);
    repo.write("a.py", "one\ntwo\nthree\nfive\n");
    repo.commit("change");
    let (status, reason, _) = judged(&repo, &base);
    assert_eq!(status, "pass");
    let nearest = commits.last().expect("a commit");
    let told = format!("in {nearest:.12}, 2 commits before the base");
    assert!(
        reason.contains(&told) && reason.contains(&base[..12]),
        "{reason}"
    );

    // Before the oldest that is kept there is nothing.
    let (status, reason, next_step) = judged(&repo, &commits[0]);
    assert_eq!(status, "error");
    assert!(reason.contains("has no entry of the base"), "{reason}");
    assert!(next_step.contains("--record-history"), "{next_step}");

    // A checkout that is cut says so.
    let clone = Repo::empty();
    let origin = format!("file://{}", repo.path().display());
    clone.git(&["fetch", "--quiet", "--depth=2", &origin, "main"]);
    clone.git(&["reset", "--quiet", "--hard", "FETCH_HEAD"]);
    report(&clone, 3);
    fetch(&clone, &kept);
    let (status, reason, next_step) = judged(&clone, &base);
    assert_eq!(status, "error");
    assert!(reason.contains("all that this checkout has"), "{reason}");
    assert!(next_step.contains("fetch-depth"), "{next_step}");
}

#[test]
fn only_counts_are_compared_where_the_lines_are_gone() {
    let fake = FakeGithub::start().expect("a fake");
    let repo = sound(POLICY);
    let base = repo.git(&["rev-parse", "HEAD"]);
    recorded(&repo, &fake);
    let mut kept = files(&fake);
    kept.retain(|name, _| !name.contains(".lcov"));
    fetch(&repo, &kept);
    next(&repo, 1);
    let (status, reason, _) = judged(&repo, &base);
    assert_eq!(status, "pass");
    assert!(reason.contains("only counts are recorded"), "{reason}");
    let narrow = POLICY.replace("    history", "    exclude: [b.py]\n    history");
    repo.write(".github/gates.yml", narrow);
    repo.commit("narrow");
    repo.write("a.md", "x");
    repo.commit("change");
    let (status, reason, _) = judged(&repo, "HEAD~1");
    assert_eq!(status, "error");
    assert!(reason.contains("other `paths` or `exclude`"), "{reason}");
    fetch(&repo, &files(&fake));
    let (status, reason, _) = judged(&repo, "HEAD~1");
    assert_eq!(status, "pass");
    assert!(
        reason.contains("with other `paths` or `exclude`"),
        "{reason}"
    );
}

#[test]
fn what_does_not_fit_is_an_error_that_names_it() {
    let fake = FakeGithub::start().expect("a fake");
    let repo = sound(POLICY);
    let base = repo.git(&["rev-parse", "HEAD"]);
    recorded(&repo, &fake);
    next(&repo, 1);
    let sound = files(&fake);
    let of = |ending: &str| {
        let name = sound.keys().find(|name| name.ends_with(ending));
        name.expect("a file").clone()
    };
    let (entry, lines) = (of(".json"), of(".lcov"));
    let text = String::from_utf8(sound[&entry].clone()).expect("text");
    let with = |name: &str, bytes: &[u8]| {
        let mut files = sound.clone();
        files.insert(name.to_owned(), bytes.to_vec());
        files
    };
    let replaced = |from: &str, to: &str| with(&entry, text.replacen(from, to, 1).as_bytes());
    for (files, said) in [
        (with(&entry, &text.as_bytes()[..40]), "EOF"),
        (replaced(&base, &"0".repeat(40)), "its name says"),
        (
            replaced("\"schema_version\": 1", "\"schema_version\": 9"),
            "schema_version 9",
        ),
        (replaced("\"covered\": 3", "\"covered\": 9"), "9 of 4"),
        (
            replaced("\"covered\": 3", "\"covered\": 2"),
            "its counts are not those",
        ),
        (with(&entry, &vec![b' '; 100_000]), "100000"),
        (with(&lines, b"SF:a.py\nDA:1,1\nend_of_record\n"), "sha256"),
        (with(&lines, &vec![b'\n'; 17 << 20]), ".lcov"),
        (with("README.md", b"x"), "README.md"),
        (with("src/a.rs", b"x"), "src/"),
    ] {
        fetch(&repo, &files);
        let (status, reason, next_step) = judged(&repo, &base);
        assert_eq!(status, "error", "{said}: {reason}");
        assert!(
            reason.contains(REFERENCE) && reason.contains(said),
            "{said}: {reason}"
        );
        assert!(next_step.contains("--record-history"), "{next_step}");
    }
}

#[test]
fn a_branch_serves_too_and_what_is_no_reference_is_refused() {
    let fake = FakeGithub::start().expect("a fake");
    let policy = |name: &str| POLICY.replace(REFERENCE, name);
    let repo = sound(&policy("gatewright-coverage"));
    let base = repo.git(&["rev-parse", "HEAD"]);
    recorded(&repo, &fake);
    let (kept, _) = fake
        .git("refs/heads/gatewright-coverage")
        .expect("a branch");
    next(&repo, 1);
    let (_, reason, next_step) = judged(&repo, &base);
    assert!(reason.contains("no gatewright-coverage"), "{reason}");
    let fetched = "refs/heads/gatewright-coverage:refs/remotes/origin/gatewright-coverage";
    assert!(next_step.contains(fetched), "{next_step}");
    fetch(&repo, &kept);
    let name = "refs/remotes/origin/gatewright-coverage";
    repo.git(&["update-ref", name, REFERENCE]);
    let (status, reason, _) = judged(&repo, &base);
    assert_eq!(status, "pass", "{reason}");

    for (number, wrong) in (2..).zip(["refs/x", "refs/heads/a.lock"]) {
        repo.write(".github/gates.yml", policy(wrong));
        let base = repo.commit("policy");
        next(&repo, number);
        let (status, reason, _) = judged(&repo, &base);
        assert_eq!(status, "error", "{wrong}");
        assert!(reason.contains("no reference of git's"), "{reason}");
    }
    repo.write(".github/gates.yml", policy("main..x"));
    assert_eq!(repo.run(&["coverage"]).code, Some(2));
}

#[test]
fn what_is_not_merged_or_not_the_commit_is_not_recorded() {
    let fake = FakeGithub::start().expect("a fake");
    let repo = sound(POLICY);
    let base = repo.git(&["rev-parse", "HEAD"]);
    let head = next(&repo, 1);
    let without = repo.run(&["coverage"]).code;
    let pull = pull_request(&base, &head);
    let refused = |event: (&str, &str), word: &str| {
        let ran = record(&repo, &fake, &["coverage"], event);
        assert_eq!(ran.code, without, "{word}: {}", ran.stdout);
        assert_eq!(
            ran.stderr.matches("warning: ").count(),
            1,
            "{word}: {}",
            ran.stderr
        );
        assert!(ran.stderr.contains(word), "{word}: {}", ran.stderr);
        assert!(fake.git(REFERENCE).is_none(), "{word}");
    };
    refused(("pull_request", &pull), "a pull request");
    refused(("pull_request_target", &pull), "a pull request");
    refused(("workflow_run", "{}"), "another workflow's run");
    fake.fail(Route::GitWrite, Fault::ReadOnlyToken);
    refused(("workflow_dispatch", "{}"), "contents: ");
    fake.set_git(REFERENCE, &[("README.md", b"x")]);
    let ran = record(&repo, &fake, &["coverage"], ("workflow_dispatch", "{}"));
    assert!(ran.stderr.contains("README.md"), "{}", ran.stderr);
    assert_eq!(fake.git(REFERENCE).expect("as it was").1, 1);
    repo.write("a.py", "one\n");
    let ran = record(&repo, &fake, &["run"], ("workflow_dispatch", "{}"));
    assert!(
        ran.stderr.contains("differ from the commit"),
        "{}",
        ran.stderr
    );
    let ran = repo.run(&["coverage", "--record-history", "--shard", "1/2"]);
    assert!(
        ran.stderr.contains("a shard measures a part"),
        "{}",
        ran.stderr
    );
}
