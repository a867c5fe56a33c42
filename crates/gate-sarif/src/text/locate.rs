//! Where a value stands in its text.

use std::ops::Range;

use super::pointer::{Pointer, Step};
use crate::stream::skip::{after_blanks, value_end};

/// A value, and the member that it is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Of the value.
    pub value: Range<usize>,
    /// From the key's quote; that of the value where it is no member.
    pub member: Range<usize>,
}

/// The value that a pointer leads to. Of several members with one key the first counts.
pub fn locate(text: &str, pointer: &Pointer) -> Option<Found> {
    let bytes = text.as_bytes();
    let start = after_blanks(bytes, 0);
    let mut found = Found {
        value: start..start,
        member: start..start,
    };
    for step in &pointer.0 {
        found = match step {
            Step::Key(key) => member(text, found.value.start, key)?,
            Step::Index(index) => element(bytes, found.value.start, *index)?,
        };
    }
    let end = value_end(bytes, found.value.start)?;
    found.value.end = end;
    found.member.end = end;
    Some(found)
}

fn member(text: &str, object: usize, wanted: &str) -> Option<Found> {
    let bytes = text.as_bytes();
    (bytes.get(object) == Some(&b'{')).then_some(())?;
    let mut at = after_blanks(bytes, object + 1);
    loop {
        (bytes.get(at) == Some(&b'"')).then_some(())?;
        let key_end = value_end(bytes, at)?;
        let key = text.get(at..key_end)?;
        let colon = after_blanks(bytes, key_end);
        (bytes.get(colon) == Some(&b':')).then_some(())?;
        let value = after_blanks(bytes, colon + 1);
        if is_key(key, wanted) {
            return Some(Found {
                value: value..value,
                member: at..value,
            });
        }
        let next = after_blanks(bytes, value_end(bytes, value)?);
        (bytes.get(next) == Some(&b',')).then_some(())?;
        at = after_blanks(bytes, next + 1);
    }
}

/// Whether a key in quotes is this one, however it is spelled.
fn is_key(quoted: &str, wanted: &str) -> bool {
    let plain = quoted.trim_matches('"');
    plain == wanted
        || plain.contains('\\')
            && serde_json::from_str::<String>(quoted).is_ok_and(|key| key == wanted)
}

fn element(bytes: &[u8], list: usize, wanted: usize) -> Option<Found> {
    (bytes.get(list) == Some(&b'[')).then_some(())?;
    let mut at = after_blanks(bytes, list + 1);
    for _ in 0..wanted {
        let next = after_blanks(bytes, value_end(bytes, at)?);
        (bytes.get(next) == Some(&b',')).then_some(())?;
        at = after_blanks(bytes, next + 1);
    }
    (bytes.get(at) != Some(&b']')).then_some(())?;
    Some(Found {
        value: at..at,
        member: at..at,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_found_however_they_are_written() {
        let text = " { \"a\" : [ 1 , {\"b\":\"x\"} ], \"\\u0063\":-2.50 ,\"d\":{}}";
        let at = |pointer: &Pointer| locate(text, pointer).map(|found| &text[found.value]);
        let root = Pointer::root();
        assert_eq!(at(&root), Some(text.trim()));
        assert_eq!(at(&root.at("a").at(1).at("b")), Some("\"x\""));
        assert_eq!(at(&root.at("c")), Some("-2.50"));
        for absent in [
            root.at("e"),
            root.at("a").at(2),
            root.at("d").at("x"),
            root.at(0),
            root.at("a").at("b"),
        ] {
            assert_eq!(at(&absent), None, "{absent}");
        }
        let member = locate(text, &root.at("c")).expect("a member").member;
        assert_eq!(&text[member], "\"\\u0063\":-2.50");
        for broken in ["{\"a\":", "{\"a\"", "[1,", "{", ""] {
            assert_eq!(locate(broken, &root.at("a").at(0)), None, "{broken}");
        }
        assert_eq!(locate("[]", &root.at(0)), None);
    }
}
