//! `sarif-upload merge`: several files in one, runs of one tool and category as one run.

use super::{Common, Output, Verb, plainly, start, tell};
use crate::limits::Problem;
use crate::prepare::Setting;
use clap::Args;
use gate_runner::Session;
use std::ffi::OsString;
use std::process::ExitCode;

const ABOUT: &str = "Writes several SARIF files as one. Runs of one tool and category become one run, with rules, \
    artifacts and everything else that results refer to by number";

/// The flags of `merge`.
#[derive(Args, Clone, Debug)]
pub(super) struct MergeFlags {
    #[command(flatten)]
    common: Common,
    #[command(flatten)]
    output: Output,
    /// Category of the runs that carry none
    #[arg(long, value_name = "NAME", value_parser = crate::parse_category)]
    category: Option<String>,
}

pub(super) const VERB: Verb = Verb {
    name: "merge",
    about: ABOUT,
    main,
    flags: MergeFlags::augment_args,
};

fn main(arguments: Vec<OsString>) -> ExitCode {
    start::<MergeFlags>(
        "sarif-upload merge",
        ABOUT,
        arguments,
        |flags| &flags.common,
        merge,
    )
}

fn merge(session: &Session, flags: &MergeFlags) -> Result<u8, Problem> {
    let setting = Setting {
        categories: flags.category.is_some(),
        category: flags.category.as_deref(),
        ..plainly(session)
    };
    tell(
        &flags
            .common
            .write_one(session, setting, &flags.output.output)?,
    );
    Ok(0)
}
