//! What the tools themselves gave for these headings, each table as one file. Duplicates are told apart in the order of the table.

use super::*;

/// The first seven are the example of GitLab's `doc/user/markdown.md`, "Heading IDs and links"; the rest is the output of comrak
/// 0.59.0, whose `header_ids` GitLab uses.
#[test]
fn gitlab() {
    check(
        Dialect::Gitlab,
        &[
            (
                "This heading has spaces in it",
                "this-heading-has-spaces-in-it",
            ),
            (
                "This heading has a :thumbsup: in it",
                "this-heading-has-a-thumbsup-in-it",
            ),
            (
                "This heading has Unicode in it: 한글",
                "this-heading-has-unicode-in-it-한글",
            ),
            (
                "This heading has spaces in it",
                "this-heading-has-spaces-in-it-1",
            ),
            (
                "This heading has spaces in it",
                "this-heading-has-spaces-in-it-2",
            ),
            (
                "This heading has 3.5 in it (and parentheses)",
                "this-heading-has-35-in-it-and-parentheses",
            ),
            (
                "This heading has  multiple spaces and --- hyphens",
                "this-heading-has--multiple-spaces-and-----hyphens",
            ),
            ("²x ½ ① Ⅷ Ⓐ ª", "²x-½-①-ⅷ--ª"),
            ("वर्कफ़्लो", "वर्कफ़्लो"),
            ("🛠\u{fe0f} Tools", "\u{fe0f}-tools"),
            ("ΟΔΟΣ", "οδος"),
            ("a\u{a0}b\tc\u{200d}d", "abcd"),
            ("two\nlines", "two-lines"),
            ("T {#id}", "t-id"),
            ("Dup", "dup"),
            ("Dup", "dup-1"),
            ("Dup-1", "dup-1-1"),
            ("", ""),
            ("!", "-1"),
        ],
    );
}

/// The first is `AutoIdentifierTest` of dotnet/docfx. The rest follows from the source named in `ms_learn.rs`.
#[test]
fn ms_learn() {
    check(
        Dialect::MsLearn,
        &[
            (
                "This - is a &@! heading _ with . and ! -",
                "this---is-a--heading-_-with--and---",
            ),
            ("Überblick C#", "überblick-c"),
            ("वर्कफ़्लो", "वरकफल"),
            ("日本語、見出し", "日本語見出し"),
            ("𝔄 𠮷 A🚀B", "--ab"),
            ("İ ẞ K Ⅷ ½ ٣", "İ-ß-k---٣"),
            ("ΟΔΟΣ", "οδοσ"),
            ("a\u{a0}b\tc", "abc"),
            ("two\nlines", "twolines"),
            ("!!!", "section"),
            ("", "section-1"),
            ("Dup", "dup"),
            ("Dup {#dup}", "dup"),
            ("Dup", "dup-1"),
            ("Dup-1", "dup-1-1"),
            ("T {#a-b}", "a-b"),
            ("T {#a b}", "t-a-b"),
            ("T {.a}", "t-a"),
            ("T {#}", "t-"),
        ],
    );
}

/// Output of Hugo 0.168.0 with its default settings. `&nbsp;` and the like are written out, text went through `prose`.
#[test]
fn hugo() {
    let dashes = Dialect::Hugo.prose("It's \"quoted\" -- text... 'x'");
    check(
        Dialect::Hugo,
        &[
            (&dashes, "its-quoted--text-x"),
            ("A & B", "a--b"),
            ("!!!", "heading"),
            ("!!!", "heading-1"),
            ("", ""),
            ("T {#id}", "id"),
            ("id", "id-1"),
            ("T {.cls}", "t"),
            ("T {#id2} more", "t-id2-more"),
            ("T{#id3}", "id3"),
            ("İx ẞ Ⅷ Ⓐ ª ½ ² ΟΔΟΣ वर्कफ़्लो", "ix-ß---ª---οδοσ-वरकफल"),
            ("T {id=foo}", "foo"),
            ("T {id=\"foo bar\"}", "foo bar"),
            ("T {#a.b:c_d-e é}", "t-abc_d-e-é"),
            ("T {#é-x}", "é-x"),
            ("T {}", "t-1"),
            ("two\nlines {#q}", "q"),
            ("\u{a0}x\u{a0} y", "x-y"),
            ("three\nlast line", "last-line"),
        ],
    );
}

#[test]
fn hugo_reads_hyphens_three_at_a_time() {
    let dashes = |text: &str| Dialect::Hugo.prose(text).into_owned();
    assert_eq!(dashes("a - b"), "a - b");
    assert_eq!(dashes("a--b---c----d-----e"), "a–b—c—-d—–e");
    for dialect in Dialect::ALL
        .into_iter()
        .filter(|&dialect| dialect != Dialect::Hugo)
    {
        assert_eq!(dialect.prose("a--b"), "a--b");
    }
}

