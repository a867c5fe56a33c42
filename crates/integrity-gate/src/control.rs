//! The positive control: a few planted pages for every criterion, of which the bad ones have to be found and the good ones left
//! alone, by the same reading, resolving and judging that real pages go through.

use crate::collect::Facts;
use crate::config::{Config, set};
use crate::contents::Contents;
use crate::criteria::TABLE;
use crate::entries::{Budget, FrontMatterRule};
use crate::evaluate::evaluate;
use crate::extractor::{Edges, Extractor, Resolve, Source};
use crate::matter::Schemas;
use crate::own::Own;
use crate::plan::{FilePart, Plan};
use crate::tree::Tree;
use crate::world::{self, Scope, World};
use gate_repo::FileKind;
use gate_runner::control::{Planted, judged, strictest};
use gate_runner::{Missed, Missing};
use gate_syntax::Encoding;
use gate_verdict::Code;
use std::collections::{BTreeMap, BTreeSet};

type Pages = &'static [(&'static str, &'static str)];

/// What is planted for one criterion.
struct Case {
    criterion: &'static str,
    bad: Pages,
    /// The rules that each have to find something in it.
    rules: &'static [&'static str],
    good: Pages,
}

/// More tokens than one page may have, and in two pages more than one may load.
const ALPHABET: &str = "a b c d e f g h i j k l m n o p q r s t u v w x y z";
#[rustfmt::skip]
static CASES: &[Case] = &[
    Case {
        criterion: "no_broken_links",
        bad: &[("a.md", "[gone](gone.md), [spelled](A.md) and [nowhere](#nowhere)\n")],
        rules: &["broken_link", "link_case", "broken_anchor"],
        good: &[("a.md", "# Here\n\n[this](a.md) and [here](#here)\n")],
    },
    Case {
        criterion: "cross_references_valid",
        bad: &[("a.md", "[nowhere](#nowhere)\n")],
        rules: &["broken_anchor"],
        good: &[("a.md", "# Here\n\n[here](#here)\n")],
    },
    Case {
        criterion: "all_referenced_modules_exist",
        bad: &[("a.md", "<include file=\"gone.md\"/>\n")],
        rules: &["missing_module"],
        good: &[("a.md", "<include file=\"b.md\"/>\n"), ("b.md", "text\n")],
    },
    Case {
        criterion: "no_circular_dependencies",
        bad: &[("a.md", "<include file=\"b.md\"/>\n"), ("b.md", "<include file=\"a.md\"/>\n")],
        rules: &["circular_dependency"],
        good: &[("a.md", "<include file=\"b.md\"/>\n"), ("b.md", "text\n")],
    },
    Case {
        criterion: "yaml_frontmatter_correct",
        bad: &[("a.md", "---\nname: [\n---\n"), ("b.md", "---\ntitle: b\n---\n")],
        rules: &["bad_front_matter", "missing_key"],
        good: &[("a.md", "---\nname: a\n---\n")],
    },
    Case {
        criterion: "all_modules_referenced",
        bad: &[("root.md", "text\n"), ("a.md", "text\n")],
        rules: &["unreferenced_module"],
        good: &[("root.md", "[a](a.md)\n"), ("a.md", "text\n")],
    },
    Case {
        criterion: "delegation_chains_resolve",
        bad: &[("a.md", "<agent>nobody</agent>\n")],
        rules: &["missing_delegate"],
        good: &[("a.md", "<agent>helper</agent>\n"), (".claude/agents/helper.md", "---\nname: helper\n---\n")],
    },
    Case {
        criterion: "markdown_syntax_valid",
        bad: &[("a.md", "[this][gone]\n\n| a | b |\n|---|---|\n| 1 | 2 | 3 |\n"), ("b.md", "```rust\ntext\n"), ("c.md", "\0")],
        rules: &["undefined_reference", "table_row_cells", "unclosed_fence", "not_text"],
        good: &[("a.md", "[this][here]\n\n[here]: a.md\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```rust\ntext\n```\n")],
    },
    Case {
        criterion: "reference_depth",
        bad: &[("a.md", "<include file=\"b.md\"/>\n"), ("b.md", "text\n")],
        rules: &["deep_reference"],
        good: &[("a.md", "text\n")],
    },
    Case {
        criterion: "token_budgets_respected",
        bad: &[("a.md", ALPHABET), ("b.md", "<include file=\"a.md\"/>\n<include file=\"c.md\"/>\n"), ("c.md", ALPHABET)],
        rules: &["over_token_budget", "closure_over_token_budget"],
        good: &[("a.md", "text\n")],
    },
    Case {
        criterion: "valid_xml_structure",
        bad: &[("a.xml", "<a><b></a>"), ("a.md", "<section>\n\ntext\n"), ("b.md", "text\n\n</section>\n")],
        rules: &["malformed_xml", "unclosed_tag", "unopened_tag"],
        good: &[("a.xml", "<a><b/></a>"), ("a.md", "<section>\n\ntext\n\n</section>\n")],
    },
];

