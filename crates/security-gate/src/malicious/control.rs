//! The positive control: a run that cannot find what is planted must not say that there is nothing.

use std::collections::BTreeSet;

use super::rule::{Rule, Sample};
use super::rules::RULES;
use super::sample::expand;
use super::{Hit, Level, hook_targets, join, scan};

/// Plants the samples of every rule in memory and searches them as files are searched.
///
/// # Errors
/// The ids of the rules that missed one, or that find an honest look-alike; the verdict must then be `error`.
pub fn control() -> Result<usize, Vec<&'static str>> {
    let wrong: Vec<_> = RULES
        .iter()
        .filter(|rule| {
            rule.samples.is_empty()
                || !rule.samples.iter().all(|sample| finds(rule, sample))
                || rule.decoys.iter().any(|decoy| finds(rule, decoy))
        })
        .map(|rule| rule.id)
        .collect();
    if wrong.is_empty() {
        Ok(RULES.iter().map(|rule| rule.samples.len()).sum())
    } else {
        Err(wrong)
    }
}

pub(super) fn finds(rule: &Rule, sample: Sample) -> bool {
    planted(sample).iter().any(|(_, hit)| hit.rule == rule.id)
}

/// All that is found in the files of a sample.
pub(super) fn planted(sample: Sample) -> Vec<(String, Hit)> {
    let (mut all, mut hooks) = (Vec::new(), BTreeSet::new());
    for (path, template) in sample {
        let text = expand(template);
        let mut found = Vec::new();
        scan(path, text.as_bytes(), &mut found);
        all.extend(found.into_iter().map(|hit| ((*path).to_owned(), hit)));
        hooks.extend(hook_targets(path, text.as_bytes()));
    }
    join(&mut all, &hooks);
    all
}

/// A file that is malicious for certain.
pub fn planted_file() -> (&'static str, String) {
    let certain = RULES.iter().filter(|rule| rule.level == Level::Certain);
    let mut samples = certain.flat_map(|rule| rule.samples.iter().copied());
    let alone = samples.find_map(|sample: Sample| match sample {
        [(path, template)] => Some((*path, expand(template))),
        _ => None,
    });
    alone.unwrap_or_default()
}
