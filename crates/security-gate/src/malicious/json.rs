//! JSON in which nothing is hidden: of keys that stand twice, which readers take differently, every value is kept.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

/// Times that a key may stand in one object; each may be meant together with each of another.
const MAX_TWINS: usize = 4;

/// A value; what is neither text nor holds any is of no interest.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Json {
    Text(String),
    List(Vec<Self>),
    Map(BTreeMap<String, Vec<Self>>),
    Other,
}

impl Json {
    /// The members of that name.
    pub(super) fn all(&self, key: &str) -> &[Self] {
        match self {
            Self::Map(map) => map.get(key).map_or(&[], Vec::as_slice),
            _ => &[],
        }
    }

    /// All members.
    pub(super) fn members(&self) -> impl Iterator<Item = (&str, &Self)> {
        let map = match self {
            Self::Map(map) => Some(map),
            _ => None,
        };
        let members = map.into_iter().flatten();
        members.flat_map(|(key, values)| values.iter().map(|value| (key.as_str(), value)))
    }

    pub(super) fn items(&self) -> &[Self] {
        match self {
            Self::List(items) => items,
            _ => &[],
        }
    }

    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The texts among the members of that name.
    pub(super) fn texts(&self, key: &str) -> impl Iterator<Item = &str> {
        self.all(key).iter().filter_map(Self::text)
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, _: bool) -> Result<Json, E> {
        Ok(Json::Other)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Json, E> {
        Ok(Json::Other)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Json, E> {
        Ok(Json::Other)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Json, E> {
        Ok(Json::Other)
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Other)
    }

    fn visit_str<E>(self, text: &str) -> Result<Json, E> {
        Ok(Json::Text(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Json, E> {
        Ok(Json::Text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<Json, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = from.next_element()? {
            items.push(item);
        }
        Ok(Json::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut from: A) -> Result<Json, A::Error> {
        let mut map: BTreeMap<String, Vec<Json>> = BTreeMap::new();
        while let Some((key, value)) = from.next_entry()? {
            let twins = map.entry(key).or_default();
            twins.push(value);
            if twins.len() > MAX_TWINS {
                return Err(A::Error::custom("a key stands too often"));
            }
        }
        Ok(Json::Map(map))
    }
}
