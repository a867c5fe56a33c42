//! Code that is written so that nobody reads it. One sign alone means little; two together are reported.

use std::collections::BTreeSet;

use memchr::memchr_iter;

use super::file::{File, Language};
use super::report::Findings;
use super::rule::{Level, Rule};
use super::{Found, Hit};

pub(super) static OBFUSCATED_INSTALL_CODE: Rule = Rule {
    id: "obfuscated_install_code",
    title: "obfuscated code that installing runs",
    level: Level::Certain,
    summary: "a script that a package runs when it is installed is obfuscated",
    explain: "An npm lifecycle script runs the file on every machine that installs the package, and the file has two or more signs of obfuscation.",
    next_step: "Do not install it. Remove the hook, or put the source in place of the obfuscated file.",
    samples: &[&[
        (
            "pkg/package.json",
            "{\"scripts\": {\"postinstall\": \"node ./setup.js\"}}",
        ),
        (
            "pkg/setup.js",
            "{}eval(Buffer.from('{b64:300}', 'base64').toString())",
        ),
    ]],
    decoys: &[&[
        (
            "pkg/package.json",
            "{\"scripts\": {\"postinstall\": \"node ./other.js\"}}",
        ),
        (
            "pkg/setup.js",
            "{}eval(Buffer.from('{b64:300}', 'base64').toString())",
        ),
    ]],
};

pub(super) static OBFUSCATED_CODE: Rule = Rule {
    id: "obfuscated_code",
    title: "obfuscated code",
    level: Level::Heuristic,
    summary: "code has two or more signs that it is written not to be read",
    explain: "Signs: evaluation of what is decoded there, a blob of 200 characters behind it, many names like _0x1a2b, many hexadecimal escapes, a line of more than 5 KB. Bundles and minified files are left alone.",
    next_step: "Put the source in its place, or exclude the folder of generated files.",
    samples: &[
        &[("src/a.js", "{}eval(atob('{b64:240}'))")],
        &[(
            "src/a.py",
            "import base64\nexec(base64.b64decode(b'{b64:240}'))",
        )],
        &[(
            "src/a.js",
            "var {rep:80:_0x3fa2c1=_0x11b2(0x1),}x; var b='{rep:400:\\x61}'",
        )],
    ],
    decoys: &[
        &[("src/a.js", "const key = atob('{b64:240}'); evaluate(key)")],
        &[("dist/a.js", "eval(atob('{b64:240}'))")],
        &[("src/a.js", "eval(source)")],
    ],
};

/// What obfuscated code consists of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece {
    /// Runs a string.
    Run,
    /// Decodes one.
    Decode,
    /// A name of a common obfuscator.
    Name,
}

pub(super) const LITERALS: &[(&str, Piece)] = &[
    ("eval(", Piece::Run),
    ("exec(", Piece::Run),
    ("function(", Piece::Run),
    ("atob(", Piece::Decode),
    ("buffer.from(", Piece::Decode),
    ("fromcharcode", Piece::Decode),
    ("unescape(", Piece::Decode),
    ("b64decode(", Piece::Decode),
    ("b85decode(", Piece::Decode),
    ("fromhex(", Piece::Decode),
    ("unhexlify(", Piece::Decode),
    ("decompress(", Piece::Decode),
    ("marshal.loads(", Piece::Decode),
    ("base64_decode(", Piece::Decode),
    ("gzinflate(", Piece::Decode),
    ("_0x", Piece::Name),
];

/// A decoder stands so near to what runs its output, in bytes.
const NEAR: usize = 200;
/// A payload begins so near behind it.
const REACH: usize = 1024;
const MIN_BLOB: usize = 200;
const MIN_NAMES: usize = 60;
const MIN_ESCAPES: usize = 200;
const LONG_LINE: usize = 5 * 1024;

#[derive(Debug, Default)]
pub(super) struct Pieces {
    run: Option<usize>,
    /// Where what is decoded is run.
    decoded: Option<usize>,
    /// A blob is behind it.
    blob: bool,
    names: usize,
}

