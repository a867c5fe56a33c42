//! The keys of a block: read event by event, so that nothing is kept and nothing is expanded.

use std::borrow::Cow;
use std::collections::BTreeSet;

use saphyr_parser::{Event, Parser};

use super::refused::refused;
use super::{MAX_BYTES, breaks, flow, place, problem, scalar, shorten};
use crate::SyntaxError;
use crate::locate::saturate;

/// Top-level keys with their lines.
pub(super) type Keys = Vec<(Box<str>, u32)>;

/// Top-level keys, as far as they can be read. `yaml` starts on line 2 of the file. Aliases are events and are never expanded.
pub(super) fn read_yaml(yaml: &str) -> (Keys, Option<SyntaxError>) {
    let mut keys = Keys::new();
    let error = if yaml.len() > MAX_BYTES {
        let message = format!(
            "front matter of {} bytes, expected at most {MAX_BYTES}",
            yaml.len()
        );
        Some(problem((1, 0), &message))
    } else {
        read_all(yaml, &mut keys).or_else(|| refused(yaml))
    };
    (keys, error)
}

/// Reads a block as it is, else settled.
pub(super) fn read_all(yaml: &str, keys: &mut Keys) -> Option<SyntaxError> {
    read_keys(yaml, keys).err().and_then(|error| {
        let settled = flow::settle(yaml);
        if matches!(settled, Cow::Borrowed(_)) {
            return Some(error);
        }
        keys.clear();
        read_keys(&settled, keys).err()
    })
}

/// A collection that is not closed yet.
enum Open {
    Sequence,
    Mapping {
        seen: BTreeSet<Box<str>>,
        /// What comes next is a key, not its value.
        at_key: bool,
    },
}

impl Open {
    fn mapping() -> Self {
        Self::Mapping {
            seen: BTreeSet::new(),
            at_key: true,
        }
    }
}

fn read_keys(yaml: &str, keys: &mut Keys) -> Result<(), SyntaxError> {
    let mut open: Vec<Open> = Vec::new();
    let breaks = breaks(yaml);
    for event in Parser::new_from_str(yaml) {
        let (event, span) = event
            .map_err(|error| problem(place(error.marker(), breaks.as_deref()), error.info()))?;
        let at = place(&span.start, breaks.as_deref());
        let wrong = |message: &str| problem(at, message);
        let expected = "expected a mapping of keys to values";
        let (is_root, is_top) = (open.is_empty(), open.len() == 1);
        if let Event::Scalar(.., tag) | Event::SequenceStart(_, tag) | Event::MappingStart(_, tag) =
            &event
        {
            scalar::known(tag.as_deref()).map_err(|message| wrong(&message))?;
        }
        let inside = match open.last_mut() {
            Some(Open::Mapping { seen, at_key }) => {
                let is_key = *at_key;
                if is_value(&event) {
                    *at_key = !is_key;
                }
                is_key.then_some(seen)
            }
            _ => None,
        };
        match (event, inside) {
            (Event::MappingStart(..), _) if is_root => open.push(Open::mapping()),
            (Event::SequenceStart(..), _) if is_root => {
                return Err(wrong(&format!("found a list, {expected}")));
            }
            (Event::Scalar(value, ..), _) if is_root && !value.is_empty() => {
                return Err(wrong(&format!("found plain text, {expected}")));
            }
            (Event::Alias(_), _) if is_root => {
                return Err(wrong("found an alias, expected a plain name"));
            }
            (Event::MappingStart(..) | Event::SequenceStart(..), Some(_)) if is_top => {
                return Err(wrong("found a collection as a key, expected a plain name"));
            }
            (Event::Alias(_), Some(_)) if is_top => {
                return Err(wrong("found an alias, expected a plain name"));
            }
            (Event::Scalar(name, ..), Some(seen)) => {
                if !seen.insert((&*name).into()) {
                    let name = shorten(&name);
                    return Err(wrong(&format!("found the key `{name}` a second time")));
                }
                if is_top {
                    keys.push((name.into(), saturate(at.0).saturating_add(1)));
                }
            }
            (Event::MappingStart(..), _) => open.push(Open::mapping()),
            (Event::SequenceStart(..), _) => open.push(Open::Sequence),
            (Event::MappingEnd | Event::SequenceEnd, _) => {
                open.pop();
            }
            _ => {}
        }
    }
    Ok(())
}

/// Whether a key or a value begins with this event.
const fn is_value(event: &Event<'_>) -> bool {
    matches!(
        event,
        Event::Scalar(..) | Event::Alias(_) | Event::MappingStart(..) | Event::SequenceStart(..)
    )
}
