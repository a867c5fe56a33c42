//! The catalogue: which kinds, criteria and settings exist. Data given by the
//! caller; this crate knows no metric.

use crate::requirement::Op;
use crate::shape::Shape;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Every kind of gate that this build, or a later one, knows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Catalogue {
    pub kinds: BTreeMap<String, KindSpec>,
}

/// One kind of gate.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KindSpec {
    pub summary: String,
    /// Whether a gate of this kind exists in this build.
    pub built: bool,
    pub criteria: BTreeMap<String, CriterionSpec>,
    /// Keys of a gate of this kind beside the common ones.
    #[serde(default)]
    pub settings: BTreeMap<String, SettingSpec>,
    /// What its findings may be, by the rule they name; empty where a kind
    /// has no table of rules.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub rules: BTreeMap<String, RuleSpec>,
}

/// One rule that findings of a kind name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleSpec {
    /// What a finding of it says, as a lower-case fragment.
    pub summary: String,
    /// The criteria that count its findings.
    pub criteria: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<RuleDetail>,
}

/// What there is to say of a rule beyond its summary.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleDetail {
    /// How certain a finding is, in a word.
    pub certainty: String,
    /// What was looked for, and why it is a finding.
    pub explain: String,
    /// What to do about it.
    pub next_step: String,
}

/// One criterion of a kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CriterionSpec {
    pub summary: String,
    pub measure: Measure,
    /// Whether this build judges it; if not it is `error`, code `not_built`.
    pub built: bool,
    /// Compares with a base: it carries a built-in `when: has_base`.
    #[serde(default)]
    pub on_change: bool,
    /// The requirement in the built-in default policy; `None` = not in it.
    #[serde(default)]
    pub default: Option<String>,
    /// What `per:` may name for it (`file`, `package`, ...); empty: `per` is an error.
    #[serde(default)]
    pub per: Vec<String>,
}

impl CriterionSpec {
    /// A criterion that is built, always judged, not in the defaults and never per part.
    pub fn new(summary: &str, measure: Measure) -> Self {
        Self {
            summary: summary.to_owned(),
            measure,
            built: true,
            on_change: false,
            default: None,
            per: Vec::new(),
        }
    }

    /// Planned: no build judges it yet.
    pub fn planned(self) -> Self {
        Self {
            built: false,
            ..self
        }
    }

    /// Compares with a base.
    pub fn on_change(self) -> Self {
        Self {
            on_change: true,
            ..self
        }
    }

    /// Part of the built-in default policy with this requirement.
    pub fn default_requirement(self, text: &str) -> Self {
        Self {
            default: Some(text.to_owned()),
            ..self
        }
    }
}

/// What a criterion measures: which requirements make sense for it, and which
/// way is better.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Violations of a rule that is named positively: `true`, or a highest count.
    Violations,
    /// Things that should not be there: `false`, or a highest count.
    Presence,
    /// A whole number of things.
    Count { higher_is_better: bool },
    /// A part of a whole, 0 to 100 %.
    Percent { higher_is_better: bool },
    /// A difference of two percentages in percentage points; lower is better.
    Points,
    /// A time; lower is better.
    Duration,
    /// An amount of data; lower is better.
    Bytes,
    /// Data per second; lower is better.
    ByteRate,
    /// Bits per second; lower is better.
    BitRate,
    /// Events per second.
    Rate { higher_is_better: bool },
    /// A number without a unit, not negative.
    Number { higher_is_better: bool },
    /// A named band; `order` goes from the lowest to the highest.
    Band {
        order: Vec<String>,
        higher_is_better: bool,
    },
}

impl Measure {
    /// What a requirement without a comparison means.
    pub(crate) const fn default_op(&self) -> Op {
        if self.higher_is_better() {
            Op::Ge
        } else {
            Op::Le
        }
    }

    pub(crate) const fn higher_is_better(&self) -> bool {
        match self {
            Self::Count { higher_is_better }
            | Self::Percent { higher_is_better }
            | Self::Rate { higher_is_better }
            | Self::Number { higher_is_better }
            | Self::Band {
                higher_is_better, ..
            } => *higher_is_better,
            Self::Violations
            | Self::Presence
            | Self::Points
            | Self::Duration
            | Self::Bytes
            | Self::ByteRate
            | Self::BitRate => false,
        }
    }

    /// How a requirement for it may look, for error messages.
    pub(crate) fn expected(&self) -> String {
        let (less, example) = if self.higher_is_better() {
            (">=", "at least")
        } else {
            ("<=", "at most")
        };
        match self {
            Self::Violations => "`true` (no violations) or a highest count".into(),
            Self::Presence => "`false` (none present) or a highest count".into(),
            Self::Count { .. } => format!("a whole number such as `{less} 5` ({example} 5)"),
            Self::Percent { .. } => format!("a percentage such as `{less} 85%`"),
            Self::Points => "percentage points such as `<= 0.5pp`".into(),
            Self::Duration => "a time with a unit such as `< 200ms`".into(),
            Self::Bytes => "a size with a unit such as `< 2GB`".into(),
            Self::ByteRate => "a rate with a unit such as `< 100MB/s`".into(),
            Self::BitRate => "a rate with a unit such as `< 100Mbps`".into(),
            Self::Rate { .. } => format!("a rate such as `{less} 100/s`"),
            Self::Number { .. } => format!("a number such as `{less} 0.3`"),
            Self::Band { order, .. } => format!("a band such as `< medium`: {}", order.join(", ")),
        }
    }
}

/// A key that gates of a kind may have beside the common ones.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingSpec {
    pub summary: String,
    pub shape: Shape,
}
