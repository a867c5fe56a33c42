//! A repository torn apart: every page stands alone, and every fragment is another. So every link that is ours to check is
//! broken, and a comparison tells not only which broken links are seen, but whether every link is.

use crate::bench::commit;
use anyhow::{Result, bail};
use std::fs;
use std::path::Path;
use std::process::Command;

/// Deep enough that `..` of a page seldom climbs above the root.
const FOLDER: &str = "a/b/c/d/e/f";

/// Where a fragment of the page itself begins.
const FRAGMENTS: &[&str] = &["](#", "](<#", "=\"#", "='#", "]: #", "]:#"];

pub(super) fn lay_out(checkout: &Path, to: &Path) -> Result<()> {
    let pages = markdown_files(checkout)?;
    for (number, path) in pages.iter().enumerate() {
        let path = checkout.join(path);
        if fs::symlink_metadata(&path)?.is_symlink() {
            continue;
        }
        let folder = to.join(format!("{FOLDER}/{number}"));
        fs::create_dir_all(&folder)?;
        fs::write(folder.join("page.md"), tear(&fs::read(path)?))?;
    }
    commit(to)
}

/// The tracked Markdown files.
pub(crate) fn markdown_files(checkout: &Path) -> Result<Vec<String>> {
    let listed = Command::new("git")
        .args(["ls-files", "-z"])
        .current_dir(checkout)
        .output()?;
    if !listed.status.success() {
        bail!(
            "{}: git ls-files ended with {}",
            checkout.display(),
            listed.status
        );
    }
    let listed = String::from_utf8_lossy(&listed.stdout);
    Ok(listed
        .split_terminator('\0')
        .filter(|path| is_page(path))
        .map(str::to_owned)
        .collect())
}

fn is_page(path: &str) -> bool {
    let path = path.to_ascii_lowercase();
    [".md", ".markdown", ".mdown", ".mkd"]
        .iter()
        .any(|end| path.ends_with(end))
}

/// Lines stay what they are.
fn tear(page: &[u8]) -> Vec<u8> {
    let mut torn = Vec::with_capacity(page.len());
    let mut rest = page;
    while let Some((first, tail)) = rest.split_first() {
        let start = FRAGMENTS
            .iter()
            .find(|start| rest.starts_with(start.as_bytes()));
        if let Some(start) = start {
            torn.extend_from_slice(start.as_bytes());
            torn.extend_from_slice(b"zq");
            rest = rest.get(start.len()..).unwrap_or_default();
        } else {
            torn.push(*first);
            rest = tail;
        }
    }
    torn
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fragments_of_the_page_itself_become_others() {
        let page = "[a](#b) [c](d.md#e) <a href=\"#f\">\n[g]: #h\n";
        let torn = "[a](#zqb) [c](d.md#e) <a href=\"#zqf\">\n[g]: #zqh\n";
        assert_eq!(tear(page.as_bytes()), torn.as_bytes());
        assert!(is_page("a/README.MD") && !is_page("a/md"));
    }
}
