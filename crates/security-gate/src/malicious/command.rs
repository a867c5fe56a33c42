//! What a command line does: whether it runs what it fetches or decodes, or gives a shell away.

use std::borrow::Cow;

use super::hosts;
use super::idioms::{one_liner, quoted_commands, reverse_shell};
use super::programs::{
    base_name, decodes, is_interpreter, is_shell, program, runs_input, writes_file,
};
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
/// Stages of a pipeline that are looked back over.
const MAX_STAGES: usize = 8;
/// Characters of a blob that make it a payload.
const MIN_BLOB: usize = 24;

/// The most telling thing that the line does.
pub(super) fn judge(line: &str) -> Option<Danger> {
    // Whatever is dangerous pipes, nests, redirects, lists or has a flag.
    if !line.contains(['|', '(', '<', '>', '&', ';', '`']) && !line.contains(" -") {
        return None;
    }
    at_depth(line, 0).max(super::powershell::judge(line))
}

fn at_depth(line: &str, depth: usize) -> Option<Danger> {
    if depth > MAX_DEPTH {
        return None;
    }
    let all = stages(line);
    let mut worst = reverse_shell(line, &all);
    for (index, stage) in all.iter().enumerate() {
        let inner = stage
            .nested
            .iter()
            .chain(commands(stage))
            .map(String::as_str);
        for inner in inner.chain(quoted_commands(stage)) {
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
fn source<'s>(before: &'s [Stage], stage: &Stage) -> Option<Cow<'s, [Stage]>> {
    let words = program(stage);
    let name = words.first()?;
    if stage.piped && runs_input(&words) {
        let mut start = before.len();
        while start > before.len().saturating_sub(MAX_STAGES) {
            start -= 1;
            if !before[start].piped {
                break;
            }
        }
        return before.get(start..).map(Cow::Borrowed);
    }
    // `sh -c "$(...)"`, `eval "$(...)"`, `. <(...)`, `sh <(...)`.
    let takes = matches!(name.as_str(), "eval" | "source" | ".") || is_shell(name);
    let whole = words
        .iter()
        .skip(1)
        .find(|word| !word.starts_with('-') && *word != "<<<")?;
    let only = whole.chars().all(|c| c == NESTED || c.is_whitespace()) && whole.contains(NESTED);
    if takes && only {
        return Some(Cow::Owned(stages(stage.nested.last()?)));
    }
    // `sh <<< blob` is no source; `python -c "exec(...)"` is read as a one-liner.
    None
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

fn origin(words: &[String]) -> Danger {
    match hosts::host(words.iter().map(String::as_str)) {
        Some(host) if hosts::is_nameless(&host) => Danger::NamelessDownload,
        _ => Danger::Download,
    }
}

/// A run of characters of base64 or of hexadecimal digits that is no path, and no name of a variable.
pub(super) fn is_blob(word: &str) -> bool {
    let part = |c: char| c.is_ascii_alphanumeric() || "+/=\\".contains(c);
    let mut start = 0;
    word.split(|c| !part(c)).any(|run| {
        let before = word[..start].chars().next_back();
        start += run.len();
        start += word[start..].chars().next().map_or(0, char::len_utf8);
        let named = before.is_some_and(|c| "${.%_".contains(c));
        let has = |is: fn(&u8) -> bool| run.as_bytes().iter().any(is);
        let mixed = has(u8::is_ascii_lowercase) && has(u8::is_ascii_uppercase);
        let digits = has(u8::is_ascii_digit)
            && run
                .bytes()
                .all(|byte| byte.is_ascii_hexdigit() || byte == b'\\' || byte == b'x');
        run.len() >= MIN_BLOB
            && !named
            && (mixed || digits)
            && run.matches('/').count() * 10 <= run.len()
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
