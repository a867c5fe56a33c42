//! Overrides: gate outcomes that people have accepted. Who, why, until when and
//! how far is checked here; nothing is taken from the change under judgement.

mod budget;
mod covers;
mod file;
mod holds;
mod request;
mod requested;
mod time;

pub(crate) use budget::spent;
pub(crate) use file::from_default_branch;
pub(crate) use holds::Ground;
pub(crate) use requested::requested;

use crate::weighing::Weighed;
use gate_policy::OverrideEntry;
use gate_verdict::{Lift, Override, OverrideState};

/// The overrides that are for this environment, commit and branch.
#[derive(Debug, Default)]
pub(crate) struct Overrides {
    pub(crate) granted: Vec<Granted>,
    pub(crate) notices: Vec<String>,
}

/// One of them and what became of it.
#[derive(Debug)]
pub(crate) struct Granted {
    pub(crate) entry: OverrideEntry,
    /// When it is over, in seconds since the epoch.
    expires: i64,
    /// Why it holds nothing here.
    void: Option<String>,
    /// What it lifted.
    lifted: Vec<String>,
    /// The first reason why it does not lift what it names.
    short: Option<String>,
}

impl Overrides {
    /// Takes in what is for this environment, commit and branch.
    pub(crate) fn add(&mut self, entries: Vec<OverrideEntry>, ground: &Ground<'_>) {
        for entry in entries {
            if !holds::concerns(&entry, ground) {
                continue;
            }
            let (expires, void) = match holds::check(&entry, ground) {
                Ok(expires) => (expires.as_second(), None),
                Err(why) => (i64::MIN, Some(why)),
            };
            if void.is_none() {
                self.notices.extend(holds::ends_soon(&entry, ground));
            }
            self.granted.push(Granted {
                entry,
                expires,
                void,
                lifted: Vec::new(),
                short: None,
            });
        }
    }

    /// What lifts an outcome, if anything does; an ordinary one before an emergency.
    pub(crate) fn lift(&mut self, weighed: &Weighed) -> Option<Lift> {
        let mut found: Option<(usize, Lift)> = None;
        for (at, granted) in self.granted.iter_mut().enumerate() {
            if granted.void.is_some() || !covers::names(&granted.entry, weighed) {
                continue;
            }
            if let Err(why) = covers::covers(&granted.entry, weighed) {
                granted.short.get_or_insert(why);
                continue;
            }
            let lift = Lift {
                covers_error: !granted.entry.covers_error.is_empty(),
                expires: granted.expires,
                emergency: granted.entry.emergency,
            };
            if found.is_none_or(|(_, known)| known.emergency && !lift.emergency) {
                found = Some((at, lift));
            }
        }
        let (at, lift) = found?;
        let (lifted, named) = (&mut self.granted[at].lifted, covers::named(weighed));
        // What others came in for may be asked about again.
        if !lifted.contains(&named) {
            lifted.push(named);
        }
        Some(lift)
    }

    /// As the decision tells of them.
    pub(crate) fn told(self) -> (Vec<Override>, Vec<String>) {
        let mut notices = self.notices;
        let told = self.granted.into_iter().map(|granted| {
            let told = granted.told();
            if told.state != OverrideState::Used {
                let what = told.note.clone().unwrap_or_default();
                let id = told.id.as_deref().unwrap_or_default();
                notices.push(format!(
                    "override `{id}` of gate `{}` lifts nothing: {what}",
                    told.gate
                ));
            }
            told
        });
        let told = told.collect();
        (told, notices)
    }
}

impl Granted {
    fn told(self) -> Override {
        let entry = self.entry;
        let (state, note) = if let Some(why) = self.void {
            (OverrideState::Void, why)
        } else if !self.lifted.is_empty() {
            (
                OverrideState::Used,
                format!("lifts {}", self.lifted.join(", ")),
            )
        } else if let Some(why) = self.short {
            (OverrideState::Void, why)
        } else {
            (
                OverrideState::Unused,
                String::from("what it accepts did not happen; remove it"),
            )
        };
        let observed: Vec<_> = entry
            .observed
            .iter()
            .map(|(criterion, value)| format!("{criterion} {value}"))
            .collect();
        Override {
            id: Some(entry.id),
            gate: entry.gate,
            criterion: entry.criterion,
            who: entry.requested_by,
            why: entry.reason,
            ticket: Some(entry.ticket),
            approved_by: entry.approved_by,
            expires: match state {
                // What is void may not even have a time that can be read.
                OverrideState::Void => entry.expires,
                _ => time::shown(self.expires).unwrap_or(entry.expires),
            },
            scope: entry.scope,
            environment: entry.environment,
            observed: (!observed.is_empty()).then(|| observed.join(", ")),
            covers_error: !entry.covers_error.is_empty(),
            emergency: entry.emergency,
            state,
            note: Some(note),
        }
    }
}
