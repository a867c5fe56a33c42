//! The YAML block at the very start of a file. It is cut off before Markdown is parsed, so that it can never become a heading.

mod flow;
mod keys;
mod meant;
mod nodes;
mod refused;
mod scalar;
mod value;

pub use value::{Located, front_matter_value};

use std::ops::Range;

use saphyr_parser::Marker;

use self::keys::{Keys, read_yaml};
use crate::locate::{count_lines, saturate};
use crate::{FrontMatter, SyntaxError};

/// Longest block that is parsed, in bytes; real ones have a few hundred.
const MAX_BYTES: usize = 256 * 1024;

/// The front matter of a file, and the byte offset where Markdown begins (0 if the block is missing or never closed).
/// Keys and errors are read only where `keys` says so, or where it hangs on them whether it is front matter at all.
pub(crate) fn read(text: &str, keys: bool) -> (Option<FrontMatter>, usize) {
    let Some(yaml_start) = opening(text) else {
        return (None, 0);
    };
    let Some((yaml, body)) = closing(text, yaml_start) else {
        return (unclosed(text, yaml_start), 0);
    };
    let yaml = &text[yaml];
    // A document may start with a rule: then what follows it neither looks like data nor is it.
    let first = yaml.lines().next().unwrap_or_default().trim_end();
    let doubtful = !yaml.is_empty() && (first.is_empty() || first.starts_with('#'));
    let (keys, error) = if keys || doubtful {
        read_yaml(yaml)
    } else {
        (Keys::new(), None)
    };
    let is_data = match &error {
        None => !keys.is_empty(),
        Some(_) => meant::closed(yaml),
    };
    if doubtful && !is_data {
        return (None, 0);
    }
    // A list may be one of Markdown's after all, so that what it shows counts too.
    let body = if doubtful && keys.is_empty() { 0 } else { body };
    let matter = FrontMatter {
        last_line: count_lines(yaml).saturating_add(2),
        error,
        keys,
    };
    (Some(matter), body)
}

/// The offset after a first line `---`.
fn opening(text: &str) -> Option<usize> {
    let line = text.strip_prefix("---")?;
    let end = memchr::memchr(b'\n', line.as_bytes())?;
    line[..end].trim_end().is_empty().then_some(3 + end + 1)
}

/// What stands before the closing mark, and the offset after it.
fn closing(text: &str, start: usize) -> Option<(Range<usize>, usize)> {
    let mut at = start;
    for line in text[start..].split_inclusive('\n') {
        if matches!(line.trim_end(), "---" | "...") {
            return Some((start..at, at + line.len()));
        }
        at += line.len();
    }
    None
}

fn unclosed(text: &str, start: usize) -> Option<FrontMatter> {
    meant::unclosed(&text[start..]).then(|| FrontMatter {
        last_line: count_lines(text),
        error: Some(SyntaxError {
            line: 1,
            column: 1,
            message:
                "front matter is opened by `---` and never closed, expected a second line `---`"
                    .into(),
        }),
        keys: Vec::new(),
    })
}

/// Where lines end, in characters, if YAML sees more line ends than this crate does: to YAML a `\r` alone is one.
fn breaks(yaml: &str) -> Option<Vec<usize>> {
    let bytes = yaml.as_bytes();
    let is_odd = memchr::memchr_iter(b'\r', bytes).any(|at| bytes.get(at + 1) != Some(&b'\n'));
    is_odd.then(|| {
        let characters = yaml.chars().enumerate();
        characters
            .filter_map(|(at, c)| (c == '\n').then_some(at))
            .collect()
    })
}

/// Line (1-based) and column (0-based) of a place in the YAML text.
fn place(mark: &Marker, breaks: Option<&[usize]>) -> (usize, usize) {
    let Some(breaks) = breaks else {
        return (mark.line(), mark.col());
    };
    let (before, _) = breaks.split_at(breaks.partition_point(|&at| at < mark.index()));
    let start = before.last().map_or(0, |at| at + 1);
    (before.len() + 1, mark.index().saturating_sub(start))
}

fn shorten(name: &str) -> String {
    name.chars().take(40).collect()
}

