//! Secrets beside the work tree: in what is staged, and in what commits brought and others took away again.

use crate::config::{Config, Reach};
use crate::found::{Found, State};
use crate::secrets;
use gate_repo::{BlobCache, Commits, Gap, History, HistoryBlob, NotRead, TrackedFile};
use gate_runner::{Inputs, Missing, counted};
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
        staged(inputs, &mut beside);
    }
    let base = inputs.base.commit();
    let commits = match (config.history, base) {
        (Reach::None, _) => return beside,
        (Reach::Change, Some(base)) => Commits::Between { base, head: "HEAD" },
        // What the base has too would not count.
        (Reach::All, Some(base)) if config.only_new => Commits::Between { base, head: "HEAD" },
        (Reach::Change, None) => {
            match inputs.base.gap() {
                Some(gap) if gap.code != Code::NoBase => beside.gap = Some(gap),
                _ => beside.notices.push(String::from(
                    "without a base there is no change: `history: change` has nothing to search",
                )),
            }
            return beside;
        }
        (Reach::All, _) => Commits::OfHead,
    };
    history(inputs, &commits, &mut beside);
    beside
}

/// What the next commit would record, where the work tree has something else.
fn staged(inputs: &Inputs<'_>, beside: &mut Beside) {
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
                take(&scanned, "staged, and not in the work tree", beside);
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

fn history(inputs: &Inputs<'_>, commits: &Commits<'_>, beside: &mut Beside) {
    let folder = inputs.cache_folder();
    let mut cache = BlobCache::open(&folder, &rules_key());
    if let Some(why) = cache.ignored() {
        let notice = format!("the cache in {} is not used: {why}", folder.display());
        beside.notices.push(notice);
    }
    // A blob that was found clean where it appears first is not looked at under another name either.
    let known = RefCell::new(BTreeSet::new());
    let want = |blob: &HistoryBlob| {
        let wanted = blob.kind.is_regular()
            && !blob.staged
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
            beside.gap = Some(Missing::new(
                Code::EvidenceUnreadable,
                format!("the history cannot be read: {error}"),
                "check out with the whole history (fetch-depth: 0)",
            ));
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
        take(&scanned, &how, beside);
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

fn take(scanned: &Scanned, how: &str, beside: &mut Beside) {
    if scanned.truncated {
        let path = &scanned.path;
        let what = format!("{path}, {how}: it holds more than one file's worth of findings");
        beside.gap.get_or_insert_with(|| incomplete(&what));
    }
    for hit in &scanned.hits {
        let mut found = Found::secret(&scanned.path, hit);
        found.message = format!("{}; {how}", found.message);
        // The line that it stands on is no more: only the policy can accept it.
        found.grant = None;
        found.state = Some(State::New);
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
