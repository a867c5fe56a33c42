//! Folders of a case, laid out.

use anyhow::{Context as _, Result};
use std::fs;
use std::path::Path;

/// Lays a folder's files over another; `*.remove` takes the file of that name away.
pub(super) fn overlay(from: &Path, to: &Path) -> Result<()> {
    if from.is_dir() {
        copy_tree(from, to)
    } else {
        Ok(())
    }
}

/// Lays a folder and everything in it over another.
pub(super) fn copy_tree(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from).with_context(|| from.display().to_string())? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.file_type()?.is_dir() {
            copy_tree(&entry.path(), &to.join(&name))?;
        } else if let Some(removed) = name.strip_suffix(".remove") {
            fs::remove_file(to.join(removed))
                .with_context(|| format!("{removed} cannot be removed"))?;
        } else {
            // Bad YAML is stored under a name that our own audits pass over.
            let name = name.strip_suffix(".in").unwrap_or(&name);
            fs::copy(entry.path(), to.join(name))?;
        }
    }
    Ok(())
}
