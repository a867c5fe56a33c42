use super::{DiffError, Lines};
use crate::change::FileChange;

/// The lines of one hunk are counted, since a changed line may look like anything.
pub(super) fn hunk(lines: &mut Lines<'_>, change: &mut FileChange) -> Result<(), DiffError> {
    let ranges = lines.next.and_then(ranges);
    let Some([(mut old, old_lines), (mut new, new_lines)]) = ranges else {
        return Err(lines.expected("`@@ -a,b +c,d @@`"));
    };
    let behind = |runs: &[(u32, u32)], first: u32, count: u32| {
        count == 0 || runs.last().is_none_or(|(_, last)| *last < first)
    };
    if !behind(&change.removed_lines, old, old_lines)
        || !behind(&change.added_lines, new, new_lines)
    {
        return Err(lines.expected("hunks in the order of their lines"));
    }
    lines.advance();
    let (mut old_left, mut new_left) = (old_lines, new_lines);
    while old_left > 0 || new_left > 0 {
        let sign = lines.next.map(|line| line.first().copied());
        match sign {
            Some(Some(b'-')) if old_left > 0 => {
                extend(&mut change.removed_lines, old);
                (old, old_left) = (old + 1, old_left - 1);
            }
            Some(Some(b'+')) if new_left > 0 => {
                extend(&mut change.added_lines, new);
                (new, new_left) = (new + 1, new_left - 1);
            }
            // Some tools cut the blank of an empty line off.
            Some(Some(b' ') | None) if old_left > 0 && new_left > 0 => {
                (old, old_left) = (old + 1, old_left - 1);
                (new, new_left) = (new + 1, new_left - 1);
            }
            Some(Some(b'\\')) => {}
            _ => return Err(lines.expected("as many lines as the hunk says it has")),
        }
        lines.advance();
    }
    if lines.next.is_some_and(|line| line.starts_with(b"\\")) {
        lines.advance();
    }
    Ok(())
}

/// First line and number of lines of both sides; a hunk beyond what a file can have is none.
fn ranges(line: &[u8]) -> Option<[(u32, u32); 2]> {
    let text = line.strip_prefix(b"@@ -")?;
    let end = memchr::memmem::find(text, b" @@")?;
    let text = std::str::from_utf8(&text[..end]).ok()?;
    let (old, new) = text.split_once(" +")?;
    let range = |text: &str| {
        let (first, lines) = text.split_once(',').unwrap_or((text, "1"));
        let (first, lines): (u32, u32) = (first.parse().ok()?, lines.parse().ok()?);
        first.checked_add(lines).filter(|end| *end < u32::MAX)?;
        // Where nothing is left, the line above is named, and 0 is above the first.
        (first > 0 || lines == 0).then_some((first, lines))
    };
    Some([range(old)?, range(new)?])
}

fn extend(runs: &mut Vec<(u32, u32)>, line: u32) {
    match runs.last_mut() {
        Some((_, last)) if *last + 1 == line => *last = line,
        _ => runs.push((line, line)),
    }
}
