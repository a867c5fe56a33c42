//! `gatewright ledger verify|show|stats`: whether a ledger holds, what stands
//! in it, what its gates come to.

mod rates;
mod show;

use clap::{Args, ValueEnum};
use gate_ledger::{Record, Stats, Window, holds, stats};
use gate_runner::flags::{Format, parse_time};
use gate_runner::{Failure, Flags, Session, look};
use quality_gate::ledger::{Destination, Stored, read};
use std::ffi::OsString;
use std::process::ExitCode;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Verb {
    /// Whether every record is bound to the one before it
    Verify,
    /// The latest decisions
    Show,
    /// Pass rates, bypass rates and durations
    Stats,
}

#[derive(Args, Debug)]
struct LedgerVerbFlags {
    /// What to do
    #[arg(value_enum, value_name = "VERB")]
    verb: Verb,
    /// The ledger: `file:PATH` (a folder, or one .jsonl file) or `git:REF`
    #[arg(long, value_name = "DEST", value_parser = Destination::parse, default_value = "git:refs/gatewright/ledger")]
    ledger: Destination,
    /// stats, show: from this time on (RFC 3339)
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    since: Option<jiff::Timestamp>,
    /// stats, show: before this time (RFC 3339)
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    until: Option<jiff::Timestamp>,
    /// show: how many at most
    #[arg(long, value_name = "N", default_value_t = 20)]
    last: usize,
    /// verify: the hash of a record that has to be there (repeatable)
    #[arg(long, value_name = "SHA256")]
    head: Vec<String>,
    /// stats: exit 1 where a target is missed
    #[arg(long)]
    check: bool,
    #[command(flatten)]
    flags: Flags,
}

pub(crate) fn main(arguments: Vec<OsString>) -> ExitCode {
    let about = "Verifies a ledger of decisions, shows it, and counts what its gates come to";
    gate_runner::start::<LedgerVerbFlags>("gatewright-ledger", about, arguments, |parsed| {
        look(parsed.flags.clone(), |session| body(session, &parsed))
    })
}

fn body(session: &Session, asked: &LedgerVerbFlags) -> Result<u8, Failure> {
    let format = match session.flags.format.unwrap_or(Format::Text) {
        Format::Github => Format::Text,
        Format::Sarif => {
            return Err(Failure::Flags(String::from(
                "--format sarif: a ledger has no such form, expected text, json or markdown",
            )));
        }
        format => format,
    };
    let stored = read(session, &asked.ledger).map_err(Failure::Engine)?;
    if asked.verb == Verb::Verify {
        return verify(&stored, asked, format);
    }
    let records = stored.chain.map_err(|broken| {
        Failure::Engine(format!(
            "{broken}; a ledger that does not hold is not counted"
        ))
    })?;
    let window = Window {
        since: asked.since,
        until: asked.until,
    };
    match asked.verb {
        Verb::Stats => of_stats(
            &stats(&of_environment(records, session), window),
            asked,
            format,
        ),
        _ => of_records(&of_environment(records, session), window, asked, format),
    }
}

/// The records that `--environment` asks for; those without one are of all.
fn of_environment(records: Vec<Record>, session: &Session) -> Vec<Record> {
    let Some(wanted) = &session.flags.environment else {
        return records;
    };
    let fits = |record: &Record| {
        let found = record.members.get("environment");
        found
            .and_then(|value| value.as_str())
            .is_none_or(|name| name == wanted)
    };
    records.into_iter().filter(fits).collect()
}

fn verify(stored: &Stored, asked: &LedgerVerbFlags, format: Format) -> Result<u8, Failure> {
    let missing = match &stored.chain {
        Ok(records) => asked.head.iter().find(|hash| !holds(records, hash)),
        Err(_) => None,
    };
    let text = match format {
        Format::Json => show::verified_json(stored, missing),
        _ => show::verified(stored, &asked.ledger.to_string(), missing),
    };
    say(&text)?;
    Ok(u8::from(stored.chain.is_err() || missing.is_some()))
}

fn of_stats(stats: &Stats, asked: &LedgerVerbFlags, format: Format) -> Result<u8, Failure> {
    let text = match format {
        Format::Json => json(stats)?,
        Format::Markdown => rates::stats_markdown(stats),
        _ => rates::stats_text(stats),
    };
    say(&text)?;
    Ok(u8::from(asked.check && !stats.missed().is_empty()))
}

fn of_records(
    records: &[Record],
    window: Window,
    asked: &LedgerVerbFlags,
    format: Format,
) -> Result<u8, Failure> {
    let inside = |record: &&Record| {
        window.since.is_none_or(|since| record.at >= since)
            && window.until.is_none_or(|until| record.at < until)
    };
    let inside: Vec<&Record> = records.iter().filter(inside).collect();
    let shown = inside
        .get(inside.len().saturating_sub(asked.last)..)
        .unwrap_or_default();
    let text = match format {
        Format::Json => json(
            &shown
                .iter()
                .map(|record| &record.members)
                .collect::<Vec<_>>(),
        )?,
        Format::Markdown => show::records_markdown(shown, inside.len()),
        _ => show::records_text(shown, inside.len()),
    };
    say(&text)?;
    Ok(0)
}

fn json(value: &impl serde::Serialize) -> Result<String, Failure> {
    let text = serde_json::to_string_pretty(value);
    text.map(|text| format!("{text}\n"))
        .map_err(|error| Failure::Engine(error.to_string()))
}

/// What cannot be printed is no success.
fn say(text: &str) -> Result<(), Failure> {
    use std::io::Write as _;
    Ok(std::io::stdout().lock().write_all(text.as_bytes())?)
}
