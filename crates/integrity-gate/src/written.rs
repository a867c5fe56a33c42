//! Paths as a file writes them.

use crate::tree::folder;
use std::fmt::Write as _;

/// `target` as a file in `from` would write it: relative, and percent-encoded
/// where Markdown or a URL needs it.
pub(crate) fn relative(from: &str, target: &str) -> String {
    let mut base: Vec<&str> = folder(from)
        .split('/')
        .filter(|part| !part.is_empty())
        .collect();
    let mut parts: Vec<&str> = target.split('/').collect();
    let shared = base
        .iter()
        .zip(parts.iter().take(parts.len().saturating_sub(1)))
        .take_while(|(a, b)| a == b)
        .count();
    base.drain(..shared);
    parts.drain(..shared);
    let mut path = "../".repeat(base.len());
    path.push_str(&parts.join("/"));
    path
}

/// A path as a link writes it.
pub(crate) fn encode(path: &str) -> String {
    let mut encoded = String::with_capacity(path.len());
    // A colon before the first `/` would make a scheme of what stands before it.
    if path
        .split('/')
        .next()
        .is_some_and(|first| first.contains(':'))
    {
        encoded.push_str("./");
    }
    for c in path.chars() {
        match c {
            // What ends a destination, an attribute or a table cell, or means
            // something else in one of them.
            '\0'..=' '
            | '\x7f'
            | '%'
            | '('
            | ')'
            | '#'
            | '?'
            | '<'
            | '>'
            | '"'
            | '\''
            | '`'
            | '|'
            | '\\'
            | '&'
            | '*'
            | '['
            | ']'
            | '{'
            | '}' => {
                let _ = write!(encoded, "%{:02X}", u32::from(c));
            }
            c => encoded.push(c),
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::join;

    #[test]
    fn a_path_is_written_from_where_it_is_used() {
        assert_eq!(relative("docs/a.md", "docs/b.md"), "b.md");
        assert_eq!(relative("docs/x/a.md", "docs/b c.md"), "../b c.md");
        assert_eq!(relative("a.md", "docs/b.md"), "docs/b.md");
        assert_eq!(relative("x/y/a.md", "z/b.md"), "../../z/b.md");
        assert_eq!(relative("a/b.md", "a/b.md/c"), "b.md/c");
        assert_eq!(encode("a b(1)#é.md"), "a%20b%281%29%23é.md");
        assert_eq!(encode("a|b\\&\"c.md"), "a%7Cb%5C%26%22c.md");
        assert_eq!(encode("a:b.md"), "./a:b.md");
        assert_eq!(encode("x/a:b.md"), "x/a:b.md");
        for (from, to) in [
            ("docs/x/a.md", "docs/b.md"),
            ("a.md", "z/b.md"),
            ("q/a.md", "a.md"),
        ] {
            assert_eq!(join(folder(from), &relative(from, to)).as_deref(), Some(to));
        }
    }
}
