//! stub
use anyhow::Result; use clap::Args; use std::process::ExitCode;
#[derive(Args, Debug)]
pub(crate) struct BenchFlags {}
pub(crate) fn main(_: &BenchFlags) -> Result<ExitCode> { Ok(ExitCode::SUCCESS) }
