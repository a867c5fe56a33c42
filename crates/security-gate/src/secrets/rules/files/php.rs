//! Configurations of programs in PHP, which keep their database password in the code.

use super::FILE;
use crate::secrets::rule::{Check, Rule};

/// Source: `WordPress`, "Editing wp-config.php".
pub(in crate::secrets::rules) const WORDPRESS: Rule = Rule {
    id: "wordpress_config_secret",
    family: "wordpress",
    title: "secret in wp-config.php",
    files: &[
        "wp-config.php",
        "wp-config.php.bak",
        "wp-config.bak",
        "wp-config.txt",
        "wp-config.old",
        "wp-config.php.old",
        "wp-config.php.save",
    ],
    pattern: r#"define\s{0,4}\(\s{0,4}['"](?:DB_PASSWORD|FTP_PASS|(?:SECURE_AUTH|LOGGED_IN|AUTH|NONCE)_(?:KEY|SALT))['"]\s{0,8},\s{0,16}['"](?P<v>[^'"\r\n]{3,})['"]"#,
    checks: &[
        Check::Password,
        Check::Undocumented(&["password_here", "put your unique phrase"]),
    ],
    explain: "The database password, or a key or salt that signs cookies.",
    sample_path: "site/wp-config.php",
    samples: &[
        "define('DB_PASSWORD', '{word:12}');",
        "define( 'AUTH_KEY', \"{alnum:64}\" );",
    ],
    decoys: &[
        "define('DB_PASSWORD', 'password_here');",
        "define('DB_PASSWORD', getenv('X'));",
        "define('AUTH_KEY', 'put your unique phrase here');",
    ],
    ..FILE
};

/// Sources: phpBB (`$dbpasswd` in config.php), `MediaWiki` ("Manual:LocalSettings.php"), Moodle (`$CFG->dbpass`),
/// `phpMyAdmin` ("Configuration": `$cfg['Servers'][$i]['password']`, `blowfish_secret`), `OpenCart` (`DB_PASSWORD`).
pub(in crate::secrets::rules) const VARIABLE: Rule = Rule {
    id: "php_config_password",
    family: "php_config",
    title: "password in the configuration of a PHP program",
    files: &[
        "config.php",
        "config.inc.php",
        "localsettings.php",
        "conf.php",
        "settings.inc.php",
        "db.php",
        "dbconfig.php",
        "connect.inc.php",
    ],
    // A variable, a property, a member of an array by index, or a constant.
    pattern: r#"(?:\$(?:[A-Za-z_]{1,30}->)?(?:[A-Za-z]{1,20}_?)?(?i:password|passwd|dbpass|db_pass|secretkey|upgradekey)|\[['"](?:password|controlpass|blowfish_secret)['"]\])[ \t]{0,40}=[ \t]{0,8}['"](?P<v>[^'"\r\n]{3,})['"][ \t]{0,8};"#,
    explain: "A variable or member named as a password or secret key, set to a text.",
    sample_path: "forum/config.php",
    samples: &[
        "<?php\n$dbuser = 'a';\n$dbpasswd = '{word:8}';\n",
        "$wgDBpassword = \"{word:10}\";\n",
        "$CFG->dbpass = '{word:10}';\n",
        "$cfg['Servers'][$i]['password'] = '{word:10}';\n",
    ],
    decoys: &[
        "$dbpasswd = '';\n",
        "$password = $_POST['password'];\n",
        "$dbpasswd = getenv('DB');\n",
        "$wgDBpassword = \"${PW}\";\n",
    ],
    ..FILE
};

/// Source: Joomla, "Configuration.php": `public $password` (before 1.6 `var`), `$secret`, `$smtppass`, `$ftp_pass`.
pub(in crate::secrets::rules) const JOOMLA: Rule = Rule {
    id: "joomla_config_secret",
    family: "joomla",
    title: "secret in Joomla's configuration.php",
    files: &[
        "configuration.php",
        "configuration.php-dist",
        "configuration.php.bak",
    ],
    pattern: r#"(?:public|var)\s{1,4}\$(?:password|secret|smtppass|ftp_pass|proxy_pass|redis_server_auth)\s{0,8}=\s{0,8}['"](?P<v>[^'"\r\n]{3,})['"]"#,
    explain: "The database password, or a secret that signs sessions.",
    sample_path: "site/configuration.php",
    samples: &[
        "class JConfig {\n public $password = '{word:10}';\n}",
        "var $secret = '{alnum:16}';",
    ],
    decoys: &["public $password = '';", "public $user = '{word:10}';"],
    ..FILE
};

