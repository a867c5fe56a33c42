//! Where a value stands in its text.

use std::ops::Range;

use super::pointer::{Pointer, Step};
use crate::walk::{Cursor, unescaped};

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
    let mut cursor = Cursor::new(text, 0);
    cursor.peek();
    let mut member = cursor.at;
    for step in &pointer.0 {
        member = match step {
            Step::Key(key) => to_member(&mut cursor, text, key)?,
            Step::Index(index) => to_element(&mut cursor, *index)?,
        };
    }
    let (start, end) = cursor.skip().ok()?;
    Some(Found {
        value: start..end,
        member: member..end,
    })
}

/// From an object to the value of a key; the place of the key.
fn to_member(cursor: &mut Cursor<'_>, text: &str, wanted: &str) -> Option<usize> {
    cursor.take(b'{').then_some(())?;
    loop {
        cursor.peek();
        let member = cursor.at;
        let (start, end) = cursor.key().ok()?;
        cursor.peek();
        if unescaped(text.get(start..end)?) == wanted {
            return Some(member);
        }
        cursor.skip().ok()?;
        cursor.take(b',').then_some(())?;
    }
}

/// From a list to one of its elements; the place of that.
fn to_element(cursor: &mut Cursor<'_>, wanted: usize) -> Option<usize> {
    cursor.take(b'[').then_some(())?;
    for _ in 0..wanted {
        cursor.skip().ok()?;
        cursor.take(b',').then_some(())?;
    }
    (cursor.peek() != Some(b']')).then_some(cursor.at)
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
