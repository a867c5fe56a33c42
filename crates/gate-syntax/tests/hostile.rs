//! Files made to hurt. Each is read once from end to end: a reader that is not linear in its input does not get through these.

use gate_syntax::{
    Options, Slugger, code_masks, markdown_problems, parse, unbalanced, xml_problem,
};

fn everything() -> Options<'static> {
    Options {
        imports: true,
        code_paths: true,
        names: true,
        front_matter: true,
        balance: true,
        lint: true,
        ..Options::default()
    }
}

/// Everything this crate does with a file.
fn read(bytes: &[u8]) {
    for imports in [false, true] {
        let markdown = parse(
            bytes,
            Options {
                imports,
                ..everything()
            },
        );
        assert!(
            markdown
                .edges()
                .all(|edge| edge.line <= markdown.lines.max(1))
        );
    }
    let text = String::from_utf8_lossy(bytes);
    assert!(unbalanced(&text, &code_masks(&text)).0.len() <= 100_000);
    assert!(markdown_problems(&text).0.len() <= 100_000);
    assert!(xml_problem(bytes).is_some(), "no file here is XML");
}

#[test]
fn a_line_of_50_megabytes() {
    read(&vec![b'a'; 50_000_000]);
    let line = "word [a](b.md) <c d='e'>`f`|".repeat(50_000);
    assert_eq!(parse(line.as_bytes(), everything()).edges().len(), 50_000);
    read(line.as_bytes());
}

#[test]
fn a_hundred_thousand_headings() {
    let same = parse("# Same\n".repeat(100_000).as_bytes(), everything());
    assert_eq!(same.headings().len(), 100_000);
    let mut slugger = Slugger::default();
    let last = same
        .headings()
        .map(|heading| slugger.slug(heading.text))
        .last();
    assert_eq!(last.as_deref(), Some("same-99999"));
    read("## a\n\nb\n---\n<h3>c</h3>\n\n".repeat(33_000).as_bytes());
}

#[test]
fn nesting_a_hundred_thousand_deep() {
    for piece in [
        "[",
        "![",
        "](",
        "*",
        "_a ",
        "`",
        "<",
        "<a>",
        "<a ",
        "</a>",
        "<!--",
        "&",
        "\\",
        "<h1>",
        "<b><i>",
        "|",
        "[^a]",
        "$",
        "~~",
        "(",
        "{{",
        "<?",
        "<![CDATA[",
        "@a/",
        "https://a",
        "a@b",
    ] {
        read(piece.repeat(100_000).as_bytes());
    }
    for piece in [
        "```\n",
        "~~~\n",
        "<a>\n",
        "</a>\n",
        "[a]: b\n",
        "a | b\n-|-\n",
        "<a\n",
        "---\n",
    ] {
        read(piece.repeat(20_000).as_bytes());
    }
}

#[test]
fn containers_in_containers() {
    for piece in ["> ", "- ", "1. ", "> - "] {
        read(piece.repeat(20_000).as_bytes());
    }
}

#[test]
fn aliases_are_never_expanded() {
    let mut yaml = "---\na0: &a0 [x, x]\n".to_owned();
    for level in 1..2_000 {
        let before = level - 1;
        let aliases = format!("*a{before}, ").repeat(4);
        yaml.push_str(
            &[
                "a",
                &level.to_string(),
                ": &a",
                &level.to_string(),
                " [",
                &aliases,
                "x]\n",
            ]
            .concat(),
        );
    }
    yaml += "---\n# T\n";
    let matter = parse(yaml.as_bytes(), everything()).front_matter.unwrap();
    assert_eq!((matter.error, matter.keys.len()), (None, 2_000));
    read(yaml.as_bytes());
    for piece in [
        "[", "{", "- ", "? ", "&a ", "a: {", "!", "'", "\"", "|\n", "*a\n",
    ] {
        read(format!("---\na: {}\n---\n", piece.repeat(10_000)).as_bytes());
    }
}

#[test]
fn bytes_that_are_no_text() {
    let noise: Vec<u8> = (0..300_000_u32)
        .map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8)
        .collect();
    read(&noise);
    assert!(parse(&noise, everything()).invalid_utf8);
    read(&vec![0xff; 1_000_000]);
    read(&vec![0; 1_000_000]);
    read("\u{feff}".repeat(100_000).as_bytes());
    read("<\0".repeat(200_000).as_bytes());
}
