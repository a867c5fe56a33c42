//! What a line does in PowerShell, whose commands nest in parentheses and not in quotes.

use super::command::{Danger, is_blob};
use super::hosts;

/// Characters of an encoded command that make it a payload.
const MIN_ENCODED: usize = 40;

pub(super) fn judge(line: &str) -> Option<Danger> {
    let lower = line.to_ascii_lowercase();
    encoded_command(&lower).max(expression(line, &lower))
}

/// `powershell -EncodedCommand <blob>`, in any of the spellings that PowerShell takes.
fn encoded_command(lower: &str) -> Option<Danger> {
    let mut words = lower
        .split_ascii_whitespace()
        .map(|word| word.trim_matches(['"', '\'', '`', ',']));
    words.find(|word| {
        let name = word.rsplit(['/', '\\']).next().unwrap_or_default();
        matches!(name, "powershell" | "powershell.exe" | "pwsh" | "pwsh.exe")
    })?;
    words.find(|word| {
        word.strip_prefix(['-', '/']).is_some_and(|flag| {
            flag == "ec" || !flag.is_empty() && "encodedcommand".starts_with(flag)
        })
    })?;
    let blob = words.next()?;
    let encoded = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte);
    (blob.len() >= MIN_ENCODED && blob.bytes().all(encoded)).then_some(Danger::Decoded)
}

/// What `Invoke-Expression` is given.
fn expression(line: &str, lower: &str) -> Option<Danger> {
    let mut words = lower.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
    if !words.any(|word| word == "iex" || word == "invoke-expression") {
        return None;
    }
    let has = |any: &[&str]| any.iter().any(|one| lower.contains(one));
    if has(&["net.sockets.tcpclient("]) {
        return Some(Danger::ReverseShell);
    }
    if has(&["frombase64string("]) {
        return Some(if is_blob(line) {
            Danger::Decoded
        } else {
            Danger::DecodedUnknown
        });
    }
    if !has(&[
        "downloadstring(",
        "invoke-webrequest ",
        "invoke-restmethod ",
        "iwr ",
        "irm ",
    ]) {
        return None;
    }
    let address = lower.find("://").map(|at| &lower[at..]).unwrap_or_default();
    let address = address.split(['\'', '"', ' ', ')']).next();
    let host = address.and_then(|address| hosts::host(["", &format!("http{address}")].into_iter()));
    Some(match host {
        Some(host) if hosts::is_nameless(&host) => Danger::NamelessDownload,
        _ => Danger::Download,
    })
}
