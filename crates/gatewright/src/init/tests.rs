//! Laws of every import: nothing is dropped without a word, and what comes out is a policy.

use super::*;
use settings::Became;
use std::fs;

fn cases() -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/init");
    let mut cases = Vec::new();
    for folder in fs::read_dir(folder).expect("the cases") {
        for file in fs::read_dir(folder.expect("a case").path()).expect("a case") {
            let path = file.expect("a file").path();
            let name = path
                .file_name()
                .expect("a name")
                .to_string_lossy()
                .into_owned();
            if name != "expected.txt" {
                cases.push((name, fs::read(path).expect("a file")));
            }
        }
    }
    assert!(cases.len() > 5);
    cases
}

/// The names of everything that is set.
fn leaves(node: &node::Node<'_>, into: &mut Vec<String>) {
    let inside = match &node.value.data {
        gate_policy::Data::Map(_) => node.entries(),
        gate_policy::Data::List(_) => node.items(),
        _ => Vec::new(),
    };
    if inside.is_empty() {
        into.push(node.shown());
    }
    for entry in inside {
        leaves(&entry, into);
    }
}

fn document(name: &str, bytes: &[u8]) -> Value {
    if tool_of(name) != Ok(Tool::DiffCover) {
        return yaml(name, bytes).expect("YAML");
    }
    let document = toml_read::read(name, bytes).expect("TOML");
    diff_cover::section(&document).expect("a section").clone()
}

#[test]
fn of_every_setting_something_is_said() {
    for (name, bytes) in cases() {
        let (_, told) = import(&name, &bytes, false).expect("an import");
        let document = document(&name, &bytes);
        let mut all = Vec::new();
        leaves(&node::Node::top(&document), &mut all);
        for leaf in all {
            let said = |line: &settings::Line| {
                let rest = leaf.strip_prefix(&line.name);
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
            };
            assert!(
                told.lines.iter().any(said),
                "{name}: nothing is said of {leaf}"
            );
        }
        let places = told.lines.iter().filter_map(|line| line.at.as_ref());
        assert!(places.clone().all(|at| at.line > 0 && *at.path == *name));
        assert!(
            told.lines
                .iter()
                .any(|line| matches!(line.became, Became::NoEqual(_))),
            "{name}"
        );
    }
}

/// Cut off anywhere, with any byte in place of another, settings are read or refused, and what they come to loads.
#[test]
fn broken_settings_come_to_a_policy_or_to_an_error() {
    for (name, bytes) in cases() {
        for at in (0..bytes.len()).step_by(7) {
            let _ = import(&name, &bytes[..at], true);
            let mut changed = bytes.clone();
            changed[at] = b"[]{}:-*&!%\"'\n \x1b0"[at % 16];
            if let Err(why) = import(&name, &changed, true) {
                assert!(
                    !why.contains("does not load"),
                    "{why}\n{}",
                    String::from_utf8_lossy(&changed)
                );
            }
        }
    }
}

#[test]
fn figures_mean_what_they_meant() {
    let of = |name: &str, text: &str| {
        let (yaml, _) = import(name, text.as_bytes(), false).expect("an import");
        let asked = yaml
            .lines()
            .skip_while(|line| !line.starts_with("  coverage"))
            .filter(|line| line.starts_with("      "));
        asked.map(str::trim).collect::<Vec<_>>().join("; ")
    };
    let project = |text: &str| {
        of(
            "codecov.yml",
            &format!("coverage: {{status: {{patch: off, project: {{default: {{{text}}}}}}}}}"),
        )
    };
    assert_eq!(
        project("target: 80%, threshold: 0.5"),
        "line_coverage: \">= 79.5%\""
    );
    assert_eq!(
        project("target: 1, threshold: 5"),
        "line_coverage: \">= 0%\""
    );
    assert_eq!(project("target: '80'"), "line_coverage: \">= 80%\"");
    assert_eq!(
        project("target: auto, threshold: 1%"),
        "line_coverage_drop: \"<= 1pp\""
    );
    assert_eq!(
        project("target: 80%, informational: yes"),
        "line_coverage: {warn: \">= 80%\"}"
    );
    // Cut to a whole number, 84.99 is below 84.5 and 85 is not.
    let under = |text: &str| of("a.toml", &format!("[tool.diff_cover]\n{text}\n"));
    assert_eq!(
        under("fail_under = 84.5"),
        "patch_line_coverage: \">= 85%\""
    );
    assert_eq!(under("fail_under = 84"), "patch_line_coverage: \">= 84%\"");
    assert_eq!(
        under("fail_under = 84.5\ntotal_percent_float = true"),
        "patch_line_coverage: \">= 84.5%\""
    );
    assert_eq!(under("fail_under = 0"), "line_coverage: {warn: \">= 85%\"}");
    let acceptable = |text: &str| {
        of(
            "octocov.yml",
            &format!("coverage: {{acceptable: '{text}'}}"),
        )
    };
    assert_eq!(acceptable("60%"), "line_coverage: \">= 60%\"");
    assert_eq!(acceptable("> 60"), "line_coverage: \"> 60%\"");
    assert_eq!(
        acceptable("current >= 60% && diff >= 0%"),
        "line_coverage: \">= 60%\"; line_coverage_drop: \"<= 0pp\""
    );
    assert_eq!(
        acceptable("(current >= 60%) && (diff > -1.5)"),
        "line_coverage: \">= 60%\"; line_coverage_drop: \"< 1.5pp\""
    );
    for odd in [
        "current >= 60% || diff >= 0",
        "diff > 0",
        "prev > 10",
        "current != 3",
        "current >= sixty",
        "",
    ] {
        assert_eq!(
            acceptable(odd),
            "line_coverage: {warn: \">= 85%\"}",
            "{odd}"
        );
    }
    let (yaml, _) = import(".octocov.yml", b"coverage: {acceptable: 60}", true).expect("an import");
    assert!(yaml.contains("statement_coverage: \">= 60%\""), "{yaml}");
}
