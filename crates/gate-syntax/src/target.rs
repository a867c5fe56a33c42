//! A destination taken apart.

use std::borrow::Cow;

/// Where an edge leads: entity- and backslash-decoded, query split off, path and fragment percent-decoded once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target<'m> {
    /// Another host, or any other scheme than a file of this repository.
    External {
        /// The whole address, decoded but for percent signs; `//host/x` stays without a scheme, `www.x` too.
        url: Cow<'m, str>,
    },
    /// An e-mail address, with or without `mailto:`.
    Email,
    /// `[text]()`: GitHub leads back to the page itself.
    Empty,
    /// `#fragment` of the file itself.
    Fragment {
        /// Without `#`; empty for a bare `#`.
        fragment: Cow<'m, str>,
    },
    /// A path: of the repository if it starts with `/`, else relative to the file. Not normalised: `./`, `..` and a trailing `/` are kept.
    Path {
        /// Empty where only a query was written.
        path: Cow<'m, str>,
        /// What follows `?`, as written.
        query: Option<Cow<'m, str>>,
        /// What follows `#`; `Some("")` for a bare `#`.
        fragment: Option<Cow<'m, str>>,
    },
    /// Not a destination yet: `{{ x }}`, `${X}`, `{% x %}`, `<name>`.
    Placeholder,
}

impl<'m> Target<'m> {
    /// Takes a link destination apart; entities and backslashes are decoded already.
    pub fn of_link(destination: &'m str) -> Self {
        let url = destination.trim_matches(|c: char| c.is_ascii_whitespace());
        if url.is_empty() {
            return Self::Empty;
        }
        if let Some(other) = Self::of_address(url) {
            return other;
        }
        let (rest, fragment) = split(url, '#');
        let fragment = fragment.map(percent_decode);
        match (split(rest, '?'), fragment) {
            (("", None), Some(fragment)) => Self::Fragment { fragment },
            ((path, query), fragment) => Self::Path {
                path: percent_decode(path),
                query: query.map(Into::into),
                fragment,
            },
        }
    }

    /// Takes a path apart that is not a URL: nothing is percent-decoded and there is no query.
    pub(crate) fn of_path(written: &'m str) -> Self {
        // `basket.py:9` is a file and something behind it.
        let is_file = scheme(written).is_some_and(|scheme| {
            scheme.contains('.') && !written[scheme.len()..].starts_with("://")
        });
        let other = if is_file {
            is_placeholder(written).then_some(Self::Placeholder)
        } else {
            Self::of_address(written)
        };
        if let Some(other) = other {
            return other;
        }
        // In prompts one brace around a name is a slot as much as two; in a URL it may be a character like any other.
        let slot = written
            .split_once('{')
            .is_some_and(|(_, rest)| rest.contains('}'));
        if slot {
            return Self::Placeholder;
        }
        let (path, fragment) = split(written, '#');
        Self::Path {
            path: path.into(),
            query: None,
            fragment: fragment.map(Into::into),
        }
    }

    /// Takes apart what stands between `<` and `>`, or bare in text, and is no `scheme://` address.
    pub(crate) fn of_autolink(written: &'m str) -> Self {
        match scheme(written) {
            Some(scheme) if !scheme.eq_ignore_ascii_case("mailto") => Self::External {
                url: written.into(),
            },
            None if written.starts_with("www.") => Self::External {
                url: written.into(),
            },
            _ => Self::Email,
        }
    }

    fn of_address(url: &'m str) -> Option<Self> {
        match scheme(url) {
            Some(scheme) if scheme.eq_ignore_ascii_case("mailto") => Some(Self::Email),
            Some(_) => Some(Self::External { url: url.into() }),
            None if url.starts_with("//") => Some(Self::External { url: url.into() }),
            None => is_placeholder(url).then_some(Self::Placeholder),
        }
    }
}

/// The scheme before `:`. One letter is a drive, not a scheme.
fn scheme(url: &str) -> Option<&str> {
    let end = url.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.')))?;
    let starts = url.starts_with(|c: char| c.is_ascii_alphabetic());
    (starts && end > 1 && url[end..].starts_with(':')).then_some(&url[..end])
}

fn split(text: &str, at: char) -> (&str, Option<&str>) {
    match text.split_once(at) {
        Some((before, after)) => (before, Some(after)),
        None => (text, None),
    }
}

pub(crate) fn is_placeholder(text: &str) -> bool {
    if memchr::memchr3(b'{', b'<', b'%', text.as_bytes()).is_none() {
        return false;
    }
    let opened = |open: &str, close: &str| {
        text.find(open)
            .is_some_and(|at| text[at + open.len()..].contains(close))
    };
    (text.starts_with('{') && text.ends_with('}'))
        || is_base_slot(text)
        || opened("{{", "}}")
        || opened("${", "}")
        || opened("{%", "%}")
        || is_named_slot(text)
        || opened("%7B%7B", "%7D%7D")
}

