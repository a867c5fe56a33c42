//! `cargo xtask check`: everything that CI does, in the order of what fails
//! fastest. It stops at the first failure and says how to repeat that step.

mod coverage;
mod deny;
mod installed;
mod own;
mod slugs;
mod tested;
mod tokens;

use crate::workspace::cargo;
use crate::{codegen, e2e};
use anyhow::{Result, bail};
use clap::Args;
use std::process::ExitCode;
use std::time::Instant;

#[derive(Args, Debug)]
pub(crate) struct CheckFlags {
    /// Only this step (repeatable)
    #[arg(long, value_name = "STEP")]
    only: Vec<String>,
    /// All but this step (repeatable)
    #[arg(long, value_name = "STEP")]
    skip: Vec<String>,
    /// Name the steps and do nothing
    #[arg(long)]
    list: bool,
}

/// One step: its name, what it is for, and how it is done.
struct Step {
    name: &'static str,
    summary: &'static str,
    run: fn() -> Result<Outcome>,
}

/// How a step ended.
enum Outcome {
    Well,
    /// What is wrong has been printed.
    Wrong,
    /// It cannot be done on this machine, and this is why.
    Skipped(&'static str),
}

impl From<bool> for Outcome {
    fn from(well: bool) -> Self {
        if well { Self::Well } else { Self::Wrong }
    }
}

static STEPS: &[Step] = &[
    Step {
        name: "fmt",
        summary: "the code is formatted",
        run: || cargo_says(&["fmt", "--all", "--check"], &[]),
    },
    Step {
        name: "codegen",
        summary: "schemas and reference pages are current",
        run: || codegen::is_current().map(Outcome::from),
    },
    Step {
        name: "clippy",
        summary: "no lint is broken",
        run: || {
            cargo_says(
                &[
                    "clippy",
                    "--workspace",
                    "--all-targets",
                    "--locked",
                    "--",
                    "-D",
                    "warnings",
                ],
                &[],
            )
        },
    },
    Step {
        name: "test",
        summary: "all tests pass",
        run: || cargo_says(&["test", "--workspace", "--locked"], &[]),
    },
    Step {
        name: "doc",
        summary: "the documentation builds without a warning",
        // Binaries have the names of their libraries, and nothing to document.
        run: || {
            cargo_says(
                &["doc", "--workspace", "--no-deps", "--lib", "--locked"],
                &[("RUSTDOCFLAGS", "-D warnings")],
            )
        },
    },
    Step {
        name: "deny",
        summary: "licences, sources and bans of the dependency tree",
        run: deny::tree,
    },
    Step {
        name: "advisories",
        summary: "no dependency has a known vulnerability",
        run: deny::advisories,
    },
    Step {
        name: "slugs",
        summary: "heading anchors are those of the tools themselves",
        run: slugs::check,
    },
    Step {
        name: "tokens",
        summary: "token counts are those of another tokenizer",
        run: tokens::check,
    },
    Step {
        name: "coverage",
        summary: "coverage is counted as other tools count it",
        run: coverage::check,
    },
    Step {
        name: "tested",
        summary: "the tests reach 85 % of the lines of this workspace",
        run: tested::check,
    },
    Step {
        name: "workflows",
        summary: "actions and workflows lint clean",
        run: || Ok(e2e_says(&["--lint"]).into()),
    },
    Step {
        name: "self",
        summary: "this repository is allowed by its own gates",
        run: own::check,
    },
    Step {
        name: "e2e",
        summary: "the actions run as a workflow runs them",
        run: || Ok(e2e_says(&[]).into()),
    },
];

pub(crate) fn main(flags: &CheckFlags) -> Result<ExitCode> {
    for name in flags.only.iter().chain(&flags.skip) {
        if STEPS.iter().all(|step| step.name != name) {
            let names: Vec<_> = STEPS.iter().map(|step| step.name).collect();
            bail!("found step `{name}`, expected one of: {}", names.join(", "));
        }
    }
    if flags.list {
        for step in STEPS {
            println!("{:<11} {}", step.name, step.summary);
        }
        return Ok(ExitCode::SUCCESS);
    }
    let started = Instant::now();
    let (mut left_out, mut unchecked) = (Vec::new(), Vec::new());
    for step in STEPS {
        if !wanted(step.name, &flags.only, &flags.skip) {
            left_out.push(step.name.to_owned());
            continue;
        }
        println!("== {}: {}", step.name, step.summary);
        let begun = Instant::now();
        let outcome = (step.run)().unwrap_or_else(|error| {
            eprintln!("error: {error:#}");
            Outcome::Wrong
        });
        let seconds = begun.elapsed().as_secs_f32();
        match outcome {
            Outcome::Well => println!("== {}: ok in {seconds:.1} s\n", step.name),
            Outcome::Skipped(why) => {
                println!("== {}: NOT CHECKED: {why}\n", step.name);
                unchecked.push(format!("{} ({why})", step.name));
            }
            Outcome::Wrong => {
                eprintln!(
                    "== {} failed after {seconds:.1} s; repeat it with: cargo xtask check --only {}",
                    step.name, step.name
                );
                return Ok(ExitCode::FAILURE);
            }
        }
    }
    println!(
        "what was checked passed in {:.1} s",
        started.elapsed().as_secs_f32()
    );
    for (what, names) in [("left out as asked", left_out), ("NOT CHECKED", unchecked)] {
        if !names.is_empty() {
            println!("{what}: {}", names.join(", "));
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn wanted(name: &str, only: &[String], skip: &[String]) -> bool {
    (only.is_empty() || only.iter().any(|only| only == name))
        && skip.iter().all(|skip| skip != name)
}

fn cargo_says(arguments: &[&str], variables: &[(&str, &str)]) -> Result<Outcome> {
    let mut words: Vec<String> = variables
        .iter()
        .map(|(name, value)| format!("{name}=\"{value}\""))
        .collect();
    words.push(String::from("cargo"));
    words.extend(arguments.iter().map(|argument| (*argument).to_owned()));
    println!("   {}", words.join(" "));
    Ok(cargo()
        .args(arguments)
        .envs(variables.iter().copied())
        .status()?
        .success()
        .into())
}

fn e2e_says(arguments: &[&str]) -> bool {
    let arguments: Vec<String> = arguments
        .iter()
        .map(|argument| (*argument).to_owned())
        .collect();
    // `ExitCode` compares with nothing but its printed form.
    format!("{:?}", e2e::main(&arguments)) == format!("{:?}", ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_chosen_by_name() {
        let names = |names: &[&str]| {
            names
                .iter()
                .map(|name| (*name).to_owned())
                .collect::<Vec<_>>()
        };
        assert!(wanted("fmt", &[], &[]));
        assert!(wanted("fmt", &names(&["fmt", "doc"]), &[]));
        assert!(!wanted("test", &names(&["fmt", "doc"]), &[]));
        assert!(!wanted("fmt", &names(&["fmt"]), &names(&["fmt"])));
    }

    #[test]
    fn an_unknown_step_is_an_error_and_not_nothing_to_do() {
        let flags = CheckFlags {
            only: vec![String::from("tests")],
            skip: Vec::new(),
            list: false,
        };
        let error = main(&flags).expect_err("no such step");
        assert!(
            error
                .to_string()
                .starts_with("found step `tests`, expected one of: fmt, "),
            "{error}"
        );
    }
}
