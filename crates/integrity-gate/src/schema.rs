//! Front matter against a JSON Schema, whoever wrote either: nothing is fetched, and time and memory are bounded.

mod builtin;
mod weigh;
mod words;

pub(crate) use builtin::{Builtin, builtin, skill_name_problem};

use gate_syntax::Located;
use jsonschema::{PatternOptions, Validator};
use serde_json::Value;

/// Largest schema file, in bytes.
const MAX_BYTES: usize = 1024 * 1024;
/// Most problems kept of one file; further ones are counted.
const MAX_PROBLEMS: usize = 1_000;
/// Most values of a block times weight of the schema (see `weigh`): what can be judged in well under a second.
const MAX_WORK: u64 = 1_000_000;
/// Approximate size of one compiled pattern, in bytes; a class such as `\p{L}` has some ten thousand.
const MAX_PATTERN: usize = 1024 * 1024;

/// A schema that has been read once, for many files.
#[derive(Debug)]
pub(crate) struct CompiledSchema {
    validator: Validator,
    /// Number of values that the schema has with every reference put in its place.
    weight: u64,
}

/// One thing in front matter that its schema does not allow.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct SchemaProblem {
    /// 1-based line in the file.
    pub(crate) line: u32,
    /// 1-based column in characters.
    pub(crate) column: u32,
    /// JSON pointer to the value; the block itself is the empty one.
    pub(crate) pointer: String,
    /// What was found and what was expected, as a lower-case fragment.
    pub(crate) message: String,
}

/// Reads a JSON Schema (draft 4 to 2020-12, by its `$schema`; 2020-12 without one).
///
/// # Errors
/// What is no JSON Schema or larger than 1 MiB; a `$ref` that leaves the document or leads back to itself; more nesting, patterns
/// or expanded references than `weigh` allows; a pattern that a linear regular expression engine cannot do (look-around,
/// back-references) or that is huge. The text is a lower-case fragment.
pub(crate) fn compile(bytes: &[u8]) -> Result<CompiledSchema, String> {
    if bytes.len() > MAX_BYTES {
        return Err(format!(
            "found a schema of {} bytes, expected at most {MAX_BYTES}",
            bytes.len()
        ));
    }
    let schema: Value = serde_json::from_slice(bytes)
        .map_err(|error| format!("the schema is not JSON: {error}"))?;
    let weight = weigh::weigh(&schema)?;
    let patterns = PatternOptions::regex()
        .size_limit(MAX_PATTERN)
        .dfa_size_limit(MAX_PATTERN);
    let validator = jsonschema::options()
        .offline()
        // Drafts from 2019-09 on leave it open whether `format` is held.
        .should_validate_formats(true)
        .with_pattern_options(patterns)
        .build(&schema)
        .map_err(|error| words::of_schema(&error))?;
    Ok(CompiledSchema { validator, weight })
}

/// What the schema does not allow in a front matter block, in the order of the file, at most a thousand problems; and why these are
/// not all, where they are not.
pub(crate) fn schema_problems(
    schema: &CompiledSchema,
    front_matter: &Located,
) -> (Vec<SchemaProblem>, Option<String>) {
    let values = count(&front_matter.value);
    if values.saturating_mul(schema.weight) > MAX_WORK {
        let message = format!(
            "found {values} values for a schema of weight {}, expected at most {MAX_WORK} when multiplied: too much to judge",
            schema.weight
        );
        return (
            vec![located(front_matter, String::new(), message.clone())],
            Some(message),
        );
    }
    let mut errors = schema.validator.iter_errors(&front_matter.value);
    let mut problems: Vec<_> = errors
        .by_ref()
        .take(MAX_PROBLEMS)
        .map(|error| {
            let (pointer, message) = words::of_problem(&error);
            located(front_matter, pointer, message)
        })
        .collect();
    problems.sort();
    problems.dedup();
    let more = errors.count();
    let cut = (more > 0).then(|| {
        format!(
            "{} values do not fit its schema, and {MAX_PROBLEMS} are kept",
            MAX_PROBLEMS + more
        )
    });
    (problems, cut)
}

fn located(front_matter: &Located, pointer: String, message: String) -> SchemaProblem {
    let (line, column) = front_matter.position(&pointer);
    SchemaProblem {
        line,
        column,
        pointer,
        message,
    }
}

/// Number of values in a value. Front matter is at most 64 levels deep.
fn count(value: &Value) -> u64 {
    let inside: u64 = match value {
        Value::Array(items) => items.iter().map(count).sum(),
        Value::Object(members) => members.values().map(count).sum(),
        _ => 0,
    };
    inside.saturating_add(1)
}

#[cfg(test)]
mod tests;
