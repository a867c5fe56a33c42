//! What an append makes of the last file of a ledger, wherever that lies.

use super::{Recorded, text};
use gate_ledger::{Head, Record, Segment, Start, Text, chained, head_of, last, read};
use serde_json::{Map, Value};

/// What is to be appended.
pub(super) struct Wanted<'a> {
    pub(super) bodies: &'a [Map<String, Value>],
    pub(super) look_back: bool,
}

/// The last file of a ledger.
pub(super) struct Last<'a> {
    pub(super) name: &'a str,
    pub(super) bytes: &'a [u8],
    /// Whether it is the first one too.
    pub(super) only: bool,
}

/// A file that has to be written for it.
#[derive(Debug)]
pub(super) struct Write {
    pub(super) name: String,
    pub(super) text: String,
}

/// What has to be written after the last file; nothing where everything stands
/// there already. `single`: the ledger is one file of this name. A chain that
/// does not hold is not gone on with.
pub(super) fn plan(
    file: Option<&Last<'_>>,
    single: Option<&str>,
    wanted: &Wanted<'_>,
) -> Result<(Option<Write>, Recorded), String> {
    let records = match file {
        None => Vec::new(),
        Some(file) => records(file)?,
    };
    let previous = previous(&records, wanted);
    let new: Vec<_> = wanted
        .bodies
        .iter()
        .filter(|body| !records.iter().any(|record| record.repeats(body)))
        .collect();
    let mut head = head_of(&records).cloned();
    let Some(first) = new.first() else {
        return Ok((None, Recorded { previous, head }));
    };
    let (name, mut whole) = target(file, single, text(first, "at").unwrap_or_default())?;
    for body in new {
        let (line, next) =
            chained(head.as_ref(), body.clone()).map_err(|error| error.to_string())?;
        whole.push_str(&line);
        head = Some(next);
    }
    let write = Write { name, text: whole };
    Ok((Some(write), Recorded { previous, head }))
}

/// The records of a last file, verified.
fn records(file: &Last<'_>) -> Result<Vec<Record>, String> {
    let start = if file.only {
        Start::Beginning
    } else {
        Start::Anywhere
    };
    let whole = Text {
        name: file.name,
        bytes: file.bytes,
    };
    let records = read(&[whole], start).map_err(|broken| {
        format!("{broken}; next step: look at it with `gatewright ledger verify`, mend it or begin another ledger")
    })?;
    if records.is_empty() && !file.only {
        return Err(format!(
            "{}: found an empty file, expected records that go on from the file before it",
            file.name
        ));
    }
    Ok(records)
}

/// The file to write, and what it begins with.
fn target(
    file: Option<&Last<'_>>,
    single: Option<&str>,
    at: &str,
) -> Result<(String, String), String> {
    let kept = |file: &Last<'_>| String::from_utf8_lossy(file.bytes).into_owned();
    if let Some(name) = single {
        return Ok((name.to_owned(), file.map(kept).unwrap_or_default()));
    }
    let last = file.and_then(|file| Some((Segment::parse(file.name)?, file.bytes.len())));
    let segment = Segment::to_append(last, at).ok_or_else(|| {
        format!("found the time `{at}`, expected one such as 2026-11-21T12:00:00Z")
    })?;
    let name = segment.to_string();
    let same = file.filter(|file| file.name == name);
    Ok((name, same.map(kept).unwrap_or_default()))
}

/// The decision before this one, not counting what an earlier try appended.
fn previous(records: &[Record], wanted: &Wanted<'_>) -> Option<gate_ledger::DecisionEntry> {
    let body = wanted.bodies.first()?;
    let own = records.iter().position(|record| record.repeats(body));
    let before = records.get(..own.unwrap_or(records.len()))?;
    let of = |name| text(body, name);
    last(before, of("repository"), of("ref"), of("environment"))
}

/// The same looked for in an earlier file. What cannot be read there is left
/// for `gatewright ledger verify` to say.
pub(super) fn look_back(
    recorded: Recorded,
    wanted: &Wanted<'_>,
    earlier: impl FnOnce() -> Option<(String, Vec<u8>)>,
) -> Recorded {
    if recorded.previous.is_some() || !wanted.look_back {
        return recorded;
    }
    let found = earlier().and_then(|(name, bytes)| {
        let whole = Text {
            name: &name,
            bytes: &bytes,
        };
        previous(&read(&[whole], Start::Anywhere).ok()?, wanted)
    });
    Recorded {
        previous: found,
        ..recorded
    }
}

/// The end of a chain, in one line for people.
pub(super) fn shown(head: Option<&Head>) -> String {
    head.map_or_else(
        || String::from("no record"),
        |head| format!("record {}, {}", head.seq, head.hash),
    )
}

#[cfg(test)]
pub(super) mod tests {
    use serde_json::{Map, Value, json};

    /// A record of a run.
    pub(in crate::ledger) fn body(kind: &str, run: &str, at: &str) -> Map<String, Value> {
        let Value::Object(body) = json!({
            "kind": kind, "at": at, "repository": "o/r", "commit": "0".repeat(40), "tree": null, "ref": "refs/heads/main",
            "environment": "production", "decision": "allow_with_override", "status": "fail", "digest": run,
            "policy_sha256": null, "gates": [], "overrides": [], "run": format!("https://x/{run}"), "duration_ms": 1,
            "tool": {"name": "gatewright", "version": "0.1.0"}, "gate": "security", "criterion": null, "who": "ann",
        }) else {
            panic!("an object")
        };
        body
    }

    /// A decision and the override that it rests on.
    pub(in crate::ledger) fn bodies(run: &str, at: &str) -> Vec<Map<String, Value>> {
        vec![body("decision", run, at), body("override", run, at)]
    }
}
