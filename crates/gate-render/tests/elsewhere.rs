//! What is told elsewhere: worst first, counted where it is cut, and with all
//! that a reader needs.
#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests fail by panicking, as the tests do"
)]

mod common;

use gate_render::{comment_markdown, discord, headline, issue_title, recovery_markdown, slack};
use gate_verdict::{Code, Decision, DecisionDoc, Status, Verdict};
use serde_json::Value;

const URL: &str = "https://e.invalid/runs/1";

/// A decision with so many reasons of so many characters.
fn many(reasons: usize, characters: usize) -> DecisionDoc {
    let mut decision = common::decision(Decision::Block, Status::Fail, &[]);
    decision.reasons = (0..reasons)
        .map(|at| {
            let text = format!("{at} {}", "🙂é*".repeat(characters / 3));
            common::reason("gate", Some(&format!("c{at}")), Code::Unknown, &text)
        })
        .collect();
    decision
}

#[test]
fn a_reader_learns_gate_criterion_observed_required_and_next_step() {
    let (decision, verdicts) = common::blocked();
    let comment = comment_markdown(&decision, &verdicts, Some(URL), 65_536);
    let head = comment.find("| Gate | Criterion | Observed | Required | Next step |");
    assert!(head.is_some() && comment.ends_with(&format!("[the run with all files]({URL})\n")));
    let first = comment
        .lines()
        .skip_while(|line| !line.starts_with("|:--"))
        .nth(1)
        .unwrap();
    let worst = &decision.reasons[0];
    assert!(first.contains(&format!("`{}`", worst.gate)), "{first}");
    assert_eq!(first.matches(" | ").count(), 4, "{first}");
    let title = headline(&decision, &verdicts, 140);
    assert!(
        title.starts_with(&format!("blocked: {}", worst.gate)),
        "{title}"
    );
    let slack = slack(&decision, &verdicts, Some(URL)).to_string();
    let discord = discord(&decision, &verdicts, Some(URL)).to_string();
    assert!(slack.contains(&worst.gate) && discord.contains(&worst.gate));
}

#[test]
fn what_does_not_fit_is_counted() {
    let decision = many(1_000, 300);
    for budget in [6_000, 20_000, 65_536] {
        let comment = comment_markdown(&decision, &[], Some(URL), budget);
        assert!(comment.len() <= budget);
        let shown = comment.matches("| `gate` |").count();
        assert!(shown > 0 && shown <= 100);
        let left = format!("{} more not shown here", 1_000 - shown);
        assert!(comment.contains(&left), "{budget}: {left}");
    }
    let message = slack(&decision, &[], Some(URL));
    let blocks = message["blocks"].as_array().unwrap();
    let told = blocks.len() - 4;
    let more = |value: &Value| {
        value
            .to_string()
            .contains(&format!("and {} more", 1_000 - told))
    };
    assert!(told > 3 && blocks.iter().any(more));
    let message = discord(&decision, &[], Some(URL));
    let fields = message["embeds"][0]["fields"].as_array().unwrap();
    let last = fields.last().unwrap()["value"].as_str().unwrap();
    assert_eq!(last, format!("and {} more", 1_000 - (fields.len() - 1)));
    assert!(headline(&decision, &[], 140).contains("and 999 more"));
}

/// At each limit and one beyond it, with characters that count twice.
#[test]
fn chats_stay_within_their_limits() {
    for reasons in [0, 1, 24, 25, 26, 47, 48, 49, 50, 51, 200] {
        for characters in [1, 30, 255, 1_024, 1_025, 3_001, 14_000] {
            let mut decision = many(reasons, characters);
            decision.environment = Some("e".repeat(300));
            let (slack, discord) = (
                slack(&decision, &[], Some(URL)),
                discord(&decision, &[], Some(URL)),
            );
            common::check_chats(&slack, &discord);
        }
    }
    let (decision, verdicts) = common::hostile_decision();
    common::check_chats(
        &slack(&decision, &verdicts, Some(URL)),
        &discord(&decision, &verdicts, Some(URL)),
    );
}

#[test]
fn an_address_that_could_get_out_of_a_link_is_none() {
    let (decision, verdicts): (DecisionDoc, Vec<Verdict>) = common::blocked();
    for url in [
        "javascript:alert(1)",
        "https://e/)[x](y",
        "https://e/|x>",
        "https://e/ x",
    ] {
        for text in [
            comment_markdown(&decision, &verdicts, Some(url), 65_536),
            recovery_markdown(&decision, Some(url)),
            slack(&decision, &verdicts, Some(url)).to_string(),
            discord(&decision, &verdicts, Some(url)).to_string(),
        ] {
            assert!(!text.contains(url), "{url}");
        }
    }
    assert!(issue_title(&decision, 256).starts_with("Quality gates block "));
}
