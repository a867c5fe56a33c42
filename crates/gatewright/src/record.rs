//! `gatewright record`: a team's own script joins the fold. The command's exit
//! code becomes a verdict with one criterion, `command_succeeds`.

use crate::child::{self, Ended, Outcome};
use clap::Args;
use gate_policy::Check;
use gate_runner::{Failure, Flags, Prepared, Session, publish};
use gate_verdict::{Code, CriterionResult, Enforcement, EvidenceRef, Observed, Required, Status};
use std::ffi::OsString;
use std::process::ExitCode;
use std::time::Duration;

#[derive(Args, Debug)]
struct RecordFlags {
    #[command(flatten)]
    flags: Flags,
    /// A command that has to fail first: the check on a planted bad case; words are divided by blanks
    #[arg(long, value_name = "COMMAND")]
    must_fail: Option<String>,
    /// The command to run, behind `--`
    #[arg(last = true, required = true, value_name = "COMMAND")]
    command: Vec<OsString>,
}

pub(crate) fn main(arguments: Vec<OsString>) -> ExitCode {
    let about = "Runs a command and records its outcome as the verdict of a gate";
    gate_runner::start::<RecordFlags>("gatewright-record", about, arguments, |mut parsed| {
        // The time is the command's; running out of it is its outcome.
        let timeout = parsed.flags.timeout.take();
        let (command, planted) = (parsed.command, parsed.must_fail);
        gate_runner::run(parsed.flags, |session| {
            body(session, &command, planted.as_deref(), timeout)
        })
    })
}

fn body(
    session: &Session,
    command: &[OsString],
    planted: Option<&str>,
    timeout: Option<Duration>,
) -> Result<u8, Failure> {
    let key = session
        .flags
        .gate
        .as_deref()
        .map(|key| gate_policy::alias(key).to_owned())
        .ok_or_else(|| {
            Failure::Flags(String::from(
                "record needs --gate KEY: the key under `gates:` to record for",
            ))
        })?;
    if !safe(&key) {
        return Err(Failure::Flags(format!(
            "--gate {key}: found a key that cannot be a file name, expected 1 to 64 of a-z, 0-9, `-` and `_`"
        )));
    }
    let prepared = Prepared::open(session, Check::Kind(&key))?;
    let policy = prepared.in_force.policy.gates.get(&key);
    let kind = policy.map_or("custom", |gate| gate.kind.as_str());
    let built_in = gate_runner::catalogue::catalogue().kinds.contains_key(&key);
    if kind != "custom" || built_in {
        return Err(Failure::Flags(format!(
            "--gate {key}: a gate of kind `{kind}` is judged by its own binary, not by a command; record under a key of your own"
        )));
    }
    let mut recording = gate_runner::Recording::begin(session, &prepared, &key, kind)?;
    if !prepared.in_force.policy.gates.contains_key(&key) {
        recording.verdict.notices.push(format!(
            "no policy names gate `{key}`: it is shown and binds nothing; write it under `gates:` to make it count"
        ));
    }
    let enforcement = recording.enforcement;
    let missed = planted.and_then(|planted| {
        let words: Vec<OsString> = planted.split_whitespace().map(OsString::from).collect();
        recording
            .verdict
            .evidence
            .push(evidence("control", words.first()));
        missed(&child::run(&words, timeout), &shown(&words), enforcement)
    });
    // A command that finds no fault with what is planted need not be asked.
    let result = missed.unwrap_or_else(|| {
        recording
            .verdict
            .evidence
            .push(evidence("command", command.first()));
        let outcome = child::run(command, timeout);
        criterion(&outcome, &shown(command), enforcement)
    });
    recording.verdict.criteria.push(result);
    let judgements = recording.finish(session, prepared)?;
    Ok(publish::gates(session, &judgements))
}

fn evidence(kind: &str, program: Option<&OsString>) -> EvidenceRef {
    EvidenceRef {
        kind: kind.to_owned(),
        format: None,
        path: None,
        sha256: None,
        tool: program.map(|program| program.to_string_lossy().into_owned()),
        records: 1,
        skipped: 0,
        excluded: 0,
    }
}

/// A key becomes the name of files, and a dot would part it from a scope.
fn safe(key: &str) -> bool {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
    (1..=64).contains(&key.len()) && key.chars().all(fits)
}

/// The command by its program and, where that is a plain word, its first
/// argument (`cargo clippy`): what follows may hold a credential.
fn shown(command: &[OsString]) -> String {
    let mut parts = command.iter().map(|part| part.to_string_lossy());
    let program = parts.next().unwrap_or_default();
    let program = program
        .rsplit(['/', '\\'])
        .next()
        .unwrap_or_default()
        .to_owned();
    let rest = parts.len();
    let plain =
        |word: &str| word.len() <= 32 && word.chars().all(|c| c.is_ascii_lowercase() || c == '-');
    match parts.next().filter(|word| plain(word)) {
        Some(word) if rest == 1 => format!("{program} {word}"),
        Some(word) => format!("{program} {word} ..."),
        None if rest == 0 => program,
        None => format!("{program} ..."),
    }
}

/// The error that the control makes of the gate; nothing where the planted case failed by itself.
fn missed(outcome: &Outcome, shown: &str, enforcement: Enforcement) -> Option<CriterionResult> {
    let failed = matches!(&outcome.ended, Ended::Exit(status) if status.code().is_some_and(|code| code != 0));
    if failed {
        return None;
    }
    let result = criterion(outcome, shown, enforcement);
    let text = result.observed.as_ref().map_or("", |one| one.text.as_str());
    Some(CriterionResult {
        status: Status::Error,
        code: Some(Code::PositiveControlMissed),
        reason: Some(format!(
            "the planted bad case, `{shown}`, has to fail and came to: {text}; so the check itself was not run"
        )),
        next_step: Some(format!(
            "mend the check, or plant for `--must-fail` what it has to find: `{shown}` has to end with another code than 0"
        )),
        observed: None,
        ..result
    })
}

fn criterion(outcome: &Outcome, shown: &str, enforcement: Enforcement) -> CriterionResult {
    let (status, code, text) = match &outcome.ended {
        Ended::Exit(status) if status.success() => {
            (Status::Pass, None, String::from("exit code 0"))
        }
        Ended::Exit(status) => match status.code() {
            Some(code) => (
                Status::Fail,
                Some(Code::CommandFailed),
                format!("exit code {code}"),
            ),
            None => (
                Status::Error,
                Some(Code::CommandSignalled),
                status.to_string(),
            ),
        },
        Ended::NotStarted(error) => (
            Status::Error,
            Some(Code::CommandNotFound),
            format!("not started: {error}"),
        ),
        Ended::TimedOut(limit) => (
            Status::Error,
            Some(Code::CommandTimedOut),
            format!("not done within {} seconds", limit.as_secs()),
        ),
    };
    let tail = outcome.tail.trim();
    let reason = if status == Status::Pass || tail.is_empty() {
        format!("`{shown}`: {text}")
    } else {
        format!("`{shown}`: {text}; its last output: {tail}")
    };
    CriterionResult {
        id: String::from("command_succeeds"),
        sub_gate: None,
        status,
        enforcement,
        observed: Some(Observed {
            text,
            ..Observed::default()
        }),
        required: Some(Required {
            text: String::from("exit code 0"),
            ..Required::default()
        }),
        margin: None,
        sample: Some(1),
        code,
        reason: Some(reason),
        next_step: (status != Status::Pass).then(|| format!("run `{shown}` and mend what it says")),
        findings: 0,
        evidence: Vec::new(),
    }
}
