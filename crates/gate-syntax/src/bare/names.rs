//! `plugin:name`, bare in text and in inline code.

use std::ops::Range;

/// Longest `namespace:name` part, in bytes; skills and plugins have at most 64.
const MAX_NAME: usize = 64;

/// Tools of agents that are called with a name.
const CALLS: [&str; 4] = ["Agent", "Skill", "SlashCommand", "Task"];

pub(super) fn is_lower(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit()
}

fn is_kebab(byte: u8) -> bool {
    is_lower(byte) || byte == b'-' || byte == b'_'
}

/// `namespace:name` around a `:`, both in lower case and words by themselves.
pub(super) fn name(text: &str, at: usize, in_table: bool) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let before = bytes[..at].iter().rev().take(MAX_NAME + 1);
    let start = at - before.take_while(|byte| is_kebab(**byte)).count();
    let after = bytes[at + 1..].iter().take(MAX_NAME + 1);
    let end = at + 1 + after.take_while(|byte| is_kebab(**byte)).count();
    let written = text.get(start..end)?;
    let is_cell = |c: char| in_table && c == '|';
    let opens = text[..start]
        .chars()
        .next_back()
        .is_none_or(|c| c.is_whitespace() || "/([\"'*>“‘—–".contains(c) || is_cell(c));
    // A colon ends a word only where none goes on: `a:b:c` is no name.
    let rest = text[end..]
        .strip_prefix(':')
        .filter(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace))
        .unwrap_or(&text[end..]);
    let closes = rest
        .chars()
        .next()
        .is_none_or(|c| c.is_whitespace() || ".,;!?)]\"'*<”’—–…".contains(c) || is_cell(c));
    (opens && closes && is_name(written)).then_some(start..end)
}

/// `namespace:name` in inline code: all of it, a command before its arguments, or what a tool is called with (`Skill(a:b)`).
pub(crate) fn name_in_code(code: &str) -> Option<Range<usize>> {
    if is_name(code) {
        return Some(0..code.len());
    }
    if let Some(command) = code.strip_prefix('/') {
        let word = command.split(char::is_whitespace).next()?;
        return (!word.starts_with('/') && is_name(word)).then_some(1..1 + word.len());
    }
    let (tool, _) = code
        .split_once('(')
        .filter(|(tool, _)| CALLS.contains(tool))?;
    memchr::memchr_iter(b':', code.as_bytes())
        .filter_map(|at| name(code, at, false))
        .find(|found| found.start > tool.len())
}

/// Whether a text is `namespace:name` and nothing else.
fn is_name(text: &str) -> bool {
    let text = text.strip_prefix('/').unwrap_or(text);
    let word = |part: &str| {
        (1..=MAX_NAME).contains(&part.len())
            && part.bytes().all(is_kebab)
            && part.starts_with(|c: char| c.is_ascii_lowercase())
            && !part.ends_with(['-', '_'])
    };
    text.split_once(':')
        .is_some_and(|(namespace, name)| word(namespace) && word(name))
}
