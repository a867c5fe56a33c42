//! `--fix`: the fixes that are certain, written into the work tree. What is
//! left is judged afterwards like any other tree.

use crate::erased::AnyGate;
use crate::flow;
use crate::session::{Failure, Session};
use clap::Args;
use gate_policy::Check;
use gate_verdict::{Finding, Verdict};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// Flags of what can mend what it finds.
#[derive(Args, Clone, Copy, Debug)]
pub struct RepairFlags {
    /// First write the fixes that are certain into the work tree, then judge what is left
    #[arg(long)]
    pub fix: bool,
}

/// A verdict holds so many findings; a tree with more is mended in rounds.
const MAX_ROUNDS: usize = 50;

/// Judges, writes what is certain, and does so again until nothing is.
#[expect(
    clippy::print_stderr,
    reason = "what was written is said beside the judgement"
)]
pub fn repair(session: &Session, gates: &[&dyn AnyGate], check: Check<'_>) -> Result<(), Failure> {
    let (mut written, mut files, mut left) = (0, BTreeSet::new(), BTreeMap::new());
    for _ in 0..MAX_ROUNDS {
        let started = SystemTime::now();
        let judgements = flow::judge(session, gates, check, false)?;
        if judgements.engine_failed {
            break;
        }
        let mut in_round = 0;
        for (path, mut edits) in edits(&judgements.verdicts) {
            let full = inside(&session.root, &path)?;
            let text = match unchanged(&full, started)? {
                Ok(text) => text,
                Err(why) => {
                    left.insert(path, why);
                    continue;
                }
            };
            let (count, text) = apply(&text, &mut edits);
            if count > 0 {
                replace(&full, text.as_bytes())?;
                in_round += count;
                left.remove(&path);
                files.insert(path);
            }
        }
        // What could not be written now cannot be written in the next round.
        if in_round == 0 {
            break;
        }
        written += in_round;
    }
    for (path, why) in left {
        eprintln!("--fix: {path} is left alone: {why}");
    }
    eprintln!(
        "--fix: {} written in {}",
        crate::counted(written, "fix"),
        crate::counted(files.len(), "file")
    );
    Ok(())
}

/// The text that was judged, or why it is not known to be that: places in a
/// file that somebody changed meanwhile mean something else.
fn unchanged(path: &Path, since: SystemTime) -> io::Result<Result<String, &'static str>> {
    if changed(&fs::metadata(path)?)? > since {
        return Ok(Err("it was changed while it was judged; run it again"));
    }
    let text = String::from_utf8(fs::read(path)?);
    Ok(text.map_err(|_| "it is no UTF-8, so places in it are not certain"))
}

/// When anything of the file last changed; its own times can be set to another
/// day.
#[cfg(unix)]
#[expect(
    clippy::unnecessary_wraps,
    reason = "elsewhere there may be no such time"
)]
fn changed(metadata: &fs::Metadata) -> io::Result<SystemTime> {
    use std::os::unix::fs::MetadataExt as _;
    let seconds = u64::try_from(metadata.ctime()).unwrap_or_default();
    let nanoseconds = u32::try_from(metadata.ctime_nsec()).unwrap_or_default();
    Ok(SystemTime::UNIX_EPOCH + std::time::Duration::new(seconds, nanoseconds))
}

#[cfg(not(unix))]
fn changed(metadata: &fs::Metadata) -> io::Result<SystemTime> {
    metadata.modified()
}

/// One replacement on one line; columns count characters from 1.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Edit {
    line: usize,
    column: usize,
    end_column: usize,
    text: String,
}

/// What the findings say, by file.
fn edits(verdicts: &[Verdict]) -> BTreeMap<String, Vec<Edit>> {
    let mut edits: BTreeMap<String, Vec<Edit>> = BTreeMap::new();
    for finding in verdicts.iter().flat_map(|verdict| &verdict.findings) {
        if let Some((path, edit)) = edit(finding) {
            edits.entry(path).or_default().push(edit);
        }
    }
    edits
}

fn edit(finding: &Finding) -> Option<(String, Edit)> {
    let location = finding.location.as_ref()?;
    let number = |number: Option<u32>| usize::try_from(number?).ok();
    Some((
        location.path.clone(),
        Edit {
            line: number(location.line)?,
            column: number(location.column)?,
            end_column: number(location.end_column)?,
            text: finding.fix.clone()?,
        },
    ))
}

