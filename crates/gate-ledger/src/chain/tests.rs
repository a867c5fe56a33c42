use super::*;
use proptest::prelude::*;
use serde_json::json;

/// Lines of a chain; the kinds are not known to this version.
fn lines(count: u64) -> Vec<String> {
    let mut head = None;
    (0..count)
        .map(|index| {
            let body = json!({"kind": "note", "at": "2026-11-26T14:00:00Z", "n": index, "text": "a\u{e9}\"\n"});
            let Value::Object(body) = body else {
                panic!("an object")
            };
            let (line, next) = chained(head.as_ref(), body).expect("integers only");
            head = Some(next);
            line
        })
        .collect()
}

fn check(lines: &[String]) -> Result<Vec<Record>, Broken> {
    let bytes = lines.concat();
    read(
        &[Text {
            name: "2026-11.jsonl",
            bytes: bytes.as_bytes(),
        }],
        Start::Beginning,
    )
}

fn found(lines: &[String]) -> (usize, String) {
    let broken = check(lines).expect_err("a broken chain");
    assert_eq!(broken.file, "2026-11.jsonl");
    (broken.line, broken.to_string())
}

#[test]
fn what_happened_is_named() {
    let whole = lines(5);
    assert_eq!(check(&whole).expect("holds").len(), 5);
    assert_eq!(check(&[]), Ok(Vec::new()));

    let mut without = whole.clone();
    without.remove(2);
    let (line, said) = found(&without);
    assert!(
        line == 3 && said.contains("record 4: record 3 is missing"),
        "{said}"
    );

    let mut swapped = whole.clone();
    swapped.swap(1, 2);
    let (line, said) = found(&swapped);
    assert!(
        line == 2 && said.contains("predecessor is at 2026-11.jsonl:3"),
        "{said}"
    );

    let mut twice = whole.clone();
    twice.insert(3, whole[1].clone());
    let (line, said) = found(&twice);
    assert!(
        line == 4 && said.contains("a second time") && said.contains(":2 already"),
        "{said}"
    );

    let mut forked = whole.clone();
    let head = check(&whole[..2]).expect("holds")[1].head.clone();
    let Value::Object(body) = json!({"kind": "note", "at": "2026-11-26T15:00:00Z"}) else {
        panic!("an object")
    };
    forked.insert(3, chained(Some(&head), body).expect("chained").0);
    let (line, said) = found(&forked);
    assert!(line == 4 && said.contains("forks"), "{said}");

    let mut edited = whole.clone();
    edited[1] = edited[1].replace("\"n\":1", "\"n\":7");
    let (line, said) = found(&edited);
    assert!(line == 2 && said.contains("it was edited"), "{said}");

    let mut torn = whole.clone();
    torn[4].truncate(40);
    let (line, said) = found(&torn);
    assert!(
        line == 5 && said.contains("40 bytes without a line end"),
        "{said}"
    );

    let headless = &whole[1..];
    let (line, said) = found(headless);
    assert!(
        line == 1 && said.contains("record 2: record 1 is missing"),
        "{said}"
    );
}

#[test]
fn who_knows_a_later_record_sees_that_the_end_is_gone() {
    let whole = check(&lines(5)).expect("holds");
    let head = &head_of(&whole).expect("a head").hash;
    assert!(holds(&whole, head));
    assert!(!holds(&check(&lines(5)[..4]).expect("holds"), head));
}

#[test]
fn files_follow_one_another() {
    let lines = lines(4);
    let early = lines[..2].concat();
    let late = lines[2..].concat();
    let text = |name, text: &'static str| Text {
        name,
        bytes: text.as_bytes(),
    };
    let (early, late): (&'static str, &'static str) = (early.leak(), late.leak());
    let both = |first, second| read(&[text(second, late), text(first, early)], Start::Beginning);
    assert_eq!(
        both("2026-11.jsonl", "2026-11-2.jsonl")
            .expect("holds")
            .len(),
        4
    );
    for (first, second) in [
        ("2026-11.jsonl", "2026-12.jsonl"),
        ("2026-11.jsonl", "2026-11-3.jsonl"),
        ("2026-10.jsonl", "2026-11.jsonl"),
        ("2026-11.jsonl", "notes.jsonl"),
    ] {
        assert!(both(first, second).is_err(), "{first} {second}");
    }
    let tail = read(&[text("2026-11-2.jsonl", late)], Start::Anywhere).expect("holds");
    assert_eq!(tail[0].head.seq, 3);
}

#[test]
fn other_writers_of_the_same_json_are_found() {
    let whole = lines(1);
    for (from, to) in [
        ("{\"at\"", "{ \"at\""),
        ("\"n\":0,", "\"n\":0,\"n\":0,"),
        ("\u{e9}", "\\u00e9"),
        ("\n", "\r\n"),
    ] {
        let edited = whole[0].replacen(from, to, 1);
        assert_ne!(edited, whole[0]);
        assert!(check(&[edited]).is_err(), "{from}");
    }
}

proptest! {
    /// Any one byte that is another, is gone, or is more.
    #[test]
    fn any_edit_is_found(at in 0_usize..2_000, byte in any::<u8>(), how in 0..3) {
        let whole = lines(4).concat().into_bytes();
        let at = at % (whole.len() - 1);
        let mut edited = whole.clone();
        match how {
            0 => edited[at] = byte,
            1 => { edited.remove(at); }
            _ => edited.insert(at, byte),
        }
        let read = read(&[Text { name: "2026-11.jsonl", bytes: &edited }], Start::Beginning);
        prop_assert_eq!(read.is_ok(), edited == whole);
    }

    /// Any line that is gone (but the last), moved, or there twice.
    #[test]
    fn any_other_order_is_found(a in 0_usize..6, b in 0_usize..6, how in 0..3) {
        let whole = lines(6);
        let mut edited = whole.clone();
        match how {
            0 => edited.swap(a, b),
            1 => { edited.remove(a.min(4)); }
            _ => edited.insert(b, whole[a].clone()),
        }
        prop_assert_eq!(check(&edited).is_ok(), edited == whole);
    }

    /// The same chain again, one after another, cut anywhere between lines.
    #[test]
    fn any_split_into_appends_gives_one_chain(count in 1_u64..8) {
        let records = check(&lines(count)).expect("holds");
        for (index, record) in records.iter().enumerate() {
            let before = index.checked_sub(1).map(|before| &records[before].head);
            let (_, head) = chained(before, record.body()).expect("chained");
            prop_assert_eq!(&head, &record.head);
        }
    }

    /// Nothing panics, whatever the bytes.
    #[test]
    fn any_bytes_are_judged(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = read(&[Text { name: "2026-11.jsonl", bytes: &bytes }], Start::Anywhere);
    }
}
