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

macro_rules! display_as_str {
    ($($name:ty),+) => {$(
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.as_str())
            }
        }
    )+};
}
display_as_str!(Status, Enforcement, Decision, Level);

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
}
