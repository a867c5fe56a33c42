//! The figures as Markdown, and their place in `docs/benchmarks.md`.

use super::corpus::Corpus;
use super::measure::Cost;
use super::megabytes;
use anyhow::{Context as _, Result};
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

const BEGIN: &str = "<!-- bench:begin, written by `cargo xtask bench` -->";
const END: &str = "<!-- bench:end -->";
const NEW: &str = "# Benchmarks\n\nHow long the gates take, and how that was measured.\n\n";

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
                cost.cpu_hundredths.map_or_else(unmeasured, |cpu| format!(
                    "{}.{:02} s",
                    cpu / 100,
                    cpu % 100
                )),
                cost.memory.map_or_else(unmeasured, |memory| format!(
                    "{} MiB",
                    memory.div_ceil(1024)
                )),
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

/// Puts the figures between the marks and leaves the rest of the page alone.
pub(crate) fn write(path: &Path, table: &str) -> Result<()> {
    let page = std::fs::read_to_string(path).unwrap_or_else(|_| format!("{NEW}{BEGIN}\n{END}\n"));
    let page = between(&page, table).with_context(|| {
        format!(
            "{}: found no `{BEGIN}` with a `{END}` behind it",
            path.display()
        )
    })?;
    std::fs::write(path, page)?;
    Ok(())
}

fn between(page: &str, table: &str) -> Option<String> {
    let (head, rest) = page.split_once(BEGIN)?;
    let (_, tail) = rest.split_once(END)?;
    Some(format!("{head}{BEGIN}\n\n{table}\n{END}{tail}"))
}

fn unmeasured() -> String {
    String::from("not measured")
}

fn milliseconds(time: Duration) -> String {
    match time.as_micros() {
        micros if micros < 10_000 => format!("{}.{} ms", micros / 1000, micros % 1000 / 100),
        micros => format!("{} ms", micros / 1000),
    }
}

/// What a reader has to know of the machine.
fn machine() -> String {
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
    fn only_what_stands_between_the_marks_is_replaced() {
        let page = format!("# Title\n\nText.\n\n{BEGIN}\nold\n{END}\n\nMore.\n");
        let new = between(&page, "new\n").expect("marks");
        assert_eq!(
            new,
            format!("# Title\n\nText.\n\n{BEGIN}\n\nnew\n\n{END}\n\nMore.\n")
        );
        assert_eq!(
            between(&new, "new\n").as_deref(),
            Some(new.as_str()),
            "twice is once"
        );
        assert_eq!(between("# Title\n", "new\n"), None);
    }

    #[test]
    fn small_times_keep_a_digit() {
        assert_eq!(milliseconds(Duration::from_micros(2_345)), "2.3 ms");
        assert_eq!(milliseconds(Duration::from_micros(123_456)), "123 ms");
    }
}
