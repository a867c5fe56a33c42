//! Everything that stands between a hostile string and what interprets it.
//!
//! First [`line()`] or [`name`] make a string visible and one line long, in
//! every format; then the format's own escape makes it inert.

use std::fmt::Write as _;

/// The longest a name (path, id, rule, gate) is shown, in characters.
pub(crate) const NAME_CHARS: usize = 300;

/// Prose on one line: white space runs become one space, other controls
/// `\u{..}`, and what is longer than `max` characters ends in `…`.
pub(crate) fn line(text: &str, max: usize) -> String {
    let mut folded = String::new();
    let mut gap = false;
    // Twice the length shown is enough to know what is shown.
    for c in text.chars().take(max.saturating_mul(2).saturating_add(2)) {
        if matches!(c, ' ' | '\t' | '\n' | '\r') {
            gap = !folded.is_empty();
        } else {
            if gap {
                folded.push(' ');
            }
            gap = false;
            folded.push(c);
        }
    }
    visible(&cut(&folded, max))
}

/// The lines of longer prose, at most `max_lines` of `max` characters; what
/// was left out is counted in a last line.
pub(crate) fn lines(text: &str, max_lines: usize, max: usize) -> Vec<String> {
    let all: Vec<&str> = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .collect();
    let mut shown: Vec<String> = all
        .iter()
        .take(max_lines)
        .map(|text| line(text, max))
        .collect();
    if all.len() > max_lines {
        shown.push(format!("({} more lines)", all.len() - max_lines));
    }
    shown
}

/// A name on one line: nothing is folded, every control is shown, because two
/// different paths must not look the same.
pub fn name(text: &str) -> String {
    if text.is_empty() {
        return String::from("(empty)");
    }
    visible(&cut(text, NAME_CHARS))
}

/// A line of source, as it is but for what hides, of at most `max` characters.
pub(crate) fn code(text: &str, max: usize) -> String {
    let mut out = String::with_capacity(text.len());
    for c in cut(text, max).chars() {
        if c != '\t' && hides(c) {
            let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
        } else {
            out.push(c);
        }
    }
    out
}

fn cut(text: &str, max: usize) -> String {
    match text.char_indices().nth(max) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}

/// Shows what hides, and breaks what the runner of GitHub Actions takes for a
/// command: `::` at the start of a line (after white space) and `##[` anywhere.
fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    let mut at_start = true;
    while let Some(c) = chars.next() {
        let starts_command = at_start && c == ':';
        let ends_prefix = c == '#' && out.ends_with('#') && chars.peek() == Some(&'[');
        if hides(c) || starts_command || ends_prefix {
            let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
        } else {
            out.push(c);
        }
        at_start = at_start && c.is_whitespace();
    }
    out
}

/// C0, C1, bidirectional controls, and characters without width that make two
/// strings look alike. Joiners (U+200C, U+200D) stay: scripts and emoji need them.
fn hides(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}'
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// HTML and SVG, text and quoted attribute values alike.
pub(crate) fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(c),
        }
    }
    out
}

/// Prose inside a line of GitHub's Markdown, table cells included; `text` is
/// one line already. It may not open a line: `1.` and `-` are left as they are.
///
/// Mentions and references are found by GitHub in the rendered text, so that
/// entities alone do not stop them; a character without width does.
pub(crate) fn markdown(text: &str) -> String {
    const BREAK: &str = "&#8203;";
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len() + 16);
    for (at, &c) in chars.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|i| chars.get(i)).copied();
        let after = chars.get(at + 1).copied();
        let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\\' => out.push_str("&#92;"),
            '|' => out.push_str("&#124;"),
            '`' => out.push_str("&#96;"),
            '$' => out.push_str("&#36;"),
            '_' if is_word(before) && is_word(after) => out.push('_'),
            '*' | '_' | '[' | ']' | '~' => {
                out.push('\\');
                out.push(c);
            }
            _ => out.push(c),
        }
        let links = match c {
            '@' => after.is_some_and(|c| c != ' '),
            '#' => after.is_some_and(|c| c.is_ascii_digit()),
            ':' => after == Some('/') && chars.get(at + 2) == Some(&'/'),
            '-' => before.is_some_and(|c| c.eq_ignore_ascii_case(&'h')) && is_word(after),
            'w' | 'W' => after == Some('.') && before.is_some_and(|c| c.eq_ignore_ascii_case(&'w')),
            _ => false,
        };
        if links {
            out.push_str(BREAK);
        }
    }
    out
}

