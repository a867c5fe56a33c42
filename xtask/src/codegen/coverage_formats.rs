//! `docs/reference/coverage-formats.md`: what each report format tells, from the table of formats.

use super::page::{Page, cell};
use gate_evidence::{coverage, test_run};
use std::fmt::Write as _;

pub(crate) fn page() -> Page {
    let mut body = String::from(
        "Formats are recognised by content, whatever the file is called, and may be packed as gzip or stored as UTF-16. *Exact*: each\n\
         is told by itself, so that reports unite without loss. *Fraction*: how many of a line, not which; united, the larger\n\
         numbers hold. *Counts only*: how many of a file, not where. *Derived*: follows from another unit.\n\n\
         | Format | Name | Lines | Branches | Functions | Statements | Regions | |\n|---|---|---|---|---|---|---|---|\n",
    );
    for format in coverage::FORMATS {
        let known = format.known.map(coverage::Known::word).join(" | ");
        let _ = writeln!(
            body,
            "| {} | `{}` | {known} | {} |",
            cell(format.title),
            format.name,
            cell(format.note)
        );
    }
    body.push_str("\n## Test results\n\nRead from the same `reports`, for `tests_passed`, `flaky_tests`, `skipped_tests` and `test_duration`:\n\n");
    for format in test_run::FORMATS {
        let _ = writeln!(body, "- `{}`", format.name);
    }
    body.push_str("\n## Exports\n\nWritten beside the verdict where `exports` names them:\n\n");
    for export in coverage::EXPORTS {
        let _ = writeln!(body, "- `{}`: `<gate>{}`", export.name, export.ending);
    }
    body.push_str("- `html`: `<gate>.html`, a page with the sources\n- `badge`: `<gate>.badge.json`, for shields.io\n");
    Page {
        title: String::from("Coverage formats"),
        summary: String::from("What each format of coverage and test reports tells"),
        body,
    }
}
