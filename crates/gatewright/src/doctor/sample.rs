//! How much has to be seen before a rate can be called small.

/// How many events without a single failure show, with 95 % confidence, that a rate is below `percent` (in millionths
/// of a percent): the least n with (1 - p)^n <= 0.05. `None` where nothing could, or where anything does.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a whole number from a logarithm of a bounded one; nothing is decided by it"
)]
pub(super) fn floor(percent: u128) -> Option<u64> {
    if percent == 0 || percent >= 100_000_000 {
        return None;
    }
    let rate = percent as f64 / 100_000_000.0;
    Some((0.05_f64.ln() / (-rate).ln_1p()).ceil() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_known_floors() {
        for (percent, needed) in [(100_000, 2995), (5_000_000, 59), (2_000_000, 149)] {
            assert_eq!(floor(percent), Some(needed));
        }
        assert_eq!((floor(0), floor(100_000_000)), (None, None));
    }
}
