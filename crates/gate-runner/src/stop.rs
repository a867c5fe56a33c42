//! When the process is told to stop, runs out of time or panics: the verdicts
//! it owes become `error` verdicts, and the exit code is 2.

use crate::out;
use gate_verdict::{Code, CriterionResult, Enforcement, Status, Verdict};
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// The verdicts that are still owed. Holding the lock keeps a signal from
/// interleaving with the real ones being written.
static OWED: Mutex<Option<Owed>> = Mutex::new(None);

#[derive(Debug)]
struct Owed {
    out: PathBuf,
    skeletons: Vec<Verdict>,
}

fn owed() -> MutexGuard<'static, Option<Owed>> {
    OWED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What else has to end when this process is told to.
static ON_STOP: Mutex<Option<Box<dyn Fn() + Send>>> = Mutex::new(None);

/// Calls `end` when the process is told to stop.
pub fn on_stop(end: impl Fn() + Send + 'static) {
    *ON_STOP.lock().unwrap_or_else(PoisonError::into_inner) = Some(Box::new(end));
}

/// The exit code of a decision that is on disk.
static DECIDED: Mutex<Option<u8>> = Mutex::new(None);

/// The decision is written: what is left is told, and a time-out no longer
/// changes the exit code.
pub fn decided(code: u8) {
    *DECIDED.lock().unwrap_or_else(PoisonError::into_inner) = Some(code);
}

/// From now on, a stop leaves these verdicts with status `error`.
pub(crate) fn owe(out: PathBuf, skeletons: Vec<Verdict>) {
    *owed() = Some(Owed { out, skeletons });
}

/// Runs `write`, which writes the real verdicts, and owes none after it.
pub(crate) fn settle<T>(write: impl FnOnce() -> T) -> T {
    let mut owed = owed();
    let written = write();
    *owed = None;
    written
}

/// Writes every owed verdict as an error. Returns what could not be written.
pub(crate) fn fail_owed(code: Code, reason: &str) -> Vec<std::io::Error> {
    let Some(Owed { out, skeletons }) = owed().take() else {
        return Vec::new();
    };
    skeletons
        .into_iter()
        .filter_map(|skeleton| {
            let verdict = errored(skeleton, code, reason);
            let path = out.join(format!("{}.verdict.json", verdict.file_stem()));
            let bytes = serde_json::to_vec_pretty(&verdict).ok()?;
            out::write_atomic(&path, &bytes).err()
        })
        .collect()
}

/// A verdict that says only that the gate could not finish.
pub(crate) fn errored(mut verdict: Verdict, code: Code, reason: &str) -> Verdict {
    let enforcement = verdict
        .criteria
        .iter()
        .map(|criterion| criterion.enforcement)
        .max()
        .unwrap_or(Enforcement::Mandatory);
    verdict.criteria = vec![CriterionResult {
        id: String::from("gate_completes"),
        sub_gate: None,
        status: Status::Error,
        enforcement,
        observed: None,
        required: None,
        margin: None,
        sample: None,
        code: Some(code),
        reason: Some(reason.to_owned()),
        next_step: Some(String::from(match code {
            Code::PolicyInvalid => "mend the policy at the place named",
            Code::Interrupted => "run the gate again, with more time if it ran out of it",
            _ => "run the gate again; if it happens twice, report it with the log",
        })),
        findings: 0,
        evidence: Vec::new(),
    }];
    verdict.status = Status::Error;
    verdict.decision = gate_verdict::contribution(
        gate_verdict::Outcome {
            status: Status::Error,
            enforcement,
            lift: None,
        },
        crate::complete::NO_OVERRIDES,
    );
    // A document without floats always has a digest.
    let _ = verdict.seal();
    verdict
}

/// Arms SIGTERM, SIGINT and SIGHUP (and console events on Windows) and the
/// `--timeout`.
pub(crate) fn arm(timeout: Option<Duration>) {
    // Fails only when a handler is already installed, which then serves.
    let _ = ctrlc::set_handler(|| end("told to stop before it finished", false));
    if let Some(limit) = timeout {
        std::thread::spawn(move || {
            std::thread::sleep(limit);
            let seconds = limit.as_secs();
            end(
                &format!("did not finish within {seconds} seconds (--timeout)"),
                true,
            );
        });
    }
}

#[expect(
    clippy::exit,
    clippy::print_stderr,
    reason = "the one way out of a signal handler's thread"
)]
fn end(reason: &str, timed_out: bool) {
    for error in fail_owed(Code::Interrupted, reason) {
        eprintln!("gatewright: the error verdict cannot be written: {error}");
    }
    eprintln!("gatewright: {reason}");
    if let Some(end) = &*ON_STOP.lock().unwrap_or_else(PoisonError::into_inner) {
        end();
    }
    let decided = *DECIDED.lock().unwrap_or_else(PoisonError::into_inner);
    if decided.is_some() {
        eprintln!("warning: the decision stands; what was not published by now stays unpublished");
    }
    // A host that is slow to be told changes no outcome; a signal is exit 2 whenever it comes (contract, section 3).
    std::process::exit(i32::from(decided.filter(|_| timed_out).unwrap_or(2)));
}
