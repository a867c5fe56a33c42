use std::fmt::Write as _;
use std::io::{self, BufRead, Read};

use gate_evidence::coverage::{self, FORMATS};
use gate_evidence::{Limits, ReportErrorKind as Kind};

use crate::{ratio, read, read_within};

const LCOV: &str = "TN:\nSF:a\nDA:1,1\nend_of_record\n";
const GO: &str = "mode: set\na.go:1.1,2.9 1 1\n";
const COBERTURA: &str = "<coverage line-rate='1'><packages><package><classes><class filename='a'><lines><line number='1' hits='1'/></lines></class></classes></package></packages></coverage>";
const JACOCO: &str = "<report name='r'><package name='p'><sourcefile name='a'><line nr='1' ci='1'/></sourcefile></package></report>";
const CLOVER: &str = "<coverage generated='1'><project><file name='a'><line num='1' type='stmt' count='1'/></file></project></coverage>";
const OPENCOVER: &str = "<CoverageSession><Modules><Module><Files><File uid='1' fullPath='a'/></Files><Classes><Class><Methods><Method><Name>f</Name><FileRef uid='1'/><SequencePoints><SequencePoint vc='1' sl='1' sc='1' el='1' ec='2'/></SequencePoints></Method></Methods></Class></Classes></Module></Modules></CoverageSession>";
const DOTNET: &str = "<results><modules><module><functions><function name='f'><ranges><range source_id='0' start_line='1' end_line='1' covered='yes'/></ranges></function></functions><source_files><source_file id='0' path='a'/></source_files></module></modules></results>";
const DOTCOVER: &str = "<Root ReportType='DetailedXml'><FileIndices><File Index='1' Name='a'/></FileIndices><Assembly><Type><Method Name='f'><Statement FileIndex='1' Line='1' EndLine='1' Covered='True'/></Method></Type></Assembly></Root>";
pub(crate) const SAMPLES: &[(&str, &str)] = &[
    ("lcov", LCOV),
    ("go_profile", GO),
    ("cobertura", COBERTURA),
    ("jacoco", JACOCO),
    (
        "llvm_cov",
        r#"{"data":[{"files":[{"branches":[],"filename":"a","segments":[[1,1,1,true,true,false],[1,9,0,false,false,false]]}]}],"type":"llvm.coverage.json.export"}"#,
    ),
    ("codecov_json", r#"{"coverage":{"a":{"1":1}}}"#),
    (
        "coverage_py",
        r#"{"meta":{"show_contexts":false},"files":{"a":{"executed_lines":[1],"missing_lines":[]}}}"#,
    ),
    (
        "istanbul",
        r#"{"a":{"path":"a","statementMap":{"0":{"start":{"line":1,"column":0},"end":{"line":1,"column":9}}},"s":{"0":1}}}"#,
    ),
    (
        "istanbul_summary",
        r#"{"a":{"lines":{"total":1,"covered":1,"skipped":0,"pct":100}}}"#,
    ),
    (
        "simplecov",
        r#"{"RSpec":{"coverage":{"a":{"lines":[1,null]}},"timestamp":1}}"#,
    ),
    (
        "gcov_json",
        r#"{"gcc_version":"12","files":[{"file":"a","lines":[{"line_number":1,"count":1}]}]}"#,
    ),
    ("gcov_text", "-:    0:Source:a\n1:    1:x\n"),
    ("clover", CLOVER),
    ("opencover", OPENCOVER),
    ("dotnet_coverage", DOTNET),
    ("dotcover", DOTCOVER),
];

#[test]
fn every_format_has_a_sample_and_reads_it() {
    let names: Vec<_> = FORMATS.iter().map(|format| format.name).collect();
    for name in &names {
        assert!(SAMPLES.iter().any(|(sample, _)| sample == name), "{name}");
    }
    for (name, text) in SAMPLES {
        assert_eq!(
            coverage::sniff(text.as_bytes()).map(|format| format.name),
            Some(*name)
        );
        assert_eq!(
            read(name, text).unwrap().totals().lines.covered,
            if *name == "go_profile" { 2 } else { 1 }
        );
        // a byte order mark changes nothing
        assert!(read(name, format!("\u{feff}{text}")).is_ok(), "{name}");
    }
}

#[test]
fn no_format_reads_another() {
    for (asked, _) in SAMPLES {
        for (given, text) in SAMPLES.iter().filter(|(given, _)| given != asked) {
            let error = read(asked, text).unwrap_err();
            assert_eq!(error.kind, Kind::WrongFormat, "{given} as {asked}");
            assert!(error.expected.contains(asked), "{error}");
            assert!(error.found.contains("looks like"), "{error}");
        }
        for (text, found) in [
            ("<testsuites/>", "a JUnit test report"),
            ("{\"version\":\"2.1.0\",\"runs\":[]}", "a SARIF log"),
            ("\u{1f}not a report", "`\\u{1f}not a report`"),
        ] {
            let error = read(asked, text).unwrap_err();
            assert_eq!(error.kind, Kind::WrongFormat, "{text}");
            assert!(error.found.contains(found), "{error}");
        }
        let error = read(asked, b"\x1f\x8b\x08\0").unwrap_err();
        assert_eq!(
            (error.kind, error.found.as_str()),
            (Kind::WrongFormat, "what looks like gzip data")
        );
    }
}

#[test]
fn nothing_is_empty_and_never_a_success() {
    for (format, _) in SAMPLES {
        for text in ["", "\n \r\n", "\u{feff}"] {
            assert_eq!(
                read(format, text).unwrap_err().kind,
                Kind::Empty,
                "{format} {text:?}"
            );
        }
    }
    for (format, text) in [
        ("lcov", "TN:\n"),
        ("lcov", "SF:a\nend_of_record\n"),
        ("lcov", "SF:a\nDA:0,1\nend_of_record\n"),
        ("go_profile", "mode: set\n"),
        ("cobertura", "<coverage/>"),
        ("jacoco", "<report><package name='p'/></report>"),
        ("clover", "<coverage generated='1'><project/></coverage>"),
        ("opencover", "<CoverageSession><Modules/></CoverageSession>"),
        ("dotnet_coverage", "<results><modules/></results>"),
    ] {
        assert_eq!(
            read(format, text).unwrap_err().kind,
            Kind::Empty,
            "{format} {text}"
        );
    }
}

#[test]
fn a_report_cut_anywhere_inside_xml_is_truncated() {
    for (format, text) in SAMPLES.iter().filter(|(_, text)| text.starts_with('<')) {
        for end in 1..text.len() {
            let error = read(format, &text[..end]).unwrap_err();
            assert!(
                error.kind == Kind::Truncated || end < 8 && error.kind == Kind::WrongFormat,
                "{format} cut at {end}: {error}"
            );
        }
    }
}

#[test]
fn a_report_cut_anywhere_inside_json_is_truncated() {
    for (format, text) in SAMPLES.iter().filter(|(_, text)| text.starts_with('{')) {
        for end in 1..text.len() {
            let error = read(format, &text[..end]).unwrap_err();
            assert_eq!(
                error.kind,
                Kind::Truncated,
                "{format} cut at {end}: {error}"
            );
        }
        let error = read(format, format!("{text}\n{text}x")).unwrap_err();
        assert_eq!(
            (error.kind, error.line),
            (Kind::Malformed, Some(2)),
            "{format}"
        );
    }
}

#[test]
fn json_may_be_written_in_any_way() {
    for (format, text) in SAMPLES.iter().filter(|(_, text)| text.starts_with('{')) {
        let plain = read(format, text).unwrap();
        // no string of the samples holds one of these
        let spread = text.replace('{', "{\r\n").replace(',', ",\r\n\t ");
        assert_eq!(
            read(format, format!("\r\n{spread}\r\n")).unwrap().files,
            plain.files,
            "{format}"
        );
        let windows = text.replace("\"a\"", r#""C:\\src\\a""#);
        assert!(
            read(format, &windows)
                .unwrap()
                .files
                .contains_key(r"C:\src\a"),
            "{windows}"
        );
    }
}

#[test]
fn an_lcov_section_left_open_is_truncated() {
    for text in [
        "SF:a\nDA:1,1\n",
        "SF:a\nDA:1,1\nSF:b\nDA:1,1\nend_of_record\n",
    ] {
        let error = read("lcov", text).unwrap_err();
        assert_eq!(error.kind, Kind::Truncated);
        assert!(error.to_string().contains("line 1"), "{error}");
    }
}

#[test]
fn bytes_that_are_not_utf8_are_refused_with_their_place() {
    let error = read("lcov", b"SF:caf\xe9\nDA:1,1\nend_of_record\n").unwrap_err();
    assert_eq!(
        (error.kind, error.line, error.column),
        (Kind::NotUtf8, Some(1), Some(7))
    );
    let text = [
        COBERTURA.replace("'a'", "'caf").as_bytes().to_vec(),
        b"\xe9'".to_vec(),
    ]
    .concat();
    assert_ne!(read("cobertura", text).unwrap_err().kind, Kind::Empty);
    let text: Vec<u8> = "<report name='r'>\n<package name='caf\u{e9}'/></report>"
        .chars()
        .map(|c| c as u8)
        .collect();
    let error = read("jacoco", text).unwrap_err();
    assert_eq!(error.kind, Kind::NotUtf8);
    let utf16: Vec<u8> = std::iter::once(0xfeff)
        .chain(COBERTURA.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    assert_eq!(read("cobertura", utf16).unwrap_err().kind, Kind::NotUtf8);
}

#[test]
fn an_xml_document_says_what_it_is_encoded_in() {
    let document = |encoding: &str, path: &str| {
        let text = COBERTURA.replace("'a'", &format!("'{path}'"));
        format!("<?xml version='1.0' encoding='{encoding}'?>\n{text}")
    };
    for encoding in ["UTF-8", "utf-16", "us-ascii"] {
        let coverage = read("cobertura", document(encoding, "caf\u{e9}")).unwrap();
        assert!(coverage.files.contains_key("caf\u{e9}"), "{encoding}");
    }
    assert!(read("cobertura", document("windows-1252", "cafe")).is_ok());
    let far = format!("{}caf\u{e9}", "a".repeat(70_000));
    for path in ["caf\u{e9}", &far] {
        let error = read("cobertura", document("windows-1252", path)).unwrap_err();
        assert_eq!((error.kind, error.line), (Kind::NotUtf8, Some(2)));
        assert_eq!(
            error.found,
            "characters outside of ASCII in a document that says it is in `windows-1252`"
        );
    }
}

#[test]
fn lines_are_counted_across_pieces_of_the_input() {
    let comment = format!("<!--{}-->", "\n ".repeat(60_000));
    let text = format!("<report><package/>{comment}{comment}\n</a>");
    let error = read("jacoco", text).unwrap_err();
    assert_eq!((error.kind, error.line), (Kind::Malformed, Some(120_002)));
    let skipped = format!("{comment}<line nr='1' ci='1'/>\n<line nr='2' ci='1'/>");
    let text = JACOCO.replace("</report>", &format!("{skipped}</report>"));
    let coverage = read("jacoco", text).unwrap();
    assert_eq!(
        coverage.notes,
        [60_001, 60_002]
            .map(|line| format!("line {line}: skipped a line outside of a source file"))
    );
}

#[test]
fn entities_are_refused_and_a_dtd_is_not_fetched() {
    let bomb = format!("<!DOCTYPE coverage [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]>{COBERTURA}");
    assert_eq!(
        read("cobertura", bomb).unwrap_err().kind,
        Kind::EntityDeclaration
    );
    let external = format!("<!DOCTYPE coverage SYSTEM 'http://127.0.0.1:1/x.dtd'>{COBERTURA}");
    assert_eq!(
        read("cobertura", external).unwrap().totals().lines,
        ratio(1, 1)
    );
    let undeclared = COBERTURA.replace("'a'", "'&a;'");
    assert_eq!(
        read("cobertura", undeclared).unwrap_err().kind,
        Kind::Malformed
    );
}

#[test]
fn broken_xml_says_where() {
    let error = read("jacoco", "<report>\n<group>\n</package></report>").unwrap_err();
    assert_eq!((error.kind, error.line), (Kind::Malformed, Some(3)));
    let error = read("jacoco", format!("{JACOCO}\n{JACOCO}")).unwrap_err();
    assert_eq!((error.kind, error.line), (Kind::Malformed, Some(2)));
}

#[test]
fn limits_hold() {
    let small = Limits {
        bytes: 10_000,
        line_bytes: 1000,
        records: 10,
        name_bytes: 500,
        depth: 12,
    };
    let kind = |format, text: String| read_within(format, text, small).unwrap_err().kind;
    assert_eq!(
        kind("lcov", format!("SF:{}\n", "a".repeat(2000))),
        Kind::OverLimit
    );
    assert_eq!(kind("lcov", LCOV.repeat(1000)), Kind::OverLimit);
    assert_eq!(
        kind(
            "lcov",
            format!("SF:a\n{}end_of_record\n", "DA:1,1\n".repeat(11))
        ),
        Kind::OverLimit
    );
    assert_eq!(kind("go_profile", GO.repeat(11)), Kind::OverLimit);
    assert_eq!(
        kind(
            "jacoco",
            format!("<report><group name='{}'/></report>", "a".repeat(2000))
        ),
        Kind::OverLimit
    );
    assert_eq!(
        kind(
            "jacoco",
            format!("<report><group/>{}", "<!-- a -->".repeat(2000))
        ),
        Kind::OverLimit
    );
    assert_eq!(
        kind("jacoco", format!("<report>{}", "<group>".repeat(100))),
        Kind::OverLimit
    );
    assert_eq!(
        kind(
            "jacoco",
            format!(
                "<report><package name='{}'>{}</package></report>",
                "a".repeat(100),
                "<sourcefile name='b'/>".repeat(9)
            )
        ),
        Kind::OverLimit
    );
    let line = "<line number='1' hits='1'/>";
    assert_eq!(
        kind("cobertura", COBERTURA.replace(line, &line.repeat(11))),
        Kind::OverLimit
    );
}

/// What a hostile document does to a parser that trusts it.
#[test]
fn json_is_bounded_in_depth_strings_and_bytes() {
    let small = Limits {
        bytes: 200_000,
        line_bytes: 1000,
        records: 1000,
        depth: 20,
        ..Limits::default()
    };
    let deep = "[".repeat(100);
    let long = "x".repeat(64_001);
    let many = "1,".repeat(10_000);
    for (format, text) in SAMPLES.iter().filter(|(_, text)| text.starts_with('{')) {
        let within = |member: &str| {
            let text = format!("{},{member}}}", text.strip_suffix('}').unwrap());
            read_within(format, text, small)
        };
        for hostile in [
            format!("\"zz\":{{\"a\":{deep}"),
            format!("\"zz\":{{\"a\":\"{long}\"}}"),
            format!("\"{long}\":1"),
            format!("\"zz\":{{\"a\":\"{}\"}}", r#"\""#.repeat(40_000)),
            format!("\"zz\":{{\"a\":[{}1]}}", many.repeat(20)),
        ] {
            let error = within(&hostile).unwrap_err();
            assert_eq!(error.kind, Kind::OverLimit, "{format}: {error}");
            assert_eq!(error.line, Some(1), "{format}: {error}");
        }
    }
    for (format, text) in [
        (
            "coverage_py",
            format!(
                r#"{{"meta":{{"show_contexts":0}},"files":{{"a":{{"executed_lines":[{many}1]}}}}}}"#
            ),
        ),
        (
            "simplecov",
            format!(
                r#"{{"a":{{"timestamp":1,"coverage":{{"a":[{}1]}}}}}}"#,
                "null,".repeat(10_000)
            ),
        ),
        (
            "istanbul",
            format!(r#"{{"a":{{"statementMap":{{}},"b":{{"0":[{many}1]}}}}}}"#),
        ),
    ] {
        let error = read_within(format, text, small).unwrap_err();
        assert_eq!(error.kind, Kind::OverLimit, "{format}: {error}");
    }
}

#[test]
fn json_that_is_not_utf8_is_refused_even_where_it_is_not_read() {
    for (format, text) in SAMPLES.iter().filter(|(_, text)| text.starts_with('{')) {
        let mut bytes = text.as_bytes().to_vec();
        bytes.pop();
        // past the head, which is looked at beforehand
        bytes.extend(vec![b'\n'; coverage::SNIFF_BYTES]);
        bytes.extend(b",\"zz\":[\"\xc3\xa9\xe9\"]}");
        let error = read(format, bytes).unwrap_err();
        assert_eq!(error.kind, Kind::NotUtf8, "{format}: {error}");
        assert_eq!(
            error.line,
            Some(coverage::SNIFF_BYTES as u64 + 1),
            "{format}"
        );
    }
}

#[test]
fn very_many_keys_are_read_and_a_wrong_kind_of_value_says_where() {
    let mut text = String::from("{\"coverage\":{\"a\":{");
    for line in (1..=200_000).rev() {
        let _ = write!(text, "\"{line}\":0,");
    }
    text.push_str("\"1\":1}}}");
    assert_eq!(
        read("codecov_json", text).unwrap().totals().lines,
        ratio(1, 200_000)
    );
    let error = read(
        "coverage_py",
        "{\"meta\":{\"show_contexts\":false},\n\"files\":{\"a\":{\"missing_lines\":null}}}",
    )
    .unwrap_err();
    assert_eq!((error.kind, error.line), (Kind::Malformed, Some(2)));
    assert!(
        error.to_string().contains("found null, expected a list"),
        "{error}"
    );
}

/// A report of any length that is made while it is read.
struct Repeated {
    head: &'static [u8],
    unit: &'static [u8],
    left: usize,
    at: usize,
}

impl Read for Repeated {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let taken = self.fill_buf()?.read(out)?;
        self.consume(taken);
        Ok(taken)
    }
}

impl BufRead for Repeated {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.at == self.head.len() && self.left > 0 {
            (self.head, self.at, self.left) = (self.unit, 0, self.left - 1);
        }
        Ok(&self.head[self.at..])
    }

    fn consume(&mut self, amount: usize) {
        self.at += amount;
    }
}

#[test]
fn a_long_report_is_streamed() {
    let mut long = Repeated {
        head: b"TN:\n",
        unit: b"SF:a\nDA:1,1\nDA:2,0\nend_of_record\n",
        left: 100_000,
        at: 0,
    };
    let format = coverage::format("lcov").unwrap();
    let coverage = coverage::parse(format, &mut long, Limits::default()).unwrap();
    assert_eq!(coverage.records, 200_000);
    assert_eq!(coverage.files["a"].lines[&1], 100_000);
}

#[test]
fn a_reader_that_fails_is_no_evidence() {
    struct Failing;
    impl Read for Failing {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("disk on fire"))
        }
    }
    for format in FORMATS {
        let mut reader = io::BufReader::new(format_head(format.name).chain(Failing));
        let error = coverage::parse(format, &mut reader, Limits::default()).unwrap_err();
        assert_eq!(error.kind, Kind::Unreadable);
        assert!(error.to_string().contains("disk on fire"));
    }
}

fn format_head(name: &str) -> &'static [u8] {
    SAMPLES
        .iter()
        .find(|(sample, _)| *sample == name)
        .map_or(b"", |(_, text)| &text.as_bytes()[..20])
}
