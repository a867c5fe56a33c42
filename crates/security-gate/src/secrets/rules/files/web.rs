//! Settings of web frameworks and servers.

use super::{FILE, SETTINGS};
use crate::secrets::rule::{Check, Rule, ValueKind};

/// Sources: the twelve-factor app, "Config"; Docker Compose, "Syntax for environment files"; Laravel, "Configuration"
/// (`APP_KEY`). Templates (`.env.example` and its like) are left to the rules for certain formats.
pub(in crate::secrets::rules) const ENV_FILE: Rule = Rule {
    id: "env_file_secret",
    family: "env_file",
    title: "secret in an environment file",
    files: &[
        ".env",
        ".env.*",
        "*.env",
        ".envrc",
        ".flaskenv",
        "config",
        "!example.*",
        "!sample.*",
        "!template.*",
        "!default.*",
        "!defaults.*",
        "!dist.*",
        "!test.*",
        "!*.example",
        "!*.sample",
        "!*.template",
        "!*.tmpl",
        "!*.tpl",
        "!*.dist",
        "!*.defaults",
        "!*.default",
        "!*.test",
        "!*.testing",
        "!*.ci",
        "!*.schema",
        "!*.md",
        "!*.vault",
        "!*.ts",
        "!*.js",
        "!*.py",
        "!*.go",
        "!*.rs",
        "!*.php",
    ],
    pattern: ENV_LINE,
    explain: "A variable whose name ends with password, secret, token, key or pass, set to a value.",
    sample_path: "app/.env",
    samples: &[
        "DB_PASSWORD={word:12}\n",
        "export API_TOKEN=\"{alnum:24}\"\r\n",
        "APP_KEY=base64:{b64:43}=\n",
        "SECRET_KEY='{word:40}' # comment\n",
    ],
    decoys: &[
        "DB_PASSWORD=\n",
        "DB_PASSWORD=secret\n",
        "DB_PASSWORD=${DB_PASSWORD}\n",
        "#DB_PASSWORD={word:12}\n",
        "DB_PASSWORD_FILE=/run/secrets/db\n",
        "NEXT_PUBLIC_API_KEY={alnum:24}\n",
        "TOKEN_URL=https://login.internal\n",
    ],
    ..SETTINGS
};

/// `NAME=value`, the name in any case.
pub(super) const ENV_LINE: &str = r#"^[ \t]{0,16}(?:export[ \t]{1,4})?(?P<key>[A-Za-z0-9_.]*(?i:password|passwd|passphrase|secret|token|api_?key|secret_key|secret_key_base|access_key|private_key|app_key|auth_key|encryption_key|signing_key|jwt_key|master_key|credentials|_pass|_pwd))[ \t]{0,4}=[ \t]{0,4}(?:"(?P<v>[^"\r\n]{3,})"|'(?P<w>[^'\r\n]{3,})'|(?P<x>[^\s"'#][^\s#]{2,}))"#;

/// Source: the Ruby on Rails guides, "Securing Rails Applications", "Custom Credentials": 16 bytes as hexadecimal digits.
pub(in crate::secrets::rules) const RAILS_KEY: Rule = Rule {
    id: "rails_master_key",
    family: "rails",
    title: "key of Rails' encrypted credentials",
    files: &[
        "master.key",
        "config/credentials/*",
        "credentials/production.key",
        "credentials/development.key",
        "credentials/staging.key",
        "credentials/test.key",
        "secrets.yml.key",
    ],
    pattern: r"\A(?P<v>[0-9a-f]{32})\s{0,4}\z",
    checks: &[Check::Distinct(6)],
    value: ValueKind::Random,
    explain: "The key that opens credentials.yml.enc.",
    next_step: "Remove the file from the repository, change every credential it opens, and encrypt them with a new key.",
    sample_path: "config/master.key",
    samples: &["{hex:32}", "{hex:32}\n"],
    decoys: &["{hex:31}", "00000000000000000000000000000000"],
    ..FILE
};

