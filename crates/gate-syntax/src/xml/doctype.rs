//! What stands before the root element: the XML declaration and `<!DOCTYPE>`, read for the names of the entities.

use std::collections::BTreeSet;
use std::ops::Range;

use super::cursor::{Cursor, Fault, shorten};
use super::tag::{instruction, reference_name};

/// Entities every document has.
const PREDEFINED: [&str; 5] = ["amp", "lt", "gt", "apos", "quot"];

/// Entities that a reference may name.
#[derive(Debug, Default)]
pub(super) struct Entities<'t> {
    names: BTreeSet<&'t str>,
    /// A file that is not read may declare more.
    elsewhere: bool,
    /// The document says that it needs no other file.
    pub(super) standalone: bool,
}

impl Entities<'_> {
    pub(super) fn knows(&self, name: &str) -> bool {
        PREDEFINED.contains(&name)
            || self.names.contains(name)
            || (self.elsewhere && !self.standalone)
    }
}

/// Checks `<?xml version="1.0" encoding="..." standalone="..."?>` at the start of the file; whether it is said to stand alone.
pub(super) fn declaration(piece: &str) -> Result<bool, Fault> {
    let mut cursor = Cursor::new(piece, 0..piece.len());
    cursor.need("<?xml")?;
    let mut names = ["version", "encoding", "standalone"].into_iter();
    let mut standalone = false;
    let mut first = true;
    loop {
        let spaced = cursor.space();
        if !first && cursor.eat("?>") {
            return Ok(standalone);
        }
        let at = cursor.at;
        let name = cursor.name("`version`, `encoding`, `standalone` or `?>`")?;
        if !spaced || !names.any(|known| known == name) || (first && name != "version") {
            let message = format!(
                "found `{}`, expected `version`, `encoding` and `standalone` in this order",
                shorten(name)
            );
            return Err(Fault::new(at, message));
        }
        first = false;
        cursor.space();
        cursor.need("=")?;
        cursor.space();
        let range = cursor.quoted("a value")?;
        let value = piece.get(range.clone()).unwrap_or_default();
        let expected = match name {
            "version" if is_version(value) => continue,
            "version" => "`1.0`",
            "encoding" if is_encoding(value) => continue,
            "encoding" => "the name of an encoding",
            _ if matches!(value, "yes" | "no") => {
                standalone = value == "yes";
                continue;
            }
            _ => "`yes` or `no`",
        };
        let message = format!("found `{}`, expected {expected}", shorten(value));
        return Err(Fault::new(range.start, message));
    }
}

fn is_version(value: &str) -> bool {
    value
        .strip_prefix("1.")
        .is_some_and(|minor| !minor.is_empty() && minor.bytes().all(|byte| byte.is_ascii_digit()))
}

fn is_encoding(value: &str) -> bool {
    value.starts_with(|c: char| c.is_ascii_alphabetic())
        && value
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'))
}

/// Checks `<!DOCTYPE ...>` and takes the names of its entities down.
pub(super) fn read<'t>(
    text: &'t str,
    range: Range<usize>,
    entities: &mut Entities<'t>,
) -> Result<(), Fault> {
    let mut cursor = Cursor::new(text, range);
    cursor.need("<!DOCTYPE")?;
    cursor.need_space("the name of the root element")?;
    cursor.name("the name of the root element")?;
    if cursor.space() {
        entities.elsewhere = external(text, &mut cursor)?;
        cursor.space();
    }
    if cursor.eat("[") {
        subset(text, &mut cursor, entities)?;
        cursor.space();
    }
    cursor.need(">")
}

/// `SYSTEM "..."` or `PUBLIC "..." "..."`, if one stands here.
fn external(text: &str, cursor: &mut Cursor<'_>) -> Result<bool, Fault> {
    let is_public = cursor.eat("PUBLIC");
    if !is_public && !cursor.eat("SYSTEM") {
        return Ok(false);
    }
    if is_public {
        cursor.need_space("the public identifier")?;
        let identifier = cursor.quoted("the public identifier")?;
        if let Some(at) = text
            .get(identifier.clone())
            .and_then(|identifier| identifier.find(|c| !is_public_character(c)))
        {
            let message = "found a character that no public identifier may have, expected another";
            return Err(Fault::new(identifier.start + at, message));
        }
    }
    cursor.need_space("the system identifier")?;
    cursor.quoted("the system identifier")?;
    Ok(true)
}

