//! Front matter as data: the values of the block, and where each of them stands.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::nodes::{Kind, MAX_DEPTH, MAX_NODES, Node, nodes, too_deep, too_many};
use super::{problem, shorten};
use crate::SyntaxError;

/// Most bytes of names and texts, aliases put in their places: four times the longest block.
const MAX_EXPANDED: usize = 4 * super::MAX_BYTES;

/// The data of a front matter block, with positions in the file.
#[derive(Debug, Clone, PartialEq)]
pub struct Located {
    /// The block as JSON; always an object.
    pub value: Value,
    root: Place,
}

/// Where a value stands, and what is inside it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Place {
    line: u32,
    column: u32,
    items: Vec<Self>,
    members: BTreeMap<String, Self>,
}

impl Located {
    /// The 1-based line and column of the value that a JSON pointer (RFC 6901) names: of its key where it has one, of its first
    /// character where it is an item of a list, and of the opening `---` for the whole block (the empty pointer).
    ///
    /// What stands nowhere itself, because it is missing or comes from an alias, stands where the nearest value around it does.
    pub fn position(&self, pointer: &str) -> (u32, u32) {
        let mut place = &self.root;
        for token in pointer.split('/').skip(1) {
            let name = token.replace("~1", "/").replace("~0", "~");
            let index = name.parse().ok().filter(|_| place.members.is_empty());
            let inside = index.and_then(|index: usize| place.items.get(index));
            match inside.or_else(|| place.members.get(&name)) {
                Some(inside) => place = inside,
                None => break,
            }
        }
        (place.line, place.column)
    }
}

/// The front matter of a whole Markdown text as data, or `None` if the text has none.
///
/// Plain scalars are what YAML 1.2's core schema says: null, booleans, integers (decimal, `0o`, `0x`) and floats; everything else,
/// timestamps and quoted numbers included, is a string, and so are the infinities and not-a-number, for which JSON has no number.
/// Names of members are text: `1: a` has the name `1`. `<<` is a name like any other. An empty block is an empty object.
///
/// # Errors
/// What YAML does not allow, whatever is no mapping, a name twice at any depth, a tag outside the core schema, more than 10,000 values
/// or a nesting deeper than 64 once aliases are put in their places, and more than 1 MiB of text after that.
pub fn front_matter_value(text: &str) -> Option<Result<Located, SyntaxError>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let (matter, _) = super::read(text, true);
    if let Some(error) = matter?.error {
        return Some(Err(error));
    }
    let (yaml, _) = super::closing(text, super::opening(text)?)?;
    Some(located(text.get(yaml)?))
}

fn located(yaml: &str) -> Result<Located, SyntaxError> {
    match nodes(yaml) {
        Ok(nodes) => built(&nodes),
        Err(_) => built(&nodes(&super::flow::settle(yaml))?),
    }
}

fn built(nodes: &[Node<'_>]) -> Result<Located, SyntaxError> {
    let mut build = Build {
        nodes,
        values: 0,
        bytes: 0,
    };
    let (value, mut root) = match nodes.first() {
        Some(_) => build.value(0, 1)?,
        None => (Value::Null, Place::default()),
    };
    // `keys` has refused lists and text before; what is left besides a mapping is an empty block.
    let value = match value {
        Value::Object(_) => value,
        _ => Value::Object(Map::new()),
    };
    (root.line, root.column) = (1, 1);
    Ok(Located { value, root })
}

/// Puts nodes together, aliases included, and counts what that costs.
struct Build<'n, 'y> {
    nodes: &'n [Node<'y>],
    values: usize,
    bytes: usize,
}

impl Build<'_, '_> {
    /// The value of a node, which is on level `depth`. Recurses at most `MAX_DEPTH` times.
    fn value(&mut self, index: usize, depth: usize) -> Result<(Value, Place), SyntaxError> {
        let Some(node) = self.nodes.get(index) else {
            return Ok((Value::Null, Place::default()));
        };
        let mut place = place(node.at);
        self.values += 1;
        if self.values > MAX_NODES {
            return Err(too_many(node.at));
        }
        let value = match &node.kind {
            Kind::Scalar(scalar) => {
                self.spend(scalar.text().len(), node.at)?;
                scalar
                    .value()
                    .map_err(|message| problem(node.at, &message))?
            }
            Kind::Alias(target) => {
                // A node that is still open is around this alias.
                let inside_itself = self
                    .nodes
                    .get(*target)
                    .is_some_and(|target| target.next > index);
                if inside_itself {
                    return Err(problem(
                        node.at,
                        "found an alias of the value that it is a part of",
                    ));
                }
                let (value, _) = self.value(*target, depth).map_err(|error| SyntaxError {
                    message: error.message,
                    ..problem(node.at, "")
                })?;
                value
            }
            Kind::Sequence | Kind::Mapping if depth > MAX_DEPTH => return Err(too_deep(node.at)),
            Kind::Sequence => Value::Array(self.items(index, depth, &mut place)?),
            Kind::Mapping => Value::Object(self.members(index, depth, &mut place)?),
        };
        Ok((value, place))
    }

    fn items(
        &mut self,
        index: usize,
        depth: usize,
        place: &mut Place,
    ) -> Result<Vec<Value>, SyntaxError> {
        let mut items = Vec::new();
        for child in self.children(index) {
            let (value, inside) = self.value(child, depth + 1)?;
            items.push(value);
            place.items.push(inside);
        }
        Ok(items)
    }

    fn members(
        &mut self,
        index: usize,
        depth: usize,
        place: &mut Place,
    ) -> Result<Map<String, Value>, SyntaxError> {
        let mut members = Map::new();
        let mut seen = BTreeSet::new();
        let mut children = self.children(index).into_iter();
        while let (Some(key), Some(child)) = (children.next(), children.next()) {
            let Some(key) = self.nodes.get(key) else {
                break;
            };
            let Kind::Scalar(name) = &key.kind else {
                let found = if matches!(key.kind, Kind::Alias(_)) {
                    "an alias"
                } else {
                    "a collection"
                };
                return Err(problem(
                    key.at,
                    &format!("found {found} as a key, expected a plain name"),
                ));
            };
            let name = name.text();
            self.spend(name.len(), key.at)?;
            if !seen.insert(name) {
                return Err(problem(
                    key.at,
                    &format!("found the key `{}` a second time", shorten(name)),
                ));
            }
            let at = self::place(key.at);
            let (value, inside) = self.value(child, depth + 1)?;
            members.insert(name.to_owned(), value);
            let inside = Place {
                line: at.line,
                column: at.column,
                ..inside
            };
            place.members.insert(name.to_owned(), inside);
        }
        Ok(members)
    }

    /// The nodes directly inside a collection.
    fn children(&self, index: usize) -> Vec<usize> {
        let mut children = Vec::new();
        let end = self.nodes.get(index).map_or(0, |node| node.next);
        let mut child = index + 1;
        while child < end {
            children.push(child);
            child = self
                .nodes
                .get(child)
                .map_or(end, |node| node.next.max(child + 1));
        }
        children
    }

    fn spend(&mut self, bytes: usize, at: (usize, usize)) -> Result<(), SyntaxError> {
        self.bytes += bytes;
        if self.bytes > MAX_EXPANDED {
            let message = format!(
                "found more than {MAX_EXPANDED} bytes of text, expected fewer (aliases count where they are used)"
            );
            return Err(problem(at, &message));
        }
        Ok(())
    }
}

fn place(at: (usize, usize)) -> Place {
    let at = problem(at, "");
    Place {
        line: at.line,
        column: at.column,
        ..Place::default()
    }
}

#[cfg(test)]
mod tests;
