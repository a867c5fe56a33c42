use std::cmp::Ordering;

use crate::model::{Properties, Rule, SarifResult};

/// How bad a result is. Greater is worse, except that `Unknown` stands apart: what it means is the
/// policy's choice, and never silently the lowest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// A score of 0, or level `none`.
    None,
    Low,
    Medium,
    High,
    Critical,
    /// A score or level that is written and makes no sense.
    Unknown,
}

impl Severity {
    /// The `snake_case` word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
            Self::Unknown => "unknown",
        }
    }
}

/// The severity of a result under its rule.
///
/// First the rule's, else the result's, `security-severity` (9.0 and above critical, 7.0 high,
/// 4.0 medium, above 0 low), compared as the decimal that was written; then the level: the result's,
/// else the rule's default, else `warning` (error high, warning medium, note low).
pub fn severity(result: &SarifResult, rule: Option<&Rule>) -> Severity {
    let score = |properties: &Option<Properties>| {
        let raw = properties.as_ref()?.security_severity.as_ref()?.get();
        Some(serde_json::from_str::<String>(raw).unwrap_or_else(|_| raw.to_owned()))
    };
    if let Some(score) = rule
        .and_then(|rule| score(&rule.properties))
        .or_else(|| score(&result.properties))
    {
        return of_score(&score);
    }
    let default = rule.and_then(|rule| rule.default_configuration.as_ref()?.level.as_deref());
    match result
        .level
        .as_deref()
        .or(default)
        .unwrap_or("warning")
        .to_ascii_lowercase()
        .as_str()
    {
        "error" => Severity::High,
        "warning" => Severity::Medium,
        "note" => Severity::Low,
        "none" => Severity::None,
        _ => Severity::Unknown,
    }
}

/// Whether code scanning takes this as a score.
pub(crate) fn is_score(text: &str) -> bool {
    of_score(text) != Severity::Unknown
}

fn of_score(text: &str) -> Severity {
    let Some(score) = Decimal::parse(text.trim()) else {
        return Severity::Unknown;
    };
    match score {
        score if score.cmp(10) == Ordering::Greater => Severity::Unknown,
        score if score.cmp(9).is_ge() => Severity::Critical,
        score if score.cmp(7).is_ge() => Severity::High,
        score if score.cmp(4).is_ge() => Severity::Medium,
        score if score.cmp(0).is_gt() => Severity::Low,
        _ => Severity::None,
    }
}

/// A decimal from 0 without sign and exponent.
#[derive(Clone, Copy)]
struct Decimal<'a> {
    whole: &'a str,
    fraction: &'a str,
}

impl<'a> Decimal<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
        let digits =
            |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        (digits(whole) && digits(fraction)).then_some(Self { whole, fraction })
    }

    /// Compares with a small whole number.
    fn cmp(self, other: u32) -> Ordering {
        // too many digits for 32 bits is more than any threshold
        let whole = self.whole.trim_start_matches('0');
        let whole = if whole.is_empty() {
            0
        } else {
            whole.parse::<u32>().unwrap_or(u32::MAX)
        };
        let has_fraction = self.fraction.bytes().any(|byte| byte != b'0');
        whole.cmp(&other).then(if has_fraction {
            Ordering::Greater
        } else {
            Ordering::Equal
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(properties: &str, level: &str) -> Rule {
        let text = format!(
            "{{\"id\":\"r\",\"properties\":{properties},\"defaultConfiguration\":{{\"level\":{level}}}}}"
        );
        serde_json::from_str(&text).unwrap()
    }

    fn scored(score: &str) -> Severity {
        let rule = rule(&format!("{{\"security-severity\":{score}}}"), "\"note\"");
        severity(&SarifResult::default(), Some(&rule))
    }

    #[test]
    fn scores_have_exact_edges() {
        for (score, expected) in [
            ("\"10.0\"", Severity::Critical),
            ("\"9.0\"", Severity::Critical),
            ("9", Severity::Critical),
            ("\"8.99999999999999999999999\"", Severity::High),
            ("8.99999999999999999999999", Severity::High),
            ("\"8.95\"", Severity::High),
            ("\"7.0\"", Severity::High),
            ("6.9", Severity::Medium),
            ("\"4\"", Severity::Medium),
            ("\"3.999\"", Severity::Low),
            ("\"0.0000000001\"", Severity::Low),
            ("\" 5.5 \"", Severity::Medium),
            ("\"0.0\"", Severity::None),
            ("0", Severity::None),
            ("\"10.1\"", Severity::Unknown),
            ("\"99999999999999\"", Severity::Unknown),
            ("-1", Severity::Unknown),
            ("1e1", Severity::Unknown),
            ("\"high\"", Severity::Unknown),
            ("\"\"", Severity::Unknown),
            ("true", Severity::Unknown),
            ("null", Severity::Low), // not written: the level counts
        ] {
            assert_eq!(scored(score), expected, "{score}");
        }
    }

    #[test]
    fn levels_come_second() {
        let with = |level: Option<&str>| SarifResult {
            level: level.map(str::to_owned),
            ..SarifResult::default()
        };
        let plain = rule("{}", "\"error\"");
        assert_eq!(severity(&with(Some("note")), Some(&plain)), Severity::Low);
        assert_eq!(severity(&with(None), Some(&plain)), Severity::High);
        assert_eq!(severity(&with(None), None), Severity::Medium);
        assert_eq!(severity(&with(Some("none")), None), Severity::None);
        assert_eq!(severity(&with(Some("Error")), None), Severity::High);
        assert_eq!(severity(&with(Some("fatal")), None), Severity::Unknown);
        let score = rule("{\"security-severity\":\"9.8\"}", "\"note\"");
        assert_eq!(
            severity(&with(Some("note")), Some(&score)),
            Severity::Critical
        );
    }
}
