use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use crate::decode::decode;
use crate::error::{SarifError, SarifErrorKind, excerpt};
use crate::model::{Log, Run};

const EXPECTED: &str = "a SARIF 2.1.0 log";

/// Reads a SARIF 2.1.0 log from the bytes of a whole file.
///
/// # Errors
/// Whatever is not a SARIF 2.1 log, with the place and what it looks like: see [`SarifErrorKind`].
pub fn read(bytes: &[u8]) -> Result<Log, SarifError> {
    let text = decode(bytes)?;
    if text.trim().is_empty() {
        return Err(SarifError::new(SarifErrorKind::Empty, "nothing", EXPECTED));
    }
    match serde_json::from_str::<Wire>(&text) {
        Ok(Wire {
            version: Some(version),
            runs: Some(runs),
        }) if is_2_1(&version) => Ok(Log { version, runs }),
        Ok(_) => Err(explain(&text, None)),
        Err(error) => Err(explain(&text, Some(&error))),
    }
}

#[derive(Deserialize)]
struct Wire {
    version: Option<String>,
    runs: Option<Vec<Run>>,
}

fn is_2_1(version: &str) -> bool {
    version == "2.1" || version.starts_with("2.1.")
}

/// What is wrong with a text that is not a SARIF 2.1 log.
fn explain(text: &str, error: Option<&serde_json::Error>) -> SarifError {
    let top = match serde_json::from_str::<Top>(text) {
        Ok(top) => top,
        Err(syntax) => return explain_syntax(text, &syntax),
    };
    let Top::Object { keys, version } = top else {
        let found = "a JSON document whose top is not an object";
        return SarifError::new(SarifErrorKind::WrongFormat, found, EXPECTED);
    };
    let has_runs = keys.iter().any(|key| key == "runs");
    match (outer(&keys, version.as_deref()), error) {
        (Err(other), _) if !has_runs || other.kind == SarifErrorKind::WrongVersion => other,
        (_, Some(error)) => SarifError::json(SarifErrorKind::Malformed, error, EXPECTED),
        (Err(other), None) => other,
        (Ok(()), None) => SarifError::new(
            SarifErrorKind::Malformed,
            "no list of `runs`",
            "`runs` as a list",
        ),
    }
}

/// Whether the keys at a document's top are those of a SARIF 2.1 log of this version; if not, what it looks like.
pub(crate) fn outer(keys: &[String], version: Option<&str>) -> Result<(), SarifError> {
    let has = |key: &str| keys.iter().any(|known| known == key);
    let malformed = |found: &str, expected: &str| {
        Err(SarifError::new(SarifErrorKind::Malformed, found, expected))
    };
    match (has("runs"), version) {
        (true, Some(version)) if is_2_1(version) => return Ok(()),
        (true, Some(version)) => {
            return Err(SarifError::new(
                SarifErrorKind::WrongVersion,
                format!("what looks like SARIF {}", excerpt(version)),
                EXPECTED,
            ));
        }
        (true, None) => return malformed("no `version`", "`version` with the value 2.1.0"),
        (false, Some(version)) if is_2_1(version) => {
            return malformed("no `runs`", "`runs` as a list");
        }
        (false, _) => {}
    }
    let wrong = |found: String| {
        Err(SarifError::new(
            SarifErrorKind::WrongFormat,
            found,
            EXPECTED,
        ))
    };
    let known = LOOKS
        .iter()
        .find(|(marks, _)| marks.iter().all(|mark| has(mark)));
    if let Some((_, name)) = known {
        return wrong(format!("what looks like {name}"));
    }
    let keys: Vec<_> = keys.iter().take(5).map(|key| excerpt(key)).collect();
    wrong(format!("a JSON object with the keys {}", keys.join(", ")))
}

fn explain_syntax(text: &str, error: &serde_json::Error) -> SarifError {
    if text.trim_start().starts_with('<') {
        return SarifError::new(
            SarifErrorKind::NotJson,
            "what looks like XML or HTML",
            EXPECTED,
        );
    }
    // a number cut in two is a syntax error to the parser
    let cut = error.is_eof() || text.ends_with(['-', '+', '.', 'e', 'E']);
    let kind = if cut {
        SarifErrorKind::Truncated
    } else {
        SarifErrorKind::NotJson
    };
    SarifError::json(kind, error, EXPECTED)
}

/// Top-level keys that tell other tools' reports (their documented shapes).
const LOOKS: &[(&[&str], &str)] = &[
    (&["bomFormat"], "a CycloneDX SBOM"),
    (&["spdxVersion"], "an SPDX SBOM"),
    (&["SchemaVersion", "Results"], "a Trivy report"),
    (&["matches", "descriptor"], "a Grype report"),
    (&["auditReportVersion"], "an npm audit report"),
    (&["Issues", "Stats"], "a gosec report"),
    (&["results", "metrics", "generated_at"], "a Bandit report"),
    (&["results", "paths"], "a Semgrep report"),
    (&["results", "experimental_config"], "an OSV-Scanner report"),
    (
        &["database", "lockfile", "vulnerabilities"],
        "a cargo-audit report",
    ),
    (&["vulnerabilities", "packageManager"], "a Snyk report"),
    (&["dependencies", "fixes"], "a pip-audit report"),
    (&["schema_version", "kind"], "a verdict of Gatewright"),
];

/// The top level of any JSON document, its values skipped.
enum Top {
    Object {
        keys: Vec<String>,
        version: Option<String>,
    },
    Other,
}

impl<'de> Deserialize<'de> for Top {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TopVisitor)
    }
}

struct TopVisitor;

impl<'de> Visitor<'de> for TopVisitor {
    type Value = Top;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON document")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Top, A::Error> {
        const MOST: usize = 100;
        let (mut keys, mut version) = (Vec::new(), None);
        while let Some(key) = map.next_key::<String>()? {
            if key == "version" {
                let raw = map.next_value::<Box<RawValue>>()?;
                version = serde_json::from_str(raw.get()).ok();
            } else {
                map.next_value::<IgnoredAny>()?;
            }
            if keys.len() < MOST {
                keys.push(key);
            }
        }
        Ok(Top::Object { keys, version })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Top, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Top::Other)
    }

    fn visit_str<E>(self, _: &str) -> Result<Top, E> {
        Ok(Top::Other)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Top, E> {
        Ok(Top::Other)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Top, E> {
        Ok(Top::Other)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Top, E> {
        Ok(Top::Other)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Top, E> {
        Ok(Top::Other)
    }

    fn visit_unit<E>(self) -> Result<Top, E> {
        Ok(Top::Other)
    }
}
