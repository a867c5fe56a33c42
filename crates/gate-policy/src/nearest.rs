//! "Did you mean": the nearest right name for a wrong one.

use std::collections::BTreeSet;

/// Names longer than this are not compared: the cost grows with the square.
const MAX_COMPARED: usize = 80;

/// The candidate nearest to `name`: a slip of a few letters, else one whose
/// words are all in `name` or the other way round (`zero_secrets_detected` and
/// `secrets_detected`). Ties go to the earlier candidate.
pub(crate) fn nearest<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    if name.len() > MAX_COMPARED {
        return None;
    }
    let wanted = name.to_lowercase();
    let words = words_of(&wanted);
    let mut best: Option<((u8, usize), &'a str)> = None;
    for candidate in candidates {
        let distance = strsim::osa_distance(&wanted, &candidate.to_lowercase());
        let theirs = words_of(candidate);
        let common = words.intersection(&theirs).count();
        let smaller = words.len().min(theirs.len());
        let longer = wanted.len().max(candidate.len());
        let words_apart = words.len().max(theirs.len()) - common;
        let rank = if distance <= (longer / 3).clamp(1, 2) {
            (0, distance)
        } else if smaller > 1 && common == smaller {
            (1, words_apart)
        } else if distance <= (longer / 3).clamp(1, 4) {
            (2, distance)
        } else if smaller > 2 && common + 1 == smaller {
            (3, words_apart)
        } else {
            continue;
        };
        if best.is_none_or(|(least, _)| rank < least) {
            best = Some((rank, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// The hint that names what is nearest, or the list where nothing is near.
pub fn did_you_mean<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str> + Clone,
) -> Option<String> {
    if let Some(near) = nearest(name, candidates.clone()) {
        return Some(format!("did you mean `{near}`?"));
    }
    let known: Vec<_> = candidates.into_iter().collect();
    match known.len() {
        0 => None,
        1..=12 => Some(format!("expected one of: {}", known.join(", "))),
        more => Some(format!(
            "expected one of: {}, and {} more",
            known[..12].join(", "),
            more - 12
        )),
    }
}

fn words_of(name: &str) -> BTreeSet<&str> {
    name.split(['_', '-', '.', ' '])
        .filter(|word| !word.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_and_common_words_are_found_and_nothing_else() {
        let known = [
            "critical_vulnerabilities",
            "secrets_detected",
            "no_broken_links",
        ];
        assert_eq!(nearest("no_brocken_links", known), Some("no_broken_links"));
        assert_eq!(nearest("Secrets_Detected", known), Some("secrets_detected"));
        assert_eq!(
            nearest("zero_critical_vulnerabilities", known),
            Some("critical_vulnerabilities")
        );
        assert_eq!(nearest("zero_broken_links", known), Some("no_broken_links"));
        assert_eq!(nearest("weather", known), None);
        assert_eq!(nearest(&"x".repeat(10_000), known), None);
        assert_eq!(nearest("x", []), None);
    }
}
