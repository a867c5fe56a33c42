//! Destinations that stand bare in text: URLs, e-mail addresses (GitHub's autolink extension) and, on demand, `@path` imports.

use std::ops::Range;

use crate::{EdgeKind, Target};

/// Longest `@path`, in characters: no path is longer, and the search stays linear.
const MAX_IMPORT: usize = 1024;

/// The places of a text where something bare may stand, ascending. Found before parsing, so that ordinary text costs nothing later.
#[derive(Debug)]
pub(crate) struct Candidates {
    offsets: Vec<usize>,
    next: usize,
}

impl Candidates {
    pub(crate) fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut offsets: Vec<usize> = memchr::memchr2_iter(b':', b'@', bytes)
            .filter(|&at| bytes[at] == b'@' || bytes[at + 1..].starts_with(b"//"))
            .collect();
        let before = offsets.len();
        offsets.extend(memchr::memmem::find_iter(bytes, b"www."));
        if offsets.len() > before {
            offsets.sort_unstable();
        }
        Self { offsets, next: 0 }
    }

    /// Calls `found` for each bare destination that begins in `range`, a piece of text that the parser left alone.
    pub(crate) fn visit(
        &mut self,
        text: &str,
        range: &Range<usize>,
        place: Place,
        mut found: impl FnMut(EdgeKind, Range<usize>, Target),
    ) {
        let mut free = range.start;
        while let Some(&at) = self.offsets.get(self.next) {
            if at >= range.end {
                break;
            }
            self.next += 1;
            if at < free {
                continue;
            }
            if let Some((kind, span, target)) = bare(text, at, place) {
                free = span.end;
                found(kind, span, target);
            }
        }
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

fn bare(text: &str, at: usize, place: Place) -> Option<(EdgeKind, Range<usize>, Target)> {
    if text.as_bytes()[at] == b'@' {
        let import = place.imports.then(|| import(text, at)).flatten();
        return import.or_else(|| email(text, at));
    }
    let span = url(text, at, place.in_table)?;
    let target = Target::External {
        url: text[span.clone()].into(),
    };
    Some((EdgeKind::Autolink, span, target))
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

fn email(text: &str, at: usize) -> Option<(EdgeKind, Range<usize>, Target)> {
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
    valid.then(|| {
        (
            EdgeKind::Autolink,
            at - local..at + 1 + domain.len(),
            Target::Email,
        )
    })
}

/// `@path` after a blank: a path begins with `./`, `../`, `~/` or `/`, or its last part has an extension. A backslash keeps a blank.
fn import(text: &str, at: usize) -> Option<(EdgeKind, Range<usize>, Target)> {
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
    let span = at + 1..at + 1 + written.len();
    Some((
        EdgeKind::Import,
        span,
        Target::of_path(&written.replace("\\ ", " ")),
    ))
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
