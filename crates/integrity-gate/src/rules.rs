//! Every rule that a finding may name, and the criteria it counts against.

pub(crate) use gate_runner::Rule;

const LINKS: &[&str] = &["no_broken_links"];
const ANCHORS: &[&str] = &["no_broken_links", "cross_references_valid"];
const MODULES: &[&str] = &["all_referenced_modules_exist"];
const ORPHANS: &[&str] = &["all_modules_referenced"];
const MANIFESTS: &[&str] = &[
    "all_referenced_modules_exist",
    "all_modules_referenced",
    "delegation_chains_resolve",
];
const NAMES: &[&str] = &["delegation_chains_resolve"];
const CIRCLES: &[&str] = &["no_circular_dependencies"];
const DEPTH: &[&str] = &["reference_depth"];
const MARKDOWN: &[&str] = &["markdown_syntax_valid"];
const MATTER: &[&str] = &["yaml_frontmatter_correct"];
const XML: &[&str] = &["valid_xml_structure"];
const TOKENS: &[&str] = &["token_budgets_respected"];

#[rustfmt::skip]
pub(crate) static RULES: &[Rule] = &[
    Rule::new("broken_link", LINKS, "a link leads to a path that is not tracked"),
    Rule::new("link_case", LINKS, "a link leads to a path that is spelled in other letter case"),
    Rule::new("link_above_root", LINKS, "a link climbs above the root of the repository"),
    Rule::new("dead_link", LINKS, "an address of another host does not answer, or says that there is nothing"),
    Rule::new("broken_anchor", ANCHORS, "a fragment names no heading and no anchor of its target"),
    Rule::new("line_out_of_range", ANCHORS, "a line fragment is behind the end of its target"),
    Rule::new("missing_module", MODULES, "an include, import or manifest names a file that is not tracked"),
    Rule::new("module_case", MODULES, "an include or import names a file in other letter case"),
    Rule::new("module_above_root", MODULES, "an include or import climbs above the root of the repository"),
    Rule::new("bad_manifest", MANIFESTS, "the manifest of a plugin or marketplace cannot be read, or holds what its format does not have"),
    Rule::new("circular_dependency", CIRCLES, "modules load one another in a circle"),
    Rule::new("unreferenced_module", ORPHANS, "no root leads to the module"),
    Rule::new("unlisted_module", ORPHANS, "a manifest that lists its parts leaves one out"),
    Rule::new("missing_delegate", NAMES, "an agent, skill or command is named that does not exist"),
    Rule::new("deep_reference", DEPTH, "a chain of references is deeper than allowed"),
    Rule::new("not_text", MARKDOWN, "a file with the name of Markdown is no text"),
    Rule::new("undefined_reference", MARKDOWN, "a reference link has no definition, so it is shown as text"),
    Rule::new("unclosed_fence", MARKDOWN, "a code fence is never closed"),
    Rule::new("table_row_cells", MARKDOWN, "a table row has more cells than its header, which are not shown"),
    Rule::new("table_not_rendered", MARKDOWN, "lines look like a table and are shown as text"),
    Rule::new("nested_fence", MARKDOWN, "a fence inside a code block closes it"),
    Rule::new("bad_front_matter", MATTER, "front matter is no YAML mapping"),
    Rule::new("missing_key", MATTER, "front matter lacks a required key"),
    Rule::new("front_matter_schema", MATTER, "front matter does not fit its schema"),
    Rule::new("malformed_xml", XML, "an XML file is not well-formed"),
    Rule::new("unclosed_tag", XML, "a tag in Markdown is never closed"),
    Rule::new("unopened_tag", XML, "a closing tag in Markdown has no opening one"),
    Rule::new("crossed_tags", XML, "tags in Markdown close in the wrong order"),
    Rule::new("over_token_budget", TOKENS, "a module has more tokens than its budget"),
    Rule::new("closure_over_token_budget", TOKENS, "a module and all that it loads have more tokens than their budget"),
    Rule::new("closure_not_known", TOKENS, "a module loads what is not here or is no text, so its closure cannot be counted"),
    Rule::new("token_growth", TOKENS, "a module grew by more tokens than a change may add"),
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
