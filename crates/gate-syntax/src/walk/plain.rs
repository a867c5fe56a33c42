//! Files that are no Markdown.

use super::Walk;
use crate::{Markdown, Options, include};

/// Tags and patterns of a text that is no Markdown, in which nothing hides them.
pub(crate) fn plain(text: &str, options: Options<'_>) -> Markdown {
    let mut walk = Walk::new(text, options);
    walk.find_tags();
    let cut = walk.patterns("");
    Markdown {
        cut,
        ..walk.into_markdown(1, Vec::new())
    }
}

/// What an XML file has: tags that name something, what patterns find, and marks.
pub(crate) fn xml(text: &str, options: Options<'_>) -> Markdown {
    let (comments, sections) = include::hidden_in_xml(text);
    let mut walk = Walk {
        code: Some(sections),
        comments: Some(comments),
        ..Walk::new(text, options)
    };
    walk.find_tags();
    let cut = walk.patterns("");
    Markdown {
        cut,
        ..walk.into_markdown(1, Vec::new())
    }
}
