//! Patterns of other tools as globs that match the same paths, or why there are none.

/// A piece of a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// As it stands.
    Text(String),
    /// One character of a name.
    One,
    /// Any characters within a name.
    Star,
    /// Any characters at all, also `/`.
    Any,
    /// A class such as `[a-z]`.
    Class(String),
    /// The beginning of the path, the end of it.
    Start,
    End,
}

/// A pattern comes to at most so many globs.
pub(super) const MAX_GLOBS: usize = 16;

/// The globs of one sequence of pieces from the first character of a path to its last.
pub(super) fn globs(pieces: &[Piece]) -> Result<Vec<String>, String> {
    let pieces = merged(pieces);
    let mut globs = vec![String::new()];
    for (at, piece) in pieces.iter().enumerate() {
        let endings: Vec<String> = match piece {
            Piece::Text(text) if at == 0 && text.starts_with('/') => {
                return Err("it begins with `/`, which no path of a repository does".into());
            }
            Piece::Text(text) => vec![quoted(text)?],
            Piece::One => vec!["?".into()],
            Piece::Star => vec!["*".into()],
            Piece::Class(class) => vec![class.clone()],
            Piece::Any => {
                let next = pieces.get(at + 1);
                let slash = matches!(next, Some(Piece::Text(text)) if text.starts_with('/'));
                let open = globs[0].is_empty() || globs[0].ends_with('/');
                let endings: &[&str] = match (open, slash, next) {
                    (true, _, None) => &["**"],
                    (_, true, _) => &["*/**"],
                    (true, ..) => &["**/*"],
                    (false, _, None) => &["*", "*/**"],
                    (false, ..) => &["*", "*/**/*"],
                };
                endings.iter().map(|&ending| ending.to_owned()).collect()
            }
            Piece::Start | Piece::End => return Err("`^` or `$` stands inside of it".into()),
        };
        globs = globs
            .iter()
            .flat_map(|glob| endings.iter().map(move |ending| format!("{glob}{ending}")))
            .collect();
        if globs.len() > MAX_GLOBS {
            return Err(format!("it would take more than {MAX_GLOBS} globs"));
        }
    }
    match globs[0].as_str() {
        "" => Err("it is empty".into()),
        _ => globs.iter().try_for_each(|glob| ours(glob)).map(|()| globs),
    }
}

/// Whether a policy may have this glob.
pub(super) fn ours(glob: &str) -> Result<(), String> {
    if glob.trim().is_empty() {
        return Err("it is empty".into());
    }
    let leaves = glob.starts_with('/') || glob.contains('\\') || glob.get(1..2) == Some(":");
    if leaves || glob.split('/').any(|part| part == "..") {
        return Err("it may leave the repository".into());
    }
    globset::Glob::new(glob)
        .map(drop)
        .map_err(|error| error.kind().to_string())
}

/// Text beside text is one, and what stands beside `Any` and matches no more than it adds nothing.
fn merged(pieces: &[Piece]) -> Vec<Piece> {
    let mut merged: Vec<Piece> = Vec::new();
    for piece in pieces {
        match (merged.last_mut(), piece) {
            (_, Piece::Text(text)) if text.is_empty() => {}
            (Some(Piece::Text(before)), Piece::Text(text)) => before.push_str(text),
            (Some(Piece::Any), Piece::Any | Piece::Star) | (Some(Piece::Star), Piece::Star) => {}
            (Some(last @ Piece::Star), Piece::Any) => *last = Piece::Any,
            _ => merged.push(piece.clone()),
        }
    }
    merged
}

/// Text for a glob: what means something in one stands in a class of its own.
fn quoted(text: &str) -> Result<String, String> {
    let mut quoted = String::new();
    for c in text.chars() {
        match c {
            '\\' => return Err("it has a `\\`, which no path of a repository has".into()),
            '*' | '?' | '[' | ']' | '{' | '}' => quoted.extend(['[', c, ']']),
            _ => quoted.push(c),
        }
    }
    Ok(quoted)
}

/// A shell pattern whose `*` and `?` go over `/` where `crosses` says so; `**` always does.
pub(super) fn shell(pattern: &str, crosses: bool) -> Result<Vec<Piece>, String> {
    let mut pieces = Vec::new();
    let mut rest = pattern.chars().peekable();
    while let Some(c) = rest.next() {
        pieces.push(match c {
            '*' if rest.next_if_eq(&'*').is_some() || crosses => Piece::Any,
            '*' => Piece::Star,
            '?' => Piece::One,
            '[' => Piece::Class(class(&mut rest, '!')?),
            other => Piece::Text(other.to_string()),
        });
    }
    Ok(pieces)
}

/// What follows a `[`, as a glob has it.
pub(super) fn class(
    rest: &mut std::iter::Peekable<std::str::Chars<'_>>,
    negation: char,
) -> Result<String, String> {
    let mut class = String::from("[");
    if rest.next_if_eq(&negation).is_some() {
        class.push('!');
    }
    let empty = class.len();
    for c in rest.by_ref() {
        match c {
            ']' if class.len() > empty => return Ok(format!("{class}]")),
            '\\' | '[' | '/' | ']' => break,
            other => class.push(other),
        }
    }
    Err("it has a class of characters that a glob does not have".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_pattern_becomes_globs_that_match_the_same() {
        let of = |pattern: &str, crosses| {
            shell(pattern, crosses)
                .and_then(|pieces| globs(&pieces))
                .map(|globs| globs.join(" "))
        };
        assert_eq!(of("src/**/*.py", false).as_deref(), Ok("src/*/**/*.py"));
        assert_eq!(of("**/*.py", false).as_deref(), Ok("*/**/*.py"));
        assert_eq!(of("dist/*", false).as_deref(), Ok("dist/*"));
        assert_eq!(of("dist/**", false).as_deref(), Ok("dist/**"));
        assert_eq!(of("*/tests/*", true).as_deref(), Ok("*/**/tests/**"));
        assert_eq!(of("*_pb2.py", true).as_deref(), Ok("**/*_pb2.py"));
        assert_eq!(of("a{b}", false).as_deref(), Ok("a[{]b[}]"));
        assert_eq!(of("t[!ab]x", false).as_deref(), Ok("t[!ab]x"));
        assert!(of("../x/*", false).is_err());
        assert!(of("", false).is_err());
    }
}
