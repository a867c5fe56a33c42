//! Tags, references and processing instructions.

use std::collections::BTreeSet;
use std::ops::Range;

use super::cursor::{Cursor, Fault, shorten};
use super::doctype::Entities;

/// Checks `<name a="b">` or `<name/>` and gives its name.
pub(super) fn start<'t>(
    text: &'t str,
    range: Range<usize>,
    entities: &Entities<'_>,
) -> Result<&'t str, Fault> {
    let mut cursor = Cursor::new(text, range);
    cursor.need("<")?;
    let name = cursor.name("the name of an element (`&lt;` for the character)")?;
    let mut seen = BTreeSet::new();
    loop {
        let spaced = cursor.space();
        if cursor.eat(">") || cursor.eat("/>") {
            return Ok(name);
        }
        if !spaced {
            return Err(cursor.expected("white space, `/>` or `>`"));
        }
        let at = cursor.at;
        let attribute = cursor.name("the name of an attribute, `/>` or `>`")?;
        if !seen.insert(attribute) {
            let message = format!(
                "found the attribute `{}` a second time, expected each once",
                shorten(attribute)
            );
            return Err(Fault::new(at, message));
        }
        cursor.space();
        cursor.need("=")?;
        cursor.space();
        let value = cursor.quoted("the value of an attribute")?;
        check_value(text, value, entities)?;
    }
}

/// Checks `</name>` and gives its name.
pub(super) fn end(text: &str, at: usize) -> Result<&str, Fault> {
    let mut cursor = Cursor::new(text, at..text.len());
    cursor.need("</")?;
    let name = cursor.name("the name of an element")?;
    cursor.space();
    cursor.need(">")?;
    Ok(name)
}

fn check_value(text: &str, value: Range<usize>, entities: &Entities<'_>) -> Result<(), Fault> {
    let bytes = text.as_bytes().get(value.clone()).unwrap_or_default();
    for at in memchr::memchr2_iter(b'<', b'&', bytes) {
        if bytes.get(at) == Some(&b'<') {
            return Err(Fault::new(
                value.start + at,
                "found `<` in the value of an attribute, expected `&lt;` or a quote before it",
            ));
        }
        reference(text, value.start + at, entities)?;
    }
    Ok(())
}

/// Checks the reference at `at` and gives the offset after its `;`.
pub(super) fn reference(text: &str, at: usize, entities: &Entities<'_>) -> Result<usize, Fault> {
    let (name, end) = reference_name(text, at)?;
    if name.starts_with('#') || entities.knows(name) {
        return Ok(end);
    }
    let message = format!(
        "found the undeclared entity `&{};`, expected a declared one, a number such as `&#160;`, or `&amp;` for the character",
        shorten(name)
    );
    Err(Fault::new(at, message))
}

/// The name between `&` and `;`, with the offset after it. A number has to be that of a character.
pub(super) fn reference_name(text: &str, at: usize) -> Result<(&str, usize), Fault> {
    let mut cursor = Cursor::new(text, at..text.len());
    cursor.need("&")?;
    let start = cursor.at;
    if !cursor.eat("#") {
        let name = cursor.name("the name of an entity (`&amp;` for the character)")?;
        cursor.need(";")?;
        return Ok((name, cursor.at));
    }
    let radix = if cursor.eat("x") { 16 } else { 10 };
    let mut code = 0_u32;
    let first = cursor.at;
    while let Some(digit) = cursor.peek().and_then(|c| c.to_digit(radix)) {
        code = code.saturating_mul(radix).saturating_add(digit);
        cursor.at += 1;
    }
    if cursor.at == first {
        return Err(cursor.expected("a digit"));
    }
    cursor.need(";")?;
    let is_legal = char::from_u32(code).is_some_and(|c| {
        (c >= ' ' && !matches!(c, '\u{fffe}' | '\u{ffff}')) || "\t\n\r".contains(c)
    });
    if !is_legal {
        let message = "found a number that is no character of XML, expected another";
        return Err(Fault::new(at, message));
    }
    let name = text.get(start..cursor.at - 1).unwrap_or_default();
    Ok((name, cursor.at))
}

/// Checks the target of `<?target ...?>`.
pub(super) fn instruction(piece: &str, start: usize) -> Result<(), Fault> {
    let move_by = |mut fault: Fault| {
        fault.at += start;
        fault
    };
    let mut cursor = Cursor::new(piece, 0..piece.len());
    cursor.need("<?").map_err(move_by)?;
    let target = cursor
        .name("the target of a processing instruction")
        .map_err(move_by)?;
    if target.eq_ignore_ascii_case("xml") {
        let message = "found a processing instruction called `xml`, expected another name";
        return Err(Fault::new(start, message));
    }
    if cursor.space() || cursor.rest() == "?>" {
        return Ok(());
    }
    Err(move_by(cursor.expected("white space or `?>`")))
}
