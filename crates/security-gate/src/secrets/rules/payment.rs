//! Payment and shops. Sources: Stripe "API keys" and "Webhooks"; Shopify "Access tokens"; Square "OAuth credentials".

use crate::secrets::rule::{BASE, Check, Reach, Rule};

pub(super) const STRIPE: Rule = Rule {
    id: "stripe_live_key",
    family: "stripe",
    title: "Stripe live key",
    literals: &["sk_live_", "rk_live_"],
    pattern: r"[sr]k_live_(?P<s>[A-Za-z0-9]{20,250})",
    explain: "sk_live_ (secret) or rk_live_ (restricted) and 20 characters or more: works on real money.",
    next_step: "Roll the key in the dashboard at once and read the request log.",
    samples: &["sk_live_{alnum:24}", "rk_live_{alnum:99}"],
    decoys: &[
        "sk_test_{alnum:24}",
        "pk_live_{alnum:24}",
        "sk_live_{alnum:12}",
        "sk_live_{}xxxxxxxxxxxxxxxxxxxxxxxx",
    ],
    ..BASE
};

pub(super) const STRIPE_WEBHOOK: Rule = Rule {
    id: "stripe_webhook_secret",
    family: "stripe",
    title: "Stripe webhook signing secret",
    literals: &["whsec_"],
    reach: Reach::Here { after: 80 },
    pattern: r"whsec_(?P<s>[A-Za-z0-9]{32,64})",
    checks: &[Check::NoPlaceholder, Check::Distinct(12), Check::Mixed],
    explain: "whsec_ and 32 characters or more: signs events that the receiver trusts.",
    next_step: "Roll the secret of the endpoint in the dashboard.",
    samples: &["whsec_{alnum:32}"],
    decoys: &["whsec_{alnum:10}", "whsec_test"],
    ..BASE
};

pub(super) const SHOPIFY: Rule = Rule {
    id: "shopify_token",
    family: "shopify",
    title: "Shopify token",
    literals: &["shpat_", "shpca_", "shppa_", "shpss_"],
    reach: Reach::Here { after: 48 },
    pattern: r"shp(?:at|ca|pa|ss)_(?P<s>[A-Fa-f0-9]{32})",
    checks: &[Check::NoPlaceholder, Check::Distinct(8)],
    explain: "shpat_, shpca_, shppa_ or shpss_ and 32 hexadecimal digits.",
    samples: &["shpat_{hex:32}"],
    decoys: &["shpat_{hex:31}", "shpat_{}00000000000000000000000000000000"],
    ..BASE
};

pub(super) const SQUARE: Rule = Rule {
    id: "square_oauth_secret",
    family: "square",
    title: "Square OAuth secret",
    literals: &["sq0csp-"],
    reach: Reach::Here { after: 64 },
    pattern: r"sq0csp-(?P<s>[A-Za-z0-9_-]{43})",
    checks: &[Check::NoPlaceholder, Check::Distinct(16)],
    explain: "sq0csp- and 43 characters.",
    samples: &["sq0csp-{b64url:43}"],
    decoys: &["sq0csp-{alnum:20}"],
    ..BASE
};
