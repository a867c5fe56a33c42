//! What a sample proves about a rate: the exact binomial test (one-sided,
//! 95 %), in integers that are rounded so that nothing is proven too early and
//! every machine says the same.

/// Rates are in hundredths of a per cent.
const WHOLE: u64 = 10_000;

/// What a rate has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// Less than this many hundredths of a per cent.
    Below(u64),
    /// More than this many.
    Above(u64),
}

impl Target {
    /// Whether `count` of `of` meets it.
    pub fn met(self, count: u64, of: u64) -> bool {
        let (count, of) = (u128::from(count) * u128::from(WHOLE), u128::from(of));
        match self {
            Self::Below(limit) => count < u128::from(limit) * of,
            Self::Above(limit) => count > u128::from(limit) * of,
        }
    }

    /// The events that speak against it, and the share that they must stay below.
    const fn against(self, count: u64, of: u64) -> (u64, u64) {
        match self {
            Self::Below(limit) => (count, limit),
            Self::Above(limit) => (of.saturating_sub(count), WHOLE.saturating_sub(limit)),
        }
    }

    /// Whether a sample proves it: were the true rate at the limit, so few
    /// events against it would come in at most 5 % of such samples.
    pub fn proven(self, count: u64, of: u64) -> bool {
        let (bad, limit) = self.against(count, of);
        improbable(bad, of, limit)
    }