impl Pieces {
    pub(super) fn add(&mut self, piece: Piece, text: &[u8], at: usize) {
        match piece {
            Piece::Run if runs(text, at) => self.run = Some(at),
            Piece::Run => {}
            Piece::Decode => {
                if let Some(run) = self.run.filter(|run| at - run <= NEAR && !self.blob) {
                    self.decoded = Some(run);
                    self.blob = has_blob(&text[at..text.len().min(at + REACH)]);
                }
            }
            Piece::Name => self.names += 1,
        }
    }
}

/// A call, not a part of another name, a method of another object or the declaration of a function.
fn runs(text: &[u8], at: usize) -> bool {
    let before = at.checked_sub(1).map(|at| text[at]);
    let part = before.is_some_and(|byte| byte.is_ascii_alphanumeric() || b"_$".contains(&byte));
    match &text[at..] {
        [b'F', ..] | [b'e', b'v', ..] => !part,
        [b'e', b'x', ..] => !part && before != Some(b'.'),
        _ => false,
    }
}

fn has_blob(text: &[u8]) -> bool {
    let mut runs = text.split(|byte| !(byte.is_ascii_alphanumeric() || b"+/=\\-_".contains(byte)));
    runs.any(|run| run.len() >= MIN_BLOB)
}

/// Code that is not generated.
pub(super) fn concerns(file: &File<'_>) -> bool {
    matches!(
        file.language,
        Language::JavaScript | Language::Python | Language::Mixed
    ) && !is_generated(file)
}

fn is_generated(file: &File<'_>) -> bool {
    let name = file.name();
    [".min.", "-min.", ".bundle.", ".umd.", ".prod.", ".pack."]
        .iter()
        .any(|part| name.contains(part))
        || file.has_folder(&[
            "dist",
            "build",
            "vendor",
            "third_party",
            "node_modules",
            "bower_components",
            "_static",
        ])
}

pub(super) fn search(text: &[u8], pieces: &Pieces, found: &mut Findings) {
    let mut signs = Vec::new();
    if pieces.decoded.is_some() {
        signs.push("it evaluates what it decodes");
    }
    if pieces.blob {
        signs.push("a blob of 200 characters or more is decoded there");
    }
    if pieces.names >= MIN_NAMES && pieces.names * 400 > text.len() {
        signs.push("most names are like _0x1a2b");
    }
    // The other signs need a pass of their own and say nothing without one of these or each other.
    if !signs.is_empty() || pieces.run.is_some() {
        if has_escapes(text) {
            signs.push("most text is hexadecimal escapes");
        }
        if has_long_line(text) {
            signs.push("a line is longer than 5 KB");
        }
    }
    let told = pieces.decoded.is_some() || pieces.names >= MIN_NAMES;
    if signs.len() < 2 || !told {
        return;
    }
    let start = pieces.decoded.unwrap_or(0);
    let end = text.len().min(start + 60);
    let end = memchr::memchr(b'\n', &text[start..end]).map_or(end, |length| start + length);
    found.push(Found {
        rule: &OBFUSCATED_CODE,
        range: start..end,
        message: format!("{}: {}", OBFUSCATED_CODE.summary, signs.join(", ")),
        hidden: None,
    });
}

fn has_escapes(text: &[u8]) -> bool {
    let escapes =
        memchr_iter(b'\\', text).filter(|&at| matches!(text.get(at + 1), Some(b'x' | b'u')));
    let count = escapes.count();
    count >= MIN_ESCAPES && count * 4 * 4 > text.len()
}

fn has_long_line(text: &[u8]) -> bool {
    let mut start = 0;
    let mut ends = memchr_iter(b'\n', text).chain(std::iter::once(text.len()));
    ends.any(|end| {
        let length = end - start;
        start = end + 1;
        length > LONG_LINE
    })
}

/// Turns findings of obfuscated code into certain ones where a lifecycle script runs the file; `hooks` are the paths that
/// [`super::hook_targets`] gave for all files together.
pub fn join(found: &mut [(String, Hit)], hooks: &BTreeSet<String>) {
    for (path, hit) in found {
        if hit.rule == OBFUSCATED_CODE.id && hooks.contains(path) {
            hit.rule = OBFUSCATED_INSTALL_CODE.id;
            hit.level = OBFUSCATED_INSTALL_CODE.level;
            OBFUSCATED_INSTALL_CODE.summary.clone_into(&mut hit.message);
        }
    }
}
