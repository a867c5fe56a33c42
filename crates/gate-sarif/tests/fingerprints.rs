//! Fingerprints of the test files of GitHub's upload action.
#![allow(clippy::disallowed_methods, reason = "tests read files")]

use std::path::Path;

use gate_sarif::fingerprint::{
    Bases, Fingerprint, Fingerprints, LINE_HASH_KEY, NoHash, NoSource, Source, fingerprint,
    line_hashes, source,
};
use gate_sarif::read;

const ROOT: &str = "/work";

/// Reads a log and calls back with what becomes of each result.
fn each(log: &[u8], bases: Bases, file: impl Fn(&str) -> Option<Vec<u8>>) -> Vec<Fingerprint> {
    let log = read(log).expect("a log");
    let run = &log.runs[0];
    let one = |result| {
        let (path, line) = match source(run, result, ROOT, bases) {
            Source::Line { path, line } => (path, line),
            Source::None(why) => return fingerprint(result, Err(NoHash::NoSource(why))),
        };
        let bytes = file(&path).ok_or(NoHash::NoFile);
        let hash = bytes.and_then(|bytes| {
            let found = line_hashes(&bytes, &[line]);
            found.first().map(|(_, hash)| *hash).ok_or(NoHash::NoLine)
        });
        fingerprint(result, hash)
    };
    run.results().iter().map(one).collect()
}

#[test]
fn the_actions_own_cases_come_out_as_it_expects() {
    let folder = std::env::var_os("GATEWRIGHT_CORPUS")
        .map(|folder| Path::new(&folder).join("sarif/codeql-action"));
    let Some(folder) = folder else {
        eprintln!("SKIPPED: set GATEWRIGHT_CORPUS to the folder of real reports to run this test");
        return;
    };
    let file = |name: &str| std::fs::read(folder.join(name)).ok();
    for (name, set) in [("fingerprinting", 2), ("fingerprinting2", 0)] {
        let of = |end: &str| file(&format!("{name}.{end}.sarif")).expect("in the corpus");
        let expected = read(&of("expected")).unwrap();
        let found = each(&of("input"), Bases::Ignored, file);
        let expected = expected.runs[0].results();
        assert_eq!(found.len(), expected.len());
        for (found, expected) in found.iter().zip(expected) {
            let expected = expected.partial_fingerprints.get(LINE_HASH_KEY);
            match found {
                Fingerprint::Set(hash) => assert_eq!(Some(&hash.to_string()), expected),
                other => assert_eq!((other, expected), (other, None)),
            }
        }
        let count = found
            .iter()
            .filter(|found| matches!(found, Fingerprint::Set(_)))
            .count();
        assert_eq!(count, set, "{name}");
    }
}

#[test]
fn what_becomes_of_a_result_is_counted_and_told_in_one_line() {
    let result = |uri: &str, own: &str| {
        format!(
            r#"{{"message":{{"text":"m"}},"partialFingerprints":{{{own}}},"locations":[{{"physicalLocation":{{
            "artifactLocation":{{"uri":"{uri}","uriBaseId":"SRC"}},"region":{{"startLine":2}}}}}}]}}"#
        )
    };
    let results = [
        result("a.c", ""),
        result("a.c", r#""primaryLocationLineHash":"c129715d7a2bc9a3:1""#),
        result("a.c", r#""primaryLocationLineHash":"1:1""#),
        result("a.c", r#""primaryLocationLineHash":"1:2""#),
        result(
            "a.c",
            r#""primaryLocationLineHash":"","contextRegionHash/v1":"x""#,
        ),
        result("short.c", ""),
        result("missing.c", ""),
        result("missing.c", r#""primaryLocationLineHash":"1:1""#),
        result("../a.c", ""),
        result("https://host/a.c", ""),
    ];
    let log = format!(
        r#"{{"version":"2.1.0","runs":[{{"tool":{{"driver":{{"name":"T"}}}},"originalUriBaseIds":{{"SRC":{{"uri":"src/"}}}},"results":[{}]}}]}}"#,
        results.join(",")
    );
    let file = |path: &str| match path {
        "a.c" | "src/b.c" => Some(b"a\n".to_vec()),
        "short.c" => Some(b"a".to_vec()),
        _ => None,
    };
    let found = each(log.as_bytes(), Bases::Ignored, file);
    let mut counts = Fingerprints::default();
    for found in &found {
        counts.count(*found);
    }
    assert_eq!(
        (counts.set, counts.same, counts.foreign, counts.kept),
        (2, 1, 2, 1)
    );
    assert_eq!(
        counts.foreign_notice().unwrap(),
        "found 2 results whose `primaryLocationLineHash` is not that of their line, expected the tool to leave it out; they keep it"
    );
    assert_eq!(
        counts.without_notice().unwrap(),
        "found 4 results that get no `primaryLocationLineHash` (1 with a URI that is no file, 1 outside the sources, 1 with a file \
         that cannot be read, 1 with a line that the file does not have), expected a line of a file below the root"
    );
    assert_eq!(
        found[8],
        Fingerprint::Without(NoHash::NoSource(NoSource::OutsideRoot))
    );
    assert_eq!(Fingerprints::default().foreign_notice(), None);

    // To JSON, and so to the action, a whole number may have a point.
    let log_with_points = log.replace("\"startLine\":2", "\"startLine\":2.0");
    assert_eq!(
        each(log_with_points.as_bytes(), Bases::Ignored, file),
        found
    );

    // With its base the relative path is another one, and `..` stays inside.
    let found = each(
        &log.replace("a.c", "b.c").into_bytes(),
        Bases::Resolved,
        file,
    );
    assert!(matches!(found[0], Fingerprint::Set(_)));
    assert_eq!(found[8], Fingerprint::Without(NoHash::NoFile));
    assert_eq!(
        found[9],
        Fingerprint::Without(NoHash::NoSource(NoSource::OtherScheme))
    );
}