/// The text with the edits that fit, and how many did. Of two that overlap the
/// first counts; the next round sees what is left.
fn apply(text: &str, edits: &mut Vec<Edit>) -> (usize, String) {
    edits.sort();
    edits.dedup();
    let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
    // A byte order mark takes no column.
    let mark = '\u{feff}';
    let mut count = 0;
    // From behind, so that the columns before an edit hold.
    let mut free = (usize::MAX, usize::MAX);
    for edit in edits.iter().rev() {
        let Some(line) = edit.line.checked_sub(1).and_then(|at| lines.get_mut(at)) else {
            continue;
        };
        let shift = usize::from(edit.line == 1 && line.starts_with(mark));
        let at = |column: usize| {
            let place = (column + shift).checked_sub(1)?;
            let ends = std::iter::once(line.len());
            line.char_indices().map(|(at, _)| at).chain(ends).nth(place)
        };
        let (Some(start), Some(end)) = (at(edit.column), at(edit.end_column)) else {
            continue;
        };
        let overlaps = edit.line == free.0 && edit.end_column > free.1;
        if start >= end || overlaps || line[start..end] == edit.text {
            continue;
        }
        line.replace_range(start..end, &edit.text);
        free = (edit.line, edit.column);
        count += 1;
    }
    (count, lines.concat())
}

/// The file on disk; nothing outside of the root, whatever links say.
fn inside(root: &Path, path: &str) -> Result<PathBuf, Failure> {
    let full = root.join(path);
    let real = fs::canonicalize(&full)?;
    let plain = fs::symlink_metadata(&full)?.is_file();
    if !plain || !real.starts_with(root) {
        return Err(Failure::Engine(format!(
            "{path} is no plain file below the root, so its fix is not written"
        )));
    }
    Ok(full)
}

/// Writes the whole file or nothing, with the permissions it had.
fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::Builder::new()
        .prefix(".gatewright-")
        .tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.as_file()
        .set_permissions(fs::metadata(path)?.permissions())?;
    file.as_file().sync_data()?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(line: usize, column: usize, end_column: usize, text: &str) -> Edit {
        Edit {
            line,
            column,
            end_column,
            text: text.to_owned(),
        }
    }

    #[test]
    fn edits_are_written_where_they_were_found() {
        let mut edits = vec![
            edit(1, 5, 9, "b.md"),
            edit(2, 2, 3, "longer"),
            edit(1, 15, 19, "c.md#é"),
            edit(9, 1, 2, "behind the end"),
        ];
        let (count, text) = apply("\u{feff}[é](a.md) [x](d.md)\r\nöyz", &mut edits);
        assert_eq!(
            (count, text.as_str()),
            (3, "\u{feff}[é](b.md) [x](c.md#é)\r\nölongerz")
        );
    }

    #[test]
    fn of_two_that_overlap_one_is_written() {
        let mut edits = vec![edit(1, 1, 5, "one"), edit(1, 3, 7, "two")];
        assert_eq!(apply("abcdefgh", &mut edits), (1, String::from("abtwogh")));
        assert_eq!(apply("abcd", &mut vec![edit(1, 1, 5, "abcd")]).0, 0);
    }

    #[test]
    fn a_file_that_changed_since_it_was_judged_is_left_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("x.md");
        fs::write(&path, "x").expect("written");
        let second = std::time::Duration::from_secs(1);
        let read = |since| unchanged(&path, since).expect("a file");
        assert_eq!(read(SystemTime::now() + second), Ok(String::from("x")));
        assert!(read(SystemTime::now() - 60 * second).is_err());
        fs::write(&path, b"\xff").expect("written");
        assert!(read(SystemTime::now() + second).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn nothing_outside_of_the_root_is_written() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path().canonicalize().expect("real").join("root");
        fs::create_dir(&root).expect("made");
        fs::write(folder.path().join("x.md"), "x").expect("written");
        std::os::unix::fs::symlink("../x.md", root.join("link.md")).expect("linked");
        assert!(inside(&root, "link.md").is_err());
        assert!(inside(&root, "../x.md").is_err());
    }
}
