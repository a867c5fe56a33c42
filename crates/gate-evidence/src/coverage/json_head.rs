//! What a JSON report is, told by the keys at its beginning. Nothing is parsed: the head may end
//! anywhere, and what does not look like JSON ends the list of keys.

/// Keys deeper than this tell no format.
const DEPTH: usize = 6;

/// The keys at the beginning of a JSON document.
#[derive(Debug)]
pub(super) struct Keys<'a> {
    keys: Vec<Key<'a>>,
    /// The text ends inside the document.
    pub(super) open_ended: bool,
}

#[derive(Debug)]
struct Key<'a> {
    /// Lists and objects around it.
    depth: usize,
    name: &'a str,
    /// From its value on.
    value: &'a str,
}

impl<'a> Keys<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        let mut keys = Self {
            keys: Vec::new(),
            open_ended: false,
        };
        if text.starts_with(['{', '[']) {
            keys.open_ended = keys.scan(text).is_none();
        }
        keys
    }

    /// Whether a key with this name has a value that begins like this.
    pub(super) fn has(&self, depth: usize, name: &str, value: &str) -> bool {
        self.keys
            .iter()
            .any(|key| key.depth == depth && key.name == name && key.value.starts_with(value))
    }

    /// Whether any key at this depth has a value that begins like this.
    pub(super) fn has_any(&self, depth: usize, value: &str) -> bool {
        let mut keys = self.keys.iter();
        keys.any(|key| key.depth == depth && key.value.starts_with(value))
    }

    /// Whether the first key at this depth is a plain number.
    pub(super) fn is_numbered(&self, depth: usize) -> bool {
        let key = self.keys.iter().find(|key| key.depth == depth);
        key.is_some_and(|key| key.name.parse::<u32>().is_ok())
    }

    /// `None` where the text ends before the document does.
    fn scan(&mut self, text: &'a str) -> Option<()> {
        let mut open = Vec::new();
        let mut at = 0;
        let mut key_next = false;
        loop {
            let byte = *text.as_bytes().get(at)?;
            at += 1;
            match byte {
                b'{' | b'[' => {
                    open.push(byte);
                    key_next = byte == b'{';
                }
                b'}' | b']' => {
                    open.pop();
                    if open.is_empty() {
                        return Some(());
                    }
                }
                b',' => key_next = open.last() == Some(&b'{'),
                b'"' => {
                    let length = string_end(text.get(at..)?)?;
                    let name = text.get(at..at + length)?;
                    at += length + 1;
                    if std::mem::take(&mut key_next) {
                        let value = text.get(at..)?.trim_start().strip_prefix(':');
                        let value = value.unwrap_or_default().trim_start();
                        if open.len() <= DEPTH {
                            let depth = open.len();
                            self.keys.push(Key { depth, name, value });
                        }
                    }
                }
                _ => {}
            }
        }
    }
}

/// How long the string is that begins here.
fn string_end(text: &str) -> Option<usize> {
    let mut escaped = false;
    text.bytes().position(|byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_found_by_depth_and_value() {
        let keys = Keys::of(r#"{"a\"{": {"b" : [1, {"c": "}"}]}, "d": tr"#);
        assert!(keys.has(1, "a\\\"{", "{") && keys.has(2, "b", "[") && keys.has(4, "c", "\"}"));
        assert!(keys.has(1, "d", "tr") && !keys.has(2, "d", ""));
        assert!(keys.has_any(2, "[") && !keys.has_any(2, "{"));
        assert!(keys.open_ended);
    }

    #[test]
    fn whatever_is_no_document_has_no_keys() {
        for text in ["", "<a>", "]", "{}", "[]]", "\"a\""] {
            let keys = Keys::of(text);
            assert!(keys.keys.is_empty() && !keys.open_ended, "{text}");
        }
        for text in ["{", "[", "{\"", "{\"a", "{\"a\":", "[[[["] {
            assert!(Keys::of(text).open_ended, "{text}");
        }
    }
}
