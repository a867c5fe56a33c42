//! The positive control: a run that cannot find what is planted must not say that there is nothing.

use super::rules::rules;
use super::runs::Encoding;
use super::sample::{encoded, expand};
use super::scan;

/// What the control searched and found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Control {
    /// Rules tried.
    pub rules: usize,
    /// Planted secrets, every one of them found.
    pub planted: usize,
    /// Planted look-alikes, none of them reported.
    pub decoys: usize,
}

/// Plants secrets in memory, searches them with the engine that searches files, and does the same with look-alikes: of
/// every rule that looks at any file, and of those rules of named files that `by_name` says had one to look at; and one secret in each of
/// the encodings that are decoded.
///
/// # Errors
/// The ids of the rules that missed a planted secret or reported a look-alike, and the encodings in which it was missed; the verdict must
/// then be `error`.
pub fn control(by_name: impl Fn(usize) -> bool) -> Result<Control, Vec<&'static str>> {
    let mut missed = Vec::new();
    let (mut planted, mut decoys) = (0, 0);
    let mut tried = 0;
    for (index, rule) in rules().iter().enumerate() {
        if !rule.files.is_empty() && !by_name(index) {
            continue;
        }
        tried += 1;
        let reported = |template: &str| {
            let mut found = Vec::new();
            scan(rule.sample_path, expand(template).as_bytes(), &mut found);
            found.iter().any(|hit| hit.rule == rule.id)
        };
        planted += rule.samples.len();
        decoys += rule.decoys.len();
        if rule.samples.is_empty()
            || !rule.samples.iter().all(|sample| reported(sample))
            || rule.decoys.iter().any(|decoy| reported(decoy))
        {
            missed.push(rule.id);
        }
    }
    let (path, text) = planted_file();
    for encoding in [Encoding::Base64, Encoding::Hex, Encoding::Percent] {
        let mut found = Vec::new();
        scan(path, encoded(encoding, &text).as_bytes(), &mut found);
        planted += 1;
        if found.is_empty() {
            missed.push(encoding.as_str());
        }
    }
    if missed.is_empty() {
        Ok(Control {
            rules: tried,
            planted,
            decoys,
        })
    } else {
        Err(missed)
    }
}

/// A file with a secret in it.
pub fn planted_file() -> (&'static str, String) {
    ("src/settings.txt", expand("token = 'ghp_{sum:30}'"))
}
