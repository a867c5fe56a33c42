//! Texts with rules of their own: globs, paths, days, regular expressions.

use crate::nearest::did_you_mean;
use crate::shape::Shape;
use crate::yaml::shorten;
use globset::Glob;
use regex::{Regex, RegexBuilder};

/// The most regular expressions in a policy: the costliest one that is allowed
/// takes about 10 ms to compile.
pub const MAX_REGEXES: usize = 100;
/// The longest one in bytes. Reading comes before compiling, and each `\w` of
/// the text takes some KB.
const MAX_REGEX_TEXT: usize = 1_000;
/// The largest compiled one in bytes.
const MAX_REGEX: usize = 1 << 20;

/// What is wrong with a text, as a clause behind it, and the next step where
/// that is more than what was expected.
pub(crate) type Fault = (String, Option<String>);

/// What keeps `text` from being of a shape that is a text.
pub(crate) fn fault(text: &str, shape: &Shape) -> Option<Fault> {
    match shape {
        _ if text.trim().is_empty() => Some((", which is blank".into(), None)),
        Shape::Choice(words) => {
            let words = || words.iter().map(String::as_str);
            let known = words().any(|word| word == text);
            (!known).then(|| (String::new(), did_you_mean(text, words())))
        }
        Shape::Glob => glob(text),
        Shape::Path => path(text),
        Shape::Date => (!is_day(text)).then(|| (", which is no day of the calendar".into(), None)),
        Shape::Regex => regex(text).err().map(|why| (format!(": {why}"), None)),
        Shape::Capture => match regex(text) {
            Err(why) => Some((format!(": {why}"), None)),
            Ok(compiled) => (compiled.captures_len() == 1)
                .then(|| (", which has no group, so it finds nothing".into(), None)),
        },
        Shape::Like { pattern, .. } => {
            let fits = regex(pattern).is_ok_and(|pattern| pattern.is_match(text));
            (!fits).then(|| (String::new(), None))
        }
        _ => None,
    }
}

fn leaves_root(text: &str) -> bool {
    text.starts_with('/')
        || text.contains('\\')
        || text.get(1..2) == Some(":")
        || text.split('/').any(|part| part == "..")
}

fn glob(text: &str) -> Option<Fault> {
    if leaves_root(text) {
        return Some((
            ", which may leave the root".into(),
            Some("write it relative to the root, with `/` and without `..`".into()),
        ));
    }
    let error = Glob::new(text).err()?;
    Some((format!(", which is no glob: {}", error.kind()), None))
}

fn path(text: &str) -> Option<Fault> {
    let plain = |part: &str| !matches!(part, "" | "." | "..") && !part.contains(char::is_control);
    let fits = text == "." || (!leaves_root(text) && text.split('/').all(plain));
    (!fits).then(|| {
        (
            ", which is no path within the root".into(),
            Some("write it relative to the root, such as `docs/api`, with `/` between names and without `.` or `..`".into()),
        )
    })
}

/// Whether a text is a day of the Gregorian calendar as `YYYY-MM-DD`.
fn is_day(text: &str) -> bool {
    let shape = text.len() == 10
        && text.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    let number = |part: Option<&str>| part.and_then(|digits| digits.parse::<u32>().ok());
    let parts = (
        number(text.get(..4)),
        number(text.get(5..7)),
        number(text.get(8..)),
    );
    let (true, (Some(year), Some(month), Some(day))) = (shape, parts) else {
        return false;
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 0,
    };
    (1..=days).contains(&day)
}

/// Compiles a regular expression as [`Shape::Regex`] allows it: at most 1,000
/// bytes as text, 1 MiB when compiled. A search takes time linear in the text.
///
/// # Errors
/// What is wrong with it, on one line.
pub fn regex(text: &str) -> Result<Regex, String> {
    if text.len() > MAX_REGEX_TEXT {
        return Err(format!("it is longer than {MAX_REGEX_TEXT} bytes"));
    }
    RegexBuilder::new(text)
        .size_limit(MAX_REGEX)
        .build()
        .map_err(|error| match error {
            regex::Error::CompiledTooBig(limit) => {
                format!("it needs more than {limit} bytes when compiled")
            }
            // The last line says what is wrong, those before it show where.
            other => {
                let text = other.to_string();
                let last = text.lines().last().unwrap_or_default();
                shorten(last.trim_start_matches("error: "))
            }
        })
}
