//! Fragments that need no anchor in the target file.

/// The lines that a fragment of a source view selects: `L10`, `L10-L20`, with columns `L10C3-L12C8`, and GitLab's `L10-20`. `None` where
/// it is no such fragment; lines are 1-based and returned as written (the second may be smaller).
pub fn line_fragment(fragment: &str) -> Option<(u32, Option<u32>)> {
    match fragment.split_once('-') {
        None => Some((line(fragment)?, None)),
        Some((from, to)) => Some((line(from)?, Some(number(to).or_else(|| line(to))?))),
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

/// Whether a fragment has a meaning on whatever page: its top, a text directive, and what GitHub makes for comments and diffs
/// (`issuecomment-1`, `discussion_r1`, `diff-HASH` with `R12` or `L3-R9` behind it).
pub fn always_valid_fragment(fragment: &str) -> bool {
    let numbered = ["issuecomment-", "discussion_r"]
        .iter()
        .filter_map(|prefix| fragment.strip_prefix(prefix))
        .any(is_number);
    fragment.is_empty()
        || fragment.eq_ignore_ascii_case("top")
        || fragment.starts_with(":~:text=")
        || numbered
        || fragment.strip_prefix("diff-").is_some_and(is_diff)
}

/// The hash of a path, MD5 or SHA-256, and the lines that are selected.
fn is_diff(rest: &str) -> bool {
    let hash = rest.bytes().take_while(u8::is_ascii_hexdigit).count();
    let mut lines = rest[hash..].split('-');
    let is_line = |line: &str| line.strip_prefix(['L', 'R']).is_some_and(is_number);
    matches!(hash, 32 | 64)
        && (hash == rest.len() || lines.clone().count() <= 2 && lines.all(is_line))
}

fn is_number(digits: &str) -> bool {
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a fragment means the README that GitHub shows below the files of a folder.
pub fn is_readme_fragment(fragment: &str) -> bool {
    matches!(fragment, "readme" | "readme-ov-file")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_line_fragments() {
        assert_eq!(line_fragment("L10"), Some((10, None)));
        assert_eq!(line_fragment("L10-L20"), Some((10, Some(20))));
        assert_eq!(line_fragment("L10C3-L12C8"), Some((10, Some(12))));
        assert_eq!(line_fragment("L10-20"), Some((10, Some(20))));
        for other in [
            "",
            "L",
            "l10",
            "L0",
            "L1x",
            "L1-",
            "L1-x",
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
        let hash = "0123456789abcdef".repeat(4);
        for valid in [
            "",
            "top",
            "Top",
            ":~:text=a",
            "issuecomment-1",
            "discussion_r2",
            &format!("diff-{hash}"),
            &format!("diff-{hash}R12"),
            &format!("diff-{}L3-R9", &hash[..32]),
        ] {
            assert!(always_valid_fragment(valid), "{valid}");
        }
        for other in [
            "topic",
            "text=a",
            "issuecomment-",
            "issuecomment-x",
            "discussion_rules",
            "diff-algorithm",
            "diff-0a",
            &format!("diff-{hash}x"),
            &format!("diff-{hash}R"),
            &format!("diff-{hash}R1-R2-R3"),
            "readme",
            "fn-1",
        ] {
            assert!(!always_valid_fragment(other), "{other}");
        }
        assert!(is_readme_fragment("readme-ov-file") && !is_readme_fragment("readme-x"));
    }
}
