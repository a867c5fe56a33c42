//! Byte offsets to lines and columns.

/// Turns ascending byte offsets of one text into positions; one pass over the text however many are asked.
#[derive(Debug)]
pub(crate) struct Locator<'t> {
    text: &'t str,
    offset: usize,
    line: u32,
    column: u32,
}

impl<'t> Locator<'t> {
    /// The text starts on `first_line` (1-based).
    pub(crate) fn new(text: &'t str, first_line: u32) -> Self {
        Self {
            text,
            offset: 0,
            line: first_line,
            column: 1,
        }
    }

    /// The line of `offset`, on the same condition.
    pub(crate) fn line(&mut self, offset: usize) -> u32 {
        let bytes = self.text.as_bytes();
        let offset = offset.clamp(self.offset, bytes.len());
        let breaks = memchr::memchr_iter(b'\n', &bytes[self.offset..offset]).count();
        self.line = self.line.saturating_add(saturate(breaks));
        self.offset = offset;
        self.line
    }

    /// Line and column of `offset`, which is not smaller than the one asked before; a smaller one is taken for that.
    pub(crate) fn position(&mut self, offset: usize) -> (u32, u32) {
        let bytes = self.text.as_bytes();
        let offset = offset.clamp(self.offset, bytes.len());
        let passed = &bytes[self.offset..offset];
        let breaks = memchr::memchr_iter(b'\n', passed).count();
        if breaks > 0 {
            self.line = self.line.saturating_add(saturate(breaks));
            self.column = 1;
        }
        let last = memchr::memrchr(b'\n', passed).map_or(passed, |at| &passed[at + 1..]);
        self.column = self.column.saturating_add(characters(last));
        self.offset = offset;
        (self.line, self.column)
    }
}

/// Number of characters in the first line of `text`.
pub(crate) fn first_line_width(text: &str) -> u32 {
    let bytes = text.as_bytes();
    let end = memchr::memchr2(b'\n', b'\r', bytes).unwrap_or(bytes.len());
    characters(&bytes[..end])
}

/// Number of lines of a text; a last line without line end counts.
pub(crate) fn count_lines(text: &str) -> u32 {
    let breaks = memchr::memchr_iter(b'\n', text.as_bytes()).count();
    let open = !text.is_empty() && !text.ends_with('\n');
    saturate(breaks + usize::from(open))
}

/// Bytes that start a character.
fn characters(utf8: &[u8]) -> u32 {
    saturate(utf8.iter().filter(|&&byte| byte & 0xc0 != 0x80).count())
}

pub(crate) fn saturate(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_characters_and_lines() {
        let text = "añ🚀x\r\n\ty\nz";
        let mut locator = Locator::new(text, 3);
        let at: Vec<_> = ["x", "y", "z"]
            .iter()
            .map(|needle| locator.position(text.find(needle).unwrap()))
            .collect();
        assert_eq!(at, [(3, 4), (4, 2), (5, 1)]);
        assert_eq!(locator.position(text.len()), (5, 2));
        assert_eq!(
            [
                count_lines(""),
                count_lines("a"),
                count_lines("a\n"),
                count_lines(text)
            ],
            [0, 1, 1, 3]
        );
    }
}
