use super::fault::Route;
use super::http::Request;

/// What a request is aimed at.
pub(super) struct Target {
    /// Below the API base, still encoded, without the query.
    pub(super) path: String,
    /// Decoded.
    pub(super) query: Vec<(String, String)>,
    pub(super) below_base: bool,
    pub(super) place: Place,
}

pub(super) enum Place {
    UploadSarif { repository: String },
    SarifStatus { repository: String, id: String },
    Contents { path: String },
    Commit { revision: String },
    Compare { ends: String },
    Analyses,
    CreateCheck { repository: String },
    UpdateCheck { repository: String, id: String },
    Alerts,
    UpdateAlert { number: String },
    Pulls,
    PullsOf { commit: String },
    GitReference { below: String },
    GitCommit { name: String },
    GitTree { name: String },
    GitBlob { name: String },
    CreateTree,
    CreateCommit,
    CreateReference,
    MoveReference { below: String },
    Comments { number: String },
    CreateComment { number: String },
    UpdateComment { id: String },
    DeleteComment { id: String },
    CreateStatus { commit: String },
    Issues,
    CreateIssue,
    UpdateIssue { number: String },
    LabelIssue { number: String },
    User,
    Pull { number: String },
    Reviews { number: String },
    RunApprovals { run: String },
    Permission { login: String },
    RateLimit,
    Unknown,
}

impl Target {
    pub(super) fn parse(base_path: &str, request: &Request) -> Self {
        let (whole, query) = request
            .target
            .split_once('?')
            .unwrap_or((&request.target, ""));
        let below = whole
            .strip_prefix(base_path)
            .filter(|rest| rest.starts_with('/'));
        let path = below.unwrap_or(whole).to_owned();
        let query = query
            .split('&')
            .filter(|pair| !pair.is_empty())
            .map(|pair| {
                let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
                (decode(name), decode(&value.replace('+', " ")))
            });
        let place = if below.is_some() {
            place(&request.method, &path)
        } else {
            Place::Unknown
        };
        Self {
            query: query.collect(),
            below_base: below.is_some(),
            place,
            path,
        }
    }

    pub(super) fn route(&self) -> Route {
        match self.place {
            Place::UploadSarif { .. } => Route::UploadSarif,
            Place::SarifStatus { .. } => Route::SarifStatus,
            Place::Contents { .. } => Route::Contents,
            Place::Compare { .. } => Route::Compare,
            Place::CreateCheck { .. } => Route::CreateCheck,
            Place::UpdateCheck { .. } => Route::UpdateCheck,
            Place::Alerts => Route::Alerts,
            Place::UpdateAlert { .. } => Route::UpdateAlert,
            Place::Analyses => Route::Analyses,
            Place::GitReference { .. } => Route::GitReference,
            Place::GitCommit { .. } | Place::GitTree { .. } | Place::GitBlob { .. } => {
                Route::GitRead
            }
            Place::CreateTree | Place::CreateCommit => Route::GitWrite,
            Place::CreateReference | Place::MoveReference { .. } => Route::GitMove,
            Place::Comments { .. } => Route::Comments,
            Place::CreateComment { .. } => Route::CreateComment,
            Place::UpdateComment { .. } => Route::UpdateComment,
            Place::DeleteComment { .. } => Route::DeleteComment,
            Place::CreateStatus { .. } => Route::CreateStatus,
            Place::Issues => Route::Issues,
            Place::CreateIssue => Route::CreateIssue,
            Place::UpdateIssue { .. } => Route::UpdateIssue,
            Place::LabelIssue { .. } => Route::LabelIssue,
            Place::User => Route::User,
            Place::Pulls | Place::PullsOf { .. } | Place::Pull { .. } => Route::Pulls,
            Place::Reviews { .. } => Route::Reviews,
            Place::RunApprovals { .. } => Route::RunApprovals,
            Place::Permission { .. } => Route::Permission,
            _ => Route::Other,
        }
    }
}

