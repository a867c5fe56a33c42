//! A percentage as a small drawing beside its number.

use gate_verdict::CriterionResult;

/// A share of a whole as a bar, with a tick at what is required.
pub(super) fn bar(criterion: &CriterionResult) -> String {
    let Some(observed) = &criterion.observed else {
        return String::new();
    };
    let (Some(part), Some(whole)) = (observed.numerator, observed.denominator) else {
        return String::new();
    };
    let Some(permille) = (u128::from(part) * 1000).checked_div(u128::from(whole)) else {
        return String::new();
    };
    let tick = criterion
        .required
        .as_ref()
        .filter(|required| required.unit.as_deref() == Some("%") || required.text.contains('%'))
        .and_then(|required| required.value.as_deref())
        .and_then(permille_of)
        .map(|x| {
            format!(
                "<rect class=\"tick\" x=\"{}\" y=\"0\" width=\"12\" height=\"80\"/>",
                x.min(994)
            )
        })
        .unwrap_or_default();
    format!(
        "<svg class=\"bar {}\" viewBox=\"0 0 1000 80\" preserveAspectRatio=\"none\" aria-hidden=\"true\" focusable=\"false\">\
         <rect class=\"track\" x=\"0\" y=\"20\" width=\"1000\" height=\"40\" rx=\"20\"/>\
         <rect class=\"fill\" x=\"0\" y=\"20\" width=\"{}\" height=\"40\" rx=\"20\"/>{tick}</svg>",
        criterion.status,
        permille.min(1000)
    )
}

/// `85` and `85.5` as 850 and 855; only for drawing.
fn permille_of(percent: &str) -> Option<u32> {
    let (whole, fraction) = percent.split_once('.').unwrap_or((percent, "0"));
    let whole: u32 = whole.parse().ok().filter(|whole| *whole <= 100)?;
    let tenth = fraction.chars().next()?.to_digit(10)?;
    Some((whole * 10 + tenth).min(1000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_drawn_where_a_percentage_is() {
        for (percent, permille) in [
            ("85", Some(850)),
            ("99.95", Some(999)),
            ("100", Some(1000)),
            ("101", None),
            ("-1", None),
            ("x", None),
            ("9.", None),
            ("", None),
        ] {
            assert_eq!(permille_of(percent), permille, "{percent}");
        }
    }
}
