use crate::workspace::{cargo, tools_folder};
use anyhow::{Result, bail};
use std::path::PathBuf;

/// A program of a crate, installed in this version where it is not yet.
pub(super) fn installed(name: &str, version: &str) -> Result<PathBuf> {
    let folder = tools_folder()?;
    let program = folder
        .join("bin")
        .join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    if !program.is_file() {
        println!("   installing {name} {version} into {}", folder.display());
        let install = ["install", name, "--locked", "--version", version, "--root"];
        if !cargo().args(install).arg(&folder).status()?.success() {
            bail!("{name} does not install; see above");
        }
    }
    Ok(program)
}
