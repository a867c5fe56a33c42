//! Values in Kubernetes manifests. Source: "Secrets" and the API reference `Secret v1 core`: the members of `data` are
//! base64, those of `stringData` plain text.
//!
//! The mapping that holds `kind: Secret` is walked by lines and columns; block style only, which is what people write.

use std::ops::Range;

use super::value::{decoded_text, is_configured};
use crate::secrets::checks::distinct;
use crate::secrets::codec::decode_base64;

/// How far the document is followed to both sides of `kind`.
const REACH: usize = 16 << 10;

/// The values that are passwords, tokens or keys in the Secret whose `kind` stands at `at`, and the bytes looked at.
pub(in crate::secrets) fn values(bytes: &[u8], at: usize) -> (Vec<Range<usize>>, usize) {
    let window = at.saturating_sub(REACH)..bytes.len().min(at.saturating_add(REACH));
    let lines = lines(bytes, &window);
    let mut found = Vec::new();
    let Some(kind) = lines.iter().position(|line| line.range.contains(&at)) else {
        return (found, window.len());
    };
    let column = at - lines[kind].range.start;
    let is_member = lines[kind].column == column
        && text(bytes, &lines[kind]).trim_ascii_end() == b"kind: Secret";
    if !is_member {
        return (found, window.len());
    }
    let (first, last) = mapping(&lines, kind, column);
    let mut member: &[u8] = b"";
    for line in &lines[first..last] {
        if line.is_blank {
            continue;
        }
        if line.column <= column {
            member = text(bytes, line).trim_ascii_end();
            continue;
        }
        let encoded = match member {
            b"data:" => true,
            b"stringData:" => false,
            _ => continue,
        };
        if let Some((key, value)) = entry(bytes, line)
            && is_secret(&bytes[key], &bytes[value.clone()], encoded)
        {
            found.push(value);
        }
    }
    (found, window.len())
}

/// The lines of the mapping that line `kind` is a member of: up to a shallower line, another item, another document.
fn mapping(lines: &[Line], kind: usize, column: usize) -> (usize, usize) {
    let is_outside = |line: &Line| line.is_marker || !line.is_blank && line.column < column;
    let begins = |line: &Line| line.is_item && line.column == column;
    let mut first = kind;
    while !begins(&lines[first]) && first > 0 && !is_outside(&lines[first - 1]) {
        first -= 1;
    }
    let last = lines[kind + 1..]
        .iter()
        .position(|line| is_outside(line) || begins(line));
    (first, last.map_or(lines.len(), |at| kind + 1 + at))
}

/// A line without its end. The column is that of the first character that is neither a space nor the dash of an item.
struct Line {
    range: Range<usize>,
    column: usize,
    /// Empty or a comment.
    is_blank: bool,
    /// Between two documents.
    is_marker: bool,
    is_item: bool,
}

fn lines(bytes: &[u8], window: &Range<usize>) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut start = window.start;
    for piece in bytes[window.clone()].split(|&b| b == b'\n') {
        let dash = piece.iter().take_while(|&&b| b == b' ').count();
        let is_item = piece[dash..].starts_with(b"- ");
        let after = if is_item { dash + 1 } else { dash };
        let column = after + piece[after..].iter().take_while(|&&b| b == b' ').count();
        lines.push(Line {
            range: start..start + piece.len(),
            column,
            is_blank: matches!(piece[column..].trim_ascii_end(), [] | [b'#', ..]),
            is_marker: piece.starts_with(b"---") || piece.starts_with(b"```"),
            is_item,
        });
        start += piece.len() + 1;
    }
    lines
}

fn text<'a>(bytes: &'a [u8], line: &Line) -> &'a [u8] {
    &bytes[(line.range.start + line.column).min(line.range.end)..line.range.end]
}

/// Key and value of `key: value`, the value without quotes and comment.
fn entry(bytes: &[u8], line: &Line) -> Option<(Range<usize>, Range<usize>)> {
    let start = line.range.start + line.column;
    let text = text(bytes, line);
    let colon = memchr::memmem::find(text, b": ")?;
    let rest = &text[colon + 2..];
    let skipped = rest.iter().take_while(|&&b| b == b' ').count();
    let (rest, from) = (&rest[skipped..], start + colon + 2 + skipped);
    let (length, from) = match rest {
        [quote @ (b'"' | b'\''), rest @ ..] => (memchr::memchr(*quote, rest)?, from + 1),
        // A block follows, or an anchor, a tag, a template.
        [b'|' | b'>' | b'&' | b'*' | b'!' | b'{' | b'[', ..] => return None,
        _ => {
            let end = memchr::memmem::find(rest, b" #").unwrap_or(rest.len());
            (rest[..end].trim_ascii_end().len(), from)
        }
    };
    Some((start..start + colon, from..from + length))
}

