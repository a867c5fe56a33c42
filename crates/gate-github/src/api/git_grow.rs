//! A reference that only grows: of two writers the slower one reads again and goes on from there.

use super::git_data::{GitData, Moved, TreeFile};
use std::time::Duration;

/// Times that a writer starts again after another one was faster.
pub const TRIES: u32 = 24;

/// What a reference holds now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tip {
    pub commit: String,
    pub tree: String,
    /// What lies at its top, in order of the names.
    pub files: Vec<TreeFile>,
}

/// What comes next on a reference.
#[derive(Debug)]
pub enum Next {
    /// It stands there already: an earlier try arrived, though its answer did not.
    Nothing,
    Commit {
        files: Vec<(String, String)>,
        removed: Vec<String>,
        message: String,
    },
}

impl GitData<'_> {
    /// What the reference holds; `None` where GitHub shows none.
    pub fn tip(self, reference: &str) -> Result<Option<Tip>, String> {
        let Some(commit) = self
            .reference(reference)
            .map_err(|error| error.to_string())?
        else {
            return Ok(None);
        };
        let tree = self.tree_of(&commit).map_err(|error| error.to_string())?;
        let mut files = self.files(&tree).map_err(|error| error.to_string())?;
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(Some(Tip {
            commit,
            tree,
            files,
        }))
    }

    /// Puts one commit on top of what is there. `plan` says what is in it, again after every writer that was faster.
    /// `own` is what tells this writer from others; `wait` waits.
    pub fn grow<T>(
        self,
        reference: &str,
        own: &str,
        wait: &dyn Fn(Duration),
        mut plan: impl FnMut(Option<&Tip>) -> Result<(Next, T), String>,
    ) -> Result<T, String> {
        let mut refused = None;
        for attempt in 0..TRIES {
            if attempt > 0 {
                wait(pause(own, attempt));
            }
            let tip = self.tip(reference)?;
            let (next, then) = plan(tip.as_ref())?;
            let moved = match next {
                Next::Nothing => Moved::Done,
                Next::Commit {
                    files,
                    removed,
                    message,
                } => {
                    let (base, parents) = match &tip {
                        Some(tip) => (Some(tip.tree.as_str()), vec![tip.commit.clone()]),
                        None => (None, Vec::new()),
                    };
                    let tree = self
                        .create_tree(base, &files, &removed)
                        .map_err(|error| error.to_string())?;
                    let commit = self
                        .create_commit(&tree, &parents, &plain(&message))
                        .map_err(|error| error.to_string())?;
                    match &tip {
                        Some(_) => self.advance_reference(reference, &commit),
                        None => self.create_reference(reference, &commit),
                    }
                    .map_err(|error| error.to_string())?
                }
            };
            match moved {
                Moved::Done => return Ok(then),
                Moved::Raced(error) => refused = Some(error),
            }
        }
        let refused = refused.map_or_else(String::new, |error| format!(": {error}"));
        Err(format!("{TRIES} times another writer was faster{refused}"))
    }
}

/// What to say of a reference that holds what is none of the writer's.
pub fn stranger(reference: &str, path: &str, expected: &str) -> String {
    let path: String = path
        .chars()
        .take(200)
        .flat_map(char::escape_default)
        .collect();
    format!("{reference} holds `{path}`, expected {expected}")
}

/// Writers that met once should not meet again: each waits its own time, which grows with the attempts.
fn pause(own: &str, attempt: u32) -> Duration {
    let own = format!("{own} {attempt}");
    // FNV-1a, folded so that every byte of the name moves what is left of it.
    let hash = own.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let share = (hash ^ hash >> 32 ^ hash >> 16) & 0xffff;
    let most = 100_u64 << attempt.min(6);
    Duration::from_millis(50 + most * share / 0xffff)
}

/// Plain words only: a commit's message is read by many.
fn plain(message: &str) -> String {
    let plain = |c: char| {
        if c.is_ascii_alphanumeric() || " ._:,-".contains(c) {
            c
        } else {
            '_'
        }
    };
    message.chars().take(200).map(plain).collect()
}
