//! What the base has of the files that the change touches: which findings are
//! new, and which marks were there before.

use crate::collect::{InFile, search};
use crate::found::{Found, State};
use crate::secrets::ValueKey;
use gate_repo::FileChange;
use gate_runner::{Inputs, Missing};
use gate_verdict::Code;
use std::collections::{BTreeMap, BTreeSet};

/// The base, as far as the change touches it.
#[derive(Debug, Default)]
pub(crate) struct Before<'a> {
    changes: &'a [FileChange],
    /// How often the base's side of the change has each value.
    values: BTreeMap<ValueKey, usize>,
    /// Path in the base and value of findings that a mark exempts there.
    marked: BTreeSet<(&'a str, ValueKey)>,
}

impl<'a> Before<'a> {
    /// Reads what the base has otherwise; `None` where there is no base by
    /// nature. Nothing is read where the change has no `found`.
    pub(crate) fn read(
        inputs: &'a Inputs<'_>,
        found: [&[Found]; 3],
    ) -> Option<Result<Self, Missing>> {
        match (inputs.base.commit(), inputs.base.gap()) {
            (Some(_), _) => {}
            (None, Some(gap)) if gap.code == Code::NoBase => return None,
            (None, Some(gap)) => return Some(Err(gap)),
            (None, None) => return None,
        }
        Some(inputs.changes().and_then(|changes| {
            let mut before = Self {
                changes,
                ..Self::default()
            };
            let mut found = found.into_iter().flatten();
            if found.any(|found| before.change(&found.path).is_some()) {
                before.search(inputs)?;
            }
            Ok(before)
        }))
    }

    fn search(&mut self, inputs: &Inputs<'_>) -> Result<(), Missing> {
        let (values, marked) = (&mut self.values, &mut self.marked);
        inputs.of_base(
            self.changes,
            |_, _| true,
            |_, old, bytes| {
                let mut part = InFile::default();
                search(old, bytes, &mut part);
                let secrets = part.secrets.iter().map(|hit| (&hit.key, &hit.exempt));
                let content = part.malicious.iter().map(|hit| (&hit.key, &hit.exempt));
                for (key, exempt) in secrets.chain(content) {
                    *values.entry(key.clone()).or_default() += 1;
                    if exempt.is_some() {
                        marked.insert((old, key.clone()));
                    }
                }
            },
        )
    }

    fn change(&self, path: &str) -> Option<&'a FileChange> {
        let at = self
            .changes
            .binary_search_by(|change| change.path.as_str().cmp(path));
        at.ok().map(|at| &self.changes[at])
    }

    /// Says of every finding whether the base has it. A value that moves within
    /// the change is the same; one more of it is new.
    pub(crate) fn tell(&self, found: &mut [Found]) {
        let mut left = self.values.clone();
        for found in found {
            let is_old = self.change(&found.path).is_none()
                || left.get_mut(&found.key).is_some_and(|left| {
                    let some = *left > 0;
                    *left = left.saturating_sub(1);
                    some
                });
            found.state = Some(if is_old { State::Unchanged } else { State::New });
        }
    }

    /// Says of findings in commits, and in what is staged, that they are old where the base's side of the change has the value: a commit
    /// in between kept it, and brought no other.
    pub(crate) fn tell_beside(&self, found: &mut [Found]) {
        for found in found {
            if self.values.contains_key(&found.key) {
                found.state = Some(State::Unchanged);
            }
        }
    }

    /// Whether the base has the finding with its mark.
    pub(crate) fn marks(&self, found: &Found) -> bool {
        let Some(change) = self.change(&found.path) else {
            return true;
        };
        let old = change.old_path.as_deref().unwrap_or(&change.path);
        self.marked.contains(&(old, found.key.clone()))
    }
}
