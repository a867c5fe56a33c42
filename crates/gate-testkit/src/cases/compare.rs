use super::layout::LaidOut;
use super::normalise::{normalise_json, normalise_text};
use super::run::Ran;
use std::fs;
use std::path::{Path, PathBuf};

/// Compares every file under `expected/` with what the run left.
pub(super) fn compare(case: &Path, laid_out: &LaidOut, ran: &Ran) -> Result<(), String> {
    let folder = case.join("expected");
    let names = file_names(&folder);
    if !names.iter().any(|name| name == "exit") {
        return Err("`expected/exit` is missing: look at the output, then accept it with GATEWRIGHT_BLESS=1".to_owned());
    }
    let mut differences = Vec::new();
    for name in names {
        let expected = fs::read_to_string(folder.join(&name))
            .map_err(|error| format!("expected/{name}: {error}"))?;
        match found(&name, laid_out, ran) {
            Ok(found) if found == normal_expected(&name, &expected, laid_out) => {}
            Ok(found) if name == "exit" => {
                differences.push(format!(
                    "exit code {}, expected {}",
                    found.trim(),
                    expected.trim()
                ));
            }
            Ok(found) => differences.push(difference(&name, &expected, &found)),
            Err(what) => differences.push(format!("{name}: {what}")),
        }
    }
    if differences.is_empty() {
        return Ok(());
    }
    Err(format!(
        "{}\n(if this is what it should be: GATEWRIGHT_BLESS=1)",
        differences.join("\n")
    ))
}

/// Writes what was found: the files that are expected already, else exit code, verdict and summary.
pub(super) fn bless(case: &Path, laid_out: &LaidOut, ran: &Ran) -> Result<(), String> {
    let folder = case.join("expected");
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut names = file_names(&folder);
    if names.iter().all(|name| name == "exit") {
        let standing_for = ["verdict.json", "summary.md"];
        let only: Vec<_> = standing_for
            .iter()
            .filter(|name| source(name, laid_out).is_ok())
            .collect();
        names = only.into_iter().map(|name| (*name).to_owned()).collect();
        if !names.iter().any(|name| name == "verdict.json") {
            names.extend(file_names(&laid_out.out).into_iter().filter(|name| {
                name.ends_with(".verdict.json")
                    || matches!(name.as_str(), "decision.json" | "sarif-upload.receipt.json")
            }));
        }
        names.push("exit".to_owned());
    }
    for name in names {
        let text = found(&name, laid_out, ran)?;
        fs::write(folder.join(&name), text).map_err(|error| format!("expected/{name}: {error}"))?;
    }
    Ok(())
}

/// What the run left under `name`, normalised.
fn found(name: &str, laid_out: &LaidOut, ran: &Ran) -> Result<String, String> {
    match name {
        "exit" => {
            return Ok(ran
                .exit
                .map_or_else(|| "signal\n".to_owned(), |code| format!("{code}\n")));
        }
        "stdout" => return Ok(normalise_text(&ran.stdout, laid_out)),
        "stderr" => return Ok(normalise_text(&ran.stderr, laid_out)),
        _ => {}
    }
    let path = source(name, laid_out)?;
    let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    if name.ends_with("verdict.json") || name == "decision.json" {
        let document =
            serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?;
        return Ok(normalise_json(&document, laid_out));
    }
    Ok(normalise_text(&text, laid_out))
}

/// Expected JSON may be written by hand, in any layout.
fn normal_expected(name: &str, expected: &str, laid_out: &LaidOut) -> String {
    if name == "exit" {
        return format!("{}\n", expected.trim());
    }
    let json = name.ends_with("verdict.json") || name == "decision.json";
    match serde_json::from_str(expected) {
        Ok(document) if json => normalise_json(&document, laid_out),
        _ => normalise_text(expected, laid_out),
    }
}

/// The file of the output folder that `name` stands for.
fn source(name: &str, laid_out: &LaidOut) -> Result<PathBuf, String> {
    let end = match name {
        "verdict.json" => ".verdict.json",
        "summary.md" => ".md",
        _ => {
            let path = laid_out.out.join(name);
            return if path.is_file() {
                Ok(path)
            } else {
                Err(format!("not written; {}", written(laid_out)))
            };
        }
    };
    let names: Vec<String> = file_names(&laid_out.out)
        .into_iter()
        .filter(|found| found.ends_with(end))
        .collect();
    match names.as_slice() {
        [only] => Ok(laid_out.out.join(only)),
        _ => Err(format!(
            "expected exactly one `*{end}`; {}",
            written(laid_out)
        )),
    }
}

fn written(laid_out: &LaidOut) -> String {
    format!(
        "the output folder holds [{}]",
        file_names(&laid_out.out).join(", ")
    )
}

fn file_names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(Result::ok);
    let mut names: Vec<String> = entries
        .filter(|entry| entry.path().is_file())
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect();
    names.sort();
    names
}

/// The first line that differs, with both sides' next lines.
fn difference(name: &str, expected: &str, found: &str) -> String {
    let same = expected
        .lines()
        .zip(found.lines())
        .take_while(|(left, right)| left == right)
        .count();
    let part = |text: &str, sign: &str| {
        let lines = text
            .lines()
            .skip(same)
            .take(12)
            .map(|line| format!("  {sign} {line}"));
        lines.collect::<Vec<_>>().join("\n")
    };
    format!(
        "{name}: differs from line {}:\n{}\n{}",
        same + 1,
        part(expected, "-"),
        part(found, "+")
    )
}
