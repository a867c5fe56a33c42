//! `codecov.yml`: paths, path fixes, and what stands around the statuses, which `codecov_status.rs` reads.

use super::codecov_parts::{Part, flag_of, judged_flags, managed, scope};
use super::codecov_status::statuses;
use super::codecov_table::{KNOWN, TABLE};
use super::node::Node;
use super::pattern;
use super::plan::{Gate, NO_GLOB, Plan};
use super::regex::regex_globs;
use super::settings::{Became, Told};
use gate_policy::Value;
use std::collections::BTreeMap;

pub(super) const TAKES_BACK: &str =
    "`exclude` takes nothing back; write the globs of `exclude` so that they leave it in";

/// Globs to look at and globs to leave out.
#[derive(Clone, Debug, Default)]
pub(super) struct Paths {
    pub(super) only: Vec<String>,
    pub(super) not: Vec<String>,
}

pub(super) fn import(document: &Value, plan: &mut Plan, told: &mut Told) {
    let top = Node::top(document);
    let coverage = top.get("coverage");
    // An older form has these below `coverage`.
    let places = || [Some(&top), coverage.as_ref()].into_iter().flatten();
    for ignore in places().filter_map(|place| place.get("ignore")) {
        ignored(&ignore, plan, told);
    }
    for fixes in places().filter_map(|place| place.get("fixes")) {
        for fix in fixes.items() {
            rewritten(&fix, plan, told);
        }
    }
    for parsers in places().filter_map(|place| place.get("parsers")) {
        for fit in parsers
            .entries()
            .iter()
            .filter_map(|parser| parser.get("partials_as_hits"))
        {
            let became = match fit.truth() {
                Some(true) => Became::Anyway("`line_coverage` counts a line of which a part ran as one that ran".into()),
                _ => Became::NoEqual("`line_coverage` counts a line of which a part ran as one that ran; ask for `branch_coverage` beside it".into()),
            };
            told.say(&fit, became);
        }
    }
    let judged = judged_flags(&top);
    let mut parts = BTreeMap::new();
    for flags in places().filter_map(|place| place.get("flags")) {
        for flag in flags.entries() {
            if judged.contains(flag.key()) {
                parts.insert(flag.key().to_owned(), flag_of(&flag, told));
                continue;
            }
            for node in ["paths", "ignore"].iter().filter_map(|key| flag.get(key)) {
                told.say(&node, Became::NoEqual("no status here is about this flag; a gate of its own with `paths` and `reports` would be".into()));
            }
        }
    }
    builds(&top, plan, told);
    if let Some(coverage) = &coverage {
        by_status(coverage.get("status").as_ref(), &parts, plan, told);
    } else {
        by_status(None, &parts, plan, told);
    }
    managed(&top, &parts, plan, told);
    told.rest(&top, TABLE, KNOWN);
    told.notes.extend([
        "Codecov finds the reports by itself. Without `reports:` the usual places are looked at; name yours there, so that one that was not written is an error.".into(),
        "Codecov counts a line of which only some branches ran as missed, `line_coverage` counts it as run: its figure is the higher one. Ask for `branch_coverage` beside it.".into(),
        "Codecov passes where it has no report, or none of the base; here that is an error.".into(),
    ]);
    if let Some(note) = base_note(plan) {
        told.notes.push(note);
    }
}

/// What every import with a comparison has to say.
pub(super) fn base_note(plan: &Plan) -> Option<String> {
    let drops = |gate: &Gate| {
        gate.asked
            .iter()
            .any(|asked| asked.criterion.ends_with("_drop"))
    };
    plan.gates.iter().any(drops).then(|| {
        format!("`base_reports: [\"{}\"]` is a place to fill: keep the reports of the default branch as an artifact and bring them there, or the comparison is an error.", super::plan::BASE_REPORTS)
    })
}

fn ignored(ignore: &Node<'_>, plan: &mut Plan, told: &mut Told) {
    for entry in ignore.items() {
        let became = match entry.value.as_str() {
            Some(text) if text.starts_with('!') => Became::NoEqual(TAKES_BACK.into()),
            Some(text) => match globs(text) {
                Ok(globs) => {
                    let became = Became::Taken(format!("exclude: {}", globs.join(", ")));
                    plan.exclude.extend(globs);
                    became
                }
                Err(why) => no_glob(&why, "exclude"),
            },
            None => continue,
        };
        told.say(&entry, became);
    }
}

