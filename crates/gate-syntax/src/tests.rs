//! What a whole file gives.

use super::*;

mod laws;
mod references;

fn read(text: &str) -> Markdown {
    let options = Options {
        front_matter: true,
        ..Options::default()
    };
    parse(text.as_bytes(), options)
}

/// Kind, written form, line, column, end column of every edge.
fn edges(text: &str) -> Vec<(EdgeKind, String, u32, u32, u32)> {
    let markdown = read(text);
    let all = markdown.edges().map(|edge| {
        (
            edge.kind,
            edge.written.to_owned(),
            edge.line,
            edge.column,
            edge.end_column,
        )
    });
    all.collect()
}

fn written(text: &str) -> Vec<String> {
    edges(text).into_iter().map(|edge| edge.1).collect()
}

fn slugs(text: &str) -> Vec<String> {
    let mut slugger = Slugger::default();
    let markdown = read(text);
    let all = markdown.headings();
    all.map(|heading| slugger.slug(heading.text).into_string())
        .collect()
}

fn path(target: Target<'_>) -> String {
    match target {
        Target::Path { path, .. } => path.into_owned(),
        other => panic!("{other:?} is no path"),
    }
}

/// The one destination of a text, as it is printed for debugging.
fn target(text: &str) -> String {
    let markdown = read(text);
    let mut edges = markdown.edges();
    assert_eq!(edges.len(), 1, "{text}");
    format!("{:?}", edges.next().unwrap().target())
}

#[test]
fn slugs_are_made_from_rendered_text() {
    let golden = [
        ("# A & B", "a--b"),
        ("# A &amp; B", "a--b"),
        ("# &#x20;", "-"),
        ("# T {#id}", "t-id"),
        ("# Graduation Criteria\t", "graduation-criteria"),
        (
            "# `code_x` and *em* **strong** ~~gone~~",
            "code_x-and-em-strong-gone",
        ),
        ("# [link](a.md) ![alt](b.png)", "link-"),
        ("# <!-- note --> x <b>y</b> <img alt=\"z\">", "-x-y-"),
        ("# :rocket: Go", "rocket-go"),
        (
            "# \u{2699}\u{fe0f} Configuration API",
            "\u{fe0f}-configuration-api",
        ),
        ("Set\next\n===", "setext"),
        ("- ## In a list", "in-a-list"),
        ("> ## In a quote", "in-a-quote"),
        ("<h2>In &amp; HTML</h2>", "in--html"),
        (
            "<h1 align=\"center\">\n  <img src=\"l.png\" alt=\"no\">\n  Logo\n</h1>",
            "----logo",
        ),
        ("<h2>\n\nBetween\n\n</h2>", "between"),
        ("# x[^1]\n\n[^1]: note", "x1"),
        ("#", ""),
    ];
    for (text, slug) in golden {
        assert_eq!(slugs(text), [slug], "{text}");
    }
}

#[test]
fn headings_share_one_counter() {
    let text = "# Dup\n<h2>Dup</h2>\n\nDup\n---\n> # Dup-1\n\n```\n# no\n```\n";
    let markdown = read(text);
    let got: Vec<_> = markdown
        .headings()
        .map(|h| (h.level, h.text, h.line))
        .collect();
    assert_eq!(
        got,
        [(1, "Dup", 1), (2, "Dup", 2), (2, "Dup", 4), (1, "Dup-1", 6)]
    );
    assert_eq!(slugs(text), ["dup", "dup-1", "dup-2", "dup-1-1"]);
}

#[test]
fn anchors_come_from_ids_and_names() {
    let text = "<a name=\"b\"></a>\n\ntext <span id=a>x</span> <p name=no>\n\n<DIV ID='c&amp;d'>\n<!-- <a id=hidden> -->\n\n`<a id=code>`\n\n# b\n";
    let markdown = read(text);
    assert_eq!(markdown.ids().collect::<Vec<_>>(), ["b", "a", "c&d"]);
}

