//! Secrets beside the work tree: in what is staged, and in what commits brought and others took away again.

use crate::collect::TOO_MUCH;
use crate::config::{Config, Reach};
use crate::found::{Found, State};
use crate::secrets;
use gate_repo::{BlobCache, Commits, Gap, History, HistoryBlob, NotRead, RepoError, TrackedFile};
use gate_runner::{Base, Inputs, Missing, counted};
use gate_verdict::Code;
use sha2::{Digest as _, Sha256};
use std::cell::RefCell;
use std::collections::BTreeSet;

/// What was searched beside the work tree.
#[derive(Debug, Default)]
pub(crate) struct Beside {
    pub(crate) secrets: Vec<Found>,
    /// Why not everything that the policy asks for was searched.
    pub(crate) gap: Option<Missing>,
    pub(crate) metrics: Vec<(&'static str, u64)>,
    pub(crate) notices: Vec<String>,
}

/// Searches what is staged, and the history as far as the policy asks for it.
pub(crate) fn search(config: &Config, inputs: &Inputs<'_>) -> Beside {
    let mut beside = Beside::default();
    if !inputs.repo.index_matches_head() {
        staged(config, inputs, &mut beside);
    }
    let of_change = config.history == Reach::Change || config.only_new;
    let base = inputs.base.commit();
    let commits = match (config.history, inputs.base, base) {
        (Reach::None, ..) => return beside,
        // With `only_new` what the base has too would not count.
        (_, _, Some(base)) if of_change => Commits::Between { base, head: "HEAD" },
        (Reach::Change, Base::None { reason, begins }, _) if !begins => {
            beside.notices.push(format!(
                "{reason}, so no commits are its change: `history: change` searches none"
            ));
            return beside;
        }
        (Reach::Change, Base::Unreadable { .. }, _) => {
            beside.gap = inputs.base.gap();
            return beside;
        }
        _ => Commits::OfHead,
    };
    match (commits, base) {
        (Commits::OfHead, Some(base)) => match brought(inputs, base) {
            Ok(brought) => history(
                config,
                inputs,
                &commits,
                &|id| brought.contains(id),
                &mut beside,
            ),
            Err(error) => beside.gap = Some(unreadable(&error)),
        },
        _ => history(config, inputs, &commits, &|_| true, &mut beside),
    }
    beside
}

/// What the next commit would record, where the work tree has something else.
fn staged(config: &Config, inputs: &Inputs<'_>, beside: &mut Beside) {
    let want = |file: &TrackedFile| {
        file.kind.is_regular() && inputs.selects(&file.path) && inputs.in_shard(&file.path)
    };
    let visit = |file: &TrackedFile, bytes: &[u8]| scan(&file.path, bytes);
    match inputs.repo.staged(&want, &visit, 0) {
        Ok(staged) => {
            for (file, why) in &staged.not_read {
                unread(&file.path, "staged", why, beside);
            }
            for scanned in staged.results {
                take(
                    config,
                    &scanned,
                    State::New,
                    "staged, and not in the work tree",
                    beside,
                );
            }
        }
        Err(error) => {
            beside.gap = Some(Missing::new(
                Code::EvidenceUnreadable,
                format!("what is staged cannot be read: {error}"),
                "mend the repository (git fsck)",
            ));
        }
    }
}

/// The blobs that commits of the change bring.
fn brought(inputs: &Inputs<'_>, base: &str) -> Result<BTreeSet<[u8; 20]>, RepoError> {
    let brought = RefCell::new(BTreeSet::new());
    let note = |blob: &HistoryBlob| {
        brought.borrow_mut().insert(blob.id());
        false
    };
    let commits = Commits::Between { base, head: "HEAD" };
    inputs.repo.history(&commits, &note, &|_, _| (), 0)?;
    Ok(brought.into_inner())
}

/// The blobs that were searched as tracked files. Where the work tree is another than what is staged nobody knows which these are, and a
/// file that the policy leaves out was not searched, though the same bytes may have stood elsewhere.
fn in_tree(inputs: &Inputs<'_>) -> BTreeSet<[u8; 20]> {
    if inputs.subject.dirty {
        return BTreeSet::new();
    }
    let files = inputs.repo.files().iter();
    let searched = files.filter(|file| file.kind.is_regular() && inputs.selects(&file.path));
    searched.map(TrackedFile::id).collect()
}

fn history(
    config: &Config,
    inputs: &Inputs<'_>,
    commits: &Commits<'_>,
    is_new: &dyn Fn(&[u8; 20]) -> bool,
    beside: &mut Beside,
) {
    let folder = inputs.cache_folder();
    let mut cache = BlobCache::open(&folder, &rules_key());
    if let Some(why) = cache.ignored() {
        let notice = format!("the cache in {} is not used: {why}", folder.display());
        beside.notices.push(notice);
    }
    let in_tree = in_tree(inputs);
    // A blob that was found clean where it appears first is not looked at under another name either.
    let known = RefCell::new(BTreeSet::new());
    let want = |blob: &HistoryBlob| {
        let wanted = blob.kind.is_regular()
            && !in_tree.contains(&blob.id())
            && inputs.selects(&blob.path)
            && inputs.in_shard(&blob.path);
        if !wanted || known.borrow().contains(&blob.id()) {
            return false;
        }
        let is_clean = cache.get(&blob.id()) == Some(path_key(&blob.path).as_slice());
        if is_clean {
            known.borrow_mut().insert(blob.id());
        }
        !is_clean
    };
    let visit = |blob: &HistoryBlob, bytes: &[u8]| {
        let scanned = scan(&blob.path, bytes);
        (blob.id(), blob.commit(), scanned)
    };
    let searched = match inputs.repo.history(commits, &want, &visit, 0) {
        Ok(searched) => searched,
        Err(error) => {
            beside.gap = Some(unreadable(&error));
            return;
        }
    };
    beside.gap = beside.gap.take().or_else(|| gap(&searched));
    for (blob, why) in &searched.not_read {
        unread(&blob.path, "of the history", why, beside);
    }
    beside.metrics.extend([
        ("history_commits", searched.commits),
        ("history_blobs", searched.blobs),
        ("history_blobs_read", searched.blobs_read),
        ("history_bytes_read", searched.bytes_read),
    ]);
    for (id, commit, scanned) in searched.results {
        if scanned.is_clean() {
            cache.insert(&id, &path_key(&scanned.path));
        }
        let short: String = commit.chars().take(12).collect();
        let how = format!("brought by commit {short}, and not in the tree");
        let state = if is_new(&id) {
            State::New
        } else {
            State::Unchanged
        };
        take(config, &scanned, state, &how, beside);
    }
    if let Err(error) = cache.save(&folder) {
        let notice = format!("the next run searches the history anew: {error}");
        beside.notices.push(notice);
    }
}

/// One blob, searched.
struct Scanned {
    path: String,
    hits: Vec<secrets::Hit>,
    truncated: bool,
}

impl Scanned {
    fn is_clean(&self) -> bool {
        self.hits.is_empty() && !self.truncated
    }
}

fn scan(path: &str, bytes: &[u8]) -> Scanned {
    let mut hits = Vec::new();
    let truncated = secrets::scan(path, bytes, &mut hits).truncated;
    Scanned {
        path: path.to_owned(),
        hits,
        truncated,
    }
}

fn take(config: &Config, scanned: &Scanned, state: State, how: &str, beside: &mut Beside) {
    if scanned.truncated {
        let path = &scanned.path;
        let what = format!("{path}, {how}: {TOO_MUCH}");
        beside.gap.get_or_insert_with(|| incomplete(&what));
    }
    for hit in &scanned.hits {
        let mut found = Found::secret(&scanned.path, hit, config.id_salt.as_deref());
        if found.by_place {
            // Another value may stand there in the work tree.
            found.fingerprint =
                secrets::hex_digest(&[found.fingerprint.as_bytes(), how.as_bytes()]);
        }
        found.message = format!("{}; {how}", found.message);
        // The line that it stands on is no more: only the policy can accept it.
        found.grant = None;
        found.state = Some(state);
        beside.secrets.push(found);
    }
}

fn unread(path: &str, which: &str, why: &NotRead, beside: &mut Beside) {
    let why = match why {
        NotRead::TooLarge { size } => format!("found {size} bytes, more than is read of one file"),
        NotRead::BaseTooLarge { size } => {
            format!("it is packed as a difference from {size} bytes, more than is read")
        }
        NotRead::Missing => String::from("it is not in this clone"),
        _ => String::from("it cannot be read"),
    };
    beside
        .gap
        .get_or_insert_with(|| incomplete(&format!("{path} ({which}): {why}")));
}

fn gap<T>(searched: &History<T>) -> Option<Missing> {
    let first = searched.gaps.first()?;
    let what = match first {
        Gap::Shallow { commit } => format!("the clone is shallow and ends at {commit}"),
        Gap::MissingCommit { commit } => format!("commit {commit} is not here"),
        Gap::MissingTree { path, commit, .. } => {
            format!("the folder `{path}` of commit {commit} is not here")
        }
        Gap::NoCommit { reference } => format!("`{reference}` names no commit"),
        _ => String::from("something is not here"),
    };
    let more = searched.gaps.len() - 1;
    let more = if more == 0 {
        String::new()
    } else {
        format!(" ({} like it)", counted(more, "gap"))
    };
    Some(Missing::new(
        Code::Incomplete,
        format!("the history was not searched whole: {what}{more}"),
        "check out with the whole history (fetch-depth: 0)",
    ))
}

fn unreadable(error: &RepoError) -> Missing {
    Missing::new(
        Code::EvidenceUnreadable,
        format!("the history cannot be read: {error}"),
        "check out with the whole history (fetch-depth: 0)",
    )
}

fn incomplete(what: &str) -> Missing {
    Missing::new(
        Code::Incomplete,
        format!("not searched whole: {what}"),
        "exclude the path in the policy, or take it out of the history",
    )
}

/// Everything that decides whether a blob is clean, beside its bytes and its path.
fn rules_key() -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(secrets::rule_set_hash());
    hash.update(env!("CARGO_PKG_VERSION"));
    hash.finalize().into()
}

/// Rules look at the path too.
fn path_key(path: &str) -> [u8; 32] {
    Sha256::digest(path.as_bytes()).into()
}
