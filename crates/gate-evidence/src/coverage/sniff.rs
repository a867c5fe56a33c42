//! What a report is, told by its first line or root element.

use super::json_head::Keys;

pub(super) const UTF_16: &str = "UTF-16 text";

/// The beginning of a report, looked at once.
#[derive(Debug)]
pub(super) struct Head<'a> {
    text: &'a str,
    /// Offset of the first byte that is not UTF-8, unless the head just cuts a character.
    pub(super) invalid_at: Option<usize>,
    root: Option<Root<'a>>,
    pub(super) json: Keys<'a>,
}

/// The root element of an XML report and the one after it.
#[derive(Debug)]
struct Root<'a> {
    name: &'a str,
    /// The rest of the start tag.
    attributes: &'a str,
    child: &'a str,
    doctype: &'a str,
    /// The text ends between the root's start tag and whatever comes next.
    open_ended: bool,
}

impl<'a> Head<'a> {
    pub(super) fn of(bytes: &'a [u8]) -> Self {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let (text, invalid_at) = match std::str::from_utf8(bytes) {
            Ok(text) => (text, None),
            Err(error) => {
                let valid = error.valid_up_to();
                let text = std::str::from_utf8(&bytes[..valid]).unwrap_or_default();
                (text, error.error_len().map(|_| valid))
            }
        };
        let text = text.trim_start();
        Self {
            text,
            invalid_at,
            root: Root::of(text),
            json: Keys::of(text),
        }
    }

    pub(super) fn is_blank(&self) -> bool {
        self.text.is_empty() && self.invalid_at.is_none()
    }

    /// XML that ends before its root holds anything, given whether the head is the whole report.
    pub(super) fn is_unfinished_xml(&self, whole: bool) -> bool {
        let cut = match &self.root {
            Some(root) => root.open_ended,
            None => self.text.starts_with('<'),
        };
        whole && cut
    }

    /// The first line that is neither blank nor, in lcov, a comment.
    pub(super) fn first_line(&self) -> &'a str {
        let mut lines = self.text.lines().map(str::trim);
        lines
            .find(|line| !line.is_empty() && !line.starts_with('#'))
            .unwrap_or_default()
    }

    pub(super) fn root_is(&self, name: &str) -> bool {
        self.root.as_ref().is_some_and(|root| root.name == name)
    }

    pub(super) fn root_child_is(&self, names: &[&str]) -> bool {
        self.root
            .as_ref()
            .is_some_and(|root| names.contains(&root.child))
    }

    pub(super) fn doctype_contains(&self, text: &str) -> bool {
        self.root
            .as_ref()
            .is_some_and(|root| root.doctype.contains(text))
    }

    pub(super) fn root_has(&self, attribute: &str) -> bool {
        self.root.as_ref().is_some_and(|root| {
            root.attributes
                .split_ascii_whitespace()
                .any(|part| part.split('=').next() == Some(attribute))
        })
    }
}

impl<'a> Root<'a> {
    fn of(text: &'a str) -> Option<Self> {
        let mut doctype = "";
        let mut rest = text;
        let (name, attributes) = loop {
            let (markup, after) = markup(rest)?;
            if let Some(declaration) = markup.strip_prefix("<!") {
                doctype = if declaration.starts_with("--") {
                    doctype
                } else {
                    declaration
                };
            } else if !markup.starts_with("<?") {
                let inner = markup.trim_start_matches('<').trim_end_matches(['>', '/']);
                let end = inner
                    .find(|c: char| c.is_ascii_whitespace())
                    .unwrap_or(inner.len());
                rest = after;
                break inner.split_at(end);
            }
            rest = after;
        };
        let self_closed = text[..text.len() - rest.len()].ends_with("/>");
        let mut child = "";
        while let Some((markup, after)) = markup(rest) {
            rest = after;
            if !markup.starts_with("<!") && !markup.starts_with("<?") {
                child = tag_name(markup);
                break;
            }
        }
        let local = name.rsplit(':').next().unwrap_or(name);
        Some(Self {
            name: local,
            attributes,
            child,
            doctype,
            open_ended: child.is_empty() && !self_closed,
        })
    }
}

/// The name in a start tag without a namespace prefix; in an end tag it may have a leading `/`.
fn tag_name(markup: &str) -> &str {
    let inner = markup.trim_start_matches('<').trim_end_matches(['>', '/']);
    let name = inner.split_ascii_whitespace().next().unwrap_or_default();
    name.rsplit(':').next().unwrap_or(name)
}

/// The next tag, comment or declaration and what follows it; `None` if text or the end comes first.
fn markup(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start();
    if !text.starts_with('<') {
        return None;
    }
    let end = if text.starts_with("<!--") {
        text.find("-->")? + 3
    } else if text.starts_with("<?") {
        text.find("?>")? + 2
    } else {
        tag_end(text)?
    };
    Some(text.split_at(end))
}

/// Past the `>` that closes a tag or DOCTYPE: not one in quotes or in an internal subset.
fn tag_end(text: &str) -> Option<usize> {
    let mut quote = None;
    let mut brackets = 0_u32;
    for (at, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            (Some(open), _) => quote = if byte == open { None } else { quote },
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b'[') => brackets += 1,
            (None, b']') => brackets = brackets.saturating_sub(1),
            (None, b'>') if brackets == 0 => return Some(at + 1),
            _ => {}
        }
    }
    None
}

