//! Headings made up from the characters of many scripts; the same in every run.

/// A heading as it would be shown.
#[derive(Debug)]
pub(super) struct Heading {
    text: String,
    /// An attribute list behind it, with the space before, or nothing.
    list: &'static str,
}

impl Heading {
    pub(super) fn whole(&self) -> String {
        format!("{}{}", self.text, self.list)
    }

    /// What a Markdown parser sees of it: no line break, no space at the ends, and, where braces have a meaning, none in the text.
    pub(super) fn as_markdown_has_it(&self) -> String {
        let text = self.text.replace(['\n', '\t'], " ").replace(['{', '}'], "");
        format!("{}{}", text.trim_matches(' '), self.list)
            .trim_start()
            .to_owned()
    }

    /// The same as a line of Markdown, with every character of the text standing for itself.
    pub(super) fn markdown(&self) -> String {
        let seen = self.as_markdown_has_it();
        let text = seen.strip_suffix(self.list.trim_start()).unwrap_or(&seen);
        let mut line = String::from("## ");
        for c in text.chars() {
            if c.is_ascii_punctuation() {
                line.push('\\');
            }
            line.push(c);
        }
        line + self.list.trim_start() + "\n"
    }
}

/// Scripts, and what else may stand in a heading. github-slugger 2.0.0 knows Unicode 13.0: characters assigned later are left out, in
/// that ranges stop before them or are cut in two.
#[rustfmt::skip]
const SCRIPTS: &[(&str, &[(u32, u32)])] = &[
    ("Latin", &[(0x41, 0x5a), (0x61, 0x7a), (0xc0, 0x24f), (0x1e00, 0x1eff), (0xff21, 0xff5a)]),
    ("IPA and modifiers", &[(0x250, 0x2ff), (0x1d00, 0x1dbf)]),
    ("Greek", &[(0x370, 0x3ff), (0x1f00, 0x1fff)]),
    ("Cyrillic", &[(0x400, 0x52f), (0x1c80, 0x1c88), (0xa640, 0xa69f)]),
    ("Armenian", &[(0x531, 0x556), (0x559, 0x58a), (0x58d, 0x58f), (0xfb13, 0xfb17)]),
    ("Hebrew", &[(0x591, 0x5c7), (0x5d0, 0x5f4), (0xfb1d, 0xfb4f)]),
    ("Arabic", &[(0x600, 0x61c), (0x61e, 0x6ff), (0x750, 0x77f), (0xfb50, 0xfbc1), (0xfe70, 0xfefc)]),
    ("Syriac, Thaana, N'Ko", &[(0x700, 0x7ff)]),
    ("Devanagari", &[(0x900, 0x97f), (0xa8e0, 0xa8ff)]),
    ("Bengali", &[(0x980, 0x9fe)]),
    ("Gurmukhi, Gujarati", &[(0xa00, 0xaff)]),
    ("Tamil", &[(0xb80, 0xbff)]),
    ("Telugu", &[(0xc00, 0xc3b), (0xc3d, 0xc5b), (0xc5e, 0xc7f)]),
    ("Kannada, Malayalam", &[(0xc80, 0xcdb), (0xcde, 0xcf2), (0xd00, 0xd7f)]),
    ("Sinhala", &[(0xd80, 0xdff)]),
    ("Thai", &[(0xe00, 0xe5b)]),
    ("Lao", &[(0xe80, 0xecd), (0xecf, 0xedf)]),
    ("Tibetan", &[(0xf00, 0xfda)]),
    ("Myanmar", &[(0x1000, 0x109f), (0xaa60, 0xaa7f)]),
    ("Georgian", &[(0x10a0, 0x10ff), (0x1c90, 0x1cbf), (0x2d00, 0x2d2d)]),
    ("Ethiopic", &[(0x1200, 0x1399), (0x2d80, 0x2dde)]),
    ("Cherokee", &[(0x13a0, 0x13fd), (0xab70, 0xabbf)]),
    ("Canadian syllabics, Ogham, runes", &[(0x1400, 0x16f8)]),
    ("Khmer", &[(0x1780, 0x17f9), (0x19e0, 0x19ff)]),
    ("Mongolian", &[(0x1800, 0x180e), (0x1810, 0x18aa)]),
    ("Hangul", &[(0x1100, 0x11ff), (0x3131, 0x318e), (0xac00, 0xd7a3)]),
    ("Hiragana, Katakana", &[(0x3041, 0x30ff), (0x31f0, 0x31ff), (0xff65, 0xff9f)]),
    ("Han", &[(0x3005, 0x3007), (0x3021, 0x3029), (0x3400, 0x4dbf), (0x4e00, 0x9ffc), (0xf900, 0xfad9), (0x20000, 0x2a6d6)]),
    ("Bopomofo", &[(0x3105, 0x312f), (0x31a0, 0x31bf)]),
    ("Coptic, Glagolitic, Gothic, Deseret", &[(0x2c00, 0x2c2e), (0x2c80, 0x2cff), (0x10330, 0x1034a), (0x10400, 0x1044f)]),
    ("Digits", &[(0x30, 0x39), (0x660, 0x669), (0x966, 0x96f), (0xe50, 0xe59), (0xf20, 0xf33), (0xff10, 0xff19), (0x1d7ce, 0x1d7ff)]),
    ("Numbers that are no digits", &[(0xb2, 0xbe), (0x2070, 0x208e), (0x2090, 0x209c), (0x2150, 0x218b), (0x2460, 0x24ff), (0x3200, 0x33ff)]),
    ("Mathematical letters", &[(0x2100, 0x214f), (0x1d400, 0x1d7cb)]),
    ("Enclosed letters", &[(0x1f100, 0x1f1ad)]),
    ("Combining marks", &[(0x61, 0x7a), (0x300, 0x36f), (0x1ab0, 0x1ac0), (0x20d0, 0x20f0), (0xfe20, 0xfe2f)]),
    ("Emoji", &[(0x2600, 0x27bf), (0x1f300, 0x1f64f), (0x1f680, 0x1f6d7), (0x1f900, 0x1f978), (0x1f3fb, 0x1f3ff)]),
    ("Symbols", &[(0xa1, 0xbf), (0x2010, 0x2027), (0x2030, 0x205e), (0x20a0, 0x20bf), (0x2190, 0x23ff), (0x3000, 0x3004), (0x3008, 0x3020)]),
    ("ASCII", &[(0x20, 0x7e)]),
];

