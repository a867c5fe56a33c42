//! Microsoft Learn, which is built with docfx: `UseAutoIdentifiers(AutoIdentifierOptions.GitHub)` in `MarkdownExtensions.cs` of
//! dotnet/docfx, and `UrilizeAsGfm` with `AutoIdentifierExtension` of the parser xoofx/markdig. Those go by UTF-16 units with
//! `char.IsLetterOrDigit` and `char.ToLowerInvariant`: marks and everything beyond the basic plane are dropped, and `İ` stays as it is
//! (`ChangeCaseInvariant` in `pal_casing.c` of dotnet/runtime).
//!
//! `{#id}` is read by markdig's extension `attributes`, which docfx can be told to use and does not by itself. Of 12,865 files of two
//! repositories of Microsoft Learn none has it in a heading, so where it does stand, it is meant. What they do write is
//! `<a name="id"></a>` at the start of a heading; docfx then takes that name instead of the slug. The rendered text does not show it,
//! so the slug, which is free then, is offered beside the name.

use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory as _};

use super::github::ascii_slug;
use super::{COMMON, Rules, simple_lowercase, unique};

pub(super) const RULES: Rules = Rules {
    word: "ms-learn",
    summary: "Microsoft Learn and docfx: as on GitHub, but marks and characters beyond the basic plane are dropped, and a heading of \
              which nothing is left is `section`; `{#id}` at the end of a heading is its id.",
    anchor: |taken, text, _| match stated_id(text) {
        // It does not count among the duplicates.
        Some(id) => id.into(),
        None => unique(taken, slug(text)),
    },
    ..COMMON
};

fn slug(text: &str) -> String {
    let slug = if text.is_ascii() {
        ascii_slug(text)
    } else {
        text.chars().filter_map(unit).collect()
    };
    if slug.is_empty() {
        return String::from("section");
    }
    slug
}

fn unit(c: char) -> Option<char> {
    let is_letter_or_digit = u32::from(c) <= 0xffff
        && (c.general_category_group() == GeneralCategoryGroup::Letter
            || c.general_category() == GeneralCategory::DecimalNumber);
    match c {
        ' ' => Some('-'),
        '-' | '_' | 'İ' => Some(c),
        c => is_letter_or_digit.then(|| simple_lowercase(c)),
    }
}

fn stated_id(text: &str) -> Option<&str> {
    let inside = text.trim_end().strip_suffix('}')?;
    let (_, id) = inside.rsplit_once("{#")?;
    let is_id = !id.is_empty() && !id.contains(|c: char| c == '}' || c.is_whitespace());
    is_id.then_some(id)
}
