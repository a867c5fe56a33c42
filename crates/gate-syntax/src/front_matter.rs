//! The YAML block at the very start of a file. It is cut off before Markdown is parsed, so that it can never become a heading.

use std::collections::BTreeSet;
use std::ops::Range;

use saphyr_parser::{Event, Parser};

use crate::locate::{count_lines, saturate};
use crate::{FrontMatter, SyntaxError};

/// Longest block that is parsed, in bytes; real ones have a few hundred.
const MAX_BYTES: usize = 256 * 1024;

/// The front matter of a file, and the byte offset where Markdown begins (0 if the block is missing or never closed).
pub(crate) fn read(text: &str) -> (Option<FrontMatter>, usize) {
    let Some(yaml_start) = opening(text) else {
        return (None, 0);
    };
    let Some((yaml, body)) = closing(text, yaml_start) else {
        return (unclosed(text, yaml_start), 0);
    };
    let yaml = &text[yaml];
    let (keys, error) = keys(yaml);
    // A document may start with a rule: then what follows it neither looks like data nor is it.
    let first = yaml.lines().next().unwrap_or_default().trim_end();
    if keys.is_empty() && !yaml.is_empty() && (first.is_empty() || first.starts_with('#')) {
        return (None, 0);
    }
    let matter = FrontMatter {
        first_line: 1,
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

/// A block that begins with a key and never ends is an error; anything else is a document that starts with a rule.
fn unclosed(text: &str, start: usize) -> Option<FrontMatter> {
    let (name, value) = text[start..].lines().next()?.split_once(':')?;
    let is_key = name.starts_with(|c: char| c.is_ascii_lowercase())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
        && (value.is_empty() || value.starts_with([' ', '\t']));
    is_key.then(|| FrontMatter {
        first_line: 1,
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

type Keys = Vec<(Box<str>, u32)>;

/// Top-level keys, as far as they can be read. `yaml` starts on line 2 of the file. Aliases are events and are never expanded.
fn keys(yaml: &str) -> (Keys, Option<SyntaxError>) {
    let mut keys = Keys::new();
    let error = if yaml.len() > MAX_BYTES {
        let message = format!(
            "front matter of {} bytes, expected at most {MAX_BYTES}",
            yaml.len()
        );
        Some(problem((1, 0), &message))
    } else {
        read_keys(yaml, &mut keys).err()
    };
    (keys, error)
}

fn read_keys(yaml: &str, keys: &mut Keys) -> Result<(), SyntaxError> {
    let mut seen = BTreeSet::new();
    let mut depth = 0_usize;
    let mut is_key = true;
    for event in Parser::new_from_str(yaml) {
        let (event, span) = event.map_err(|error| {
            let mark = error.marker();
            problem((mark.line(), mark.col()), error.info())
        })?;
        let at = (span.start.line(), span.start.col());
        let expected = "expected a mapping of keys to values";
        match event {
            Event::MappingStart(..) if depth == 0 => depth = 1,
            Event::MappingStart(..) | Event::SequenceStart(..) if depth == 1 && is_key => {
                return Err(problem(
                    at,
                    "found a collection as a key, expected a plain name",
                ));
            }
            Event::SequenceStart(..) if depth == 0 => {
                return Err(problem(at, &format!("found a list, {expected}")));
            }
            Event::Scalar(value, ..) if depth == 0 && value.is_empty() => {}
            Event::Scalar(..) if depth == 0 => {
                return Err(problem(at, &format!("found plain text, {expected}")));
            }
            Event::Alias(_) if depth == 0 || (depth == 1 && is_key) => {
                return Err(problem(at, "found an alias, expected a plain name"));
            }
            Event::Scalar(name, ..) if depth == 1 && is_key => {
                if !seen.insert(name.to_string()) {
                    return Err(problem(
                        at,
                        &format!("found the key `{}` a second time", shorten(&name)),
                    ));
                }
                keys.push((name.into(), saturate(at.0).saturating_add(1)));
                is_key = false;
            }
            Event::Scalar(..) | Event::Alias(_) if depth == 1 => is_key = true,
            Event::MappingStart(..) | Event::SequenceStart(..) => depth += 1,
            Event::MappingEnd | Event::SequenceEnd => {
                depth = depth.saturating_sub(1);
                is_key = is_key || depth == 1;
            }
            _ => {}
        }
    }
    Ok(())
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
        let (matter, _) = read(text);
        let matter = matter.expect("front matter");
        assert_eq!(matter.error, None, "{text}");
        matter
            .keys
            .into_iter()
            .map(|(name, line)| (name.into_string(), line))
            .collect()
    }

    fn error_of(text: &str) -> (u32, u32, String) {
        let error = read(text).0.expect("front matter").error.expect("an error");
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
        let (matter, body) = read(text);
        assert_eq!(matter.map(|m| (m.first_line, m.last_line)), Some((1, 9)));
        assert_eq!(&text[body..], "# T\r\n");
        assert_eq!(keys_of("---\n---\n"), []);
        assert_eq!(keys_of("---\n\na: 1\n...\nx").len(), 1);
        assert_eq!(keys_of("---\na: &x [1]\nb: *x\n---").len(), 2);
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
        ] {
            assert_eq!(read(text), (None, 0), "{text:?}");
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
            let _ = read(&text);
        }
    }
}
