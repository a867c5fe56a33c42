//! YAML 1.2's core schema (chapter 10.3 of the specification): what a scalar and a tag mean.

use std::borrow::Cow;

use saphyr_parser::ScalarStyle;
use serde_json::{Number, Value};

use super::shorten;

const CORE: &str = "tag:yaml.org,2002:";

/// A tag of the core schema for scalars.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tag {
    Null,
    Bool,
    Int,
    Float,
    Str,
}

impl Tag {
    /// # Errors
    /// A tag that the core schema does not have for scalars.
    pub(super) fn of_scalar(tag: Option<&saphyr_parser::Tag>) -> Result<Option<Self>, String> {
        let Some(tag) = tag else { return Ok(None) };
        let full = format!("{}{}", tag.handle, tag.suffix);
        Ok(Some(match full.strip_prefix(CORE) {
            Some("null") => Self::Null,
            Some("bool") => Self::Bool,
            Some("int") => Self::Int,
            Some("float") => Self::Float,
            Some("str") => Self::Str,
            // The non-specific tag: a scalar is text.
            None if full == "!" => Self::Str,
            _ => return Err(unknown(tag)),
        }))
    }

    /// Whether a collection may have this tag; `expected` is `seq` or `map`.
    ///
    /// # Errors
    /// Any other tag.
    pub(super) fn of_collection(
        tag: Option<&saphyr_parser::Tag>,
        expected: &str,
    ) -> Result<(), String> {
        let Some(tag) = tag else { return Ok(()) };
        let full = format!("{}{}", tag.handle, tag.suffix);
        if full == "!" || full.strip_prefix(CORE) == Some(expected) {
            return Ok(());
        }
        Err(unknown(tag))
    }
}

/// What YAML's own name space has besides the core schema: types of version 1.1, in its type repository.
const OLDER: [&str; 8] = [
    "binary",
    "merge",
    "omap",
    "pairs",
    "set",
    "timestamp",
    "value",
    "yaml",
];

/// Refuses a tag in YAML's own name space that YAML never had: most readers fail on it. Tags of an application (`!x`) are its matter.
///
/// # Errors
/// Such a tag.
pub(super) fn known(tag: Option<&saphyr_parser::Tag>) -> Result<(), String> {
    let Some(tag) = tag else { return Ok(()) };
    let full = format!("{}{}", tag.handle, tag.suffix);
    let core = ["null", "bool", "int", "float", "str", "seq", "map"];
    match full.strip_prefix(CORE) {
        Some(own) if !core.contains(&own) && !OLDER.contains(&own) => Err(unknown(tag)),
        _ => Ok(()),
    }
}

fn unknown(tag: &saphyr_parser::Tag) -> String {
    let written = match format!("{}{}", tag.handle, tag.suffix).strip_prefix(CORE) {
        Some(suffix) => format!("!!{suffix}"),
        None if tag.handle.starts_with('!') => format!("{}{}", tag.handle, tag.suffix),
        None => format!("!<{}{}>", tag.handle, tag.suffix),
    };
    format!(
        "found the tag `{}` on this value, expected none or a fitting one of YAML's core schema (`!!str`, `!!int`, ...)",
        shorten(&written)
    )
}

/// One scalar as written.
#[derive(Debug)]
pub(super) struct Scalar<'y> {
    text: Cow<'y, str>,
    plain: bool,
    tag: Option<Tag>,
}

impl<'y> Scalar<'y> {
    pub(super) fn new(text: Cow<'y, str>, style: ScalarStyle, tag: Option<Tag>) -> Self {
        let plain = style == ScalarStyle::Plain;
        Self { text, plain, tag }
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// # Errors
    /// A text that is not of the type its tag names.
    pub(super) fn value(&self) -> Result<Value, String> {
        let text = &*self.text;
        let string = || Value::String(text.to_owned());
        match self.tag {
            None if !self.plain => Ok(string()),
            None => Ok(plain(text).unwrap_or_else(string)),
            Some(Tag::Str) => Ok(string()),
            Some(tag) => match (tag, plain(text)) {
                (Tag::Null, Some(Value::Null)) => Ok(Value::Null),
                (Tag::Bool, Some(value @ Value::Bool(_))) => Ok(value),
                (Tag::Int, Some(Value::Number(number))) if is_integer(text) => {
                    Ok(Value::Number(number))
                }
                (Tag::Float, Some(value @ Value::Number(_))) => Ok(value),
                _ => {
                    let name = match tag {
                        Tag::Null => "null",
                        Tag::Bool => "bool",
                        Tag::Int => "int",
                        Tag::Float => "float",
                        Tag::Str => "str",
                    };
                    Err(format!(
                        "found `{}` under the tag `!!{name}`, expected a value of that type",
                        shorten(text)
                    ))
                }
            },
        }
    }
}

/// What a plain scalar means if it is not a string.
fn plain(text: &str) -> Option<Value> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Some(Value::Null),
        "true" | "True" | "TRUE" => return Some(Value::Bool(true)),
        "false" | "False" | "FALSE" => return Some(Value::Bool(false)),
        _ => {}
    }
    let number = if let Some(digits) = text.strip_prefix("0o") {
        unsigned(digits, 8)
    } else if let Some(digits) = text.strip_prefix("0x") {
        unsigned(digits, 16)
    } else {
        decimal(text)
    };
    number.map(Value::Number)
}

fn is_integer(text: &str) -> bool {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    text.starts_with("0o")
        || text.starts_with("0x")
        || digits.bytes().all(|byte| byte.is_ascii_digit())
}

fn unsigned(digits: &str, radix: u32) -> Option<Number> {
    // `from_str_radix` would take a sign.
    let all_digits = digits.chars().all(|digit| digit.is_digit(radix));
    let number = all_digits.then(|| u64::from_str_radix(digits, radix).ok())?;
    number.map(Number::from)
}

/// `[-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`
fn decimal(text: &str) -> Option<Number> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let exponent = exponent.is_none_or(|exponent| {
        let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        !exponent.is_empty() && digits(exponent)
    });
    if !digits(whole) || !digits(fraction) || (whole.is_empty() && fraction.is_empty()) || !exponent
    {
        return None;
    }
    if is_integer(text) {
        let text = text.strip_prefix('+').unwrap_or(text);
        let signed = text.parse::<i64>().ok().map(Number::from);
        if let Some(number) = signed.or_else(|| text.parse::<u64>().ok().map(Number::from)) {
            return Some(number);
        }
    }
    // Too large for an integer, or for any number of JSON's: then it stays text.
    text.parse::<f64>().ok().and_then(Number::from_f64)
}
