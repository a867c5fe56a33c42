//! `sarif-upload split`: files that GitHub takes, out of one that is too large.

use super::{Common, Verb, plainly, start, tell};
use crate::limits::Problem;
use crate::prepare::{self, Setting};
use clap::Args;
use gate_runner::Session;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

const ABOUT: &str = "Writes a SARIF file as several of at most 20 runs, 25000 results in a run and 10 MB of gzip. \
    A run that becomes several gets numbered categories, and an alert stays in its own";

/// The flags of `split`.
#[derive(Args, Clone, Debug)]
pub(super) struct SplitFlags {
    #[command(flatten)]
    common: Common,
    /// Folder to write to
    #[arg(long, value_name = "DIR")]
    output_dir: PathBuf,
    /// Write gzip
    #[arg(long)]
    gzip: bool,
    /// Category of the runs that carry none [default: the file's name without its ending]
    #[arg(long, value_name = "NAME", value_parser = crate::parse_category)]
    category: Option<String>,
}

pub(super) const VERB: Verb = Verb {
    name: "split",
    about: ABOUT,
    main,
    flags: SplitFlags::augment_args,
};

fn main(arguments: Vec<OsString>) -> ExitCode {
    start::<SplitFlags>(
        "sarif-upload split",
        ABOUT,
        arguments,
        |flags| &flags.common,
        split,
    )
}

#[allow(
    clippy::disallowed_methods,
    reason = "the folder that was asked for is made"
)]
fn split(session: &Session, flags: &SplitFlags) -> Result<u8, Problem> {
    std::fs::create_dir_all(&flags.output_dir).map_err(|error| {
        Problem::new(
            format!("{}: {error}", flags.output_dir.display()),
            "name a folder that can be written with --output-dir",
        )
    })?;
    let setting = Setting {
        out: flags.output_dir.clone(),
        categories: true,
        category: flags.category.as_deref(),
        splits: true,
        packed: flags.gzip,
        ..plainly(session)
    };
    let (sources, places) = flags.common.judge(session, &setting)?;
    tell(&prepare::write(sources, places, &setting)?);
    Ok(0)
}