/// Files that are told by their first bytes.
pub(super) fn magic(head: &[u8]) -> Option<&'static str> {
    const MAGIC: &[(&[u8], &str)] = &[
        (b"\x1f\x8b", "gzip data"),
        (b"PK\x03\x04", "a zip archive"),
        (b"\xff\xfe", UTF_16),
        (b"\xfe\xff", UTF_16),
        (b"<\0", UTF_16),
        (b"\0<", UTF_16),
        (
            b"SQLite format 3",
            "a SQLite file, perhaps coverage.py's .coverage",
        ),
    ];
    let known = MAGIC.iter().find(|(magic, _)| head.starts_with(magic));
    known.map(|(_, name)| *name)
}

/// A name for what these bytes seem to be, for messages only; formats that cannot be read here are named too.
pub fn looks_like(head: &[u8]) -> Option<&'static str> {
    const ROOTS: &[(&str, &str)] = &[
        (
            "CoverageDSPriv",
            "a `.coveragexml` of the old kind of Visual Studio",
        ),
        ("scoverage", "a report of scoverage's own"),
        ("testsuites", "a JUnit test report"),
        ("testsuite", "a JUnit test report"),
        ("test-run", "an NUnit test report"),
        ("assemblies", "an xUnit test report"),
        ("TestRun", "a TRX test report"),
        ("html", "an HTML page"),
        ("project", "a Maven or Ant file"),
    ];
    const KEYS: &[(&str, &str)] = &[
        ("\"statementMap\"", "an Istanbul report"),
        ("\"executed_lines\"", "a coverage.py JSON report"),
        ("\"llvm.coverage.json.export\"", "an llvm-cov JSON export"),
        ("\"segments\"", "an llvm-cov JSON export"),
        ("\"runs\"", "a SARIF log"),
    ];
    if let Some(name) = magic(head) {
        return Some(name);
    }
    if let Some(format) = super::sniff(head) {
        return Some(match format.name {
            "lcov" => "an lcov report",
            "cobertura" => "a Cobertura report",
            "jacoco" => "a JaCoCo report",
            "clover" => "a Clover report",
            "opencover" => "an OpenCover report",
            "dotnet_coverage" => "a dotnet-coverage report",
            "dotcover" => "a dotCover report",
            "go_profile" => "a Go coverage profile",
            "llvm_cov" => "an llvm-cov JSON export",
            "codecov_json" => "a Codecov JSON report",
            "coverage_py" => "a coverage.py JSON report",
            "istanbul" => "an Istanbul report",
            "istanbul_summary" => "an Istanbul summary",
            "simplecov" => "a SimpleCov report",
            "gcov_json" => "a gcov JSON report",
            "gcov_text" => "a gcov listing",
            other => other,
        });
    }
    let head = Head::of(head);
    if let Some((_, name)) = ROOTS.iter().find(|(root, _)| head.root_is(root)) {
        return Some(name);
    }
    if head.root.is_some() {
        return Some("another XML document");
    }
    if head.text.starts_with(['{', '[']) {
        let known = KEYS.iter().find(|(key, _)| head.text.contains(key));
        return Some(known.map_or("a JSON document", |(_, name)| name));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::sniff;
    use super::*;

    fn name(head: &str) -> Option<&'static str> {
        sniff(head.as_bytes()).map(|format| format.name)
    }

    #[test]
    fn formats_are_told_by_their_beginning() {
        assert_eq!(name("TN:\nSF:a.c\n"), Some("lcov"));
        assert_eq!(
            name("\u{feff}\r\n# comment\r\nSF:C:\\a.c\r\n"),
            Some("lcov")
        );
        assert_eq!(name("mode: set\n"), Some("go_profile"));
        assert_eq!(name("mode: atomic"), Some("go_profile"));
        assert_eq!(name("mode: other\n"), None);
        assert_eq!(
            name("<coverage line-rate=\"1\"><sources/>"),
            Some("cobertura")
        );
        assert_eq!(
            name(
                "<?xml version='1.0'?>\n<!DOCTYPE coverage SYSTEM '>'>\n<!-- <report> -->\n<coverage>\n<packages>"
            ),
            Some("cobertura")
        );
        assert_eq!(
            name(
                "<!DOCTYPE report PUBLIC \"-//JACOCO//DTD Report 1.1//EN\" \"report.dtd\"><report name='x'>"
            ),
            Some("jacoco")
        );
        assert_eq!(name("<report name='x'><group name='m'>"), Some("jacoco"));
        assert_eq!(name("<report><issue/></report>"), None);
        assert_eq!(name(""), None);
    }

    #[test]
    fn clover_is_not_cobertura() {
        for head in [
            "<coverage generated=\"1\" clover=\"3.2.0\"><project>",
            "<coverage generated=\"1\"><project timestamp=\"1\">",
            "<coverage><project>",
        ] {
            assert_eq!(name(head), Some("clover"), "{head}");
            assert_eq!(looks_like(head.as_bytes()), Some("a Clover report"));
        }
    }

    #[test]
    fn reports_of_tools_for_net() {
        assert_eq!(name("<CoverageSession><Summary"), Some("opencover"));
        assert_eq!(name("<results><modules>"), Some("dotnet_coverage"));
        assert_eq!(name("<results><result>"), None);
        assert_eq!(
            name("<Root CoveredStatements=\"1\" ReportType='Xml'>"),
            Some("dotcover")
        );
        assert_eq!(name("<Root><a>"), None);
    }

    #[test]
    fn strangers_are_named() {
        for (head, expected) in [
            (&b"\x1f\x8b\x08\0"[..], Some("gzip data")),
            (b"\xff\xfe<\0", Some(UTF_16)),
            (b"<testsuites>", Some("a JUnit test report")),
            (b"<!DOCTYPE html><html>", Some("an HTML page")),
            (b"<svg>", Some("another XML document")),
            (b"{\"runs\": []}", Some("a SARIF log")),
            (b"[1]", Some("a JSON document")),
            (b"hello", None),
        ] {
            assert_eq!(looks_like(head), expected);
        }
    }
}
