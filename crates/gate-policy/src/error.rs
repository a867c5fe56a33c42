//! Where something stands in a policy, what is wrong with it, and what a
//! reader should be told although nothing is wrong.

use serde::Serialize;
use std::fmt;
use std::sync::Arc;

/// A place in a policy file. Lines and columns count from 1, columns in
/// characters; line 0 is what no file wrote (built-in defaults).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    pub path: Arc<str>,
    pub line: u32,
    pub column: u32,
}

impl Position {
    /// The place of what no file wrote.
    pub fn built_in() -> Self {
        Self {
            path: Arc::from("built-in defaults"),
            line: 0,
            column: 0,
        }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line == 0 {
            return f.write_str(&self.path);
        }
        write!(f, "{}:{}:{}", self.path, self.line, self.column)
    }
}

/// Something in a policy that keeps it from being used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct PolicyError {
    pub position: Position,
    /// What was found and what was expected.
    pub message: String,
    /// The next step.
    pub hint: Option<String>,
}

impl PolicyError {
    pub(crate) fn new(position: &Position, message: impl Into<String>) -> Self {
        Self {
            position: position.clone(),
            message: message.into(),
            hint: None,
        }
    }

    pub(crate) fn hint(self, hint: impl Into<String>) -> Self {
        Self {
            hint: Some(hint.into()),
            ..self
        }
    }

    pub(crate) fn maybe_hint(self, hint: Option<String>) -> Self {
        Self { hint, ..self }
    }
}

impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.position, self.message)?;
        match &self.hint {
            Some(hint) => write!(f, "; {hint}"),
            None => Ok(()),
        }
    }
}

/// Something a reader of the policy should be told; no error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    pub position: Option<Position>,
    /// One sentence that stands alone.
    pub text: String,
    pub code: NoticeCode,
    /// The gate it is about, by key.
    pub gate: Option<String>,
    /// The environment it is about; others need not show it.
    pub environment: Option<String>,
}

impl Notice {
    pub(crate) fn new(code: NoticeCode, position: &Position, text: impl Into<String>) -> Self {
        Self {
            position: Some(position.clone()),
            text: text.into(),
            code,
            gate: None,
            environment: None,
        }
    }

    pub(crate) fn gate(self, gate: &str) -> Self {
        Self {
            gate: Some(gate.to_owned()),
            ..self
        }
    }

    pub(crate) fn environment(self, environment: &str) -> Self {
        Self {
            environment: Some(environment.to_owned()),
            ..self
        }
    }
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.position {
            Some(position) => write!(f, "{position}: {}", self.text),
            None => f.write_str(&self.text),
        }
    }
}

/// What a notice is about, for scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeCode {
    /// Keys of a source block that are no requirements: kept, not judged.
    SettingsKept,
    /// A key defined twice: differently, or where once is meant.
    KeyTwice,
    /// An environment lists a gate that nobody defines.
    UndefinedGate,
    /// An environment asks for less than a `failure_action`; the stricter holds.
    LoosenedFloor,
    /// Two entries for one gate, or for `bypass_allowed`; the stricter holds.
    StricterEntry,
    /// A gate was written under another of its names.
    AliasUsed,
    /// A native document without `version`.
    VersionMissing,
    /// A gate with nothing to judge: its verdict can only be `error`.
    NoCriteria,
    /// A name that is legal but near to one with a meaning.
    NearMiss,
}
