//! `gatewright doctor`: per check a folder with a bad case, which it finds and nothing else does, and a good twin, about
//! which nothing is said. `GATEWRIGHT_BLESS=1` writes what is expected.

use crate::support::{Repo, finish};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

fn cases() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/doctor")
}

/// Lays out a case: workflows are stored as `*.yml.in`, so that nobody takes them for ours.
fn laid_out(folder: &Path) -> Repo {
    let repo = Repo::empty();
    for entry in
        fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
    {
        let entry = entry.expect("an entry");
        let name = entry.file_name().into_string().expect("a name");
        let bytes = fs::read(entry.path()).expect("a file");
        if let Some(workflow) = name.strip_suffix(".in") {
            repo.write(&format!(".github/workflows/{workflow}"), bytes);
        } else if name == "gates.yml" {
            repo.write(".github/gates.yml", bytes);
        }
    }
    repo
}

fn checks() -> Vec<String> {
    let listed = Repo::empty().run(&["doctor", "--list"]);
    assert_eq!(listed.code, Some(0), "{}", listed.stderr);
    let names = listed.stdout.lines();
    names
        .filter_map(|line| Some(line.split_whitespace().next()?.to_owned()))
        .collect()
}

fn findings(repo: &Repo) -> Vec<Value> {
    let ran = repo.run(&["doctor", "--format", "json"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let document: Value = serde_json::from_str(&ran.stdout).expect("JSON");
    document["findings"].as_array().expect("findings").clone()
}

fn names(findings: &[Value]) -> BTreeSet<&str> {
    let names = findings.iter().filter_map(|one| one["check"].as_str());
    names.collect()
}

#[test]
fn every_check_finds_its_bad_case_and_is_silent_about_the_good_one() {
    let checks = checks();
    let folders: BTreeSet<String> = fs::read_dir(cases())
        .expect("the cases")
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .into_string()
                .expect("a name")
        })
        .collect();
    assert_eq!(folders, checks.iter().cloned().collect());
    for check in &checks {
        let bad = laid_out(&cases().join(check).join("bad"));
        let text = bad.run(&["doctor"]);
        assert_eq!(text.code, Some(0), "{check}: {}", text.stderr);
        assert_eq!(bad.run(&["doctor", "--strict"]).code, Some(1), "{check}");
        assert_eq!(names(&findings(&bad)), BTreeSet::from([check.as_str()]));
        let expected = cases().join(check).join("bad/expected.txt");
        if std::env::var_os("GATEWRIGHT_BLESS").is_some() {
            fs::write(&expected, &text.stdout).expect("blessed");
        }
        let expected = fs::read_to_string(&expected)
            .expect("expected.txt")
            .replace("\r\n", "\n");
        assert_eq!(text.stdout, expected, "{check}");

        let good = laid_out(&cases().join(check).join("good"));
        let silent = good.run(&["doctor", "--strict"]);
        assert_eq!(silent.code, Some(0), "{check}: {}", silent.stdout);
        assert!(
            silent.stdout.starts_with("no contradiction in "),
            "{check}: {}",
            silent.stdout
        );
    }
}

#[test]
fn our_own_policy_workflows_and_templates_contradict_nothing() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let repo = Repo::empty();
    for entry in fs::read_dir(root.join("action-templates")).expect("templates") {
        let path = entry.expect("an entry").path();
        if path.extension().is_some_and(|ending| ending == "yml") {
            let name = path.file_name().expect("a name").to_string_lossy();
            repo.write(
                &format!(".github/workflows/{name}"),
                fs::read(&path).expect("a template"),
            );
        }
    }
    assert_eq!(findings(&repo), Vec::<Value>::new());
    let mut command = repo.command(&["doctor", "--strict"]);
    command.current_dir(root);
    let ran = finish(command);
    assert_eq!(ran.code, Some(0), "{}{}", ran.stdout, ran.stderr);
}

