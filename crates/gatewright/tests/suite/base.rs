//! Whose policy, which base (contract, section 8).

use crate::support::{POLICY, Repo, reasons};

/// Two commits: the second one changes the policy.
fn changed(from: &str, to: &str) -> (Repo, String) {
    let repo = Repo::sound(Some(from));
    let base = repo.git(&["rev-parse", "HEAD"]);
    repo.write(".github/gates.yml", to);
    repo.commit("change the policy");
    (repo, base)
}

#[test]
fn a_change_that_loosens_its_own_policy_needs_an_approval() {
    let (repo, base) = changed(
        POLICY,
        &POLICY.replace("secrets_detected: 0", "secrets_detected: 5"),
    );
    let ran = repo.run(&["run", "--base", &base]);
    assert_eq!(ran.code, Some(3), "{}", ran.stdout);
    let decision = repo.decision();
    assert_eq!(
        reasons(&decision),
        [("security".into(), "policy_loosened".into())]
    );
    assert_eq!(decision["policy"]["revision"], base.as_str());
    assert!(
        decision["reasons"][0]["text"]
            .as_str()
            .is_some_and(|text| text.contains("was `0` and is `5`")),
        "{decision}"
    );
    let integrity = repo.json("integrity.verdict.json");
    assert_eq!(
        integrity["decision"], "allow",
        "a gate speaks for its own section"
    );
    assert_eq!(
        repo.run(&["run"]).code,
        Some(0),
        "without an explicit base the checkout's own policy holds"
    );
}

#[test]
fn what_the_base_asks_for_holds_although_the_head_took_it_out() {
    let (repo, base) = changed(
        POLICY,
        &POLICY.replace("no_broken_links: true", "no_circular_dependencies: true"),
    );
    repo.write("README.md", "[gone](gone.md)\n");
    repo.commit("break");
    assert_eq!(repo.run(&["run", "--base", &base]).code, Some(1));
    assert_eq!(repo.run(&["run"]).code, Some(0));
}

#[test]
fn a_stricter_head_is_judged_by_both() {
    let (repo, base) = changed(
        POLICY,
        &POLICY.replace(
            "no_broken_links: true",
            "no_broken_links: true, yaml_frontmatter_correct: true",
        ),
    );
    assert_eq!(repo.run(&["run", "--base", &base]).code, Some(0));
    repo.write("bad.md", "---\na: [\n---\n");
    repo.commit("bad front matter");
    assert_eq!(repo.run(&["run", "--base", &base]).code, Some(1));
}

#[test]
fn a_base_policy_that_does_not_parse_needs_an_approval() {
    let (repo, base) = changed("version: 1\ngates: [\n", POLICY);
    let ran = repo.run(&["run", "--base", &base]);
    assert_eq!(ran.code, Some(3), "{}", ran.stdout);
    assert_eq!(reasons(&repo.decision())[0].1, "base_policy_invalid");
}

#[test]
fn a_base_that_cannot_be_read_is_an_error_not_a_pass() {
    let repo = Repo::sound(Some(POLICY));
    let ran = repo.run(&["run", "--base", "no-such-branch"]);
    assert_eq!(ran.code, Some(1), "{}", ran.stdout);
    assert_eq!(reasons(&repo.decision())[0].1, "base_unreadable");
}

#[test]
fn a_base_without_the_file_means_the_built_in_defaults() {
    let repo = Repo::sound(None);
    let base = repo.git(&["rev-parse", "HEAD"]);
    repo.write(
        ".github/gates.yml",
        "version: 1\ngates:\n  integrity:\n    criteria: {no_circular_dependencies: true}\n",
    );
    repo.commit("a policy that asks for less than the defaults");
    let ran = repo.run(&["run", "--base", &base]);
    assert_eq!(ran.code, Some(3), "{}", ran.stdout);
}

#[test]
fn gate_and_quality_gate_agree_on_the_policy_in_force() {
    let (repo, base) = changed(
        POLICY,
        &POLICY.replace("secrets_detected: 0", "secrets_detected: 5"),
    );
    for gate in ["integrity", "security"] {
        repo.run(&[gate, "--base", &base, "--fail-on", "never"]);
    }
    let ran = repo.run(&["quality", "--base", &base]);
    assert_eq!(ran.code, Some(3), "{}", ran.stdout);
}

#[test]
fn however_the_policy_is_spelled_the_base_governs() {
    let (repo, base) = changed(
        POLICY,
        &POLICY.replace("secrets_detected: 0", "secrets_detected: 5"),
    );
    let absolute = repo
        .path()
        .canonicalize()
        .expect("a path")
        .join(".github/gates.yml");
    for config in [
        ".github/gates.yml",
        "./.github/gates.yml",
        ".github/./gates.yml",
        ".github/../.github/gates.yml",
        absolute.to_str().expect("UTF-8"),
    ] {
        let ran = repo.run(&["run", "--base", &base, "--config", config]);
        assert_eq!(ran.code, Some(3), "{config}: {}", ran.stdout);
    }
}

#[cfg(unix)]
#[test]
fn a_policy_reached_through_a_link_is_no_way_around_the_base() {
    let (repo, base) = changed(
        POLICY,
        &POLICY.replace("secrets_detected: 0", "secrets_detected: 5"),
    );
    std::os::unix::fs::symlink(".github", repo.path().join("linked")).expect("a link");
    repo.commit("a linked folder");
    let ran = repo.run(&["run", "--base", &base, "--config", "linked/gates.yml"]);
    assert_eq!(ran.code, Some(1), "{}", ran.stdout);
}

#[test]
fn a_filter_that_leaves_nothing_proves_nothing() {
    let policy = POLICY.replace("  security:\n", "  security:\n    paths: ['nothing/**']\n");
    let repo = Repo::sound(Some(&policy));
    assert_eq!(repo.run(&["run"]).code, Some(1));
    assert_eq!(
        reasons(&repo.decision())[0],
        ("security".into(), "evidence_insufficient".into())
    );
}
