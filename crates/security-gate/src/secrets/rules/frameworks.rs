//! Secrets of frameworks and applications, known by their path. Sources: the guides of Rails (credentials), Django (settings), Laravel and
//! other users of dotenv, Symfony, Drupal, Joomla, Magento and phpBB.

use crate::secrets::rule::{Check, Rule, ValueKind};

use super::files::FILE;

pub(super) const RAILS_KEY: Rule = Rule {
    id: "rails_master_key",
    family: "rails",
    title: "master key of a Rails application",
    files: &[
        "master.key",
        "credentials/production.key",
        "credentials/staging.key",
    ],
    pattern: r"\A(?P<v>[0-9a-f]{32})\s{0,4}\z",
    checks: &[Check::Distinct(8)],
    value: ValueKind::Random,
    explain: "32 hexadecimal digits that decrypt the application's credentials.",
    sample_path: "config/master.key",
    samples: &["{hex:32}\n"],
    decoys: &["00000000000000000000000000000000\n", "see the wiki\n"],
    ..FILE
};

pub(super) const RAILS_YAML: Rule = Rule {
    id: "rails_yaml_secret",
    family: "rails",
    title: "secret in a Rails configuration",
    files: &["secrets.yml", "database.yml", "mongoid.yml"],
    pattern: r#"^\s{0,24}(?:password|secret_key_base|secret_token)\s{0,4}:\s{1,8}["']?(?P<v>[^\s"'#]{4,300})"#,
    checks: &[Check::Configured],
    explain: "A password of the database, or a key that signs cookies.",
    sample_path: "config/database.yml",
    samples: &["production:\n  password: {word:14}\n"],
    decoys: &["  password: <%= ENV['DB'] %>\n", "  password: password\n"],
    ..FILE
};

pub(super) const DJANGO: Rule = Rule {
    id: "django_secret_key",
    family: "django",
    title: "secret key of a Django project",
    files: &[
        "settings.py",
        "settings/base.py",
        "settings/production.py",
        "settings/prod.py",
        "local_settings.py",
    ],
    pattern: r#"^SECRET_KEY\s{0,4}=\s{0,4}u?["'](?P<v>[^"'\r\n]{20,200})["']"#,
    checks: &[
        Check::NoPlaceholder,
        Check::Distinct(12),
        // What `startproject` writes says itself that it is not for production.
        Check::Undocumented(&["django-insecure-", "django-insecure"]),
    ],
    value: ValueKind::Random,
    explain: "The key that signs sessions and tokens.",
    sample_path: "web/settings.py",
    samples: &["SECRET_KEY = '{b64:50}'\n"],
    decoys: &[
        "SECRET_KEY = os.environ['KEY']\n",
        "SECRET_KEY = 'your-secret-key-goes-here'\n",
    ],
    ..FILE
};

pub(super) const DOTENV: Rule = Rule {
    id: "dotenv_secret",
    family: "dotenv",
    title: "secret in an environment file",
    files: &[
        ".env",
        ".env.local",
        ".env.dev",
        ".env.development",
        ".env.staging",
        ".env.prod",
        ".env.production",
        ".envrc",
    ],
    pattern: r#"^\s{0,8}(?:export\s+)?(?:[A-Z0-9_]{0,60}_)?(?:PASS|PASSWORD|PASSWD|PWD|SECRET|SECRET_KEY|TOKEN|API_KEY|ACCESS_KEY|APP_KEY|PRIVATE_KEY)\s{0,4}=\s{0,4}["']?(?P<v>[^\s"'#]{4,300})"#,
    checks: &[Check::Configured],
    explain: "The value of a variable that says it is a password, secret, token or key.",
    sample_path: "web/.env",
    samples: &["DB_PASSWORD={word:12}\n", "APP_KEY=base64:{b64:44}\n"],
    decoys: &[
        "DB_PASSWORD=\n",
        "DB_PASSWORD=${DB}\n",
        "DB_PASSWORD=secret\n",
        "TOKEN_URL={word:12}\n",
    ],
    ..FILE
};

pub(super) const PHP: Rule = Rule {
    id: "php_config_password",
    family: "php_config",
    title: "password in the configuration of a PHP application",
    files: &[
        "config.php",
        "configuration.php",
        "settings.php",
        "settings.local.php",
        "env.php",
        "parameters.php",
    ],
    pattern: r#"(?:\$(?:db_?passwd|db_?pass|db_?password|password|smtppass|ftp_pass|dbpasswd)\s{0,8}=|["'](?:password|hash_salt|passwd)["']\s{0,8}(?:=>|\]\s{0,4}=))\s{0,8}["'](?P<v>[^"'\r\n]{3,200})["']"#,
    checks: &[Check::Configured],
    explain: "The password of the database, of mail or of file transfer.",
    sample_path: "www/config.php",
    samples: &["$dbpasswd = '{word:10}';", "'password' => '{word:12}',"],
    decoys: &[
        "$dbpasswd = getenv('DB');",
        "'password' => '',",
        "'password' => 'password',",
    ],
    ..FILE
};

pub(super) const SYMFONY: Rule = Rule {
    id: "symfony_parameters_secret",
    family: "symfony",
    title: "secret in parameters.yml",
    files: &["parameters.yml", "parameters.yaml"],
    pattern: r#"^\s{0,8}(?:[a-z_]{0,40}password|secret)\s{0,4}:\s{1,8}["']?(?P<v>[^\s"'#~%]{4,200})"#,
    checks: &[Check::Configured],
    explain: "A password, or the secret that signs forms and links.",
    sample_path: "app/config/parameters.yml",
    samples: &["    database_password: {word:12}\n"],
    decoys: &[
        "    database_password: ~\n",
        "    secret: '%env(SECRET)%'\n",
    ],
    ..FILE
};
