//! Time, processor time and memory of a command.

use anyhow::{Context as _, Result};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// GNU time reads what the kernel counted for the child.
const TIME: &str = "/usr/bin/time";

/// A command to measure.
#[derive(Debug)]
pub(crate) struct Timed {
    pub program: OsString,
    pub arguments: Vec<OsString>,
    pub folder: Option<PathBuf>,
}

impl Timed {
    pub(crate) fn command(&self) -> Command {
        self.under(&[])
    }

    /// What the program calls its version, in one line.
    pub(crate) fn version(&self) -> String {
        let said = Command::new(&self.program).arg("--version").output();
        let said = said.map(|output| output.stdout).unwrap_or_default();
        String::from_utf8_lossy(&said)
            .lines()
            .next()
            .unwrap_or("version not told")
            .to_owned()
    }

    /// The command behind another that starts it.
    pub(crate) fn under(&self, starter: &[&str]) -> Command {
        let mut words: Vec<OsString> = starter.iter().map(OsString::from).collect();
        words.push(self.program.clone());
        words.extend(self.arguments.iter().cloned());
        let mut command = Command::new(&words[0]);
        command.args(&words[1..]);
        // A workflow's variables are not what is measured.
        for (name, _) in std::env::vars_os() {
            let text = name.to_string_lossy();
            if text.starts_with("GITHUB_")
                || text.starts_with("GATEWRIGHT_")
                || text.starts_with("RUNNER_")
            {
                command.env_remove(&name);
            }
        }
        if let Some(folder) = &self.folder {
            command.current_dir(folder);
        }
        command
    }
}

/// What a command costs: medians over its runs.
#[derive(Debug)]
pub(crate) struct Cost {
    pub name: String,
    /// `None`: not installed here.
    pub wall: Option<Spread>,
    /// User and system seconds together, in hundredths.
    pub cpu_hundredths: Option<u64>,
    /// Largest resident set, in KiB.
    pub memory: Option<u64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Spread {
    pub least: Duration,
    pub median: Duration,
    pub most: Duration,
}

impl Cost {
    pub(crate) fn missing(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            wall: None,
            cpu_hundredths: None,
            memory: None,
        }
    }
}

/// Runs a command once for the caches and `runs` times for the figures.
pub(crate) fn median(name: &str, timed: &Timed, runs: usize) -> Result<Cost> {
    println!("measuring {name}");
    let (mut walls, mut cpus, mut memories) = (Vec::new(), Vec::new(), Vec::new());
    once(timed)?;
    for _ in 0..runs {
        let started = Instant::now();
        quiet(&mut timed.command())?;
        walls.push(started.elapsed());
        if let Some((cpu, memory)) = once(timed)? {
            cpus.push(cpu);
            memories.push(memory);
        }
    }
    walls.sort();
    cpus.sort_unstable();
    memories.sort_unstable();
    let wall = Spread {
        least: walls[0],
        median: walls[walls.len() / 2],
        most: walls[walls.len() - 1],
    };
    let middle = |values: &[u64]| values.get(values.len() / 2).copied();
    Ok(Cost {
        name: name.to_owned(),
        wall: Some(wall),
        cpu_hundredths: middle(&cpus),
        memory: middle(&memories),
    })
}

/// One run under GNU time: processor time in hundredths of a second, memory in KiB.
fn once(timed: &Timed) -> Result<Option<(u64, u64)>> {
    if !Path::new(TIME).is_file() {
        quiet(&mut timed.command())?;
        return Ok(None);
    }
    let file = tempfile::NamedTempFile::new()?;
    let path = file.path().to_string_lossy().into_owned();
    quiet(&mut timed.under(&[TIME, "--quiet", "--format", "%U %S %M", "--output", &path]))?;
    let text = std::fs::read_to_string(file.path())?;
    parse(&text).map(Some).with_context(|| {
        format!(
            "found `{}` from {TIME}, expected three numbers",
            text.trim()
        )
    })
}

fn parse(text: &str) -> Option<(u64, u64)> {
    let mut fields = text.split_whitespace();
    let mut hundredths = || -> Option<u64> {
        let (seconds, rest) = fields.next()?.split_once('.')?;
        Some(seconds.parse::<u64>().ok()? * 100 + rest.parse::<u64>().ok()?)
    };
    let cpu = hundredths()? + hundredths()?;
    Some((cpu, fields.next()?.parse().ok()?))
}

/// Exit codes are the command's own matter: a search that finds nothing is 1.
fn quiet(command: &mut Command) -> Result<()> {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
        .status()
        .with_context(|| format!("{} does not start", command.get_program().to_string_lossy()))?;
    Ok(())
}

/// How the figures came about.
pub(crate) fn how() -> String {
    if Path::new(TIME).is_file() {
        String::from(
            "wall clock of the whole process; processor time and peak memory as GNU time reads them from the kernel",
        )
    } else {
        format!(
            "wall clock of the whole process; {TIME} is not installed, so processor time and memory were not measured"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gnu_time_is_read() {
        assert_eq!(parse("0.12 1.03 20480\n"), Some((115, 20_480)));
        assert_eq!(parse("Command exited\n"), None);
    }
}
