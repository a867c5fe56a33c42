//! JSON as a person wrote it.

use gate_syntax::SyntaxError;

pub(crate) fn json(bytes: &[u8]) -> Result<serde_json::Value, SyntaxError> {
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    serde_json::from_slice(bytes).map_err(|error| {
        let message = error.to_string();
        // The place is told apart. At the start of a line its column is 0.
        let (what, _) = message.split_once(" at line ").unwrap_or((&message, ""));
        SyntaxError {
            line: u32::try_from(error.line()).unwrap_or(u32::MAX),
            column: u32::try_from(error.column().max(1)).unwrap_or(u32::MAX),
            message: what.into(),
        }
    })
}
