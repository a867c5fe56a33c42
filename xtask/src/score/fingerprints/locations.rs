//! Results that say in many ways where they are, each taken by the action and by us.

use super::theirs::Theirs;
use anyhow::{Result, ensure};
use gate_sarif::fingerprint::{
    Bases, Fingerprint, LINE_HASH_KEY, NoHash, NoSource, Source, fingerprint, line_hashes, source,
};
use gate_sarif::read;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

#[derive(Debug, Default)]
pub(super) struct Compared {
    pub(super) results: usize,
    pub(super) same: usize,
    /// The action reads a file outside the sources; we never do.
    pub(super) outside: usize,
    pub(super) differences: Vec<String>,
}

/// The files that are there, below the folder of the log.
const FILES: &[(&str, &str)] = &[
    ("work/a.c", "int a;\nint b;\n"),
    ("work/src/b b.c", "one\r\ntwo\r\n"),
    ("work/src/café.c", "drei\nvier"),
    ("work/file:/c.c", "five\n"),
    ("work/host/d.c", "six\n"),
    ("work/100%.c", "seven\n"),
    (r"work/src\e.c", "eight\n"),
    ("other/f.c", "nine\n"),
    ("workshop/g.c", "ten\n"),
];

/// `{root}` is the folder of the sources, `{above}` the one that this is in.
const URIS: &[&str] = &[
    "a.c",
    "./a.c",
    "src/../a.c",
    "src/./../a.c",
    "//a.c",
    "/a.c",
    "a.c/",
    "a.c/.",
    "src",
    "src/",
    "",
    ".",
    "..",
    "/",
    "src/b%20b.c",
    "src/b b.c",
    "src/b+b.c",
    "src//b%20b.c",
    "src/caf%C3%A9.c",
    "src/café.c",
    "src/caf%E9.c",
    "src/caf%c3.c",
    "src%2Fb%20b.c",
    "%61.c",
    "%2561.c",
    "100%25.c",
    "100%.c",
    "a.c%",
    "a.c%0",
    "%ED%A0%80",
    "%00",
    "a.c%00",
    "file:///a.c",
    "file://a.c",
    "file://host/d.c",
    "file:/c.c",
    "file:a.c",
    "FILE:///a.c",
    "file%3A%2F%2Fa.c",
    "FILE://a.c",
    "https://host/a.c",
    "https%3A//host/a.c",
    "a.c?x=://",
    "git://a.c",
    "://a.c",
    "file://file://a.c",
    "urn:a.c",
    "C:/a.c",
    "src%5Ce.c",
    "src\\e.c",
    "A.C",
    "missing.c",
    "a.c#L1",
    "{root}/a.c",
    "{root}//a.c",
    "{root}/src/../a.c",
    "{root}/./a.c",
    "file://{root}/a.c",
    "file:{root}/a.c",
    "file://localhost{root}/a.c",
    "{root}",
    "{root}/",
    "/{root}/a.c",
    "{root}/src",
    "{above}/other/f.c",
    "{above}/workshop/g.c",
    "file://{above}/other/f.c",
    "{root}shop/g.c",
    "{root}/../other/f.c",
    "../other/f.c",
    "src/../../other/f.c",
    "../work/a.c",
    "%2e%2e/other/f.c",
    "file://{root}/../workshop/g.c",
];

const REGIONS: &[&str] = &[
    r#"{"startLine":1}"#,
    r#"{"startLine":2,"startColumn":3}"#,
    r#"{"startLine":3}"#,
    r#"{"startLine":4}"#,
    r#"{"startLine":0}"#,
    r#"{"startLine":-1}"#,
    r#"{"startLine":1.5}"#,
    r#"{"startLine":2.0}"#,
    r#"{"startLine":1e0}"#,
    r#"{"startLine":99999999999}"#,
    r#"{"startLine":null}"#,
    r#"{"charOffset":0}"#,
    "{}",
    "null",
];

