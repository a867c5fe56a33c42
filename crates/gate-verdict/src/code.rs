//! Why something is not a plain pass, in words for scripts, and what to do
//! about each.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

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
    /// A verdict is there but another version of the gates wrote it.
    ForeignTool,
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

    /// What to do about it, as an imperative clause, where nothing closer is known.
    pub const fn next_step(self) -> &'static str {
        match self {
            Self::RequirementNotMet | Self::WarnLevelNotMet => {
                "bring the observed value to what is required and run the gate again"
            }
            Self::NoEvidence => {
                "produce the report before the gate runs, and name it in the policy"
            }
            Self::EvidenceUnreadable => {
                "write the report anew; what is there cannot be read to its end"
            }
            Self::EvidenceInsufficient => {
                "collect more evidence; what is there is too little to judge on"
            }
            Self::ToolFailed => {
                "look at the log of the tool that wrote the report and run it again"
            }
            Self::NoBase => "nothing; there is no base to compare with",
            Self::NotApplicable => "nothing; the policy says that it does not apply here",
            Self::BaseUnreadable => {
                "check out with the depth that reaches the base (`fetch-depth: 0`)"
            }
            Self::NotBuilt | Self::NoJudge => {
                "remove the criterion, make it informational, or judge it with `gatewright record`"
            }
            Self::EngineFailure => {
                "read the gate's log; run it again and report the failure if it stays"
            }
            Self::Interrupted => "run the gate again; it was told to stop",
            Self::PolicyInvalid => "mend the policy at the place named",
            Self::MissingVerdict => {
                "let the gate run before the decision and keep its verdict file"
            }
            Self::ForeignSubject => {
                "run the gate on this commit; its verdict belongs to another one"
            }
            Self::ForeignPolicy => {
                "run the gate again; its verdict was reached under another policy"
            }
            Self::ForeignTool => {
                "use one version of the gates and of the decision: pin the same commit in every job"
            }
            Self::VerdictUnreadable => "run the gate again; its verdict file is not what it says",
            Self::ConflictingVerdicts => "keep one verdict for this gate, scope and shard",
            Self::MissingShard => "run all shards and keep all their verdict files",
            Self::PolicyLoosened => {
                "have the looser policy approved, or take the change to it back"
            }
            Self::BasePolicyInvalid => "mend the policy on the base branch",
            Self::PositiveControlMissed => {
                "mend the gate's set-up: it did not find the bad case planted for it"
            }
            Self::Incomplete => "make the input smaller or split it: a bound was hit",
            Self::CommandFailed => "mend what the command reports, then run it again",
            Self::CommandNotFound => "install the command or correct its name",
            Self::CommandSignalled => "run the command again; a signal ended it",
            Self::CommandTimedOut => "make the command faster or give it more time",
            Self::Unknown => "read the reason; its code is of a newer version",
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_of_a_newer_version_is_read_as_unknown() {
        let code: Code = serde_json::from_str("\"invented_tomorrow\"").expect("codes are open");
        assert_eq!(code, Code::Unknown);
    }
}
