//! Overrides asked for in comments of a labelled pull request, and approved in
//! others: `/gatewright override GATE/CRITERION observed=... until=... ticket=...
//! reason="..."`, then `/gatewright approve ID COMMIT` by somebody else.

use gate_policy::{OverrideEntry, Position, alias};
use std::collections::BTreeMap;

/// The label without which no comment is looked at.
pub(crate) const LABEL: &str = "gatewright-override";

/// The longest line that is read, in bytes; nobody writes more by hand.
const MAX_LINE: usize = 2_000;
/// A commit is named by at least so many digits, which nobody meets by chance.
const MIN_COMMIT: usize = 12;

/// A comment of the pull request.
#[derive(Clone, Debug)]
pub(crate) struct Comment {
    pub(crate) id: u64,
    pub(crate) who: String,
    pub(crate) body: String,
    /// RFC 3339.
    pub(crate) created: String,
    /// Changed after it was written: nobody knows what was agreed to.
    pub(crate) edited: bool,
}

/// What the comments come to.
#[derive(Debug, Default)]
pub(crate) struct Requests {
    pub(crate) entries: Vec<OverrideEntry>,
    pub(crate) notices: Vec<String>,
}

/// Reads the requests for the change at `head`. `may_write` says of a login
/// whether its approval counts; asked once for each approver.
pub(crate) fn read(
    comments: &[Comment],
    pull_request: u64,
    head: &str,
    may_write: &mut dyn FnMut(&str) -> Result<bool, String>,
) -> Requests {
    let mut requests = Requests::default();
    let mut approvals: BTreeMap<u64, Vec<&Comment>> = BTreeMap::new();
    let mut asked: Vec<(u64, OverrideEntry)> = Vec::new();
    for comment in comments {
        let Some((verb, rest)) = command(&comment.body) else {
            continue;
        };
        if comment.edited {
            requests.notices.push(format!(
                "comment {} of {} was edited, so it counts for nothing: write a new one",
                comment.id, comment.who
            ));
            continue;
        }
        match verb {
            "override" => match request(comment, rest, pull_request) {
                Ok(entry) => asked.push((comment.id, entry)),
                Err(why) => requests.notices.push(format!(
                    "the request in comment {} is not understood: {why}",
                    comment.id
                )),
            },
            "approve" => match approval(rest, head) {
                Ok(id) => approvals.entry(id).or_default().push(comment),
                Err(why) => requests.notices.push(format!(
                    "the approval in comment {} does not count: {why}",
                    comment.id
                )),
            },
            _ => {}
        }
    }
    let mut known: BTreeMap<String, Result<bool, String>> = BTreeMap::new();
    for (id, mut entry) in asked {
        for comment in approvals.get(&id).into_iter().flatten() {
            let may = known
                .entry(comment.who.to_ascii_lowercase())
                .or_insert_with(|| may_write(&comment.who));
            match may {
                Ok(true) => entry.approved_by.push(comment.who.clone()),
                Ok(false) => requests.notices.push(format!(
                    "{} may not write to the repository, so the approval in comment {} does not count",
                    comment.who, comment.id
                )),
                Err(why) => requests.notices.push(format!(
                    "whether the approval in comment {} counts is not known: {why}",
                    comment.id
                )),
            }
        }
        if entry.approved_by.is_empty() {
            requests.notices.push(format!(
                "the override asked for in comment {id} waits for an approval: somebody else comments `/gatewright approve {id} {head:.12}`"
            ));
            continue;
        }
        requests.entries.push(entry);
    }
    requests
}

/// The verb and the rest of the one line that is a command to us.
fn command(body: &str) -> Option<(&str, &str)> {
    let line = body.lines().find(|line| line.starts_with("/gatewright "))?;
    let line = line.get(..MAX_LINE).unwrap_or(line);
    let rest = line.strip_prefix("/gatewright ")?.trim_start();
    let (verb, rest) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    Some((verb, rest.trim()))
}

/// `GATE/CRITERION key=value key="several words"`.
fn request(comment: &Comment, rest: &str, pull_request: u64) -> Result<OverrideEntry, String> {
    let (what, rest) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    if what.is_empty() || what.contains('=') {
        return Err(String::from(
            "found no gate, expected `/gatewright override GATE/CRITERION observed=... until=... ticket=... reason=\"...\"`",
        ));
    }
    let (gate, criterion) = match what.split_once('/') {
        Some((gate, criterion)) => (gate, Some(criterion.to_owned())),
        None => (what, None),
    };
    let mut values = pairs(rest)?;
    let mut take = |key: &str| values.remove(key);
    let need = |key: &str, value: Option<String>| {
        value
            .filter(|value| !value.trim().is_empty())
            .ok_or_else(|| format!("found no `{key}`"))
    };
    let observed = match (take("observed"), &criterion) {
        (Some(value), Some(criterion)) => BTreeMap::from([(criterion.clone(), value)]),
        (None, _) => BTreeMap::new(),
        (Some(_), None) => {
            return Err(String::from(
                "`observed` needs the criterion that was observed: write GATE/CRITERION",
            ));
        }
    };
    let entry = OverrideEntry {
        id: format!("comment-{}", comment.id),
        gate: alias(gate).to_owned(),
        observed,
        scope: take("scope"),
        environment: take("environment"),
        commit: None,
        branch: None,
        pull_request: Some(pull_request),
        requested_by: comment.who.clone(),
        approved_by: Vec::new(),
        reason: need("reason", take("reason"))?,
        ticket: need("ticket", take("ticket"))?,
        created: comment.created.clone(),
        expires: need("until", take("until"))?,
        covers_error: take("covers_error")
            .map(|codes| {
                codes
                    .split(',')
                    .map(|code| code.trim().to_owned())
                    .collect()
            })
            .unwrap_or_default(),
        emergency: take("emergency").as_deref() == Some("true"),
        criterion,
        position: Position::built_in(),
    };
    match values.keys().next() {
        Some(unknown) => Err(format!(
            "found `{unknown}`, expected environment, scope, observed, until, ticket, reason, covers_error or emergency"
        )),
        None => Ok(entry),
    }
}

