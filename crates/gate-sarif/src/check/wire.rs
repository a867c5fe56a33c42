//! The parts of runs and results that are checked, as they are written: nothing is mended on the way.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Deref;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::model::{ComponentReference, Properties, Suppression};

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Result<'a> {
    #[serde(borrow)]
    pub(super) rule_id: Option<Text<'a>>,
    pub(super) rule_index: Number,
    #[serde(borrow)]
    pub(super) rule: Option<RuleReference<'a>>,
    #[serde(borrow)]
    pub(super) level: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) kind: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) message: Option<Message<'a>>,
    #[serde(borrow)]
    pub(super) locations: Option<Vec<Location<'a>>>,
    #[serde(borrow)]
    pub(super) related_locations: Option<Vec<Location<'a>>>,
    #[serde(borrow)]
    pub(super) code_flows: Option<Vec<CodeFlow<'a>>>,
    #[serde(borrow)]
    pub(super) stacks: Option<Vec<Stack<'a>>>,
    #[serde(borrow)]
    pub(super) graphs: Option<Vec<Graph<'a>>>,
    #[serde(borrow)]
    pub(super) provenance: Option<Provenance<'a>>,
    pub(super) partial_fingerprints: Option<Texts>,
    /// What is read of a result elsewhere has to be what it is taken for, or it would be passed over there.
    #[serde(rename = "fingerprints", deserialize_with = "typed::<Texts, _>")]
    _fingerprints: (),
    #[serde(
        rename = "suppressions",
        deserialize_with = "typed::<Vec<Suppression>, _>"
    )]
    _suppressions: (),
    #[serde(rename = "baselineState", deserialize_with = "typed::<Text<'_>, _>")]
    _baseline_state: (),
    #[serde(rename = "properties", deserialize_with = "typed::<Properties, _>")]
    _properties: (),
}

pub(super) type Texts = BTreeMap<String, Option<String>>;

/// Null, or what is a `T`.
fn typed<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> std::result::Result<(), D::Error> {
    Option::<T>::deserialize(deserializer).map(drop)
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct RuleReference<'a> {
    #[serde(borrow)]
    pub(super) id: Option<Text<'a>>,
    pub(super) index: Number,
    pub(super) tool_component: Option<ComponentReference>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Message<'a> {
    #[serde(borrow)]
    pub(super) text: Option<Text<'a>>,
    #[serde(rename = "markdown", deserialize_with = "typed::<Text<'_>, _>")]
    _markdown: (),
    #[serde(rename = "id", deserialize_with = "typed::<Text<'_>, _>")]
    _id: (),
    #[serde(rename = "arguments", deserialize_with = "typed::<Vec<Text<'_>>, _>")]
    _arguments: (),
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Location<'a> {
    #[serde(borrow)]
    pub(super) physical_location: Option<PhysicalLocation<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct PhysicalLocation<'a> {
    #[serde(borrow)]
    pub(super) artifact_location: Option<ArtifactLocation<'a>>,
    pub(super) region: Option<Region>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct ArtifactLocation<'a> {
    #[serde(borrow)]
    pub(super) uri: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) uri_base_id: Option<Text<'a>>,
    pub(super) index: Number,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Region {
    pub(super) start_line: Number,
    pub(super) start_column: Number,
    pub(super) end_line: Number,
    pub(super) end_column: Number,
    pub(super) char_offset: Number,
    pub(super) byte_offset: Number,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct CodeFlow<'a> {
    #[serde(borrow)]
    pub(super) thread_flows: Option<Vec<ThreadFlow<'a>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ThreadFlow<'a> {
    #[serde(borrow)]
    pub(super) locations: Option<Vec<FlowStep<'a>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct FlowStep<'a> {
    pub(super) index: Number,
    #[serde(borrow)]
    pub(super) location: Option<Location<'a>>,
    #[serde(borrow)]
    pub(super) stack: Option<Stack<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Stack<'a> {
    #[serde(borrow)]
    pub(super) frames: Option<Vec<Holder<'a>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Graph<'a> {
    #[serde(borrow)]
    pub(super) nodes: Option<Vec<Holder<'a>>>,
}

/// A frame or a node.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Holder<'a> {
    #[serde(borrow)]
    pub(super) location: Option<Location<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Provenance<'a> {
    #[serde(borrow)]
    pub(super) conversion_sources: Option<Vec<PhysicalLocation<'a>>>,
}

/// A text, borrowed where it has no escapes: a `Cow` is so only where it is no part of anything else.
#[derive(Debug)]
pub(super) struct Text<'a>(Cow<'a, str>);

impl Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        deserializer.deserialize_str(TextVisitor).map(Text)
    }
}

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> std::result::Result<Self::Value, E> {
        Ok(Cow::Borrowed(text))
    }

    fn visit_str<E>(self, text: &str) -> std::result::Result<Self::Value, E> {
        Ok(Cow::Owned(text.to_owned()))
    }
}

/// A number as it was written.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) enum Number {
    #[default]
    Absent,
    Whole(i64),
    /// A fraction, a text, something too long.
    Other,
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        deserializer.deserialize_any(NumberVisitor)
    }
}

struct NumberVisitor;

impl<'de> Visitor<'de> for NumberVisitor {
    type Value = Number;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a whole number")
    }

    fn visit_u64<E>(self, number: u64) -> std::result::Result<Number, E> {
        Ok(i64::try_from(number).map_or(Number::Other, Number::Whole))
    }

    fn visit_i64<E>(self, number: i64) -> std::result::Result<Number, E> {
        Ok(Number::Whole(number))
    }

    fn visit_f64<E>(self, _: f64) -> std::result::Result<Number, E> {
        Ok(Number::Other)
    }

    fn visit_bool<E>(self, _: bool) -> std::result::Result<Number, E> {
        Ok(Number::Other)
    }

    fn visit_unit<E>(self) -> std::result::Result<Number, E> {
        Ok(Number::Absent)
    }

    fn visit_str<E>(self, _: &str) -> std::result::Result<Number, E> {
        Ok(Number::Other)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> std::result::Result<Number, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Number::Other)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> std::result::Result<Number, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Number::Other)
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Absent => f.write_str("nothing"),
            Self::Whole(number) => write!(f, "{number}"),
            Self::Other => f.write_str("no whole number"),
        }
    }
}
