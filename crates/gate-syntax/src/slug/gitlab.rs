//! GitLab since 17.0, where headings went from a filter of its own to comrak, the parser behind its `gitlab-glfm-markdown`: the option
//! `header_ids` in `lib/banzai/filter/markdown_engines/glfm_markdown.rb` of gitlabhq/gitlabhq, and `src/html/anchorizer.rs` with
//! `collect_text` of the crate comrak 0.59.0. The examples in GitLab's `doc/user/markdown.md` ("Heading IDs and links") are among
//! the tests. That page still says that hyphens in a row become one; its own example contradicts it, and so does comrak.

use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory as _};

use super::github::ascii_slug;
use super::{COMMON, Rules, unique};

pub(super) const RULES: Rules = Rules {
    word: "gitlab",
    summary: "GitLab since 17.0: as on GitHub, but every number character is kept (`½`, `²`), symbols are not (`Ⓐ`), and a line break \
              becomes `-`; an id cannot be written in a heading.",
    anchor: |taken, text, _| unique(taken, slug(text)),
    ..COMMON
};

fn slug(text: &str) -> String {
    // A line break of the heading counts as a space.
    if text.is_ascii() && !text.contains('\n') {
        return ascii_slug(text);
    }
    text.to_lowercase()
        .chars()
        .filter_map(|c| match c {
            ' ' | '\n' => Some('-'),
            '-' => Some('-'),
            c => is_kept(c).then_some(c),
        })
        .collect()
}

fn is_kept(c: char) -> bool {
    matches!(
        c.general_category_group(),
        GeneralCategoryGroup::Letter | GeneralCategoryGroup::Mark | GeneralCategoryGroup::Number
    ) || c.general_category() == GeneralCategory::ConnectorPunctuation
}
