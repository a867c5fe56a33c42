//! Coverage as a page: what of each file ran, and its source where it is readable.

use gate_evidence::coverage::{self, Coverage, FileCoverage};
use gate_repo::FileChange;
use gate_runner::Inputs;
use gate_runner::voice::{Covered, CoveredFile, Line, Source, coverage_html};
use gate_verdict::Ratio;
use std::collections::BTreeMap;

/// What the page's file ends in.
pub(crate) const ENDING: &str = ".html";

/// Larger files are no source that people read.
const MAX_SOURCE: usize = 1 << 20;

pub(crate) fn page(inputs: &Inputs<'_>, coverage: &Coverage) -> String {
    let changes = inputs.changed_lines().ok();
    let added: BTreeMap<&str, &FileChange> = changes
        .into_iter()
        .flatten()
        .filter(|change| !change.added_lines.is_empty())
        .map(|change| (change.path.as_str(), change))
        .collect();
    let covered = Covered {
        gate: &inputs.gate.key,
        subject: inputs.subject,
        has_base: changes.is_some(),
        files: coverage
            .files
            .iter()
            .map(|(path, file)| {
                let totals = file.totals();
                CoveredFile {
                    path,
                    lines: ratio(totals.lines),
                    branches: ratio(totals.branches),
                    functions: ratio(totals.functions),
                    is_changed: added.contains_key(path.as_str()),
                }
            })
            .collect(),
    };
    coverage_html(&covered, &mut |path| Source {
        text: text(inputs, path),
        lines: coverage.files.get(path).map(lines).unwrap_or_default(),
        changed: added
            .get(path)
            .map(|change| change.added_lines.clone())
            .unwrap_or_default(),
    })
}

fn ratio(counted: coverage::Ratio) -> Ratio {
    Ratio::new(counted.covered, counted.total)
}

/// The source as it is in the work tree, which the reports are about.
fn text(inputs: &Inputs<'_>, path: &str) -> Result<String, String> {
    let bytes = inputs
        .repo
        .contents(path)
        .ok_or("it cannot be read in the work tree")?;
    if bytes.len() > MAX_SOURCE {
        return Err(format!("it is larger than {} MiB", MAX_SOURCE >> 20));
    }
    if bytes.contains(&0) {
        return Err(String::from("it is no text"));
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Measured lines, and those of which only branches are known.
fn lines(file: &FileCoverage) -> Vec<Line> {
    let mut branches = file.branch_lines().peekable();
    let mut hits = file.lines.iter().peekable();
    std::iter::from_fn(|| {
        let first = hits.peek().map(|(line, _)| **line);
        let second = branches.peek().map(|(line, _)| *line);
        let number = first.into_iter().chain(second).min()?;
        Some(Line {
            number,
            hits: hits
                .next_if(|(line, _)| **line == number)
                .map(|(_, &hits)| hits),
            branches: branches
                .next_if(|(line, _)| *line == number)
                .map(|(_, on_line)| ratio(on_line)),
        })
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use gate_evidence::Limits;

    #[test]
    fn lines_and_branches_are_one_list() {
        let text =
            "SF:a\nDA:1,0\nDA:3,7\nBRDA:2,0,0,1\nBRDA:3,0,0,1\nBRDA:3,0,1,0\nend_of_record\n";
        let lcov = coverage::format("lcov").expect("a known format");
        let coverage = coverage::parse(lcov, &mut text.as_bytes(), Limits::default());
        let lines = lines(&coverage.expect("a report").files["a"]);
        let shown = lines
            .iter()
            .map(|line| (line.number, line.hits, line.branches));
        let branches = |taken, all| Some(Ratio::new(taken, all));
        assert_eq!(
            shown.collect::<Vec<_>>(),
            [
                (1, Some(0), None),
                (2, None, branches(1, 1)),
                (3, Some(7), branches(1, 2))
            ]
        );
    }
}