#[test]
fn positions_are_those_of_the_destination() {
    use EdgeKind::{Autolink, HtmlLink, HtmlMedia, Image, Link};
    let text = "\u{feff}añ🚀 [one\ntwo](a.md \"t\")\r\n\t- ![x](  <b c.md>)\r\n> [q\n> r](\n> d.md)\n\n[![i](e(1).png)](f\\).md)\n";
    let expected = [
        (Link, "a.md", 2, 6, 10),
        (Image, "b c.md", 3, 12, 18),
        (Link, "d.md", 6, 3, 7),
        (Image, "e(1).png", 8, 7, 15),
        (Link, "f\\).md", 8, 18, 24),
    ];
    let expected =
        expected.map(|(kind, to, line, from, end)| (kind, to.to_owned(), line, from, end));
    assert_eq!(edges(text), expected);
    let text = "---\na: 1\n---\n<https://x.y> <a@b.c>\n\n<div>\n  <a\n   href='g.md#h'><img src=i.png></a></div>\n\n> <p>\n> <img src=\"j.png\">\n\n[l]: <k.md>\n[L]: no.md\n  [m]:\n    n.md 'title'\n\n[l] [m]\n";
    let expected = [
        (Autolink, "https://x.y", 4, 2, 13),
        (Autolink, "a@b.c", 4, 16, 21),
        (HtmlLink, "g.md#h", 8, 10, 16),
        (HtmlMedia, "i.png", 8, 27, 32),
        (HtmlMedia, "j.png", 11, 13, 18),
        (Link, "k.md", 13, 7, 11),
        (Link, "n.md", 16, 5, 9),
    ];
    let expected =
        expected.map(|(kind, to, line, from, end)| (kind, to.to_owned(), line, from, end));
    assert_eq!(edges(text), expected);
}

#[test]
fn destinations_are_decoded() {
    let path = |path: &str| {
        format!(
            "{:?}",
            Target::Path {
                path: path.into(),
                query: None,
                fragment: None
            }
        )
    };
    assert_eq!(target("[x](a&amp;b\\_c%20d.md)"), path("a&b_c d.md"));
    assert_eq!(target("<a href=\" a&amp;b.md \">"), path("a&b.md"));
    assert_eq!(target("[x](<docs/&lt;name>)"), path("docs/<name"));
    assert_eq!(target("[x]()"), "Empty");
    assert_eq!(target("<a@b.c>"), "Email");
    assert_eq!(target("x a@b.c y"), "Email");
    assert_eq!(target("<mailto:a@b.c>"), "Email");
    assert_eq!(target("[x](mailto:a@b.c)"), "Email");
    assert_eq!(target("<tel:1>"), "External { url: \"tel:1\" }");
    assert_eq!(target("www.x.y/a@b"), "External { url: \"www.x.y/a@b\" }");
    assert_eq!(target("[x]({{x}}/a.md)"), "Placeholder");
}

#[test]
fn links_are_found_everywhere_but_in_code() {
    let text = "# [h](1)\n\n| a |\n|---|\n| [t](2) |\n\nx[^f]\n\n[^f]: [n](3)\n\n- [ ] [l](4)\n";
    assert_eq!(written(text), ["1", "2", "3", "4"]);
    let text = "`[a](no)` <!-- [b](no) -->\n\n```\n[c](no)\n```\n\n- x\n\n      [d](no)\n\n    [in list](yes)\n\n<!--\n[e](no) <a href=no>\n\n-->\n\n<pre>\n<a href=yes>[h](no)\n</pre>\n\n<code>[f](yes)</code> [g](yes)\n\nopen <code> [i](yes)\n\n<script>'<a href=no>'</script>\n";
    assert_eq!(written(text), ["yes"; 5]);
    assert_eq!(
        written("area $f[x](t)$ is [a](yes), $5 [b](yes) and $6\n\n$$\nf[x](t)\n$$\n"),
        ["yes", "yes"]
    );
    // A mark in code, in an address, escaped, of a price or of another block begins and ends no formula.
    for text in [
        "Use `kill $$`, see [x](yes), not `echo $$`.",
        "Set $PATH, see [x](yes) `foo$`",
        "[a](b$) $x [c](d) e\\$",
        "$5 [x](yes) $6",
        "a\n- $x [x](yes)\n- y$\n",
        "| $x [x](yes) | y$ |\n|---|---|\n",
        "$x\n[x](yes) y$",
    ] {
        assert!(!written(text).is_empty(), "{text}");
    }
    assert_eq!(written("[a](b$) $x [c](d) e\\$"), ["b$", "d"]);
    assert_eq!(
        written("- ($x [a](no)$) and $$\n  [b](no) $ [c](no)\n  $$, [d](yes)\n"),
        ["yes"]
    );
    assert_eq!(written("[[wiki]] [x] [a]"), Vec::<String>::new());
    // The description of an image is text.
    assert_eq!(
        written("![a [b](no) ![c](no) [r] <a href=no>](yes)\n\n[r]: no\n"),
        ["yes"]
    );
}

