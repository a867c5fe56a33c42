//! The integrity gate: what the repository says of itself is true.
//!
//! What this gate promises:
//! - Relative links and anchors of tracked Markdown resolve as GitHub resolves
//!   them, against the git index: an untracked file on somebody's disk does
//!   not satisfy a link.
//! - Modules that others include exist, and no module includes itself.
//! - Front matter parses.
//! - Nothing is fetched: external addresses are counted as not checked.

mod collect;
mod criteria;
mod graph;
mod names;
mod resolve;

pub use collect::{Broken, Facts, FilePart};
pub use graph::Cycle;
pub use resolve::Problem;

use gate_repo::{FileView, TrackedFile};
use gate_runner::{Collected, Criterion, Gate, Inputs, Part, Setting};

/// The gate, as the binaries link it.
pub static GATE: IntegrityGate = IntegrityGate;

#[derive(Debug)]
pub struct IntegrityGate;

impl Gate for IntegrityGate {
    type Part = FilePart;
    type Facts = Facts;

    fn kind(&self) -> &'static str {
        "integrity"
    }

    fn summary(&self) -> &'static str {
        "Links, anchors, front matter and module references of tracked Markdown"
    }

    fn criteria(&self) -> &'static [Criterion<Facts>] {
        criteria::TABLE
    }

    fn settings(&self) -> &'static [Setting] {
        &[]
    }

    fn wants(&self, file: &TrackedFile) -> bool {
        file.kind.is_regular() && gate_syntax::is_markdown(&file.path)
    }

    fn read(&self, file: &TrackedFile, view: &FileView<'_>) -> FilePart {
        collect::read(file, view)
    }

    fn collect(&self, inputs: &Inputs<'_>, parts: &[Part<'_, FilePart>]) -> Collected<Facts> {
        collect::collect(inputs, parts)
    }
}
