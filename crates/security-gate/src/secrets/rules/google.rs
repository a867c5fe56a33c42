//! Google. Sources: "Using API keys", "Create and delete service account keys" in the Google Cloud documentation.

use crate::secrets::rule::{BASE, Check, Reach, Rule};

pub(super) const API_KEY: Rule = Rule {
    id: "google_api_key",
    family: "google",
    title: "Google API key",
    literals: &["AIza"],
    reach: Reach::Here { after: 64 },
    pattern: r"AIza(?P<s>[A-Za-z0-9_-]{35})",
    checks: &[Check::NoPlaceholder, Check::Distinct(14), Check::Mixed],
    explain: "AIza and 35 characters. Some are meant for browsers and apps: then restrict the key and say so in an exemption.",
    next_step: "Regenerate the key under APIs and services, Credentials, and restrict it to the APIs and origins that need it.",
    samples: &["apiKey: \"AIza{b64url:35}\"", "?key=AIza{alnum:35}&v=3"],
    decoys: &["AIza{alnum:34}", "AIza{alnum:36}", "AIza{lower:35}"],
    ..BASE
};

pub(super) const OAUTH_SECRET: Rule = Rule {
    id: "google_oauth_client_secret",
    family: "google",
    title: "Google OAuth client secret",
    literals: &["GOCSPX-"],
    reach: Reach::Here { after: 48 },
    pattern: r"GOCSPX-(?P<s>[A-Za-z0-9_-]{28})",
    explain: "GOCSPX- and 28 characters.",
    next_step: "Reset the secret of the client under APIs and services, Credentials.",
    samples: &["client_secret=GOCSPX-{b64url:28}"],
    decoys: &["GOCSPX-{alnum:27}"],
    ..BASE
};

pub(super) const SERVICE_ACCOUNT: Rule = Rule {
    id: "google_service_account_key",
    family: "google_service_account",
    title: "private key of a Google service account",
    literals: &["\"private_key\"", "\\\"private_key\\\""],
    reach: Reach::Here { after: 128 },
    pattern: r#"(?:\\)?"private_key(?:\\)?"\s{0,8}:\s{0,8}(?:\\)?"(?P<v>-----BEGIN (?:RSA )?PRIVATE KEY-----)"#,
    bounded: false,
    checks: &[Check::KeyBody],
    explain: "A JSON credential file with the member private_key and a key in it.",
    next_step: "Delete the key of the service account, and use workload identity federation instead of key files.",
    samples: &[
        "{\"type\": \"service_account\", \"private_key\": \"-----BEGIN {}PRIVATE KEY-----\\nMIIE{b64:60}\\n{b64:64}\\n-----END {}PRIVATE KEY-----\\n\"}",
    ],
    decoys: &[
        "{\"private_key\": \"-----BEGIN PRIVATE KEY-----\\n...\\n-----END PRIVATE KEY-----\\n\"}",
    ],
    ..BASE
};
