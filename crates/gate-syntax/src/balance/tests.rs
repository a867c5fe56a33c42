//! What is out of balance, what is not, and what only looks like a tag.

use proptest::prelude::*;

use super::TagProblemKind::{Crossed, NotOpened, Unclosed};
use super::*;

/// Kind and tag, with code masked.
fn problems(text: &str) -> Vec<(TagProblemKind, &str)> {
    unbalanced(text, &code_masks(text))
        .0
        .into_iter()
        .map(|problem| (problem.kind, &text[problem.span]))
        .collect()
}

#[test]
fn balanced_text_has_no_problem() {
    let all = [
        "",
        "<role>\n# Markdown\n\n- item\n\n    <inner a='>' b=\"</role>\">x</inner>\n</role>\n",
        "<include>a/b.md</include> <include component=\"x\"/>\n<a><b/></a>\n",
        "<p>one\n<p>two\n<ul><li>x<li>y</ul><br><img src=x>\n<table><tr><td>z</table>\n",
        "<DIV>\n<Details open>\n</details></div>\n",
        "<!-- <a> -->\n<![CDATA[\n<a>\n</b>]]>\n<?xml <a> ?>\n<!DOCTYPE a>\n",
        "<script>\nif (a < b) document.write('<x>')\n</script>\n<style>\n</y>\n</style>\n",
        "`<a>`\n\n``\n</b> ` </c>``\n\n```xml\n<d>\n```\n\n~~~\n</e>\n~~~\n",
        "<good>\n```ts\nx();\n\ny();\n```\ntext\n</good>\n",
    ];
    for text in all {
        assert_eq!(problems(text), [], "{text}");
    }
}

#[test]
fn what_only_looks_like_a_tag_is_none() {
    let all = [
        "list<string> Map<K, V> Vec<u8> Vec::<u8>::new() Promise<void> {\n",
        "if a < b and c > d, a <b> c, x <- y, <3, <1>\n",
        "<https://x.y> <a@b.c> <path/to/file> [x](<name>)\n<https://x.y>\n<a@b.c>\n",
        "usage: tool <FILE> <N>\n<your-key>\n<your key here>\n<name> is the name\n- <name>\n| <name> |\n",
        "\\<role>\n<<role>>\nthe <role> element, closed by </role> or </other>\n",
        "- Missing closing tag: </role>\n",
        "<T>\n<UNRESOLVED @who>\ntext\n</UNRESOLVED>\n",
        "<a b=\"x\n\ny\">\n",
        "<output>\nuse <name> here\n</output>\n",
        "# Summary\n\n<overview>\n\n# Steps\n\n<steps>\n\nDear\n<customer>\nthanks.\n",
        "<b> is bold, <div> a block.\n\n    <div>\n    <rules>\n    x\n",
    ];
    for text in all {
        assert_eq!(problems(text), [], "{text}");
    }
}

