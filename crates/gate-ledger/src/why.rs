//! The words for a chain that does not go on.

use crate::chain::{Record, Text};
use crate::segment::Segment;
use serde_json::Value;
use std::collections::HashMap;

/// What happened to a chain that does not go on.
pub(crate) fn why(
    records: &[Record],
    record: &Record,
    prev: Option<&str>,
    seq: u64,
    files: &[(Option<Segment>, Text<'_>)],
) -> String {
    let own = record.head.seq;
    let at = |record: &Record| format!("{}:{}", record.file, record.line);
    if let Some(twin) = records.iter().find(|other| other.head == record.head) {
        return format!(
            "record {own} a second time, which is at {} already",
            at(twin)
        );
    }
    let parent = |record: &Record| {
        record
            .members
            .get("prev")
            .and_then(Value::as_str)
            .map(str::to_owned)
    };
    if let Some(sibling) = records
        .iter()
        .find(|other| other.head.seq == own && parent(other).as_deref() == prev)
    {
        return format!(
            "another record {own} after the same one as that at {}: the chain forks",
            at(sibling)
        );
    }
    let Some(prev) = prev else {
        return format!("record {own}, which names nothing before it");
    };
    if let Some((file, line)) = elsewhere(files).get(prev) {
        return format!(
            "record {own}, whose predecessor is at {file}:{line}: the order was changed, or a record inserted"
        );
    }
    match own.checked_sub(seq) {
        Some(1..) if own - seq == 1 => format!("record {own}: record {seq} is missing"),
        Some(1..) => format!("record {own}: records {seq} to {} are missing", own - 1),
        _ => format!(
            "record {own} after {prev}, which is not here: a record was replaced or inserted"
        ),
    }
}

/// Where each hash stands, of all lines that can be read at all.
fn elsewhere<'a>(files: &[(Option<Segment>, Text<'a>)]) -> HashMap<String, (&'a str, usize)> {
    let mut places = HashMap::new();
    for (_, file) in files {
        for (index, line) in file.bytes.split(|byte| *byte == b'\n').enumerate() {
            let value: Option<Value> = serde_json::from_slice(line).ok();
            if let Some(hash) = value.as_ref().and_then(|value| value.get("hash")?.as_str()) {
                places.insert(hash.to_owned(), (file.name, index + 1));
            }
        }
    }
    places
}
