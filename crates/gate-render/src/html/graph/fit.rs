//! Names in the room there is for them.

/// The name in so many columns. What is too long loses its middle: where a path
/// begins and what its file is called say most.
pub(super) fn fit(name: &str, columns: usize) -> String {
    if width(name) <= columns {
        return name.to_owned();
    }
    let room = columns.saturating_sub(1);
    let file = name.rsplit('/').next().map_or(0, |file| width(file) + 1);
    let tail = file.clamp(room * 3 / 5, room - room / 5);
    let head = taken(name.chars(), room - tail);
    let rest = name.get(head..).unwrap_or_default();
    let from_end = taken(rest.chars().rev(), tail);
    let rest = rest.get(rest.len() - from_end..).unwrap_or_default();
    // A mark without its letter would stand on the ellipsis.
    let rest = rest.trim_start_matches(|c| columns_of(c) == 0);
    format!("{}…{rest}", name.get(..head).unwrap_or_default())
}

/// How many bytes of these characters are at most so many columns wide.
fn taken(chars: impl Iterator<Item = char>, columns: usize) -> usize {
    let (mut used, mut bytes) = (0, 0);
    for c in chars {
        used += columns_of(c);
        if used > columns {
            break;
        }
        bytes += c.len_utf8();
    }
    bytes
}

fn width(text: &str) -> usize {
    text.chars().map(columns_of).sum()
}

/// As wide as fonts draw it beside a Latin letter, roughly: what is drawn is cut
/// off at its box anyway.
fn columns_of(c: char) -> usize {
    match c {
        '\u{300}'..='\u{36f}'
        | '\u{591}'..='\u{5bd}'
        | '\u{64b}'..='\u{65f}'
        | '\u{200c}'
        | '\u{200d}'
        | '\u{20d0}'..='\u{20ff}'
        | '\u{fe00}'..='\u{fe0f}' => 0,
        '\u{1100}'..='\u{115f}'
        | '\u{2e80}'..='\u{a4cf}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}'
        | '\u{fe30}'..='\u{fe6f}'
        | '\u{ff00}'..='\u{ff60}'
        | '\u{ffe0}'..='\u{ffe6}'
        | '\u{1f000}'..='\u{1faff}'
        | '\u{20000}'..='\u{3fffd}' => 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_middle_goes_and_the_file_stays() {
        for (name, columns, shown) in [
            ("docs/a.md", 9, "docs/a.md"),
            ("docs/guide/deep/down/start.md", 20, "docs/gui…wn/start.md"),
            (
                "docs/guide/deep/getting-started.md",
                25,
                "docs/…/getting-started.md",
            ),
            ("a-name-without-any-slash-in-it", 11, "a-…sh-in-it"),
            ("文档/指南/开始使用.md", 12, "文…始使用.md"),
            ("", 5, ""),
        ] {
            assert_eq!(fit(name, columns), shown, "{name}");
        }
    }

    proptest! {
        #[test]
        fn nothing_is_wider_than_its_room(name in any::<String>(), columns in 1_usize..60) {
            let shown = fit(&name, columns);
            prop_assert!(width(&shown) <= columns);
            prop_assert!(width(&name) > columns || shown == name);
        }
    }
}
