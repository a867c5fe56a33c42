//! Token counts against a tokenizer in another language: our own Markdown, and thousands of made-up texts, the same in every run,
//! are counted by both.

use super::Outcome;
use crate::e2e::process::succeed;
use crate::e2e::tools::Tools;
use crate::workspace::root;
use anyhow::{Context as _, Result, ensure};
use gate_syntax::{Encoding, count_tokens};
use std::io::Write as _;
use std::process::Command;

const TOKENIZER: &str = "gpt-tokenizer@4.0.0";

/// Alphabets that bring out the rules of cutting and merging. U+0085 and U+FEFF are in none of them: what is white space in
/// JavaScript and in Rust differs in just these two.
const ALPHABETS: &[&str] = &[
    "ab cd\n",
    "aA'sStTrReEvVmMlLdD ",
    "xX1234 \t\n\r",
    "a.,!?/-_#*`|()[]<>\n ",
    " \t\n\r\u{a0}\u{3000}x",
    "éÉßñÑüÜabcABC '\u{301}\u{308}",
    "中文字符日本語テキスト한국어。、 ",
    "Русский текст ΕλληνικάǅªºЖж1",
    "हिन्दीไทยעבריתالعربية ١٢٣½Ⅷ²",
    "🚀🛠\u{fe0f}👩\u{200d}👧 a:!",
];

pub(super) fn check() -> Result<Outcome> {
    let modules = match Tools::open()?.node_modules(&[TOKENIZER]) {
        Ok(modules) => modules,
        Err(error) => {
            println!("   cannot be had here: {error:#}");
            return Ok(Outcome::Skipped(
                "the tokenizer to compare with cannot be installed here",
            ));
        }
    };
    let texts = texts()?;
    let mut asked = tempfile::NamedTempFile::new()?;
    asked.write_all(&serde_json::to_vec(&texts)?)?;
    asked.flush()?;
    let mut node = Command::new("node");
    node.arg(root().join("xtask/src/check/tokens.mjs"))
        .arg(asked.path())
        .current_dir(modules);
    let said = succeed(&mut node)?;
    let theirs = serde_json::from_str(&said).with_context(|| format!("{said:.200}"))?;
    let differences = differences(&texts, &theirs)?;
    let bytes: usize = texts.iter().map(String::len).sum();
    println!(
        "   {TOKENIZER}: {} texts of {bytes} bytes, {} differ",
        texts.len(),
        differences.len()
    );
    for difference in differences.iter().take(10) {
        println!("   {difference}");
    }
    Ok(differences.is_empty().into())
}

/// What is counted differently. `theirs` are the counts of `o200k_base` and `cl100k_base` for each text.
fn differences(texts: &[String], theirs: &Vec<[u64; 2]>) -> Result<Vec<String>> {
    ensure!(
        texts.len() == theirs.len(),
        "found the counts of {} texts, expected those of {}",
        theirs.len(),
        texts.len()
    );
    let mut all = Vec::new();
    for (text, theirs) in texts.iter().zip(theirs) {
        let ours = [Encoding::O200k, Encoding::Cl100k].map(|encoding| count_tokens(encoding, text));
        if ours != *theirs {
            let shown: String = text.chars().take(60).collect();
            let length = text.len();
            all.push(format!(
                "{shown:?} ({length} bytes): found {ours:?} tokens, expected {theirs:?}"
            ));
        }
    }
    Ok(all)
}

fn texts() -> Result<Vec<String>> {
    let listed = succeed(
        Command::new("git")
            .args(["ls-files", "-z", "--", "*.md"])
            .current_dir(root()),
    )?;
    let mut texts = Vec::new();
    for path in listed.split('\0').filter(|path| !path.is_empty()) {
        let bytes = std::fs::read(root().join(path)).with_context(|| path.to_owned())?;
        // Cases hold files that are no text on purpose.
        let text = String::from_utf8(bytes).ok();
        texts.extend(text.filter(|text| !text.contains(['\u{feff}', '\u{85}'])));
    }
    ensure!(
        texts.len() > 10,
        "found only {} Markdown files in the repository",
        texts.len()
    );
    texts.extend(made_up());
    Ok(texts)
}

/// Short texts from each alphabet, and runs that nothing divides.
fn made_up() -> Vec<String> {
    let mut random = Random(1);
    let mut texts = Vec::new();
    for alphabet in ALPHABETS {
        let characters: Vec<char> = alphabet.chars().collect();
        for number in 0..200 {
            texts.push(random.text(&characters, number));
        }
        for character in &characters {
            let run: Vec<char> = vec![*character];
            texts.extend([2, 3, 17, 64, 65, 130, 1_000].map(|length| random.text(&run, length)));
        }
    }
    let letters: Vec<char> = ('a'..='z').collect();
    texts.extend([100, 1_000, 5_000].map(|length| random.text(&letters, length)));
    texts.push("-".repeat(6_000));
    texts
}

/// A linear congruential generator: the same numbers in every run.
struct Random(u64);

impl Random {
    fn text(&mut self, characters: &[char], length: usize) -> String {
        (0..length)
            .filter_map(|_| characters.get(self.below(characters.len())))
            .collect()
    }

    fn below(&mut self, bound: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or_default() % bound.max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_planted_difference_is_found() {
        let texts = ["hello world".to_owned(), ".\n/".to_owned()];
        let none = differences(&texts, &vec![[2, 2], [1, 2]]).expect("as many");
        assert_eq!(none, [""; 0]);
        let one = differences(&texts, &vec![[2, 2], [2, 2]]).expect("as many");
        assert_eq!(
            one,
            ["\".\\n/\" (3 bytes): found [1, 2] tokens, expected [2, 2]"]
        );
        assert!(differences(&texts, &vec![[2, 2]]).is_err());
    }

    #[test]
    fn texts_are_the_same_in_every_run() {
        assert!(made_up().len() > 2_000);
        assert_eq!(made_up(), made_up());
    }
}
