//! The beginning of a report, looked at once.

use crate::error::{ReportError, ReportErrorKind};
use crate::limits::Limits;
use crate::xml::{Node, Xml};

#[derive(Debug)]
pub(super) struct Head<'a> {
    pub(super) text: &'a str,
    utf8: bool,
    /// Root element; empty where there is none.
    pub(super) root: String,
    /// Its beginning cannot be read because it declares entities.
    pub(super) declares: Option<ReportError>,
}

impl<'a> Head<'a> {
    pub(super) fn of(bytes: &'a [u8]) -> Self {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let (text, utf8) = match std::str::from_utf8(bytes) {
            Ok(text) => (text, true),
            Err(error) => {
                let valid = &bytes[..error.valid_up_to()];
                (
                    std::str::from_utf8(valid).unwrap_or_default(),
                    error.error_len().is_none(),
                )
            }
        };
        let text = text.trim_start();
        let (root, declares) = match text.starts_with('<').then(|| root(text)) {
            Some(Ok(root)) => (root, None),
            Some(Err(error)) if error.kind == ReportErrorKind::EntityDeclaration => {
                (String::new(), Some(error))
            }
            Some(Err(_)) | None => (String::new(), None),
        };
        Self {
            text,
            utf8,
            root,
            declares,
        }
    }

    pub(super) fn is_blank(&self) -> bool {
        self.text.is_empty() && self.utf8
    }

    pub(super) fn is_utf8(&self) -> bool {
        self.utf8
    }

    /// XML or JSON that ends before it says what it is, given whether this is the whole report.
    pub(super) fn is_cut(&self, whole: bool) -> bool {
        let xml = self.text.starts_with('<') && self.root.is_empty();
        let json = self.text.starts_with('{') && !self.text.trim_end().ends_with('}');
        whole && (xml || json)
    }
}

/// The name of the first element.
fn root(text: &str) -> Result<String, ReportError> {
    let mut bytes = text.as_bytes();
    let mut xml = Xml::new(&mut bytes, Limits::default());
    loop {
        match xml.next()? {
            Node::Start(element) => return Ok(element.name().to_owned()),
            Node::Text(_) => {}
            Node::End(_) | Node::Eof => return Ok(String::new()),
        }
    }
}
