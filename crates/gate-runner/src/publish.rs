//! Telling people and later steps, after the verdict is on disk. Nothing here
//! changes an outcome: what cannot be told is said on standard error.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "this is where the binaries speak"
)]

use crate::flags::Format;
use crate::flow::Judgements;
use crate::out;
use crate::sarif::sarif;
use crate::session::Session;
use gate_github::runner::{self, Actions, AnnotationLevel};
use gate_render::TextOptions;
use gate_verdict::{Decision, DecisionDoc, Level, Status, Verdict};
use std::io::{IsTerminal as _, Write as _};

/// Findings shown on a terminal; the files hold the rest.
const TERMINAL_FINDINGS: usize = 20;
/// What one gate may take of the step summary, so that several fit in 1 MiB.
const SUMMARY_BUDGET: usize = 200 * 1024;
/// The Markdown file beside the verdict has no reader with a smaller limit.
const FILE_BUDGET: usize = 1024 * 1024;

/// Publishes gate verdicts and gives the exit code.
pub fn gates(session: &Session, judgements: &Judgements) -> u8 {
    let verdicts = &judgements.verdicts;
    for verdict in verdicts {
        gate_files(session, verdict);
    }
    let decision = verdicts
        .iter()
        .map(|verdict| verdict.decision)
        .max()
        .unwrap_or(Decision::Block);
    let mandatory_error = verdicts.iter().any(Verdict::mandatory_error);
    let code = if judgements.engine_failed {
        2
    } else {
        decision.exit_code(session.flags.fail_on.into(), mandatory_error)
    };
    match session.format() {
        Format::Text | Format::Github => {
            for verdict in verdicts {
                say(&gate_render::text(verdict, text_options()));
            }
        }
        Format::Json => {
            for verdict in verdicts {
                say(&serde_json::to_string(verdict).unwrap_or_default());
            }
        }
        Format::Markdown => {
            for verdict in verdicts {
                say(&gate_render::markdown(verdict, FILE_BUDGET));
            }
        }
        Format::Sarif => say(&String::from_utf8_lossy(&sarif(verdicts))),
    }
    if let Some((actions, _)) = session.actions() {
        annotate(session, verdicts);
        summarise(
            actions,
            verdicts
                .iter()
                .map(|verdict| gate_render::markdown(verdict, SUMMARY_BUDGET)),
        );
        let status = verdicts
            .iter()
            .map(|verdict| verdict.status)
            .max()
            .unwrap_or(Status::Error);
        let stems: Vec<_> = verdicts.iter().map(Verdict::file_stem).collect();
        let files = |ending: &str| {
            let paths: Vec<_> = stems
                .iter()
                .map(|stem| session.out_path(&format!("{stem}{ending}")))
                .collect();
            paths.join("\n")
        };
        outputs(
            actions,
            &[
                ("decision", decision.as_str().to_owned()),
                ("status", status.as_str().to_owned()),
                ("exit-code", code.to_string()),
                ("findings", findings_total(verdicts).to_string()),
                ("verdict", files(".verdict.json")),
                ("sarif", files(".sarif")),
                ("summary", files(".md")),
                ("report", String::new()),
            ],
        );
    }
    code
}