fn pairs(text: &str) -> Result<BTreeMap<String, String>, String> {
    let mut found = BTreeMap::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let Some((key, after)) = rest.split_once('=') else {
            return Err(format!("found `{rest}`, expected `key=value`"));
        };
        let key = key.trim();
        if key.is_empty() || !key.bytes().all(|b| b.is_ascii_lowercase() || b == b'_') {
            return Err(format!("found `{key}`, expected a key such as `until`"));
        }
        let (value, left) = if let Some(quoted) = after.strip_prefix('"') {
            quoted
                .split_once('"')
                .ok_or_else(|| format!("the quote of `{key}` is never closed"))?
        } else {
            after.split_once(char::is_whitespace).unwrap_or((after, ""))
        };
        if found.insert(key.to_owned(), value.to_owned()).is_some() {
            return Err(format!("found `{key}` twice"));
        }
        rest = left.trim_start();
    }
    Ok(found)
}

/// The request that is approved, for the commit that is judged.
fn approval(rest: &str, head: &str) -> Result<u64, String> {
    let mut words = rest.split_whitespace();
    let (Some(id), Some(commit), None) = (words.next(), words.next(), words.next()) else {
        return Err(String::from("expected `/gatewright approve ID COMMIT`"));
    };
    let id = id
        .parse()
        .map_err(|_| format!("found `{id}`, expected the number of a comment"))?;
    let commit = commit.to_ascii_lowercase();
    if commit.len() < MIN_COMMIT || !commit.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Err(format!(
            "found `{commit}`, expected at least {MIN_COMMIT} digits of the commit"
        ));
    }
    if !head.starts_with(&commit) {
        return Err(format!("it is for {commit:.12}, and this is {head:.12}"));
    }
    Ok(id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const HEAD: &str = "0123456789abcdef0123456789abcdef01234567";
    const ASK: &str = "Please:\n/gatewright override coverage/line_coverage observed=66.66% until=2026-01-20 ticket=OPS-7 reason=\"rewritten next week\"";

    fn comment(id: u64, who: &str, body: &str) -> Comment {
        Comment {
            id,
            who: who.to_owned(),
            body: body.to_owned(),
            created: String::from("2026-01-01T00:00:00Z"),
            edited: false,
        }
    }

    fn of(comments: &[Comment]) -> Requests {
        read(comments, 7, HEAD, &mut |who| Ok(who != "eve"))
    }

    #[test]
    fn a_request_with_an_approval_is_an_override() {
        let approve = format!("/gatewright approve 11 {HEAD:.12}");
        let requests = of(&[comment(11, "ann", ASK), comment(12, "ben", &approve)]);
        let [entry] = requests.entries.as_slice() else {
            panic!("{requests:?}")
        };
        assert_eq!(
            (entry.id.as_str(), entry.gate.as_str()),
            ("comment-11", "coverage")
        );
        assert_eq!(entry.observed["line_coverage"], "66.66%");
        assert_eq!(entry.reason, "rewritten next week");
        assert_eq!(
            (&entry.requested_by, &entry.approved_by),
            (&"ann".into(), &vec!["ben".into()])
        );
        assert_eq!(entry.pull_request, Some(7));
    }

    #[test]
    fn what_does_not_count_is_told() {
        let approve = format!("/gatewright approve 11 {HEAD:.12}");
        let edited = Comment {
            edited: true,
            ..comment(11, "ann", ASK)
        };
        let stale = "/gatewright approve 11 ffffffffffff";
        for (comments, part) in [
            (
                vec![comment(11, "ann", ASK)],
                "waits for an approval: somebody else comments `/gatewright approve 11 0123456789ab`",
            ),
            (vec![edited, comment(12, "ben", &approve)], "was edited"),
            (
                vec![comment(11, "ann", ASK), comment(12, "ben", stale)],
                "it is for ffffffffffff",
            ),
            (
                vec![comment(11, "ann", ASK), comment(12, "eve", &approve)],
                "eve may not write",
            ),
            (
                vec![comment(11, "ann", &ASK.replace("ticket=OPS-7 ", ""))],
                "found no `ticket`",
            ),
            (
                vec![comment(11, "ann", &ASK.replace("week\"", "week"))],
                "never closed",
            ),
            (
                vec![comment(11, "ann", &ASK.replace("ticket=", "tickets="))],
                "found no `ticket`",
            ),
            (
                vec![comment(11, "ann", &format!("{ASK} color=red"))],
                "found `color`",
            ),
            (
                vec![comment(11, "ann", "/gatewright override")],
                "found no gate",
            ),
            (
                vec![comment(12, "ben", "/gatewright approve 11 0123")],
                "at least 12 digits",
            ),
        ] {
            let requests = of(&comments);
            assert!(requests.entries.is_empty(), "{part}");
            assert!(
                requests.notices.join("\n").contains(part),
                "{part}: {requests:?}"
            );
        }
        // Other talk is none of our business.
        let requests = of(&[comment(
            1,
            "ann",
            "I would not /gatewright override this\n> /gatewright override x",
        )]);
        assert!(requests.notices.is_empty(), "{requests:?}");
    }

    proptest! {
        #[test]
        fn no_text_panics_or_grants(body in "(?s)(/gatewright (override|approve) )?.{0,200}") {
            let requests = of(&[comment(11, "ann", &body)]);
            prop_assert!(requests.entries.is_empty());
        }
    }
}