/// Output of `@docusaurus/mdx-loader` 3.10.2; the slugs are those of `github-slugger`.
#[test]
fn docusaurus() {
    check(
        Dialect::Docusaurus,
        &[
            ("A & B", "a--b"),
            ("🛠\u{fe0f} Tools", "\u{fe0f}-tools"),
            ("Dup", "dup"),
            ("Dup {#dup}", "dup"),
            ("Dup", "dup-1"),
            ("Dup-1", "dup-1-1"),
            ("T {#id}", "id"),
            ("T{#id}", "id"),
            ("T {#My id.é}", "My id.é"),
            ("T {#a} {#b}", "b"),
            ("T {#a{#b}", "b"),
            ("T {#id} more", "t-id-more"),
            ("T {# }", "t--"),
            ("T {#}", "t-"),
            ("T {#}}", "}"),
            ("T {/* #id */}", "id"),
            ("T {/* #id and more */}", "id"),
            ("T {/#id/}", "id"),
            ("T {/* id */}", "t--id-"),
            ("T {/* #a */ /* #b */}", "t--a---b-"),
        ],
    );
}

/// Output of Python-Markdown 3.11.3 with `toc` and `attr_list`.
#[test]
fn mkdocs() {
    check(
        Dialect::Mkdocs,
        &[
            ("It's -- x", "its-x"),
            ("T", "t_1"),
            ("X {: #t}", "t"),
            ("X {: #t}", "t"),
            ("Dup_1", "dup_1"),
            ("Dup_1", "dup_2"),
            ("Dup", "dup"),
            ("Dup", "dup_3"),
            ("Dup", "dup_4"),
            ("日本", "_1"),
            ("日本", "_2"),
            ("Ünï ﬁ Ⅷ ½ … ℡ Å ｆｕｌｌ", "uni-fi-viii-12-tel-a-full"),
            ("T { #sp .c }", "sp"),
            ("T {.cls}", "t_2"),
            ("T {a} {: #id}", "t-a-id"),
            ("T {: }", "t_3"),
            ("T {}", "t_4"),
            ("T {#a}b}", "t-ab"),
            ("T {id='q r'}", "q r"),
            ("T## {#hh}", "hh"),
            ("T{#no}", "tno"),
            ("T {: #e } ", "e"),
            ("- A -", "-a-"),
            ("a\u{85}\u{2028}b\u{1f}c", "a-b-c"),
            ("Tab   x\u{a0}y\u{2003}z", "tab-x-y-z"),
        ],
    );
}

#[test]
fn mkdocs_without_reserve_goes_by_order() {
    let mut slugger = Slugger::new(Dialect::Mkdocs);
    let anchors = ["T", "X {#t}", "T"].map(|text| slugger.slug(text));
    assert_eq!(anchors.each_ref().map(|a| &**a), ["t", "t", "t_1"]);
}

/// Output of kramdown 2.4.0; the headings hold no markup, of which kramdown would have made a part of the slug.
#[test]
fn kramdown() {
    check(
        Dialect::Kramdown,
        &[
            ("It's \"quoted\" -- text", "its-quoted----text"),
            ("Dup", "dup"),
            ("Dup", "dup-1"),
            ("Dup-1", "dup-1"),
            ("Ünïcode Ⅷ straße K", "ncode--strae-k"),
            ("1.2 Three", "three"),
            ("!!!", "section"),
            ("日本", "section-1"),
            ("T {#id}", "id"),
            ("id", "id"),
            ("T {#1id}", "t-1id"),
            ("T {: #x}", "t--x"),
            ("T{#no}", "tno"),
            ("tab\tx  y -", "tabx--y--"),
            ("T {#a:b.c-é}", "a:b.c-é"),
            ("-- x y", "x-y"),
        ],
    );
}

/// Output of kramdown 2.4.0 for `## T` with this line below it.
#[test]
fn kramdown_reads_the_line_below() {
    let below = [
        ("{: #below .c}", "below"),
        ("{: .c id=\"quoted\"}", "quoted"),
        ("{:#tight}", "tight"),
        ("   {: #three }  ", "three"),
        ("{:.c#joined}", "joined"),
        ("{: #1}", "t"),
        ("{:name: #x}", "t"),
        ("{::comment}", "t"),
        ("{: .c}", "t"),
        ("text {: #x}", "t"),
        ("    {: #four}", "t"),
        ("", "t"),
    ];
    for (line, expected) in below {
        let anchor = Slugger::new(Dialect::Kramdown).slug_above("T", line);
        assert_eq!(&*anchor, expected, "{line:?}");
    }
    let anchor = Slugger::new(Dialect::Kramdown).slug_above("T {#one}", "{: #two}");
    assert_eq!(&*anchor, "two");
    let anchor = Slugger::new(Dialect::Mkdocs).slug_above("T", "{: #two}");
    assert_eq!(&*anchor, "t");
}

/// `<h2>T</h2>` and then `## T`, tried with every tool but docfx, whose parser hands HTML through.
#[test]
fn only_github_slugs_html_headings() {
    for dialect in Dialect::ALL {
        assert_eq!(dialect.slugs_html_headings(), dialect == Dialect::Github);
    }
}
