//! Reads a whole history and says what it cost: `cargo run --release -p gate-repo --example history -- <folder>
//! [threads] [all | <base> <head>]`.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a measuring tool"
)]

use std::path::Path;
use std::time::Instant;

use gate_repo::Commits;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let root = args.next().ok_or("a folder is needed")?;
    let threads = args.next().map_or(Ok(0), |t| t.parse())?;
    let (base, head) = (args.next(), args.next());
    let repo = gate_repo::open(Path::new(&root))?;
    let commits = match (&base, &head) {
        (Some(base), Some(head)) => Commits::Between { base, head },
        (Some(all), None) if all == "all" => Commits::OfAllRefs,
        (Some(_), None) => return Err("a head is needed".into()),
        _ => Commits::OfHead,
    };
    let start = Instant::now();
    // Something that looks at every byte, so that reading is not skipped.
    let all = repo.history(
        &commits,
        &|_| true,
        &|_, bytes| bytes.split(|b| *b == b'\n').count(),
        threads,
    )?;
    let lines: usize = all.results.iter().sum();
    println!(
        "{} commits, {} trees, {} blobs, {} read, {} KB, {lines} lines, {} not read, {} gaps, {:.2} s",
        all.commits,
        all.trees,
        all.blobs,
        all.blobs_read,
        all.bytes_read / 1000,
        all.not_read.len(),
        all.gaps.len(),
        start.elapsed().as_secs_f64(),
    );
    for line in std::fs::read_to_string("/proc/self/status")
        .unwrap_or_default()
        .lines()
    {
        if line.starts_with("VmHWM") || line.starts_with("RssFile") {
            println!("{line}");
        }
    }
    Ok(())
}
