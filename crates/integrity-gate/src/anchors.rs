//! The fragments a page offers, as its host makes them.

use foldhash::HashMap;
use gate_syntax::{Dialect, Markdown, Slugger};
use std::cell::OnceCell;

/// The anchors of one page. A large tree has hundreds of thousands, so they lie
/// in one text.
#[derive(Debug)]
pub(crate) struct Anchors {
    dialect: Dialect,
    /// Explicit ones first, then those of the headings in their order.
    text: Box<str>,
    /// Where each ends in `text`.
    ends: Box<[u32]>,
    /// How many are explicit.
    explicit: usize,
    /// Places in `ends`, by the anchors' text.
    sorted: Box<[u32]>,
    /// Places of the headings by their letters and digits, `None` where several
    /// have the same; built on first use.
    by_bare: OnceCell<HashMap<String, Option<usize>>>,
}

impl Anchors {
    pub(crate) fn of(markdown: &Markdown, dialect: Dialect) -> Self {
        let mut slugger = Slugger::new(dialect);
        for heading in markdown.headings() {
            slugger.reserve(heading.text);
        }
        let (mut text, mut ends) = (String::new(), Vec::new());
        let mut push = |anchor: &str| {
            text.push_str(anchor);
            ends.push(u32::try_from(text.len()).unwrap_or(u32::MAX));
        };
        markdown.ids().for_each(&mut push);
        for heading in markdown.headings() {
            // Of an HTML heading some hosts make no anchor: only its `id` leads to it.
            if heading.is_html && !dialect.slugs_html_headings() {
                push("");
            } else {
                push(&slugger.slug(&dialect.prose(heading.text)));
            }
        }
        let mut anchors = Self {
            dialect,
            text: text.into_boxed_str(),
            explicit: markdown.ids().len(),
            sorted: (0_u32..).take(ends.len()).collect(),
            ends: ends.into_boxed_slice(),
            by_bare: OnceCell::new(),
        };
        let mut sorted = std::mem::take(&mut anchors.sorted);
        sorted.sort_by(|a, b| anchors.at(*a as usize).cmp(anchors.at(*b as usize)));
        anchors.sorted = sorted;
        anchors
    }

    fn at(&self, place: usize) -> &str {
        let end = |place: usize| self.ends.get(place).map_or(0, |end| *end as usize);
        let start = place.checked_sub(1).map_or(0, end);
        self.text.get(start..end(place)).unwrap_or_default()
    }

    /// The place of the last anchor of this text.
    fn find(&self, anchor: &str) -> Option<usize> {
        let after = self
            .sorted
            .partition_point(|place| self.at(*place as usize) <= anchor);
        let place = *self.sorted.get(after.checked_sub(1)?)? as usize;
        (self.at(place) == anchor).then_some(place)
    }

    /// Whether `fragment`, decoded and without `#`, leads somewhere. GitHub
    /// puts `user-content-` before every anchor and takes both spellings; its
    /// script falls back to lower case, which no other host does.
    pub(crate) fn has(&self, fragment: &str) -> bool {
        let fragment = fragment
            .split_once(":~:")
            .map_or(fragment, |(before, _)| before);
        if self.find(fragment).is_some() {
            return true;
        }
        if !matches!(self.dialect, Dialect::Github | Dialect::Gitlab) {
            return false;
        }
        let bare = fragment.strip_prefix("user-content-").unwrap_or(fragment);
        self.find(bare).is_some() || self.find(&bare.to_lowercase()).is_some()
    }

    /// The place among the headings of the one that has this anchor.
    pub(crate) fn heading(&self, fragment: &str) -> Option<usize> {
        let bare = fragment.strip_prefix("user-content-").unwrap_or(fragment);
        let found = self.find(bare).or_else(|| self.find(&bare.to_lowercase()));
        found?.checked_sub(self.explicit)
    }

    /// How many headings there are.
    fn headings(&self) -> usize {
        self.ends.len() - self.explicit
    }

    /// The anchor of a heading, by its place among the headings.
    pub(crate) fn of_heading(&self, place: usize) -> Option<&str> {
        (place < self.headings()).then(|| self.at(self.explicit + place))
    }

    /// In the order of the headings.
    pub(crate) fn of_headings(&self) -> impl Iterator<Item = &str> {
        (self.explicit..self.ends.len()).map(|place| self.at(place))
    }

    /// The one anchor that differs from the fragment in nothing but case,
    /// punctuation and blanks.
    pub(crate) fn alike(&self, fragment: &str) -> Option<&str> {
        let wanted = bare(fragment);
        if wanted.is_empty() {
            return None;
        }
        let by_bare = self.by_bare.get_or_init(|| {
            let mut by_bare = HashMap::default();
            for (at, anchor) in self.of_headings().enumerate() {
                by_bare
                    .entry(bare(anchor))
                    .and_modify(|at| *at = None)
                    .or_insert(Some(at));
            }
            by_bare
        });
        self.of_heading((*by_bare.get(&wanted)?)?)
    }
}

/// Letters and digits only, in lower case.
fn bare(anchor: &str) -> String {
    anchor
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// The heading that stands where another stood: between the same neighbours,
/// one gone and one new. Indexes of the old and the new page.
pub(crate) fn renamed(old: &Anchors, new: &Anchors, gone: usize) -> Option<usize> {
    let known = |at: usize| {
        let anchor = old.of_heading(at)?;
        let place = new.heading(anchor)?;
        (new.of_heading(place) == Some(anchor)).then_some(place)
    };
    // Between the neighbours exactly one heading went and exactly one came.
    let start = match gone.checked_sub(1) {
        Some(before) => known(before)? + 1,
        None => 0,
    };
    let end = match gone + 1 {
        after if after < old.headings() => known(after)?,
        _ => new.headings(),
    };
    (end.checked_sub(start) == Some(1)).then_some(start)
}

#[cfg(test)]
mod tests {
    use super::*;
    use gate_syntax::{Options, parse};

    fn anchors(text: &str, dialect: Dialect) -> Anchors {
        Anchors::of(&parse(text.as_bytes(), Options::default()), dialect)
    }

    #[test]
    fn githubs_page_takes_what_githubs_script_takes() {
        let page = anchors("# A & B\n\n<a name=\"x\"></a>\n", Dialect::Github);
        for fragment in [
            "a--b",
            "A--B",
            "user-content-a--b",
            "x",
            "user-content-x",
            "x:~:text=q",
        ] {
            assert!(page.has(fragment), "{fragment}");
        }
        assert!(!page.has("a-b") && !page.has("y"));
        assert_eq!(page.alike("a-b"), Some("a--b"));
        let page = anchors("# A B\n", Dialect::Hugo);
        assert!(page.has("a-b") && !page.has("A-B") && !page.has("user-content-a-b"));
    }

    #[test]
    fn a_renamed_heading_is_known_by_its_neighbours() {
        let old = anchors("# T\n## Install\n## Use\n## End\n", Dialect::Github);
        let now = |text: &str| renamed(&old, &anchors(text, Dialect::Github), 1);
        assert_eq!(now("# T\n## Setup\n## Use\n## End\n"), Some(1));
        assert_eq!(
            now("# T\n## New\n## Setup\n## Use\n"),
            None,
            "which of the two?"
        );
        assert_eq!(now("# T\n## Use\n"), None, "it is gone");
        let last = anchors("# T\n## Install\n", Dialect::Github);
        assert_eq!(
            renamed(&last, &anchors("# T\n## Setup\n", Dialect::Github), 1),
            Some(1)
        );
    }
}
