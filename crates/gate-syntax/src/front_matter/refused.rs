//! What the parser takes and libyaml, with which GitHub, Jekyll and Python read front matter, does not: tabs before what begins a line,
//! and characters that YAML does not have.

use std::ops::Range;

use saphyr_parser::{Event, Parser, ScalarStyle};

use super::keys::{Keys, read_all};
use super::{flow, problem};
use crate::SyntaxError;

/// The first of them in a block that parses.
pub(super) fn refused(yaml: &str) -> Option<SyntaxError> {
    let control = yaml.char_indices().find(|&(_, c)| !is_printable(c));
    if let Some((at, control)) = control {
        let message = format!(
            "found the character U+{:04X}, which YAML does not have: write it as `\\u{:04x}` in quotes, or delete it",
            u32::from(control),
            u32::from(control)
        );
        return Some(problem(place(yaml, at), &message));
    }
    if let Some(at) = yaml.find(BREAKS) {
        let broken = yaml.replace(BREAKS, "\n");
        let found = yaml[at..].chars().next().map_or(0, u32::from);
        let message = format!(
            "found the character U+{found:04X}, which ends a line in YAML: put the text in quotes, or delete it"
        );
        let error = read_all(&broken, &mut Keys::new());
        return error.map(|_| problem(place(yaml, at), &message));
    }
    memchr::memchr(b'\t', yaml.as_bytes())?;
    let settled = flow::settle(yaml);
    let message = "found a tab where YAML has only spaces: before what begins a line or an item";
    Some(problem(place(&settled, tab(&settled)?), message))
}

/// Ends of lines to libyaml besides `\r` and `\n`, as YAML 1.1 has them.
const BREAKS: [char; 3] = ['\u{85}', '\u{2028}', '\u{2029}'];

/// Chapter 5.1 of the specification; the byte order mark, which the parser judges by its place, counts as printable.
fn is_printable(c: char) -> bool {
    match c {
        '\t' | '\n' | '\r' | '\u{85}' => true,
        '\u{fffe}' | '\u{ffff}' => false,
        _ => !c.is_control(),
    }
}

/// Line (1-based) and column (0-based) of an offset.
fn place(yaml: &str, at: usize) -> (usize, usize) {
    let before = yaml.get(..at).unwrap_or_default();
    let start = before.rfind('\n').map_or(0, |end| end + 1);
    let line = memchr::memchr_iter(b'\n', before.as_bytes()).count() + 1;
    (line, before[start..].chars().count())
}

/// The first tab that libyaml refuses: in a line or behind a dash before what could be a key, in text before its indentation. What
/// stands in `[]` and `{}` is free.
fn tab(yaml: &str) -> Option<usize> {
    let bytes = yaml.as_bytes();
    // Where the last value ended.
    let mut done = 0;
    // Character offsets of the parser as byte offsets, ascending as events are.
    let mut offsets = yaml.char_indices().map(|(at, _)| at).enumerate();
    let mut last = (0, 0);
    let mut offset = |index: usize| {
        while last.0 < index {
            last = offsets.next().unwrap_or((index, yaml.len()));
        }
        last.1
    };
    let mut flow = 0_usize;
    // Columns of the collections that are open.
    let mut columns: Vec<usize> = Vec::new();
    for event in Parser::new_from_str(yaml) {
        let (event, span) = event.ok()?;
        let start = offset(span.start.index());
        let is_bracket = matches!(bytes.get(start), Some(b'[' | b'{'));
        let column = columns.last().copied();
        let found = match event {
            Event::SequenceStart(..) | Event::MappingStart(..) if flow > 0 || is_bracket => {
                flow += 1;
                if flow > 1 {
                    continue;
                }
                between(bytes, done..start)
            }
            // A list whose dashes stand no deeper than its key; the parser has the place behind the dash.
            Event::SequenceStart(..) if bytes.get(start) != Some(&b'-') => {
                columns.push(column.unwrap_or_default());
                None
            }
            Event::SequenceStart(..) | Event::MappingStart(..) => {
                columns.push(span.start.col());
                None
            }
            Event::SequenceEnd | Event::MappingEnd if flow > 0 => {
                flow -= 1;
                if flow == 0 {
                    done = offset(span.end.index());
                }
                None
            }
            Event::SequenceEnd | Event::MappingEnd => {
                columns.pop();
                None
            }
            Event::Scalar(text, style, ..) if (style, &*text) != (ScalarStyle::Plain, "") => {
                let before = (flow == 0).then(|| between(bytes, done..start)).flatten();
                let mut end = offset(span.end.index());
                let depth = match style {
                    ScalarStyle::Plain => {
                        end += blanks(bytes, end);
                        column.map_or(0, |column| column + 1)
                    }
                    // Only a number in its head says that what follows the indentation is not of it.
                    ScalarStyle::Literal | ScalarStyle::Folded => match bytes.get(start) {
                        Some(b'\t') if !has_number(bytes.get(done..start).unwrap_or_default()) => {
                            return Some(start);
                        }
                        _ => span.start.col(),
                    },
                    _ => 0,
                };
                if flow == 0 {
                    done = end;
                }
                before.or_else(|| shallow(bytes, start..end, depth))
            }
            _ => None,
        };
        if found.is_some() {
            return found;
        }
    }
    between(bytes, done..bytes.len())
}

