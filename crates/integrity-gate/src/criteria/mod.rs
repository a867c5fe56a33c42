//! The table: one line per criterion. A criterion's id is its file, its docs
//! page and the prefix of its fixtures.

mod all_referenced_modules_exist;
mod cross_references_valid;
mod no_broken_links;
mod no_circular_dependencies;
mod yaml_frontmatter_correct;

use crate::collect::{Broken, Facts};
use crate::resolve::Problem;
use gate_policy::Measure::Violations;
use gate_runner::Criterion;
use gate_verdict::{Finding, Level, Location, sha256_hex};
use std::collections::BTreeMap;

#[rustfmt::skip]
pub(crate) static TABLE: &[Criterion<Facts>] = &[
    Criterion { id: "no_broken_links", summary: "every relative link and anchor of tracked Markdown resolves", measure: Violations, on_change: false, default: Some("true"), judge: Some(no_broken_links::judge) },
    Criterion { id: "cross_references_valid", summary: "every fragment names a heading or anchor that exists", measure: Violations, on_change: false, default: None, judge: Some(cross_references_valid::judge) },
    Criterion { id: "all_referenced_modules_exist", summary: "every module that another includes or imports is tracked", measure: Violations, on_change: false, default: Some("true"), judge: Some(all_referenced_modules_exist::judge) },
    Criterion { id: "no_circular_dependencies", summary: "no module includes itself, directly or through others", measure: Violations, on_change: false, default: None, judge: Some(no_circular_dependencies::judge) },
    Criterion { id: "yaml_frontmatter_correct", summary: "every front matter parses as a YAML mapping", measure: Violations, on_change: false, default: None, judge: Some(yaml_frontmatter_correct::judge) },
    Criterion { id: "all_modules_referenced", summary: "every module can be reached from a declared root", measure: Violations, on_change: false, default: None, judge: None },
    Criterion { id: "delegation_chains_resolve", summary: "every agent, skill and command that is delegated to by name exists", measure: Violations, on_change: false, default: None, judge: None },
    Criterion { id: "markdown_syntax_valid", summary: "no undefined references, broken fences or tables", measure: Violations, on_change: false, default: None, judge: None },
    Criterion { id: "reference_depth", summary: "no chain of includes is deeper than allowed", measure: Violations, on_change: false, default: None, judge: None },
    Criterion { id: "token_budgets_respected", summary: "no module is larger than its token budget", measure: Violations, on_change: false, default: None, judge: None },
    Criterion { id: "valid_xml_structure", summary: "XML files and XML inside Markdown are well-formed", measure: Violations, on_change: false, default: None, judge: None },
];

/// Findings for references that do not resolve.
fn findings<'a>(criterion: &str, broken: impl IntoIterator<Item = &'a Broken>) -> Vec<Finding> {
    // The n-th same reference of a file keeps its identity when lines move.
    let mut seen: BTreeMap<(String, String, String), u32> = BTreeMap::new();
    broken
        .into_iter()
        .map(|broken| {
            let written = &broken.edge.written;
            let (rule, message, fix) = describe(written, &broken.problem);
            let count = seen
                .entry((rule.to_owned(), broken.path.clone(), written.to_string()))
                .or_default();
            *count += 1;
            Finding {
                rule: rule.to_owned(),
                criterion: criterion.to_owned(),
                level: Level::Error,
                fingerprint: sha256_hex(
                    format!("{rule}\0{}\0{written}\0{count}", broken.path).as_bytes(),
                ),
                message,
                location: Some(Location {
                    path: broken.path.clone(),
                    line: Some(broken.edge.line),
                    column: Some(broken.edge.column),
                    end_line: Some(broken.edge.line),
                    end_column: Some(broken.edge.end_column),
                }),
                baseline_state: None,
                fix,
            }
        })
        .collect()
}

/// Rule, message and repair of one problem.
fn describe(written: &str, problem: &Problem) -> (&'static str, String, Option<String>) {
    match problem {
        Problem::NoFile { path, nearest } => {
            let hint = nearest
                .as_ref()
                .map(|nearest| format!("; did it mean `{nearest}`?"));
            (
                "broken_link",
                format!(
                    "`{written}` leads to `{path}`, which is not a tracked file or folder{}",
                    hint.unwrap_or_default()
                ),
                nearest.clone(),
            )
        }
        Problem::OtherCase { path, tracked } => (
            "link_case",
            format!(
                "`{written}` leads to `{path}`, but the tracked name is `{tracked}`; GitHub tells upper and lower case apart"
            ),
            Some(tracked.clone()),
        ),
        Problem::AboveRoot => (
            "link_above_root",
            format!("`{written}` climbs above the root of the repository"),
            None,
        ),
        Problem::NoAnchor {
            path,
            fragment,
            nearest,
        } => {
            let hint = nearest
                .as_ref()
                .map(|nearest| format!("; did it mean `#{nearest}`?"));
            (
                "broken_anchor",
                format!(
                    "`{written}`: `{path}` has no heading or anchor `#{fragment}`{}",
                    hint.unwrap_or_default()
                ),
                nearest.as_ref().map(|nearest| format!("#{nearest}")),
            )
        }
    }
}
