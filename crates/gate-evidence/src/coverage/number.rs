//! Numbers as report writers write them, dirt included.

use memchr::memchr;

use crate::error::excerpt;

/// A line number of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Line {
    /// A line, counted from 1.
    At(u32),
    /// Known dirt that names no line: 0, or the word `undefined`. It is no evidence and no defect.
    Nowhere,
}

impl Line {
    pub(super) fn known(self) -> Option<u32> {
        match self {
            Self::At(line) => Some(line),
            Self::Nowhere => None,
        }
    }
}

/// Reads a line number; `None` is a malformed one.
pub(super) fn line(text: &str) -> Option<Line> {
    match text.trim() {
        "undefined" => Some(Line::Nowhere),
        text => match digits(text)? {
            0 => Some(Line::Nowhere),
            number => u32::try_from(number).ok().map(Line::At),
        },
    }
}

/// The line number of a record: `None` where it names no line, or why it cannot be read.
pub(super) fn line_of(text: Option<&str>) -> Result<Option<u32>, String> {
    let text = text.unwrap_or_default();
    let line = line(text).ok_or_else(|| format!("line number {}", excerpt(text)))?;
    Ok(line.known())
}

/// The hit count of a record, or why it cannot be read.
pub(super) fn hits_of(text: Option<&str>) -> Result<u64, String> {
    let text = text.unwrap_or_default();
    hits(text).ok_or_else(|| format!("hits {}", excerpt(text)))
}

/// Reads a hit count; `None` is a malformed one.
///
/// Known dirt becomes a count: negative numbers and negative numbers wrapped to 64 bits (gcov,
/// llvm-cov) are 0 as in lcov; larger ones saturate; `1.5e3` and `2.0` are cut to whole numbers;
/// words that writers put where no count was established (`undefined`, `NaN`, `=`, `s`) are 0,
/// because what was not counted is not covered.
pub(super) fn hits(text: &str) -> Option<u64> {
    let text = text.trim();
    if matches!(text, "undefined" | "NaN" | "nan" | "null" | "=" | "s") {
        return Some(0);
    }
    if let Some(magnitude) = text.strip_prefix('-') {
        return decimal(magnitude).map(|_| 0);
    }
    let count = decimal(text.strip_prefix('+').unwrap_or(text))?;
    Some(u64::try_from(count).map_or(MOST, clamped))
}

/// A count that was read as a whole number: a negative one that was wrapped is 0.
pub(super) fn clamped(count: u64) -> u64 {
    if count > MOST { 0 } else { count }
}

/// Larger 64-bit counts are negative ones, wrapped.
const MOST: u64 = i64::MAX as u64;

/// A plain number at the beginning of `text`, with the byte after it and the rest behind
/// that; `None` where there is none or it is larger than a line number may be.
pub(super) fn leading(text: &[u8]) -> Option<(u32, Option<u8>, &[u8])> {
    let mut sum = 0_u64;
    for (at, byte) in text.iter().enumerate() {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            let number = u32::try_from(sum).ok().filter(|_| at > 0)?;
            return Some((number, Some(*byte), &text[at + 1..]));
        }
        // more digits than that may not fit
        if at == 19 {
            return None;
        }
        sum = sum * 10 + u64::from(digit);
    }
    let number = u32::try_from(sum).ok().filter(|_| !text.is_empty())?;
    Some((number, None, &[]))
}

/// What stands before and behind the first of these bytes.
pub(super) fn cut(text: &str, at: u8) -> Option<(&str, &str)> {
    let at = memchr(at, text.as_bytes())?;
    Some((&text[..at], &text[at + 1..]))
}

/// Digits only, saturating.
pub(super) fn digits(text: &str) -> Option<u64> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some(text.bytes().fold(0_u64, |sum, byte| {
        sum.saturating_mul(10)
            .saturating_add(u64::from(byte - b'0'))
    }))
}

/// A decimal with optional fraction and exponent, cut to a whole number, saturating.
fn decimal(text: &str) -> Option<u128> {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (text, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if whole.is_empty() && fraction.is_empty()
        || !whole
            .bytes()
            .chain(fraction.bytes())
            .all(|byte| byte.is_ascii_digit())
    {
        return None;
    }
    // Where the decimal point stands in the digits of both parts.
    let point = i64::try_from(whole.len()).ok()? + i64::from(exponent);
    let mut sum = 0_u128;
    for (at, byte) in (0_i64..).zip(whole.bytes().chain(fraction.bytes())) {
        if at >= point {
            return Some(sum);
        }
        sum = sum
            .saturating_mul(10)
            .saturating_add(u128::from(byte - b'0'));
    }
    let mut missing = point - i64::try_from(whole.len() + fraction.len()).ok()?;
    while missing > 0 && sum != 0 && sum != u128::MAX {
        sum = sum.saturating_mul(10);
        missing -= 1;
    }
    Some(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hit_counts_of_real_writers() {
        for (text, count) in [
            ("0", 0),
            ("12", 12),
            (" 7 ", 7),
            ("-1", 0),
            ("-52437", 0),
            ("3000000000", 3_000_000_000),
            ("18446744073709551615", 0),
            ("18446744073709550660", 0),
            ("9223372036854775807", 9_223_372_036_854_775_807),
            ("99999999999999999999999", 9_223_372_036_854_775_807),
            ("1.2e+06", 1_200_000),
            ("1e3", 1000),
            ("1e400", 9_223_372_036_854_775_807),
            ("12.9", 12),
            ("0.5", 0),
            ("5e-1", 0),
            ("0e999999999", 0),
            ("1e-999999999", 0),
            ("undefined", 0),
            ("=", 0),
            ("s", 0),
            ("NaN", 0),
        ] {
            assert_eq!(hits(text), Some(count), "{text}");
        }
        for text in [
            "",
            "-",
            "+",
            ".",
            "1.2.3",
            "e5",
            "1e",
            "0x1f",
            "seven",
            "--1",
            "-undefined",
        ] {
            assert_eq!(hits(text), None, "{text}");
        }
    }

    #[test]
    fn line_numbers() {
        assert_eq!(line("1"), Some(Line::At(1)));
        assert_eq!(line("4294967295"), Some(Line::At(u32::MAX)));
        assert_eq!(line("0"), Some(Line::Nowhere));
        assert_eq!(line("undefined"), Some(Line::Nowhere));
        for text in ["", "-1", "4294967296", "1.5", "x"] {
            assert_eq!(line(text), None, "{text}");
        }
    }
}
