//! The ledger: what was decided, line by line, each line bound to the one
//! before it by its hash.
//!
//! What this crate promises:
//! - **Pure.** Text in, values out; where the text lies is the caller's matter.
//! - **Nothing slips in or out.** Every single edit, deletion in between, swap,
//!   repetition and insertion is found by [`read`], with file, line, what was
//!   found and what was expected. What is cut off the end is found by who knows
//!   a later record ([`holds`]).
//! - **Open.** Kinds of records and members that this version does not know are
//!   verified and kept like all others.
//! - **Exact.** Rates are compared as integers; what a sample is too small to
//!   prove is said to be not decidable yet.

mod broken;
mod chain;
mod counting;
mod edges;
mod proportion;
mod record;
mod segment;
mod stats;
mod why;

pub use broken::Broken;
pub use chain::{Head, Record, Start, Text, chained, head_of, holds, read};
pub use counting::{Durations, Measure, Outcome, P95_FLOOR};
pub use edges::{bypass_budget, last};
pub use proportion::Target;
pub use record::{
    DecisionEntry, Entry, GateEntry, OverrideEntry, OverrideUse, decision_entry, entries,
    override_entries,
};
pub use segment::{MAX_SEGMENT, Segment};
pub use stats::{BYPASS, GateStats, Group, PASS, Stats, Window, stats};
