//! What users of other coverage tools asked for loudest, each with the issue that asks for it.

use crate::actions::{in_actions, pull_request};
use crate::publishing::publish;
use crate::support::Repo;
use gate_testkit::fake_github::{FakeGithub, Fault, Route};
use std::fmt::Write as _;
use std::path::Path;

/// Cases of the coverage gate that hold to a wish beside the test here; the number is the wish's.
const CASES: &[(usize, &str)] = &[
    (1, "patch_line_coverage-uncovered"),
    (1, "patch_line_coverage-not_in_report"),
    (5, "line_coverage_drop-covered_code_removed"),
    (5, "coverage_ratchet-below"),
    (5, "coverage_ratchet-lowered"),
    (5, "coverage_ratchet-lowered_with_a_reason"),
    (5, "coverage_ratchet-slack"),
    (6, "branch_coverage-taken"),
    (7, "line_coverage-per_component"),
    (7, "line_coverage-per_directory"),
    (7, "line_coverage-per_file"),
    (8, "line_coverage-one_of_two_reports"),
    (8, "line_coverage-too_few_reports"),
    (9, "patch_line_coverage-base_unreadable"),
    (9, "patch_line_coverage-first_commit"),
    (10, "line_coverage-almost"),
];

#[test]
fn the_cases_that_are_named_are_there() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../coverage-gate/tests/cases");
    for (wish, case) in CASES {
        assert!((1..=10).contains(wish));
        assert!(cases.join(case).join("expected").is_dir(), "{case}");
    }
}

/// A repository with a policy that asks the coverage gate for these, whose reports are not tracked.
fn asking(criteria: &str) -> Repo {
    let repo = Repo::empty();
    let gate = format!("  coverage:\n    reports: [\"coverage/*\"]\n{criteria}");
    repo.write(".github/gates.yml", format!("version: 1\ngates:\n{gate}"));
    repo.write(".gitignore", "/coverage\n/base\n");
    repo
}

/// As many lines as that, each another one.
fn lines(number: usize) -> String {
    (1..=number).fold(String::new(), |mut text, line| {
        let _ = writeln!(text, "line_{line} = {line}");
        text
    })
}

/// The lcov record of a file of which these lines did not run.
fn lcov(path: &str, number: usize, missed: &[usize]) -> String {
    let mut text = format!("SF:{path}\n");
    for line in 1..=number {
        let _ = writeln!(text, "DA:{line},{}", u8::from(!missed.contains(&line)));
    }
    text + "end_of_record\n"
}

/// Wish 1, k1LoW/octocov#476 and ArtiomTr/jest-coverage-report-action#308: changed lines are judged, and only those annotated, near
/// ones as one.
#[test]
fn only_changed_lines_are_judged_and_annotated() {
    let repo = asking("    criteria: {patch_line_coverage: \">= 90%\"}\n");
    repo.write("shop.py", lines(20));
    let base = repo.commit("base");
    repo.write(
        "shop.py",
        lines(20)
            .replace("_12 = 12", "_12 = 0")
            .replace("_13 = 13", "_13 = 0"),
    );
    let head = repo.commit("change");
    repo.write(
        "coverage/lcov.info",
        lcov("shop.py", 20, &[1, 2, 3, 12, 13, 20]),
    );
    let event = pull_request(&base, &head);
    let (ran, _, _) = in_actions(&repo, &["coverage"], ("pull_request", &event), &[]);
    assert_eq!(ran.code, Some(1), "{}", ran.stderr);
    let annotated: Vec<&str> = ran
        .stdout
        .lines()
        .filter(|line| line.contains("file=shop.py"))
        .collect();
    assert_eq!(annotated.len(), 1, "{}", ran.stdout);
    assert!(
        annotated[0].contains("line=12,endLine=13"),
        "{}",
        annotated[0]
    );
}

