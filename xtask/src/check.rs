//! stub
use anyhow::Result; use clap::Args; use std::process::ExitCode;
#[derive(Args, Debug)]
pub(crate) struct CheckFlags {}
pub(crate) fn main(_: &CheckFlags) -> Result<ExitCode> { Ok(ExitCode::SUCCESS) }
