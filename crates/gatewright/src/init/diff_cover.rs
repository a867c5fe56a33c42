//! `[tool.diff_cover]` of a TOML file.

use super::codecov::no_glob;
use super::node::Node;
use super::pattern::{self, Piece};
use super::plan::{Asked, Gate, NO_GLOB, Plan, at_least};
use super::settings::Became::{Anyway, NoEqual};
use super::settings::{Became, Row, Told};
use gate_policy::Value;
use gate_verdict::Decimal;

/// Whether a file has settings of it.
pub(super) fn section(document: &Value) -> Option<&Value> {
    document.get("tool")?.get("diff_cover")
}

pub(super) fn import(section: &Value, plan: &mut Plan, told: &mut Told) {
    let top = Node::top(section);
    if let Some(node) = top.get("fail_under") {
        let exact = top.get("total_percent_float").and_then(|node| node.truth()) == Some(true);
        asked(&node, exact, plan, told);
    }
    let mut only = Vec::new();
    for node in top.get("include").iter().flat_map(Node::items) {
        let Some(text) = node.value.as_str() else {
            continue;
        };
        let glob = text.trim_start_matches("./");
        let became = match pattern::ours(glob) {
            Ok(()) => {
                only.push(glob.to_owned());
                Became::Taken(format!("paths: {glob}"))
            }
            Err(why) => {
                only.push(NO_GLOB.to_owned());
                no_glob(&why, "paths")
            }
        };
        told.say(&node, became);
    }
    for gate in &mut plan.gates {
        gate.paths.clone_from(&only);
    }
    for node in top.get("exclude").iter().flat_map(Node::items) {
        let Some(text) = node.value.as_str() else {
            continue;
        };
        let became = match excluded(text) {
            Ok(None) => Anyway("diff-cover compares it with the file's name and with its whole path from `/`, which it never is".into()),
            Ok(Some(globs)) => {
                let became = Became::Taken(format!("exclude: {}", globs.join(", ")));
                plan.exclude.extend(globs);
                became
            }
            Err(why) => no_glob(&why, "exclude"),
        };
        told.say(&node, became);
    }
    told.rest(&top, TABLE, &["exclude", "fail_under", "include"]);
    told.notes.push("diff-cover gets its reports on the command line: name them under `reports:`. Without it the usual places are looked at.".into());
    told.notes.push("A changed line that continues a statement counts with it where the format says how far statements go; diff-cover leaves it out, unless `expand_coverage_report` is set.".into());
}

/// diff-cover cuts the share to a whole number, unless it is told to round it to two decimals.
fn asked(node: &Node<'_>, exact: bool, plan: &mut Plan, told: &mut Told) {
    let number = node
        .value
        .as_str()
        .and_then(|text| text.parse::<Decimal>().ok());
    let became = match number {
        None => NoEqual("it is no number; write `patch_line_coverage` with what is meant".into()),
        Some(number) if number <= Decimal::ZERO => Anyway("nothing is asked for".into()),
        Some(number) => {
            let asks = if exact { number } else { whole_above(number) };
            match at_least(asks) {
                Err(why) => NoEqual(format!("{why}; write what is meant")),
                Ok(bound) => {
                    let place = plan.ask(
                        &Gate::default(),
                        Asked {
                            criterion: "patch_line_coverage",
                            bound,
                            per: None,
                            only_warns: false,
                        },
                    );
                    if exact {
                        Became::Differs(
                            place,
                            "diff-cover rounds to two decimals first, so it lets 0.005 less pass"
                                .into(),
                        )
                    } else {
                        Became::Taken(place)
                    }
                }
            }
        }
    };
    told.say(node, became);
}

/// The least whole number that is no less: what a share has to reach whose fraction is cut off.
fn whole_above(number: Decimal) -> Decimal {
    let text = number.to_string();
    let whole: u64 = text
        .split('.')
        .next()
        .and_then(|whole| whole.parse().ok())
        .unwrap_or(0);
    let whole = Decimal::from(whole);
    if whole < number {
        whole.minus(Decimal::new(-1, 0))
    } else {
        whole
    }
}

/// A pattern that is compared with the name of a file and with its whole path from the root of the machine.
fn excluded(text: &str) -> Result<Option<Vec<String>>, String> {
    let mut pieces = pattern::shell(text, true)?;
    match pieces.first() {
        Some(Piece::Any) => {
            // The folders above the repository fit it too.
            let below = matches!(pieces.get(1), Some(Piece::Text(slash)) if slash == "/");
            let mut globs = pattern::globs(&pieces)?;
            if below {
                pieces.drain(..2);
                globs.extend(pattern::globs(&pieces)?);
            }
            globs.sort();
            Ok(Some(globs))
        }
        _ if text.starts_with('/') => Err("it is a path of one machine".into()),
        _ if text.contains('/') => Ok(None),
        _ => Ok(Some(
            pattern::globs(&pieces)?
                .into_iter()
                .map(|glob| format!("**/{glob}"))
                .collect(),
        )),
    }
}

const OUTPUT: &str = "what is written is no matter of the policy; text, JSON, Markdown, annotations and a page are always there (`--format`, `--out`)";
const TREE: &str =
    "the change is the difference between the base and the tree that is judged, whatever is staged";

#[rustfmt::skip]
const TABLE: &[Row] = &[
    ("compare_branch", NoEqual, "the base is that of the pull request, or the commit before the push; `--base` names another"),
    ("diff_range_notation=...", Anyway, "the change is judged against where it branched off"),
    ("diff_range_notation", NoEqual, "the change is judged against where it branched off, so what the base got since is no part of it"),
    ("diff_file", NoEqual, "the change is read from the repository"),
    ("src_roots", Anyway, "files of JaCoCo are looked up by the ending of their paths"),
    ("ignore_staged", NoEqual, TREE),
    ("ignore_unstaged", NoEqual, TREE),
    ("ignore_untracked", Anyway, "files that git does not track are not judged"),
    ("include_untracked=false", Anyway, "files that git does not track are not judged"),
    ("include_untracked", NoEqual, "files that git does not track are not judged; add them"),
    ("ignore_whitespace", NoEqual, "a line that differs in blanks only is a changed line"),
    ("branch_coverage=false", Anyway, "`patch_line_coverage` counts a line of which a part ran as one that ran"),
    ("branch_coverage", NoEqual, "`patch_line_coverage` counts a line of which a part ran as one that ran; ask for `patch_branch_coverage` beside it"),
    ("expand_coverage_report=false", Anyway, "nothing is guessed of lines that no report measures"),
    ("expand_coverage_report", NoEqual, "lines belong to a statement where the format says so, and nothing is guessed"),
    ("total_percent_float", Anyway, "figures are exact, cut for display"),
    ("format", NoEqual, OUTPUT),
    ("html_report", NoEqual, OUTPUT),
    ("json_report", NoEqual, OUTPUT),
    ("markdown_report", NoEqual, OUTPUT),
    ("external_css_file", NoEqual, OUTPUT),
    ("show_uncovered", Anyway, "changed lines that did not run are always named"),
    ("show_covered", NoEqual, OUTPUT),
    ("quiet", NoEqual, OUTPUT),
    ("config_file", NoEqual, "diff-cover does not look at it here"),
    ("coverage_files", NoEqual, "diff-cover takes its reports from the command line only; name them under `reports:`"),
];
