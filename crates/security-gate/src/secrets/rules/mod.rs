//! The table of rules. A rule is one constant in its family's file and one line here; where two rules match the same
//! bytes, the one that stands first is reported.

mod ai;
mod assigned;
mod aws;
mod azure;
mod files;
mod git_hosts;
mod google;
mod http;
mod keys;
mod messaging;
mod payment;
mod registries;
mod vendors;

use std::fmt::Write as _;

use super::fingerprint::hex_digest;
use super::rule::Rule;

/// Part of the hash: raised when the code of the checks changes what a rule finds.
const ENGINE_VERSION: &str = "3";

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
    files::hosts::NETRC,
    files::hosts::GIT_CREDENTIALS,
    files::hosts::HTPASSWD,
    files::hosts::MAIL_CLIENT,
    files::hosts::SUBVERSION,
    files::hosts::OPENVPN,
    files::hosts::OPENVPN_FILE,
    files::hosts::NETWORK,
    files::hosts::PPP,
    files::database::PGPASS,
    files::database::OPTION_FILE,
    files::database::DATABASE_YML,
    files::database::MONGOID,
    files::database::ROBOMONGO,
    files::database::DBEAVER,
    files::database::IDEA_DATA_SOURCE,
    files::database::CONNECTION_STRING,
    files::packages::NPMRC,
    files::packages::PYPIRC,
    files::packages::DOCKER_CONFIG,
    files::packages::MAVEN,
    files::packages::GRADLE,
    files::packages::NUGET,
    files::packages::REGISTRY_TOKEN,
    files::packages::COMPOSER,
    files::transfer::SFTP_JSON,
    files::transfer::FILEZILLA,
    files::transfer::FILEZILLA_BASE64,
    files::transfer::FILEZILLA_SERVER,
    files::transfer::WINSCP,
    files::transfer::IDEA_WEB_SERVER,
    files::transfer::REMOTE_DESKTOP,
    files::cloud::OBJECT_STORE,
    files::cloud::S3FS,
    files::cloud::RCLONE,
    files::cloud::LOGIN_TOKEN,
    files::cloud::CLI_TOKEN,
    files::cloud::PUBLISH_PROFILE,
    files::cloud::KUBECONFIG_KEY,
    files::cloud::KUBECONFIG_TOKEN,
    files::cloud::KUBERNETES_SECRET,
    files::cloud::TFVARS,
    files::cloud::TFSTATE,
    files::cloud::ANSIBLE_VAULT,
    files::php::WORDPRESS,
    files::php::VARIABLE,
    files::php::JOOMLA,
    files::php::ARRAY,
    files::php::MAGENTO_XML,
    files::php::SYMFONY,
    files::web::ENV_FILE,
    files::web::RAILS_KEY,
    files::web::RAILS_SECRETS,
    files::web::DJANGO,
    files::web::TOMCAT,
    files::web::JENKINS,
    files::shell::HISTORY,
    files::shell::SQL_HISTORY,
    files::shell::PROFILE,
    files::clients::IRC,
    files::clients::HEXCHAT,
    files::clients::PIDGIN,
    files::clients::VENTRILO,
    files::clients::SALESFORCE,
    files::stores::KEEPASS,
    files::stores::PASSWORD_SAFE,
    files::stores::FIREFOX_KEYS,
    files::stores::FIREFOX_LOGINS,
    files::stores::CHROME_LOGINS,
    files::stores::GCLOUD_STORE,
    files::stores::MYSQL_LOGIN_PATH,
    files::stores::DBEAVER_CREDENTIALS,
    files::stores::VNC,
    files::stores::GNUPG,
    files::stores::KEYTAB,
    files::stores::KEYCHAIN,
    files::stores::JENKINS_KEY,
    http::URL_CREDENTIALS,
    http::URL_PASSWORD,
    http::BASIC,
    http::BEARER,
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
            "\n{id}\t{family}\t{literals:?}\t{files:?}\t{reach:?}\t{pattern}\t{bounded}\t{checks:?}\t{value:?}\t{tier:?}\t{checksum:?}"
        );
    }
    hex_digest(&[text.as_bytes()])
}
