//! Real and broken logs as values.
#![allow(clippy::disallowed_methods, reason = "tests read files")]

use std::path::{Path, PathBuf};

use gate_sarif::{Gap, Place, SarifErrorKind as Kind, Severity, read, severity, standing};
use proptest::prelude::*;

const LOG: &str = r#"{"$schema":"x","version":"2.1.0","runs":[{"tool":{"driver":{"name":"T","version":"1","rules":[
  {"id":"A","properties":{"security-severity":"9.8","tags":["security"]},"messageStrings":{"m":{"text":"found {0}"}}},null,
  {"id":"B","defaultConfiguration":{"level":"note"}}]},"extensions":[{"name":"E","rules":[{"id":"X","defaultConfiguration":{"level":"error"}}]}]},
  "originalUriBaseIds":{"ROOT":{"uri":"file:///work/"},"SRC":{"uri":"src/","uriBaseId":"ROOT"}},
  "artifacts":[{"location":{"uri":"by index.c"}}],
  "invocations":[{"executionSuccessful":true}],"results":[
  {"ruleId":"A","message":{"id":"m","arguments":["it"]},"locations":[{"physicalLocation":{"artifactLocation":{"uri":"a%20b.c","uriBaseId":"SRC"},"region":{"startLine":3,"startColumn":-1,"endLine":"4","endColumn":1.5}}}]},
  {"ruleIndex":2,"message":{"text":"m"},"locations":[{"physicalLocation":{"artifactLocation":{"index":0}}}]},
  {"ruleId":"X/1","message":{"text":"m"},"rule":{"index":0,"toolComponent":{"index":0}},"locations":null},
  {"ruleId":"A/sub","ruleIndex":2,"message":{"markdown":"m"}},
  {"ruleId":"Z","ruleIndex":99,"fingerprints":{"f":"1"}}]}]}"#;

/// The log without the null that stands for a rule: a list may not hold one.
fn log() -> String {
    LOG.replace(",null,", ",{},")
}

#[test]
fn results_find_their_rules_words_and_places() {
    let log = read(log().as_bytes()).unwrap();
    let run = &log.runs[0];
    let rules = run.rules();
    let seen: Vec<_> = run
        .results()
        .iter()
        .map(|result| {
            (
                rules.id_of(result),
                rules.message(result),
                severity(result, rules.of(result)),
            )
        })
        .collect();
    assert_eq!(
        seen,
        [
            ("A", "found it".into(), Severity::Critical),
            ("B", "m".into(), Severity::Low),
            ("X/1", "m".into(), Severity::High),
            ("A/sub", "m".into(), Severity::Critical),
            ("Z", String::new(), Severity::Medium),
        ]
    );
    let (place, region) = run.place(&run.results()[0]).unwrap();
    assert_eq!(place, Place::Inside("src/a b.c".into()));
    assert_eq!(
        (
            region.start_line,
            region.start_column,
            region.end_line,
            region.end_column
        ),
        (Some(3), None, Some(4), None)
    );
    assert_eq!(
        run.place(&run.results()[1]).unwrap().0,
        Place::Inside("by index.c".into())
    );
    assert_eq!(run.place(&run.results()[2]), None);
    assert_eq!(log.gaps(), []);
    assert_eq!((run.tool_name(), run.tool_version()), ("T", Some("1")));
}

#[test]
fn encodings_of_windows_tools() {
    let text = format!("\u{feff}{}", log());
    let units: Vec<u16> = text.encode_utf16().collect();
    let little: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
    let big: Vec<u8> = units.iter().flat_map(|unit| unit.to_be_bytes()).collect();
    for bytes in [text.as_bytes(), &little, &big] {
        assert_eq!(read(bytes).unwrap().runs[0].results().len(), 5);
    }
    assert_eq!(
        read(&little[..little.len() - 1]).unwrap_err().kind,
        Kind::NotText
    );
}

