//! URIs and paths in one spelling, so that prefixes can be compared.

use std::fmt::Write;

/// A location in one spelling: `file:///C:/a/b.c`, or relative `a/b.c`. Backslashes, drive letters,
/// bare absolute paths, dot segments and characters that no URI may hold are brought into line.
pub(super) fn spelled(text: &str) -> String {
    let path = text.replace('\\', "/");
    let is_path = path != text || drive(&path).is_some();
    let path = encoded(&path, is_path);
    match local(&path) {
        Some(rest) => format!("file:///{}", without_dots(&upper_drive(rest))),
        None if scheme(&path).is_some() => path,
        None => without_dots(&path),
    }
}

/// What follows the root of a local file, if this is one.
fn local(path: &str) -> Option<String> {
    if drive(path).is_some() {
        return Some(path.to_owned());
    }
    let rest = match path.get(..5) {
        Some(scheme) if scheme.eq_ignore_ascii_case("file:") => &path[5..],
        _ => path,
    };
    let same_host = |rest: &str| {
        let host = rest.strip_prefix("//localhost/");
        host.or_else(|| rest.strip_prefix("///")).map(str::to_owned)
    };
    if let Some(rest) = same_host(rest) {
        return Some(rest);
    }
    // `//server/share` is another machine's
    (rest.starts_with('/') && !rest.starts_with("//")).then(|| rest[1..].to_owned())
}

fn drive(path: &str) -> Option<char> {
    let mut chars = path.chars();
    let letter = chars.next().filter(char::is_ascii_alphabetic)?;
    let colon = path.get(1..2) == Some(":");
    let escaped = path
        .get(1..4)
        .is_some_and(|colon| colon.eq_ignore_ascii_case("%3a"));
    let end = if colon { 2 } else { 4 };
    let whole = matches!(path.get(end..end + 1), None | Some("/"));
    ((colon || escaped) && whole).then_some(letter)
}

fn upper_drive(path: String) -> String {
    match drive(&path) {
        Some(letter) => {
            let rest = &path[if path[1..].starts_with(':') { 2 } else { 4 }..];
            format!("{}:{rest}", letter.to_ascii_uppercase())
        }
        None => path,
    }
}

/// The scheme of an absolute URI.
pub(super) fn scheme(uri: &str) -> Option<&str> {
    let (scheme, _) = uri.split_once(':')?;
    let valid = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
    let starts = scheme
        .bytes()
        .next()
        .is_some_and(|byte| byte.is_ascii_alphabetic());
    (starts && scheme.bytes().all(valid)).then_some(scheme)
}

/// Escapes what a URI may not hold; of a path also what would end it in a URI.
fn encoded(text: &str, is_path: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let bytes = text.as_bytes();
    for (at, &byte) in bytes.iter().enumerate() {
        let escape = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_hexdigit);
        let fits = match byte {
            b'%' => escape(at + 1) && escape(at + 2),
            b'#' | b'?' => !is_path,
            b' ' | b'"' | b'<' | b'>' | b'^' | b'`' | b'{' | b'|' | b'}' => false,
            _ => byte.is_ascii_graphic(),
        };
        if fits {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// Takes `.` and `..` out; leading `..` stay.
fn without_dots(path: &str) -> String {
    let mut out: Vec<&str> = Vec::new();
    let mut parts = path.split('/').peekable();
    while let Some(part) = parts.next() {
        let last = parts.peek().is_none();
        match part {
            "." => {}
            ".." if out.last().is_some_and(|last| *last != "..") => {
                out.pop();
            }
            _ => {
                out.push(part);
                continue;
            }
        }
        if last {
            out.push("");
        }
    }
    // what would read as a scheme or a root stays a path
    out.join("/")
}

/// A relative location within a base, which is a directory.
pub(super) fn joined(base: &str, relative: &str) -> String {
    let slash = if base.is_empty() || base.ends_with('/') {
        ""
    } else {
        "/"
    };
    let whole = format!("{base}{slash}{relative}");
    match whole.strip_prefix("file:///") {
        Some(rest) => format!("file:///{}", without_dots(rest).trim_start_matches("../")),
        None if scheme(&whole).is_some() => whole,
        None => without_dots(&whole),
    }
}

/// What follows a prefix, which ends where a name ends.
pub(super) fn behind<'a>(location: &'a str, prefix: &str) -> Option<&'a str> {
    let rest = location.strip_prefix(prefix)?;
    if prefix.is_empty() {
        return scheme(location).is_none().then_some(rest);
    }
    if prefix.ends_with('/') {
        return Some(rest);
    }
    rest.strip_prefix('/')
        .or_else(|| rest.is_empty().then_some(rest))
}

/// Whether a location lies within the root: relative, and not above it.
pub(super) fn within(location: &str) -> bool {
    scheme(location).is_none()
        && !location.starts_with('/')
        && location != ".."
        && !location.starts_with("../")
}
