//! Which program a command starts, and what that program does with its input and output.

use super::stages::Stage;

const SHELLS: [&str; 11] = [
    "sh", "bash", "zsh", "dash", "ksh", "ash", "fish", "sh.exe", "bash.exe", "cmd.exe", "cmd",
];
const INTERPRETERS: [&str; 12] = [
    "python",
    "perl",
    "ruby",
    "node",
    "nodejs",
    "php",
    "lua",
    "bun",
    "osascript",
    "pwsh",
    "powershell",
    "iex",
];

/// The words of the command proper: lower-case name first, without what stands before it.
pub(super) fn program(stage: &Stage) -> Vec<String> {
    let mut words = stage.words.iter().skip_while(|word| {
        let word = word.as_str();
        let assigns = word.split_once('=').is_some_and(|(name, _)| {
            !name.is_empty()
                && name
                    .bytes()
                    .all(|byte| byte == b'_' || byte.is_ascii_alphanumeric())
        });
        assigns
            || word.ends_with(':')
            || word.starts_with('-')
            || matches!(
                word,
                "sudo"
                    | "env"
                    | "exec"
                    | "command"
                    | "nohup"
                    | "time"
                    | "then"
                    | "do"
                    | "else"
                    | "if"
                    | "!"
                    | "&"
                    | "@"
                    | "$"
                    | "%"
                    | ">"
                    | "RUN"
                    | "CMD"
                    | "run"
                    | "doas"
                    | "busybox"
                    | "then{"
                    | "PS>"
            )
    });
    let Some(first) = words.next() else {
        return Vec::new();
    };
    let first = first.trim_start_matches(['@', '$', '(', '"', '\'', '`']);
    let name = base_name(first).to_ascii_lowercase();
    std::iter::once(name).chain(words.cloned()).collect()
}

pub(super) fn is_shell(name: &str) -> bool {
    SHELLS.contains(&name)
}

pub(super) fn is_interpreter(name: &str) -> bool {
    let plain = name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    INTERPRETERS.contains(&plain)
}

/// Whether the command runs what comes in, and not a file or an argument of its own.
pub(super) fn runs_input(words: &[String]) -> bool {
    let Some(name) = words.first() else {
        return false;
    };
    let mut arguments = words
        .iter()
        .skip(1)
        .map(String::as_str)
        .take_while(|word| !word.contains('>'));
    if is_shell(name) {
        let all: Vec<&str> = arguments.collect();
        let reads = all.iter().any(|word| {
            *word == "-"
                || *word == "/dev/stdin"
                || word.starts_with('-') && !word.starts_with("--") && word.contains('s')
        });
        let command = all
            .iter()
            .any(|word| word.starts_with('-') && !word.starts_with("--") && word.ends_with('c'));
        return !command && (reads || all.iter().all(|word| word.starts_with('-')));
    }
    is_interpreter(name)
        && arguments.all(|word| {
            matches!(
                word,
                "-" | "-u" | "-E" | "/dev/stdin" | "--" | "-Command" | "-NoProfile" | "-noni"
            )
        })
}

pub(super) fn decodes(stage: &Stage) -> bool {
    let words = program(stage);
    let has = |flags: &[&str]| words.iter().any(|word| flags.contains(&word.as_str()));
    match words.first().map(String::as_str) {
        Some("base64" | "gbase64" | "base32") => has(&["-d", "-D", "--decode", "-di", "-id"]),
        Some("xxd") => words
            .iter()
            .any(|word| word.starts_with('-') && word.contains('r')),
        Some("openssl") => has(&["-d", "-D"]) && has(&["enc", "base64"]),
        Some("uudecode") => true,
        _ => false,
    }
}

pub(super) fn writes_file(word: &str) -> bool {
    word == "--output"
        || word == "--remote-name"
        || word.starts_with("--output=")
        || word.starts_with('-') && !word.starts_with("--") && word.ends_with(['o', 'O'])
}

pub(super) fn base_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or_default()
}
