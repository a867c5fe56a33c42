//! What a file is read as, by its name.

use crate::plan::Module;
use crate::tree::{folder, last};

/// What a file is read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Markdown,
    Xml,
    /// Any other text.
    Text,
}

/// Endings of XML files.
const XML: [&str; 11] = [
    "xml", "xsd", "xsl", "xslt", "svg", "rss", "atom", "wsdl", "xlf", "xliff", "dita",
];

impl Form {
    pub(crate) fn of(path: &str) -> Self {
        if gate_syntax::is_markdown(path) {
            Self::Markdown
        } else if XML.contains(&&*extension(path).to_ascii_lowercase()) {
            Self::Xml
        } else {
            Self::Text
        }
    }
}

impl Module {
    pub(crate) fn is_markdown(&self) -> bool {
        self.form == Form::Markdown
    }
}

/// What stands behind the last dot of a name.
pub(crate) fn extension(path: &str) -> &str {
    last(path).rsplit_once('.').map_or("", |(_, ending)| ending)
}

/// `plugin.json` or `marketplace.json` of a plugin's own folder.
pub(crate) fn is_manifest(path: &str) -> bool {
    matches!(last(path), "plugin.json" | "marketplace.json")
        && last(folder(path)) == ".claude-plugin"
}
