//! Reading a requirement: a number, a comparison with a unit, `true`, `false`,
//! a percentage, a named band, or `{fail, warn, per}`.

use crate::catalogue::{CriterionSpec, Measure};
use crate::error::PolicyError;
use crate::nearest::did_you_mean;
use crate::number::read_number;
use crate::requirement::{Bound, Op, Requirement};
use crate::strictness::bound_as_strict;
use crate::yaml::{Data, Entry, Value, shorten, with_first};

const KEYS: [&str; 3] = ["fail", "warn", "per"];

/// The requirement that `value` writes for a criterion, or all that is wrong with it.
pub(crate) fn read(value: &Value, spec: &CriterionSpec) -> Result<Requirement, Vec<PolicyError>> {
    match &value.data {
        Data::Map(entries) => read_levels(value, entries, spec),
        Data::Null | Data::Scalar { .. } | Data::List(_) => Ok(Requirement {
            fail: Some(read_bound(value, &spec.measure).map_err(|error| vec![error])?),
            warn: None,
            per: None,
            text: text_of(value),
        }),
    }
}

/// What can be read without a catalogue: only what needs no measure to be
/// understood. For requirements that nobody judges, so that they can be shown.
pub(crate) fn read_untyped(value: &Value) -> Requirement {
    Requirement::of_text(text_of(value))
}

/// What the policy wrote, on one line.
pub(crate) fn text_of(value: &Value) -> String {
    let joined = |parts: Vec<String>| parts.join(", ");
    match &value.data {
        Data::Null => String::new(),
        Data::Scalar { text, .. } => text.split_whitespace().collect::<Vec<_>>().join(" "),
        Data::List(items) => format!("[{}]", joined(items.iter().map(text_of).collect())),
        Data::Map(entries) => joined(
            entries
                .iter()
                .map(|entry| format!("{}: {}", entry.key, text_of(&entry.value)))
                .collect(),
        ),
    }
}

fn read_levels(
    value: &Value,
    entries: &[Entry],
    spec: &CriterionSpec,
) -> Result<Requirement, Vec<PolicyError>> {
    let mut errors = Vec::new();
    let mut requirement = Requirement::of_text(text_of(value));
    for (entry, first) in with_first(entries) {
        if let Some(first) = first {
            errors.push(twice(entry, first));
            continue;
        }
        let mut bound = |slot: &mut Option<Bound>| match read_bound(&entry.value, &spec.measure) {
            Ok(bound) => *slot = Some(bound),
            Err(error) => errors.push(error),
        };
        match entry.key.as_str() {
            "fail" => bound(&mut requirement.fail),
            "warn" => bound(&mut requirement.warn),
            "per" => match read_per(&entry.value, spec) {
                Ok(per) => requirement.per = Some(per),
                Err(error) => errors.push(error),
            },
            "when" => errors.push(when_of_a_criterion(entry)),
            other => errors.push(
                PolicyError::new(
                    &entry.position,
                    format!("unknown key `{other}` in a requirement"),
                )
                .maybe_hint(did_you_mean(other, KEYS)),
            ),
        }
    }
    if errors.is_empty() {
        errors.extend(inconsistent(value, &requirement));
    }
    if errors.is_empty() {
        Ok(requirement)
    } else {
        Err(errors)
    }
}

fn inconsistent(value: &Value, requirement: &Requirement) -> Option<PolicyError> {
    match (&requirement.fail, &requirement.warn) {
        (None, None) => Some(
            PolicyError::new(&value.position, "found a requirement with no bound")
                .hint("write `fail:`, `warn:` or both"),
        ),
        (Some(fail), Some(warn)) if !bound_as_strict(warn, fail) => Some(
            PolicyError::new(
                &value.position,
                format!("found `warn` at {warn}, which is looser than `fail` at {fail}: it could never warn"),
            )
            .hint("`warn` has to be at least as strict as `fail`"),
        ),
        _ => None,
    }
}

fn read_per(value: &Value, spec: &CriterionSpec) -> Result<String, PolicyError> {
    let known = || spec.per.iter().map(String::as_str);
    match value.as_str() {
        Some(name) if known().any(|per| per == name) => Ok(name.to_owned()),
        _ if spec.per.is_empty() => Err(PolicyError::new(
            &value.position,
            format!(
                "found `per: {}`, which this criterion does not have",
                text_of(value)
            ),
        )
        .hint("remove `per`")),
        found => Err(PolicyError::new(
            &value.position,
            format!("found {} for `per`", value.found()),
        )
        .maybe_hint(did_you_mean(found.unwrap_or_default(), known()))),
    }
}

