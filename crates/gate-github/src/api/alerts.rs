use super::client::Client;
use super::contents::{below, encode};
use super::error::{ApiError, ApiErrorKind};
use super::operation::Operation;
use super::transport::{Call, JSON};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// Longest comment of a dismissal, in characters.
pub const MAX_DISMISSAL_COMMENT: usize = 280;

/// Entries of one page.
const PAGE: usize = 100;
/// A page of alerts carries rules with their help.
const MAX_ANSWER: usize = 16 * 1024 * 1024;

/// An alert of code scanning, as it was last seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alert {
    pub number: u64,
    pub rule: String,
    pub category: String,
    pub path: String,
    pub start_line: u64,
    /// What a dismissal left.
    pub comment: Option<String>,
}

/// An analysis: one run of one upload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Analysis {
    pub id: u64,
    pub commit: String,
    pub tool: String,
    pub category: String,
    /// RFC 3339.
    pub created_at: String,
    /// GitHub deletes the newest of a category only.
    pub deletable: bool,
}

/// A list that was read page by page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed<T> {
    pub items: Vec<T>,
    /// There are more than were asked for.
    pub cut: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AlertState {
    Open,
    Dismissed,
}

/// Why an alert is closed by hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dismissal {
    FalsePositive,
    WontFix,
    UsedInTests,
}

impl Dismissal {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::FalsePositive => "false positive",
            Self::WontFix => "won't fix",
            Self::UsedInTests => "used in tests",
        }
    }
}

impl Client {
    /// The alerts of a tool on a reference, oldest first, of at most `pages` pages of 100. Needs
    /// `security-events: read`. Where nothing was uploaded yet there are none.
    pub fn alerts(
        &self,
        owner: &str,
        repo: &str,
        (git_ref, tool): (&str, &str),
        state: AlertState,
        pages: usize,
    ) -> Result<Listed<Alert>, ApiError> {
        let state = match state {
            AlertState::Open => "open",
            AlertState::Dismissed => "dismissed",
        };
        // By number, so that what is dismissed between two pages shifts nothing that is still to come: the list is
        // read whole before anything is changed.
        let query = format!(
            "state={state}&ref={}&tool_name={}&sort=number&direction=asc",
            encode(git_ref, "-._~"),
            encode(tool, "-._~")
        );
        let path = below(Operation::Alerts, owner, repo, "code-scanning/alerts")?;
        let listed = self.pages::<AlertItem>(Operation::Alerts, &path, &query, pages)?;
        Ok(listed.map(AlertItem::alert))
    }

    /// Closes an alert by hand, on every branch. Needs `security-events: write`.
    pub fn dismiss_alert(
        &self,
        owner: &str,
        repo: &str,
        number: u64,
        reason: Dismissal,
        comment: &str,
    ) -> Result<(), ApiError> {
        let comment: String = comment.chars().take(MAX_DISMISSAL_COMMENT).collect();
        let body = json!({"state": "dismissed", "dismissed_reason": reason.as_str(), "dismissed_comment": comment});
        self.set_alert(owner, repo, number, &body)
    }

    /// Opens an alert that was dismissed. Needs `security-events: write`.
    pub fn reopen_alert(&self, owner: &str, repo: &str, number: u64) -> Result<(), ApiError> {
        self.set_alert(owner, repo, number, &json!({"state": "open"}))
    }

    /// The analyses of a reference, newest first, of at most `pages` pages of 100. Needs `security-events: read`.
    pub fn analyses(
        &self,
        owner: &str,
        repo: &str,
        git_ref: &str,
        pages: usize,
    ) -> Result<Listed<Analysis>, ApiError> {
        let query = format!(
            "ref={}&sort=created&direction=desc",
            encode(git_ref, "-._~")
        );
        let path = below(Operation::Analyses, owner, repo, "code-scanning/analyses")?;
        let listed = self.pages::<AnalysisItem>(Operation::Analyses, &path, &query, pages)?;
        Ok(listed.map(AnalysisItem::analysis))
    }

    fn set_alert(
        &self,
        owner: &str,
        repo: &str,
        number: u64,
        body: &Value,
    ) -> Result<(), ApiError> {
        let rest = format!("code-scanning/alerts/{number}");
        let path = below(Operation::UpdateAlert, owner, repo, &rest)?;
        let call = Call {
            method: http::Method::PATCH,
            path,
            body: Some(body),
            accept: JSON,
            limit: MAX_ANSWER,
        };
        self.perform(Operation::UpdateAlert, &call).map(drop)
    }

    fn pages<T: DeserializeOwned>(
        &self,
        operation: Operation,
        path: &str,
        query: &str,
        most: usize,
    ) -> Result<Listed<T>, ApiError> {
        let mut items = Vec::new();
        for page in 1..=most {
            let path = format!("{path}?{query}&per_page={PAGE}&page={page}");
            let found: Vec<T> = match self.get(operation, path, "it is no such list") {
                // What GitHub says before the first upload.
                Err(error) if says_nothing_yet(&error) => break,
                found => found?,
            };
            let full = found.len() >= PAGE;
            items.extend(found);
            if !full {
                break;
            }
            if page == most {
                return Ok(Listed { items, cut: true });
            }
        }
        Ok(Listed { items, cut: false })
    }
}

impl<T> Listed<T> {
    fn map<U>(self, change: impl FnMut(T) -> U) -> Listed<U> {
        Listed {
            items: self.items.into_iter().map(change).collect(),
            cut: self.cut,
        }
    }
}

fn says_nothing_yet(error: &ApiError) -> bool {
    let said = error.message.as_deref().unwrap_or_default();
    error.kind == ApiErrorKind::NotFound && said.to_ascii_lowercase().contains("no analysis found")
}

#[derive(Deserialize)]
struct AlertItem {
    number: u64,
    #[serde(default)]
    rule: Rule,
    #[serde(default)]
    most_recent_instance: Instance,
    dismissed_comment: Option<String>,
}

#[derive(Default, Deserialize)]
struct Rule {
    id: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Instance {
    category: Option<String>,
    location: Location,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Location {
    path: Option<String>,
    start_line: Option<u64>,
}

impl AlertItem {
    fn alert(self) -> Alert {
        let Instance { category, location } = self.most_recent_instance;
        Alert {
            number: self.number,
            rule: self.rule.id.unwrap_or_default(),
            category: category.unwrap_or_default(),
            path: location.path.unwrap_or_default(),
            start_line: location.start_line.unwrap_or_default(),
            comment: self.dismissed_comment,
        }
    }
}

#[derive(Deserialize)]
struct AnalysisItem {
    id: u64,
    #[serde(default)]
    commit_sha: String,
    #[serde(default)]
    tool: Tool,
    #[serde(default)]
    category: Option<String>,
    #[serde(default)]
    created_at: String,
    #[serde(default)]
    deletable: bool,
}

#[derive(Default, Deserialize)]
struct Tool {
    name: Option<String>,
}

impl AnalysisItem {
    fn analysis(self) -> Analysis {
        Analysis {
            id: self.id,
            commit: self.commit_sha,
            tool: self.tool.name.unwrap_or_default(),
            category: self.category.unwrap_or_default(),
            created_at: self.created_at,
            deletable: self.deletable,
        }
    }
}
