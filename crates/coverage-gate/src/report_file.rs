//! A report file, opened: its format is told by its beginning, and it is hashed
//! while it is read.

use crate::reading::is_at_most;
use crate::settings::Config;
use gate_evidence::{ReportError, coverage, unpacked};
use gate_runner::{Missing, Report, counted};
use gate_verdict::Code;
use std::io::{self, BufRead, BufReader, Cursor, Read};

/// What kind of report is read, and what is said where it is none.
pub(crate) struct Kind<F: 'static> {
    pub(crate) sniff: fn(&[u8]) -> Option<&'static F>,
    pub(crate) name: fn(&F) -> &'static str,
    pub(crate) formats: &'static [F],
    /// With its article.
    pub(crate) noun: &'static str,
    /// What to do about a file of no known format.
    pub(crate) other: &'static str,
    /// What to do about a broken one.
    pub(crate) broken: fn(&ReportError) -> &'static str,
}

/// Reads a report with `parse`; beside it the name of its format, and its sha256.
pub(crate) fn parse<F, T>(
    report: &Report,
    kind: &Kind<F>,
    parse: impl FnOnce(&'static F, &mut dyn BufRead) -> Result<T, ReportError>,
) -> Result<(T, &'static str, String), Missing> {
    let unreadable = |what: String, next: &str| {
        let what = format!("{}: {what}", report.path);
        Missing::new(Code::EvidenceUnreadable, what, next)
    };
    let io =
        |error: io::Error| unreadable(error.to_string(), "make the report readable for this step");
    let mut file = report.open().map_err(io)?;
    let plain = BufReader::with_capacity(64 * 1024, Read::by_ref(&mut file));
    let mut reader = unpacked(plain).map_err(io)?;
    let head = head(&mut reader).map_err(io)?;
    let Some(format) = (kind.sniff)(&head) else {
        let found = match coverage::looks_like(&head) {
            Some(name) => name,
            None if head.is_empty() => "an empty file",
            None => "something else",
        };
        let known: Vec<_> = kind.formats.iter().map(kind.name).collect();
        let (noun, known) = (kind.noun, known.join(", "));
        return Err(unreadable(
            format!("found {found}, expected {noun} in one of: {known}"),
            kind.other,
        ));
    };
    let mut whole = Cursor::new(head).chain(reader);
    let read = parse(format, &mut whole)
        .map_err(|error| unreadable(error.to_string(), (kind.broken)(&error)))?;
    drop(whole);
    Ok((read, (kind.name)(format), file.sha256()))
}

/// The beginning that a format is told by.
pub(crate) fn head(reader: &mut dyn BufRead) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    reader
        .take(coverage::SNIFF_BYTES as u64)
        .read_to_end(&mut head)?;
    Ok(head)
}

/// A few unreadable records are said; many mean that the report is not what it
/// seems. `tool` is what writes it.
pub(crate) fn too_many_skipped(
    report: &Report,
    (records, skipped): (u64, u64),
    notes: &[String],
    config: &Config,
    tool: &str,
) -> Result<(), Missing> {
    let all = records.saturating_add(skipped);
    if is_at_most(skipped, all, config.max_skipped) {
        return Ok(());
    }
    let first = notes.first().map(|note| format!(" ({note})"));
    Err(Missing::new(
        Code::EvidenceInsufficient,
        format!(
            "{}: {} of {all} cannot be read{}",
            report.path,
            counted(skipped, "record"),
            first.unwrap_or_default()
        ),
        format!("write the report again with the {tool} tool, or allow more with `max_skipped`"),
    ))
}
