//! Tags that prompt frameworks embed in Markdown to name other files: `<include>path</include>`, `<include component="path">`. They may
//! stand in paragraphs, HTML blocks and indented blocks, so they are looked for in the source; fences, inline code, comments and CDATA are
//! masked.

use std::ops::Range;

use crate::TagRule;
use crate::html::{self, Token};
use crate::target::is_placeholder;

/// What is kept of a path, in bytes: no system opens a longer one, so what is longer leads nowhere.
const MAX_PATH: usize = 4096 + 1;

/// Most `<` inside of the attribute values of one tag. A bound, so that a quote without an end is not read to the end of the file.
const MAX_ANGLES: usize = 16;

/// Whether looking for tags is worth while.
pub(crate) fn may_have(text: &str, rules: &[TagRule]) -> bool {
    let names = |rule: &TagRule| {
        memchr::memmem::find(text.as_bytes(), format!("<{}", rule.tag).as_bytes()).is_some()
    };
    rules
        .iter()
        .enumerate()
        // Rules of one tag stand together.
        .filter(|(at, rule)| *at == 0 || rules[at - 1].tag != rule.tag)
        .any(|(_, rule)| names(rule))
}

/// The paths named outside `masks`, as indexes of rules and ranges of the source, in the order of their tags.
pub(crate) fn find(
    text: &str,
    masks: &[Range<usize>],
    rules: &[TagRule],
) -> Vec<(u32, Range<usize>)> {
    let mut masked_to = 0;
    let mut masks = masks.iter().peekable();
    let mut paths = Vec::new();
    for start in memchr::memchr_iter(b'<', text.as_bytes()) {
        while let Some(mask) = masks.next_if(|mask| mask.start <= start) {
            masked_to = masked_to.max(mask.end);
        }
        let rest = &text[start + 1..];
        let named = |rule: &TagRule| rest.starts_with(&*rule.tag);
        if start < masked_to || !rules.iter().any(named) {
            continue;
        }
        let tag_end = memchr::memchr_iter(b'<', rest.as_bytes())
            .nth(MAX_ANGLES)
            .map_or(text.len(), |next| start + 1 + next);
        named_by(text, start..tag_end, rules, &mut paths);
    }
    paths
}

/// What the tag at the start of `span` names: by every rule that takes any word, and of those that take paths only by every attribute's,
/// or else by its text.
fn named_by(
    text: &str,
    span: Range<usize>,
    rules: &[TagRule],
    paths: &mut Vec<(u32, Range<usize>)>,
) {
    let head = &text[..span.end];
    let Some((Token::Open(tag), end)) = html::next(head, span.start) else {
        return;
    };
    if !html::is_sound(head, &tag) {
        return;
    }
    let name = &text[tag.clone()];
    let mut has_path = false;
    for (at, rule) in (0_u32..).zip(rules).filter(|(_, rule)| *rule.tag == *name) {
        let span = match &rule.attribute {
            Some(attribute) => html::value(head, &tag, attribute),
            None if text[..end].ends_with("/>") || (has_path && !rule.any) => None,
            None => {
                let next = memchr::memchr(b'<', &text.as_bytes()[end..]);
                Some(end..next.map_or(text.len(), |next| end + next))
            }
        };
        if let Some(span) = span.and_then(|span| trimmed(text, span, rule)) {
            has_path |= !rule.any;
            paths.push((at, span));
        }
    }
}

/// The range without blanks around, if it is one word and, unless the rule takes any, looks like a path: a `/` or an extension, before a
/// fragment too. An attribute may have blanks in a path that ends in a file with an extension, or in a `/`.
fn trimmed(text: &str, range: Range<usize>, rule: &TagRule) -> Option<Range<usize>> {
    let value = &text[range.clone()];
    let path = value.trim();
    let start = range.start + (value.len() - value.trim_start().len());
    let file = path.split_once('#').map_or(path, |(file, _)| file);
    let extension = file.rsplit_once('.').filter(|(stem, end)| {
        !stem.is_empty() && !end.is_empty() && end.bytes().all(|byte| byte.is_ascii_alphanumeric())
    });
    let plausible = if path.contains(char::is_whitespace) {
        // `Version 1.2` is none.
        let is_named = extension.is_some_and(|(_, end)| end.starts_with(char::is_alphabetic));
        let is_line = !path.contains(['\n', '\r']);
        rule.attribute.is_some() && is_line && (is_named || file.ends_with('/'))
    } else {
        let is_path = path.contains('/') || extension.is_some() || is_placeholder(path);
        (rule.any || is_path) && !path.is_empty()
    };
    plausible.then(|| start..start + path.floor_char_boundary(MAX_PATH))
}

/// Comments of an XML file, and its CDATA sections: what hides tags there. One that is never closed hides nothing.
pub(crate) fn hidden_in_xml(text: &str) -> (Vec<Range<usize>>, Vec<Range<usize>>) {
    let (mut comments, mut sections) = (Vec::new(), Vec::new());
    let mut kinds = [
        ("<!--", Some("-->"), &mut comments),
        ("<![CDATA[", Some("]]>"), &mut sections),
    ];
    let mut at = 0;
    while let Some(found) = memchr::memmem::find(&text.as_bytes()[at..], b"<!") {
        let start = at + found;
        at = start + 2;
        for (open, close, all) in &mut kinds {
            let Some(rest) = text[start..].strip_prefix(*open) else {
                continue;
            };
            // An end that is looked for in vain once is never looked for again.
            let end = close.and_then(|close| Some((rest.find(close)?, close)));
            *close = end.map(|(_, close)| close);
            if let Some((length, close)) = end {
                at = start + open.len() + length + close.len();
                all.push(start..at);
            }
        }
    }
    (comments, sections)
}

/// Fences and inline code in a block of HTML, where Markdown has none but readers of prompts do. `block` is a range of `text`. Whether a
/// fence is open at its end.
pub(crate) fn mask_code(text: &str, block: Range<usize>, masks: &mut Vec<Range<usize>>) -> bool {
    let mut at = block.start;
    let mut fence: Option<(usize, &str)> = None;
    for line in text[block.clone()].split_inclusive('\n') {
        let content = line.trim_start_matches([' ', '\t', '>']);
        let mark = ["```", "~~~"]
            .into_iter()
            .find(|mark| content.starts_with(mark));
        match (fence, mark) {
            (None, Some(mark)) => fence = Some((at, mark)),
            (Some((start, open)), Some(mark)) if open == mark => {
                masks.push(start..at + line.len());
                fence = None;
            }
            (None, None) => mask_spans(line, at, masks),
            _ => {}
        }
        at += line.len();
    }
    if let Some((start, _)) = fence {
        masks.push(start..block.end);
    }
    fence.is_some()
}

/// Pairs of backticks of one line.
fn mask_spans(line: &str, offset: usize, masks: &mut Vec<Range<usize>>) {
    let mut ticks = memchr::memchr_iter(b'`', line.as_bytes());
    while let (Some(open), Some(close)) = (ticks.next(), ticks.next()) {
        masks.push(offset + open..offset + close);
    }
}