/// Sources: Drupal, "Database configuration" in default.settings.php; `CakePHP`, "Database Access & ORM"; Magento 2,
/// "env.php reference"; `CodeIgniter` and Laravel, database.php; Yii, db.php.
pub(in crate::secrets::rules) const ARRAY: Rule = Rule {
    id: "php_array_password",
    family: "php_config",
    title: "password in the configuration of a PHP program",
    files: &[
        "settings.php",
        "settings.local.php",
        "local.settings.php",
        "env.php",
        "app_local.php",
        "config/app.php",
        "database.php",
        "config/db.php",
        "local.php",
        "autoload/local.php",
        "parameters.php",
    ],
    // What follows a line comment is no setting; Drupal's comments begin with an asterisk.
    pattern: r#"^[^#*\r\n/]*?(?:['"](?:password|passwd|database_password)['"]\s{0,8}=>|\$settings\['hash_salt'\]\s{0,8}=|['"]password['"]\][ \t]{0,8}=)\s{0,8}['"](?P<v>[^'"\r\n]{3,})['"]"#,
    checks: &[Check::Configured],
    explain: "A member named password, set to a text.",
    sample_path: "sites/default/settings.php",
    samples: &[
        "$databases['default'] = array(\n  'username' => 'a',\n  'password' => '{word:12}',\n);",
        "$settings['hash_salt'] = '{b64url:74}';",
    ],
    decoys: &[
        "'password' => env('DB_PASSWORD'),",
        "'password' => 'secret',",
        " *   'password' => '{word:12}',",
        "# 'password' => '{word:12}',",
        "'password' => '',",
    ],
    ..FILE
};

/// Source: Magento 1, "local.xml": connection and encryption key as CDATA.
pub(in crate::secrets::rules) const MAGENTO_XML: Rule = Rule {
    id: "magento_local_secret",
    family: "magento",
    title: "secret in Magento's local.xml",
    files: &["etc/local.xml"],
    pattern: r"<(?:password|key)><!\[CDATA\[(?P<v>[^\]\r\n]{3,})\]\]>",
    explain: "The database password, or the key that encrypts customers' data.",
    sample_path: "app/etc/local.xml",
    samples: &["<connection><password><![CDATA[{word:12}]]></password></connection>"],
    decoys: &[
        "<password><![CDATA[{{db_pass}}]]></password>",
        "<password><![CDATA[]]></password>",
    ],
    ..FILE
};

/// Source: Symfony 2 and 3, "How to Set external Parameters in the Service Container" (parameters.yml).
pub(in crate::secrets::rules) const SYMFONY: Rule = Rule {
    id: "symfony_parameters_secret",
    family: "symfony",
    title: "secret in Symfony's parameters.yml",
    files: &["parameters.yml", "parameters.yaml", "parameters.ini"],
    pattern: r#"^[ \t]{0,16}(?P<key>[a-z0-9_.]*(?:password|secret|api_key|token))[ \t]{0,8}[:=][ \t]{0,8}["']?(?P<v>[^\s"'#][^\s"']{2,})"#,
    checks: &[
        Check::Configured,
        Check::Undocumented(&["ThisTokenIsNotSoSecret"]),
    ],
    explain: "A parameter whose name ends with password, secret, key or token.",
    sample_path: "app/config/parameters.yml",
    samples: &["parameters:\n    database_password: {word:12}\n"],
    decoys: &[
        "parameters:\n    database_password: null\n",
        "    secret: ThisTokenIsNotSoSecretChangeIt\n",
        "    database_password: '%env(DB)%'\n",
    ],
    ..FILE
};
