//! Files beside the verdict: coverage in other tools' formats, a page, a badge,
//! and what the ratchet file should say next.

use crate::page;
use crate::ratchet::{Kept, raised};
use crate::settings::{BADGE, Config, HTML};
use gate_evidence::coverage::{self, Coverage, EXPORTS, Totals};
use gate_runner::{Export, Inputs, Missing};
use gate_verdict::Ratio;

/// What the policy asks for.
pub(crate) fn exports(
    inputs: &Inputs<'_>,
    coverage: &Coverage,
    totals: &Totals,
    config: &Config,
    ratchet: Option<&Result<Kept, Missing>>,
) -> Vec<Export> {
    let asked = |name: &str| config.exports.iter().any(|export| export == name);
    let mut files: Vec<Export> = EXPORTS
        .iter()
        .filter(|export| asked(export.name))
        .map(|export| Export {
            ending: export.ending,
            bytes: (export.write)(coverage).into_bytes(),
        })
        .collect();
    if asked(HTML) {
        files.push(Export {
            ending: page::ENDING,
            bytes: page::page(inputs, coverage).into_bytes(),
        });
    }
    if asked(BADGE) {
        files.push(Export {
            ending: ".badge.json",
            bytes: badge(totals.lines).into_bytes(),
        });
    }
    if let Some(kept) = ratchet {
        let kept = kept.as_ref().ok();
        files.push(Export {
            ending: ".ratchet.json",
            bytes: raised(kept, totals).into_bytes(),
        });
    }
    files
}

/// What shields.io draws from an address: cut, so that it never says more than
/// was measured, and grey where nothing was.
fn badge(lines: coverage::Ratio) -> String {
    let percent = Ratio::new(lines.covered, lines.total).percent_floor(1);
    let whole = lines.covered.saturating_mul(100).checked_div(lines.total);
    let color = match whole {
        None => "lightgrey",
        Some(90..) => "brightgreen",
        Some(75..) => "green",
        Some(60..) => "yellow",
        Some(40..) => "orange",
        Some(_) => "red",
    };
    let message = percent.map_or_else(|| String::from("unknown"), |percent| format!("{percent}%"));
    format!(
        "{{\n  \"schemaVersion\": 1,\n  \"label\": \"coverage\",\n  \"message\": \"{message}\",\n  \"color\": \"{color}\"\n}}\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_ending_is_one_that_the_next_run_removes() {
        let endings = EXPORTS.iter().map(|export| export.ending);
        for ending in endings.chain([page::ENDING, ".badge.json", ".ratchet.json"]) {
            assert!(gate_runner::out::GATE_ENDINGS.contains(&ending), "{ending}");
        }
    }

    #[test]
    fn a_badge_of_nothing_says_so() {
        assert!(badge(coverage::Ratio::default()).contains("unknown"));
    }
}
