//! What people accepted, in a line each. Strings are raw: the format escapes them.

use gate_verdict::{DecisionDoc, Override, OverrideState};

/// An override in one line.
pub(crate) fn override_line(lift: &Override) -> String {
    let what = match &lift.criterion {
        Some(criterion) => format!("{} / {criterion}", lift.gate),
        None => lift.gate.clone(),
    };
    let or_nothing = |text: Option<&String>, before: &str| {
        text.map_or_else(String::new, |text| format!("{before}{text}"))
    };
    let id = or_nothing(lift.id.as_ref(), " ");
    let kind = if lift.emergency {
        "emergency"
    } else {
        "override"
    };
    let approved = if lift.approved_by.is_empty() {
        String::new()
    } else {
        format!(", approved by {}", lift.approved_by.join(", "))
    };
    let (ticket, note) = (
        or_nothing(lift.ticket.as_ref(), ", "),
        or_nothing(lift.note.as_ref(), "; "),
    );
    let state = match lift.state {
        OverrideState::Used => "",
        OverrideState::Unused => " (unused)",
        OverrideState::Void => " (void)",
    };
    format!(
        "{kind}{id}{state} for {what}: by {}{approved}, until {}{ticket}: {}{note}",
        lift.who, lift.expires, lift.why
    )
}

/// The approvals, one line each, under how many there are.
pub(crate) fn approvals(decision: &DecisionDoc) -> Vec<String> {
    let Some(approvals) = &decision.approvals else {
        return Vec::new();
    };
    let head = format!("{} of {} approved", approvals.counted(), approvals.required);
    let each = approvals.given.iter().map(|one| {
        let note = one.note.as_deref().unwrap_or("counts");
        format!("{} ({}): {note}", one.who, one.source)
    });
    std::iter::once(head).chain(each).collect()
}
