use super::*;

proptest! {
    #[test]
    fn a_slug_of_a_slug_is_itself(text in "\\PC*") {
        let once = slug(&text);
        prop_assert_eq!(slug(&once), once);
    }

    #[test]
    fn a_slug_has_no_space_or_ascii_punctuation(text in any::<String>()) {
        let slug = slug(&text);
        prop_assert!(!slug.chars().any(|c| c.is_whitespace() || (c.is_ascii_punctuation() && c != '-' && c != '_')));
    }

    /// kramdown is the exception: it numbers a duplicate without looking whether that is free.
    #[test]
    fn slugs_of_a_file_are_unique(texts in proptest::collection::vec("[aA]{1,2}([-_][12]){0,2}", 0..40)) {
        for dialect in Dialect::ALL.into_iter().filter(|dialect| *dialect != Dialect::Kramdown) {
            let mut slugger = Slugger::new(dialect);
            let mut all: Vec<_> = texts.iter().map(|text| slugger.slug(text)).collect();
            all.sort();
            let before = all.len();
            all.dedup();
            prop_assert_eq!(all.len(), before, "{}", dialect.as_str());
        }
    }

    /// Python-Markdown's own loop, without what ours remembers.
    #[test]
    fn mkdocs_takes_the_first_free_number(texts in proptest::collection::vec("a?(_[0-3]|_0[12]){0,2}", 0..60)) {
        let mut slugger = Slugger::new(Dialect::Mkdocs);
        let mut taken = std::collections::BTreeSet::new();
        for text in texts {
            let mut expected = text.clone();
            if text.is_empty() || taken.contains(&text) {
                let counted = text.rsplit_once('_').map(|(base, digits)| (base, digits.parse::<u64>().unwrap_or(0)));
                let (base, start) = counted.unwrap_or((&text, 0));
                let free = (start + 1..start + 100).map(|number| format!("{base}_{number}")).find(|id| !taken.contains(id));
                expected = free.unwrap_or_default();
            }
            taken.insert(expected.clone());
            prop_assert_eq!(&*slugger.slug(&text), expected);
        }
    }

    /// Whatever stands there, every dialect answers, and the same way again.
    #[test]
    fn any_text_has_an_anchor(text in any::<String>(), below in any::<String>(), list in "[{}#:.,=\"' a*/é\\\\]{0,24}") {
        let heading = format!("{text} {list}}}");
        let line = format!("{{:{list}{below}}}");
        for dialect in Dialect::ALL {
            let again = || {
                let mut slugger = Slugger::new(dialect);
                slugger.reserve(&heading);
                [slugger.slug_above(&heading, &line), slugger.slug(&text), slugger.slug(&list)]
            };
            prop_assert_eq!(again(), again());
        }
    }
}

/// What took quadratic time here would take minutes.
#[test]
fn many_duplicates_take_no_quadratic_time() {
    let count: u32 = 20_000;
    for dialect in Dialect::ALL {
        let mut slugger = Slugger::new(dialect);
        let mut last = Box::default();
        for _ in 0..=count {
            last = slugger.slug("a");
        }
        let mark = if dialect == Dialect::Mkdocs { '_' } else { '-' };
        assert_eq!(*last, *format!("a{mark}{count}"), "{}", dialect.as_str());
        // Each number twice: every second one is taken by the one before.
        for number in 0..count {
            slugger.slug(&format!("b_{}", number / 2));
        }
        for hostile in ["{a=\"", " {", "{#a ", " {\n", "{/*", "{#{#x", "{a={"] {
            let anchor = slugger.slug(&format!("c{}}}", hostile.repeat(4_000)));
            assert!(!anchor.is_empty(), "{hostile:?}");
        }
    }
}
