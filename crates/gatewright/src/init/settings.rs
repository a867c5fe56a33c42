//! The settings of another tool, and what became of each. What nobody has said anything of when all is read is unknown, so
//! nothing is dropped without a word.

use super::node::Node;
use gate_policy::{Data, Position, did_you_mean};
use std::collections::BTreeMap;

/// What became of a setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Became {
    /// It stands in the policy, and asks the same.
    Taken(String),
    /// It stands in the policy, and asks something else: how it differs.
    Differs(String, String),
    /// It is so anyway, or asks for nothing.
    Anyway(String),
    /// Nothing in the policy says it: why, and what to do instead.
    NoEqual(String),
    /// The tool does not know it either, as far as is known here.
    Unknown(String),
}

/// One setting and what became of it.
#[derive(Clone, Debug)]
pub(super) struct Line {
    /// `None`: the file does not set it, and the tool's default holds.
    pub(super) at: Option<Position>,
    pub(super) name: String,
    pub(super) became: Became,
}

/// What a table says of settings by their name: `*` stands for any part of one, `~` before it for all that stands above,
/// and `=value` behind it asks for that value. The first row that fits holds.
pub(super) type Row = (&'static str, fn(String) -> Became, &'static str);

/// What was said so far.
#[derive(Debug, Default)]
pub(super) struct Told {
    pub(super) lines: Vec<Line>,
    /// By name, what is said already, and in which line: places are not enough, for an entry of a list begins where its
    /// first key does.
    said: BTreeMap<String, usize>,
    /// What holds whatever the settings say.
    pub(super) notes: Vec<String>,
}

impl Told {
    pub(super) fn say(&mut self, node: &Node<'_>, became: Became) {
        let Some(line) = self
            .said
            .get(&node.name)
            .and_then(|at| self.lines.get_mut(*at))
        else {
            self.said.insert(node.name.clone(), self.lines.len());
            return self.lines.push(Line {
                at: Some(node.at.clone()),
                name: node.shown(),
                became,
            });
        };
        // One setting may hold for several gates.
        if let (
            Became::Taken(before) | Became::Differs(before, _),
            Became::Taken(more) | Became::Differs(more, _),
        ) = (&mut line.became, became)
            && !before.contains(&more)
        {
            before.push_str(", ");
            before.push_str(&more);
        }
    }

    /// A default of the tool that the file leaves as it is.
    pub(super) fn by_default(&mut self, name: &str, became: Became) {
        self.lines.push(Line {
            at: None,
            name: name.to_owned(),
            became,
        });
    }

    /// Says what the table says of everything that nobody has spoken of yet, and that the rest is not known.
    pub(super) fn rest(&mut self, node: &Node<'_>, table: &[Row], known: &[&'static str]) {
        let firsts = table
            .iter()
            .filter_map(|(pattern, ..)| pattern.split(['.', '=']).next());
        let top = || {
            firsts
                .clone()
                .filter(|part| !part.starts_with('~'))
                .chain(known.iter().copied())
        };
        for entry in node.entries() {
            let next = self.said.range(entry.name.clone()..).next();
            let handled = next.is_some_and(|(name, _)| name.starts_with(&entry.name));
            if !handled && !top().any(|part| part == entry.key()) {
                let near = self.hint(entry.key(), top());
                self.say(&entry, Became::Unknown(near.unwrap_or_default()));
            }
            self.rest_of(&entry, table, known);
        }
    }

    /// What is nearest to a name; nobody reads a thousand of them, and each costs a look at every word.
    fn hint<'a>(&self, key: &str, known: impl Iterator<Item = &'a str> + Clone) -> Option<String> {
        let hint = (self.lines.len() < 1_000).then(|| did_you_mean(key, known));
        hint.flatten().filter(|hint| hint.starts_with("did"))
    }

    fn rest_of(&mut self, node: &Node<'_>, table: &[Row], known: &[&'static str]) {
        if self.said.contains_key(&node.name) {
            return;
        }
        if node.is_empty() && known.contains(&node.key()) {
            return self.say(
                node,
                Became::Anyway("nothing stands there, so what holds by default holds".into()),
            );
        }
        if let Some((_, became, why)) = table.iter().find(|(pattern, ..)| fits(pattern, node)) {
            return self.say(node, became((*why).to_owned()));
        }
        let inside = match &node.value.data {
            Data::Map(entries) if !entries.is_empty() => node.entries(),
            Data::List(items) if items.iter().any(|item| item.as_map().is_some()) => node.items(),
            // of a list whose entries are said one by one
            Data::List(_)
                if node
                    .items()
                    .iter()
                    .any(|item| self.said.contains_key(&item.name)) =>
            {
                node.items()
            }
            _ => Vec::new(),
        };
        for entry in &inside {
            self.rest_of(entry, table, known);
        }
        if inside.is_empty() {
            let parts = table
                .iter()
                .flat_map(|(pattern, ..)| pattern.trim_start_matches('~').split(['.', '=']));
            let parts = parts
                .filter(|part| !matches!(*part, "" | "*"))
                .chain(known.iter().copied());
            let near = if parts.clone().any(|part| part == node.key()) {
                String::from("one of this name stands elsewhere, or has another form")
            } else {
                self.hint(node.key(), parts).unwrap_or_default()
            };
            self.say(node, Became::Unknown(near));
        }
    }

    /// In the order of the file; defaults come last.
    pub(super) fn sorted(mut self) -> Self {
        self.lines.sort_by_key(|line| {
            line.at
                .as_ref()
                .map_or((u32::MAX, 0), |at| (at.line, at.column))
        });
        self
    }
}

fn fits(pattern: &str, node: &Node<'_>) -> bool {
    let (pattern, value) = match pattern.split_once('=') {
        Some((pattern, value)) => (pattern, Some(value)),
        None => (pattern, None),
    };
    if value.is_some_and(|value| {
        node.value
            .as_str()
            .is_none_or(|text| !text.eq_ignore_ascii_case(value))
    }) {
        return false;
    }
    let parts: Vec<&str> = node
        .name
        .split('\0')
        .filter(|part| !part.starts_with('['))
        .collect();
    let (asked, parts) = match pattern.strip_prefix('~') {
        Some(last) => (last, &parts[parts.len().saturating_sub(1)..]),
        None => (pattern, &parts[..]),
    };
    let asked: Vec<&str> = asked.split('.').collect();
    asked.len() == parts.len()
        && asked
            .iter()
            .zip(parts)
            .all(|(asked, part)| *asked == "*" || asked == part)
}
