//! Secrets of build, package and cluster tools, known by their path. Sources: the documentation of Maven (settings), `NuGet`, Gradle, Composer,
//! Jenkins, `kubectl`, Terraform, Ansible and rclone.

use crate::secrets::rule::{Check, Rule};

use super::files::FILE;

pub(super) const MAVEN: Rule = Rule {
    id: "maven_password",
    family: "maven",
    title: "password in Maven's settings",
    files: &["settings.xml", "settings-security.xml"],
    pattern: r"<(?:password|passphrase|master)>\s{0,8}(?P<v>[^<\s$]{3,300})\s{0,8}</",
    checks: &[Check::Configured],
    explain: "The password of a server, or the master password that hides the others.",
    sample_path: ".m2/settings.xml",
    samples: &["<server><password>{word:14}</password></server>"],
    decoys: &["<password>${env.TOKEN}</password>", "<password></password>"],
    ..FILE
};

pub(super) const NUGET: Rule = Rule {
    id: "nuget_password",
    family: "nuget",
    title: "password in NuGet's configuration",
    files: &["nuget.config"],
    pattern: r#"key="(?:ClearText)?Password"\s{1,8}value="(?P<v>[^"\r\n%]{4,400})""#,
    explain: "The password of a package source.",
    sample_path: "NuGet.Config",
    samples: &["<add key=\"ClearTextPassword\" value=\"{word:14}\" />"],
    decoys: &["<add key=\"ClearTextPassword\" value=\"%FEED%\" />"],
    ..FILE
};

pub(super) const GRADLE: Rule = Rule {
    id: "gradle_password",
    family: "gradle",
    title: "password in Gradle's properties",
    files: &[
        "gradle.properties",
        "keystore.properties",
        "key.properties",
        "signing.properties",
    ],
    pattern: r"^[ \t]{0,8}[A-Za-z0-9_.]{0,60}[Pp]assword[ \t]{0,4}[=:][ \t]{0,4}(?P<v>[^\s#]{4,200})",
    checks: &[Check::Configured],
    explain: "The password of a repository or of a signing key.",
    sample_path: "gradle.properties",
    samples: &["signing.password={word:12}\n"],
    decoys: &["ossrhPassword=\n", "ossrhPassword=${PASS}\n"],
    ..FILE
};

pub(super) const COMPOSER: Rule = Rule {
    id: "composer_auth",
    family: "composer",
    title: "password or token in Composer's auth.json",
    files: &["auth.json"],
    pattern: r#""(?:password|github\.com|gitlab\.com)"\s{0,8}:\s{0,8}"(?P<v>[^"\r\n]{6,200})""#,
    explain: "What Composer authenticates with.",
    sample_path: "auth.json",
    samples: &[
        "{\"http-basic\": {\"a.internal\": {\"username\": \"ci\", \"password\": \"{word:16}\"}}}",
    ],
    decoys: &["{\"http-basic\": {\"a\": {\"password\": \"\"}}}"],
    ..FILE
};

pub(super) const JENKINS: Rule = Rule {
    id: "jenkins_credentials",
    family: "jenkins",
    title: "credential in Jenkins' store",
    files: &["credentials.xml"],
    pattern: r"<(?:password|passphrase|privateKey|secret|apiToken)>\{?(?P<v>[A-Za-z0-9+/]{16,4000}={0,2})\}?</",
    checks: &[Check::Distinct(10)],
    explain: "An encrypted credential; the key lies in the same home.",
    sample_path: "jenkins/credentials.xml",
    samples: &["<password>{AQAAABAAAAAQ{b64:40}}</password>"],
    decoys: &["<password></password>"],
    ..FILE
};

pub(super) const KUBECONFIG: Rule = Rule {
    id: "kubeconfig_credential",
    family: "kubeconfig",
    title: "credential in a kubeconfig",
    files: &[
        "kubeconfig",
        ".kube/config",
        "*.kubeconfig",
        "kube_config",
        "kubeconfig.yml",
        "kubeconfig.yaml",
    ],
    pattern: r#"^\s{0,16}(?:client-key-data|token|password)\s{0,4}:\s{1,8}["']?(?P<v>[A-Za-z0-9+/_.=-]{8,8000})"#,
    explain: "The private key, token or password of a user of the cluster.",
    sample_path: "home/.kube/config",
    samples: &[
        "    client-key-data: LS0tLS1{b64:200}\n",
        "    token: {alnum:40}\n",
    ],
    decoys: &[
        "    client-certificate-data: LS0tLS1{b64:200}\n",
        "    token: ${TOKEN}\n",
    ],
    ..FILE
};

pub(super) const TERRAFORM: Rule = Rule {
    id: "terraform_variable_secret",
    family: "terraform",
    title: "secret in Terraform's variables or state",
    files: &[
        "*.tfvars",
        "*.tfvars.json",
        "terraform.tfstate",
        "terraform.tfstate.backup",
    ],
    pattern: r#"(?:^|")[ \t]{0,8}[a-z0-9_]{0,40}(?:password|secret|token|secret_key|access_key|api_key|private_key)"?[ \t]{0,8}[=:][ \t]{0,8}"(?P<v>[^"\r\n$]{4,400})""#,
    checks: &[Check::Configured],
    explain: "The value of a variable or attribute that says it is a secret.",
    sample_path: "infra/prod.tfvars",
    samples: &[
        "db_password = \"{word:14}\"\n",
        "      \"password\": \"{word:12}\",\n",
    ],
    decoys: &["db_password = var.password\n", "db_password = \"\"\n"],
    ..FILE
};

pub(super) const VAULT_PASSWORD: Rule = Rule {
    id: "ansible_vault_password",
    family: "ansible",
    title: "password of an Ansible vault",
    files: &[
        ".vault_pass",
        ".vault_pass.txt",
        "vault_pass.txt",
        ".vault_password",
        "vault-password.txt",
    ],
    pattern: r"\A(?P<v>[^\s#]{4,200})\s{0,4}\z",
    explain: "The word that opens every vault of the project.",
    sample_path: "ansible/.vault_pass",
    samples: &["{alnum:24}\n"],
    decoys: &["# see the wiki\n"],
    ..FILE
};

pub(super) const RCLONE: Rule = Rule {
    id: "rclone_password",
    family: "rclone",
    title: "password in rclone's configuration",
    files: &["rclone.conf"],
    pattern: r"^(?:pass|password2?|secret_access_key|client_secret|token)[ \t]{0,4}=[ \t]{0,4}(?P<v>\S{8,1000})",
    checks: &[Check::Distinct(8)],
    explain: "A password, which is only obscured, or a token.",
    sample_path: "rclone.conf",
    samples: &["[s]\npass = {alnum:30}\n"],
    decoys: &["pass =\n"],
    ..FILE
};
