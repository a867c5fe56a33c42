//! Places in the settings of another tool.

use gate_policy::{Data, Position, Value};
use std::collections::BTreeSet;

/// A place in the settings.
#[derive(Clone, Debug)]
pub(super) struct Node<'a> {
    pub(super) name: String,
    /// Where its key stands, or where an entry of a list begins.
    pub(super) at: &'a Position,
    pub(super) value: &'a Value,
}

impl<'a> Node<'a> {
    pub(super) fn top(value: &'a Value) -> Self {
        Self {
            name: String::new(),
            at: &value.position,
            value,
        }
    }

    pub(super) fn get(&self, key: &str) -> Option<Self> {
        self.entries().into_iter().find(|entry| entry.key() == key)
    }

    /// The last part of its name.
    pub(super) fn key(&self) -> &str {
        // Keys may have dots of their own; a NUL is in none.
        self.name.rsplit('\0').next().unwrap_or_default()
    }

    pub(super) fn entries(&self) -> Vec<Self> {
        let entries = self.value.as_map().unwrap_or_default().iter();
        entries
            .map(|entry| Self {
                name: self.below(&entry.key),
                at: &entry.position,
                value: &entry.value,
            })
            .collect()
    }

    /// The entries of a list, or the value itself where it is no list.
    pub(super) fn items(&self) -> Vec<Self> {
        match self.value.as_list() {
            None => vec![self.clone()],
            Some(items) => items
                .iter()
                .enumerate()
                .map(|(number, item)| Self {
                    name: self.below(&format!("[{number}]")),
                    at: &item.position,
                    value: item,
                })
                .collect(),
        }
    }

    fn below(&self, key: &str) -> String {
        if self.name.is_empty() {
            key.to_owned()
        } else {
            format!("{}\0{key}", self.name)
        }
    }

    /// Its name as people write it.
    pub(super) fn shown(&self) -> String {
        self.name.replace("\0[", "[").replace('\0', ".")
    }

    /// `true`, `yes`, `on` and their opposites, as YAML 1.1 has them.
    pub(super) fn truth(&self) -> Option<bool> {
        let Data::Scalar {
            text,
            quoted: false,
        } = &self.value.data
        else {
            return None;
        };
        match text.to_ascii_lowercase().as_str() {
            "true" | "yes" | "on" | "y" => Some(true),
            "false" | "no" | "off" | "n" => Some(false),
            _ => None,
        }
    }

    /// Nothing, or a list or a map without entries.
    pub(super) fn is_empty(&self) -> bool {
        match &self.value.data {
            Data::Null => true,
            Data::List(items) => items.is_empty(),
            Data::Map(entries) => entries.is_empty(),
            Data::Scalar { .. } => false,
        }
    }

    pub(super) fn is_null(&self) -> bool {
        self.value.data == Data::Null
    }
}

/// A key that stands twice in one map, anywhere: which of them holds is not said in any of these formats.
pub(super) fn twice(value: &Value) -> Option<&Position> {
    let mut open = vec![value];
    while let Some(value) = open.pop() {
        let mut keys = BTreeSet::new();
        for entry in value.as_map().unwrap_or_default() {
            if !keys.insert(entry.key.as_str()) {
                return Some(&entry.position);
            }
            open.push(&entry.value);
        }
        open.extend(value.items());
    }
    None
}
