//! The coverage gate against the programs of the field: the same made-up reports
//! and the same change are given to both, and the counts have to be the same.

mod oracles;
mod project;

use super::Outcome;
use crate::workspace::cargo;
use anyhow::{Context as _, Result, ensure};
use project::Project;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;

/// Covered and all, by criterion.
type Counts = BTreeMap<&'static str, (u64, u64)>;

/// One program, and what it says of a project.
struct Oracle {
    name: &'static str,
    /// `None`: it cannot be had on this machine. The reason has been printed.
    counts: fn(&Project) -> Result<Option<Counts>>,
}

static ORACLES: &[Oracle] = &[
    Oracle {
        name: oracles::DIFF_COVER,
        counts: oracles::diff_cover,
    },
    Oracle {
        name: oracles::GCOVR,
        counts: oracles::gcovr,
    },
    Oracle {
        name: "lcov",
        counts: oracles::lcov,
    },
    Oracle {
        name: "go tool cover",
        counts: oracles::go,
    },
];

pub(super) fn check() -> Result<Outcome> {
    let project = project::lay_out()?;
    let ours = judged(&project)?;
    let (mut differing, mut missing) = (false, false);
    for oracle in ORACLES {
        let Some(theirs) = (oracle.counts)(&project)? else {
            println!("   {}: NOT CHECKED", oracle.name);
            missing = true;
            continue;
        };
        ensure!(!theirs.is_empty(), "{}: said nothing", oracle.name);
        for (criterion, theirs) in theirs {
            let ours = ours.get(criterion);
            let same = ours == Some(&theirs);
            differing |= !same;
            println!(
                "   {}: {criterion} {} of {}{}",
                oracle.name,
                theirs.0,
                theirs.1,
                if same {
                    String::new()
                } else {
                    format!(", and we say {ours:?}")
                }
            );
        }
    }
    Ok(match (differing, missing) {
        (true, _) => Outcome::Wrong,
        (false, true) => {
            Outcome::Skipped("not every tool to compare with can be had here, see above")
        }
        (false, false) => Outcome::Well,
    })
}

/// What our gate counts, and the exports it leaves in `out`.
fn judged(project: &Project) -> Result<BTreeMap<String, (u64, u64)>> {
    let output = cargo()
        .args([
            "run",
            "--quiet",
            "--locked",
            "--package",
            "gatewright",
            "--",
        ])
        .args([
            "coverage",
            "--fail-on",
            "never",
            "--base",
            "HEAD~1",
            "--root",
        ])
        .arg(project.root())
        .arg("--out")
        .arg(project.out())
        .output()?;
    ensure!(
        output.status.success(),
        "gatewright coverage ended with {}:\n{}{}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    let mut counts = BTreeMap::new();
    for gate in ["coverage", "coverage-go"] {
        let path = project.out().join(format!("{gate}.verdict.json"));
        let text = fs::read(&path).with_context(|| path.display().to_string())?;
        let verdict: Value = serde_json::from_slice(&text)?;
        for criterion in verdict["criteria"].as_array().into_iter().flatten() {
            let number = |key: &str| criterion["observed"][key].as_u64();
            let id = criterion["id"].as_str().unwrap_or_default();
            let of = number("numerator").zip(number("denominator"));
            counts.insert(
                id.to_owned(),
                of.with_context(|| format!("{gate}: {criterion}"))?,
            );
        }
    }
    Ok(counts)
}
