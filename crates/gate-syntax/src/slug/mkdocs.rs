//! `MkDocs`: `slugify` and `unique` in `markdown/extensions/toc.py` of Python-Markdown with its default separator, and
//! `markdown/extensions/attr_list.py`; read and run at 3.11.3. `MkDocs` itself has `toc` on and `attr_list` off; where `attr_list` is
//! off, nobody writes a list. Every id of the document is taken before the first slug is made: see `Slugger::reserve`.

use unicode_normalization::UnicodeNormalization as _;

use super::{COMMON, Rules, Taken};

pub(super) const RULES: Rules = Rules {
    word: "mkdocs",
    summary: "MkDocs: characters are decomposed (`é` to `e`) and those that are not ASCII dropped, only letters, digits, `_`, `-` and \
              space are kept, a run of spaces and hyphens becomes one `-`, a duplicate gets `_1`, `_2` and so on; `{#id}` or \
              `{: #id}` at the end of a heading is its id.",
    reserve: |taken, text| {
        if let Some(id) = split(text).1 {
            taken.entry(id.into()).or_insert(0);
        }
    },
    anchor: |taken, text, _| {
        let (text, id) = split(text);
        match id {
            Some(id) => {
                taken.entry(id.into()).or_insert(0);
                id.into()
            }
            None => unique(taken, slug(text)),
        }
    },
    ..COMMON
};

fn slug(text: &str) -> String {
    let kept: String = if text.is_ascii() {
        text.chars().filter(|c| is_kept(*c)).collect()
    } else {
        // White space of every kind is a space before anything is decomposed.
        let spaced = text
            .chars()
            .map(|c| if c.is_whitespace() { ' ' } else { c });
        spaced.nfkd().filter(|c| is_kept(*c)).collect()
    };
    let mut slug = String::with_capacity(kept.len());
    for c in kept.trim_matches(is_space).chars() {
        if c != '-' && !is_space(c) {
            slug.push(c.to_ascii_lowercase());
        } else if !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug
}

fn is_kept(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-') || is_space(c)
}

/// What `\s` and `strip` mean in Python, as far as it is ASCII.
fn is_space(c: char) -> bool {
    matches!(c, '\t'..='\r' | '\u{1c}'..='\u{1f}' | ' ')
}

/// Counts on from a number that the slug ends in already: `a_1`, `a_1` give `a_1`, `a_2`. An empty slug gets a number at once. Each
/// taken anchor knows from where on its successors may be free, so that many duplicates take no more than about linear time.
fn unique(taken: &mut Taken, slug: String) -> Box<str> {
    let slug = slug.into_boxed_str();
    if !slug.is_empty() && !taken.contains_key(&slug) {
        taken.insert(slug.clone(), 0);
        return slug;
    }
    let (base, mut number) = counted(&slug);
    let mut passed = Vec::new();
    let mut id = slug.clone();
    while passed.is_empty() || taken.contains_key(&id) {
        let next = taken.get(&id).copied().unwrap_or(0);
        number = next.max(number.saturating_add(1));
        passed.push(id);
        id = format!("{base}_{number}").into();
    }
    // The empty slug is never given out, but remembers too.
    for earlier in passed {
        taken.insert(earlier, number);
    }
    taken.insert(id.clone(), 0);
    id
}

/// `a_12` as `a` and 12; a slug without a number, or with one of more than 18 digits, as itself and 0.
fn counted(slug: &str) -> (&str, u64) {
    slug.rsplit_once('_')
        .filter(|(_, digits)| digits.len() <= 18 && digits.bytes().all(|b| b.is_ascii_digit()))
        .and_then(|(base, digits)| Some((base, digits.parse().ok()?)))
        .unwrap_or((slug, 0))
}

/// The heading without its attribute list, and the id which that states. A list without an id is cut off too.
fn split(text: &str) -> (&str, Option<&str>) {
    let whole = (text, None);
    let Some(inside) = text.trim_end_matches(' ').strip_suffix('}') else {
        return whole;
    };
    let line = inside.rfind('\n').map_or(0, |end| end + 1);
    // The first brace that can start a list does, whatever comes of it.
    let braces = inside.get(line..).unwrap_or_default().match_indices(" {");
    let start = braces
        .filter_map(|(at, mark)| Some((line + at, inside.get(line + at + mark.len()..)?)))
        .find(|(_, list)| {
            let list = list.trim_start_matches(' ');
            !list.is_empty() && !list.starts_with('}')
        });
    let Some((at, list)) = start else {
        return whole;
    };
    let list = list.strip_prefix(':').unwrap_or(list);
    let (id, rest) = id_of(list);
    // It is no list if a `}` stands outside quotes; what else cannot be read is ignored.
    if rest.contains('}') {
        return whole;
    }
    let before = text.get(..at).unwrap_or(text).trim_end_matches(' ');
    (before.trim_end_matches('#').trim_end(), id)
}

/// The last id of an attribute list, if any, and what cannot be read of the list.
fn id_of(list: &str) -> (Option<&str>, &str) {
    let mut id = None;
    let mut rest = list;
    loop {
        rest = rest.trim_start_matches(' ');
        let word = rest.find([' ', '=', '}']).unwrap_or(rest.len());
        let (name, after) = rest.split_at(word);
        if name.is_empty() {
            return (id, rest);
        }
        let value = after.strip_prefix('=').and_then(value);
        let Some((value, after)) = value else {
            // `id` without a value is an empty one.
            id = name
                .strip_prefix('#')
                .or((name == "id").then_some(""))
                .or(id);
            rest = after;
            continue;
        };
        if name == "id" {
            id = Some(value);
        }
        rest = after;
    }
}

/// What an attribute has behind its `=`, and what comes after.
fn value(text: &str) -> Option<(&str, &str)> {
    let quoted = |mark: char| text.strip_prefix(mark)?.split_once(mark);
    let bare = text.split_at(text.find([' ', '=', '}']).unwrap_or(text.len()));
    let bare = Some(bare).filter(|(value, _)| !value.is_empty());
    quoted('"').or_else(|| quoted('\'')).or(bare)
}
