//! The second implementation (`oracle.py`), in a virtual environment of its own.

use crate::workspace::{root, tools_folder};
use anyhow::{Context as _, Result, bail};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The renderer is GitHub's own, the reader of HTML a browser's rules, and the character classes those of Unicode.
const PACKAGES: &[&str] = &["cmarkgfm==2025.10.22", "html5lib==1.1", "regex==2026.11.19"];

/// A reference that does not resolve.
#[derive(Clone, Debug)]
pub(super) struct Expected {
    pub(super) path: String,
    /// The destination stands between these lines, 1-based and inclusive.
    pub(super) line: u32,
    pub(super) last_line: u32,
    pub(super) destination: String,
    /// `file`, `anchor`, `case`, `above_root` or `line`.
    pub(super) kind: String,
}

#[derive(Debug, Default)]
pub(super) struct Answer {
    pub(super) expected: Vec<Expected>,
    pub(super) files: u64,
    pub(super) links: u64,
}

#[derive(Debug)]
pub(super) struct Oracle {
    python: PathBuf,
}

impl Oracle {
    /// Installs what the script needs, where that is missing.
    pub(super) fn open() -> Result<Self> {
        let folder = tools_folder()?.join("oracle");
        let python = folder.join("bin/python");
        if !python.is_file() {
            succeed(Command::new("python3").args(["-m", "venv"]).arg(&folder))
                .context("the second implementation needs Python 3.10 or later")?;
        }
        let mark = folder.join("installed.txt");
        let wanted = PACKAGES.join("\n");
        if fs::read_to_string(&mark).ok().as_deref() != Some(wanted.as_str()) {
            println!("installing {PACKAGES:?}");
            succeed(
                Command::new(&python)
                    .args([
                        "-m",
                        "pip",
                        "install",
                        "--quiet",
                        "--disable-pip-version-check",
                    ])
                    .args(PACKAGES),
            )?;
            fs::write(&mark, wanted)?;
        }
        Ok(Self { python })
    }

    /// Every reference of a checkout that does not resolve.
    pub(super) fn ask(&self, checkout: &Path) -> Result<Answer> {
        let output = Command::new(&self.python)
            .arg(root().join("xtask/src/score/oracle.py"))
            .arg(checkout)
            .stderr(Stdio::inherit())
            .output()?;
        if !output.status.success() {
            bail!(
                "{}: the oracle ended with {}",
                checkout.display(),
                output.status
            );
        }
        let mut answer = Answer::default();
        for line in String::from_utf8_lossy(&output.stdout).lines() {
            let value: Value = serde_json::from_str(line)?;
            let Some(path) = value["path"].as_str() else {
                answer.files = value["files"].as_u64().unwrap_or_default();
                answer.links = value["links"].as_u64().unwrap_or_default();
                continue;
            };
            let text = |name: &str| value[name].as_str().unwrap_or_default().to_owned();
            answer.expected.push(Expected {
                path: path.to_owned(),
                line: number(&value["line"])?,
                last_line: number(&value["last_line"])?,
                destination: text("destination"),
                kind: text("kind"),
            });
        }
        Ok(answer)
    }
}

fn number(value: &Value) -> Result<u32> {
    let number = value.as_u64().and_then(|value| u32::try_from(value).ok());
    number.with_context(|| format!("found `{value}` from the oracle, expected a line"))
}

fn succeed(command: &mut Command) -> Result<()> {
    let status = command
        .status()
        .with_context(|| format!("{} does not start", command.get_program().display()))?;
    if !status.success() {
        bail!("{command:?} ended with {status}");
    }
    Ok(())
}
