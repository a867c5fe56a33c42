//! Flow collections and quoted text that go on in a line no deeper than the key they belong to. YAML 1.2 asks for deeper lines there and
//! the parser insists on it; libyaml, with which GitHub reads front matter, does not.

use std::borrow::Cow;

use saphyr_parser::Parser;

/// Most blanks that are put in; where more are missing, the block stays the error that it is.
const MAX_BLANKS: usize = 64 * 1024;

/// The block with the blanks that such lines lack, so that columns of these lines are too large by as many.
pub(super) fn settle(yaml: &str) -> Cow<'_, str> {
    let error = Parser::new_from_str(yaml).find_map(Result::err);
    if !error.is_some_and(|error| error.info().contains("indentation")) {
        return Cow::Borrowed(yaml);
    }
    let mut settled = String::with_capacity(yaml.len());
    let mut blanks = 0;
    let mut done = 0;
    for (start, depth) in continued(yaml) {
        let (Some(before), Some(line)) = (yaml.get(done..start), yaml.get(start..)) else {
            continue;
        };
        let indent = indent(line.as_bytes());
        if indent >= depth || line[indent..].starts_with(['\r', '\n']) {
            continue;
        }
        blanks += depth - indent;
        if blanks > MAX_BLANKS {
            return Cow::Borrowed(yaml);
        }
        settled.push_str(before);
        settled.extend(std::iter::repeat_n(' ', depth - indent));
        done = start;
    }
    if done == 0 {
        return Cow::Borrowed(yaml);
    }
    settled.push_str(&yaml[done..]);
    Cow::Owned(settled)
}

fn indent(line: &[u8]) -> usize {
    line.iter().take_while(|&&byte| byte == b' ').count()
}

/// Where lines start that a collection or quoted text goes on in, ascending, and how deep YAML wants each. Ends at what is never closed.
fn continued(yaml: &str) -> Vec<(usize, usize)> {
    let bytes = yaml.as_bytes();
    let mut lines = Vec::new();
    let mut start = 0;
    // The depth that text after `|` or `>` has to exceed.
    let mut block: Option<usize> = None;
    while start < bytes.len() {
        let indent = indent(&bytes[start..]);
        let is_blank = matches!(bytes.get(start + indent), None | Some(b'\r' | b'\n'));
        let is_text = is_blank || block.is_some_and(|depth| indent > depth);
        let mut at = start + indent;
        if !is_text {
            let depth;
            (at, depth, block) = match value(bytes, start, at) {
                Value::Spans(from, depth) => match end(bytes, from) {
                    Some(end) => (end, depth, None),
                    None => return lines,
                },
                Value::Text(depth) => (at, 0, Some(depth)),
                Value::Plain => (at, 0, None),
            };
            let inside = bytes.get(start..at).unwrap_or_default();
            let breaks = memchr::memchr_iter(b'\n', inside);
            lines.extend(breaks.map(|found| (start + found + 1, depth)));
        }
        start = line_end(bytes, at);
    }
    lines
}

/// What a line of a block ends in.
enum Value {
    /// A collection or quoted text from an offset on, and how deep its lines have to be.
    Spans(usize, usize),
    /// Text in the lines below that are deeper.
    Text(usize),
    Plain,
}

/// Passes over dashes, keys, anchors and tags of the line at `start`, whose content begins at `at`.
fn value(bytes: &[u8], start: usize, mut at: usize) -> Value {
    let line = bytes.get(..line_end(bytes, start)).unwrap_or_default();
    let comment = memchr::memmem::find(line.get(at..).unwrap_or_default(), b" #");
    let line = comment.map_or(line, |found| &line[..at + found]);
    let mut parent = None;
    let depth = |parent: Option<usize>, at: usize| parent.map_or(at - start, |at| at + 1);
    loop {
        let key_end = match (bytes.get(at), bytes.get(at + 1)) {
            (Some(b'-' | b'?'), Some(b' ' | b'\t')) => Some(at),
            (Some(b'&' | b'!'), _) => {
                let word = |&&byte: &&u8| !byte.is_ascii_whitespace();
                at += bytes[at..].iter().take_while(word).count();
                at += blanks(&bytes[at..]);
                continue;
            }
            (Some(b'|' | b'>'), _) => return Value::Text(parent.unwrap_or_default()),
            (Some(b'[' | b'{' | b'"' | b'\''), _) => {
                let closed = end(bytes, at).filter(|&end| bytes.get(end) == Some(&b':'));
                match closed.filter(|&end| !bytes[at..end].contains(&b'\n')) {
                    Some(end) => Some(end),
                    None => return Value::Spans(at, depth(parent, at)),
                }
            }
            _ => key_end(line, at),
        };
        let Some(end) = key_end else {
            return Value::Plain;
        };
        parent = Some(at - start);
        at = end + 1 + blanks(bytes.get(end + 1..).unwrap_or_default());
    }
}

