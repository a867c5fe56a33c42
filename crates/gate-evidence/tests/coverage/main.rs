//! Coverage reports as values: every format, broken input, real files, and the laws of merging.

mod broken;
mod clover;
mod cobertura;
mod codecov_json;
mod corpus;
mod coverage_py;
mod dotnet;
mod fixtures;
mod gcov;
mod go_profile;
mod istanbul;
mod jacoco;
mod laws;
mod lcov;
mod llvm_cov;
mod simplecov;
mod xml;

use gate_evidence::coverage::{self, Coverage, FileCoverage, Ratio};
use gate_evidence::{Limits, ReportError};

/// Reads text as the named format with the default limits.
fn read(format: &str, text: impl AsRef<[u8]>) -> Result<Coverage, ReportError> {
    read_within(format, text, Limits::default())
}

fn read_within(
    format: &str,
    text: impl AsRef<[u8]>,
    limits: Limits,
) -> Result<Coverage, ReportError> {
    let format = coverage::format(format).expect("a known format");
    coverage::parse(format, &mut text.as_ref(), limits)
}

fn lines(file: &FileCoverage) -> Vec<(u32, u64)> {
    file.lines
        .iter()
        .map(|(&line, &hits)| (line, hits))
        .collect()
}

fn ratio(covered: u64, total: u64) -> Ratio {
    Ratio { covered, total }
}
