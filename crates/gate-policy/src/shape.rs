//! What the value of a setting looks like. Data, so that checking, schema and
//! reference page follow from one line.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a setting looks like.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// A text that is not blank.
    String,
    StringList,
    Bool,
    /// A whole number, not negative.
    Integer,
    /// One of these words.
    Choice(Vec<String>),
    /// A glob relative to the root that cannot leave it.
    Glob,
    GlobList,
    /// A path relative to the root in its one spelling: `/` between names,
    /// no `.` or `..` among them, no `/` at either end. `.` is the root.
    Path,
    /// A day of the calendar as `YYYY-MM-DD`, so that texts compare as days do.
    Date,
    /// A regular expression that [`regex`](crate::regex) compiles.
    Regex,
    /// A regular expression with a group, which is what it finds.
    Capture,
    /// A text that this regular expression matches as a whole.
    Like {
        pattern: String,
        example: String,
    },
    /// A list of at most [`MAX_ENTRIES`](crate::MAX_ENTRIES).
    List(Box<Self>),
    /// A map of names to texts.
    Map,
    /// A map of at most [`MAX_ENTRIES`](crate::MAX_ENTRIES), its keys as `keys` says.
    MapOf {
        keys: KeyShape,
        values: Box<Self>,
    },
    /// A map with these keys and no others.
    Record(Vec<Field>),
    /// In a record: how it looks depends on what another key says; with a word
    /// that is not among these it has no meaning.
    By {
        key: String,
        shapes: BTreeMap<String, Self>,
    },
    /// Any value; the gate checks it itself.
    Any,
}

/// What the keys of a map look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyShape {
    Any,
    /// As [`Shape::Glob`].
    Glob,
}

/// One key of a [`Shape::Record`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    pub name: String,
    pub summary: String,
    pub shape: Shape,
    #[serde(default)]
    pub need: Need,
}

/// Whether a key of a [`Shape::Record`] has to be there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Need {
    #[default]
    Optional,
    Required,
    /// One of the keys that say this has to be there: without any, the record
    /// would ask for nothing.
    OneOf,
}

impl Field {
    /// A key that has to be there.
    pub fn required(name: &str, summary: &str, shape: Shape) -> Self {
        Self {
            need: Need::Required,
            ..Self::optional(name, summary, shape)
        }
    }

    /// One of several keys, of which one has to be there.
    pub fn one_of(name: &str, summary: &str, shape: Shape) -> Self {
        Self {
            need: Need::OneOf,
            ..Self::optional(name, summary, shape)
        }
    }

    /// A key that may be left out.
    pub fn optional(name: &str, summary: &str, shape: Shape) -> Self {
        Self {
            name: name.to_owned(),
            summary: summary.to_owned(),
            shape,
            need: Need::Optional,
        }
    }
}

impl Shape {
    /// One of these words.
    pub fn choice<const N: usize>(words: [&str; N]) -> Self {
        Self::Choice(words.map(str::to_owned).to_vec())
    }

    /// A list of values that look like `of`.
    pub fn list(of: Self) -> Self {
        Self::List(Box::new(of))
    }

    /// A map of globs to values that look like `values`.
    pub fn by_glob(values: Self) -> Self {
        Self::MapOf {
            keys: KeyShape::Glob,
            values: Box::new(values),
        }
    }

    /// A text that `pattern` matches as a whole.
    pub fn like(pattern: &str, example: &str) -> Self {
        Self::Like {
            pattern: format!("^(?:{pattern})$"),
            example: example.to_owned(),
        }
    }

    /// What the word under `key` makes it.
    pub fn by<const N: usize>(key: &str, shapes: [(&str, Self); N]) -> Self {
        Self::By {
            key: key.to_owned(),
            shapes: shapes.map(|(word, of)| (word.to_owned(), of)).into(),
        }
    }

    /// In words that stand behind "expected".
    pub fn expected(&self) -> String {
        match self {
            Self::String => "a text".into(),
            Self::StringList => "a list of texts".into(),
            Self::Bool => "`true` or `false`".into(),
            Self::Integer => "a whole number".into(),
            Self::Choice(words) => format!("one of {}", quoted(words.iter())),
            Self::Glob => "a glob such as `src/**`".into(),
            Self::GlobList => "a list of globs such as `[\"src/**\"]`".into(),
            Self::Path => "a path relative to the root such as `docs/api`".into(),
            Self::Date => "a day such as `2027-01-31`".into(),
            Self::Regex => "a regular expression".into(),
            Self::Capture => "a regular expression with a group such as `see (\\S+)`".into(),
            Self::Like { example, .. } => format!("a text such as `{example}`"),
            Self::List(of) => format!("a list, each entry {}", of.expected()),
            Self::Map => "a map of names to texts or numbers".into(),
            Self::MapOf { keys, values } => {
                let keys = match keys {
                    KeyShape::Any => "names",
                    KeyShape::Glob => "globs",
                };
                format!("a map of {keys}, each to {}", values.expected())
            }
            Self::Record(fields) => {
                let names = fields.iter().map(|field| &field.name);
                format!("a map with the keys {}", quoted(names))
            }
            Self::By { key, shapes } => {
                let each = |(word, of): (&String, &Self)| format!("{} for `{word}`", of.expected());
                let all: Vec<_> = shapes.iter().map(each).collect();
                format!("by `{key}`: {}", all.join(", "))
            }
            Self::Any => "any value".into(),
        }
    }
}

fn quoted<'a>(words: impl Iterator<Item = &'a String>) -> String {
    words
        .map(|word| format!("`{word}`"))
        .collect::<Vec<_>>()
        .join(", ")
}
