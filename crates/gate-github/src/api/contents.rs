use super::client::Client;
use super::error::{ApiError, ApiErrorKind};
use super::operation::Operation;
use super::transport::Call;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use std::fmt::Write as _;

/// GitHub hands out contents of files up to 1 MB in this way.
pub const MAX_CONTENTS_BYTES: usize = 1024 * 1024;

/// base64 with line ends, and the members around it.
const MAX_ANSWER: usize = 2 * MAX_CONTENTS_BYTES;

impl Client {
    /// The bytes of the file at `path` in `revision` (a commit, or a branch's or tag's name); `None` when that
    /// revision has no such file. Needs `contents: read`.
    ///
    /// GitHub answers 404 for an absent file, an unknown revision and a hidden repository alike. `None` is
    /// therefore said only after the commit itself could be read: what cannot be seen is never taken as absent.
    pub fn contents_at(
        &self,
        owner: &str,
        repo: &str,
        path: &str,
        revision: &str,
    ) -> Result<Option<Vec<u8>>, ApiError> {
        const OPERATION: Operation = Operation::Contents;
        let invalid = |what| ApiError::new(OPERATION, ApiErrorKind::Invalid { what });
        let repository = repository_path(owner, repo).map_err(invalid)?;
        let file = file_path(path).map_err(invalid)?;
        let revision = encode(revision, "-._~");
        if revision.is_empty() {
            return Err(invalid("the revision is empty".to_owned()));
        }
        let get = |path| self.perform(OPERATION, &Call::get(path, MAX_ANSWER));
        let answer = match get(format!("{repository}/contents/{file}?ref={revision}")) {
            Err(error) if error.kind == ApiErrorKind::NotFound => {
                // A page of one changed file: what matters is that GitHub shows the commit.
                get(format!("{repository}/commits/{revision}?per_page=1"))?;
                return Ok(None);
            }
            answer => answer?,
        };
        let unexpected = |what: &str| Err(self.unexpected(OPERATION, &answer, what));
        // A folder is an array.
        let Ok(found) = serde_json::from_slice::<Found>(&answer.body) else {
            return unexpected(&format!("`{path}` is not a file"));
        };
        if found.kind != "file" {
            return unexpected(&format!("`{path}` is a {}, not a file", found.kind));
        }
        if found.encoding != "base64" {
            return unexpected(&format!(
                "`{path}` is larger than {MAX_CONTENTS_BYTES} bytes"
            ));
        }
        let base64: String = found
            .content
            .chars()
            .filter(|c| !c.is_ascii_whitespace())
            .collect();
        match STANDARD.decode(base64) {
            Ok(bytes) if u64::try_from(bytes.len()).is_ok_and(|length| length == found.size) => {
                Ok(Some(bytes))
            }
            Ok(_) => unexpected("the file's bytes are not as many as its size says"),
            Err(_) => unexpected("the file's bytes are not base64"),
        }
    }
}

#[derive(Deserialize)]
struct Found {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    encoding: String,
    #[serde(default)]
    content: String,
    #[serde(default)]
    size: u64,
}

/// A path below a repository.
pub(super) fn below(
    operation: Operation,
    owner: &str,
    repo: &str,
    rest: &str,
) -> Result<String, ApiError> {
    let repository = repository_path(owner, repo)
        .map_err(|what| ApiError::new(operation, ApiErrorKind::Invalid { what }))?;
    Ok(format!("{repository}/{rest}"))
}

/// `/repos/OWNER/NAME` of names that are names.
fn repository_path(owner: &str, repo: &str) -> Result<String, String> {
    let is_name = |name: &str| {
        let characters = name
            .bytes()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_' | b'.'));
        characters && (1..=100).contains(&name.len()) && name != "." && name != ".."
    };
    if is_name(owner) && is_name(repo) {
        return Ok(format!("/repos/{owner}/{repo}"));
    }
    let shown: String = format!("{owner}/{repo}")
        .chars()
        .take(200)
        .flat_map(char::escape_default)
        .collect();
    Err(format!(
        "the repository is `{shown}`, expected `owner/name` as in `GITHUB_REPOSITORY`"
    ))
}

fn file_path(path: &str) -> Result<String, String> {
    let parts: Vec<&str> = path.split('/').collect();
    if path.len() > 4096 || parts.iter().any(|part| matches!(*part, "" | "." | "..")) {
        let shown: String = path
            .chars()
            .take(200)
            .flat_map(char::escape_default)
            .collect();
        return Err(format!(
            "the path is `{shown}`, expected one relative to the repository's root, without `.` and `..`"
        ));
    }
    Ok(encode(path, "-._~/"))
}

/// Percent-encoded UTF-8, but for letters, digits and `kept`.
pub(super) fn encode(text: &str, kept: &str) -> String {
    text.bytes()
        .fold(String::with_capacity(text.len()), |mut out, byte| {
            if byte.is_ascii_alphanumeric() || kept.as_bytes().contains(&byte) {
                out.push(char::from(byte));
            } else {
                // Writing to a String cannot fail.
                let _ = write!(out, "%{byte:02X}");
            }
            out
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_paths_stay_within_the_repository() {
        assert_eq!(
            repository_path("acme", "a.b-c_d").unwrap(),
            "/repos/acme/a.b-c_d"
        );
        for (owner, repo) in [
            ("", "x"),
            ("a/b", "x"),
            ("a", ".."),
            ("a", "x?y"),
            ("a", "é"),
        ] {
            assert!(repository_path(owner, repo).is_err(), "{owner}/{repo}");
        }
        assert_eq!(
            file_path(".github/a b%.yml").unwrap(),
            ".github/a%20b%25.yml"
        );
        for path in ["", "/etc", "a//b", "../x", "a/./b", "a/"] {
            assert!(file_path(path).is_err(), "{path}");
        }
        assert_eq!(encode("refs/heads/a&b", "-._~"), "refs%2Fheads%2Fa%26b");
    }
}
