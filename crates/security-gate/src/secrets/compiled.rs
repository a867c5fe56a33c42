//! The table of rules, made ready for a search.

use std::collections::BTreeMap;
use std::sync::{LazyLock, OnceLock};

use regex::bytes::{Regex, RegexBuilder};

use super::filter::Filter;
use super::rule::Reach;
use super::rules::rules;

pub(super) struct Engine {
    pub(super) filter: Filter,
    /// Rules and the literal's length by literal, in the order of the filter's.
    pub(super) by_literal: Vec<Vec<(usize, usize)>>,
    patterns: Vec<Compiled>,
}

/// Compiled at first use: most files need none.
#[derive(Default)]
struct Compiled {
    pattern: OnceLock<Regex>,
    anchor: OnceLock<Regex>,
}

pub(super) static ENGINE: LazyLock<Engine> = LazyLock::new(|| {
    let mut literals: BTreeMap<&'static str, Vec<(usize, usize)>> = BTreeMap::new();
    for (index, rule) in rules().iter().enumerate() {
        for literal in rule.literals {
            literals
                .entry(literal)
                .or_default()
                .push((index, literal.len()));
        }
    }
    let filter = Filter::of(literals.keys().map(|literal| literal.as_bytes()).collect());
    Engine {
        filter,
        by_literal: literals.into_values().collect(),
        patterns: rules().iter().map(|_| Compiled::default()).collect(),
    }
});

impl Engine {
    pub(super) fn pattern(&self, index: usize) -> &Regex {
        self.patterns[index].pattern.get_or_init(|| {
            let rule = &rules()[index];
            compile(
                rule.pattern,
                matches!(rule.reach, Reach::Here { .. } | Reach::Nature),
            )
        })
    }

    pub(super) fn anchor(&self, index: usize, source: &str) -> &Regex {
        self.patterns[index]
            .anchor
            .get_or_init(|| compile(source, true))
    }
}

fn compile(pattern: &str, anchored: bool) -> Regex {
    let source = if anchored {
        format!(r"\A(?:{pattern})")
    } else {
        pattern.to_owned()
    };
    RegexBuilder::new(&source)
        .unicode(false)
        .multi_line(!anchored)
        .size_limit(1 << 21)
        .dfa_size_limit(1 << 21)
        .build()
        .expect("every pattern is compiled by a test")
}
