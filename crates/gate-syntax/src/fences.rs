//! One difference between the parser and GitHub that has to be settled before parsing: a blank after a closing fence may be a tab.

use std::borrow::Cow;

/// The text with spaces for the tabs that follow a fence at the end of a line; as long as it was, so that positions hold.
pub(crate) fn settle(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let follows = |mark: &[u8]| memchr::memmem::find(bytes, mark).is_some();
    if !follows(b"`\t") && !follows(b"~\t") && !follows(b"` \t") && !follows(b"~ \t") {
        return Cow::Borrowed(text);
    }
    let mut settled = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let fence = line.trim_end();
        let tail = &line[fence.len()..];
        settled.push_str(fence);
        if tail.contains('\t') && is_fence(fence) {
            settled.push_str(&tail.replace('\t', " "));
        } else {
            settled.push_str(tail);
        }
    }
    Cow::Owned(settled)
}

/// A run of three or more backticks or tildes, and nothing else but what begins a line in lists and quotes.
fn is_fence(line: &str) -> bool {
    let run = line.trim_start_matches([' ', '\t', '>']);
    let of = |mark: char| run.len() >= 3 && run.chars().all(|c| c == mark);
    of('`') || of('~')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Options, parse};

    #[test]
    fn a_tab_after_a_closing_fence_closes_it() {
        for text in ["```\nx\n```\t\n# H\n", "> ~~~\n> x\n> ~~~ \t\n\n# H\n"] {
            let markdown = parse(text.as_bytes(), Options::default());
            assert_eq!(markdown.headings().len(), 1, "{text:?}");
        }
    }

    #[test]
    fn nothing_else_changes() {
        for text in ["`a`\tb\n", "```\tsh\nx\n```\n", "a\t\n", "``\t\n"] {
            assert_eq!(settle(text), text);
        }
    }
}
