//! Plain tags are read without the XML reader only where they are whole in the piece of input at
//! hand: byte by byte they never are, so that the same report tells whether both ways agree.

use std::io::BufReader;

use proptest::prelude::*;

use super::formats::Parse;
use super::merge::Nothing;
use super::model::Coverage;
use crate::error::{ReportError, ReportErrorKind};
use crate::limits::Limits;

const JACOCO: &[&str] = &[
    "<group name=\"g\">",
    "</group>",
    "<package name=\"p\">",
    "</package>",
    "<class name=\"p/A\" sourcefilename=\"A.java\">",
    "</class>",
    "<method name=\"f\" desc=\"()V\" line=\"3\">",
    "</method>",
    "<sourcefile name=\"A.java\">",
    "</sourcefile>",
    "<line nr=\"3\" mi=\"0\" ci=\"4\" mb=\"1\" cb=\"1\"/>",
    "<line nr=\"4\" mi=\"2\" ci=\"0\" mb=\"0\" cb=\"0\"/>",
    "<line nr=\"0\" mi=\"2\" ci=\"1\" mb=\"0\" cb=\"0\"/>",
    "<line nr=\"007\" mi=\"0\" ci=\"0\" mb=\"2\" cb=\"0\"/>",
    "<line nr=\"999999999\" mi=\"999999999\" ci=\"4\" mb=\"0\" cb=\"0\"/>",
    "<line nr=\"9999999999\" mi=\"0\" ci=\"4\" mb=\"0\" cb=\"0\"/>",
    "<line nr=\"5\" mi=\"0\" ci=\"4294967296\" mb=\"0\" cb=\"0\"/>",
    "<line nr=\"6\" mi=\"-1\" ci=\"4\" mb=\"0\" cb=\"0\"/>",
    "<line nr=\"\" mi=\"0\" ci=\"4\" mb=\"0\" cb=\"0\"/>",
    "<line nr='8' mi='0' ci='4' mb='0' cb='0'/>",
    "<line ci=\"4\" nr=\"9\"/>",
    "<line nr=\"10\" mi=\"0\" ci=\"4\" mb=\"0\" cb=\"0\" />",
    "<line nr=\"11\" mi=\"0\" ci=\"4\" mb=\"0\" cb=\"0\">",
    "</line>",
    "<n:line nr=\"12\" mi=\"0\" ci=\"4\" mb=\"0\" cb=\"0\"/>",
    "<counter type=\"INSTRUCTION\" missed=\"0\" covered=\"9\"/>",
    "<counter type=\"METHOD\" missed=\"0\" covered=\"1\"/>",
    "<counter type=\"METHOD\" missed=\"1\" covered=\"0\"/>",
    "<counter type=\"METHOD\" covered=\"1\"/>",
    "<counter type=\"METHOD\" missed=\"0\" covered=\"&#49;\"/>",
    "<counter type=\"CLASS\" missed=\"0\" covered=\"1\"/>",
];

const COBERTURA: &[&str] = &[
    "<sources>",
    "</sources>",
    "<source>",
    "</source>",
    "<package name=\"p\">",
    "</package>",
    "<class name=\"A\" filename=\"a.c\">",
    "</class>",
    "<method name=\"f\" signature=\"()\">",
    "</method>",
    "<lines>",
    "</lines>",
    "<line number=\"3\" hits=\"4\"/>",
    "<line number=\"4\" hits=\"0\"/>",
    "<line number=\"0\" hits=\"4\"/>",
    "<line number=\"5\" hits=\"4294967296\"/>",
    "<line number=\"6\" hits=\"-1\"/>",
    "<line number=\"7\" hits=\"1\" branch=\"false\"/>",
    "<line number=\"8\" hits=\"1\" branch=\"False\" />",
    "<line number=\"9\" hits=\"1\" branch=\"true\" condition-coverage=\"50% (1/2)\"/>",
    "<line number=\"10\" hits=\"1\" branch=\"true\" condition-coverage=\"?\"/>",
    "<line number='11' hits='1'/>",
    "<line number=\"12\" hits=\"1\">",
    "</line>",
];

