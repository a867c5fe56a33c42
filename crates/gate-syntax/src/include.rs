//! Tags that prompt frameworks embed in Markdown to name other files: `<include>path</include>`, `<include component="path">`. They may
//! stand in paragraphs, HTML blocks and indented blocks, so they are looked for in the source; fences, inline code, comments and CDATA are
//! masked.

use std::ops::Range;

use crate::TagRule;
use crate::html::{self, Attribute, Token};
use crate::target::is_placeholder;

/// Longest path, in bytes.
const MAX_PATH: usize = 1024;

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

/// The paths named outside `masks`, as indexes of rules and ranges of the source, ascending.
pub(crate) fn find(
    text: &str,
    masks: &[Range<usize>],
    rules: &[TagRule],
) -> Vec<(u32, Range<usize>)> {
    let mut masked_to = 0;
    let mut masks = masks.iter().peekable();
    let mut attributes = Vec::new();
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
        // XML allows no `<` inside a tag: so a tag that never ends is not read to the end of the file.
        let tag_end =
            memchr::memchr(b'<', rest.as_bytes()).map_or(text.len(), |next| start + 1 + next);
        named_by(&text[..tag_end], start, rules, &mut attributes, &mut paths);
    }
    paths
}

/// What the tag at `start` names: by every rule that takes any word, and by the first that takes paths only. `text` ends where the
/// next tag starts.
fn named_by(
    text: &str,
    start: usize,
    rules: &[TagRule],
    attributes: &mut Vec<Attribute>,
    paths: &mut Vec<(u32, Range<usize>)>,
) {
    let Some((Token::Open(name), end)) = html::next(text, start, attributes) else {
        return;
    };
    let name = &text[name];
    let mut has_path = false;
    for (at, rule) in (0_u32..).zip(rules).filter(|(_, rule)| *rule.tag == *name) {
        let span = match &rule.attribute {
            Some(attribute) => html::value(text, attributes, attribute),
            None if text[..end].ends_with("/>") => None,
            None => Some(end..text.len()),
        };
        let span = span.and_then(|span| trimmed(text, span, rule.any));
        if let Some(span) = span.filter(|_| rule.any || !has_path) {
            has_path |= !rule.any;
            paths.push((at, span));
        }
    }
}

/// The range without blanks around, if it is one word and, unless `any` is one, looks like a path: a `/` or an extension.
fn trimmed(text: &str, range: Range<usize>, any: bool) -> Option<Range<usize>> {
    let value = &text[range.clone()];
    let path = value.trim();
    let start = range.start + (value.len() - value.trim_start().len());
    let extension = path.rsplit_once('.').is_some_and(|(stem, end)| {
        !stem.is_empty() && !end.is_empty() && end.bytes().all(|byte| byte.is_ascii_alphanumeric())
    });
    let plausible = (any || path.contains('/') || extension || is_placeholder(path))
        && !path.is_empty()
        && path.len() <= MAX_PATH
        && !path.contains(char::is_whitespace);
    plausible.then(|| start..start + path.len())
}

/// Fences and inline code in a block of HTML, where Markdown has none but readers of prompts do. `block` is a range of `text`.
pub(crate) fn mask_code(text: &str, block: Range<usize>, masks: &mut Vec<Range<usize>>) {
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
}

/// Pairs of backticks of one line.
fn mask_spans(line: &str, offset: usize, masks: &mut Vec<Range<usize>>) {
    let mut ticks = memchr::memchr_iter(b'`', line.as_bytes());
    while let (Some(open), Some(close)) = (ticks.next(), ticks.next()) {
        masks.push(offset + open..offset + close);
    }
}
