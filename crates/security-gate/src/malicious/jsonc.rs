//! JSON as editors take it: with comments and commas too many. Within bounds; what is no JSON then is left alone.

use serde_json::Value;

use super::json::Json;

/// Larger files are data, not configuration.
const MAX_BYTES: usize = 8 << 20;

/// Why a file was not read though a program may read it.
pub(super) const UNREAD: &str = "it is configuration that is larger, nested deeper or written stranger than is read (8 MiB, 128 levels, a key four times)";

/// What [`parse`] says of JSON that other readers take and it does not.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unread;

/// `None` where no reader takes it.
pub(super) fn parse(text: &[u8]) -> Result<Option<Json>, Unread> {
    if text.len() > MAX_BYTES {
        return Err(Unread);
    }
    let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
    let text = String::from_utf8_lossy(text);
    let parsed = serde_json::from_str(&text)
        .or_else(|_| serde_json::from_str(&String::from_utf8_lossy(&plain(text.as_bytes()))));
    match parsed {
        Ok(json) => Ok(Some(json)),
        Err(error) if is_of_ours(&error) => Err(Unread),
        Err(_) => Ok(None),
    }
}

/// Whether the error is one that only this reader makes: its bounds, numbers beyond a float, halves of surrogates.
fn is_of_ours(error: &serde_json::Error) -> bool {
    let said = error.to_string();
    let ours = [
        "recursion limit",
        "out of range",
        "surrogate",
        "end of hex escape",
    ];
    error.is_data() || ours.iter().any(|part| said.contains(part))
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
        let value = parse(text).expect("read").expect("tolerated");
        assert_eq!(value.texts("c").collect::<Vec<_>>(), ["x // y /* z */ ,]"]);
        assert_eq!(value.all("a")[0].items().len(), 2);
        assert_eq!(parse(b"{"), Ok(None));
        assert_eq!(parse(b"\"\\"), Ok(None));
    }

    #[test]
    fn every_value_of_a_key_is_kept() {
        let value = parse(br#"{"a": "one", "a": {"b": 1}, "a": "two"}"#)
            .expect("read")
            .expect("JSON");
        assert_eq!(value.texts("a").collect::<Vec<_>>(), ["one", "two"]);
        assert_eq!(value.all("a").len(), 3);
        // Node reads bytes that are no UTF-8 as replacement characters.
        assert!(parse(b"{\"a\": \"caf\xe9\"}").is_ok_and(|value| value.is_some()));
    }

    #[test]
    fn what_others_may_read_is_said_to_be_unread() {
        let deep = format!("{{\"a\": {}1{}}}", "[".repeat(200), "]".repeat(200));
        let twins = format!("{{{}\"b\": 1}}", "\"a\": 1, ".repeat(9));
        let large = format!("{{\"a\": \"{}\"}}", "x".repeat(MAX_BYTES));
        for text in [
            &deep,
            &twins,
            &large,
            "{\"a\": 1e999}",
            "{\"a\": \"\\ud800\"}",
        ] {
            assert_eq!(
                parse(text.as_bytes()),
                Err(Unread),
                "{}",
                &text[..20.min(text.len())]
            );
        }
    }
}
