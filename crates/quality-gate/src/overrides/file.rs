//! The file of overrides, from where the change cannot reach it: the base that
//! governs, else the tip of the default branch.

use gate_policy::{OverrideEntry, Source, load_overrides};
use gate_runner::{Prepared, Session};

/// Where the file is.
pub(crate) const PATH: &str = ".github/gate-overrides.yml";

/// What the file grants, or why nothing of it holds.
pub(crate) fn from_default_branch(
    session: &Session,
    prepared: &Prepared,
    ask: bool,
) -> Result<Vec<OverrideEntry>, String> {
    let Some((bytes, revision)) = prepared
        .trusted_file(session, PATH, ask)
        .map_err(|why| format!("{PATH} cannot be read, so no override of it holds: {why}"))?
    else {
        return Ok(Vec::new());
    };
    let source = Source {
        path: String::from(PATH),
        bytes: &bytes,
    };
    load_overrides(&source).map_err(|errors| {
        let lines: Vec<_> = errors.iter().map(ToString::to_string).collect();
        format!(
            "{PATH} of {revision} has errors, so no override of it holds: {}",
            lines.join("; ")
        )
    })
}
