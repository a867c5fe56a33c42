//! A result.

use std::cmp::Reverse;

use super::wire::{self, Number};
use super::{Check, Options, Problem, Repair, Weight, amounts, elsewhere, filled, location, rule};
use crate::error::excerpt;
use crate::model::{Run, SarifResult};
use crate::resolve::Rules;
use crate::text::{Edit, Pointer};

pub(super) const MALFORMED: Check = Check {
    id: "result_malformed",
    weight: Weight::Refused,
    expected: "a result of SARIF 2.1.0",
    next_step: "update the scanner, or correct the property",
};

pub(super) const MESSAGE: Check = Check {
    id: "message",
    weight: Weight::Refused,
    expected: "`message.text`",
    next_step: "--repair safe writes the words that `message.id` means, else the rule's",
};

pub(super) const RULE_ID: Check = Check {
    id: "rule_id",
    weight: Weight::Hidden,
    expected: "`ruleId`",
    next_step: "--repair safe takes it from the rule that `ruleIndex` means",
};

pub(super) const RULE_INDEX: Check = Check {
    id: "rule_index",
    weight: Weight::Refused,
    expected: "the place of a rule in `tool.driver.rules`",
    next_step: "--repair safe leaves it out where `ruleId` is there",
};

pub(super) const LEVEL: Check = Check {
    id: "level",
    weight: Weight::Refused,
    expected: "none, note, warning or error",
    next_step: "--repair safe writes it in small letters, --repair cut leaves it out",
};

pub(super) const KIND: Check = Check {
    id: "kind",
    weight: Weight::Hidden,
    expected: "`fail`: GitHub shows every kind as an alert",
    next_step: "--suppressed drop leaves out what is passed, not applicable or for information",
};

/// Problems of one result beyond which no more are told.
const MOST_PROBLEMS: usize = 200;

/// What is wrong with a result. Pointers begin at the result.
pub fn of_result(text: &str, run: &Run, rules: &Rules<'_>, options: &Options) -> Vec<Problem> {
    looked_at(text, run, rules, options, |_| {})
}

/// The same; `look` gets the result where it is one.
pub(super) fn looked_at(
    text: &str,
    run: &Run,
    rules: &Rules<'_>,
    options: &Options,
    look: impl FnOnce(&wire::Result<'_>),
) -> Vec<Problem> {
    let root = Pointer::root();
    let mut problems = Vec::new();
    let result: wire::Result<'_> = match serde_json::from_str(text) {
        Ok(result) => result,
        Err(error) => {
            return vec![Problem {
                check: &MALFORMED,
                pointer: root,
                found: excerpt(&error.to_string()),
                repair: None,
            }];
        }
    };
    if filled(
        result
            .message
            .as_ref()
            .and_then(|message| message.text.as_deref()),
    )
    .is_none()
    {
        problems.push(message(text, result.message.is_some(), rules));
    }
    rule_reference(text, &result, run, rules, &mut problems);
    if let Some(level) = result.level.as_deref()
        && let Some(repair) = rule::level_repair(level, || root.at("level"))
    {
        problems.push(Problem {
            check: &LEVEL,
            pointer: root.at("level"),
            found: format!("`{}`", excerpt(level)),
            repair: Some(repair),
        });
    }
    if let Some(kind) = result.kind.as_deref().filter(|kind| *kind != "fail") {
        problems.push(Problem {
            check: &KIND,
            pointer: root.at("kind"),
            found: format!("`{}`", excerpt(kind)),
            repair: None,
        });
    }
    // Most results are well: a pointer is made for the others only.
    let at = || root.at("locations");
    let locations = result.locations.as_deref().unwrap_or_default();
    location::first(locations.first(), at, run, options, &mut problems);
    for (index, one) in locations.iter().enumerate().skip(1) {
        location::further(one, || at().at(index), run, options, &mut problems);
    }
    let related = result.related_locations.iter().flatten().enumerate();
    for (index, one) in related {
        let has_place = one.physical_location.is_some();
        if has_place {
            let at = || root.at("relatedLocations").at(index);
            location::further(one, at, run, options, &mut problems);
        }
    }
    elsewhere::of_result(&result, run, &mut problems);
    let more = problems.len().saturating_sub(MOST_PROBLEMS);
    if more > 0 {
        // What has the file refused must not be among those that are not told.
        problems.sort_by_key(|problem| Reverse(problem.check.weight));
        problems.truncate(MOST_PROBLEMS);
    }
    if more > 0
        && let Some(last) = problems.last_mut()
    {
        last.found = format!("{} (and {more} more in this result)", last.found);
    }
    amounts::check(text, &result, &mut problems);
    look(&result);
    problems
}

