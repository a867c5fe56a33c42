//! Equal content, equal text: white space, the order of keys and the spelling of strings fall away.
//! Numbers stay as they are written.

use super::json::{Broken, Span, fields, items, quoted, string_of};

/// Deeper parts are compared as they are written.
const MAX_DEPTH: usize = 64;

/// The value in one spelling, without the keys in `leave_out` at its top.
pub(crate) fn canonical(text: &str, span: Span, leave_out: &[&str]) -> Result<String, Broken> {
    let mut out = String::with_capacity(span.1 - span.0);
    value(text, span, leave_out, 0, &mut out)?;
    Ok(out)
}

fn value(
    text: &str,
    span: Span,
    leave_out: &[&str],
    depth: usize,
    out: &mut String,
) -> Result<(), Broken> {
    let raw = &text[span.0..span.1];
    match raw.as_bytes().first() {
        Some(b'{') if depth < MAX_DEPTH => {
            let mut entries = fields(text, span)?;
            entries.retain(|(key, _)| !leave_out.contains(&key.as_ref()));
            entries.sort_by(|a, b| a.0.cmp(&b.0));
            out.push('{');
            for (key, place) in entries {
                out.push_str(&quoted(&key));
                out.push(':');
                value(text, place, &[], depth + 1, out)?;
                out.push(',');
            }
            out.push('}');
        }
        Some(b'[') if depth < MAX_DEPTH => {
            out.push('[');
            for place in items(text, span)? {
                value(text, place, &[], depth + 1, out)?;
                out.push(',');
            }
            out.push(']');
        }
        Some(b'"') if raw.contains('\\') => match string_of(text, span) {
            Some(string) => out.push_str(&quoted(&string)),
            None => out.push_str(raw),
        },
        _ => out.push_str(raw),
    }
    Ok(())
}
