//! `basic_security` in one environment and `security` in the next look like two gates and are one.

use crate::doctor::papers::{Finding, Papers};
use gate_policy::{Value, alias};
use std::collections::BTreeMap;

pub(super) fn find(papers: &Papers<'_>) -> Vec<Finding> {
    // Names as written, in the order of the files, by the gate that they stand for.
    let mut names: BTreeMap<&str, Vec<(&str, &Value, &str)>> = BTreeMap::new();
    for (environment, lists) in papers.environments() {
        for key in ["mandatory_gates", "advisory_gates"] {
            for item in lists.get(key).map(Value::items).unwrap_or_default() {
                if let Some(name) = item.as_str() {
                    let of = names.entry(alias(name)).or_default();
                    if of.iter().all(|(known, _, _)| *known != name) {
                        of.push((name, item, &environment.key));
                    }
                }
            }
        }
    }
    let mut found = Vec::new();
    for (gate, names) in names {
        let [(name, item, environment), others @ ..] = names.as_slice() else {
            continue;
        };
        for (other, there, other_environment) in others {
            let text = format!(
                "`{environment}` lists `{name}` and `{other_environment}` lists `{other}`: both are the gate `{gate}`, so the one asks for all that the other does"
            );
            let next = format!(
                "write `{gate}` in both, or define a gate of its own, with other criteria, for the lighter one"
            );
            found.push(
                Finding::new(&item.position, text, next)
                    .beside(&there.position, format!("`{other}`")),
            );
        }
    }
    found
}
