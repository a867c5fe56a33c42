//! What follows a decision once it is on disk: nothing here changes it or the
//! exit code, and what could not be done is said once.
#![allow(clippy::print_stderr, reason = "this is where it is said")]

use crate::attest::{self, AttestFlags};
use crate::fold::Folded;
use crate::ledger::{self, LedgerFlags, Recorded};
use clap::Args;
use gate_github::runner;
use gate_runner::Session;

/// The flags of what follows a decision.
#[derive(Args, Clone, Debug, Default)]
pub struct AfterFlags {
    #[command(flatten)]
    pub ledger: LedgerFlags,
    #[command(flatten)]
    pub attest: AttestFlags,
}

/// Appends the decision to the ledger, attests it, and says what did not
/// succeed. Gives the record before it, where there is a ledger.
pub fn after(session: &Session, flags: &AfterFlags, folded: &Folded) -> Option<Recorded> {
    let recorded = ledger::record(session, &flags.ledger, folded, false);
    let (recorded, unwritten) = match recorded {
        None => (None, None),
        Some(Ok(recorded)) => (Some(recorded), None),
        Some(Err(why)) => (None, Some(why)),
    };
    let unsigned = attest::attest(session, &flags.attest, folded).err();
    let problems: Vec<String> = unwritten
        .into_iter()
        .chain(unsigned)
        .map(|why| one_line(&why))
        .collect();
    for problem in &problems {
        eprintln!("warning: {problem}");
    }
    let summary = session
        .actions()
        .and_then(|(actions, _)| actions.summary_path.as_ref());
    if let Some(path) = summary.filter(|_| !problems.is_empty()) {
        // Indented text is code: nothing in it is read as Markdown.
        let lines: Vec<String> = problems
            .iter()
            .map(|problem| format!("    {problem}\n"))
            .collect();
        let text = format!("### Could not be published\n\n{}", lines.concat());
        if let Err(error) = runner::append_summary(path, &text) {
            eprintln!("warning: the step summary cannot be written: {error}");
        }
    }
    recorded
}

/// Words that may be of others: on one line, and without what the runner takes
/// for a command.
fn one_line(text: &str) -> String {
    let line: String = text
        .chars()
        .map(|c| {
            if c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c) {
                ' '
            } else {
                c
            }
        })
        .take(2_000)
        .collect();
    line.replace("##[", "# #[")
}
