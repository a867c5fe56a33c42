//! What a criterion is asked to meet.

use crate::unit::Unit;
use gate_verdict::Decimal;
use std::cmp::Ordering;
use std::fmt;

/// One requirement, as the policy wrote it and as it is judged.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Requirement {
    /// Not meeting it is a fail.
    pub fail: Option<Bound>,
    /// Meeting `fail` but not this is a warning.
    pub warn: Option<Bound>,
    /// Each part on its own (`file`, `package`, ...); the gate groups.
    pub per: Option<String>,
    /// What the policy wrote.
    pub text: String,
}

/// One bound of a requirement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bound {
    /// Observed `op` value. The value is in `unit`, as written.
    Compare { op: Op, value: Decimal, unit: Unit },
    /// `true` where violations are counted: there are none.
    NoViolations,
    /// `false` where things are counted that should not be there: there are none.
    NonePresent,
    /// Observed `op` the band `name`; `order` goes from the lowest to the highest.
    Band {
        op: Op,
        name: String,
        order: Vec<String>,
    },
    /// Only named, as in `- access_controls` or `- name: mandatory`: it holds.
    Declared,
}

/// How observed and required compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Op {
    Lt,
    Le,
    Eq,
    Ge,
    Gt,
}

impl Op {
    /// The sign in YAML and JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Lt => "<",
            Self::Le => "<=",
            Self::Eq => "==",
            Self::Ge => ">=",
            Self::Gt => ">",
        }
    }

    /// Whether `observed op required` holds, given how observed compares.
    pub const fn holds(self, observed: Ordering) -> bool {
        match self {
            Self::Lt => observed.is_lt(),
            Self::Le => observed.is_le(),
            Self::Eq => observed.is_eq(),
            Self::Ge => observed.is_ge(),
            Self::Gt => observed.is_gt(),
        }
    }

    /// Whether it bounds from above.
    pub(crate) const fn is_upper(self) -> bool {
        matches!(self, Self::Lt | Self::Le)
    }

    /// Whether it bounds from below.
    pub(crate) const fn is_lower(self) -> bool {
        matches!(self, Self::Ge | Self::Gt)
    }
}

impl fmt::Display for Op {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Compare { op, value, unit } => write!(f, "{op} {}", unit.write(value)),
            Self::NoViolations => f.write_str("no violations"),
            Self::NonePresent => f.write_str("none present"),
            Self::Band { op, name, .. } => write!(f, "{op} {name}"),
            Self::Declared => f.write_str("it holds"),
        }
    }
}

impl Requirement {
    /// A requirement with nothing to compare: only its text is known.
    pub(crate) fn of_text(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            ..Self::default()
        }
    }
}

impl fmt::Display for Requirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
