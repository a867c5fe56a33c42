//! Messaging services. Sources: Slack "Token types" and "Incoming webhooks"; Discord "Webhook resource"; Telegram "Bots: API tokens";
//! Twilio "Auth tokens"; `SendGrid` "API keys".

use crate::secrets::rule::{BASE, Check, Reach, Rule, Sum};

pub(super) const SLACK_TOKEN: Rule = Rule {
    id: "slack_token",
    family: "slack",
    title: "Slack token",
    literals: &[
        "xoxb-", "xoxp-", "xoxa-", "xoxr-", "xoxs-", "xoxo-", "xoxe-", "xoxc-", "xoxd-", "xoxe.xox",
    ],
    pattern: r"(?:xoxe\.xox[bp]-[0-9]-|xoxe-[0-9]-|xox[abcoprsd]-(?:[0-9]{1,16}-){1,4}(?:[A-Za-z]{1,2}[0-9]{1,2}-)?)(?P<s>[A-Za-z0-9]{20,300})",
    checks: &[
        Check::NoPlaceholder,
        Check::Distinct(9),
        Check::LetterAndDigit,
    ],
    explain: "xox and the kind of token, numbers of workspace and user, and a random part.",
    next_step: "Revoke it with auth.revoke or in the app's settings, and rotate the app's credentials.",
    samples: &[
        "xoxb-{digit:12}-{digit:13}-{alnum:24}",
        "xoxp-{digit:11}-{digit:11}-{digit:12}-{hex:32}",
        "xoxe.xoxp-1-{alnum:160}",
        "xoxb-{digit:11}-{alnum:24}",
    ],
    decoys: &[
        "xoxb-{}XXXXXXXXXXXX-XXXXXXXXXXXX-XXXXXXXXXXXXXXXXXXXXXXXX",
        "xoxb-your-token-goes-here",
        "xoxb-{digit:12}-{digit:12}",
    ],
    ..BASE
};

pub(super) const SLACK_APP_TOKEN: Rule = Rule {
    id: "slack_app_token",
    family: "slack",
    title: "Slack app-level token",
    literals: &["xapp-"],
    pattern: r"xapp-[0-9]-[A-Z0-9]{8,14}-[0-9]{8,16}-(?P<s>[a-f0-9]{64})",
    explain: "xapp-, the app, a number and 64 hexadecimal digits.",
    next_step: SLACK_TOKEN.next_step,
    samples: &["xapp-1-A{base32:10}-{digit:13}-{hex:64}"],
    decoys: &["xapp-1-A{base32:10}-{digit:13}-{hex:20}"],
    ..BASE
};

pub(super) const SLACK_WEBHOOK: Rule = Rule {
    id: "slack_webhook",
    family: "slack_webhook",
    title: "Slack webhook address",
    literals: &["hooks.slack.com/"],
    reach: Reach::Here { after: 160 },
    pattern: r"hooks\.slack\.com/(?:services/T[A-Z0-9]{7,12}/B[A-Z0-9]{7,12}/(?P<s>[A-Za-z0-9]{23,26})|(?:workflows|triggers)/T?[A-Z0-9]{7,12}/[A-Z0-9]{7,20}(?:/[0-9]{10,20})?/[A-Za-z0-9]{24,40})",
    bounded: false,
    checks: &[
        Check::NoPlaceholder,
        Check::Distinct(10),
        Check::LetterAndDigit,
    ],
    explain: "Whoever has the address can post into the channel.",
    next_step: "Remove the webhook in the app's settings and create another.",
    samples: &["https://hooks.slack.com/services/T{base32:9}/B{base32:10}/{alnum:24}"],
    decoys: &[
        "https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX",
        "https://hooks.slack.com/services/...",
    ],
    ..BASE
};

pub(super) const SENDGRID: Rule = Rule {
    id: "sendgrid_key",
    family: "sendgrid",
    title: "SendGrid API key",
    literals: &["SG."],
    reach: Reach::Here { after: 80 },
    pattern: r"SG\.(?P<s>[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43})",
    checks: &[Check::NoPlaceholder, Check::Distinct(18)],
    explain: "SG., 22 characters, a dot and 43 characters.",
    samples: &["SENDGRID_API_KEY=SG.{b64url:22}.{b64url:43}"],
    decoys: &["SG.{alnum:22}.{alnum:20}", "MSG.{alnum:22}.{alnum:43}"],
    ..BASE
};

