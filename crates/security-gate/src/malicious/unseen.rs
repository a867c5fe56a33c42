//! Text of a Markdown file that people do not see, and machines do.

use std::ops::Range;

use memchr::memmem;

/// So much of a hidden text is judged, in bytes.
const MAX_HIDDEN: usize = 4 * 1024;
/// Blanks in a row that push what follows out of sight.
const LONG_BLANK: usize = 120;

/// How a text is kept from people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hidden {
    Comment,
    Unshown,
    FarRight,
}

/// All of it, in order.
pub(super) fn unseen(text: &str) -> Vec<(Range<usize>, Hidden)> {
    let mut hidden = Vec::new();
    comments(text, &mut hidden);
    unshown(text, &mut hidden);
    far_right(text, &mut hidden);
    hidden.sort_by_key(|(range, _)| (range.start, range.end));
    hidden
}

fn comments(text: &str, hidden: &mut Vec<(Range<usize>, Hidden)>) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(open) = memmem::find(&bytes[at..], b"<!--") {
        let start = at + open + 4;
        let Some(length) = memmem::find(&bytes[start..], b"-->") else {
            return;
        };
        hidden.push((
            start..floor(text, start + length.min(MAX_HIDDEN)),
            Hidden::Comment,
        ));
        at = start + length + 3;
    }
}

/// What follows a tag whose style hides it, up to the next tag that ends something.
fn unshown(text: &str, hidden: &mut Vec<(Range<usize>, Hidden)>) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(open) = memmem::find(&bytes[at..], b"style=") {
        let start = at + open;
        at = start + 6;
        let tag = &bytes[start..bytes.len().min(start + 300)];
        let Some(close) = memchr::memchr(b'>', tag) else {
            continue;
        };
        let style: String = String::from_utf8_lossy(&tag[..close])
            .to_ascii_lowercase()
            .split_ascii_whitespace()
            .collect();
        if hides(&style) {
            let start = start + close + 1;
            let rest = &bytes[start..bytes.len().min(start + MAX_HIDDEN)];
            let length = memmem::find(rest, b"</").unwrap_or(rest.len());
            hidden.push((start..floor(text, start + length), Hidden::Unshown));
        }
    }
}

/// `style` without blanks, in lower case.
fn hides(style: &str) -> bool {
    let white = ["color:white", "color:#fff"].iter().any(|color| {
        style
            .match_indices(color)
            .any(|(at, _)| !style[..at].ends_with('-'))
    });
    let shown = style.contains("background")
        && !style.contains("background:white")
        && !style.contains("background:#fff")
        && !style.contains("background-color:white");
    [
        "display:none",
        "visibility:hidden",
        "font-size:0",
        "opacity:0;",
        "opacity:0\"",
        "opacity:0'",
    ]
    .iter()
    .any(|part| style.contains(part))
        && !style.contains("font-size:0.")
        || white && !shown
}

fn far_right(text: &str, hidden: &mut Vec<(Range<usize>, Hidden)>) {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        if line.len() < LONG_BLANK || line.trim_start().starts_with('|') {
            continue;
        }
        let mut blanks = 0;
        for (index, byte) in line.bytes().enumerate() {
            if matches!(byte, b' ' | b'\t') {
                blanks += 1;
            } else if blanks >= LONG_BLANK && byte.is_ascii_alphabetic() {
                let end = (start + line.len()).min(start + index + MAX_HIDDEN);
                hidden.push((start + index..floor(text, end), Hidden::FarRight));
                break;
            } else {
                blanks = 0;
            }
        }
    }
}

fn floor(text: &str, at: usize) -> usize {
    text.floor_char_boundary(at)
}
