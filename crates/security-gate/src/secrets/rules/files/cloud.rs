//! Cloud providers' command-line tools, and tools that describe infrastructure.

use super::{FILE, SETTINGS};
use crate::secrets::rule::{Check, Reach, Rule};

const ROTATE: &str = "Remove the file from the repository, add its name to .gitignore, and replace the key at the provider.";

/// Sources: AWS CLI, "Configuration and credential file settings"; `s3cmd`, "s3cfg"; Boto, "Boto Config".
pub(in crate::secrets::rules) const OBJECT_STORE: Rule = Rule {
    id: "cloud_credentials_key",
    family: "cloud_credentials",
    title: "key in a cloud tool's credentials",
    files: &[
        ".aws/credentials",
        "aws/credentials",
        ".aws/config",
        ".credentials",
        "credentials.ini",
        ".s3cfg",
        "*.s3cfg",
        ".boto",
        "boto.cfg",
        ".s3ql/authinfo2",
    ],
    pattern: r##"^[ \t]{0,8}(?:aws_secret_access_key|aws_session_token|secret_key|gs_secret_access_key|gs_oauth2_refresh_token|s3_secret_key|secret_access_key|gpg_passphrase|azure_storage_key|backend-password)[ \t]{0,8}[=:][ \t]{0,8}"?(?P<v>[^\s"#]{8,})"##,
    explain: "The secret half of an access key.",
    next_step: ROTATE,
    sample_path: "home/.s3cfg",
    samples: &["[default]\nsecret_key = {alnum:26}\n"],
    decoys: &[
        "[default]\nsecret_key = \n",
        "aws_secret_access_key = YOUR_SECRET\n",
        "secret_key = <secret>\n",
    ],
    ..FILE
};

/// Source: s3fs-fuse, `s3fs(1)`: `ACCESS_KEY:SECRET_KEY`.
pub(in crate::secrets::rules) const S3FS: Rule = Rule {
    id: "s3fs_password",
    family: "s3fs",
    title: "key in a password file of s3fs",
    files: &["passwd-s3fs", ".passwd-s3fs"],
    pattern: r"^(?:[^#\s:]+:)?[A-Za-z0-9]{3,}:(?P<v>[A-Za-z0-9/+=_-]{8,})[ \t]*\r?$",
    explain: "Access key and secret key, joined by a colon.",
    next_step: ROTATE,
    sample_path: "home/.passwd-s3fs",
    samples: &["bucket:{alnum:12}:{alnum:32}\n"],
    decoys: &["# ACCESS:SECRET\n", "ACCESS_KEY:SECRET_KEY\n"],
    ..FILE
};

/// Source: rclone, "rclone config" and "rclone obscure" (obscured passwords can be revealed by anybody).
pub(in crate::secrets::rules) const RCLONE: Rule = Rule {
    id: "rclone_secret",
    family: "rclone",
    title: "secret in rclone.conf",
    files: &["rclone.conf", ".rclone.conf"],
    pattern: r"^[ \t]{0,8}(?:pass|password2?|secret_access_key|client_secret|token|account_key|key|bearer_token|sas_url|application_key|api_key)[ \t]{0,8}=[ \t]{0,8}(?P<v>[^\s{#][^\s]{7,}|\{[^\r\n]{20,}\})",
    checks: &[Check::Distinct(6)],
    explain: "A password, key or token of a remote.",
    next_step: ROTATE,
    sample_path: "home/.config/rclone/rclone.conf",
    samples: &["[a]\ntype = sftp\npass = {b64url:22}\n"],
    decoys: &[
        "[a]\npass = \n",
        "# pass = {b64url:22}\n",
        "token = XXXXXXXX\n",
    ],
    ..FILE
};

/// Sources: Google Cloud, "How Application Default Credentials works"; Azure CLI, "MSAL-based Azure CLI" and its older
/// accessTokens.json.
pub(in crate::secrets::rules) const LOGIN_TOKEN: Rule = Rule {
    id: "cloud_login_token",
    family: "cloud_login",
    title: "token of a cloud login",
    files: &[
        "application_default_credentials.json",
        "adc.json",
        "accesstokens.json",
        "azureprofile.json",
        "msal_token_cache.json",
        "service_principal_entries.json",
        "gcloud/credentials.json",
    ],
    pattern: r#""(?:refresh_token|refreshToken|accessToken|access_token|secret|client_secret|servicePrincipalKey)"\s{0,8}:\s{0,8}"(?P<v>[^"\\\s]{8,})""#,
    checks: &[Check::Password, Check::Distinct(8)],
    explain: "A token with which the login can be continued elsewhere.",
    next_step: "Remove the file from the repository, revoke the login at the provider, and log in anew.",
    sample_path: "gcloud/application_default_credentials.json",
    samples: &["{\"type\": \"authorized_user\", \"refresh_token\": \"1//{b64url:60}\"}"],
    decoys: &[
        "{\"type\": \"authorized_user\", \"refresh_token\": \"\"}",
        "{\"refresh_token\": \"<refresh token>\"}",
    ],
    ..FILE
};

