//! A ledger for people. Names in it may be anybody's: nothing of them is read
//! as Markdown or as a command.

use gate_ledger::{Entry, Record, head_of};
use gate_render::{markdown_code, name};
use quality_gate::ledger::{Source, Stored};
use serde_json::json;
use std::fmt::Write as _;

pub(super) fn verified(stored: &Stored, ledger: &str, missing: Option<&String>) -> String {
    let records = match &stored.chain {
        Err(broken) => {
            return format!(
                "LEDGER BROKEN: {}\n{}\nWhat stands before that place holds.\n",
                name(ledger),
                name(&broken.to_string())
            );
        }
        Ok(records) => records,
    };
    if let Some(hash) = missing {
        return format!(
            "LEDGER BROKEN: {}\nfound no record {}, expected it (--head): the end was cut off, or the chain replaced\n",
            name(ledger),
            name(hash)
        );
    }
    let source = match stored.source {
        Source::Files => "files",
        Source::Clone => "this clone, which may be behind GitHub",
        Source::Github => "GitHub",
    };
    let mut text = format!(
        "LEDGER HOLDS: {}\nrecords {}, files {}, read from {source}\n",
        name(ledger),
        records.len(),
        stored.files
    );
    if let (Some(first), Some(last)) = (records.first(), records.last()) {
        let _ = writeln!(
            text,
            "from {} to {}, head {} {}",
            first.at, last.at, last.head.seq, last.head.hash
        );
    }
    text
}

pub(super) fn verified_json(stored: &Stored, missing: Option<&String>) -> String {
    let head = stored
        .chain
        .as_ref()
        .ok()
        .and_then(|records| head_of(records));
    let broken = stored.chain.as_ref().err().map(|broken| {
        json!({"file": broken.file, "line": broken.line, "found": broken.found, "expected": broken.expected})
    });
    let value = json!({
        "schema_version": 1,
        "holds": broken.is_none() && missing.is_none(),
        "records": stored.chain.as_ref().map_or(0, Vec::len),
        "files": stored.files,
        "head": head.map(|head| json!({"seq": head.seq, "hash": head.hash})),
        "broken": broken,
        "missing_head": missing,
    });
    format!("{value:#}\n")
}

/// One decision in the columns of both tables.
fn columns(record: &Record) -> [String; 6] {
    let of = |name: &str| {
        let value = record.members.get(name);
        value
            .and_then(|value| value.as_str())
            .unwrap_or("-")
            .to_owned()
    };
    let (what, about) = match record.entry() {
        Entry::Decision(entry) => {
            let stops = entry.gates.iter().filter(|gate| {
                matches!(
                    gate.status,
                    gate_verdict::Status::Fail | gate_verdict::Status::Error
                )
            });
            let mut about: Vec<String> = stops
                .map(|gate| format!("{} {}", gate.gate, gate.status.as_str()))
                .collect();
            about.extend(
                entry
                    .overrides
                    .iter()
                    .map(|used| format!("override of {} by {}", used.gate, used.who)),
            );
            (entry.decision.as_str().to_owned(), about.join(", "))
        }
        Entry::Override(entry) => (
            String::from("override"),
            format!(
                "of {} by {}, approved by {}, until {}",
                entry.gate,
                entry.who,
                entry.approved_by.join(" and "),
                entry.expires
            ),
        ),
        Entry::Other => (
            record.kind.clone(),
            String::from("not understood by this version"),
        ),
    };
    [
        record.head.seq.to_string(),
        record.at.to_string(),
        what,
        of("environment"),
        of("commit").chars().take(12).collect(),
        about,
    ]
}

const COLUMNS: [&str; 6] = ["No", "Time", "What", "Environment", "Commit", "About"];

pub(super) fn records_text(records: &[&Record], all: usize) -> String {
    let rows: Vec<[String; 6]> = records
        .iter()
        .map(|record| columns(record).map(|cell| if cell.is_empty() { cell } else { name(&cell) }))
        .collect();
    let mut text = table(&COLUMNS.map(String::from), &rows);
    rest(&mut text, records.len(), all);
    text
}

pub(super) fn records_markdown(records: &[&Record], all: usize) -> String {
    let mut text = markdown_head(&COLUMNS);
    for record in records {
        markdown_row(&mut text, &columns(record).map(|cell| code(&cell)));
    }
    text.push('\n');
    rest(&mut text, records.len(), all);
    text
}

fn rest(text: &mut String, shown: usize, all: usize) {
    let _ = writeln!(text, "{shown} of {all} records");
}

pub(super) fn code(cell: &str) -> String {
    if cell.is_empty() {
        String::new()
    } else {
        markdown_code(cell)
    }
}

pub(super) fn markdown_head(names: &[&str]) -> String {
    format!(
        "| {} |\n|{}\n",
        names.join(" | "),
        "---|".repeat(names.len())
    )
}

pub(super) fn markdown_row(text: &mut String, cells: &[String]) {
    let _ = writeln!(text, "| {} |", cells.join(" | "));
}

/// Columns as wide as their widest cell; the last one as it is.
fn table<const N: usize>(head: &[String; N], rows: &[[String; N]]) -> String {
    let width = |column: usize| {
        let cells = rows.iter().chain(std::iter::once(head));
        cells
            .map(|row| row[column].chars().count())
            .max()
            .unwrap_or(0)
    };
    let widths: Vec<usize> = (0..N).map(width).collect();
    let mut text = String::new();
    for row in std::iter::once(head).chain(rows) {
        let cells = row
            .iter()
            .zip(&widths)
            .map(|(cell, width)| format!("{cell:width$}"));
        let line = cells.collect::<Vec<_>>().join("  ");
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}
