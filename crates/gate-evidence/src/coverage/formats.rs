//! The formats, one line each: their names, how they are recognised and read,
//! and what of each unit a report tells.

use std::io::BufRead;

use super::draft::Draft;
use super::merge::Others;
use super::sniff::Head;
use super::{
    clover, cobertura, codecov_json, coverage_py, dotcover, dotnet_coverage, gcov_json, gcov_text,
    go_profile, istanbul, istanbul_summary, jacoco, lcov, llvm_cov, opencover, simplecov,
};
use crate::error::ReportError;
use crate::limits::Limits;
use Known::{Counts, Derived, Exact, Fraction, No};
use Parse::{ByFile, Whole};

/// A report format.
#[derive(Debug)]
pub struct Format {
    /// `snake_case` name, as the policy and the evidence record write it.
    pub name: &'static str,
    /// What people call it.
    pub title: &'static str,
    /// What a report tells of lines, branches, functions, statements and regions.
    pub known: [Known; 5],
    /// What there is to say beyond that.
    pub note: &'static str,
    pub(super) sniff: fn(&Head<'_>) -> bool,
    pub(super) parse: Parse,
}

/// How a report is read: as a whole, or file by file, so that what others say of the same files
/// need not wait for its end.
#[derive(Debug, Clone, Copy)]
pub(super) enum Parse {
    Whole(fn(&mut dyn BufRead, Limits) -> Result<Draft, ReportError>),
    ByFile(fn(&mut dyn BufRead, Limits, &mut dyn Others) -> Result<Draft, ReportError>),
}

/// What a report tells of one unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    /// Each by itself: reports unite without loss.
    Exact,
    /// How many of a line, not which: united, the larger numbers hold.
    Fraction,
    /// How many of a file, not where.
    Counts,
    /// Not written, and follows from another unit.
    Derived,
    /// Nothing.
    No,
}

impl Known {
    /// In a table.
    pub const fn word(self) -> &'static str {
        match self {
            Exact => "exact",
            Fraction => "fraction",
            Counts => "counts only",
            Derived => "derived",
            No => "",
        }
    }
}

/// Every format that can be read.
#[rustfmt::skip]
pub static FORMATS: &[Format] = &[
    Format { name: "lcov", title: "lcov", known: [Exact, Exact, Exact, No, No], note: "1.x, and 2.2 and later; conditions of MC/DC exact; exception branches count, unreachable ones do not", sniff: lcov::sniff, parse: ByFile(lcov::parse) },
    Format { name: "cobertura", title: "Cobertura", known: [Exact, Fraction, Exact, No, No], note: "functions where methods are written; rates and percentages are not read", sniff: cobertura::sniff, parse: Whole(cobertura::parse) },
    Format { name: "jacoco", title: "JaCoCo", known: [Exact, Fraction, Exact, No, No], note: "no hit counts: what ran counts once; the group stands in front where two modules hold one path", sniff: jacoco::sniff, parse: Whole(jacoco::parse) },
    Format { name: "clover", title: "Clover", known: [Exact, Exact, Exact, Exact, No], note: "OpenClover and PHPUnit; Istanbul writes fractions and no functions, gcovr lines and statements", sniff: clover::sniff, parse: Whole(clover::parse) },
    Format { name: "opencover", title: "OpenCover", known: [Exact, Exact, Exact, Exact, No], note: "statements by extent; a line is from the first to the last of its sequence points", sniff: opencover::sniff, parse: Whole(opencover::parse) },
    Format { name: "dotnet_coverage", title: "dotnet-coverage", known: [Exact, No, Exact, Exact, No], note: "no hit counts; a range that is covered in part ran", sniff: dotnet_coverage::sniff, parse: Whole(dotnet_coverage::parse) },
    Format { name: "dotcover", title: "dotCover", known: [Exact, No, Exact, Exact, No], note: "`DetailedXML`, no hit counts; a summary is refused", sniff: dotcover::sniff, parse: Whole(dotcover::parse) },
    Format { name: "go_profile", title: "Go profile", known: [Derived, No, No, Exact, No], note: "lines from the extents of statements, without a closing brace alone on its line", sniff: go_profile::sniff, parse: Whole(go_profile::parse) },
    Format { name: "llvm_cov", title: "llvm-cov JSON", known: [Exact, Exact, Exact, No, Exact], note: "conditions of MC/DC exact; with `--summary-only` counts of all of them and no lines", sniff: llvm_cov::sniff, parse: Whole(llvm_cov::parse) },
    Format { name: "codecov_json", title: "Codecov JSON", known: [Exact, Fraction, No, No, No], note: "as cargo-llvm-cov and others write it", sniff: codecov_json::sniff, parse: Whole(codecov_json::parse) },
    Format { name: "coverage_py", title: "coverage.py JSON", known: [Exact, Exact, Exact, Exact, No], note: "hits are 0 or 1; excluded lines are measured in no report; functions from format 3 on", sniff: coverage_py::sniff, parse: Whole(coverage_py::parse) },
    Format { name: "istanbul", title: "Istanbul final", known: [Exact, Exact, Exact, Exact, No], note: "joined by place; files that no test loaded give way to what was measured", sniff: istanbul::sniff, parse: Whole(istanbul::parse) },
    Format { name: "istanbul_summary", title: "Istanbul summary", known: [Counts, Counts, Counts, Counts, No], note: "no lines, so no coverage of a change", sniff: istanbul_summary::sniff, parse: Whole(istanbul_summary::parse) },
    Format { name: "simplecov", title: "SimpleCov", known: [Exact, Exact, Exact, No, No], note: "suites are united; functions where methods are written", sniff: simplecov::sniff, parse: Whole(simplecov::parse) },
    Format { name: "gcov_json", title: "gcov JSON", known: [Exact, Exact, Exact, No, No], note: "instances of a template are united; conditions of MC/DC from GCC 14 on", sniff: gcov_json::sniff, parse: Whole(gcov_json::parse) },
    Format { name: "gcov_text", title: "gcov text", known: [Exact, Exact, Exact, No, No], note: "branches and functions with `-b`", sniff: gcov_text::sniff, parse: Whole(gcov_text::parse) },
];
