//! The chain: a record names the hash of the one before it, and its own is
//! that of its canonical form.

use crate::broken::Broken;
use crate::segment::Segment;
use crate::why::why;
use gate_verdict::{DigestError, canonical_json, sha256_hex};
use serde_json::{Map, Value};

/// The format that this version writes.
const FORMAT: u64 = 1;

/// The members that the chain adds to what a record says.
const CHAINED: [&str; 4] = ["v", "seq", "prev", "hash"];

/// Where a chain ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// From 1.
    pub seq: u64,
    pub hash: String,
}

/// One record as it stands in a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    pub file: String,
    /// From 1.
    pub line: usize,
    pub head: Head,
    /// What it is: `decision`, `override`, ...
    pub kind: String,
    pub at: jiff::Timestamp,
    /// All members.
    pub members: Map<String, Value>,
}

/// One file of a ledger.
#[derive(Clone, Copy, Debug)]
pub struct Text<'a> {
    pub name: &'a str,
    pub bytes: &'a [u8],
}

/// What is known of the first record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// It is the first of the ledger.
    Beginning,
    /// Earlier files were left out.
    Anywhere,
}

/// The line of a record after `head`, and the head that it makes. `body` says
/// `kind` and `at` among other things.
pub fn chained(
    head: Option<&Head>,
    mut body: Map<String, Value>,
) -> Result<(String, Head), DigestError> {
    let seq = head.map_or(0, |head| head.seq).saturating_add(1);
    body.insert("v".into(), FORMAT.into());
    body.insert("seq".into(), seq.into());
    let prev = head.map_or(Value::Null, |head| head.hash.clone().into());
    body.insert("prev".into(), prev);
    let hash = hash_of(&body)?;
    body.insert("hash".into(), hash.clone().into());
    let line = canonical_json(&Value::Object(body))?;
    Ok((format!("{line}\n"), Head { seq, hash }))
}

fn hash_of(members: &Map<String, Value>) -> Result<String, DigestError> {
    let mut bound = members.clone();
    bound.remove("hash");
    Ok(sha256_hex(
        canonical_json(&Value::Object(bound))?.as_bytes(),
    ))
}

/// The end of a chain that was read.
pub fn head_of(records: &[Record]) -> Option<&Head> {
    records.last().map(|record| &record.head)
}

/// Whether a record with this hash is there: who noted one earlier finds out
/// by it that the end of a ledger was cut off or its whole chain replaced.
pub fn holds(records: &[Record], hash: &str) -> bool {
    records.iter().any(|record| record.head.hash == hash)
}

impl Record {
    /// What it says, without what chains it.
    pub fn body(&self) -> Map<String, Value> {
        let own = |name: &String| !CHAINED.contains(&name.as_str());
        let members = self.members.iter().filter(|(name, _)| own(name));
        members
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect()
    }
}

