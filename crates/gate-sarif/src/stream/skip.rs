//! Where a JSON value ends, without looking into it. Works on pieces, so that a value may be longer than the memory at hand.

/// Open brackets within one another, beyond which nobody reads on.
pub(crate) const MAX_DEPTH: u32 = 1_000;

/// The state of a walk over one value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Skip {
    /// Before its first byte.
    Start,
    /// Within a number or a word: it ends before a delimiter.
    Scalar,
    /// Within a string, with so many brackets open around it.
    Text { depth: u32 },
    /// The same, behind a backslash.
    Escape { depth: u32 },
    /// Between the tokens of an object or a list.
    Inside { depth: u32 },
}

/// How far a piece took a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Skipped {
    /// The value ends at this place of the piece.
    Ends(usize),
    /// It goes on behind the piece.
    GoesOn,
    /// No value begins here, or it is nested too deep; the place of the piece.
    Broken(usize),
}

const PLAIN: u8 = 0;
const QUOTE: u8 = 1;
const OPEN: u8 = 2;
const CLOSE: u8 = 3;

/// What a byte is between the tokens of an object or a list.
const KIND: [u8; 256] = {
    let mut kind = [PLAIN; 256];
    kind[b'"' as usize] = QUOTE;
    kind[b'{' as usize] = OPEN;
    kind[b'[' as usize] = OPEN;
    kind[b'}' as usize] = CLOSE;
    kind[b']' as usize] = CLOSE;
    kind
};

impl Skip {
    /// Goes on with the next piece of the value.
    pub(crate) fn feed(&mut self, piece: &[u8]) -> Skipped {
        let mut at = 0;
        loop {
            match *self {
                Self::Start => {
                    *self = match piece.get(at) {
                        None => return Skipped::GoesOn,
                        Some(b'"') => Self::Text { depth: 0 },
                        Some(b'{' | b'[') => Self::Inside { depth: 1 },
                        Some(b'-' | b'0'..=b'9' | b't' | b'f' | b'n') => Self::Scalar,
                        Some(_) => return Skipped::Broken(at),
                    };
                    at += 1;
                }
                Self::Scalar => {
                    let rest = piece.get(at..).unwrap_or_default();
                    let end = rest.iter().position(|byte| {
                        matches!(byte, b',' | b'}' | b']' | b' ' | b'\n' | b'\r' | b'\t')
                    });
                    return end.map_or(Skipped::GoesOn, |end| Skipped::Ends(at + end));
                }
                Self::Text { depth } => {
                    let rest = piece.get(at..).unwrap_or_default();
                    let Some(found) = quote_or_backslash(rest) else {
                        return Skipped::GoesOn;
                    };
                    at += found + 1;
                    if rest.get(found) == Some(&b'\\') {
                        *self = Self::Escape { depth };
                    } else if depth == 0 {
                        return Skipped::Ends(at);
                    } else {
                        *self = Self::Inside { depth };
                    }
                }
                Self::Escape { depth } => {
                    if at >= piece.len() {
                        return Skipped::GoesOn;
                    }
                    at += 1;
                    *self = Self::Text { depth };
                }
                Self::Inside { mut depth } => loop {
                    let Some(&byte) = piece.get(at) else {
                        *self = Self::Inside { depth };
                        return Skipped::GoesOn;
                    };
                    at += 1;
                    match KIND[usize::from(byte)] {
                        QUOTE => {
                            *self = Self::Text { depth };
                            break;
                        }
                        OPEN if depth == MAX_DEPTH => return Skipped::Broken(at - 1),
                        OPEN => depth += 1,
                        CLOSE if depth == 1 => return Skipped::Ends(at),
                        CLOSE => depth -= 1,
                        _ => {}
                    }
                },
            }
        }
    }
}