/// From a line (1-based) and column (0-based) of the YAML text to the file's.
fn problem((line, column): (usize, usize), message: &str) -> SyntaxError {
    SyntaxError {
        line: saturate(line).saturating_add(1),
        column: saturate(column).saturating_add(1),
        message: message.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys_of(text: &str) -> Vec<(String, u32)> {
        let (matter, _) = read(text, true);
        let matter = matter.expect("front matter");
        assert_eq!(matter.error, None, "{text}");
        matter
            .keys
            .into_iter()
            .map(|(name, line)| (name.into_string(), line))
            .collect()
    }

    fn error_of(text: &str) -> (u32, u32, String) {
        let error = read(text, true)
            .0
            .expect("front matter")
            .error
            .expect("an error");
        (error.line, error.column, error.message.into_string())
    }

    #[test]
    fn reads_keys_with_lines() {
        let text = "---\r\nname: x\r\ntools: [a, {b: c}]\r\nmap:\r\n  name: inner\r\n'q k':\r\nlast: |\r\n  text\r\n---\r\n# T\r\n";
        let keys = keys_of(text);
        let keys: Vec<_> = keys
            .iter()
            .map(|(name, line)| (name.as_str(), *line))
            .collect();
        assert_eq!(
            keys,
            [
                ("name", 2),
                ("tools", 3),
                ("map", 4),
                ("q k", 6),
                ("last", 7)
            ]
        );
        let (matter, body) = read(text, true);
        assert_eq!(matter.map(|m| m.last_line), Some(9));
        assert_eq!(&text[body..], "# T\r\n");
        assert_eq!(keys_of("---\n---\n"), []);
        assert_eq!(keys_of("---\n\na: 1\n...\nx").len(), 1);
        assert_eq!(keys_of("---\na: &x [1]\nb: *x\n---").len(), 2);
    }

    /// Found by fuzzing: an error in a line after the last one.
    #[test]
    fn a_lone_carriage_return_ends_no_line() {
        assert_eq!(error_of("---\nname: x\rfa'\r?\n---\n").0, 2);
        assert_eq!(
            keys_of("---\na: 1\rb: 2\r\nc: 3\n---\n"),
            [
                ("a".to_owned(), 2),
                ("b".to_owned(), 2),
                ("c".to_owned(), 3)
            ]
        );
        let (line, column, _) = error_of("---\né: 1\ré: 2\n---\n");
        assert_eq!((line, column), (2, 6));
    }

    #[test]
    fn names_the_place_of_an_error() {
        assert_eq!(
            error_of("---\na: 1\nb: 2\na: 3\n---\n"),
            (4, 1, "found the key `a` a second time".into())
        );
        assert_eq!(error_of("---\n- a\n---\n").0, 2);
        assert_eq!(error_of("---\njust text\n---\n").0, 2);
        let (line, _, message) = error_of("---\nname: x\nabout: Use when: now\n---\n");
        assert_eq!((line, message.is_empty()), (3, false));
        assert_eq!(error_of("---\nmap:\n\ta: 1\n---\n").0, 3);
        assert_eq!(error_of("---\na:\n    b: 1\n  c: 2\n---\n").0, 4);
        assert_eq!(error_of("---\na: *missing\n---\n").0, 2);
        assert_eq!(error_of("---\na: [1, 2\n---\n").0, 3);
        assert_eq!(
            error_of("---\nname: x\n\n# T\n"),
            (
                1,
                1,
                "front matter is opened by `---` and never closed, expected a second line `---`"
                    .into()
            )
        );
        assert!(
            error_of(&format!("---\na: {}\n---\n", "x".repeat(MAX_BYTES)))
                .2
                .contains("bytes")
        );
    }

    #[test]
    fn names_a_second_key_at_any_depth() {
        let second = |line, column| (line, column, "found the key `x` a second time".into());
        assert_eq!(error_of("---\nmeta:\n  x: 1\n  x: 2\n---\n"), second(4, 3));
        assert_eq!(
            error_of("---\nmeta: {x: 1, y: {x: 2}, x: 3}\n---\n"),
            second(2, 25)
        );
        assert_eq!(
            error_of("---\na:\n  - x: 1\n    'x': 2\n---\n"),
            second(4, 5)
        );
        assert_eq!(error_of("---\n? [k]\n: 1\n---\n").0, 2);
        for fine in [
            "a: {x: 1}\nb: {x: 1}\nx: 1",
            "a: [{x: 1}, {x: 1}, x, x]",
            "a:\n  ? {x: 1}\n  : {x: 1}\n  ? [x, x]\n  : x\n  x: x",
            "a: {b: &x 1, *x : 2}",
            "a: {x, y: x}",
        ] {
            let _ = keys_of(&format!("---\n{fine}\n---\n"));
        }
    }

    #[test]
    fn names_a_tag_that_yaml_does_not_have() {
        for tag in [
            "!!weird x",
            "!!python/object:os.system x",
            "!!weird [x]",
            "!!weird {x: y}",
        ] {
            let (line, _, message) = error_of(&format!("---\na:\n  b: {tag}\n---\n"));
            assert_eq!(line, 3, "{tag}");
            assert!(message.contains("found the tag `!!"), "{message}");
        }
        for fine in [
            "!!timestamp 2026-01-01",
            "!!set {x, y}",
            "!local x",
            "! x",
            "!!str 1",
        ] {
            let _ = keys_of(&format!("---\na: {fine}\n---\n"));
        }
    }

    /// It may be front matter that somebody got wrong, so it is not passed over.
    #[test]
    fn what_is_meant_as_data_is_judged() {
        assert_eq!(error_of("---\n# settings\n- a\n- b\n---\n# T\n").0, 3);
        let long = format!(
            "---\n# settings\nname: x\npad: {}\n---\n",
            "x".repeat(MAX_BYTES)
        );
        assert!(error_of(&long).2.contains("bytes"));
        for text in ["Title: x\n", "\"title\": x\n", "# settings\ntitle: x\n"] {
            assert!(
                error_of(&format!("---\n{text}\n# T\n"))
                    .2
                    .contains("never closed")
            );
        }
    }

    #[test]
    fn leaves_rules_alone() {
        for text in [
            "",
            "---",
            "---\n",
            "----\na: 1\n----\n",
            " ---\na: 1\n---\n",
            "text\n---\na: 1\n---\n",
            "---\n\n# T\n\ntext\n\n---\n",
            "---\nSome text: here",
            "---\nNote: read this first.\n\n# T\n",
            "---\n\n# T\n\nNote: read this first.\n\nMore text.\n\n---\n",
            "---\n# T\n\n- a\n- b\n\n---\n",
        ] {
            assert_eq!(read(text, true), (None, 0), "{text:?}");
            assert_eq!(read(text, false), (None, 0), "{text:?}");
        }
    }

    #[test]
    fn stays_bounded() {
        let bomb = (0..200).fold("a0: &a0 x\n".to_owned(), |text, n| {
            format!("{text}a{}: &a{} [*a{n}, *a{n}]\n", n + 1, n + 1)
        });
        assert_eq!(keys_of(&format!("---\n{bomb}---\n")).len(), 201);
        for open in ["[", "{", "- ", "? ", "a: {", "!!x ", "&a "] {
            let text = format!("---\nk:\n {}\n---\n", open.repeat(20_000));
            let _ = read(&text, true);
        }
    }
}
