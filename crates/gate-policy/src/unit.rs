//! Units: what a policy may write behind a number, and how units of one
//! dimension convert. All factors are whole, so conversion is exact.

use crate::nearest::nearest;
use std::fmt;

/// What a unit measures. Only units of one dimension compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dimension {
    Count,
    Number,
    Percent,
    Points,
    Time,
    Data,
    DataRate,
    BitRate,
    EventRate,
}

/// A unit: its dimension, its size in the dimension's smallest unit, its symbol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unit {
    dimension: Dimension,
    factor: u64,
    symbol: &'static str,
}

macro_rules! units {
    ($($name:ident = $dimension:ident $factor:literal $symbol:literal [$($other:literal),*];)+) => {
        impl Unit {
            $(#[doc = concat!("`", $symbol, "`")]
            pub const $name: Self = Self { dimension: Dimension::$dimension, factor: $factor, symbol: $symbol };)+
        }
        /// Every spelling a policy may use.
        const SPELLINGS: &[(&str, Unit)] = &[$(($symbol, Unit::$name), $(($other, Unit::$name),)*)+];
    };
}

units! {
    PERCENT = Percent 1 "%" ["percent"];
    POINTS = Points 1 "pp" [];
    NANOSECONDS = Time 1 "ns" [];
    MICROSECONDS = Time 1_000 "us" ["µs", "μs"];
    MILLISECONDS = Time 1_000_000 "ms" ["msec", "millisecond", "milliseconds"];
    SECONDS = Time 1_000_000_000 "s" ["sec", "second", "seconds"];
    MINUTES = Time 60_000_000_000 "min" ["mins", "minute", "minutes"];
    HOURS = Time 3_600_000_000_000 "h" ["hour", "hours"];
    DAYS = Time 86_400_000_000_000 "d" ["day", "days"];
    BYTES = Data 1 "B" ["byte", "bytes"];
    KILOBYTES = Data 1_000 "KB" ["kB"];
    MEGABYTES = Data 1_000_000 "MB" [];
    GIGABYTES = Data 1_000_000_000 "GB" [];
    TERABYTES = Data 1_000_000_000_000 "TB" [];
    KIBIBYTES = Data 1_024 "KiB" [];
    MEBIBYTES = Data 1_048_576 "MiB" [];
    GIBIBYTES = Data 1_073_741_824 "GiB" [];
    TEBIBYTES = Data 1_099_511_627_776 "TiB" [];
    BYTES_PER_SECOND = DataRate 1 "B/s" [];
    KILOBYTES_PER_SECOND = DataRate 1_000 "KB/s" ["kB/s"];
    MEGABYTES_PER_SECOND = DataRate 1_000_000 "MB/s" [];
    GIGABYTES_PER_SECOND = DataRate 1_000_000_000 "GB/s" [];
    KIBIBYTES_PER_SECOND = DataRate 1_024 "KiB/s" [];
    MEBIBYTES_PER_SECOND = DataRate 1_048_576 "MiB/s" [];
    GIBIBYTES_PER_SECOND = DataRate 1_073_741_824 "GiB/s" [];
    BITS_PER_SECOND = BitRate 1 "bps" ["bit/s"];
    KILOBITS_PER_SECOND = BitRate 1_000 "Kbps" ["kbps", "kbit/s", "Kbit/s"];
    MEGABITS_PER_SECOND = BitRate 1_000_000 "Mbps" ["Mbit/s"];
    GIGABITS_PER_SECOND = BitRate 1_000_000_000 "Gbps" ["Gbit/s"];
    PER_SECOND = EventRate 1 "/s" ["req/s", "requests/s", "rps", "per second"];
}

impl Unit {
    /// Whole things; written without a unit.
    pub const COUNT: Self = Self {
        dimension: Dimension::Count,
        factor: 1,
        symbol: "",
    };
    /// A number without a unit.
    pub const NUMBER: Self = Self {
        dimension: Dimension::Number,
        factor: 1,
        symbol: "",
    };

    pub const fn dimension(self) -> Dimension {
        self.dimension
    }

    /// How many of the dimension's smallest unit one of these is.
    pub const fn factor(self) -> u64 {
        self.factor
    }

    /// What is written behind the number; empty for counts and plain numbers.
    pub const fn symbol(self) -> &'static str {
        self.symbol
    }

    /// The unit that `text` spells. Case counts: `MB` are bytes, `Mbps` bits.
    ///
    /// # Errors
    /// The nearest spelling, where there is none like it.
    pub fn parse(text: &str) -> Result<Self, String> {
        SPELLINGS
            .iter()
            .find(|(spelling, _)| *spelling == text)
            .map(|(_, unit)| *unit)
            .ok_or_else(|| {
                let near = SPELLINGS
                    .iter()
                    .map(|(spelling, _)| *spelling)
                    .find(|spelling| spelling.eq_ignore_ascii_case(text))
                    .or_else(|| nearest(text, SPELLINGS.iter().map(|(spelling, _)| *spelling)));
                match near {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "expected %, pp, ms, s, min, h, d, KB, MB, GB, KiB, MiB, GiB, MB/s, Mbps or /s".into(),
                }
            })
    }

    /// The value with the unit behind it, as the policy would write it.
    pub(crate) fn write(self, value: impl fmt::Display) -> String {
        match self.dimension {
            Dimension::Percent | Dimension::Points | Dimension::EventRate => {
                format!("{value}{}", self.symbol)
            }
            Dimension::Count | Dimension::Number => value.to_string(),
            _ => format!("{value} {}", self.symbol),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimal_and_binary_sizes_differ_and_case_counts() {
        assert_eq!(Unit::parse("GB").unwrap().factor(), 1_000_000_000);
        assert_eq!(Unit::parse("GiB").unwrap().factor(), 1 << 30);
        assert_eq!(Unit::parse("minutes"), Ok(Unit::MINUTES));
        assert_eq!(Unit::parse("mbps"), Err("did you mean `Mbps`?".into()));
        assert_eq!(Unit::parse("secnds"), Err("did you mean `seconds`?".into()));
        assert!(Unit::parse("parsecs per fortnight").is_err());
    }

    #[test]
    fn no_spelling_stands_for_two_units() {
        let mut names: Vec<_> = SPELLINGS.iter().map(|(name, _)| *name).collect();
        names.sort_unstable();
        let before = names.len();
        names.dedup();
        assert_eq!(names.len(), before);
    }
}
