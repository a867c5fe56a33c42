//! The table of rules. A rule is one constant in its family's file and one line here; where two rules match the same
//! bytes, the one that stands first is reported.

mod ai;
mod assigned;
mod aws;
mod azure;
mod builds;
mod clients;
mod files;
mod frameworks;
mod git_hosts;
mod google;
mod http;
mod keys;
mod messaging;
mod payment;
mod registries;
mod stores;
mod vendors;

use std::fmt::Write as _;

use super::fingerprint::hex_digest;
use super::rule::Rule;

/// Part of the hash: raised when the code of the checks changes what a rule finds.
const ENGINE_VERSION: &str = "1";

static RULES: &[Rule] = &[
    aws::ACCESS_KEY_ID,
    aws::SECRET_KEY_NAMED,
    aws::SECRET_KEY_NEAR_ID,
    git_hosts::GITHUB_TOKEN,
    git_hosts::GITHUB_FINE_GRAINED,
    git_hosts::GITLAB_TOKEN,
    google::API_KEY,
    google::OAUTH_SECRET,
    google::SERVICE_ACCOUNT,
    azure::STORAGE_KEY,
    azure::SHARED_ACCESS_KEY,
    azure::CLIENT_SECRET,
    ai::ANTHROPIC,
    ai::OPENAI_MARKED,
    ai::OPENAI_PROJECT,
    ai::OPENROUTER,
    ai::HUGGING_FACE,
    ai::GROQ,
    ai::XAI,
    ai::PERPLEXITY,
    messaging::SLACK_TOKEN,
    messaging::SLACK_APP_TOKEN,
    messaging::SLACK_WEBHOOK,
    messaging::SENDGRID,
    messaging::TWILIO,
    messaging::DISCORD_WEBHOOK,
    messaging::TELEGRAM,
    payment::STRIPE,
    payment::STRIPE_WEBHOOK,
    payment::SHOPIFY,
    payment::SQUARE,
    registries::NPM_TOKEN,
    registries::NPMRC_AUTH_TOKEN,
    registries::PYPI,
    registries::RUBYGEMS,
    registries::CRATES_IO,
    registries::DOCKER_HUB,
    vendors::DIGITALOCEAN,
    vendors::DATABRICKS,
    vendors::VAULT,
    vendors::TERRAFORM,
    vendors::LINEAR,
    vendors::GRAFANA,
    vendors::POSTMAN,
    vendors::NEW_RELIC,
    vendors::ATLASSIAN,
    vendors::DOPPLER,
    vendors::TAILSCALE,
    vendors::SENTRY,
    vendors::MAILCHIMP,
    keys::AGE,
    keys::PRIVATE_KEY,
    keys::PUTTY,
    keys::JWT,
    keys::JWK,
    messaging::NATS_SEED,
    clients::GIT_CREDENTIALS,
    http::URL_CREDENTIALS,
    http::URL_PASSWORD,
    http::BASIC,
    http::BEARER,
    files::NETRC,
    files::PGPASS,
    files::NPMRC,
    files::DOCKER_CONFIG,
    files::HTPASSWD,
    files::CLIENT_CONFIG,
    files::WORDPRESS,
    clients::TRANSFER,
    clients::FILEZILLA,
    clients::WINSCP,
    clients::IDE,
    clients::ROBO3T,
    clients::FIREFOX,
    clients::SERVER_INI,
    clients::SHELL_PROFILE,
    frameworks::RAILS_KEY,
    frameworks::RAILS_YAML,
    frameworks::DJANGO,
    frameworks::DOTENV,
    frameworks::PHP,
    frameworks::SYMFONY,
    builds::MAVEN,
    builds::NUGET,
    builds::GRADLE,
    builds::COMPOSER,
    builds::JENKINS,
    builds::KUBECONFIG,
    builds::TERRAFORM,
    builds::VAULT_PASSWORD,
    builds::RCLONE,
    stores::PASSWORD_STORE,
    stores::KEY_STORE,
    assigned::PASSWORD,
    assigned::TOKEN,
];

/// Every rule, in order of precedence.
pub fn rules() -> &'static [Rule] {
    RULES
}

/// The rule with this id.
pub fn rule(id: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.id == id)
}

/// 64 lower-case hex digits over everything in the table that decides what is found.
pub fn rule_set_hash() -> String {
    let mut text = String::from(ENGINE_VERSION);
    for rule in RULES {
        let Rule {
            id,
            family,
            literals,
            files,
            reach,
            pattern,
            bounded,
            checks,
            value,
            tier,
            checksum,
            ..
        } = rule;
        let _ = write!(
            text,
            "\n{id}\t{family}\t{literals:?}\t{files:?}\t{reach:?}\t{pattern}\t{bounded}\t{checks:?}\t{value:?}\t{tier:?}\t{checksum}"
        );
    }
    hex_digest(&[text.as_bytes()])
}
