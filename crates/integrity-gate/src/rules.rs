//! Every rule that a finding may name, and the criteria it counts against.

pub(crate) use gate_runner::Rule;

const LINKS: &[&str] = &["no_broken_links"];
const ANCHORS: &[&str] = &["no_broken_links", "cross_references_valid"];
const MODULES: &[&str] = &["all_referenced_modules_exist"];
const ORPHANS: &[&str] = &["all_modules_referenced"];
const NAMES: &[&str] = &["delegation_chains_resolve"];
const CIRCLES: &[&str] = &["no_circular_dependencies"];
const DEPTH: &[&str] = &["reference_depth"];
const MARKDOWN: &[&str] = &["markdown_syntax_valid"];
const MATTER: &[&str] = &["yaml_frontmatter_correct"];
const XML: &[&str] = &["valid_xml_structure"];
const TOKENS: &[&str] = &["token_budgets_respected"];

#[rustfmt::skip]
pub(crate) static RULES: &[Rule] = &[
    Rule { id: "broken_link", criteria: LINKS, summary: "a link leads to a path that is not tracked" },
    Rule { id: "link_case", criteria: LINKS, summary: "a link leads to a path that is spelled in other letter case" },
    Rule { id: "link_above_root", criteria: LINKS, summary: "a link climbs above the root of the repository" },
    Rule { id: "dead_link", criteria: LINKS, summary: "an address of another host does not answer, or says that there is nothing" },
    Rule { id: "broken_anchor", criteria: ANCHORS, summary: "a fragment names no heading and no anchor of its target" },
    Rule { id: "line_out_of_range", criteria: ANCHORS, summary: "a line fragment is behind the end of its target" },
    Rule { id: "missing_module", criteria: MODULES, summary: "an include, import or manifest names a file that is not tracked" },
    Rule { id: "module_case", criteria: MODULES, summary: "an include or import names a file in other letter case" },
    Rule { id: "module_above_root", criteria: MODULES, summary: "an include or import climbs above the root of the repository" },
    Rule { id: "circular_dependency", criteria: CIRCLES, summary: "modules load one another in a circle" },
    Rule { id: "unreferenced_module", criteria: ORPHANS, summary: "no root leads to the module" },
    Rule { id: "unlisted_module", criteria: ORPHANS, summary: "a manifest that lists its parts leaves one out" },
    Rule { id: "missing_delegate", criteria: NAMES, summary: "an agent, skill or command is named that does not exist" },
    Rule { id: "deep_reference", criteria: DEPTH, summary: "a chain of references is deeper than allowed" },
    Rule { id: "undefined_reference", criteria: MARKDOWN, summary: "a reference link has no definition, so it is shown as text" },
    Rule { id: "unclosed_fence", criteria: MARKDOWN, summary: "a code fence is never closed" },
    Rule { id: "table_row_cells", criteria: MARKDOWN, summary: "a table row has more cells than its header, which are not shown" },
    Rule { id: "table_not_rendered", criteria: MARKDOWN, summary: "lines look like a table and are shown as text" },
    Rule { id: "nested_fence", criteria: MARKDOWN, summary: "a fence inside a code block closes it" },
    Rule { id: "bad_front_matter", criteria: MATTER, summary: "front matter is no YAML mapping" },
    Rule { id: "missing_key", criteria: MATTER, summary: "front matter lacks a required key" },
    Rule { id: "front_matter_schema", criteria: MATTER, summary: "front matter does not fit its schema" },
    Rule { id: "malformed_xml", criteria: XML, summary: "an XML file is not well-formed" },
    Rule { id: "unclosed_tag", criteria: XML, summary: "a tag in Markdown is never closed" },
    Rule { id: "unopened_tag", criteria: XML, summary: "a closing tag in Markdown has no opening one" },
    Rule { id: "crossed_tags", criteria: XML, summary: "tags in Markdown close in the wrong order" },
    Rule { id: "over_token_budget", criteria: TOKENS, summary: "a module has more tokens than its budget" },
    Rule { id: "closure_over_token_budget", criteria: TOKENS, summary: "a module and all that it loads have more tokens than their budget" },
    Rule { id: "token_growth", criteria: TOKENS, summary: "a module grew by more tokens than a change may add" },
];

pub(crate) fn rule(id: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.id == id)
}

/// The rule that a slip of the pen may have meant.
pub(crate) fn nearest(id: &str) -> Option<&'static str> {
    let near = RULES
        .iter()
        .filter(|rule| rule.id.len().abs_diff(id.len()) <= 2)
        .map(|rule| (strsim::damerau_levenshtein(rule.id, id), rule.id))
        .min()?;
    (near.0 <= 2).then_some(near.1)
}

/// Whether a criterion counts the findings of a rule.
pub(crate) fn counts(criterion: &str, id: &str) -> bool {
    rule(id).is_some_and(|rule| rule.criteria.contains(&criterion))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_counts_against_a_criterion_of_the_table() {
        for rule in RULES {
            assert!(!rule.criteria.is_empty() && !rule.summary.is_empty());
            for criterion in rule.criteria {
                assert!(
                    crate::criteria::TABLE
                        .iter()
                        .any(|known| known.id == *criterion),
                    "{} counts against {criterion}",
                    rule.id
                );
            }
        }
        for criterion in crate::criteria::TABLE {
            assert!(
                RULES
                    .iter()
                    .any(|rule| rule.criteria.contains(&criterion.id)),
                "no rule counts against {}",
                criterion.id
            );
        }
    }
}
