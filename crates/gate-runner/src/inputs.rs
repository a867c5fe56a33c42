//! What a gate instance is given: its section of the policy, the repository,
//! the base, and report files below the root.

use crate::addresses::{Asked, Asking};
use crate::base::Base;
use crate::judgement::{Missing, counted};
use crate::prepare::Prepared;
use crate::reports;
use crate::session::Session;
use gate_policy::{CriterionPolicy, GatePolicy, Policy, Selected};
use gate_repo::{ChangeKind, FileChange, Repo, RepoError};
use gate_verdict::{Code, Enforcement, Shard, Subject};
use globset::GlobSet;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// The inputs of one gate instance.
pub struct Inputs<'a> {
    /// The repository; a reason where there is none.
    pub repo: &'a Repo,
    pub gate: &'a GatePolicy,
    pub base: &'a Base,
    /// The part of the repository that the verdict speaks for.
    pub scope: Option<&'a str>,
    pub shard: Option<Shard>,
    /// What is measured is kept on a reference of git after the verdict.
    pub records: bool,
    /// What is judged.
    pub subject: &'a Subject,
    /// Where the repository is hosted.
    pub place: &'a Place,
    /// The time the evidence is judged at.
    pub as_of: jiff::Timestamp,
    pub(crate) asking: &'a Asking,
    pub(crate) policy: &'a Policy,
    pub(crate) selected: &'a Selected<'a>,
    pub(crate) root: &'a Path,
    pub(crate) out: &'a Path,
    pub(crate) prepared: &'a Prepared,
    pub(crate) session: &'a Session,
    /// The paths that this instance judges.
    pub selection: Selection,
}

/// Inside `paths` and outside `exclude`; by default everything.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    pub(crate) paths: Option<GlobSet>,
    pub(crate) exclude: Option<GlobSet>,
}

impl Selection {
    /// Whether a path is one that is judged.
    pub fn selects(&self, path: &str) -> bool {
        self.paths.as_ref().is_none_or(|globs| globs.is_match(path)) && !self.excludes(path)
    }

    /// Whether `exclude` leaves the path out.
    pub fn excludes(&self, path: &str) -> bool {
        self.exclude
            .as_ref()
            .is_some_and(|globs| globs.is_match(path))
    }
}

/// Where a repository is hosted, as far as it is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Address of the server, without a `/` at the end.
    pub server: String,
    pub default_branch: Option<String>,
}

impl std::fmt::Debug for Inputs<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Inputs")
            .field("gate", &self.gate.key)
            .finish_non_exhaustive()
    }
}

impl Inputs<'_> {
    /// How much a criterion weighs in the environment in force.
    pub fn enforcement(&self, criterion: &CriterionPolicy) -> Enforcement {
        self.policy.criterion_enforcement(
            self.selected,
            &self.gate.key,
            &criterion.id,
            criterion.sub_gate.as_deref(),
        )
    }

    /// Whether a path is in this shard. Tracked files are dealt out by a hash
    /// of their paths, so every file is in one shard whoever asks.
    pub fn in_shard(&self, path: &str) -> bool {
        self.shard.is_none_or(|shard| {
            // FNV-1a: stable over builds, which the standard hasher is not.
            let hash = path.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
                (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
            });
            hash % u64::from(shard.total) == u64::from(shard.index - 1)
        })
    }

    /// Whether a path is one this instance judges: inside `paths` and outside
    /// `exclude`.
    pub fn selects(&self, path: &str) -> bool {
        self.selection.selects(path)
    }

    /// A filter that leaves nothing to look at proves nothing.
    pub fn nothing_left(&self, noun: &str, excluded: u64) -> Missing {
        Missing::new(
            Code::EvidenceInsufficient,
            format!(
                "`paths` and `exclude` of gate `{}` leave none of {} to look at",
                self.gate.key,
                counted(excluded, noun)
            ),
            "widen `paths`, narrow `exclude`, or take the gate out of the policy",
        )
    }

    /// What the work tree changes against the base, computed once per run.
    pub fn changes(&self) -> Result<&[FileChange], Missing> {
        self.prepared.changes()
    }

    /// Why criteria on change have nothing to look at; `None` where the change is known.
    pub(crate) fn no_change(&self) -> Option<Missing> {
        let gap = self.base.gap()?;
        if gap.code == Code::NoBase {
            return Some(gap);
        }
        self.changed_lines().err()
    }

    /// Which files and lines the change touches, where need be as GitHub says: enough to look lines up, not to read the base.
    pub fn changed_lines(&self) -> Result<&[FileChange], Missing> {
        self.prepared.changed_lines(self.session)
    }

    /// What the base has of the changed files that are wanted, one by one: the change, the path in the base and the bytes.
    /// `Err`: why not all of it is known.
    pub fn of_base<'c>(
        &self,
        changes: &'c [FileChange],
        wants: impl Fn(&FileChange, &str) -> bool,
        mut visit: impl FnMut(&'c FileChange, &'c str, &[u8]),
    ) -> Result<(), Missing> {
        let old = |change: &'c FileChange| change.old_path.as_ref().unwrap_or(&change.path);
        let (mut files, mut bytes_read) = (0, 0);
        let wanted = changes.iter().filter(|change| {
            let same = matches!(change.kind, ChangeKind::ModeOnly | ChangeKind::Submodule);
            !same && wants(change, old(change))
        });
        let stopped = self.repo.of_base(wanted, |change, bytes| {
            files += 1;
            bytes_read += bytes.len();
            if files > MAX_OLD_FILES || bytes_read > MAX_OLD_BYTES {
                return Err(Stopped::TooMuch);
            }
            visit(change, old(change), &bytes);
            Ok(())
        });
        stopped.map_err(|stopped| match stopped {
            Stopped::TooMuch => Missing::new(
                Code::Incomplete,
                format!(
                    "the change touches more than {MAX_OLD_FILES} files, or {} MiB of them, so it cannot be told what it brought",
                    MAX_OLD_BYTES >> 20
                ),
                "judge all findings (`only_new: false`), or split the change",
            ),
            Stopped::Unreadable(error) => Missing::new(
                Code::BaseUnreadable,
                format!("the base cannot be read: {error}"),
                "check out with enough history (fetch-depth: 0)",
            ),
        })
    }

    /// Asks other hosts whether there is something at these addresses.
    pub fn ask(&self, addresses: &[String]) -> Asked {
        self.asking.ask(addresses)
    }

    /// Where a gate may keep what makes the next run shorter. Who can write there can forge it.
    pub fn cache_folder(&self) -> PathBuf {
        self.out.join("cache")
    }

    /// When a file below the root was last written, where the disk says so.
    pub fn modified(&self, path: &str) -> Option<SystemTime> {
        let file = self.root.join(path).symlink_metadata().ok()?;
        file.modified().ok()
    }

    /// The report files below the root that match any of the globs, in path
    /// order, each opened by the caller with [`reports::Report::open`].
    pub fn reports(&self, globs: &[String]) -> Result<Vec<reports::Report>, Missing> {
        reports::find(self.root, self.out, globs)
    }
}

/// Files of the base that are read again, and their bytes: a change beyond it is compared by what it leaves, which asks more
/// of it.
const MAX_OLD_FILES: usize = 5_000;
const MAX_OLD_BYTES: usize = 256 * 1024 * 1024;

/// Why the base is not read to the end.
enum Stopped {
    TooMuch,
    Unreadable(RepoError),
}

impl From<RepoError> for Stopped {
    fn from(error: RepoError) -> Self {
        Self::Unreadable(error)
    }
}