    /// The size from which a sample with as many events against it as this one
    /// proves it.
    pub fn needs(self, count: u64, of: u64) -> Option<u64> {
        let (bad, limit) = self.against(count, of);
        let mut high = of.max(1);
        while !improbable(bad, high, limit) {
            high = high.checked_mul(2).filter(|size| *size <= 1 << 32)?;
        }
        let mut low = of;
        while low < high {
            let middle = low + (high - low) / 2;
            if improbable(bad, middle, limit) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        Some(high)
    }

    /// With 95 % confidence the true rate is at most (for [`Target::Below`]) or
    /// at least this many hundredths of a per cent.
    pub fn bound(self, count: u64, of: u64) -> u64 {
        let (bad, _) = self.against(count, of);
        let (mut low, mut high) = (0, WHOLE);
        while low < high {
            let middle = low + (high - low) / 2;
            if improbable(bad, of, middle) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        match self {
            Self::Below(_) => high,
            Self::Above(_) => WHOLE - high,
        }
    }
}

/// Whether at most `bad` events in `of` have a probability of at most 5 % where
/// each comes with `rate`.
fn improbable(bad: u64, of: u64, rate: u64) -> bool {
    if bad >= of || rate == 0 {
        return false;
    }
    let Some(other) = WHOLE.checked_sub(rate).filter(|other| *other > 0) else {
        return true;
    };
    let mut term = Up::ONE.times(other, WHOLE).power(of);
    let mut sum = term;
    for event in 0..bad {
        if sum.above_a_twentieth() {
            return false;
        }
        term = term.times(of - event, event + 1).times(rate, other);
        sum = sum.plus(term);
    }
    !sum.above_a_twentieth()
}

/// `mantissa` times two to the power of `exponent`, rounded up; the mantissa
/// has its highest bit set.
#[derive(Clone, Copy, Debug)]
struct Up {
    mantissa: u64,
    exponent: i64,
}

impl Up {
    const ONE: Self = Self {
        mantissa: 1 << 63,
        exponent: -63,
    };

    /// Of a value that is not 0.
    fn of(value: u128, exponent: i64) -> Self {
        let surplus = 64_i64 - i64::from(value.leading_zeros());
        if surplus <= 0 {
            let shifted = value << surplus.unsigned_abs();
            return Self {
                mantissa: u64::try_from(shifted).unwrap_or(u64::MAX),
                exponent: exponent + surplus,
            };
        }
        match u64::try_from(value.div_ceil(1_u128 << surplus)) {
            Ok(mantissa) => Self {
                mantissa,
                exponent: exponent + surplus,
            },
            // It was rounded up to the next power of two.
            Err(_) => Self {
                mantissa: 1 << 63,
                exponent: exponent + surplus + 1,
            },
        }
    }

    fn times(self, numerator: u64, denominator: u64) -> Self {
        let product = u128::from(self.mantissa) * u128::from(numerator);
        let shift = product.leading_zeros().min(127);
        let quotient = (product << shift).div_ceil(u128::from(denominator.max(1)));
        Self::of(quotient, self.exponent - i64::from(shift))
    }

    fn squared_with(self, other: Self) -> Self {
        let product = u128::from(self.mantissa) * u128::from(other.mantissa);
        Self::of(product, self.exponent.saturating_add(other.exponent))
    }

    fn power(self, mut times: u64) -> Self {
        let (mut base, mut result) = (self, Self::ONE);
        while times > 0 {
            if times & 1 == 1 {
                result = result.squared_with(base);
            }
            base = base.squared_with(base);
            times >>= 1;
        }
        result
    }

    fn plus(self, other: Self) -> Self {
        let (large, small) = if self.exponent >= other.exponent {
            (self, other)
        } else {
            (other, self)
        };
        let gap = u32::try_from(large.exponent - small.exponent).unwrap_or(u32::MAX);
        let (large_value, room) = (u128::from(large.mantissa) << 60, 60);
        let small_value = (u128::from(small.mantissa) << room)
            .checked_shr(gap)
            .unwrap_or(0)
            + 1;
        Self::of(large_value + small_value, large.exponent - 60)
    }

    fn above_a_twentieth(self) -> bool {
        // As a whole number of 2^-64, rounded up.
        let twenty = u128::from(self.mantissa) * 20;
        match self.exponent {
            0.. => true,
            exponent if exponent <= -128 => false,
            exponent => {
                let one = 1_u128
                    .checked_shl(u32::try_from(-exponent).unwrap_or(u32::MAX))
                    .unwrap_or(u128::MAX);
                twenty > one
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BYPASS: Target = Target::Below(200);
    const PASS: Target = Target::Above(9_000);

    /// facts: bypass < 2 % needs at least 149 decisions; change failures < 5 % at least 59.
    #[test]
    fn samples_prove_from_the_known_sizes_on() {
        for (target, bad, first) in [
            (BYPASS, 0, 149),
            (Target::Below(500), 0, 59),
            (Target::Below(10), 0, 2_995),
            (Target::Below(10), 1, 4_742),
            (Target::Below(100), 0, 299),
        ] {
            assert!(!target.proven(bad, first - 1), "{target:?} {first}");
            assert!(target.proven(bad, first), "{target:?} {first}");
            assert_eq!(target.needs(bad, bad + 1), Some(first), "{target:?}");
        }
        assert!(PASS.proven(29, 29) && !PASS.proven(28, 28));
        assert_eq!(PASS.needs(28, 28), Some(29));
        assert!(!BYPASS.proven(0, 0));
    }

    #[test]
    fn the_limit_itself_does_not_meet() {
        assert!(BYPASS.met(1, 51) && !BYPASS.met(1, 50) && !BYPASS.met(2, 100));
        assert!(PASS.met(91, 100) && !PASS.met(90, 100));
        assert!(!BYPASS.met(0, 0) && !PASS.met(0, 0));
    }

    /// Clopper and Pearson's limits, as printed in tables.
    #[test]
    fn bounds_are_those_of_the_tables() {
        assert_eq!(BYPASS.bound(0, 149), 200, "1.99 % and a little");
        assert_eq!(BYPASS.bound(0, 10), 2_589);
        assert_eq!(BYPASS.bound(1, 10), 3_942);
        assert_eq!(BYPASS.bound(5, 10), 7_776);
        assert_eq!(PASS.bound(10, 10), 7_411);
        assert_eq!(PASS.bound(0, 10), 0);
        assert_eq!(BYPASS.bound(10, 10), WHOLE);
        assert_eq!(BYPASS.bound(0, 1_000_000), 1);
    }

    #[test]
    fn more_evidence_never_unproves() {
        for bad in [0, 1, 3, 7] {
            let mut before = false;
            for of in bad..800 {
                let now = BYPASS.proven(bad, of);
                assert!(now || !before, "{bad} of {of}");
                before = now;
            }
            assert!(before);
        }
        assert!(BYPASS.proven(10_000, 1_000_000));
        assert!(!BYPASS.proven(20_000, 1_000_000));
    }
}
