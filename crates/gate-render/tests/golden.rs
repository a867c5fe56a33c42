//! Every output over verdicts written by hand, byte for byte.
//! `GATEWRIGHT_BLESS=1 cargo test -p gate-render` rewrites what is expected.
#![allow(
    clippy::disallowed_methods,
    reason = "tests read files and the environment"
)]

mod common;

use gate_render::{
    TextOptions, annotations, badge_json, badge_svg, decision_markdown, decision_text, html,
    markdown, text,
};
use std::fs;
use std::path::PathBuf;

const PLAIN: TextOptions = TextOptions {
    max_findings: 10,
    color: false,
};

fn blessing() -> bool {
    std::env::var_os("GATEWRIGHT_BLESS").is_some_and(|value| value == "1")
}

fn check(name: &str, found: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/golden")
        .join(name);
    if blessing() {
        fs::write(&path, found).expect("golden file written");
        return;
    }
    let expected = fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("{name}: {error}; run with GATEWRIGHT_BLESS=1"))
        .replace("\r\n", "\n");
    assert!(
        expected == found,
        "{name} differs; run with GATEWRIGHT_BLESS=1 and read the difference\n{found}"
    );
}

#[test]
fn verdicts() {
    let cases = [
        ("passing", common::passing()),
        ("failing", common::failing()),
        ("no-evidence", common::no_evidence()),
        ("hostile", common::hostile()),
        ("truncated", common::truncated()),
        ("course", common::course::measured()),
    ];
    for (name, verdict) in &cases {
        check(&format!("{name}.txt"), &text(verdict, PLAIN));
        check(&format!("{name}.md"), &markdown(verdict, 6_000));
        let all = annotations(verdict);
        let shown: Vec<String> = all.iter().take(8).map(|a| format!("{a:#?}\n")).collect();
        check(
            &format!("{name}.annotations"),
            &format!("{} annotations\n{}", all.len(), shown.concat()),
        );
    }
    let color = TextOptions {
        color: true,
        ..PLAIN
    };
    check("failing.color.txt", &text(&common::failing(), color));
}

#[test]
fn decisions() {
    let cases = [
        ("blocked", common::blocked()),
        ("allowed", common::allowed()),
        ("overridden", common::overridden()),
        ("approval", common::approval()),
        ("neighbourhood", common::neighbourhood()),
        ("course-decision", common::course::course()),
        ("hostile-decision", common::hostile_decision()),
    ];
    for (name, (decision, verdicts)) in &cases {
        check(&format!("{name}.txt"), &decision_text(decision, verdicts));
        check(
            &format!("{name}.md"),
            &decision_markdown(decision, verdicts, 20_000),
        );
        check(&format!("{name}.html"), &html(decision, verdicts));
        check(&format!("{name}.svg"), &badge_svg(decision));
        check(&format!("{name}.json"), &badge_json(decision));
    }
}
