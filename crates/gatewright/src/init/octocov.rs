//! `.octocov.yml`.

use super::codecov::{TAKES_BACK, base_note, no_glob};
use super::node::Node;
use super::pattern;
use super::plan::{Asked, Gate, Plan, at_least};
use super::settings::Became::{Anyway, NoEqual};
use super::settings::{Became, Row, Told};
use gate_policy::Value;
use gate_verdict::Decimal;

pub(super) fn import(
    document: &Value,
    plan: &mut Plan,
    told: &mut Told,
    folder: &str,
    is_go: bool,
) {
    let top = Node::top(document);
    let coverage = top.get("coverage");
    let mut go_profile = is_go;
    if let Some(coverage) = &coverage {
        let paths: Vec<Node<'_>> = [coverage.get("path"), coverage.get("paths")]
            .into_iter()
            .flatten()
            .flat_map(|paths| paths.items())
            .collect();
        if !paths.is_empty() {
            go_profile = paths.iter().any(|path| {
                path.value
                    .as_str()
                    .is_some_and(|path| path.strip_suffix(".out").is_some())
            });
        }
        for path in &paths {
            reported(path, folder, plan, told);
        }
        for entry in coverage.get("exclude").iter().flat_map(Node::items) {
            excluded(&entry, plan, told);
        }
        if let Some(path) = coverage.get("badge").and_then(|badge| badge.get("path")) {
            plan.badge = true;
            told.say(
                &path,
                Became::Differs(
                    "exports: [badge]".into(),
                    "a badge for shields.io is written beside the verdict, and committed nowhere"
                        .into(),
                ),
            );
        }
        if let Some(acceptable) = coverage.get("acceptable") {
            accepted(&acceptable, go_profile, plan, told);
        }
    }
    told.rest(
        &top,
        TABLE,
        &[
            "acceptable",
            "badge",
            "coverage",
            "exclude",
            "path",
            "paths",
        ],
    );
    told.notes.push(if go_profile {
        "octocov counts the statements of a Go profile, so `statement_coverage` is asked for.".into()
    } else {
        "octocov counts lines, so `line_coverage` is asked for; of a Go profile it counts statements: write `statement_coverage` there.".into()
    });
    if let Some(note) = base_note(plan) {
        told.notes.push(note);
        told.notes.push(
            "Without an earlier report octocov compares with 0 and passes; here that is an error."
                .into(),
        );
    }
}

fn reported(node: &Node<'_>, folder: &str, plan: &mut Plan, told: &mut Told) {
    let Some(text) = node.value.as_str() else {
        return;
    };
    let path = text
        .strip_prefix("./")
        .unwrap_or(text)
        .trim_end_matches('/');
    let last = path.rsplit('/').next().unwrap_or_default();
    if path.contains("${")
        || path.starts_with('/')
        || path.contains('\\')
        || path.split('/').any(|part| part == "..")
    {
        return told.say(node, NoEqual("`reports:` names files below the root, without variables; write where the report is".into()));
    }
    if !last.contains('.') || last == "." {
        return told.say(node, NoEqual("octocov looks for a report in this folder; name the file itself under `reports:`. Without it the usual places are looked at".into()));
    }
    let path = if folder.is_empty() {
        path.to_owned()
    } else {
        format!("{folder}/{path}")
    };
    told.say(node, Became::Taken(format!("reports: {path}")));
    plan.reports.push(path);
}

fn excluded(node: &Node<'_>, plan: &mut Plan, told: &mut Told) {
    let Some(text) = node.value.as_str() else {
        return;
    };
    if text.starts_with('!') {
        return told.say(node, NoEqual(TAKES_BACK.into()));
    }
    // Its globs mean what ours do, apart from what may not stand there.
    let glob = text.strip_prefix("./").unwrap_or(text);
    let became = match pattern::ours(glob) {
        Ok(()) => {
            plan.exclude.push(glob.to_owned());
            Became::Taken(format!("exclude: {glob}"))
        }
        Err(why) => no_glob(&why, "exclude"),
    };
    told.say(node, became);
}

/// `current >= 60% && diff >= 0.5%`, or a part of it.
fn accepted(node: &Node<'_>, statements: bool, plan: &mut Plan, told: &mut Told) {
    let Some(text) = node.value.as_str() else {
        return;
    };
    let (share, drop) = if statements {
        ("statement_coverage", "statement_coverage_drop")
    } else {
        ("line_coverage", "line_coverage_drop")
    };
    let asked: Result<Vec<Asked>, String> = text
        .split("&&")
        .flat_map(|part| part.split(" and "))
        .map(|part| condition(part, share, drop))
        .collect();
    let became = match asked {
        Ok(asked) => {
            let places: Vec<String> = asked
                .into_iter()
                .map(|asked| plan.ask(&Gate::default(), asked))
                .collect();
            Became::Taken(places.join(" and "))
        }
        Err(why) => NoEqual(format!(
            "{why}; write what it means under `criteria`, with `{share}` and `{drop}`"
        )),
    };
    told.say(node, became);
}