/// Publishes a decision with the verdicts it was folded from. `own` are the
/// verdicts this process judged itself, whose files it also writes.
pub fn decision(
    session: &Session,
    document: &DecisionDoc,
    verdicts: &[Verdict],
    own: &[Verdict],
    code: u8,
) -> u8 {
    for verdict in own {
        gate_files(session, verdict);
    }
    let files = [
        (
            "decision.md",
            gate_render::decision_markdown(document, verdicts, FILE_BUDGET),
        ),
        ("report.html", gate_render::html(document, verdicts)),
        ("badge.svg", gate_render::badge_svg(document)),
        ("badge.json", gate_render::badge_json(document)),
    ];
    for (name, text) in files {
        file(session, name, text.as_bytes());
    }
    match session.format() {
        Format::Text | Format::Github => {
            for verdict in own {
                say(&gate_render::text(verdict, text_options()));
                say("");
            }
            say(&gate_render::decision_text(document, verdicts));
            if session.format() == Format::Text {
                say(&format!("report: {}", session.out_path("report.html")));
            }
        }
        Format::Json => say(&serde_json::to_string(document).unwrap_or_default()),
        Format::Markdown => say(&gate_render::decision_markdown(
            document,
            verdicts,
            FILE_BUDGET,
        )),
        Format::Sarif => say(&String::from_utf8_lossy(&sarif(verdicts))),
    }
    if let Some((actions, _)) = session.actions() {
        annotate(session, own);
        let own_summaries = own
            .iter()
            .map(|verdict| gate_render::markdown(verdict, SUMMARY_BUDGET));
        summarise(
            actions,
            std::iter::once(gate_render::decision_markdown(
                document,
                verdicts,
                SUMMARY_BUDGET,
            ))
            .chain(own_summaries),
        );
        outputs(
            actions,
            &[
                ("decision", document.decision.as_str().to_owned()),
                ("status", document.status.as_str().to_owned()),
                ("exit-code", code.to_string()),
                ("findings", findings_total(verdicts).to_string()),
                ("verdict", session.out_path("decision.json")),
                ("sarif", String::new()),
                ("summary", session.out_path("decision.md")),
                ("report", session.out_path("report.html")),
            ],
        );
    }
    code
}

/// Says once what could not be published, in the log and in the step summary.
pub fn unpublished(session: &Session, items: &[String]) {
    if items.is_empty() {
        return;
    }
    for item in items {
        eprintln!("warning: {}", gate_render::plain(item, 1_000));
    }
    if let Some((actions, _)) = session.actions() {
        let text = gate_render::unpublished_markdown(items);
        summarise(actions, std::iter::once(text));
    }
}

fn gate_files(session: &Session, verdict: &Verdict) {
    let stem = verdict.file_stem();
    file(
        session,
        &format!("{stem}.sarif"),
        &sarif(std::slice::from_ref(verdict)),
    );
    file(
        session,
        &format!("{stem}.md"),
        gate_render::markdown(verdict, FILE_BUDGET).as_bytes(),
    );
}

fn file(session: &Session, name: &str, bytes: &[u8]) {
    if let Err(error) = out::write_atomic(&session.out.join(name), bytes) {
        eprintln!("warning: {name} cannot be written: {error}");
    }
}

pub(crate) fn say(text: &str) {
    let mut stdout = std::io::stdout().lock();
    // A reader that went away must not change the exit code.
    let _ = stdout.write_all(text.as_bytes());
    if !text.ends_with('\n') {
        let _ = stdout.write_all(b"\n");
    }
}

fn text_options() -> TextOptions {
    let color = std::io::stdout().is_terminal()
        && crate::variable("NO_COLOR").is_none_or(|value| value.is_empty());
    TextOptions {
        max_findings: TERMINAL_FINDINGS,
        color,
    }
}

fn annotate(session: &Session, verdicts: &[Verdict]) {
    if session.format() != Format::Github {
        return;
    }
    let annotations: Vec<_> = verdicts
        .iter()
        .flat_map(gate_render::annotations)
        .map(|annotation| runner::Annotation {
            level: match annotation.level {
                Level::Error => AnnotationLevel::Error,
                Level::Warning => AnnotationLevel::Warning,
                Level::Note => AnnotationLevel::Notice,
            },
            title: Some(annotation.title),
            message: annotation.message,
            path: annotation.path,
            line: annotation.line,
            column: annotation.column,
            end_line: annotation.end_line,
            end_column: annotation.end_column,
        })
        .collect();
    for command in runner::workflow_commands(&annotations).0 {
        say(&command);
    }
}

fn summarise(actions: &Actions, parts: impl Iterator<Item = String>) {
    let Some(path) = &actions.summary_path else {
        return;
    };
    let text = parts.collect::<Vec<_>>().join("\n");
    if let Err(error) = runner::append_summary(path, &text) {
        eprintln!("warning: the step summary cannot be written: {error}");
    }
}

pub(crate) fn outputs(actions: &Actions, pairs: &[(&str, String)]) {
    let Some(path) = &actions.output_path else {
        return;
    };
    let pairs: Vec<_> = pairs
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    if let Err(error) = runner::write_outputs(path, &pairs) {
        eprintln!("warning: the step outputs cannot be written: {error}");
    }
}

fn findings_total(verdicts: &[Verdict]) -> u64 {
    verdicts.iter().map(|verdict| verdict.findings_total).sum()
}