/// What comes between words.
const BETWEEN: &[&str] = &[
    " ", " ", " ", " ", "  ", "-", "--", "_", " - ", " & ", ", ", ": ", ".", "/", "\t", "\n",
    "\u{a0}", "\u{3000}", "\u{2003}", "\u{2028}", "\u{85}", "\u{ad}", "\u{200d}", "\u{200b}",
    "\u{feff}", "\u{fe0f}", "\u{203f}", "\u{20e3}", "’", "·", "、", "…",
];

/// Headings whose slugs have been got wrong somewhere before.
const KNOWN: &[&str] = &[
    "",
    " ",
    "-",
    "&",
    "!!!",
    "İ",
    "ΟΔΟΣ ΣΑΣ",
    "ẞ STRASSE",
    "🛠\u{fe0f} Tools",
    "👩\u{200d}💻 Dev",
    "1\u{fe0f}\u{20e3} One",
    ":rocket: Launch",
    "v1.2.3 (beta)!",
    "Ⅷ Ⓐ ª ² ½ ①",
    "§ 5",
    "A 🚀 B",
    "a_1",
    "a-1",
    "a_01",
    "_1",
    "-1",
    "heading",
    "section",
    "constructor",
    "__proto__",
    "ﬁ ℡ Å ｆｕｌｌ",
    "<b>",
    "`x`",
    "x {y}",
];

