//! Whether an attestation allows what is about to be done. Everything that
//! speaks against it is said.

use super::envelope::{Doubt, opened, shown};
use super::keys::PublicKey;
use super::statement::{OWN, POLICY_DIGEST, PREDICATE, STATEMENT};
use jiff::Timestamp;
use serde_json::Value;
use std::fmt;

/// What is about to be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Thing {
    /// An artifact by its sha256, 64 hex digits.
    Artifact(String),
    Commit(String),
}

/// What it is asked for.
#[derive(Clone, Debug)]
pub struct Asked {
    pub thing: Thing,
    pub environment: Option<String>,
    /// The sha256 of the policy that has to be the one it was decided under.
    pub policy: Option<String>,
    /// In seconds.
    pub max_age: Option<i64>,
    pub as_of: Timestamp,
}

/// A statement that holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    pub decision: String,
    pub environment: Option<String>,
    pub decided: String,
    pub expires: String,
    pub key: String,
}

/// Why it does not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// It is nothing that could be checked.
    Unusable(String),
    For(Vec<String>),
}

/// Clocks differ by this much, in seconds.
const SKEW: i64 = 300;

pub fn check(bytes: &[u8], keys: &[PublicKey], asked: &Asked) -> Result<Checked, Refused> {
    let (payload, key) = opened(bytes, keys).map_err(|doubt| match doubt {
        Doubt::Unusable(what) => Refused::Unusable(what),
        Doubt::Refused(why) => Refused::For(vec![why]),
    })?;
    let statement: Value = serde_json::from_slice(&payload)
        .map_err(|_| Refused::For(vec![String::from("what is signed is no JSON")]))?;
    let predicate = &statement["predicate"];
    let own = &predicate[OWN];
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let kinds = (
        statement["_type"].as_str(),
        statement["predicateType"].as_str(),
    );
    if kinds != (Some(STATEMENT), Some(PREDICATE)) || !own.is_object() {
        return Err(Refused::For(vec![format!(
            "found a statement of type `{}` about `{}`, expected a decision of gatewright ({PREDICATE} with `{OWN}`)",
            shown(kinds.0.unwrap_or_default()),
            shown(kinds.1.unwrap_or_default())
        )]));
    }
    let mut against = Vec::new();
    against.extend(of_result(predicate, own));
    against.extend(of_subject(&statement, &asked.thing));
    against.extend(of_environment(own, asked.environment.as_deref()));
    against.extend(of_policy(predicate, asked.policy.as_deref()));
    against.extend(of_time(predicate, own, asked));
    let (Some(decision), Some(decided), Some(expires)) = (
        text(&own["decision"]),
        text(&predicate["timeVerified"]),
        text(&own["expires"]),
    ) else {
        against.push(String::from(
            "found a statement without a decision or its times",
        ));
        return Err(Refused::For(against));
    };
    if !against.is_empty() {
        return Err(Refused::For(against));
    }
    Ok(Checked {
        decision,
        environment: text(&own["environment"]),
        decided,
        expires,
        key,
    })
}

fn of_result(predicate: &Value, own: &Value) -> Option<String> {
    let result = predicate["verificationResult"].as_str().unwrap_or_default();
    let decision = own["decision"].as_str().unwrap_or_default();
    let allows = matches!(decision, "allow" | "allow_with_override");
    (result != "PASSED" || !allows).then(|| {
        format!(
            "found the decision `{}` ({}), expected one that allows (PASSED)",
            shown(decision),
            shown(result)
        )
    })
}

fn of_subject(statement: &Value, thing: &Thing) -> Option<String> {
    let (algorithm, wanted) = match thing {
        Thing::Artifact(sha256) => ("sha256", sha256),
        Thing::Commit(commit) => ("gitCommit", commit),
    };
    let subjects = || statement["subject"].as_array().into_iter().flatten();
    if subjects().any(|subject| subject["digest"][algorithm].as_str() == Some(wanted)) {
        return None;
    }
    let found: Vec<String> = subjects()
        .filter_map(|subject| subject["digest"].as_object())
        .flatten()
        .take(10)
        .map(|(name, digest)| {
            format!(
                "{}:{}",
                shown(name),
                shown(digest.as_str().unwrap_or_default())
            )
        })
        .collect();
    Some(format!(
        "it speaks of {}, expected {algorithm}:{wanted}",
        if found.is_empty() {
            String::from("nothing")
        } else {
            found.join(", ")
        }
    ))
}

fn of_environment(own: &Value, wanted: Option<&str>) -> Option<String> {
    let wanted = wanted?;
    let found = own["environment"].as_str();
    (found != Some(wanted)).then(|| {
        format!(
            "it is for the environment {}, expected {wanted}",
            shown(found.unwrap_or_default())
        )
    })
}

fn of_policy(predicate: &Value, wanted: Option<&str>) -> Option<String> {
    let wanted = wanted?;
    let found = predicate["policy"]["digest"][POLICY_DIGEST].as_str();
    (found != Some(wanted)).then(|| {
        format!(
            "it was decided under policy {}, expected {wanted}: the policy has changed",
            shown(found.unwrap_or_default())
        )
    })
}

fn of_time(predicate: &Value, own: &Value, asked: &Asked) -> Vec<String> {
    let time = |value: &Value| {
        value
            .as_str()
            .and_then(|text| text.parse::<Timestamp>().ok())
    };
    let (Some(decided), Some(expires)) = (time(&predicate["timeVerified"]), time(&own["expires"]))
    else {
        return vec![String::from(
            "found no time of the decision or no end of it, expected both",
        )];
    };
    let now = asked.as_of;
    let age = now.as_second().saturating_sub(decided.as_second());
    let mut against = Vec::new();
    if expires <= now {
        against.push(format!(
            "it expired at {expires}, and it is {now}: judge again"
        ));
    }
    if age < -SKEW {
        against.push(format!(
            "it was decided at {decided}, which is ahead of {now}"
        ));
    }
    if let Some(most) = asked.max_age.filter(|most| age > *most) {
        against.push(format!(
            "it was decided at {decided}, {age} seconds ago, expected at most {most} (--max-age)"
        ));
    }
    against
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unusable(what) => f.write_str(what),
            Self::For(all) => f.write_str(&all.join("\n")),
        }
    }
}

#[cfg(test)]
mod tests;
