//! `sarif-upload rebase`: paths of another machine become paths of the repository.

use super::{Common, Output, Verb, plainly, start, tell};
use crate::limits::Problem;
use crate::prepare::Setting;
use clap::Args;
use gate_runner::Session;
use gate_sarif::rebase;
use std::ffi::OsString;
use std::process::ExitCode;

const ABOUT: &str = "Rewrites every address of a SARIF file relative to the root of the repository: base ids are \
    resolved, a folder of the machine that scanned is left out";

/// The flags of `rebase`.
#[derive(Args, Clone, Debug)]
pub(super) struct RebaseFlags {
    #[command(flatten)]
    common: Common,
    #[command(flatten)]
    output: Output,
    /// Where the repository was on the machine that scanned, such as /build/src [default: what the log calls %SRCROOT%]
    #[arg(long, value_name = "DIR")]
    source_root: Option<String>,
    /// A beginning of addresses and what to write instead (repeatable)
    #[arg(long, value_name = "FROM=TO", value_parser = parse_replacement)]
    replace: Vec<(String, String)>,
}

pub(super) const VERB: Verb = Verb {
    name: "rebase",
    about: ABOUT,
    main,
    flags: RebaseFlags::augment_args,
};

fn main(arguments: Vec<OsString>) -> ExitCode {
    start::<RebaseFlags>(
        "sarif-upload rebase",
        ABOUT,
        arguments,
        |flags| &flags.common,
        run,
    )
}

fn run(session: &Session, flags: &RebaseFlags) -> Result<u8, Problem> {
    let setting = Setting {
        rebase: Some(rebase::Options {
            root: flags.source_root.clone(),
            replace: flags.replace.clone(),
        }),
        merges: false,
        ..plainly(session)
    };
    tell(
        &flags
            .common
            .write_one(session, setting, &flags.output.output)?,
    );
    Ok(0)
}

fn parse_replacement(text: &str) -> Result<(String, String), String> {
    let (from, to) = text.split_once('=').ok_or("expected FROM=TO")?;
    Ok((from.to_owned(), to.to_owned()))
}