/// The documents that asked for this system, with the numbers that stand in its other documents beside them.
#[test]
fn the_source_documents_contradictions_are_found() {
    let Some(corpus) = std::env::var_os("GATEWRIGHT_CORPUS") else {
        eprintln!("SKIPPED: GATEWRIGHT_CORPUS is not set, the source documents are not read");
        return;
    };
    let repo = Repo::empty();
    for entry in fs::read_dir(Path::new(&corpus).join("policies")).expect("policies") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy();
        repo.write(
            &format!("policies/{name}"),
            fs::read(&path).expect("a policy"),
        );
    }
    repo.write(
        "policies/elsewhere.yml",
        "project_goals:
  mttr: {target: \"< 30 minutes\"}
  lead_time: {target: \"< 1 day\"}
  coverage: {target: \"> 90%\"}
  pipeline_duration: {target: \"< 10 minutes\"}
  bypass_rate: {target: \"< 2%\"}
coverage:
  criteria: [line_coverage: \"85%\"]
release_rules:
  description: Mandatory gates cannot be bypassed
  emergency_override: {enabled: true}
canary:
  requests_per_second: 20
  traffic_steps: [10, 25, 50, 75, 100]
  dwell: 30s
",
    );
    repo.write(
        ".github/workflows/pipeline.yml",
        "on: [push]
jobs:
  validate: {runs-on: x, timeout-minutes: 55, steps: [{run: make}]}
  production-deployment:
    needs: validate
    runs-on: x
    timeout-minutes: 15
    steps:
      - name: Blue-green deployment
        run: |
          for percentage in 10 25 50 75 100; do
            ./shift \"$percentage\"
            sleep 30
          done
",
    );
    let ran = repo.run(&["doctor", "--config", "policies", "--format", "json"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let document: Value = serde_json::from_str(&ran.stdout).expect("JSON");
    let found = document["findings"].as_array().expect("findings");
    let says = |check: &str, text: &str| {
        let told = |one: &&Value| {
            one["check"] == check
                && one["message"]
                    .as_str()
                    .is_some_and(|message| message.contains(text))
        };
        assert!(
            found.iter().any(|one| told(&one)),
            "{check}: {text}: {}",
            ran.stdout
        );
    };
    for text in ["`coverage`", "`mttr`", "`lead_time`"] {
        says("two_targets", text);
    }
    says("stage_over_pipeline", "its 8 stages may take 60 min");
    says("jobs_over_pipeline", "70 min");
    says(
        "dwell_over_target",
        "150 s of waiting, and leave 30 s of 180 s",
    );
    says(
        "unreachable_alert",
        "never gets above 30 min: `production-deployment` is stopped after 15 min",
    );
    says("emergency_beside_no_bypass", "cannot be bypassed");
    says("sample_too_small", "< 0.1% takes 2995 requests");
    says("one_gate_two_names", "`basic_security`");
    says("undefined_gate", "`usability`");
    says("impossible_tool", "`markdown`, `yaml`, `shell`");
    says("impossible_tool", "Burp Suite");
    says("same_bound", "same bound written twice");
    says("sample_too_small", "> 5 a week are 20 a month");
}

#[test]
fn what_cannot_be_read_is_exit_2_or_told() {
    let repo = Repo::empty();
    assert_eq!(repo.run(&["doctor", "--strict"]).code, Some(0));
    repo.write(
        ".github/workflows/anchors.yml",
        "on: push\njobs: &all\n  a: {steps: []}\n",
    );
    repo.write(
        ".github/workflows/sound.yml",
        "on: push\njobs:\n  a: {steps: []}\n",
    );
    let ran = repo.run(&["doctor"]);
    assert_eq!(ran.code, Some(0));
    assert_eq!(
        ran.stdout,
        ".github/workflows/anchors.yml: not checked: line 2: found an anchor (`&name`), which is not followed here\n\
         no contradiction in 0 policy files and 1 workflow; 1 file not checked\n"
    );
    repo.write(".github/gates.yml", "version: 1\ngatez: {}\n");
    let ran = repo.run(&["doctor"]);
    assert_eq!(ran.code, Some(2), "{}", ran.stdout);
    assert!(
        ran.stderr.contains(".github/gates.yml:2:1"),
        "{}",
        ran.stderr
    );
    // All sections are held to the letter, as `run` does.
    repo.write(
        ".github/gates.yml",
        "version: 1\ngates:\n  security:\n    criteria: {secret_detected: 0}\n",
    );
    let ran = repo.run(&["doctor"]);
    assert_eq!(ran.code, Some(2), "{}", ran.stdout);
    assert!(
        ran.stderr.contains("did you mean `secrets_detected`?"),
        "{}",
        ran.stderr
    );
    for flags in [
        &["doctor", "--fail-on", "never"][..],
        &["doctor", "--root", "none"],
    ] {
        assert_eq!(repo.run(flags).code, Some(2), "{flags:?}");
    }
}

#[test]
fn every_format_says_the_same_and_hostile_names_stay_inert() {
    let repo = Repo::empty();
    repo.write(
        ".github/workflows/x.yml",
        "on: push
jobs:
  a: {steps: []}
  \"@octocat <img> ::error::x\":
    needs: a
    steps:
      - uses: gatewright/gatewright/actions/quality-gate@v1
",
    );
    let shown = |format: &str| {
        let ran = repo.run(&["doctor", "--format", format]);
        assert_eq!(ran.code, Some(0), "{format}: {}", ran.stderr);
        ran.stdout
    };
    let markdown = shown("markdown");
    assert!(
        !markdown.contains("<img>") && !markdown.contains("@octocat"),
        "{markdown}"
    );
    let github = shown("github");
    assert!(
        github.starts_with(
            "::warning file=.github/workflows/x.yml,line=4,col=3,title=doctor%3A decision_skipped::"
        ),
        "{github}"
    );
    assert_eq!(github.matches("\n::").count(), 0, "{github}");
    let sarif: Value = serde_json::from_str(&shown("sarif")).expect("SARIF");
    assert_eq!(sarif["runs"][0]["results"][0]["ruleId"], "decision_skipped");
    let document: Value = serde_json::from_str(&shown("json")).expect("JSON");
    assert_eq!(document["findings"][0]["location"]["line"], 4);
    assert_eq!(document["findings"][0]["check"], "decision_skipped");
    assert!(shown("text").starts_with(".github/workflows/x.yml:4:3: warning[decision_skipped]: "));
}

/// Large files of many small parts are looked at in about the time it takes to read them.
#[test]
fn hostile_sizes_cost_little() {
    let repo = Repo::empty();
    let mut goals = String::from("goals_metrics:\n  objective: \"90%\"\n");
    for n in 0..8_000 {
        let _ = writeln!(
            goals,
            "  a{n}: {{condition: \"deploy_time > 1 minute\", target: \"{n}%\"}}"
        );
    }
    repo.write(".github/gates.yml", goals);
    let mut jobs = String::from("on: push\njobs:\n");
    for n in 0..6_000 {
        let _ = writeln!(
            jobs,
            "  deploy{n}: {{needs: deploy{}, timeout-minutes: 1, steps: [{{uses: ./quality-gate}}]}}",
            n + 1
        );
    }
    repo.write(".github/workflows/x.yml", jobs);
    let begun = std::time::Instant::now();
    assert_eq!(repo.run(&["doctor", "--strict"]).code, Some(1));
    // Numbers that no product of 128 bits holds.
    repo.write(
        ".github/gates.yml",
        "canary_metrics:
  duration_target: 999999999999 days
  traffic_steps: 18446744073709551615
  dwell: 999999999999 days
  requests_per_second: 999999999999
  error_rate: {target: \"< 0.000001%\"}
",
    );
    assert_eq!(repo.run(&["doctor", "--strict"]).code, Some(1));
    // Far above what it takes, far below what comparing everything with everything would.
    assert!(begun.elapsed().as_secs() < 60, "{:?}", begun.elapsed());
}
