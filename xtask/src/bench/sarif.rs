//! The SARIF uploader on two logs that are made up: one as large as GitHub takes, and one that has to be split.

use super::corpus::Words;
use super::measure::{self, Cost, Timed};
use super::table::{cpu, machine, memory, milliseconds};
use anyhow::{Context as _, Result, ensure};
use std::ffi::OsString;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

const FILES: usize = 500;
const LINES: usize = 1_000;
const RULES: usize = 300;
const RESULTS: usize = 25_000;
/// About 500 MB, with results as in the small log.
const LARGE: usize = 1_940_000;

/// What reads SARIF and is measured where it is installed.
struct Peer {
    program: &'static str,
    title: &'static str,
    arguments: &'static [&'static str],
}

const PEERS: [Peer; 2] = [
    Peer {
        program: "Sarif.Multitool",
        title: "`Sarif.Multitool validate`: the ingestion rules",
        arguments: &[
            "validate",
            "log.sarif",
            "--rule-kind",
            "Sarif;Ghas",
            "--output",
            "multitool.sarif",
            "--log",
            "ForceOverwrite",
        ],
    },
    Peer {
        program: "sarif",
        title: "`sarif summary` of sarif-tools: reads and counts",
        arguments: &["summary", "log.sarif"],
    },
];

pub(super) fn measure(binary: &Path, peers: Option<&Path>, runs: usize) -> Result<String> {
    let folder = tempfile::tempdir()?;
    let root = folder.path();
    let mut words = Words::start();
    let source = sources(root, &mut words)?;
    let small = log(&root.join("log.sarif"), RESULTS, &mut words)?;
    let large = log(&root.join("large.sarif"), LARGE, &mut words)?;
    let upload = uploader(binary, root, &["log.sarif", "--offline", "--out", "out"]);
    ensure_written(&upload, &root.join("out/sarif-upload.prepared"))?;
    let mut first = vec![measure::median(
        "`sarif-upload --offline`: validate, fingerprint, gzip",
        &upload,
        runs,
    )?];
    let validate = uploader(binary, root, &["validate", "log.sarif"]);
    first.push(measure::median("`sarif-upload validate`", &validate, runs)?);
    for peer in &PEERS {
        first.push(beside(peer, root, peers)?);
    }
    let mut second = Vec::new();
    for (title, arguments) in [
        (
            "`sarif-upload split`",
            &["split", "large.sarif", "--output-dir", "split"][..],
        ),
        (
            "`sarif-upload split --gzip`",
            &["split", "large.sarif", "--gzip", "--output-dir", "packed"],
        ),
        ("`sarif-upload validate`", &["validate", "large.sarif"]),
    ] {
        let timed = uploader(binary, root, arguments);
        let cost = measure::median(title, &timed, runs.min(3))?;
        second.push(cost);
    }
    for written in ["split", "packed"] {
        let there = fs::read_dir(root.join(written))?.count();
        ensure!(
            there > LARGE / RESULTS / 20,
            "found {there} files of {LARGE} results, expected more"
        );
    }
    Ok(table(source, small, large, &first, &second, runs))
}

fn table(
    source: usize,
    small: usize,
    large: usize,
    first: &[Cost],
    second: &[Cost],
    runs: usize,
) -> String {
    let mb = |bytes: usize| format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000);
    let mut text = format!(
        "{RESULTS} results of {RULES} rules, {}, over {FILES} source files of {LINES} lines, {}:\n\n\
         | Command | CPU | to ours | Wall clock | Peak memory |\n|---|---|---|---|---|\n",
        mb(small),
        mb(source)
    );
    let own = first.first().and_then(|cost| cost.cpu_hundredths);
    for cost in first {
        let Some(wall) = cost.wall else {
            let _ = writeln!(text, "| {} | not measured | | | |", cost.name);
            continue;
        };
        let tenths = cost
            .cpu_hundredths
            .zip(own)
            .and_then(|(part, whole)| (part * 10).checked_div(whole));
        let times = tenths.map_or_else(
            || String::from("-"),
            |tenths| format!("{}.{}x", tenths / 10, tenths % 10),
        );
        let _ = writeln!(
            text,
            "| {} | {} | {times} | {} | {} |",
            cost.name,
            cpu(cost),
            milliseconds(wall.median),
            memory(cost),
        );
    }
    let _ = writeln!(
        text,
        "\n{LARGE} results, {}:\n\n\
         | Command | CPU | MB per CPU-second | Wall clock | MB per second | Peak memory |\n|---|---|---|---|---|---|",
        mb(large)
    );
    let large = large as u64;
    for cost in second {
        let wall = cost.wall.map(|wall| wall.median).unwrap_or_default();
        let rate = |hundredths: Option<u64>| {
            let rate = hundredths.and_then(|hundredths| (large / 10_000).checked_div(hundredths));
            rate.map_or_else(|| String::from("-"), |rate| rate.to_string())
        };
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {} | {} |",
            cost.name,
            cpu(cost),
            rate(cost.cpu_hundredths),
            milliseconds(wall),
            rate(u64::try_from(wall.as_millis() / 10).ok()),
            memory(cost),
        );
    }
    let _ = writeln!(
        text,
        "\nLogs and sources are made by the command itself. Median of {runs} runs (at most 3 for the large log, one for the peers) with warm caches \
         on {}; {}.\nGitHub's own upload action is not among the peers: it needs a build of its own.\n\n\
         Made with `cargo xtask bench --sarif --peer-bin DIR`.",
        machine(),
        measure::how()
    );
    text
}

