//! The upload action's own code, freed of its types and run by Node.

use crate::e2e::process::succeed;
use crate::e2e::tools::Tools;
use crate::workspace::root;
use anyhow::{Context as _, Result, bail};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What takes the types off, and the one package that the code computes with.
const PACKAGES: &[&str] = &["esbuild@0.28.2", "long@5.3.2"];

#[derive(Debug)]
pub(super) struct Theirs {
    action: PathBuf,
    modules: PathBuf,
}

impl Theirs {
    pub(super) fn open(action: &Path) -> Result<Self> {
        let code = action.join("src/fingerprints.ts");
        if !code.is_file() {
            bail!(
                "{}: found no such file, expected a checkout of github/codeql-action",
                code.display()
            );
        }
        Ok(Self {
            action: action.to_owned(),
            modules: Tools::open()?.node_modules(PACKAGES)?,
        })
    }

    /// The fingerprint of each line of the files `0`, `1`, ... of a folder.
    pub(super) fn hashes(&self, folder: &Path, count: usize) -> Result<Vec<Vec<String>>> {
        let said = self.ask(&["hashes".as_ref(), folder, count.to_string().as_ref()])?;
        serde_json::from_str(&said).with_context(|| format!("node said {said:.200}"))
    }

    /// What each result of a log, taken for itself, has as its fingerprint afterwards.
    pub(super) fn fingerprints(&self, log: &Value, sources: &Path) -> Result<Vec<Option<String>>> {
        let file = tempfile::NamedTempFile::new()?;
        fs::write(file.path(), serde_json::to_vec(log)?)?;
        let said = self.ask(&["fingerprints".as_ref(), file.path(), sources])?;
        serde_json::from_str(&said).with_context(|| format!("node said {said:.200}"))
    }

    fn ask(&self, question: &[&Path]) -> Result<String> {
        let mut node = Command::new("node");
        node.arg(root().join("xtask/src/score/fingerprints/theirs.mjs"))
            .arg(&self.action)
            .args(question)
            .current_dir(&self.modules);
        succeed(&mut node)
    }
}
