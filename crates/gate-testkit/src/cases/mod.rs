//! Case folders: one situation each, run for real.
//!
//! ```text
//! tests/cases/<criterion>-<situation>/
//!   gates.yml      the policy, laid out as .github/gates.yml
//!   args           arguments of the binary, one a line
//!   env            NAME=VALUE a line, beside the scrubbed environment
//!   base/          the first commit's files; without it there is one commit
//!   input/         the head commit's files
//!   untracked/     files laid over the working tree after the last commit
//!   expected/      exit (the exit code) and files of the output folder under their names; `verdict.json` and
//!                  `summary.md` stand for the only `*.verdict.json` and `*.md`, `stdout` and `stderr` for the streams
//! ```
//!
//! `*.yml.in` is laid out as `*.yml`, `x.link` as a symbolic link `x` to what it holds. In `args` and `env`, `{root}`,
//! `{out}`, `{case}`, `{base}` and `{head}` stand for the repository, the output folder, the case folder and the two commits. The binary runs in the repository with
//! `GATEWRIGHT_OUT` and `GATEWRIGHT_AS_OF` set. What differs between machines is replaced before files are
//! compared (see [`normalise_json`] and [`normalise_text`]). `GATEWRIGHT_BLESS=1` writes what was found into `expected/`.

mod compare;
mod layout;
mod normalise;
mod run;

pub use layout::{LaidOut, lay_out};
pub use normalise::{normalise_json, normalise_text};
pub use run::{Ran, run};

use std::path::{Path, PathBuf};

/// Runs `binary` over every case below `folder` and panics with all differences; also when there is no case, since
/// an empty folder would prove nothing.
pub fn run_all(binary: &Path, folder: &Path) {
    let cases = case_folders(folder);
    assert!(
        !cases.is_empty(),
        "{}: no case found; expected folders with `expected/`",
        folder.display()
    );
    let failures: Vec<String> = cases
        .iter()
        .filter_map(|case| run_case(binary, case).err())
        .collect();
    assert!(
        failures.is_empty(),
        "{} of {} cases differ:\n\n{}",
        failures.len(),
        cases.len(),
        failures.join("\n\n")
    );
}

/// Runs one case; the error tells what differs and how to accept it.
pub fn run_case(binary: &Path, case: &Path) -> Result<(), String> {
    let bless = std::env::var_os("GATEWRIGHT_BLESS").is_some_and(|value| value == "1");
    run_case_with(binary, case, bless)
}

fn run_case_with(binary: &Path, case: &Path, bless: bool) -> Result<(), String> {
    let named = |what: String| format!("case {}: {what}", case.display());
    let laid_out = lay_out(case).map_err(|error| named(error.to_string()))?;
    let ran = run(binary, case, &laid_out).map_err(|error| named(error.to_string()))?;
    let outcome = if bless {
        compare::bless(case, &laid_out, &ran)
    } else {
        compare::compare(case, &laid_out, &ran)
    };
    outcome.map_err(|what| named(format!("{what}\nstderr was:\n{}", ran.stderr)))
}

fn case_folders(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(Result::ok);
    let mut cases: Vec<PathBuf> = entries
        .map(|entry| entry.path())
        .filter(|path| {
            ["expected", "args", "input"]
                .iter()
                .any(|part| path.join(part).exists())
        })
        .collect();
    cases.sort();
    cases
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    /// A stand-in for a gate: writes a verdict and leaves with the code that the case asks for.
    fn script(folder: &Path) -> PathBuf {
        let path = folder.join("gate.sh");
        let text = "#!/bin/sh\nset -eu\nmkdir -p \"$GATEWRIGHT_OUT\"\n\
                    head=$(git rev-parse HEAD)\n\
                    printf '{\"gate\":\"x\",\"digest\":\"%s\",\"run\":{\"millis\":%s},\"subject\":{\"commit\":\"%s\"},\"config\":\"%s\"}' \
                    \"$$\" \"$$\" \"$head\" \"$(cat .github/gates.yml)\" > \"$GATEWRIGHT_OUT/x.verdict.json\"\n\
                    echo \"at $head in $PWD, first $2, home $HOME\" > \"$GATEWRIGHT_OUT/x.md\"\n\
                    exit \"$1\"\n";
        fs::write(&path, text).unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        }
        path
    }

    fn case(folder: &Path, args: &str) -> PathBuf {
        let case = folder.join("cases/demo-works");
        for (name, text) in [
            ("gates.yml", "version: 1"),
            ("args", args),
            ("base/a.txt", "old"),
            ("input/a.txt", "new"),
            ("input/bad.yml.in", "x: 1"),
            ("untracked/report.txt", "r"),
        ] {
            let path = case.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        case
    }

    #[cfg(unix)]
    #[test]
    fn blessed_once_equal_for_ever_and_a_change_is_shown() {
        let folder = tempfile::tempdir().unwrap();
        let gate = script(folder.path());
        let case = case(folder.path(), "1\n{base}\n");
        let unblessed = run_case_with(&gate, &case, false).unwrap_err();
        assert!(unblessed.contains("GATEWRIGHT_BLESS=1"), "{unblessed}");
        run_case_with(&gate, &case, true).unwrap();
        assert_eq!(
            fs::read_to_string(case.join("expected/exit")).unwrap(),
            "1\n"
        );
        let summary = fs::read_to_string(case.join("expected/summary.md")).unwrap();
        assert_eq!(
            summary,
            "at <head> in <root>, first <base>, home /nonexistent\n"
        );
        run_case_with(&gate, &case, false).unwrap();
        run_all(&gate, &folder.path().join("cases"));
        fs::write(case.join("args"), "3\n{base}\n").unwrap();
        let error = run_case_with(&gate, &case, false).unwrap_err();
        assert!(
            error.contains("exit code") && error.contains("demo-works"),
            "{error}"
        );
    }

    #[test]
    fn base_and_head_are_commits_and_templates_get_their_name() {
        let folder = tempfile::tempdir().unwrap();
        let case = case(folder.path(), "0");
        let laid_out = lay_out(&case).unwrap();
        assert_eq!(
            fs::read_to_string(laid_out.root.join("a.txt")).unwrap(),
            "new"
        );
        assert!(
            laid_out.root.join("bad.yml").is_file() && laid_out.root.join("report.txt").is_file()
        );
        let base = laid_out.base.clone().unwrap();
        assert!(base.len() == 40 && base != laid_out.head);
        assert_eq!(
            lay_out(&case).unwrap().head,
            laid_out.head,
            "the same on every machine"
        );
    }

    #[test]
    #[should_panic(expected = "no case found")]
    fn an_empty_folder_proves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        run_all(Path::new("/bin/true"), folder.path());
    }
}