const BETWEEN: &[&str] = &[
    "",
    "",
    "",
    "\n",
    "\r\n\t ",
    "x",
    "&amp;",
    "<!-- x -->",
    "<?x?>",
    "\x0c",
];

fn read(format: &str, bytes: &[u8], piece: usize, limits: Limits) -> Result<Coverage, ReportError> {
    let format = super::format(format).expect("a known format");
    let mut reader = BufReader::with_capacity(piece, bytes);
    let draft = match format.parse {
        Parse::Whole(parse) => parse(&mut reader, limits),
        Parse::ByFile(parse) => parse(&mut reader, limits, &mut Nothing),
    };
    draft?.finish()
}

/// Input is counted by the piece, so beside a limit that is near another defect, or another limit, may be met first:
/// it is refused all the same.
fn agree(one: &Result<Coverage, ReportError>, other: &Result<Coverage, ReportError>) -> bool {
    let over = |error: &ReportError| error.kind == ReportErrorKind::OverLimit;
    match (one, other) {
        (Err(one), Err(other)) if over(one) || over(other) => true,
        _ => one == other,
    }
}

const SMALL: Limits = Limits {
    records: 6,
    line_bytes: 50,
    depth: 7,
    name_bytes: 40,
    bytes: 1500,
};

/// A format, its tags, and what stands before and after them in a report.
type Kind = (
    &'static str,
    &'static [&'static str],
    &'static str,
    &'static str,
);

const KINDS: [Kind; 2] = [
    (
        "jacoco",
        JACOCO,
        "<report name=\"r\"><package name=\"p\"><class name=\"p/A\" sourcefilename=\"A.java\"><method name=\"g\" desc=\"()V\" line=\"1\"/></class><sourcefile name=\"A.java\">",
        "</sourcefile></package></report>\n",
    ),
    (
        "cobertura",
        COBERTURA,
        "<coverage lines-valid=\"3\"><packages><package name=\"p\"><classes><class name=\"A\" filename=\"a.c\"><lines>",
        "</lines></class></classes></package></packages></coverage>\n",
    ),
];

/// Tags in any order; in a sound report only those that are whole.
fn report() -> impl Strategy<Value = (&'static str, String)> {
    let tag = any::<prop::sample::Index>();
    let part = (tag, prop::sample::select(BETWEEN), 1_usize..4);
    let parts = prop::collection::vec(part, 0..40);
    (prop::sample::select(&KINDS[..]), any::<bool>(), parts).prop_map(|(kind, sound, parts)| {
        let (format, tags, before, after) = kind;
        let mut text = before.to_owned();
        for (tag, between, times) in parts {
            let tag = tag.get(tags);
            let whole = tag.ends_with("/>");
            if whole || !sound {
                let times = if whole { times } else { 1 };
                text.push_str(&[tag, between].concat().repeat(times));
            }
        }
        text.push_str(after);
        (format, text)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn plain_tags_read_as_the_xml_reader_reads_them(
        (format, text) in report(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0_u8..12), 0..4),
        small in any::<bool>(),
    ) {
        let mut bytes = text.into_bytes();
        for (at, byte, kind) in edits {
            let at = at.index(bytes.len().max(1));
            match kind {
                _ if bytes.is_empty() => {}
                0 | 1 => bytes[at] = byte,
                2 | 3 => bytes[at] = b"0\"<>/ &=\n"[usize::from(byte) % 9],
                4 | 5 => bytes.insert(at, byte),
                6 | 7 => drop(bytes.remove(at)),
                8 => bytes.truncate(at),
                _ => {}
            }
        }
        let limits = if small { SMALL } else { Limits::default() };
        let slow = read(format, &bytes, 1, limits);
        for piece in [7, 100, 1 << 16] {
            let fast = read(format, &bytes, piece, limits);
            prop_assert!(agree(&fast, &slow), "{piece}: {fast:?}, and byte by byte {slow:?}");
        }
    }
}
