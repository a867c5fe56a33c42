use super::client::Client;
use super::contents::{below, encode};
use super::error::ApiError;
use super::operation::Operation;
use super::transport::Call;

/// GitHub gives out 20,000 lines at most.
const MAX_ANSWER: usize = 64 * 1024 * 1024;

impl Client {
    /// What `head` changes since its merge base with `base` (commits, or names of branches and tags), as `git diff`
    /// writes it. Needs `contents: read`. GitHub refuses with 406 what is longer than 300 files or 20,000 lines.
    pub fn diff(
        &self,
        owner: &str,
        repo: &str,
        base: &str,
        head: &str,
    ) -> Result<Vec<u8>, ApiError> {
        const OPERATION: Operation = Operation::Compare;
        let ends = format!("{}...{}", encode(base, "-._~"), encode(head, "-._~"));
        let call = Call {
            accept: "application/vnd.github.diff",
            ..Call::get(
                below(OPERATION, owner, repo, &format!("compare/{ends}"))?,
                MAX_ANSWER,
            )
        };
        let answer = self.perform(OPERATION, &call)?;
        let kind = answer.headers.get("content-type");
        // That nothing changed is believed of a diff only, and not of whatever answers with nothing.
        if answer.body.is_empty() && !kind.is_some_and(|kind| kind.contains("diff")) {
            return Err(self.unexpected(OPERATION, &answer, "it is empty, and no diff"));
        }
        Ok(answer.body)
    }
}
