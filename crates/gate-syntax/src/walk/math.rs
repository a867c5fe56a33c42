//! Formulas as GitHub delimits them: what looks like a link inside of one is none.

use std::ops::Range;

use super::Walk;

/// What one block has of formulas and of what they may hide.
#[derive(Debug, Default)]
pub(super) struct Math {
    /// Every `$` of its text, by offset; those of code and addresses are none.
    dollars: Vec<usize>,
    /// Links by their place in `Walk::found` and in the text.
    links: Vec<(usize, Range<usize>)>,
}

impl Walk<'_> {
    /// Takes down the `$` of a piece of text.
    pub(super) fn dollars(&mut self, range: &Range<usize>) {
        let source = self.text.get(range.clone()).unwrap_or_default();
        for at in memchr::memchr_iter(b'$', source.as_bytes()) {
            let at = range.start + at;
            // Text begins anew behind the backslash of an escape.
            let escaped = at == range.start && self.text[..at].ends_with('\\');
            if !escaped {
                self.math.dollars.push(at);
            }
        }
    }

    /// The edge that comes next may be part of a formula.
    pub(super) fn in_question(&mut self, range: &Range<usize>) {
        if self.has_math {
            self.math.links.push((self.found.len(), range.clone()));
        }
    }

    /// At the end of a block, which no formula goes beyond: takes back the links in its formulas.
    pub(super) fn settle_math(&mut self) {
        let Math { dollars, links } = std::mem::take(&mut self.math);
        let Some(&(first, _)) = links.first().filter(|_| dollars.len() > 1) else {
            return;
        };
        let formulas = formulas(self.text, &dollars);
        let hidden = links.iter().filter(|(_, link)| {
            let before = formulas.partition_point(|formula| formula.start <= link.start);
            let formula = before.checked_sub(1).and_then(|at| formulas.get(at));
            formula.is_some_and(|formula| link.end <= formula.end)
        });
        let mut hidden = hidden.map(|(place, _)| *place).peekable();
        if hidden.peek().is_none() {
            return;
        }
        for (place, found) in (first..).zip(self.found.split_off(first)) {
            if hidden.next_if_eq(&place).is_none() {
                self.found.push(found);
            }
        }
    }
}

/// `$$...$$`, and `$...$` within one line: the opening mark after a blank or bracket and before something, the closing one after
/// something and not before a letter or digit.
fn formulas(text: &str, dollars: &[usize]) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let is_double = |at: usize| dollars.get(at + 1) == Some(&(dollars[at] + 1));
    let opens = |at: usize| {
        let before = at.checked_sub(1).and_then(|at| bytes.get(at));
        before.is_none_or(|byte| byte.is_ascii_whitespace() || b"(|*-".contains(byte))
            && !bytes.get(at + 1).is_some_and(u8::is_ascii_whitespace)
    };
    let closes = |at: usize| {
        !bytes[..at].last().is_some_and(u8::is_ascii_whitespace)
            && !bytes.get(at + 1).is_some_and(u8::is_ascii_alphanumeric)
    };
    let mut formulas = Vec::new();
    let mut no_double = false;
    let mut at = 0;
    while let Some(&start) = dollars.get(at) {
        if is_double(at) {
            let mut after = at + 2..dollars.len();
            // Looked for in vain once, it is never looked for again.
            let close = (!no_double)
                .then(|| after.find(|at| is_double(*at)))
                .flatten();
            no_double = close.is_none();
            formulas.extend(close.map(|close| start..dollars[close] + 2));
            at = close.unwrap_or(at) + 2;
            continue;
        }
        let close = dollars.get(at + 1).copied().filter(|&close| {
            opens(start) && closes(close) && !bytes[start..close].contains(&b'\n')
        });
        formulas.extend(close.map(|close| start..close + 1));
        at += 1 + usize::from(close.is_some());
    }
    formulas
}
