//! How surprising a text is: a value that a machine made surprises at every character, a word or a name does not.

/// Surprise of a letter behind two others, in sixteenths of a bit, for `^a..z` cubed (`^` is the edge of a word). Counted over the
/// words of public source code and documentation, each weighted by the root of the number of files that have it, by
/// `cargo xtask trigrams`.
static TRIGRAMS: &[u8; 27 * 27 * 27] = include_bytes!("trigrams.bin");

/// Sixteenths of a bit that a character adds which is no letter.
const DIGIT: u32 = 53;
const SIGN: u32 = 48;
/// The same of a digit that goes on with a run (`1234`, `0000`).
const RUN: u32 = 13;
/// The same of a change between cases inside a run of letters.
const CASE: u32 = 16;

/// What a text amounts to, in sixteenths of a bit: whole numbers, since they decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Rarity {
    /// In all.
    pub(super) bits: u32,
    characters: u32,
    /// Of the letters alone.
    of_letters: u32,
    letters: u32,
}

impl Rarity {
    /// Whether each character adds at least this much in the mean.
    pub(super) const fn each_adds(&self, least: u32) -> bool {
        self.characters > 0 && self.bits >= least * self.characters
    }

    /// Whether each letter does.
    pub(super) const fn each_letter_adds(&self, least: u32) -> bool {
        self.letters > 0 && self.of_letters >= least * self.letters
    }
}

/// Of a text of at most some hundred bytes.
pub(super) fn rarity(text: &[u8]) -> Rarity {
    let mut rarity = Rarity::default();
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        let word = &text[at..];
        let run = word.iter().take_while(|b| b.is_ascii_alphabetic()).count();
        let word = &word[..run];
        if run > 0 {
            let cost = of_word(word);
            rarity.of_letters += cost;
            rarity.letters += narrow(run);
            rarity.bits += cost + of_cases(word);
        } else {
            let before = at.checked_sub(1).map(|at| text[at]);
            rarity.bits += match before {
                _ if !byte.is_ascii_digit() => SIGN,
                Some(before) if before.is_ascii_digit() && before.abs_diff(byte) <= 1 => RUN,
                _ => DIGIT,
            };
        }
        at += run.max(1);
    }
    rarity.characters = narrow(text.len());
    rarity
}

/// Of a run of letters, whatever their case.
fn of_word(word: &[u8]) -> u32 {
    let place = |byte: u8| usize::from(byte.to_ascii_lowercase() - b'a') + 1;
    let (mut first, mut second, mut sum) = (0, 0, 0);
    for third in word.iter().map(|byte| place(*byte)).chain([0]) {
        sum += u32::from(TRIGRAMS[(first * 27 + second) * 27 + third]);
        (first, second) = (second, third);
    }
    sum
}

/// Of changes between cases, but for a capital that begins a word.
fn of_cases(word: &[u8]) -> u32 {
    let changes = word
        .windows(2)
        .skip(1)
        .filter(|pair| pair[0].is_ascii_uppercase() != pair[1].is_ascii_uppercase());
    CASE * narrow(changes.count())
}

fn narrow(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_do_not_surprise_and_chance_does() {
        for word in [
            "password",
            "changeme",
            "getUserName",
            "kubernetes",
            "localhost",
            "secret_token",
            "test1234",
        ] {
            assert!(!rarity(word.as_bytes()).each_adds(80), "{word}");
        }
        for chance in ["dzqumjilu", "tglkssgd", "wzgfudwt", "ovoixw", "x8Kf2qLmZ0"] {
            assert!(rarity(chance.as_bytes()).each_adds(80), "{chance}");
        }
        assert!(!rarity(b"").each_adds(0) && !rarity(b"12").each_letter_adds(0));
    }
}