/// `{baseDir}/x`, where the reader of a skill puts the folder in.
fn is_base_slot(text: &str) -> bool {
    let slot = text.strip_prefix('{').and_then(|rest| rest.split_once('}'));
    slot.is_some_and(|(name, rest)| {
        let is_letter = |c: char| c.is_ascii_alphabetic() || c == '_';
        !name.is_empty() && name.chars().all(is_letter) && rest.starts_with('/')
    })
}

/// `<name>`; not the `<K,V>` of a type.
fn is_named_slot(text: &str) -> bool {
    let slot = text
        .split_once('<')
        .and_then(|(_, rest)| rest.split_once('>'));
    slot.is_some_and(|(name, _)| {
        !name.is_empty()
            && name
                .chars()
                .all(|c| c.is_alphanumeric() || "_- ./|".contains(c))
    })
}

/// Decodes `%xx` once; what is not a valid escape stays, bytes that are not UTF-8 become U+FFFD, `+` is not a space.
pub fn percent_decode(text: &str) -> Cow<'_, str> {
    if memchr::memchr(b'%', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    let mut rest = text.as_bytes();
    let mut decoded = Vec::with_capacity(rest.len());
    while let Some((&byte, tail)) = rest.split_first() {
        let value = match (byte, tail) {
            (b'%', [high, low, ..]) => hex(*high).zip(hex(*low)),
            _ => None,
        };
        if let Some((high, low)) = value {
            decoded.push(high << 4 | low);
            rest = &tail[2..];
        } else {
            decoded.push(byte);
            rest = tail;
        }
    }
    Cow::Owned(String::from_utf8_lossy(&decoded).into_owned())
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit)
        .to_digit(16)
        .and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path<'m>(path: &'m str, query: Option<&'m str>, fragment: Option<&'m str>) -> Target<'m> {
        Target::Path {
            path: path.into(),
            query: query.map(Into::into),
            fragment: fragment.map(Into::into),
        }
    }

    #[test]
    fn takes_destinations_apart() {
        let external = |url: &'static str| Target::External { url: url.into() };
        let golden = [
            ("a.md", path("a.md", None, None)),
            (
                "./a%20b.md?plain=1#L3",
                path("./a b.md", Some("plain=1"), Some("L3")),
            ),
            ("a+b.md", path("a+b.md", None, None)),
            ("%2541", path("%41", None, None)),
            ("%zz%4", path("%zz%4", None, None)),
            ("%ff", path("\u{fffd}", None, None)),
            ("/docs/#", path("/docs/", None, Some(""))),
            ("?plain=1", path("", Some("plain=1"), None)),
            ("a#b?c#d", path("a", None, Some("b?c#d"))),
            (
                "#%EF%B8%8F-tools",
                Target::Fragment {
                    fragment: "\u{fe0f}-tools".into(),
                },
            ),
            (
                "#",
                Target::Fragment {
                    fragment: "".into(),
                },
            ),
            (" ", Target::Empty),
            ("HTTPS://x.y/z#a", external("HTTPS://x.y/z#a")),
            ("//host/x", external("//host/x")),
            ("tel:+1", external("tel:+1")),
            ("https://{{host}}/", external("https://{{host}}/")),
            ("MailTo:a@b.c", Target::Email),
            ("C:/x.md", path("C:/x.md", None, None)),
            ("1a:b", path("1a:b", None, None)),
            ("{{ site.url }}/x", Target::Placeholder),
            ("#{{ x }}", Target::Placeholder),
            ("{baseDir}/x.md", Target::Placeholder),
            ("${CLAUDE_PLUGIN_ROOT}/x.md", Target::Placeholder),
            ("x/{baseDir}/y.md", path("x/{baseDir}/y.md", None, None)),
            ("${ROOT}/x", Target::Placeholder),
            ("{% link a.md %}", Target::Placeholder),
            ("docs/<name>.md", Target::Placeholder),
            ("a#Map<K,V>", path("a", None, Some("Map<K,V>"))),
            ("{x}.md", path("{x}.md", None, None)),
            ("a}}{{b.md", path("a}}{{b.md", None, None)),
        ];
        for (written, expected) in golden {
            assert_eq!(Target::of_link(written), expected, "{written}");
        }
        assert_eq!(Target::of_path("a.md:12"), path("a.md:12", None, None));
        assert_eq!(Target::of_path("a.b://c"), external("a.b://c"));
        assert_eq!(Target::of_path("docs:a.md"), external("docs:a.md"));
        assert_eq!(
            Target::of_path("a%20b.md?x"),
            path("a%20b.md?x", None, None)
        );
    }
}
