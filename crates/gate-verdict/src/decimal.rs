//! Exact numbers: decimals as the policy writes them, and ratios.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

/// An exact decimal number: `digits` x 10^-`scale`.
///
/// Equality and order are by value: `1.50 == 1.5`.
#[derive(Clone, Copy, Debug)]
pub struct Decimal {
    digits: i128,
    scale: u32,
}

/// A part of a whole, never reduced to a float: `numerator / denominator`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ratio {
    pub numerator: u64,
    pub denominator: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("found `{found}`, expected a decimal number such as 85 or 99.95")]
pub struct DecimalError {
    pub found: String,
}

/// More digits than any policy needs, few enough that no product of a
/// decimal with a 64-bit count overflows 128 bits.
const MAX_DIGITS: usize = 15;

impl Decimal {
    pub const ZERO: Self = Self {
        digits: 0,
        scale: 0,
    };

    /// `digits` x 10^-`scale`; `scale` is capped so that comparisons stay exact.
    pub const fn new(digits: i64, scale: u32) -> Self {
        Self {
            digits: digits as i128,
            scale: if scale > 15 { 15 } else { scale },
        }
    }

    /// The decimal times a whole factor, as units are scaled (`2 GB` to bytes).
    pub fn times(self, factor: u64) -> Self {
        Self {
            digits: self.digits.saturating_mul(i128::from(factor)),
            scale: self.scale,
        }
    }

    pub fn minus(self, other: Self) -> Self {
        let scale = self.scale.max(other.scale);
        Self {
            digits: self.at_scale(scale).saturating_sub(other.at_scale(scale)),
            scale,
        }
    }

    pub const fn is_negative(self) -> bool {
        self.digits < 0
    }

    fn at_scale(self, scale: u32) -> i128 {
        self.digits
            .saturating_mul(10_i128.saturating_pow(scale - self.scale))
    }
}

impl From<u64> for Decimal {
    fn from(whole: u64) -> Self {
        Self {
            digits: i128::from(whole),
            scale: 0,
        }
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        let scale = self.scale.max(other.scale);
        self.at_scale(scale).cmp(&other.at_scale(scale))
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Decimal {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Decimal {}

impl FromStr for Decimal {
    type Err = DecimalError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || DecimalError {
            found: text.to_owned(),
        };
        let (negative, unsigned) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, fraction) = match unsigned.split_once('.') {
            Some((whole, fraction)) if !fraction.is_empty() => (whole, fraction),
            Some(_) => return Err(wrong()),
            None => (unsigned, ""),
        };
        let all_digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty()
            || !all_digits(whole)
            || !all_digits(fraction)
            || whole.len() + fraction.len() > MAX_DIGITS
        {
            return Err(wrong());
        }
        let digits: i128 = format!("{whole}{fraction}").parse().map_err(|_| wrong())?;
        Ok(Self {
            digits: if negative { -digits } else { digits },
            scale: u32::try_from(fraction.len()).map_err(|_| wrong())?,
        })
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.digits < 0 { "-" } else { "" };
        let digits = self.digits.unsigned_abs().to_string();
        let scale = self.scale as usize;
        if scale == 0 {
            return write!(f, "{sign}{digits}");
        }
        let padded = format!("{digits:0>width$}", width = scale + 1);
        let (whole, fraction) = padded.split_at(padded.len() - scale);
        write!(f, "{sign}{whole}.{fraction}")
    }
}

impl Ratio {
    pub const fn new(numerator: u64, denominator: u64) -> Self {
        Self {
            numerator,
            denominator,
        }
    }

    /// Compares the ratio as a percentage with `percent`, in whole numbers:
    /// numerator x 100 x 10^k against target x denominator. `None` where the
    /// denominator is 0: nothing was measured, so there is nothing to compare.
    pub fn cmp_percent(self, percent: Decimal) -> Option<Ordering> {
        if self.denominator == 0 {
            return None;
        }
        let left = i128::from(self.numerator)
            .saturating_mul(100)
            .saturating_mul(10_i128.saturating_pow(percent.scale));
        let right = percent.digits.saturating_mul(i128::from(self.denominator));
        Some(left.cmp(&right))
    }

    /// The percentage floored to `places` decimals: what is shown never claims
    /// more than what was measured. `None` where the denominator is 0.
    pub fn percent_floor(self, places: u32) -> Option<Decimal> {
        let places = places.min(9);
        let factor = 100_u128 * 10_u128.pow(places);
        let shown =
            (u128::from(self.numerator) * factor).checked_div(u128::from(self.denominator))?;
        Some(Decimal {
            digits: i128::try_from(shown).unwrap_or(i128::MAX),
            scale: places,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn dec(text: &str) -> Decimal {
        text.parse().expect("a decimal")
    }

    #[test]
    fn decimals_read_and_print_exactly() {
        for text in ["0", "85", "-3", "99.95", "0.05", "0.30", "-0.5"] {
            assert_eq!(dec(text).to_string(), text);
        }
        assert_eq!(dec("1.50"), dec("1.5"));
        for text in [
            "",
            ".",
            "1.",
            ".5",
            "1e3",
            "+1",
            "١",
            "1_000",
            "1234567890123456",
            "0x10",
            " 1",
        ] {
            assert!(text.parse::<Decimal>().is_err(), "{text}");
        }
    }

    /// 84.995 % is not 85 %, and it is not shown as 85 either.
    #[test]
    fn a_hair_below_the_bound_fails_and_shows_it() {
        let ratio = Ratio::new(16_999, 20_000);
        assert_eq!(ratio.cmp_percent(dec("85")), Some(Ordering::Less));
        assert_eq!(
            ratio.percent_floor(2).map(|d| d.to_string()),
            Some("84.99".into())
        );
        assert_eq!(
            Ratio::new(17, 20).cmp_percent(dec("85")),
            Some(Ordering::Equal)
        );
        assert_eq!(Ratio::new(0, 0).cmp_percent(dec("0")), None);
    }

    proptest! {
        #[test]
        fn the_floor_never_claims_more_than_was_measured(n in 0_u64..5_000, d in 1_u64..5_000, places in 0_u32..9) {
            let ratio = Ratio::new(n.min(d), d);
            let shown = ratio.percent_floor(places).expect("a denominator");
            prop_assert_ne!(ratio.cmp_percent(shown), Some(Ordering::Less));
        }

        #[test]
        fn printing_and_reading_is_the_identity(digits in -99_999_999_i64..99_999_999, scale in 0_u32..6) {
            let value = Decimal::new(digits, scale);
            prop_assert_eq!(value.to_string().parse::<Decimal>(), Ok(value));
        }
    }
}
