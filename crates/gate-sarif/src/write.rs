use std::collections::BTreeMap;

use serde_json::Value;
use serde_sarif::sarif;

use crate::check::encode;
use crate::severity::is_score;

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";
/// The name under which our fingerprint stands in `partialFingerprints`.
const FINGERPRINT: &str = "gatewright/v1";

/// A rule to be written. Code scanning needs id, description and help.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenRule {
    pub id: String,
    /// One sentence.
    pub short_description: String,
    /// What it means and what to do.
    pub help: String,
    pub level: Level,
    /// A score from 0 to 10 as a decimal string; with it the rule is a security rule. Left out where it is no score.
    pub security_severity: Option<String>,
}

/// A finding to be written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct WrittenFinding {
    /// Path relative to the root of the repository, with `/`; empty for a finding without a place.
    pub path: String,
    /// Counted from 1, like the three below.
    pub line: Option<u32>,
    pub column: Option<u32>,
    pub end_line: Option<u32>,
    pub end_column: Option<u32>,
    /// Id of the rule.
    pub rule: String,
    pub level: Level,
    pub message: String,
    /// Stable over commits; left out where empty.
    pub fingerprint: String,
}

/// SARIF levels, the mildest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    None,
    Note,
    Warning,
    Error,
}

/// One run of one tool as a SARIF 2.1.0 log: sorted, pretty, with a newline at the end.
///
/// Rules that only findings name are added under their id. Repeated findings are written once.
pub fn write(
    tool: &str,
    version: &str,
    rules: &[WrittenRule],
    findings: &[WrittenFinding],
) -> Vec<u8> {
    let mut known: BTreeMap<&str, Option<&WrittenRule>> = findings
        .iter()
        .map(|finding| (finding.rule.as_str(), None))
        .collect();
    known.extend(
        rules
            .iter()
            .rev()
            .map(|rule| (rule.id.as_str(), Some(rule))),
    );
    let index: BTreeMap<&str, i64> = known.keys().copied().zip(0..).collect();

    let mut sorted: Vec<&WrittenFinding> = findings.iter().collect();
    sorted.sort();
    sorted.dedup();

    let mut driver = sarif::ToolComponent::builder().name(tool).build();
    driver.version = Some(version.to_owned());
    driver.rules = Some(
        known
            .iter()
            .map(|(id, rule)| descriptor(id, *rule))
            .collect(),
    );
    let results: Vec<_> = sorted
        .into_iter()
        .map(|finding| result(finding, index.get(finding.rule.as_str()).copied()))
        .collect();
    let run = sarif::Run::builder().tool(driver).results(results).build();
    let log = sarif::Sarif::builder()
        .schema(SCHEMA)
        .version(Value::from("2.1.0"))
        .runs(vec![run])
        .build();
    // Plain structs with text keys: there is nothing in them that cannot become JSON.
    let mut bytes = serde_json::to_vec_pretty(&log).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

fn descriptor(id: &str, rule: Option<&WrittenRule>) -> sarif::ReportingDescriptor {
    let words = |text: Option<&str>| {
        let text = text.filter(|text| !text.trim().is_empty()).unwrap_or(id);
        sarif::MultiformatMessageString::builder()
            .text(text)
            .build()
    };
    let mut out = sarif::ReportingDescriptor::builder().id(id).build();
    out.short_description = Some(words(rule.map(|rule| rule.short_description.as_str())));
    out.help = Some(words(rule.map(|rule| rule.help.as_str())));
    if let Some(rule) = rule {
        let mut configuration = sarif::ReportingConfiguration::builder().build();
        configuration.level = Some(Value::from(rule.level.word()));
        out.default_configuration = Some(configuration);
        if let Some(score) = rule
            .security_severity
            .as_deref()
            .filter(|score| is_score(score))
        {
            let mut properties = sarif::PropertyBag::builder().build();
            properties.tags = Some(vec!["security".to_owned()]);
            properties
                .additional_properties
                .insert("security-severity".to_owned(), Value::from(score));
            out.properties = Some(properties);
        }
    }
    out
}

fn result(finding: &WrittenFinding, index: Option<i64>) -> sarif::Result {
    let message = match finding.message.trim() {
        "" => &finding.rule,
        _ => &finding.message,
    };
    let mut out = sarif::Result::builder().message(message).build();
    out.rule_id = Some(finding.rule.clone());
    out.rule_index = index;
    out.level = Some(finding.level.sarif());
    if !finding.path.is_empty() {
        out.locations = Some(vec![location(finding)]);
    }
    if !finding.fingerprint.is_empty() {
        let one = (FINGERPRINT.to_owned(), finding.fingerprint.clone());
        out.partial_fingerprints = Some(BTreeMap::from([one]));
    }
    out
}

fn location(finding: &WrittenFinding) -> sarif::Location {
    let artifact = sarif::ArtifactLocation::builder()
        .uri(encode(&finding.path))
        .build();
    let mut physical = sarif::PhysicalLocation::builder()
        .artifact_location(artifact)
        .build();
    let number = |number: Option<u32>| number.filter(|&number| number > 0).map(i64::from);
    if let Some(line) = number(finding.line) {
        let mut region = sarif::Region::builder().start_line(line).build();
        region.start_column = number(finding.column);
        // an end before the start is left out: such a region is invalid
        region.end_line = number(finding.end_line).filter(|&end| end >= line);
        let one_line = region.end_line.is_none_or(|end| end == line);
        let start = region.start_column.unwrap_or(1);
        region.end_column = number(finding.end_column).filter(|&end| !one_line || end >= start);
        physical.region = Some(region);
    }
    sarif::Location::builder()
        .physical_location(physical)
        .build()
}

impl Level {
    /// The word in SARIF.
    pub const fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }

    const fn sarif(self) -> sarif::ResultLevel {
        match self {
            Self::None => sarif::ResultLevel::None,
            Self::Note => sarif::ResultLevel::Note,
            Self::Warning => sarif::ResultLevel::Warning,
            Self::Error => sarif::ResultLevel::Error,
        }
    }
}
