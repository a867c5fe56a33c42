use super::super::envelope::signed;
use super::super::keys::signing_key;
use super::super::statement::statement;
use super::*;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::SigningKey;
use gate_verdict::{Decision, DecisionDoc};
use serde_json::json;

const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";

fn key(byte: u8) -> SigningKey {
    signing_key(&STANDARD.encode([byte; 32])).expect("a key")
}

fn public(byte: u8) -> PublicKey {
    PublicKey::of(key(byte).verifying_key())
}

fn decision() -> DecisionDoc {
    serde_json::from_value(json!({
        "schema_version": 1, "kind": "decision", "status": "pass", "decision": "allow",
        "subject": {"repository": "o/r", "commit": COMMIT, "tree": null, "ref": "refs/heads/main", "base": null, "dirty": false, "artifacts": ["a".repeat(64)]},
        "environment": "production",
        "policy": {"path": ".github/gates.yml", "sha256": "b".repeat(64), "revision": null, "defaults": false},
        "as_of": "2026-11-26T12:00:00Z",
        "gates": [{"gate": "security", "scope": null, "shard": null, "status": "pass", "enforcement": "mandatory", "missing": false, "verdict_digest": "c".repeat(64)}],
        "reasons": [], "overrides": [], "notices": [],
        "tool": {"name": "gatewright", "version": "0.1.0"}, "digest": "d".repeat(64), "run": {"started_at": null, "duration_ms": null, "url": null},
    }))
    .expect("a decision")
}

fn envelope(document: &DecisionDoc) -> String {
    let statement = statement(document, "https://github.com").expect("a statement");
    signed(&statement, &key(1)).expect("signed")
}

fn asked() -> Asked {
    Asked {
        thing: Thing::Commit(COMMIT.to_owned()),
        environment: Some(String::from("production")),
        policy: Some("b".repeat(64)),
        max_age: Some(3_600),
        as_of: "2026-11-26T12:30:00Z".parse().expect("a time"),
    }
}

