//! The keys of a security gate's section beside the common ones, and what
//! the gate makes of them.

use crate::found::Found;
use crate::secrets::Tier;
use gate_policy::{Field, GatePolicy, Shape, Value};
use gate_runner::Setting;
use globset::{GlobBuilder, GlobMatcher};

/// The table of settings.
#[rustfmt::skip]
pub(crate) fn settings() -> Vec<Setting> {
    let setting = |name, summary, shape| Setting { name, summary, shape };
    vec![
        setting("tier", "How certain a secret has to be to count; `likely` if left out", Shape::choice(["certain", "likely", "possible"])),
        setting("id_salt", "What ids of secrets are keyed with, so that they are this repository's own: random digits made once, for instance by `openssl rand -hex 32`; without it a secret that cannot be guessed has no id", Shape::like("[0-9a-f]{64}", &"5a17".repeat(16))),
        setting("ignore", "Findings that are accepted, by their id", Shape::list(ignore())),
        setting("exemptions_allowed", "Whether findings may be accepted at all, by `ignore` or by a mark on their line; `true` if left out", Shape::Bool),
        setting("history", "Whether secrets are looked for in commits too: in those of the change, or in all that lead to the head; `none` if left out", Shape::choice(["none", "change", "all"])),
        setting("only_new", "Count only what the base does not have", Shape::Bool),
    ]
}

#[rustfmt::skip]
fn ignore() -> Shape {
    Shape::Record(vec![
        Field::required("id", "The id in the finding's message: of a value that cannot be guessed the same in every file", Shape::like("[0-9a-f]{16}", "0123456789abcdef")),
        Field::optional("path", "Only in these files; in all if left out", Shape::Glob),
        Field::required("reason", "Why it is accepted", Shape::String),
        Field::required("expires", "The last day on which it holds", Shape::Date),
    ])
}

/// What one instance of the gate is asked for.
#[derive(Debug)]
pub(crate) struct Config {
    pub(crate) tier: Tier,
    pub(crate) ignore: Vec<Ignore>,
    pub(crate) id_salt: Option<String>,
    pub(crate) exemptions_allowed: bool,
    pub(crate) only_new: bool,
    pub(crate) history: Reach,
}

/// Which commits are searched beside the work tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    None,
    Change,
    All,
}

/// A finding that the policy accepts.
#[derive(Debug)]
pub(crate) struct Ignore {
    pub(crate) id: String,
    path: Option<GlobMatcher>,
    pub(crate) reason: String,
    /// `YYYY-MM-DD`
    pub(crate) expires: String,
    /// Where the policy says so.
    pub(crate) place: String,
}

impl Config {
    /// Reads a section that the policy reader has checked.
    pub(crate) fn of(policy: &GatePolicy) -> Self {
        let setting = |name: &str| policy.settings.get(name);
        let ignored = setting("ignore").map(Value::items).unwrap_or_default();
        let tier = setting("tier").and_then(Value::as_str);
        let id_salt = setting("id_salt").and_then(Value::as_str);
        Self {
            tier: tier.and_then(Tier::from_word).unwrap_or(Tier::Likely),
            id_salt: id_salt.map(str::to_owned),
            ignore: ignored.iter().filter_map(Ignore::of).collect(),
            exemptions_allowed: setting("exemptions_allowed").and_then(Value::as_bool)
                != Some(false),
            only_new: setting("only_new").and_then(Value::as_bool) == Some(true),
            history: match setting("history").and_then(Value::as_str) {
                Some("change") => Reach::Change,
                Some("all") => Reach::All,
                _ => Reach::None,
            },
        }
    }
}

impl Ignore {
    fn of(value: &Value) -> Option<Self> {
        let path = match value.text_of("path") {
            // One that does not compile would ignore everywhere.
            Some(glob) => Some(
                GlobBuilder::new(glob)
                    .literal_separator(true)
                    .build()
                    .ok()?
                    .compile_matcher(),
            ),
            None => None,
        };
        Some(Self {
            id: value.text_of("id")?.to_owned(),
            path,
            reason: value.text_of("reason")?.to_owned(),
            expires: value.text_of("expires")?.to_owned(),
            place: value.position.to_string(),
        })
    }

    /// Whether it accepts a finding, and by which of its ids.
    pub(crate) fn names(&self, found: &Found) -> Option<Named> {
        let is_there = |glob: &GlobMatcher| glob.is_match(&found.path);
        if !self.path.as_ref().is_none_or(is_there) {
            return None;
        }
        let is = |id: &Option<String>| id.as_ref() == Some(&self.id);
        is(&found.id)
            .then_some(Named::Now)
            .or_else(|| is(&found.old_id).then_some(Named::Before))
    }
}

/// By which of its ids a finding is accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Named {
    Now,
    /// By the one that it had before ids were keyed.
    Before,
}
