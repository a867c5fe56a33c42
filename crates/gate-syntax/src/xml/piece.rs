//! Pieces that need only a look: text outside of the root, comments, and what has no end.

use quick_xml::errors::{Error, IllFormedError, SyntaxError as Unfinished};

use super::cursor::{Cursor, Fault, is_space};

/// Outside of the root element.
pub(super) fn only_space(piece: &str, start: usize) -> Result<(), Fault> {
    match piece.find(|c| !is_space(c)) {
        Some(at) => {
            let rest = Cursor::new(piece, at..piece.len());
            let fault = rest.expected("only white space outside of the root element");
            Err(Fault::new(start + at, fault.message))
        }
        None => Ok(()),
    }
}

/// `--` may stand nowhere between `<!--` and `-->`, and no `-` directly before the latter.
pub(super) fn comment(piece: &str, start: usize) -> Result<(), Fault> {
    let inner = piece.get(4..piece.len().saturating_sub(2));
    let inner = inner.unwrap_or_default().as_bytes();
    match memchr::memmem::find(inner, b"--") {
        Some(at) => Err(Fault::new(
            start + 4 + at,
            "found `--` in a comment, expected it only in `-->`",
        )),
        None if piece.len() < "<!---->".len() => Err(Fault::new(
            start,
            "found a comment that ends where it starts, expected `<!-- -->`",
        )),
        None => Ok(()),
    }
}

/// The piece at `at` has no end, or is none that XML knows.
pub(super) fn unfinished(text: &str, at: usize, error: &Error) -> Fault {
    let message = match error {
        Error::Syntax(Unfinished::UnclosedComment) => "found `<!--`, expected `-->` after it",
        Error::Syntax(Unfinished::UnclosedCData) => "found `<![CDATA[`, expected `]]>` after it",
        Error::Syntax(Unfinished::UnclosedDoctype) => "found `<!DOCTYPE`, expected `>` after it",
        Error::Syntax(Unfinished::UnclosedPI | Unfinished::UnclosedXmlDecl) => {
            "found `<?`, expected `?>` after it"
        }
        Error::Syntax(
            Unfinished::UnclosedTag
            | Unfinished::UnclosedSingleQuotedAttributeValue
            | Unfinished::UnclosedDoubleQuotedAttributeValue,
        ) => "found a tag without an end, expected `>`",
        Error::IllFormed(IllFormedError::UnclosedReference) => {
            "found `&`, expected `&amp;` or a reference that ends with `;`"
        }
        Error::IllFormed(IllFormedError::MissingDoctypeName) => {
            "found `<!DOCTYPE>`, expected the name of the root element in it"
        }
        _ => "found `<!`, expected a comment, a CDATA section or `<!DOCTYPE`",
    };
    Fault::new(at.min(text.len()), message)
}