/// Where the `:` of the plain key at `at` stands; `line` ends with its line.
fn key_end(line: &[u8], at: usize) -> Option<usize> {
    let rest = line.get(at..).filter(|rest| !rest.starts_with(b"#"))?;
    let is_end = |&found: &usize| matches!(rest.get(found + 1), Some(b' ' | b'\t'));
    Some(at + memchr::memchr_iter(b':', rest).find(is_end)?)
}

fn blanks(bytes: &[u8]) -> usize {
    let is_blank = |&&byte: &&u8| matches!(byte, b' ' | b'\t');
    bytes.iter().take_while(is_blank).count()
}

/// The offset behind the end of the line.
fn line_end(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    memchr::memchr(b'\n', rest).map_or(bytes.len(), |found| at + found + 1)
}

/// The offset behind the collection or quoted text at `at`.
fn end(bytes: &[u8], mut at: usize) -> Option<usize> {
    let mut depth = 0_usize;
    // Only where a value may begin is a quote one: `[it's]`.
    let mut fresh = true;
    loop {
        let byte = *bytes.get(at)?;
        match byte {
            b'"' | b'\'' if fresh => {
                at = quote_end(bytes, at + 1, byte)?;
                fresh = false;
                if depth == 0 {
                    return Some(at);
                }
                continue;
            }
            b'[' | b'{' => (depth, fresh) = (depth + 1, true),
            b']' | b'}' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return Some(at + 1);
                }
                fresh = false;
            }
            b'#' if bytes[at - 1].is_ascii_whitespace() => at = line_end(bytes, at) - 1,
            b',' | b':' => fresh = true,
            _ if byte.is_ascii_whitespace() => {}
            _ => fresh = false,
        }
        at += 1;
    }
}

fn quote_end(bytes: &[u8], mut at: usize, quote: u8) -> Option<usize> {
    loop {
        at += memchr::memchr2(quote, b'\\', bytes.get(at..)?)?;
        let doubled = quote == b'\'' && bytes.get(at + 1) == Some(&quote);
        match bytes[at] {
            b'\\' if quote == b'\'' => at += 1,
            b'\\' => at += 2,
            _ if doubled => at += 2,
            _ => return Some(at + 1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(yaml: &str) -> Option<saphyr_parser::ScanError> {
        Parser::new_from_str(yaml).find_map(Result::err)
    }

    #[test]
    fn what_goes_on_no_deeper_is_read() {
        let many = "# x\n".repeat(10_000) + &"- a: [\n  x,\n  ]\n".repeat(500);
        for yaml in [
            "a: [\"x\",\n\"y\"]\nb: 1\n",
            "a: [x,\ny,\nz]\n",
            "a: {x: 1,\ny: 2}\n",
            "a: \"x\ny\"\n",
            "s:\n  one:\n    args: [\n      'a',\n    ]\n    tools: [\"*\"]\n",
            "s:\n  args: [\n  a\n  ]\n",
            "s:\n  args: \"a\n  b\"\n  tools: x\n",
            "s:\n  args: 'it''s \"\n b'\n  tools: x\n",
            "s:\r\n  - x: &a !!seq [ # [\r\n  it's, \"]\",\r\n\r\n{ }\r\n]\r\n    y: |\r\n     z: [\r\n    w: 1\r\n",
            "s:\n  - [\n  a\n  ]\n  - \"k: [\": {\n  a: b\n  }\n",
            &many,
        ] {
            assert!(error(yaml).is_some(), "{yaml:?}");
            let settled = settle(yaml);
            assert_eq!(error(&settled), None, "{yaml:?} became {settled:?}");
        }
    }

    #[test]
    fn what_is_wrong_stays_wrong() {
        let far = format!("- {}? [\n{}]\n", "- ".repeat(100), "x,\n".repeat(1_000));
        let keys = format!("{}[\nx\n", "a: ".repeat(80_000));
        for yaml in [
            "a: [x,\n",
            "a:\n  b: 1\n c: 2\n",
            "a: 1\nb\n",
            "a: \"x\n",
            "s:\n  a: [x\n  b: 1\n",
            "s:\n  a: b\n [x]\n",
            "s:\n  a: [x,\n  y]\n b: 1\n",
            "s:\n  a: |\n    [\n  b: 1\n c: ]\n",
            "s:\n  a: x # b: [\n  c\n  d: ]\n",
            &far,
            &keys,
        ] {
            assert!(error(&settle(yaml)).is_some(), "{yaml:?}");
        }
    }
}
