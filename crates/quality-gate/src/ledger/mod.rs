//! The ledger of decisions: appended to after `decision.json` is on disk, read
//! by `gatewright ledger`. Nothing here changes a decision or an exit code.

mod append;
mod destination;
mod file;
mod git;
mod reading;

pub use destination::Destination;
pub(crate) use reading::find;
pub use reading::{Source, Stored, read};

use crate::fold::Folded;
use clap::Args;
use gate_ledger::{DecisionEntry, Head};
use gate_runner::Session;
use serde_json::{Map, Value};

/// The flag that asks for a ledger.
#[derive(Args, Clone, Debug, Default)]
pub struct LedgerFlags {
    /// Append the decision to a ledger: `file:PATH` (a folder, or one .jsonl file) or `git:REF`, such as `git:refs/gatewright/ledger`
    #[arg(long, value_name = "DEST", value_parser = Destination::parse)]
    pub ledger: Option<Destination>,
}

/// What came of appending a decision.
#[derive(Debug)]
pub struct Recorded {
    /// The decision before this one on the same ref for the same environment.
    pub previous: Option<DecisionEntry>,
    /// Where the chain ends now.
    pub head: Option<Head>,
}

/// Appends a decision and the overrides it rests on; `None` where no ledger is
/// asked for. `look_back`: an earlier month is read too where the last one does
/// not know the previous decision.
pub fn record(
    session: &Session,
    flags: &LedgerFlags,
    folded: &Folded,
    look_back: bool,
) -> Option<Result<Recorded, String>> {
    let destination = flags.ledger.as_ref()?;
    let mut document = folded.document.clone();
    // What the decision took in all, and not what it took until it was folded.
    document.run = session.run();
    let bodies = match gate_ledger::entries(&document, &folded.verdicts) {
        Ok(bodies) => bodies,
        Err(error) => return Some(Err(error.to_string())),
    };
    let wanted = append::Wanted {
        bodies: &bodies,
        look_back,
    };
    let recorded = match destination {
        Destination::File(path) => file::append(path, &wanted),
        Destination::Git(reference) => session.github("contents: write").and_then(|github| {
            git::append(
                github.client.git(&github.owner, &github.name),
                reference,
                &wanted,
                &|time| github.client.wait(time),
            )
        }),
    };
    Some(recorded.map_err(|why| format!("the decision is not in the ledger {destination}: {why}")))
}

/// Files by name, with what is in them.
type Files = Vec<(String, Vec<u8>)>;

/// The environment and the rest that a previous decision is looked for by.
fn text<'a>(body: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    body.get(name).and_then(Value::as_str)
}