/// A verb of the uploader, as part of the suite's binary or as a binary of its own.
pub(crate) fn uploader(binary: &Path, root: &Path, arguments: &[&str]) -> Timed {
    let alone = binary
        .file_stem()
        .is_some_and(|name| name == "sarif-upload");
    let verb = (!alone).then_some("sarif-upload");
    Timed {
        program: binary.into(),
        arguments: verb.iter().chain(arguments).map(OsString::from).collect(),
        folder: Some(root.to_owned()),
    }
}

/// The figures of a run that wrote nothing would say nothing.
fn ensure_written(upload: &Timed, prepared: &Path) -> Result<()> {
    let output = upload.command().output()?;
    ensure!(
        prepared.join("log.sarif.gz").is_file(),
        "{}: found no prepared file; the run ended with {}:\n{}{}",
        prepared.display(),
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(())
}

fn beside(peer: &Peer, root: &Path, programs: Option<&Path>) -> Result<Cost> {
    let there = programs
        .map(|programs| programs.join(peer.program))
        .filter(|program| program.is_file());
    let program = there.map_or_else(|| peer.program.into(), PathBuf::into_os_string);
    // Without it .NET wants libicu, which most machines lack.
    let culture = "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1";
    let version = Timed {
        program: "env".into(),
        arguments: vec![culture.into(), program, "--version".into()],
        folder: None,
    };
    let output = version.command().output()?;
    // `env` itself ends with 126 and 127 where it cannot start the program.
    if matches!(output.status.code(), Some(126 | 127)) {
        let title = format!("{} (not installed here)", peer.title);
        return Ok(Cost::missing(&title));
    }
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    let told = said
        .split_whitespace()
        .find(|word| word.starts_with(|c: char| c.is_ascii_digit()));
    let Timed {
        program,
        mut arguments,
        ..
    } = version;
    arguments.pop();
    arguments.extend(peer.arguments.iter().map(OsString::from));
    let timed = Timed {
        program,
        arguments,
        folder: Some(root.to_owned()),
    };
    let title = format!("{} ({})", peer.title, told.unwrap_or("version not told"));
    // They take minutes.
    measure::median(&title, &timed, 1)
}

/// Source files with lines of 64 bytes; gives their size together.
fn sources(root: &Path, words: &mut Words) -> Result<usize> {
    let folder = root.join("src");
    fs::create_dir_all(&folder)?;
    let mut bytes = 0;
    for file in 0..FILES {
        let mut text = String::new();
        for _ in 0..LINES {
            let mut line = words.sentence(13);
            line.truncate(63);
            let _ = writeln!(text, "{line:63}");
        }
        bytes += text.len();
        fs::write(folder.join(format!("file-{file:03}.c")), text)?;
    }
    Ok(bytes)
}

/// A log of one run; gives its size.
fn log(path: &Path, results: usize, words: &mut Words) -> Result<usize> {
    let file = File::create(path).with_context(|| path.display().to_string())?;
    let mut out = BufWriter::new(file);
    out.write_all(
        br#"{"$schema":"https://json.schemastore.org/sarif-2.1.0.json","version":"2.1.0","runs":[{"tool":{"driver":{"name":"made up","rules":["#,
    )?;
    for rule in 0..RULES {
        let comma = if rule > 0 { "," } else { "" };
        let [short, full, help] = [4, 12, 30].map(|length| words.sentence(length));
        write!(
            out,
            r#"{comma}{{"id":"rule-{rule}","shortDescription":{{"text":"{short}"}},"fullDescription":{{"text":"{full}"}},"help":{{"text":"{help}"}},"properties":{{"tags":["security"],"security-severity":"{}.5"}}}}"#,
            words.below(9)
        )?;
    }
    out.write_all(br#"]}},"results":["#)?;
    for result in 0..results {
        let comma = if result > 0 { "," } else { "" };
        let rule = words.below(RULES);
        let line = words.below(LINES) + 1;
        let column = words.below(40) + 1;
        write!(
            out,
            r#"{comma}{{"ruleId":"rule-{rule}","ruleIndex":{rule},"level":"warning","message":{{"text":"{}"}},"locations":[{{"physicalLocation":{{"artifactLocation":{{"uri":"src/file-{:03}.c"}},"region":{{"startLine":{line},"startColumn":{column},"endColumn":{}}}}}}}]}}"#,
            words.sentence(5),
            words.below(FILES),
            column + 12
        )?;
    }
    out.write_all(b"]}]}\n")?;
    out.flush()?;
    Ok(usize::try_from(fs::metadata(path)?.len())?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logs_are_json_and_always_the_same() {
        let folder = tempfile::tempdir().expect("a folder");
        let [first, second] = ["a.sarif", "b.sarif"].map(|name| {
            let path = folder.path().join(name);
            let bytes = log(&path, 200, &mut Words::start()).expect("written");
            let text = fs::read_to_string(path).expect("read");
            assert_eq!(bytes, text.len());
            text
        });
        assert_eq!(first, second);
        let log: serde_json::Value = serde_json::from_str(&first).expect("JSON");
        let run = &log["runs"][0];
        assert_eq!(run["results"].as_array().map(Vec::len), Some(200));
        assert_eq!(
            run["tool"]["driver"]["rules"].as_array().map(Vec::len),
            Some(RULES)
        );
    }
}
