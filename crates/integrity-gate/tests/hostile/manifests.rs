//! Manifests that somebody made to be passed over.

use super::Repo;

const CRITERION: &str = "all_referenced_modules_exist";

#[test]
fn one_behind_a_symlink_is_read() {
    let repo = Repo::new();
    repo.write("README.md", "# Readme\n");
    repo.write(
        "shared/plugin.json",
        r#"{"name": "a", "agents": "./gone.md"}"#,
    );
    repo.write("a/README.md", "# A\n");
    repo.link("a/.claude-plugin/plugin.json", "../../shared/plugin.json");
    repo.commit();
    let verdict = repo.judge();
    assert!(verdict.message("missing_module").contains("below `a`"));

    repo.link("b/.claude-plugin/plugin.json", "../../shared/gone.json");
    repo.commit();
    let verdict = repo.judge();
    let judged = verdict.criterion(CRITERION);
    assert_eq!(judged["code"], "evidence_unreadable", "{judged}");
}

#[test]
fn one_that_is_huge_is_not_read() {
    let repo = Repo::new();
    repo.write("README.md", "# Readme\n");
    let list = "1,".repeat(13_000_000);
    repo.write(
        ".claude-plugin/plugin.json",
        format!(r#"{{"name": "a", "x": [{list}1]}}"#),
    );
    repo.commit();
    let verdict = repo.judge();
    let judged = verdict.criterion(CRITERION);
    assert_eq!(judged["code"], "evidence_unreadable", "{judged}");
}

#[test]
fn one_with_a_million_wrong_parts_is_bounded() {
    let repo = Repo::new();
    repo.write("README.md", "# Readme\n");
    let list = "1,".repeat(1_000_000);
    repo.write(
        ".claude-plugin/plugin.json",
        format!(r#"{{"name": "a", "agents": [{list}1]}}"#),
    );
    repo.commit();
    let verdict = repo.judge();
    assert_eq!(verdict.status(CRITERION), "fail");
    assert_eq!(verdict.criterion(CRITERION)["observed"]["value"], "1000");
}
