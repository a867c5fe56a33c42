//! Templates of planted files, assembled at run time: none stands in the source as it is searched for.
//!
//! `{}` is nothing and breaks up what would be found here; `{u:200B}` is a character, `{tags:text}` and `{vs:text}` hide a
//! text, `{b64:40}` and `{hex:40}` are so many characters of a blob, `{rep:9:x}` repeats. All else stands for itself.

/// Longest generated text.
const MAX: usize = 16 * 1024;

pub(super) fn expand(template: &str) -> String {
    let (mut out, mut rest) = (String::new(), template);
    while let Some(open) = rest.find('{') {
        out.push_str(&rest[..open]);
        rest = &rest[open..];
        let close = rest.find('}').unwrap_or(0);
        if let Some(text) = rest.get(1..close).and_then(piece) {
            out.push_str(&text);
            rest = &rest[close + 1..];
        } else {
            out.push('{');
            rest = &rest[1..];
        }
    }
    out + rest
}

fn piece(inner: &str) -> Option<String> {
    if inner.is_empty() {
        return Some(String::new());
    }
    let (name, argument) = inner.split_once(':')?;
    let shifted = |base: u32| -> String {
        let codes = argument.bytes().map(|byte| u32::from(byte) + base);
        codes.filter_map(char::from_u32).collect()
    };
    match name {
        "u" => char::from_u32(u32::from_str_radix(argument, 16).ok()?).map(String::from),
        "tags" => Some(shifted(0xE0000)),
        // Bytes from 16 on are U+E0100 and up.
        "vs" => Some(shifted(0xE0100 - 16)),
        "b64" => blob(argument, b"aGVsbG8gd29ybGQhIHRoaXMgaXMgYSBwbGFudGVk"),
        "hex" => blob(argument, b"68656c6c6f20776f726c642120746869"),
        "rep" => {
            let (count, text) = argument.split_once(':')?;
            let count = count.parse::<usize>().ok()?.min(MAX);
            Some(text.repeat(count))
        }
        _ => None,
    }
}

fn blob(count: &str, alphabet: &[u8]) -> Option<String> {
    let count = count.parse::<usize>().ok()?.min(MAX);
    let cycle = alphabet.iter().cycle().take(count);
    Some(cycle.map(|&byte| char::from(byte)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_keep_what_is_not_a_placeholder() {
        assert_eq!(expand("a{}b ${X} {\"k\": 1} {z"), "ab ${X} {\"k\": 1} {z");
        assert_eq!(expand("{b64:50}").len(), 50);
        assert_eq!(expand("{rep:3:ab}{u:e9}"), "abababé");
    }
}
