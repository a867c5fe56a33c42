//! What a command line does: whether it runs what it fetches or decodes, or gives a shell away.

use super::hosts;
use super::stages::{NESTED, Stage, stages};

/// From the least to the most telling.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Danger {
    /// Runs what it decodes, and what that is does not stand in the line.
    DecodedUnknown,
    /// Runs what it downloads.
    Download,
    /// Runs what it downloads from a host that names nobody.
    NamelessDownload,
    /// Runs a payload that it decodes first.
    Decoded,
    ReverseShell,
}

/// Substitutions are followed so deep.
const MAX_DEPTH: usize = 4;
/// Characters of a blob that make it a payload.
const MIN_BLOB: usize = 24;

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

/// The most telling thing that the line does.
pub(super) fn judge(line: &str) -> Option<Danger> {
    at_depth(line, 0).max(super::powershell::judge(line))
}

fn at_depth(line: &str, depth: usize) -> Option<Danger> {
    if depth > MAX_DEPTH {
        return None;
    }
    let all = stages(line);
    let mut worst = reverse_shell(line, &all);
    for (index, stage) in all.iter().enumerate() {
        for inner in stage.nested.iter().chain(commands(stage)) {
            worst = worst.max(at_depth(inner, depth + 1));
        }
        if let Some(source) = source(&all[..index], stage) {
            worst = worst.max(danger(&source));
        }
        worst = worst.max(one_liner(stage));
    }
    worst.max(file_run(&all))
}

/// The stages whose output `stage` runs, if it runs any.
fn source(before: &[Stage], stage: &Stage) -> Option<Vec<Stage>> {
    let words = program(stage);
    let name = words.first()?;
    if stage.piped && runs_input(&words) {
        let mut start = before.len();
        while start > 0 {
            start -= 1;
            if !before[start].piped {
                break;
            }
        }
        return stages_again(before.get(start..)?);
    }
    // `sh -c "$(...)"`, `eval "$(...)"`, `. <(...)`, `sh <(...)`.
    let takes = matches!(name.as_str(), "eval" | "source" | ".") || is_shell(name);
    let whole = words.iter().skip(1).find(|word| !word.starts_with('-'))?;
    let only = whole.chars().all(|c| c == NESTED || c.is_whitespace()) && whole.contains(NESTED);
    if takes && only {
        return Some(stages(stage.nested.last()?));
    }
    // `sh <<< blob` is no source; `python -c "exec(...)"` is read as a one-liner.
    None
}

/// A copy, since what is judged may also come from a substitution.
fn stages_again(before: &[Stage]) -> Option<Vec<Stage>> {
    let copy = before.iter().map(|stage| Stage {
        words: stage.words.clone(),
        piped: stage.piped,
        nested: stage.nested.clone(),
    });
    let all: Vec<_> = copy.collect();
    (!all.is_empty()).then_some(all)
}

/// What running the output of these stages is.
fn danger(source: &[Stage]) -> Option<Danger> {
    let download = source.iter().find_map(download);
    if source.iter().any(decodes) {
        let words = source.iter().flat_map(|stage| &stage.words);
        let payload = download.is_some() || words.into_iter().any(|word| is_blob(word));
        return Some(if payload {
            Danger::Decoded
        } else {
            Danger::DecodedUnknown
        });
    }
    download
}

/// Whether the stage writes what it downloads to its output.
fn download(stage: &Stage) -> Option<Danger> {
    let words = program(stage);
    let to_output = match words.first()?.as_str() {
        "curl" => !words.iter().any(|word| writes_file(word)),
        "wget" => words.iter().any(|word| {
            word == "--output-document=-"
                || word.starts_with('-') && word.ends_with("O-")
                || word == "-"
                || word.starts_with('-') && !word.starts_with("--") && word.ends_with('O')
        }),
        "fetch" | "aria2c" | "iwr" | "irm" | "invoke-webrequest" | "invoke-restmethod" | "http" => {
            true
        }
        _ => return None,
    };
    to_output.then(|| origin(&words))
}

fn writes_file(word: &str) -> bool {
    word == "--output"
        || word == "--remote-name"
        || word.starts_with("--output=")
        || word.starts_with('-') && !word.starts_with("--") && word.ends_with(['o', 'O'])
}

fn origin(words: &[String]) -> Danger {
    match hosts::host(words.iter().map(String::as_str)) {
        Some(host) if hosts::is_nameless(&host) => Danger::NamelessDownload,
        _ => Danger::Download,
    }
}

