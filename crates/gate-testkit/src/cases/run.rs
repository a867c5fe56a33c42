use super::layout::LaidOut;
use crate::env::{FIXED_DATE, scrub};
use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// What a binary left behind; its files are in the output folder.
#[derive(Clone, Debug)]
pub struct Ran {
    /// `None` when a signal ended it.
    pub exit: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

/// A case is small: what takes longer hangs.
const LONGEST: Duration = Duration::from_mins(1);

/// Runs `binary` with the case's arguments and environment; kills it after a minute.
pub fn run(binary: &Path, case: &Path, laid_out: &LaidOut) -> io::Result<Ran> {
    let filled = |text: &str| {
        text.replace("{root}", &laid_out.root.to_string_lossy())
            .replace("{out}", &laid_out.out.to_string_lossy())
            .replace("{case}", &case.to_string_lossy())
            .replace(
                "{base}",
                laid_out.base.as_deref().unwrap_or("(the case has no base)"),
            )
            .replace("{head}", &laid_out.head)
    };
    let lines = |name: &str| -> io::Result<Vec<String>> {
        match fs::read_to_string(case.join(name)) {
            Ok(text) => Ok(text
                .lines()
                .filter(|line| !line.is_empty())
                .map(filled)
                .collect()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    };
    let streams = tempfile::tempdir()?;
    let (stdout, stderr) = (streams.path().join("stdout"), streams.path().join("stderr"));
    let mut command = Command::new(binary);
    scrub(&mut command)
        .current_dir(&laid_out.root)
        .env("GATEWRIGHT_OUT", &laid_out.out)
        .env("GATEWRIGHT_AS_OF", FIXED_DATE)
        .args(lines("args")?)
        .stdin(Stdio::null())
        .stdout(File::create(&stdout)?)
        .stderr(File::create(&stderr)?);
    for line in lines("env")? {
        let (name, value) = line
            .split_once('=')
            .ok_or_else(|| io::Error::other(format!("env: `{line}` is not NAME=VALUE")))?;
        command.env(name, value);
    }
    let mut child = command
        .spawn()
        .map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", binary.display())))?;
    let started = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        if started.elapsed() > LONGEST {
            child.kill()?;
            child.wait()?;
            return Err(io::Error::other(format!(
                "{} ran longer than {} s",
                binary.display(),
                LONGEST.as_secs()
            )));
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    let text =
        |path: &Path| fs::read(path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    Ok(Ran {
        exit: status.code(),
        stdout: text(&stdout)?,
        stderr: text(&stderr)?,
    })
}
