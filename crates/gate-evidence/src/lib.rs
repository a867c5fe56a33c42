//! Report formats to evidence: bytes in, values out.
//!
//! What this crate promises:
//! - A report is recognised by its header or root element, never by trying parsers until one succeeds.
//! - A report that is empty, cut off, of another format, not UTF-8 or past a [`Limits`] is a [`ReportError`]
//!   that says where, what was found and what was expected. It is never an empty success.
//! - Reading is streaming: memory follows the result, not the input. Nothing is fetched, no entity is expanded.
//! - Counts are exact integers; there is no floating point here.
//! - No environment, files, network or clock: the caller brings a reader.

pub mod coverage;
mod error;
mod json;
mod limits;
mod lines;
mod packed;
pub mod test_run;
mod utf16;
mod xml;

pub use error::{ReportError, ReportErrorKind};
pub use limits::Limits;
pub use packed::unpacked;
