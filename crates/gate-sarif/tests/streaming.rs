//! The walk through logs of any length, against the same text held whole.

use std::io::{self, Read};

use gate_sarif::SarifErrorKind as Kind;
use gate_sarif::stream::{
    Outline, Piece, Position, Stretch, WalkError, elements, outline, text_of, walk,
};
use proptest::prelude::*;
use serde_json::{Value, json};

/// Gives a few bytes at a time.
struct Drops<'a>(&'a [u8], usize);

impl Read for Drops<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let (now, later) = self.0.split_at(self.1.min(self.0.len()).min(out.len()));
        out[..now.len()].copy_from_slice(now);
        self.0 = later;
        Ok(now.len())
    }
}

/// The pieces put together again, with the commas that are left out.
fn together(text: &str, size: usize) -> Result<String, WalkError<()>> {
    let mut out = String::new();
    let (mut runs, mut results) = (0, 0);
    walk(Drops(text.as_bytes(), size), |piece| {
        match piece {
            Piece::Log(text) | Piece::RunText(text) | Piece::RunEnd(text) => {
                out.push_str(std::str::from_utf8(text).unwrap_or_default());
            }
            Piece::Run(before, _) => {
                out.push_str(if runs > 0 { "," } else { "" });
                out.push_str(std::str::from_utf8(before).unwrap_or_default());
                runs += 1;
            }
            Piece::Runs => runs = 0,
            Piece::Results => results = 0,
            Piece::Result(element) => {
                out.push_str(if results > 0 { "," } else { "" });
                for text in [element.before, element.text, element.behind] {
                    out.push_str(text);
                }
                results += 1;
            }
            Piece::Stretch(start) => assert_place(text, start),
            Piece::ResultsEnd(_) => {}
        }
        Ok(())
    })?;
    Ok(out)
}

fn assert_place(text: &str, place: Position) {
    let before = &text[..usize::try_from(place.offset).expect("small")];
    assert_eq!(place.line, before.matches('\n').count() as u64 + 1);
    let line = before.rsplit('\n').next().unwrap_or_default();
    assert_eq!(place.column, line.chars().count() as u64 + 1);
}

fn kind(text: &str) -> Kind {
    match together(text, 7) {
        Err(WalkError::Sarif(error)) => error.kind,
        other => panic!("{text}: {other:?}"),
    }
}

fn log() -> impl Strategy<Value = Value> {
    let result = ("\\PC{0,9}", any::<u32>(), any::<bool>()).prop_map(|(text, number, deep)| {
        let mut result = json!({"message": {"text": text}, "n": [number, {"results": [1]}]});
        if deep {
            result["runs"] = json!([{"results": "]}"}]);
        }
        result
    });
    let run = (
        proptest::option::of(proptest::collection::vec(result, 0..5)),
        any::<bool>(),
    )
        .prop_map(|(results, first)| {
            let mut run = json!({"tool": {"driver": {"name": "t", "results": []}}});
            run[if first { "results" } else { "zResults" }] = json!(results);
            run
        });
    proptest::collection::vec(run, 0..4).prop_map(
        |runs| json!({"$schema": "s", "version": "2.1.0", "runs": runs, "z": {"runs": []}}),
    )
}

proptest! {
    #[test]
    fn the_pieces_are_the_whole(log in log(), pretty in any::<bool>(), size in 1_usize..40) {
        let text = if pretty { serde_json::to_string_pretty(&log) } else { serde_json::to_string(&log) };
        let text = text.expect("JSON") + "\n";
        prop_assert_eq!(together(&text, size).expect("a log"), text);
    }

    #[test]
    fn stretches_hold_every_result(log in log(), pretty in any::<bool>()) {
        let text = if pretty { serde_json::to_string_pretty(&log) } else { serde_json::to_string(&log) };
        assert_stretches(&text.expect("JSON"));
    }

    #[test]
    fn a_log_that_is_cut_off_is_refused(log in log(), cut in 0.0_f64..1.0) {
        let text = serde_json::to_string(&log).expect("JSON");
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a place in a short text")]
        let mut end = (cut * text.len() as f64) as usize;
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let found = kind(&text[..end]);
        prop_assert!(matches!(found, Kind::Truncated | Kind::Empty), "{:?}", found);
    }

    #[test]
    fn nothing_panics(text in "[\\[\\]{}\",: 1a\\\\]{0,40}") {
        drop(together(&text, 3));
        drop(together(&format!("{{\"version\":\"2.1.0\",\"runs\":[{text}"), 3));
        drop(together(&format!("{{\"version\":\"2.1.0\",\"runs\":[{{\"results\":[{text}"), 3));
    }
}

