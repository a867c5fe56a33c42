//! `cargo xtask e2e`: the published actions and workflows, run as a user runs them, without GitHub and without
//! Docker.
//!
//! Each folder below `fixtures/e2e` that holds a `case.json` is one situation: a repository, an event, what GitHub's
//! API answers, and what has to come of it. A case is laid out as a git repository beside a copy of the suite that
//! looks like a release, the workflow runs under nektos/act in host mode against a fake GitHub on 127.0.0.1, and
//! outcomes, outputs, files and API requests are compared. Before the cases, every action's inputs are held against
//! the flags of its binary.

mod case;
mod compare;
#[cfg(all(test, unix))]
mod fetching;
mod files;
mod github;
mod inputs;
mod layout;
mod lint;
pub(crate) mod process;
mod runners;
mod second_stage;
pub(crate) mod tools;
mod workflow;

use anyhow::{Context as _, Result, bail};
use case::Case;
use github::Github;
use runners::Runner;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;
use tools::{Programs, Tools};

const USAGE: &str = "\
Runs the actions as a workflow runs them.

Usage: cargo xtask e2e [--filter NAME] [--keep] [--minirun]
       cargo xtask e2e --lint

  --filter NAME  Only cases whose folder's name holds NAME
  --keep         Leave the case's folders where they are and say where
  --minirun      Use ../shared/tools/minirun.mjs in place of act: a second opinion
  --lint         zizmor, the official language service and schemas, shellcheck: no case runs

GATEWRIGHT_TOOLS names the folder that tools are installed in [default: ~/.cache/gatewright-tools].
";

#[derive(Debug, Default)]
struct Flags {
    filter: Option<String>,
    keep: bool,
    minirun: bool,
    task: Task,
}

#[derive(Clone, Copy, Debug, Default)]
enum Task {
    #[default]
    Cases,
    Lint,
    Help,
}

