//! Other providers whose tokens carry a prefix of their own. Sources: the providers' pages on API tokens.

use crate::secrets::rule::{BASE, Check, Reach, Rule, Sum};

const LONG: &[Check] = &[Check::NoPlaceholder, Check::Distinct(16)];

pub(super) const DIGITALOCEAN: Rule = Rule {
    id: "digitalocean_token",
    family: "digitalocean",
    title: "DigitalOcean token",
    literals: &["dop_v1_", "doo_v1_", "dor_v1_"],
    pattern: r"do[opr]_v1_(?P<s>[a-f0-9]{64})",
    explain: "dop_v1_, doo_v1_ or dor_v1_ and 64 hexadecimal digits.",
    samples: &["dop_v1_{hex:64}"],
    decoys: &["dop_v1_{hex:63}"],
    ..BASE
};

pub(super) const DATABRICKS: Rule = Rule {
    id: "databricks_token",
    family: "databricks",
    title: "Databricks token",
    literals: &["dapi"],
    reach: Reach::Here { after: 48 },
    pattern: r"dapi(?P<s>[a-f0-9]{32})(?:-[0-9])?",
    checks: &[
        Check::NoPlaceholder,
        Check::Distinct(8),
        Check::LetterAndDigit,
    ],
    explain: "dapi and 32 hexadecimal digits.",
    samples: &["dapi{hex:32}", "dapi{hex:32}-2"],
    decoys: &["dapi{hex:31}", "dapi{hex:33}"],
    ..BASE
};

pub(super) const VAULT: Rule = Rule {
    id: "vault_token",
    family: "vault",
    title: "HashiCorp Vault token",
    literals: &["hvs.", "hvb."],
    pattern: r"hv[sb]\.(?P<s>[A-Za-z0-9_-]{24,300})",
    checks: &[Check::NoPlaceholder, Check::Distinct(14), Check::Mixed],
    explain: "hvs. (service) or hvb. (batch) and 24 characters or more.",
    samples: &["VAULT_TOKEN=hvs.{b64url:95}", "hvs.{alnum:24}"],
    decoys: &["hvs.some_method_name_of_an_object", "hvs.{alnum:10}"],
    ..BASE
};

pub(super) const TERRAFORM: Rule = Rule {
    id: "terraform_cloud_token",
    family: "terraform",
    title: "HCP Terraform token",
    literals: &[".atlasv1."],
    reach: Reach::Around {
        before: 16,
        after: 96,
    },
    pattern: r"[A-Za-z0-9]{14}\.atlasv1\.(?P<s>[A-Za-z0-9_=-]{60,70})",
    checks: LONG,
    explain: "Fourteen characters, .atlasv1. and 60 to 70 characters.",
    samples: &["token = \"{alnum:14}.atlasv1.{alnum:67}\""],
    decoys: &[
        "{}xxxxxxxxxxxxxx.atlasv1.{}zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz",
    ],
    ..BASE
};

pub(super) const LINEAR: Rule = Rule {
    id: "linear_key",
    family: "linear",
    title: "Linear API key",
    literals: &["lin_api_"],
    pattern: r"lin_api_(?P<s>[A-Za-z0-9]{40})",
    explain: "lin_api_ and 40 characters.",
    samples: &["lin_api_{alnum:40}"],
    decoys: &["lin_api_{alnum:39}"],
    ..BASE
};

pub(super) const GRAFANA: Rule = Rule {
    id: "grafana_token",
    family: "grafana",
    title: "Grafana service account token",
    literals: &["glsa_"],
    reach: Reach::Here { after: 64 },
    pattern: r"glsa_(?P<s>[A-Za-z0-9]{32}_[A-Fa-f0-9]{8})",
    checksum: Some(Sum::Grafana),
    explain: "glsa_, 32 characters and a checksum of eight.",
    samples: &["glsa_{alnum:32}_{hex:8}", "{grafana:32}"],
    decoys: &["glsa_{alnum:32}"],
    ..BASE
};