#[test]
fn what_is_out_of_balance_is_found() {
    let all: [(&str, &[(TagProblemKind, &str)]); 17] = [
        ("<role>\n  <name>x</name>\ntext\n", &[(Unclosed, "<role>")]),
        ("<role id=\"a\">\ntext\n", &[(Unclosed, "<role id=\"a\">")]),
        ("<a>x</a>\n<a>y\n", &[(Unclosed, "<a>")]),
        ("text\n</role>\n", &[(NotOpened, "</role>")]),
        ("text</role>\n", &[(NotOpened, "</role>")]),
        ("<a>\n<b>\n</a>\n</b>\n", &[(Crossed, "</b>")]),
        ("<a>\n<b>\ntext\n</a>\n", &[(Unclosed, "<b>")]),
        ("<a>\n  <b>text\n</a>\n", &[(Unclosed, "<b>")]),
        (
            "<a>\n<b>x</b>\n<b>y\n<b>z</b>\n</a>\n",
            &[(Unclosed, "<b>")],
        ),
        ("<div>\n<DIV>\n</div>\n", &[(Unclosed, "<div>")]),
        (
            "<Role>\n x\n</role>\n",
            &[(Unclosed, "<Role>"), (NotOpened, "</role>")],
        ),
        (
            "<details>\n<summary>More</summary>\n\nText\n\n# Next\n\n<div>\n\nhi\n\n<B>Note\n",
            &[
                (Unclosed, "<details>"),
                (Unclosed, "<div>"),
                (Unclosed, "<B>"),
            ],
        ),
        (
            "<instructions>\nDo it.\n\n# Rules\n<rules>\n- x\n",
            &[(Unclosed, "<instructions>"), (Unclosed, "<rules>")],
        ),
        (
            "<role>\nthe <role> is\n</role>\n</role>\n",
            &[(NotOpened, "</role>")],
        ),
        ("> <a>\n> </a>\n> </b>\n", &[(NotOpened, "</b>")]),
        ("<!-- <a>\n<b c='d'>\n", &[(Unclosed, "<b c='d'>")]),
        ("x\n\n    </inner>\n", &[(NotOpened, "</inner>")]),
    ];
    for (text, expected) in all {
        assert_eq!(problems(text), expected, "{text}");
    }
    let crossed = unbalanced("<a>\n<b>\n</a>\n</b>\n", &[]).0;
    assert_eq!(crossed[0].opened, Some(4..7));
    assert_eq!(&*crossed[0].name, "b");
    // Masks may overlap, and one may hide a tag that another leaves visible.
    let text = "<a x='1'>\n</b>\n<c x='1'>\n";
    assert_eq!(unbalanced(text, &[0..12, 2..5]).0.len(), 1);
    assert_eq!(unbalanced(text, &[0..3, 10..100]).0, []);
}

#[test]
fn an_element_may_begin_a_list_item() {
    let open = [
        "- <details>\n  <summary>x</summary>\n\n  text\n\n- b\n",
        "* a\n* <details open><summary>x</summary>\n\n  text\n",
        "1. <div>\n\n   text\n",
        "> - <details>\n>   text\n",
        "- a\n    - <details>\n\n        - b\n",
        "-\t<details>\r\n\ttext\r\n",
        "- - <details>\n    text\n",
    ];
    for text in open {
        let found = problems(text);
        assert!(matches!(found[..], [(Unclosed, _)]), "{text}: {found:?}");
    }
    assert_eq!(
        problems("- <details><summary>x\n  text\n  </details>\n"),
        [(Unclosed, "<summary>")]
    );
    let quiet = [
        "- <details>\n  <summary>x</summary>\n  text\n  </details>\n- b\n",
        "- <details><summary>x</summary>\n\n  text\n\n</details>\n",
        "<div>\n\n- <details>\n  text\n\n</details>\n</div>\n",
        "- <div>\n- <span>\n- <details>\n\nText\n",
        "- <body>\n  - <div>\n    - <span>\n",
        "- <details> opens\n  and goes on\n- <div>: a block\n- <rules>\n  x\n- <name>\n",
        "text\n\n    - <div>\n      x\n",
        "- a <details>\n  x\n- [ ] <div>\n  x\n-<div>\n  x\n",
        "<output>\n- <code>: x\n- <div> y\n</output>\n<div>\n</div>\n`</code>` x</code>\n",
    ];
    for text in quiet {
        assert_eq!(problems(text), [], "{text}");
    }
}

#[test]
fn fences_are_read_as_text() {
    let masked = |text: &str| -> Vec<String> {
        code_masks(text)
            .into_iter()
            .map(|mask| text[mask].to_owned())
            .collect()
    };
    assert_eq!(masked("a `b` ``c ` d`` `e\n\nf` g"), ["`b`", "``c ` d``"]);
    assert_eq!(masked("\\`a` `b\nc`"), ["` `"]);
    assert_eq!(masked("````\n```\n````\nx"), ["````\n```\n````\n"]);
    assert_eq!(
        masked("```x\n        ```y\n        ```\n```\n`z`"),
        ["```x\n        ```y\n        ```\n```\n", "`z`"]
    );
    assert_eq!(masked("- ~~~\n  x\n  ~~~\n"), ["- ~~~\n  x\n  ~~~\n"]);
    assert_eq!(masked("x\n```\nopen"), Vec::<String>::new());
    assert_eq!(masked("```a```\n"), ["```a```"]);
}

