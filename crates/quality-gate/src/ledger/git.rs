//! A ledger on a reference of git, through the API: no clone and no git is
//! needed. Of two writers the slower one reads again and goes on from there.

use super::Recorded;
use super::append::{Last, Wanted, look_back, plan, shown};
use super::{Files, text};
use gate_github::api::{GitData, Next, Tip};
use gate_ledger::Segment;
use std::time::Duration;

pub(super) fn append(
    git: GitData<'_>,
    reference: &str,
    wanted: &Wanted<'_>,
    wait: &dyn Fn(Duration),
) -> Result<Recorded, String> {
    let (recorded, files) = git.grow(reference, &own(wanted), wait, |tip| {
        let files = files(reference, tip)?;
        let bytes = match files.last() {
            Some((_, blob)) => Some(git.blob(blob).map_err(|error| error.to_string())?),
            None => None,
        };
        let last = files
            .last()
            .zip(bytes.as_deref())
            .map(|((name, _), bytes)| Last {
                name,
                bytes,
                only: files.len() == 1,
            });
        let (write, recorded) = plan(last.as_ref(), None, wanted)?;
        let next = write.map_or(Next::Nothing, |write| Next::Commit {
            message: message(wanted, &shown(recorded.head.as_ref())),
            files: vec![(write.name, write.text)],
            removed: Vec::new(),
        });
        Ok((next, (recorded, files)))
    })?;
    Ok(look_back(recorded, wanted, || {
        let (name, blob) = files.iter().rev().nth(1)?;
        Some((name.clone(), git.blob(blob).ok()?))
    }))
}

/// The ledger's files in order, with their blobs.
fn files(reference: &str, tip: Option<&Tip>) -> Result<Vec<(String, String)>, String> {
    let mut files = Vec::new();
    for file in tip.iter().flat_map(|tip| &tip.files) {
        match (Segment::parse(&file.path), &file.blob) {
            (Some(segment), Some(blob)) => {
                files.push((segment, file.path.clone(), blob.clone()));
            }
            _ => return Err(stranger(reference, &file.path)),
        }
    }
    files.sort();
    let files = files.into_iter().map(|(_, name, blob)| (name, blob));
    Ok(files.collect())
}

pub(super) fn stranger(reference: &str, path: &str) -> String {
    let expected =
        "files named like 2026-11.jsonl and nothing else: name a reference of the ledger's own";
    gate_github::api::stranger(reference, path, expected)
}

/// All files with what is in them; `None` where GitHub shows no such reference.
pub(super) fn contents(git: GitData<'_>, reference: &str) -> Result<Option<Files>, String> {
    let Some(tip) = git.tip(reference)? else {
        return Ok(None);
    };
    let mut contents = Vec::new();
    for (name, blob) in files(reference, Some(&tip))? {
        contents.push((name, git.blob(&blob).map_err(|error| error.to_string())?));
    }
    Ok(Some(contents))
}

/// What tells this writer from others.
fn own(wanted: &Wanted<'_>) -> String {
    let own = wanted.bodies.first().map(|body| {
        let of = |name| text(body, name).unwrap_or_default();
        format!("{} {}", of("digest"), of("run"))
    });
    own.unwrap_or_default()
}

fn message(wanted: &Wanted<'_>, head: &str) -> String {
    let body = wanted.bodies.first();
    let of = |name| body.and_then(|body| text(body, name)).unwrap_or("none");
    format!(
        "{} for {} at {:.12}: {head}",
        of("decision"),
        of("environment"),
        of("commit")
    )
}

#[cfg(test)]
mod tests;