/// The criteria among those asked for that miss what is planted for them.
pub(crate) fn control(asked: &[&str], encoding: Option<Encoding>) -> Vec<Missed> {
    let encoding = encoding.unwrap_or(Encoding::O200k);
    let missed = asked.iter().filter_map(|&id| {
        let case = CASES.iter().find(|case| case.criterion == id);
        let Some(case) = case else {
            return Some(Missed::new(id, "no bad case is planted for it"));
        };
        missed(case, encoding)
    });
    missed.collect()
}

fn missed(case: &Case, encoding: Encoding) -> Option<Missed> {
    let bad = facts(case.criterion, case.bad, encoding);
    let found = |rule: &&&str| bad.issues.iter().any(|issue| issue.rule == **rule);
    let blind: Vec<&str> = case
        .rules
        .iter()
        .filter(|rule| !found(rule))
        .copied()
        .collect();
    if !blind.is_empty() {
        let what = format!("a planted bad case has no finding of {}", blind.join(", "));
        return Some(Missed::new(case.criterion, what));
    }
    let planted = Planted {
        bad: &[&bad],
        good: &facts(case.criterion, case.good, encoding),
        nothing: &Facts {
            unread: Some(Missing::new(Code::EvidenceUnreadable, "planted", "")),
            ..Facts::default()
        },
    };
    let criterion = TABLE.iter().find(|one| one.id == case.criterion);
    judged(criterion?, &planted)
}

/// What planted pages come to.
fn facts(criterion: &str, pages: Pages, encoding: Encoding) -> Facts {
    let configs = BTreeMap::from([(String::new(), config(criterion, encoding))]);
    let plan = Plan::with(configs, false);
    let Some(config) = plan.config("") else {
        return Facts::default();
    };
    let own = Own {
        server: String::new(),
        repository: None,
        refs: Vec::new(),
        prefix: String::new(),
    };
    let read: Vec<(&str, FilePart)> = pages
        .iter()
        .filter(|(path, _)| plan.reads(path))
        .map(|(path, text)| (*path, plan.parse(path, text.as_bytes())))
        .collect();
    let everything = Scope {
        selected: true,
        judged: true,
    };
    let sources = read.iter().map(|(path, part)| world::Source {
        path,
        part,
        scope: everything,
    });
    let tree = Tree::new(pages.iter().map(|(path, _)| (*path, FileKind::Regular)));
    let contents = Contents::Planted;
    let world = World::new(&plan, config, &own, tree, sources, |_| everything, contents);
    let head = evaluate(&world, &Schemas::default());
    Facts {
        gaps: head
            .gap
            .into_iter()
            .map(|gap| ("token_budgets_respected", gap))
            .collect(),
        counts: head.counts,
        issues: head.issues,
        asked: config.asked.clone(),
        ..Facts::default()
    }
}

/// What a policy would ask of the planted pages.
fn config(criterion: &str, encoding: Encoding) -> Config {
    let of_tag = |tag: &str, attribute: Option<&str>, resolve| {
        let source = Source::Tag {
            tag: tag.to_owned(),
            attribute: attribute.map(str::to_owned),
            any: true,
        };
        Extractor::new(tag, source, resolve)
    };
    let include = Extractor {
        loads: true,
        ..of_tag("include", Some("file"), Resolve::File)
    };
    let agent = of_tag("agent", None, Resolve::Agent);
    let links = Extractor::new("links", Source::Link, Resolve::File);
    let edges = [include, agent, links].map(|extractor| Edges {
        extractor,
        paths: None,
        of_preset: false,
        is_guess: false,
    });
    let depth = TABLE.iter().find(|one| one.id == "reference_depth");
    Config {
        asked: BTreeSet::from([criterion.to_owned()]),
        preset_notice: Ok(None),
        edges: edges.into(),
        modules: set(["a.md"]),
        own_modules: false,
        roots: set(["root.md"]),
        slugs: Vec::new(),
        link_roots: Vec::new(),
        check_external: false,
        external_allow: Vec::new(),
        front_matter: vec![FrontMatterRule {
            paths: set(["a.md", "b.md"]),
            required: vec![String::from("name")],
            schema: None,
            builtin: None,
        }],
        budgets: vec![Budget {
            paths: set(["a.md", "b.md"]),
            max: Some(20),
            closure: Some(40),
            growth: None,
        }],
        encoding,
        suppressions: Vec::new(),
        only_new: false,
        depths: depth
            .map(|one| strictest(&one.measure))
            .into_iter()
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_criterion_finds_what_is_planted_for_it() {
        let built = TABLE.iter().filter(|criterion| criterion.judge.is_some());
        let ids: Vec<&str> = built.map(|criterion| criterion.id).collect();
        assert_eq!(control(&ids, None), []);
    }

    #[test]
    fn a_criterion_without_a_planted_case_is_missed() {
        assert_eq!(control(&["no_planted_case"], None).len(), 1);
    }

    /// Somebody who finds nothing, and somebody who finds fault with everything.
    #[test]
    fn a_blind_search_is_seen() {
        for case in CASES {
            let blind = Case {
                bad: case.good,
                ..*case
            };
            assert!(
                missed(&blind, Encoding::O200k).is_some(),
                "{}",
                case.criterion
            );
            let picky = Case {
                good: case.bad,
                ..*case
            };
            assert!(
                missed(&picky, Encoding::O200k).is_some(),
                "{}",
                case.criterion
            );
        }
    }
}
