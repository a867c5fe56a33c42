//! Commands that are an attack by themselves: reverse shells, and programs in one argument.

use super::command::{Danger, is_blob};
use super::programs::{is_interpreter, is_shell, program};
use super::stages::Stage;

/// Programs in one argument that connect a shell, or that fetch or decode what they run.
pub(super) fn one_liner(stage: &Stage) -> Option<Danger> {
    let text = argument(stage)?.to_ascii_lowercase();
    let has = |any: &[&str]| any.iter().any(|one| text.contains(one));
    let connects = has(&["fsockopen("]) || has(&["socket"]) && has(&["connect(", "open("]);
    if connects && has(&["/bin/sh", "/bin/bash", "cmd.exe", "pty.spawn"]) {
        return Some(Danger::ReverseShell);
    }
    if !has(&["exec(", "eval(", "function("]) {
        return None;
    }
    let decodes = has(&[
        "b64decode(",
        "fromhex(",
        "'base64'",
        "\"base64\"",
        "base64_decode(",
        "atob(",
    ]);
    if decodes && argument(stage).is_some_and(is_blob) {
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

/// Command lines in quotes inside a program in one argument.
pub(super) fn quoted_commands(stage: &Stage) -> impl Iterator<Item = &str> {
    let pieces = argument(stage)
        .into_iter()
        .flat_map(|text| text.split(['\'', '"']));
    pieces.filter(|piece| piece.contains(['|', '>', ';']))
}

/// The argument of an interpreter that is a program.
fn argument(stage: &Stage) -> Option<&str> {
    let name = program(stage).into_iter().next()?;
    let mut words = stage.words.iter().filter(|_| is_interpreter(&name));
    words.find(|word| word.contains('(')).map(String::as_str)
}

/// A shell whose input and output are a connection.
pub(super) fn reverse_shell(line: &str, all: &[Stage]) -> Option<Danger> {
    let socket = line.contains("/dev/tcp/") || line.contains("/dev/udp/");
    let both_ways = [">&", "<>", "0<&"].iter().any(|mark| line.contains(mark));
    let interactive = all.iter().any(is_interactive);
    let read_and_run = line.contains("while read") && line.contains("<>");
    let fifo = all
        .iter()
        .any(|stage| stage.words.first().is_some_and(|name| name == "mkfifo"));
    let to_net = all
        .iter()
        .any(|stage| stage.piped && is_netcat(&program(stage)));
    let found = socket && (interactive && both_ways || read_and_run)
        || fifo && to_net && interactive
        || all.iter().any(|stage| connects_shell(&program(stage)));
    found.then_some(Danger::ReverseShell)
}

fn is_interactive(stage: &Stage) -> bool {
    let words = program(stage);
    let mut flags = words
        .iter()
        .skip(1)
        .filter(|word| word.starts_with('-') && word.len() < 5);
    words.first().is_some_and(|name| is_shell(name)) && flags.any(|flag| flag.contains('i'))
}

fn is_netcat(words: &[String]) -> bool {
    let name = words.first().map_or("", String::as_str);
    matches!(name, "nc" | "ncat" | "netcat" | "nc.traditional")
}

/// Netcat or socat that runs a shell.
fn connects_shell(words: &[String]) -> bool {
    if is_netcat(words) {
        let flags = ["-e", "-c", "--exec", "--sh-exec", "-ne", "-nve"];
        return words
            .windows(2)
            .any(|pair| flags.contains(&pair[0].as_str()) && names_shell(&pair[1]));
    }
    let lower: Vec<String> = words.iter().map(|word| word.to_ascii_lowercase()).collect();
    let network = ["tcp:", "tcp4:", "tcp-connect:", "openssl:"];
    let starts = |word: &String, starts: &[&str]| starts.iter().any(|one| word.starts_with(one));
    lower.first().is_some_and(|name| name == "socat")
        && lower.iter().any(|word| starts(word, &network))
        && lower
            .iter()
            .any(|word| starts(word, &["exec:", "system:"]) && names_shell(word))
}

/// `/bin/sh`, `exec:'bash -li',pty`.
fn names_shell(word: &str) -> bool {
    let after = word
        .rsplit(['/', ':', '\''])
        .find(|part| !part.is_empty() && !part.starts_with(','));
    let name = after.and_then(|part| part.split([',', ' ']).next());
    name.is_some_and(is_shell)
}
