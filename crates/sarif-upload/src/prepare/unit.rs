//! A run that is written.

use crate::category::renamed;
use crate::limits::Problem;
use gate_sarif::stream::Hollow;
use gate_sarif::text::{Pointer, locate};

/// Files that anybody would want to upload for one run.
const MAX_PARTS: usize = 1_024;
const _: () = assert!(
    MAX_PARTS <= 1 << u16::BITS,
    "a key of 16 bits chooses among them"
);

/// A run that is written: whole, or as several.
#[derive(Debug)]
pub(super) struct Unit {
    /// Where its results come from: files and runs of them.
    pub(super) inputs: Vec<(usize, usize)>,
    pub(super) tool: String,
    /// The run without results, once for each part, with the category of that part.
    pub(super) parts: Vec<UnitPart>,
    pub(super) results: u64,
    /// It has a file of its own.
    pub(super) alone: bool,
}

#[derive(Debug)]
pub(super) struct UnitPart {
    pub(super) hollow: Hollow,
    pub(super) category: String,
}

impl Unit {
    /// Makes it several: at least so many.
    pub(super) fn split(&mut self, least: u64) -> Result<(), Problem> {
        let count = usize::try_from(least)
            .ok()
            .and_then(usize::checked_next_power_of_two);
        let count = count.filter(|count| *count <= MAX_PARTS).ok_or_else(|| {
            Problem::new(
                format!(
                    "{} results of {} need more than {MAX_PARTS} files",
                    self.results, self.tool
                ),
                "leave results of low severity out with `sarif-upload filter`",
            )
        })?;
        let Some(first) = self.parts.first() else {
            return Ok(());
        };
        let base = first
            .category
            .strip_suffix("-part-1")
            .filter(|_| self.parts.len() > 1);
        let base = base.unwrap_or(&first.category);
        let parts = (1..=count).map(|part| {
            let category = format!("{base}-part-{part}");
            let text = renamed(&first.hollow.text, &category)
                .map_err(|reason| Problem::new(reason, "write `automationDetails` as an object"))?;
            let results = locate(&text, &Pointer::root().at("results"));
            Ok(UnitPart {
                hollow: Hollow {
                    slot: results.map(|found| found.value.start + 1),
                    text,
                },
                category,
            })
        });
        self.parts = parts.collect::<Result<_, Problem>>()?;
        Ok(())
    }
}
