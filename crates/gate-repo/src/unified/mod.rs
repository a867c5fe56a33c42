//! Changes from the text of `git diff`, for a base that only somebody else has.

mod hunk;
mod names;

use crate::change::{ChangeKind, FileChange};
use crate::index::lossy;
use hunk::hunk;
use names::{same, unquoted};

/// A file that is no `git diff`, and where it stops to be one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the diff: found `{found}`, expected {expected}")]
pub struct DiffError {
    pub line: usize,
    /// The beginning of the line.
    pub found: String,
    pub expected: &'static str,
}

/// Reads the output of `git diff` with its usual prefixes and any number of lines of context: the changes below the
/// folder `prefix` (empty, or with a `/` at the end), by their paths from there, sorted. What was moved in from outside
/// of it is new. Nothing of the base's content is known of them.
pub fn read_unified(diff: &[u8], prefix: &str) -> Result<Vec<FileChange>, DiffError> {
    let mut lines = Lines::new(diff);
    let mut changes = Vec::new();
    if diff.last().is_some_and(|last| *last != b'\n') {
        lines.number = diff.split(|byte| *byte == b'\n').count();
        lines.next = diff.rsplit(|byte| *byte == b'\n').next();
        return Err(lines.expected("a line with its end: the diff is cut off"));
    }
    while lines.next.is_some() {
        let change = file(&mut lines)?;
        changes.extend(below(change, prefix));
    }
    changes.sort_by(|a: &FileChange, b| a.path.cmp(&b.path));
    // A file that became a link, or the other way round, is told of twice.
    changes.dedup_by(|later, first| {
        let turned = later.path == first.path
            && first.kind == ChangeKind::Deleted
            && later.kind == ChangeKind::Added;
        if turned {
            first.kind = ChangeKind::Modified;
            first.added_lines = std::mem::take(&mut later.added_lines);
            first.binary |= later.binary;
        }
        turned
    });
    Ok(changes)
}

/// The lines, with the next one at hand.
struct Lines<'a> {
    rest: &'a [u8],
    next: Option<&'a [u8]>,
    number: usize,
}

impl<'a> Lines<'a> {
    fn new(text: &'a [u8]) -> Self {
        let mut lines = Self {
            rest: text,
            next: None,
            number: 0,
        };
        lines.advance();
        lines
    }

    fn advance(&mut self) {
        self.number += 1;
        if self.rest.is_empty() {
            self.next = None;
            return;
        }
        let end = memchr::memchr(b'\n', self.rest);
        let (line, rest) = match end {
            Some(end) => (&self.rest[..end], &self.rest[end + 1..]),
            None => (self.rest, &[][..]),
        };
        (self.next, self.rest) = (Some(line), rest);
    }

    /// The next line without `start`, if it starts so.
    fn take(&mut self, start: &str) -> Option<&'a [u8]> {
        let rest = self.next?.strip_prefix(start.as_bytes())?;
        self.advance();
        Some(rest)
    }

    fn expected(&self, expected: &'static str) -> DiffError {
        let found = self.next.unwrap_or(b"the end");
        let found = String::from_utf8_lossy(&found[..found.len().min(80)]);
        DiffError {
            line: self.number,
            found: found.chars().flat_map(char::escape_debug).collect(),
            expected,
        }
    }
}

/// What the lines above the hunks say.
#[derive(Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a line that stands there or not"
)]
struct Head {
    added: bool,
    deleted: bool,
    submodule: bool,
    bits: bool,
    old: Option<Vec<u8>>,
    new: Option<Vec<u8>>,
    renamed: bool,
    binary: bool,
}

fn file(lines: &mut Lines<'_>) -> Result<FileChange, DiffError> {
    let Some(both) = lines.take("diff --git ") else {
        return Err(lines.expected("`diff --git a/PATH b/PATH`, as `git diff` writes it"));
    };
    let mut head = Head::default();
    header(lines, &mut head)?;
    if lines.next.is_some_and(|line| line.starts_with(b"--- ")) {
        sides(lines, &mut head)?;
    }
    // Without a rename both are the same, and nothing else says where the first one ends.
    if head.old.is_none() && head.new.is_none() {
        let same = same(both);
        if same.is_none() {
            lines.number -= 1;
            lines.next = Some(both);
            return Err(lines.expected("the same path twice, as nothing else names the file"));
        }
        (head.old, head.new) = (same.clone(), same);
    }
    let mut change = FileChange::new("", ChangeKind::Modified);
    while lines.next.is_some_and(|line| line.starts_with(b"@@ ")) {
        hunk(lines, &mut change)?;
    }
    if lines
        .next
        .is_some_and(|line| !line.starts_with(b"diff --git "))
    {
        return Err(lines.expected("a hunk (`@@ -a,b +c,d @@`) or the next file"));
    }
    Ok(named(change, head))
}

