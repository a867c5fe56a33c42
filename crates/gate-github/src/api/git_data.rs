use super::client::Client;
use super::contents::{below, encode};
use super::error::{ApiError, ApiErrorKind};
use super::git_answers::{Blob, Entry, Named, Object, Tree, WithTree};
use super::operation::Operation;
use super::transport::{Answer, Call, JSON};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

/// Blobs above this many bytes are not read.
pub const MAX_BLOB: usize = 16 * 1024 * 1024;

const MAX_ANSWER: usize = 1024 * 1024;
/// A tree of some 10,000 files.
const MAX_TREE: usize = 4 * 1024 * 1024;

/// Git's objects and references of one repository, without a clone. Reading needs `contents: read`, writing
/// `contents: write`.
#[derive(Clone, Copy, Debug)]
pub struct GitData<'a> {
    client: &'a Client,
    owner: &'a str,
    repo: &'a str,
}

/// A file of a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TreeFile {
    pub path: String,
    /// The blob; a folder or a submodule has none.
    pub blob: Option<String>,
}

/// What became of a reference that was to be moved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Moved {
    Done,
    /// Somebody else was faster: it is not where it was. GitHub's refusal.
    Raced(ApiError),
}

impl Client {
    pub fn git<'a>(&'a self, owner: &'a str, repo: &'a str) -> GitData<'a> {
        GitData {
            client: self,
            owner,
            repo,
        }
    }
}

impl GitData<'_> {
    /// The commit that `reference` (`refs/...`) names; `None` where GitHub shows no such reference. That is not
    /// proof that there is none: [`GitData::create_reference`] then says [`Moved::Raced`].
    pub fn reference(self, reference: &str) -> Result<Option<String>, ApiError> {
        const OPERATION: Operation = Operation::ReadGit;
        let path = format!("ref/{}", below_refs(OPERATION, reference)?);
        let answer = match self.call(OPERATION, http::Method::GET, &path, None, MAX_ANSWER) {
            Err(error) if is_absent(&error) => return Ok(None),
            answer => answer?,
        };
        let found: Named = self
            .client
            .parsed(OPERATION, &answer, "it names no object")?;
        match (found.name.as_str() == reference, found.object) {
            (true, object) if object.kind == "commit" => Ok(Some(object.sha)),
            _ => Err(self.client.unexpected(
                OPERATION,
                &answer,
                "it is another reference, or one to no commit",
            )),
        }
    }

    /// The tree of a commit.
    pub fn tree_of(self, commit: &str) -> Result<String, ApiError> {
        const OPERATION: Operation = Operation::ReadGit;
        let path = format!("commits/{}", encode(commit, ""));
        let answer = self.call(OPERATION, http::Method::GET, &path, None, MAX_ANSWER)?;
        let found: WithTree = self.client.parsed(OPERATION, &answer, "it names no tree")?;
        Ok(found.tree.sha)
    }

    /// What lies directly in a tree.
    pub fn files(self, tree: &str) -> Result<Vec<TreeFile>, ApiError> {
        const OPERATION: Operation = Operation::ReadGit;
        let path = format!("trees/{}", encode(tree, ""));
        let answer = self.call(OPERATION, http::Method::GET, &path, None, MAX_TREE)?;
        let found: Tree = self
            .client
            .parsed(OPERATION, &answer, "it lists no files")?;
        if found.truncated {
            let what = "the list of files is cut";
            return Err(self.client.unexpected(OPERATION, &answer, what));
        }
        let file = |entry: Entry| TreeFile {
            blob: (entry.kind == "blob").then_some(entry.sha),
            path: entry.path,
        };
        Ok(found.tree.into_iter().map(file).collect())
    }

    /// The bytes of a blob.
    pub fn blob(self, blob: &str) -> Result<Vec<u8>, ApiError> {
        const OPERATION: Operation = Operation::ReadGit;
        let path = format!("blobs/{}", encode(blob, ""));
        let answer = self.call(OPERATION, http::Method::GET, &path, None, 2 * MAX_BLOB)?;
        let found: Blob = self
            .client
            .parsed(OPERATION, &answer, "it has no contents")?;
        let base64 = found.content.bytes().filter(|c| !c.is_ascii_whitespace());
        let bytes = STANDARD.decode(base64.collect::<Vec<_>>()).ok();
        match bytes.filter(|bytes| bytes.len() == found.size && found.encoding == "base64") {
            Some(bytes) => Ok(bytes),
            None => Err(self.client.unexpected(
                OPERATION,
                &answer,
                "its bytes are not base64, or not as many as its size says",
            )),
        }
    }

    /// A tree like `base` in which these files have these texts and the removed ones are gone: their blobs are made with
    /// it, in one request.
    pub fn create_tree(
        self,
        base: Option<&str>,
        files: &[(String, String)],
        removed: &[String],
    ) -> Result<String, ApiError> {
        let entry = |(path, text): &(String, String)| json!({"path": path, "mode": "100644", "type": "blob", "content": text});
        let gone =
            |path: &String| json!({"path": path, "mode": "100644", "type": "blob", "sha": null});
        let entries = files.iter().map(entry).chain(removed.iter().map(gone));
        let mut body = json!({"tree": entries.collect::<Vec<_>>()});
        if let Some(base) = base {
            body["base_tree"] = base.into();
        }
        self.create("trees", &body)
    }

    /// A commit by the token's owner.
    pub fn create_commit(
        self,
        tree: &str,
        parents: &[String],
        message: &str,
    ) -> Result<String, ApiError> {
        let body = json!({"message": message, "tree": tree, "parents": parents});
        self.create("commits", &body)
    }

    fn create(self, what: &str, body: &Value) -> Result<String, ApiError> {
        const OPERATION: Operation = Operation::WriteGit;
        let answer = self.call(OPERATION, http::Method::POST, what, Some(body), MAX_TREE)?;
        let made: Object = self
            .client
            .parsed(OPERATION, &answer, "it names no object")?;
        Ok(made.sha)
    }

    /// Makes a reference that is not there yet.
    pub fn create_reference(self, reference: &str, commit: &str) -> Result<Moved, ApiError> {
        below_refs(Operation::WriteGit, reference)?;
        let body = json!({"ref": reference, "sha": commit});
        self.moved(http::Method::POST, "refs", &body)
    }

    /// Moves a reference forward, never back or aside.
    pub fn advance_reference(self, reference: &str, commit: &str) -> Result<Moved, ApiError> {
        let path = format!("refs/{}", below_refs(Operation::WriteGit, reference)?);
        let body = json!({"sha": commit, "force": false});
        self.moved(http::Method::PATCH, &path, &body)
    }

    fn moved(self, method: http::Method, path: &str, body: &Value) -> Result<Moved, ApiError> {
        match self.call(Operation::WriteGit, method, path, Some(body), MAX_ANSWER) {
            Ok(_) => Ok(Moved::Done),
            Err(error) if is_raced(&error) => Ok(Moved::Raced(error)),
            Err(error) => Err(error),
        }
    }

    fn call(
        self,
        operation: Operation,
        method: http::Method,
        path: &str,
        body: Option<&Value>,
        limit: usize,
    ) -> Result<Answer, ApiError> {
        let path = below(operation, self.owner, self.repo, &format!("git/{path}"))?;
        let call = Call {
            method,
            path,
            body,
            accept: JSON,
            limit,
        };
        self.client.perform(operation, &call)
    }
}