pub(super) fn compare(theirs: &Theirs) -> Result<Compared> {
    let folder = tempfile::tempdir()?;
    let above = folder.path().canonicalize()?;
    for (path, content) in FILES {
        let file = above.join(path);
        fs::create_dir_all(file.parent().unwrap_or(&above))?;
        fs::write(file, content)?;
    }
    let sources = above.join("work");
    let log = log(&sources.to_string_lossy(), &above.to_string_lossy())?;
    let expected = theirs.fingerprints(&log, &sources)?;
    let read = read(log.to_string().as_bytes())?;
    let run = &read.runs[0];
    ensure!(
        expected.len() == run.results().len(),
        "found {} fingerprints, expected those of {} results",
        expected.len(),
        run.results().len()
    );
    let mut compared = Compared::default();
    for (number, (result, expected)) in run.results().iter().zip(expected).enumerate() {
        let at = source(run, result, &sources.to_string_lossy(), Bases::Ignored);
        let own = result.partial_fingerprints.get(LINE_HASH_KEY).cloned();
        let found = match fingerprint(result, hash(&sources, &at)) {
            Fingerprint::Set(hash) => Some(hash.to_string()),
            Fingerprint::Same | Fingerprint::Foreign(_) | Fingerprint::Kept(_) => own,
            Fingerprint::Without(_) => own,
        };
        compared.results += 1;
        if found == expected {
            compared.same += 1;
        } else if at == Source::None(NoSource::OutsideRoot) {
            compared.outside += 1;
        } else {
            let result = &log["runs"][0]["results"][number];
            compared
                .differences
                .push(format!("found {found:?}, expected {expected:?}: {result}"));
        }
    }
    Ok(compared)
}

fn hash(sources: &Path, at: &Source) -> Result<gate_sarif::fingerprint::LineHash, NoHash> {
    let (path, line) = match at {
        Source::Line { path, line } => (path, *line),
        Source::None(why) => return Err(NoHash::NoSource(*why)),
    };
    let bytes = fs::read(sources.join(path)).map_err(|_| NoHash::NoFile)?;
    let found = line_hashes(&bytes, &[line]);
    found.first().map(|(_, hash)| *hash).ok_or(NoHash::NoLine)
}

/// Every URI with every region, by itself and through an artifact; and results that have a fingerprint already or no location.
fn log(root: &str, above: &str) -> Result<Value> {
    let uris: Vec<String> = URIS
        .iter()
        .map(|uri| uri.replace("{root}", root).replace("{above}", above))
        .collect();
    let artifacts: Vec<Value> = uris
        .iter()
        .map(|uri| json!({"location": {"uri": uri}}))
        .chain([
            json!({}),
            json!({"location": {}}),
            json!({"location": {"index": 0}}),
        ])
        .collect();
    let last = artifacts.len() - 1;
    let mut locations = Vec::new();
    for (index, uri) in uris.iter().enumerate() {
        locations.push(json!({"uri": uri, "uriBaseId": "%SRCROOT%"}));
        locations.push(json!({"index": index}));
    }
    for index in [last - 2, last - 1, last, last + 1] {
        locations.push(json!({"index": index}));
    }
    locations.push(json!({"uri": "a.c", "index": 1}));
    locations.push(json!({"uri": "", "index": 0}));
    locations.push(json!({"uri": null, "index": 0}));
    locations.push(json!({"index": -1}));
    locations.push(json!({}));
    let mut results = vec![
        json!({"message": {"text": "m"}}),
        json!({"locations": []}),
        json!({"locations": [{}]}),
        json!({"locations": [{"physicalLocation": {"region": {"startLine": 1}}}]}),
        json!({"locations": [{"logicalLocations": [{"name": "x"}]}, {"physicalLocation": {
            "artifactLocation": {"uri": "a.c"}, "region": {"startLine": 1}}}]}),
    ];
    for location in &locations {
        for region in REGIONS {
            let region: Value = serde_json::from_str(region)?;
            results.push(json!({"locations": [{"physicalLocation": {"artifactLocation": location, "region": region}}]}));
        }
        for own in [
            json!({}),
            json!({LINE_HASH_KEY: ""}),
            json!({LINE_HASH_KEY: "1:1"}),
            json!({"other": "1:1"}),
        ] {
            results.push(
                json!({"partialFingerprints": own, "locations": [{"physicalLocation": {
                "artifactLocation": location, "region": {"startLine": 1}}}]}),
            );
        }
    }
    Ok(json!({"version": "2.1.0", "runs": [{
        "tool": {"driver": {"name": "T"}},
        "originalUriBaseIds": {"%SRCROOT%": {"uri": "file:///elsewhere/"}},
        "artifacts": artifacts,
        "results": results,
    }]}))
}
