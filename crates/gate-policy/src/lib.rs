//! `gates.yml` to policy: positions, environments, requirements.
//!
//! What this crate promises:
//! - **Pure.** Bytes and a [`Catalogue`] in, a [`Policy`] out; no environment,
//!   file, network or clock. It knows no metric: which criteria exist and what
//!   they measure is data that the caller hands in.
//! - **Strict where it can be.** In native form every unknown key, criterion
//!   and impossible requirement is an error with file, line, column and the
//!   nearest right name, and all errors come at once. Source blocks (the form
//!   of the document that asked for this system) load unchanged: what no gate
//!   judges stays as a criterion that cannot pass, what is no requirement is
//!   kept as a setting and named.
//! - **Never looser by accident.** Of two entries the stricter wins, and
//!   whatever asked for less is said in a [`Notice`]. [`govern`] unites the
//!   base's policy with the head's and lists every difference by which the head
//!   is not provably as strict.
//! - **Bounded.** [`MAX_BYTES`], [`MAX_DEPTH`] and [`MAX_NODES`] per source,
//!   [`MAX_ENTRIES`] per list of a setting, [`MAX_REGEXES`] per policy. Anchors,
//!   aliases and tags are errors, so nothing expands.
//! - **Exact.** Numbers are decimals and integers; nothing here is a float.

mod alias;
mod assemble;
mod bound;
mod catalogue;
mod defaults;
mod enforce;
mod environment;
mod error;
mod expect;
mod expected;
mod extends;
mod govern;
mod judge;
mod latitude;
mod load;
mod loosened;
mod meet;
mod native;
mod native_gate;
mod nearest;
mod number;
mod overrides;
mod policy;
mod requirement;
mod schema;
mod select;
mod settings;
mod shape;
mod source_block;
mod strictness;
mod text_shape;
mod unit;
mod when;
mod yaml;
mod yaml_read;

pub use alias::alias;
pub use catalogue::{
    Catalogue, CriterionSpec, KindSpec, Measure, RuleDetail, RuleSpec, SettingSpec,
};
pub use defaults::defaults;
pub use environment::Environment;
pub use error::{Notice, NoticeCode, PolicyError, Position};
pub use expect::Expected;
pub use govern::{Governed, govern};
pub use judge::{Judged, Measured};
pub use latitude::{ApprovalSource, Approvals, DEFAULT_BUDGET, Latitude, MAX_APPROVERS};
pub use load::{Check, Source, documents, load};
pub use loosened::Loosening;
pub use nearest::did_you_mean;
pub use overrides::{OverrideEntry, load_overrides};
pub use policy::{CriterionPolicy, Floor, GatePolicy, Judge, Origin, Policy};
pub use requirement::{Bound, Op, Requirement};
pub use schema::schema;
pub use select::{Checkout, Selected, UnknownEnvironment};
pub use settings::MAX_ENTRIES;
pub use shape::{Field, KeyShape, Need, Shape};
pub use text_shape::{MAX_REGEXES, regex};
pub use unit::{Dimension, Unit};
pub use when::{Happening, When};
pub use yaml::{Data, Entry, Value};
pub use yaml_read::{MAX_BYTES, MAX_DEPTH, MAX_NODES};

#[cfg(test)]
mod tests;
