use std::io::{self, Read};

use gate_evidence::test_run::{self, FORMATS, LIMITS, Status};
use gate_evidence::{Limits, ReportErrorKind as Kind};

use crate::samples::SAMPLES;
use crate::{case, counts, read, read_within};

#[test]
fn every_format_has_a_sample_and_reads_it() {
    let names: Vec<_> = FORMATS.iter().map(|format| format.name).collect();
    let sampled: Vec<_> = SAMPLES.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, sampled);
    for (name, text) in SAMPLES {
        let format = test_run::sniff(text.as_bytes()).map(|format| format.name);
        assert_eq!(format, Some(*name));
        let run = read(name, text).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(counts(&run), [1, 0, 1, 0, 1, 0], "{name}");
        assert_eq!(run.records, 3, "{name}");
        assert_eq!(run.totals().micros, 3000, "{name}");
        assert_eq!(run.notes, [""; 0], "{name}");
        let title = if *name == "go_test" { "b" } else { "c > b" };
        let failed = case(&run, title);
        assert_eq!(failed.status, Status::Failed, "{name}");
        let message = failed.detail.message.as_deref().unwrap_or_default();
        assert!(message.ends_with("no"), "{name}: {message}");
        assert!(
            failed.detail.places.iter().any(|place| place.line == 7),
            "{name}"
        );
        // neither a byte order mark nor Windows' line ends change anything
        for text in [format!("\u{feff}{text}"), text.replace('\n', "\r\n")] {
            assert_eq!(
                read(name, text).expect("still a report").suites,
                run.suites,
                "{name}"
            );
        }
    }
}

#[test]
fn no_format_reads_another_nor_a_coverage_report() {
    for (asked, _) in SAMPLES {
        for (given, text) in SAMPLES.iter().filter(|(given, _)| given != asked) {
            let error = read(asked, text).expect_err("another format");
            assert_eq!(error.kind, Kind::WrongFormat, "{given} as {asked}");
            assert!(
                error.found.contains(given) && error.expected.contains(asked),
                "{error}"
            );
        }
        for (text, found) in [
            (
                "<coverage line-rate='1'><packages/></coverage>",
                "a Cobertura report",
            ),
            ("SF:a\nDA:1,1\nend_of_record\n", "an lcov report"),
            ("<html/>", "an HTML page"),
            ("{\"version\":\"2.1.0\",\"runs\":[]}", "a SARIF log"),
            (
                "{\"stats\":{\"suites\":1},\"results\":[]}",
                "a JSON document",
            ),
            ("not a report", "`not a report`"),
        ] {
            let error = read(asked, text).expect_err("no test report");
            assert_eq!(error.kind, Kind::WrongFormat, "{text}");
            assert!(error.found.contains(found), "{asked}: {error}");
        }
    }
}

#[test]
fn nothing_is_empty_and_never_a_success() {
    for (format, _) in SAMPLES {
        for text in ["", "\n \r\n", "\u{feff}"] {
            assert_eq!(
                read(format, text).expect_err("nothing").kind,
                Kind::Empty,
                "{format} {text:?}"
            );
        }
    }
}

#[test]
fn a_report_cut_anywhere_is_no_report() {
    for (format, text) in SAMPLES {
        for end in (1..text.trim_end().len()).filter(|&end| text.is_char_boundary(end)) {
            // where a line ends, and the packages have ended, a stream of events is whole
            let error = read(format, &text[..end]).expect_err("cut off");
            let in_mark = text[..end].rfind("<!").is_some_and(|mark| end - mark < 9);
            let kinds = if in_mark {
                [Kind::Malformed, Kind::Truncated]
            } else {
                [Kind::Truncated, Kind::WrongFormat]
            };
            assert!(
                kinds.contains(&error.kind),
                "{format} cut at {end}: {error}"
            );
        }
    }
}

#[test]
fn bytes_that_are_not_utf8_are_refused() {
    for (format, text) in SAMPLES {
        let mut bytes = text.as_bytes().to_vec();
        let at = text
            .find("\"a\"")
            .or_else(|| text.find("'a'"))
            .expect("a name")
            + 1;
        bytes[at] = 0xe9;
        let error = read(format, &bytes).expect_err("Latin 1");
        assert_eq!(error.kind, Kind::NotUtf8, "{format}: {error}");
        let utf16: Vec<u8> = std::iter::once(0xfeff)
            .chain(text.encode_utf16())
            .flat_map(u16::to_le_bytes)
            .collect();
        assert_eq!(
            read(format, utf16).expect_err("UTF-16").kind,
            Kind::NotUtf8,
            "{format}"
        );
    }
}

#[test]
fn entities_are_refused() {
    let junit = SAMPLES[0].1;
    let bomb = format!("<!DOCTYPE testsuites [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]>{junit}");
    let error = read("junit", bomb).expect_err("entities");
    assert_eq!(error.kind, Kind::EntityDeclaration, "{error}");
}

