//! A SARIF file on its way: read with bounds, checked, given its category, compressed.
#![allow(
    clippy::disallowed_methods,
    reason = "reading SARIF files is what this module is for"
)]

use crate::UploadFlags;
use crate::category;
use crate::find::{self, Found};
use crate::limits::{self, Problem};
use crate::receipt::{FileReceipt, RunReceipt, State};
use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use gate_runner::Session;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read as _, Write as _};

/// Bytes of a SARIF file, before and after decompression: it is held in memory.
const MAX_BYTES: u64 = 256 * 1024 * 1024;

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
    let bytes = bytes_of(found)?;
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

fn bytes_of(found: &Found) -> Result<Vec<u8>, Problem> {
    let unreadable = |error: io::Error| {
        Problem::new(
            format!("it cannot be read: {error}"),
            "check the path and its permissions",
        )
    };
    let file = File::open(&found.path).map_err(unreadable)?;
    if !file.metadata().map_err(unreadable)?.is_file() {
        return Err(Problem::new(
            "found something else than a file",
            "name a file",
        ));
    }
    bounded(file)
}

/// gzip, of one member or several.
fn unpack(bytes: &[u8]) -> Result<Vec<u8>, Problem> {
    bounded(MultiGzDecoder::new(bytes))
}

fn bounded(reader: impl io::Read) -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
    reader
        .take(MAX_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| {
            Problem::new(
                format!("it cannot be read: {error}"),
                "let the step that writes it finish, and check that nothing cut it off",
            )
        })?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(Problem::new(
            format!("found more than {MAX_BYTES} bytes, expected at most that many"),
            "split it by tool",
        ));
    }
    Ok(bytes)
}

/// The text of bytes that were already read as SARIF: without byte order mark, UTF-16 as UTF-8.
fn text_of(bytes: &[u8]) -> Cow<'_, str> {
    let utf16 = |rest: &[u8], unit: fn([u8; 2]) -> u16| {
        let units = rest.as_chunks::<2>().0.iter().map(|&pair| unit(pair));
        Cow::Owned(
            char::decode_utf16(units)
                .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
                .collect(),
        )
    };
    match bytes {
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest),
        _ => String::from_utf8_lossy(bytes),
    }
}

/// gzip without name and time: equal files give equal bytes.
fn pack(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 8), Compression::default());
    encoder.write_all(bytes)?;
    encoder.finish()
}

/// Files by name whose runs share tool and category with another run: GitHub refuses a file that holds both, and of
/// two files it keeps the later.
fn clashes<'a>(logs: impl Iterator<Item = &'a Log>) -> BTreeMap<String, Problem> {
    let mut seen: BTreeMap<(&str, &str), Vec<(&str, usize)>> = BTreeMap::new();
    for log in logs {
        for (index, run) in log.runs.iter().enumerate() {
            seen.entry((run.tool.as_str(), run.category.as_str()))
                .or_default()
                .push((log.shown.as_str(), index));
        }
    }
    let mut clashes = BTreeMap::new();
    for ((tool, category), runs) in seen {
        let [(first, at), (second, also_at), ..] = runs.as_slice() else {
            continue;
        };
        let problem = if first == second {
            Problem::new(
                format!(
                    "/runs/{at} and /runs/{also_at} are both of tool `{tool}` and category `{category}`: GitHub refuses that"
                ),
                "make the scanner write one run, or give each run its own `automationDetails.id`",
            )
        } else {
            Problem::new(
                format!(
                    "{first} and {second} are both of tool `{tool}` and category `{category}`: GitHub would keep only the later"
                ),
                "upload each with a --category of its own, rename one of the files, or merge them",
            )
        };
        for (shown, _) in runs {
            clashes
                .entry(shown.to_owned())
                .or_insert_with(|| problem.clone());
        }
    }
    clashes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log(shown: &str, runs: &[(&str, &str)]) -> Log {
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

    #[test]
    fn one_tool_and_category_twice_names_both() {
        let logs = [
            log("a", &[("t", "c")]),
            log("b", &[("t", "c")]),
            log("c", &[("t", "d"), ("u", "c")]),
        ];
        let found = clashes(logs.iter());
        assert_eq!(found.keys().collect::<Vec<_>>(), ["a", "b"]);
        assert!(
            found["a"]
                .reason
                .starts_with("a and b are both of tool `t` and category `c`")
        );
        let found = clashes([log("a", &[("t", "c"), ("u", "c"), ("t", "c")])].iter());
        assert!(
            found["a"].reason.starts_with("/runs/0 and /runs/2"),
            "{}",
            found["a"].reason
        );
    }

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

    #[test]
    fn texts_of_every_encoding_are_utf_8() {
        let wide = |unit: fn(u16) -> [u8; 2]| {
            "\u{feff}{é😀"
                .encode_utf16()
                .flat_map(unit)
                .collect::<Vec<_>>()
        };
        for bytes in [
            "\u{feff}{é😀".as_bytes().to_vec(),
            "{é😀".into(),
            wide(u16::to_le_bytes),
            wide(u16::to_be_bytes),
        ] {
            assert_eq!(text_of(&bytes), "{é😀");
        }
    }

    #[test]
    fn real_files_go_as_they_are_but_for_their_category() {
        let Some(corpus) = std::env::var_os("GATEWRIGHT_CORPUS") else {
            eprintln!("SKIPPED: GATEWRIGHT_CORPUS names no folder with real SARIF files");
            return;
        };
        let mut folders = vec![std::path::PathBuf::from(corpus).join("sarif")];
        let mut ready = 0;
        while let Some(folder) = folders.pop() {
            for path in std::fs::read_dir(folder)
                .expect("a folder")
                .map(|entry| entry.expect("an entry").path())
            {
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let found = Found {
                    shown: path.display().to_string(),
                    path,
                };
                let log = match read(&found, None) {
                    Ok(log) => log,
                    Err(problem) => {
                        eprintln!("{}: {}", found.shown, problem.reason);
                        continue;
                    }
                };
                ready += 1;
                let sent = unpack(&log.gzip).expect("gzip");
                let bytes = std::fs::read(&found.path).expect("the file");
                let original = text_of(&bytes).into_owned();
                let mut back: serde_json::Value = serde_json::from_slice(&sent).expect("JSON");
                let mut expected: serde_json::Value =
                    serde_json::from_str(&original).expect("JSON");
                for (back, expected) in back["runs"]
                    .as_array_mut()
                    .expect("runs")
                    .iter_mut()
                    .zip(expected["runs"].as_array_mut().expect("runs"))
                {
                    assert!(
                        back["automationDetails"]["id"]
                            .as_str()
                            .is_some_and(|id| !id.is_empty()),
                        "{}",
                        found.shown
                    );
                    back["automationDetails"] = expected["automationDetails"].take();
                }
                assert_eq!(back, expected, "{}", found.shown);
                assert!(
                    sent.len() >= original.len()
                        && sent.len() - original.len() < 300 * log.runs.len(),
                    "{}",
                    found.shown
                );
            }
        }
        assert!(ready > 10, "{ready} files of the corpus can be sent");
    }

    #[test]
    fn compression_is_the_same_each_time_and_lossless() {
        let packed = pack(b"{}").expect("packs");
        assert_eq!(packed, pack(b"{}").expect("packs"));
        assert_eq!(unpack(&packed).expect("unpacks"), b"{}");
        assert!(unpack(&packed[..packed.len() - 4]).is_err());
    }
}
