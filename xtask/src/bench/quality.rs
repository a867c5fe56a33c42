//! The quality gate on verdicts that are made up: what the fold of a large
//! matrix costs, with the report of it.

use super::measure::{self, Cost, Timed};
use super::opening::{self, Opening};
use super::table::{cpu, machine, memory, milliseconds};
use anyhow::{Context as _, Result, ensure};
use gate_verdict::{Finding, Level, Location, Verdict};
use std::ffi::OsString;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

const VERDICTS: usize = 1_000;
const FINDINGS: usize = 100;

pub(super) fn measure(binary: &Path, runs: usize) -> Result<String> {
    let folder = tempfile::tempdir()?;
    let root = folder.path();
    let bytes = lay_out(binary, root)?;
    let timed = Timed {
        program: binary.into(),
        arguments: [
            "quality",
            "--verdicts",
            "verdicts",
            "--out",
            "out",
            "--offline",
        ]
        .map(OsString::from)
        .into(),
        folder: Some(root.to_owned()),
    };
    let output = timed.command().output()?;
    ensure!(
        output.status.code() == Some(1),
        "the fold of failing verdicts ended with {}, expected 1:\n{}",
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );
    let cost = measure::median("`gatewright quality`", &timed, runs)?;
    let report = std::fs::metadata(root.join("out/report.html"))?.len();
    let opening = opening::measure(&root.join("out"), runs)?;
    Ok(table(&cost, (bytes, report), opening.as_ref(), runs))
}

/// A repository with a policy of as many gates, and their verdicts; gives the
/// size of the verdicts in bytes.
fn lay_out(binary: &Path, root: &Path) -> Result<u64> {
    let mut policy = String::from("version: 1\ngates:\n");
    for gate in 0..VERDICTS {
        let _ = writeln!(policy, "  gate-{gate:04}: {{kind: custom}}");
    }
    std::fs::create_dir_all(root.join(".github"))?;
    std::fs::write(root.join(".github/gates.yml"), policy)?;
    std::fs::write(root.join("README.md"), "# Made up\n")?;
    super::commit(root)?;
    // One that the program wrote is the pattern of all.
    let arguments = ["record", "--gate", "gate-0000", "--out", "verdicts", "--"];
    let recorded = Command::new(binary)
        .args(arguments)
        .args(["git", "--version"])
        .current_dir(root)
        .output()?;
    ensure!(recorded.status.success(), "`gatewright record` failed");
    let first = root.join("verdicts/gate-0000.verdict.json");
    let pattern: Verdict = serde_json::from_slice(&std::fs::read(first)?)?;
    let mut bytes = 0;
    for gate in 0..VERDICTS {
        let verdict = made_up(&pattern, gate)?;
        let text = serde_json::to_vec_pretty(&verdict)?;
        bytes += text.len() as u64;
        let path = root.join(format!("verdicts/{}.verdict.json", verdict.file_stem()));
        std::fs::write(&path, text).with_context(|| path.display().to_string())?;
    }
    Ok(bytes)
}

/// The verdict of one gate, with as many findings; every tenth gate failed.
fn made_up(pattern: &Verdict, gate: usize) -> Result<Verdict> {
    let mut verdict = pattern.clone();
    verdict.gate = format!("gate-{gate:04}");
    if gate.is_multiple_of(10) {
        verdict.status = gate_verdict::Status::Fail;
        for criterion in &mut verdict.criteria {
            criterion.status = gate_verdict::Status::Fail;
            criterion.code = Some(gate_verdict::Code::CommandFailed);
        }
    }
    verdict.findings = (0..FINDINGS)
        .map(|at| Finding {
            rule: String::from("made_up"),
            criterion: String::from("command_succeeds"),
            level: Level::Warning,
            message: format!("finding {at} of gate {gate}: `value_{at}` is used before it is set"),
            location: Some(Location {
                path: format!("src/part{:03}/file{at}.rs", gate % 500),
                line: u32::try_from(at * 7 + 1).ok(),
                column: Some(5),
                end_line: None,
                end_column: None,
            }),
            fingerprint: gate_verdict::sha256_hex(format!("{gate} {at}").as_bytes()),
            baseline_state: None,
            fix: None,
        })
        .collect();
    verdict.findings_total = FINDINGS as u64;
    verdict.seal()?;
    Ok(verdict)
}

fn table(
    cost: &Cost,
    (bytes, report): (u64, u64),
    opening: Option<&Opening>,
    runs: usize,
) -> String {
    let mut text = format!(
        "{VERDICTS} verdicts with {FINDINGS} findings each ({} MB of JSON), every tenth of a gate that failed, read, checked by their \
         digests, folded and rendered; the report has {} KB:\n\n\
         | Command | CPU | Wall clock | Peak memory |\n|---|---|---|---|\n",
        bytes / 1_000_000,
        report / 1_000
    );
    let wall = cost
        .wall
        .map_or_else(String::new, |wall| milliseconds(wall.median));
    let _ = writeln!(
        text,
        "| {} | {} | {wall} | {} |",
        cost.name,
        cpu(cost),
        memory(cost)
    );
    let opened = opening.map_or_else(
        || String::from("How long a browser takes to open the report was not measured: there is no Chromium here."),
        |opening| {
            format!(
                "{} opens the report, laid out to its end, in {:.0} ms.",
                opening.browser, opening.milliseconds
            )
        },
    );
    let _ = writeln!(text, "\n{opened}");
    let _ = writeln!(
        text,
        "\nThe verdicts are made by the command itself. Median of {runs} runs with warm caches on {}; {}.\n\n\
         Made with `cargo xtask bench --quality`.",
        machine(),
        measure::how()
    );
    text
}
