//! Rules: what an alert's page shows.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::Value;

use super::rule_properties::{self, Properties};
use super::{Check, Problem, Repair, Tell, Weight, filled, telling};
use crate::error::excerpt;
use crate::text::{Edit, Pointer};

pub(super) const ID: Check = Check {
    id: "rule_without_id",
    weight: Weight::Refused,
    expected: "an `id` for each rule",
    next_step: "make the scanner name its rules",
};

pub(super) const SHORT_DESCRIPTION: Check = Check {
    id: "rule_short_description",
    weight: Weight::Advice,
    expected: "`shortDescription.text`: the title of the alert",
    next_step: "--repair safe takes it from the rule's other words",
};

pub(super) const FULL_DESCRIPTION: Check = Check {
    id: "rule_full_description",
    weight: Weight::Advice,
    expected: "`fullDescription.text`",
    next_step: "--repair safe takes it from the rule's other words",
};

pub(super) const HELP: Check = Check {
    id: "rule_help",
    weight: Weight::Advice,
    expected: "`help.text`: what the alert's page explains",
    next_step: "--repair safe takes it from the rule's other words",
};

pub(super) const TEXT_LENGTH: Check = Check {
    id: "rule_text_length",
    weight: Weight::Refused,
    expected: "a name of at most 255 characters, descriptions of at most 1024",
    next_step: "--repair cut shortens it",
};

pub(super) const LEVEL: Check = Check {
    id: "rule_level",
    weight: Weight::Refused,
    expected: "none, note, warning or error",
    next_step: "--repair safe writes it in small letters, --repair cut leaves it out",
};

pub(super) const HELP_URI: Check = Check {
    id: "rule_help_uri",
    weight: Weight::Advice,
    expected: "an absolute address without spaces",
    next_step: "--repair cut leaves it out",
};

pub(super) const NOTIFICATION: Check = Check {
    id: "notification_words",
    weight: Weight::Advice,
    expected: "`shortDescription`, `fullDescription` and `help` with a text in what describes a notification too",
    next_step: "--repair safe takes them from its other words",
};

const NAME: usize = 255;
const DESCRIPTION: usize = 1024;

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Rule<'a> {
    #[serde(borrow)]
    id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    name: Option<Cow<'a, str>>,
    #[serde(borrow)]
    short_description: Option<Words<'a>>,
    #[serde(borrow)]
    full_description: Option<Words<'a>>,
    #[serde(borrow)]
    help: Option<Words<'a>>,
    #[serde(borrow)]
    help_uri: Option<Cow<'a, str>>,
    #[serde(borrow)]
    default_configuration: Option<Configuration<'a>>,
    #[serde(borrow)]
    properties: Option<Properties<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Words<'a> {
    #[serde(borrow)]
    text: Option<Cow<'a, str>>,
    #[serde(borrow)]
    markdown: Option<Cow<'a, str>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Configuration<'a> {
    #[serde(borrow)]
    level: Option<Cow<'a, str>>,
}

/// What is wrong with the rule at `pointer`.
pub(super) fn check(rule: &Rule<'_>, pointer: &Pointer, problems: &mut Vec<Problem>) {
    let mut tell = telling(problems);
    let id = filled(rule.id.as_deref());
    if id.is_none() {
        tell(&ID, pointer.clone(), String::from("no `id`"), None);
    }
    words(rule, pointer, &mut tell);
    for (key, text, most) in [
        ("name", rule.name.as_deref(), NAME),
        (
            "shortDescription",
            text_of(rule.short_description.as_ref()),
            DESCRIPTION,
        ),
        (
            "fullDescription",
            text_of(rule.full_description.as_ref()),
            DESCRIPTION,
        ),
    ] {
        let Some(text) = text else { continue };
        let length = text.chars().count();
        if length > most {
            let at = pointer.at(key);
            let at = if key == "name" { at } else { at.at("text") };
            let short: String = text.chars().take(most - 1).chain(['…']).collect();
            let cut = Repair::Cut(vec![Edit::text(at.clone(), &short)]);
            tell(&TEXT_LENGTH, at, format!("{length} characters"), Some(cut));
        }
    }
    if let Some(uri) = filled(rule.help_uri.as_deref())
        && (super::uri::scheme(uri).is_none() || uri.contains(char::is_whitespace))
    {
        let at = pointer.at("helpUri");
        let cut = Repair::Cut(vec![Edit::remove(at.clone())]);
        tell(&HELP_URI, at, format!("`{}`", excerpt(uri)), Some(cut));
    }
    let at = || pointer.at("defaultConfiguration").at("level");
    if let Some(level) = rule
        .default_configuration
        .as_ref()
        .and_then(|one| one.level.as_deref())
        && let Some(repair) = level_repair(level, at)
    {
        tell(&LEVEL, at(), format!("`{}`", excerpt(level)), Some(repair));
    }
    let Some(properties) = &rule.properties else {
        return;
    };
    rule_properties::check(properties, &pointer.at("properties"), &mut tell);
}

