//! What is well-formed, what is not, and where.

use proptest::prelude::*;

use super::*;

fn problem(text: &str) -> Option<(u32, u32, String)> {
    problem_of(text.as_bytes())
}

fn problem_of(bytes: &[u8]) -> Option<(u32, u32, String)> {
    xml_problem(bytes).map(|error| (error.line, error.column, error.message.into_string()))
}

/// Asserts line, column and a part of the message.
fn fails(text: &str, line: u32, column: u32, part: &str) {
    let (found_line, found_column, message) = problem(text).unwrap_or_else(|| panic!("{text:?}"));
    assert_eq!(
        (found_line, found_column),
        (line, column),
        "{text:?}: {message}"
    );
    assert!(message.contains(part), "{text:?}: {message}");
}

#[test]
fn well_formed_files_have_no_problem() {
    let all = [
        "<a/>",
        "\u{feff}<a/>",
        "<?xml version='1.0' encoding = \"utf-8\" standalone='no' ?>\r\n<!-- - --><?pi x?><a b='\"' c=\"'>\"\n d = '&#x20ac;&amp;' ></a >\n<!-- end --> <?p?>\n",
        "<_:a.b-1 \u{e9}t\u{e9}='x'>]] > ]&gt; <![CDATA[<b>&no;]]]]><b/></_:a.b-1>",
        "<!DOCTYPE a><a/>",
        "<!DOCTYPE a SYSTEM \"x[>.dtd\" ><a>&from-elsewhere;</a>",
        "<!DOCTYPE a PUBLIC '-//x' 'y' [<!ENTITY b 'c'>]><a d='&b;'>&b;&e;</a>",
        "<!DOCTYPE a [ <!-- ]> \" --> <?p ]> ?> <!ELEMENT a (#PCDATA)> <!ATTLIST a b CDATA '>' > <!ENTITY % p SYSTEM 'q'> %p; <!NOTATION n SYSTEM 'n'> <!ENTITY f SYSTEM 'g' NDATA n> ] ><a>&anything;</a>",
    ];
    for text in all {
        assert_eq!(problem(text), None, "{text:?}");
    }
}