#[test]
fn media_and_source_sets_are_found() {
    let text = "<picture><source srcset=\"a.png 1x, b.png 2x\"><img SRC=c.png srcset=d.png></picture>\n<video poster=e.png src=f.mp4></video>\n";
    assert_eq!(
        written(text),
        ["a.png", "b.png", "c.png", "d.png", "e.png", "f.mp4"]
    );
}

#[test]
fn definitions_count_once_and_undefined_labels_are_told() {
    let text = "[a]: a.md\n[A]: second.md\n[img]: i.png\n[unused]: u.md\n\n[x][a] [a] ![y][img] ![img]\n[u][nope], [nope][], [nope] and [u][ NoPe ]\n";
    let markdown = read(text);
    let kinds: Vec<_> = markdown.edges().map(|e| (e.kind, e.written)).collect();
    assert_eq!(
        kinds,
        [(EdgeKind::Link, "a.md"), (EdgeKind::Image, "i.png")]
    );
    let undefined: Vec<_> = markdown
        .undefined_references
        .iter()
        .map(|u| (&*u.label, u.line, u.column, u.end_column))
        .collect();
    assert_eq!(undefined.len(), 3, "{undefined:?}");
    assert_eq!(undefined[0], ("nope", 7, 1, 10));
    assert_eq!(
        (undefined[1].1, undefined[1].2, undefined[1].3),
        (7, 12, 20)
    );
    assert_eq!((undefined[2].1, undefined[2].2), (7, 33));
}

#[test]
fn brackets_side_by_side_need_not_be_a_reference() {
    let labels = |text: &str| {
        let found = read(text).undefined_references;
        found
            .iter()
            .map(|one| one.label.to_string())
            .collect::<Vec<_>>()
    };
    for text in [
        "a[i][j]",
        "*x*[*a*][ *b*]",
        "*f*[:*l*...][,*g*:*h*]",
        "[Slow][Serial][Feature]",
        "[Slow] [Feature:X][Node:Y]",
        "- [Affects R10][Technical] Replaced x\n- [P1][Bug] y\n",
        "# T\n[P1][Bug] x\n[P2][Bug] y\n",
        "1. **[P1][Bug]** x",
        "> - [ ] [P1][Bug]: x",
    ] {
        assert_eq!(labels(text), Vec::<String>::new(), "{text}");
    }
    for text in [
        "see [the docs][docs].",
        "([x][#12])",
        "[`code`][]",
        "**[a][b c]**",
        "- [Guide][guide] explains",
        "- [Guide][1] explains",
        "- [The guide to all of it][docs] explains",
        "- [Guide][docs]",
        "- [Guide][docs] explains\n\n[other]: a.md\n",
        "Text that goes on with\n[the guide][docs] and more",
        "- see [P1][Bug] x",
    ] {
        assert_eq!(labels(text).len(), 1, "{text}");
    }
}

#[test]
fn bare_addresses_are_autolinks() {
    let text = "See https://x.y/a_b_c, (www.x.y/z) and me@x.org. Not xhttp://q, foo@bar, [https://in](l.md), `http://c`.\n\n| https://t.u|v |\n|---|---|\n";
    assert_eq!(
        written(text),
        [
            "https://x.y/a_b_c",
            "www.x.y/z",
            "me@x.org",
            "l.md",
            "https://t.u"
        ]
    );
    assert_eq!(
        written("**https://x.y/(a)** http://x.y/q&amp; http://x.y/b)"),
        ["https://x.y/(a)", "http://x.y/q", "http://x.y/b"]
    );
}

