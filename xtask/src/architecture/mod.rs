//! The architecture as tests: who may import whom, where things live, how long
//! files are, and what no tracked file says.

mod files;
mod imports;
mod manifests;
mod words;

use crate::workspace::root;
use std::process::Command;

/// Files of the repository as git sees them, new ones among them, relative to
/// the root with `/`. Ignored files are none of ours.
fn repository_files() -> Vec<String> {
    let output = Command::new("git")
        .args([
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ])
        .current_dir(root())
        .output()
        .expect("git is there where the project is developed");
    assert!(
        output.status.success(),
        "git ls-files: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let listed = String::from_utf8(output.stdout).expect("paths are UTF-8");
    let mut files: Vec<String> = listed
        .split_terminator('\0')
        .filter(|path| root().join(path).is_file())
        .map(str::to_owned)
        .collect();
    files.sort();
    files.dedup();
    assert!(files.len() > 100, "found only {} files", files.len());
    files
}

/// The text of a file, if it is text.
fn text_of(path: &str) -> Option<String> {
    String::from_utf8(std::fs::read(root().join(path)).ok()?).ok()
}
