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
        Ok(self.perform(OPERATION, &call)?.body)
    }
}