pub(crate) fn twice(entry: &Entry, first: &Entry) -> PolicyError {
    PolicyError::new(
        &entry.position,
        format!("found the key `{}` twice in one map", entry.key),
    )
    .hint(format!("remove one; the first is at {}", first.position))
}

fn when_of_a_criterion(entry: &Entry) -> PolicyError {
    PolicyError::new(&entry.position, "found `when` within a criterion, where it has no meaning")
        .hint("write `when:` beside `criteria:`: it is for the whole gate; criteria that compare with a base carry `when: has_base` by themselves")
}

fn read_bound(value: &Value, measure: &Measure) -> Result<Bound, PolicyError> {
    let wrong =
        |message: String, hint: String| PolicyError::new(&value.position, message).hint(hint);
    let expected = || format!("expected {}", measure.expected());
    let Some(text) = value.as_str() else {
        return Err(wrong(
            format!("found {} as a requirement", value.found()),
            expected(),
        ));
    };
    if let Some(flag) = value.as_bool() {
        return match (measure, flag) {
            (Measure::Violations, true) => Ok(Bound::NoViolations),
            (Measure::Presence, false) => Ok(Bound::NonePresent),
            (Measure::Violations, false) => Err(wrong(
                "found `false`, which would ask for violations".into(),
                "write `true` for none, or remove the criterion".into(),
            )),
            (Measure::Presence, true) => Err(wrong(
                "found `true`, which would ask for what should not be there".into(),
                "write `false` for none, or remove the criterion".into(),
            )),
            _ => Err(wrong(
                format!("found `{text}`, which is no bound here"),
                expected(),
            )),
        };
    }
    let (op, rest) = split_op(text.trim());
    let op_or_default = op.unwrap_or_else(|| measure.default_op());
    let bound = match measure {
        Measure::Band { order, .. } => read_band(op_or_default, rest, order),
        _ => read_number(op_or_default, rest, measure),
    }
    .map_err(|(message, hint)| wrong(message, hint.unwrap_or_else(expected)))?;
    right_way_round(op_or_default, measure)
        .map_err(|(message, hint)| wrong(format!("found `{}`, {message}", shorten(text)), hint))?;
    Ok(bound)
}

/// What was wrong and, where it is not simply what was expected, the hint.
pub(crate) type Wrong = (String, Option<String>);

fn split_op(text: &str) -> (Option<Op>, &str) {
    let signs = [
        ("<=", Op::Le),
        (">=", Op::Ge),
        ("==", Op::Eq),
        ("<", Op::Lt),
        (">", Op::Gt),
        ("=", Op::Eq),
    ];
    for (sign, op) in signs {
        if let Some(rest) = text.strip_prefix(sign) {
            return (Some(op), rest.trim_start());
        }
    }
    (None, text)
}

fn right_way_round(op: Op, measure: &Measure) -> Result<(), (String, String)> {
    let (better, sign) = if measure.higher_is_better() {
        ("higher", ">=")
    } else {
        ("lower", "<=")
    };
    let wrong_way = if measure.higher_is_better() {
        op.is_upper()
    } else {
        op.is_lower()
    };
    if wrong_way {
        return Err((
            format!("which asks for worse: {better} is better here"),
            format!("write it with `{sign}`"),
        ));
    }
    Ok(())
}

fn read_band(op: Op, name: &str, order: &[String]) -> Result<Bound, Wrong> {
    let Some(rank) = order.iter().position(|band| band == name) else {
        return Err((
            format!("found the unknown band `{}`", shorten(name)),
            did_you_mean(name, order.iter().map(String::as_str)),
        ));
    };
    let beyond = (op == Op::Lt && rank == 0) || (op == Op::Gt && rank + 1 == order.len());
    if beyond {
        return Err((format!("found `{op} {name}`, which no band can meet"), None));
    }
    Ok(Bound::Band {
        op,
        name: name.to_owned(),
        order: order.to_vec(),
    })
}
