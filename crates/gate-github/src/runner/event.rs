use super::workflow_run::{WorkflowRun, workflow_run};
use serde::Deserialize;
use serde_json::Value;

/// What started the run, as far as a gate needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    pub kind: EventKind,
    /// `repository.default_branch`, without `refs/heads/`.
    pub default_branch: Option<String>,
    /// With the event `workflow_run`: the run that started this one.
    pub workflow_run: Option<WorkflowRun>,
}

/// Commits are 40 or 64 lower-case hex digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EventKind {
    /// `pull_request`, `pull_request_target` and the review events.
    PullRequest {
        number: u64,
        base_sha: String,
        /// The branch's bare name.
        base_ref: String,
        head_sha: String,
        /// `owner/name`; `None` when the fork was deleted.
        head_repo: Option<String>,
        /// The head lives in another repository: the run's token can only read.
        fork: bool,
    },
    Push {
        /// `None` when the reference is new (all zeros in the payload).
        before: Option<String>,
        forced: bool,
        created: bool,
    },
    MergeGroup {
        base_sha: String,
        head_sha: String,
        /// The bare name of the branch that the group goes into.
        base_ref: Option<String>,
    },
    /// Any other event: no base by nature.
    Other { name: String },
}

/// A payload that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EventError {
    #[error(
        "{file}: {bytes} bytes, expected at most {MAX_EVENT_BYTES}: is `GITHUB_EVENT_PATH` the runner's own file?"
    )]
    TooLarge { file: String, bytes: usize },
    #[error(
        "{file}: not the JSON object of an event ({found}): `GITHUB_EVENT_PATH` must name the file that the runner wrote"
    )]
    NotJson { file: String, found: String },
    #[error(
        "{file}: `{missing}` is missing, expected in the payload of event `{event}`: \
         `GITHUB_EVENT_NAME` and `GITHUB_EVENT_PATH` must belong together; give `--base REV` to do without the payload"
    )]
    DoesNotFit {
        file: String,
        event: String,
        missing: &'static str,
    },
    #[error(
        "{file}: `{member}` is `{found}`, expected a commit of 40 or 64 hex digits; give `--base REV` to do without the payload"
    )]
    NotACommit {
        file: String,
        member: &'static str,
        found: String,
    },
}

/// GitHub caps webhook payloads at 25 MB; the runner's file is about that large at most.
pub const MAX_EVENT_BYTES: usize = 32 * 1024 * 1024;

/// Reads the payload of event `name`. Lenient: members that are not needed may be anything. `file` is named
/// in errors.
pub fn parse_event(name: &str, file: &str, payload: &[u8]) -> Result<Event, EventError> {
    if payload.len() > MAX_EVENT_BYTES {
        return Err(EventError::TooLarge {
            file: file.to_owned(),
            bytes: payload.len(),
        });
    }
    let payload: Payload =
        serde_json::from_slice(payload).map_err(|error| EventError::NotJson {
            file: file.to_owned(),
            found: error.to_string(),
        })?;
    let reader = Reader {
        file,
        event: name,
        payload: &payload,
    };
    let kind = match name {
        "pull_request"
        | "pull_request_target"
        | "pull_request_review"
        | "pull_request_review_comment" => reader.pull_request()?,
        "push" => reader.push()?,
        "merge_group" => EventKind::MergeGroup {
            base_sha: reader.commit(&payload.merge_group, "/base_sha", "merge_group.base_sha")?,
            head_sha: reader.commit(&payload.merge_group, "/head_sha", "merge_group.head_sha")?,
            base_ref: text_at(&payload.merge_group, "/base_ref")
                .and_then(|name| name.strip_prefix("refs/heads/").map(str::to_owned)),
        },
        _ => EventKind::Other {
            name: name.to_owned(),
        },
    };
    let default_branch = text_at(&payload.repository, "/default_branch")
        // Push payloads once carried it as `master_branch`.
        .or_else(|| text_at(&payload.repository, "/master_branch"));
    Ok(Event {
        kind,
        default_branch,
        workflow_run: (name == "workflow_run")
            .then(|| workflow_run(&payload.workflow_run))
            .flatten(),
    })
}

/// Only the members that are used, so that a push with a thousand commits costs nothing.
#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
struct Payload {
    pull_request: Value,
    merge_group: Value,
    workflow_run: Value,
    repository: Value,
    before: Value,
    forced: Value,
    created: Value,
}

struct Reader<'a> {
    file: &'a str,
    event: &'a str,
    payload: &'a Payload,
}

impl Reader<'_> {
    fn pull_request(&self) -> Result<EventKind, EventError> {
        let request = &self.payload.pull_request;
        let head_repo = text_at(request, "/head/repo/full_name");
        let base_repo = text_at(request, "/base/repo/full_name")
            .or_else(|| text_at(&self.payload.repository, "/full_name"));
        Ok(EventKind::PullRequest {
            number: request
                .pointer("/number")
                .and_then(Value::as_u64)
                .ok_or_else(|| self.missing("pull_request.number"))?,
            base_sha: self.commit(request, "/base/sha", "pull_request.base.sha")?,
            base_ref: text_at(request, "/base/ref")
                .ok_or_else(|| self.missing("pull_request.base.ref"))?,
            head_sha: self.commit(request, "/head/sha", "pull_request.head.sha")?,
            // Unknown on either side is treated as a fork: less is promised.
            fork: head_repo.is_none() || head_repo != base_repo,
            head_repo,
        })
    }

    fn push(&self) -> Result<EventKind, EventError> {
        let before = commit_of(&self.payload.before, "before", self)?;
        Ok(EventKind::Push {
            before: (!before.bytes().all(|digit| digit == b'0')).then_some(before),
            forced: self.payload.forced == Value::Bool(true),
            created: self.payload.created == Value::Bool(true),
        })
    }

    fn commit(
        &self,
        within: &Value,
        pointer: &str,
        member: &'static str,
    ) -> Result<String, EventError> {
        commit_of(
            within.pointer(pointer).unwrap_or(&Value::Null),
            member,
            self,
        )
    }

    fn missing(&self, missing: &'static str) -> EventError {
        EventError::DoesNotFit {
            file: self.file.to_owned(),
            event: self.event.to_owned(),
            missing,
        }
    }
}

