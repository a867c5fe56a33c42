//! A SARIF file on its way: found, judged, written as it is sent.
#![allow(
    clippy::disallowed_methods,
    reason = "the prepared files are written and read here"
)]

use crate::bytes::unpack;
use crate::find::{self, Found};
use crate::limits::Problem;
use crate::line::with;
use crate::prepare::{self, CheckReceipt, Judged, Prepared, Setting, Source};
use crate::receipt::{FileReceipt, RunReceipt, State};
use crate::suppressed::Suppressed;
use crate::{ScanScope, UploadFlags};
use gate_runner::Session;
use gate_sarif::stream::Outline;
use std::fs;
use std::io;
use std::path::PathBuf;

/// The folder of the prepared files, below the out folder.
pub(crate) const FOLDER: &str = "sarif-upload.prepared";

/// A file that can be sent.
#[derive(Debug)]
pub(crate) struct Log {
    pub(crate) shown: String,
    /// Of the file as it lies on disk; none where several were merged.
    pub(crate) sha256: Option<String>,
    pub(crate) runs: Vec<RunReceipt>,
    /// What is sent, and stays on disk.
    pub(crate) prepared: PathBuf,
    pub(crate) checks: Vec<CheckReceipt>,
}

/// Everything that can be sent, and what is to be said about it.
#[derive(Debug)]
pub(crate) struct Loaded {
    pub(crate) logs: Vec<Log>,
    /// What became of results that the tool itself says are no findings.
    pub(crate) suppressed: Suppressed,
    pub(crate) notices: Vec<String>,
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

    /// gzip, as GitHub takes it.
    pub(crate) fn gzip(&self) -> Result<Vec<u8>, Problem> {
        fs::read(&self.prepared).map_err(|error| {
            Problem::new(
                format!("the prepared file cannot be read: {error}"),
                "run it again, and let nothing else write to --out",
            )
        })
    }

    /// What is sent, read again; an error where it is too long to be held.
    pub(crate) fn read(&self) -> Result<gate_sarif::Log, Problem> {
        Ok(gate_sarif::read(&unpack(&self.gzip()?)?)?)
    }

    /// What is sent, without its results.
    pub(crate) fn outline(&self) -> Result<Outline, Problem> {
        prepare::outline_of(&self.prepared)
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
            sha256: self.sha256.clone(),
            category: one.then(|| first.to_owned()),
            results: Some(self.runs.iter().map(|run| run.results).sum()),
            runs: self.runs.clone(),
            prepared: Some(self.prepared.display().to_string()),
            checks: self.checks.clone(),
            ..FileReceipt::new(self.shown.clone(), state)
        }
    }
}

/// Every file that is meant, ready to go; or, if one of them cannot go, what is wrong with each.
pub(crate) fn load(
    session: &Session,
    flags: &UploadFlags,
    suppressed: Suppressed,
) -> Result<Loaded, Vec<FileReceipt>> {
    let patterns = [flags.files.as_slice(), flags.sarif.as_slice()].concat();
    let refused =
        |shown: String, problem: Problem| with(FileReceipt::new(shown, State::Refused), &problem);
    let found = find::find(session, &patterns).map_err(|(reason, next_step)| {
        let meant = if patterns.is_empty() {
            session.out_path("*.sarif")
        } else {
            patterns.join(", ")
        };
        vec![refused(meant, Problem::new(reason, next_step))]
    })?;
    let out = session.out.join(FOLDER);
    fresh(&out, &found).map_err(|error| {
        let reason = format!("the folder of the prepared files cannot be written: {error}");
        let problem = Problem::new(reason, "name a folder that can be written with --out");
        vec![refused(out.display().to_string(), problem)]
    })?;
    let setting = Setting {
        suppressed,
        ..flags
            .prepare
            .setting(session, flags.category.as_deref(), out)
    };
    let (mut outcomes, places) = prepare::judge(found, &setting);
    if flags.scan_scope == ScanScope::Partial {
        for (_, outcome) in &mut outcomes {
            if let Ok(source) = outcome
                && let Some(problem) = not_partial(source)
            {
                *outcome = Err(problem);
            }
        }
    }
    let sources = judged(outcomes)?;
    let all = sources
        .iter()
        .map(|source| source.found.shown.clone())
        .collect::<Vec<_>>()
        .join(", ");
    let prepared =
        prepare::write(sources, places, &setting).map_err(|problem| vec![refused(all, problem)])?;
    let (logs, notices) = loaded(&prepared, flags.category.is_some());
    Ok(Loaded {
        logs,
        suppressed,
        notices,
    })
}

/// A category of its own keeps a partial scan from closing every alert that it did not look for.
fn not_partial(source: &Source) -> Option<Problem> {
    let full = source.runs.iter().find(|run| {
        let mut parts = run.category.split(|c: char| !c.is_ascii_alphanumeric());
        !parts.any(|part| part.eq_ignore_ascii_case("partial"))
    })?;
    Some(Problem::new(
        format!(
            "a partial scan under the category `{}`: GitHub would close every alert of it that this scan did not look for",
            full.category
        ),
        "give partial scans a category that says so, such as --category scan-partial, and a full scan its own",
    ))
}