fn decodes(stage: &Stage) -> bool {
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

/// A run of characters of base64 or of hexadecimal digits that is no path and no name.
pub(super) fn is_blob(word: &str) -> bool {
    let mut runs = word.split(|c: char| !c.is_ascii_alphanumeric() && !"+/=\\".contains(c));
    runs.any(|run| {
        run.len() >= MIN_BLOB
            && run.matches('/').count() * 10 <= run.len()
            && run
                .bytes()
                .any(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase())
    })
}

/// A download to a file that the same line runs, without a look at it.
fn file_run(all: &[Stage]) -> Option<Danger> {
    let mut fetched: Vec<(String, Danger)> = Vec::new();
    for stage in all {
        let words = program(stage);
        let Some(name) = words.first() else { continue };
        if matches!(
            name.as_str(),
            "sha256sum" | "sha512sum" | "shasum" | "gpg" | "cosign" | "minisign"
        ) {
            return None;
        }
        if matches!(name.as_str(), "curl" | "wget") {
            fetched.extend(target(&words).map(|target| (target, origin(&words))));
            continue;
        }
        let run = if is_shell(name) || is_interpreter(name) {
            words.iter().skip(1).find(|word| !word.starts_with('-'))
        } else {
            Some(name)
        };
        let run = run.map(|run| base_name(run));
        if let Some((_, danger)) = fetched
            .iter()
            .find(|(target, _)| Some(target.as_str()) == run)
        {
            return Some(*danger);
        }
    }
    None
}

/// The name of the file that a download writes.
fn target(words: &[String]) -> Option<String> {
    let mut after = words.iter().skip_while(|word| {
        !(word.as_str() == "--output"
            || word.starts_with('-') && !word.starts_with("--") && word.ends_with(['o', 'O']))
    });
    let flag = after.next();
    let remote =
        flag.is_none() || words[0] == "curl" && flag.is_some_and(|flag| flag.ends_with('O'));
    let path = if remote {
        words.iter().find(|word| word.contains("://"))?
    } else {
        after.next()?
    };
    let name = base_name(path);
    (!name.is_empty() && (!remote || words[0] == "wget" || flag.is_some())).then(|| name.to_owned())
}

fn base_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or_default()
}

/// Programs in one argument that fetch or decode what they run.
fn one_liner(stage: &Stage) -> Option<Danger> {
    let words = program(stage);
    if !words.first().is_some_and(|name| is_interpreter(name)) {
        return None;
    }
    let text = words.iter().skip(1).find(|word| word.contains('('))?;
    let has = |any: &[&str]| any.iter().any(|one| text.contains(one));
    if has(&["socket"])
        && has(&["connect(", "fsockopen("])
        && has(&["/bin/sh", "/bin/bash", "cmd.exe", "pty.spawn"])
    {
        return Some(Danger::ReverseShell);
    }
    if !has(&["exec(", "eval(", "Function("]) {
        return None;
    }
    if has(&[
        "b64decode(",
        "fromhex(",
        "'base64'",
        "\"base64\"",
        "base64_decode(",
        "atob(",
    ]) && is_blob(text)
    {
        return Some(Danger::Decoded);
    }
    has(&[
        "urlopen(",
        "requests.get(",
        "fetch(",
        "http.get(",
        "https.get(",
    ])
    .then_some(Danger::Download)
}

fn reverse_shell(line: &str, all: &[Stage]) -> Option<Danger> {
    let shell = |word: &String| {
        is_shell(
            word.rsplit(['/', ':', '\''])
                .next()
                .unwrap_or_default()
                .split(',')
                .next()
                .unwrap_or_default()
                .split(' ')
                .next()
                .unwrap_or_default(),
        )
    };
    let socket = line.contains("/dev/tcp/") || line.contains("/dev/udp/");
    let interactive = all.iter().any(|stage| {
        let words = program(stage);
        words.first().is_some_and(|name| is_shell(name))
            && words
                .iter()
                .any(|word| word.starts_with('-') && word.contains('i') && word.len() < 5)
    });
    let both_ways = line.contains(">&") || line.contains("<>") || line.contains("0<&");
    if socket && (interactive && both_ways || line.contains("while read") && line.contains("<>")) {
        return Some(Danger::ReverseShell);
    }
    let talks = |stage: &Stage| {
        let words = program(stage);
        let name = words.first().map_or("", String::as_str);
        match name {
            "nc" | "ncat" | "netcat" | "nc.traditional" => words.windows(2).any(|pair| {
                matches!(
                    pair[0].as_str(),
                    "-e" | "-c" | "--exec" | "--sh-exec" | "-ne" | "-nve"
                ) && shell(&pair[1])
            }),
            "socat" => {
                words.iter().any(|word| {
                    let lower = word.to_ascii_lowercase();
                    (lower.starts_with("exec:") || lower.starts_with("system:")) && shell(&lower)
                }) && words.iter().any(|word| {
                    word.to_ascii_lowercase().starts_with("tcp:")
                        || word.to_ascii_lowercase().starts_with("tcp4:")
                        || word.to_ascii_lowercase().starts_with("openssl:")
                })
            }
            _ => false,
        }
    };
    let fifo = all
        .iter()
        .any(|stage| stage.words.first().is_some_and(|name| name == "mkfifo"));
    let net = all.iter().any(|stage| {
        stage.piped
            && program(stage)
                .first()
                .is_some_and(|name| matches!(name.as_str(), "nc" | "ncat" | "netcat"))
    });
    (all.iter().any(talks) || fifo && net && interactive).then_some(Danger::ReverseShell)
}

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

fn is_shell(name: &str) -> bool {
    SHELLS.contains(&name)
}

fn is_interpreter(name: &str) -> bool {
    let plain = name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    INTERPRETERS.contains(&plain)
}

/// Whether the command runs what comes in, and not a file or an argument of its own.
fn runs_input(words: &[String]) -> bool {
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

/// Arguments that are command lines themselves.
fn commands(stage: &Stage) -> impl Iterator<Item = &String> {
    let takes = |flag: &str| {
        flag.starts_with('-') && !flag.starts_with("--") && flag.ends_with('c')
            || flag == "eval"
            || flag == "/c"
    };
    stage
        .words
        .windows(2)
        .filter(move |pair| takes(&pair[0]))
        .map(|pair| &pair[1])
}
