//! The figures as Markdown, and their place in `docs/benchmarks.md`.

use super::corpus::Corpus;
use super::measure::Cost;
use super::megabytes;
use anyhow::Result;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

pub(crate) fn render(
    corpus: &Corpus,
    costs: &[Cost],
    notes: &[String],
    runs: usize,
    binary: &Path,
) -> Result<String> {
    let size = std::fs::metadata(binary)?.len();
    let mut text = format!(
        "A repository of {} tracked files and {:.0} MB ({} Markdown files with {} links, source code) with an lcov\n\
         report of {:.1} MB, laid out by the command itself. Median of {runs} runs with warm caches on {}.\n\
         The binary has {:.1} MB.\n\n\
         | Command | Wall clock | least to most | CPU | Peak memory |\n|---|---|---|---|---|\n",
        corpus.files,
        megabytes(corpus.bytes),
        corpus.markdown,
        corpus.links,
        megabytes(corpus.report),
        machine(),
        megabytes(usize::try_from(size)?),
    );
    for cost in costs {
        let _ = match cost.wall {
            None => writeln!(text, "| {} | not installed here | | | |", cost.name),
            Some(wall) => writeln!(
                text,
                "| {} | {} | {} to {} | {} | {} |",
                cost.name,
                milliseconds(wall.median),
                milliseconds(wall.least),
                milliseconds(wall.most),
                cpu(cost),
                memory(cost),
            ),
        };
    }
    text.push('\n');
    for note in notes {
        let _ = writeln!(text, "- {note}.");
    }
    text.push_str("\nMade with `cargo xtask bench --strace`.\n");
    Ok(text)
}

pub(super) fn cpu(cost: &Cost) -> String {
    let seconds = |cpu| format!("{}.{:02} s", cpu / 100, cpu % 100);
    cost.cpu_hundredths.map_or_else(unmeasured, seconds)
}

pub(super) fn memory(cost: &Cost) -> String {
    let mebibytes = |memory: u64| format!("{} MiB", memory.div_ceil(1024));
    cost.memory.map_or_else(unmeasured, mebibytes)
}

fn unmeasured() -> String {
    String::from("not measured")
}

pub(super) fn milliseconds(time: Duration) -> String {
    match time.as_micros() {
        micros if micros < 10_000 => format!("{}.{} ms", micros / 1000, micros % 1000 / 100),
        micros => format!("{} ms", micros / 1000),
    }
}

/// What a reader has to know of the machine.
pub(super) fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let model = std::fs::read_to_string("/proc/cpuinfo")
        .ok()
        .and_then(|text| {
            let line = text.lines().find(|line| line.starts_with("model name"))?;
            Some(line.split_once(':')?.1.trim().to_owned())
        });
    let rustc = Command::new("rustc").arg("--version").output().ok();
    let rustc = rustc.map(|output| {
        String::from_utf8_lossy(&output.stdout)
            .split(' ')
            .take(2)
            .collect::<Vec<_>>()
            .join(" ")
    });
    format!(
        "{} {}, {cores} cores{}, {}",
        std::env::consts::OS,
        std::env::consts::ARCH,
        model.map(|model| format!(" ({model})")).unwrap_or_default(),
        rustc.unwrap_or_else(|| String::from("rustc unknown")),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_times_keep_a_digit() {
        assert_eq!(milliseconds(Duration::from_micros(2_345)), "2.3 ms");
        assert_eq!(milliseconds(Duration::from_micros(123_456)), "123 ms");
    }
}
