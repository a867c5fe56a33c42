//! The ratchet: a file of figures that only rise.
//!
//! The file is part of the repository. A figure that measures lower than what
//! is kept is a violation; so is a kept figure that is lower than the base's,
//! or gone, unless the file itself says why.

use crate::settings::RatchetSetting;
use gate_evidence::coverage::{self, Totals};
use gate_runner::{Inputs, Missing};
use gate_verdict::{Code, Decimal, Ratio};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Longer files are none of ours.
const MAX_BYTES: u64 = 1024 * 1024;

/// The file as it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    schema_version: u32,
    /// Percentages by the criterion's name.
    figures: BTreeMap<String, String>,
    /// Figures that were lowered on purpose.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    lowered: Vec<Lowered>,
}

/// A figure that was lowered on purpose, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lowered {
    pub figure: String,
    pub from: String,
    pub to: String,
    pub reason: String,
}

/// What is kept, here and in the base.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    pub file: String,
    /// Percentages by figure, as written.
    pub figures: BTreeMap<String, Decimal>,
    /// Those of the base; empty where the base has no such file or there is none.
    pub base: BTreeMap<String, Decimal>,
    pub lowered: Vec<Lowered>,
    pub tolerance: Decimal,
    pub slack: Decimal,
}

/// A figure's name, and where its counts are.
pub(crate) type Figure = (&'static str, fn(&Totals) -> coverage::Ratio);

/// The figures that may be kept.
pub(crate) const FIGURES: &[Figure] = &[
    ("branch_coverage", |totals| totals.branches),
    ("function_coverage", |totals| totals.functions),
    ("line_coverage", |totals| totals.lines),
    ("region_coverage", |totals| totals.regions),
    ("statement_coverage", |totals| totals.statements),
];

/// Reads the file of the work tree and that of the base.
pub(crate) fn kept(inputs: &Inputs<'_>, setting: &RatchetSetting) -> Result<Kept, Missing> {
    let file = &setting.file;
    let bytes = inputs
        .repo
        .file(file)
        .and_then(|_| inputs.repo.read_ahead(file, MAX_BYTES));
    let Some(bytes) = bytes else {
        return Err(Missing::new(
            Code::NoEvidence,
            format!("{file}: found no such tracked file, expected the figures that only rise"),
            "commit what this run wrote as `*.ratchet.json` there",
        ));
    };
    let base = match inputs.base.commit() {
        Some(commit) => inputs.repo.blob_at(commit, file).map_err(|error| {
            Missing::new(
                Code::BaseUnreadable,
                format!("{file} of the base cannot be read: {error}"),
                "check out with enough history (fetch-depth: 0)",
            )
        })?,
        // Whether the file was lowered cannot be told without the base that should be there.
        None => match inputs.base.gap() {
            Some(gap) if gap.code == Code::BaseUnreadable => return Err(gap),
            _ => None,
        },
    };
    written(setting, &bytes, base.as_deref())
}

/// What the file says, here and in the base.
pub(crate) fn written(
    setting: &RatchetSetting,
    bytes: &[u8],
    base: Option<&[u8]>,
) -> Result<Kept, Missing> {
    let file = &setting.file;
    let document = parsed(file, bytes)?;
    // Where the base's own file is broken, nothing can be held against the one that mends it.
    let base = base.and_then(|bytes| {
        let document = parsed(file, bytes).ok()?;
        figures(file, &document).ok()
    });
    Ok(Kept {
        file: file.clone(),
        figures: figures(file, &document)?,
        base: base.unwrap_or_default(),
        lowered: document.lowered,
        tolerance: setting.tolerance,
        slack: setting.slack,
    })
}

fn parsed(file: &str, bytes: &[u8]) -> Result<Document, Missing> {
    let document: Document =
        serde_json::from_slice(bytes).map_err(|error| unreadable(file, &error.to_string()))?;
    if document.schema_version != 1 {
        let found = format!("schema_version {}, expected 1", document.schema_version);
        return Err(unreadable(file, &found));
    }
    Ok(document)
}

fn unreadable(file: &str, what: &str) -> Missing {
    Missing::new(
        Code::EvidenceUnreadable,
        format!("{file}: {what}"),
        "write it as {\"schema_version\": 1, \"figures\": {\"line_coverage\": \"84.99\"}}",
    )
}

fn figures(file: &str, document: &Document) -> Result<BTreeMap<String, Decimal>, Missing> {
    let known = |name: &str| FIGURES.iter().any(|(figure, _)| *figure == name);
    let mut figures = BTreeMap::new();
    for (name, text) in &document.figures {
        if !known(name) {
            let names: Vec<_> = FIGURES.iter().map(|(name, _)| *name).collect();
            let found = format!("found `{name}`, expected one of {}", names.join(", "));
            return Err(unreadable(file, &found));
        }
        let percent = text.parse::<Decimal>().ok();
        let percent =
            percent.filter(|percent| !percent.is_negative() && *percent <= Decimal::new(100, 0));
        let Some(percent) = percent else {
            let found = format!("{name}: found `{text}`, expected a percentage such as \"84.99\"");
            return Err(unreadable(file, &found));
        };
        figures.insert(name.clone(), percent);
    }
    Ok(figures)
}

/// What the file should say next: every figure that was measured, at its
/// highest. Without a file: all of them as they are now.
pub(crate) fn raised(kept: Option<&Kept>, totals: &Totals) -> String {
    let mut figures = BTreeMap::new();
    for (name, of) in FIGURES {
        let ratio = of(totals);
        let now = Ratio::new(ratio.covered, ratio.total).percent_floor(2);
        let before = kept.map(|kept| kept.figures.get(*name).copied());
        let next = match (before, now) {
            (None, now) => now,
            (Some(before), now) => before.map(|before| now.map_or(before, |now| now.max(before))),
        };
        if let Some(next) = next {
            figures.insert((*name).to_owned(), next.to_string());
        }
    }
    let document = Document {
        schema_version: 1,
        figures,
        lowered: Vec::new(),
    };
    let text = serde_json::to_string_pretty(&document).unwrap_or_default();
    format!("{text}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn totals(covered: u64) -> Totals {
        Totals {
            lines: coverage::Ratio {
                covered,
                total: 1000,
            },
            ..Totals::default()
        }
    }

    #[test]
    fn the_next_file_only_rises() {
        assert!(raised(None, &totals(849)).contains("\"line_coverage\": \"84.90\""));
        let kept = Kept {
            file: String::from("r.json"),
            figures: BTreeMap::from([(String::from("line_coverage"), Decimal::new(850, 1))]),
            base: BTreeMap::new(),
            lowered: Vec::new(),
            tolerance: Decimal::ZERO,
            slack: Decimal::ZERO,
        };
        assert!(raised(Some(&kept), &totals(849)).contains("\"85.0\""));
        assert!(raised(Some(&kept), &totals(851)).contains("\"85.10\""));
    }

    #[test]
    fn files_that_say_nothing_are_refused() {
        let read = |text: &str| {
            let document = parsed("r.json", text.as_bytes())?;
            figures("r.json", &document)
        };
        assert!(read("{\"schema_version\":1,\"figures\":{\"line_coverage\":\"84.99\"}}").is_ok());
        for text in [
            "",
            "{}",
            "{\"schema_version\":2,\"figures\":{}}",
            "{\"schema_version\":1,\"figures\":{\"line_coverage\":\"1e5\"}}",
            "{\"schema_version\":1,\"figures\":{\"line_coverage\":\"101\"}}",
            "{\"schema_version\":1,\"figures\":{\"lines\":\"50\"}}",
            "{\"schema_version\":1,\"figures\":{},\"more\":1}",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
