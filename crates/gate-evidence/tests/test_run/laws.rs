use gate_evidence::Limits;
use gate_evidence::test_run::{self, FORMATS, LIMITS, Status, TestRun};
use proptest::prelude::*;
use std::fmt::Write as _;

use crate::samples::SAMPLES;

/// One `JUnit` report of a few cases, with retries and rows.
fn shard() -> impl Strategy<Value = TestRun> {
    let case = (0_u8..4, 0_u8..6, 0_u32..5);
    let suite = (
        prop::sample::select(vec!["s", "t"]),
        prop::collection::vec(case, 0..8),
    );
    prop::collection::vec(suite, 0..4).prop_map(|suites| {
        let mut text = String::from("<testsuites>");
        for (suite, cases) in suites {
            let _ = write!(text, "<testsuite name='{suite}'>");
            for (name, outcome, time) in cases {
                let inner = match outcome {
                    0 | 1 => "",
                    2 => "<failure message='no'/>",
                    3 => "<error message='broken'>a.py:3</error>",
                    4 => "<skipped/>",
                    _ => "<flakyFailure message='once'/>",
                };
                let _ = write!(
                    text,
                    "<testcase name='{name}' time='0.{time}'>{inner}</testcase>"
                );
            }
            text.push_str("</testsuite>");
        }
        text.push_str("</testsuites>");
        crate::read("junit", text).expect("a valid shard")
    })
}

fn merged(mut first: TestRun, second: TestRun) -> TestRun {
    first.merge(second);
    first
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn parsers_never_panic_on_bytes(bytes in prop::collection::vec(any::<u8>(), 0..400), format in 0..FORMATS.len()) {
        let _ = test_run::sniff(&bytes);
        let _ = test_run::parse(&FORMATS[format], &mut bytes.as_slice(), LIMITS);
    }

    #[test]
    fn parsers_never_panic_on_mutations(
        (name, seed) in prop::sample::select(SAMPLES),
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0_u8..4), 1..12),
    ) {
        let format = test_run::format(name).expect("a known format");
        let mut bytes = seed.as_bytes().to_vec();
        for (at, byte, kind) in edits {
            if bytes.is_empty() {
                break;
            }
            let at = at.index(bytes.len());
            match kind {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                2 => drop(bytes.remove(at)),
                _ => bytes.truncate(at),
            }
        }
        if let Ok(run) = test_run::parse(format, &mut bytes.as_slice(), Limits { records: 10_000, ..LIMITS }) {
            prop_assert!(run.records >= run.totals().all());
            prop_assert!(run.cases().all(|(_, _, case)| case.attempts >= 1));
        }
    }

    #[test]
    fn merge_is_commutative(a in shard(), b in shard()) {
        let (ab, ba) = (merged(a.clone(), b.clone()), merged(b, a));
        prop_assert_eq!(ab.suites, ba.suites);
        prop_assert_eq!(ab.records, ba.records);
    }

    #[test]
    fn merge_is_associative(a in shard(), b in shard(), c in shard()) {
        let left = merged(merged(a.clone(), b.clone()), c.clone());
        let right = merged(a, merged(b, c));
        prop_assert_eq!(left.suites, right.suites);
        prop_assert_eq!(left.records, right.records);
    }

    #[test]
    fn merging_a_shard_twice_changes_nothing(a in shard(), b in shard()) {
        let once = merged(a.clone(), b.clone());
        prop_assert_eq!(&merged(once.clone(), b).suites, &once.suites);
        prop_assert_eq!(merged(a.clone(), a.clone()).suites, a.suites);
    }

    #[test]
    fn merging_never_mends(a in shard(), b in shard()) {
        let both = merged(a.clone(), b);
        for (suite, id, case) in a.cases() {
            let after = &both.suites[suite][id];
            prop_assert!(after.status >= case.status && after.attempts >= case.attempts);
            prop_assert!(!case.is_flaky() || after.is_flaky() || after.status >= Status::Failed);
        }
    }
}
