//! Cobertura XML, which many servers read. A package is a folder, a class a file.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::super::model::{Coverage, FileCoverage, Ratio, Totals};

pub(super) fn write(coverage: &Coverage) -> String {
    let mut packages: BTreeMap<&str, Vec<(&str, &FileCoverage)>> = BTreeMap::new();
    for (path, file) in &coverage.files {
        let folder = path.rsplit_once('/').map_or(".", |(folder, _)| folder);
        packages.entry(folder).or_default().push((path, file));
    }
    let totals = coverage.totals();
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ = writeln!(
        text,
        "<coverage {} lines-covered=\"{}\" lines-valid=\"{}\" branches-covered=\"{}\" branches-valid=\"{}\" complexity=\"0\" version=\"1\" timestamp=\"0\">",
        rates(&totals),
        totals.lines.covered,
        totals.lines.total,
        totals.branches.covered,
        totals.branches.total,
    );
    text.push_str("  <sources>\n    <source>.</source>\n  </sources>\n  <packages>\n");
    for (folder, files) in packages {
        let mut sum = Totals::default();
        for (_, file) in &files {
            sum.add(file.totals());
        }
        let name = escaped(folder);
        let _ = writeln!(
            text,
            "    <package name=\"{name}\" {} complexity=\"0\">",
            rates(&sum)
        );
        text.push_str("      <classes>\n");
        for (path, file) in files {
            class(&mut text, path, file);
        }
        text.push_str("      </classes>\n    </package>\n");
    }
    text.push_str("  </packages>\n</coverage>\n");
    text
}

fn class(text: &mut String, path: &str, file: &FileCoverage) {
    let name = path.rsplit('/').next().unwrap_or(path);
    let _ = writeln!(
        text,
        "        <class name=\"{}\" filename=\"{}\" {} complexity=\"0\">",
        escaped(name),
        escaped(path),
        rates(&file.totals())
    );
    text.push_str("          <methods>\n");
    for (function, calls) in &file.functions {
        let _ = writeln!(
            text,
            "            <method name=\"{}\" signature=\"\" hits=\"{calls}\"><lines><line number=\"{}\" hits=\"{calls}\"/></lines></method>",
            escaped(&function.name),
            function.line
        );
    }
    text.push_str("          </methods>\n          <lines>\n");
    let branches: BTreeMap<u32, Ratio> = file.branch_lines().collect();
    for (line, hits) in &file.lines {
        let _ = match branches.get(line) {
            Some(ratio) => writeln!(
                text,
                "            <line number=\"{line}\" hits=\"{hits}\" branch=\"true\" condition-coverage=\"{}% ({}/{})\"/>",
                ratio.covered * 100 / ratio.total.max(1),
                ratio.covered,
                ratio.total
            ),
            None => writeln!(
                text,
                "            <line number=\"{line}\" hits=\"{hits}\"/>"
            ),
        };
    }
    text.push_str("          </lines>\n        </class>\n");
}

fn rates(totals: &Totals) -> String {
    format!(
        "line-rate=\"{}\" branch-rate=\"{}\"",
        rate(totals.lines),
        rate(totals.branches)
    )
}

/// Four decimals, cut: a rate never says 1 where anything is uncovered.
fn rate(ratio: Ratio) -> String {
    let cut = u128::from(ratio.covered) * 10_000;
    let cut = cut.checked_div(u128::from(ratio.total)).unwrap_or(0);
    format!("{}.{:04}", cut / 10_000, cut % 10_000)
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // what XML has no way to write
            control if control.is_control() => out.push('\u{fffd}'),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::super::{Coverage, format, parse};
    use super::*;
    use crate::Limits;

    fn read(name: &str, text: &str) -> Coverage {
        let format = format(name).expect("a known format");
        parse(format, &mut text.as_bytes(), Limits::default()).expect("a report")
    }

    #[test]
    fn totals_survive() {
        let coverage = read(
            "lcov",
            "SF:a&<b>/c\".js\nFN:1,f\nFNDA:2,f\nBRDA:1,0,0,1\nBRDA:1,0,1,-\nDA:1,2\nDA:2,0\nDA:3,18\nend_of_record\n",
        );
        let again = read("cobertura", &write(&coverage));
        assert_eq!(again.totals().lines, coverage.totals().lines);
        assert_eq!(again.totals().branches, coverage.totals().branches);
        assert_eq!(again.totals().functions, coverage.totals().functions);
        assert_eq!(
            again.files.keys().collect::<Vec<_>>(),
            coverage.files.keys().collect::<Vec<_>>()
        );
    }

    #[test]
    fn rates_are_cut() {
        let ratio = |covered, total| Ratio { covered, total };
        assert_eq!(rate(ratio(99_999, 100_000)), "0.9999");
        assert_eq!(rate(ratio(1, 1)), "1.0000");
        assert_eq!(rate(ratio(0, 0)), "0.0000");
    }
}
