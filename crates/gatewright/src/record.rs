//! `gatewright record`: a team's own script joins the fold. The command's exit
//! code becomes a verdict with one criterion, `command_succeeds`.
#![allow(
    clippy::disallowed_methods,
    reason = "starting the recorded command is what this verb is for"
)]

use clap::Args;
use gate_policy::Check;
use gate_runner::{Failure, Flags, Prepared, Session, publish};
use gate_verdict::{Code, CriterionResult, EvidenceRef, Observed, Required, Status};
use std::collections::VecDeque;
use std::ffi::OsString;
use std::io::{self, Read, Write};
use std::process::{Child, Command, ExitCode, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// How much of the end of the output becomes the reason.
const TAIL: usize = 2_000;

#[derive(Args, Debug)]
struct RecordFlags {
    #[command(flatten)]
    flags: Flags,
    /// The command to run, behind `--`
    #[arg(last = true, required = true, value_name = "COMMAND")]
    command: Vec<OsString>,
}

pub(crate) fn main(arguments: Vec<OsString>) -> ExitCode {
    let about = "Runs a command and records its outcome as the verdict of a gate";
    gate_runner::start::<RecordFlags>("gatewright-record", about, arguments, |mut parsed| {
        // The time is the command's; running out of it is its outcome.
        let timeout = parsed.flags.timeout.take();
        let command = parsed.command;
        gate_runner::run(parsed.flags, |session| body(session, &command, timeout))
    })
}

fn body(session: &Session, command: &[OsString], timeout: Option<Duration>) -> Result<u8, Failure> {
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
    let prepared = Prepared::open(session, Check::Kind(&key))?;
    let kind = prepared
        .in_force
        .policy
        .gates
        .get(&key)
        .map_or("custom", |gate| gate.kind.as_str());
    let mut recording = gate_runner::Recording::begin(session, &prepared, &key, kind)?;
    if !prepared.in_force.policy.gates.contains_key(&key) {
        recording.verdict.notices.push(format!(
            "no policy names gate `{key}`: it is shown and binds nothing; write it under `gates:` to make it count"
        ));
    }
    let outcome = run(command, timeout);
    let shown = command
        .iter()
        .map(|part| part.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ");
    let shown = without_secrets(&shown);
    recording
        .verdict
        .criteria
        .push(criterion(&outcome, &shown, recording.enforcement));
    recording.verdict.evidence.push(EvidenceRef {
        kind: String::from("command"),
        format: None,
        path: None,
        sha256: None,
        tool: command
            .first()
            .map(|program| program.to_string_lossy().into_owned()),
        records: 1,
        skipped: 0,
        excluded: 0,
    });
    let judgements = recording.finish(session, prepared)?;
    Ok(publish::gates(session, &judgements))
}

/// How the command ended.
enum Ended {
    Exit(ExitStatus),
    NotStarted(io::Error),
    TimedOut(Duration),
}

struct Outcome {
    ended: Ended,
    tail: String,
}

fn criterion(
    outcome: &Outcome,
    shown: &str,
    enforcement: gate_verdict::Enforcement,
) -> CriterionResult {
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

fn run(command: &[OsString], timeout: Option<Duration>) -> Outcome {
    let Some((program, arguments)) = command.split_first() else {
        let error = io::Error::new(io::ErrorKind::InvalidInput, "no command was given");
        return Outcome {
            ended: Ended::NotStarted(error),
            tail: String::new(),
        };
    };
    let started = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut child = match started {
        Ok(child) => child,
        Err(error) => {
            return Outcome {
                ended: Ended::NotStarted(error),
                tail: String::new(),
            };
        }
    };
    let tail = Arc::new(Mutex::new(VecDeque::with_capacity(TAIL)));
    let readers: Vec<_> = [
        child
            .stdout
            .take()
            .map(|out| pass_on(out, Arc::clone(&tail))),
        child
            .stderr
            .take()
            .map(|out| pass_on(out, Arc::clone(&tail))),
    ]
    .into_iter()
    .flatten()
    .collect();
    let ended = wait(&mut child, timeout);
    if !matches!(ended, Ended::TimedOut(_)) {
        for reader in readers {
            // A reader that panicked has passed on what it could.
            let _ = reader.join();
        }
    }
    let bytes: Vec<u8> = tail
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .iter()
        .copied()
        .collect();
    Outcome {
        ended,
        tail: without_secrets(&String::from_utf8_lossy(&bytes)),
    }
}

fn wait(child: &mut Child, timeout: Option<Duration>) -> Ended {
    let Some(limit) = timeout else {
        return child.wait().map_or_else(Ended::NotStarted, Ended::Exit);
    };
    let started = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Ended::Exit(status),
            Err(error) => return Ended::NotStarted(error),
            Ok(None) if started.elapsed() >= limit => {
                // It may just have ended by itself; either way it is over.
                let _ = child.kill();
                let _ = child.wait();
                return Ended::TimedOut(limit);
            }
            Ok(None) => thread::sleep(Duration::from_millis(20)),
        }
    }
}

/// Passes the command's output on to standard error, so that standard output
/// stays the verdict's, and keeps its end.
fn pass_on(
    mut output: impl Read + Send + 'static,
    tail: Arc<Mutex<VecDeque<u8>>>,
) -> thread::JoinHandle<()> {
    thread::spawn(move || {
        let mut buffer = vec![0; 16 * 1024];
        loop {
            let read = match output.read(&mut buffer) {
                Ok(0) | Err(_) => return,
                Ok(read) => read,
            };
            let _ = io::stderr().write_all(&buffer[..read]);
            let mut tail = tail.lock().unwrap_or_else(PoisonError::into_inner);
            tail.extend(&buffer[..read]);
            let over = tail.len().saturating_sub(TAIL);
            tail.drain(..over);
        }
    })
}

/// Verdicts travel as artifacts, where no log mask reaches: lines that hold a
/// credential are left out.
fn without_secrets(text: &str) -> String {
    let mut hits = Vec::new();
    security_gate::secrets::scan("output.txt", text.as_bytes(), &mut hits);
    let hidden: Vec<u32> = hits.iter().map(|hit| hit.line).collect();
    (1_u32..)
        .zip(text.lines())
        .map(|(number, line)| {
            if hidden.contains(&number) {
                "[a line with a credential is left out]"
            } else {
                line
            }
        })
        .collect::<Vec<_>>()
        .join("\n")
}
