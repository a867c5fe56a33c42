//! `cargo xtask trigrams`: how surprising a letter is behind two others, counted over source code and documentation.
//!
//! The model in the repository was counted over 56,159 files: the sources of crates as the cargo registry unpacks them, the documentation
//! repositories dotnet/docfx, kubernetes/community and rust-lang/rfcs, twelve folders of Debian's `linux-source-6.1`, npm as Node brings
//! it, and Debian's Python packages. The same files give the same bytes, wherever they lie.

use crate::workspace::root;
use anyhow::{Context as _, Result, ensure};
use clap::Args;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(Args, Debug)]
pub(crate) struct TrigramsFlags {
    /// Folders with source code and documentation; what is below `.git` is left out
    #[arg(long, value_name = "DIR", num_args = 1.., required = true)]
    from: Vec<PathBuf>,
    /// Where the model goes; the security gate's if left out
    #[arg(long, value_name = "PATH")]
    out: Option<PathBuf>,
}

const MODEL: &str = "crates/security-gate/src/secrets/assign/trigrams.bin";
/// Letters, and the edge of a word as the first of them.
const LETTERS: usize = 27;
/// Larger files are data, and so are those of these kinds.
const MAX_FILE: usize = 2_000_000;
const DATA: [&str; 13] = [
    "svg", "json", "lock", "snap", "pem", "key", "crt", "ihex", "hex", "map", "csv", "tsv", "txt",
];
/// Bytes of a file in which a NUL says that it is no text.
const SNIFF: usize = 8192;
/// A word that fewer files have is a name, a typing error or a random value.
const MIN_FILES: u32 = 3;
/// What a pair of letters says of a third weighs as much as so many words.
const PRIOR: f64 = 20.0;
/// Steps of a bit.
const STEPS: f64 = 16.0;

pub(crate) fn main(flags: &TrigramsFlags) -> Result<ExitCode> {
    let mut words = BTreeMap::new();
    let mut files = 0;
    for folder in &flags.from {
        files += count(folder, &mut words)?;
    }
    words.retain(|_, files| *files >= MIN_FILES);
    ensure!(
        !words.is_empty(),
        "found no word that {MIN_FILES} files have, expected source code below --from"
    );
    let model = root().join(MODEL);
    let out = flags.out.as_deref().unwrap_or(&model);
    let made = surprises(&words);
    let change = fs::read(&model).map(|old| {
        let pairs = old.iter().zip(&made);
        pairs.filter(|(old, new)| old != new).count()
    });
    fs::write(out, &made).with_context(|| format!("{} cannot be written", out.display()))?;
    println!(
        "{} words of {files} files: {} written",
        words.len(),
        out.display()
    );
    if let Ok(change) = change {
        println!(
            "{change} of {} values differ from those of {MODEL}",
            made.len()
        );
    }
    Ok(ExitCode::SUCCESS)
}

/// Adds to each word the files below the folder that have it; their number.
fn count(folder: &Path, words: &mut BTreeMap<Vec<u8>, u32>) -> Result<u64> {
    let mut files = 0;
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder)
            .with_context(|| format!("{} cannot be read", folder.display()))?;
        for entry in entries {
            let entry = entry?;
            let (kind, path) = (entry.file_type()?, entry.path());
            let is_data = path
                .extension()
                .is_some_and(|end| DATA.iter().any(|data| end == *data));
            if kind.is_dir() && entry.file_name() != ".git" {
                folders.push(path);
            } else if kind.is_file() && !is_data {
                let text = fs::read(&path)?;
                if text.len() < MAX_FILE && !text[..text.len().min(SNIFF)].contains(&0) {
                    files += 1;
                    for word in words_of(&text) {
                        *words.entry(word).or_default() += 1;
                    }
                }
            }
        }
    }
    Ok(files)
}

/// The words of a text, each once, in small letters.
fn words_of(text: &[u8]) -> BTreeSet<Vec<u8>> {
    text.split(|byte| !byte.is_ascii_alphabetic())
        .filter(|word| (2..=24).contains(&word.len()))
        .map(<[u8]>::to_ascii_lowercase)
        .collect()
}

/// The model: for each two letters and each third, its surprise in sixteenths of a bit.
fn surprises(words: &BTreeMap<Vec<u8>, u32>) -> Vec<u8> {
    let place =
        |first: usize, second: usize, third: usize| (first * LETTERS + second) * LETTERS + third;
    let mut triples = vec![0.0; LETTERS * LETTERS * LETTERS];
    for (word, files) in words {
        // A word of all files is no hundred times as telling as one of some.
        let weight = f64::from(*files).sqrt();
        let (mut first, mut second) = (0, 0);
        for third in word
            .iter()
            .map(|byte| usize::from(byte - b'a') + 1)
            .chain([0])
        {
            triples[place(first, second, third)] += weight;
            (first, second) = (second, third);
        }
    }
    let mut ends = vec![0.0; LETTERS * LETTERS];
    let mut begins = ends.clone();
    for (at, weight) in triples.iter().enumerate() {
        ends[at % (LETTERS * LETTERS)] += weight;
        begins[at / LETTERS] += weight;
    }
    let singles: Vec<f64> = ends
        .chunks(LETTERS)
        .map(|of_letter| of_letter.iter().sum())
        .collect();
    let surprise = |at: usize| {
        let (pair, second) = (at % (LETTERS * LETTERS), at / LETTERS % LETTERS);
        let by_pair = (ends[pair] + 0.5) / (singles[second] + 13.5);
        let chance = PRIOR.mul_add(by_pair, triples[at]) / (begins[at / LETTERS] + PRIOR);
        step(-chance.max(1e-6).log2())
    };
    (0..triples.len()).map(surprise).collect()
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "between 0 and 255"
)]
fn step(bits: f64) -> u8 {
    (STEPS * bits).round().clamp(0.0, 255.0) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_that_comes_often_surprises_less() {
        let folder = tempfile::tempdir().unwrap();
        for n in 0..3 {
            fs::write(folder.path().join(format!("{n}.rs")), "the THE then-they").unwrap();
        }
        fs::write(folder.path().join("a.svg"), "tzq").unwrap();
        let mut words = BTreeMap::new();
        assert_eq!(count(folder.path(), &mut words).unwrap(), 3);
        assert_eq!(words.len(), 3);
        let model = surprises(&words);
        assert_eq!(model.len(), 27 * 27 * 27);
        let of = |word: &[u8; 3]| {
            let [a, b, c] = word.map(|byte| usize::from(byte - b'a') + 1);
            model[(a * 27 + b) * 27 + c]
        };
        assert!(of(b"the") < of(b"thy") && of(b"the") < of(b"tzq"));
        assert_eq!(surprises(&words), model);
    }
}
