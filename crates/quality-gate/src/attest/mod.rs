//! The decision as a signed statement that a later step can check without
//! asking anybody: an in-toto statement of SLSA's verification summary in a
//! DSSE envelope, signed with ed25519.

mod check;
mod envelope;
mod keys;
mod statement;

pub use check::{Asked, Checked, Refused, Thing, check};
pub use keys::{PublicKey, public_key};

use crate::fold::Folded;
use clap::Args;
use gate_runner::{Session, out, variable};

/// The file that it is written to, in the out folder.
pub const FILE: &str = "decision.intoto.json";

/// Holds the key; there is no flag for it, since a command line is no place for it.
const KEY: &str = "GATEWRIGHT_SIGNING_KEY";

/// The flag that asks for an attestation.
#[derive(Args, Clone, Debug, Default)]
pub struct AttestFlags {
    /// Sign the decision and write decision.intoto.json; the ed25519 key is read from `GATEWRIGHT_SIGNING_KEY`
    #[arg(long)]
    pub attest: bool,
}

/// Signs a decision and writes the envelope. What stands in the way is said and
/// changes nothing; no file is left then.
pub fn attest(session: &Session, flags: &AttestFlags, folded: &Folded) -> Result<(), String> {
    if !flags.attest {
        return Ok(());
    }
    let server = session
        .actions()
        .map_or("https://github.com", |(actions, _)| {
            actions.server_url.as_str()
        });
    let write = || {
        let key = variable(KEY).filter(|key| !key.trim().is_empty());
        let key = key.ok_or_else(|| {
            format!("{KEY} is not set, expected an ed25519 key (`openssl genpkey -algorithm ed25519` makes one)")
        })?;
        let key = keys::signing_key(&key).map_err(|why| format!("{KEY}: {why}"))?;
        let statement = statement::statement(&folded.document, server)?;
        let envelope = envelope::signed(&statement, &key)?;
        let path = session.out.join(FILE);
        out::write_atomic(&path, envelope.as_bytes())
            .map_err(|error| format!("{}: {error}", path.display()))
    };
    write().map_err(|why| format!("the decision is not attested: {why}"))
}