#[test]
fn names_what_is_not_well_formed() {
    fails("", 1, 1, "expected one root element");
    fails(" \n<!-- x -->\n", 3, 1, "expected one root element");
    fails(
        "<a>\n <b>\n</a>",
        3,
        1,
        "found `</a>`, expected `</b>` opened at line 2",
    );
    fails(
        "<a>\n <b></b></c>",
        2,
        9,
        "found `</c>`, expected `</a>` opened at line 1",
    );
    fails("<a/>\n</a>", 2, 1, "no element is open");
    fails("<a>\n  <b>é</b> <c>", 2, 12, "found no end of `<c>`");
    fails("<a/><b/>", 1, 5, "second root element `<b>`");
    fails(
        "<a/> é",
        1,
        6,
        "found `é`, expected only white space outside",
    );
    fails("x<a/>", 1, 1, "outside");
    fails("<a/>&amp;", 1, 5, "outside");
    fails("<![CDATA[]]><a/>", 1, 1, "outside");
    fails("<a b='1' b='2'/>", 1, 10, "attribute `b` a second time");
    fails("<a b=1/>", 1, 6, "in quotes");
    fails("<a b/>", 1, 5, "expected `=`");
    fails("<a b='1'c='2'/>", 1, 9, "white space");
    fails("<a b='<'/>", 1, 7, "expected `&lt;`");
    fails("<a b='x>\n<c d=''/>", 2, 1, "a quote before it");
    fails("<a>\n<b", 2, 3, "found the end, expected");
    fails("<a>\n</a ", 2, 1, "without an end");
    fails("<a b='x", 1, 6, "expected `'`");
    fails("<1a/>", 1, 2, "name of an element");
    fails("<a>1 < 2</a>", 1, 7, "name of an element");
    fails("<a></a b>", 1, 8, "expected `>`");
    fails("<a><b</a>", 1, 6, "expected white space");
    fails("<a>x & y</a>", 1, 6, "expected `&amp;`");
    fails("<a>&nbsp;</a>", 1, 4, "undeclared entity `&nbsp;`");
    fails("<a b='x&y'/>", 1, 10, "expected `;`");
    fails("<a>&#0;</a>", 1, 4, "no character");
    fails("<a>&#xD800;</a>", 1, 4, "no character");
    fails("<a>&#99999999999;</a>", 1, 4, "no character");
    fails("<a>&#x;</a>", 1, 7, "expected a digit");
    fails("<a>]]></a>", 1, 4, "`]]>`");
    fails("<a><!-- a -- b --></a>", 1, 11, "`--` in a comment");
    fails("<a><!-- a ---></a>", 1, 11, "`--` in a comment");
    fails("<a><!-- </a>", 1, 4, "expected `-->`");
    fails("<a><![CDATA[ </a>", 1, 4, "expected `]]>`");
    fails("<a><!x></a>", 1, 4, "found `<!`");
    fails("<a><?xml x?></a>", 1, 4, "XML declaration");
    fails(" <?xml version='1.0'?><a/>", 1, 2, "very start");
    fails("<?XML x?><a/>", 1, 1, "called `xml`");
    fails("<?p", 1, 1, "expected `?>`");
    fails("<?xml encoding='utf-8'?><a/>", 1, 7, "in this order");
    fails(
        "<?xml version='1.0' standalone='no' encoding='utf-8'?><a/>",
        1,
        37,
        "in this order",
    );
    fails("<?xml version='2.0'?><a/>", 1, 16, "expected `1.0`");
    fails(
        "<?xml version='1.0' standalone='maybe'?><a/>",
        1,
        33,
        "`yes` or `no`",
    );
    fails("<a>\u{1}</a>", 1, 4, "U+0001");
    fails("<a><!-- \u{ffff} --></a>", 1, 9, "U+FFFF");
    fails("\u{feff}\u{feff}<a/>", 1, 1, "second byte order mark");
    fails("<a/><!DOCTYPE a>", 1, 5, "before the root");
    fails("<!DOCTYPE><a/>", 1, 10, "name of the root");
    fails("<!doctype a><a/>", 1, 1, "`<!DOCTYPE`");
    fails("<!DOCTYPE a [<!ENTITY b>]><a/>", 1, 24, "white space");
    fails(
        "<!DOCTYPE a [<!ENTITY b 'x'>]><a>&c;</a>",
        1,
        34,
        "undeclared entity `&c;`",
    );
    fails("<!DOCTYPE a [<!ENTITY b '5%'>]><a/>", 1, 27, "`&#37;`");
    fails(
        "<!DOCTYPE a PUBLIC '<' 'b'><a/>",
        1,
        21,
        "public identifier",
    );
    fails("<!DOCTYPE a [ x ]><a/>", 1, 15, "a declaration");
    fails(
        "<?xml version='1.0' standalone='yes'?><!DOCTYPE a SYSTEM 'b'><a>&c;</a>",
        1,
        65,
        "undeclared",
    );
}

#[test]
fn reads_encodings() {
    let wide = |text: &str, unit: fn(u16) -> [u8; 2]| -> Vec<u8> {
        text.encode_utf16().flat_map(unit).collect()
    };
    for unit in [u16::to_le_bytes as fn(u16) -> [u8; 2], u16::to_be_bytes] {
        let good = "\u{feff}<?xml version='1.0' encoding='UTF-16'?>\n<é>🚀</é>";
        assert_eq!(problem_of(&wide(good, unit)), None);
        let bad = problem_of(&wide("\u{feff}<é>🚀\n🚀🚀</b>", unit));
        assert_eq!(bad.map(|(line, column, _)| (line, column)), Some((2, 3)));
        let lied = problem_of(&wide(
            "\u{feff}<?xml version='1.0' encoding='x'?><a/>",
            unit,
        ));
        assert_eq!(lied.map(|(line, column, _)| (line, column)), Some((1, 31)));
    }
    let mut odd = wide("\u{feff}<a/>", u16::to_le_bytes);
    odd.push(0);
    assert_eq!(problem_of(&odd).map(|found| found.1), Some(5));
    assert!(problem_of(b"\xff\xfe<\0a\0/\0>\0\0\xd8\n\0").is_some());
    assert!(problem_of(b"\xff\xfe\0\0<\0\0\0").is_some_and(|found| found.2.contains("UTF-32")));

    let latin = b"<?xml version='1.0' encoding='ISO-8859-1'?><a \xe9='\x93'>\xff</a>";
    assert_eq!(problem_of(latin), None);
    let bad = problem_of(b"<a>\n\xc3\xa9\xff</a>");
    assert_eq!(
        bad,
        Some((
            2,
            2,
            "found the byte 0xFF, expected UTF-8 (the file declares nothing else)".to_owned()
        ))
    );
    for (label, part) in [
        ("UFT-8", "`UFT-8`"),
        ("utf-16", "`utf-16`"),
        ("iso-2022-jp", "extends ASCII"),
    ] {
        let text = format!("<?xml version='1.0' encoding='{label}'?><a/>");
        fails(&text, 1, 31, part);
    }
    assert!(problem_of(b"<?xml version='1.0' encoding='us-ascii'?><a>\xc3\xa9</a>").is_some());
    fails(
        "\u{feff}<?xml version='1.0' encoding='gbk'?><a/>",
        1,
        31,
        "mark of UTF-8",
    );
}

