//! The part of SARIF 2.1.0 that is judged. Absent and null mean the same; unknown properties are ignored.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

/// A log: one file.
#[derive(Debug, Clone)]
pub struct Log {
    /// As written: `2.1.0`.
    pub version: String,
    /// The runs; none is legal, and a [`Gap`].
    pub runs: Vec<Run>,
}

/// Why a log, or a run of it, is not evidence that there is nothing to find.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Gap {
    /// The log holds no run.
    NoRuns,
    /// The run at this index has no `results` (an empty list would say "nothing found").
    NoResults { run: usize, tool: String },
    /// An invocation of the run at this index says `executionSuccessful: false`.
    ExecutionFailed { run: usize, tool: String },
}

/// One run of one tool.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Run {
    #[serde(deserialize_with = "or_default")]
    pub tool: Tool,
    /// `None` where the run does not say what it found.
    pub results: Option<Vec<SarifResult>>,
    #[serde(deserialize_with = "or_default")]
    pub invocations: Vec<Invocation>,
    #[serde(deserialize_with = "or_default")]
    pub artifacts: Vec<Artifact>,
    #[serde(deserialize_with = "or_default")]
    pub original_uri_base_ids: BTreeMap<String, ArtifactLocation>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Tool {
    #[serde(deserialize_with = "or_default")]
    pub driver: Component,
    #[serde(deserialize_with = "or_default")]
    pub extensions: Vec<Component>,
}

