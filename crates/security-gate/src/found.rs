//! One finding of either search, before it is judged.

use crate::secrets::{Grant, Tier, ValueKey};
use crate::{malicious, secrets};
use gate_verdict::{Exemption, Finding, Level, Location};

/// Whether the change brought a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// The base has it too.
    Unchanged,
    New,
}

/// A secret, or a piece of malicious content.
#[derive(Debug)]
pub struct Found {
    pub path: String,
    pub rule: &'static str,
    /// Line and column of its first character and the column behind its last, from 1.
    pub place: (u32, u32, u32),
    pub message: String,
    pub fingerprint: String,
    /// What `ignore` names it by; `None` of a secret whose value alone could name it, where the policy has no `id_salt`.
    pub id: Option<String>,
    /// The one of before ids were keyed: accepted, and told nowhere.
    pub(crate) old_id: Option<String>,
    /// Nothing of its value is in its fingerprint.
    pub(crate) by_place: bool,
    /// How certain a secret is.
    pub tier: Tier,
    /// A heuristic's finding is shown and never counted.
    pub is_counted: bool,
    pub state: Option<State>,
    /// Its value, to compare with the base's; shown nowhere.
    pub(crate) key: ValueKey,
    pub(crate) grant: Option<Grant>,
}

impl Found {
    pub(crate) fn secret(path: &str, hit: &secrets::Hit, salt: Option<&str>) -> Self {
        let identity = hit.identity(path, salt);
        Self {
            path: path.to_owned(),
            rule: hit.rule,
            place: (hit.line, hit.column, hit.end_column),
            message: hit.message(identity.id.as_deref()),
            fingerprint: identity.fingerprint,
            id: identity.id,
            old_id: (!hit.guessable).then(|| hit.key.unkeyed_id()),
            by_place: identity.by_place,
            tier: hit.tier,
            is_counted: true,
            state: None,
            key: hit.key.clone(),
            grant: hit.exempt.clone(),
        }
    }

    pub(crate) fn content(path: &str, hit: &malicious::Hit) -> Self {
        let message = match &hit.hidden {
            Some(hidden) => format!("{}; hidden text: {hidden}", hit.message),
            None => hit.message.clone(),
        };
        Self {
            path: path.to_owned(),
            rule: hit.rule,
            place: (hit.line, hit.column, hit.end_column),
            message,
            fingerprint: hit.fingerprint.clone(),
            id: Some(hit.id.clone()),
            old_id: None,
            by_place: false,
            tier: Tier::Certain,
            is_counted: hit.level == malicious::Level::Certain,
            state: None,
            key: hit.key.clone(),
            grant: hit.exempt.clone(),
        }
    }

    pub(crate) fn finding(&self, criterion: &str) -> Finding {
        let (line, column, end_column) = self.place;
        Finding {
            rule: self.rule.to_owned(),
            criterion: criterion.to_owned(),
            level: if self.is_counted {
                Level::Error
            } else {
                Level::Warning
            },
            message: self.message.clone(),
            location: Some(Location {
                path: self.path.clone(),
                line: Some(line),
                column: Some(column),
                end_line: Some(line),
                end_column: Some(end_column),
            }),
            fingerprint: self.fingerprint.clone(),
            baseline_state: self.state.map(|state| {
                String::from(match state {
                    State::New => "new",
                    State::Unchanged => "unchanged",
                })
            }),
            fix: None,
        }
    }

    pub(crate) fn exemption(&self, who: &str, why: &str, expires: Option<&str>) -> Exemption {
        Exemption {
            fingerprint: self.fingerprint.clone(),
            who: who.to_owned(),
            why: why.to_owned(),
            approved_by: Vec::new(),
            expires: expires.map(str::to_owned),
            scope: Some(format!("{}: {}", self.path, self.rule)),
        }
    }
}
