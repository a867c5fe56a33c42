//! Where findings are shown when code scanning does not take them: a check run, the step's annotations, its summary, and
//! in any case the prepared file. Each rung says why those above it were not reached.

mod check;
mod findings;
mod show;

pub(crate) use findings::{Finding, findings};
pub(crate) use show::{annotation, table};

use crate::UploadFlags;
use crate::destination::{Destination, Surroundings};
use crate::diagnosis::{bars_check, problem};
use crate::limits::Problem;
use crate::log::Log;
use crate::receipt::{FileReceipt, Missed, Rung, State};
use gate_github::api::{Client, MAX_CHECK_ANNOTATIONS};
use gate_runner::Session;
use gate_runner::flags::Format;

/// Annotations of all check runs of one upload: GitHub counts each request as new content.
const MOST_ANNOTATIONS: usize = 1_000;

/// Which rungs below code scanning may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fallback {
    pub check: bool,
    pub annotations: bool,
    pub summary: bool,
}

impl Fallback {
    pub const ALL: Self = Self {
        check: true,
        annotations: true,
        summary: true,
    };
    pub const NONE: Self = Self {
        check: false,
        annotations: false,
        summary: false,
    };

    /// `check,annotations,summary`, some of them, or `none`.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let names = || {
            text.split(',')
                .map(str::trim)
                .filter(|name| !name.is_empty())
        };
        let mut chosen = Self::NONE;
        for name in names() {
            match name {
                "check" => chosen.check = true,
                "annotations" => chosen.annotations = true,
                "summary" => chosen.summary = true,
                "none" if names().count() == 1 => {}
                _ => {
                    return Err(format!(
                        "found `{name}`, expected some of `check`, `annotations` and `summary` with commas between them, or `none`"
                    ));
                }
            }
        }
        if names().next().is_none() {
            return Err(String::from("expected at least one name; `none` is one"));
        }
        Ok(chosen)
    }
}

/// What is told of the files below code scanning.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Shown {
    /// Of files whose findings no check run shows, the worst of all first.
    pub(crate) findings: Vec<Finding>,
    /// Of those files, also what was not kept.
    pub(crate) total: usize,
    /// Whether the summary may list them.
    pub(crate) in_summary: bool,
}

/// The world that the rungs need.
pub(crate) struct Rungs<'a> {
    pub(crate) session: &'a Session,
    pub(crate) flags: &'a UploadFlags,
    pub(crate) surroundings: &'a Surroundings,
    pub(crate) to: &'a Destination,
    /// `None` where no host can be contacted.
    pub(crate) client: Option<&'a Client>,
}