/// The first of them.
fn quote_or_backslash(text: &[u8]) -> Option<usize> {
    const ONES: u64 = u64::MAX / 255;
    const HIGHS: u64 = ONES << 7;
    /// Most texts are shorter than a call of what is faster for long ones.
    const SHORT: usize = 4;
    let (words, _) = text.as_chunks::<8>();
    for (index, word) in words.iter().take(SHORT).enumerate() {
        let word = u64::from_le_bytes(*word);
        // The highest bit of each byte that is this one, and maybe of later ones.
        let is = |byte: u8| {
            let other = word ^ (ONES * u64::from(byte));
            other.wrapping_sub(ONES) & !other & HIGHS
        };
        let found = is(b'"') | is(b'\\');
        if found != 0 {
            return Some(index * 8 + found.trailing_zeros() as usize / 8);
        }
    }
    let at = words.len().min(SHORT) * 8;
    let found = memchr::memchr2(b'"', b'\\', text.get(at..)?)?;
    Some(at + found)
}

/// The end of the string whose quote is before `at` of a whole text.
pub(crate) fn text_end(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        at += quote_or_backslash(bytes.get(at..)?)?;
        if bytes.get(at) == Some(&b'"') {
            return Some(at + 1);
        }
        at += 2;
    }
}

/// The first place from `at` that is no white space.
pub(crate) fn after_blanks(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    let blank = |byte: &u8| matches!(byte, b' ' | b'\n' | b'\r' | b'\t');
    at + rest
        .iter()
        .position(|byte| !blank(byte))
        .unwrap_or(rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The end of the value that begins at `at` of a whole text.
    fn value_end(bytes: &[u8], at: usize) -> Option<usize> {
        let mut skip = Skip::Start;
        match skip.feed(bytes.get(at..)?) {
            Skipped::Ends(end) => Some(at + end),
            Skipped::GoesOn if skip == Skip::Scalar => Some(bytes.len()),
            Skipped::GoesOn | Skipped::Broken(_) => None,
        }
    }

    #[test]
    fn values_end_where_the_parser_ends_them() {
        for (text, end) in [
            ("1 ", Some(1)),
            ("-1.5e3", Some(6)),
            (r#""a\"b\\" "#, Some(8)),
            ("{}x", Some(2)),
            (r#"[{"]":"}"},[]] "#, Some(14)),
            ("true,", Some(4)),
            ("[1", None),
            ("\"a", None),
            ("}", None),
            ("", None),
        ] {
            assert_eq!(value_end(text.as_bytes(), 0), end, "{text}");
        }
        let deep = "[".repeat(1_001) + &"]".repeat(1_001);
        assert_eq!(value_end(deep.as_bytes(), 0), None);
        assert_eq!(value_end(&deep.as_bytes()[1..], 0), Some(2_000));
    }

    fn json() -> impl Strategy<Value = serde_json::Value> {
        let leaf = prop_oneof![
            Just(serde_json::Value::Null),
            any::<i64>().prop_map(Into::into),
            "\\PC{0,8}[\"\\\\]?".prop_map(Into::into),
        ];
        leaf.prop_recursive(4, 32, 4, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4).prop_map(Into::into),
                proptest::collection::btree_map("[a-z\"\\\\]{0,4}", inner, 0..4)
                    .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        /// However the value is cut in pieces.
        #[test]
        fn pieces_end_where_the_whole_ends(value in json(), size in 1_usize..9) {
            let text = serde_json::to_string_pretty(&value).expect("JSON") + " ,";
            let whole = value_end(text.as_bytes(), 0).expect("an end");
            prop_assert_eq!(whole, text.len() - 2);
            let mut skip = Skip::Start;
            let mut before = 0;
            for piece in text.as_bytes().chunks(size) {
                if let Skipped::Ends(end) = skip.feed(piece) {
                    prop_assert_eq!(before + end, whole);
                    return Ok(());
                }
                before += piece.len();
            }
            prop_assert!(false, "no end");
        }
    }
}
