//! `name = value` in all the ways in which people write it, around a word that names a credential.

use std::ops::Range;

use super::literal::{quoted_value, wrapper};

/// Bytes that a name reaches to either side of the word.
const NAME: usize = 48;
/// The longest value.
pub(super) const VALUE: usize = 400;
/// Blanks between name, sign and value.
const BLANKS: usize = 24;

/// How a value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Quoted,
    /// `NAME=value` without a blank, or an option of a command.
    Bare,
    /// `name: value`, `name = value`.
    Loose,
    /// Between two tags.
    Element,
}

/// A name with a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Assigned {
    pub(super) name: Range<usize>,
    pub(super) value: Range<usize>,
    pub(super) form: Form,
}

/// What is assigned to the name that holds `word`.
pub(super) fn assigned(bytes: &[u8], word: &Range<usize>) -> Option<Assigned> {
    let name = name(bytes, word);
    let mut at = name.end;
    let is_option = bytes[..name.start].ends_with(b"-");
    let is_tag = bytes[..name.start].ends_with(b"<");
    let closed = closing(bytes, &mut at);
    let opened = name
        .start
        .checked_sub(1)
        .is_some_and(|at| matches!(bytes[at], b'"' | b'\'' | b'`'));
    let quoted = closed && opened;
    if is_tag && bytes.get(at) == Some(&b'>') {
        return element(bytes, name, at + 1);
    }
    let blanks = skip_blanks(bytes, &mut at);
    if !sign(bytes, &mut at, quoted) {
        let bare = is_option && blanks > 0 && !closed;
        return bare
            .then(|| bare_value(bytes, name, at, Form::Bare))
            .flatten();
    }
    let tight = blanks == 0 && bytes[at - 1] == b'=';
    let blanks = skip_blanks(bytes, &mut at);
    wrapper(bytes, &mut at);
    if let Some((value, _)) = quoted_value(bytes, at) {
        return Some(Assigned {
            name,
            value,
            form: Form::Quoted,
        });
    }
    let form = if tight && blanks == 0 {
        Form::Bare
    } else {
        Form::Loose
    };
    bare_value(bytes, name, at, form)
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'$')
}

fn name(bytes: &[u8], word: &Range<usize>) -> Range<usize> {
    let before = bytes[..word.start]
        .iter()
        .rev()
        .take(NAME)
        .take_while(|b| is_name(**b))
        .count();
    let mut start = word.start - before;
    // `--name` and `-name` are options.
    while start < word.start && matches!(bytes[start], b'-' | b'.') {
        start += 1;
    }
    let after = bytes[word.end..]
        .iter()
        .take(NAME)
        .take_while(|b| is_name(**b))
        .count();
    let mut end = word.end + after;
    // `pass->`, `a-b-`: what the sign begins with is no part of the name.
    while end > word.end && matches!(bytes[end - 1], b'-' | b'.') {
        end -= 1;
    }
    start..end
}

/// Passes what closes a quoted or indexed name; whether it was quoted.
fn closing(bytes: &[u8], at: &mut usize) -> bool {
    let start = *at;
    while let Some(byte) = bytes.get(*at) {
        match byte {
            b'\\' if matches!(bytes.get(*at + 1), Some(b'"' | b'\'')) => *at += 2,
            b'"' | b'\'' | b'`' => *at += 1,
            b']' | b')' if *at > start => *at += 1,
            _ => break,
        }
        if *at - start > 4 {
            break;
        }
    }
    *at > start
}

fn skip_blanks(bytes: &[u8], at: &mut usize) -> usize {
    let blanks = bytes[*at..]
        .iter()
        .take(BLANKS)
        .take_while(|b| matches!(b, b' ' | b'\t'))
        .count();
    *at += blanks;
    blanks
}

/// Passes the sign between name and value.
fn sign(bytes: &[u8], at: &mut usize, quoted: bool) -> bool {
    let rest = &bytes[*at..];
    // `name: Type = value`, `name string = value`.
    if let Some(typed) = type_annotation(rest) {
        *at += typed;
        return true;
    }
    let signs: [&[u8]; 7] = [b":=", b"=>", b"->", b"?=", b"||=", b"=", b":"];
    let found = signs.iter().find(|sign| rest.starts_with(sign));
    match found {
        // A comparison compares with what a program knows, too; `==` is passed whole.
        Some(&sign) => {
            *at += sign.len();
            while bytes.get(*at) == Some(&b'=') {
                *at += 1;
            }
            true
        }
        // `set("name", "value")`
        None if quoted && rest.starts_with(b",") => {
            *at += 1;
            true
        }
        // `setPassword("value")`.
        None if rest.starts_with(b"(\"") || rest.starts_with(b"('") => {
            *at += 1;
            true
        }
        None => false,
    }
}

