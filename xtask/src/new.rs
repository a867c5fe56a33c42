//! stub
use anyhow::Result; use clap::Subcommand; use std::process::ExitCode;
#[derive(Subcommand, Debug)]
pub(crate) enum New {Gate}
pub(crate) fn main(_: &New) -> Result<ExitCode> { Ok(ExitCode::SUCCESS) }
