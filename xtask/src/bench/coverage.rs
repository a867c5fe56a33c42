//! The coverage gate on reports that are made up: four lcov shards, a `JaCoCo`
//! report, and a Cobertura report far larger than memory should ever be.

use super::corpus::{Words, commit};
use super::measure::{self, Cost, Timed};
use super::table::{cpu, machine, memory, milliseconds};
use anyhow::{Context as _, Result, ensure};
use std::ffi::OsString;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

const SHARDS: usize = 4;
const FILES: usize = 4_000;
const LINES: usize = 390;
const FUNCTIONS: usize = 20;
/// What a `JaCoCo` report of 4 MB has.
const CLASSES: usize = 800;
/// How often the classes of the large Cobertura report are written: 1 GB.
const REPEATS: usize = 55;

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
    let jacoco = jacoco(&root.join("jacoco.xml"))?;
    let title = "`gatewright coverage`: JaCoCo";
    rows.push(measured(title, &judged("coverage-jacoco"), runs, jacoco)?);
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

const POLICY: &str = "\
version: 1
gates:
  coverage:
    reports: [\"shards/*.info\"]
    criteria: {line_coverage: \">= 10%\", branch_coverage: \">= 10%\", function_coverage: \">= 10%\"}
  coverage-jacoco:
    kind: coverage
    reports: [jacoco.xml]
    criteria: {line_coverage: \">= 10%\", branch_coverage: \">= 10%\", function_coverage: \">= 10%\"}
  coverage-cobertura:
    kind: coverage
    reports: [cobertura.xml]
    criteria: {line_coverage: \">= 10%\", branch_coverage: \">= 10%\"}
";

/// A repository and the shards beside it; gives the size of the shards.
fn lay_out(root: &Path) -> Result<usize> {
    let mut words = Words::start();
    fs::create_dir_all(root.join(".github"))?;
    fs::write(root.join(".github/gates.yml"), POLICY)?;
    fs::write(root.join(".gitignore"), "/shards\n/out\n/*.xml\n/*.info\n")?;
    for file in 0..FILES {
        let path = root.join(source(file));
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(path, format!("// file {file}\n"))?;
    }
    for class in 0..CLASSES {
        let path = root.join(java(class));
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(path, format!("// class {class}\n"))?;
    }
    commit(root)?;
    fs::create_dir_all(root.join("shards"))?;
    let mut bytes = 0;
    for shard in 0..SHARDS {
        let path = root.join(format!("shards/shard-{shard}.info"));
        let mut out = writer(&path)?;
        for file in 0..FILES {
            section(&mut out, file, &mut words)?;
        }
        bytes += size(&path, out)?;
    }
    Ok(bytes)
}

fn source(file: usize) -> String {
    format!("src/module-{:02}/file-{file:05}.c", file % 97)
}

fn java(class: usize) -> String {
    format!(
        "app/src/main/java/com/example/part{}/Class{class}.java",
        class % 40
    )
}

fn writer(path: &Path) -> Result<BufWriter<File>> {
    let file = File::create(path).with_context(|| path.display().to_string())?;
    Ok(BufWriter::new(file))
}

fn size(path: &Path, mut out: BufWriter<File>) -> Result<usize> {
    out.flush()?;
    Ok(usize::try_from(fs::metadata(path)?.len())?)
}

/// One file of a shard: the same lines, branches and functions in each, with
/// other hits.
fn section(out: &mut impl std::io::Write, file: usize, words: &mut Words) -> Result<()> {
    const HITS: [u32; 6] = [0, 0, 1, 3, 17, 2201];
    let line = |index: usize| index * 7 / 3 + 1;
    let mut hits = |most: usize| HITS[words.below(most)];
    writeln!(out, "TN:\nSF:{}", source(file))?;
    for function in 0..FUNCTIONS {
        writeln!(out, "FN:{},function_{file}_{function}", line(function * 19))?;
    }
    for function in 0..FUNCTIONS {
        writeln!(out, "FNDA:{},function_{file}_{function}", hits(6))?;
    }
    writeln!(out, "FNF:{FUNCTIONS}\nFNH:{FUNCTIONS}")?;
    for branch in (0..LINES).step_by(13) {
        writeln!(
            out,
            "BRDA:{},0,0,{}\nBRDA:{},0,1,-",
            line(branch),
            hits(4),
            line(branch)
        )?;
    }
    writeln!(out, "BRF:60\nBRH:60")?;
    for index in 0..LINES {
        writeln!(out, "DA:{},{}", line(index), hits(6))?;
    }
    writeln!(out, "LF:{LINES}\nLH:{LINES}\nend_of_record")?;
    Ok(())
}

fn jacoco(path: &Path) -> Result<usize> {
    let mut out = writer(path)?;
    out.write_all(b"<?xml version=\"1.0\" encoding=\"UTF-8\"?><!DOCTYPE report PUBLIC \"-//JACOCO//DTD Report 1.1//EN\" \"report.dtd\"><report name=\"made up\">")?;
    for class in 0..CLASSES {
        let part = class % 40;
        write!(
            out,
            "<package name=\"com/example/part{part}\"><class name=\"com/example/part{part}/Class{class}\" sourcefilename=\"Class{class}.java\">"
        )?;
        for method in 0..10 {
            write!(
                out,
                "<method name=\"method{method}\" desc=\"(Ljava/lang/String;I)V\" line=\"{}\"><counter type=\"INSTRUCTION\" missed=\"0\" covered=\"9\"/><counter type=\"LINE\" missed=\"0\" covered=\"3\"/><counter type=\"METHOD\" missed=\"0\" covered=\"1\"/></method>",
                method * 8 + 3
            )?;
        }
        write!(out, "</class><sourcefile name=\"Class{class}.java\">")?;
        for line in 0..60 {
            write!(
                out,
                "<line nr=\"{}\" mi=\"{}\" ci=\"{}\" mb=\"0\" cb=\"{}\"/>",
                line + 3,
                line % 3,
                line % 4,
                if line % 9 == 0 { 2 } else { 0 }
            )?;
        }
        out.write_all(
            b"<counter type=\"LINE\" missed=\"20\" covered=\"40\"/></sourcefile></package>",
        )?;
    }
    out.write_all(b"</report>\n")?;
    size(path, out)
}

fn cobertura(path: &Path) -> Result<usize> {
    let mut out = writer(path)?;
    out.write_all(b"<?xml version=\"1.0\" ?>\n<coverage version=\"7\" timestamp=\"0\"><sources><source>.</source></sources><packages>\n")?;
    for _ in 0..REPEATS {
        for file in 0..FILES {
            let path = source(file);
            writeln!(
                out,
                "<package name=\"p\"><classes><class name=\"{path}\" filename=\"{path}\"><methods/><lines>"
            )?;
            for line in 0..80 {
                let hits = line % 5;
                if line % 10 == 0 {
                    writeln!(
                        out,
                        "<line number=\"{}\" hits=\"{hits}\" branch=\"true\" condition-coverage=\"50% (1/2)\"/>",
                        line + 1
                    )?;
                } else {
                    writeln!(out, "<line number=\"{}\" hits=\"{hits}\"/>", line + 1)?;
                }
            }
            out.write_all(b"</lines></class></classes></package>\n")?;
        }
    }
    out.write_all(b"</packages></coverage>\n")?;
    size(path, out)
}

fn table(rows: &[Row], runs: usize) -> String {
    let mut text = format!(
        "{SHARDS} lcov shards over {FILES} files (lines, branches, functions), a JaCoCo report of {CLASSES} classes and a Cobertura report in which \
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
