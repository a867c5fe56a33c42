//! Messages for chat: Slack's blocks and Discord's embeds, within their limits.

use crate::titles::{address, headline};
use crate::{escape, story, words};
use gate_verdict::{Decision, DecisionDoc, Verdict};
use serde_json::{Value, json};

/// Slack's: blocks of a message, characters of a header and of a section, and
/// bytes, where it takes about 13,200 characters, as it documents nowhere (bolt-js#2509).
const SLACK_BLOCKS: usize = 50;
const SLACK_HEADER: usize = 150;
const SLACK_SECTION: usize = 3_000;
const SLACK_TOTAL: usize = 13_000;

/// Discord's: fields of an embed, characters of a title, a field's name, a
/// field's value, a description, and of all embeds.
const DISCORD_FIELDS: usize = 25;
const DISCORD_TITLE: usize = 256;
const DISCORD_VALUE: usize = 1_024;
const DISCORD_DESCRIPTION: usize = 4_096;
const DISCORD_TOTAL: usize = 6_000;

/// One reason is told in so many characters.
const REASON: usize = 600;

/// A message for a Slack webhook. Others' words stand in `plain_text`, where
/// nothing is a mention, a link or a format.
pub fn slack(decision: &DecisionDoc, verdicts: &[Verdict], run_url: Option<&str>) -> Value {
    let plain = |text: &str, max: usize| json!({"type": "plain_text", "text": shorten(&escape::plain(text, max), max), "emoji": false});
    let title = title(decision);
    let mut blocks = vec![
        json!({"type": "header", "text": plain(&title, SLACK_HEADER)}),
        json!({"type": "section", "text": plain(&summary(decision), SLACK_SECTION / 3)}),
    ];
    let link = run_url.and_then(address).map(|url| {
        json!({"type": "section", "text": {"type": "mrkdwn", "text": format!("<{url}|The run with all files>"), "verbatim": true}})
    });
    let reasons = story::unmet(decision, verdicts);
    let total = decision.reasons.len();
    // The fallback for notifications is read as markup, so its brackets are entities.
    let fallback = headline(decision, verdicts, 200)
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    let taken = size(&blocks) + size(&link) + fallback.len() + 200;
    let mut room = SLACK_TOTAL.saturating_sub(taken);
    let mut shown = 0;
    for unmet in &reasons {
        let text = format!("{}: {}", unmet.about, unmet.sentence());
        let block = json!({"type": "section", "text": plain(&text, REASON)});
        // One is for what is counted, one for the link.
        if blocks.len() + 2 >= SLACK_BLOCKS || size(&block) > room {
            break;
        }
        room -= size(&block);
        blocks.push(block);
        shown += 1;
    }
    if total > shown {
        let more = format!("and {} more", words::count((total - shown) as u64));
        blocks.push(json!({"type": "section", "text": plain(&more, SLACK_SECTION)}));
    }
    blocks.extend(link);
    json!({"text": fallback, "blocks": blocks})
}

/// A message for a Discord webhook: one embed, and nobody is mentioned.
pub fn discord(decision: &DecisionDoc, verdicts: &[Verdict], run_url: Option<&str>) -> Value {
    let text = |text: &str, max: usize| shorten(&escape::discord(text, max), max);
    let title = text(&title(decision), DISCORD_TITLE);
    let description = text(&summary(decision), DISCORD_DESCRIPTION / 4);
    let mut room = DISCORD_TOTAL - units(&title) - units(&description) - 100;
    let mut fields = Vec::new();
    for unmet in story::unmet(decision, verdicts) {
        let name = text(&unmet.about, DISCORD_TITLE);
        let value = text(&unmet.sentence(), DISCORD_VALUE.min(REASON));
        let needed = units(&name) + units(&value);
        if fields.len() + 1 >= DISCORD_FIELDS || needed > room {
            break;
        }
        room -= needed;
        fields.push(json!({"name": name, "value": value}));
    }
    let left = decision.reasons.len() - fields.len().min(decision.reasons.len());
    if left > 0 {
        let more = format!("and {} more", words::count(left as u64));
        fields.push(json!({"name": "…", "value": more}));
    }
    let color = match decision.decision {
        Decision::Allow => 0x1a_7f37,
        Decision::AllowWithOverride => 0x09_69da,
        Decision::RequireApproval => 0x9a_6700,
        Decision::Block => 0xcf_222e,
    };
    let mut embed =
        json!({"title": title, "description": description, "color": color, "fields": fields});
    if let Some(url) = run_url.and_then(address) {
        embed["url"] = url.into();
    }
    json!({"embeds": [embed], "allowed_mentions": {"parse": []}})
}

fn title(decision: &DecisionDoc) -> String {
    let word = words::decision(decision.decision);
    match &decision.environment {
        Some(name) => format!("{name}: {word}"),
        None => format!("Quality gates: {word}"),
    }
}

fn summary(decision: &DecisionDoc) -> String {
    let facts: Vec<String> = words::subject(decision)
        .into_iter()
        .filter(|(name, _)| matches!(*name, "Repository" | "Commit" | "Ref"))
        .map(|(_, value)| value)
        .collect();
    format!("{} {}", story::sentence(decision), facts.join(" · "))
}

/// Escapes make a text longer, so that it is cut again after them; never behind
/// a backslash, which would reach for what follows.
fn shorten(text: &str, max: usize) -> String {
    if units(text) <= max {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut room = max.saturating_sub(1);
    for c in text.chars() {
        if c.len_utf16() > room {
            break;
        }
        room -= c.len_utf16();
        kept.push(c);
    }
    let slashes = kept.len() - kept.trim_end_matches('\\').len();
    if slashes % 2 == 1 {
        kept.pop();
    }
    kept + "…"
}

/// Whoever counts characters counts no more than these.
fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

fn size<T>(value: &T) -> usize
where
    Value: From<T>,
    T: Clone,
{
    Value::from(value.clone()).to_string().len()
}
