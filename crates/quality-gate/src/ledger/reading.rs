//! A whole ledger, for those who look at it.

use super::destination::Destination;
use super::{Files, file, git};
use gate_ledger::{Broken, Record, Start, Text};
use gate_repo::Repo;
use gate_runner::Session;
use std::path::Path;

/// Where a ledger was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    Files,
    /// The reference in this clone, which may be behind that on GitHub.
    Clone,
    Github,
}

/// A ledger as it was read: its chain, or where that breaks.
#[derive(Debug)]
pub struct Stored {
    pub source: Source,
    pub files: usize,
    pub chain: Result<Vec<Record>, Broken>,
}

/// Reads a ledger: from its files, from this clone where it has the reference,
/// else from GitHub. A ledger that is not there is an error.
pub fn read(session: &Session, destination: &Destination) -> Result<Stored, String> {
    let found = find(session, destination)?;
    found.ok_or_else(|| match destination {
        Destination::Git(reference) => {
            format!("neither this clone nor GitHub has a reference {reference} with records")
        }
        Destination::File(_) => format!(
            "found no record in {destination}, expected a ledger; `--ledger {destination}` of `quality-gate` begins one"
        ),
    })
}

/// The same; `None` where nothing was recorded yet.
pub(crate) fn find(session: &Session, destination: &Destination) -> Result<Option<Stored>, String> {
    let (source, files) = match destination {
        Destination::File(path) if !file::is_there(path) => return Ok(None),
        Destination::File(path) => (Source::Files, file::contents(path)?),
        Destination::Git(reference) => match from_clone(&session.root, reference)? {
            Some(files) => (Source::Clone, files),
            None => match from_github(session, reference)? {
                Some(files) => (Source::Github, files),
                None => return Ok(None),
            },
        },
    };
    if files.is_empty() {
        return Ok(None);
    }
    let texts: Vec<Text<'_>> = files
        .iter()
        .map(|(name, bytes)| Text { name, bytes })
        .collect();
    Ok(Some(Stored {
        source,
        files: files.len(),
        chain: gate_ledger::read(&texts, Start::Beginning),
    }))
}

fn from_github(session: &Session, reference: &str) -> Result<Option<Files>, String> {
    let hint = format!("`git fetch origin {reference}:{reference}` brings it here");
    let github = session
        .github("contents: read")
        .map_err(|why| format!("this clone has no {reference}, and {why}; {hint}"))?;
    git::contents(github.client.git(&github.owner, &github.name), reference)
}

/// The files of a reference of this clone; `None` where it has none.
fn from_clone(root: &Path, reference: &str) -> Result<Option<Files>, String> {
    let Ok(repo) = gate_repo::open(root) else {
        return Ok(None);
    };
    // A ledger's files lie at the top, wherever the root is.
    let top = root.ancestors().nth(repo.prefix().matches('/').count());
    let repo = match top.filter(|_| !repo.prefix().is_empty()) {
        Some(top) => gate_repo::open(top).map_err(|error| error.to_string())?,
        None => repo,
    };
    let Ok(revision) = repo.rev(reference) else {
        return Ok(None);
    };
    files_at(&repo, &revision.commit, reference).map(Some)
}

fn files_at(repo: &Repo, commit: &str, reference: &str) -> Result<Files, String> {
    let names = repo
        .list_at(commit, "")
        .map_err(|error| error.to_string())?;
    let mut files = Vec::new();
    for name in names {
        if gate_ledger::Segment::parse(&name).is_none() {
            return Err(git::stranger(reference, &name));
        }
        let bytes = repo
            .blob_at(commit, &name)
            .map_err(|error| error.to_string())?;
        files.push((name, bytes.unwrap_or_default()));
    }
    Ok(files)
}
