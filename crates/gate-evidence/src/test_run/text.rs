//! Times, messages and source lines in the words of the tools.

use super::model::{Detail, Place};

/// How much of a failure's text is looked at, in bytes.
pub(super) const TEXT_BYTES: usize = 16 * 1024;
const MESSAGE_CHARS: usize = 200;
const MAX_PLACES: usize = 12;
const PLACE_BYTES: usize = 1024;
/// A longer test is one whose time is written in nanoseconds (container-structure-test): 11 days.
const MAX_WHOLE_SECONDS: u64 = 1_000_000;

/// Seconds as microseconds: `0.012`, `4.5e-05`, `1,234.5`; `None` for anything else.
pub(super) fn seconds(text: &str) -> Option<u64> {
    let micros = scaled(text, 6)?;
    let whole = text.trim().bytes().all(|byte| byte.is_ascii_digit());
    Some(if whole && micros > MAX_WHOLE_SECONDS * 1_000_000 {
        micros / 1_000_000_000
    } else {
        micros
    })
}

/// Milliseconds as microseconds.
pub(super) fn milliseconds(text: &str) -> Option<u64> {
    scaled(text, 3)
}

/// A .NET time span, `[days.]hours:minutes:seconds[.fraction]`, in microseconds.
pub(super) fn time_span(text: &str) -> Option<u64> {
    let mut parts = text.trim().split(':');
    let (hours, minutes, seconds) = (parts.next()?, parts.next()?, parts.next()?);
    let (days, hours) = hours.split_once('.').unwrap_or(("0", hours));
    let mut sum = scaled(seconds, 6)?;
    for (text, factor) in [(days, 86_400_u64), (hours, 3600), (minutes, 60)] {
        let count = scaled(text, 0)?;
        sum = sum.saturating_add(count.saturating_mul(factor * 1_000_000));
    }
    parts.next().is_none().then_some(sum)
}

/// A decimal times a power of ten, cut to a whole number, saturating. Negative times are 0: clocks that were set back.
fn scaled(text: &str, power: i64) -> Option<u64> {
    let text = text.trim();
    let (negative, text) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, i64::from(exponent.parse::<i16>().ok()?)),
        None => (text, 0),
    };
    // with a point, commas are separators of thousands; alone, one is the point
    let mantissa = match (mantissa.contains('.'), mantissa.matches(',').count()) {
        (true, _) | (false, 2..) => mantissa.replace(',', ""),
        (false, _) => mantissa.replace(',', "."),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((&mantissa, ""));
    let mut digits = whole.bytes().chain(fraction.bytes());
    if whole.is_empty() && fraction.is_empty() || !digits.all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let point = i64::try_from(whole.len()).ok()? + exponent + power;
    let mut digits = whole.bytes().chain(fraction.bytes());
    let (mut sum, mut at) = (0_u64, 0);
    while at < point {
        let digit = match digits.next() {
            Some(byte) => u64::from(byte - b'0'),
            None if sum == 0 => break,
            None => 0,
        };
        sum = match sum.checked_mul(10).and_then(|sum| sum.checked_add(digit)) {
            Some(sum) => sum,
            None => return Some(if negative { 0 } else { u64::MAX }),
        };
        at += 1;
    }
    Some(if negative { 0 } else { sum })
}

/// The first line of the first of the texts that says something; safe to print and bounded.
pub(super) fn first_line<'t>(texts: impl IntoIterator<Item = &'t str>) -> Option<Box<str>> {
    let mut lines = texts.into_iter().flat_map(|text| head(text).lines());
    lines.find_map(|line| {
        let plain = plain(line);
        let plain = plain.trim();
        if plain.is_empty() {
            return None;
        }
        let mut short: String = plain.chars().take(MESSAGE_CHARS).collect();
        if plain.chars().nth(MESSAGE_CHARS).is_some() {
            short.push('…');
        }
        Some(short.into_boxed_str())
    })
}

/// Without colours and other control characters.
fn plain(line: &str) -> String {
    let mut out = String::new();
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        if c == '\u{1b}' {
            // CSI: up to its final letter
            if chars.next() == Some('[') {
                chars.by_ref().find(char::is_ascii_alphabetic);
            }
        } else if !c.is_control() {
            out.push(c);
        } else if c == '\t' {
            out.push(' ');
        }
    }
    out
}

/// As much of a text as is looked at.
pub(super) fn head(text: &str) -> &str {
    &text[..text.floor_char_boundary(TEXT_BYTES)]
}

/// What a failure says: its message, and the source lines of its text.
pub(super) fn detail(message: Option<&str>, text: &str, kind: Option<&str>) -> Detail {
    let mut places = Vec::new();
    for line in head(text)
        .lines()
        .chain(message.map(head).unwrap_or_default().lines())
    {
        find_places(line, &mut places);
    }
    Detail {
        message: first_line([message, Some(text), kind].into_iter().flatten()),
        places,
    }
}