fn refused(envelope: &str, asked: &Asked) -> String {
    match check(envelope.as_bytes(), &[public(1)], asked) {
        Err(Refused::For(all)) => {
            assert_eq!(all.len(), 1, "{all:?}");
            all.concat()
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_fits_is_believed() {
    let sound = envelope(&decision());
    let checked = check(sound.as_bytes(), &[public(2), public(1)], &asked()).expect("holds");
    assert_eq!(checked.decision, "allow");
    assert_eq!(checked.expires, "2026-12-26T12:00:00Z");
    assert_eq!(checked.key, public(1).id);
    let artifact = Asked {
        thing: Thing::Artifact("a".repeat(64)),
        environment: None,
        policy: None,
        max_age: None,
        ..asked()
    };
    assert!(check(sound.as_bytes(), &[public(1)], &artifact).is_ok());
}

#[test]
fn each_refusal_has_its_own_words() {
    let sound = envelope(&decision());
    let with = |change: &dyn Fn(&mut Asked)| {
        let mut asked = asked();
        change(&mut asked);
        refused(&sound, &asked)
    };
    let cases = [
        with(&|asked| asked.thing = Thing::Artifact("e".repeat(64))),
        with(&|asked| asked.thing = Thing::Commit("e".repeat(40))),
        with(&|asked| asked.environment = Some(String::from("staging"))),
        with(&|asked| asked.policy = Some("e".repeat(64))),
        with(&|asked| asked.max_age = Some(60)),
        with(&|asked| {
            asked.as_of = "2026-12-26T12:00:00Z".parse().expect("a time");
            asked.max_age = None;
        }),
        with(&|asked| asked.as_of = "2026-11-26T11:00:00Z".parse().expect("a time")),
    ];
    let words = [
        "expected sha256:eee",
        "expected gitCommit:eee",
        "for the environment production, expected staging",
        "the policy has changed",
        "1800 seconds ago, expected at most 60",
        "it expired at 2026-12-26T12:00:00Z",
        "ahead of",
    ];
    for (said, word) in cases.iter().zip(words) {
        assert!(said.contains(word), "{said}\nexpected {word}");
    }
    for decision in [
        DecisionDoc {
            decision: Decision::Block,
            ..decision()
        },
        DecisionDoc {
            decision: Decision::RequireApproval,
            ..decision()
        },
    ] {
        let said = refused(&envelope(&decision), &asked());
        assert!(
            said.contains("(FAILED), expected one that allows"),
            "{said}"
        );
    }
}

#[test]
fn signatures_are_those_of_a_known_key_over_these_bytes() {
    let sound = envelope(&decision());
    let edited = |change: &dyn Fn(&mut Value)| {
        let mut value: Value = serde_json::from_str(&sound).expect("JSON");
        change(&mut value);
        refused(&value.to_string(), &asked())
    };
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let said = edited(&|value| {
        let payload = STANDARD.decode(text(&value["payload"])).expect("base64");
        let payload = String::from_utf8(payload)
            .expect("UTF-8")
            .replace("production", "staging");
        value["payload"] = STANDARD.encode(payload).into();
    });
    assert!(
        said.contains("does not fit: the payload was changed"),
        "{said}"
    );
    let said = edited(&|value| value["payloadType"] = "text/plain".into());
    assert!(said.contains("does not fit"), "{said}");
    let said = edited(&|value| value["signatures"][0]["sig"] = "AAAA".into());
    assert!(said.contains("is no ed25519 signature"), "{said}");
    let said = edited(&|value| value["signatures"] = json!([]));
    assert!(said.contains("found no signature"), "{said}");
    // The name of a key is a hint only.
    let mut renamed: Value = serde_json::from_str(&sound).expect("JSON");
    renamed["signatures"][0]["keyid"] = "x".into();
    assert!(check(renamed.to_string().as_bytes(), &[public(1)], &asked()).is_ok());

    let Err(Refused::For(said)) = check(sound.as_bytes(), &[public(2)], &asked()) else {
        panic!("believed");
    };
    assert!(
        said.concat().contains("signed by somebody else"),
        "{said:?}"
    );
    for text in [
        "",
        "{}",
        "[]",
        "{\"payload\":\"%\",\"payloadType\":\"x\",\"signatures\":[]}",
    ] {
        let found = check(text.as_bytes(), &[public(1)], &asked());
        assert!(matches!(found, Err(Refused::Unusable(_))), "{text}");
    }
    for other in [
        json!({}),
        json!([1]),
        json!({"_type": STATEMENT, "predicateType": PREDICATE}),
        json!({"_type": STATEMENT, "predicateType": PREDICATE, "predicate": {OWN: {}}}),
    ] {
        let other = signed(&other, &key(1)).expect("signed");
        assert!(matches!(
            check(other.as_bytes(), &[public(1)], &asked()),
            Err(Refused::For(_))
        ));
    }
}

#[test]
fn a_statement_ends_with_what_it_rests_on() {
    let mut document = decision();
    document.decision = Decision::AllowWithOverride;
    document.overrides = serde_json::from_value(json!([
        {"id": "a", "gate": "security", "criterion": null, "who": "ann", "why": "w", "approved_by": ["bob"], "expires": "2026-11-26T13:00:00Z", "scope": null, "covers_error": false, "state": "used"},
        {"id": "b", "gate": "security", "criterion": null, "who": "ann", "why": "w", "approved_by": ["bob"], "expires": "2026-11-26T12:10:00Z", "scope": null, "covers_error": false, "state": "unused"},
    ]))
    .expect("overrides");
    let checked = check(envelope(&document).as_bytes(), &[public(1)], &asked()).expect("holds");
    assert_eq!(checked.expires, "2026-11-26T13:00:00Z");
    document.overrides[0].expires = String::from("soon");
    assert!(statement(&document, "https://github.com").is_err());
}

#[test]
fn what_no_commit_holds_is_not_attested() {
    let mut document = decision();
    document.subject.dirty = true;
    assert!(
        statement(&document, "")
            .expect_err("dirty")
            .contains("differ from the commit")
    );
    document.subject.dirty = false;
    document.subject.commit = None;
    assert!(statement(&document, "").is_ok(), "an artifact is left");
    document.subject.artifacts.clear();
    assert!(statement(&document, "").is_err());
}

#[test]
fn the_statement_has_the_form_of_a_verification_summary() {
    let statement = statement(&decision(), "https://github.com").expect("a statement");
    let predicate = &statement["predicate"];
    for member in [
        "verifier",
        "timeVerified",
        "resourceUri",
        "policy",
        "inputAttestations",
        "verificationResult",
        "verifiedLevels",
    ] {
        assert!(!predicate[member].is_null(), "{member}");
    }
    assert_eq!(predicate["verificationResult"], "PASSED");
    assert_eq!(predicate["verifiedLevels"], json!(["GATEWRIGHT_ALLOW"]));
    assert_eq!(predicate["resourceUri"], "git+https://github.com/o/r");
    assert_eq!(statement["subject"].as_array().map(Vec::len), Some(2));
    let failed = DecisionDoc {
        decision: Decision::Block,
        ..decision()
    };
    let failed = super::super::statement::statement(&failed, "").expect("a statement");
    assert_eq!(failed["predicate"]["verifiedLevels"], json!(["FAILED"]));
}
