//! Text and inline code: what stands bare in them.

use std::ops::Range;

use super::Walk;
use crate::EdgeKind;
use crate::bare::{self, Place};

impl Walk<'_> {
    pub(super) fn inline_code(&mut self, code: &str, range: Range<usize>) {
        let source = self.text.get(range.clone()).unwrap_or_default();
        let start = range.start + source.find(code).unwrap_or_default();
        let span = start..start + code.len();
        let name = self.options.names.then(|| bare::name_in_code(code));
        if let Some(name) = name.flatten() {
            let span = start + name.start..start + name.end;
            self.add(EdgeKind::Name, 0, span, &code[name.clone()], &code[name]);
        } else if self.options.code_paths && bare::is_code_path(code) {
            self.add(EdgeKind::CodePath, 0, span, code, code);
        }
        self.hide(range);
    }

    /// Text as the parser gives it: entities decoded, at `range` of the source.
    pub(super) fn plain(&mut self, text: &str, range: &Range<usize>) {
        if self.in_code {
            return;
        }
        if self.has_math {
            self.dollars(range);
        }
        self.push_heading_text(text);
        if !self.links.is_empty() || self.literal_depth > 0 {
            return;
        }
        let place = Place {
            in_table: self.in_table,
            imports: self.options.imports,
        };
        let source = self.text;
        while let Some((kind, span)) = self.candidates.next(source, range, place) {
            let written = &source[span.clone()];
            match kind {
                // A backslash keeps a blank in the path.
                EdgeKind::Import => {
                    self.add(kind, 0, span, written, &written.replace("\\ ", " "));
                }
                _ => self.add(kind, 0, span, written, written),
            }
        }
    }
}