/// Wish 2, romeovs/lcov-reporter-action#2 and 5monkeys/cobertura-action#40: a report of any size is told within the limits of
/// comments and summaries.
#[test]
fn a_report_of_any_size_is_told_within_the_limits() {
    let repo = asking(
        "    criteria: {patch_line_coverage: \">= 90%\", line_coverage: {fail: \">= 80%\", per: file}}\n",
    );
    let base = repo.commit("base");
    let mut report = String::new();
    for number in 0..1_500 {
        let path = format!("packages/a-rather-long-name-of-a-package/src/module_{number}.py");
        repo.write(&path, lines(6));
        report += &lcov(&path, 6, &[1, 3, 5, 6]);
    }
    repo.commit("a large change");
    repo.write("coverage/lcov.info", report);
    let fake = FakeGithub::start().expect("a fake");
    let head = repo.git(&["rev-parse", "HEAD"]);
    let event = pull_request(&base, &head);
    let told = publish(&repo, &fake, ("pull_request", &event), &[]);
    assert_eq!(told.ran.code, Some(1), "{}", told.ran.stderr);
    let [comment] = fake.comments().try_into().expect("one comment");
    assert!(
        comment.body.contains("patch_line_coverage"),
        "{}",
        comment.body
    );
    assert!(comment.body.chars().count() < 65_536);
    assert!(told.summary.len() < 1024 * 1024);
    assert!(repo.json("coverage.verdict.json")["findings_total"].as_u64() > Some(1_000));
}

/// Wish 3, dorny/test-reporter#168: a pull request from a fork, whose token can only read, is not red for that.
#[test]
fn a_token_that_can_only_read_fails_nothing() {
    let repo = asking("    criteria: {patch_line_coverage: \">= 90%\"}\n");
    repo.write("shop.py", lines(5));
    let base = repo.commit("base");
    repo.write("shop.py", lines(6));
    let head = repo.commit("change");
    repo.write("coverage/lcov.info", lcov("shop.py", 6, &[]));
    let event = pull_request(&base, &head);
    let fork = event.replace(
        r#""ref": "topic", "repo": {"full_name": "octo/demo"}"#,
        r#""ref": "topic", "repo": {"full_name": "eve/demo"}"#,
    );
    assert_ne!(event, fork);
    for event in [event, fork] {
        let fake = FakeGithub::start().expect("a fake");
        for route in [Route::CreateCheck, Route::Comments, Route::CreateStatus] {
            fake.fail(route, Fault::ReadOnlyToken);
        }
        let told = publish(&repo, &fake, ("pull_request", &event), &[]);
        assert_eq!(told.ran.code, Some(0), "{}", told.ran.stderr);
        assert!(told.summary.contains("100.00%"), "{}", told.summary);
    }
}

/// Wish 4, coverallsapp/github-action#250 and nlohmann/json#4890: no service, token or upload stands between the reports and the
/// verdict.
#[test]
fn no_host_has_to_be_there() {
    let repo =
        asking("    criteria: {line_coverage: \">= 80%\", patch_line_coverage: \">= 80%\"}\n");
    repo.write("shop.py", lines(4));
    let base = repo.commit("base");
    repo.write("shop.py", lines(5));
    let head = repo.commit("change");
    repo.write("coverage/lcov.info", lcov("shop.py", 5, &[1]));
    let event = pull_request(&base, &head);
    let dead = "http://127.0.0.1:9";
    let variables = [
        ("GITHUB_API_URL", dead),
        ("HTTPS_PROXY", dead),
        ("HTTP_PROXY", dead),
    ];
    let (ran, _, _) = in_actions(&repo, &["coverage"], ("pull_request", &event), &variables);
    assert_eq!(ran.code, Some(0), "{}{}", ran.stdout, ran.stderr);
    let verdict = repo.json("coverage.verdict.json");
    assert_eq!(verdict["status"], "pass", "{verdict}");
}

