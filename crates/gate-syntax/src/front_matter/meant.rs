//! Whether what follows an opening `---` is meant as data: a document may begin with a rule.

/// Whether a closed block that is no YAML mapping was meant as one: its first line with something in it is a key, or it is a list
/// without an empty line in it, as nobody writes Markdown.
pub(super) fn closed(yaml: &str) -> bool {
    let mut lines = yaml
        .lines()
        .skip_while(|line| is_blank(line) || is_comment(line));
    let Some(first) = lines.next() else {
        return false;
    };
    let is_flow =
        first.starts_with('{') && !["{{", "{%", "{#"].iter().any(|t| first.starts_with(t));
    let is_list = || is_item(first) && !yaml.lines().any(is_blank);
    is_flow || first.starts_with("? ") || is_key(first, lines.next()) || is_list()
}

/// Whether a block that is never closed was meant as data: a key stands directly below the `---`, or below comments there.
pub(super) fn unclosed(rest: &str) -> bool {
    let mut lines = rest.lines().skip_while(|line| is_comment(line));
    lines
        .next()
        .is_some_and(|first| is_key(first, lines.next()))
}

/// Whether a line begins with a key. Prose may look like one (`Note: read this first.`): a name that does not begin with a small
/// letter counts where the next line goes on with data, or where it stands alone and is no sentence.
fn is_key(line: &str, next: Option<&str>) -> bool {
    let Some((name, value)) = pair(line) else {
        return false;
    };
    let next = next.unwrap_or_default();
    let goes_on = || is_indented(next) || pair(next).is_some();
    match name {
        Name::Certain => true,
        Name::Word if goes_on() => true,
        Name::Word if is_blank(next) || is_comment(next) => {
            !value.is_empty() && !value.ends_with(['.', '!', '?', ':', '…', '。'])
        }
        Name::Word => false,
        Name::Words => goes_on(),
    }
}

/// What a line has before its colon.
enum Name {
    /// Quoted, or a word that begins with a small letter.
    Certain,
    Word,
    /// Few words.
    Words,
}

/// Most words of a name.
const MAX_WORDS: usize = 3;

fn pair(line: &str) -> Option<(Name, &str)> {
    let is_end = |after: &str| after.is_empty() || after.starts_with([' ', '\t']);
    for quote in ['"', '\''] {
        let Some(rest) = line.strip_prefix(quote) else {
            continue;
        };
        let (name, value) = rest.split_once(quote)?;
        let value = value.trim_start().strip_prefix(':')?;
        return (!name.is_empty() && is_end(value)).then(|| (Name::Certain, value.trim()));
    }
    let colon = line
        .match_indices(':')
        .map(|(at, _)| at)
        .find(|at| is_end(&line[at + 1..]))?;
    let (name, value) = (line[..colon].trim_end(), line[colon + 1..].trim());
    let is_word = |word: &str| {
        word.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '$'))
            && word
                .chars()
                .all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | '$' | ':'))
    };
    let words = name.split(' ').take(MAX_WORDS + 1);
    if name.is_empty() || words.clone().count() > MAX_WORDS || !words.clone().all(is_word) {
        return None;
    }
    let kind = match name.contains(' ') {
        true => Name::Words,
        false if name.starts_with(|c: char| c.is_lowercase()) => Name::Certain,
        false => Name::Word,
    };
    Some((kind, value))
}

fn is_blank(line: &str) -> bool {
    line.trim().is_empty()
}

fn is_comment(line: &str) -> bool {
    line.starts_with('#')
}

fn is_item(line: &str) -> bool {
    line.trim_end() == "-" || line.starts_with("- ")
}

fn is_indented(line: &str) -> bool {
    line.starts_with([' ', '\t']) && !is_blank(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_told_from_prose() {
        for data in [
            "title: x\n\n# T\n",
            "title:\n",
            "Title: x\n\n# T\n",
            "Title: x\nAuthor: y\n",
            "Tags:\n  - a\n",
            "\"title\": x\n",
            "'a b' : x\n",
            "Publish Date: 2026-01-01\ntitle: x\n",
            "größe: 1\n",
            "og:title: x\n",
            "# settings\ntitle: x\n",
            "Title: x\r\n\r\n# T\r\n",
        ] {
            assert!(unclosed(data), "{data:?}");
        }
        for prose in [
            "",
            "\ntitle: x\n",
            "Note: read this first.\n\nText\n",
            "Warning: this page is old and\nnobody reads it\n",
            "Contents:\n\n- a\n",
            "Contents:\n- a\n",
            "Some text: here",
            "What you should really know: all\nof it: too\n",
            "https://example.org\n",
            "**Note**: x\ny: z\n",
            "\"Quoted\" text: x\n",
            "- a\n- b\n",
            "# T\n\nName: x\n",
            "# T\nText\n",
        ] {
            assert!(!unclosed(prose), "{prose:?}");
        }
    }

    #[test]
    fn closed_blocks_are_data_or_documents() {
        for data in [
            "# settings\n- a\n- b\n",
            "# c\n\ntitle: [x\n",
            "# c\n{a: 1\n",
            "\nTitle: [x\nb: 1\n",
        ] {
            assert!(closed(data), "{data:?}");
        }
        for document in [
            "# only a comment\n",
            "\n\n",
            "# Agenda\n\n- a\n- b\n\n",
            "\n- a\n- b\n",
            "# T\n\nNote: read this first.\n\nMore text.\n",
            "# T\n{{ badge }}\n",
            "# T\n[![a](b)](c)\n",
            "# T\nA short text\n",
        ] {
            assert!(!closed(document), "{document:?}");
        }
    }
}
