//! What tags and patterns name, and the anchors of footnotes.

use regex::Regex;

use super::read;
use crate::{Markdown, Options, TagRule, parse, parse_xml};

fn rules(tags: &[(&str, Option<&str>)]) -> Vec<TagRule> {
    let rule = |&(tag, attribute): &(&str, Option<&str>)| TagRule {
        tag: tag.into(),
        attribute: attribute.map(Into::into),
        any: false,
    };
    tags.iter().map(rule).collect()
}

fn found(markdown: &Markdown) -> Vec<(&str, u32, u32)> {
    let edges = markdown.edges();
    edges
        .map(|edge| (edge.written, edge.line, edge.column))
        .collect()
}

#[test]
fn every_attribute_of_a_tag_counts_and_its_text_without_one() {
    let rules = rules(&[
        ("include", Some("component")),
        ("include", Some("file")),
        ("include", None),
    ]);
    let of = |text: &str| {
        let options = Options {
            tags: &rules,
            ..Options::default()
        };
        let markdown = parse(text.as_bytes(), options);
        found(&markdown)
            .iter()
            .map(|edge| edge.0.to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        of("<include file=\"b.md\" component=\"a.md\">c.md</include>\n"),
        ["b.md", "a.md"]
    );
    assert_eq!(of("<include file=\"b\">c.md</include>\n"), ["c.md"]);
    assert_eq!(of("<include file=\"a.md\" note=\"a < b\"/>\n"), ["a.md"]);
    assert_eq!(
        of("<include note=\"a < b\" >c.md</include><b>d.md</b>\n"),
        ["c.md"]
    );
    assert_eq!(
        of(
            "<include file=\"a b/c d.md\"/><include file=\" a b/ \"/><include file=\"a.md#x y\"/>\n"
        ),
        ["a b/c d.md", "a b/", "a.md#x y"]
    );
    assert_eq!(of("<include>a.md#x</include>\n"), ["a.md#x"]);
    for talk in [
        "<include file=\"this and/or that\"/>",
        "<include file=\"say it.\"/>",
        "<include file=\"Version 1.2\"/>",
        "<include>a b.md</include>",
    ] {
        assert_eq!(of(talk), [""; 0], "{talk}");
    }
    // What is only talked about.
    assert_eq!(
        of("the <include tag is <b>a/b</b>\n<include file=\"a.md>\n\n<b>\"c.md\"</b>\n"),
        [""; 0]
    );
    let many = "x ".repeat(100);
    assert_eq!(of(&format!("<include {many}file=a.md>\n")), ["a.md"]);
    let long = format!("{}gone.md", "p/".repeat(4_000));
    let kept = of(&format!("<include>{long}</include>\n"));
    assert!(kept.len() == 1 && kept[0].len() > 4_096 && long.starts_with(&kept[0]));
}

#[test]
fn in_xml_only_comments_and_cdata_hide_tags() {
    let rules = rules(&[("include", None)]);
    let text = "\u{feff}<a>`x\n<include>a.md</include>\n`</a>\n```\n    <include>b.md</include>\n<!-- <include>no.md</include>\ngatewright:allow missing_module: as it is --><![CDATA[<!--<include>no.md</include>]]><include>c.md</include><!-- <include>d.md</include>\n";
    let xml = parse_xml(text.as_bytes(), of_tags(&rules));
    assert_eq!(
        found(&xml),
        [
            ("a.md", 2, 10),
            ("b.md", 5, 14),
            ("c.md", 7, 95),
            ("d.md", 7, 123)
        ]
    );
    assert_eq!(
        (xml.lines, xml.marks.len(), xml.headings().len()),
        (7, 1, 0)
    );
    assert!(parse_xml(b"<a>\xff</a>", of_tags(&rules)).invalid_utf8);
}

#[test]
fn a_pattern_reads_the_whole_file_and_the_group_that_takes_part() {
    let patterns = [
        r#"load\("([^"]+)"\)|load\('([^']+)'\)"#,
        r"(?m)^load: (\S+)",
    ]
    .map(|pattern| Regex::new(pattern).expect("a pattern"));
    let options = Options {
        patterns: &patterns,
        ..Options::default()
    };
    let text = "---\nload: ü.md\nx: load('a.md')\n---\n<!--\nload: no.md -->\nload('b.md') load(\"c.md\")\n\nload: d.md\n";
    let markdown = parse(text.as_bytes(), options);
    assert_eq!(
        found(&markdown),
        [
            ("ü.md", 2, 7),
            ("a.md", 3, 10),
            ("b.md", 7, 7),
            ("c.md", 7, 20),
            ("d.md", 9, 7)
        ]
    );
}

#[test]
fn footnotes_that_are_used_have_anchors() {
    let text =
        "a[^1] b[^Note] c[^note] d[^none]\n\n[^1]: x\n\n[^note]: y\n\n[^unused]: z\n\n# T[^note]\n";
    let markdown = read(text);
    let ids: Vec<_> = markdown.ids().collect();
    assert_eq!(
        ids,
        [
            "fn-1",
            "fnref-1",
            "fn-note",
            "fnref-note",
            "fnref-note-2",
            "fnref-note-3"
        ]
    );
    let heading = markdown.headings().next().map(|heading| heading.text);
    assert_eq!(heading, Some("T2"));
}

fn of_tags(tags: &[TagRule]) -> Options<'_> {
    Options {
        tags,
        ..Options::default()
    }
}