/// The driver or an extension.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Component {
    pub name: Option<String>,
    pub guid: Option<String>,
    pub version: Option<String>,
    pub semantic_version: Option<String>,
    #[serde(deserialize_with = "or_default")]
    pub rules: Vec<Rule>,
    #[serde(deserialize_with = "or_default")]
    pub global_message_strings: BTreeMap<String, Text>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Rule {
    pub id: Option<String>,
    pub name: Option<String>,
    pub short_description: Option<Text>,
    pub full_description: Option<Text>,
    pub help: Option<Text>,
    pub help_uri: Option<String>,
    #[serde(deserialize_with = "or_default")]
    pub message_strings: BTreeMap<String, Text>,
    pub default_configuration: Option<Configuration>,
    pub properties: Option<Properties>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Configuration {
    pub level: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Properties {
    /// The score as it was written, string or number.
    #[serde(rename = "security-severity")]
    pub security_severity: Option<Box<RawValue>>,
}

/// A multiformat string.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Text {
    pub text: Option<String>,
    pub markdown: Option<String>,
}

/// One result: what the tool has to say about one place.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SarifResult {
    pub rule_id: Option<String>,
    #[serde(deserialize_with = "index")]
    pub rule_index: Option<u32>,
    pub rule: Option<RuleReference>,
    pub level: Option<String>,
    pub kind: Option<String>,
    #[serde(deserialize_with = "or_default")]
    pub message: Message,
    #[serde(deserialize_with = "or_default")]
    pub locations: Vec<Location>,
    #[serde(deserialize_with = "texts")]
    pub fingerprints: BTreeMap<String, String>,
    #[serde(deserialize_with = "texts")]
    pub partial_fingerprints: BTreeMap<String, String>,
    #[serde(deserialize_with = "or_default")]
    pub suppressions: Vec<Suppression>,
    pub baseline_state: Option<String>,
    pub properties: Option<Properties>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RuleReference {
    pub id: Option<String>,
    #[serde(deserialize_with = "index")]
    pub index: Option<u32>,
    pub tool_component: Option<ComponentReference>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct ComponentReference {
    pub name: Option<String>,
    pub guid: Option<String>,
    #[serde(deserialize_with = "index")]
    pub index: Option<u32>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Message {
    pub text: Option<String>,
    pub markdown: Option<String>,
    pub id: Option<String>,
    #[serde(deserialize_with = "or_default")]
    pub arguments: Vec<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Location {
    pub physical_location: Option<PhysicalLocation>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PhysicalLocation {
    pub artifact_location: Option<ArtifactLocation>,
    pub region: Option<Region>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ArtifactLocation {
    pub uri: Option<String>,
    pub uri_base_id: Option<String>,
    #[serde(deserialize_with = "index")]
    pub index: Option<u32>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Artifact {
    pub location: Option<ArtifactLocation>,
}

/// Lines and columns counted from 1; `None` where absent or not a positive whole number.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Region {
    #[serde(deserialize_with = "position")]
    pub start_line: Option<u32>,
    #[serde(deserialize_with = "position")]
    pub start_column: Option<u32>,
    #[serde(deserialize_with = "position")]
    pub end_line: Option<u32>,
    #[serde(deserialize_with = "position")]
    pub end_column: Option<u32>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Suppression {
    pub kind: Option<String>,
    pub status: Option<String>,
    pub justification: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Invocation {
    pub execution_successful: Option<bool>,
}

impl Log {
    /// Everything that keeps this log from proving that there is nothing to find.
    pub fn gaps(&self) -> Vec<Gap> {
        if self.runs.is_empty() {
            return vec![Gap::NoRuns];
        }
        let mut gaps = Vec::new();
        for (run, content) in self.runs.iter().enumerate() {
            let tool = content.tool_name().to_owned();
            let failed = |invocation: &Invocation| invocation.execution_successful == Some(false);
            if content.invocations.iter().any(failed) {
                gaps.push(Gap::ExecutionFailed {
                    run,
                    tool: tool.clone(),
                });
            }
            if content.results.is_none() {
                gaps.push(Gap::NoResults { run, tool });
            }
        }
        gaps
    }
}

impl Run {
    /// The driver's name; `unnamed tool` where it has none.
    pub fn tool_name(&self) -> &str {
        let name = self.tool.driver.name.as_deref();
        name.filter(|name| !name.is_empty())
            .unwrap_or("unnamed tool")
    }

    /// The driver's version, the semantic one first.
    pub fn tool_version(&self) -> Option<&str> {
        let driver = &self.tool.driver;
        driver
            .semantic_version
            .as_deref()
            .or(driver.version.as_deref())
    }

    /// The results; none where the run has no list of them.
    pub fn results(&self) -> &[SarifResult] {
        self.results.as_deref().unwrap_or_default()
    }
}

impl fmt::Display for Gap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoRuns => f.write_str("the log holds no run: no tool says that it looked"),
            Self::NoResults { run, tool } => {
                write!(
                    f,
                    "run {run} ({tool}) has no `results`: it does not say what it found"
                )
            }
            Self::ExecutionFailed { run, tool } => {
                write!(
                    f,
                    "run {run} ({tool}) says `executionSuccessful: false`: the tool failed"
                )
            }
        }
    }
}

/// Null is the default.
fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Option::<T>::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// Texts by key; a null is an absent one.
fn texts<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<String, String>, D::Error> {
    let texts: BTreeMap<String, Option<String>> = or_default(deserializer)?;
    Ok(texts
        .into_iter()
        .filter_map(|(key, text)| Some((key, text?)))
        .collect())
}

/// An array index; -1 and everything else that is none is absent.
fn index<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u32>, D::Error> {
    deserializer.deserialize_any(Whole)
}

/// A line or column, counted from 1.
fn position<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u32>, D::Error> {
    index(deserializer).map(|number| number.filter(|&number| number > 0))
}

/// A whole number from 0 where one was written, whatever else stands there.
struct Whole;

impl<'de> Visitor<'de> for Whole {
    type Value = Option<u32>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a whole number")
    }

    fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
        Ok(u32::try_from(number).ok())
    }

    fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
        Ok(u32::try_from(number).ok())
    }

    /// `3.0` and `3e0` are whole numbers to JSON; the shortest decimal of such a float has no point.
    fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
        Ok(number.to_string().parse().ok())
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(text.parse().ok())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(None)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(None)
    }
}