#[test]
fn what_is_not_kept_is_counted() {
    for piece in ["</b>\n", "<a>\n<b>\nx\n</a>\n"] {
        let (found, cut) = unbalanced(&piece.repeat(MAX_PROBLEMS), &[]);
        assert_eq!((found.len(), cut), (MAX_PROBLEMS, None), "{piece}");
        let (found, cut) = unbalanced(&piece.repeat(MAX_PROBLEMS + 9), &[]);
        let told = "100009 tags are out of balance, and 100000 are kept";
        assert_eq!(
            (found.len(), cut.as_deref()),
            (MAX_PROBLEMS, Some(told)),
            "{piece}"
        );
    }
}

/// Each of these is read in time that is linear in its size.
#[test]
fn hostile_text_comes_to_an_end() {
    let n = 50_000;
    for piece in [
        "<a>",
        "</a>",
        "<a>\n",
        "</a>\n",
        "<a b='",
        "<a b='<",
        "<a b=\"<a b='",
        "<!--",
        "<![CDATA[",
        "<?xml",
        "<script>",
        "`",
        "``x",
        "<a\n",
        "```\n",
        "<a ",
        "<",
        "\n<a x='1'>\n",
        "<a><b></a></b>\n",
        "text <a> ",
        "<a></b>",
    ] {
        let text = piece.repeat(n);
        let (found, _) = unbalanced(&text, &code_masks(&text));
        assert!(found.len() <= MAX_PROBLEMS, "{piece}");
        assert!(unbalanced(&text, &[]).0.len() <= MAX_PROBLEMS, "{piece}");
    }
    let ticks: Vec<_> = (0..1_500).map(|length| "`".repeat(length) + " ").collect();
    assert!(code_masks(&ticks.concat()).is_empty());
    let line = "x<a ".repeat(12_500_000);
    assert_eq!(unbalanced(&line, &[]).0, []);
    let deep = "<a>\n".repeat(100_000) + &"</a>\n".repeat(100_000);
    let (found, cut) = unbalanced(&deep, &[]);
    assert_eq!(found[0].kind, Unclosed);
    assert_eq!(cut.as_deref(), Some("tags are nested deeper than 10000"));
}

/// Sections of a prompt, nested, with Markdown inside.
fn section() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("text with a < b and Vec<u8>\n".to_owned()),
        Just("- <name> of it\n".to_owned()),
        Just("```\n</x>\n```\n".to_owned()),
        Just("<br> `<x>` <y/>\n".to_owned()),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        ("[a-z_]{4,8}", prop::collection::vec(inner, 1..4))
            .prop_map(|(name, inner)| format!("<{name}>\n{}</{name}>\n", inner.concat()))
    })
}

proptest! {
    #[test]
    fn nested_sections_are_balanced(text in section()) {
        prop_assert_eq!(problems(&text), []);
    }

    #[test]
    fn a_missing_end_is_found(inner in section()) {
        let text = format!("<outer_1>\n<inner_1>\n{inner}</outer_1>\n");
        prop_assert_eq!(problems(&text), [(Unclosed, "<inner_1>")]);
        let text = format!("<outer_1>\n{inner}</inner_1>\n</outer_1>\n");
        prop_assert_eq!(problems(&text), [(NotOpened, "</inner_1>")]);
    }

    #[test]
    fn anything_gives_spans_in_order(text in "[<>/ab='\"`!\\[\\]?\\- \n]{0,80}", from in 0_usize..80, to in 0_usize..80) {
        for masks in [vec![], vec![from..to, from..from], code_masks(&text)] {
            let (found, cut) = unbalanced(&text, &masks);
            prop_assert!(cut.is_none());
            prop_assert!(found.is_sorted_by_key(|problem| problem.span.start));
            for problem in found {
                let tag = text.get(problem.span.clone()).unwrap_or("");
                prop_assert!(tag.starts_with('<') && tag.ends_with('>') && tag.contains(&*problem.name));
            }
        }
    }
}
