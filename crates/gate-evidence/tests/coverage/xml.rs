//! What holds of every XML format.

use gate_evidence::coverage::{self, Coverage, FORMATS};
use gate_evidence::{Limits, ReportErrorKind as Kind, unpacked};

use crate::broken::SAMPLES;
use crate::{read, read_within};

/// The samples that are XML.
fn samples() -> impl Iterator<Item = (&'static str, &'static str)> {
    SAMPLES
        .iter()
        .copied()
        .filter(|(_, text)| text.starts_with('<'))
}

fn sound(format: &str, text: impl AsRef<[u8]>) -> Coverage {
    read(format, text).unwrap_or_else(|error| panic!("{format}: {error}"))
}

#[test]
fn line_ends_comments_and_namespaces_change_nothing() {
    assert_eq!(samples().count(), 6);
    for (format, text) in samples() {
        let plain = sound(format, text);
        for between in ["\r\n  ", "\n", "<!-- > --", "<?x y?>"] {
            let between = between.replace("--", "-->").replace("<!-->", "<!--");
            let changed = text.replace("><", &format!(">{between}<"));
            assert_eq!(sound(format, changed).files, plain.files, "{format}");
        }
        let prefixed = text
            .replace("</", "\0")
            .replace('<', "<n:")
            .replace('\0', "</n:");
        assert_eq!(sound(format, prefixed).files, plain.files, "{format}");
    }
}

#[test]
fn paths_stay_as_written() {
    for (format, text) in samples() {
        for (written, path) in [
            ("C:\\src\\a b.cs", "C:\\src\\a b.cs"),
            ("/src/a&amp;b/&#233;.c", "/src/a&b/\u{e9}.c"),
            ("a\u{1f600}", "a\u{1f600}"),
        ] {
            let coverage = sound(format, text.replace("'a'", &format!("'{written}'")));
            let path = match format {
                "jacoco" => format!("p/{path}"),
                _ => path.to_owned(),
            };
            assert_eq!(
                coverage.files.keys().collect::<Vec<_>>(),
                [&path],
                "{format}"
            );
        }
    }
}

#[test]
fn utf_16_is_read_where_a_report_is_opened() {
    for (format, text) in samples() {
        let declared = format!("\u{feff}<?xml version='1.0' encoding='utf-16'?>\r\n{text}");
        let bytes: Vec<u8> = declared.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(read(format, &bytes).unwrap_err().kind, Kind::NotUtf8);
        let mut opened = Vec::new();
        let mut reader = unpacked(bytes.as_slice()).unwrap();
        std::io::Read::read_to_end(&mut reader, &mut opened).unwrap();
        assert_eq!(
            coverage::sniff(&opened).map(|found| found.name),
            Some(format)
        );
        assert_eq!(sound(format, opened).files, sound(format, text).files);
    }
}

#[test]
fn a_doubled_report_is_two_roots() {
    for (format, text) in samples() {
        let error = read(format, text.repeat(2)).unwrap_err();
        assert_eq!(error.kind, Kind::Malformed, "{format}");
        assert!(error.found.contains("after the root element"), "{error}");
    }
}

#[test]
fn united_with_itself_a_report_keeps_its_totals() {
    for (format, text) in samples() {
        let mut twice = sound(format, text);
        twice.merge(sound(format, text));
        assert_eq!(twice.totals(), sound(format, text).totals(), "{format}");
        assert!(twice.unstable.is_empty());
    }
}

#[test]
fn entities_are_refused_in_every_format() {
    for (format, text) in samples() {
        let bomb = format!("<!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]>{text}");
        assert_eq!(
            read(format, bomb).unwrap_err().kind,
            Kind::EntityDeclaration,
            "{format}"
        );
    }
}

#[test]
fn what_is_shown_of_a_report_is_one_short_line() {
    for (format, text) in samples() {
        let reference = format!("'&gt{}\n\u{1b}[31m;'", "x".repeat(500));
        let error = read(format, text.replace("'a'", &reference)).unwrap_err();
        assert_eq!(error.kind, Kind::Malformed, "{format}");
        let plain = |c: char| !c.is_control();
        assert!(
            error.found.chars().all(plain) && error.found.len() < 200,
            "{error}"
        );
    }
}

#[test]
fn depth_and_length_are_limited_in_every_format() {
    let small = Limits {
        line_bytes: 1000,
        depth: 20,
        ..Limits::default()
    };
    for (format, text) in samples() {
        let end = text.find('>').unwrap();
        let long = format!("{} x='{}'{}", &text[..end], "a".repeat(2000), &text[end..]);
        let last = text.rfind("</").unwrap();
        let deep = format!("{}{}", &text[..last], "<x>".repeat(30));
        let tall = format!("{}<!--{}", &text[..last], "-".repeat(2000));
        for text in [long, deep, tall] {
            let error = read_within(format, text, small).unwrap_err();
            assert_eq!(error.kind, Kind::OverLimit, "{format}");
        }
    }
}

#[test]
fn rates_and_summaries_alone_are_no_evidence() {
    for (format, text) in [
        (
            "cobertura",
            "<coverage line-rate='1' lines-valid='9' lines-covered='9'><packages><package line-rate='1'><classes><class filename='a' line-rate='1'/></classes></package></packages></coverage>",
        ),
        (
            "jacoco",
            "<report name='r'><package name='p'><sourcefile name='a'><counter type='LINE' missed='0' covered='9'/></sourcefile></package></report>",
        ),
        (
            "clover",
            "<coverage generated='1'><project><file path='a'><metrics statements='9' coveredstatements='9'/></file></project></coverage>",
        ),
        (
            "opencover",
            "<CoverageSession><Summary numSequencePoints='9' visitedSequencePoints='9'/></CoverageSession>",
        ),
        (
            "dotnet_coverage",
            "<results><modules><module line_coverage='100' lines_covered='9'><functions><function name='f' lines_covered='9'/></functions></module></modules></results>",
        ),
    ] {
        assert_eq!(
            read(format, text).unwrap_err().kind,
            Kind::Empty,
            "{format}"
        );
    }
}

#[test]
fn every_beginning_is_recognised_or_nothing() {
    for (format, text) in samples() {
        for end in 0..text.len() {
            let found = coverage::sniff(&text.as_bytes()[..end]).map(|found| found.name);
            assert!(
                found.is_none() || found == Some(format),
                "{format} at {end}"
            );
        }
        let accepting = FORMATS.iter().filter(|other| {
            coverage::parse(other, &mut text.as_bytes(), Limits::default()).is_ok()
        });
        assert_eq!(
            accepting.map(|other| other.name).collect::<Vec<_>>(),
            [format]
        );
    }
}
