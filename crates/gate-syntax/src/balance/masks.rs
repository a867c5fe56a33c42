//! Code, as someone who reads the file as plain text sees it.

use std::ops::Range;

/// Longest runs of backticks that are told apart; inline code with more is no code here.
const MAX_RUN: usize = 32;

/// Byte ranges of fenced blocks and inline code, ascending, for [`super::unbalanced`].
///
/// Fences are read line by line, whatever stands around them: after `<example>` a Markdown parser sees HTML up to the next blank line,
/// and the fence's end then begins another. Who reads the file as a prompt sees a fence. A fence that is never closed hides nothing: else all
/// tags that are open before it would seem to be, too.
pub fn code_masks(text: &str) -> Vec<Range<usize>> {
    let mut masks = Vec::new();
    let mut fence: Option<(usize, Mark<'_>)> = None;
    let mut paragraph = 0..0;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let end = at + line.len();
        let mark = fence_mark(line);
        match (fence, mark) {
            (None, Some(mark)) if !(mark.run.starts_with('`') && mark.rest.contains('`')) => {
                inline_code(text, paragraph, &mut masks);
                fence = Some((at, mark));
                paragraph = end..end;
            }
            (Some((start, open)), Some(mark)) if mark.ends(&open) => {
                masks.push(start..end);
                fence = None;
                paragraph = end..end;
            }
            (None, _) if line.trim().is_empty() => {
                inline_code(text, paragraph, &mut masks);
                paragraph = end..end;
            }
            (None, _) => paragraph.end = end,
            (Some(_), _) => {}
        }
        at = end;
    }
    if fence.is_none() {
        inline_code(text, paragraph, &mut masks);
    }
    masks
}

/// A line that begins or ends a fence.
#[derive(Debug, Clone, Copy)]
struct Mark<'t> {
    /// Bytes before the run.
    indent: usize,
    /// Three or more backticks or tildes.
    run: &'t str,
    rest: &'t str,
}

impl Mark<'_> {
    /// `CommonMark` lets the end of a fence be indented by three more, else it is a part of what is inside.
    fn ends(&self, open: &Self) -> bool {
        self.run.starts_with(open.run)
            && self.rest.trim().is_empty()
            && self.indent <= open.indent + 3
    }
}

/// Marks of quotes and lists may come before.
fn fence_mark(line: &str) -> Option<Mark<'_>> {
    let mut rest = line.trim_start_matches([' ', '\t', '>']);
    for bullet in ["- ", "* ", "+ "] {
        rest = rest
            .strip_prefix(bullet)
            .map_or(rest, |rest| rest.trim_start_matches([' ', '\t', '>']));
    }
    let mark = rest.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let length = rest.len() - rest.trim_start_matches(mark).len();
    let indent = line.len() - rest.len();
    let (run, rest) = rest.split_at(length);
    (length >= 3).then_some(Mark { indent, run, rest })
}

/// A run of backticks closes with the next run of the same length in the paragraph.
fn inline_code(text: &str, paragraph: Range<usize>, masks: &mut Vec<Range<usize>>) {
    let bytes = text.as_bytes().get(paragraph.clone()).unwrap_or_default();
    // The runs, backwards, so that each finds its end in one step.
    let mut next = [None; MAX_RUN + 1];
    let mut runs = Vec::new();
    let mut ticks = memchr::memrchr_iter(b'`', bytes).peekable();
    while let Some(last) = ticks.next() {
        let mut first = last;
        while let Some(before) = ticks.next_if(|&before| before + 1 == first) {
            first = before;
        }
        let length = last + 1 - first;
        let slot = next.get_mut(length);
        let close = slot.and_then(|slot| slot.replace(last + 1));
        runs.push((first, close));
    }
    let mut done = 0;
    for (first, close) in runs.into_iter().rev() {
        let escaped = first > 0 && bytes.get(first - 1) == Some(&b'\\');
        if let Some(close) = close
            && first >= done
            && !escaped
        {
            masks.push(paragraph.start + first..paragraph.start + close);
            done = close;
        }
    }
}