pub(crate) fn main(arguments: &[String]) -> ExitCode {
    let flags = match parse(arguments) {
        Ok(flags) => flags,
        Err(error) => {
            eprintln!("error: {error}\n\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    let outcome = match flags.task {
        Task::Help => {
            print!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        Task::Lint => lint::run(),
        Task::Cases => cases(&flags),
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn parse(arguments: &[String]) -> Result<Flags> {
    let mut flags = Flags::default();
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--filter" => {
                flags.filter = Some(arguments.next().context("--filter needs a name")?.clone());
            }
            "--keep" => flags.keep = true,
            "--minirun" => flags.minirun = true,
            "--lint" => flags.task = Task::Lint,
            "--help" | "-h" => flags.task = Task::Help,
            other => bail!("found `{other}`, expected one of the flags below"),
        }
    }
    Ok(flags)
}

/// Whether all went as expected.
fn cases(flags: &Flags) -> Result<bool> {
    let cases: Vec<Case> = case::discover()?
        .into_iter()
        .filter(|case| {
            flags
                .filter
                .as_deref()
                .is_none_or(|filter| case.name.contains(filter))
        })
        .collect();
    if cases.is_empty() {
        bail!("no case matches; the cases are the folders of fixtures/e2e with a case.json");
    }
    let programs = Programs::build()?;
    let tools = Tools::open()?;
    let Some(runner) = runner(flags, &tools)? else {
        return Ok(true);
    };
    let mut failed = Vec::new();
    if flags.filter.is_none() {
        let started = Instant::now();
        let found = inputs::differences(&programs)?;
        report("the actions' inputs", started.elapsed().as_millis(), &found);
        if !found.is_empty() {
            failed.push(String::from("the actions' inputs"));
        }
    }
    let (cases, unbuilt): (Vec<_>, Vec<_>) = cases
        .iter()
        .partition(|case| case.needs.as_deref().is_none_or(|verb| programs.has(verb)));
    for case in unbuilt {
        println!(
            "SKIP {}: the binary has no `{}` yet",
            case.name,
            case.needs.as_deref().unwrap_or_default()
        );
    }
    let world = World {
        runner,
        programs,
        openapi: tools.openapi()?,
        keep: flags.keep,
    };
    for (case, (millis, found)) in cases.iter().zip(run_all(&cases, &world)) {
        report(&case.name, millis, &found);
        if !found.is_empty() {
            failed.push(case.name.clone());
        }
    }
    if failed.is_empty() {
        println!("all as expected: {} case(s)", cases.len());
    } else {
        println!("not as expected: {}", failed.join(", "));
    }
    Ok(failed.is_empty())
}

/// `None` where the second opinion was asked for and is not on this machine.
fn runner(flags: &Flags, tools: &Tools) -> Result<Option<Runner>> {
    if !flags.minirun {
        return Ok(Some(Runner::Act(tools.act()?)));
    }
    let script: PathBuf = crate::workspace::root().join("../shared/tools/minirun.mjs");
    if script.is_file() {
        let modules = tools.node_modules(&["@actions/expressions@0.3.61", "yaml@2.9.1"])?;
        return Ok(Some(Runner::Minirun {
            script: script.canonicalize()?,
            modules,
        }));
    }
    println!(
        "SKIP every case: {} is not there, so there is no second opinion",
        script.display()
    );
    Ok(None)
}

/// What all cases share.
struct World {
    runner: Runner,
    programs: Programs,
    openapi: PathBuf,
    keep: bool,
}

/// Most of a case is waiting for pauses that GitHub asks for, so several run at once.
const AT_ONCE: usize = 4;

/// Milliseconds and differences of each case, in the order given.
fn run_all(cases: &[&Case], world: &World) -> Vec<(u128, Vec<String>)> {
    let next = AtomicUsize::new(0);
    let done = Mutex::new(BTreeMap::new());
    let work = || {
        while let Some((index, case)) =
            Some(next.fetch_add(1, Ordering::Relaxed)).and_then(|n| Some((n, cases.get(n)?)))
        {
            let started = Instant::now();
            let found = run(case, world)
                .unwrap_or_else(|error| vec![format!("it could not be run: {error:#}")]);
            let mut done = done.lock().unwrap_or_else(PoisonError::into_inner);
            done.insert(index, (started.elapsed().as_millis(), found));
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(work);
        }
    });
    done.into_inner()
        .unwrap_or_else(PoisonError::into_inner)
        .into_values()
        .collect()
}

/// What differs from what the case expects.
fn run(case: &Case, world: &World) -> Result<Vec<String>> {
    let World {
        runner,
        programs,
        openapi,
        keep,
    } = world;
    let minirun = matches!(runner, Runner::Minirun { .. });
    let mut bench = layout::lay_out(case, programs, minirun, *keep)?;
    let github = Github::start(programs, openapi, case, &bench)?;
    let ran = runner.run(case.event.name(), &bench, &github)?;
    let mut found = Vec::new();
    if let Some(workflow) = &case.then {
        // Whose run it is must not be able to write.
        let written = github.so_far()?["comments"].clone();
        if written != serde_json::json!([]) {
            found.push(format!("the first stage: wrote {written}"));
        }
        second_stage::lay_out(case, workflow, minirun, &mut bench)?;
        let second = runner.run("workflow_run", &bench, &github)?;
        if second.code != Some(0) {
            let said = process::tail(&second.log, 60);
            found.push(format!(
                "the second stage: found failure, expected success:\n{said}"
            ));
        }
    }
    let log = github.stop()?;
    found.extend(compare::differences(case, &bench, &ran, &log)?);
    if !found.is_empty() {
        found.push(format!("the run's log:\n{}", process::tail(&ran.log, 60)));
    }
    Ok(found)
}

fn report(name: &str, millis: u128, found: &[String]) {
    if found.is_empty() {
        println!("ok   {name} ({millis} ms)");
        return;
    }
    println!("FAIL {name} ({millis} ms)");
    for line in found.iter().flat_map(|found| found.lines()) {
        println!("     {line}");
    }
}