/// Sources: `doctl` (access-token in config.yaml), tugboat (~/.tugboat), Heroku (`HEROKU_API_KEY`), `hub(1)` and `gh` (`oauth_token`).
pub(in crate::secrets::rules) const CLI_TOKEN: Rule = Rule {
    id: "command_line_tool_token",
    family: "cli_token",
    title: "token of a command-line tool",
    files: &[
        "doctl/config.yaml",
        ".tugboat",
        "heroku.json",
        "hub",
        ".config/hub",
        "gh/hosts.yml",
        ".travis/config.yml",
        ".circleci/cli.yml",
        ".netlify/config.json",
        "netlify/config.json",
    ],
    pattern: r#"^[ \t]{0,16}(?:- )?["']?(?:access-token|access_token|oauth_token|api_key|HEROKU_API_KEY|token)["']?[ \t]{0,8}:[ \t]{0,8}["']?(?P<v>[^\s"'#,]{16,})"#,
    explain: "The token that the tool logs in with.",
    next_step: ROTATE,
    sample_path: "home/.config/doctl/config.yaml",
    samples: &[
        "access-token: {hex:64}\n",
        "github.com:\n- user: a\n  oauth_token: \"{hex:40}\"\n",
    ],
    decoys: &["access-token: \"\"\n", "api_key: <your api key here>\n"],
    ..FILE
};

/// Source: Microsoft, publish profiles (`.publishsettings`) and `.pubxml.user`.
pub(in crate::secrets::rules) const PUBLISH_PROFILE: Rule = Rule {
    id: "publish_profile_password",
    family: "azure",
    title: "password in a publish profile",
    files: &["*.publishsettings", "*.pubxml", "*.azurepubxml"],
    pattern: r#"\b(?:userPWD|msdeployPassword)="(?P<v>[^"<\r\n]{3,})"|<(?:Password|_PublishPassword)>(?P<w>[^<\r\n]{3,})<"#,
    explain: "The password with which a site is published.",
    next_step: "Remove the file from the repository, and reset the publish profile in the portal.",
    sample_path: "site.PublishSettings",
    samples: &["<publishProfile userName=\"$site\" userPWD=\"{alnum:60}\" />"],
    decoys: &["<publishProfile userName=\"$site\" userPWD=\"\" />"],
    ..FILE
};

const KUBECONFIG: &[&str] = &[
    ".kube/config",
    "kubeconfig",
    "*.kubeconfig",
    "kubeconfig.*",
    "kube.config",
    "kube-config",
    "!*.md",
    "!*.go",
];

/// Source: Kubernetes, "Organizing Cluster Access Using kubeconfig Files", reference `kubeconfig v1`.
pub(in crate::secrets::rules) const KUBECONFIG_KEY: Rule = Rule {
    id: "kubeconfig_client_key",
    family: "kubeconfig",
    title: "client key in a kubeconfig",
    files: KUBECONFIG,
    // Base64 of the dashes that begin a key block.
    pattern: r#"client-key-data:[ \t]{0,8}["']?(?P<v>LS0tLS1CRUdJTi[A-Za-z0-9+/]{80}[A-Za-z0-9+/]*={0,2})"#,
    checks: &[Check::Distinct(16)],
    explain: "The private key of a user of a cluster, base64.",
    next_step: "Remove the file from the repository, and withdraw the user's certificate or rights in the cluster.",
    sample_path: "home/.kube/config",
    samples: &["users:\n- user:\n    client-key-data: LS0tLS1CRUdJTi{}{b64:400}\n"],
    decoys: &[
        "    client-key-data: REDACTED\n",
        "    client-certificate-data: LS0tLS1CRUdJTi{}{b64:400}\n",
    ],
    ..FILE
};

pub(in crate::secrets::rules) const KUBECONFIG_TOKEN: Rule = Rule {
    id: "kubeconfig_token",
    title: "token or password in a kubeconfig",
    pattern: r#"^[ \t]*(?:- )?(?:token|password|id-token|refresh-token|access-token|client-secret):[ \t]{1,8}["']?(?P<v>[^\s"'#]{3,})"#,
    checks: &[Check::Configured],
    explain: "A credential of a user of a cluster.",
    samples: &["users:\n- user:\n    token: {alnum:40}\n"],
    decoys: &[
        "    token: REDACTED\n",
        "    password: \"\"\n",
        "    token: $TOKEN\n",
    ],
    ..KUBECONFIG_KEY
};