pub(super) fn no_glob(why: &str, key: &str) -> Became {
    Became::NoEqual(format!(
        "no glob matches the same ({why}); write globs of your own under `{key}`"
    ))
}

/// A pattern of Codecov: the beginning of a path, a glob, or a regular expression that is matched from the beginning.
fn globs(pattern: &str) -> Result<Vec<String>, String> {
    let pattern = pattern.strip_prefix("./").unwrap_or(pattern);
    if !pattern.contains(['*', '$', '[', ']']) {
        // A dot in the beginning of a path is meant as one.
        return regex_globs(&pattern.replace('.', "\\."), true);
    }
    let is_glob = pattern.contains("**")
        || pattern.contains("/*")
        || (pattern.contains('*') && !pattern.contains("]*") && !pattern.contains(".*"));
    if is_glob {
        pattern::globs(&pattern::shell(pattern, false)?)
    } else {
        regex_globs(pattern, true)
    }
}

/// A list of patterns to look at, or to leave out; of those with `!` the other holds.
pub(super) fn paths(node: &Node<'_>, ignored: bool, told: &mut Told) -> Paths {
    let mut paths = Paths::default();
    for entry in node.items() {
        let Some(text) = entry.value.as_str() else {
            continue;
        };
        if ignored && text.starts_with('!') {
            told.say(&entry, Became::NoEqual(TAKES_BACK.into()));
            continue;
        }
        let (key, into) = if text.starts_with('!') || ignored {
            ("exclude", &mut paths.not)
        } else {
            ("paths", &mut paths.only)
        };
        let became = match globs(text.trim_start_matches('!')) {
            Ok(globs) => {
                let became = Became::Taken(format!("{key}: {}", globs.join(", ")));
                into.extend(globs);
                became
            }
            Err(why) => {
                if key == "paths" {
                    into.push(NO_GLOB.to_owned());
                }
                no_glob(&why, key)
            }
        };
        told.say(&entry, became);
    }
    paths
}

/// `before::after`, the beginning of a path and what stands in its place.
fn rewritten(fix: &Node<'_>, plan: &mut Plan, told: &mut Told) {
    let Some((from, to)) = fix.value.as_str().and_then(|text| text.split_once("::")) else {
        return;
    };
    let plain = !from.contains(['*', '$', '[', ']', '(', '|', '+', '?', '\\']);
    let to = to.trim_start_matches("./").trim_matches('/');
    let inside = !to.split('/').any(|part| matches!(part, "." | ".."))
        && !to.contains(['\\', ':'])
        && !to.contains("//");
    let became = if from.is_empty() {
        Became::Anyway(
            "reports that were written in a folder are looked up by the ending of their paths"
                .into(),
        )
    } else if !plain || !inside || from.trim().is_empty() {
        Became::NoEqual("`rewrite_paths` knows the beginning of a path and a folder of the repository, no patterns; write one entry for each beginning".into())
    } else {
        let to = if to.is_empty() { "." } else { to };
        plan.rewrites
            .push((from.trim_start_matches('^').to_owned(), to.to_owned()));
        Became::Taken(format!("rewrite_paths: from {from} to {to}"))
    };
    told.say(fix, became);
}

/// How many uploads are waited for: so many reports there have to be.
fn builds(top: &Node<'_>, plan: &mut Plan, told: &mut Told) {
    let notify = top.get("codecov").and_then(|codecov| codecov.get("notify"));
    let Some(node) = notify.and_then(|notify| notify.get("after_n_builds")) else {
        return;
    };
    if let Some(number) = node.value.as_u64() {
        plan.min_reports = (number > 1).then_some(number);
        told.say(&node, Became::Taken(format!("min_reports: {number}")));
    }
}

fn by_status(
    status: Option<&Node<'_>>,
    parts: &BTreeMap<String, Part>,
    plan: &mut Plan,
    told: &mut Told,
) {
    let asked = statuses(status, told);
    for one in asked {
        let scope = scope(&one, parts, told);
        one.ask(&scope, plan, told);
    }
}