/// Wish 5, davelosert/vitest-coverage-report-action#395 and vladopajic/go-test-coverage#319: coverage that falls fails, code that
/// is taken out does not.
#[test]
fn a_fall_fails_and_removed_code_does_not() {
    let repo =
        asking("    base_reports: [\"base/*\"]\n    criteria: {line_coverage_drop: \"<= 0pp\"}\n");
    repo.write("shop.py", lines(10));
    repo.write("till.py", lines(10));
    let base = repo.commit("base");
    let reports = |of, till: &str| {
        repo.write(
            &format!("{of}/lcov.info"),
            lcov("shop.py", 10, &[1, 2]) + till,
        );
    };
    reports("base", &lcov("till.py", 10, &[]));
    repo.git(&["rm", "--quiet", "till.py"]);
    repo.commit("without the till");
    reports("coverage", "");
    assert_eq!(repo.run(&["coverage", "--base", &base]).code, Some(0));
    repo.write("till.py", lines(10));
    repo.commit("with it");
    reports("coverage", &lcov("till.py", 10, &[9]));
    let ran = repo.run(&["coverage", "--base", &base]);
    assert_eq!(ran.code, Some(1), "{}", ran.stdout);
    assert!(ran.stdout.contains("[lost_coverage]"), "{}", ran.stdout);
}

/// Wish 6, Madrapps/jacoco-report#10, #21 and irongut/CodeCoverageSummary in eclipse-threadx/threadx#684: each unit's minimum really
/// fails, whatever the other units have.
#[test]
fn each_unit_fails_by_itself() {
    let jacoco = r#"<report name="shop"><package name="shop"><sourcefile name="Till.java">
        <line nr="1" mi="0" ci="3" mb="3" cb="1"/><line nr="2" mi="0" ci="1" mb="0" cb="0"/>
        </sourcefile></package></report>"#;
    let repo = asking("    criteria: {line_coverage: \">= 80%\", branch_coverage: \">= 50%\"}\n");
    repo.write("shop/Till.java", lines(2));
    repo.commit("base");
    repo.write("coverage/jacoco.xml", jacoco);
    let ran = repo.run(&["coverage"]);
    assert_eq!(ran.code, Some(1), "{}", ran.stdout);
    assert!(
        ran.stdout
            .contains("FAIL   branch_coverage  25.00% (1 of 4)"),
        "{}",
        ran.stdout
    );
    assert!(
        ran.stdout
            .contains("PASS   line_coverage    100.00% (2 of 2)"),
        "{}",
        ran.stdout
    );
}

/// Wish 7, ArtiomTr/jest-coverage-report-action#291: one part of a repository that falls short fails, with a minimum of its own.
#[test]
fn a_part_falls_short_by_itself() {
    let repo = asking(
        "    criteria: {line_coverage: \">= 80%\"}\n  coverage-api:\n    kind: coverage\n    reports: [\"coverage/*\"]\n    paths: [\"services/api/**\"]\n    criteria: {line_coverage: {fail: \">= 70%\", per: directory}}\n",
    );
    for path in ["web/a.py", "services/api/b.py", "services/api/store/c.py"] {
        repo.write(path, lines(10));
    }
    repo.commit("base");
    let api =
        lcov("services/api/b.py", 10, &[]) + &lcov("services/api/store/c.py", 10, &[1, 2, 3, 4]);
    repo.write("coverage/lcov.info", lcov("web/a.py", 10, &[]) + &api);
    let ran = repo.run(&["coverage"]);
    assert_eq!(ran.code, Some(1), "{}", ran.stdout);
    assert_eq!(repo.json("coverage.verdict.json")["status"], "pass");
    assert_eq!(repo.json("coverage-api.verdict.json")["status"], "fail");
    assert!(
        ran.stdout.contains("in services/api/store ran"),
        "{}",
        ran.stdout
    );
}

/// Wish 8, davelosert/vitest-coverage-report-action#368: shards are united line by line, and one that is missing is no pass.
#[test]
fn shards_are_united_and_none_may_be_missing() {
    let repo = asking("    min_reports: 2\n    criteria: {line_coverage: \">= 100%\"}\n");
    repo.write("shop.py", lines(4));
    repo.commit("base");
    repo.write("coverage/1.info", lcov("shop.py", 4, &[1, 2]));
    let alone = repo.run(&["coverage"]);
    assert_eq!(alone.code, Some(1), "{}", alone.stdout);
    assert_eq!(repo.json("coverage.verdict.json")["status"], "error");
    repo.write("coverage/2.info", lcov("shop.py", 4, &[3, 4]));
    let both = repo.run(&["coverage"]);
    assert_eq!(both.code, Some(0), "{}", both.stdout);
    assert!(both.stdout.contains("100.00% (4 of 4)"), "{}", both.stdout);
}

