//! The out folder: where verdicts go, what an earlier run left, atomic writes.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The endings of the files a gate writes for one stem: its own, and those a
/// policy may ask for.
pub const GATE_ENDINGS: [&str; 9] = [
    ".verdict.json",
    ".sarif",
    ".md",
    ".lcov",
    ".cobertura.xml",
    ".coverage.json",
    ".html",
    ".badge.json",
    ".ratchet.json",
];

/// The files `quality-gate` and `run` write beside the gates' own.
pub const DECISION_FILES: [&str; 8] = [
    "decision.json",
    "decision.md",
    "comment.md",
    "comment.json",
    "report.html",
    "badge.svg",
    "badge.json",
    "decision.intoto.json",
];

/// Makes the folder. The local default `.gatewright/` ignores itself, so that
/// it never shows up in `git status`.
pub fn prepare(out: &Path) -> io::Result<()> {
    fs::create_dir_all(out)?;
    if out.file_name().is_some_and(|name| name == ".gatewright") {
        let ignore = out.join(".gitignore");
        if !ignore.exists() {
            write_atomic(&ignore, b"*\n")?;
        }
    }
    Ok(())
}

/// Removes the files an earlier run of the same gate left. A file that cannot
/// be removed is an error: it could be taken for this run's.
pub fn remove_old(out: &Path, names: impl IntoIterator<Item = String>) -> io::Result<()> {
    for name in names {
        match fs::remove_file(out.join(&name)) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(io::Error::new(error.kind(), format!("{name}: {error}"))),
        }
    }
    Ok(())
}

/// Removes every verdict of these gate kinds with the files beside it,
/// whatever key it was written under: what `run` could itself have written.
pub fn remove_verdicts_of(out: &Path, kinds: &[&str]) -> io::Result<()> {
    for entry in fs::read_dir(out)?.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let Some(stem) = name.strip_suffix(".verdict.json") else {
            continue;
        };
        let kind = fs::read(entry.path())
            .ok()
            .and_then(|bytes| serde_json::from_slice::<serde_json::Value>(&bytes).ok())
            .and_then(|verdict| verdict.get("gate_kind")?.as_str().map(str::to_owned));
        if kind.is_none_or(|kind| kinds.contains(&kind.as_str())) {
            remove_old(
                out,
                GATE_ENDINGS.iter().map(|ending| format!("{stem}{ending}")),
            )?;
        }
    }
    Ok(())
}

/// Writes the whole file or nothing: a reader never sees half of it. It is not forced to the disk:
/// who loses the machine loses the run, and waiting would cost more than many a gate.
pub fn write_atomic(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty());
    let mut file = tempfile::Builder::new()
        .prefix(".gatewright-")
        .tempfile_in(folder.unwrap_or(Path::new(".")))?;
    file.write_all(bytes)?;
    #[cfg(unix)]
    {
        // Temporary files are private; what is published is not.
        use std::os::unix::fs::PermissionsExt as _;
        file.as_file()
            .set_permissions(fs::Permissions::from_mode(0o644))?;
    }
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// The out folder for these flags: `--out`, else `$RUNNER_TEMP/gatewright` in
/// Actions, else `.gatewright` below the root.
pub(crate) fn folder(flag: Option<&Path>, runner_temp: Option<&str>, root: &Path) -> PathBuf {
    match (flag, runner_temp) {
        (Some(flag), _) => flag.to_owned(),
        (None, Some(temp)) if !temp.is_empty() => Path::new(temp).join("gatewright"),
        (None, _) => root.join(".gatewright"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_files_go_and_others_stay() {
        let dir = tempfile::tempdir().expect("a temp dir");
        for name in ["a.verdict.json", "b.verdict.json"] {
            write_atomic(&dir.path().join(name), b"{}").expect("written");
        }
        remove_old(dir.path(), ["a.verdict.json".into(), "absent.md".into()]).expect("removed");
        assert!(!dir.path().join("a.verdict.json").exists());
        assert!(dir.path().join("b.verdict.json").exists());
    }

    #[test]
    fn the_local_folder_ignores_itself() {
        let dir = tempfile::tempdir().expect("a temp dir");
        let out = folder(None, None, dir.path());
        prepare(&out).expect("made");
        assert_eq!(fs::read(out.join(".gitignore")).expect("read"), b"*\n");
        assert_eq!(
            folder(None, Some("/tmp/r"), Path::new(".")),
            Path::new("/tmp/r/gatewright")
        );
    }

    #[test]
    fn nothing_half_written_is_left_behind() {
        let dir = tempfile::tempdir().expect("a temp dir");
        let target = dir.path().join("folder");
        fs::create_dir(&target).expect("a folder in the way");
        fs::write(target.join("x"), b"x").expect("a file in it");
        assert!(write_atomic(&target, b"{}").is_err());
        assert_eq!(fs::read_dir(dir.path()).expect("listed").count(), 1);
    }
}
