//! What is wrong, in plain words: the path of a key, what was found there and what was expected.

use jsonschema::error::{TypeKind, ValidationErrorKind as Kind};
use jsonschema::{JsonType, ValidationError};
use serde_json::Value;

/// Most characters that are shown of what was found.
const FOUND: usize = 60;
/// Most characters that are shown of what was expected.
const EXPECTED: usize = 200;

/// The pointer and the message of a problem in front matter.
pub(super) fn of_problem(error: &ValidationError<'_>) -> (String, String) {
    let instance = error.instance();
    let mut pointer = error.instance_path().as_str().to_owned();
    let expected = expected(error.kind());
    let inside = match path(&pointer) {
        path if path.is_empty() => String::from("the front matter"),
        path => format!("`{path}`"),
    };
    let message = match error.kind() {
        Kind::Required { property } => {
            let name = property.as_str().unwrap_or_default();
            format!(
                "found no `{}` in {inside}, expected it",
                shorten(name, FOUND)
            )
        }
        Kind::AdditionalProperties { unexpected } | Kind::UnevaluatedProperties { unexpected } => {
            if let Some(first) = unexpected.first() {
                pointer = format!("{pointer}/{}", first.replace('~', "~0").replace('/', "~1"));
            }
            let names = shorten(&unexpected.join("`, `"), FOUND);
            format!("found `{names}` in {inside}, expected no keys but those of the schema")
        }
        Kind::PropertyNames { error } => {
            format!(
                "found the key {} in {inside}, expected {}",
                found(error.instance()),
                self::expected(error.kind())
            )
        }
        kind => {
            let found = measured(kind, instance).unwrap_or_else(|| found(instance));
            format!("found {found} in {inside}, expected {expected}")
        }
    };
    (pointer, message)
}

/// Why a schema cannot be used.
pub(super) fn of_schema(error: &ValidationError<'_>) -> String {
    let at = error.instance_path().as_str();
    let at = if at.is_empty() {
        String::new()
    } else {
        format!(" at `{}`", shorten(at, EXPECTED))
    };
    match error.kind() {
        Kind::Format { format } if format == "regex" => format!(
            "found the pattern {}{at}, expected a regular expression of moderate size without look-around and back-references",
            found(error.instance())
        ),
        Kind::Referencing(reason) => format!(
            "the schema refers to what is not there{at}: {}",
            shorten(&reason.to_string(), EXPECTED)
        ),
        kind => format!(
            "not a JSON schema{at}: found {}, expected {}",
            found(error.instance()),
            expected(kind)
        ),
    }
}

/// `metadata.tools[2]` for `/metadata/tools/2`.
fn path(pointer: &str) -> String {
    let mut path = String::new();
    for token in pointer.split('/').skip(1) {
        let name = token.replace("~1", "/").replace("~0", "~");
        if !path.is_empty() && !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit()) {
            path.extend(["[", &name, "]"]);
        } else {
            if !path.is_empty() {
                path.push('.');
            }
            path.push_str(&name);
        }
    }
    shorten(&path, FOUND)
}

/// What stands there; a text in quotes, anything long cut off.
fn found(value: &Value) -> String {
    match value {
        Value::Null => "nothing (null)".into(),
        Value::Bool(_) | Value::Number(_) => format!("`{}`", shorten(&value.to_string(), FOUND)),
        Value::String(text) => format!("the text `{}`", shorten(text, FOUND)),
        Value::Array(items) => format!("a list of {}", items.len()),
        Value::Object(members) => format!("a mapping of {}", members.len()),
    }
}

/// A text as it is shown where something was found.
pub(super) fn found_text(text: &str) -> String {
    shorten(text, FOUND)
}

/// What was measured where a bound on a size is broken.
fn measured(kind: &Kind, instance: &Value) -> Option<String> {
    let length = match (kind, instance) {
        (Kind::MaxLength { .. } | Kind::MinLength { .. }, Value::String(text)) => {
            format!("{} characters", text.chars().count())
        }
        (
            Kind::MaxItems { .. } | Kind::MinItems { .. } | Kind::AdditionalItems { .. },
            Value::Array(items),
        ) => {
            format!("{} items", items.len())
        }
        (Kind::MaxProperties { .. } | Kind::MinProperties { .. }, Value::Object(members)) => {
            format!("{} keys", members.len())
        }
        _ => return None,
    };
    Some(length)
}

