//! What is asked of GitHub, with the permission that it takes.

use std::fmt;

/// What was asked of GitHub.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Building the client.
    Connect,
    UploadSarif,
    SarifStatus,
    Contents,
    /// What changed between two commits.
    Compare,
    CreateCheck,
    UpdateCheck,
    Alerts,
    UpdateAlert,
    Analyses,
    Pulls,
    /// Objects and references of git.
    ReadGit,
    WriteGit,
    /// Comments of a pull request, or of an issue.
    Comments,
    CreateComment,
    UpdateComment,
    DeleteComment,
    CreateStatus,
    Issues,
    CreateIssue,
    UpdateIssue,
    CommentIssue,
    LabelIssue,
    /// Who the token speaks for.
    Login,
    Reviews,
    RunApprovals,
    Permission,
}

impl Operation {
    /// The permission that a workflow has to grant, as written under `permissions:`.
    pub fn permission(self) -> &'static str {
        match self {
            Self::UploadSarif => "security-events: write",
            Self::UpdateAlert => "security-events: write",
            Self::SarifStatus | Self::Alerts | Self::Analyses => "security-events: read",
            Self::CreateCheck | Self::UpdateCheck => "checks: write",
            Self::Comments | Self::CreateComment | Self::UpdateComment | Self::DeleteComment => {
                "pull-requests: write"
            }
            Self::CreateStatus => "statuses: write",
            Self::Issues
            | Self::CreateIssue
            | Self::UpdateIssue
            | Self::CommentIssue
            | Self::LabelIssue => "issues: write",
            Self::Pulls | Self::Reviews => "pull-requests: read",
            Self::RunApprovals => "actions: read",
            Self::WriteGit => "contents: write",
            Self::Connect
            | Self::Contents
            | Self::Compare
            | Self::Permission
            | Self::ReadGit
            | Self::Login => "contents: read",
        }
    }

    /// Sent twice it would be there twice: where it is not known whether it arrived, the caller has to look.
    pub(super) fn adds(self) -> bool {
        matches!(
            self,
            Self::CreateComment | Self::CreateIssue | Self::CommentIssue
        )
    }

    pub(super) fn is_issue(self) -> bool {
        self.permission() == "issues: write"
    }

    pub(super) fn is_sarif(self) -> bool {
        matches!(
            self,
            Self::UploadSarif
                | Self::SarifStatus
                | Self::Alerts
                | Self::UpdateAlert
                | Self::Analyses
        )
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Connect => "GitHub's API cannot be used",
            Self::UploadSarif => "the SARIF upload did not succeed",
            Self::SarifStatus => "the state of the SARIF upload is not known",
            Self::Contents => "the file cannot be read from GitHub",
            Self::Compare => "the change cannot be read from GitHub",
            Self::CreateCheck => "the check run was not made",
            Self::UpdateCheck => "the check run has not all of its annotations",
            Self::Alerts => "the alerts cannot be listed",
            Self::UpdateAlert => "the alert stays as it is",
            Self::Analyses => "the analyses cannot be listed",
            Self::Pulls => "the pull request cannot be looked up",
            Self::ReadGit => "the git reference cannot be read",
            Self::WriteGit => "the git reference was not moved",
            Self::Comments => "the comments cannot be listed",
            Self::CreateComment => "the comment was not made",
            Self::UpdateComment => "the comment stays as it was",
            Self::DeleteComment => "a second comment was not removed",
            Self::CreateStatus => "the commit status was not set",
            Self::Issues => "the issues cannot be listed",
            Self::CreateIssue => "the issue was not opened",
            Self::UpdateIssue => "the issue stays as it was",
            Self::CommentIssue => "the issue got no comment",
            Self::LabelIssue => "the issue got no label",
            Self::Login => "who the token speaks for is not known",
            Self::Reviews => "the reviews cannot be listed",
            Self::RunApprovals => "the approvals of the run cannot be listed",
            Self::Permission => "what a person may do is not known",
        })
    }
}