#[test]
fn limits_hold() {
    let small = Limits {
        bytes: 5_000,
        line_bytes: 1000,
        records: 10,
        name_bytes: 500,
        depth: 12,
    };
    let kind = |format, text: String| read_within(format, text, small).expect_err("too much").kind;
    let case = "<testcase name='a'/>";
    let suite = |inner: String| format!("<testsuite name='s'>{inner}</testsuite>");
    assert_eq!(kind("junit", suite(case.repeat(11))), Kind::OverLimit);
    assert_eq!(
        kind(
            "junit",
            suite(" ".repeat(900).repeat(6).replace("  ", "<a/>"))
        ),
        Kind::OverLimit
    );
    assert_eq!(
        kind(
            "junit",
            suite(format!("<testcase name='{}'/>", "a".repeat(600)))
        ),
        Kind::OverLimit
    );
    assert_eq!(
        kind("junit", "<testsuite name='s'>".repeat(20)),
        Kind::OverLimit
    );
    let long_names =
        "<testsuite name='sssssssssssssssssssssssssssssssssssssssssssssssss'>".repeat(11);
    assert_eq!(
        kind("junit", format!("{long_names}{case}")),
        Kind::OverLimit
    );
    assert_eq!(
        kind(
            "junit",
            format!("{long_names}{}", "</testsuite>".repeat(11))
        ),
        Kind::OverLimit
    );
    let trx = |inner: String| format!("<TestRun><Results>{inner}</Results></TestRun>");
    assert_eq!(
        kind(
            "trx",
            trx("<UnitTestResult testName='a' outcome='Passed'/>".repeat(11))
        ),
        Kind::OverLimit
    );
    let nunit = "<test-case name='a' result='Passed'/>".repeat(11);
    assert_eq!(
        kind("nunit3", format!("<test-run>{nunit}</test-run>")),
        Kind::OverLimit
    );
    let xunit = "<test name='a' result='Pass'/>".repeat(11);
    assert_eq!(
        kind(
            "xunit2",
            format!("<assemblies><assembly name='s'>{xunit}</assembly></assemblies>")
        ),
        Kind::OverLimit
    );
    let event = "{\"Action\":\"run\",\"Package\":\"s\",\"Test\":\"a\"}\n";
    assert_eq!(kind("go_test", event.repeat(11)), Kind::OverLimit);
    assert_eq!(
        kind(
            "go_test",
            format!("{event}{{\"Action\":\"{}\"}}", "a".repeat(1000))
        ),
        Kind::OverLimit
    );
    let jest = |inner: &str| {
        format!(
            "{{\"numFailedTestSuites\":0,\"numTotalTests\":0,\"testResults\":[{{\"assertionResults\":[{inner}]}}]}}"
        )
    };
    assert_eq!(
        kind(
            "jest",
            jest(&["{\"title\":\"a\",\"status\":\"passed\"}"; 11].join(","))
        ),
        Kind::OverLimit
    );
    assert_eq!(
        kind("jest", format!("{}{}", jest(""), " ".repeat(6000))),
        Kind::OverLimit
    );
    let mocha = ["{\"title\":\"a\"}"; 11].join(",");
    assert_eq!(
        kind("mocha", format!("{{\"stats\":{{}},\"passes\":[{mocha}]}}")),
        Kind::OverLimit
    );
    assert!(read_within("junit", suite(case.repeat(10)), small).is_ok());
}

#[test]
fn a_long_log_in_a_report_is_no_reason_to_refuse_it() {
    let log = "line of a log\n".repeat(200_000);
    let text = format!(
        "<testsuite name='s'><testcase name='a'/><system-out><![CDATA[{log}]]></system-out></testsuite>"
    );
    assert_eq!(
        counts(&read("junit", text).expect("a report")),
        [1, 0, 0, 0, 0, 0]
    );
}

#[test]
fn a_reader_that_fails_is_no_evidence() {
    struct Failing;
    impl Read for Failing {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("disk on fire"))
        }
    }
    for (name, text) in SAMPLES {
        let format = test_run::format(name).expect("a known format");
        let mut reader = io::BufReader::new(text.as_bytes()[..30].chain(Failing));
        let error = test_run::parse(format, &mut reader, LIMITS).expect_err("unreadable");
        assert_eq!(error.kind, Kind::Unreadable);
        assert!(error.to_string().contains("disk on fire"));
        // beyond what is looked at first
        let long = text.replacen('>', &format!(">{}", " ".repeat(100_000)), 1);
        let long = if *name == "go_test" {
            format!("{text}{}", "\n".repeat(100_000))
        } else if text.starts_with('{') {
            text.replacen("\":", &format!("\":{}", " ".repeat(100)), 1)
        } else {
            long
        };
        let mut reader = io::BufReader::new(long.as_bytes()[..long.len() - 2].chain(Failing));
        let error = test_run::parse(format, &mut reader, LIMITS).expect_err("unreadable");
        assert_eq!(error.kind, Kind::Unreadable, "{name}: {error}");
    }
}
