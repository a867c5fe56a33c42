//! What a rule has in its property bag: tags and the score of security rules.

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::{Check, Repair, Tell, Weight};
use crate::error::excerpt;
use crate::severity::is_score;
use crate::text::{Edit, Pointer};

pub(super) const TAGS: Check = Check {
    id: "rule_tags",
    weight: Weight::Refused,
    expected: "at most 20 tags",
    next_step: "--repair cut keeps the first 20",
};

pub(super) const TAGS_SHOWN: Check = Check {
    id: "rule_tags_shown",
    weight: Weight::Hidden,
    expected: "at most 10 tags: more are not shown",
    next_step: "make the scanner write the tags that matter first",
};

pub(super) const REPEATED_TAGS: Check = Check {
    id: "rule_repeated_tags",
    weight: Weight::Refused,
    expected: "each tag once",
    next_step: "--repair safe keeps the first of each",
};

pub(super) const SECURITY_SEVERITY: Check = Check {
    id: "security_severity",
    weight: Weight::Refused,
    expected: "a number from 0.0 to 10.0 in quotes",
    next_step: "--repair safe puts a number in quotes, --repair cut leaves words out",
};

pub(super) const SEVERITY_RANGE: Check = Check {
    id: "security_severity_range",
    weight: Weight::Hidden,
    expected: "a number above 0.0 and up to 10.0",
    next_step: "correct the score: GitHub shows no severity for it",
};

const MOST_TAGS: usize = 20;
const TAGS_ON_PAGE: usize = 10;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Properties<'a> {
    #[serde(borrow)]
    tags: Option<Vec<Cow<'a, str>>>,
    #[serde(borrow, rename = "security-severity")]
    security_severity: Option<&'a RawValue>,
}

pub(super) fn check(properties: &Properties<'_>, at: &Pointer, tell: &mut Tell<'_>) {
    if let Some(tags) = &properties.tags {
        self::tags(tags, at.at("tags"), tell);
    }
    if let Some(raw) = properties.security_severity {
        security_severity(raw.get(), at.at("security-severity"), tell);
    }
}

fn tags(tags: &[Cow<'_, str>], at: Pointer, tell: &mut Tell<'_>) {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let kept: Vec<&str> = tags
        .iter()
        .map(AsRef::as_ref)
        .filter(|tag| seen.insert(tag))
        .collect();
    let list = |tags: &[&str]| Value::from(tags.to_vec()).to_string();
    if kept.len() < tags.len() {
        let repair = Repair::Safe(vec![Edit::json(at.clone(), list(&kept))]);
        tell(
            &REPEATED_TAGS,
            at.clone(),
            format!("{} repeated", tags.len() - kept.len()),
            Some(repair),
        );
    }
    if kept.len() > MOST_TAGS {
        let first = list(kept.get(..MOST_TAGS).unwrap_or_default());
        let repair = Repair::Cut(vec![Edit::json(at.clone(), first)]);
        tell(&TAGS, at, format!("{} tags", kept.len()), Some(repair));
    } else if kept.len() > TAGS_ON_PAGE {
        tell(&TAGS_SHOWN, at, format!("{} tags", kept.len()), None);
    }
}

fn security_severity(raw: &str, at: Pointer, tell: &mut Tell<'_>) {
    let text: Option<String> = serde_json::from_str(raw).ok();
    let is_number = |text: &str| {
        let text = text.trim();
        !text.is_empty() && text.parse::<f64>().is_ok_and(f64::is_finite)
    };
    match text {
        Some(text) if is_score(&text) => {}
        Some(text) if is_number(&text) => {
            tell(&SEVERITY_RANGE, at, format!("`{}`", excerpt(&text)), None);
        }
        Some(text) => {
            let cut = Repair::Cut(vec![Edit::remove(at.clone())]);
            tell(
                &SECURITY_SEVERITY,
                at,
                format!("`{}`", excerpt(&text)),
                Some(cut),
            );
        }
        None if raw == "null" => {}
        None if is_number(raw) => {
            let quoted = Repair::Safe(vec![Edit::text(at.clone(), raw)]);
            tell(
                &SECURITY_SEVERITY,
                at,
                format!("{} without quotes", excerpt(raw)),
                Some(quoted),
            );
        }
        None => {
            let cut = Repair::Cut(vec![Edit::remove(at.clone())]);
            tell(&SECURITY_SEVERITY, at, excerpt(raw), Some(cut));
        }
    }
}
