//! How fast lines are hashed: `cargo test --release -p gate-sarif --test hash_speed -- --ignored --nocapture`
#![allow(clippy::disallowed_methods, reason = "the processor's clock is a file")]

use gate_sarif::fingerprint::line_hashes;

#[test]
#[ignore = "measures time"]
fn hashes_per_second() {
    let files: Vec<String> = (0..500)
        .map(|file| (0..1000).map(|at| line(file * 1000 + at)).collect())
        .collect();
    let letters = files.iter().map(|file| file.replace("call", "gäll"));
    let cases = [
        (
            "500 files of 1,000 lines of 64 bytes, with other letters",
            letters.collect(),
        ),
        ("500 files of 1,000 lines of 64 bytes", files),
        ("8 MB of empty lines", vec!["\n".repeat(8_000_000)]),
        ("32 MB in one line", vec!["0123456 ".repeat(4_000_000)]),
        ("32 MB of the worst", vec!["é\r \n".repeat(6_400_000)]),
        ("32 MB of Chinese", vec!["漢字は漢\n".repeat(2_500_000)]),
    ];
    for (name, files) in cases {
        let bytes: usize = files.iter().map(String::len).sum();
        let nanos = (0..5).map(|_| nanos_for(&files)).min().unwrap_or_default();
        println!(
            "{name}: {} MB per CPU-second ({} ms)",
            bytes as u64 * 1000 / nanos,
            nanos / 1_000_000
        );
    }
}

fn line(number: usize) -> String {
    let words = format!(
        "    let value_{number} = call(argument, {}); // ",
        number % 97
    );
    let filling = (0..63).map(|at| b"abcdefgh jklm opqrs uvwx"[(number + at) % 24]);
    let bytes: Vec<u8> = words
        .bytes()
        .chain(filling)
        .take(63)
        .chain([b'\n'])
        .collect();
    String::from_utf8(bytes).expect("ASCII")
}

/// Fifty lines of each file are wanted, the last one among them.
fn nanos_for(files: &[String]) -> u64 {
    let wanted: Vec<Vec<u32>> = files
        .iter()
        .map(|file| {
            let last = u32::try_from(file.lines().count()).expect("few");
            (0..50).map(|at| last - at * (last / 50)).rev().collect()
        })
        .collect();
    let before = cpu_nanos();
    let found: usize = files
        .iter()
        .zip(&wanted)
        .map(|(file, wanted)| line_hashes(file.as_bytes(), wanted).len())
        .sum();
    assert!(found >= files.len());
    cpu_nanos() - before
}

/// The processor time of this thread.
fn cpu_nanos() -> u64 {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").expect("Linux says it");
    let nanos = stat.split(' ').next().and_then(|nanos| nanos.parse().ok());
    nanos.expect("a number")
}
