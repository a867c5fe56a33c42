//! Lines and columns.

use super::wire::{Number, Region};
use super::{Check, Problem, Repair, Weight};
use crate::text::{Edit, Pointer};

pub(super) const ABSENT: Check = Check {
    id: "region_absent",
    weight: Weight::Hidden,
    expected: "a `region` with a `startLine`",
    next_step: "--repair safe shows the result at line 1",
};

pub(super) const NUMBERS: Check = Check {
    id: "region_numbers",
    weight: Weight::Refused,
    expected: "whole numbers from 1 to 2147483647, the end not before the start",
    next_step: "--repair safe leaves an impossible end out and begins at 1",
};

/// SARIF's own readers hold lines in 32 bits.
const MOST: i64 = 0x7fff_ffff;

/// What is wrong with the region of the physical location at `pointer`.
pub(super) fn check(region: Option<&Region>, pointer: impl Fn() -> Pointer) -> Option<Problem> {
    let at = || pointer().at("region");
    let Some(region) = region else {
        return Some(Problem {
            check: &ABSENT,
            pointer: pointer(),
            found: String::from("no `region`"),
            repair: Some(Repair::Safe(vec![Edit::json(
                at(),
                String::from(r#"{"startLine":1}"#),
            )])),
        });
    };
    if region.start_line == Number::Absent {
        let by_offset =
            region.char_offset != Number::Absent || region.byte_offset != Number::Absent;
        let line = Edit::json(at().at("startLine"), String::from("1"));
        return Some(Problem {
            check: &ABSENT,
            pointer: at(),
            found: String::from(if by_offset {
                "a `region` that counts characters or bytes"
            } else {
                "a `region` without `startLine`"
            }),
            // Which line the offset is on is not known here.
            repair: (!by_offset).then(|| Repair::Safe(vec![line])),
        });
    }
    let mut edits = Vec::new();
    let mut found = Vec::new();
    let mut wrong = |key: &'static str, number: Number, edit: Edit| {
        found.push(format!("{key} {number}"));
        edits.push(edit);
    };
    let fits = |number: Number| matches!(number, Number::Whole(1..=MOST) | Number::Absent);
    let starts = [
        ("startLine", region.start_line),
        ("startColumn", region.start_column),
    ];
    for (key, number) in starts {
        if !fits(number) {
            wrong(key, number, Edit::json(at().at(key), String::from("1")));
        }
    }
    let start = |number: Number| match number {
        Number::Whole(number @ 1..=MOST) => number,
        _ => 1,
    };
    let line = start(region.start_line);
    let one_line =
        matches!(region.end_line, Number::Absent) || region.end_line == Number::Whole(line);
    let least_column = if one_line {
        start(region.start_column)
    } else {
        1
    };
    let ends = [
        ("endLine", region.end_line, line),
        ("endColumn", region.end_column, least_column),
    ];
    for (key, number, least) in ends {
        let before = matches!(number, Number::Whole(number) if number < least);
        if !fits(number) || before {
            wrong(key, number, Edit::remove(at().at(key)));
        }
    }
    (!edits.is_empty()).then(|| Problem {
        check: &NUMBERS,
        pointer: at(),
        found: found.join(", "),
        repair: Some(Repair::Safe(edits)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::apply;

    #[test]
    fn regions_are_checked_and_mended() {
        for (region, expected) in [
            (r#"{"startLine":3}"#, None),
            (
                r#"{"startLine":3,"startColumn":9,"endLine":4,"endColumn":1}"#,
                None,
            ),
            (r"{}", Some(r#"{"startLine":1}"#)),
            (r#"{"startLine":0}"#, Some(r#"{"startLine":1}"#)),
            (
                r#"{"startLine":-5,"endLine":-5}"#,
                Some(r#"{"startLine":1}"#),
            ),
            (r#"{"startLine":"3"}"#, Some(r#"{"startLine":1}"#)),
            (
                r#"{"startLine":4294967296,"x":1}"#,
                Some(r#"{"startLine":1,"x":1}"#),
            ),
            (r#"{"startLine":4,"endLine":3}"#, Some(r#"{"startLine":4}"#)),
            (
                r#"{"startLine":4,"startColumn":8,"endColumn":7}"#,
                Some(r#"{"startLine":4,"startColumn":8}"#),
            ),
            (
                r#"{"startLine":4,"startColumn":0,"endLine":4,"endColumn":0}"#,
                Some(r#"{"startLine":4,"startColumn":1,"endLine":4}"#),
            ),
        ] {
            let wire: Region = serde_json::from_str(region).expect(region);
            let problem = check(Some(&wire), Pointer::root);
            let mended = problem.map(|problem| match problem.repair {
                Some(Repair::Safe(edits)) => {
                    let whole = format!("{{\"region\":{region}}}");
                    let mended = apply(&whole, &edits).expect(region).into_owned();
                    mended[10..mended.len() - 1].to_owned()
                }
                other => panic!("{region}: {other:?}"),
            });
            assert_eq!(mended.as_deref(), expected, "{region}");
        }
        let absent = check(None, Pointer::root).expect("a problem");
        assert_eq!(absent.check.id, "region_absent");
        let offsets: Region = serde_json::from_str(r#"{"charOffset":7}"#).expect("a region");
        assert_eq!(
            check(Some(&offsets), Pointer::root)
                .expect("a problem")
                .repair,
            None
        );
    }
}