/// A name as code in Markdown, where nothing pings, links or formats.
pub fn markdown_code(text: &str) -> String {
    let shown = name(text);
    if !shown.contains(['`', '|', '\\']) && shown.trim() == shown {
        return format!("`{shown}`");
    }
    // No run of backticks and no backslash before a pipe survives a table cell.
    let mut out = String::from("<code>");
    for c in shown.chars() {
        if c.is_ascii() && !c.is_ascii_alphanumeric() && !matches!(c, '/' | '-' | ' ') {
            let _ = write!(out, "&#{};", u32::from(c));
        } else {
            out.push(c);
        }
    }
    out.push_str("</code>");
    out
}

/// Stands where a mention or a link would begin in text that is not Markdown.
const GAP: char = '\u{200b}';

/// One line for places that show text as it is: titles, descriptions, chat. A
/// mention or an address in it stays letters.
pub(crate) fn plain(text: &str, max: usize) -> String {
    let text = line(text, max);
    let mut out = String::with_capacity(text.len() + 8);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        out.push(c);
        let links = match c {
            '@' => chars.peek().is_some_and(|next| *next != ' '),
            ':' => chars.peek() == Some(&'/'),
            _ => false,
        };
        if links {
            out.push(GAP);
        }
    }
    out
}

/// The same for Discord, whose Markdown a backslash stops.
pub(crate) fn discord(text: &str, max: usize) -> String {
    let text = plain(text, max);
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if c.is_ascii_punctuation() && !matches!(c, '.' | ',' | ':' | '/' | '%' | '=' | '\'' | '@')
        {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn controls_are_shown_and_white_space_is_folded() {
        assert_eq!(
            line(" a\n\tb \u{1b}[31m\u{202e}c\u{9b}", 80),
            "a b \\u{1b}[31m\\u{202e}c\\u{9b}"
        );
        assert_eq!(name("a\nb"), "a\\u{a}b");
        assert_eq!(name(""), "(empty)");
        assert_eq!(line("žluťoučký", 3), "žlu…");
        assert_eq!(line("abc", 3), "abc");
        assert_eq!(
            lines("a\n\nb\nc", 2, 9),
            ["a".to_owned(), "b".to_owned(), "(1 more lines)".to_owned()]
        );
    }

    #[test]
    fn no_workflow_command_survives() {
        assert_eq!(name("::error::x"), "\\u{3a}:error::x");
        assert_eq!(name("\u{a0}::error::x"), "\u{a0}\\u{3a}:error::x");
        assert_eq!(line("a ##[add-mask]b", 80), "a #\\u{23}[add-mask]b");
        assert_eq!(line("###[x]", 80), "##\\u{23}[x]");
        assert_eq!(line("std::vec", 80), "std::vec");
    }

    #[test]
    fn html_leaves_no_quote_and_no_bracket() {
        assert_eq!(html("<a b='\"&"), "&lt;a b=&#39;&quot;&amp;");
    }

    #[test]
    fn markdown_is_inert_and_stays_readable() {
        assert_eq!(
            markdown("snake_case in C#, a @ b@"),
            "snake_case in C#, a @ b@"
        );
        assert_eq!(
            markdown("@team #12 GH-7"),
            "@&#8203;team #&#8203;12 GH-&#8203;7"
        );
        assert_eq!(
            markdown("[x](https://e) www.e"),
            "\\[x\\](https:&#8203;//e) www&#8203;.e"
        );
        assert_eq!(markdown("a|b`c\\"), "a&#124;b&#96;c&#92;");
        assert_eq!(markdown_code("a/b.rs"), "`a/b.rs`");
        assert_eq!(markdown_code("a|@b`"), "<code>a&#124;&#64;b&#96;</code>");
        assert_eq!(markdown_code("a\\"), "<code>a&#92;</code>");
    }

    #[test]
    fn chat_shows_letters_only() {
        assert_eq!(
            plain("@all a@ https://e\n::x", 80),
            "@\u{200b}all a@ https:\u{200b}//e ::x"
        );
        assert_eq!(
            discord("*a* <@1> [x](y)", 80),
            "\\*a\\* \\<@\u{200b}1\\> \\[x\\]\\(y\\)"
        );
    }
}
