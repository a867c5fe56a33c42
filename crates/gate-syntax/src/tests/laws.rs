//! What holds for every file.

use proptest::prelude::*;

use crate::{Markdown, Options, TagRule, parse, parse_xml};

fn tags() -> Vec<TagRule> {
    [
        ("component", None),
        ("include", Some("file")),
        ("include", None),
    ]
    .into_iter()
    .map(|(tag, attribute)| TagRule {
        tag: tag.into(),
        attribute: attribute.map(Into::into),
        any: false,
    })
    .collect()
}

/// Everything that can be asked for.
fn read(bytes: &[u8]) -> Markdown {
    let tags = tags();
    let patterns = [regex::Regex::new(r"(?m)^call (\S+)$").expect("a pattern")];
    parse(
        bytes,
        Options {
            imports: true,
            code_paths: true,
            names: true,
            tags: &tags,
            patterns: &patterns,
            front_matter: true,
            balance: true,
            lint: true,
        },
    )
}

/// Cheap constructs, many times: what is quadratic here would take minutes.
#[test]
fn time_stays_linear() {
    let units = [
        "<include ",
        "<include a='<",
        "<![CDATA[",
        "<a x",
        "$$x ",
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
        "a:b",
        "`a/b` ",
        "<!-- gatewright:allow x: y -->\n",
    ];
    for unit in units {
        let text = unit.repeat(200_000 / unit.len());
        let markdown = read(text.as_bytes());
        let xml = parse_xml(text.as_bytes(), of_tags(&tags()));
        assert!(markdown.lines > 0 && xml.lines > 0, "{unit}");
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
    holds(bytes, &read(bytes))?;
    holds(bytes, &parse_xml(bytes, of_tags(&tags())))
}

fn holds(bytes: &[u8], markdown: &Markdown) -> Result<(), TestCaseError> {
    let text = String::from_utf8_lossy(bytes);
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let lines: Vec<&str> = text.split('\n').collect();
    for edge in markdown.edges() {
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
            .edges()
            .is_sorted_by_key(|edge| (edge.line, edge.column))
    );
    prop_assert!(markdown.headings().is_sorted_by_key(|heading| heading.line));
    for mark in &markdown.marks {
        prop_assert!(mark.lines.0 == mark.line && mark.lines.1 >= mark.line);
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
        let unix = read(text.as_bytes());
        let dos = read(text.replace('\n', "\r\n").as_bytes());
        let places = |markdown: &Markdown| markdown.edges().map(|e| (e.line, e.column, e.written.to_owned())).collect::<Vec<_>>();
        prop_assert_eq!(places(&unix), places(&dos));
        prop_assert_eq!(unix.lines, dos.lines);
    }
}

fn of_tags(tags: &[TagRule]) -> Options<'_> {
    Options {
        tags,
        ..Options::default()
    }
}
