//! SARIF 2.1.0: read what is judged, write what is uploaded.
//!
//! What this crate promises:
//! - [`read`] takes any 2.1.0 log, also sloppy ones: unknown properties, nulls, byte order marks and
//!   UTF-16 are no problem. Anything else (SARIF 1.0, another tool's JSON, a cut-off file) is a
//!   [`SarifError`] that names what it looks like and where.
//! - A log that proves nothing says so: see [`Log::gaps`]. No runs, no results and a failed tool are
//!   not the same as no findings.
//! - [`severity`] and [`standing`] judge a result without floating point and never guess low.
//! - [`write()`] gives the same bytes for the same findings in any order.
//! - No environment, files, network or clock.

pub mod check;
mod decode;
mod error;
pub mod fingerprint;
pub mod merge;
mod model;
mod read;
pub mod rebase;
mod resolve;
mod severity;
mod standing;
pub mod stream;
mod subject;
pub mod text;
mod walk;
mod write;

pub use error::{SarifError, SarifErrorKind};
pub use model::{
    Artifact, ArtifactLocation, Component, ComponentReference, Configuration, Gap, Invocation,
    Location, Log, Message, PhysicalLocation, Properties, Region, Rule, RuleReference, Run,
    SarifResult, Suppression, Text, Tool,
};
pub use read::read;
pub use resolve::{Place, Rules};
pub use severity::{Severity, severity};
pub use standing::{Standing, standing};
pub use subject::subject;
pub use write::{Level, WrittenFinding, WrittenRule, write};
