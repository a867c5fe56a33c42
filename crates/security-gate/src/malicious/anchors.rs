//! The one pass of the text rules: a filter of literals says where a closer look is worth it.

use std::sync::LazyLock;

use super::file::{File, Language};
use super::report::Findings;
use super::signals::{self, Signal};
use crate::secrets::filter::Filter;

use super::{agent, indicators, links, obfuscated, shell, yaml};

/// What a literal is a sign of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    /// A program that downloads, decodes or connects.
    Command,
    /// A program that takes encoded commands.
    Encoded,
    /// What obfuscated code consists of.
    Code(obfuscated::Piece),
    /// A tag of YAML that names a type of a language.
    Tag,
    /// A link that runs, or HTML that does.
    Link,
    /// A word that an agent acts on.
    Agent(Signal),
    /// A name that an attack left.
    Indicator,
}

/// The literals that belong to no other list, in lower case.
const LITERALS: &[(&str, Sign)] = &[
    ("curl", Sign::Command),
    ("wget", Sign::Command),
    ("aria2c", Sign::Command),
    ("base64", Sign::Command),
    ("xxd -", Sign::Command),
    ("openssl enc", Sign::Command),
    ("/dev/tcp/", Sign::Command),
    ("/dev/udp/", Sign::Command),
    ("nc -", Sign::Command),
    ("ncat ", Sign::Command),
    ("netcat ", Sign::Command),
    ("nc.traditional", Sign::Command),
    ("socat ", Sign::Command),
    ("mkfifo ", Sign::Command),
    ("import socket", Sign::Command),
    ("use socket", Sign::Command),
    ("tcpsocket.", Sign::Command),
    ("sockets.tcpclient(", Sign::Command),
    ("fsockopen(", Sign::Command),
    ("invoke-webrequest", Sign::Command),
    ("invoke-restmethod", Sign::Command),
    ("invoke-expression", Sign::Command),
    ("downloadstring(", Sign::Command),
    ("frombase64string(", Sign::Command),
    ("iwr ", Sign::Command),
    ("irm ", Sign::Command),
    ("powershell", Sign::Encoded),
    ("pwsh", Sign::Encoded),
    ("!!python/", Sign::Tag),
    ("!!js/", Sign::Tag),
    ("!ruby/", Sign::Tag),
    ("!!java", Sign::Tag),
    ("!!org.", Sign::Tag),
    ("!!com.", Sign::Tag),
    ("!!php/", Sign::Tag),
    ("!php/", Sign::Tag),
    ("yaml.org,2002:", Sign::Tag),
    ("script:", Sign::Link),
    ("script%", Sign::Link),
    ("data:text", Sign::Link),
    ("&#0", Sign::Link),
    ("&#1", Sign::Link),
    ("&#2", Sign::Link),
    ("&#3", Sign::Link),
    ("&#4", Sign::Link),
    ("&#5", Sign::Link),
    ("&#6", Sign::Link),
    ("&#7", Sign::Link),
    ("&#8", Sign::Link),
    ("&#9", Sign::Link),
    ("&#x", Sign::Link),
    ("&tab;", Sign::Link),
    ("&newline;", Sign::Link),
    ("&colon;", Sign::Link),
    ("<script", Sign::Link),
    ("<iframe", Sign::Link),
    (" onerror=", Sign::Link),
    (" onload=", Sign::Link),
    (" onclick=", Sign::Link),
    (" onmouseover=", Sign::Link),
    (" onfocus=", Sign::Link),
    (" ontoggle=", Sign::Link),
];

/// Flags of a program are looked for so far behind its name, in bytes.
const MAX_FLAGS: usize = 256;

struct Anchors {
    filter: Filter,
    /// Of each literal: what it is a sign of, and its length.
    signs: Vec<(Sign, usize)>,
    /// The length of the longest.
    longest: usize,
}

