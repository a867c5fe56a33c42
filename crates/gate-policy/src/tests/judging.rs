//! Section 9: percentages are compared as integers, and what is shown and what
//! is decided never contradict each other.

use crate::{Bound, Measured, Op, Requirement, Unit};
use gate_verdict::{Decimal, Ratio, Status};
use proptest::prelude::*;

fn bound(op: Op, value: &str, unit: Unit) -> Bound {
    Bound::Compare {
        op,
        value: value.parse().expect("a decimal"),
        unit,
    }
}

fn requirement(fail: Option<Bound>, warn: Option<Bound>) -> Requirement {
    Requirement {
        fail,
        warn,
        per: None,
        text: "as written".into(),
    }
}

fn fails_at(op: Op, value: &str, unit: Unit) -> Requirement {
    requirement(Some(bound(op, value, unit)), None)
}

#[test]
fn a_percentage_at_a_hair_below_and_above() {
    let at_least = fails_at(Op::Ge, "85", Unit::PERCENT);
    for (covered, of, status, text, margin) in [
        (85, 100, Status::Pass, "85.00% (85 of 100)", "0.00"),
        (
            16_999,
            20_000,
            Status::Fail,
            "84.99% (16999 of 20000)",
            "-0.01",
        ),
        (
            849_999_999,
            1_000_000_000,
            Status::Fail,
            "84.99% (849999999 of 1000000000)",
            "-0.01",
        ),
        (9, 10, Status::Pass, "90.00% (9 of 10)", "5.00"),
    ] {
        let judged = at_least.judge(&Measured::Percent(Ratio::new(covered, of)));
        assert_eq!(judged.status, status);
        assert_eq!(judged.observed.text, text);
        assert_eq!(judged.margin.as_deref(), Some(margin));
        assert_eq!(
            (judged.observed.numerator, judged.observed.denominator),
            (Some(covered), Some(of))
        );
        assert_eq!(judged.required.text, "as written");
        assert_eq!(judged.required.op.as_deref(), Some(">="));
        assert_eq!(judged.required.value.as_deref(), Some("85"));
        assert_eq!(judged.required.unit.as_deref(), Some("%"));
    }
}

/// Floored to two places 5.001 % would read as 5.00 % and yet fail `<= 5%`.
#[test]
fn a_hair_above_an_upper_bound_is_shown() {
    let at_most = fails_at(Op::Le, "5", Unit::PERCENT);
    let judged = at_most.judge(&Measured::Percent(Ratio::new(5_001, 100_000)));
    assert_eq!(judged.status, Status::Fail);
    assert_eq!(judged.observed.value.as_deref(), Some("5.001"));
    assert_eq!(judged.margin.as_deref(), Some("-0.001"));
    let beyond_digits = at_most.judge(&Measured::Percent(Ratio::new(
        50_000_000_000_001,
        1_000_000_000_000_000,
    )));
    assert_eq!(beyond_digits.status, Status::Fail);
    assert!(
        beyond_digits
            .observed
            .text
            .starts_with("more than 5.000000000%"),
        "{}",
        beyond_digits.observed.text
    );
}

#[test]
fn fail_decides_before_warn() {
    let both = requirement(
        Some(bound(Op::Ge, "85", Unit::PERCENT)),
        Some(bound(Op::Ge, "90", Unit::PERCENT)),
    );
    for (covered, status, shown) in [
        (84, Status::Fail, "85"),
        (85, Status::Warn, "90"),
        (89, Status::Warn, "90"),
        (90, Status::Pass, "85"),
    ] {
        let judged = both.judge(&Measured::Percent(Ratio::new(covered, 100)));
        assert_eq!(
            (judged.status, judged.required.value.as_deref()),
            (status, Some(shown)),
            "{covered}"
        );
    }
}

#[test]
fn nothing_to_compare_is_an_error_and_never_a_pass() {
    let percent = fails_at(Op::Ge, "0", Unit::PERCENT);
    let empty = percent.judge(&Measured::Percent(Ratio::new(0, 0)));
    assert_eq!((empty.status, empty.margin), (Status::Error, None));
    assert_eq!(empty.observed.text, "nothing to measure (0 of 0)");
    let time = Measured::Quantity {
        value: Decimal::from(1),
        unit: Unit::SECONDS,
    };
    for (requirement, measured) in [
        (&percent, &time),
        (&percent, &Measured::Count(0)),
        (
            &fails_at(Op::Le, "5", Unit::COUNT),
            &Measured::Percent(Ratio::new(0, 1)),
        ),
        (&fails_at(Op::Le, "5", Unit::GIGABYTES), &time),
        (
            &requirement(Some(Bound::NoViolations), None),
            &Measured::Percent(Ratio::new(0, 1)),
        ),
        (&requirement(None, None), &Measured::Count(0)),
        (
            &requirement(
                Some(Bound::NoViolations),
                Some(bound(Op::Le, "1", Unit::SECONDS)),
            ),
            &Measured::Count(0),
        ),
        (
            &requirement(
                Some(Bound::Band {
                    op: Op::Lt,
                    name: "high".into(),
                    order: vec!["low".into(), "high".into()],
                }),
                None,
            ),
            &Measured::Band("none".into()),
        ),
    ] {
        assert_eq!(
            requirement.judge(measured).status,
            Status::Error,
            "{requirement:?} {measured:?}"
        );
    }
}

