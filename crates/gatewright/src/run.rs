//! `gatewright run`: every configured gate in one process and one walk, and
//! the decision over their verdicts and those recorded before.

use crate::GATES;
use clap::Args;
use gate_policy::Check;
use gate_runner::{
    Failure, Flags, KeepFlags, RepairFlags, Session, flow, keep, out, publish, repair,
};
use quality_gate::AfterFlags;
use std::ffi::OsString;
use std::process::ExitCode;

#[derive(Args, Debug)]
struct RunFlags {
    #[command(flatten)]
    flags: Flags,
    #[command(flatten)]
    repair: RepairFlags,
    #[command(flatten)]
    keep: KeepFlags,
    #[command(flatten)]
    after: AfterFlags,
}

pub(crate) fn main(arguments: Vec<OsString>) -> ExitCode {
    let about = "Judges everything the policy asks for and decides, in one process";
    gate_runner::start::<RunFlags>("gatewright-run", about, arguments, |parsed| {
        let (fix, keep, and_then) = (parsed.repair.fix, parsed.keep, parsed.after);
        gate_runner::run(parsed.flags, |session| body(session, fix, keep, &and_then))
    })
}

fn body(
    session: &Session,
    fix: bool,
    keeping: KeepFlags,
    and_then: &AfterFlags,
) -> Result<u8, Failure> {
    let kinds: Vec<_> = GATES.iter().map(|gate| gate.kind()).collect();
    out::remove_verdicts_of(&session.out, &kinds)?;
    out::remove_old(&session.out, out::DECISION_FILES.map(String::from))?;
    if fix {
        repair(session, GATES, Check::All)?;
    }
    let judgements = flow::judge(session, GATES, Check::All, keeping.record_history)?;
    let own = judgements.verdicts.clone();
    let folded = quality_gate::decide(
        session,
        &judgements.prepared,
        &[],
        judgements.verdicts,
        and_then,
    )?;
    let code = if judgements.engine_failed {
        2
    } else {
        folded.exit_code(session)
    };
    let code = publish::decision(session, &folded.document, &folded.verdicts, &own, code);
    quality_gate::after(session, and_then, &folded, code);
    keep(
        session,
        keeping,
        &judgements.keeps,
        &judgements.subject,
        code,
    );
    Ok(code)
}
