//! leaky-repo: which of its files with credentials are found, and how many lines.

use anyhow::{Context as _, Result};
use security_gate::secrets::{self, Tier};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

pub(super) fn table(checkout: &Path) -> Result<String> {
    let list = checkout.join(".leaky-meta/secrets.csv");
    let list = fs::read_to_string(&list).with_context(|| list.display().to_string())?;
    let expected: BTreeMap<&str, u32> = list
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| {
            let mut fields = line.split(',');
            Some((fields.next()?, fields.next()?.trim().parse().ok()?))
        })
        .collect();
    let mut text = String::from("| File | Lines at risk | Lines found |\n|---|---|---|\n");
    let (mut files, mut of_files, mut extra) = (0, 0, Vec::new());
    for file in super::files(checkout)? {
        let path = file
            .strip_prefix(checkout)?
            .to_string_lossy()
            .replace('\\', "/");
        if path.starts_with(".leaky-meta/") {
            continue;
        }
        let mut hits = Vec::new();
        secrets::scan(&path, &fs::read(&file)?, &mut hits);
        let lines: BTreeSet<u32> = hits
            .iter()
            .filter(|hit| hit.tier >= Tier::Likely)
            .map(|hit| hit.line)
            .collect();
        let risk = expected.get(path.as_str()).copied().unwrap_or_default();
        if risk > 0 {
            of_files += 1;
            files += u32::from(!lines.is_empty());
            let _ = writeln!(text, "| `{path}` | {risk} | {} |", lines.len());
        } else if !lines.is_empty() {
            extra.push(format!("`{path}` ({})", lines.len()));
        }
    }
    let _ = writeln!(
        text,
        "\n{files} of {of_files} files at risk are found. Findings in other files: {}.",
        if extra.is_empty() {
            String::from("none")
        } else {
            extra.join(", ")
        }
    );
    Ok(text)
}