#[test]
fn imports_are_read_on_demand() {
    let text = "@AGENTS.md and @./a b, @../c.md. @~/d.md @/e @docs/f\\ g.md, `@no.md` @scope/pkg a@b.md x@y.org @scope/pkg@1.2 @user @Foo.Bar @example.com @.claude/h.json\n\n```\n@no.md\n```\n<!-- @no.md -->\n- *@i.md*\n- @j.md\n";
    let options = Options {
        imports: true,
        ..Options::default()
    };
    let markdown = parse(text.as_bytes(), options);
    let found: Vec<_> = markdown
        .edges()
        .filter(|edge| edge.kind == EdgeKind::Import)
        .collect();
    let paths: Vec<_> = found.iter().map(|edge| path(edge.target())).collect();
    assert_eq!(
        paths,
        [
            "AGENTS.md",
            "./a",
            "../c.md",
            "~/d.md",
            "/e",
            "docs/f g.md",
            ".claude/h.json",
            "j.md"
        ]
    );
    assert_eq!((found[0].column, found[0].end_column), (2, 11));
    assert!(read(text).edges().all(|edge| edge.kind != EdgeKind::Import));
}

#[test]
fn names_code_paths_and_patterns_are_found_on_demand() {
    let text = "Use sky:fly, /sky:dive and `sky:run`; not Sky:Fly, a:, http://x.y, 10:30 or sky:fly:on.\n\
                See `docs/a.md`, `../b.md`, `no spaces.md`, `a`, `*/c.md`, `docs/...`, `docs/.../d.md` and `x/<y>`.\n\
                <!-- call(hidden) -->\n```\ncall(agent-x)\n```\n";
    let patterns = [regex::Regex::new(r"call\(([\w-]+)\)").unwrap()];
    let options = Options {
        names: true,
        code_paths: true,
        patterns: &patterns,
        ..Options::default()
    };
    let markdown = parse(text.as_bytes(), options);
    let found: Vec<_> = markdown
        .edges()
        .map(|edge| (edge.kind, edge.written, edge.line, edge.column))
        .collect();
    assert_eq!(
        found,
        [
            (EdgeKind::Name, "sky:fly", 1, 5),
            (EdgeKind::Name, "sky:dive", 1, 15),
            (EdgeKind::Name, "sky:run", 1, 29),
            (EdgeKind::Autolink, "http://x.y", 1, 56),
            (EdgeKind::CodePath, "docs/a.md", 2, 6),
            (EdgeKind::CodePath, "../b.md", 2, 19),
            (EdgeKind::Pattern, "agent-x", 5, 6),
        ]
    );
    assert_eq!(read(text).edges().len(), 1);
}

#[test]
fn names_are_found_in_the_shapes_that_people_write() {
    let options = Options {
        names: true,
        ..Options::default()
    };
    let text = "`/a:b1 staging` `Skill(a:b2)` `Task(x=\"a:b3\", y)` `SlashCommand(/a:b4 c)`\n\
                a:b5: text, <b>a:b6</b> “a:b7”—a:b8…\n\n\
                |a:b9| a:b10|\n|--|--|\n\n\
                `npm run a:no` `Bash(npm run a:no)` `//a:no b` `a:no b` a:no:b a|a:no\n";
    let markdown = parse(text.as_bytes(), options);
    let found: Vec<_> = markdown.edges().map(|edge| edge.written).collect();
    let expected: Vec<_> = (1..=10).map(|at| format!("a:b{at}")).collect();
    assert_eq!(found, expected);
    let first = markdown.edges().next();
    assert_eq!(first.map(|e| (e.column, e.end_column)), Some((3, 7)));
}

#[test]
fn a_fence_that_a_block_of_html_cuts_hides_nothing_behind_it() {
    let rules = [TagRule {
        tag: "include".into(),
        attribute: None,
        any: false,
    }];
    let options = Options {
        tags: &rules,
        ..Options::default()
    };
    let text = "<example>\n```js\na();\n\n<include>no.md</include>\n```\n</example>\n\n<include>a.md</include>\n\n```\n<include>no.md</include>\n```\n`<include>no.md</include>`\n";
    let markdown = parse(text.as_bytes(), options);
    let found: Vec<_> = markdown.edges().map(|e| (e.written, e.line)).collect();
    assert_eq!(found, [("a.md", 9)]);
}