static ANCHORS: LazyLock<Anchors> = LazyLock::new(|| {
    let code = obfuscated::LITERALS
        .iter()
        .map(|&(literal, piece)| (literal, Sign::Code(piece)));
    let agent = signals::LITERALS
        .iter()
        .map(|&(literal, signal)| (literal, Sign::Agent(signal)));
    let names = indicators::literals().map(|literal| (literal, Sign::Indicator));
    let all: Vec<(&'static str, Sign)> = LITERALS
        .iter()
        .copied()
        .chain(code)
        .chain(agent)
        .chain(names)
        .collect();
    let literals = all.iter().map(|(literal, _)| literal.as_bytes());
    Anchors {
        filter: Filter::folding(literals.collect()),
        longest: all
            .iter()
            .map(|(literal, _)| literal.len())
            .max()
            .unwrap_or(0),
        signs: all
            .iter()
            .map(|(literal, sign)| (*sign, literal.len()))
            .collect(),
    }
});

/// Whether an abbreviation of `-EncodedCommand` follows on the line.
fn has_flag(rest: &[u8]) -> bool {
    let line = &rest[..rest.len().min(MAX_FLAGS)];
    let line = line.split(|&byte| byte == b'\n').next().unwrap_or_default();
    line.windows(3)
        .any(|three| matches!(three, [b' ', b'-' | b'/', b'e' | b'E']))
}

/// `script:` ends a scheme only where something is before it: `$script:x` is a variable.
fn is_scheme(text: &[u8], at: usize) -> bool {
    let before = at.checked_sub(1).map(|at| text[at]);
    !text[at].eq_ignore_ascii_case(&b's')
        || before.is_some_and(|byte| byte.is_ascii_alphanumeric() || b";\t\n".contains(&byte))
}

/// Whether any text rule concerns the file.
fn concerns(file: &File<'_>) -> bool {
    shell::concerns(file)
        || obfuscated::concerns(file)
        || file.instructs_agents()
        || matches!(file.language, Language::Yaml | Language::Markdown)
}

/// Bytes whose literals are held at once.
const SEGMENT: usize = 1 << 20;

/// Where literals begin, and which, in order.
fn literals(text: &[u8]) -> impl Iterator<Item = (usize, usize)> {
    (0..text.len()).step_by(SEGMENT).flat_map(move |from| {
        let segment = &text[from..text.len().min(from + SEGMENT + ANCHORS.longest)];
        let mut found = Vec::new();
        ANCHORS.filter.search(segment, |literal, at| {
            // What begins behind is the next one's.
            if at < SEGMENT {
                found.push((from + at, literal));
            }
            true
        });
        found.sort_unstable();
        found
    })
}

pub(super) fn search(file: &File<'_>, text: &[u8], found: &mut Findings) {
    if !concerns(file) {
        return;
    }
    let commands = shell::concerns(file);
    let agent = file.instructs_agents();
    let (mut tag, mut link, mut indicator) = (None, false, false);
    let (mut done, mut signals, mut pieces) = (0, Vec::new(), obfuscated::Pieces::default());
    // Literals share letters (`curl` and `curl ` among words of a sentence), so overlaps count.
    for (start, literal) in literals(text) {
        let (sign, length) = ANCHORS.signs[literal];
        match sign {
            Sign::Command if commands => {
                shell::at(file, text, start, &mut done, found);
            }
            Sign::Encoded if commands && has_flag(&text[start + length..]) => {
                shell::at(file, text, start, &mut done, found);
            }
            Sign::Command | Sign::Encoded => {}
            Sign::Code(piece) => pieces.add(piece, text, start),
            Sign::Tag => tag = tag.or(Some(start)),
            Sign::Link => link |= is_scheme(text, start),
            Sign::Agent(signal) if agent => signals.push((start, signal)),
            Sign::Agent(_) => {}
            Sign::Indicator => indicator = true,
        }
    }
    if obfuscated::concerns(file) {
        obfuscated::search(text, &pieces, found);
    }
    if file.language == Language::Yaml {
        yaml::search(file, text, tag, found);
    }
    if file.language == Language::Markdown && (link || agent) {
        links::search(file, text, found);
    }
    if agent {
        agent::search(text, &signals, found);
    }
    if indicator {
        indicators::search(file, text, found);
    }
}