#[test]
fn counts_and_what_should_not_be_there() {
    for bound in [Bound::NoViolations, Bound::NonePresent, Bound::Declared] {
        let none = requirement(Some(bound), None);
        assert_eq!(none.judge(&Measured::Count(0)).status, Status::Pass);
        let judged = none.judge(&Measured::Count(3));
        assert_eq!(
            (judged.status, judged.margin.as_deref()),
            (Status::Fail, Some("-3"))
        );
    }
    let at_most = fails_at(Op::Le, "2", Unit::COUNT);
    assert_eq!(at_most.judge(&Measured::Count(2)).status, Status::Pass);
    assert_eq!(at_most.judge(&Measured::Count(3)).status, Status::Fail);
    assert_eq!(
        fails_at(Op::Lt, "2", Unit::COUNT)
            .judge(&Measured::Count(2))
            .status,
        Status::Fail
    );
}

#[test]
fn units_of_one_dimension_convert_exactly() {
    let quantity = |value: &str, unit| Measured::Quantity {
        value: value.parse().expect("a decimal"),
        unit,
    };
    let limit = fails_at(Op::Lt, "3", Unit::MINUTES);
    for (value, unit, status, margin) in [
        ("180000", Unit::MILLISECONDS, Status::Fail, "0"),
        ("179999.999", Unit::MILLISECONDS, Status::Pass, "0"),
        ("120", Unit::SECONDS, Status::Pass, "1"),
        ("170", Unit::SECONDS, Status::Pass, "0.166666"),
        ("190", Unit::SECONDS, Status::Fail, "-0.166667"),
        ("4.5", Unit::MINUTES, Status::Fail, "-1.5"),
    ] {
        let judged = limit.judge(&quantity(value, unit));
        assert_eq!(
            (judged.status, judged.margin.as_deref()),
            (status, Some(margin)),
            "{value}"
        );
    }
    let size = fails_at(Op::Lt, "2", Unit::GIGABYTES);
    assert_eq!(
        size.judge(&quantity("1.9", Unit::GIBIBYTES)).status,
        Status::Fail,
        "decimal and binary differ"
    );
    assert_eq!(
        size.judge(&quantity("1999999999", Unit::BYTES)).status,
        Status::Pass
    );
    let drop = fails_at(Op::Le, "0.5", Unit::POINTS);
    assert_eq!(
        drop.judge(&quantity("-2.25", Unit::POINTS)).status,
        Status::Pass
    );
    assert_eq!(
        drop.judge(&quantity("0.51", Unit::POINTS)).observed.text,
        "0.51pp"
    );
}

fn ops() -> impl Strategy<Value = Op> {
    proptest::sample::select(vec![Op::Lt, Op::Le, Op::Eq, Op::Ge, Op::Gt])
}

proptest! {
    /// Against rational arithmetic done another way: cross-multiplied u128.
    #[test]
    fn judging_is_exact_and_shows_it(covered in any::<u64>(), of in 1_u64.., target in 0_u64..=10_000, op in ops()) {
        let covered = covered.min(of);
        let requirement = requirement(
            Some(Bound::Compare { op, value: Decimal::new(i64::try_from(target).expect("small"), 2), unit: Unit::PERCENT }),
            None,
        );
        let judged = requirement.judge(&Measured::Percent(Ratio::new(covered, of)));
        let (left, right) = (u128::from(covered) * 10_000, u128::from(target) * u128::from(of));
        let met = match op {
            Op::Lt => left < right,
            Op::Le => left <= right,
            Op::Eq => left == right,
            Op::Ge => left >= right,
            Op::Gt => left > right,
        };
        prop_assert_eq!(judged.status, if met { Status::Pass } else { Status::Fail });
        let shown: Decimal = judged.observed.value.as_deref().expect("measured").parse().expect("a decimal");
        let bound = Decimal::new(i64::try_from(target).expect("small"), 2);
        let reads = op.holds(shown.cmp(&bound));
        prop_assert!(reads == met || judged.observed.text.starts_with("more than"), "{}", judged.observed.text);
    }

    #[test]
    fn counts_are_exact(count in any::<u64>(), limit in 0_u64..1_000_000_000_000_000, op in ops()) {
        let requirement = requirement(Some(Bound::Compare { op, value: Decimal::from(limit), unit: Unit::COUNT }), None);
        let judged = requirement.judge(&Measured::Count(count));
        prop_assert_eq!(judged.status == Status::Pass, op.holds(count.cmp(&limit)));
    }

    /// The margin is negative only where the requirement is not met, and
    /// positive only where it is.
    #[test]
    fn margins_never_contradict(value in -1_000_000_i64..1_000_000, scale in 0_u32..4, limit in 0_u64..1_000, op in ops()) {
        let requirement = requirement(Some(Bound::Compare { op, value: Decimal::from(limit), unit: Unit::MINUTES }), None);
        let judged = requirement.judge(&Measured::Quantity { value: Decimal::new(value, scale), unit: Unit::SECONDS });
        let margin = judged.margin.expect("comparable");
        let positive = margin != "0" && !margin.starts_with('-');
        prop_assert!(!(margin.starts_with('-') && judged.status == Status::Pass), "{margin}");
        prop_assert!(!(positive && judged.status == Status::Fail), "{margin}");
    }
}
