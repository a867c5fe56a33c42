//! The receipt: what was meant to go where, and what became of it.

use crate::UploadFlags;
use crate::destination::Destination;
use crate::ladder::Shown;
use crate::orphans::Orphan;
use crate::prepare::CheckReceipt;
use crate::send::Sent;
use gate_runner::{Failure, Session, out};
use gate_verdict::Tool;
use serde::Serialize;

/// The receipt's name in the out folder.
pub const RECEIPT_FILE: &str = "sarif-upload.receipt.json";

/// What became of a file, and of all together: the gravest counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// GitHub took it and processed it.
    Processed,
    /// GitHub took it; whether it was processed is not known.
    Uploaded,
    /// Not uploaded, for a reason that says nothing about the file.
    Degraded,
    /// Not sent, or not taken, because of what it is.
    Refused,
    /// Taken, and not processed.
    Failed,
}

impl State {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Processed => "processed",
            Self::Uploaded => "uploaded",
            Self::Degraded => "degraded",
            Self::Refused => "refused",
            Self::Failed => "failed",
        }
    }
}

/// Where a file's findings can be seen, from the best place down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Rung {
    CodeScanning,
    CheckRun,
    /// Of the step, at most ten of each level.
    Annotations,
    /// Of the step.
    Summary,
    /// The prepared file in the out folder.
    File,
}

impl Rung {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CodeScanning => "code scanning",
            Self::CheckRun => "check run",
            Self::Annotations => "annotations of the step",
            Self::Summary => "summary of the step",
            Self::File => "prepared file",
        }
    }
}

/// A place that was not reached, or not in full.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Missed {
    pub rung: Rung,
    pub reason: String,
    pub next_step: Option<String>,
}

/// `sarif-upload.receipt.json`. Absent is null, never omitted; no secret, no credentials.
#[derive(Clone, Debug, Serialize)]
pub struct Receipt {
    pub schema_version: u32,
    /// `receipt`.
    pub kind: &'static str,
    pub status: State,
    pub exit_code: u8,
    /// `owner/name`.
    pub repository: Option<String>,
    pub commit: Option<String>,
    #[serde(rename = "ref")]
    pub git_ref: Option<String>,
    /// Without credentials.
    pub api_url: String,
    /// RFC 3339, UTC.
    pub as_of: String,
    /// In the order of their paths.
    pub files: Vec<FileReceipt>,
    pub notices: Vec<String>,
    /// With `--orphans`: categories that nothing feeds any more; null where it was not asked or not answered.
    pub orphans: Option<Vec<Orphan>>,
    pub tool: Tool,
    /// For the step's annotations and summary.
    #[serde(skip)]
    pub(crate) shown: Shown,
}

/// One file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FileReceipt {
    /// Relative to the root with `/`, where it lies below it; the patterns, where they name no file.
    pub path: String,
    /// Of the file on disk; null where several were merged.
    pub sha256: Option<String>,
    /// Where all runs share one.
    pub category: Option<String>,
    /// Of all runs.
    pub results: Option<u64>,
    pub state: State,
    /// GitHub's name of the upload.
    pub id: Option<String>,
    /// Where its state can be asked for.
    pub url: Option<String>,
    pub analyses_url: Option<String>,
    pub reason: Option<String>,
    pub next_step: Option<String>,
    /// What GitHub found wrong while processing, at most 20.
    pub errors: Vec<String>,
    /// The best place that the findings reached; null where the file was refused or failed.
    pub reached: Option<Rung>,
    /// The places above it, and why not those.
    pub missed: Vec<Missed>,
    /// The page of its check run.
    pub check_url: Option<String>,
    /// Annotations of its check run.
    pub annotations: Option<u64>,
    /// The file that was sent, or would have been; it stays.
    pub prepared: Option<String>,
    pub runs: Vec<RunReceipt>,
    /// What was found wrong before anything was sent, the gravest first.
    pub checks: Vec<CheckReceipt>,
    /// Why a check run would not succeed either.
    #[serde(skip)]
    pub(crate) bars_check: Option<&'static str>,
}

/// One run of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RunReceipt {
    pub tool: String,
    /// As GitHub reads it: the text before the last `/` of `automationDetails.id`.
    pub category: String,
    pub results: u64,
}

impl FileReceipt {
    pub(crate) fn new(path: String, state: State) -> Self {
        Self {
            path,
            sha256: None,
            category: None,
            results: None,
            state,
            id: None,
            url: None,
            analyses_url: None,
            reason: None,
            next_step: None,
            errors: Vec::new(),
            reached: None,
            missed: Vec::new(),
            check_url: None,
            annotations: None,
            prepared: None,
            runs: Vec::new(),
            checks: Vec::new(),
            bars_check: None,
        }
    }
}

/// The receipt of files that were ready to go.
pub(crate) fn of(
    session: &Session,
    flags: &UploadFlags,
    to: &Destination,
    notices: Vec<String>,
    sent: Sent,
) -> Receipt {
    let mut receipt = refused(session, to, sent.files);
    // No file at all cannot happen; if it did, it would be no success.
    receipt.status = receipt
        .files
        .iter()
        .map(|file| file.state)
        .max()
        .unwrap_or(State::Refused);
    receipt.exit_code = exit_code(receipt.status, flags.require_upload);
    receipt.notices = notices.into_iter().chain(sent.notices).collect();
    receipt.orphans = sent.orphans;
    receipt.shown = sent.shown;
    receipt
}

/// The receipt of files of which none was sent.
pub(crate) fn refused(session: &Session, to: &Destination, files: Vec<FileReceipt>) -> Receipt {
    Receipt {
        schema_version: 1,
        kind: "receipt",
        status: State::Refused,
        exit_code: exit_code(State::Refused, false),
        repository: to
            .repository
            .as_ref()
            .ok()
            .map(|(owner, name)| format!("{owner}/{name}")),
        commit: to.commit.as_ref().ok().cloned(),
        git_ref: to.git_ref.as_ref().ok().cloned(),
        api_url: to.api_url.clone(),
        as_of: session.as_of.to_string(),
        files,
        notices: Vec::new(),
        orphans: None,
        tool: gate_runner::tool(),
        shown: Shown::default(),
    }
}

/// Contract, section 3.
const fn exit_code(status: State, require_upload: bool) -> u8 {
    match status {
        State::Processed | State::Uploaded => 0,
        State::Degraded if !require_upload => 0,
        State::Degraded | State::Refused | State::Failed => 2,
    }
}

pub(crate) fn write(session: &Session, receipt: &Receipt) -> Result<(), Failure> {
    let mut bytes =
        serde_json::to_vec_pretty(receipt).map_err(|error| Failure::Engine(error.to_string()))?;
    bytes.push(b'\n');
    let path = session.out.join(RECEIPT_FILE);
    out::write_atomic(&path, &bytes).map_err(|error| {
        Failure::Engine(format!(
            "{}: {error}; name a folder that can be written with --out",
            path.display()
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exit_codes_are_those_of_the_contract() {
        for (state, plain, required) in [
            (State::Processed, 0, 0),
            (State::Uploaded, 0, 0),
            (State::Degraded, 0, 2),
            (State::Refused, 2, 2),
            (State::Failed, 2, 2),
        ] {
            assert_eq!(
                (exit_code(state, false), exit_code(state, true)),
                (plain, required),
                "{}",
                state.as_str()
            );
        }
    }
}
