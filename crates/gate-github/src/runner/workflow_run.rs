use serde_json::Value;

/// The run that started a `workflow_run` workflow, as GitHub tells it: the one thing about a fork's run that the fork
/// cannot write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkflowRun {
    /// The number in its address, and which of its attempts it was.
    pub id: Option<u64>,
    pub attempt: Option<u64>,
    /// 40 or 64 lower-case hex digits.
    pub head_sha: String,
    /// The branch's bare name, in the repository that the run was for.
    pub head_branch: Option<String>,
    /// `owner/name`; `None` when the fork was deleted.
    pub head_repo: Option<String>,
    /// What started that run: `pull_request`, `push`, ...
    pub event: String,
    /// Numbers of the pull requests whose head is `head_sha`; always empty for those of forks.
    pub pulls: Vec<u64>,
}

/// `None` where the payload names no whole commit: then nothing of it can be used.
pub(super) fn workflow_run(run: &Value) -> Option<WorkflowRun> {
    let text = |pointer: &str| {
        run.pointer(pointer)?
            .as_str()
            .filter(|text| !text.is_empty())
    };
    let head_sha = text("/head_sha")?.to_ascii_lowercase();
    if !crate::is_commit(&head_sha) {
        return None;
    }
    let pulls = run.get("pull_requests").and_then(Value::as_array);
    let pulls = pulls.into_iter().flatten().filter(|pull| {
        let sha = pull.pointer("/head/sha").and_then(Value::as_str);
        sha.is_some_and(|sha| sha.eq_ignore_ascii_case(&head_sha))
    });
    let number = |name: &str| run.get(name).and_then(Value::as_u64);
    Some(WorkflowRun {
        id: number("id"),
        attempt: number("run_attempt"),
        pulls: pulls
            .filter_map(|pull| pull.get("number")?.as_u64())
            .collect(),
        head_branch: text("/head_branch").map(str::to_owned),
        head_repo: text("/head_repository/full_name").map(str::to_owned),
        event: text("/event").unwrap_or_default().to_owned(),
        head_sha,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn pull_requests_count_only_at_the_same_commit() {
        let (sha, other) = ("a".repeat(40), "b".repeat(40));
        let run = workflow_run(&json!({
            "id": 42, "run_attempt": 2,
            "head_sha": sha.to_uppercase(), "head_branch": "topic", "event": "pull_request",
            "head_repository": {"full_name": "eve/api"},
            "pull_requests": [
                {"number": 7, "head": {"sha": sha}}, {"number": 8, "head": {"sha": other}}, {"number": 9}, "x",
            ],
        }))
        .unwrap();
        assert_eq!(
            run,
            WorkflowRun {
                id: Some(42),
                attempt: Some(2),
                head_sha: sha,
                head_branch: Some("topic".to_owned()),
                head_repo: Some("eve/api".to_owned()),
                event: "pull_request".to_owned(),
                pulls: vec![7],
            }
        );
    }

    #[test]
    fn without_a_commit_there_is_no_run() {
        for run in [
            json!(null),
            json!({}),
            json!({"head_sha": "main"}),
            json!({"head_sha": "g".repeat(40)}),
        ] {
            assert_eq!(workflow_run(&run), None, "{run}");
        }
    }
}
