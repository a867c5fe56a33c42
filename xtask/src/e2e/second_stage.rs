//! What runs after a run: a workflow of the default branch, for GitHub's `workflow_run` event.

use super::case::{Case, Event};
use super::layout::{Bench, FORK, REPOSITORY, for_minirun};
use super::process::{clean, succeed};
use super::workflow;
use crate::workspace::root;
use anyhow::{Context as _, Result};
use serde_json::json;
use std::fs;

/// The default branch with the workflow in it, and the event that says that the first run is over.
pub(super) fn lay_out(case: &Case, workflow: &str, minirun: bool, bench: &mut Bench) -> Result<()> {
    let repository = bench.repository();
    let checkout = ["checkout", "--quiet", "--force", "main"];
    succeed(
        clean("git", &bench.home())
            .args(checkout)
            .current_dir(&repository),
    )?;
    let text = fs::read_to_string(root().join(workflow)).with_context(|| workflow.to_owned())?;
    let text = workflow::recorded(&text).replace("record/steps.json", "record/then.steps.json");
    let name = workflow.rsplit('/').next().unwrap_or_default();
    bench.workflow = format!(".github/workflows/{name}");
    bench.git_ref = "refs/heads/main";
    fs::write(repository.join(&bench.workflow), &text)?;
    if minirun {
        for_minirun(&text, false, bench)?;
    }
    let from = if case.event == Event::ForkPullRequest {
        FORK
    } else {
        REPOSITORY
    };
    let event = json!({
        "action": "completed",
        "repository": {"full_name": REPOSITORY, "default_branch": "main"},
        "workflow_run": {
            "id": 50, "run_attempt": 1, "event": case.event.name(), "conclusion": "success",
            "head_sha": bench.head, "head_branch": "change", "head_repository": {"full_name": from}, "pull_requests": [],
        },
    });
    fs::write(bench.event(), event.to_string())?;
    Ok(())
}
