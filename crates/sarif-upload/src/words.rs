//! Words of others made safe to show: paths, categories, what a server says.

use std::fmt::Write as _;

const MOST: usize = 600;

/// On one line, bounded, without characters that a terminal or the runner obeys.
pub(crate) fn plain(text: &str) -> String {
    let mut out = String::new();
    for (count, c) in text.chars().enumerate() {
        if count == MOST {
            out.push('…');
            break;
        }
        let unseen = matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
        if c.is_control() || unseen {
            // Writing to a String cannot fail.
            let _ = write!(out, "{}", c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    // The runner's old commands are obeyed anywhere in a line.
    out.replace("##[", "# #[")
}

/// [`plain`] as Markdown text: no markup, no mention, no link of others.
pub(crate) fn markdown(text: &str) -> String {
    let mut out = String::new();
    for c in plain(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '@' => out.push_str("&#64;"),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '(' | ')' | '#' | '|' | '!' | '~' => {
                out.push('\\');
                out.push(c);
            }
            // Addresses become links by themselves.
            ':' => out.push_str("&#58;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn one_line_and_no_command(text in any::<String>()) {
            let shown = plain(&text);
            prop_assert!(!shown.chars().any(char::is_control));
            prop_assert!(!shown.contains("##["));
            let marked = markdown(&text);
            prop_assert!(!marked.contains(['<', '@']) && !marked.contains("://"));
        }
    }

    #[test]
    fn what_is_obeyed_is_shown() {
        assert_eq!(plain("a\n::error::b\u{202e}"), "a\\u{a}::error::b\\u{202e}");
        assert_eq!(plain("x##[error]y"), "x# #[error]y");
        assert_eq!(plain(&"x".repeat(601)).chars().count(), 601);
        assert_eq!(
            markdown("[x](http://e) @me"),
            "\\[x\\]\\(http&#58;//e\\) &#64;me"
        );
    }
}
