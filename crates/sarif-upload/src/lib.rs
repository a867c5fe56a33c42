//! SARIF files to GitHub code scanning, and an honest word on what became of them.
//!
//! What this crate promises:
//! - **Nothing is sent that GitHub is known to refuse.** Every file is read to its end, held against GitHub's limits and
//!   rules and given its category first; one file that cannot go keeps all of them here, named, with the place, the
//!   repair and the next step (exit code 2).
//! - **A log without results is uploaded**: it is what closes old alerts. A run that does not say what it found (no
//!   `results`, a failed tool) is not, because it would close them without proof.
//! - **What is not changed is sent as it was written.** A category where there is none, hashes of lines, and what the
//!   user asked for (repairs, suppressed results) are edited into the text; every other byte, numbers included, stays.
//!   Runs that GitHub takes only as one are merged, what is too large becomes several files.
//! - **The length of a file does not matter.** It is read result by result, twice.
//! - **The platform decides no outcome.** A fork's token, a missing permission, a feature switched off, an outage, no
//!   token, `--offline`: exit code 0, said in text, summary and receipt; 2 only under `--require-upload`. What GitHub
//!   finds wrong with the file itself (400, 413, 422, failed processing) is exit code 2. Findings that code scanning
//!   does not take are shown in the best place that is left.
//! - `sarif-upload.receipt.json` is on disk before anything is printed, and holds no token.

mod advice;
mod bytes;
mod category;
mod destination;
mod diagnosis;
mod dismissals;
mod find;
mod ladder;
mod limits;
mod line;
mod log;
mod orphans;
mod prepare;
mod receipt;
mod remarks;
mod send;
mod suppressed;
mod tell;
mod verbs;
mod visible;
mod volatile;
mod words;
mod workflow_run;

pub use destination::Surroundings;
pub use ladder::Fallback;
pub use orphans::Orphan;
pub use prepare::{CheckReceipt, PlaceReceipt, PrepareFlags, Repair};
pub use receipt::{FileReceipt, Missed, RECEIPT_FILE, Receipt, RunReceipt, Rung, State};
pub use suppressed::Suppressed;
pub use verbs::toolbox;

use clap::{Args, ValueEnum};
use gate_github::api::Sleeper;
use gate_runner::flags::{FailOnFlag, Format, parse_time, parse_timeout};
use gate_runner::{Failure, Flags, Session, out};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

const ABOUT: &str = "Uploads SARIF files to GitHub code scanning and says what became of them. \
    The token is read from GATEWRIGHT_TOKEN, else GITHUB_TOKEN";

/// The flags of `sarif-upload`. There is none for the token: a command line is no place for it.
#[derive(Args, Clone, Debug)]
#[command(about = ABOUT)]
pub struct UploadFlags {
    /// SARIF files, folders or globs, relative to the root [default: those in the out folder]
    #[arg(value_name = "FILES")]
    pub files: Vec<String>,
    /// The same as a flag (repeatable)
    #[arg(long, value_name = "PATTERN")]
    pub sarif: Vec<String>,
    /// Category of the runs that carry none [default: the file's name without its ending]
    #[arg(long, value_name = "NAME", value_parser = parse_category)]
    pub category: Option<String>,
    #[command(flatten)]
    pub prepare: PrepareFlags,
    /// What was scanned: all, or only what changed (then the category has to say `partial`)
    #[arg(long, value_name = "SCOPE", value_enum, default_value_t)]
    pub scan_scope: ScanScope,
    /// The commit that was scanned [default: HEAD of the checkout, else `GITHUB_SHA`]
    #[arg(long, value_name = "SHA", value_parser = parse_commit)]
    pub commit: Option<String>,
    /// Its reference, such as refs/heads/main [default: `GITHUB_REF`, else the branch]
    #[arg(long = "ref", value_name = "REF")]
    pub git_ref: Option<String>,
    /// Exit with 2 when GitHub did not take the files, whatever the reason
    #[arg(long)]
    pub require_upload: bool,
    /// Where findings are shown when code scanning takes none: check, annotations, summary, or none
    #[arg(long, value_name = "PLACES", default_value = "check,annotations,summary", value_parser = Fallback::parse)]
    pub fallback: Fallback,
    /// What becomes of results that the scan suppressed or passed
    #[arg(long, value_name = "WHAT", value_enum, default_value = "drop")]
    pub suppressed: Suppressed,
    /// List categories of the default branch that no run feeds any more, with the call that deletes them
    #[arg(long)]
    pub orphans: bool,
    /// Longest wait for GitHub to process the files; 0 does not wait
    #[arg(long, value_name = "SECONDS", default_value_t = 120, value_parser = clap::value_parser!(u64).range(0..=3600))]
    pub wait: u64,
    /// Folder that was scanned
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub root: PathBuf,
    /// Folder for the receipt [default: `$RUNNER_TEMP/gatewright` in Actions, else `.gatewright`]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// What to print on standard output [default: github in Actions, else text]
    #[arg(long, value_name = "FORMAT", value_enum)]
    pub format: Option<Voice>,
    /// Time of the upload (RFC 3339, UTC) [default: now]
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    pub as_of: Option<jiff::Timestamp>,
    /// Contact no host: check the files and say that nothing was uploaded
    #[arg(long)]
    pub offline: bool,
    /// Stop after this long, e.g. 90s or 10m
    #[arg(long, value_name = "TIME", value_parser = parse_timeout)]
    pub timeout: Option<Duration>,
}

