//! Values that are made of words: what defaults, templates and examples put where a password would stand.

use super::value::contains;

/// Longest value that is taken apart.
const MAX_WORDS: usize = 64;

/// Whether the letters of the value, its digits and punctuation aside, are words of [`WORDS`] or of the setting's own
/// name one after another.
pub(super) fn is_made_of_words(key: &[u8], value: &[u8]) -> bool {
    if value.len() > MAX_WORDS {
        return contains(
            &value.to_ascii_lowercase(),
            &["example", "dummy", "notreal", "not-real", "not_real"],
        );
    }
    let lower: Vec<u8> = value.to_ascii_lowercase();
    // What people write around words: counts, years, punctuation; more digits than that belong to a real value.
    if lower.iter().filter(|b| b.is_ascii_digit()).count() > 6 && !contains(&lower, &["123456"]) {
        return false;
    }
    let letters: Vec<&[u8]> = lower
        .split(|b| !b.is_ascii_lowercase())
        .filter(|piece| !piece.is_empty())
        .collect();
    letters.iter().all(|piece| is_segmented(key, piece))
        || contains(&lower, &["example", "dummy", "sample"])
}

/// Dynamic programme over the ends of words; linear in the piece, which is short.
fn is_segmented(key: &[u8], piece: &[u8]) -> bool {
    let key = key.to_ascii_lowercase();
    let of_key = key
        .split(|byte| !byte.is_ascii_lowercase())
        .filter(|word| word.len() >= 3);
    let words: Vec<&[u8]> = WORDS
        .split_ascii_whitespace()
        .map(str::as_bytes)
        .chain(of_key)
        .collect();
    let mut reached = vec![false; piece.len() + 1];
    reached[0] = true;
    for at in 0..piece.len() {
        if reached[at] {
            for word in words.iter().filter(|word| piece[at..].starts_with(word)) {
                reached[at + word.len()] = true;
            }
        }
    }
    reached[piece.len()]
}

/// Words of which defaults and examples are made.
const WORDS: &str = "\
    a abc access account admin administrator an and any api app application auth aws bar base baz bot change check ci client \
    code config credential credentials database db default demo dev developer development django docker do dummy enter \
    env example fake field file foo for from generate generated github gitlab guest hello here hidden id in insecure insert \
    is it jwt key keys laravel letmein local localhost long longer mail master me minio mongo mongodb my mysql name new no not \
    of oauth only or oracle pass passw passwd password passwords pg phrase please postgres postgresql prod production \
    public put pw pwd qwerty qwertz rabbit rabbitmq rails random real redacted redis replace root sa sample secret secrets secure \
    security server service set shared should site some string strong super symfony system temp test tester testing tests \
    that the thing this to token tokens toto true use used user username value very web webhook welcome wordpress word world with \
    you your zzz hunter abcd abcde abcdef abcdefg asdf abcdefgh p ss w rd mssql mariadb airflow superset keycloak grafana elastic \
    vault another unsecure unsecured exposed be so much just never internal otherwise \
    sk changeme changeit cookie session signing sign hash salt encryption encrypt private";