fn expected(kind: &Kind) -> String {
    let words = match kind {
        Kind::Type {
            kind: TypeKind::Single(name),
        } => type_word(*name).to_owned(),
        Kind::Type {
            kind: TypeKind::Multiple(names),
        } => {
            let names: Vec<_> = names.iter().map(type_word).collect();
            names.join(" or ")
        }
        Kind::Enum { options } => {
            let options: Vec<_> = options
                .as_array()
                .into_iter()
                .flatten()
                .map(|option| format!("`{}`", bare(option)))
                .collect();
            format!("one of {}", options.join(", "))
        }
        Kind::Constant { expected_value } => format!("`{}`", bare(expected_value)),
        Kind::Pattern { pattern } => format!("text that matches `{pattern}`"),
        Kind::Format { format } => format!("the format `{format}`"),
        Kind::ContentEncoding { content_encoding } => {
            format!("text in the encoding `{content_encoding}`")
        }
        Kind::ContentMediaType { content_media_type } => {
            format!("text of the type `{content_media_type}`")
        }
        Kind::MaxLength { limit } => format!("at most {limit}"),
        Kind::MinLength { limit } => format!("at least {limit}"),
        Kind::MaxItems { limit } | Kind::MaxProperties { limit } => format!("at most {limit}"),
        Kind::MinItems { limit } | Kind::MinProperties { limit } => format!("at least {limit}"),
        Kind::AdditionalItems { limit } => format!("at most {limit}"),
        Kind::Maximum { limit } => format!("at most {limit}"),
        Kind::Minimum { limit } => format!("at least {limit}"),
        Kind::ExclusiveMaximum { limit } => format!("less than {limit}"),
        Kind::ExclusiveMinimum { limit } => format!("more than {limit}"),
        Kind::MultipleOf { multiple_of } => format!("a multiple of {multiple_of}"),
        Kind::UniqueItems => "items that all differ".into(),
        Kind::Contains => "an item of the kind that the schema asks for".into(),
        Kind::UnevaluatedItems { .. } => "no items but those of the schema".into(),
        Kind::FalseSchema => "nothing here".into(),
        Kind::Not { .. } => "something that the schema does not exclude".into(),
        Kind::OneOfMultipleValid { .. } => {
            "what fits exactly one alternative of the schema, not several".into()
        }
        Kind::AnyOf { context } | Kind::OneOfNotValid { context } => alternatives(context),
        Kind::Required { property } => format!("a key `{}`", bare(property)),
        Kind::AdditionalProperties { .. } | Kind::UnevaluatedProperties { .. } => {
            "no keys but those of the schema".into()
        }
        Kind::PropertyNames { error } => format!("keys that are {}", expected(error.kind())),
        Kind::Custom { message, .. } => message.clone(),
        Kind::RegexEngineFailure { .. }
        | Kind::BacktrackLimitExceeded { .. }
        | Kind::FromUtf8 { .. }
        | Kind::Referencing(_) => {
            format!(
                "what the schema says under `{}`, which cannot be judged",
                kind.keyword()
            )
        }
    };
    shorten(&words, EXPECTED)
}

/// What each alternative complains of first.
fn alternatives(context: &[Vec<ValidationError<'static>>]) -> String {
    let mut words: Vec<_> = context
        .iter()
        .filter_map(|errors| errors.first())
        .map(|error| expected(error.kind()))
        .collect();
    words.sort();
    words.dedup();
    if words.is_empty() || words.len() > 5 {
        return format!(
            "what one of {} alternatives of the schema says",
            context.len()
        );
    }
    words.join(" or ")
}

fn type_word(name: JsonType) -> &'static str {
    match name {
        JsonType::Array => "a list",
        JsonType::Boolean => "true or false",
        JsonType::Integer => "a whole number",
        JsonType::Null => "nothing (null)",
        JsonType::Number => "a number",
        JsonType::Object => "a mapping",
        JsonType::String => "text",
    }
}

/// A text without quotes, anything else as JSON.
fn bare(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

/// At most `most` characters, on one line.
fn shorten(text: &str, most: usize) -> String {
    let one_line = |character: char| {
        if character.is_control() {
            ' '
        } else {
            character
        }
    };
    let short: String = text.chars().take(most).map(one_line).collect();
    if text.chars().nth(most).is_some() {
        format!("{short}…")
    } else {
        short
    }
}
