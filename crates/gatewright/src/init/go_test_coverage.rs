//! `.testcoverage.yml` of go-test-coverage: shares of statements, of all, of packages, of files, and rules for some of them.

use super::codecov::{base_note, no_glob};
use super::node::Node;
use super::pattern;
use super::plan::{Asked, Gate, MAX_GATES, Plan, at_least};
use super::regex::regex_globs;
use super::settings::Became::{Anyway, NoEqual};
use super::settings::{Became, Row, Told};
use gate_policy::Value;
use gate_verdict::Decimal;

const SHARE: &str = "statement_coverage";

pub(super) fn import(document: &Value, plan: &mut Plan, told: &mut Told) {
    let top = Node::top(document);
    if let Some(node) = top.get("profile") {
        profiles(&node, plan, told);
    }
    let exclude = top.get("exclude").and_then(|exclude| exclude.get("paths"));
    for entry in exclude.iter().flat_map(Node::items) {
        let Some(text) = entry.value.as_str() else {
            continue;
        };
        let became = match regex_globs(text, false) {
            Ok(globs) => {
                let became = Became::Taken(format!("exclude: {}", globs.join(", ")));
                plan.exclude.extend(globs);
                became
            }
            Err(why) => no_glob(&why, "exclude"),
        };
        told.say(&entry, became);
    }
    let rules = overridden(&top, told);
    // Each leaves out what those before it are about.
    if rules.len() > MAX_GATES {
        plan.too_many = true;
        return;
    }
    thresholds(&top, &rules, plan, told);
    let diff = top.get("diff");
    if let Some(node) = diff.as_ref().and_then(|diff| diff.get("threshold")) {
        compared(
            &node,
            diff.as_ref()
                .and_then(|diff| diff.get("base-breakdown-file-name"))
                .is_some_and(|node| node.value.as_str().is_some_and(|text| !text.is_empty())),
            plan,
            told,
        );
    }
    if let Some(node) = top.get("badge").and_then(|badge| badge.get("file-name")) {
        plan.badge = true;
        told.say(
            &node,
            Became::Differs(
                "exports: [badge]".into(),
                "a badge for shields.io is written beside the verdict, and committed nowhere"
                    .into(),
            ),
        );
    }
    told.rest(
        &top,
        TABLE,
        &[
            "exclude",
            "file",
            "override",
            "package",
            "path",
            "paths",
            "profile",
            "threshold",
            "total",
        ],
    );
    told.notes.extend([
        "go-test-coverage rounds to one decimal and then cuts: it lets 94.95% pass as 95%. Here 95% is 95%; for the same write `>= 94.95%`.".into(),
        "Code behind `// coverage-ignore` counts here like any other: take whole files out by `exclude`, or lower the figure.".into(),
        "Without a statement go-test-coverage passes; here that is an error.".into(),
    ]);
    told.notes.extend(base_note(plan));
}

/// What is asked of all, of packages and of files, and of those that a rule is about.
fn thresholds(top: &Node<'_>, rules: &[Rule<'_>], plan: &mut Plan, told: &mut Told) {
    let threshold = top.get("threshold");
    let threshold = |key: &str| threshold.as_ref().and_then(|threshold| threshold.get(key));
    if let Some(node) = threshold("total") {
        ask(&node, None, &Gate::default(), plan, told);
    }
    for (key, per, name) in [
        ("package", "directory", "packages"),
        ("file", "file", "files"),
    ] {
        // A rule holds in place of what is said of all, and the first that fits is the one.
        let mut before: Vec<String> = Vec::new();
        for (number, rule) in rules.iter().enumerate() {
            let own = if per == "file" {
                &rule.files
            } else {
                &rule.packages
            };
            if own.is_empty() {
                continue;
            }
            let scope = Gate {
                name: format!("rule-{}-{name}", number + 1),
                paths: own.clone(),
                exclude: before.clone(),
                ..Gate::default()
            };
            before.extend(own.iter().cloned());
            ask(&rule.threshold, Some(per), &scope, plan, told);
        }
        if let Some(node) = threshold(key) {
            let scope = Gate {
                name: name.into(),
                exclude: before,
                ..Gate::default()
            };
            ask(&node, Some(per), &scope, plan, told);
        }
    }
}

fn profiles(node: &Node<'_>, plan: &mut Plan, told: &mut Told) {
    let Some(text) = node.value.as_str() else {
        return;
    };
    let paths = text
        .split(',')
        .map(|path| path.trim().trim_start_matches("./").to_owned());
    let paths: Vec<String> = paths.filter(|path| !path.is_empty()).collect();
    let became =
        match paths.iter().try_for_each(|path| pattern::ours(path)) {
            Ok(()) => Became::Taken(format!("reports: {}", paths.join(", "))),
            Err(why) => return told.say(
                node,
                NoEqual(format!(
                    "`reports:` cannot name it ({why}); write where the profile is, below the root"
                )),
            ),
        };
    plan.reports.extend(paths);
    told.say(node, became);
}