/// What is missing in the words of a notification's descriptor at `pointer`, all in one.
pub(super) fn of_notification(descriptor: &Rule<'_>, pointer: &Pointer) -> Option<Problem> {
    let (mut missing, mut edits, mut all) = (Vec::new(), Vec::new(), true);
    words(descriptor, pointer, &mut |_, _, found, repair| {
        missing.push(found);
        if let Some(Repair::Safe(more)) = repair {
            edits.extend(more);
        } else {
            all = false;
        }
    });
    (!missing.is_empty()).then(|| Problem {
        check: &NOTIFICATION,
        pointer: pointer.clone(),
        found: missing.join(", "),
        repair: all.then_some(Repair::Safe(edits)),
    })
}

/// A level that is none, and how it becomes one. `None` where it is one.
pub(super) fn level_repair(level: &str, at: impl Fn() -> Pointer) -> Option<Repair> {
    const LEVELS: [&str; 4] = ["none", "note", "warning", "error"];
    if LEVELS.contains(&level) {
        return None;
    }
    let small = level.to_ascii_lowercase();
    Some(if LEVELS.contains(&small.as_str()) {
        Repair::Safe(vec![Edit::text(at(), &small)])
    } else {
        Repair::Cut(vec![Edit::remove(at())])
    })
}

/// The three texts of an alert's page; each is taken from the others, and at last from the rule's id.
fn words(rule: &Rule<'_>, pointer: &Pointer, tell: &mut Tell<'_>) {
    let [short, full, help] = [&rule.short_description, &rule.full_description, &rule.help]
        .map(|words| filled(text_of(words.as_ref())));
    let markdown = rule
        .help
        .as_ref()
        .and_then(|help| filled(help.markdown.as_deref()));
    let name = filled(rule.name.as_deref()).or(filled(rule.id.as_deref()));
    for (check, key, is_there, others) in [
        (
            &SHORT_DESCRIPTION,
            "shortDescription",
            short,
            [full, name, None],
        ),
        (
            &FULL_DESCRIPTION,
            "fullDescription",
            full,
            [short, name, None],
        ),
        (&HELP, "help", help, [markdown, full.or(short), name]),
    ] {
        if is_there.is_some() {
            continue;
        }
        let text = others.into_iter().flatten().next().map(|text| {
            let most = if key == "help" {
                usize::MAX
            } else {
                DESCRIPTION
            };
            text.chars().take(most).collect::<String>()
        });
        let at = pointer.at(key);
        let present = match key {
            "shortDescription" => rule.short_description.is_some(),
            "fullDescription" => rule.full_description.is_some(),
            _ => rule.help.is_some(),
        };
        let repair = text.map(|text| {
            Repair::Safe(vec![if present {
                Edit::text(at.at("text"), &text)
            } else {
                Edit::json(at.clone(), format!("{{\"text\":{}}}", Value::from(text)))
            }])
        });
        let at = if present { at } else { pointer.clone() };
        tell(check, at, format!("no `{key}.text`"), repair);
    }
}

fn text_of<'a>(words: Option<&'a Words<'a>>) -> Option<&'a str> {
    words?.text.as_deref()
}