/// `path.ext:12`, `(File.java:12)`, `File.cs:line 12`, `File "path.py", line 12`.
fn find_places(line: &str, places: &mut Vec<Place>) {
    let mut from = 0;
    for (at, _) in line.match_indices([':', ',']) {
        if at < from || places.len() >= MAX_PLACES {
            continue;
        }
        let after = &line[at + 1..];
        let after = match after.trim_start().strip_prefix("line ") {
            Some(number) => number,
            None if line.as_bytes()[at] == b':' => after,
            None => continue,
        };
        let digits = after.bytes().take_while(u8::is_ascii_digit).count();
        let Some(number) = after[..digits]
            .parse::<u32>()
            .ok()
            .filter(|&number| number > 0)
        else {
            continue;
        };
        let before = line[from..at].trim_end_matches(['"', '\'']);
        let Some(file) = path_at_end(before) else {
            continue;
        };
        from = at + 1;
        let file = match before.strip_suffix(file).and_then(java_package) {
            Some(package) => format!("{package}/{file}"),
            None => file.strip_prefix("file://").unwrap_or(file).to_owned(),
        };
        let place = Place { file, line: number };
        if !places.contains(&place) {
            places.push(place);
        }
    }
}

/// What ends the text and looks like a file: no blanks, and an extension.
fn path_at_end(text: &str) -> Option<&str> {
    let starts = |c: char| c.is_whitespace() || "\"'()[]<>{}=,;|`@".contains(c);
    let file = text.rsplit(starts).next()?;
    let name = file.rsplit(['/', '\\']).next()?;
    let (stem, extension) = name.rsplit_once('.')?;
    let letters = extension.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && extension
            .bytes()
            .next()
            .is_some_and(|byte| byte.is_ascii_alphabetic());
    (!stem.is_empty() && letters && extension.len() <= 6 && file.len() <= PLACE_BYTES)
        .then_some(file)
}

/// The folder of `at module/shop.cart.BasketTest$Inner.sums(`.
fn java_package(before: &str) -> Option<String> {
    let method = before.strip_suffix('(')?;
    let method = method
        .rsplit(|c: char| c.is_whitespace() || c == '/')
        .next()?;
    let mut segments = method.rsplitn(3, '.');
    let (_, _, package) = (segments.next()?, segments.next()?, segments.next()?);
    let named = package
        .chars()
        .all(|c| c.is_alphanumeric() || "._$".contains(c));
    named.then(|| package.replace('.', "/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_real_writers() {
        for (text, micros) in [
            ("0.012", 12_000),
            ("0", 0),
            (" 3.320000 ", 3_320_000),
            ("4.50611114501953e-05", 45),
            ("1.4e-05", 14),
            ("1,234.567", 1_234_567_000),
            ("0,25", 250_000),
            ("-0.001", 0),
            ("2e3", 2_000_000_000),
            ("999638317", 999_638),
            ("0.0000009", 0),
            ("99999999999999999999.0", u64::MAX),
            ("0e30000", 0),
            ("1e-30000", 0),
        ] {
            assert_eq!(seconds(text), Some(micros), "{text}");
        }
        for text in ["", "<<computed>>", "NaN", "1.2.3", "e5", "-", "1 s"] {
            assert_eq!(seconds(text), None, "{text}");
        }
        assert_eq!(milliseconds("2.75"), Some(2750));
        assert_eq!(time_span("00:00:00.0123456"), Some(12_345));
        assert_eq!(time_span("1.02:03:04"), Some(93_784_000_000));
        for text in ["", "12", "1:2", "1:2:3:4", "a:b:c"] {
            assert_eq!(time_span(text), None, "{text}");
        }
    }

    #[test]
    fn messages_are_one_bounded_plain_line() {
        let first = |text: &str| first_line([text]).map(String::from);
        assert_eq!(
            first("\n \u{1b}[31mred\u{1b}[0m\tline\u{7}\nmore").as_deref(),
            Some("red line")
        );
        assert_eq!(first("\n\n"), None);
        assert_eq!(
            first(&"é".repeat(20_000))
                .unwrap_or_default()
                .chars()
                .count(),
            201
        );
        assert_eq!(first_line(["", "second"]).as_deref(), Some("second"));
    }

    #[test]
    fn source_lines_are_found_in_traces() {
        let places = |text: &str| {
            let detail = detail(None, text, None);
            let places = detail.places.into_iter();
            places
                .map(|place| format!("{}:{}", place.file, place.line))
                .collect::<Vec<_>>()
        };
        for (text, expected) in [
            (
                "test_basket.py:11: AssertionError",
                &["test_basket.py:11"][..],
            ),
            (
                "thread 'a' panicked at src/lib.rs:16:9:",
                &["src/lib.rs:16"],
            ),
            (
                "\tat shop.BasketTest.sums(BasketTest.java:20)\n\tat app//a.b.C$D.e(C.kt:3)",
                &["shop/BasketTest.java:20", "a/b/C.kt:3"],
            ),
            (
                "    at Object.<anonymous> (/w/a.test.js:6:33)\n  at file:///w/b.mjs:1:2",
                &["/w/a.test.js:6", "/w/b.mjs:1"],
            ),
            (
                "   at Shop.Tests.Sums() in C:\\src\\Tests.cs:line 12",
                &["C:\\src\\Tests.cs:12"],
            ),
            (
                "  File \"/w/test_a.py\", line 10, in test",
                &["/w/test_a.py:10"],
            ),
            ("calc_test.go:9: got 3, want 4", &["calc_test.go:9"]),
            (
                "connect to 10.0.0.1:8080 failed at 12:30:01, a:1, b.py:0",
                &[],
            ),
        ] {
            assert_eq!(places(text), expected, "{text}");
        }
        let many = (1..100)
            .map(|line| format!("a.py:{line}"))
            .collect::<Vec<_>>()
            .join("\n");
        assert_eq!(places(&many).len(), MAX_PLACES);
    }
}
