//! Docusaurus: `lib/slugger.js` and `lib/markdownHeadingIdUtils.js` of npm's `@docusaurus/utils`, `lib/remark/headings` of
//! `@docusaurus/mdx-loader`, read and run at 3.10.2. Slugs and duplicates are those of `github-slugger`; a stated id does not count
//! among the duplicates. `<!-- #id -->` is one too in files that are not MDX, but is no part of the rendered text.

use super::{COMMON, Rules, slug, unique};

pub(super) const RULES: Rules = Rules {
    word: "docusaurus",
    summary: "Docusaurus: as on GitHub; `{#id}` or `{/* #id */}` at the end of a heading is its id.",
    anchor: |taken, text, _| match comment_id(text).or_else(|| classic_id(text)) {
        Some(id) => id.into(),
        None => unique(taken, slug(text)),
    },
    ..COMMON
};

/// `{/* #id rest */}`: one comment, of which the first word counts. Where no space is inside, the stars are emphasis to a Markdown
/// parser that does not know MDX, and `{/#id/}` is left of it.
fn comment_id(text: &str) -> Option<&str> {
    let inside = text.trim_end().strip_suffix("/}")?;
    let comment = match inside.strip_suffix('*') {
        Some(inside) => inside.rsplit_once("{/*").map(|(_, comment)| comment),
        None => inside
            .rsplit_once("{/")
            .map(|(_, comment)| comment)
            .filter(|comment| comment.starts_with('#') && !comment.contains(['*', ' '])),
    }?;
    if comment.contains("*/") {
        return None;
    }
    let first = comment.trim().split(' ').next()?;
    first.strip_prefix('#').filter(|id| !id.is_empty())
}

/// `{#id}`, with or without space before it. The id may be anything on one line but hold a further `{#` or `}` only as its first
/// characters; what is only white space is none.
fn classic_id(text: &str) -> Option<&str> {
    let inside = text.strip_suffix('}')?;
    let is_line_end = |c| matches!(c, '\n' | '\r' | '\u{2028}' | '\u{2029}');
    inside.match_indices("{#").find_map(|(at, mark)| {
        let id = inside.get(at + mark.len()..)?;
        let mut rest = id.chars();
        rest.next()?;
        let rest = rest.as_str();
        let is_id = !id.contains(is_line_end) && !rest.contains('}') && !rest.contains("{#");
        is_id.then(|| id.trim()).filter(|id| !id.is_empty())
    })
}
