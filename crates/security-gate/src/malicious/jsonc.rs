//! JSON as editors take it: with comments and commas too many. Within bounds; what is no JSON then is left alone.

use serde_json::Value;

/// Larger files are data, not configuration.
const MAX_BYTES: usize = 8 << 20;

pub(super) fn parse(text: &[u8]) -> Option<Value> {
    if text.len() > MAX_BYTES {
        return None;
    }
    let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
    serde_json::from_slice(text)
        .ok()
        .or_else(|| serde_json::from_slice(&plain(text)).ok())
}

/// Without comments and commas before a closing bracket.
fn plain(text: &[u8]) -> Vec<u8> {
    let mut out: Vec<u8> = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        let length = match (byte, text.get(at + 1)) {
            (b'"', _) => string(&text[at..]),
            (b'/', Some(b'/')) => {
                at += memchr::memchr(b'\n', &text[at..]).unwrap_or(text.len() - at);
                continue;
            }
            (b'/', Some(b'*')) => {
                let end = memchr::memmem::find(&text[at + 2..], b"*/");
                at += end.map_or(text.len() - at, |end| end + 4);
                continue;
            }
            (b']' | b'}', _) => {
                let kept = out.trim_ascii_end().len();
                if out[..kept].ends_with(b",") {
                    out.truncate(kept - 1);
                }
                1
            }
            _ => 1,
        };
        out.extend_from_slice(&text[at..at + length]);
        at += length;
    }
    out
}

fn string(text: &[u8]) -> usize {
    let mut at = 1;
    while let Some(&byte) = text.get(at) {
        match byte {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    text.len()
}

/// Where a text stands as a JSON string; the start of the file where it is written otherwise.
pub(super) fn place(text: &[u8], value: &str) -> std::ops::Range<usize> {
    let written = Value::from(value).to_string();
    memchr::memmem::find(text, written.as_bytes()).map_or(0..0, |at| at..at + written.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_commas_are_tolerated_outside_strings() {
        let text = br#"{ // a
            "a": [1, 2, /* b */ ], "c": "x // y /* z */ ,]", }"#;
        let value = parse(text).expect("tolerated");
        assert_eq!(value["c"], "x // y /* z */ ,]");
        assert_eq!(value["a"][1], 2);
        assert_eq!(parse(b"{"), None);
        assert_eq!(parse(b"\"\\"), None);
    }
}