/// `--scan-scope`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ScanScope {
    /// The whole repository: what is not found any more is fixed.
    #[default]
    Full,
    /// A part of it: what is not found may be anywhere else.
    Partial,
}

/// `--format`: a receipt has no SARIF form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Voice {
    Text,
    Json,
    Markdown,
    Github,
}

impl Voice {
    const fn format(self) -> Format {
        match self {
            Self::Text => Format::Text,
            Self::Json => Format::Json,
            Self::Markdown => Format::Markdown,
            Self::Github => Format::Github,
        }
    }
}

/// What the binary's `main` does, whole: a verb of the toolbox, else the upload.
pub fn main_with(arguments: Vec<OsString>) -> ExitCode {
    let first = arguments.get(1).and_then(|argument| argument.to_str());
    if let Some(verb) = verbs::VERBS.iter().find(|verb| Some(verb.name) == first) {
        return (verb.main)(arguments.into_iter().skip(1).collect());
    }
    gate_runner::start::<UploadFlags>("sarif-upload", ABOUT, arguments, |flags| {
        gate_runner::run(flags.common(), |session| {
            let surroundings = Surroundings::of(session);
            tell::mask(session, &surroundings);
            let receipt = upload(session, &flags, &surroundings, Box::new(std::thread::sleep))?;
            tell::tell(session, &surroundings, &receipt);
            Ok(receipt.exit_code)
        })
    })
}

/// Checks, sends and waits, then writes the receipt. `sleeper` waits between attempts and polls.
pub fn upload(
    session: &Session,
    flags: &UploadFlags,
    surroundings: &Surroundings,
    sleeper: Sleeper,
) -> Result<Receipt, Failure> {
    out::remove_old(&session.out, [String::from(RECEIPT_FILE)])?;
    let client = send::client(flags, surroundings, sleeper);
    let mut to = destination::settle(session, flags, surroundings);
    workflow_run::look_up(&mut to, client.as_ref().ok(), surroundings);
    let choice = suppressed::effective(
        flags.suppressed,
        to.git_ref.as_deref().ok(),
        surroundings.default_branch.as_deref(),
    );
    let loaded = log::load(session, flags, choice).and_then(|loaded| match &to.commit {
        Ok(commit) if workflow_run::from_event(flags, surroundings).is_some() => {
            let logs = workflow_run::verify(loaded.logs, commit)?;
            Ok(log::Loaded { logs, ..loaded })
        }
        _ => Ok(loaded),
    });
    let receipt = match loaded {
        Err(receipts) => receipt::refused(session, &to, receipts),
        Ok(loaded) => {
            let sent = send::send(session, flags, surroundings, &to, &loaded, client);
            let mut notices = loaded.notices;
            notices.extend(visible::notice(session, surroundings, &loaded.logs));
            receipt::of(session, flags, &to, notices, sent)
        }
    };
    receipt::write(session, &receipt)?;
    Ok(receipt)
}

impl UploadFlags {
    /// What the session needs.
    pub fn common(&self) -> Flags {
        Flags {
            out: self.out.clone(),
            as_of: self.as_of,
            offline: self.offline,
            timeout: self.timeout,
            ..session_flags(&self.root, self.format)
        }
    }
}

/// What a session needs; the flags that judging gates have beside these stay at rest.
fn session_flags(root: &Path, format: Option<Voice>) -> Flags {
    Flags {
        root: root.to_owned(),
        config: Vec::new(),
        environment: None,
        gate: None,
        base: None,
        scope: None,
        shard: None,
        out: None,
        format: format.map(Voice::format),
        fail_on: FailOnFlag::RequireApproval,
        as_of: None,
        offline: false,
        timeout: None,
    }
}

fn parse_commit(text: &str) -> Result<String, String> {
    let text = text.trim();
    let hex = text.bytes().all(|byte| byte.is_ascii_hexdigit());
    if hex && matches!(text.len(), 40 | 64) {
        return Ok(text.to_ascii_lowercase());
    }
    Err(String::from(
        "expected a whole commit id of 40 or 64 hex digits",
    ))
}

/// A category is shown and compared by people, and its last `/` ends it.
fn parse_category(text: &str) -> Result<String, String> {
    let name = text.trim().trim_end_matches('/');
    if name.is_empty() || name.len() > 200 || name.chars().any(char::is_control) {
        return Err(String::from(
            "expected 1 to 200 bytes without control characters",
        ));
    }
    Ok(name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commits_and_categories_are_checked() {
        assert_eq!(parse_commit(&"AB".repeat(20)), Ok("ab".repeat(20)));
        for text in ["", "HEAD", "abc123", &"g".repeat(40), &"a".repeat(41)] {
            assert!(parse_commit(text).is_err(), "{text}");
        }
        assert_eq!(parse_category("a/b/"), Ok(String::from("a/b")));
        for text in ["", "/", "a\nb", &"x".repeat(201)] {
            assert!(parse_category(text).is_err(), "{text}");
        }
    }
}
