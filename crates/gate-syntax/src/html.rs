//! A tolerant scanner for HTML tags: one forward pass, never fails, never goes back.

use std::borrow::Cow;
use std::ops::Range;

/// A piece of HTML.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Token {
    /// Characters between tags.
    Text,
    /// A comment, CDATA section, declaration or processing instruction.
    Comment,
    /// `<name ...>`; for its attributes see [`value`].
    Open(Range<usize>),
    /// `</name>`.
    Close(Range<usize>),
}

/// Name and value of an attribute as ranges of the source, the value without quotes.
type Attribute = (Range<usize>, Range<usize>);

/// The piece that starts at `at`, and where it ends; `None` at the end. A tag that never ends is a comment.
pub(crate) fn next(html: &str, at: usize) -> Option<(Token, usize)> {
    let bytes = html.as_bytes();
    let rest = bytes.get(at..).filter(|rest| !rest.is_empty())?;
    if rest[0] != b'<' || !starts_markup(rest) {
        let next = memchr::memchr_iter(b'<', &rest[1..]).find(|&i| starts_markup(&rest[1 + i..]));
        return Some((Token::Text, next.map_or(bytes.len(), |i| at + 1 + i)));
    }
    if let Some(inside) = rest.strip_prefix(b"<!--") {
        let end = comment_end(inside).map_or(bytes.len(), |end| at + 4 + end);
        return Some((Token::Comment, end));
    }
    for (open, close) in [("<![CDATA[", "]]>"), ("<!", ">"), ("<?", ">")] {
        if rest.starts_with(open.as_bytes()) {
            let end = memchr::memmem::find(&rest[open.len()..], close.as_bytes());
            let end = end.map_or(bytes.len(), |end| at + open.len() + end + close.len());
            return Some((Token::Comment, end));
        }
    }
    let closes = rest.get(1) == Some(&b'/');
    let start = at + 1 + usize::from(closes);
    let name = start..skip(bytes, start, is_name);
    Some(match tag_end(bytes, name.end) {
        None => (Token::Comment, bytes.len()),
        Some(end) if closes => (Token::Close(name), end),
        Some(end) => (Token::Open(name), end),
    })
}

/// Where a comment ends, after its `<!--`. As browsers read it, `<!-->` and `<!--->` are whole comments, and `--!>` ends one.
fn comment_end(inside: &[u8]) -> Option<usize> {
    let ends = |&at: &usize| {
        let before = &inside[..at];
        matches!(before, b"" | b"-") || before.ends_with(b"--") || before.ends_with(b"--!")
    };
    Some(memchr::memchr_iter(b'>', inside).find(ends)? + 1)
}

/// The value of an attribute of the tag with this name, by lower-case name; the first one counts.
pub(crate) fn value(html: &str, tag: &Range<usize>, name: &str) -> Option<Range<usize>> {
    attributes(html.as_bytes(), tag.end)
        .find(|(key, _)| html[key.clone()].eq_ignore_ascii_case(name))
        .map(|(_, value)| value)
}

/// Whether the tag with this name has a `<` only in quotes, as XML wants it; in prose, what has one elsewhere is no tag.
pub(crate) fn is_sound(html: &str, tag: &Range<usize>) -> bool {
    attributes(html.as_bytes(), tag.end).all(|(name, value)| {
        let is_quoted = html[value.end..].starts_with(['"', '\'']);
        !html[name].contains('<') && (is_quoted || !html[value].contains('<'))
    })
}

/// Decodes `&name;`, `&#1;`, `&#x1;`; what is no known reference stays.
pub(crate) fn decode(text: &str) -> Cow<'_, str> {
    if memchr::memchr(b'&', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        decoded.push_str(&rest[..at]);
        rest = &rest[at..];
        // The longest known name has 31 letters.
        let end = rest.bytes().take(40).position(|byte| byte == b';');
        let length = end
            .filter(|&end| push_reference(&rest[1..end], &mut decoded))
            .map_or(0, |end| end + 1);
        if length == 0 {
            decoded.push('&');
        }
        rest = &rest[length.max(1)..];
    }
    decoded.push_str(rest);
    Cow::Owned(decoded)
}

fn push_reference(name: &str, to: &mut String) -> bool {
    let Some(digits) = name.strip_prefix('#') else {
        let text = quick_xml::escape::resolve_html5_entity(name);
        to.push_str(text.unwrap_or_default());
        return text.is_some();
    };
    let number = match digits.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16),
        None => digits.parse(),
    };
    let Ok(number) = number else { return false };
    let c = char::from_u32(number).filter(|&c| c != '\0');
    to.push(c.unwrap_or(char::REPLACEMENT_CHARACTER));
    true
}

fn starts_markup(rest: &[u8]) -> bool {
    match rest.get(1) {
        Some(b'!' | b'?') => true,
        Some(b'/') => rest.get(2).is_some_and(u8::is_ascii_alphabetic),
        Some(byte) => byte.is_ascii_alphabetic(),
        None => false,
    }
}

fn is_name(byte: u8) -> bool {
    !byte.is_ascii_whitespace() && !matches!(byte, b'/' | b'>')
}

fn skip(bytes: &[u8], mut at: usize, pass: fn(u8) -> bool) -> usize {
    while bytes.get(at).is_some_and(|&byte| pass(byte)) {
        at += 1;
    }
    at
}

