//! TOML as the values that YAML comes to, with their places.

use gate_policy::{Data, Entry, MAX_BYTES, MAX_NODES, Position, Value};
use std::sync::Arc;
use toml::de::{DeTable, DeValue};

struct Places<'a> {
    path: Arc<str>,
    text: &'a str,
    /// Where each line begins.
    lines: Vec<usize>,
    nodes: usize,
}

/// # Errors
/// Why it cannot be read, with its place.
pub(super) fn read(path: &str, bytes: &[u8]) -> Result<Value, String> {
    if bytes.len() > MAX_BYTES {
        return Err(format!(
            "{path}: found {} bytes, expected at most {MAX_BYTES}",
            bytes.len()
        ));
    }
    let text = std::str::from_utf8(bytes)
        .map_err(|_| format!("{path}: found bytes that are not UTF-8"))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let lines = std::iter::once(0)
        .chain(text.match_indices('\n').map(|(at, _)| at + 1))
        .collect();
    let mut places = Places {
        path: Arc::from(path),
        text,
        lines,
        nodes: 0,
    };
    let document = DeTable::parse(text).map_err(|error| {
        let at = places.at(error.span().map_or(0, |span| span.start));
        let message = error
            .message()
            .lines()
            .next()
            .unwrap_or_default()
            .to_owned();
        format!("{at}: not TOML: {message}")
    })?;
    let position = places.at(0);
    Ok(Value {
        position,
        data: table(document.get_ref(), &mut places)?,
    })
}

impl Places<'_> {
    fn at(&self, byte: usize) -> Position {
        let line = self.lines.partition_point(|start| *start <= byte).max(1);
        let start = self.lines.get(line - 1).copied().unwrap_or(0);
        // Characters are counted in lines that people write; in a long one each value would count them all again.
        let before = self.text.get(start..byte).unwrap_or_default();
        let column = if before.len() < 1_000 {
            before.chars().count()
        } else {
            before.len()
        } + 1;
        let small = |number| u32::try_from(number).unwrap_or(u32::MAX);
        Position {
            path: Arc::clone(&self.path),
            line: small(line),
            column: small(column),
        }
    }

    fn counted(&mut self) -> Result<(), String> {
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            Err(format!(
                "{}: found more than {MAX_NODES} values in one file",
                self.path
            ))
        } else {
            Ok(())
        }
    }
}

fn table(table: &DeTable<'_>, places: &mut Places<'_>) -> Result<Data, String> {
    let mut entries = Vec::new();
    for (key, value) in table {
        let position = places.at(key.span().start);
        let key = plain(key.get_ref(), &position)?;
        let at = places.at(value.span().start);
        entries.push(Entry {
            key,
            position,
            value: Value {
                data: data(value.get_ref(), &at, places)?,
                position: at,
            },
        });
    }
    Ok(Data::Map(entries))
}

fn data(value: &DeValue<'_>, at: &Position, places: &mut Places<'_>) -> Result<Data, String> {
    places.counted()?;
    let scalar = |text: &str, quoted| {
        Ok(Data::Scalar {
            text: plain(text, at)?,
            quoted,
        })
    };
    match value {
        DeValue::String(text) => scalar(text, true),
        DeValue::Integer(number) => scalar(&number.to_string(), false),
        DeValue::Float(number) => scalar(number.as_str(), false),
        DeValue::Boolean(truth) => scalar(&truth.to_string(), false),
        DeValue::Datetime(time) => scalar(&time.to_string(), false),
        DeValue::Table(inner) => table(inner, places),
        DeValue::Array(items) => {
            let mut list = Vec::new();
            for item in items {
                let at = places.at(item.span().start);
                list.push(Value {
                    data: data(item.get_ref(), &at, places)?,
                    position: at,
                });
            }
            Ok(Data::List(list))
        }
    }
}

/// Control characters are for terminals, not for settings.
fn plain(text: &str, at: &Position) -> Result<String, String> {
    match text
        .chars()
        .find(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
    {
        Some(found) => Err(format!(
            "{at}: found the control character U+{:04X}; remove it",
            u32::from(found)
        )),
        None => Ok(text.to_owned()),
    }
}
