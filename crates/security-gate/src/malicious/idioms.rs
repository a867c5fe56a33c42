//! Commands that are an attack by themselves: reverse shells, and programs in one argument.

use super::command::{Danger, is_blob};
use super::programs::{is_interpreter, is_shell, program};
use super::stages::Stage;

/// Programs in one argument that fetch or decode what they run.
pub(super) fn one_liner(stage: &Stage) -> Option<Danger> {
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

pub(super) fn reverse_shell(line: &str, all: &[Stage]) -> Option<Danger> {
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