/// Parts of the names under which secrets keep what must not be read.
const NAMES: [&[u8]; 10] = [
    b"pass",
    b"pwd",
    b"secret",
    b"token",
    b"key",
    b"credential",
    b"auth",
    b"dsn",
    b"connection",
    b"dockerc",
];

fn is_secret(key: &[u8], value: &[u8], encoded: bool) -> bool {
    let key = key.to_ascii_lowercase();
    let is_named = NAMES
        .iter()
        .any(|name| memchr::memmem::find(&key, name).is_some());
    let is_public = [
        b"id".as_slice(),
        b".crt",
        b".pub",
        b"user",
        b"name",
        b"url",
        b"host",
    ]
    .iter()
    .any(|end| key.ends_with(end));
    if !is_named || is_public {
        return false;
    }
    if !encoded {
        return is_configured(&key, value);
    }
    match (decoded_text(value), decode_base64(value)) {
        (Some(text), _) if text.starts_with(b"{") => {
            memchr::memmem::find(&text, b"\"auth").is_some() || is_key_file(&text)
        }
        (Some(text), _) => is_configured(&key, &text),
        // A key as bytes.
        (None, Some(bytes)) => bytes.len() >= 16 && distinct(&bytes) >= 10,
        (None, None) => false,
    }
}

fn is_key_file(text: &[u8]) -> bool {
    memchr::memmem::find(text, b"PRIVATE KEY-----").is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secrets::codec::encode_base64;
    use proptest::prelude::*;

    fn found(text: &str) -> Vec<&str> {
        let at = text.find("kind: Secret").unwrap_or_default();
        values(text.as_bytes(), at)
            .0
            .into_iter()
            .map(|range| &text[range])
            .collect()
    }

    #[test]
    fn data_before_and_after_the_kind_are_read() {
        let one = encode_base64(b"correct-horse-7");
        let text = format!(
            "apiVersion: v1\ndata:\n  password: {one}\n  user: {one}\nkind: Secret\nstringData:\n  token: 'battery-staple' # x\n"
        );
        assert_eq!(found(&text), [one.as_str(), "battery-staple"]);
    }

    #[test]
    fn an_item_of_a_list_ends_where_the_next_begins() {
        let text = "items:\n- kind: ConfigMap\n  stringData:\n    password: other-horse\n- kind: Secret\n  stringData:\n    password: correct-horse\n- kind: ConfigMap\n  stringData:\n    password: third-horse\n";
        assert_eq!(found(text), ["correct-horse"]);
    }

    #[test]
    fn other_documents_and_kinds_are_left_alone() {
        assert_eq!(
            found(
                "data:\n  password: correct-horse\n---\nkind: Secret\n---\nstringData:\n  password: correct-horse\n"
            ),
            Vec::<&str>::new()
        );
        assert_eq!(
            found("kind: SecretStore\nstringData:\n  password: correct-horse\n"),
            Vec::<&str>::new()
        );
        assert_eq!(
            found("name: x\n  kind: Secret\nstringData:\n  password: correct-horse\n"),
            Vec::<&str>::new()
        );
    }

    proptest! {
        #[test]
        fn never_panics(bytes in proptest::collection::vec(prop_oneof![Just(b' '), Just(b'\n'), Just(b':'), Just(b'-'), Just(b'"'), any::<u8>()], 0..200), at in 0..220usize, kind in any::<bool>()) {
            let mut bytes = bytes;
            if kind {
                let place = at.min(bytes.len());
                bytes.splice(place..place, b"\ndata:\n a: \"b\nkind: Secret\nstringData:\n  key: ".iter().copied());
            }
            for range in values(&bytes, at).0 {
                prop_assert!(range.end <= bytes.len());
            }
            let at = memchr::memmem::find(&bytes, b"kind: Secret").unwrap_or_default();
            prop_assert!(values(&bytes, at).0.iter().all(|range| range.end <= bytes.len()));
        }
    }
}
