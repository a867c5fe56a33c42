//! Destinations that stand bare in text: URLs, e-mail addresses (GitHub's autolink extension) and, on demand, `@path` imports.

mod names;

use std::ops::Range;

pub(crate) use self::names::name_in_code;
use self::names::{is_lower, name};
use crate::EdgeKind;

/// Longest `@path`, in characters: no path is longer, and the search stays linear.
const MAX_IMPORT: usize = 1024;

/// The places of a text where something bare may stand, ascending. Found before parsing, so that ordinary text costs nothing later.
#[derive(Debug)]
pub(crate) struct Candidates {
    offsets: Vec<usize>,
    next: usize,
    /// What lies before it is part of what was found.
    free: usize,
}

impl Candidates {
    /// `names`: also where `namespace:name` may stand.
    pub(crate) fn of(text: &str, names: bool) -> Self {
        let bytes = text.as_bytes();
        let may_be = |&at: &usize| {
            bytes[at] == b'@'
                || bytes[at + 1..].starts_with(b"//")
                || (names && bytes.get(at + 1).is_some_and(|&next| is_lower(next)))
        };
        let mut offsets: Vec<usize> = memchr::memchr2_iter(b':', b'@', bytes)
            .filter(may_be)
            .collect();
        let before = offsets.len();
        offsets.extend(memchr::memmem::find_iter(bytes, b"www."));
        if offsets.len() > before {
            offsets.sort_unstable();
        }
        Self {
            offsets,
            next: 0,
            free: 0,
        }
    }

    /// The next bare destination that begins in `range`, a piece of text that the parser left alone.
    pub(crate) fn next(
        &mut self,
        text: &str,
        range: &Range<usize>,
        place: Place,
    ) -> Option<(EdgeKind, Range<usize>)> {
        while let Some(&at) = self.offsets.get(self.next) {
            if at >= range.end {
                return None;
            }
            self.next += 1;
            if at < self.free.max(range.start) {
                continue;
            }
            if let Some((kind, span)) = bare(text, at, place) {
                self.free = span.end;
                return Some((kind, span));
            }
        }
        None
    }
}

/// What is around a piece of text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    /// In a table, where `|` ends a cell.
    pub(crate) in_table: bool,
    /// Read `@path`.
    pub(crate) imports: bool,
}

fn bare(text: &str, at: usize, place: Place) -> Option<(EdgeKind, Range<usize>)> {
    let bytes = text.as_bytes();
    if bytes[at] == b'@' {
        let import = place.imports.then(|| import(text, at)).flatten();
        return import
            .map(|span| (EdgeKind::Import, span))
            .or_else(|| Some((EdgeKind::Autolink, email(text, at)?)));
    }
    if bytes[at] == b':' && !bytes[at + 1..].starts_with(b"//") {
        return Some((EdgeKind::Name, name(text, at, place.in_table)?));
    }
    Some((EdgeKind::Autolink, url(text, at, place.in_table)?))
}

/// Whether inline code looks like a path with a folder, or a file with an extension: nothing in it that patterns, commands and
/// placeholders have.
pub(crate) fn is_code_path(code: &str) -> bool {
    let plain = |c: char| c.is_alphanumeric() || "._-/+@".contains(c);
    let extension = code.rsplit_once('.').is_some_and(|(stem, ending)| {
        !stem.is_empty()
            && (1..=4).contains(&ending.len())
            && ending.starts_with(|c: char| c.is_ascii_lowercase())
            && ending.bytes().all(|byte| byte.is_ascii_alphanumeric())
    });
    code.len() <= 256
        && (code.contains('/') || extension)
        && code.chars().all(plain)
        && code.starts_with(|c: char| c.is_alphanumeric() || c == '.' || c == '_')
        && !code.contains("//")
        // What is left out, and between two commits.
        && !code.contains("...")
}

