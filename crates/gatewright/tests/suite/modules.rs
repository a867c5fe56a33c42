//! What one run does for several gates of a kind.

use crate::support::Repo;

/// Counted with the vocabulary of its own gate each.
#[test]
fn two_gates_count_tokens_with_two_vocabularies() {
    let gate = |name: &str, encoding: &str| {
        format!(
            "  {name}:
    kind: integrity
    encoding: {encoding}
    token_budgets: [{{paths: [\"a.md\"], max: 1000}}]
    criteria: {{token_budgets_respected: true}}
"
        )
    };
    let repo = Repo::empty();
    repo.write("a.md", "上海市人民政府办公厅关于印发通知\n".repeat(20));
    let policy = format!(
        "version: 1\ngates:\n{}{}",
        gate("old", "cl100k"),
        gate("young", "o200k")
    );
    repo.write(".github/gates.yml", policy);
    repo.commit("first");
    let ran = repo.run(&["run"]);
    assert_eq!(ran.code, Some(0), "{}{}", ran.stdout, ran.stderr);
    let tokens = |name: &str| {
        let verdict = repo.json(&format!("{name}.verdict.json"));
        verdict["metrics"]["tokens"].clone()
    };
    assert_ne!(tokens("old"), tokens("young"));
}
