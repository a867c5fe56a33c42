//! What holds for every file.

use proptest::prelude::*;

use crate::{Markdown, Options, parse, parse_with};

/// Cheap constructs, many times: what is quadratic here would take minutes.
#[test]
fn time_stays_linear() {
    let units = [
        "<include ",
        "@a\\ ",
        "http://-",
        "<a href=\"",
        "[a](b)$ ",
        "<h1>",
        "<component>",
        "[a]: b\n",
        "[x][y] ",
        "&",
        "www.a@",
        "<!--",
        "# a\n",
        "a@",
        "> <b>\n",
    ];
    for unit in units {
        let text = unit.repeat(200_000 / unit.len());
        let markdown = parse_with(text.as_bytes(), Options { imports: true });
        assert!(markdown.lines > 0, "{unit}");
    }
}

const SAMPLE: &str = include_str!("../../tests/sample.md");

fn mutated() -> impl Strategy<Value = Vec<u8>> {
    let edit = (
        0..SAMPLE.len(),
        0..40_usize,
        proptest::collection::vec(any::<u8>(), 0..6),
    );
    proptest::collection::vec(edit, 1..6).prop_map(|edits| {
        let mut bytes = SAMPLE.as_bytes().to_vec();
        for (at, cut, insert) in edits {
            let at = at.min(bytes.len());
            let end = (at + cut).min(bytes.len());
            bytes.splice(at..end, insert);
        }
        bytes
    })
}

/// Every position lies in the file, edges and headings ascend, anchors are sorted and hold every slug.
fn check(bytes: &[u8]) -> Result<(), TestCaseError> {
    let markdown = parse_with(bytes, Options { imports: true });
    let text = String::from_utf8_lossy(bytes);
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let lines: Vec<&str> = text.split('\n').collect();
    for edge in &markdown.edges {
        let line = lines.get(edge.line as usize - 1).copied();
        let width = line.map_or(0, |line| line.chars().count());
        prop_assert!(
            line.is_some() && edge.end_column as usize <= width + 1,
            "{:?}",
            edge
        );
        prop_assert!(
            edge.column >= 1 && edge.column <= edge.end_column,
            "{:?}",
            edge
        );
    }
    prop_assert!(
        markdown
            .edges
            .is_sorted_by_key(|edge| (edge.line, edge.column))
    );
    prop_assert!(markdown.headings.is_sorted_by_key(|heading| heading.line));
    prop_assert!(markdown.anchors.is_sorted_by(|a, b| a < b));
    for heading in &markdown.headings {
        prop_assert!(markdown.has_anchor(&heading.slug));
    }
    Ok(())
}

proptest! {
    #[test]
    fn any_bytes_are_read(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        check(&bytes)?;
    }

    #[test]
    fn any_markup_is_read(text in "(---\n|a: |[\\[\\]()<>!#&;:@`~*_|$\\\\\"'/. \t\r\n\0-]|x|é|www\\.|http://|<h1|</h1>|<!--|-->|<include|href=|src=|id=|\\[\\^1\\]|> |- |```|\\[a\\]: ){0,60}") {
        check(text.as_bytes())?;
    }

    #[test]
    fn a_damaged_file_is_read(bytes in mutated()) {
        check(&bytes)?;
    }

    #[test]
    fn a_line_end_style_changes_no_line(text in "([#a \\[\\]()<>-]|\n){0,60}") {
        let unix = parse(text.as_bytes());
        let dos = parse(text.replace('\n', "\r\n").as_bytes());
        let places = |markdown: &Markdown| markdown.edges.iter().map(|e| (e.line, e.column, e.written.clone())).collect::<Vec<_>>();
        prop_assert_eq!(places(&unix), places(&dos));
        prop_assert_eq!(unix.lines, dos.lines);
    }
}
