//! What of a run decides whether a gate applies (`when:` in the policy).

use crate::prepare::Prepared;
use crate::session::Session;
use gate_github::runner::EventKind;
use gate_policy::{GatePolicy, Happening};
use gate_repo::ChangeKind;

/// What is known of the run; what no gate asks about is not looked up.
#[derive(Debug, Default)]
pub struct Now {
    changed: Option<Vec<String>>,
    branch: Option<String>,
    event: Option<String>,
    labels: Option<Vec<String>>,
    /// What could not be found out, so that the gates that ask apply.
    pub notices: Vec<String>,
}

impl Now {
    /// As the policy asks for it.
    pub fn as_happening(&self) -> Happening<'_> {
        Happening {
            changed: self.changed.as_deref(),
            branch: self.branch.as_deref(),
            event: self.event.as_deref(),
            labels: self.labels.as_deref(),
        }
    }
}

impl Prepared {
    /// What the `when:` of these gates ask about.
    pub fn now<'g>(&self, session: &Session, gates: impl Iterator<Item = &'g GatePolicy>) -> Now {
        let mut now = Now::default();
        let whens: Vec<_> = gates.flat_map(|gate| &gate.when).collect();
        if whens.is_empty() {
            return now;
        }
        now.branch = self.branch(session);
        now.event = session
            .actions()
            .map(|(actions, _)| actions.event_name.clone())
            .filter(|name| !name.is_empty());
        if whens.iter().any(|when| !when.paths.is_empty()) && self.repo.is_ok() {
            now.changed = self.changed(session, &mut now.notices);
        }
        if whens.iter().any(|when| !when.labels.is_empty()) {
            now.labels = match session.event_kind() {
                Some(EventKind::PullRequest { number, .. }) => match session.pull(*number) {
                    Ok(pull) => Some(pull.labels.clone()),
                    Err(reason) => {
                        now.notices.push(format!("the labels of the pull request are not known, so `when.labels` keeps no gate out: {reason}"));
                        None
                    }
                },
                Some(_) => Some(Vec::new()),
                None => None,
            };
        }
        now
    }

    /// The names of what changed, on both sides of a rename.
    fn changed(&self, session: &Session, notices: &mut Vec<String>) -> Option<Vec<String>> {
        match self.changed_lines(session) {
            Ok(found) => {
                let mut names = Vec::new();
                for change in found {
                    names.push(change.path.clone());
                    names.extend(
                        change
                            .old_path
                            .clone()
                            .filter(|_| change.kind == ChangeKind::Renamed),
                    );
                }
                Some(names)
            }
            Err(missing) => {
                notices.push(format!(
                    "what changed is not known, so `when.paths` keeps no gate out: {}",
                    missing.reason
                ));
                None
            }
        }
    }
}