#[test]
fn include_tags_are_found_where_they_stand() {
    let text = "<command_file>\n  <include>a/b.md</include>\n\n    <include> c.md </include>\n\n<include component=\"d.md\"/> <component>e_f_g/h</component>\n\n<x>\n<component>i.md</component>\n```xml\n<include>no.md</include>\n```\n`<include>no.md</include>` <!-- <include>no.md</include> -->\n</x>\n\n`<include>no.md</include>` <![CDATA[<include>no.md</include>]]>\n\n~~~\n<include>no.md</include>\n~~~\n<component>Button</component> <include>some words.</include> <includes>no.md</includes> <include file='j.xml' path='k/l'/> <include component=\"m.md\n<include>{{n}}</include>\n";
    let rules: Vec<TagRule> = [
        ("component", None),
        ("include", Some("component")),
        ("include", Some("file")),
        ("include", None),
    ]
    .into_iter()
    .map(|(tag, attribute)| TagRule {
        tag: tag.into(),
        attribute: attribute.map(Into::into),
        any: false,
    })
    .collect();
    let options = Options {
        tags: &rules,
        ..Options::default()
    };
    let markdown = parse(text.as_bytes(), options);
    let found: Vec<_> = markdown.edges().collect();
    let got: Vec<_> = found
        .iter()
        .filter(|edge| edge.kind == EdgeKind::Tag)
        .map(|edge| (edge.written, edge.line, edge.column))
        .collect();
    assert_eq!(
        got,
        [
            ("a/b.md", 2, 12),
            ("c.md", 4, 15),
            ("d.md", 6, 21),
            ("e_f_g/h", 6, 40),
            ("i.md", 9, 12),
            ("j.xml", 21, 104),
            ("{{n}}", 22, 10)
        ]
    );
    assert_eq!(found.len(), got.len());
}

#[test]
fn no_rule_of_many_is_lost_and_what_is_cut_is_told() {
    let rules: Vec<TagRule> = (0..1_000)
        .map(|at| TagRule {
            tag: format!("t{at:04}").into(),
            attribute: None,
            any: true,
        })
        .collect();
    let options = Options {
        tags: &rules,
        ..Options::default()
    };
    let markdown = parse(b"<t0003>a</t0003> <t0999>b</t0999>\n", options);
    let found: Vec<_> = markdown
        .edges()
        .map(|edge| (edge.rule, edge.written))
        .collect();
    assert_eq!(found, [(3, "a"), (999, "b")]);

    let patterns = [regex::Regex::new("(x)").expect("a pattern")];
    let options = Options {
        patterns: &patterns,
        ..Options::default()
    };
    for (count, cut) in [(100_000, false), (100_001, true)] {
        let markdown = parse("x".repeat(count).as_bytes(), options);
        assert_eq!((markdown.edges().len(), markdown.cut), (100_000, cut));
    }
}

#[test]
fn front_matter_is_not_markdown() {
    let text = "---\ntitle: x\nlink: \"[a](b.md)\"\n---\n\n# T\n";
    let markdown = read(text);
    assert_eq!(slugs(text), ["t"]);
    let line = markdown.headings().next().map(|heading| heading.line);
    assert_eq!(
        (line, markdown.lines, markdown.edges().len()),
        (Some(6), 6, 0)
    );
    let matter = markdown.front_matter.unwrap();
    assert_eq!((matter.last_line, matter.keys.len()), (4, 2));
    let unread = parse(text.as_bytes(), Options::default()).front_matter;
    assert_eq!(
        unread.map(|matter| (matter.last_line, matter.keys.len())),
        Some((4, 0))
    );
    assert_eq!(slugs("---\nname: x\n\n# T\n"), ["t"]);
    assert!(read("text\n\n---\na: 1\n---\n").front_matter.is_none());
}

#[test]
fn odd_bytes_are_noted() {
    let markdown = parse(b"# a\xffb\n[x](\xc3.md)\n", Options::default());
    assert!(markdown.invalid_utf8);
    let heading = markdown.headings().next().map(|heading| slug(heading.text));
    assert_eq!(heading.as_deref(), Some("ab"));
    let target = markdown.edges().next().map(|edge| path(edge.target()));
    assert_eq!(target.as_deref(), Some("\u{fffd}.md"));
    assert!(!read("ä").invalid_utf8);
    assert_eq!(read("").lines, 0);
}

#[test]
fn names_of_markdown_files() {
    for name in [
        "a.md",
        "docs/README.MD",
        "x.markdown",
        "x.mdown",
        "x.mkd",
        ".claude/CLAUDE.md",
    ] {
        assert!(is_markdown(name), "{name}");
    }
    for name in ["md", "a.mdx", "a.md/b", ".md", "a.txt", ""] {
        assert!(!is_markdown(name), "{name}");
    }
}
