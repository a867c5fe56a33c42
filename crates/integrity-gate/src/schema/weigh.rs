//! What a schema can cost, known before anything is judged by it.
//!
//! A validator evaluates a referenced schema wherever it is referred to, so twenty definitions that each name the next one twice cost
//! a million evaluations, and an `anyOf` collects that many errors. The *weight* of a schema is the number of its values once every
//! reference is put in its place; work and memory for one file are at most in proportion to weight times values of the file.

use std::collections::BTreeMap;

use serde_json::Value;

/// Deepest nesting, references included.
const MAX_DEPTH: usize = 128;
/// Heaviest schema; one for front matter weighs some hundreds.
const MAX_WEIGHT: u64 = 50_000;
/// Most regular expressions, of which each may become a megabyte.
const MAX_PATTERNS: usize = 100;

/// # Errors
/// Whatever cannot be weighed (a reference out of the document, around in a circle, or to nothing) or weighs too much.
pub(super) fn weigh(schema: &Value) -> Result<u64, String> {
    let mut survey = Survey {
        draft4: is_draft4(schema),
        ..Survey::default()
    };
    survey.visit(schema, 1)?;
    let mut scales = Scales {
        root: schema,
        anchors: survey.anchors,
        known: BTreeMap::new(),
    };
    let weight = scales.weight(schema, 1)?;
    if weight > MAX_WEIGHT {
        return Err(format!(
            "found a schema of {weight} values with its references put in place, expected at most {MAX_WEIGHT}"
        ));
    }
    Ok(weight)
}

fn is_draft4(schema: &Value) -> bool {
    schema
        .get("$schema")
        .and_then(Value::as_str)
        .is_some_and(|name| name.contains("draft-04"))
}

/// Everything that is looked for once: names for parts of the schema, and what is not supported.
#[derive(Default)]
struct Survey<'s> {
    draft4: bool,
    patterns: usize,
    anchors: BTreeMap<&'s str, &'s Value>,
}

impl<'s> Survey<'s> {
    fn visit(&mut self, value: &'s Value, depth: usize) -> Result<(), String> {
        if depth > MAX_DEPTH {
            return Err(too_deep());
        }
        match value {
            Value::Array(items) => items
                .iter()
                .try_for_each(|item| self.visit(item, depth + 1)),
            Value::Object(members) => members.iter().try_for_each(|(name, member)| {
                self.keyword(name, member, value, depth)?;
                self.visit(member, depth + 1)
            }),
            _ => Ok(()),
        }
    }

    fn keyword(
        &mut self,
        name: &str,
        member: &'s Value,
        around: &'s Value,
        depth: usize,
    ) -> Result<(), String> {
        match (name, member) {
            // A name that is a schema's own property has an object here, not a text.
            ("$dynamicRef" | "$recursiveRef", Value::String(_)) => {
                return Err(format!(
                    "found `{name}`, expected `$ref`: nothing else can be followed before a file is judged"
                ));
            }
            ("$id", Value::String(id)) if depth > 1 => return Err(nested(id)),
            ("id", Value::String(id)) if depth > 1 && self.draft4 => return Err(nested(id)),
            ("$anchor" | "$dynamicAnchor", Value::String(anchor))
                if self.anchors.insert(anchor, around).is_some() =>
            {
                return Err(format!("found the anchor `{anchor}` a second time"));
            }
            ("pattern", Value::String(_)) => self.patterns += 1,
            ("patternProperties", Value::Object(patterns)) => self.patterns += patterns.len(),
            _ => {}
        }
        if self.patterns > MAX_PATTERNS {
            return Err(format!(
                "found more than {MAX_PATTERNS} regular expressions in the schema, expected fewer"
            ));
        }
        Ok(())
    }
}

fn nested(id: &str) -> String {
    format!(
        "found a part of the schema with an identifier of its own, `{id}`, expected one only at the top"
    )
}

fn too_deep() -> String {
    format!(
        "found a schema more than {MAX_DEPTH} levels deep, references included, expected fewer levels"
    )
}

struct Scales<'s> {
    root: &'s Value,
    anchors: BTreeMap<&'s str, &'s Value>,
    /// By the address of a value, which does not change while the schema is borrowed; `None` as long as it is being weighed.
    known: BTreeMap<usize, Option<u64>>,
}

impl<'s> Scales<'s> {
    fn weight(&mut self, value: &'s Value, depth: usize) -> Result<u64, String> {
        if depth > MAX_DEPTH {
            return Err(too_deep());
        }
        let address = std::ptr::from_ref(value).addr();
        match self.known.get(&address) {
            Some(Some(weight)) => return Ok(*weight),
            Some(None) => {
                return Err(
                    "found a `$ref` that leads back to itself, expected a schema without recursion"
                        .into(),
                );
            }
            None => {}
        }
        self.known.insert(address, None);
        let mut weight = 1_u64;
        match value {
            Value::Array(items) => {
                for item in items {
                    weight = weight.saturating_add(self.weight(item, depth + 1)?);
                }
            }
            Value::Object(members) => {
                for (name, member) in members {
                    weight = weight.saturating_add(self.weight(member, depth + 1)?);
                    if let ("$ref", Value::String(reference)) = (name.as_str(), member) {
                        let target = self.target(reference)?;
                        weight = weight.saturating_add(self.weight(target, depth + 1)?);
                    }
                }
                // What has been evaluated is found out by evaluating once more.
                if members.contains_key("unevaluatedProperties")
                    || members.contains_key("unevaluatedItems")
                {
                    weight = weight.saturating_mul(2);
                }
            }
            _ => {}
        }
        self.known.insert(address, Some(weight));
        Ok(weight)
    }

    fn target(&self, reference: &str) -> Result<&'s Value, String> {
        let Some(fragment) = reference.strip_prefix('#') else {
            return Err(format!(
                "found `$ref: {reference}`, expected a reference inside the document (`#...`): nothing outside of it is read"
            ));
        };
        if fragment.contains('%') {
            return Err(format!(
                "found `$ref: {reference}`, expected a JSON pointer without percent signs"
            ));
        }
        let target = if fragment.is_empty() || fragment.starts_with('/') {
            self.root.pointer(fragment)
        } else {
            self.anchors.get(fragment).copied()
        };
        target.ok_or_else(|| {
            format!("found `$ref: {reference}`, expected a reference to something that is there")
        })
    }
}
