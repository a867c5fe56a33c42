//! Package registries. Sources: npm "About access tokens" and "npmrc"; `PyPI` "API tokens" (macaroons); `RubyGems` "API key scopes"; Docker "Personal access tokens".

use crate::secrets::rule::{BASE, Check, Reach, Rule, Sum};

const PUBLISH: &str = "Revoke it in the registry's account settings, look for releases you did not make, and publish with trusted publishing (OIDC).";

pub(super) const NPM_TOKEN: Rule = Rule {
    id: "npm_token",
    family: "npm",
    title: "npm token",
    literals: &["npm_"],
    reach: Reach::Here { after: 48 },
    pattern: r"npm_(?P<s>[A-Za-z0-9]{36})",
    checks: &[Check::NoPlaceholder, Check::Distinct(14)],
    checksum: Some(Sum::Base62),
    explain: "npm_, 30 random characters and a checksum of six.",
    next_step: PUBLISH,
    samples: &["npm_{sum:30}", "NPM_TOKEN=npm_{alnum:36}"],
    decoys: &[
        "npm_{alnum:35}",
        "npm_config_registry_and_other_long_names_1",
    ],
    ..BASE
};

pub(super) const NPMRC_AUTH_TOKEN: Rule = Rule {
    id: "npmrc_auth_token",
    family: "npm",
    title: "token for a package registry",
    literals: &[":_authToken"],
    reach: Reach::Here { after: 400 },
    pattern: r#":_authToken\s{0,4}=\s{0,4}["']?(?P<v>[A-Za-z0-9_.=/+-]{20,360})"#,
    bounded: false,
    checks: &[
        Check::NoPlaceholder,
        Check::Distinct(8),
        Check::LetterAndDigit,
    ],
    explain: "A literal value after :_authToken=, as npm and its relatives write it.",
    next_step: PUBLISH,
    samples: &["//registry.npmjs.org/:_authToken={hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}"],
    decoys: &[
        "//registry.npmjs.org/:_authToken=${NPM_TOKEN}",
        "//registry.npmjs.org/:_authToken=",
        "//r/:_authToken=$NPM_TOKEN",
    ],
    ..BASE
};

pub(super) const PYPI: Rule = Rule {
    id: "pypi_token",
    family: "pypi",
    title: "PyPI token",
    literals: &["pypi-AgEIcHlwaS5vcmc", "pypi-AgENdGVzdC5weXBpLm9yZw"],
    pattern: r"pypi-(?:AgEIcHlwaS5vcmc|AgENdGVzdC5weXBpLm9yZw)(?P<s>[A-Za-z0-9_-]{50,280})",
    checks: &[Check::NoPlaceholder, Check::Distinct(20)],
    explain: "pypi- and a macaroon whose first field is the index's name.",
    next_step: PUBLISH,
    samples: &[
        "password = pypi-AgEIcHlwaS5vcmc{b64url:150}",
        "pypi-AgENdGVzdC5weXBpLm9yZw{b64url:120}",
    ],
    decoys: &["pypi-AgEIcHlwaS5vcmc...", "pypi-AgEIcHlwaS5vcmc{alnum:20}"],
    ..BASE
};

pub(super) const RUBYGEMS: Rule = Rule {
    id: "rubygems_key",
    family: "rubygems",
    title: "RubyGems API key",
    literals: &["rubygems_"],
    reach: Reach::Here { after: 64 },
    pattern: r"rubygems_(?P<s>[a-f0-9]{48})",
    explain: "rubygems_ and 48 hexadecimal digits.",
    next_step: PUBLISH,
    samples: &["rubygems_{hex:48}"],
    decoys: &["rubygems_{hex:20}"],
    ..BASE
};

pub(super) const CRATES_IO: Rule = Rule {
    id: "crates_io_token",
    family: "crates_io",
    title: "crates.io token",
    // The format has no longer literal.
    literals: &["cio"],
    reach: Reach::Here { after: 40 },
    pattern: r"cio(?P<s>[A-Za-z0-9]{32})",
    checks: &[Check::NoPlaceholder, Check::Distinct(14), Check::Mixed],
    explain: "cio and 32 characters.",
    next_step: PUBLISH,
    samples: &["token = \"cio{alnum:32}\""],
    decoys: &["cio{alnum:31}", "cio{alnum:33}", "cio{lower:32}"],
    ..BASE
};

pub(super) const DOCKER_HUB: Rule = Rule {
    id: "docker_hub_token",
    family: "docker_hub",
    title: "Docker Hub token",
    literals: &["dckr_pat_", "dckr_oat_"],
    reach: Reach::Here { after: 48 },
    pattern: r"dckr_[po]at_(?P<s>[A-Za-z0-9_-]{27,32})",
    checks: &[Check::NoPlaceholder, Check::Distinct(14)],
    explain: "dckr_pat_ (personal) or dckr_oat_ (organisation) and 27 to 32 characters.",
    next_step: PUBLISH,
    samples: &["dckr_pat_{b64url:27}"],
    decoys: &["dckr_pat_{alnum:12}"],
    ..BASE
};
