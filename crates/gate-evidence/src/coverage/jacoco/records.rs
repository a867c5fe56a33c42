//! Lines and counters, which make up most of a report.

use super::Place;
use crate::coverage::draft::{Draft, FileDraft};
use crate::coverage::number::{digits, line_of};
use crate::error::{ReportError, excerpt};
use crate::xml::{Element, Xml};

/// A line as `JaCoCo` itself writes it, to the end of the tag.
const LINE: [&str; 5] = [
    "<line nr=\"",
    "\" mi=\"",
    "\" ci=\"",
    "\" mb=\"",
    "\" cb=\"",
];

const METHOD: [&str; 2] = ["<counter type=\"METHOD\" missed=\"", "\" covered=\""];

/// Counters that nothing is read of.
const OTHERS: [[&str; 2]; 5] = [
    ["<counter type=\"INSTRUCTION\" missed=\"", "\" covered=\""],
    ["<counter type=\"LINE\" missed=\"", "\" covered=\""],
    ["<counter type=\"COMPLEXITY\" missed=\"", "\" covered=\""],
    ["<counter type=\"BRANCH\" missed=\"", "\" covered=\""],
    ["<counter type=\"CLASS\" missed=\"", "\" covered=\""],
];

const CLOSE: &str = "\"/>";

impl Place {
    /// Reads what comes next as long as it is as `JaCoCo` writes it, and below the limit on records.
    pub(super) fn read_plain(&mut self, xml: &mut Xml<'_>, coverage: &mut Draft, most: u64) {
        while coverage.records < most {
            if let Some(file) = self.file()
                && let Some([line, counts @ ..]) = xml.numbers(&LINE, CLOSE)
            {
                count(line, counts, file, &mut coverage.records);
            } else if let Some([_, covered]) = xml.numbers(&METHOD, CLOSE) {
                self.count_method(covered.into(), coverage);
            } else if !OTHERS
                .iter()
                .any(|counter| xml.numbers(counter, CLOSE).is_some())
            {
                return;
            }
        }
    }

    /// A method's own METHOD counter says whether it ran.
    pub(super) fn read_counter(
        &mut self,
        element: &Element<'_>,
        coverage: &mut Draft,
    ) -> Result<(), ReportError> {
        if self.class.is_none() || self.method.is_none() {
            return Ok(());
        }
        let [kind] = element.attributes(["type"])?;
        if kind.as_deref() != Some("METHOD") {
            return Ok(());
        }
        let [covered] = element.attributes(["covered"])?;
        let covered = covered.as_deref().and_then(digits).unwrap_or(0);
        self.count_method(covered, coverage);
        Ok(())
    }

    fn count_method(&mut self, covered: u64, coverage: &mut Draft) {
        if let Some((file, _)) = self.class
            && let Some(method) = self.method.take()
        {
            coverage.records += 1;
            let most = self.drafts[file].functions.entry(method);
            *most = covered.min(1).max(*most);
        }
    }
}

/// `nr`, missed and covered instructions and branches. There are no hit counts: covered is 1.
pub(super) fn read_line(
    element: &Element<'_>,
    file: Option<&mut FileDraft>,
    records: &mut u64,
) -> Result<Result<(), String>, ReportError> {
    let [number, missed, covered, missed_branches, covered_branches] =
        element.attributes(["nr", "mi", "ci", "mb", "cb"])?;
    let Some(file) = file else {
        return Ok(Err("a line outside of a source file".into()));
    };
    let line = match line_of(number.as_deref()) {
        Ok(Some(line)) => line,
        Ok(None) => return Ok(Ok(())),
        Err(why) => return Ok(Err(why)),
    };
    // an attribute may be missing where it is zero
    let mut counts = [0_u32; 4];
    for (count, text) in counts
        .iter_mut()
        .zip([missed, covered, missed_branches, covered_branches])
    {
        let Some(text) = text else { continue };
        match digits(&text).and_then(|number| u32::try_from(number).ok()) {
            Some(number) => *count = number,
            None => return Ok(Err(format!("count {}", excerpt(&text)))),
        }
    }
    count(line, counts, file, records);
    Ok(Ok(()))
}

fn count(line: u32, counts: [u32; 4], file: &mut FileDraft, records: &mut u64) {
    let [missed, covered, missed_branches, covered_branches] = counts;
    if line == 0 || missed == 0 && covered == 0 {
        return; // no instruction: not a measured line
    }
    *records += 1;
    file.raise_line(line, u64::from(covered > 0));
    let total = missed_branches.saturating_add(covered_branches);
    if total > 0 {
        file.raise_fraction(line, covered_branches, total);
    }
}
