//! Words for those who publish a decision elsewhere, pages for gates that show
//! more than a verdict holds, and the way to a chat: a gate has neither words
//! nor a network of its own.

use crate::publish::say;
use crate::session::{Session, variable};
use gate_net::Hosts;
use gate_render as render;
use gate_verdict::Level;

pub use render::{
    Annotation, Covered, CoveredFile, Line, Source, annotations, comment_markdown, coverage_html,
    discord, headline, issue_title, plain, recovery_markdown, slack,
};

/// The chats whose webhooks are known; `GATEWRIGHT_WEBHOOK_HOSTS` names more.
const HOSTS: [&str; 3] = ["hooks.slack.com", "discord.com", "discordapp.com"];

/// Posts a message to the webhook whose address a variable holds. The error
/// does not tell the address.
pub fn message(session: &Session, name: &str, json: &str) -> Result<(), String> {
    let Some(url) = variable(name).filter(|url| !url.trim().is_empty()) else {
        return Err(format!(
            "`{name}` is not set; hand the webhook's address over as a secret"
        ));
    };
    if session.actions().is_some() {
        say(&gate_github::runner::mask(url.trim()));
    }
    let named: Vec<String> = variable("GATEWRIGHT_WEBHOOK_HOSTS")
        .unwrap_or_default()
        .split([',', '\n'])
        .map(|host| host.trim().to_ascii_lowercase())
        .filter(|host| !host.is_empty())
        .collect();
    let hosts = Hosts {
        known: &HOSTS,
        named: &named,
    };
    gate_net::post(&url, json, &hosts, session.as_of.as_second()).map_err(|error| error.to_string())
}

/// Annotations of several verdicts, worst first over all of them.
pub fn worst_first(verdicts: &[gate_verdict::Verdict]) -> Vec<Annotation> {
    let mut all: Vec<Annotation> = verdicts.iter().flat_map(annotations).collect();
    // Stable: within a level each verdict keeps its own order.
    all.sort_by_key(|annotation| match annotation.level {
        Level::Error => 0,
        Level::Warning => 1,
        Level::Note => 2,
    });
    all
}
