//! Why runs are not merged, and what was decided where they differ.

use thiserror::Error;

use crate::error::excerpt;
use crate::walk::Broken;

/// Why the runs are not merged. Nothing was written; the runs can be uploaded one by one under
/// categories of their own. Runs are counted from 0, in the order they were given.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Refusal {
    /// There was none.
    #[error("no run to merge")]
    NoRuns,
    /// Text that is no run.
    #[error("run {run}, byte {at}: found {found}, expected {expected}")]
    Broken {
        /// The run.
        run: usize,
        /// Where.
        at: usize,
        /// What stands there.
        found: String,
        /// What should.
        expected: String,
    },
    /// Runs of different tools, or of versions that were not asked to be joined.
    #[error(
        "run {run}: the tool's {property} is {found}, that of run 0 is {first}: merge only runs of one tool"
    )]
    OtherTool {
        /// The run.
        run: usize,
        /// `name`, `guid`, `version` or `semanticVersion`.
        property: &'static str,
        /// The value in the first run.
        first: String,
        /// The value in this one.
        found: String,
    },
    /// A property that says how all results of a run are to be read differs.
    #[error(
        "run {run}: `{property}` is {found}, before it is {first}; one run can hold only one of them, and results would change their meaning: keep these runs apart"
    )]
    Differs {
        /// The run.
        run: usize,
        /// The property.
        property: String,
        /// The value so far.
        first: String,
        /// The value in this run.
        found: String,
    },
    /// Tables of the run stand in other files, so that its indexes cannot be rewritten.
    #[error(
        "run {run}: `externalPropertyFileReferences` leaves `{property}` to another file: inline it before the merge"
    )]
    External {
        /// The run.
        run: usize,
        /// The first property that stands elsewhere.
        property: String,
    },
}

impl Refusal {
    pub(crate) fn broken(run: usize, text: &str, error: &Broken) -> Self {
        Self::Broken {
            run,
            at: error.at,
            found: match text.get(error.at..) {
                None | Some("") => "the end".into(),
                Some(rest) => format!("`{}`", excerpt(rest.get(..40).unwrap_or(rest))),
            },
            expected: error.expected.into(),
        }
    }

    pub(super) fn json(run: usize, error: &serde_json::Error) -> Self {
        Self::Broken {
            run,
            at: error.column(),
            found: excerpt(&error.to_string()),
            expected: "the JSON of a run".into(),
        }
    }

    pub(super) fn differs(run: usize, property: &str, first: &str, found: &str) -> Self {
        Self::Differs {
            run,
            property: property.into(),
            first: excerpt(first),
            found: excerpt(found),
        }
    }
}

/// A decision where runs differ that loses or bends something small. Runs count from 0.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Notice {
    /// The run whose value gave way.
    pub run: usize,
    /// What differed and what was done, for a person.
    pub message: String,
}
