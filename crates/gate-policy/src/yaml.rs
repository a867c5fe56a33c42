//! A small YAML value that knows where it stands.

use crate::error::Position;
use std::collections::BTreeMap;

/// A YAML value and where it starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    pub position: Position,
    pub data: Data,
}

/// Scalars stay text: what a number or a truth value is, the reader decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Data {
    Null,
    Scalar {
        text: String,
        quoted: bool,
    },
    List(Vec<Value>),
    /// In the order of the file; a key may be there twice.
    Map(Vec<Entry>),
}

/// One key of a map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub key: String,
    /// Where the key stands.
    pub position: Position,
    pub value: Value,
}

impl Value {
    /// A plain scalar that no file wrote.
    pub(crate) fn built_in(text: &str) -> Self {
        Self {
            position: Position::built_in(),
            data: Data::Scalar {
                text: text.to_owned(),
                quoted: false,
            },
        }
    }

    /// The text of a scalar.
    pub fn as_str(&self) -> Option<&str> {
        match &self.data {
            Data::Scalar { text, .. } => Some(text),
            Data::Null | Data::List(_) | Data::Map(_) => None,
        }
    }

    /// `true` or `false`, plain or quoted. `yes` and `on` are text in YAML 1.2.
    pub fn as_bool(&self) -> Option<bool> {
        match self.as_str()? {
            "true" | "True" | "TRUE" => Some(true),
            "false" | "False" | "FALSE" => Some(false),
            _ => None,
        }
    }

    /// A whole number, not negative, in plain digits.
    pub fn as_u64(&self) -> Option<u64> {
        let text = self.as_str()?;
        let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        digits.then(|| text.parse().ok()).flatten()
    }

    pub fn as_list(&self) -> Option<&[Self]> {
        match &self.data {
            Data::List(items) => Some(items),
            Data::Null | Data::Scalar { .. } | Data::Map(_) => None,
        }
    }

    pub fn as_map(&self) -> Option<&[Entry]> {
        match &self.data {
            Data::Map(entries) => Some(entries),
            Data::Null | Data::Scalar { .. } | Data::List(_) => None,
        }
    }

    /// The value of the first entry named `key`.
    pub fn get(&self, key: &str) -> Option<&Self> {
        let entry = self.as_map()?.iter().find(|entry| entry.key == key)?;
        Some(&entry.value)
    }

    /// The texts of a list; none where it is no list.
    pub fn texts(&self) -> Vec<&str> {
        self.items().iter().filter_map(Self::as_str).collect()
    }

    /// The entries of a list; none where it is no list.
    pub fn items(&self) -> &[Self] {
        self.as_list().unwrap_or_default()
    }

    /// Keys and values of a map; none where it is no map.
    pub fn pairs(&self) -> Vec<(&str, &Self)> {
        let entries = self.as_map().unwrap_or_default();
        entries
            .iter()
            .map(|entry| (entry.key.as_str(), &entry.value))
            .collect()
    }

    /// The text under a key.
    pub fn text_of(&self, key: &str) -> Option<&str> {
        self.get(key)?.as_str()
    }

    /// The texts of the list under a key; none where there is no such list.
    pub fn texts_of(&self, key: &str) -> Vec<&str> {
        self.get(key).map(Self::texts).unwrap_or_default()
    }

    /// The whole number under a key.
    pub fn u64_of(&self, key: &str) -> Option<u64> {
        self.get(key)?.as_u64()
    }

    /// The truth value under a key.
    pub fn bool_of(&self, key: &str) -> Option<bool> {
        self.get(key)?.as_bool()
    }

    /// Equal apart from positions and quotes.
    pub fn same(&self, other: &Self) -> bool {
        match (&self.data, &other.data) {
            (Data::Null, Data::Null) => true,
            (Data::Scalar { text: a, .. }, Data::Scalar { text: b, .. }) => a == b,
            (Data::List(a), Data::List(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.same(b))
            }
            (Data::Map(a), Data::Map(b)) => {
                a.len() == b.len()
                    && a.iter()
                        .zip(b)
                        .all(|(a, b)| a.key == b.key && a.value.same(&b.value))
            }
            _ => false,
        }
    }

    /// What was found, for messages; long text is cut.
    pub(crate) fn found(&self) -> String {
        match &self.data {
            Data::Null => "nothing".into(),
            Data::Scalar { text, .. } => format!("`{}`", shorten(text)),
            Data::List(_) => "a list".into(),
            Data::Map(_) => "a map".into(),
        }
    }
}

/// Every entry with the first of the same key, where it is not the first.
pub(crate) fn with_first<'a>(
    entries: impl IntoIterator<Item = &'a Entry>,
) -> impl Iterator<Item = (&'a Entry, Option<&'a Entry>)> {
    let mut seen: BTreeMap<&str, &Entry> = BTreeMap::new();
    entries.into_iter().map(move |entry| {
        let first = seen.get(entry.key.as_str()).copied();
        seen.entry(&entry.key).or_insert(entry);
        (entry, first)
    })
}

/// At most 60 characters on one line.
pub(crate) fn shorten(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    let short: String = line.chars().take(60).collect();
    if short.len() < text.len() {
        format!("{short}...")
    } else {
        short
    }
}
