//! `quality-gate`: verdicts that cannot be believed, are missing or contradict.

use crate::support::{POLICY, Repo, reasons};
use serde_json::{Value, json};
use std::fs;

/// A repository whose gates have left their verdicts.
fn judged() -> Repo {
    let repo = Repo::sound(Some(POLICY));
    for gate in ["integrity", "security"] {
        assert_eq!(repo.run(&[gate, "--fail-on", "never"]).code, Some(0));
    }
    repo
}

/// Rewrites a verdict, with a digest that agrees unless `forged`.
fn edit(repo: &Repo, from: &str, to: &str, forged: bool, change: impl FnOnce(&mut Value)) {
    let mut verdict = repo.json(from);
    change(&mut verdict);
    if !forged {
        verdict["digest"] = json!(gate_verdict::digest_of(&verdict).expect("a digest"));
    }
    fs::write(repo.out(to), verdict.to_string()).expect("written");
}

#[test]
fn all_verdicts_there_and_passing_is_allow() {
    let repo = judged();
    let ran = repo.run(&["quality"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stdout);
    assert!(
        repo.out("integrity.verdict.json").is_file(),
        "verdicts are not deleted"
    );
}

#[test]
fn a_gate_without_a_verdict_blocks_by_name() {
    let repo = judged();
    fs::remove_file(repo.out("security.verdict.json")).expect("removed");
    assert_eq!(repo.run(&["quality"]).code, Some(1));
    assert_eq!(
        reasons(&repo.decision()),
        [("security".into(), "missing_verdict".into())]
    );
    assert_eq!(repo.run(&["quality", "--fail-on", "error"]).code, Some(1));
    assert_eq!(repo.run(&["quality", "--fail-on", "never"]).code, Some(0));
}

#[test]
fn a_changed_verdict_is_not_believed() {
    let repo = judged();
    edit(
        &repo,
        "security.verdict.json",
        "security.verdict.json",
        true,
        |verdict| verdict["status"] = json!("pass"),
    );
    edit(
        &repo,
        "integrity.verdict.json",
        "integrity.verdict.json",
        true,
        |verdict| verdict["metrics"] = json!({}),
    );
    assert_eq!(repo.run(&["quality"]).code, Some(1));
    let codes = reasons(&repo.decision());
    assert!(
        codes.contains(&("integrity".into(), "verdict_unreadable".into())),
        "{codes:?}"
    );
}

#[test]
fn a_cut_off_verdict_counts_as_missing() {
    let repo = judged();
    let bytes = fs::read(repo.out("security.verdict.json")).expect("read");
    fs::write(repo.out("security.verdict.json"), &bytes[..bytes.len() / 2]).expect("written");
    assert_eq!(repo.run(&["quality"]).code, Some(1));
    assert_eq!(
        reasons(&repo.decision()),
        [("security".into(), "verdict_unreadable".into())]
    );
}

#[test]
fn verdicts_of_another_commit_or_policy_count_as_missing() {
    let repo = judged();
    repo.write("README.md", "# Title\n");
    repo.commit("second");
    assert_eq!(repo.run(&["quality"]).code, Some(1));
    assert_eq!(
        reasons(&repo.decision()),
        [
            ("integrity".into(), "foreign_subject".into()),
            ("security".into(), "foreign_subject".into())
        ]
    );
    let repo = judged();
    repo.write(
        ".github/gates.yml",
        POLICY.replace("malicious_content: false", "malicious_content: 0"),
    );
    assert_eq!(repo.run(&["quality"]).code, Some(1));
    assert_eq!(reasons(&repo.decision())[0].1, "foreign_policy");
}

#[test]
fn verdicts_that_differ_only_in_time_are_one_and_others_contradict() {
    let repo = judged();
    edit(
        &repo,
        "security.verdict.json",
        "later.verdict.json",
        false,
        |verdict| verdict["as_of"] = json!("2026-02-02T00:00:00Z"),
    );
    assert_eq!(repo.run(&["quality"]).code, Some(0));
    edit(
        &repo,
        "security.verdict.json",
        "other.verdict.json",
        false,
        |verdict| verdict["metrics"] = json!({"x": "1"}),
    );
    assert_eq!(repo.run(&["quality"]).code, Some(1));
    assert_eq!(
        reasons(&repo.decision()),
        [("security".into(), "conflicting_verdicts".into())]
    );
}

#[test]
fn a_missing_shard_blocks() {
    let repo = judged();
    for shard in ["1/3", "3/3"] {
        assert_eq!(repo.run(&["integrity", "--shard", shard]).code, Some(0));
    }
    fs::remove_file(repo.out("integrity.verdict.json")).expect("removed");
    assert_eq!(repo.run(&["quality"]).code, Some(1));
    let decision = repo.decision();
    assert_eq!(
        reasons(&decision),
        [("integrity".into(), "missing_shard".into())]
    );
    assert!(
        decision["reasons"][0]["text"]
            .as_str()
            .is_some_and(|text| text.contains("shard 2 of 3"))
    );
    assert_eq!(repo.run(&["integrity", "--shard", "2/3"]).code, Some(0));
    assert_eq!(repo.run(&["quality"]).code, Some(0));
}

#[test]
fn verdicts_are_found_by_file_folder_and_glob() {
    let repo = judged();
    fs::create_dir_all(repo.path().join("artifacts/a")).expect("a folder");
    fs::rename(
        repo.out("integrity.verdict.json"),
        repo.path().join("artifacts/a/integrity.verdict.json"),
    )
    .expect("moved");
    fs::rename(
        repo.out("security.verdict.json"),
        repo.path().join("artifacts/security.verdict.json"),
    )
    .expect("moved");
    assert_eq!(repo.run(&["quality"]).code, Some(1));
    assert_eq!(
        repo.run(&["quality", "--verdicts", "artifacts"]).code,
        Some(0)
    );
    assert_eq!(
        repo.run(&["quality", "--verdicts", "artifacts/**/*.verdict.json"])
            .code,
        Some(0)
    );
    assert_eq!(
        repo.run(&[
            "quality",
            "--verdicts",
            "artifacts/a",
            "--verdicts",
            "artifacts/security.verdict.json"
        ])
        .code,
        Some(0)
    );
    assert_eq!(
        repo.run(&["quality", "--verdicts", "nowhere"]).code,
        Some(2)
    );
}

#[test]
fn shards_deal_out_the_files_and_lose_none() {
    let repo = Repo::sound(Some(POLICY));
    for n in 0..20 {
        repo.write(&format!("pages/p{n}.md"), format!("[gone](gone{n}.md)\n"));
    }
    repo.commit("twenty broken links");
    let found: Vec<u64> = ["1/3", "2/3", "3/3"]
        .into_iter()
        .map(|shard| {
            repo.run(&["integrity", "--shard", shard]);
            let name = format!("integrity.{}.verdict.json", shard.replace('/', "-of-"));
            repo.json(&name)["findings_total"]
                .as_u64()
                .expect("a count")
        })
        .collect();
    assert_eq!(found.iter().sum::<u64>(), 20, "{found:?}");
    assert!(found.iter().all(|&count| count > 0), "{found:?}");
}

#[test]
fn a_verdict_that_leaves_out_what_the_policy_asks_for_does_not_pass() {
    let repo = judged();
    edit(
        &repo,
        "security.verdict.json",
        "security.verdict.json",
        false,
        |verdict| {
            let criteria = verdict["criteria"].as_array_mut().expect("criteria");
            criteria.retain(|criterion| criterion["id"] != "secrets_detected");
        },
    );
    assert_eq!(repo.run(&["quality"]).code, Some(1));
    assert_eq!(
        reasons(&repo.decision()),
        [("security".into(), "evidence_insufficient".into())]
    );
}

#[test]
fn a_bad_verdict_is_named_although_another_scope_is_good() {
    let repo = judged();
    edit(
        &repo,
        "security.verdict.json",
        "security.api.verdict.json",
        false,
        |verdict| {
            verdict["scope"] = json!("api");
            verdict["subject"]["commit"] = json!("0".repeat(40));
        },
    );
    fs::write(repo.out("integrity.web.verdict.json"), "{").expect("written");
    assert_eq!(repo.run(&["quality"]).code, Some(1));
    let found = reasons(&repo.decision());
    for (gate, code) in [
        ("security", "foreign_subject"),
        ("integrity", "verdict_unreadable"),
    ] {
        assert!(found.contains(&(gate.into(), code.into())), "{found:?}");
    }
}

#[test]
fn what_a_gate_alone_saw_of_its_base_still_counts() {
    let repo = Repo::sound(Some(POLICY));
    for gate in ["integrity", "security"] {
        assert_eq!(repo.run(&[gate, "--base", "no-such-base"]).code, Some(1));
    }
    assert_eq!(repo.run(&["quality"]).code, Some(1));
}

#[test]
fn a_circle_through_several_shards_is_found_and_a_bound_above_zero_is_not_split() {
    let policy = "version: 1\ngates:\n  integrity:\n    criteria: {no_circular_dependencies: true, no_broken_links: '<= 5'}\n";
    let repo = Repo::sound(Some(policy));
    for n in 0..12 {
        repo.write(
            &format!("m{n}.md"),
            format!("<include>m{}.md</include>\n", (n + 1) % 12),
        );
    }
    repo.commit("a circle");
    let mut circles = 0;
    for shard in ["1/4", "2/4", "3/4", "4/4"] {
        assert_eq!(repo.run(&["integrity", "--shard", shard]).code, Some(1));
        let name = format!("integrity.{}.verdict.json", shard.replace('/', "-of-"));
        let verdict = repo.json(&name);
        let of = |id: &str| {
            let all = verdict["criteria"].as_array().expect("criteria");
            all.iter()
                .find(|criterion| criterion["id"] == id)
                .expect("the criterion")["status"]
                .clone()
        };
        circles += u32::from(of("no_circular_dependencies") == "fail");
        assert_eq!(of("no_broken_links"), "error");
    }
    assert_eq!(circles, 1);
}

#[test]
fn a_verdict_of_another_version_counts_as_missing() {
    let repo = judged();
    edit(
        &repo,
        "security.verdict.json",
        "security.verdict.json",
        false,
        |verdict| verdict["tool"]["version"] = json!("9.9.9"),
    );
    assert_eq!(repo.run(&["quality"]).code, Some(1));
    assert_eq!(
        reasons(&repo.decision()),
        [("security".into(), "foreign_tool".into())]
    );
}
