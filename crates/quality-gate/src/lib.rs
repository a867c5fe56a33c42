//! The quality gate: many verdicts, one decision.
//!
//! What this gate promises:
//! - It reads verdict files and never changes or deletes them.
//! - A gate that is expected and left no verdict blocks, by name; so does one
//!   whose verdict is for another commit or another policy, is damaged, or
//!   contradicts another.
//! - How much a criterion weighs is read from the policy for the environment
//!   asked about, not from the verdict that another step wrote.

mod absent;
mod after;
mod approvals;
pub mod attest;
mod control;
mod criteria;
mod document;
mod explain;
mod fold;
pub mod ledger;
mod lifting;
mod load;
mod overrides;
mod people;
mod publishing;
mod weighing;

pub use after::{AfterFlags, after};
pub use fold::{Folded, fold};
pub use load::{Loaded, Unreadable, load};
pub use publishing::{Before, Channel, PublishFlags};

use clap::Args;
use gate_policy::Check;
use gate_runner::{Failure, Flags, Prepared, Session, out, publish};
use gate_verdict::{DecisionDoc, Verdict};
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

/// The flags of `quality-gate`.
#[derive(Args, Debug)]
pub struct QualityFlags {
    #[command(flatten)]
    pub flags: Flags,
    /// Verdict file, folder or glob (repeatable) [default: the out folder]
    #[arg(long, value_name = "PATH")]
    pub verdicts: Vec<String>,
    #[command(flatten)]
    pub after: AfterFlags,
    /// Folder of a fork's own run, whose comment a `workflow_run` workflow makes; nothing is judged
    #[arg(long, value_name = "DIR")]
    pub publish_from: Option<PathBuf>,
}

/// What the binary's `main` does, whole.
pub fn main_with(arguments: Vec<OsString>) -> ExitCode {
    let about = "Folds verdicts into one decision for an environment";
    gate_runner::start::<QualityFlags>("quality-gate", about, arguments, |flags| {
        let (paths, and_then) = (flags.verdicts, flags.after);
        gate_runner::run(flags.flags, |session| {
            if let Some(from) = &flags.publish_from {
                return publishing::publish_from(session, &and_then.publish, from);
            }
            let prepared = Prepared::open(session, Check::All)?;
            out::remove_old(&session.out, out::DECISION_FILES.map(String::from))?;
            let folded = decide(session, &prepared, &paths, Vec::new(), &and_then)?;
            let code = publish::decision(
                session,
                &folded.document,
                &folded.verdicts,
                &[],
                folded.exit_code(session),
            );
            after(session, &and_then, &folded, code);
            Ok(code)
        })
    })
}

/// Loads verdicts, folds them with those this process judged itself, and
/// writes `decision.json`.
pub fn decide(
    session: &Session,
    prepared: &Prepared,
    paths: &[String],
    own: Vec<Verdict>,
    flags: &AfterFlags,
) -> Result<Folded, Failure> {
    let selected = prepared.select(session)?;
    let mut loaded = load(session, paths)?;
    // What this process judged is newer than any file of the same name.
    loaded
        .verdicts
        .retain(|verdict| own.iter().all(|own| own.file_stem() != verdict.file_stem()));
    loaded.verdicts.extend(own);
    let folded = fold(
        session,
        prepared,
        &selected,
        loaded,
        flags.ledger.ledger.as_ref(),
    )?;
    write(session, &folded.document)?;
    Ok(folded)
}

fn write(session: &Session, document: &DecisionDoc) -> Result<(), Failure> {
    let mut bytes =
        serde_json::to_vec_pretty(document).map_err(|error| Failure::Engine(error.to_string()))?;
    bytes.push(b'\n');
    let path = session.out.join("decision.json");
    out::write_atomic(&path, &bytes)
        .map_err(|error| Failure::Engine(format!("{}: {error}", path.display())))
}