/// `PubidChar` of the grammar.
fn is_public_character(c: char) -> bool {
    c.is_ascii_alphanumeric() || " \r\n-'()+,./:=?;!*#@$_%".contains(c)
}

/// Up to and with `]`.
fn subset<'t>(
    text: &'t str,
    cursor: &mut Cursor<'t>,
    entities: &mut Entities<'t>,
) -> Result<(), Fault> {
    loop {
        cursor.space();
        let at = cursor.at;
        if cursor.eat("]") {
            return Ok(());
        } else if cursor.eat("%") {
            cursor.name("the name of a parameter entity")?;
            cursor.need(";")?;
            entities.elsewhere = true;
        } else if cursor.eat("<!--") {
            passed(cursor, "-->", at)?;
        } else if cursor.eat("<?") {
            let end = passed(cursor, "?>", at)?;
            instruction(text.get(at..end).unwrap_or_default(), at)?;
        } else if cursor.eat("<!ENTITY") {
            entity(text, cursor, entities)?;
        } else if ["<!ELEMENT", "<!ATTLIST", "<!NOTATION"]
            .iter()
            .any(|keyword| cursor.eat(keyword))
        {
            other(cursor)?;
        } else {
            return Err(cursor.expected("a declaration or `]`"));
        }
    }
}

/// Passes over everything up to and with `mark`; the offset after it.
fn passed(cursor: &mut Cursor<'_>, mark: &str, start: usize) -> Result<usize, Fault> {
    match memchr::memmem::find(cursor.rest().as_bytes(), mark.as_bytes()) {
        Some(length) => {
            cursor.at += length + mark.len();
            Ok(cursor.at)
        }
        None => Err(Fault::new(
            start,
            format!("found no end of this, expected `{mark}`"),
        )),
    }
}

/// After `<!ENTITY`. The first declaration of a name counts, so a second one is no error.
fn entity<'t>(
    text: &'t str,
    cursor: &mut Cursor<'t>,
    entities: &mut Entities<'t>,
) -> Result<(), Fault> {
    cursor.need_space("the name of an entity")?;
    let is_parameter = cursor.eat("%");
    if is_parameter {
        cursor.need_space("the name of an entity")?;
    }
    let name = cursor.name("the name of an entity")?;
    cursor.need_space("the value of an entity")?;
    if external(text, cursor)? {
        if cursor.space() && !is_parameter && cursor.eat("NDATA") {
            cursor.need_space("the name of a notation")?;
            cursor.name("the name of a notation")?;
        }
    } else {
        let value = cursor.quoted("the value of an entity")?;
        check_value(text, value)?;
    }
    cursor.space();
    cursor.need(">")?;
    if !is_parameter {
        entities.names.insert(name);
    }
    Ok(())
}

/// Whether the references in the value of an entity are written as such; what they name does not matter before it is used.
fn check_value(text: &str, value: Range<usize>) -> Result<(), Fault> {
    let bytes = text.as_bytes().get(value.clone()).unwrap_or_default();
    for at in memchr::memchr2_iter(b'%', b'&', bytes) {
        if bytes.get(at) == Some(&b'%') {
            return Err(Fault::new(
                value.start + at,
                "found `%` in the value of an entity, expected `&#37;`",
            ));
        }
        reference_name(text, value.start + at)?;
    }
    Ok(())
}

/// After `<!ELEMENT`, `<!ATTLIST` or `<!NOTATION`: a name, and anything up to `>`.
fn other(cursor: &mut Cursor<'_>) -> Result<(), Fault> {
    cursor.need_space("a name")?;
    cursor.name("a name")?;
    loop {
        let rest = cursor.rest();
        let Some(length) = rest.find(['>', '"', '\'', '<']) else {
            cursor.at += rest.len();
            return Err(cursor.expected("`>`"));
        };
        cursor.at += length;
        match cursor.peek() {
            Some('"' | '\'') => cursor.quoted("a value").map(|_| ())?,
            Some('<') => return Err(cursor.expected("`>`")),
            _ => return cursor.need(">"),
        }
    }
}