/// Entities are names here, so what they would expand to costs nothing.
#[test]
fn entity_bombs_cost_nothing() {
    use std::fmt::Write as _;
    let mut text = String::from("<!DOCTYPE a [<!ENTITY e0 'ha'>");
    for level in 1..1_000 {
        let before = level - 1;
        let _ = write!(
            text,
            "<!ENTITY e{level} '{}'>",
            format!("&e{before};").repeat(10)
        );
    }
    text.push_str("]><a>&e999;</a>");
    assert_eq!(problem(&text), None);
}

#[test]
fn depth_is_bounded() {
    let nested = |depth: usize| "<a>".repeat(depth) + &"</a>".repeat(depth);
    assert_eq!(problem(&nested(MAX_DEPTH)), None);
    fails(&nested(MAX_DEPTH + 1), 1, 3_001, "deeper than 1000");
    fails(&"<a>\n".repeat(100_000), 1_001, 1, "deeper than 1000");
}

/// Each of these is read once from end to end.
#[test]
fn hostile_files_come_to_an_end() {
    let n = 1_000_000;
    let many: Vec<_> = (0..n / 10).map(|i| format!(" a{i}=''")).collect();
    let many = many.concat();
    assert_eq!(problem(&format!("<a{many}/>")), None);
    assert_eq!(problem(&format!("<a>{}</a>", "<b/>".repeat(n))), None);
    assert_eq!(problem(&format!("<a>{}</a>", "&lt;".repeat(n))), None);
    assert_eq!(problem(&format!("<a>{}</a>", "x".repeat(50_000_000))), None);
    for piece in [
        "<a '",
        "<!--",
        "<![CDATA[",
        "<?",
        "&",
        "<!DOCTYPE a [",
        "<!DOCTYPE a [<!ENTITY ",
        "<a b=\"",
        "]]>",
        "<a><!DOCTYPE",
    ] {
        assert!(problem(&piece.repeat(n)).is_some(), "{piece}");
    }
}

#[test]
fn reports_of_real_tools_are_well_formed() {
    let all = [
        include_bytes!("../../../../fixtures/coverage/jacoco/maven/jacoco.xml").as_slice(),
        include_bytes!("../../../../fixtures/coverage/cobertura/coverage-py/coverage.xml"),
    ];
    for file in all {
        assert_eq!(problem_of(file), None);
        // The last tag is cut off.
        let cut = file
            .iter()
            .rposition(|&byte| byte == b'<')
            .unwrap_or_default();
        assert!(problem_of(&file[..cut]).is_some_and(|found| found.2.contains("no end of")));
    }
}

/// A tree of elements, written as XML.
fn element() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        "[ -%'-;=?-~é🚀]{0,8}".prop_map(|text: String| text.replace("]]>", "")),
        Just("<![CDATA[<&]]>".to_owned()),
        Just("<!-- - -->".to_owned()),
        Just("&#10;&quot;".to_owned()),
        Just("<?p q?>".to_owned()),
    ];
    leaf.prop_recursive(4, 32, 4, |inner| {
        let inner = prop::collection::vec(inner, 0..4);
        ("[a-z_:é][a-z0-9.-]{0,3}", inner).prop_map(|(name, inner)| {
            format!("<{name} b='>' c=\"&amp;'\">{}</{name}\n>", inner.concat())
        })
    })
    .prop_map(|inner| format!("<root>{inner}</root>"))
}

proptest! {
    #[test]
    fn what_is_written_well_has_no_problem(text in element()) {
        prop_assert_eq!(problem(&text), None);
    }

    /// Nothing may follow, and nothing may be missing.
    #[test]
    fn a_part_is_never_well_formed(text in element(), cut in 1_usize..50) {
        let end = text.len().saturating_sub(cut);
        if let Some(part) = text.get(..end) {
            prop_assert!(problem(part).is_some());
        }
        prop_assert!(problem(&text.repeat(2)).is_some());
    }

    #[test]
    fn positions_are_in_the_file(text in "[<>/a&;'\"!\\[\\]?=x\n -]{0,60}") {
        if let Some((line, column, _)) = problem(&text) {
            let line = text.split('\n').nth(line as usize - 1).unwrap_or("");
            prop_assert!(column as usize <= line.chars().count() + 1);
        }
    }
}