/// The first tab in the indentation of lines that begin in a text, before the column `depth`.
fn shallow(bytes: &[u8], text: Range<usize>, depth: usize) -> Option<usize> {
    let lines = memchr::memchr_iter(b'\n', bytes.get(text.clone())?);
    lines
        .map(|end| text.start + end + 1)
        .filter(|&line| line < text.end)
        .find_map(|line| {
            let blanks = bytes[line..].iter().take_while(|&&byte| byte == b' ');
            let at = line + blanks.take(depth).count();
            (at < line + depth && bytes.get(at) == Some(&b'\t')).then_some(at)
        })
}

fn blanks(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default().iter();
    rest.take_while(|byte| byte.is_ascii_whitespace()).count()
}

/// The first tab between two values that stands where a key could begin.
fn between(bytes: &[u8], gap: Range<usize>) -> Option<usize> {
    let before = bytes.get(..gap.start).unwrap_or_default();
    let last = before.iter().rfind(|byte| !matches!(byte, b' ' | b'\t'));
    let mut fresh = last.is_none_or(|byte| matches!(byte, b'\n' | b'\r'));
    let mut at = gap.start;
    while at < gap.end {
        match bytes[at] {
            b'\n' | b'\r' => fresh = true,
            b'\t' if fresh => return Some(at),
            b'#' => {
                let rest = bytes.get(at..gap.end).unwrap_or_default();
                at += memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
                continue;
            }
            b'\t' | b' ' | b'-' | b'?' | b':' => {}
            _ => fresh = false,
        }
        at += 1;
    }
    None
}

/// Whether the head of text, which stands before it, says how deep it is.
fn has_number(gap: &[u8]) -> bool {
    let head = memchr::memrchr2(b'|', b'>', gap).and_then(|at| gap.get(at..));
    head.is_some_and(|head| head.iter().any(u8::is_ascii_digit))
}

#[cfg(test)]
mod tests {
    use super::super::keys::read_yaml;

    fn place_of(yaml: &str) -> Option<(u32, u32)> {
        let (_, error) = read_yaml(yaml);
        error.map(|error| (error.line, error.column))
    }

    /// What libyaml 0.2.5 says of each.
    #[test]
    fn tabs_stand_where_no_key_could_begin() {
        for (yaml, line, column) in [
            ("\ta: 1", 2, 1),
            ("\t# c\na: 1", 2, 1),
            ("a:\n -\tb\n", 3, 3),
            ("a:\n  \tb: 1", 3, 3),
            ("a: 1\n\t\nb: 2", 3, 1),
            ("a: 'x'\n  \t\nb: 2", 3, 3),
            ("a: x\n\t# c\n y", 3, 1),
            ("é: é\nb: |\n  x\n\t\nc: 1", 5, 1),
            ("a: |\n  \tx", 3, 3),
            ("a: 1\r\n\t\r\nb: 2", 3, 1),
        ] {
            assert_eq!(place_of(yaml), Some((line, column)), "{yaml:?}");
        }
        for fine in [
            "a: \tb\t\n",
            "a: x\t# c\n",
            "a: x\n  \t\nb: 1",
            "a:\n- b\n \t\nc: 1",
            "a: |\t\n  x\n  \ty\n",
            "a: |1\n \tx\n",
            "a: \"x\n\ty\"\n",
            "a: {\n\tx: [1,\n\t2]}\n",
            "a: !p-\tx\n",
            "{\n\t\"a\": 1\n\t}\n",
        ] {
            assert_eq!(place_of(fine), None, "{fine:?}");
        }
    }

    #[test]
    fn characters_are_those_of_yaml() {
        for (yaml, column) in [
            ("a: \u{7}", 4),
            ("a: \"é\u{8}\"", 6),
            ("a: \u{7f}", 4),
            ("a: \u{80}", 4),
            ("a: \u{ffff}", 4),
            ("a: x\u{2028}y", 5),
            ("a: x\u{85}y", 5),
        ] {
            assert_eq!(place_of(yaml), Some((2, column)), "{yaml:?}");
        }
        for fine in [
            "a: é\u{a0}\u{200b}😀",
            "a: \"x\u{2028}y\"",
            "a: x\u{2028}\n",
        ] {
            assert_eq!(place_of(fine), None, "{fine:?}");
        }
    }
}
