//! Categories that are new on every run: each leaves its alerts behind, which nothing closes any more.

/// What in a category changes from run to run.
pub(crate) fn volatile(category: &str) -> Option<&'static str> {
    let word = |c: char| c.is_ascii_alphanumeric();
    let parts: Vec<&str> = category
        .split(|c: char| !word(c))
        .filter(|part| !part.is_empty())
        .collect();
    if has_uuid(category) {
        return Some("a UUID");
    }
    let hex = |part: &str| part.bytes().all(|byte| byte.is_ascii_hexdigit());
    let digits = |part: &str| part.bytes().filter(u8::is_ascii_digit).count();
    // Words such as `decade` and `facade` are hexadecimal too; a short commit without two digits is rare.
    let is_digest = |part: &&str| {
        hex(part) && part.len() >= 7 && digits(part) >= 2 && digits(part) < part.len()
    };
    if parts.iter().any(is_digest) {
        return Some("a commit or digest");
    }
    let number = |part: &str| {
        part.parse::<u32>()
            .ok()
            .filter(|_| digits(part) == part.len())
    };
    let is_day = |year: Option<u32>, month: Option<u32>, day: Option<u32>| {
        let within = |value: Option<u32>, from, to| value.is_some_and(|n| (from..=to).contains(&n));
        within(year, 2000, 2199) && within(month, 1, 12) && within(day, 1, 31)
    };
    let joined = |part: &&str| {
        let at = |from: usize, to: usize| part.get(from..to).and_then(number);
        matches!(part.len(), 8 | 12 | 14) && is_day(at(0, 4), at(4, 6), at(6, 8))
    };
    let apart = |three: &[&str]| matches!(three, [year, month, day] if year.len() == 4 && is_day(number(year), number(month), number(day)));
    if parts.iter().any(joined) || parts.windows(3).any(apart) {
        return Some("a date");
    }
    let counter = |two: &[&str]| {
        let [name, count] = two else { return false };
        let name = name.to_ascii_lowercase();
        matches!(name.as_str(), "run" | "build" | "attempt") && number(count).is_some()
    };
    // Ids of runs have ten digits and more.
    let is_id = |part: &&str| part.len() >= 9 && digits(part) == part.len();
    (parts.windows(2).any(counter) || parts.iter().any(is_id)).then_some("a run's number")
}

fn has_uuid(text: &str) -> bool {
    const LENGTHS: [usize; 5] = [8, 4, 4, 4, 12];
    let parts: Vec<&str> = text.split(|c: char| !c.is_ascii_hexdigit()).collect();
    parts.windows(5).any(|five| {
        five.iter()
            .zip(LENGTHS)
            .all(|(part, length)| part.len() == length)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_changes_from_run_to_run_is_named() {
        for (category, expected) in [
            (
                "trivy-0123456789abcdef0123456789abcdef01234567",
                "a commit or digest",
            ),
            ("image@sha256:9f86d081884c7d65", "a commit or digest"),
            ("scan-3f2a91c", "a commit or digest"),
            ("scan/2026-01-02", "a date"),
            ("nightly-20260102", "a date"),
            ("job-550e8400-e29b-41d4-a716-446655440000", "a UUID"),
            ("build-1234", "a run's number"),
            ("scan_run#17", "a run's number"),
            ("job-12345678901", "a run's number"),
        ] {
            assert_eq!(volatile(category), Some(expected), "{category}");
        }
    }

    #[test]
    fn names_that_stay_are_left_alone() {
        for category in [
            "",
            "security",
            "security.api.1-of-4",
            "/language:javascript",
            ".github/workflows/codeql.yml:analyze/os:ubuntu-22.04/node:20",
            "trivy-3",
            "decade/facade/defaced",
            "ruby-3.4.1",
            "cis-2024",
            "pci-dss-4.0.1",
            "rust-1.95-x86_64-unknown-linux-gnu",
            "shard-12-of-100",
            "é",
        ] {
            assert_eq!(volatile(category), None, "{category}");
        }
    }

    proptest! {
        #[test]
        fn never_panics(category in any::<String>()) {
            let _ = volatile(&category);
        }
    }
}
