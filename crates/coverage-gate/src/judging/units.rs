//! What coverage is counted in. Units are never compared with each other.

use gate_evidence::coverage::{Ratio, Totals};

/// One unit of counting.
pub(crate) struct Unit {
    pub(crate) noun: &'static str,
    /// What those that are covered did.
    pub(crate) did: &'static str,
    /// What is not covered, behind `what`.
    pub(crate) not: &'static str,
    pub(crate) of: fn(&Totals) -> Ratio,
}

#[rustfmt::skip]
mod table {
    use super::Unit;

    pub(crate) static LINES: Unit = Unit { noun: "line", did: "ran", not: "did not run", of: |totals| totals.lines };
    pub(crate) static BRANCHES: Unit = Unit { noun: "branch", did: "were taken", not: "was not taken", of: |totals| totals.branches };
    pub(crate) static FUNCTIONS: Unit = Unit { noun: "function", did: "were called", not: "was not called", of: |totals| totals.functions };
    pub(crate) static STATEMENTS: Unit = Unit { noun: "statement", did: "ran", not: "did not run", of: |totals| totals.statements };
    pub(crate) static REGIONS: Unit = Unit { noun: "region", did: "ran", not: "did not run", of: |totals| totals.regions };
}

pub(crate) use table::{BRANCHES, FUNCTIONS, LINES, REGIONS, STATEMENTS};

/// Whether anything is counted in this unit.
pub(crate) fn is_measured(unit: &Unit, totals: &Totals) -> bool {
    (unit.of)(totals).total > 0
}