const LISTS: &[&str] = &[
    " {#id}",
    " {#id}",
    " {#a-b_c:d.e}",
    " {.class}",
    " {#id .class}",
    " {.class #a}",
    " {#a #b}",
    " {id=a}",
    " {id=\"a b\"}",
    " {key=\"v}\" #a}",
    " {#a,.b}",
    " {}",
    " { }",
    " {#}",
    " {#a b}",
    " {# a}",
    " { #a }",
    " {#é}",
    " {#a}}",
    " {{#a}",
    " {#a} {#b}",
    " {a=\"x\" id=y}",
    " {id=}",
    " {=a}",
    " {#a'b}",
    " {: #a}",
];

/// One file for each script, in which a good part of the headings are duplicates of earlier ones.
pub(super) fn files() -> Vec<Vec<Heading>> {
    let mut dice = Dice(0x5eed);
    SCRIPTS
        .iter()
        .map(|(_, ranges)| {
            let mut file: Vec<Heading> = Vec::new();
            for _ in 0..200 {
                let earlier = file.get(dice.below(file.len().max(1)));
                let text = match (dice.below(20), earlier) {
                    (0..4, Some(earlier)) => earlier.text.clone(),
                    (4..6, Some(earlier)) => {
                        let mark = dice.pick(&["-", "_", " ", " -"]);
                        format!("{}{mark}{}", earlier.text, dice.below(3))
                    }
                    (6, _) => dice.pick(KNOWN).to_owned(),
                    _ => words(&mut dice, ranges),
                };
                let list = match dice.below(8) {
                    0 => dice.pick(LISTS),
                    _ => "",
                };
                file.push(Heading { text, list });
            }
            file
        })
        .collect()
}

fn words(dice: &mut Dice, ranges: &[(u32, u32)]) -> String {
    let mut text = String::new();
    for _ in 0..=dice.below(4) {
        for _ in 0..=dice.below(6) {
            let (first, last) = ranges[dice.below(ranges.len())];
            let span = usize::try_from(last - first).unwrap_or(0) + 1;
            let code = u32::try_from(dice.below(span)).map_or(first, |offset| first + offset);
            text.extend(char::from_u32(code));
        }
        text.push_str(dice.pick(BETWEEN));
        if dice.below(6) == 0 {
            text.push_str(dice.pick(&["API", "Foo", "x86", "42"]));
        }
    }
    // Else every heading would end in what comes between words.
    if dice.below(4) > 0 {
        text.truncate(text.trim_end().len());
    }
    text
}

/// Numbers as good as chance, the same in every run (splitmix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let end = u64::try_from(end.max(1)).unwrap_or(u64::MAX);
        usize::try_from((mixed ^ (mixed >> 31)) % end).unwrap_or(0)
    }

    fn pick(&mut self, from: &[&'static str]) -> &'static str {
        from[self.below(from.len())]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_enough_of_them_and_the_same_each_time() {
        let whole = || -> Vec<Vec<String>> {
            let whole = |file: &Vec<Heading>| file.iter().map(Heading::whole).collect();
            files().iter().map(whole).collect()
        };
        let first = whole();
        assert!(first.len() >= 20 && first.iter().map(Vec::len).sum::<usize>() >= 5_000);
        assert_eq!(first, whole());
        for (file, (script, _)) in first.iter().zip(SCRIPTS) {
            let mut distinct = file.clone();
            distinct.sort();
            distinct.dedup();
            assert!(
                (100..=190).contains(&distinct.len()),
                "{script}: {}",
                distinct.len()
            );
        }
    }

    #[test]
    fn a_line_of_markdown_shows_the_text() {
        let heading = Heading {
            text: String::from(" a*b\t{c} "),
            list: " {#id}",
        };
        assert_eq!(heading.whole(), " a*b\t{c}  {#id}");
        assert_eq!(heading.as_markdown_has_it(), "a*b c {#id}");
        assert_eq!(heading.markdown(), "## a\\*b c {#id}\n");
        let only_list = Heading {
            text: String::new(),
            list: " {#id}",
        };
        assert_eq!(only_list.as_markdown_has_it(), "{#id}");
        assert_eq!(only_list.markdown(), "## {#id}\n");
    }
}
