//! A SARIF file on its way: read with bounds, checked, given its category, compressed.
use crate::UploadFlags;
use crate::bytes::{bytes_of, pack, text_of, unpack};
use crate::category;
use crate::clash::clashes;
use crate::find::{self, Found};
use crate::limits::{self, Problem};
use crate::receipt::{FileReceipt, RunReceipt, State};
use gate_runner::Session;

/// A file that can be sent.
#[derive(Debug)]
pub(crate) struct Log {
    pub(crate) shown: String,
    /// Of the file as it lies on disk.
    pub(crate) sha256: String,
    pub(crate) runs: Vec<RunReceipt>,
    /// What is sent.
    pub(crate) gzip: Vec<u8>,
    /// What the user asked for and the file decided otherwise.
    pub(crate) notice: Option<String>,
}

impl Log {
    /// The tool's name where all runs agree on it.
    pub(crate) fn tool(&self) -> Option<&str> {
        let first = self.runs.first()?.tool.as_str();
        self.runs
            .iter()
            .all(|run| run.tool == first)
            .then_some(first)
    }

    /// The file's receipt, before anything else is known about it.
    pub(crate) fn receipt(&self, state: State) -> FileReceipt {
        let first = self
            .runs
            .first()
            .map(|run| run.category.as_str())
            .unwrap_or_default();
        let one = self.runs.iter().all(|run| run.category == first);
        FileReceipt {
            sha256: Some(self.sha256.clone()),
            category: one.then(|| first.to_owned()),
            results: Some(self.runs.iter().map(|run| run.results).sum()),
            runs: self.runs.clone(),
            ..FileReceipt::new(self.shown.clone(), state)
        }
    }
}

/// Every file that is meant, ready to go; or, if one of them cannot go, what is wrong with each.
pub(crate) fn load(session: &Session, flags: &UploadFlags) -> Result<Vec<Log>, Vec<FileReceipt>> {
    let patterns = [flags.files.as_slice(), flags.sarif.as_slice()].concat();
    let found = find::find(session, &patterns).map_err(|(reason, next_step)| {
        let meant = if patterns.is_empty() {
            session.out_path("*.sarif")
        } else {
            patterns.join(", ")
        };
        let named = FileReceipt::new(meant, State::Refused);
        vec![FileReceipt {
            reason: Some(reason),
            next_step: Some(next_step),
            ..named
        }]
    })?;
    let outcomes: Vec<(Found, Result<Log, Problem>)> = found
        .into_iter()
        .map(|found| (found.clone(), read(&found, flags.category.as_deref())))
        .collect();
    let clashes = clashes(
        outcomes
            .iter()
            .filter_map(|(_, outcome)| outcome.as_ref().ok()),
    );
    let refused = |receipt: FileReceipt, problem: &Problem| FileReceipt {
        reason: Some(problem.reason.clone()),
        next_step: Some(problem.next_step.clone()),
        ..receipt
    };
    if clashes.is_empty() && outcomes.iter().all(|(_, outcome)| outcome.is_ok()) {
        return Ok(outcomes
            .into_iter()
            .filter_map(|(_, outcome)| outcome.ok())
            .collect());
    }
    let held_back = Problem::new(
        "not sent, because another file cannot be",
        "mend the other file, or upload this one alone",
    );
    Err(outcomes
        .iter()
        .map(|(found, outcome)| match outcome {
            Ok(log) => refused(
                log.receipt(State::Refused),
                clashes.get(&log.shown).unwrap_or(&held_back),
            ),
            Err(problem) => refused(
                FileReceipt::new(found.shown.clone(), State::Refused),
                problem,
            ),
        })
        .collect())
}

fn read(found: &Found, category: Option<&str>) -> Result<Log, Problem> {
    let bytes = bytes_of(&found.path)?;
    let sha256 = gate_verdict::sha256_hex(&bytes);
    let bytes = if bytes.starts_with(b"\x1f\x8b") {
        unpack(&bytes)?
    } else {
        bytes
    };
    let log = gate_sarif::read(&bytes)
        .map_err(|error| Problem::new(error.to_string(), error.kind.next_step()))?;
    limits::check(&log)?;
    let text = text_of(&bytes);
    let default = find::stem(&found.path);
    let settled = category::settle(&text, category.unwrap_or(&default)).map_err(|reason| {
        Problem::new(
            reason,
            "write `automationDetails` once, as an object with a text `id`",
        )
    })?;
    let gzip = pack(settled.text.as_bytes()).map_err(|error| {
        Problem::new(
            format!("it cannot be compressed: {error}"),
            "run it again with more memory",
        )
    })?;
    limits::check_gzip(gzip.len())?;
    let runs = log
        .runs
        .iter()
        .zip(&settled.categories)
        .map(|(run, category)| RunReceipt {
            tool: run.tool_name().to_owned(),
            category: category.clone(),
            results: run.results().len() as u64,
        });
    let notice = (category.is_some() && settled.own > 0).then(|| {
        format!(
            "{} run(s) name their category themselves, so --category is not used for them",
            settled.own
        )
    });
    Ok(Log {
        shown: found.shown.clone(),
        sha256,
        runs: runs.collect(),
        gzip,
        notice,
    })
}

/// A log with these runs, each a tool and a category.
#[cfg(test)]
pub(crate) fn log(shown: &str, runs: &[(&str, &str)]) -> Log {
    let runs = runs.iter().map(|(tool, category)| RunReceipt {
        tool: (*tool).to_owned(),
        category: (*category).to_owned(),
        results: 1,
    });
    Log {
        shown: shown.to_owned(),
        sha256: String::new(),
        runs: runs.collect(),
        gzip: Vec::new(),
        notice: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tool_is_named_where_all_runs_agree() {
        assert_eq!(log("a", &[("t", "c"), ("t", "d")]).tool(), Some("t"));
        assert_eq!(log("a", &[("t", "c"), ("u", "c")]).tool(), None);
        assert_eq!(
            log("a", &[("t", "c"), ("t", "d")])
                .receipt(State::Refused)
                .category,
            None
        );
    }
}
