//! Messages to Slack and Discord, where blocking begins or ends and at no
//! other time.

use super::desk::Desk;
use super::{Before, Channel};
use gate_runner::voice;
use gate_verdict::Decision;

/// Gives what could not be told.
pub(super) fn chat(desk: &Desk<'_>, wanted: &[Channel], before: Before) -> Vec<String> {
    let chats: Vec<Channel> = wanted
        .iter()
        .copied()
        .filter(|channel| matches!(channel, Channel::Slack | Channel::Discord))
        .collect();
    let blocks = desk.document.decision == Decision::Block;
    let blocked = match before {
        Before::Unrecorded if chats.is_empty() => return Vec::new(),
        Before::Unrecorded => {
            return vec![format!(
                "{} not told: whether this is a change is not known, since nothing keeps the decision before; \
                 publish `comment` or `issue` too, or give --ledger",
                super::names(&chats)
            )];
        }
        Before::First => false,
        Before::Was(decision) => decision == Decision::Block,
    };
    if blocks == blocked {
        return Vec::new();
    }
    let mut failed = Vec::new();
    for channel in chats {
        let (document, verdicts, url) = (desk.document, desk.verdicts, desk.run_url());
        let (variable, message) = match channel {
            Channel::Slack => (
                "GATEWRIGHT_SLACK_WEBHOOK",
                voice::slack(document, verdicts, url),
            ),
            _ => (
                "GATEWRIGHT_DISCORD_WEBHOOK",
                voice::discord(document, verdicts, url),
            ),
        };
        if let Err(why) = voice::message(desk.session, variable, &message.to_string()) {
            failed.push(format!("{}: not told: {why}", channel.as_str()));
        }
    }
    failed
}
