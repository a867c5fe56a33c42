//! Files that are not what their name says, by their first and last bytes.

use super::Found;
use super::file::File;
use super::report::Findings;
use super::rule::{Level, Rule};

pub(super) static DISGUISED_BINARY: Rule = Rule {
    id: "disguised_binary",
    title: "program behind another name",
    level: Level::Heuristic,
    summary: "a program or archive has the name of a picture, a text or a font",
    explain: "The first bytes say what a file is. A program or archive behind the name of something harmless waits for a step that runs or unpacks it. Those with their own names are left alone.",
    next_step: "Give the file its honest name, or remove it.",
    samples: &[
        &[("logo.png", "{u:7f}ELF{u:2}{u:1}{u:1}{rep:20:x}")],
        &[("notes.txt", "PK{u:3}{u:4}{rep:20:x}")],
        &[("a.json", "{u:0}asm{u:1}{u:0}{u:0}{u:0}")],
    ],
    decoys: &[
        &[("app", "{u:7f}ELF{u:2}{u:1}{u:1}{rep:20:x}")],
        &[("a.zip", "PK{u:3}{u:4}{rep:20:x}")],
        &[("a.wasm", "{u:0}asm{u:1}{u:0}{u:0}{u:0}")],
        &[("a.txt", "MZ is a mark, PK is another")],
    ],
};

pub(super) static POLYGLOT_FILE: Rule = Rule {
    id: "polyglot_file",
    title: "file of two kinds",
    level: Level::Heuristic,
    summary: "a picture or document is an archive, too",
    explain: "An archive is read from its end and a picture from its start, so one file can be both; what looks at it sees one of them.",
    next_step: "Store the archive as a file of its own, or remove it.",
    samples: &[&[(
        "logo.gif",
        "GIF89a{rep:20:x}PK{u:1}{u:2}{rep:42:x}PK{u:5}{u:6}{rep:8:x}{u:2e}{u:0}{u:0}{u:0}{rep:6:x}",
    )]],
    decoys: &[
        &[("logo.gif", "GIF89a{rep:60:x}PK{u:5}{u:6}{rep:18:x}")],
        &[("a.zip", "PK{u:3}{u:4}{rep:40:x}")],
    ],
};

/// Names of what is shown, read or played, never run or unpacked.
const HARMLESS: [&str; 46] = [
    "png", "jpg", "jpeg", "gif", "bmp", "ico", "webp", "svg", "tif", "tiff", "avif", "mp3", "mp4",
    "wav", "ogg", "woff", "woff2", "ttf", "otf", "eot", "pdf", "txt", "md", "rst", "json", "yml",
    "yaml", "toml", "ini", "cfg", "csv", "xml", "html", "htm", "css", "js", "ts", "py", "rb", "sh",
    "c", "h", "go", "rs", "java", "lock",
];
/// The end of an archive is at most so far from the end of the file: its record and a comment.
const MAX_TAIL: u64 = 22 + 0xFFFF;

/// `bytes` is how the file begins, and `at` reads what stands elsewhere in its `size` bytes.
pub(super) fn search(
    file: &File<'_>,
    bytes: &[u8],
    size: u64,
    at: &dyn Fn(u64, usize) -> Option<Vec<u8>>,
    found: &mut Findings,
) {
    let Some(&first) = bytes.first() else { return };
    // What every program, archive and picture begins with, so that texts cost no look at their names.
    if !matches!(
        first,
        0x7F | b'M'
            | 0xFE
            | 0xCF
            | 0xCE
            | 0xCA
            | 0
            | b'P'
            | b'd'
            | b'7'
            | 0x89
            | b'G'
            | 0xFF
            | b'%'
    ) {
        return;
    }
    let kind = kind(bytes);
    let extension = file.extension();
    let harmless = HARMLESS.contains(&extension);
    let (rule, message) = match kind {
        Some(kind) if harmless => (
            &DISGUISED_BINARY,
            format!("the name says .{extension}, the first bytes say {kind}"),
        ),
        None if is_shown(bytes) && is_archive(size, at) => (
            &POLYGLOT_FILE,
            format!("{}: a zip archive is behind it", POLYGLOT_FILE.summary),
        ),
        _ => return,
    };
    found.push(Found {
        rule,
        range: 0..0,
        message,
        hidden: None,
    });
}

/// What is run or unpacked.
fn kind(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0x7F, b'E', b'L', b'F', 1 | 2, 1 | 2, ..] => Some("ELF program"),
        [b'M', b'Z', ..] if is_pe(bytes) => Some("Windows program"),
        [0xFE, 0xED, 0xFA, 0xCE | 0xCF, ..] | [0xCE | 0xCF, 0xFA, 0xED, 0xFE, ..] => {
            Some("Mach-O program")
        }
        // Class files of Java begin alike; their version is 45 or more.
        [0xCA, 0xFE, 0xBA, 0xBE, 0, 0, 0, 1..20, ..] => Some("Mach-O program"),
        [0xCA, 0xFE, 0xBA, 0xBE, _, _, 0, 45..=255, ..] => Some("Java class"),
        [0, b'a', b's', b'm', 1, 0, 0, 0, ..] => Some("WebAssembly program"),
        [b'P', b'K', 3, 4, ..] => Some("zip archive"),
        [b'd', b'e', b'x', b'\n', b'0', _, _, 0, ..] => Some("Android program"),
        [b'7', b'z', 0xBC, 0xAF, 0x27, 0x1C, ..] => Some("7z archive"),
        _ => None,
    }
}

/// The header says where the real one is.
fn is_pe(bytes: &[u8]) -> bool {
    let at = bytes
        .get(0x3C..0x40)
        .and_then(|at| at.try_into().ok())
        .map(u32::from_le_bytes);
    let at = at.and_then(|at| usize::try_from(at).ok());
    at.and_then(|at| bytes.get(at..at.checked_add(4)?)) == Some(b"PE\0\0")
}

fn is_shown(bytes: &[u8]) -> bool {
    [b"\x89PNG".as_slice(), b"GIF8", b"\xFF\xD8\xFF", b"%PDF-"]
        .iter()
        .any(|start| bytes.starts_with(start))
}

/// A central directory that lies where the record at the end says.
fn is_archive(size: u64, at: &dyn Fn(u64, usize) -> Option<Vec<u8>>) -> bool {
    let length = size.min(MAX_TAIL);
    let tail = usize::try_from(length).ok();
    let Some(tail) = tail.and_then(|tail| at(size - length, tail)) else {
        return false;
    };
    let Some(end) = memchr::memmem::rfind(&tail, b"PK\x05\x06") else {
        return false;
    };
    let directory = tail.get(end + 12..end + 16);
    let directory = directory.and_then(|size| size.try_into().ok());
    let start = directory.and_then(|directory| {
        (size - length + end as u64).checked_sub(u64::from(u32::from_le_bytes(directory)))
    });
    start.is_some_and(|start| start > 0 && at(start, 4).is_some_and(|found| found == b"PK\x01\x02"))
}
