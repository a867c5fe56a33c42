//! Addresses of files.

use std::borrow::Cow;

use super::{Check, Options, Problem, Repair, Weight};
use crate::error::excerpt;
use crate::text::{Edit, Pointer};

pub(super) const SCHEME: Check = Check {
    id: "uri_scheme",
    weight: Weight::Refused,
    expected: "a path relative to the root of the repository",
    next_step: "make the scanner write paths of the checkout, or name a file for such results with --stand-in",
};

pub(super) const SPELLING: Check = Check {
    id: "uri_spelling",
    weight: Weight::Refused,
    expected: "a URI: `/` between folders, everything else percent-encoded (RFC 3986)",
    next_step: "--repair safe encodes it",
};

pub(super) const OUTSIDE: Check = Check {
    id: "uri_outside",
    weight: Weight::Hidden,
    expected: "a path below the root of the repository",
    next_step: "scan from the root of the checkout, or rewrite the paths with `sarif-upload rebase`",
};

/// What is wrong with an address, which is not empty.
pub(super) fn check(
    uri: &str,
    based: bool,
    pointer: impl Fn() -> Pointer,
    options: &Options,
) -> Option<Problem> {
    let problem = |check: &'static Check, better: Option<String>| {
        Some(Problem {
            check,
            pointer: pointer(),
            found: format!("`{}`", excerpt(uri)),
            repair: better.map(|uri| Repair::Safe(vec![Edit::text(pointer(), &uri)])),
        })
    };
    let plain = if uri.contains('\\') {
        Cow::Owned(uri.replace('\\', "/"))
    } else {
        Cow::Borrowed(uri)
    };
    let below = |path: &str| {
        let root = options.root.as_deref()?.trim_end_matches('/');
        let rest = path.strip_prefix(root)?;
        (!root.is_empty()).then_some(())?;
        rest.strip_prefix('/')
            .filter(|rest| !rest.is_empty())
            .map(encode)
    };
    match scheme(&plain) {
        Some("file") => {
            let path = plain.get(5..).unwrap_or_default();
            let path = path.strip_prefix("//").map_or(path, |rest| {
                rest.find('/').and_then(|at| rest.get(at..)).unwrap_or(rest)
            });
            // `file:///C:/x` is the path `C:/x`.
            let drive = path
                .strip_prefix('/')
                .filter(|path| scheme(path).is_some_and(|scheme| scheme.len() == 1));
            let decoded = crate::resolve::percent_decode(drive.unwrap_or(path));
            return match (below(&decoded), is_spelled(&plain) && plain == uri) {
                // GitHub resolves it with the checkout's address.
                (Some(_), true) => None,
                (Some(better), false) => problem(&SPELLING, Some(better)),
                (None, _) => problem(&OUTSIDE, None),
            };
        }
        Some(_) => {
            let better = below(&plain).or_else(|| options.stand_in.as_deref().map(encode));
            return problem(&SCHEME, better);
        }
        None => {}
    }
    if plain.starts_with('/') && !based {
        let decoded = crate::resolve::percent_decode(&plain);
        return problem(&OUTSIDE, below(&decoded));
    }
    if leaves(&plain) && !based {
        return problem(&OUTSIDE, None);
    }
    if plain != uri || !is_spelled(&plain) {
        return problem(&SPELLING, Some(encode_again(&plain)));
    }
    None
}

/// What stands before the first colon, where that begins an address; a drive letter too.
pub(super) fn scheme(uri: &str) -> Option<&str> {
    let (scheme, _) = uri.split_once(':')?;
    let mut bytes = scheme.bytes();
    let is_scheme = bytes.next().is_some_and(|byte| byte.is_ascii_alphabetic())
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'));
    is_scheme.then_some(scheme)
}

/// Whether `..` leads above the beginning.
fn leaves(path: &str) -> bool {
    let mut depth = 0_usize;
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => match depth.checked_sub(1) {
                Some(less) => depth = less,
                None => return true,
            },
            _ => depth += 1,
        }
    }
    false
}

/// Whether every byte may stand in a URI, and every `%` begins an escape.
fn is_spelled(uri: &str) -> bool {
    let bytes = uri.as_bytes();
    bytes.iter().enumerate().all(|(at, byte)| match byte {
        b'%' => is_escape(bytes.get(at + 1..).unwrap_or_default()),
        // A `[` may stand in the host of an address only.
        b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}' | b'[' | b']' => false,
        byte => byte.is_ascii_graphic(),
    })
}

