use std::collections::BTreeMap;
use std::ffi::OsString;
use std::process::Command;

/// The date of every commit and the time that runs are judged as of.
pub const FIXED_DATE: &str = "2026-01-02T03:04:05Z";

/// What a child process needs to start and to be measured, and no more.
const KEPT: [&str; 9] = [
    "PATH",
    "SYSTEMROOT",
    "TMPDIR",
    "TEMP",
    "TMP",
    "LD_LIBRARY_PATH",
    "DYLD_FALLBACK_LIBRARY_PATH",
    "LLVM_PROFILE_FILE",
    "RUST_BACKTRACE",
];

const FIXED: [(&str, &str); 12] = [
    ("HOME", "/nonexistent"),
    ("TZ", "UTC"),
    ("LC_ALL", "C"),
    ("NO_COLOR", "1"),
    ("GIT_CONFIG_NOSYSTEM", "1"),
    // Never /dev/null: `git config --global` replaces the file it is told of by a new one.
    ("GIT_CONFIG_GLOBAL", "/nonexistent/gitconfig"),
    ("GIT_AUTHOR_NAME", "Case"),
    ("GIT_AUTHOR_EMAIL", "case@example.invalid"),
    ("GIT_AUTHOR_DATE", FIXED_DATE),
    ("GIT_COMMITTER_NAME", "Case"),
    ("GIT_COMMITTER_EMAIL", "case@example.invalid"),
    ("GIT_COMMITTER_DATE", FIXED_DATE),
];

/// The whole environment for a child: no `GITHUB_*`, `RUNNER_*`, `CI`, `GATEWRIGHT_*`, proxies or home of the
/// machine; a fixed identity, date, zone and language.
pub fn scrubbed_env() -> BTreeMap<OsString, OsString> {
    let kept = KEPT
        .iter()
        .filter_map(|name| Some((OsString::from(name), std::env::var_os(name)?)));
    let fixed = FIXED
        .iter()
        .map(|(name, value)| (OsString::from(name), OsString::from(value)));
    kept.chain(fixed).collect()
}

/// Gives `command` the scrubbed environment; variables set on it afterwards stay.
pub fn scrub(command: &mut Command) -> &mut Command {
    command.env_clear().envs(scrubbed_env())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_the_machine_is_left() {
        let env = scrubbed_env();
        let names: Vec<String> = env
            .keys()
            .map(|name| name.to_string_lossy().into_owned())
            .collect();
        let leaked = |name: &&String| {
            let foreign = ["GITHUB_", "RUNNER_", "GATEWRIGHT_", "CARGO"]
                .iter()
                .any(|start| name.starts_with(start));
            foreign || name.as_str() == "CI" || name.to_ascii_lowercase().ends_with("_proxy")
        };
        assert_eq!(names.iter().find(leaked), None);
        assert_eq!(
            env.get(&OsString::from("HOME")),
            Some(&OsString::from("/nonexistent"))
        );
    }
}
