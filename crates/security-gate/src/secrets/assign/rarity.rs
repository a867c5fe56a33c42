//! How surprising a text is: a value that a machine made surprises at every character, a word or a name does not.

/// Surprise of a letter behind two others, in sixteenths of a bit, for `^a..z` cubed (`^` is the edge of a word). Counted over the
/// words of public source code and documentation, each weighted by the root of the number of files that have it.
static TRIGRAMS: &[u8; 27 * 27 * 27] = include_bytes!("trigrams.bin");

/// Bits that a character which is no letter adds.
const DIGIT: f32 = 3.3;
const SIGN: f32 = 3.0;
/// Bits of a digit that goes on with a run (`1234`, `0000`).
const RUN: f32 = 0.8;
/// Bits of a change between cases inside a run of letters.
const CASE: f32 = 1.0;

/// What a text amounts to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Rarity {
    /// Bits in all.
    pub(super) bits: f32,
    /// Bits a character.
    pub(super) each: f32,
    /// Bits a letter, of the letters alone.
    pub(super) letters: f32,
}

pub(super) fn rarity(text: &[u8]) -> Rarity {
    let (mut bits, mut of_letters, mut letters) = (0.0, 0.0, 0_u16);
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        let run = text[at..]
            .iter()
            .take_while(|b| b.is_ascii_alphabetic())
            .count();
        if run > 0 {
            let word = &text[at..at + run];
            let cost = of_word(word);
            of_letters += cost;
            letters = letters.saturating_add(u16::try_from(run).unwrap_or(u16::MAX));
            bits += cost + CASE * of_cases(word);
            at += run;
            continue;
        }
        bits += match (byte.is_ascii_digit(), at.checked_sub(1).map(|at| text[at])) {
            (true, Some(before)) if before.is_ascii_digit() && before.abs_diff(byte) <= 1 => RUN,
            (true, _) => DIGIT,
            (false, _) => SIGN,
        };
        at += 1;
    }
    let count = u16::try_from(text.len()).unwrap_or(u16::MAX).max(1);
    Rarity {
        bits,
        each: bits / f32::from(count),
        letters: if letters == 0 {
            0.0
        } else {
            of_letters / f32::from(letters)
        },
    }
}

/// Bits of a run of letters, whatever their case.
fn of_word(word: &[u8]) -> f32 {
    let place = |byte: u8| usize::from(byte.to_ascii_lowercase() - b'a') + 1;
    let (mut first, mut second, mut sixteenths) = (0, 0, 0_u32);
    for third in word.iter().map(|byte| place(*byte)).chain([0]) {
        sixteenths += u32::from(TRIGRAMS[(first * 27 + second) * 27 + third]);
        (first, second) = (second, third);
    }
    // The texts are short, so that the count fits.
    f32::from(u16::try_from(sixteenths).unwrap_or(u16::MAX)) / 16.0
}

/// Changes between cases, but for a capital that begins a word.
fn of_cases(word: &[u8]) -> f32 {
    let changes = word
        .windows(2)
        .skip(1)
        .filter(|pair| pair[0].is_ascii_uppercase() != pair[1].is_ascii_uppercase())
        .count();
    f32::from(u16::try_from(changes).unwrap_or(u16::MAX))
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
            assert!(
                rarity(word.as_bytes()).each < 5.0,
                "{word} {:?}",
                rarity(word.as_bytes())
            );
        }
        for chance in ["dzqumjilu", "tglkssgd", "wzgfudwt", "ovoixw", "x8Kf2qLmZ0"] {
            let chance = format!("{chance}{}", "");
            assert!(
                rarity(chance.as_bytes()).each > 5.0 || rarity(chance.as_bytes()).letters > 5.0,
                "{chance} {:?}",
                rarity(chance.as_bytes())
            );
        }
    }
}