impl Rungs<'_> {
    /// Takes every file that did not get through as far as it gets.
    pub(crate) fn descend(&self, logs: &[Log], files: &mut [FileReceipt]) -> Shown {
        let mut shown = Shown {
            in_summary: self.flags.fallback.summary,
            ..Shown::default()
        };
        let mut room = MOST_ANNOTATIONS;
        // What stands in the way of one check run stands in the way of all.
        let mut barred: Option<Problem> = None;
        for (log, file) in logs.iter().zip(files.iter_mut()) {
            if matches!(file.state, State::Processed | State::Uploaded) {
                file.reached = Some(Rung::CodeScanning);
                continue;
            }
            if file.state != State::Degraded {
                continue;
            }
            file.missed.push(Missed {
                rung: Rung::CodeScanning,
                reason: file.reason.clone().unwrap_or_default(),
                next_step: file.next_step.clone(),
            });
            // Who asks for no contact asks for no other place either: the file is there.
            if self.flags.offline {
                file.reached = file.prepared.is_some().then_some(Rung::File);
                continue;
            }
            let found = match findings(log, &self.session.root) {
                Ok(found) => found,
                // What is not known is shown nowhere as nothing found.
                Err(Problem { reason, next_step }) => {
                    file.missed.push(Missed {
                        rung: Rung::CheckRun,
                        reason: format!("its findings cannot be listed: {reason}"),
                        next_step: Some(next_step),
                    });
                    file.reached = file.prepared.is_some().then_some(Rung::File);
                    continue;
                }
            };
            if self.make_check(file, &found, &mut room, &mut barred) {
                file.reached = Some(Rung::CheckRun);
                continue;
            }
            file.reached = self.below(file);
            if matches!(file.reached, Some(Rung::Annotations | Rung::Summary)) {
                shown.total += found.total();
                shown.findings.extend(found.worst);
            }
        }
        findings::keep_worst(&mut shown.findings);
        shown
    }

    /// Whether there is a check run now; if not, the file says why.
    fn make_check(
        &self,
        file: &mut FileReceipt,
        found: &findings::Found,
        room: &mut usize,
        barred: &mut Option<Problem>,
    ) -> bool {
        let outcome = match (self.check_barred(file), barred.clone()) {
            (Some(problem), _) | (None, Some(problem)) => Err(problem),
            (None, None) => self.post(file, found, *room),
        };
        match outcome {
            Ok(annotations) => {
                *room = room.saturating_sub(annotations);
                true
            }
            Err(problem) => {
                file.missed.push(Missed {
                    rung: Rung::CheckRun,
                    reason: problem.reason.clone(),
                    next_step: Some(problem.next_step.clone()),
                });
                *barred = Some(problem);
                false
            }
        }
    }

    fn check_barred(&self, file: &FileReceipt) -> Option<Problem> {
        if !self.flags.fallback.check {
            return Some(Problem::new(
                "--fallback does not name `check`",
                "name it to get a check run",
            ));
        }
        let reason = file.bars_check.or_else(|| {
            let unknown =
                self.client.is_none() || self.to.repository.is_err() || self.to.commit.is_err();
            unknown.then_some("there is no API, repository or commit to make a check run with")
        })?;
        Some(Problem::new(
            reason,
            file.next_step.clone().unwrap_or_default(),
        ))
    }

    /// Makes the check run; how many annotations it has.
    fn post(
        &self,
        file: &mut FileReceipt,
        found: &findings::Found,
        room: usize,
    ) -> Result<usize, Problem> {
        let (Some(client), Ok((owner, name)), Ok(commit)) =
            (self.client, &self.to.repository, &self.to.commit)
        else {
            return Err(Problem::new("there is no API", "set GITHUB_TOKEN"));
        };
        let url = self.surroundings.run_url.as_deref();
        // One request is sent in any case, and it may as well be full.
        let room = room.max(MAX_CHECK_ANNOTATIONS);
        let check = check::check_run(file, found, commit, url, room);
        let posted = client.post_check(owner, name, &check).map_err(|error| {
            let Problem { reason, next_step } = problem(&error, self.surroundings);
            let bar = bars_check(&error, self.surroundings);
            Problem::new(bar.map_or(reason, str::to_owned), next_step)
        })?;
        file.check_url = posted.html_url;
        file.annotations = Some(posted.annotations as u64);
        if let Some(error) = posted.broken_off {
            let Problem { reason, next_step } = problem(&error, self.surroundings);
            file.missed.push(Missed {
                rung: Rung::CheckRun,
                reason: format!(
                    "it shows {} of {} annotations: {reason}",
                    posted.annotations,
                    check.annotations.len()
                ),
                next_step: Some(next_step),
            });
        }
        Ok(posted.annotations)
    }

    /// The rungs that need no host.
    fn below(&self, file: &mut FileReceipt) -> Option<Rung> {
        let fallback = self.flags.fallback;
        let in_actions = self.session.actions().is_some();
        let not_annotated = match (fallback.annotations, in_actions, self.session.format()) {
            (false, ..) => Some("--fallback does not name `annotations`"),
            (_, false, _) => Some("this does not run in GitHub Actions"),
            (_, _, Format::Github) => None,
            _ => Some("--format asks for something else than annotations on standard output"),
        };
        let not_summed = match (fallback.summary, &self.surroundings.summary_path) {
            (false, _) => Some("--fallback does not name `summary`"),
            (_, None) => Some("there is no GITHUB_STEP_SUMMARY to write to"),
            _ => None,
        };
        let mut missed = |rung, reason: &str| {
            file.missed.push(Missed {
                rung,
                reason: reason.to_owned(),
                next_step: None,
            });
        };
        let Some(reason) = not_annotated else {
            return Some(Rung::Annotations);
        };
        missed(Rung::Annotations, reason);
        let Some(reason) = not_summed else {
            return Some(Rung::Summary);
        };
        missed(Rung::Summary, reason);
        file.prepared.is_some().then_some(Rung::File)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rungs_are_named_or_none() {
        assert_eq!(
            Fallback::parse("check, annotations,summary"),
            Ok(Fallback::ALL)
        );
        assert_eq!(Fallback::parse("none"), Ok(Fallback::NONE));
        assert_eq!(
            Fallback::parse("summary"),
            Ok(Fallback {
                summary: true,
                ..Fallback::NONE
            })
        );
        for text in ["", ",", "checks", "none,check", "all"] {
            assert!(Fallback::parse(text).is_err(), "{text}");
        }
    }
}
