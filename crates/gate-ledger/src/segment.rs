//! The files of a ledger: one a month, and more where a month is long. What is
//! appended goes to the last one or to a later one, so that the order of the
//! files is the order of the chain whatever the clocks of the writers say.

use std::fmt;

/// A month's file that is longer than this (4 MiB) is followed by another one:
/// every append sends the whole of the last file.
const FULL: usize = 4 * 1024 * 1024;

/// Files above this many bytes are not read.
pub const MAX_SEGMENT: usize = 16 * 1024 * 1024;

/// One file by its name: `2026-11.jsonl`, `2026-11-2.jsonl`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Segment {
    year: u16,
    month: u8,
    part: u32,
}

impl Segment {
    /// The file that a name stands for; `None` for a name of something else.
    pub fn parse(name: &str) -> Option<Self> {
        let stem = name.strip_suffix(".jsonl")?;
        let mut parts = stem.split('-');
        let digits = |text: &str, width: usize| {
            (text.len() == width && text.bytes().all(|c| c.is_ascii_digit()))
                .then(|| text.parse().ok())?
        };
        let year = digits(parts.next()?, 4)?;
        let month = digits(parts.next()?, 2)?;
        let part = match parts.next() {
            None => 1,
            Some(part) => part.parse().ok().filter(|part| *part > 1)?,
        };
        let segment = Self {
            year,
            month: u8::try_from(month).ok()?,
            part,
        };
        // Each file has one name only.
        ((1..=12).contains(&month) && parts.next().is_none() && segment.to_string() == name)
            .then_some(segment)
    }

    /// The first file of the month of a time such as `2026-11-26T14:00:00Z`.
    pub fn of(at: &str) -> Option<Self> {
        Self::parse(&format!("{}.jsonl", at.get(..7)?))
    }

    /// The file that a record of `at` is appended to, where `last` is the last
    /// file there is and `bytes` its length.
    pub fn to_append(last: Option<(Self, usize)>, at: &str) -> Option<Self> {
        let month = Self::of(at)?;
        Some(match last {
            None => month,
            Some((last, _)) if (last.year, last.month) < (month.year, month.month) => month,
            Some((last, bytes)) if bytes < FULL => last,
            Some((last, _)) => Self {
                part: last.part.saturating_add(1),
                ..last
            },
        })
    }

    /// Whether a record of `at` may stand in this file after one in `before`.
    pub(crate) fn may_hold(self, before: Option<Self>, at: &str) -> bool {
        let Some(first) = Self::of(at) else {
            return false;
        };
        let next = |before: Self| Self {
            part: before.part.saturating_add(1),
            ..before
        };
        match before {
            Some(before) if self == before => (first.year, first.month) <= (self.year, self.month),
            Some(before) if self == next(before) => {
                (first.year, first.month) <= (self.year, self.month)
            }
            Some(before) => self == first && self > before,
            None => self == first,
        }
    }
}

impl fmt::Display for Segment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)?;
        if self.part > 1 {
            write!(f, "-{}", self.part)?;
        }
        f.write_str(".jsonl")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_they_are_written() {
        for name in [
            "2026-11.jsonl",
            "2026-11-2.jsonl",
            "0001-01.jsonl",
            "2026-11-10.jsonl",
        ] {
            assert_eq!(
                Segment::parse(name).map(|s| s.to_string()).as_deref(),
                Some(name)
            );
        }
        for name in [
            "2026-13.jsonl",
            "2026-00.jsonl",
            "2026-1.jsonl",
            "2026-11-1.jsonl",
            "2026-11-02.jsonl",
            "2026-11-2-3.jsonl",
            "x.jsonl",
            "2026-11.json",
            "+026-11.jsonl",
            "2026-11-.jsonl",
            "2026-11-+2.jsonl",
        ] {
            assert_eq!(Segment::parse(name), None, "{name}");
        }
    }

    #[test]
    fn a_record_goes_to_the_last_file_or_a_later_one() {
        let to = |last: Option<(&str, usize)>, at: &str| {
            let last = last.map(|(name, bytes)| (Segment::parse(name).expect("a name"), bytes));
            Segment::to_append(last, at).map(|s| s.to_string())
        };
        let at = "2026-11-26T14:00:00Z";
        for (last, expected) in [
            (None, "2026-11.jsonl"),
            (Some(("2026-10.jsonl", 1)), "2026-11.jsonl"),
            (Some(("2026-11.jsonl", FULL - 1)), "2026-11.jsonl"),
            (Some(("2026-11.jsonl", FULL)), "2026-11-2.jsonl"),
            (Some(("2026-12.jsonl", 1)), "2026-12.jsonl"),
            (Some(("2026-12-3.jsonl", FULL)), "2026-12-4.jsonl"),
        ] {
            let found = to(last, at);
            assert_eq!(found.as_deref(), Some(expected), "{last:?}");
            let found = found
                .and_then(|name| Segment::parse(&name))
                .expect("a name");
            let before = last.and_then(|(name, _)| Segment::parse(name));
            assert!(found.may_hold(before, at), "{last:?}");
        }
        assert_eq!(to(None, "yesterday"), None);
    }
}
