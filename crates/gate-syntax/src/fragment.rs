//! Fragments that need no anchor in the target file.

/// The lines that a fragment of a source view selects: `L10`, `L10-L20`, with columns `L10C3-L12C8`. `None` where it is no such fragment;
/// lines are 1-based and returned as written (the second may be smaller).
pub fn line_fragment(fragment: &str) -> Option<(u32, Option<u32>)> {
    match fragment.split_once('-') {
        None => Some((line(fragment)?, None)),
        Some((from, to)) => Some((line(from)?, Some(line(to)?))),
    }
}

/// `L10` or `L10C3`.
fn line(part: &str) -> Option<u32> {
    let part = part.strip_prefix('L')?;
    match part.split_once('C') {
        None => number(part),
        Some((line, column)) => number(column).and_then(|_| number(line)),
    }
}

fn number(digits: &str) -> Option<u32> {
    let plain = !digits.starts_with('0') && digits.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| digits.parse().ok()).flatten()
}

/// Whether GitHub gives a meaning to the fragment whatever the target file holds: the page's top, the README tab, a text directive, a
/// comment, a diff, a footnote.
pub fn always_valid_fragment(fragment: &str) -> bool {
    let name = fragment.strip_prefix("user-content-").unwrap_or(fragment);
    matches!(fragment, "" | "readme" | "readme-ov-file")
        || fragment.eq_ignore_ascii_case("top")
        || [":~:text=", "issuecomment-", "discussion_r", "diff-"]
            .iter()
            .any(|prefix| fragment.starts_with(prefix))
        || ["fn-", "fnref-"]
            .iter()
            .any(|prefix| name.strip_prefix(prefix).is_some_and(|id| !id.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_line_fragments() {
        assert_eq!(line_fragment("L10"), Some((10, None)));
        assert_eq!(line_fragment("L10-L20"), Some((10, Some(20))));
        assert_eq!(line_fragment("L10C3-L12C8"), Some((10, Some(12))));
        for other in [
            "",
            "L",
            "l10",
            "L0",
            "L1x",
            "L1-",
            "L1-2",
            "L1C",
            "L+1",
            "L99999999999",
            "LC1",
        ] {
            assert_eq!(line_fragment(other), None, "{other}");
        }
    }

    #[test]
    fn knows_what_is_always_valid() {
        for valid in [
            "",
            "top",
            "Top",
            "readme",
            "readme-ov-file",
            ":~:text=a",
            "issuecomment-1",
            "discussion_r2",
            "diff-0a",
            "fn-1",
            "fnref-note",
            "user-content-fn-1",
            "user-content-fnref-1",
        ] {
            assert!(always_valid_fragment(valid), "{valid}");
        }
        for other in [
            "topic",
            "readme-x",
            "fn-",
            "different",
            "text=a",
            "user-content-",
        ] {
            assert!(!always_valid_fragment(other), "{other}");
        }
    }
}
