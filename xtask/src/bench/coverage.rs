//! The coverage gate on reports that are made up: four lcov shards, a `JaCoCo`
//! report, and a Cobertura report far larger than memory should ever be.

mod made_up;

use super::measure::{self, Cost, Timed};
use super::table::{cpu, machine, memory, milliseconds};
use anyhow::{Result, ensure};
use made_up::{CLASSES, FILES, REPEATS, SHARDS, cobertura, lay_out, lay_out_java};
use std::ffi::OsString;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// What merges lcov and is measured where it is installed.
struct Peer {
    program: &'static str,
    title: &'static str,
    arguments: &'static [&'static str],
}

const PEERS: [Peer; 3] = [
    Peer {
        program: "grcov",
        title: "`grcov -t lcov --branch`: parses and merges",
        arguments: &["shards", "-t", "lcov", "--branch", "-o", "grcov.info"],
    },
    Peer {
        program: "lcov-result-merger",
        title: "`lcov-result-merger`: parses and merges",
        arguments: &["shards/*.info", "merged.info"],
    },
    Peer {
        program: "diff-cover",
        title: "`diff-cover`: parses, merges, judges the change",
        arguments: &[
            "shards/shard-0.info",
            "shards/shard-1.info",
            "shards/shard-2.info",
            "shards/shard-3.info",
            "--compare-branch",
            "HEAD",
        ],
    },
];

/// A measured command, and how many bytes of reports it read.
struct Row {
    cost: Cost,
    bytes: usize,
}

pub(super) fn measure(binary: &Path, peers: Option<&Path>, runs: usize) -> Result<String> {
    let folder = tempfile::tempdir()?;
    let root = folder.path();
    let shards = lay_out(root)?;
    let judged = |gate: &str| {
        let arguments = ["--gate", gate, "--out", "out"].map(OsString::from);
        gate_of(binary, root, &arguments)
    };
    let mut rows = Vec::new();
    let title = format!("`gatewright coverage`: {SHARDS} lcov shards parsed, merged, judged");
    rows.push(measured(&title, &judged("coverage"), runs, shards)?);
    for peer in &PEERS {
        let cost = beside(peer, root, peers)?;
        rows.push(Row {
            cost,
            bytes: shards,
        });
    }
    let java = tempfile::tempdir()?;
    let jacoco = lay_out_java(java.path())?;
    let timed = gate_of(binary, java.path(), &["--out", "out"].map(OsString::from));
    rows.push(measured(
        "`gatewright coverage`: JaCoCo",
        &timed,
        runs,
        jacoco,
    )?);
    let cobertura = cobertura(&root.join("cobertura.xml"))?;
    let title = "`gatewright coverage`: Cobertura";
    let once = runs.min(3);
    rows.push(measured(
        title,
        &judged("coverage-cobertura"),
        once,
        cobertura,
    )?);
    Ok(table(&rows, runs))
}

fn gate_of(binary: &Path, root: &Path, more: &[OsString]) -> Timed {
    let alone = binary
        .file_stem()
        .is_some_and(|name| name == "coverage-gate");
    let verb = (!alone).then_some(OsString::from("coverage"));
    Timed {
        program: binary.into(),
        arguments: verb.into_iter().chain(more.iter().cloned()).collect(),
        folder: Some(root.to_owned()),
    }
}

/// The figures of a run that did not judge would say nothing.
fn measured(title: &str, timed: &Timed, runs: usize, bytes: usize) -> Result<Row> {
    let output = timed.command().output()?;
    ensure!(
        output.status.success(),
        "{title}: ended with {}, expected 0:\n{}{}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(Row {
        cost: measure::median(title, timed, runs)?,
        bytes,
    })
}

fn beside(peer: &Peer, root: &Path, programs: Option<&Path>) -> Result<Cost> {
    let there = programs
        .map(|programs| programs.join(peer.program))
        .filter(|program| program.is_file());
    let timed = Timed {
        program: there.map_or_else(|| peer.program.into(), PathBuf::into_os_string),
        arguments: peer.arguments.iter().map(OsString::from).collect(),
        folder: Some(root.to_owned()),
    };
    if timed.command().arg("--version").output().is_err() {
        return Ok(Cost::missing(&format!(
            "{} (not installed here)",
            peer.title
        )));
    }
    let title = format!("{} ({})", peer.title, timed.version());
    // Most of them take half a minute.
    measure::median(&title, &timed, 1)
}

fn table(rows: &[Row], runs: usize) -> String {
    let mut text = format!(
        "{SHARDS} lcov shards over {FILES} files (lines, branches, functions), a JaCoCo report of {CLASSES} classes in a repository of as many, and a Cobertura report in which \
         {FILES} files stand {REPEATS} times:\n\n\
         | Command | Reports | CPU | MB per CPU-second | Wall clock | Peak memory |\n|---|---|---|---|---|---|\n"
    );
    for Row { cost, bytes } in rows {
        let megabytes = format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000);
        let Some(wall) = cost.wall else {
            let _ = writeln!(text, "| {} | {megabytes} | not measured | | | |", cost.name);
            continue;
        };
        let hundredths = cost.cpu_hundredths.unwrap_or_default();
        let rate = (*bytes as u64 / 10_000).checked_div(hundredths);
        let rate = rate.map_or_else(|| String::from("-"), |rate| rate.to_string());
        let _ = writeln!(
            text,
            "| {} | {megabytes} | {} | {rate} | {} | {} |",
            cost.name,
            cpu(cost),
            milliseconds(wall.median),
            memory(cost),
        );
    }
    let _ = writeln!(
        text,
        "\nReports and sources are made by the command itself. Median of {runs} runs (at most 3 for Cobertura, one for the peers) with warm caches \
         on {}; {}.\n\n\
         Made with `cargo xtask bench --coverage --peer-bin DIR`.",
        machine(),
        measure::how()
    );
    text
}
