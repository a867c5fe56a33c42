//! From bytes to YAML values within fixed bounds. Nothing expands: anchors,
//! aliases and tags are errors.

use crate::error::{PolicyError, Position};
use crate::load::Source;
use crate::yaml::{Data, Entry, Value, shorten};
use saphyr_parser::{Event, Marker, Parser, ScalarStyle};
use std::sync::Arc;

/// The largest source in bytes.
pub const MAX_BYTES: usize = 1 << 20;
/// The deepest nesting of lists and maps.
pub const MAX_DEPTH: usize = 64;
/// The most nodes (keys, scalars, lists, maps) in one source.
pub const MAX_NODES: usize = 100_000;

/// The documents of a source that are not empty, in order.
pub(crate) fn parse(source: &Source<'_>) -> Result<Vec<Value>, PolicyError> {
    let path: Arc<str> = Arc::from(source.path.as_str());
    let at = |line, column| Position {
        path: Arc::clone(&path),
        line,
        column,
    };
    if source.bytes.len() > MAX_BYTES {
        let message = format!(
            "found {} bytes, expected at most {MAX_BYTES}",
            source.bytes.len()
        );
        return Err(
            PolicyError::new(&at(1, 1), message).hint("split the policy over several files")
        );
    }
    let text = match std::str::from_utf8(source.bytes) {
        Ok(text) => text.strip_prefix('\u{feff}').unwrap_or(text),
        Err(error) => {
            let (line, column) = place_of(&source.bytes[..error.valid_up_to()]);
            let message = "found bytes that are not UTF-8, expected a YAML file in UTF-8";
            return Err(PolicyError::new(&at(line, column), message).hint("save the file as UTF-8"));
        }
    };
    let mut builder = Builder {
        path: Arc::clone(&path),
        stack: Vec::new(),
        documents: Vec::new(),
        nodes: 0,
    };
    let mut parser = Parser::new_from_str(text);
    while let Some(next) = parser.next_event() {
        let (event, span) = next.map_err(|error| {
            let position = builder.at(*error.marker());
            let tab = text
                .lines()
                .nth(error.marker().line().saturating_sub(1))
                .is_some_and(|line| line.trim_start_matches(' ').starts_with('\t'));
            let hint = if error.info().contains("anchor") {
                "policies have no anchors and aliases: quote a text that starts with `*` or `&`"
            } else if tab {
                "YAML does not allow tabs as indentation: indent with spaces"
            } else {
                "check the indentation, quotes and brackets here and above"
            };
            PolicyError::new(&position, format!("not YAML: {}", shorten(error.info()))).hint(hint)
        })?;
        builder.take(event, span.start)?;
    }
    Ok(builder.documents)
}

/// Line and column behind valid UTF-8.
fn place_of(before: &[u8]) -> (u32, u32) {
    let text = String::from_utf8_lossy(before);
    let lines = text.matches('\n').count();
    let column = text.rsplit('\n').next().unwrap_or_default().chars().count();
    (small(lines + 1), small(column + 1))
}

fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// A list or map that is still open.
struct Open {
    position: Position,
    data: Data,
    /// A map's key that waits for its value.
    key: Option<(String, Position)>,
}

struct Builder {
    path: Arc<str>,
    stack: Vec<Open>,
    documents: Vec<Value>,
    nodes: usize,
}

impl Builder {
    fn at(&self, marker: Marker) -> Position {
        Position {
            path: Arc::clone(&self.path),
            line: small(marker.line().max(1)),
            column: small(marker.col() + 1),
        }
    }