fn commit_of(
    value: &Value,
    member: &'static str,
    reader: &Reader<'_>,
) -> Result<String, EventError> {
    let text = value.as_str().ok_or_else(|| reader.missing(member))?;
    if crate::is_commit(text) {
        return Ok(text.to_ascii_lowercase());
    }
    Err(EventError::NotACommit {
        file: reader.file.to_owned(),
        member,
        found: text
            .chars()
            .take(80)
            .flat_map(char::escape_default)
            .collect(),
    })
}

fn text_at(value: &Value, pointer: &str) -> Option<String> {
    value
        .pointer(pointer)?
        .as_str()
        .filter(|text| !text.is_empty())
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    const A: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    const B: &str = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

    fn parse(name: &str, payload: &Value) -> Result<Event, EventError> {
        parse_event(name, "event.json", payload.to_string().as_bytes())
    }

    fn pull_request(head_repo: &Value) -> Value {
        json!({
            "number": 7,
            "pull_request": {
                "number": 7,
                "base": {"sha": A, "ref": "main", "repo": {"full_name": "acme/api"}},
                "head": {"sha": B, "ref": "topic", "repo": head_repo},
            },
            "repository": {"full_name": "acme/api", "default_branch": "main"},
        })
    }

    #[test]
    fn a_pull_request_of_the_same_repository_is_no_fork() {
        let event = parse(
            "pull_request",
            &pull_request(&json!({"full_name": "acme/api"})),
        )
        .unwrap();
        assert_eq!(event.default_branch.as_deref(), Some("main"));
        let expected = EventKind::PullRequest {
            number: 7,
            base_sha: A.to_owned(),
            base_ref: "main".to_owned(),
            head_sha: B.to_owned(),
            head_repo: Some("acme/api".to_owned()),
            fork: false,
        };
        assert_eq!(event.kind, expected);
    }

    #[test]
    fn another_or_a_deleted_head_repository_is_a_fork() {
        for head in [json!({"full_name": "eve/api"}), Value::Null] {
            let event = parse("pull_request", &pull_request(&head)).unwrap();
            assert!(
                matches!(event.kind, EventKind::PullRequest { fork: true, .. }),
                "{head}"
            );
        }
    }

    #[test]
    fn a_push_of_zeros_has_no_before() {
        let zeros = "0".repeat(40);
        let push = parse(
            "push",
            &json!({"before": zeros, "created": true, "forced": false}),
        )
        .unwrap();
        assert_eq!(
            push.kind,
            EventKind::Push {
                before: None,
                forced: false,
                created: true
            }
        );
        let push = parse("push", &json!({"before": A, "forced": true})).unwrap();
        assert_eq!(
            push.kind,
            EventKind::Push {
                before: Some(A.to_owned()),
                forced: true,
                created: false
            }
        );
    }

    #[test]
    fn a_merge_group_names_both_ends() {
        let event = parse(
            "merge_group",
            &json!({"merge_group": {"base_sha": A, "head_sha": B, "base_ref": "refs/heads/main"}}),
        )
        .unwrap();
        assert_eq!(
            event.kind,
            EventKind::MergeGroup {
                base_sha: A.to_owned(),
                head_sha: B.to_owned(),
                base_ref: Some("main".to_owned()),
            }
        );
    }

    #[test]
    fn a_payload_of_another_event_names_file_event_and_member() {
        let error = parse("pull_request", &json!({"before": A}))
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("event.json") && error.contains("`pull_request.number`"),
            "{error}"
        );
        let error = parse("push", &pull_request(&Value::Null))
            .unwrap_err()
            .to_string();
        assert!(error.contains("`before` is missing"), "{error}");
        let error = parse("push", &json!({"before": "HEAD^\u{1b}"}))
            .unwrap_err()
            .to_string();
        assert!(error.contains("`HEAD^\\u{1b}`"), "{error}");
    }

    #[test]
    fn other_events_need_nothing_but_json() {
        let event = parse("schedule", &json!({"schedule": "0 0 * * *"})).unwrap();
        assert_eq!(
            event.kind,
            EventKind::Other {
                name: "schedule".to_owned()
            }
        );
        assert!(matches!(
            parse_event("schedule", "f", b"<xml/>"),
            Err(EventError::NotJson { .. })
        ));
        assert!(matches!(
            parse_event("schedule", "f", b""),
            Err(EventError::NotJson { .. })
        ));
    }

    proptest! {
        #[test]
        fn never_panics(name in "push|pull_request|merge_group|x", bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = parse_event(&name, "f", &bytes);
        }
    }
}
