//! How a requirement for a measure may be written. A test reads every example
//! with the policy reader.

use gate_policy::Measure;

#[derive(Debug)]
pub(crate) struct Forms {
    pub expected: String,
    pub examples: Vec<String>,
}

pub(crate) fn forms(measure: &Measure) -> Forms {
    let (op, levels) = match measure {
        Measure::Count {
            higher_is_better: true,
        }
        | Measure::Percent {
            higher_is_better: true,
        }
        | Measure::Rate {
            higher_is_better: true,
        }
        | Measure::Number {
            higher_is_better: true,
        }
        | Measure::Band {
            higher_is_better: true,
            ..
        } => (">=", "lowest"),
        _ => ("<=", "highest"),
    };
    let (expected, examples) = match measure {
        Measure::Violations => (
            "`true` (no violations) or a highest count".to_owned(),
            vec!["true".to_owned(), "\"<= 3\"".to_owned()],
        ),
        Measure::Presence => (
            "`false` (none present) or a highest count".to_owned(),
            vec!["false".to_owned(), "\"<= 3\"".to_owned()],
        ),
        Measure::Count { .. } => (
            format!("a {levels} count"),
            match op {
                ">=" => vec!["100".to_owned(), "\">= 100\"".to_owned()],
                _ => vec!["0".to_owned(), "\"<= 5\"".to_owned()],
            },
        ),
        Measure::Percent { .. } => (
            format!("a {levels} percentage"),
            match op {
                ">=" => vec![
                    "\">= 85%\"".to_owned(),
                    "{fail: \">= 85%\", warn: \">= 90%\"}".to_owned(),
                ],
                _ => vec![
                    "\"<= 5%\"".to_owned(),
                    "{fail: \"<= 5%\", warn: \"<= 2%\"}".to_owned(),
                ],
            },
        ),
        Measure::Points => (
            "the most percentage points".to_owned(),
            vec!["\"<= 0.5pp\"".to_owned()],
        ),
        Measure::Duration => (
            "a longest time with its unit".to_owned(),
            vec!["\"< 200ms\"".to_owned(), "\"<= 10min\"".to_owned()],
        ),
        Measure::Bytes => (
            "a largest size with its unit".to_owned(),
            vec!["\"< 2GB\"".to_owned(), "\"<= 512MiB\"".to_owned()],
        ),
        Measure::ByteRate => (
            "a highest rate with its unit".to_owned(),
            vec!["\"< 100MB/s\"".to_owned()],
        ),
        Measure::BitRate => (
            "a highest rate with its unit".to_owned(),
            vec!["\"< 100Mbps\"".to_owned()],
        ),
        Measure::Rate { .. } => (format!("a {levels} rate"), vec![format!("\"{op} 100/s\"")]),
        Measure::Number { .. } => (format!("a {levels} number"), vec![format!("\"{op} 0.3\"")]),
        Measure::Band { order, .. } => (
            format!("a band: {}", order.join(", ")),
            order
                .last()
                .map(|band| format!("\"{op} {band}\""))
                .into_iter()
                .collect(),
        ),
    };
    Forms { expected, examples }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codegen::catalogue::catalogue;
    use gate_policy::{Check, Source, load};

    #[test]
    fn every_example_is_a_policy_that_loads() {
        let catalogue = catalogue();
        let mut read = 0;
        for (kind, spec) in &catalogue.kinds {
            for (id, criterion) in &spec.criteria {
                for example in forms(&criterion.measure).examples {
                    let text = format!(
                        "version: 1\ngates:\n  {kind}:\n    criteria:\n      {id}: {example}\n"
                    );
                    let source = Source {
                        path: String::from("gates.yml"),
                        bytes: text.as_bytes(),
                    };
                    if let Err(errors) = load(&[source], &catalogue, Check::All) {
                        panic!("{kind} {id}: {example}: {errors:?}");
                    }
                    read += 1;
                }
            }
        }
        assert!(read > 40, "only {read} examples");
    }
}