    fn take(&mut self, event: Event<'_>, marker: Marker) -> Result<(), PolicyError> {
        let position = self.at(marker);
        match event {
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd => Ok(()),
            Event::Alias(_) => Err(expansion(&position, "an alias (`*name`)")),
            Event::Scalar(text, style, anchor, tag) => {
                plain(&position, anchor, tag.is_some())?;
                self.count(&position)?;
                let quoted = style != ScalarStyle::Plain;
                self.scalar(text.into_owned(), quoted, position)
            }
            Event::SequenceStart(anchor, tag) => {
                plain(&position, anchor, tag.is_some())?;
                self.open(position, Data::List(Vec::new()))
            }
            Event::MappingStart(anchor, tag) => {
                plain(&position, anchor, tag.is_some())?;
                self.open(position, Data::Map(Vec::new()))
            }
            Event::SequenceEnd | Event::MappingEnd => match self.stack.pop() {
                Some(Open { position, data, .. }) => self.push(Value { position, data }),
                None => Ok(()),
            },
        }
    }

    fn count(&mut self, position: &Position) -> Result<(), PolicyError> {
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            let message = format!("found more than {MAX_NODES} nodes in one file");
            return Err(
                PolicyError::new(position, message).hint("split the policy over several files")
            );
        }
        Ok(())
    }

    fn open(&mut self, position: Position, data: Data) -> Result<(), PolicyError> {
        self.count(&position)?;
        if self.stack.len() >= MAX_DEPTH {
            let message = format!("found nesting deeper than {MAX_DEPTH} levels");
            return Err(PolicyError::new(&position, message).hint("write the policy flatter"));
        }
        if let Some(Open {
            data: Data::Map(_),
            key: None,
            ..
        }) = self.stack.last()
        {
            return Err(no_scalar_key(&position));
        }
        self.stack.push(Open {
            position,
            data,
            key: None,
        });
        Ok(())
    }

    fn scalar(
        &mut self,
        text: String,
        quoted: bool,
        position: Position,
    ) -> Result<(), PolicyError> {
        if let Some(found) = text
            .chars()
            .find(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
        {
            let message = format!("found the control character U+{:04X}", u32::from(found));
            return Err(PolicyError::new(&position, message).hint("remove it"));
        }
        if let Some(Open {
            data: Data::Map(_),
            key: key @ None,
            ..
        }) = self.stack.last_mut()
        {
            // Directional marks would let one name look like another.
            if text.is_empty() || text.contains(|c: char| c.is_control() || is_directional(c)) {
                return Err(no_scalar_key(&position));
            }
            *key = Some((text, position));
            return Ok(());
        }
        let null = !quoted && matches!(text.as_str(), "" | "~" | "null" | "Null" | "NULL");
        let data = if null {
            Data::Null
        } else {
            Data::Scalar { text, quoted }
        };
        self.push(Value { position, data })
    }

    fn push(&mut self, value: Value) -> Result<(), PolicyError> {
        match self.stack.last_mut() {
            None => {
                if value.data != Data::Null {
                    self.documents.push(value);
                }
            }
            Some(Open {
                data: Data::List(items),
                ..
            }) => items.push(value),
            Some(Open {
                data: Data::Map(entries),
                key,
                ..
            }) => match key.take() {
                Some((key, position)) => entries.push(Entry {
                    key,
                    position,
                    value,
                }),
                None => return Err(no_scalar_key(&value.position)),
            },
            // Only lists and maps are ever opened.
            Some(Open {
                data: Data::Null | Data::Scalar { .. },
                ..
            }) => {}
        }
        Ok(())
    }
}

fn is_directional(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn no_scalar_key(position: &Position) -> PolicyError {
    PolicyError::new(position, "found a key that is no plain name")
        .hint("write a name before the colon")
}

fn plain(position: &Position, anchor: usize, tagged: bool) -> Result<(), PolicyError> {
    if anchor != 0 {
        return Err(expansion(position, "an anchor (`&name`)"));
    }
    if tagged {
        return Err(expansion(position, "a tag (`!name`)"));
    }
    Ok(())
}

fn expansion(position: &Position, what: &str) -> PolicyError {
    PolicyError::new(
        position,
        format!("found {what}, which policies do not have"),
    )
    .hint("write the value out, or quote a text that starts with `*`, `&` or `!`")
}
