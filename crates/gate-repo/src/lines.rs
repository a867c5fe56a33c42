//! Line by line: which lines are new, and how many are gone.

use gix_imara_diff::{Algorithm, Diff, InternedInput};

use crate::diff::{ChangeKind, FileChange};
use crate::index::lossy;
use crate::sides::Side;

/// Lines of both sides together, between the first and the last difference, that are compared one by one. The search
/// takes more than linear time; beyond this the whole stretch counts as changed, which asks more of a change, never less.
const MAX_LINES: usize = 200_000;

/// The change between two sides.
pub(crate) fn lines(
    path: &[u8],
    old_path: Option<&Vec<u8>>,
    kind: ChangeKind,
    before: &Side,
    after: &Side,
) -> FileChange {
    let mut change = FileChange {
        old_path: old_path.map(|p| lossy(p).0),
        ..FileChange::new(&lossy(path).0, kind)
    };
    let (Side::Text(before), Side::Text(after)) = (before, after) else {
        change.binary = true;
        if kind == ChangeKind::Modified {
            change.kind = ChangeKind::Binary;
        }
        return change;
    };
    let stretch = Stretch::between(before, after);
    if stretch.old + stretch.new > MAX_LINES {
        let run = |lines: usize| {
            let last = stretch.first + lines;
            (lines > 0).then(|| (number(stretch.first + 1), number(last)))
        };
        change.removed_lines.extend(run(stretch.old));
        change.added_lines.extend(run(stretch.new));
        return change;
    }
    let input = InternedInput::new(before.as_slice(), after.as_slice());
    let mut diff = Diff::compute(Algorithm::Myers, &input);
    // The slider rule of git: a run of changes ends where a block ends.
    diff.postprocess_lines(&input);
    for hunk in diff.hunks() {
        if hunk.before.start < hunk.before.end {
            change
                .removed_lines
                .push((hunk.before.start + 1, hunk.before.end));
        }
        if hunk.after.start < hunk.after.end {
            change
                .added_lines
                .push((hunk.after.start + 1, hunk.after.end));
        }
    }
    change
}

/// What lies between the common start and the common end, in lines.
#[derive(Debug, PartialEq, Eq)]
struct Stretch {
    /// Lines of the common start.
    first: usize,
    old: usize,
    new: usize,
}

impl Stretch {
    fn between(before: &[u8], after: &[u8]) -> Self {
        let same = before.iter().zip(after).take_while(|(a, b)| a == b).count();
        let whole = before.len() == same && after.len() == same;
        let start = if whole {
            same
        } else {
            before[..same]
                .iter()
                .rposition(|b| *b == b'\n')
                .map_or(0, |i| i + 1)
        };
        let (old, new) = (&before[start..], &after[start..]);
        let same = old
            .iter()
            .rev()
            .zip(new.iter().rev())
            .take_while(|(a, b)| a == b)
            .count();
        // The common end begins after a line end that both sides have.
        let tail = &old[old.len() - same..];
        let end = tail
            .iter()
            .position(|b| *b == b'\n')
            .map_or(0, |i| tail.len() - i - 1);
        Self {
            first: count(&before[..start]),
            old: count(&old[..old.len() - end]),
            new: count(&new[..new.len() - end]),
        }
    }
}

/// Lines in `text`, the last one also without an end.
fn count(text: &[u8]) -> usize {
    text.split_inclusive(|b| *b == b'\n').count()
}

fn number(lines: usize) -> u32 {
    u32::try_from(lines).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::{ChangeKind, MAX_LINES, Side, Stretch, lines};

    #[test]
    fn a_stretch_holds_every_difference() {
        let cases: [(&str, &str, (usize, usize, usize)); 7] = [
            ("", "", (0, 0, 0)),
            ("a\nb\n", "a\nb\n", (2, 0, 0)),
            ("a\nb\nc\n", "a\nX\nc\n", (1, 1, 1)),
            ("a\nb", "a\nb\n", (1, 1, 1)),
            ("a\nc\n", "a\nb\nc\n", (1, 1, 2)),
            ("", "a\nb", (0, 0, 2)),
            ("ab\ncd\nx\n", "ab\nce\nx\n", (1, 1, 1)),
        ];
        for (before, after, (first, old, new)) in cases {
            let found = Stretch::between(before.as_bytes(), after.as_bytes());
            assert_eq!(found, Stretch { first, old, new }, "{before:?} {after:?}");
        }
    }

    #[test]
    fn far_too_many_lines_are_one_run() {
        let change = |n: usize| {
            let old = format!("top\n{}end\n", "a\nb\n".repeat(n));
            let new = format!("top\n{}end\n", "b\nc\n".repeat(n));
            lines(
                b"x",
                None,
                ChangeKind::Modified,
                &Side::Text(old.into()),
                &Side::Text(new.into()),
            )
        };
        let many = change(MAX_LINES / 4 + 1);
        assert_eq!(many.added_lines, [(2, 100_003)]);
        assert_eq!(many.removed_lines, [(2, 100_003)]);
        assert!(
            change(10).added_lines.len() > 1,
            "few lines are compared one by one"
        );
    }
}
