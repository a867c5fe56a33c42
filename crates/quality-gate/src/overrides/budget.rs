//! The override budget: once too many of the last decisions rest on overrides,
//! each needs one approver more. Counted in the ledger.

use crate::ledger::{Destination, find};
use gate_policy::Environment;
use gate_runner::Session;
use gate_verdict::Ratio;
use std::cmp::Ordering;

/// The days that are counted.
const WINDOW: u32 = 30;

/// Whether the budget of an environment is spent; `Ok(None)` where nobody keeps
/// a ledger.
///
/// # Errors
/// The ledger cannot be read or is broken, so nobody can say.
pub(crate) fn spent(
    session: &Session,
    ledger: Option<&Destination>,
    environment: Option<&Environment>,
) -> Result<Option<bool>, String> {
    let Some(destination) = ledger else {
        return Ok(None);
    };
    let unreadable = |why: String| format!("the override budget is not known: {why}");
    let Some(stored) = find(session, destination).map_err(unreadable)? else {
        return Ok(Some(false));
    };
    let records = stored
        .chain
        .map_err(|broken| unreadable(broken.to_string()))?;
    let name = environment.map(|one| one.name.as_str());
    let (overrides, decisions) = gate_ledger::bypass_budget(&records, name, session.as_of, WINDOW);
    let allowed = environment
        .map(|one| one.latitude.clone())
        .unwrap_or_default();
    let share = Ratio {
        numerator: overrides,
        denominator: decisions,
    };
    Ok(Some(
        share.cmp_percent(allowed.budget()) == Some(Ordering::Greater),
    ))
}