/// Source: the same guide, "config/secrets.yml" (Rails 4.1 to 7.1).
pub(in crate::secrets::rules) const RAILS_SECRETS: Rule = Rule {
    id: "rails_secret_key_base",
    family: "rails",
    title: "secret in Rails' secrets.yml",
    files: &["secrets.yml", "secret_token.rb", "application.yml"],
    pattern: r#"(?:^[ \t]{0,16}|\.)(?P<key>[A-Za-z0-9_]{0,60}(?:secret_key_base|secret_token|SECRET_KEY_BASE|password|PASSWORD|api_key|API_KEY|secret|SECRET))(?:[ \t]{0,8}=|:)[ \t]{0,8}["']?(?P<v>[^\s"'#<][^\s"'#]{4,})"#,
    explain: "The key that signs and encrypts sessions, or another value that is named as a secret.",
    sample_path: "config/secrets.yml",
    samples: &[
        "production:\n  secret_key_base: {hex:128}\n",
        "App.config.secret_token = '{hex:128}'\n",
    ],
    decoys: &[
        "production:\n  secret_key_base: <%= ENV[\"SECRET_KEY_BASE\"] %>\n",
        "  api_key: your_key\n",
    ],
    ..SETTINGS
};

/// Source: Django, "Settings", `SECRET_KEY` and `DATABASES`.
pub(in crate::secrets::rules) const DJANGO: Rule = Rule {
    id: "django_settings_secret",
    family: "django",
    title: "secret in Django's settings",
    files: &[
        "settings.py",
        "settings/*",
        "local_settings.py",
        "settings_local.py",
        "settings_prod.py",
        "production_settings.py",
        "!*.md",
        "!*.json",
        "!*.xml",
        "!*.html",
    ],
    pattern: r#"^[ \t]{0,16}(?:SECRET_KEY[ \t]{0,4}=[ \t]{0,4}|['"]PASSWORD['"][ \t]{0,4}:[ \t]{0,4}|EMAIL_HOST_PASSWORD[ \t]{0,4}=[ \t]{0,4})(?:'(?P<v>[^'\r\n]{5,})'|"(?P<w>[^"\r\n]{5,})")"#,
    explain: "SECRET_KEY, or the password of a database or mail account.",
    sample_path: "site/settings.py",
    samples: &[
        "SECRET_KEY = '{word:50}'\n",
        "    'PASSWORD': '{word:14}',\n",
    ],
    decoys: &[
        "SECRET_KEY = os.environ['SECRET_KEY']\n",
        "SECRET_KEY = 'secret'\n",
        "# SECRET_KEY = '{word:50}'\n",
        "    'PASSWORD': '',\n",
    ],
    ..SETTINGS
};

/// Source: Apache Tomcat, "Manager App How-To": tomcat-users.xml.
pub(in crate::secrets::rules) const TOMCAT: Rule = Rule {
    id: "tomcat_user_password",
    family: "tomcat",
    title: "password in tomcat-users.xml",
    files: &["tomcat-users.xml"],
    pattern: r#"<user\s[^>]{0,200}?\bpassword="(?P<v>[^"<\r\n]{3,})""#,
    explain: "The password of a user of the server's manager.",
    sample_path: "conf/tomcat-users.xml",
    samples: &["<user username=\"a\" password=\"{word:12}\" roles=\"manager-gui\"/>"],
    decoys: &[
        "<user username=\"tomcat\" password=\"<must-be-changed>\" roles=\"tomcat\"/>",
        "<user username=\"a\" password=\"secret\"/>",
    ],
    ..SETTINGS
};

/// Source: Jenkins, "Using credentials"; values are encrypted with a key beside them, older ones are plain.
pub(in crate::secrets::rules) const JENKINS: Rule = Rule {
    id: "jenkins_credential",
    family: "jenkins",
    title: "credential in Jenkins' configuration",
    files: &["credentials.xml", "jenkins/config.xml"],
    pattern: r"<(?:password|passphrase|secret|apiToken|privateKey|secretBytes|bindPassword|managerPasswordSecret)>(?P<v>\{[A-Za-z0-9+/=]{16,}\}|[^<{$\s][^<\r\n]{2,})</",
    checks: &[Check::Distinct(5)],
    explain: "A credential as Jenkins stores it.",
    sample_path: "jenkins/credentials.xml",
    samples: &["<username>a</username><password>{{}{b64:44}}</password>"],
    decoys: &["<password></password>", "<password>${PW}</password>"],
    ..FILE
};
