//! What follows a decision once it is on disk: nothing here changes it or the
//! exit code, and what could not be done is said once.

use crate::attest::{self, AttestFlags};
use crate::fold::Folded;
use crate::ledger::{self, LedgerFlags, Recorded};
use crate::publishing::{self, Before, PublishFlags};
use clap::Args;
use gate_runner::{Session, publish};

/// The flags of what follows a decision.
#[derive(Args, Clone, Debug, Default)]
pub struct AfterFlags {
    #[command(flatten)]
    pub ledger: LedgerFlags,
    #[command(flatten)]
    pub attest: AttestFlags,
    #[command(flatten)]
    pub publish: PublishFlags,
}

/// Appends the decision to the ledger, attests it, tells it elsewhere, and says
/// what did not succeed.
pub fn after(session: &Session, flags: &AfterFlags, folded: &Folded, code: u8) {
    gate_runner::decided(code);
    let mut unpublished = Vec::new();
    let look_back = !flags.publish.publish.is_empty();
    let before = match ledger::record(session, &flags.ledger, folded, look_back) {
        None => Before::Unrecorded,
        Some(Ok(recorded)) => decided_before(&recorded),
        Some(Err(why)) => {
            unpublished.push(why);
            Before::Unrecorded
        }
    };
    unpublished.extend(attest::attest(session, &flags.attest, folded).err());
    unpublished.extend(publishing::publish(session, folded, &flags.publish, before));
    publish::unpublished(session, &unpublished);
}

fn decided_before(recorded: &Recorded) -> Before {
    recorded
        .previous
        .as_ref()
        .map_or(Before::First, |entry| Before::Was(entry.decision))
}
