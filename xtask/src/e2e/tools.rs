//! The programs under test and the tools around them, installed through their ordinary package managers into one
//! folder where they are missing.

use super::process::succeed;
use crate::workspace::cargo;
use anyhow::{Context as _, Result, bail};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const ACT: &str = "github.com/nektos/act@v0.2.87";
const OPENAPI: &str = "@octokit/openapi@23.0.2";

/// What was built from this checkout.
#[derive(Debug)]
pub(super) struct Programs {
    pub(super) gatewright: PathBuf,
    pub(super) fake_github: PathBuf,
}

impl Programs {
    pub(super) fn build() -> Result<Self> {
        let arguments = [
            "build",
            "--package",
            "gatewright",
            "--package",
            "gate-testkit",
            "--bins",
            "--message-format=json-render-diagnostics",
        ];
        let output = cargo().args(arguments).stderr(Stdio::inherit()).output()?;
        if !output.status.success() {
            bail!("the binaries do not build; see above");
        }
        let executable = |name: &str| {
            String::from_utf8_lossy(&output.stdout)
                .lines()
                .filter_map(|line| serde_json::from_str::<Value>(line).ok())
                .filter(|message| message["target"]["name"] == name)
                .find_map(|message| Some(PathBuf::from(message["executable"].as_str()?)))
                .with_context(|| format!("cargo built no `{name}`"))
        };
        Ok(Self {
            gatewright: executable("gatewright")?,
            fake_github: executable("fake-github")?,
        })
    }

    /// Whether the binary knows a verb.
    pub(super) fn has(&self, verb: &str) -> bool {
        let asked = Command::new(&self.gatewright)
            .args([verb, "--help"])
            .output();
        asked.is_ok_and(|output| output.status.success())
    }
}

/// The folder that tools are installed in.
#[derive(Debug)]
pub(crate) struct Tools {
    folder: PathBuf,
}

impl Tools {
    pub(crate) fn open() -> Result<Self> {
        let folder = match (
            std::env::var_os("GATEWRIGHT_TOOLS"),
            std::env::var_os("HOME"),
        ) {
            (Some(folder), _) => PathBuf::from(folder),
            (None, Some(home)) => Path::new(&home).join(".cache/gatewright-tools"),
            (None, None) => bail!(
                "neither GATEWRIGHT_TOOLS nor HOME is set: name a folder for tools with GATEWRIGHT_TOOLS"
            ),
        };
        fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
        Ok(Self {
            folder: folder.canonicalize()?,
        })
    }

    /// nektos/act, installed with Go.
    pub(super) fn act(&self) -> Result<PathBuf> {
        let (_, version) = ACT.rsplit_once("@v").context("a version")?;
        let act = self.folder.join("bin/act");
        let known = Command::new(&act).arg("--version").output();
        if known.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).contains(version)) {
            return Ok(act);
        }
        println!("installing {ACT}");
        succeed(
            Command::new("go")
                .args(["install", ACT])
                .env("GOBIN", self.folder.join("bin")),
        )
        .context("act is installed with Go 1.25 or later")?;
        Ok(act)
    }

    /// GitHub's description of its API.
    pub(super) fn openapi(&self) -> Result<PathBuf> {
        let file = self
            .folder
            .join("npm/node_modules/@octokit/openapi/generated/api.github.com.json");
        self.npm(&[OPENAPI])?;
        Ok(file)
    }

    /// A folder with `node_modules` that holds these packages.
    pub(crate) fn node_modules(&self, packages: &[&str]) -> Result<PathBuf> {
        self.npm(packages)?;
        Ok(self.folder.join("npm"))
    }

    /// A program of a Debian package that needs nothing beside it: unpacked there, not installed.
    pub(crate) fn debian(&self, package: &str, program: &str) -> Result<PathBuf> {
        let folder = self.folder.join("debian").join(package);
        let program = folder.join("usr/bin").join(program);
        if program.is_file() {
            return Ok(program);
        }
        fs::create_dir_all(&folder)?;
        println!("unpacking the Debian package {package}");
        succeed(
            Command::new("apt-get")
                .args(["download", package])
                .current_dir(&folder),
        )?;
        let archive = fs::read_dir(&folder)?
            .filter_map(|entry| Some(entry.ok()?.path()))
            .find(|path| path.extension().is_some_and(|ending| ending == "deb"))
            .with_context(|| format!("apt-get left no archive of {package}"))?;
        succeed(
            Command::new("dpkg-deb")
                .arg("--extract")
                .arg(&archive)
                .arg(&folder),
        )?;
        Ok(program)
    }

    /// A program of a package of the Python index, in a virtual environment.
    pub(crate) fn python(&self, package: &str, program: &str) -> Result<PathBuf> {
        let venv = self.folder.join("python");
        if !venv.join("bin/pip").is_file() {
            succeed(Command::new("python3").args(["-m", "venv"]).arg(&venv))?;
        }
        let mark = venv.join(format!("{}.installed", package.replace('/', "-")));
        if !mark.is_file() {
            println!("installing {package}");
            succeed(Command::new(venv.join("bin/pip")).args([
                "install",
                "--quiet",
                "--disable-pip-version-check",
                package,
            ]))?;
            fs::write(&mark, "")?;
        }
        Ok(venv.join("bin").join(program))
    }

    fn npm(&self, packages: &[&str]) -> Result<()> {
        let folder = self.folder.join("npm");
        fs::create_dir_all(&folder)?;
        if !folder.join("package.json").is_file() {
            fs::write(folder.join("package.json"), "{\"private\": true}\n")?;
        }
        let missing: Vec<_> = packages
            .iter()
            .filter(|package| !has_package(&folder, package))
            .collect();
        if missing.is_empty() {
            return Ok(());
        }
        println!("installing {missing:?}");
        let arguments = [
            "install",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
            "--save-exact",
        ];
        succeed(
            Command::new("npm")
                .args(arguments)
                .args(missing)
                .current_dir(&folder),
        )?;
        Ok(())
    }
}

fn has_package(folder: &Path, package: &str) -> bool {
    let Some((name, version)) = package.rsplit_once('@') else {
        return false;
    };
    let described =
        fs::read(folder.join("node_modules").join(name).join("package.json")).unwrap_or_default();
    let described: Value = serde_json::from_slice(&described).unwrap_or_default();
    described["version"] == version
}
