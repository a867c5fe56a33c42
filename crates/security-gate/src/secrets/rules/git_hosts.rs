//! GitHub and GitLab. Sources: "Behind GitHub's new authentication token formats" and "About authentication to GitHub";
//! "Token prefixes" in GitLab's token overview.

use crate::secrets::rule::{BASE, Check, Reach, Rule, Sum};

pub(super) const GITHUB_TOKEN: Rule = Rule {
    id: "github_token",
    family: "github",
    title: "GitHub token",
    literals: &["ghp_", "gho_", "ghu_", "ghs_", "ghr_"],
    pattern: r"gh[pousr]_(?P<s>[A-Za-z0-9]{36,251})",
    checksum: Some(Sum::Base62),
    explain: "Personal (ghp), OAuth (gho), app user (ghu), installation (ghs) and refresh (ghr) tokens: 30 random characters and a checksum of six.",
    next_step: "Revoke it under Settings, Developer settings (or the app's settings), read the audit log, and use the workflow token or a short-lived app token.",
    samples: &[
        "token: ghp_{sum:30}",
        "https://x/?t%3Dgho_{sum:30}&",
        "ghs_{alnum:36}",
    ],
    decoys: &[
        "ghp_{alnum:35}",
        "ghp_{}XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX",
        "xghp_{sum:30}",
        "ghx_{sum:30}",
        "ghp_{alnum:20}\r\n{alnum:16}",
    ],
    ..BASE
};

pub(super) const GITHUB_FINE_GRAINED: Rule = Rule {
    id: "github_fine_grained_token",
    family: "github",
    title: "GitHub fine-grained personal access token",
    literals: &["github_pat_"],
    reach: Reach::Here { after: 128 },
    pattern: r"github_pat_(?P<s>[A-Za-z0-9]{22}_[A-Za-z0-9]{59})",
    checks: &[Check::NoPlaceholder, Check::Distinct(20)],
    explain: "github_pat_, 22 characters, an underscore and 59 characters.",
    next_step: GITHUB_TOKEN.next_step,
    samples: &["github_pat_{alnum:22}_{alnum:59}"],
    decoys: &["github_pat_{alnum:22}", "github_pat_{alnum:22}_{alnum:60}"],
    ..BASE
};

pub(super) const GITLAB_TOKEN: Rule = Rule {
    id: "gitlab_token",
    family: "gitlab",
    title: "GitLab token",
    literals: &[
        "glpat-", "gldt-", "glrt-", "glptt-", "glft-", "glsoat-", "glimt-", "glagent-", "glcbt-",
        "gloas-", "glrtr-",
    ],
    pattern: r"gl(?:pat|dt|rtr|rt|ptt|ft|soat|imt|agent|cbt|oas)-(?P<s>[A-Za-z0-9_-]{20,300}(?:\.[A-Za-z0-9]{2}\.[A-Za-z0-9]{7,9})?)",
    checksum: Some(Sum::Gitlab),
    explain: "A documented GitLab prefix and 20 characters or more; newer tokens end in a version and a checksum between dots.",
    next_step: "Revoke it under Access tokens (or the runner's, trigger's or agent's settings) and read the audit events.",
    samples: &[
        "glpat-{alnum:20}",
        "glptt-{hex:40}",
        "glpat-{alnum:27}.01.{lower:9}",
        "{gitlab:27}",
    ],
    decoys: &["glpat-{alnum:19}", "glpat-{}xxxxxxxxxxxxxxxxxxxx"],
    ..BASE
};