pub(super) const TWILIO: Rule = Rule {
    id: "twilio_auth_token",
    family: "twilio",
    title: "Twilio auth token beside its account",
    literals: &[
        "account_sid",
        "ACCOUNT_SID",
        "accountSid",
        "AccountSid",
        "AccountSID",
        "accountSID",
        "TWILIO_SID",
    ],
    reach: Reach::Near {
        anchor: r#"(?i:account_?sid|twilio_sid)(?:["'\]]|\\")*\s{0,8}(?:=>|:=|[:=,(])\s{0,8}(?:["'`]|\\")?AC[0-9a-f]{32}"#,
        before: 200,
        after: 320,
    },
    pattern: r"\b(?P<v>[0-9a-f]{32})\b",
    bounded: false,
    checks: &[
        Check::NoPlaceholder,
        Check::Distinct(8),
        Check::LetterAndDigit,
    ],
    explain: "An account SID (AC and 32 hexadecimal digits) with 32 hexadecimal digits near it, the auth token of the account.",
    next_step: "Promote the secondary auth token in the console, delete this one, and use API keys.",
    samples: &[
        "account_sid = \"AC{hex:32}\"\nauth_token = \"{hex:32}\"",
        "TWILIO_ACCOUNT_SID=AC{hex:32}\nTWILIO_AUTH_TOKEN={hex:32}",
    ],
    decoys: &[
        "account_sid = \"AC{hex:32}\"\nauth_token = env(\"TOKEN\")",
        "md5 {hex:32}",
    ],
    ..BASE
};

pub(super) const DISCORD_WEBHOOK: Rule = Rule {
    id: "discord_webhook",
    family: "discord",
    title: "Discord webhook address",
    literals: &["/api/webhooks/"],
    reach: Reach::Around {
        before: 24,
        after: 140,
    },
    pattern: r"discord(?:app)?\.com/api/webhooks/[0-9]{17,20}/(?P<s>[A-Za-z0-9_-]{60,90})",
    bounded: false,
    checks: &[Check::NoPlaceholder, Check::Distinct(18)],
    explain: "Whoever has the address can post into the channel.",
    next_step: "Delete the webhook in the channel's integrations and create another.",
    samples: &["https://discord.com/api/webhooks/{digit:18}/{b64url:68}"],
    decoys: &[
        "https://discord.com/api/webhooks/123/abc",
        "https://discord.com/api/webhooks/{digit:18}/{b64url:20}",
    ],
    ..BASE
};

pub(super) const TELEGRAM: Rule = Rule {
    id: "telegram_bot_token",
    family: "telegram",
    title: "Telegram bot token",
    literals: &[":AA"],
    reach: Reach::Around {
        before: 16,
        after: 40,
    },
    pattern: r"(?:\bbot)?(?P<v>[0-9]{8,10}:(?P<s>AA[A-Za-z0-9_-]{33}))",
    checks: &[Check::NoPlaceholder, Check::Distinct(14), Check::Mixed],
    explain: "The bot's number, a colon, and 35 characters beginning with AA.",
    next_step: "Revoke it with BotFather (/revoke).",
    samples: &[
        "TOKEN={digit:10}:AA{b64url:33}",
        "https://api.telegram.org/bot{digit:9}:AA{alnum:33}/getMe",
    ],
    decoys: &[
        "00:AA:BB:CC",
        "{digit:10}:AA{alnum:20}",
        "{digit:10}:AB{alnum:33}",
    ],
    ..BASE
};

/// Source: the README of NATS `nkeys` ("seeds").
pub(super) const NATS_SEED: Rule = Rule {
    id: "nats_nkey_seed",
    family: "nats",
    title: "NATS NKey seed",
    literals: &["SA", "SC", "SN", "SO", "SU", "SX"],
    reach: Reach::Here { after: 60 },
    pattern: r"S[ACNOUX](?P<s>[A-Z2-7]{56})",
    checks: &[
        Check::NoPlaceholder,
        Check::Distinct(14),
        Check::LetterAndDigit,
    ],
    checksum: Some(Sum::Nkey),
    explain: "S, the kind of key, and 56 characters in base 32 that end in a checksum: the seed from which the private key is made. Where the checksum differs it is only likely.",
    samples: &["seed = \"{nkey:20}\"", "{nkey:0}", "SA{base32:56}"],
    decoys: &["UA{base32:56}", "SU{base32:40}", "SUBSCRIBE"],
    ..BASE
};
