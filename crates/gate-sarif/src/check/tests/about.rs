use super::super::*;
use crate::model::{Run, SarifResult};
use crate::subject;

const RUN: &str = r#"{"tool":{"driver":{"name":"t","rules":[{"id":"A"}]}},"artifacts":[{"location":{"uri":"listed c","uriBaseId":"B"}}],"originalUriBaseIds":{"B":{"uri":"base/"}}}"#;

/// What a look at a result says of it, and what a reader of the whole says of what became of it.
fn both(result: &str, repairs: Repairs) -> (Option<u64>, Option<u64>) {
    let run: Run = serde_json::from_str(RUN).expect("a run");
    let (rules, options) = (run.rules(), Options::default());
    let (mended, looked) = mend_result_with_subject(result, &run, &rules, &options, repairs);
    let read: Option<SarifResult> = serde_json::from_str(&mended.text).ok();
    (looked, read.map(|read| subject(&run, &rules, &read, None)))
}

#[test]
fn a_look_says_what_a_reader_says() {
    let ids = [
        r#""ruleId":"A""#,
        r#""ruleId":"\u0041 é/1""#,
        r#""ruleId":"""#,
        r#""ruleId":null,"ruleIndex":0"#,
        r#""rule":{"id":"A","index":0}"#,
        r#""level":"ERROR""#,
    ];
    let files = [
        r#"{"uri":"src/a.c"}"#,
        r#"{"uri":"a b\\c.c","uriBaseId":"B"}"#,
        r#"{"uri":"","index":0}"#,
        r#"{"index":0}"#,
        r#"{"index":7}"#,
        r#"{"index":"0"}"#,
        r#"{"uri":"file:///x/%41","index":1.0}"#,
        "null",
    ];
    let regions = [
        r#"{"startLine":7}"#,
        r#"{"startLine":"7"}"#,
        r#"{"startLine":7.0}"#,
        r#"{"startLine":0}"#,
        r#"{"startLine":-1}"#,
        r#"{"startLine":99999999999}"#,
        r#"{"startLine":null}"#,
        "null",
    ];
    let prints = [
        r#"{"primaryLocationLineHash":"ab:1"}"#,
        r#"{"primaryLocationLineHash":null,"x":"y"}"#,
        "null",
    ];
    let mut places = vec![
        String::from("null"),
        String::from("[]"),
        String::from("[{}]"),
    ];
    for file in files {
        places.extend(regions.map(|region| {
            format!(r#"[{{"physicalLocation":{{"artifactLocation":{file},"region":{region}}}}}]"#)
        }));
    }
    let (mut told, mut untold) = (0, 0);
    for id in ids {
        for place in &places {
            for print in prints {
                let result = format!(
                    r#"{{{id},"message":{{"text":"m"}},"locations":{place},"partialFingerprints":{print}}}"#
                );
                for repairs in [Repairs::None, Repairs::Safe] {
                    let (looked, read) = both(&result, repairs);
                    assert!(looked.is_none() || looked == read, "{result}");
                    *if looked.is_some() {
                        &mut told
                    } else {
                        &mut untold
                    } += 1;
                }
            }
        }
    }
    assert!(told > 1_000 && untold > 0, "{told} {untold}");
}

#[test]
fn a_number_stays_for_ever() {
    // The alerts of a run that was split would close and open again under another category.
    let result = r#"{"ruleId":"A","message":{"text":"m"},"locations":[{"physicalLocation":{"artifactLocation":{"uri":"src/a.c"},"region":{"startLine":7}}}]}"#;
    assert_eq!(
        both(result, Repairs::None).0,
        Some(13_669_620_371_080_842_837)
    );
}

#[test]
fn what_is_no_result_is_about_nothing() {
    for result in ["{", r#"{"ruleId":1}"#, r#"{"ruleId":"A","locations":7}"#] {
        assert_eq!(both(result, Repairs::Cut), (None, None), "{result}");
    }
}
