//! A case on disk: a home folder, a copy of the suite that looks like a release, and the repository with its event.

use super::case::{Case, Event, fixtures};
use super::files::{copy_tree, overlay};
use super::process::{clean, succeed};
use super::tools::Programs;
use super::workflow;
use crate::workspace::root;
use anyhow::{Context as _, Result};
use serde_json::{Value, json};
use std::fs;
use std::path::PathBuf;
use tempfile::TempDir;

/// The repository that the case plays in.
pub(super) const REPOSITORY: &str = "octo/shop";
/// A fork of it.
pub(super) const FORK: &str = "eve/shop";
const VERSION: &str = "0.0.0-e2e";

/// Where a case's files are.
#[derive(Debug)]
pub(super) struct Bench {
    _folder: Option<TempDir>,
    pub(super) top: PathBuf,
    /// The workflow, from the repository's root or absolute.
    pub(super) workflow: String,
    /// The commit that the run is for.
    pub(super) sha: String,
    pub(super) git_ref: &'static str,
    /// The head commit: of a pull request the branch's own.
    pub(super) head: String,
}

impl Bench {
    pub(super) fn home(&self) -> PathBuf {
        self.top.join("home")
    }

    pub(super) fn suite(&self) -> PathBuf {
        self.top.join("suite")
    }

    pub(super) fn repository(&self) -> PathBuf {
        self.top.join("repository")
    }

    pub(super) fn event(&self) -> PathBuf {
        self.top.join("event.json")
    }

    /// Where act has the runner's tool cache.
    pub(super) fn tool_cache(&self) -> PathBuf {
        self.home().join(".cache/act/tool_cache")
    }

    /// What the last step of the workflow and the program in front of the binary leave.
    pub(super) fn record(&self) -> PathBuf {
        self.home().join("record")
    }

    /// What the stand-in of actions/upload-artifact keeps, a folder for each.
    pub(super) fn artifacts(&self) -> PathBuf {
        self.home().join("artifacts")
    }
}

pub(super) fn lay_out(
    case: &Case,
    programs: &Programs,
    minirun: bool,
    keep: bool,
) -> Result<Bench> {
    let folder = tempfile::Builder::new()
        .prefix("gatewright-e2e-")
        .tempdir()?;
    let top = folder.path().canonicalize()?;
    let folder = if keep {
        println!("     {} is in {}", case.name, folder.keep().display());
        None
    } else {
        Some(folder)
    };
    let mut bench = Bench {
        _folder: folder,
        top,
        workflow: String::new(),
        sha: String::new(),
        git_ref: "",
        head: String::new(),
    };
    for made in [
        bench.home().join("bin"),
        bench.record(),
        bench.artifacts(),
        bench.repository(),
    ] {
        fs::create_dir_all(made)?;
    }
    front(case, programs, &bench)?;
    suite(&bench)?;
    let own = case.workflow.starts_with(".github/");
    let text =
        fs::read_to_string(root().join(&case.workflow)).with_context(|| case.workflow.clone())?;
    let text = workflow::publishing(&text, case.publish.as_deref());
    let text = workflow::recorded(&workflow::without_unbuilt(&text, programs));
    let name = format!(
        ".github/workflows/{}",
        case.workflow.rsplit('/').next().unwrap_or_default()
    );
    let repository = bench.repository();
    if own {
        copy_tree(&bench.suite(), &repository)?;
        for release in ["VERSION", "checksums.txt"] {
            fs::remove_file(repository.join(release))?;
        }
    } else {
        copy_tree(&fixtures().join("project"), &repository)?;
    }
    let file = repository.join(&name);
    fs::create_dir_all(file.parent().context("a folder")?)?;
    fs::write(
        &file,
        if own {
            workflow::siblings_as_local(&text)
        } else {
            text.clone()
        },
    )?;
    bench.workflow = name;
    commits(case, &mut bench)?;
    if minirun {
        for_minirun(&text, own, &mut bench)?;
    }
    Ok(bench)
}

/// The workflow as minirun takes it, outside of the repository.
pub(super) fn for_minirun(text: &str, own: bool, bench: &mut Bench) -> Result<()> {
    let file = bench.top.join("minirun.yml");
    let cache = bench.tool_cache().display().to_string();
    let variables = [
        ("RUNNER_TOOL_CACHE", cache.as_str()),
        ("GITHUB_REF", bench.git_ref),
    ];
    fs::write(&file, workflow::for_minirun(text, own, &variables))?;
    bench.workflow = file.display().to_string();
    Ok(())
}

/// Programs that come first on the path; the first is the one in the release archive.
fn front(case: &Case, programs: &Programs, bench: &Bench) -> Result<()> {
    let read = |name: &str| fs::read_to_string(fixtures().join(name));
    let text = read("front.sh")?
        .replace("@BINARY@", &programs.gatewright.display().to_string())
        .replace("@KILLED@", &case.killed.join(" "));
    for (name, text) in [
        ("gatewright", text),
        ("cargo", read("cargo.sh")?),
        ("curl", read("curl.sh")?),
    ] {
        let path = bench.home().join("bin").join(name);
        fs::write(&path, text)?;
        succeed(clean("chmod", &bench.home()).arg("755").arg(path))?;
    }
    Ok(())
}

