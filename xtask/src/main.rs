//! Development tasks. `cargo xtask` lists them.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a tool for developers: it reads the work tree, starts tools and prints"
)]

#[cfg(test)]
mod architecture;
mod bench;
mod check;
mod codegen;
mod e2e;
mod new;
mod page;
mod score;
mod trigrams;
mod workspace;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

#[derive(Parser, Debug)]
#[command(name = "cargo xtask", about = "Development tasks of this repository")]
struct Xtask {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand, Debug)]
enum Task {
    /// Everything that CI does, step by step
    Check(check::CheckFlags),
    /// Writes schemas and reference pages from the code
    Codegen(codegen::CodegenFlags),
    /// Runs the actions as a workflow runs them
    #[command(disable_help_flag = true)]
    E2e {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Measures the release binary on a generated repository
    Bench(bench::BenchFlags),
    /// Measures how often a gate is right
    #[command(subcommand)]
    Score(score::Score),
    /// Counts anew how surprising the letters of a value are (the model of the security gate)
    Trigrams(trigrams::TrigramsFlags),
    /// Scaffolds a criterion or a gate
    #[command(subcommand)]
    New(new::New),
}

fn main() -> ExitCode {
    let outcome = match Xtask::parse().task {
        Task::Check(flags) => check::main(&flags),
        Task::Codegen(flags) => codegen::main(&flags),
        Task::E2e { arguments } => return e2e::main(&arguments),
        Task::Bench(flags) => bench::main(&flags),
        Task::Score(what) => score::main(&what),
        Task::Trigrams(flags) => trigrams::main(&flags),
        Task::New(what) => new::main(&what),
    };
    match outcome {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
