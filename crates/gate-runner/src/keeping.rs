//! What a gate keeps beyond its run, on a reference of git. It is written after the verdict, where that is asked for;
//! nothing here changes an outcome, and what could not be kept is said once.

use crate::publish;
use crate::session::Session;
use crate::stop;
use clap::Args;
use gate_github::api::{GitData, Next, TreeFile};
use gate_github::runner::EventKind;
use gate_verdict::Subject;
use std::time::Duration;

/// The flag that asks for it.
#[derive(Args, Clone, Copy, Debug, Default)]
pub struct KeepFlags {
    /// Keep the coverage of this commit on the reference that `history` of the policy names; for runs on the default branch
    #[arg(long)]
    pub record_history: bool,
}

/// What to write and to remove, by the names that stand there; a folder ends in `/`.
pub type Plan = dyn Fn(&[String]) -> Result<Kept, String>;

/// What a gate wants kept.
pub struct Keep {
    /// The whole name of the reference.
    pub reference: String,
    /// What the commit is called.
    pub message: String,
    /// It is asked again after every writer that was faster. `Err`: what stands there is nobody's to touch.
    pub plan: Box<Plan>,
}

/// Files that are written, with their texts, and files that go.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    pub files: Vec<(String, String)>,
    pub removed: Vec<String>,
}

impl std::fmt::Debug for Keep {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Keep")
            .field("reference", &self.reference)
            .finish_non_exhaustive()
    }
}

/// Keeps what the gates want kept, and says what could not be.
pub fn keep(
    session: &Session,
    flags: KeepFlags,
    keeps: &[(String, Result<Keep, String>)],
    subject: &Subject,
    code: u8,
) {
    if !flags.record_history {
        return;
    }
    stop::decided(code);
    let unkept: Vec<String> = match refused(session, subject) {
        Some(why) => vec![format!("nothing is recorded: {why}")],
        None if keeps.is_empty() => vec![String::from(
            "nothing is recorded: no gate that ran has `history:` in the policy; write history: {ref: refs/gatewright/coverage} in the section of the coverage gate",
        )],
        None => keeps
            .iter()
            .filter_map(|(gate, keep)| {
                let kept = keep.as_ref().map_err(Clone::clone);
                let why = kept.and_then(|keep| write(session, keep)).err()?;
                Some(format!("what `{gate}` measured is not recorded: {why}"))
            })
            .collect(),
    };
    publish::unpublished(session, &unkept);
}

/// Why this run is none whose measurements are kept.
fn refused(session: &Session, subject: &Subject) -> Option<String> {
    if let Some((_, event)) = session.actions() {
        let unmerged = match event {
            Err(why) => return Some(why.clone()),
            Ok(event) => match &event.kind {
                EventKind::PullRequest { .. } => Some("a pull request"),
                EventKind::MergeGroup { .. } => Some("a merge group"),
                // Whose commit it judges, this event does not say.
                EventKind::Other { name } if name == "workflow_run" => {
                    Some("another workflow's run")
                }
                EventKind::Push { .. } | EventKind::Other { .. } => None,
            },
        };
        if let Some(what) = unmerged {
            return Some(format!(
                "this run is for {what}, and only what is merged is recorded; ask for it in runs on the default branch"
            ));
        }
    }
    if session.flags.shard.is_some() {
        return Some(String::from(
            "a shard measures a part; record where the reports of all of them are",
        ));
    }
    if subject.commit.is_none() {
        return Some(String::from("there is no commit yet"));
    }
    subject.dirty.then(|| {
        String::from(
            "tracked files differ from the commit, so what was measured is not what it holds; restore them before this step",
        )
    })
}

fn write(session: &Session, keep: &Keep) -> Result<(), String> {
    let github = session.github("contents: write")?;
    let git = github.client.git(&github.owner, &github.name);
    let own = session.run();
    let own = format!(
        "{} {} {}",
        keep.message,
        own.url.unwrap_or_default(),
        own.started_at.unwrap_or_default()
    );
    grow(git, keep, &own, &|time| github.client.wait(time))
        .map_err(|why| format!("{}: {why}", keep.reference))
}

fn grow(git: GitData<'_>, keep: &Keep, own: &str, wait: &dyn Fn(Duration)) -> Result<(), String> {
    git.grow(&keep.reference, own, wait, |tip| {
        let name = |file: &TreeFile| match file.blob {
            Some(_) => file.path.clone(),
            None => format!("{}/", file.path),
        };
        let names = tip.iter().flat_map(|tip| &tip.files).map(name);
        let kept = (keep.plan)(&names.collect::<Vec<_>>())?;
        let next = if kept == Kept::default() {
            Next::Nothing
        } else {
            Next::Commit {
                files: kept.files,
                removed: kept.removed,
                message: keep.message.clone(),
            }
        };
        Ok((next, ()))
    })
}
