//! The flow and nothing else: policy → declared facts → collect → judge →
//! write → render → publish → exit.
//!
//! What this crate promises:
//! - **Verdict before voice.** The verdict is on disk before anything is
//!   rendered or published, and no format, flag or outage changes it.
//! - **Fail closed.** Evidence that is missing becomes `error`; a gate that
//!   panics, is stopped or runs out of time leaves an `error` verdict.
//! - **Gates prove that they look.** Each judges planted cases too; a criterion
//!   that lets a bad one pass is `error`, whatever it says of the evidence.
//! - **One walk.** However many gates run, each tracked file is opened once.
#![allow(
    clippy::disallowed_methods,
    reason = "the flow is where environment, files and clock are read"
)]

mod addresses;
pub mod base;
pub mod catalogue;
mod compared;
mod complete;
pub mod control;
mod erased;
mod failure;
pub mod flags;
pub mod flow;
pub mod gate;
mod happening;
mod inputs;
mod judgement;
mod keeping;
pub mod out;
mod policy_files;
mod policy_sources;
mod prepare;
pub mod publish;
mod recording;
mod repair;
mod reports;
mod result;
mod sarif;
mod session;
mod skeleton;
mod stop;
mod subject;
mod trusted;
pub mod voice;
mod walk;

pub use addresses::{Answer, Asked};
pub use base::Base;
pub use control::Missed;
pub use erased::{AnyGate, Judged, Planned};
pub use flags::Flags;
pub use flow::Judgements;
pub use gate::{Changes, Collected, Criterion, Detail, Export, Gate, Part, Rule, Setting};
pub use gate_github::api::is_reference;
pub use happening::Now;
pub use inputs::{Inputs, Place, Selection};
pub use judgement::{Judgement, Missing, counted};
pub use keeping::{Keep, KeepFlags, Kept, Plan, keep};
pub use policy_files::{DEFAULT_CONFIG, Doubt, InForce, written};
pub use prepare::{Prepared, environment};
pub use recording::Recording;
pub use repair::{RepairFlags, repair};
pub use reports::{HashingReader, Report};
pub use session::{Failure, GitHub, Session, variable};
pub use skeleton::tool;
pub use stop::{decided, on_stop};

use clap::{Args, Command};
use gate_policy::Check;
use gate_verdict::Code;
use std::ffi::OsString;
use std::process::ExitCode;

/// What a gate binary's `main` does, whole.
pub fn gate_main(gate: &dyn AnyGate) -> ExitCode {
    gate_main_with(gate, std::env::args_os().collect())
}

/// [`gate_main`] with the arguments given: the multi-call binary's way in.
pub fn gate_main_with(gate: &dyn AnyGate, arguments: Vec<OsString>) -> ExitCode {
    let about = gate.spec().summary;
    if gate.keeps() {
        start::<KeepingFlags>(gate.kind(), &about, arguments, |parsed| {
            one(gate, parsed.gate, parsed.keep)
        })
    } else {
        start::<GateFlags>(gate.kind(), &about, arguments, |parsed| {
            one(gate, parsed, KeepFlags::default())
        })
    }
}

fn one(gate: &dyn AnyGate, parsed: GateFlags, keeping: KeepFlags) -> ExitCode {
    run(parsed.flags, |session| {
        let check = Check::Kind(gate.kind());
        if parsed.repair.fix {
            repair(session, &[gate], check)?;
        }
        let judgements = flow::judge(session, &[gate], check, keeping.record_history)?;
        let code = publish::gates(session, &judgements);
        keep(
            session,
            keeping,
            &judgements.keeps,
            &judgements.subject,
            code,
        );
        Ok(code)
    })
}

#[derive(Args, Debug)]
struct GateFlags {
    #[command(flatten)]
    flags: Flags,
    #[command(flatten)]
    repair: RepairFlags,
}

#[derive(Args, Debug)]
struct KeepingFlags {
    #[command(flatten)]
    gate: GateFlags,
    #[command(flatten)]
    keep: KeepFlags,
}

/// Parses a command line and runs `body`; help and version exit 0, bad flags 2.
pub fn start<A: Args>(
    name: &'static str,
    about: &str,
    arguments: Vec<OsString>,
    body: impl FnOnce(A) -> ExitCode,
) -> ExitCode {
    let command = Command::new(name)
        .version(env!("CARGO_PKG_VERSION"))
        .after_help("Every flag is also a GATEWRIGHT_<FLAG> variable; what is typed wins.");
    match flags::parse::<A>(command, about, arguments, &variable) {
        Ok(parsed) => body(parsed),
        Err(error) => {
            // A closed pipe is no reason to change the exit code.
            let _ = error.print();
            if error.use_stderr() {
                failure::bad_flags(&error.to_string());
            }
            ExitCode::from(if error.use_stderr() { 2 } else { 0 })
        }
    }
}

/// Opens a session, runs `body` under the guards against signals, time-outs
/// and panics, and turns failures into exit code 2 with `error` verdicts.
pub fn run(flags: Flags, body: impl FnOnce(&Session) -> Result<u8, Failure>) -> ExitCode {
    stop::arm(flags.timeout);
    within(Session::open(flags), body)
}

/// The same for what writes nothing to the out folder, which is not made.
pub fn look(flags: Flags, body: impl FnOnce(&Session) -> Result<u8, Failure>) -> ExitCode {
    stop::arm(flags.timeout);
    within(Session::look(flags), body)
}

fn within(
    session: Result<Session, Failure>,
    body: impl FnOnce(&Session) -> Result<u8, Failure>,
) -> ExitCode {
    let session = match session {
        Ok(session) => session,
        Err(failure) => return fail(None, &failure),
    };
    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| body(&session)));
    match outcome {
        Ok(Ok(code)) => ExitCode::from(code),
        Ok(Err(failure)) => fail(Some(&session), &failure),
        Err(_) => fail(
            Some(&session),
            &Failure::Engine(String::from(
                "the program panicked; the message above says where",
            )),
        ),
    }
}

fn fail(session: Option<&Session>, failure: &Failure) -> ExitCode {
    let code = match failure {
        Failure::Flags(_) => None,
        Failure::Policy(_) => Some(Code::PolicyInvalid),
        Failure::Engine(_) => Some(Code::EngineFailure),
    };
    let mut lines: Vec<String> = failure.to_string().lines().map(str::to_owned).collect();
    match code {
        Some(code) => {
            let unwritten = stop::fail_owed(code, &failure.to_string());
            lines.extend(
                unwritten
                    .iter()
                    .map(|error| format!("the error verdict cannot be written: {error}")),
            );
        }
        None => stop::settle(|| ()),
    }
    failure::failure(session, &lines);
    ExitCode::from(2)
}