/// Source: Kubernetes, "Secrets".
pub(in crate::secrets::rules) const KUBERNETES_SECRET: Rule = Rule {
    id: "kubernetes_secret_value",
    family: "kubernetes_secret",
    title: "value in a Kubernetes Secret",
    literals: &["kind: Secret"],
    // Documents print examples.
    files: &["*.yaml", "*.yml"],
    reach: Reach::Manifest,
    pattern: "",
    checks: &[],
    explain: "A value under a name such as password, token or key in a manifest of kind Secret; base64 hides nothing.",
    next_step: "Keep the value in a secret store or as a sealed or encrypted secret, and change it.",
    sample_path: "deploy/secret.yaml",
    samples: &[
        "apiVersion: v1\nkind: Secret\ndata:\n  user: YQ==\n  config-token: {basic:14}\n",
        "apiVersion: v1\nkind: Secret\nstringData:\n  password: \"{word:14}\"\n",
    ],
    decoys: &[
        "apiVersion: v1\nkind: Secret\ndata:\n  password: {{ .Values.password | b64enc }}\n",
        "apiVersion: v1\nkind: Secret\nstringData:\n  password: changeme\n",
        "apiVersion: v1\nkind: ConfigMap\ndata:\n  password: {basic:14}\n",
        "apiVersion: v1\nkind: Secret\ndata:\n  password: {}cGFzc3dvcmQ=\n",
    ],
    ..SETTINGS
};

/// Source: Terraform, "Input Variables" (tfvars).
pub(in crate::secrets::rules) const TFVARS: Rule = Rule {
    id: "terraform_variable_secret",
    family: "terraform_files",
    title: "secret in Terraform variables",
    files: &["*.tfvars"],
    pattern: r#"^[ \t]{0,16}"?(?P<key>[A-Za-z0-9_-]*(?i:password|passwd|passphrase|secret|token|access_key|api_?key|private_key|secret_key))"?[ \t]*=[ \t]{0,8}"(?P<v>[^"\\\r\n]{3,})""#,
    explain: "A variable whose name says that it is secret.",
    sample_path: "prod/terraform.tfvars",
    samples: &["db_password = \"{word:14}\"\n"],
    decoys: &[
        "db_password = \"\"\n",
        "db_password = \"${var.x}\"\n",
        "# db_password = \"{word:14}\"\n",
        "db_password = \"changeme\"\n",
    ],
    ..SETTINGS
};

/// Source: Terraform, "Sensitive Data in State".
pub(in crate::secrets::rules) const TFSTATE: Rule = Rule {
    id: "terraform_state_secret",
    family: "terraform_files",
    title: "secret in a Terraform state",
    files: &[
        "*.tfstate",
        "terraform.tfstate.backup",
        "terraform.tfstate.*",
    ],
    pattern: r#""(?P<key>[a-z0-9_]{0,60}(?:password|secret|token|access_key|secret_key|primary_key|secondary_key|connection_string|passphrase|kube_config_raw))"\s{0,8}:\s{0,8}"(?P<v>(?:[^"\\\r\n]|\\.){3,})""#,
    explain: "An attribute whose name says that it is secret; a state holds them in the clear.",
    next_step: "Keep the state in a remote backend, remove the file from the repository, and change what it holds.",
    sample_path: "terraform.tfstate",
    samples: &["{\"attributes\": {\"master_password\": \"{word:20}\"}}"],
    decoys: &["{\"attributes\": {\"master_password\": \"\", \"password\": null}}"],
    ..SETTINGS
};

/// Source: Ansible, "Managing vault passwords": a file whose only line is the password, or a script.
pub(in crate::secrets::rules) const ANSIBLE_VAULT: Rule = Rule {
    id: "ansible_vault_password",
    family: "ansible",
    title: "password of an Ansible vault",
    files: &[
        ".vault_pass",
        ".vault_pass.txt",
        "vault_pass",
        "vault_pass.txt",
        ".vault-pass",
        ".vault_password",
        ".vault-password",
        "vault_password",
        "vault_password.txt",
        "vault-password",
        "vault-password.txt",
        "vault-password-file",
        ".vaultpass",
        "vaultpass",
        ".ansible_vault_pass",
        ".ansible-vault-password",
    ],
    pattern: r"\A(?P<v>[^\s#!$<{][^\r\n]{2,}?)\s{0,8}\z",
    checks: &[Check::Configured],
    explain: "The one line of the file.",
    next_step: "Remove the file from the repository, and rekey every vault that it opens.",
    sample_path: "ansible/.vault_pass",
    samples: &["{word:16}\n"],
    decoys: &["#!/bin/sh\npass show vault\n", "changeme\n"],
    ..FILE
};
