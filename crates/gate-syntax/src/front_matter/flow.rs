//! A flow collection or quoted text that goes on in the next line at its very start. YAML 1.2 asks for a blank there and the parser
//! insists on it; libyaml, with which GitHub reads front matter, does not.

use std::borrow::Cow;

use saphyr_parser::Parser;

/// Most lines that are moved, and the longest block that is read once for each of them; what goes beyond stays the error that it is.
const MAX_MOVED: usize = 50;
const MAX_BYTES: usize = 8 * 1024;

/// The block with a blank before each such line, so that columns of these lines are one too large.
pub(super) fn settle(yaml: &str) -> Cow<'_, str> {
    let mut settled = Cow::Borrowed(yaml);
    if yaml.len() > MAX_BYTES {
        return settled;
    }
    for _ in 0..MAX_MOVED {
        let Some(start) = first_in_line(&settled) else {
            break;
        };
        settled.to_mut().insert(start, ' ');
    }
    settled
}

/// Where the line begins at whose first character the parser misses an indentation: in a block, a line at the margin is a new key,
/// so it can only be in a collection or text that is not closed.
fn first_in_line(yaml: &str) -> Option<usize> {
    let error = Parser::new_from_str(yaml).find_map(Result::err)?;
    if !error.info().contains("indentation") {
        return None;
    }
    // Of quoted text the parser tells where it begins, of a collection the line itself; lines count from 1.
    let line = error.marker().line();
    let quoted = error.info().contains("quoted");
    let from = if quoted { line } else { line.checked_sub(1)? };
    let mut start = match from {
        0 => return None,
        from => memchr::memchr_iter(b'\n', yaml.as_bytes()).nth(from - 1)? + 1,
    };
    let at_margin =
        |rest: &str| rest.starts_with(|c: char| !c.is_whitespace()) && !rest.starts_with('#');
    while quoted
        && yaml
            .get(start..)
            .is_some_and(|rest| !rest.is_empty() && !at_margin(rest))
    {
        start += memchr::memchr(b'\n', yaml.as_bytes().get(start..)?)? + 1;
    }
    yaml.get(start..)
        .filter(|rest| at_margin(rest))
        .map(|_| start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_on_at_the_margin_is_read() {
        for yaml in [
            "a: [\"x\",\n\"y\"]\nb: 1\n",
            "a: [x,\ny,\nz]\n",
            "a: {x: 1,\ny: 2}\n",
            "a: \"x\ny\"\n",
        ] {
            let settled = settle(yaml);
            let error = Parser::new_from_str(&settled).find_map(Result::err);
            assert_eq!(error, None, "{yaml:?} became {settled:?}");
        }
    }

    #[test]
    fn what_is_wrong_stays_wrong() {
        for yaml in ["a: [x,\n", "a:\n  b: 1\n c: 2\n", "a: 1\nb\n", "a: \"x\n"] {
            let settled = settle(yaml);
            assert!(
                Parser::new_from_str(&settled).any(|event| event.is_err()),
                "{yaml:?}"
            );
        }
    }
}
