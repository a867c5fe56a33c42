use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::Path;

/// The runner drops a step's whole summary when its file is larger than this (`FileCommandManager.cs`).
pub const MAX_SUMMARY_BYTES: u64 = 1024 * 1024;

/// What became of an appended summary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Appended {
    /// Bytes written, the sentence about the cut included.
    pub bytes: usize,
    /// Not all of it was written.
    pub cut: bool,
}

/// Appends Markdown to the file named by `GITHUB_STEP_SUMMARY` and keeps the file below the limit, counting
/// what earlier writers left there: a longer text is cut at a line, and a last sentence says so.
pub fn append_summary(path: &Path, markdown: &str) -> io::Result<Appended> {
    append(path, markdown).map_err(|error| {
        let what = format!("{}: the summary cannot be written: {error}", path.display());
        io::Error::new(error.kind(), what)
    })
}

fn append(path: &Path, markdown: &str) -> io::Result<Appended> {
    let mut file = OpenOptions::new().create(true).append(true).open(path)?;
    let room = (MAX_SUMMARY_BYTES - 1).saturating_sub(file.metadata()?.len());
    let room = usize::try_from(room).unwrap_or(usize::MAX);
    let (text, cut) = fit(markdown, room);
    file.write_all(text.as_bytes())?;
    Ok(Appended {
        bytes: text.len(),
        cut,
    })
}

const CUT: &str = "\n\n> **Cut here:** GitHub shows at most 1 MiB of summary per step. \
                   The whole text is in the gate's `.md` file in the output folder.\n";
const FENCE_END: &str = "\n```\n";

/// `markdown` ending in a line end, or as many of its lines as fit `room` bytes together with the sentence.
fn fit(markdown: &str, room: usize) -> (String, bool) {
    let line_end = if markdown.is_empty() || markdown.ends_with('\n') {
        ""
    } else {
        "\n"
    };
    if markdown.len() + line_end.len() <= room {
        return (format!("{markdown}{line_end}"), false);
    }
    let Some(room) = room.checked_sub(CUT.len() + FENCE_END.len()) else {
        return (
            if room >= CUT.len() {
                CUT.to_owned()
            } else {
                String::new()
            },
            true,
        );
    };
    let kept = markdown
        .as_bytes()
        .get(..room)
        .and_then(|head| head.iter().rposition(|&byte| byte == b'\n'));
    let kept = kept.and_then(|end| markdown.get(..end)).unwrap_or_default();
    // Inside an open code block the sentence would be code.
    let open_fence = kept
        .lines()
        .filter(|line| line.trim_start().starts_with("```"))
        .count()
        % 2
        == 1;
    (
        format!("{kept}{}{CUT}", if open_fence { FENCE_END } else { "" }),
        true,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::fs;

    #[test]
    fn the_file_never_reaches_the_limit() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("summary.md");
        let limit = usize::try_from(MAX_SUMMARY_BYTES).unwrap();
        let mib = "0123456789abcde\n".repeat(limit / 16);
        assert_eq!(
            append_summary(&path, "# One").unwrap(),
            Appended {
                bytes: 6,
                cut: false
            }
        );
        let second = append_summary(&path, &mib).unwrap();
        assert!(second.cut && second.bytes > limit - 512);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.len() < limit && text.ends_with(CUT));
        assert!(
            text.strip_suffix(CUT).unwrap().ends_with("0123456789abcde"),
            "cut at a line"
        );
        append_summary(&path, &mib).unwrap();
        assert!(fs::read(&path).unwrap().len() < limit);
        let error = append_summary(folder.path(), "x").unwrap_err().to_string();
        assert!(
            error.contains(&folder.path().display().to_string()),
            "{error}"
        );
    }

    #[test]
    fn an_open_code_block_is_closed_before_the_sentence() {
        let (text, cut) = fit(&format!("```text\n{}```\n", "line\n".repeat(100)), 300);
        assert!(
            cut && text.ends_with(&format!("line{FENCE_END}{CUT}")),
            "{text}"
        );
    }

    proptest! {
        #[test]
        fn fits_any_room(markdown in "(\\PC|\n|`){0,400}", room in 0_usize..600) {
            let (text, cut) = fit(&markdown, room);
            prop_assert!(text.len() <= room);
            let whole = if markdown.is_empty() || markdown.ends_with('\n') { markdown } else { format!("{markdown}\n") };
            prop_assert_eq!(cut, whole.len() > room);
            let as_promised = if cut { text.is_empty() || text.ends_with(CUT) } else { text == whole };
            prop_assert!(as_promised);
        }
    }
}
