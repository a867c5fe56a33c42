use super::super::*;
use crate::model::Run;

#[test]
fn repairs_go_on_until_nothing_is_left() {
    let run: Run =
        serde_json::from_str(r#"{"artifacts":[{"location":{"uri":"a b"}}]}"#).expect("a run");
    let options = Options::default();
    let text = r#"{"ruleId":"r","n":1.0,"message":{"text":"m"},"level":"fatal","locations":[{"physicalLocation":{"artifactLocation":{"index":0}}}]}"#;
    let with = |repairs| mend_result(text, &run, &run.rules(), &options, repairs);
    let none = with(Repairs::None);
    assert_eq!(
        (none.text.as_ref(), none.done.len(), none.left.len()),
        (text, 0, 4)
    );
    assert!(none.is_refused());
    let safe = with(Repairs::Safe);
    assert_eq!(
        safe.text,
        r#"{"ruleId":"r","n":1.0,"message":{"text":"m"},"level":"fatal","locations":[{"physicalLocation":{"region":{"startLine":1},"artifactLocation":{"uri":"a%20b","index":0}}}]}"#
    );
    assert_eq!(
        safe.left.iter().map(|one| one.check.id).collect::<Vec<_>>(),
        ["level"]
    );
    let cut = with(Repairs::Cut);
    assert!(!cut.is_refused() && cut.left.is_empty(), "{:?}", cut.left);
    assert!(!cut.text.contains("fatal"));
}
