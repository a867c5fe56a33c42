//! What code scanning refuses, hides or asks for, found before anything is sent.
//!
//! Sources: GitHub's pages "SARIF support for code scanning" and its table of limits; the errors that its upload action
//! knows; the ingestion rules of the SARIF Multitool (GH1011 to GH2012); the schema of SARIF 2.1.0.

mod about;
mod amounts;
mod elsewhere;
mod location;
mod log;
mod mend;
mod region;
mod result;
mod rule;
mod rule_properties;
mod run;
mod uri;
mod wire;

pub use log::of_log;
pub use mend::{Mended, Repairs, mend, mend_result, mend_result_with_subject};
pub use result::of_result;
pub use run::of_run;
pub(crate) use uri::encode;

use crate::text::{Edit, Pointer};

/// Runs that one file may hold.
pub const MAX_RUNS: usize = 20;
/// Results that one run may hold. While it is fuzzed a few, so that short logs reach what comes beyond.
pub const MAX_RESULTS: u64 = if cfg!(fuzzing) { 10 } else { 25_000 };

/// One thing that is looked for.
#[derive(Debug, PartialEq, Eq)]
pub struct Check {
    /// `snake_case`, stable.
    pub id: &'static str,
    pub weight: Weight,
    /// What should stand there.
    pub expected: &'static str,
    /// What mends it: by a repair of ours where there is one, else by hand.
    pub next_step: &'static str,
}

/// What becomes of a file in which this is found; the gravest last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Weight {
    /// It is taken and shown; the documentation or the ingestion rules ask for it nevertheless.
    Advice,
    /// It is taken, and something in it is not shown.
    Hidden,
    /// The whole file is refused.
    Refused,
}

/// Something that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub check: &'static Check,
    /// Within the result, the run or the log that was checked.
    pub pointer: Pointer,
    /// What stands there; safe to print.
    pub found: String,
    pub repair: Option<Repair>,
}

/// How a problem goes away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Repair {
    /// By these edits, which lose nothing that anybody could see.
    Safe(Vec<Edit>),
    /// By these edits, which leave something out.
    Cut(Vec<Edit>),
    /// By writing several files.
    Split,
}

/// What is known beside the file.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The root of the checkout, with `/`, as the scanner saw it: absolute addresses below it become relative.
    pub root: Option<String>,
    /// The file, relative to the root, at which findings without a place are to be shown.
    pub stand_in: Option<String>,
}

impl Weight {
    /// The `snake_case` word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Advice => "advice",
            Self::Hidden => "hidden",
            Self::Refused => "refused",
        }
    }
}

impl Repair {
    /// What makes it happen.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Safe(_) => "safe",
            Self::Cut(_) => "cut",
            Self::Split => "split",
        }
    }
}

/// What takes a problem: check, place, what was found, and its repair.
type Tell<'t> = dyn FnMut(&'static Check, Pointer, String, Option<Repair>) + 't;

/// Adds what it is told to a list.
fn telling(
    problems: &mut Vec<Problem>,
) -> impl FnMut(&'static Check, Pointer, String, Option<Repair>) {
    |check, pointer, found, repair| {
        problems.push(Problem {
            check,
            pointer,
            found,
            repair,
        });
    }
}

/// A text that says something.
fn filled(text: Option<&str>) -> Option<&str> {
    text.filter(|text| !text.trim().is_empty())
}

/// All checks, in the order of the reference page.
pub const CHECKS: &[&Check] = &[
    &log::VERSION,
    &log::SCHEMA,
    &log::NO_RUNS,
    &log::RUNS,
    &run::DRIVER_NAME,
    &run::DRIVER_RULES,
    &run::RESULTS_ABSENT,
    &run::EXECUTION_FAILED,
    &run::RESULTS,
    &run::RESULTS_SHOWN,
    &run::RULES,
    &run::EXTENSIONS,
    &run::EXTERNAL_PROPERTIES,
    &run::MALFORMED,
    &rule::ID,
    &rule::SHORT_DESCRIPTION,
    &rule::FULL_DESCRIPTION,
    &rule::HELP,
    &rule::TEXT_LENGTH,
    &rule_properties::TAGS,
    &rule_properties::TAGS_SHOWN,
    &rule_properties::SECURITY_SEVERITY,
    &rule_properties::SEVERITY_RANGE,
    &rule::LEVEL,
    &rule::HELP_URI,
    &rule_properties::REPEATED_TAGS,
    &rule::NOTIFICATION,
    &result::MALFORMED,
    &result::MESSAGE,
    &result::RULE_ID,
    &result::RULE_INDEX,
    &result::LEVEL,
    &result::KIND,
    &amounts::LOCATIONS,
    &amounts::LOCATIONS_SHOWN,
    &amounts::FLOW_STEPS,
    &amounts::FLOW_STEPS_SHOWN,
    &amounts::FLOW_INDEX,
    &location::FILE,
    &location::FURTHER,
    &uri::SCHEME,
    &uri::SPELLING,
    &uri::OUTSIDE,
    &region::ABSENT,
    &region::NUMBERS,
];

#[cfg(test)]
mod tests;
