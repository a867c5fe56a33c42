//! The header `Retry-After`, RFC 9110 section 10.2.3. Pure.

use std::time::Duration;

/// How long to wait from `now`, in seconds since 1970. `None` where the value is neither seconds nor a date.
pub(crate) fn retry_after(value: &str, now: i64) -> Option<Duration> {
    let value = value.trim();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        // More digits than fit are a very long time.
        return Some(Duration::from_secs(value.parse().unwrap_or(u64::MAX)));
    }
    let date = jiff::fmt::rfc2822::DateTimeParser::new()
        .parse_timestamp(value)
        .ok()?;
    let seconds = date.as_second().saturating_sub(now);
    Some(Duration::from_secs(u64::try_from(seconds).unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_and_dates() {
        // 1994-11-06T08:49:37Z, the example of the RFC.
        let then = 784_111_777;
        let date = "Sun, 06 Nov 1994 08:49:37 GMT";
        let after = |value: &str, now: i64| retry_after(value, now).map(|wait| wait.as_secs());
        assert_eq!(after("0", then), Some(0));
        assert_eq!(after(" 120 ", then), Some(120));
        assert_eq!(after(date, then - 90), Some(90));
        assert_eq!(after(date, then), Some(0));
        assert_eq!(after(date, then + 1), Some(0), "a date that has passed");
        assert_eq!(after(date, i64::MIN), Some(i64::MAX.unsigned_abs()));
        assert_eq!(after("99999999999999999999999", then), Some(u64::MAX));
        for odd in ["", "soon", "-1", "1.5", "1e3", "+5"] {
            assert_eq!(after(odd, then), None, "{odd}");
        }
    }
}
