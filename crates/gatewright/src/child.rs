//! A recorded command: started in a group of its own, its output passed on,
//! the end of it kept, and the whole group ended when the time is up.
#![allow(
    clippy::disallowed_methods,
    reason = "starting and timing the recorded command is what this module is for"
)]

use std::collections::VecDeque;
use std::ffi::OsString;
use std::io::{self, Read, Write};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;
use std::time::{Duration, Instant};

/// How much of the end of the output is kept to look for credentials in, and
/// how much of that becomes the reason.
const KEPT: usize = 64 * 1024;
const TAIL: usize = 2_000;
/// How long a grandchild may hold the output open after the command ended.
const GRACE: Duration = Duration::from_secs(2);

/// How the command ended.
#[derive(Debug)]
pub(crate) enum Ended {
    Exit(ExitStatus),
    NotStarted(io::Error),
    TimedOut(Duration),
}

#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) ended: Ended,
    pub(crate) tail: String,
}

pub(crate) fn run(command: &[OsString], timeout: Option<Duration>) -> Outcome {
    let mut child = match start(command) {
        Ok(child) => child,
        Err(error) => {
            let ended = Ended::NotStarted(error);
            return Outcome {
                ended,
                tail: String::new(),
            };
        }
    };
    let group = child.id();
    gate_runner::on_stop(move || end_group(group));
    let kept = Arc::new(Mutex::new(VecDeque::with_capacity(KEPT)));
    let (done, all_read) = mpsc::channel();
    let mut open = 0;
    if let Some(out) = child.stdout.take() {
        pass_on(out, Arc::clone(&kept), done.clone());
        open += 1;
    }
    if let Some(err) = child.stderr.take() {
        pass_on(err, Arc::clone(&kept), done);
        open += 1;
    }
    let ended = wait(&mut child, timeout);
    if matches!(ended, Ended::TimedOut(_)) {
        end_group(group);
        // Reaps it; it may just have ended by itself.
        let _ = child.wait();
    }
    let until = Instant::now() + GRACE;
    for _ in 0..open {
        let left = until.saturating_duration_since(Instant::now());
        if all_read.recv_timeout(left).is_err() {
            break;
        }
    }
    let kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
    let cut = kept.len() >= KEPT;
    let bytes: Vec<u8> = kept.iter().copied().collect();
    Outcome {
        ended,
        tail: tail(&String::from_utf8_lossy(&bytes), cut),
    }
}

fn start(command: &[OsString]) -> io::Result<Child> {
    let Some((program, arguments)) = command.split_first() else {
        return Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "no command was given",
        ));
    };
    let mut command = Command::new(program);
    command
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    command.spawn()
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
            Ok(None) if started.elapsed() >= limit => return Ended::TimedOut(limit),
            Ok(None) => thread::sleep(Duration::from_millis(20)),
        }
    }
}

/// Ends the command and everything it started that stayed in its group.
fn end_group(group: u32) {
    #[cfg(unix)]
    if let Some(group) = i32::try_from(group)
        .ok()
        .and_then(rustix::process::Pid::from_raw)
    {
        // Gone already is as good.
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
    #[cfg(not(unix))]
    let _ = group;
}

/// Passes output on to standard error, so that standard output stays the
/// verdict's, and keeps its end.
fn pass_on(
    mut output: impl Read + Send + 'static,
    kept: Arc<Mutex<VecDeque<u8>>>,
    done: mpsc::Sender<()>,
) {
    thread::spawn(move || {
        let mut buffer = vec![0; 16 * 1024];
        while let Ok(read) = output.read(&mut buffer) {
            if read == 0 {
                break;
            }
            // Whoever reads our output may be gone; the command goes on.
            let _ = io::stderr().write_all(&buffer[..read]);
            let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
            kept.extend(&buffer[..read]);
            let over = kept.len().saturating_sub(KEPT);
            kept.drain(..over);
        }
        // Nobody waits any more when the grace is over.
        let _ = done.send(());
    });
}

/// The end of the output without lines that hold a credential: verdicts travel
/// as artifacts, where no log mask reaches.
fn tail(text: &str, cut: bool) -> String {
    let mut hits = Vec::new();
    security_gate::secrets::scan("output.txt", text.as_bytes(), &mut hits);
    let mut lines: Vec<&str> = text.lines().collect();
    for hit in &hits {
        if let Some(line) = usize::try_from(hit.line)
            .ok()
            .and_then(|line| lines.get_mut(line - 1))
        {
            *line = HIDDEN;
        }
    }
    hide_key_blocks(&mut lines);
    if cut {
        // Its beginning is lost, so nobody can tell what it holds.
        lines.remove(0);
    }
    let mut from = lines.len();
    let mut left = TAIL;
    while from > 0 && lines[from - 1].len() < left {
        left -= lines[from - 1].len() + 1;
        from -= 1;
    }
    let mut shown = lines.split_off(from);
    shown.dedup_by(|a, b| *a == HIDDEN && *b == HIDDEN);
    shown.join("\n")
}

const HIDDEN: &str = "[lines with a credential are left out]";

/// Hides everything from a `BEGIN` to its `END`; where one of them is missing,
/// from there to the edge.
fn hide_key_blocks(lines: &mut [&str]) {
    let begins = |line: &str| line.contains("-----BEGIN ");
    let ends = |line: &str| line.contains("-----END ");
    let first_end = lines.iter().position(|line| ends(line));
    let first_begin = lines.iter().position(|line| begins(line));
    let mut inside = match (first_end, first_begin) {
        (Some(end), Some(begin)) => end < begin,
        (Some(_), None) => true,
        (None, _) => false,
    };
    for line in lines {
        inside |= begins(line);
        let last = ends(line);
        if inside {
            *line = HIDDEN;
        }
        inside &= !last;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_block_is_hidden_whole_and_when_half_of_it_is_gone() {
        let body = "MIIEpAIBAAKCAQEAnothing";
        for text in [
            format!("a\n-----BEGIN X KEY-----\n{body}\n-----END X KEY-----\nb\n"),
            format!("{body}\n-----END X KEY-----\nb\n"),
            format!("a\n-----BEGIN X KEY-----\n{body}\n{body}\n"),
        ] {
            assert!(!tail(&text, false).contains(body), "{text}");
        }
        assert_eq!(tail("one\ntwo\n", false), "one\ntwo");
        assert_eq!(tail("half a tok\ntwo\n", true), "two");
    }
}
