//! Changes to a JSON text.

use std::borrow::Cow;

use serde_json::Value;

use super::locate::locate;
use super::pointer::{Pointer, Step};
use crate::stream::skip::after_blanks;

/// A change of what a pointer leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    pub pointer: Pointer,
    pub change: Change,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// The value becomes this JSON. The last key of the pointer is added where its object lacks it.
    Set(String),
    /// The member goes. List elements cannot: their neighbours would be others.
    Remove,
}

impl Edit {
    /// Sets a text.
    pub fn text(pointer: Pointer, text: &str) -> Self {
        Self::json(pointer, Value::from(text).to_string())
    }

    /// Sets a value that is JSON already.
    pub const fn json(pointer: Pointer, json: String) -> Self {
        Self {
            pointer,
            change: Change::Set(json),
        }
    }

    /// Takes a member away.
    pub const fn remove(pointer: Pointer) -> Self {
        Self {
            pointer,
            change: Change::Remove,
        }
    }
}

/// The text with the edits applied, one after the other; or the first that has no place in it.
///
/// # Errors
/// The edit whose pointer leads nowhere.
pub fn apply<'a, 'e>(
    text: &'a str,
    edits: impl IntoIterator<Item = &'e Edit>,
) -> Result<Cow<'a, str>, &'e Edit> {
    let mut out = Cow::Borrowed(text);
    for edit in edits {
        let (start, end, with) = splice(&out, edit).ok_or(edit)?;
        let before = out.get(..start).ok_or(edit)?;
        let behind = out.get(end..).ok_or(edit)?;
        out = Cow::Owned([before, &with, behind].concat());
    }
    Ok(out)
}

/// From where to where something else comes to stand.
fn splice<'e>(text: &str, edit: &'e Edit) -> Option<(usize, usize, Cow<'e, str>)> {
    let bytes = text.as_bytes();
    let found = locate(text, &edit.pointer);
    match (&edit.change, found) {
        (Change::Set(json), Some(found)) => {
            Some((found.value.start, found.value.end, Cow::Borrowed(json)))
        }
        (Change::Set(json), None) => {
            let (last, parent) = edit.pointer.0.split_last()?;
            let Step::Key(key) = last else { return None };
            let object = locate(text, &Pointer(parent.to_vec()))?.value.start;
            (bytes.get(object) == Some(&b'{')).then_some(())?;
            let empty = bytes.get(after_blanks(bytes, object + 1)) == Some(&b'}');
            let separator = if empty { "" } else { "," };
            let key = Value::from(key.as_ref());
            let member = format!("{key}:{json}{separator}");
            Some((object + 1, object + 1, Cow::Owned(member)))
        }
        (Change::Remove, Some(found)) => {
            let (Step::Key(_), _) = edit.pointer.0.split_last()? else {
                return None;
            };
            let next = after_blanks(bytes, found.member.end);
            if bytes.get(next) == Some(&b',') {
                return Some((found.member.start, after_blanks(bytes, next + 1), "".into()));
            }
            // The last one: the comma before it goes too.
            let before = text.get(..found.member.start)?.trim_end();
            let start = if before.ends_with(',') {
                before.len() - 1
            } else {
                found.member.start
            };
            Some((start, found.member.end, "".into()))
        }
        // It is gone already.
        (Change::Remove, None) => Some((0, 0, "".into())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn edited(text: &str, edits: &[Edit]) -> String {
        apply(text, edits).expect("places").into_owned()
    }

    #[test]
    fn only_what_is_named_changes() {
        let root = Pointer::root();
        let text = "{ \"n\": 1.10e+2,\"a\" : [ {} , 12345678901234567890 ], \"b\":null }";
        for (edit, expected) in [
            (
                Edit::json(root.at("b"), "7".into()),
                "{ \"n\": 1.10e+2,\"a\" : [ {} , 12345678901234567890 ], \"b\":7 }",
            ),
            (
                Edit::text(root.at("a").at(0).at("x"), "\"é\""),
                "{ \"n\": 1.10e+2,\"a\" : [ {\"x\":\"\\\"é\\\"\"} , 12345678901234567890 ], \"b\":null }",
            ),
            (
                Edit::json(root.at("c"), "[]".into()),
                "{\"c\":[], \"n\": 1.10e+2,\"a\" : [ {} , 12345678901234567890 ], \"b\":null }",
            ),
            (
                Edit::remove(root.at("n")),
                "{ \"a\" : [ {} , 12345678901234567890 ], \"b\":null }",
            ),
            (
                Edit::remove(root.at("b")),
                "{ \"n\": 1.10e+2,\"a\" : [ {} , 12345678901234567890 ] }",
            ),
            (Edit::remove(root.at("none")), text),
        ] {
            assert_eq!(edited(text, &[edit]), expected);
        }
        let gone = [Edit::remove(root.at("a")), Edit::remove(root.at("b"))];
        assert_eq!(edited("{\"a\":1, \"b\":2}", &gone), "{}");
        for (text, pointer) in [
            ("{}", root.at("a").at("b")),
            ("[]", root.at(0)),
            ("[]", root.at("x")),
        ] {
            assert!(
                apply(text, &[Edit::json(pointer, "1".into())]).is_err(),
                "{text}"
            );
        }
    }

    proptest! {
        #[test]
        fn sets_and_removals_are_those_of_the_value(
            keys in proptest::collection::btree_map("[a-d]", any::<i32>(), 0..4),
            changes in proptest::collection::vec(("[a-e]", proptest::option::of(any::<i32>())), 0..6),
            pretty in any::<bool>(),
        ) {
            let mut value = json!(keys);
            let text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) };
            let edits: Vec<Edit> = changes.iter().map(|(key, set)| {
                let pointer = Pointer::root().at(key.clone());
                set.map_or_else(|| Edit::remove(pointer.clone()), |number| Edit::json(pointer.clone(), number.to_string()))
            }).collect();
            for (key, set) in &changes {
                let object = value.as_object_mut().expect("an object");
                match set {
                    Some(number) => drop(object.insert(key.clone(), json!(number))),
                    None => drop(object.remove(key)),
                }
            }
            let text = text.expect("JSON");
            let back: Value = serde_json::from_str(&edited(&text, &edits)).expect("JSON");
            prop_assert_eq!(back, value);
        }
    }
}
