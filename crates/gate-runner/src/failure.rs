//! Exit code 2: telling people and the runner why.
#![allow(clippy::print_stderr, reason = "this is where failures are said")]

use crate::publish::{outputs, say};
use crate::session::Session;
use gate_github::runner::{self, Actions, AnnotationLevel};
use gate_verdict::{Decision, Status};

/// Says why the process ends with exit code 2.
pub(crate) fn failure(session: Option<&Session>, lines: &[String]) {
    for line in lines {
        eprintln!("error: {line}");
    }
    if let Some((actions, _)) = session.and_then(Session::actions) {
        told(actions, lines);
    }
}

/// Tells the runner of flags that do not parse; they are printed already.
pub(crate) fn bad_flags(message: &str) {
    if let Some(actions) = runner::detect(&crate::variable) {
        let first = message.lines().next().unwrap_or_default();
        told(&actions, &[first.trim_start_matches("error: ").to_owned()]);
    }
}

/// What could not be judged, as annotations and outputs of the step.
fn told(actions: &Actions, lines: &[String]) {
    let annotations: Vec<_> = lines
        .iter()
        .map(|line| runner::Annotation {
            level: AnnotationLevel::Error,
            title: Some(String::from("Gatewright could not judge")),
            message: line.clone(),
            path: None,
            line: None,
            column: None,
            end_line: None,
            end_column: None,
        })
        .collect();
    for command in runner::workflow_commands(&annotations).0 {
        say(&command);
    }
    outputs(
        actions,
        &[
            ("decision", Decision::Block.as_str().to_owned()),
            ("status", Status::Error.as_str().to_owned()),
            ("exit-code", String::from("2")),
        ],
    );
}
