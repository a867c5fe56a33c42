//! Names on the reference: `<gate>.<time of the commit>.<commit>.json`, beside it the same with `.lcov`. So the names of a
//! gate sort by time, and nothing has to be read to know what is there.

/// The ending of an entry.
pub(super) const ENTRY: &str = "json";
/// The ending of what ran, line by line.
pub(super) const LINES: &str = "lcov";

/// A name, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Name {
    /// The gate, and its scope.
    pub(super) stem: String,
    /// `20261126T171606Z`.
    pub(super) time: String,
    /// 40 lower-case hex digits.
    pub(super) commit: String,
    pub(super) ending: &'static str,
}

impl Name {
    pub(super) fn parse(name: &str) -> Option<Self> {
        let mut parts = name.rsplitn(4, '.');
        let ending = parts.next()?;
        let ending = [ENTRY, LINES].into_iter().find(|known| *known == ending)?;
        let (commit, time, stem) = (parts.next()?, parts.next()?, parts.next()?);
        let fits = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_' | b'.');
        let is_stem = !stem.is_empty() && stem.len() <= 200 && stem.bytes().all(fits);
        (is_commit(commit) && is_time(time) && is_stem).then(|| Self {
            stem: stem.to_owned(),
            time: time.to_owned(),
            commit: commit.to_owned(),
            ending,
        })
    }

    pub(super) fn written(&self) -> String {
        format!(
            "{}.{}.{}.{}",
            self.stem, self.time, self.commit, self.ending
        )
    }

    /// The same with the other ending.
    pub(super) fn beside(&self, ending: &'static str) -> Self {
        Self {
            ending,
            ..self.clone()
        }
    }

    /// The time as in RFC 3339.
    pub(super) fn at(&self) -> String {
        let of = |from: usize, to: usize| self.time.get(from..to).unwrap_or_default();
        format!(
            "{}-{}-{}T{}:{}:{}Z",
            of(0, 4),
            of(4, 6),
            of(6, 8),
            of(9, 11),
            of(11, 13),
            of(13, 15)
        )
    }
}

/// A time in RFC 3339, UTC in whole seconds, as names have it.
pub(super) fn time_of(at: &str) -> Option<String> {
    let time: String = at.chars().filter(|c| !matches!(c, '-' | ':')).collect();
    is_time(&time).then_some(time)
}

fn is_time(text: &str) -> bool {
    text.len() == 16
        && text.bytes().enumerate().all(|(at, c)| match at {
            8 => c == b'T',
            15 => c == b'Z',
            _ => c.is_ascii_digit(),
        })
}

pub(super) fn is_commit(text: &str) -> bool {
    text.len() == 40 && text.bytes().all(|c| matches!(c, b'0'..=b'9' | b'a'..=b'f'))
}

/// What to say of a name that is none of these.
pub(super) fn stranger(name: &str) -> String {
    let name: String = name
        .chars()
        .take(200)
        .flat_map(char::escape_default)
        .collect();
    format!(
        "it holds `{name}`, expected files named like coverage.20261126T171606Z.<commit>.json and nothing else: name a reference of the history's own"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_apart_and_put_together() {
        let commit = "0a".repeat(20);
        for (stem, ending) in [("coverage", ENTRY), ("coverage-api.web", LINES)] {
            let name = format!("{stem}.20261126T171606Z.{commit}.{ending}");
            let parsed = Name::parse(&name).expect("a name");
            assert_eq!((parsed.stem.as_str(), parsed.ending), (stem, ending));
            assert_eq!(parsed.at(), "2026-11-26T17:16:06Z");
            assert_eq!(time_of(&parsed.at()).as_deref(), Some("20261126T171606Z"));
            assert_eq!(parsed.written(), name);
        }
        for wrong in [
            String::from("README.md"),
            String::from("2026-11.jsonl"),
            format!(".20261126T171606Z.{commit}.json"),
            format!("coverage.20261126T171606.{commit}.json"),
            format!("coverage.20261126T171606Z.{}.json", &commit[1..]),
            format!("coverage.20261126T171606Z.{}.json", commit.to_uppercase()),
            format!("coverage.20261126T171606Z.{commit}.lcov/"),
            format!("a/b.20261126T171606Z.{commit}.json"),
        ] {
            assert_eq!(Name::parse(&wrong), None, "{wrong}");
        }
        assert_eq!(time_of("12026-11-26T17:16:06Z"), None);
    }
}