#[test]
fn what_is_no_sarif_is_refused_by_name() {
    for (text, kind, found) in [
        ("", Kind::Empty, "nothing"),
        ("\u{feff} \n", Kind::Empty, "nothing"),
        (
            r#"{"version":"1.0.0","runs":[{"tool":{"name":"x"},"results":[]}]}"#,
            Kind::WrongVersion,
            "SARIF 1.0.0",
        ),
        (
            r#"{"version":"2.0.0-csd.2.beta","runs":[]}"#,
            Kind::WrongVersion,
            "SARIF 2.0.0-csd.2.beta",
        ),
        (r#"{"runs":[]}"#, Kind::Malformed, "no `version`"),
        (r#"{"version":"2.1.0"}"#, Kind::Malformed, "no `runs`"),
        (
            r#"{"version":"2.1.0","runs":null}"#,
            Kind::Malformed,
            "no list of `runs`",
        ),
        (
            r#"{"version":"2.1.0","runs":{}}"#,
            Kind::Malformed,
            "invalid type: map",
        ),
        (
            r#"{"bomFormat":"CycloneDX","version":1}"#,
            Kind::WrongFormat,
            "CycloneDX",
        ),
        (
            r#"{"SchemaVersion":2,"Results":[]}"#,
            Kind::WrongFormat,
            "Trivy",
        ),
        (r#"{"a":1,"b":2}"#, Kind::WrongFormat, "the keys a, b"),
        ("[]", Kind::WrongFormat, "not an object"),
        ("3", Kind::WrongFormat, "not an object"),
        ("<html>", Kind::NotJson, "XML or HTML"),
        ("hello", Kind::NotJson, "expected value"),
        ("{} {}", Kind::NotJson, "trailing characters"),
    ] {
        let error = read(text.as_bytes()).unwrap_err();
        assert_eq!(error.kind, kind, "{text}: {error}");
        assert!(error.found.contains(found), "{text}: {error}");
    }
    assert_eq!(read(b"\x1f\x8b\x08").unwrap_err().kind, Kind::NotText);
    let error = read(b"{\n\"a\": \"\xe9\"}").unwrap_err();
    assert_eq!((error.line, error.column), (Some(2), Some(7)));
}

#[test]
fn a_log_cut_anywhere_is_an_error() {
    let log = log();
    for end in 1..log.len() {
        assert_eq!(
            read(&log.as_bytes()[..end]).unwrap_err().kind,
            Kind::Truncated,
            "cut at {end}"
        );
    }
}

#[test]
fn a_wrong_type_is_named_with_its_place() {
    let error = read(b"{\"version\":\"2.1.0\",\n\"runs\":[{\"results\":42}]}").unwrap_err();
    assert_eq!((error.kind, error.line), (Kind::Malformed, Some(2)));
    assert!(error.to_string().starts_with("line 2, column "), "{error}");
}

#[test]
fn what_proves_nothing_says_so() {
    let gaps = |runs: &str| {
        read(format!(r#"{{"version":"2.1.0","runs":{runs}}}"#).as_bytes())
            .unwrap()
            .gaps()
    };
    let tool = || "unnamed tool".to_owned();
    assert_eq!(gaps("[]"), [Gap::NoRuns]);
    assert_eq!(gaps(r#"[{"results":[]}]"#), []);
    assert_eq!(
        gaps(r#"[{"results":null}]"#),
        [Gap::NoResults {
            run: 0,
            tool: tool()
        }]
    );
    assert_eq!(
        gaps(
            r#"[{"results":[],"invocations":[{"executionSuccessful":true},{"executionSuccessful":false}]}]"#
        ),
        [Gap::ExecutionFailed {
            run: 0,
            tool: tool()
        }]
    );
}

#[test]
fn deep_nesting_is_an_error_and_no_overflow() {
    let text = format!(r#"{{"version":"2.1.0","runs":[{}"#, "[".repeat(200_000));
    assert!(read(text.as_bytes()).is_err());
    let text = format!(
        r#"{{"version":"2.1.0","runs":[],"x":{}1{}}}"#,
        "[".repeat(200_000),
        "]".repeat(200_000)
    );
    let _ = read(text.as_bytes());
}

#[expect(clippy::print_stderr, reason = "a test that skips says so")]
fn corpus() -> Option<PathBuf> {
    let folder =
        std::env::var_os("GATEWRIGHT_CORPUS").map(|folder| Path::new(&folder).join("sarif"));
    if folder.is_none() {
        eprintln!("SKIPPED: set GATEWRIGHT_CORPUS to the folder of real reports to run this test");
    }
    folder
}

#[test]
fn every_real_log_is_read() {
    let Some(corpus) = corpus() else { return };
    let (mut logs, mut results) = (0, 0);
    for folder in ["codeql-action", "ingestion-rules", "tools"] {
        for entry in std::fs::read_dir(corpus.join(folder))
            .expect("the corpus is readable")
            .flatten()
        {
            let path = entry.path();
            if path
                .extension()
                .is_none_or(|extension| extension != "sarif")
            {
                continue;
            }
            let outcome = read(&std::fs::read(&path).expect("the corpus is readable"));
            if path.ends_with("invalid-sarif.sarif") {
                assert_eq!(outcome.unwrap_err().kind, Kind::Malformed);
                continue;
            }
            let log = outcome.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            logs += 1;
            for run in &log.runs {
                let rules = run.rules();
                for result in run.results() {
                    let _ = (rules.message(result), run.place(result), standing(result));
                    assert_ne!(
                        severity(result, rules.of(result)),
                        Severity::Unknown,
                        "{}",
                        path.display()
                    );
                    results += 1;
                }
            }
        }
    }
    assert!(
        logs >= 40 && results >= 200,
        "{logs} logs, {results} results"
    );
}

#[test]
fn counts_of_real_tools() {
    let Some(corpus) = corpus() else { return };
    let counts = |file: &str| {
        let log =
            read(&std::fs::read(corpus.join("tools").join(file)).expect("the corpus is readable"))
                .unwrap();
        let mut counts = std::collections::BTreeMap::new();
        for run in &log.runs {
            let rules = run.rules();
            for result in run
                .results()
                .iter()
                .filter(|result| standing(result).counted())
            {
                *counts
                    .entry(severity(result, rules.of(result)).word())
                    .or_insert(0) += 1;
            }
        }
        (counts.values().sum::<i32>(), counts)
    };
    assert_eq!(counts("codeQL-output.sarif").0, 72);
    assert_eq!(counts("cxf-3.4.6.sarif").0, 22);
    assert!(!counts("cxf-3.4.6.sarif").1.contains_key("unknown"));
    // three of five have a suppression, two have none or an empty list
    assert_eq!(counts("suppression_test.sarif").0, 2);
    assert_eq!(counts("no_runs.sarif").0, 0);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn reading_never_panics(
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0_u8..4), 0..8),
    ) {
        let mut bytes = log().into_bytes();
        for (at, byte, kind) in edits {
            if bytes.is_empty() {
                break;
            }
            let at = at.index(bytes.len());
            match kind {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                2 => drop(bytes.remove(at)),
                _ => bytes.truncate(at),
            }
        }
        if let Ok(log) = read(&bytes) {
            for run in &log.runs {
                let rules = run.rules();
                for result in run.results() {
                    let _ = (rules.id_of(result), rules.message(result), run.place(result));
                    let _ = (severity(result, rules.of(result)), standing(result));
                }
            }
        }
    }

    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = read(&bytes);
    }
}
