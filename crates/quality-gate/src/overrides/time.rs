//! Days and times of overrides.

use jiff::Timestamp;
use jiff::civil::Date;

/// A time in UTC. Of a day: its first second, or where it ends something the
/// first second after it.
pub(crate) fn read(text: &str, ends: bool) -> Option<Timestamp> {
    if text.len() == "2026-12-01".len() {
        let day: Date = text.parse().ok()?;
        let day = if ends { day.tomorrow().ok()? } else { day };
        return day
            .to_zoned(jiff::tz::TimeZone::UTC)
            .ok()
            .map(|zoned| zoned.timestamp());
    }
    // `2026-12-01T10:00Z` has no seconds.
    let whole = if text.len() == "2026-12-01T10:00Z".len() {
        text.replace('Z', ":00Z")
    } else {
        text.to_owned()
    };
    whole.parse().ok()
}

/// Seconds since the epoch as documents write them.
pub(crate) fn shown(seconds: i64) -> Option<String> {
    Timestamp::from_second(seconds)
        .ok()
        .map(|time| time.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_ends_when_the_next_begins() {
        let shown = |text, ends| read(text, ends).map(|time| time.to_string());
        assert_eq!(
            shown("2026-12-31", true).as_deref(),
            Some("2027-01-01T00:00:00Z")
        );
        assert_eq!(
            shown("2026-12-31", false).as_deref(),
            Some("2026-12-31T00:00:00Z")
        );
        assert_eq!(
            shown("2026-12-31T10:00Z", true).as_deref(),
            Some("2026-12-31T10:00:00Z")
        );
        assert_eq!(
            shown("2026-12-31T10:00:07Z", true).as_deref(),
            Some("2026-12-31T10:00:07Z")
        );
        assert_eq!(shown("2026-02-30", true), None);
    }
}