/// `gatewright/ledger` of `refs/gatewright/ledger`, encoded.
fn below_refs(operation: Operation, reference: &str) -> Result<String, ApiError> {
    match reference.strip_prefix("refs/") {
        Some(rest) if is_reference(reference) => Ok(encode(rest, "-._~/")),
        _ => Err(ApiError::new(
            operation,
            ApiErrorKind::Invalid {
                what: format!(
                    "the reference is `{}`, expected one like `refs/gatewright/ledger`",
                    reference
                        .chars()
                        .take(200)
                        .flat_map(char::escape_default)
                        .collect::<String>()
                ),
            },
        )),
    }
}

/// Whether a text can be the full name of a reference: what git allows, but in plain letters only.
pub fn is_reference(name: &str) -> bool {
    let part = |part: &str| {
        let plain = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_' | b'.');
        !part.is_empty()
            && !part.starts_with('.')
            && !part.ends_with('.')
            && !part.contains("..")
            && !part.to_ascii_lowercase().ends_with(".lock")
            && part.bytes().all(plain)
    };
    name.len() <= 200
        && name.starts_with("refs/")
        && name.split('/').count() >= 3
        && name.split('/').all(part)
}

fn is_absent(error: &ApiError) -> bool {
    matches!(
        error.kind,
        ApiErrorKind::NotFound | ApiErrorKind::RevisionNotFound
    ) && error.status == Some(404)
}

/// Statuses and words of GitHub's for a reference that another writer moved or made meanwhile.
fn is_raced(error: &ApiError) -> bool {
    let said = error
        .message
        .as_deref()
        .unwrap_or_default()
        .to_ascii_lowercase();
    let words = [
        "fast forward",
        "fast-forward",
        "already exists",
        "cannot lock ref",
        "but expected",
    ];
    match error.status {
        Some(409) => !said.contains("empty"),
        Some(422) => words.iter().any(|word| said.contains(word)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_whole_and_plain() {
        for name in [
            "refs/gatewright/ledger",
            "refs/heads/a.b-c_d",
            "refs/notes/x/y",
        ] {
            assert!(is_reference(name), "{name}");
        }
        for name in [
            "refs/ledger",
            "main",
            "refs//x",
            "refs/heads/",
            "refs/heads/..",
            "refs/heads/a..b",
            "refs/heads/.a",
            "refs/heads/a.lock",
            "refs/heads/a b",
            "refs/heads/a?b",
            "refs/heads/é",
            "/refs/heads/a",
            "refs/heads/a.",
        ] {
            assert!(!is_reference(name), "{name}");
        }
    }
}
