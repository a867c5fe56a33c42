//! The suite in one binary. Called by a gate's name (a link is enough), or
//! with the name as its first argument, it is that gate; beside them stand the
//! verbs `run`, `record`, `ledger`, `verify`, `explain`, `init`, `doctor` and `schema`.

mod child;
mod doctor;
mod explain;
mod init;
mod ledger;
mod record;
mod run;
mod schema;
mod verify;

use gate_runner::AnyGate;
use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

/// Every gate that walks the repository, one line each.
static GATES: &[&dyn AnyGate] = &[
    &coverage_gate::GATE,
    &integrity_gate::GATE,
    &security_gate::GATE,
];

const HELP: &str = "\
Decides whether a change may go on.

Usage: gatewright <COMMAND> [OPTIONS]

Commands:
  run           Judge everything the policy asks for and decide, in one process
  record        Run a command and record its outcome as a gate's verdict
  integrity     Links, anchors, front matter and module references
  security      Secrets, malicious content, scanner findings
  coverage      Coverage of the code and of the change
  quality       Fold verdicts into one decision for an environment
  ledger        Verify, show and count the decisions that were recorded
  verify        Say whether an attested decision allows what is about to be used
  explain       Say what a rule, criterion or code means, or why a decision is what it is
  init          Write a policy from the coverage settings of another tool
  doctor        Say where policy and workflows contradict one another or themselves
  schema        Print a JSON Schema: verdict, decision, policy, catalogue
  sarif-upload  Upload SARIF to code scanning and wait until it is processed

`gatewright <COMMAND> --help` says more. Exit codes: 0 allow, 1 block, 2 could
not judge, 3 approval required.
";

fn main() -> ExitCode {
    let mut arguments: Vec<OsString> = std::env::args_os().collect();
    let called = arguments.first().map(stem).unwrap_or_default();
    if called != "gatewright"
        && let Some(code) = dispatch(&called, &arguments)
    {
        return code;
    }
    let Some(verb) = arguments
        .get(1)
        .map(|verb| verb.to_string_lossy().into_owned())
    else {
        say(HELP);
        return ExitCode::from(2);
    };
    arguments.remove(1);
    // What usage lines show as the program's name.
    arguments[0] = format!("gatewright {verb}").into();
    match dispatch(&verb, &arguments) {
        Some(code) => code,
        None => unknown(&verb),
    }
}

fn dispatch(verb: &str, arguments: &[OsString]) -> Option<ExitCode> {
    let arguments = arguments.to_vec();
    let kind = verb.strip_suffix("-gate").unwrap_or(verb);
    if let Some(gate) = GATES.iter().find(|gate| gate.kind() == kind) {
        return Some(gate_runner::gate_main_with(*gate, arguments));
    }
    match kind {
        "quality" => Some(quality_gate::main_with(arguments)),
        "sarif-upload" => Some(sarif_upload::main_with(arguments)),
        "run" => Some(run::main(arguments)),
        "record" => Some(record::main(arguments)),
        "ledger" => Some(ledger::main(arguments)),
        "verify" => Some(verify::main(arguments)),
        "schema" => Some(schema::main(&arguments)),
        "doctor" => Some(doctor::main(arguments)),
        "explain" => Some(explain::main(&arguments)),
        "init" => Some(init::main(arguments)),
        "help" | "--help" | "-h" => Some(say(HELP)),
        "--version" | "-V" => Some(say(concat!("gatewright ", env!("CARGO_PKG_VERSION"), "\n"))),
        _ => None,
    }
}

/// Prints to standard output; what cannot be printed is no success.
fn say(text: &str) -> ExitCode {
    use std::io::Write as _;
    let printed = std::io::stdout().lock().write_all(text.as_bytes());
    ExitCode::from(if printed.is_ok() { 0 } else { 2 })
}

#[expect(clippy::print_stderr, reason = "a usage error")]
fn unknown(verb: &str) -> ExitCode {
    eprintln!("error: found `{verb}`, expected a command; `gatewright --help` lists them");
    ExitCode::from(2)
}

/// The name a program was called by, without folder and ending.
fn stem(called: &OsString) -> String {
    Path::new(called)
        .file_stem()
        .map(|stem| stem.to_string_lossy().into_owned())
        .unwrap_or_default()
}