/// A URL around `://`, or from `www.` on.
fn url(text: &str, at: usize, in_table: bool) -> Option<Range<usize>> {
    let before = &text[..at];
    let (start, host) = if text.as_bytes()[at] == b':' {
        let scheme = ["https", "http", "ftp"].into_iter().find(|scheme| {
            let start = before.len().saturating_sub(scheme.len());
            before
                .get(start..)
                .is_some_and(|found| found.eq_ignore_ascii_case(scheme))
        })?;
        let start = at - scheme.len();
        let glued = text[..start].ends_with(|c: char| c.is_ascii_alphanumeric());
        (!glued).then_some((start, at + 3))?
    } else {
        let free = before
            .chars()
            .next_back()
            .is_none_or(|c| c.is_whitespace() || "*_~(|".contains(c));
        free.then_some((at, at + 4))?
    };
    let rest = &text[host..];
    // Before the end is looked for: so what is scanned is always found, and never scanned again.
    if !rest.starts_with(char::is_alphanumeric) {
        return None;
    }
    let stops = |c: char| c.is_whitespace() || matches!(c, '<' | '`') || (in_table && c == '|');
    let end = host + rest.find(stops).unwrap_or(rest.len());
    Some(start..start + trim(&text[start..end]).len())
}

/// Takes off what GitHub does not count to a bare URL: final punctuation, an unmatched `)`, an entity at the end.
fn trim(mut address: &str) -> &str {
    let mut depth: i64 = address
        .bytes()
        .map(|byte| i64::from(byte == b')') - i64::from(byte == b'('))
        .sum();
    loop {
        let Some(last) = address.bytes().last() else {
            return address;
        };
        match last {
            b'?' | b'!' | b'.' | b',' | b':' | b'*' | b'_' | b'~' | b'\'' | b'"' | b']' => {
                address = &address[..address.len() - 1];
            }
            b')' if depth > 0 => {
                depth -= 1;
                address = &address[..address.len() - 1];
            }
            b';' => match address.rfind('&') {
                Some(at)
                    if address[at + 1..address.len() - 1]
                        .bytes()
                        .all(|byte| byte.is_ascii_alphanumeric()) =>
                {
                    address = &address[..at];
                }
                _ => return address,
            },
            _ => return address,
        }
    }
}

fn email(text: &str, at: usize) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let local = bytes[..at]
        .iter()
        .rev()
        // Longer local parts are no addresses; the bound keeps the search linear.
        .take(65)
        .take_while(|byte| byte.is_ascii_alphanumeric() || b"._-+".contains(byte))
        .count();
    let domain = bytes[at + 1..]
        .iter()
        .take(254)
        .take_while(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(byte))
        .count();
    let domain = text[at + 1..at + 1 + domain].trim_end_matches('.');
    let dotted = domain
        .split_once('.')
        .is_some_and(|(host, _)| !host.is_empty());
    let valid = (1..=64).contains(&local) && dotted && !domain.ends_with(['-', '_']);
    valid.then(|| at - local..at + 1 + domain.len())
}

/// `@path` after a blank: a path begins with `./`, `../`, `~/` or `/`, or its last part has an extension. A backslash keeps a blank.
fn import(text: &str, at: usize) -> Option<Range<usize>> {
    let free = text[..at]
        .chars()
        .next_back()
        .is_none_or(char::is_whitespace);
    if !free {
        return None;
    }
    let mut escaped = false;
    let rest = &text[at + 1..];
    let length: usize = rest
        .chars()
        .take(MAX_IMPORT)
        .take_while(|&c| {
            let inside = !c.is_whitespace() || (escaped && c == ' ');
            escaped = c == '\\';
            inside
        })
        .map(char::len_utf8)
        .sum();
    let written = rest[..length].trim_end_matches(|c: char| ".,;:!?)]}>'\"*_`".contains(c));
    if !is_path(written) {
        return None;
    }
    Some(at + 1..at + 1 + written.len())
}

fn is_path(written: &str) -> bool {
    let path = written.split('#').next().unwrap_or_default();
    if path.contains('@') {
        return false;
    }
    let named = ["./", "../", "~/", "/"]
        .iter()
        .find_map(|start| path.strip_prefix(start));
    if let Some(rest) = named {
        return rest.starts_with(|c: char| c.is_alphanumeric() || "._-<{$".contains(c));
    }
    let name = path.rsplit('/').next().unwrap_or_default();
    let Some((stem, extension)) = name.rsplit_once('.') else {
        return false;
    };
    // `@Foo.Bar` is an annotation, `@example.com` a handle, `@1.2` a version.
    let is_extension = extension.len() <= 8
        && extension.starts_with(|c: char| c.is_ascii_lowercase())
        && extension
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    let is_host =
        !path.contains('/') && matches!(extension, "com" | "org" | "net" | "io" | "dev" | "ai");
    let is_file = is_extension && !is_host || extension.eq_ignore_ascii_case("md");
    is_file
        && !stem.is_empty()
        && path.starts_with(|c: char| c.is_alphanumeric() || c == '.' || c == '_')
}