/// The length of `: str = `, ` string = ` and the like.
fn type_annotation(rest: &[u8]) -> Option<usize> {
    let colon = usize::from(rest.first() == Some(&b':'));
    let mut at = colon;
    skip_blanks(rest, &mut at);
    let word = rest[at..]
        .iter()
        .take(32)
        .take_while(|b| {
            b.is_ascii_alphanumeric()
                || matches!(b, b'_' | b'<' | b'>' | b'&' | b'[' | b']' | b'?' | b'\'')
        })
        .count();
    let known: [&[u8]; 8] = [
        b"str",
        b"&str",
        b"string",
        b"String",
        b"char",
        b"bytes",
        b"&'static",
        b"const",
    ];
    if word == 0
        || !known
            .iter()
            .any(|known| rest[at..at + word].starts_with(known))
    {
        return None;
    }
    at += word;
    skip_blanks(rest, &mut at);
    if rest[at..].starts_with(b"str ") {
        at += 4;
    }
    (rest.get(at) == Some(&b'=')).then_some(at + 1)
}

fn bare_value(bytes: &[u8], name: Range<usize>, at: usize, form: Form) -> Option<Assigned> {
    let ends = |byte: &u8| {
        byte.is_ascii_whitespace()
            || matches!(
                byte,
                b'"' | b'\''
                    | b'`'
                    | b','
                    | b';'
                    | b'<'
                    | b'>'
                    | b'&'
                    | b'('
                    | b')'
                    | b'{'
                    | b'}'
                    | b'['
                    | b']'
                    | b'|'
                    | b'\\'
            )
    };
    let length = bytes[at..]
        .iter()
        .take(VALUE)
        .take_while(|b| !ends(b))
        .count();
    let next = bytes.get(at + length);
    // A call, an index or a generic is an expression; what is assigned to is a type.
    let mut behind = at + length;
    skip_blanks(bytes, &mut behind);
    let is_expression = matches!(next, Some(b'(' | b'[' | b'{'))
        || form == Form::Loose && matches!(bytes.get(behind), Some(b'=' | b'('));
    (length > 0 && length < VALUE && !is_expression).then_some(Assigned {
        name,
        value: at..at + length,
        form,
    })
}

fn element(bytes: &[u8], name: Range<usize>, mut at: usize) -> Option<Assigned> {
    skip_blanks(bytes, &mut at);
    let length = bytes[at..]
        .iter()
        .take(VALUE)
        .take_while(|b| !matches!(b, b'<' | b'\n' | b'\r'))
        .count();
    let value = at..at + length;
    (length > 0 && bytes.get(value.end) == Some(&b'<')).then_some(Assigned {
        name,
        value,
        form: Form::Element,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<(String, String, Form)> {
        let at = text.to_lowercase().find("password")?;
        let found = assigned(text.as_bytes(), &(at..at + 8))?;
        Some((
            text[found.name].to_owned(),
            text[found.value].to_owned(),
            found.form,
        ))
    }

    #[test]
    fn assignments_are_read_as_people_write_them() {
        for (text, name, value, form) in [
            ("db_password = \"v\"", "db_password", "v", Form::Quoted),
            ("\"password\": \"v\",", "password", "v", Form::Quoted),
            (
                "{\\\"password\\\":\\\"v\\\",",
                "password",
                "v",
                Form::Quoted,
            ),
            ("password => 'v'", "password", "v", Form::Quoted),
            (":password => 'v'", "password", "v", Form::Quoted),
            ("password := `v`", "password", "v", Form::Quoted),
            ("let password: &str = \"v\";", "password", "v", Form::Quoted),
            (
                "const password string = \"v\"",
                "password",
                "v",
                Form::Quoted,
            ),
            ("cfg['password'] == b'v'", "password", "v", Form::Quoted),
            ("password = Some(\"v\")", "password", "v", Form::Quoted),
            ("setPassword(\"v\")", "setPassword", "v", Form::Quoted),
            ("set(\"password\", \"v\")", "password", "v", Form::Quoted),
            ("export DB_PASSWORD=v", "DB_PASSWORD", "v", Form::Bare),
            ("run --password v --x", "password", "v", Form::Bare),
            ("password: v # c", "password", "v", Form::Loose),
            ("password = v", "password", "v", Form::Loose),
            ("?password=v&x=1", "password", "v", Form::Bare),
            ("<password>v</password>", "password", "v", Form::Element),
        ] {
            assert_eq!(
                read(text),
                Some((name.into(), value.into(), form)),
                "{text}"
            );
        }
        for text in [
            "password",
            "password = get()",
            "password:\n",
            "the password is v",
            "password = \"\"",
            "password, user",
            "password = a[0]",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
