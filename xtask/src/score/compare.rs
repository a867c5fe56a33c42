//! The gate's findings beside the second implementation's, one by one.

use super::Checkout;
use super::oracle::{Expected, Oracle};
use super::ours::{self, Found};
use super::torn;
use anyhow::Result;
use std::collections::BTreeMap;
use std::path::Path;

/// The gate's rules and the oracle's kinds.
const KINDS: &[(&str, &str)] = &[
    ("broken_link", "file"),
    ("broken_anchor", "anchor"),
    ("link_case", "case"),
    ("link_above_root", "above_root"),
    ("line_out_of_range", "line"),
];

/// One comparison of one repository.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) name: String,
    pub(super) commit: String,
    /// Every page stood alone, so that every link was broken.
    pub(super) torn: bool,
    pub(super) files: u64,
    pub(super) links: u64,
    pub(super) difference: Difference,
}

impl Row {
    pub(super) fn agrees(&self) -> bool {
        self.difference.ours.is_empty() && self.difference.oracle.is_empty()
    }
}

#[derive(Debug, Default)]
pub(super) struct Difference {
    /// Kind to number of findings that both have.
    pub(super) both: BTreeMap<&'static str, u64>,
    pub(super) ours: Vec<Found>,
    pub(super) oracle: Vec<Expected>,
    /// Findings of rules that the oracle does not know.
    pub(super) other_rules: BTreeMap<String, u64>,
}

/// Compares each checkout as it is, and torn apart; prints every difference.
pub(super) fn all(binary: &Path, checkouts: &[Checkout]) -> Result<Vec<Row>> {
    let oracle = Oracle::open()?;
    let mut rows = Vec::new();
    for checkout in checkouts {
        rows.push(one(binary, &oracle, checkout, &checkout.path, false)?);
        let folder = tempfile::tempdir()?;
        torn::lay_out(&checkout.path, folder.path())?;
        rows.push(one(binary, &oracle, checkout, folder.path(), true)?);
    }
    Ok(rows)
}

fn one(
    binary: &Path,
    oracle: &Oracle,
    checkout: &Checkout,
    path: &Path,
    torn: bool,
) -> Result<Row> {
    println!(
        "comparing {}{}",
        checkout.name,
        if torn { ", torn" } else { "" }
    );
    let ours = ours::judge(
        binary,
        path,
        ["no_broken_links", "cross_references_valid"].into_iter(),
    )?;
    let answer = oracle.ask(path)?;
    if ours.files != answer.files {
        println!("  found {} files, the oracle {}", ours.files, answer.files);
    }
    let difference = compare(ours.found, answer.expected);
    for found in &difference.ours {
        println!(
            "  only ours: {}:{} {} `{}`: {}",
            found.path, found.line, found.rule, found.destination, found.message
        );
    }
    for expected in &difference.oracle {
        println!(
            "  only the oracle's: {}:{} {} `{}`",
            expected.path, expected.line, expected.kind, expected.destination
        );
    }
    Ok(Row {
        name: checkout.name.clone(),
        commit: checkout.commit.clone(),
        torn,
        files: answer.files,
        links: answer.links,
        difference,
    })
}

fn compare(ours: Vec<Found>, oracle: Vec<Expected>) -> Difference {
    let mut difference = Difference::default();
    let mut left: BTreeMap<(String, String, String), Vec<Expected>> = BTreeMap::new();
    for expected in oracle {
        let key = (
            expected.path.clone(),
            expected.kind.clone(),
            plain(&expected.destination),
        );
        left.entry(key).or_default().push(expected);
    }
    for found in ours {
        let Some((_, kind)) = KINDS.iter().find(|(rule, _)| *rule == found.rule) else {
            *difference.other_rules.entry(found.rule).or_default() += 1;
            continue;
        };
        let same = left.get_mut(&(
            found.path.clone(),
            (*kind).to_owned(),
            plain(&found.destination),
        ));
        let at = same.as_ref().and_then(|same| {
            same.iter()
                .position(|expected| (expected.line..=expected.last_line).contains(&found.line))
        });
        match same.zip(at) {
            Some((same, at)) => {
                same.remove(at);
                *difference.both.entry(*kind).or_default() += 1;
            }
            None => difference.ours.push(found),
        }
    }
    difference.oracle = left.into_values().flatten().collect();
    difference
}

/// A destination, written or rendered, with escapes of Markdown, HTML and URLs undone.
fn plain(destination: &str) -> String {
    let destination = destination.trim().replace("&amp;", "&");
    let mut bytes = Vec::with_capacity(destination.len());
    let mut rest = destination.as_bytes();
    while let Some((&byte, tail)) = rest.split_first() {
        let hex = |byte: &u8| {
            char::from(*byte)
                .to_digit(16)
                .and_then(|digit| u8::try_from(digit).ok())
        };
        rest = tail;
        match (byte, tail) {
            (b'\\', [next, ..]) if next.is_ascii_punctuation() => {}
            (b'%', [high, low, after @ ..]) if hex(high).is_some() && hex(low).is_some() => {
                bytes.push(hex(high).unwrap_or_default() << 4 | hex(low).unwrap_or_default());
                rest = after;
            }
            _ => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(line: u32, rule: &str, destination: &str) -> Found {
        Found {
            path: String::from("a.md"),
            line,
            rule: rule.to_owned(),
            criterion: String::new(),
            destination: destination.to_owned(),
            message: String::new(),
        }
    }

    fn expected(line: u32, last_line: u32, kind: &str, destination: &str) -> Expected {
        Expected {
            path: String::from("a.md"),
            line,
            last_line,
            destination: destination.to_owned(),
            kind: kind.to_owned(),
        }
    }

    #[test]
    fn a_finding_matches_one_of_the_same_kind_place_and_destination() {
        let ours = vec![
            found(1, "broken_link", r"a\_b.md"),
            found(2, "broken_link", "x.md"),
            found(2, "broken_link", "x.md"),
            found(9, "broken_anchor", "#é"),
            found(5, "broken_link", "case.md"),
            found(1, "missing_module", "b.md"),
        ];
        let oracle = vec![
            expected(1, 1, "file", "a_b.md"),
            expected(2, 2, "file", "x.md"),
            expected(7, 9, "anchor", "#%C3%A9"),
            expected(5, 5, "case", "case.md"),
        ];
        let difference = compare(ours, oracle);
        assert_eq!(
            difference.both,
            BTreeMap::from([("file", 2), ("anchor", 1)])
        );
        let ours: Vec<_> = difference.ours.iter().map(|found| found.line).collect();
        assert_eq!(ours, [2, 5], "one is left of two, and the kind counts");
        assert_eq!(difference.oracle.len(), 1);
        assert_eq!(difference.other_rules.get("missing_module"), Some(&1));
    }
}
