//! A ledger on a reference of git, through the API: no clone and no git is
//! needed. Of two writers the slower one reads again and goes on from there.

use super::Recorded;
use super::append::{Last, Wanted, look_back, plan, shown};
use super::{Files, text};
use gate_github::api::{GitData, Moved};
use gate_ledger::Segment;
use gate_verdict::sha256_hex;
use std::time::Duration;

/// Times that a writer starts again after another one was faster.
const TRIES: u32 = 24;

/// What the reference holds now.
struct Tip {
    commit: String,
    tree: String,
    /// In order, with their blobs.
    files: Vec<(String, String)>,
}

pub(super) fn append(
    git: GitData<'_>,
    reference: &str,
    wanted: &Wanted<'_>,
    wait: &dyn Fn(Duration),
) -> Result<Recorded, String> {
    let mut refused = None;
    for attempt in 0..TRIES {
        if attempt > 0 {
            wait(pause(wanted, attempt));
        }
        let tip = tip(git, reference)?;
        let files = tip.as_ref().map_or(&[][..], |tip| tip.files.as_slice());
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
        let moved = match write {
            // An earlier try arrived, though its answer did not.
            None => Moved::Done,
            Some(write) => {
                let message = message(wanted, &shown(recorded.head.as_ref()));
                let (base, parents) = match &tip {
                    Some(tip) => (Some(tip.tree.as_str()), vec![tip.commit.clone()]),
                    None => (None, Vec::new()),
                };
                let tree = git
                    .create_tree(base, &[(write.name, write.text)])
                    .map_err(|error| error.to_string())?;
                let commit = git
                    .create_commit(&tree, &parents, &message)
                    .map_err(|error| error.to_string())?;
                match &tip {
                    Some(_) => git.advance_reference(reference, &commit),
                    None => git.create_reference(reference, &commit),
                }
                .map_err(|error| error.to_string())?
            }
        };
        match moved {
            Moved::Done => {
                return Ok(look_back(recorded, wanted, || {
                    let (name, blob) = files.iter().rev().nth(1)?;
                    Some((name.clone(), git.blob(blob).ok()?))
                }));
            }
            Moved::Raced(error) => refused = Some(error),
        }
    }
    let refused = refused.map_or_else(String::new, |error| format!(": {error}"));
    Err(format!("{TRIES} times another writer was faster{refused}"))
}

/// What the reference holds; `None` where GitHub shows none.
fn tip(git: GitData<'_>, reference: &str) -> Result<Option<Tip>, String> {
    let Some(commit) = git
        .reference(reference)
        .map_err(|error| error.to_string())?
    else {
        return Ok(None);
    };
    let tree = git.tree_of(&commit).map_err(|error| error.to_string())?;
    let mut files = Vec::new();
    for file in git.files(&tree).map_err(|error| error.to_string())? {
        match (Segment::parse(&file.path), file.blob) {
            (Some(segment), Some(blob)) => files.push((segment, file.path, blob)),
            _ => return Err(stranger(reference, &file.path)),
        }
    }
    files.sort();
    let files = files.into_iter().map(|(_, name, blob)| (name, blob));
    Ok(Some(Tip {
        commit,
        tree,
        files: files.collect(),
    }))
}

pub(super) fn stranger(reference: &str, path: &str) -> String {
    let path: String = path
        .chars()
        .take(200)
        .flat_map(char::escape_default)
        .collect();
    format!(
        "{reference} holds `{path}`, expected files named like 2026-11.jsonl and nothing else: name a reference of the ledger's own"
    )
}

/// All files with what is in them; `None` where GitHub shows no such reference.
pub(super) fn contents(git: GitData<'_>, reference: &str) -> Result<Option<Files>, String> {
    let Some(tip) = tip(git, reference)? else {
        return Ok(None);
    };
    let mut files = Vec::new();
    for (name, blob) in tip.files {
        files.push((name, git.blob(&blob).map_err(|error| error.to_string())?));
    }
    Ok(Some(files))
}

/// Writers that met once should not meet again: each waits its own time, which
/// grows with the attempts.
fn pause(wanted: &Wanted<'_>, attempt: u32) -> Duration {
    let own = wanted.bodies.first().map(|body| {
        let of = |name| text(body, name).unwrap_or_default();
        format!("{} {} {attempt}", of("digest"), of("run"))
    });
    let hash = sha256_hex(own.unwrap_or_default().as_bytes());
    let share = u64::from_str_radix(hash.get(..4).unwrap_or("0"), 16).unwrap_or(0);
    let most = 100_u64 << attempt.min(6);
    Duration::from_millis(50 + most * share / 0xffff)
}

/// Plain words only: a commit's message is read by many.
fn message(wanted: &Wanted<'_>, head: &str) -> String {
    let body = wanted.bodies.first();
    let of = |name| body.and_then(|body| text(body, name)).unwrap_or("none");
    let line = format!(
        "{} for {} at {:.12}: {head}",
        of("decision"),
        of("environment"),
        of("commit")
    );
    let plain = |c: char| {
        if c.is_ascii_alphanumeric() || " ._:,-".contains(c) {
            c
        } else {
            '_'
        }
    };
    line.chars().take(200).map(plain).collect()
}

#[cfg(test)]
mod tests;