/// What comes next in a tag.
enum Step {
    /// An attribute, and where it ends.
    Attribute(Attribute, usize),
    /// The `>`, and where it ends.
    End(usize),
}

/// Where a tag ends whose attributes start at `at`.
fn tag_end(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        match step(bytes, at)? {
            Step::Attribute(_, end) => at = end,
            Step::End(end) => return Some(end),
        }
    }
}

/// The attributes from `at` on. They are read when asked for: a tag may have millions.
fn attributes(bytes: &[u8], mut at: usize) -> impl Iterator<Item = Attribute> {
    std::iter::from_fn(move || match step(bytes, at)? {
        Step::Attribute(attribute, end) => {
            at = end;
            Some(attribute)
        }
        Step::End(_) => None,
    })
}

/// `None` where the text ends before the tag does.
fn step(bytes: &[u8], at: usize) -> Option<Step> {
    let at = skip(bytes, at, |byte| byte.is_ascii_whitespace() || byte == b'/');
    if *bytes.get(at)? == b'>' {
        return Some(Step::End(at + 1));
    }
    // A name may start with `=`; so each step goes forward.
    let name = at..skip(bytes, at + 1, |byte| is_name(byte) && byte != b'=');
    let equals = skip(bytes, name.end, |byte| byte.is_ascii_whitespace());
    if bytes.get(equals) != Some(&b'=') {
        let end = name.end;
        return Some(Step::Attribute((name, end..end), end));
    }
    let start = skip(bytes, equals + 1, |byte| byte.is_ascii_whitespace());
    let quote = *bytes.get(start)?;
    let (value, end) = if matches!(quote, b'"' | b'\'') {
        let end = start + 1 + memchr::memchr(quote, &bytes[start + 1..])?;
        (start + 1..end, end + 1)
    } else {
        let end = skip(bytes, start, |byte| {
            byte != b'>' && !byte.is_ascii_whitespace()
        });
        (start..end, end)
    };
    Some(Step::Attribute((name, value), end))
}

/// The addresses of a `srcset`: separated by commas, each with an optional descriptor (rule of the HTML standard).
pub(crate) fn srcset(value: &str) -> Vec<Range<usize>> {
    let bytes = value.as_bytes();
    let mut addresses = Vec::new();
    let mut at = 0;
    loop {
        at = skip(bytes, at, |byte| byte.is_ascii_whitespace() || byte == b',');
        if at >= bytes.len() {
            return addresses;
        }
        let start = at;
        at = skip(bytes, at, |byte| !byte.is_ascii_whitespace());
        let end = start + value[start..at].trim_end_matches(',').len();
        addresses.push(start..end);
        if end == at {
            at = skip(bytes, at, |byte| byte != b',');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each piece as text, the attributes as `name=value`.
    fn pieces(html: &str) -> Vec<String> {
        let mut at = 0;
        let mut all = Vec::new();
        while let Some((token, end)) = next(html, at) {
            assert!(end > at, "no progress in {html:?}");
            let start = match &token {
                Token::Open(name) | Token::Close(name) => name.end,
                _ => html.len(),
            };
            let mut piece = match token {
                Token::Text => format!("text {}", &html[at..end]),
                Token::Comment => "comment".to_owned(),
                Token::Open(name) => format!("open {}", &html[name]),
                Token::Close(name) => format!("close {}", &html[name]),
            };
            for (name, value) in attributes(html.as_bytes(), start) {
                piece.push(' ');
                piece.push_str(&[&html[name], &html[value]].join("="));
            }
            all.push(piece);
            at = end;
        }
        all
    }

    #[test]
    fn scans_tags() {
        assert_eq!(
            pieces("a < b<A HREF = 'x>y' id=q disabled/>t</a ><br/>"),
            [
                "text a < b",
                "open A HREF=x>y id=q disabled=",
                "text t",
                "close a",
                "open br"
            ]
        );
        assert_eq!(
            pieces("<!-- <a> --><![CDATA[<b>]]><!DOCTYPE x><?p?>x<"),
            ["comment", "comment", "comment", "comment", "text x<"]
        );
        assert_eq!(
            pieces("<!--><a><!---><b><!----><i><!-- x--!><u><!--!> -> --x>-->t"),
            [
                "comment", "open a", "comment", "open b", "comment", "open i", "comment", "open u",
                "comment", "text t"
            ]
        );
        assert_eq!(pieces("<a href=\"x"), ["comment"]);
        let many = format!("<a {}href=b>", "x ".repeat(1_000));
        assert_eq!(value(&many, &(1..2), "href"), Some(2_008..2_009));
        assert_eq!(pieces("<a ==b>"), ["open a ==b"]);
        assert_eq!(pieces("<img\n  src=a.png\n>"), ["open img src=a.png"]);
    }

    #[test]
    fn decodes_references() {
        assert_eq!(
            decode("a&amp;b&#38;&#x26;&nbsp;&nope;&;&#0;&#x110000;& &copy"),
            "a&b&&\u{a0}&nope;&;\u{fffd}\u{fffd}& &copy"
        );
    }

    #[test]
    fn splits_srcset() {
        let value = " a.png 1x, b.png,c.png 2x ,data:x,y 3x,, d.png";
        let parts: Vec<_> = srcset(value)
            .into_iter()
            .map(|range| &value[range])
            .collect();
        assert_eq!(parts, ["a.png", "b.png,c.png", "data:x,y", "d.png"]);
    }
}
