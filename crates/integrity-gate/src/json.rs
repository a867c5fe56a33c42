//! JSON as a person wrote it: no key twice, since of two every reader drops one.

use gate_syntax::SyntaxError;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use std::fmt;

/// Where and why a text is no such JSON is told apart. At the start of a line its column is 0.
pub(crate) fn json(bytes: &[u8]) -> Result<Value, SyntaxError> {
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let read: Result<Unique, _> = serde_json::from_slice(bytes);
    read.map(|Unique(value)| value).map_err(|error| {
        let message = error.to_string();
        let (what, _) = message.rsplit_once(" at line ").unwrap_or((&message, ""));
        SyntaxError {
            line: u32::try_from(error.line()).unwrap_or(u32::MAX),
            column: u32::try_from(error.column().max(1)).unwrap_or(u32::MAX),
            message: what.into(),
        }
    })
}

struct Unique(Value);

impl<'de> Deserialize<'de> for Unique {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        reader.deserialize_any(OfAny).map(Self)
    }
}

struct OfAny;

impl<'de> Visitor<'de> for OfAny {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(Unique(item)) = items.next_element()? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(key) = members.next_key::<String>()? {
            if map.contains_key(&key) {
                let key: String = key.chars().take(40).collect();
                return Err(A::Error::custom(format!(
                    "found the key `{key}` a second time"
                )));
            }
            let Unique(value) = members.next_value()?;
            map.insert(key, value);
        }
        Ok(Value::Object(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json as value;

    #[test]
    fn what_is_written_once_is_read() {
        let text = r#"{"a": [1, -2, 1.5, null, true, "\u00e9"], "b": {"a": {}}}"#;
        let expected = value!({"a": [1, -2, 1.5, null, true, "é"], "b": {"a": {}}});
        assert_eq!(json(text.as_bytes()), Ok(expected));
    }

    #[test]
    fn what_is_written_twice_is_told_with_its_place() {
        let error = |text: &str| {
            let error = json(text.as_bytes()).expect_err("an error");
            (error.line, error.column, error.message.into_string())
        };
        let twice = || String::from("found the key `a` a second time");
        assert_eq!(error("{\"a\": 1,\n  \"a\": 2}"), (2, 5, twice()));
        assert_eq!(error("[{\"a\": 1, \"\\u0061\": 2}]").2, twice());
        assert_eq!(error("{").2, "EOF while parsing an object");
        assert!(error(&"[".repeat(1_000)).2.contains("recursion limit"));
    }
}
