//! Regular expressions over paths, as far as globs can say the same.

use super::pattern::{MAX_GLOBS, Piece, class, globs};

/// The sequences that a regular expression stands for, as far as globs can say them.
pub(super) fn regex(text: &str) -> Result<Vec<Vec<Piece>>, String> {
    let mut rest = text.chars().peekable();
    let sequences = alternatives(&mut rest, 0)?;
    match rest.next() {
        None => Ok(sequences),
        Some(_) => Err("its `)` has no `(`".into()),
    }
}

type Rest<'a> = std::iter::Peekable<std::str::Chars<'a>>;

const MAX_GROUPS: usize = 8;

/// Everything up to the end or a `)` that is left standing.
fn alternatives(rest: &mut Rest<'_>, depth: usize) -> Result<Vec<Vec<Piece>>, String> {
    if depth > MAX_GROUPS {
        return Err("its groups stand too deep in one another".into());
    }
    let mut all = Vec::new();
    let mut sequences: Vec<Vec<Piece>> = vec![Vec::new()];
    loop {
        let atom: Vec<Vec<Piece>> = match rest.peek() {
            None | Some(')') => {
                all.append(&mut sequences);
                return Ok(all);
            }
            Some('|') => {
                rest.next();
                all.append(&mut sequences);
                sequences = vec![Vec::new()];
                continue;
            }
            Some(_) => atom(rest, depth)?,
        };
        sequences = sequences
            .iter()
            .flat_map(|before| {
                atom.iter().map(move |piece| {
                    let mut whole = before.clone();
                    whole.extend_from_slice(piece);
                    whole
                })
            })
            .collect();
        if sequences.len() + all.len() > MAX_GLOBS {
            return Err(format!("it would take more than {MAX_GLOBS} globs"));
        }
    }
}

/// One piece with what repeats it.
fn atom(rest: &mut Rest<'_>, depth: usize) -> Result<Vec<Vec<Piece>>, String> {
    let c = rest.next().unwrap_or_default();
    let mut repeats = |one: Piece, many: Piece| -> Result<Vec<Vec<Piece>>, String> {
        let found = match rest.peek() {
            Some('*') => vec![vec![many]],
            Some('+') => vec![vec![one, many]],
            Some('?') => vec![vec![], vec![one]],
            _ => return Ok(vec![vec![one]]),
        };
        rest.next();
        Ok(found)
    };
    let found = match c {
        '^' => return Ok(vec![vec![Piece::Start]]),
        '$' => return Ok(vec![vec![Piece::End]]),
        '.' => repeats(Piece::One, Piece::Any)?,
        '[' => {
            if rest.clone().take(3).eq("^/]".chars()) {
                rest.nth(2);
                return no_more(rest, |rest| match rest.next_if(|c| "*+".contains(*c)) {
                    Some('*') => vec![vec![Piece::Star]],
                    Some(_) => vec![vec![Piece::One, Piece::Star]],
                    None => vec![vec![Piece::One]],
                });
            }
            let class = Piece::Class(class(rest, '^')?);
            return no_more(rest, |rest| match rest.next_if_eq(&'?') {
                Some(_) => vec![vec![], vec![class]],
                None => vec![vec![class]],
            });
        }
        '(' => {
            if rest.next_if_eq(&'?').is_some() && rest.next_if_eq(&':').is_none() {
                return Err("it has `(?`, which no glob has".into());
            }
            let mut inside = alternatives(rest, depth + 1)?;
            if rest.next() != Some(')') {
                return Err("its `(` has no `)`".into());
            }
            if rest.next_if_eq(&'?').is_some() {
                inside.push(Vec::new());
            }
            inside
        }
        '\\' => match rest.next() {
            Some(c) if c.is_ascii_punctuation() => text(rest, c),
            Some('d') => vec![vec![Piece::Class("[0-9]".into())]],
            Some('w') => vec![vec![Piece::Class("[0-9A-Za-z_]".into())]],
            _ => return Err("it has an escape that no glob has".into()),
        },
        '*' | '+' | '?' | '{' => return Err(format!("nothing that `{c}` repeats is there")),
        c => text(rest, c),
    };
    no_more(rest, |_| found)
}

fn text(rest: &mut Rest<'_>, c: char) -> Vec<Vec<Piece>> {
    let text = vec![Piece::Text(c.to_string())];
    match rest.next_if_eq(&'?') {
        Some(_) => vec![Vec::new(), text],
        None => vec![text],
    }
}