fn message(text: &str, is_there: bool, rules: &Rules<'_>) -> Problem {
    let at = Pointer::root().at("message");
    let result: Option<SarifResult> = serde_json::from_str(text).ok();
    let words = result.and_then(|result| {
        let rule = rules.of(&result);
        let of_rule = rule.and_then(|rule| {
            let text = |words: &Option<crate::model::Text>| words.as_ref()?.text.clone();
            text(&rule.short_description).or_else(|| text(&rule.full_description))
        });
        let id = rules.id_of(&result).to_owned();
        [rules.message(&result), of_rule.unwrap_or_default(), id]
            .into_iter()
            .find(|words| !words.trim().is_empty())
    });
    let repair = words.map(|words| {
        Repair::Safe(vec![if is_there {
            Edit::text(at.at("text"), &words)
        } else {
            let words = serde_json::Value::from(words);
            Edit::json(at.clone(), format!("{{\"text\":{words}}}"))
        }])
    });
    Problem {
        check: &MESSAGE,
        pointer: at,
        found: String::from("no `message.text`"),
        repair,
    }
}

fn rule_reference(
    text: &str,
    result: &wire::Result<'_>,
    run: &Run,
    rules: &Rules<'_>,
    problems: &mut Vec<Problem>,
) {
    let root = Pointer::root();
    let reference = result.rule.as_ref();
    let id =
        filled(result.rule_id.as_deref()).or(reference.and_then(|rule| filled(rule.id.as_deref())));
    let in_driver = |number: Number| match number {
        Number::Whole(index) => {
            usize::try_from(index).is_ok_and(|index| index < run.tool.driver.rules.len())
        }
        _ => false,
    };
    let of_driver = reference.is_none_or(|rule| rule.tool_component.is_none());
    for (index, way) in [
        (result.rule_index, &["ruleIndex"][..]),
        (
            reference.map_or(Number::Absent, |rule| rule.index),
            &["rule", "index"],
        ),
    ] {
        // -1 is how SARIF writes "none" (2.1.0, 3.7.4).
        if !of_driver || matches!(index, Number::Absent | Number::Whole(-1)) || in_driver(index) {
            continue;
        }
        let at = way.iter().fold(root.clone(), |at, key| at.at(*key));
        problems.push(Problem {
            check: &RULE_INDEX,
            pointer: at.clone(),
            found: format!(
                "{index}, and the driver has {} rules",
                run.tool.driver.rules.len()
            ),
            repair: id.is_some().then(|| Repair::Safe(vec![Edit::remove(at)])),
        });
    }
    if filled(result.rule_id.as_deref()).is_none() {
        let known = serde_json::from_str::<SarifResult>(text).ok();
        let known = known
            .map(|known| rules.id_of(&known).to_owned())
            .filter(|id| !id.is_empty());
        problems.push(Problem {
            check: &RULE_ID,
            pointer: root.clone(),
            found: String::from("no `ruleId`"),
            repair: known.map(|id| Repair::Safe(vec![Edit::text(root.at("ruleId"), &id)])),
        });
    }
}