/// Every record of these files, or the first place where the chain does not
/// hold. Files come in any order; one alone may have any name.
pub fn read(files: &[Text<'_>], start: Start) -> Result<Vec<Record>, Broken> {
    let mut ordered: Vec<(Option<Segment>, Text<'_>)> = files
        .iter()
        .map(|file| (Segment::parse(file.name), *file))
        .collect();
    ordered.sort_by_key(|(segment, _)| *segment);
    if let [(None, stranger), _, ..] = ordered.as_slice() {
        return Err(Broken {
            file: stranger.name.to_owned(),
            line: 0,
            found: String::from("a file of this name"),
            expected: String::from("files named like 2026-11.jsonl and nothing else"),
        });
    }
    let mut records: Vec<Record> = Vec::new();
    let mut before: Option<Segment> = None;
    for (segment, file) in &ordered {
        for (index, line) in file
            .bytes
            .split_inclusive(|byte| *byte == b'\n')
            .enumerate()
        {
            let place = (file.name, index + 1);
            let record = parsed(place, line)?;
            follows(&records, &record, start, &ordered)?;
            if let Some(segment) = segment {
                let fits = before.is_none() && start == Start::Anywhere
                    || segment.may_hold(before, at_of(&record));
                if !fits {
                    return Err(broken(
                        place,
                        format!("a record of {}", at_of(&record)),
                        String::from(
                            "one that belongs into this file: files are named by the month of their first record and follow one another",
                        ),
                    ));
                }
                before = Some(*segment);
            }
            records.push(record);
        }
    }
    Ok(records)
}

fn at_of(record: &Record) -> &str {
    record
        .members
        .get("at")
        .and_then(Value::as_str)
        .unwrap_or_default()
}

type Place<'a> = (&'a str, usize);

fn broken((file, line): Place<'_>, found: String, expected: String) -> Broken {
    Broken {
        file: file.to_owned(),
        line,
        found,
        expected,
    }
}

/// A line by itself: a record in its canonical form with the hash it has.
fn parsed(place: Place<'_>, line: &[u8]) -> Result<Record, Broken> {
    let wrong = |found: &str, expected: &str| broken(place, found.to_owned(), expected.to_owned());
    let Some(text) = line.strip_suffix(b"\n") else {
        return Err(broken(
            place,
            format!("{} bytes without a line end", line.len()),
            String::from("a whole record: a writer was stopped, or the end was cut off"),
        ));
    };
    let whole = "a record: one JSON object on one line";
    let text = str::from_utf8(text).map_err(|_| wrong("bytes that are not UTF-8", whole))?;
    let Ok(Value::Object(members)) = serde_json::from_str(text) else {
        return Err(wrong("a line that is no JSON object", whole));
    };
    let as_text = |name: &str| members.get(name).and_then(Value::as_str);
    if members.get("v").and_then(Value::as_u64) != Some(FORMAT) {
        return Err(broken(
            place,
            format!("the format {}", shown(members.get("v"))),
            format!("{FORMAT}, which is what this version reads"),
        ));
    }
    let hash = hash_of(&members).map_err(|error| wrong(&error.to_string(), whole))?;
    if as_text("hash") != Some(&hash) {
        return Err(broken(
            place,
            format!("a record that comes to the hash {hash}"),
            format!(
                "the hash that it names, {}: it was edited",
                shown(members.get("hash"))
            ),
        ));
    }
    let value = Value::Object(members);
    if canonical_json(&value).as_deref() != Ok(text) {
        return Err(wrong(
            "a record in another form than it was written in",
            "its canonical form (RFC 8785): it was edited",
        ));
    }
    let Value::Object(members) = value else {
        return Err(wrong("a line that is no JSON object", whole));
    };
    let as_text = |name: &str| members.get(name).and_then(Value::as_str);
    let seq = members
        .get("seq")
        .and_then(Value::as_u64)
        .filter(|seq| *seq > 0);
    let at = as_text("at")
        .filter(|at| at.len() == 20 && at.ends_with('Z'))
        .and_then(|at| at.parse::<jiff::Timestamp>().ok());
    let (Some(seq), Some(at), Some(kind)) = (seq, at, as_text("kind")) else {
        return Err(wrong(
            "a record without a number, a kind or a time",
            "`seq` from 1, `kind`, and `at` in UTC and whole seconds",
        ));
    };
    Ok(Record {
        file: place.0.to_owned(),
        line: place.1,
        head: Head { seq, hash },
        kind: kind.to_owned(),
        at,
        members,
    })
}

fn shown(value: Option<&Value>) -> String {
    match value {
        None => String::from("none"),
        Some(Value::String(text)) => text
            .chars()
            .take(80)
            .flat_map(char::escape_default)
            .collect(),
        Some(other) => other.to_string().chars().take(80).collect(),
    }
}

/// Whether `record` is the one after those read so far.
fn follows(
    records: &[Record],
    record: &Record,
    start: Start,
    files: &[(Option<Segment>, Text<'_>)],
) -> Result<(), Broken> {
    let prev = record.members.get("prev").and_then(Value::as_str);
    let last = records.last();
    if last.is_none() && start == Start::Anywhere {
        return Ok(());
    }
    let seq = last.map_or(0, |last| last.head.seq).saturating_add(1);
    let hash = last.map(|last| last.head.hash.as_str());
    // An absent `prev` is as little `null` as a number is.
    let first = last.is_none() && record.members.get("prev") != Some(&Value::Null);
    if record.head.seq == seq && prev == hash && !first {
        return Ok(());
    }
    let expected = match hash {
        Some(hash) => format!("record {seq} after {hash}"),
        None => String::from("record 1, with nothing before it"),
    };
    let place = (record.file.as_str(), record.line);
    let found = why(records, record, prev, seq, files);
    Err(broken(place, found, expected))
}

#[cfg(test)]
mod tests;
