//! How often a command opens each tracked file, as strace sees it.

use super::measure::Timed;
use anyhow::{Context as _, Result, bail};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};

#[derive(Debug)]
pub(crate) struct Opens {
    /// Tracked files that were opened.
    pub opened: usize,
    /// Of one file; the policy, which is read before the walk, not among them.
    pub most: usize,
    /// The file that was opened most often.
    pub worst: String,
    /// How often the policy was opened.
    pub policy: usize,
}

pub(crate) fn count(timed: &Timed, root: &Path) -> Result<Opens> {
    let trace = tempfile::NamedTempFile::new()?;
    let path = trace.path().to_string_lossy().into_owned();
    let status = timed
        .under(&[
            "strace",
            "-f",
            "-y",
            "-e",
            "trace=open,openat,openat2",
            "-o",
            &path,
        ])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .context("strace does not start: install it, or leave out --strace")?;
    if !status.success() {
        bail!("strace ended with {status}");
    }
    let listed = Command::new("git")
        .args(["ls-files", "-z"])
        .current_dir(root)
        .output()?;
    let tracked = String::from_utf8_lossy(&listed.stdout).into_owned();
    let mut opens: BTreeMap<String, usize> = tracked
        .split_terminator('\0')
        .map(|path| (root.join(path).to_string_lossy().into_owned(), 0))
        .collect();
    for line in String::from_utf8_lossy(&std::fs::read(trace.path())?).lines() {
        if let Some(count) = opened(line).and_then(|path| opens.get_mut(path)) {
            *count += 1;
        }
    }
    let opened = opens.values().filter(|count| **count > 0).count();
    let policy = opens
        .remove(root.join(".github/gates.yml").to_string_lossy().as_ref())
        .unwrap_or_default();
    let (worst, most) = opens
        .iter()
        .max_by_key(|(_, count)| **count)
        .context("no tracked file")?;
    Ok(Opens {
        opened,
        most: *most,
        worst: worst.clone(),
        policy,
    })
}

/// The path that a line of `strace -y` says was opened: `... = 7</path>`.
fn opened(line: &str) -> Option<&str> {
    let (_, result) = line.rsplit_once(" = ")?;
    let (number, path) = result.trim_end().split_once('<')?;
    number.parse::<u32>().ok()?;
    path.strip_suffix('>')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opened_paths_are_read_from_the_result() {
        let line = r#"12 openat(5</r/docs>, "a.md", O_RDONLY|O_CLOEXEC) = 7</r/docs/a.md>"#;
        assert_eq!(opened(line), Some("/r/docs/a.md"));
        assert_eq!(opened("12 <... openat resumed>) = 8</r/b>"), Some("/r/b"));
        assert_eq!(
            opened(r#"12 openat(AT_FDCWD, "x", O_RDONLY) = -1 ENOENT (No such file)"#),
            None
        );
        assert_eq!(opened("12 +++ exited with 0 +++"), None);
    }
}
