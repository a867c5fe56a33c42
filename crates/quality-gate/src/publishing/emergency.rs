//! The emergency path leaves an issue: who lifted what, until when, so that
//! somebody looks at it afterwards. One per override, whatever is published.

use super::desk::{Desk, Trouble};
use super::place::Place;
use crate::fold::Folded;
use gate_github::api::MAX_ISSUE_TITLE;
use gate_runner::{Session, voice};
use gate_verdict::{Override, OverrideState};

/// What these issues are listed by.
const LABEL: &str = "gatewright-emergency";
/// Pages of 100 open issues with the label.
const MAX_PAGES: usize = 10;

/// Opens an issue for each emergency override that lifted something, unless it
/// is open; gives what could not be done.
pub(super) fn open_issues(session: &Session, folded: &Folded) -> Vec<String> {
    let used: Vec<&Override> = folded
        .document
        .overrides
        .iter()
        .filter(|one| one.emergency && one.state == OverrideState::Used)
        .collect();
    if used.is_empty() {
        return Vec::new();
    }
    let named = |why: &str| {
        let ids: Vec<_> = used.iter().filter_map(|one| one.id.as_deref()).collect();
        vec![format!(
            "emergency {} has no issue: {why}; next step: open one by hand",
            ids.join(", ")
        )]
    };
    let place = Place::of(session, &folded.document);
    if let Some(why) = place.barred(session) {
        return named(why);
    }
    let opened = Desk::open(session, folded, &place)
        .and_then(|desk| each(&desk, &used).map_err(|trouble| trouble.text));
    match opened {
        Ok(()) => Vec::new(),
        Err(why) => named(&why),
    }
}

fn each(desk: &Desk<'_>, used: &[&Override]) -> Result<(), Trouble> {
    let (client, owner, repo) = (&desk.client, desk.owner, desk.repo);
    let open = client
        .open_issues(owner, repo, LABEL, MAX_PAGES)?
        .ok_or_else(|| {
            Trouble::new(format!(
                "more than {} open issues have the label `{LABEL}`",
                MAX_PAGES * 100
            ))
        })?;
    for one in used {
        let marker = marker(one);
        let known = |body: &str| body.lines().next() == Some(marker.as_str());
        if open
            .iter()
            .any(|issue| known(&issue.body) && desk.is_own(&issue.author))
        {
            continue;
        }
        let title = voice::plain(
            &format!("Emergency override {} of {}", id(one), one.gate),
            MAX_ISSUE_TITLE,
        );
        let body = format!("{marker}\n{}", text(desk, one));
        client.create_issue(owner, repo, (&title, &body), LABEL)?;
    }
    Ok(())
}

fn id(one: &Override) -> &str {
    one.id.as_deref().unwrap_or("without a name")
}

/// The first line, by which the issue is found again.
fn marker(one: &Override) -> String {
    let plain = |text: &str| -> String {
        text.chars()
            .filter(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | ':' | 'T' | 'Z'))
            .take(100)
            .collect()
    };
    format!(
        "<!-- gatewright-emergency:{} {} -->",
        plain(id(one)),
        plain(&one.expires)
    )
}

/// Who, what, until when and why; indented, so that nothing in it is Markdown.
fn text(desk: &Desk<'_>, one: &Override) -> String {
    let what = one
        .criterion
        .as_ref()
        .map_or_else(|| one.gate.clone(), |id| format!("{}/{id}", one.gate));
    let commit = desk.place.commit.as_deref().unwrap_or("unknown");
    let lines = [
        format!("override:    {}", id(one)),
        format!("lifts:       {what}"),
        format!(
            "environment: {}",
            desk.document.environment.as_deref().unwrap_or("none")
        ),
        format!("commit:      {commit}"),
        format!("asked by:    {}", one.who),
        format!("approved by: {}", one.approved_by.join(", ")),
        format!("until:       {}", one.expires),
        format!("ticket:      {}", one.ticket.as_deref().unwrap_or("none")),
        format!("reason:      {}", one.why),
        format!("run:         {}", desk.run_url().unwrap_or("unknown")),
    ];
    let lines: Vec<String> = lines
        .iter()
        .map(|line| format!("    {}", voice::plain(line, 1_000)))
        .collect();
    format!(
        "A gate was passed by the emergency path. Look at what it let through, and close this issue when that is repaired.\n\n{}\n",
        lines.join("\n")
    )
}
