//! The closed vocabularies: what a criterion came to, how much it weighs, and
//! what may happen next.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// What one criterion, or one gate, came to.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Judged on sufficient evidence and met.
    Pass,
    /// Not judged because the policy declared that it does not apply.
    Skip,
    /// Met, but short of the level the policy asks to be told about.
    Warn,
    /// Could not be judged. Never a pass: what is mandatory blocks.
    Error,
    /// Judged on sufficient evidence and not met.
    Fail,
}

impl Status {
    pub const ALL: [Self; 5] = [Self::Pass, Self::Skip, Self::Warn, Self::Error, Self::Fail];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Skip => "skip",
            Self::Warn => "warn",
            Self::Error => "error",
            Self::Fail => "fail",
        }
    }
}

/// How much a gate or criterion weighs in an environment. Ordered: a later
/// variant is the stricter one.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Enforcement {
    /// Shown, never binding.
    Informational,
    /// A failure asks for an approval.
    Advisory,
    /// A failure blocks.
    Mandatory,
}

impl Enforcement {
    pub const ALL: [Self; 3] = [Self::Informational, Self::Advisory, Self::Mandatory];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Informational => "informational",
            Self::Advisory => "advisory",
            Self::Mandatory => "mandatory",
        }
    }
}

/// What may happen next. Ordered: a later variant is the stricter one.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    Allow,
    AllowWithOverride,
    RequireApproval,
    Block,
}

impl Decision {
    pub const ALL: [Self; 4] = [
        Self::Allow,
        Self::AllowWithOverride,
        Self::RequireApproval,
        Self::Block,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::AllowWithOverride => "allow_with_override",
            Self::RequireApproval => "require_approval",
            Self::Block => "block",
        }
    }

    /// Whether the change may go on without anybody doing anything more.
    pub const fn allows(self) -> bool {
        matches!(self, Self::Allow | Self::AllowWithOverride)
    }

    /// The process exit code (contract, section 3). `mandatory_error` says that
    /// a mandatory criterion could not be judged; only `--fail-on error` asks.
    pub const fn exit_code(self, fail_on: FailOn, mandatory_error: bool) -> u8 {
        match (fail_on, self) {
            (_, Self::Allow | Self::AllowWithOverride) | (FailOn::Never, _) => 0,
            (FailOn::Error, _) => mandatory_error as u8,
            (FailOn::Block, Self::RequireApproval) => 0,
            (FailOn::RequireApproval, Self::RequireApproval) => 3,
            (FailOn::Block | FailOn::RequireApproval, Self::Block) => 1,
        }
    }
}

/// `--fail-on`: from which decision on the exit code is not 0. It changes the
/// exit code, never the verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FailOn {
    Block,
    #[default]
    RequireApproval,
    Error,
    Never,
}

/// How serious one finding is, in the words of SARIF.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    Note,
    Warning,
    Error,
}

impl Level {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// Why a criterion is not a plain pass, for scripts. New codes may be added;
/// a reader that does not know one sees [`Code::Unknown`].
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// Judged, and the requirement is not met.
    RequirementNotMet,
    /// Judged and met, but short of the `warn` level.
    WarnLevelNotMet,
    /// The criterion needs a report or input and there was none.
    NoEvidence,
    /// A report was there and could not be read to its end.
    EvidenceUnreadable,
    /// Evidence was read but is too little to judge on.
    EvidenceInsufficient,
    /// The tool that wrote the report says itself that it did not finish.
    ToolFailed,
    /// Declared not to apply: there is no base to compare with.
    NoBase,
    /// Declared not to apply here.
    NotApplicable,
    /// A base should exist and cannot be read.
    BaseUnreadable,
    /// Planned in the catalogue; no released build judges it yet.
    NotBuilt,
    /// A source block asks for it and no gate judges it.
    NoJudge,
    /// The gate could not finish.
    EngineFailure,
    /// The gate was told to stop.
    Interrupted,
    /// The policy does not parse.
    PolicyInvalid,
    /// An expected gate left no verdict.
    MissingVerdict,
    /// A verdict is there but belongs to another commit.
    ForeignSubject,
    /// A verdict is there but was judged under another policy.
    ForeignPolicy,
    /// A verdict file that is not what it says: unreadable, or its digest differs.
    VerdictUnreadable,
    /// Two different verdicts for one gate, scope, shard and subject.
    ConflictingVerdicts,
    /// A shard of a gate left no verdict.
    MissingShard,
    /// The change loosens the policy it is judged by.
    PolicyLoosened,
    /// The base's policy does not parse, so the change's own was used.
    BasePolicyInvalid,
    /// A planted bad case was not found by the gate.
    PositiveControlMissed,
    /// A bound on input was hit, so not everything was looked at.
    Incomplete,
    /// A recorded command ended with another exit code than 0.
    CommandFailed,
    /// A recorded command could not be started.
    CommandNotFound,
    /// A recorded command was ended by a signal.
    CommandSignalled,
    /// A recorded command did not end in time.
    CommandTimedOut,
    /// A code of a newer version.
    #[serde(other)]
    Unknown,
}

impl Code {
    /// The name in JSON, for text.
    pub fn as_str(self) -> String {
        match serde_json::to_value(self) {
            Ok(serde_json::Value::String(name)) => name,
            _ => String::from("unknown"),
        }
    }
}

macro_rules! display_as_str {
    ($($name:ty),+) => {$(
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.as_str())
            }
        }
    )+};
}
display_as_str!(Status, Enforcement, Decision, Level, Code);

#[cfg(test)]
mod tests {
    use super::*;

    /// The table of the contract's section 3, row by row.
    #[test]
    fn exit_codes_are_the_contracts() {
        use Decision::{Allow, AllowWithOverride, Block, RequireApproval};
        let table = [
            (FailOn::RequireApproval, [0, 0, 3, 1]),
            (FailOn::Block, [0, 0, 0, 1]),
            (FailOn::Never, [0, 0, 0, 0]),
            (FailOn::Error, [0, 0, 0, 0]),
        ];
        for (fail_on, codes) in table {
            for (decision, code) in [Allow, AllowWithOverride, RequireApproval, Block]
                .into_iter()
                .zip(codes)
            {
                assert_eq!(
                    decision.exit_code(fail_on, false),
                    code,
                    "{fail_on:?} {decision}"
                );
            }
        }
        assert_eq!(Block.exit_code(FailOn::Error, true), 1);
        assert_eq!(Block.exit_code(FailOn::Never, true), 0);
    }

    #[test]
    fn a_code_of_a_newer_version_is_read_as_unknown() {
        let code: Code = serde_json::from_str("\"invented_tomorrow\"").expect("codes are open");
        assert_eq!(code, Code::Unknown);
    }
}