/// A repetition that is not known must not be taken for text.
fn no_more(
    rest: &mut Rest<'_>,
    found: impl FnOnce(&mut Rest<'_>) -> Vec<Vec<Piece>>,
) -> Result<Vec<Vec<Piece>>, String> {
    let found = found(rest);
    match rest.peek() {
        Some('*' | '+' | '?' | '{') => Err("it repeats what a glob cannot repeat".into()),
        _ => Ok(found),
    }
}

/// The globs of a regular expression that is looked for anywhere in a path, or only from its beginning.
pub(super) fn regex_globs(pattern: &str, from_start: bool) -> Result<Vec<String>, String> {
    let mut all = Vec::new();
    for mut pieces in regex(pattern)? {
        let started = pieces.first() == Some(&Piece::Start);
        let ended = pieces.last() == Some(&Piece::End);
        if ended {
            pieces.pop();
        } else {
            pieces.push(Piece::Any);
        }
        if started {
            pieces.remove(0);
        } else if !from_start {
            pieces.insert(0, Piece::Any);
        }
        all.extend(globs(&pieces)?);
    }
    all.sort();
    all.dedup();
    if all.len() > MAX_GLOBS {
        return Err(format!("it would take more than {MAX_GLOBS} globs"));
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_regular_expression_becomes_globs_that_match_the_same() {
        let of = |pattern: &str| regex_globs(pattern, false).map(|globs| globs.join(" "));
        assert_eq!(of(r"\.pb\.go$").as_deref(), Ok("**/*.pb.go"));
        assert_eq!(of("^pkg/bar").as_deref(), Ok("pkg/bar* pkg/bar*/**"));
        assert_eq!(of("^pkg/lib/foo$").as_deref(), Ok("pkg/lib/foo"));
        assert_eq!(of("^cmd/").as_deref(), Ok("cmd/**"));
        assert_eq!(of("/mocks/").as_deref(), Ok("*/**/mocks/**"));
        assert_eq!(
            of("(^|/)mocks?/").as_deref(),
            Ok("*/**/mock/** */**/mocks/** mock/** mocks/**")
        );
        assert_eq!(
            of("_(mock|gen).go$").as_deref(),
            Ok("**/*_gen?go **/*_mock?go")
        );
        assert_eq!(of(r"^[^/]+\.go$").as_deref(), Ok("?*.go"));
        assert_eq!(of(".*").as_deref(), Ok("**"));
        assert_eq!(
            of("^a.*b.*c$").as_deref(),
            Ok("a*/**/*b*/**/*c a*/**/*b*c a*b*/**/*c a*b*c")
        );
        for odd in [
            r"a{2}", "(?i)x", r"\bx", "a+", "(", ")", "x**", "[^a/]x", "a^b", r"\\x", "^/abs",
        ] {
            assert!(of(odd).is_err(), "{odd}: {:?}", of(odd));
        }
        assert!(of(&"(a|b)".repeat(5)).is_err());
        assert!(of(&"(".repeat(100_000)).is_err());
    }

    /// A glob and the pattern that it stands for agree on every path of a small world.
    #[test]
    fn globs_and_patterns_agree_on_every_path() {
        let names = ["a", "b.go", "ab", "mocks", "x.pb.go"];
        let mut paths: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
        for depth in 0..2 {
            let below: Vec<String> = paths
                .iter()
                .filter(|path| path.matches('/').count() == depth)
                .flat_map(|path| names.iter().map(move |name| format!("{path}/{name}")))
                .collect();
            paths.extend(below);
        }
        for pattern in [
            r"\.go$",
            "^a",
            "a/b",
            "^a/.*b",
            "mocks/",
            "^a.*/ab$",
            "(^|/)ab/",
            r"^[^/]*\.go$",
            "b.*b",
            r"x\.pb|mocks$",
        ] {
            let regex = gate_policy::regex(pattern).expect("a regex");
            let globs = regex_globs(pattern, false).expect("globs");
            let fits = |path: &str| {
                globs.iter().any(|glob| {
                    let glob = globset::GlobBuilder::new(glob)
                        .literal_separator(true)
                        .build();
                    glob.expect("a glob").compile_matcher().is_match(path)
                })
            };
            for path in &paths {
                assert_eq!(
                    fits(path),
                    regex.is_match(path),
                    "{pattern} {globs:?} {path}"
                );
            }
        }
    }
}