fn condition(text: &str, share: &'static str, drop: &'static str) -> Result<Asked, String> {
    let text = text.trim().trim_matches(['(', ')']).trim();
    let at = text.find(['<', '>', '=', '!']);
    let (left, operator, right) = match at {
        None => ("current", ">=", text),
        Some(at) => {
            let (left, rest) = text.split_at(at);
            let right = rest.trim_start_matches(['<', '>', '=', '!']);
            (left.trim(), &rest[..rest.len() - right.len()], right.trim())
        }
    };
    let number = right.trim_end_matches('%').trim();
    let number: Decimal = number
        .parse()
        .map_err(|_| format!("`{right}` is no number"))?;
    let asked = |criterion, bound| {
        Ok(Asked {
            criterion,
            bound,
            per: None,
            only_warns: false,
        })
    };
    match (left, operator) {
        ("" | "current", ">=") => asked(share, at_least(number)?),
        ("" | "current", ">") if number < Decimal::new(100, 0) => {
            asked(share, format!("> {number}%"))
        }
        ("diff", ">=" | ">") => {
            let fall = Decimal::ZERO.minus(number);
            if fall.is_negative() || (operator == ">" && fall == Decimal::ZERO) {
                return Err("no criterion asks that coverage rise with every change; `coverage_ratchet` holds what it came to".into());
            }
            let sign = if operator == ">" { "<" } else { "<=" };
            asked(drop, format!("{sign} {fall}pp"))
        }
        _ => Err(format!(
            "`{left} {operator}` is compared with nothing that a criterion compares"
        )),
    }
}

const STORE: &str = "nothing is kept in a store; keep the report of the default branch as an artifact and bring it to `base_reports`";
const WHEN: &str = "`when:` of the gate goes by branches, events, labels and changed paths";
const COMMENT: &str = "the comment is no matter of the policy: `publish: comment` of the quality-gate action writes it, and its form is always the same";
const RATIO: &str = "no criterion compares the size of the code with that of its tests";
const TIME: &str = "octocov measures steps of the workflow; `test_duration` adds up the times in test reports that `reports:` names";
const CENTRAL: &str =
    "there is no central repository of reports; the ledger keeps what was decided";

#[rustfmt::skip]
const TABLE: &[Row] = &[
    ("repository", Anyway, "the repository is the one that is judged"),
    ("locale", NoEqual, "there is one language"),
    ("timeout", NoEqual, "`--timeout` of the gate says how long it may take"),
    ("coverage.if=true", Anyway, "a gate in the policy always applies"),
    ("coverage.if", NoEqual, WHEN),
    ("codeToTestRatio.code", NoEqual, RATIO),
    ("codeToTestRatio.test", NoEqual, RATIO),
    ("codeToTestRatio.badge.path", NoEqual, RATIO),
    ("codeToTestRatio.acceptable", NoEqual, RATIO),
    ("codeToTestRatio.if", NoEqual, RATIO),
    ("testExecutionTime.acceptable", NoEqual, TIME),
    ("testExecutionTime.steps", NoEqual, TIME),
    ("testExecutionTime.badge.path", NoEqual, TIME),
    ("testExecutionTime.if", NoEqual, TIME),
    ("report.if", NoEqual, STORE),
    ("report.path", NoEqual, STORE),
    ("report.datastores", NoEqual, STORE),
    ("diff.path", NoEqual, STORE),
    ("diff.datastores", NoEqual, STORE),
    ("diff.if", NoEqual, STORE),
    ("central", NoEqual, CENTRAL),
    ("push.if", NoEqual, "nothing is pushed to the repository"),
    ("push.message", NoEqual, "nothing is pushed to the repository"),
    ("push", NoEqual, "nothing is pushed to the repository"),
    ("comment.if", NoEqual, COMMENT),
    ("comment.hideFooterLink", NoEqual, COMMENT),
    ("comment.deletePrevious", NoEqual, COMMENT),
    ("comment.updatePrevious", Anyway, "`publish: comment` of the quality-gate action keeps one comment and changes it"),
    ("comment.message", NoEqual, COMMENT),
    ("comment", NoEqual, COMMENT),
    ("summary.if", Anyway, "on a runner the summary of the step is always written"),
    ("summary.hideFooterLink", NoEqual, "the summary's form is always the same"),
    ("summary.message", NoEqual, "the summary's form is always the same"),
    ("body.if", NoEqual, "the text of a pull request is not changed; `publish: comment` of the quality-gate action writes a comment"),
    ("body.hideFooterLink", NoEqual, "the text of a pull request is not changed; `publish: comment` of the quality-gate action writes a comment"),
    ("body.message", NoEqual, "the text of a pull request is not changed; `publish: comment` of the quality-gate action writes a comment"),
];