pub(super) const POSTMAN: Rule = Rule {
    id: "postman_key",
    family: "postman",
    title: "Postman API key",
    literals: &["PMAK-"],
    pattern: r"PMAK-(?P<s>[a-f0-9]{24}-[a-f0-9]{34})",
    explain: "PMAK-, 24 and 34 hexadecimal digits.",
    samples: &["PMAK-{hex:24}-{hex:34}"],
    decoys: &["PMAK-{hex:24}"],
    ..BASE
};

pub(super) const NEW_RELIC: Rule = Rule {
    id: "new_relic_key",
    family: "new_relic",
    title: "New Relic user key",
    literals: &["NRAK-"],
    pattern: r"NRAK-(?P<s>[A-Z0-9]{27})",
    explain: "NRAK- and 27 capitals or digits.",
    samples: &["NRAK-{base32:27}"],
    decoys: &["NRAK-{base32:26}"],
    ..BASE
};

pub(super) const ATLASSIAN: Rule = Rule {
    id: "atlassian_token",
    family: "atlassian",
    title: "Atlassian API token",
    literals: &["ATATT3xFfGF0"],
    reach: Reach::Here { after: 300 },
    pattern: r"ATATT3xFfGF0(?P<s>[A-Za-z0-9_=-]{100,260})",
    checks: LONG,
    explain: "ATATT3xFfGF0 and 100 characters or more.",
    samples: &["ATATT3xFfGF0{b64url:172}=1A2B3C4D"],
    decoys: &["ATATT3xFfGF0{alnum:20}"],
    ..BASE
};

pub(super) const DOPPLER: Rule = Rule {
    id: "doppler_token",
    family: "doppler",
    title: "Doppler token",
    literals: &["dp.pt.", "dp.st.", "dp.sa.", "dp.ct."],
    reach: Reach::Here { after: 100 },
    pattern: r"dp\.(?:pt|sa|ct|st(?:\.[a-z0-9_-]{2,35})?)\.(?P<s>[A-Za-z0-9]{40,44})",
    explain: "dp., the kind of token and 40 to 44 characters.",
    samples: &["dp.pt.{alnum:43}", "dp.st.prd.{alnum:43}"],
    decoys: &["dp.pt.{alnum:20}"],
    ..BASE
};

pub(super) const TAILSCALE: Rule = Rule {
    id: "tailscale_key",
    family: "tailscale",
    title: "Tailscale key",
    literals: &["tskey-"],
    reach: Reach::Here { after: 96 },
    pattern: r"tskey-(?:auth|api|client|scim|webhook)-[A-Za-z0-9]{8,20}-(?P<s>[A-Za-z0-9]{20,48})",
    explain: "tskey-, the kind of key, its id and a random part.",
    samples: &["tskey-auth-{alnum:12}CNTRL-{alnum:33}"],
    decoys: &["tskey-auth-{alnum:12}"],
    ..BASE
};

pub(super) const SENTRY: Rule = Rule {
    id: "sentry_token",
    family: "sentry",
    title: "Sentry token",
    literals: &["sntryu_", "sntrys_"],
    pattern: r"sntryu_(?P<s>[a-f0-9]{64})|sntrys_eyJ[A-Za-z0-9+/=_-]{60,260}",
    explain: "sntryu_ (user) and 64 hexadecimal digits, or sntrys_ (organisation) and a signed claim.",
    samples: &["sntryu_{hex:64}", "sntrys_eyJ{b64:120}_{b64:43}"],
    decoys: &["sntryu_{hex:60}"],
    ..BASE
};

pub(super) const MAILCHIMP: Rule = Rule {
    id: "mailchimp_key",
    family: "mailchimp",
    title: "Mailchimp API key",
    literals: &[
        "-us1", "-us2", "-us3", "-us4", "-us5", "-us6", "-us7", "-us8", "-us9",
    ],
    reach: Reach::Around {
        before: 34,
        after: 8,
    },
    pattern: r"(?P<s>[0-9a-f]{32})-us[0-9]{1,2}",
    checks: &[
        Check::NoPlaceholder,
        Check::Distinct(8),
        Check::LetterAndDigit,
    ],
    explain: "32 hexadecimal digits and the data centre.",
    samples: &["MAILCHIMP={hex:32}-us11"],
    decoys: &["{hex:31}-us11", "{hex:32}-us-east"],
    ..BASE
};
