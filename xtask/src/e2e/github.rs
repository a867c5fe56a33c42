//! The fake GitHub beside a case.

use super::case::{Case, fixtures};
use super::layout::Bench;
use super::process::clean;
use super::tools::Programs;
use anyhow::{Context as _, Result, bail};
use serde_json::Value;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::Duration;

/// A running fake; it ends with this value.
#[derive(Debug)]
pub(super) struct Github {
    child: Child,
    pub(super) url: String,
    log: PathBuf,
}

impl Github {
    /// `github.json` in the case's folder, else the one beside the cases, scripts its answers; `@HEAD@` in it is the head
    /// commit.
    pub(super) fn start(
        programs: &Programs,
        openapi: &Path,
        case: &Case,
        bench: &Bench,
    ) -> Result<Self> {
        let log = bench.top.join("github.json");
        let mut command = clean(&programs.fake_github, &bench.home());
        command
            .env("GATEWRIGHT_OPENAPI", openapi)
            .args(["--minutes", "5", "--log"])
            .arg(&log);
        let own = case.folder.join("github.json");
        let own = if own.is_file() {
            own
        } else {
            fixtures().join("github.json")
        };
        let setup = bench.top.join("setup.json");
        let text = std::fs::read_to_string(own)?.replace("@HEAD@", &bench.head);
        std::fs::write(&setup, text)?;
        command.arg("--setup").arg(setup);
        let mut child = command
            .stdout(Stdio::piped())
            .spawn()
            .context("fake-github cannot be started")?;
        let mut url = String::new();
        let stdout = child.stdout.take().context("its standard output")?;
        let mut github = Self {
            child,
            url: String::new(),
            log,
        };
        BufReader::new(stdout).read_line(&mut url)?;
        if url.trim().is_empty() {
            bail!("fake-github said no URL; its message is above");
        }
        url.trim().clone_into(&mut github.url);
        Ok(github)
    }

    /// What was asked of it.
    pub(super) fn stop(mut self) -> Result<Value> {
        let so_far = self.so_far();
        self.end();
        so_far
    }

    /// What was asked of it until now.
    pub(super) fn so_far(&self) -> Result<Value> {
        // It looks for new requests every 20 ms.
        std::thread::sleep(Duration::from_millis(100));
        Ok(serde_json::from_slice(&std::fs::read(&self.log)?)?)
    }

    fn end(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Github {
    fn drop(&mut self) {
        self.end();
    }
}
