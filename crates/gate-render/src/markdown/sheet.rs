//! A sheet of so many bytes. Blocks go on it whole or not at all: a block cut
//! in the middle could turn what was escaped into markup again.

use super::cell;
use crate::order::State;
use crate::{escape, words};
use gate_verdict::{Finding, Level};

pub(super) const FINDINGS_HEAD: &str = "| Level | Place | Message | Rule |\n|:--|:--|:--|:--|\n";

/// Text under construction that never passes its budget.
pub(super) struct Sheet {
    text: String,
    budget: usize,
}

impl Sheet {
    pub(super) const fn new(budget: usize) -> Self {
        Self {
            text: String::new(),
            budget,
        }
    }

    /// Appends a block if it fits.
    pub(super) fn push(&mut self, block: &str) -> bool {
        let fits = block.len() <= self.budget - self.text.len();
        if fits {
            self.text.push_str(block);
        }
        fits
    }

    /// Appends `head` and as many rows as fit below `limit` bytes of the whole
    /// sheet, then how many of `total` were left out and the file that has them.
    pub(super) fn rows(
        &mut self,
        head: &str,
        rows: &[String],
        file: &str,
        total: u64,
        limit: usize,
    ) {
        let left_out = |shown: usize| {
            let left = total.saturating_sub(shown as u64);
            if left == 0 {
                String::new()
            } else {
                let file = escape::markdown_code(file);
                format!(
                    "\n{} more not shown here, see {file}.\n",
                    words::count(left)
                )
            }
        };
        if total == 0 {
            return;
        }
        let limit = limit.min(self.budget);
        let whole = head.len() + rows.iter().map(String::len).sum::<usize>();
        let rest = if rows.len() as u64 >= total && whole <= limit.saturating_sub(self.text.len()) {
            0
        } else {
            left_out(0).len()
        };
        let mut room = limit.saturating_sub(self.text.len() + rest);
        let first = rows.first().map_or(0, String::len);
        let mut shown = 0;
        if head.len() + first <= room && !rows.is_empty() {
            self.text.push_str(head);
            room -= head.len();
            for row in rows {
                if row.len() > room {
                    break;
                }
                room -= row.len();
                self.text.push_str(row);
                shown += 1;
            }
        }
        self.push(&left_out(shown));
    }

    pub(super) fn into_text(self) -> String {
        self.text
    }
}

/// One row per finding; with the gate in front where several meet.
pub(super) fn findings_rows<'a>(
    findings: impl Iterator<Item = (Option<&'a str>, State, &'a Finding)>,
) -> Vec<String> {
    findings
        .map(|(gate, state, finding)| {
            let gate = gate
                .map(|gate| format!("| {} ", escape::markdown_code(gate)))
                .unwrap_or_default();
            let level = match finding.level {
                Level::Error => "❌ error",
                Level::Warning => "⚠️ warning",
                Level::Note => "➖ note",
            };
            let state = state
                .word()
                .map(|word| format!(" ({word})"))
                .unwrap_or_default();
            let place = finding.location.as_ref().map_or_else(
                || String::from("-"),
                |l| escape::markdown_code(&words::place(l)),
            );
            let fix = finding
                .fix
                .as_deref()
                .map(|fix| format!(" **Fix:** {}", cell(fix)))
                .unwrap_or_default();
            format!(
                "{gate}| {level}{state} | {place} | {}{fix} | {} |\n",
                cell(&finding.message),
                escape::markdown_code(&finding.rule)
            )
        })
        .collect()
}