/// Wish 9, py-cov-action/python-coverage-comment-action#529 and tj-actions/changed-files#737: what the base got since is no part of
/// the change, and a base that a shallow clone does not hold is an error.
#[test]
fn the_change_is_what_the_branch_did() {
    let repo = asking("    criteria: {patch_line_coverage: \">= 90%\"}\n");
    repo.write("shop.py", lines(10));
    repo.commit("base");
    repo.git(&["switch", "--quiet", "--create", "topic"]);
    repo.write("shop.py", lines(10).replace("_9 = 9", "_9 = 0"));
    repo.commit("change");
    repo.git(&["switch", "--quiet", "main"]);
    repo.write("shop.py", lines(10).replace("_2 = 2", "_2 = 0"));
    repo.write("other.py", lines(5));
    repo.commit("meanwhile");
    repo.git(&["switch", "--quiet", "--detach", "main"]);
    repo.git(&["merge", "--quiet", "--no-ff", "--message", "merge", "topic"]);
    repo.write(
        "coverage/lcov.info",
        lcov("shop.py", 10, &[2, 3]) + &lcov("other.py", 5, &[1, 2]),
    );
    let main = repo.git(&["rev-parse", "main"]);
    let ran = repo.run(&["coverage", "--base", &main]);
    assert_eq!(ran.code, Some(0), "{}", ran.stdout);
    assert!(ran.stdout.contains("100.00% (1 of 1)"), "{}", ran.stdout);

    // Where the branch is checked out by itself, its old line is no change either.
    repo.git(&["switch", "--quiet", "topic"]);
    repo.write("coverage/lcov.info", lcov("shop.py", 10, &[2, 3]));
    let ran = repo.run(&["coverage", "--base", &main]);
    assert!(ran.stdout.contains("100.00% (1 of 1)"), "{}", ran.stdout);
    repo.git(&["switch", "--quiet", "--detach", "HEAD"]);

    let clone = tempfile::tempdir().expect("a temp dir");
    let from = format!("file://{}", repo.path().display());
    let to = clone.path().join("shallow");
    repo.git(&[
        "clone",
        "--quiet",
        "--depth=1",
        &from,
        &to.display().to_string(),
    ]);
    let mut shallow = repo.command(&["coverage", "--offline", "--base", &main]);
    shallow.current_dir(&to);
    std::fs::create_dir(to.join("coverage")).expect("a folder");
    std::fs::copy(
        repo.path().join("coverage/lcov.info"),
        to.join("coverage/lcov.info"),
    )
    .expect("copied");
    let ran = crate::support::finish(shallow);
    assert_eq!(ran.code, Some(1), "{}{}", ran.stdout, ran.stderr);
    assert!(
        ran.stdout.contains("ERROR  patch_line_coverage"),
        "{}",
        ran.stdout
    );
}

/// Wish 10, gcovr/gcovr#344 and nedbat/coveragepy#284: nothing is rounded up, neither to pass nor to be shown.
#[test]
fn nothing_is_rounded_up() {
    let repo = asking("    criteria: {line_coverage: \">= 100%\"}\n");
    repo.write("shop.py", lines(20_000));
    repo.commit("base");
    repo.write("coverage/lcov.info", lcov("shop.py", 20_000, &[7]));
    let ran = repo.run(&["coverage"]);
    assert_eq!(ran.code, Some(1), "{}", ran.stdout);
    assert!(
        ran.stdout.contains("99.99% (19,999 of 20,000)")
            || ran.stdout.contains("99.99% (19999 of 20000)"),
        "{}",
        ran.stdout
    );
}