fn header(lines: &mut Lines<'_>, head: &mut Head) -> Result<(), DiffError> {
    while let Some(line) = lines.next {
        if let Some(mode) = lines.take("new file mode ") {
            (head.added, head.submodule) = (true, mode == b"160000");
        } else if let Some(mode) = lines.take("deleted file mode ") {
            (head.deleted, head.submodule) = (true, mode == b"160000");
        } else if lines.take("old mode ").is_some() || lines.take("new mode ").is_some() {
            head.bits = true;
            head.submodule |= line.ends_with(b" 160000");
        } else if let Some(path) = lines.take("rename from ") {
            (head.old, head.renamed) = (Some(unquoted(path)), true);
        } else if let Some(path) = lines.take("rename to ").or_else(|| lines.take("copy to ")) {
            head.new = Some(unquoted(path));
        } else if lines.take("copy from ").is_some() {
            head.added = true;
        } else if lines.take("index ").is_some() {
            head.submodule |= line.ends_with(b" 160000");
        } else if lines.take("Binary files ").is_some() {
            head.binary = true;
        } else if lines.take("similarity index ").is_none()
            && lines.take("dissimilarity index ").is_none()
        {
            break;
        }
    }
    if lines.next == Some(b"GIT binary patch") {
        return Err(lines.expected("text: make the diff without `--binary`"));
    }
    Ok(())
}

fn sides(lines: &mut Lines<'_>, head: &mut Head) -> Result<(), DiffError> {
    for (start, prefix, side) in [
        ("--- ", &b"a/"[..], &mut head.old),
        ("+++ ", &b"b/"[..], &mut head.new),
    ] {
        let missing = lines.expected("`--- a/PATH` and then `+++ b/PATH`");
        let path = lines.take(start).ok_or_else(|| missing.clone())?;
        // A tab stands behind names with blanks.
        let path = path.strip_suffix(b"\t").unwrap_or(path);
        if path == b"/dev/null" {
            continue;
        }
        let path = unquoted(path);
        *side = Some(path.strip_prefix(prefix).ok_or(missing)?.to_vec());
    }
    if lines.next.is_some_and(|line| line.starts_with(b"@@ ")) {
        Ok(())
    } else {
        Err(lines.expected("a hunk (`@@ -a,b +c,d @@`)"))
    }
}

fn named(mut change: FileChange, head: Head) -> FileChange {
    let lines = !change.added_lines.is_empty() || !change.removed_lines.is_empty();
    change.kind = match &head {
        head if head.submodule => ChangeKind::Submodule,
        head if head.added => ChangeKind::Added,
        head if head.deleted => ChangeKind::Deleted,
        head if head.renamed => ChangeKind::Renamed,
        head if head.binary => ChangeKind::Binary,
        head if head.bits && !lines => ChangeKind::ModeOnly,
        _ => ChangeKind::Modified,
    };
    change.binary = head.binary;
    if change.kind == ChangeKind::Submodule {
        change.added_lines.clear();
        change.removed_lines.clear();
    }
    let path = |path: Option<Vec<u8>>| lossy(&path.unwrap_or_default()).0;
    let renamed = change.kind == ChangeKind::Renamed;
    if change.kind == ChangeKind::Deleted {
        change.path = path(head.old.or(head.new));
    } else {
        change.old_path = renamed.then(|| path(head.old.clone()));
        change.path = path(head.new.or(head.old));
    }
    change
}

