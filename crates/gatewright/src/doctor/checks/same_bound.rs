//! A failure rate of at most 5 % and a success rate of at least 95 % are one bound; at least 90 % and below 80 % is none.

use crate::doctor::papers::{Finding, Papers};
use crate::doctor::quantity::{MILLION, Of, plain};
use crate::doctor::targets::{Target, targets};

pub(super) fn find(papers: &Papers<'_>) -> Vec<Finding> {
    let all = targets(papers);
    let mut found: Vec<_> = all.iter().filter_map(|one| complement(one, &all)).collect();
    found.extend(all.iter().enumerate().filter_map(|(at, one)| {
        let later = all[at + 1..].iter();
        later.take(1_000).find_map(|other| excluded(one, other))
    }));
    found
}

/// A failure rate with the success rate of the same block.
fn complement(failure: &Target<'_>, all: &[Target<'_>]) -> Option<Finding> {
    let upper = failure.quantity.of == Of::Percent && failure.quantity.is_upper();
    let rate = ["change_failure_rate", "failure_rate"].contains(&failure.measure);
    if !upper || !rate {
        return None;
    }
    let success = all.iter().find(|other| {
        other.measure == "success_rate"
            && other.block == failure.block
            && other.quantity.of == Of::Percent
            && other.quantity.is_lower()
    })?;
    let (most, least) = (&failure.quantity, &success.quantity);
    let rest = (100 * MILLION).checked_sub(least.micro)?;
    let text = format!(
        "`{}` {} and `{}` {} ",
        failure.name, most.text, success.name, least.text
    );
    let (text, next) = if rest == most.micro {
        (
            text + "are the same bound written twice, as whatever does not succeed fails",
            "keep one, or say what else the other counts",
        )
    } else {
        let allowed = plain(rest);
        (
            format!(
                "{text}bound the same share: success leaves {allowed} % for failures, so the looser of the two decides nothing"
            ),
            "keep the one that is meant",
        )
    };
    Some(Finding::new(failure.at, text, next).beside(success.at, format!("`{}`", success.name)))
}

/// Two bounds of one block on one measure that no value meets.
fn excluded(one: &Target<'_>, other: &Target<'_>) -> Option<Finding> {
    let same = one.name == other.name
        && one.block == other.block
        && one.quantity.of == other.quantity.of
        && (one.goal || other.goal || std::ptr::eq(one.around, other.around));
    let (least, most) = if one.quantity.is_lower() {
        (one, other)
    } else {
        (other, one)
    };
    let opposed = least.quantity.is_lower() && most.quantity.is_upper();
    if !same || !opposed || least.quantity.micro <= most.quantity.micro {
        return None;
    }
    let text = format!(
        "`{}` is asked to be {} and {}, which no value is",
        one.name, one.quantity.text, other.quantity.text
    );
    Some(
        Finding::new(
            one.at,
            text,
            "remove one of the two, or turn its sign round",
        )
        .beside(
            other.at,
            format!("`{}`: {}", other.name, other.quantity.text),
        ),
    )
}