/// Why a file stays here in which nothing is wrong.
pub(crate) fn held_back() -> Problem {
    Problem::new(
        "not sent, because another file cannot be",
        "mend the other file, or upload this one alone",
    )
}

/// The files if all can go; else what is wrong with each.
fn judged(outcomes: Vec<Judged>) -> Result<Vec<Source>, Vec<FileReceipt>> {
    let mut sources = Vec::new();
    let mut receipts = Vec::new();
    let mut stays = false;
    for (found, outcome) in outcomes {
        let (receipt, problem) = match outcome {
            Err(problem) => (FileReceipt::new(found.shown, State::Refused), Some(problem)),
            Ok(source) => {
                let problem = source.told.problem();
                let receipt = of_source(&source);
                sources.push(source);
                (receipt, problem)
            }
        };
        stays |= problem.is_some();
        receipts.push(with(receipt, &problem.unwrap_or_else(held_back)));
    }
    if stays { Err(receipts) } else { Ok(sources) }
}

fn of_source(source: &Source) -> FileReceipt {
    let runs: Vec<RunReceipt> = source
        .runs
        .iter()
        .map(|run| RunReceipt {
            tool: run.run.tool_name().to_owned(),
            category: run.category.clone(),
            results: run.kept,
        })
        .collect();
    let log = Log {
        shown: source.found.shown.clone(),
        sha256: source.sha256.clone(),
        runs,
        prepared: PathBuf::new(),
        checks: source.told.receipts(),
    };
    FileReceipt {
        prepared: None,
        ..log.receipt(State::Refused)
    }
}

/// What is sent, and what is to be said about it.
fn loaded(prepared: &Prepared, asked: bool) -> (Vec<Log>, Vec<String>) {
    let mut notices = Vec::new();
    for source in &prepared.sources {
        let shown = &source.found.shown;
        if asked && source.own_categories > 0 {
            notices.push(format!(
                "{shown}: {} run(s) name their category themselves, so --category is not used for them",
                source.own_categories
            ));
        }
        let dropped: u64 = source.runs.iter().map(|run| run.dropped).sum();
        if dropped > 0 {
            notices.push(format!(
                "{shown}: {dropped} result(s) that the tool says are suppressed, passed, absent or for information are left out; GitHub would show them as open alerts"
            ));
        }
        let mended: u64 = source
            .told
            .receipts()
            .iter()
            .map(|check| check.mended)
            .sum();
        if mended > 0 {
            notices.push(format!(
                "{shown}: {mended} repair(s) were applied; the receipt lists them"
            ));
        }
    }
    notices.extend(prepared.notices.iter().cloned());
    let fingerprints = &prepared.fingerprints;
    notices.extend(fingerprints.foreign_notice());
    notices.extend(fingerprints.without_notice());
    let mut told = vec![false; prepared.sources.len()];
    let logs = prepared.parts.iter().filter_map(|part| {
        let of_part: Vec<(usize, &Source)> = part
            .sources
            .iter()
            .filter_map(|&index| Some((index, prepared.sources.get(index)?)))
            .collect();
        let (_, first) = of_part.first()?;
        let shown: Vec<&str> = of_part
            .iter()
            .map(|(_, source)| source.found.shown.as_str())
            .collect();
        // What is wrong with a file is told once, also where it becomes several.
        let untold = of_part.iter().filter(|(index, _)| {
            told.get_mut(*index)
                .is_some_and(|told| !std::mem::replace(told, true))
        });
        Some(Log {
            shown: shown.join(", "),
            sha256: first.sha256.clone().filter(|_| of_part.len() == 1),
            runs: part.runs.clone(),
            prepared: part.path.clone(),
            checks: untold
                .flat_map(|(_, source)| source.told.receipts())
                .collect(),
        })
    });
    (logs.collect(), notices)
}

/// The folder, without what an earlier run left in it. What is to be sent stays, also where it lies there.
fn fresh(folder: &std::path::Path, wanted: &[Found]) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        let name = path.to_string_lossy();
        let ours = name.ends_with(".sarif.gz") || name.ends_with(".partial");
        if ours && entry.file_type()?.is_file() && wanted.iter().all(|found| found.path != path) {
            fs::remove_file(path)?;
        }
    }
    Ok(())
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
        sha256: None,
        runs: runs.collect(),
        prepared: PathBuf::new(),
        checks: Vec::new(),
    }
}

/// Gives a log a prepared file with this text, which is there as long as the folder.
#[cfg(test)]
pub(crate) fn write(log: &mut Log, text: &str) -> tempfile::TempDir {
    use std::io::Write as _;
    let folder = tempfile::tempdir().expect("a folder");
    log.prepared = folder.path().join("a.sarif.gz");
    let file = fs::File::create(&log.prepared).expect("a file");
    let mut gzip = flate2::write::GzEncoder::new(file, flate2::Compression::default());
    gzip.write_all(text.as_bytes()).expect("written");
    gzip.finish().expect("packed");
    folder
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