/// The change as it is seen from below a folder.
fn below(mut change: FileChange, prefix: &str) -> Option<FileChange> {
    let within = |path: &str| path.strip_prefix(prefix).map(str::to_owned);
    let (old, new) = (change.old_path.take(), within(&change.path));
    match (new, old) {
        (Some(path), None) => change.path = path,
        (Some(path), Some(old)) => {
            change.path = path;
            change.old_path = within(&old);
            if change.old_path.is_none() {
                change.kind = ChangeKind::Added;
                change.removed_lines.clear();
            }
        }
        // Moved out: what was below the folder is gone.
        (None, Some(old)) => {
            change.path = within(&old)?;
            change.kind = ChangeKind::Deleted;
            change.added_lines.clear();
        }
        (None, None) => return None,
    }
    Some(change)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PARTS: &[&str] = &[
        "diff --git a/x b/x\n",
        "diff --git \"a/\\303\\244 b\" \"b/\\303\\244 b\"\n",
        "new file mode 100644\n",
        "deleted file mode 160000\n",
        "old mode 100644\n",
        "index 1..2 160000\n",
        "rename from a\n",
        "rename to \"b\\\"\n",
        "Binary files a/x and b/x differ\n",
        "--- a/x\n",
        "--- /dev/null\n",
        "+++ b/x\t\n",
        "@@ -1 +1 @@ fn\n",
        "@@ -4294967295,0 +0,0 @@\n",
        "@@ -1,2 +3,4294967290 @@\n",
        "-a\n",
        "+b\n",
        " c\n",
        "\n",
        "\\ No newline at end of file\n",
    ];

    proptest! {
        #[test]
        fn whatever_it_is_it_is_read_or_refused(
            parts in prop::collection::vec(prop::sample::select(PARTS), 0..20),
            edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..3),
            prefix in prop::sample::select(&["", "x/", "a/b/"][..]),
        ) {
            let mut bytes = parts.concat().into_bytes();
            for (at, byte) in edits {
                if !bytes.is_empty() {
                    let at = at.index(bytes.len());
                    bytes[at] = byte;
                }
            }
            if let Ok(changes) = read_unified(&bytes, prefix) {
                for change in changes {
                    for runs in [&change.added_lines, &change.removed_lines] {
                        let sound = runs.iter().all(|(first, last)| first <= last && *first > 0);
                        prop_assert!(sound, "{:?}", runs);
                        prop_assert!(runs.windows(2).all(|two| two[0].1 < two[1].0), "{:?}", runs);
                    }
                }
            }
        }
    }

    fn read(diff: &str) -> Vec<FileChange> {
        read_unified(diff.as_bytes(), "").unwrap_or_else(|error| panic!("{error}"))
    }

    #[test]
    fn lines_that_look_like_headers_are_counted() {
        let diff = "diff --git a/x.sql b/x.sql\nindex 1..2 100644\n--- a/x.sql\n+++ b/x.sql\n@@ -1,2 +1,3 @@ fn\n \n--- old\n+++ new\n+@@ -9 +9 @@\n\\ No newline at end of file\n";
        let [change] = read(diff).try_into().expect("one");
        assert_eq!(
            (change.path.as_str(), change.kind),
            ("x.sql", ChangeKind::Modified)
        );
        assert_eq!(change.removed_lines, [(2, 2)]);
        assert_eq!(change.added_lines, [(2, 3)]);
    }

    #[test]
    fn a_diff_that_is_cut_or_of_another_kind_is_refused() {
        let whole =
            "diff --git a/x b/x\nindex 1..2 100644\n--- a/x\n+++ b/x\n@@ -0,0 +1,2 @@\n+a\n+b\n";
        assert_eq!(read(whole)[0].added_lines, [(1, 2)]);
        for (broken, expected) in [
            (&whole[..whole.len() - 3], "as many lines"),
            (&whole[..whole.len() - 1], "cut off"),
            (&whole[..whole.len() - 22], "a hunk"),
            ("diff --git a/x b/x\n--- a/x\n", "+++ b/PATH"),
            (
                "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -5 +5 @@\n-a\n+b\n@@ -5 +6 @@\n-a\n+b\n",
                "in the order",
            ),
            ("diff --cc x\n", "diff --git"),
            ("--- a/x\n+++ b/x\n", "diff --git"),
            ("<html>\n", "diff --git"),
            ("diff --git a/x b/y\n", "the same path"),
            ("diff --git a/x b/x\nGIT binary patch\n", "--binary"),
            (
                "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +4294967295,2 @@\n",
                "@@ -a,b",
            ),
        ] {
            let said = read_unified(broken.as_bytes(), "")
                .expect_err(broken)
                .to_string();
            assert!(said.contains(expected), "{broken}: {said}");
        }
        assert_eq!(read_unified(b"", ""), Ok(Vec::new()));
    }

    #[test]
    fn below_a_folder_what_came_from_elsewhere_is_new() {
        let moved = "diff --git a/old/x b/api/x\nsimilarity index 100%\nrename from old/x\nrename to api/x\n";
        let seen = |prefix| read_unified(moved.as_bytes(), prefix).expect("a diff");
        let kinds = |changes: &[FileChange]| {
            let of = |change: &FileChange| (change.path.clone(), change.kind);
            changes.iter().map(of).collect::<Vec<_>>()
        };
        assert_eq!(kinds(&seen("api/")), [("x".to_owned(), ChangeKind::Added)]);
        assert_eq!(
            kinds(&seen("old/")),
            [("x".to_owned(), ChangeKind::Deleted)]
        );
        assert_eq!(
            kinds(&seen("")),
            [("api/x".to_owned(), ChangeKind::Renamed)]
        );
        assert_eq!(kinds(&seen("web/")), []);
    }
}
