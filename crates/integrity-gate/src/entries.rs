//! Entries of the lists under a gate's own keys.

use crate::config::{matcher, set};
use crate::schema::Builtin;
use gate_policy::Value;
use globset::{GlobMatcher, GlobSet};

/// What front matter has to hold.
#[derive(Debug)]
pub(crate) struct FrontMatterRule {
    pub(crate) paths: GlobSet,
    pub(crate) required: Vec<String>,
    /// Path of a JSON Schema, from the root.
    pub(crate) schema: Option<String>,
    pub(crate) builtin: Option<Builtin>,
}

/// How many tokens files may have.
#[derive(Debug)]
pub(crate) struct Budget {
    pub(crate) paths: GlobSet,
    /// Of the file alone.
    pub(crate) max: Option<u64>,
    /// Of the file and all that it loads.
    pub(crate) closure: Option<u64>,
    /// By how many it may grow against the base.
    pub(crate) growth: Option<u64>,
}

/// Findings that the policy accepts.
#[derive(Debug)]
pub(crate) struct Suppression {
    pub(crate) rule: String,
    pub(crate) glob: String,
    pub(crate) path: GlobMatcher,
    /// Only what is written like this.
    pub(crate) target: Option<String>,
    pub(crate) reason: String,
    /// The last day it holds, `YYYY-MM-DD`.
    pub(crate) expires: Option<String>,
    /// Line in the policy.
    pub(crate) line: u32,
}

pub(crate) fn front_matter_rule(value: &Value) -> FrontMatterRule {
    FrontMatterRule {
        paths: set(value.texts_of("paths")),
        required: value
            .texts_of("required")
            .into_iter()
            .map(str::to_owned)
            .collect(),
        schema: value.text_of("schema").map(str::to_owned),
        builtin: None,
    }
}

pub(crate) fn budget(value: &Value) -> Budget {
    Budget {
        paths: set(value.texts_of("paths")),
        max: value.u64_of("max"),
        closure: value.u64_of("closure"),
        growth: value.u64_of("growth"),
    }
}

pub(crate) fn suppression(value: &Value) -> Option<Suppression> {
    let glob = value.text_of("path").unwrap_or("**");
    Some(Suppression {
        rule: value.text_of("rule")?.to_owned(),
        glob: glob.to_owned(),
        path: matcher(glob)?,
        target: value.text_of("target").map(str::to_owned),
        reason: value.text_of("reason")?.to_owned(),
        expires: value.text_of("expires").map(str::to_owned),
        line: value.position.line,
    })
}
