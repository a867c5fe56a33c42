use crate::env::scrub;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A case as a repository on disk; removed when dropped.
#[derive(Debug)]
pub struct LaidOut {
    _folder: tempfile::TempDir,
    /// The repository's root.
    pub root: PathBuf,
    /// Outside of the repository; not yet there.
    pub out: PathBuf,
    /// The first commit, when the case has a `base/`.
    pub base: Option<String>,
    pub head: String,
}

/// Lays out `case` as a git repository with one or two commits. Needs the git executable.
pub fn lay_out(case: &Path) -> io::Result<LaidOut> {
    let folder = tempfile::Builder::new().prefix("gate-case-").tempdir()?;
    // The real path, so that what a binary prints can be recognised.
    let top = folder.path().canonicalize()?;
    let (root, out) = (top.join("repository"), top.join("out"));
    fs::create_dir(&root)?;
    git(&root, &["init", "--quiet", "--initial-branch=main"])?;
    let base = case.join("base");
    let base = if base.is_dir() {
        Some(commit(case, &base, &root, "base")?)
    } else {
        None
    };
    if base.is_some() {
        clear(&root)?;
    }
    let head = commit(case, &case.join("input"), &root, "head")?;
    copy_if_there(&case.join("untracked"), &root)?;
    Ok(LaidOut {
        _folder: folder,
        root,
        out,
        base,
        head,
    })
}

/// The tree `from` with the case's policy, unless it brings its own.
fn commit(case: &Path, from: &Path, root: &Path, message: &str) -> io::Result<String> {
    let policy = root.join(".github/gates.yml");
    if case.join("gates.yml").is_file() {
        fs::create_dir_all(root.join(".github"))?;
        fs::copy(case.join("gates.yml"), &policy)?;
    }
    copy_if_there(from, root)?;
    git(root, &["add", "--all", "--force", "."])?;
    git(
        root,
        &[
            "commit",
            "--quiet",
            "--allow-empty",
            "--no-gpg-sign",
            "-m",
            message,
        ],
    )?;
    git(root, &["rev-parse", "HEAD"])
}

fn copy_if_there(from: &Path, to: &Path) -> io::Result<()> {
    if !from.is_dir() {
        return Ok(());
    }
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_str().ok_or_else(|| {
            io::Error::other(format!("{}: its name is not UTF-8", entry.path().display()))
        })?;
        let laid_out = [".yml.in", ".yaml.in"]
            .iter()
            .any(|end| name.ends_with(end));
        let target = to.join(if laid_out {
            name.trim_end_matches(".in")
        } else {
            name
        });
        if let Some(link) = name.strip_suffix(".link") {
            let leads_to = fs::read_to_string(entry.path())?;
            symlink(leads_to.trim_end(), &to.join(link))?;
        } else if entry.file_type()?.is_dir() {
            fs::create_dir_all(&target)?;
            copy_if_there(&entry.path(), &target)?;
        } else {
            // Follows a link: cases hold plain files.
            fs::copy(entry.path(), &target)?;
        }
    }
    Ok(())
}

#[cfg(unix)]
fn symlink(leads_to: &str, at: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(leads_to, at)
}

#[cfg(not(unix))]
fn symlink(_: &str, at: &Path) -> io::Result<()> {
    Err(io::Error::other(format!("{}: no links here", at.display())))
}

/// Removes everything but the repository's own folder.
fn clear(root: &Path) -> io::Result<()> {
    for entry in fs::read_dir(root)? {
        let entry = entry?;
        if entry.file_name() == ".git" {
            continue;
        }
        if entry.file_type()?.is_dir() {
            fs::remove_dir_all(entry.path())?;
        } else {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

fn git(root: &Path, arguments: &[&str]) -> io::Result<String> {
    let output = scrub(&mut Command::new("git"))
        .current_dir(root)
        .args(arguments)
        .output()?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        return Err(io::Error::other(format!(
            "git {} failed: {said}",
            arguments.join(" ")
        )));
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