fn is_escape(rest: &[u8]) -> bool {
    matches!(rest, [high, low, ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit())
}

/// Encodes what may not stand in a URI; escapes that are there stay.
fn encode_again(uri: &str) -> String {
    let bytes = uri.as_bytes();
    let mut out = String::with_capacity(uri.len());
    for (at, &byte) in bytes.iter().enumerate() {
        let stays = match byte {
            b'%' => is_escape(bytes.get(at + 1..).unwrap_or_default()),
            b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}' | b'[' | b']' => false,
            byte => byte.is_ascii_graphic(),
        };
        push(&mut out, byte, stays);
    }
    out
}

/// A path as a relative URI: everything percent-encoded but `/` and RFC 3986's unreserved characters.
pub(crate) fn encode(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        let stays =
            byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'.' | b'_' | b'~');
        push(&mut out, byte, stays);
    }
    out
}

fn push(out: &mut String, byte: u8, stays: bool) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    if stays {
        out.push(char::from(byte));
    } else {
        out.push('%');
        out.push(char::from(HEX[usize::from(byte >> 4)]));
        out.push(char::from(HEX[usize::from(byte & 15)]));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_told_apart_and_mended() {
        let options = Options {
            root: Some("/home/runner/work".into()),
            stand_in: None,
        };
        for (uri, expected) in [
            ("src/a.c", None),
            ("src/a%20b.c", None),
            ("src/../a.c", None),
            ("a:b", Some(("uri_scheme", None))),
            ("src/a b.c", Some(("uri_spelling", Some("src/a%20b.c")))),
            ("src\\é.c", Some(("uri_spelling", Some("src/%C3%A9.c")))),
            ("100%/%41", Some(("uri_spelling", Some("100%25/%41")))),
            ("a[1].c", Some(("uri_spelling", Some("a%5B1%5D.c")))),
            ("https://host/a", Some(("uri_scheme", None))),
            ("git::https://host/a", Some(("uri_scheme", None))),
            ("C:\\src\\a.c", Some(("uri_scheme", None))),
            ("../a.c", Some(("uri_outside", None))),
            ("/etc/passwd", Some(("uri_outside", None))),
            (
                "/home/runner/work/a b",
                Some(("uri_outside", Some("a%20b"))),
            ),
            ("/home/runner/works/a", Some(("uri_outside", None))),
            ("file:///home/runner/work/a%20b", None),
            (
                "file:///home/runner/work/a b",
                Some(("uri_spelling", Some("a%20b"))),
            ),
            ("file:///tmp/a", Some(("uri_outside", None))),
            ("file:", Some(("uri_outside", None))),
        ] {
            let found = check(uri, false, Pointer::root, &options);
            let found = found.map(|problem| {
                let better = problem.repair.map(|repair| match repair {
                    Repair::Safe(edits) => match &edits[0].change {
                        crate::text::Change::Set(json) => json.trim_matches('"').to_owned(),
                        crate::text::Change::Remove => String::new(),
                    },
                    other => panic!("{other:?}"),
                });
                (problem.check.id, better)
            });
            let expected = expected.map(|(id, better)| (id, better.map(str::to_owned)));
            assert_eq!(found, expected, "{uri}");
        }
    }

    #[test]
    fn windows_roots_and_stand_ins_are_known() {
        let options = Options {
            root: Some("D:/a/repo".into()),
            stand_in: Some("Docker file".into()),
        };
        let better = |uri: &str| {
            let problem = check(uri, false, Pointer::root, &options)?;
            let Some(Repair::Safe(edits)) = problem.repair else {
                return None;
            };
            let crate::text::Change::Set(json) = edits.into_iter().next()?.change else {
                return None;
            };
            serde_json::from_str::<String>(&json).ok()
        };
        assert_eq!(
            better("D:\\a\\repo\\src\\x y.c").as_deref(),
            Some("src/x%20y.c")
        );
        assert_eq!(better("alpine:3.19").as_deref(), Some("Docker%20file"));
        assert_eq!(
            better("file:///D:/a/repo/x y.c").as_deref(),
            Some("x%20y.c")
        );
    }
}
