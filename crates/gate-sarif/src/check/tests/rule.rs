use super::super::rule::*;
use super::super::*;
use crate::text::apply;
use serde_json::Value;

/// The checks that a rule fails, and the rule with every repair applied.
fn checked(text: &str) -> (Vec<&'static str>, String) {
    let rule: Rule<'_> = serde_json::from_str(text).expect(text);
    let mut problems = Vec::new();
    check(&rule, &Pointer::root(), &mut problems);
    let mut mended = text.to_owned();
    for problem in &problems {
        if let Some(Repair::Safe(edits) | Repair::Cut(edits)) = &problem.repair {
            mended = apply(&mended, edits).expect("a place").into_owned();
        }
    }
    (
        problems.iter().map(|problem| problem.check.id).collect(),
        mended,
    )
}

#[test]
fn rules_are_checked_and_mended_once() {
    const FULL: &str =
        r#""shortDescription":{"text":"s"},"fullDescription":{"text":"f"},"help":{"text":"h"}"#;
    let long = "x".repeat(256);
    let tags: Vec<String> = (0..21).map(|tag| tag.to_string()).collect();
    let many = Value::from(tags.clone()).to_string();
    let few = Value::from(tags.get(..11).expect("tags").to_vec()).to_string();
    for (rule, expected) in [
        (format!(r#"{{"id":"a",{FULL}}}"#), &[][..]),
        (format!("{{{FULL}}}"), &["rule_without_id"]),
        (
            String::from(r#"{"id":"a"}"#),
            &[
                "rule_short_description",
                "rule_full_description",
                "rule_help",
            ],
        ),
        (
            String::from(
                r#"{"id":"a","shortDescription":{},"fullDescription":{"text":" "},"help":{"markdown":"m"}}"#,
            ),
            &[
                "rule_short_description",
                "rule_full_description",
                "rule_help",
            ],
        ),
        (
            format!(r#"{{"id":"a","name":"{long}",{FULL}}}"#),
            &["rule_text_length"],
        ),
        (
            format!(r#"{{"id":"a",{FULL},"helpUri":"see docs"}}"#),
            &["rule_help_uri"],
        ),
        (format!(r#"{{"id":"a",{FULL},"helpUri":""}}"#), &[]),
        (
            format!(r#"{{"id":"a",{FULL},"defaultConfiguration":{{"level":"Error"}}}}"#),
            &["rule_level"],
        ),
        (
            format!(r#"{{"id":"a",{FULL},"defaultConfiguration":{{"level":"fatal"}}}}"#),
            &["rule_level"],
        ),
        (
            format!(r#"{{"id":"a",{FULL},"properties":{{"tags":{many}}}}}"#),
            &["rule_tags"],
        ),
        (
            format!(r#"{{"id":"a",{FULL},"properties":{{"tags":["x","y","x"]}}}}"#),
            &["rule_repeated_tags"],
        ),
        (
            format!(r#"{{"id":"a",{FULL},"properties":{{"security-severity":7.50}}}}"#),
            &["security_severity"],
        ),
        (
            format!(r#"{{"id":"a",{FULL},"properties":{{"security-severity":"high"}}}}"#),
            &["security_severity"],
        ),
        (
            format!(r#"{{"id":"a",{FULL},"properties":{{"security-severity":"7.5"}}}}"#),
            &[],
        ),
        (
            format!(r#"{{"id":"a",{FULL},"properties":{{"security-severity":null}}}}"#),
            &[],
        ),
    ] {
        let (found, mended) = checked(&rule);
        assert_eq!(found, expected, "{rule}");
        let left: &[&str] = if expected == ["rule_without_id"] {
            expected
        } else {
            &[]
        };
        let rest = checked(&mended).0;
        assert_eq!(
            rest.into_iter()
                .filter(|id| *id != "rule_tags_shown")
                .collect::<Vec<_>>(),
            left,
            "{mended}"
        );
    }
    let (found, _) = checked(&format!(
        r#"{{"id":"a",{FULL},"properties":{{"tags":{few},"security-severity":"11"}}}}"#
    ));
    assert_eq!(found, ["rule_tags_shown", "security_severity_range"]);
    assert!(
        checked(r#"{"id":"a","help":{"text":"h"},"properties":{"security-severity":7.50}}"#)
            .1
            .contains(r#""security-severity":"7.50""#)
    );
}