/// The suite as a release commit has it, with the release's archive in the tool cache.
fn suite(bench: &Bench) -> Result<()> {
    let suite = bench.suite();
    for folder in ["actions", "action-templates"] {
        copy_tree(&root().join(folder), &suite.join(folder))?;
    }
    fs::copy(root().join("action.yml"), suite.join("action.yml"))?;
    copy_tree(&fixtures().join("stand-ins"), &bench.top.join("stand-ins"))?;
    // minirun finds every action below one folder.
    copy_tree(&fixtures().join("stand-ins"), &suite.join("stand-ins"))?;
    let system = if cfg!(target_os = "macos") {
        "apple-darwin"
    } else {
        "unknown-linux-musl"
    };
    let asset = format!(
        "gatewright-{VERSION}-{}-{system}.tar.gz",
        std::env::consts::ARCH
    );
    let cache = bench.tool_cache().join("gatewright").join(VERSION);
    fs::create_dir_all(&cache)?;
    let home = bench.home();
    succeed(
        clean("tar", &home)
            .arg("-czf")
            .arg(cache.join(&asset))
            .arg("-C")
            .arg(home.join("bin"))
            .arg("gatewright"),
    )?;
    let sums =
        "if command -v sha256sum >/dev/null; then sha256sum \"$0\"; else shasum -a 256 \"$0\"; fi";
    let sums = succeed(
        clean("sh", &home)
            .args(["-c", sums, &asset])
            .current_dir(&cache),
    )?;
    fs::write(suite.join("VERSION"), format!("{VERSION}\n"))?;
    fs::write(suite.join("checksums.txt"), sums)?;
    Ok(())
}

/// The base commit, the head commit, and on a pull request the merge of both, checked out as a runner does.
fn commits(case: &Case, bench: &mut Bench) -> Result<()> {
    let repository = bench.repository();
    let git = |arguments: &[&str]| {
        succeed(
            clean("git", &bench.home())
                .args(arguments)
                .current_dir(&repository),
        )
        .map(|out| out.trim().to_owned())
    };
    let commit = |message: &str| {
        git(&["add", "--all", "--force"])?;
        git(&["commit", "--quiet", "--allow-empty", "--message", message])?;
        git(&["rev-parse", "HEAD"])
    };
    git(&["init", "--quiet", "--initial-branch=main"])?;
    git(&[
        "remote",
        "add",
        "origin",
        &format!("https://github.com/{REPOSITORY}.git"),
    ])?;
    let write_secret = |above: &str| {
        let Some(secret) = &case.secret else {
            return Ok(());
        };
        let path = repository.join(&secret.path);
        fs::create_dir_all(path.parent().context("a folder")?)?;
        let line = format!("{above}{}{}\n", secret.before, secret.value);
        fs::write(path, line).map_err(anyhow::Error::from)
    };
    let in_base = case.secret.as_ref().is_some_and(|secret| secret.in_base);
    overlay(&case.folder.join("base"), &repository)?;
    if in_base {
        write_secret("")?;
    }
    let base = commit("Base")?;
    git(&["update-ref", "refs/remotes/origin/main", "HEAD"])?;
    if case.event != Event::Push {
        git(&["switch", "--quiet", "--create", "change"])?;
    }
    overlay(&case.folder.join("head"), &repository)?;
    // Of the base's, the head moves the line.
    write_secret(if in_base { "# Settings\n" } else { "" })?;
    let head = commit("Head")?;
    let tip = head.clone();
    let about = json!({"full_name": REPOSITORY, "default_branch": "main"});
    let (event, sha, git_ref): (Value, String, _) = match case.event {
        Event::Push => {
            let event = json!({"ref": "refs/heads/main", "before": base, "after": head, "created": false, "forced": false, "repository": about});
            (event, head, "refs/heads/main")
        }
        Event::PullRequest | Event::ForkPullRequest => {
            git(&["checkout", "--quiet", "--detach", "main"])?;
            git(&[
                "merge",
                "--quiet",
                "--no-ff",
                "--message",
                "Merge",
                "change",
            ])?;
            let from = match case.event {
                Event::ForkPullRequest => json!({"full_name": FORK}),
                _ => about.clone(),
            };
            let side = |name: &str, sha: &str, repo: &Value| json!({"ref": name, "sha": sha, "repo": repo});
            let request = json!({"number": 7, "base": side("main", &base, &about), "head": side("change", &head, &from)});
            let event = json!({"number": 7, "pull_request": request, "repository": about});
            (event, git(&["rev-parse", "HEAD"])?, "refs/pull/7/merge")
        }
    };
    fs::write(bench.event(), event.to_string())?;
    (bench.sha, bench.git_ref, bench.head) = (sha, git_ref, tip);
    Ok(())
}