#[test]
fn what_is_no_log_is_named() {
    for (text, expected) in [
        ("", Kind::Empty),
        (" \n", Kind::Empty),
        ("<a/>", Kind::NotJson),
        ("[]", Kind::NotJson),
        ("{}", Kind::WrongFormat),
        (r#"{"bomFormat":"CycloneDX"}"#, Kind::WrongFormat),
        (r#"{"version":"1.0.0","runs":[]}"#, Kind::WrongVersion),
        (r#"{"version":"2.1.0"}"#, Kind::Malformed),
        (r#"{"runs":[]}"#, Kind::Malformed),
        (r#"{"version":"2.1.0","runs":{}}"#, Kind::Malformed),
        (r#"{"version":"2.1.0","runs":[1]}"#, Kind::Malformed),
        (
            r#"{"version":"2.1.0","runs":[],"runs":[]}"#,
            Kind::Malformed,
        ),
        (
            r#"{"version":"2.1.0","runs":[{"results":[1]}]}"#,
            Kind::Malformed,
        ),
        (
            r#"{"version":"2.1.0","runs":[{"results":{}}]}"#,
            Kind::Malformed,
        ),
        (
            r#"{"version":"2.1.0","runs":[{"results":[],"results":[]}]}"#,
            Kind::Malformed,
        ),
        (
            r#"{"version":"2.1.0","runs":[{"results":[{},]}]}"#,
            Kind::Malformed,
        ),
        (
            r#"{"version":"2.1.0","runs":[{"results":[{}{}]}]}"#,
            Kind::NotJson,
        ),
        (r#"{"version":"2.1.0","runs":[]}x"#, Kind::NotJson),
        (r#"{"version":"2.1.0" "runs":[]}"#, Kind::NotJson),
        (r#"{"version":"2.1.0","runs":[{}"#, Kind::Truncated),
    ] {
        assert_eq!(kind(text), expected, "{text}");
    }
    let deep = format!(r#"{{"version":"2.1.0","x":{}"#, "[".repeat(2_000));
    assert_eq!(kind(&deep), Kind::Malformed);
}

fn outlined(text: &str) -> Outline {
    outline(text_of(text.as_bytes()).expect("text")).expect("a log")
}

/// What the stretches of an outline hold is what the walk found; gives how many there are.
fn assert_stretches(text: &str) -> usize {
    let mut walked = Vec::new();
    let done = walk(text.as_bytes(), |piece| -> Result<(), ()> {
        match piece {
            Piece::Run(..) => walked.push(Vec::new()),
            Piece::Result(one) => {
                let texts = [one.before, one.text, one.behind].map(str::to_owned);
                walked.last_mut().expect("a run").push(texts);
            }
            _ => {}
        }
        Ok(())
    });
    done.expect("a log");
    let outline = outlined(text);
    let mut stretches = 0;
    for (run, walked) in outline.runs.iter().zip(&walked) {
        let mut found = Vec::new();
        for stretch in &run.stretches {
            let within = within(text, stretch);
            assert_place(text, stretch.start);
            assert_place(text, stretch.position(within, within.len()));
            let before = found.len();
            found.extend(elements(within).map(|one| {
                let one = one.expect("a result");
                [one.before, one.text, one.behind].map(str::to_owned)
            }));
            assert_eq!(found.len() - before, stretch.results);
            stretches += 1;
        }
        assert_eq!(&found, walked);
    }
    stretches
}

fn within<'a>(text: &'a str, stretch: &Stretch) -> &'a str {
    let place = |offset| usize::try_from(offset).expect("small");
    &text[place(stretch.start.offset)..place(stretch.end)]
}

#[test]
fn a_long_list_has_many_stretches() {
    let result = |n: usize| format!("\n{{\"é\":\"],}} {}\",\"n\":{n}}} ", "ö".repeat(n % 99));
    let list = |count: usize| (0..count).map(result).collect::<Vec<_>>().join(",");
    let text = format!(
        r#"{{"version":"2.1.0","runs":[{{"results":[{}]}},{{"results":[ ]}},{{"results":[{}]}}]}}"#,
        list(5_000),
        list(3)
    );
    assert_eq!(assert_stretches(&text), 11);
}

#[test]
fn what_is_no_stretch_is_said() {
    for (text, expected) in [
        ("{}", &[true][..]),
        (" {} , {\"a\":[]}\n", &[true, true]),
        ("", &[false]),
        ("{},", &[true, false]),
        ("{},,{}", &[true, false]),
        ("{}{}", &[false]),
        ("{},{", &[true, false]),
        ("{}]", &[false]),
        ("1", &[false]),
        ("\u{a0}{}", &[false]),
    ] {
        let found: Vec<bool> = elements(text).map(|one| one.is_some()).collect();
        assert_eq!(found, expected, "{text}");
    }
}

#[test]
fn an_outline_is_the_log_without_results() {
    let text = "{\"version\":\"2.1.0\",\n \"r\\u0075ns\":[ {\"a\":1,\n  \"results\":[ {\"x\":1} , {} ] ,\"z\":0} , {\"results\":null}]}";
    let out = outlined(text);
    assert_eq!(out.log.text, "{\"version\":\"2.1.0\",\n \"r\\u0075ns\":[]}");
    assert_eq!(out.log.slot.map(|slot| &out.log.text[slot..]), Some("]}"));
    let [one, two] = out.runs.as_slice() else {
        panic!("{out:?}")
    };
    assert_eq!(one.hollow.text, "{\"a\":1,\n  \"results\":[] ,\"z\":0}");
    assert_eq!((one.results, two.results), (Some(2), None));
    assert_eq!(one.around, [" ", " "]);
    let z = one.hollow.text.find("\"z\"").expect("z");
    let at = one.position(z);
    assert_eq!(
        (
            at.line,
            &text[usize::try_from(at.offset).expect("small")..][..3]
        ),
        (3, "\"z\"")
    );
    assert_eq!((one.position(0).line, one.position(0).column), (2, 16));
}
