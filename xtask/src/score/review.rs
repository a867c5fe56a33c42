//! The reviewed sample: one line a finding, with what a person said of it. Facts only.

use super::Checkout;
use super::ours::Found;
use anyhow::{Context as _, Result, bail};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

const HEAD: &str = "repository\tcommit\tpath\tline\trule\tdestination\tverdict\twhy";

/// One drawn finding. Its key is everything but verdict and reason.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Row {
    pub(super) repository: String,
    pub(super) commit: String,
    pub(super) path: String,
    pub(super) line: u32,
    pub(super) rule: String,
    pub(super) destination: String,
    pub(super) verdict: Option<Opinion>,
    pub(super) why: String,
}

/// What a person who looked at the file said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Opinion {
    /// A defect, as the finding says.
    True,
    /// No defect.
    False,
    /// As the rule says, and still nothing that its author would mend.
    Debatable,
}

impl Opinion {
    const ALL: &[(Self, &str)] = &[
        (Self::True, "true"),
        (Self::False, "false"),
        (Self::Debatable, "debatable"),
    ];

    fn name(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(one, _)| *one == self)
            .map_or("", |(_, name)| name)
    }
}

impl Row {
    pub(super) fn new(checkout: &Checkout, found: Found) -> Self {
        Self {
            repository: checkout.name.clone(),
            commit: checkout.commit.clone(),
            path: found.path,
            line: found.line,
            rule: found.rule,
            destination: one_line(&found.destination),
            verdict: None,
            why: String::new(),
        }
    }

    pub(super) fn key(&self) -> String {
        format!(
            "{}\t{}\t{}\t{}\t{}\t{}",
            self.repository, self.commit, self.path, self.line, self.rule, self.destination
        )
    }
}

/// A tab would be a column; long texts are cut, for they may be another's words.
fn one_line(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(200)
        .collect::<String>()
        .trim()
        .to_owned()
}

/// Earlier verdicts to the findings they were about.
pub(super) fn join(drawn: Vec<Row>, reviewed: Vec<Row>) -> Vec<Row> {
    let reviewed: BTreeMap<String, Row> =
        reviewed.into_iter().map(|row| (row.key(), row)).collect();
    drawn
        .into_iter()
        .map(|row| match reviewed.get(&row.key()) {
            Some(earlier) => Row {
                verdict: earlier.verdict,
                why: earlier.why.clone(),
                ..row
            },
            None => row,
        })
        .collect()
}

/// The rows of a file; none where there is no file.
pub(super) fn read(path: &Path) -> Result<Vec<Row>> {
    if !path.is_file() {
        return Ok(Vec::new());
    }
    parse(&fs::read_to_string(path)?).with_context(|| path.display().to_string())
}

fn parse(text: &str) -> Result<Vec<Row>> {
    let mut lines = text.lines();
    if lines.next() != Some(HEAD) {
        bail!("line 1: expected `{}`", HEAD.replace('\t', " "));
    }
    lines
        .enumerate()
        .map(|(index, line)| row(line).with_context(|| format!("line {}", index + 2)))
        .collect()
}

fn row(line: &str) -> Result<Row> {
    let fields: Vec<&str> = line.split('\t').collect();
    let &[
        repository,
        commit,
        path,
        number,
        rule,
        destination,
        verdict,
        why,
    ] = fields.as_slice()
    else {
        bail!("found {} columns, expected 8", fields.len());
    };
    let opinion = Opinion::ALL
        .iter()
        .find(|(_, name)| *name == verdict)
        .map(|(one, _)| *one);
    if opinion.is_none() && !verdict.is_empty() {
        bail!("found the verdict `{verdict}`, expected `true`, `false`, `debatable` or nothing");
    }
    Ok(Row {
        repository: repository.to_owned(),
        commit: commit.to_owned(),
        path: path.to_owned(),
        line: number
            .parse()
            .with_context(|| format!("found `{number}`, expected a line"))?,
        rule: rule.to_owned(),
        destination: destination.to_owned(),
        verdict: opinion,
        why: why.to_owned(),
    })
}

pub(super) fn write(path: &Path, rows: &[Row]) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut text = format!("{HEAD}\n");
    for row in rows {
        let verdict = row.verdict.map_or("", Opinion::name);
        let _ = writeln!(text, "{}\t{verdict}\t{}", row.key(), one_line(&row.why));
    }
    fs::write(path, text).with_context(|| path.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_review_outlives_another_draw() {
        let line = "r\tc\ta.md\t3\tbroken_link\tx.md\ttrue\tno such file";
        let reviewed = parse(&format!("{HEAD}\n{line}\n")).expect("a table");
        let drawn = |line| Row {
            line,
            verdict: None,
            why: String::new(),
            ..reviewed[0].clone()
        };
        let joined = join(vec![drawn(3), drawn(4)], reviewed.clone());
        assert_eq!(joined[0], reviewed[0]);
        assert_eq!(joined[1].verdict, None, "another line is another finding");
    }

    #[test]
    fn a_table_that_is_wrong_says_where() {
        let wrong = |line: &str| {
            format!(
                "{:#}",
                parse(&format!("{HEAD}\n{line}\n")).expect_err("an error")
            )
        };
        assert!(wrong("a\tb").starts_with("line 2: found 2 columns"));
        assert!(wrong("r\tc\tp\tx\tr\td\t\t").contains("expected a line"));
        assert!(wrong("r\tc\tp\t1\tr\td\tmaybe\t").contains("`maybe`"));
    }
}
