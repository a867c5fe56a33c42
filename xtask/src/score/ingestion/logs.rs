//! The logs that are judged: those that are there, and what the uploader writes of each.

use super::Group;
use crate::bench::uploader;
use anyhow::{Context as _, Result, ensure};
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The logs as they are, and what we write of each.
pub(super) fn lay_out(binary: &Path, folders: &[PathBuf], work: &Path) -> Result<Vec<Group>> {
    let mut found = Vec::new();
    for folder in folders {
        let before = found.len();
        collect(folder, folder, &mut found)?;
        ensure!(
            found.len() > before,
            "{}: found no *.sarif",
            folder.display()
        );
    }
    found.sort();
    let mut groups = ["as they are", "merged", "split", "rebased", "repaired"].map(|name| Group {
        name,
        ..Group::default()
    });
    for (number, (path, name)) in found.into_iter().enumerate() {
        let folder = work.join(number.to_string());
        fs::create_dir_all(&folder)?;
        fs::copy(&path, folder.join("log.sarif"))?;
        // Each refuses what it cannot read, and then there is nothing to judge.
        for arguments in [
            &["merge", "log.sarif", "--output", "merged.sarif"][..],
            &["split", "log.sarif", "--output-dir", "split"],
            &["rebase", "log.sarif", "--output", "rebased.sarif"],
            &[
                "log.sarif",
                "--offline",
                "--repair",
                "safe",
                "--stand-in",
                "README.md",
                "--no-split",
                "--out",
                "out",
            ],
        ] {
            uploader(binary, &folder, arguments).command().output()?;
        }
        let packed = folder.join("out/sarif-upload.prepared/log.sarif.gz");
        if packed.is_file() {
            let plain = Command::new("gzip").arg("-dc").arg(&packed).output()?;
            ensure!(
                plain.status.success(),
                "{}: gzip cannot read it",
                packed.display()
            );
            fs::write(folder.join("repaired.sarif"), plain.stdout)?;
        }
        let mut split = Vec::new();
        if folder.join("split").is_dir() {
            collect(&folder.join("split"), &folder, &mut split)?;
        }
        let single = |file: &str| vec![(folder.join(file), name.clone())];
        let [plain, merged, parts, rebased, repaired] = &mut groups;
        for (group, logs) in [
            (plain, single("log.sarif")),
            (merged, single("merged.sarif")),
            (
                parts,
                split
                    .into_iter()
                    .map(|(path, _)| (path, name.clone()))
                    .collect(),
            ),
            (rebased, single("rebased.sarif")),
            (repaired, single("repaired.sarif")),
        ] {
            let there = logs.into_iter().filter(|(path, _)| path.is_file());
            group.logs.extend(there);
        }
    }
    Ok(groups.into())
}

fn collect(folder: &Path, root: &Path, found: &mut Vec<(PathBuf, String)>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, root, found)?;
        } else if path.extension() == Some(OsStr::new("sarif")) {
            let name = path.strip_prefix(root)?.display().to_string();
            found.push((path, name));
        }
    }
    Ok(())
}