fn place(method: &str, path: &str) -> Place {
    let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    let repository = |owner: &str, name: &str| format!("{}/{}", decode(owner), decode(name));
    match (method, parts.as_slice()) {
        ("POST", ["repos", owner, name, "code-scanning", "sarifs"]) => Place::UploadSarif {
            repository: repository(owner, name),
        },
        ("GET", ["repos", owner, name, "code-scanning", "sarifs", id]) => Place::SarifStatus {
            repository: repository(owner, name),
            id: decode(id),
        },
        ("GET", ["repos", _, _, "code-scanning", "analyses"]) => Place::Analyses,
        ("POST", ["repos", owner, name, "check-runs"]) => Place::CreateCheck {
            repository: repository(owner, name),
        },
        ("PATCH", ["repos", owner, name, "check-runs", id]) => Place::UpdateCheck {
            repository: repository(owner, name),
            id: decode(id),
        },
        ("GET", ["repos", _, _, "code-scanning", "alerts"]) => Place::Alerts,
        ("PATCH", ["repos", _, _, "code-scanning", "alerts", number]) => Place::UpdateAlert {
            number: decode(number),
        },
        ("GET", ["repos", _, _, "pulls"]) => Place::Pulls,
        ("GET", ["repos", _, _, "commits", commit, "pulls"]) => Place::PullsOf {
            commit: decode(commit),
        },
        ("GET", ["repos", _, _, "pulls", number]) => Place::Pull {
            number: decode(number),
        },
        ("GET", ["repos", _, _, "pulls", number, "reviews"]) => Place::Reviews {
            number: decode(number),
        },
        ("GET", ["repos", _, _, "actions", "runs", run, "approvals"]) => {
            Place::RunApprovals { run: decode(run) }
        }
        ("GET", ["repos", _, _, "collaborators", login, "permission"]) => Place::Permission {
            login: decode(login),
        },
        ("GET", ["repos", _, _, "contents", path @ ..]) => Place::Contents {
            path: decode(&path.join("/")),
        },
        ("GET", ["repos", _, _, "commits", revision]) => Place::Commit {
            revision: decode(revision),
        },
        ("GET", ["repos", _, _, "compare", ends]) => Place::Compare { ends: decode(ends) },
        (method, ["repos", _, _, "git", rest @ ..]) => git_place(method, rest),
        ("GET", ["repos", _, _, "issues", number, "comments"]) => Place::Comments {
            number: decode(number),
        },
        ("POST", ["repos", _, _, "issues", number, "comments"]) => Place::CreateComment {
            number: decode(number),
        },
        ("PATCH", ["repos", _, _, "issues", "comments", id]) => {
            Place::UpdateComment { id: decode(id) }
        }
        ("DELETE", ["repos", _, _, "issues", "comments", id]) => {
            Place::DeleteComment { id: decode(id) }
        }
        ("POST", ["repos", _, _, "statuses", commit]) => Place::CreateStatus {
            commit: decode(commit),
        },
        ("GET", ["repos", _, _, "issues"]) => Place::Issues,
        ("POST", ["repos", _, _, "issues"]) => Place::CreateIssue,
        ("PATCH", ["repos", _, _, "issues", number]) => Place::UpdateIssue {
            number: decode(number),
        },
        ("POST", ["repos", _, _, "issues", number, "labels"]) => Place::LabelIssue {
            number: decode(number),
        },
        ("GET", ["user"]) => Place::User,
        ("GET", ["rate_limit"]) => Place::RateLimit,
        _ => Place::Unknown,
    }
}

fn git_place(method: &str, parts: &[&str]) -> Place {
    let name = |name: &str| decode(name);
    match (method, parts) {
        ("GET", ["ref", below @ ..]) => Place::GitReference {
            below: decode(&below.join("/")),
        },
        ("GET", ["commits", sha]) => Place::GitCommit { name: name(sha) },
        ("GET", ["trees", sha]) => Place::GitTree { name: name(sha) },
        ("GET", ["blobs", sha]) => Place::GitBlob { name: name(sha) },
        ("POST", ["trees"]) => Place::CreateTree,
        ("POST", ["commits"]) => Place::CreateCommit,
        ("POST", ["refs"]) => Place::CreateReference,
        ("PATCH", ["refs", below @ ..]) => Place::MoveReference {
            below: decode(&below.join("/")),
        },
        _ => Place::Unknown,
    }
}

impl Target {
    /// A member of the query.
    pub(super) fn asked(&self, name: &str) -> Option<&str> {
        let found = self.query.iter().find(|(given, _)| given == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The page of `items` that the query asks for, 30 of them unless it says otherwise, 100 at most.
    pub(super) fn page<T>(&self, items: Vec<T>) -> Vec<T> {
        let number = |name: &str| self.asked(name).and_then(|text| text.parse::<usize>().ok());
        let size = number("per_page").unwrap_or(30).clamp(1, 100);
        let before = number("page").unwrap_or(1).max(1) - 1;
        items
            .into_iter()
            .skip(before.saturating_mul(size))
            .take(size)
            .collect()
    }
}

/// Percent-decoded; what is not UTF-8 becomes U+FFFD.
pub(super) fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let escaped = tail
            .get(..2)
            .filter(|_| *first == b'%')
            .and_then(|hex| std::str::from_utf8(hex).ok());
        if let Some(byte) = escaped.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            bytes.push(byte);
            rest = tail.get(2..).unwrap_or_default();
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