/// A rule of `override`: the files and the packages that it is about.
struct Rule<'a> {
    threshold: Node<'a>,
    files: Vec<String>,
    packages: Vec<String>,
}

fn overridden<'a>(top: &Node<'a>, told: &mut Told) -> Vec<Rule<'a>> {
    let mut rules = Vec::new();
    for entry in top.get("override").iter().flat_map(Node::items) {
        let (Some(path), Some(threshold)) = (entry.get("path"), entry.get("threshold")) else {
            continue;
        };
        let Some(text) = path.value.as_str() else {
            continue;
        };
        let globs = match regex_globs(text, false) {
            Ok(globs) => globs,
            Err(why) => {
                told.say(&path, no_glob(&why, "paths"));
                told.say(&threshold, NoEqual("no gate has it, because of its path: what is said of all files and packages holds".into()));
                continue;
            }
        };
        // Every file that is measured ends in `.go`, and no package does.
        let ended = text.ends_with('$');
        let of_file = text.trim_end_matches('$').strip_suffix(".go").is_some();
        let packages = if of_file {
            Vec::new()
        } else {
            globs.iter().map(|glob| format!("{glob}/*.go")).collect()
        };
        let files = if ended && !of_file { Vec::new() } else { globs };
        told.say(
            &path,
            Became::Taken(format!(
                "paths: {}",
                packages
                    .iter()
                    .chain(&files)
                    .cloned()
                    .collect::<Vec<_>>()
                    .join(", ")
            )),
        );
        rules.push(Rule {
            threshold,
            files,
            packages,
        });
    }
    rules
}

fn ask(node: &Node<'_>, per: Option<&'static str>, scope: &Gate, plan: &mut Plan, told: &mut Told) {
    let number = node
        .value
        .as_str()
        .and_then(|text| text.parse::<Decimal>().ok())
        .filter(|number| !number.is_negative());
    let became = match number
        .ok_or_else(|| "it is no percentage".into())
        .map(|number| (number, at_least(number)))
    {
        Ok((number, _)) if number == Decimal::ZERO => Anyway("0 asks for nothing".into()),
        Ok((_, Ok(bound))) => {
            let asked = Asked {
                criterion: SHARE,
                bound,
                per,
                only_warns: false,
            };
            Became::Taken(plan.ask(scope, asked))
        }
        Ok((_, Err(why))) | Err(why) => NoEqual(format!("{why}; write what is meant")),
    };
    told.say(node, became);
}

/// How much more there has to be than in the base; below zero how much less there may be.
fn compared(node: &Node<'_>, has_base: bool, plan: &mut Plan, told: &mut Told) {
    if node.is_null() {
        return told.say(node, Anyway("nothing is asked for".into()));
    }
    let number = node
        .value
        .as_str()
        .and_then(|text| text.trim_start_matches('+').parse::<Decimal>().ok());
    let became = match number {
        None => NoEqual("it is no number; write `statement_coverage_drop` with what is meant".into()),
        Some(_) if !has_base => NoEqual("without `base-breakdown-file-name` go-test-coverage compares nothing; for it write `statement_coverage_drop`".into()),
        Some(number) => {
            let fall = Decimal::ZERO.minus(number);
            let rise = fall.is_negative();
            let bound = format!("<= {}pp", if rise { Decimal::ZERO } else { fall });
            let asked = Asked { criterion: "statement_coverage_drop", bound, per: None, only_warns: false };
            let place = plan.ask(&Gate::default(), asked);
            if rise { Became::Differs(place, "no criterion asks that coverage rise with every change; this asks that it not fall".into()) } else { Became::Taken(place) }
        }
    };
    told.say(node, became);
}

#[rustfmt::skip]
const TABLE: &[Row] = &[
    ("local-prefix", Anyway, "the prefix of paths is found in `go.mod`"),
    ("breakdown-file-name=", Anyway, "nothing is asked for"),
    ("diff.base-breakdown-file-name=", Anyway, "nothing is compared"),
    ("breakdown-file-name", NoEqual, "the base is compared by its own reports: keep its profile as an artifact"),
    ("diff.base-breakdown-file-name", NoEqual, "the base is compared by its own reports under `base_reports`; the breakdown file is none"),
    ("github-action-output", Anyway, "on a runner outputs and summary are always written"),
    ("force-annotation-comment", NoEqual, "comments in the code take nothing out, so none has to be explained"),
    ("debug", NoEqual, "it decides nothing"),
    ("badge.cdn", NoEqual, "the badge is a file; a step of your own brings it elsewhere"),
    ("badge.git", NoEqual, "the badge is a file; a step of your own brings it elsewhere"),
];
