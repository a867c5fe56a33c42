use super::{diff_cover, read, toml_read};
use std::path::Path;

/// Where tools look for their settings.
const PLACES: &[&str] = &[
    "codecov.yml",
    ".codecov.yml",
    "codecov.yaml",
    ".codecov.yaml",
    ".github/codecov.yml",
    ".github/.codecov.yml",
    ".github/codecov.yaml",
    "dev/codecov.yml",
    "dev/.codecov.yml",
    ".octocov.yml",
    ".octocov.yaml",
    "octocov.yml",
    "octocov.yaml",
    ".testcoverage.yml",
    ".testcoverage.yaml",
    ".github/.testcoverage.yml",
    "pyproject.toml",
];

/// What could be imported, where nothing is named.
pub(super) fn nothing_named(root: &Path) -> String {
    let is_there = |place: &&&str| {
        let path = root.join(place);
        if *place != &"pyproject.toml" {
            return path.is_file();
        }
        let document = read(root, place).and_then(|bytes| toml_read::read(place, &bytes));
        document.is_ok_and(|document| diff_cover::section(&document).is_some())
    };
    let found: Vec<String> = PLACES
        .iter()
        .filter(is_there)
        .map(|place| format!("gatewright init --from {place}"))
        .collect();
    if found.is_empty() {
        "found no coverage settings of another tool; `--from FILE` names them, `--profile 85` asks for what most ask for, and without any the built-in policy holds".into()
    } else {
        format!(
            "--from names no file; there are settings to import:\n{}",
            found.join("\n")
        )
    }
}
