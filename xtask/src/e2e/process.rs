//! Child processes: a clean environment, a time limit, their output.

use anyhow::{Context as _, Result, bail};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// How a child ended and what it said.
#[derive(Debug)]
pub(super) struct Ended {
    /// `None`: a signal ended it.
    pub(super) code: Option<i32>,
    /// Standard output and error, as they came.
    pub(super) log: String,
}

/// A command without the machine's variables, but for what programs need to start.
pub(super) fn clean(program: impl AsRef<std::ffi::OsStr>, home: &Path) -> Command {
    let mut command = Command::new(program);
    command.env_clear();
    for name in ["PATH", "TMPDIR", "LD_LIBRARY_PATH"] {
        if let Some(value) = std::env::var_os(name) {
            command.env(name, value);
        }
    }
    command
        .env("HOME", home)
        .env("LC_ALL", "C")
        .env("TZ", "UTC")
        .stdin(Stdio::null());
    for role in ["AUTHOR", "COMMITTER"] {
        command
            .env(format!("GIT_{role}_NAME"), "Case")
            .env(format!("GIT_{role}_EMAIL"), "case@example.invalid");
        command.env(format!("GIT_{role}_DATE"), "2026-01-02T03:04:05Z");
    }
    // Never /dev/null: `git config --global` replaces the file it is told of by a new one.
    command
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CONFIG_GLOBAL", home.join("gitconfig"));
    command
}

/// Runs to the end; a failure is an error with the output.
pub(crate) fn succeed(command: &mut Command) -> Result<String> {
    let shown = format!("{command:?}");
    let output = command
        .output()
        .with_context(|| format!("{shown} cannot be started"))?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if !output.status.success() {
        bail!(
            "{shown} ended with {}:\n{}{}",
            output.status,
            text(&output.stdout),
            text(&output.stderr)
        );
    }
    Ok(text(&output.stdout))
}

/// Runs to the end or to the limit, whatever the exit code. The output goes through a file, so that a grandchild
/// that keeps a pipe open cannot hold us up.
pub(super) fn limited(command: &mut Command, log: &Path, limit: Duration) -> Result<Ended> {
    let shown = command.get_program().to_string_lossy().into_owned();
    let file = std::fs::File::create(log)?;
    let mut child = command
        .stdout(file.try_clone()?)
        .stderr(file)
        .spawn()
        .with_context(|| format!("{shown} cannot be started"))?;
    let started = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        if started.elapsed() > limit {
            child.kill()?;
            child.wait()?;
            let said = String::from_utf8_lossy(&std::fs::read(log)?).into_owned();
            bail!(
                "{shown} did not end within {} s:\n{}",
                limit.as_secs(),
                tail(&said, 40)
            );
        }
        std::thread::sleep(Duration::from_millis(10));
    };
    Ok(Ended {
        code: status.code(),
        log: String::from_utf8_lossy(&std::fs::read(log)?).into_owned(),
    })
}

/// The last lines of a text.
pub(super) fn tail(text: &str, lines: usize) -> String {
    let all: Vec<_> = text.lines().collect();
    all[all.len().saturating_sub(lines)..].join("\n")
}
