//! Credential files, known by their path. Sources: the manual pages `netrc(5)`, `.pgpass` ("The Password File" of `PostgreSQL`), `npmrc(5)`, docker login,
//! `htpasswd(1)`, `.pypirc` (Python packaging guide), `MySQL` option files, `wp-config.php`.

use crate::secrets::rule::{BASE, Check, Reach, Rule, ValueKind};

pub(super) const FILE: Rule = Rule {
    reach: Reach::File,
    bounded: false,
    checks: &[Check::Password],
    value: ValueKind::Chosen,
    next_step: "Remove the file from the repository, add its name to .gitignore, and change the password.",
    ..BASE
};

pub(super) const NETRC: Rule = Rule {
    id: "netrc_password",
    family: "netrc",
    title: "password in .netrc",
    files: &[".netrc", "_netrc"],
    pattern: r"(?:^|\s)password\s{1,8}(?P<v>\S{1,200})",
    explain: "The word after `password` in a .netrc file.",
    sample_path: "home/.netrc",
    samples: &[
        "machine api.internal login ci password {word:12}\n",
        "machine a\n  login b\n  password {alnum:20}",
    ],
    decoys: &[
        "machine api.internal login ci password changeme\n",
        "# password",
    ],
    ..FILE
};

pub(super) const PGPASS: Rule = Rule {
    id: "pgpass_password",
    family: "pgpass",
    title: "password in .pgpass",
    files: &[".pgpass", "pgpass.conf"],
    pattern: r"^[^#\s:](?:\\.|[^:\\\r\n]){0,200}:[0-9*]{1,5}:(?:\\.|[^:\\\r\n]){1,100}:(?:\\.|[^:\\\r\n]){1,100}:(?P<v>(?:\\.|[^:\\\r\n]){1,200})",
    explain: "The fifth field of a line in a PostgreSQL password file.",
    sample_path: ".pgpass",
    samples: &[
        "db.internal:5432:*:app:{word:12}\n",
        "# c\r\n*:*:*:app:{alnum:16}\r\n",
    ],
    decoys: &[
        "#host:5432:db:user:{alnum:12}",
        "localhost:5432:db:user:changeme",
    ],
    ..FILE
};

pub(super) const NPMRC: Rule = Rule {
    id: "npmrc_password",
    family: "npmrc",
    title: "password in .npmrc",
    files: &[".npmrc"],
    pattern: r#"^[^#;=\r\n]{0,200}(?:_password|_auth)\s{0,4}=\s{0,4}"?(?P<v>[^\s"]{8,300})"#,
    explain: "The value of `_auth` or `_password` in an npm configuration.",
    sample_path: "web/.npmrc",
    samples: &[
        "//registry.internal/:_password={b64:24}\n",
        "_auth = {basic:16}\n",
    ],
    decoys: &["_auth=${NPM_AUTH}", "; _auth={b64:20}"],
    ..FILE
};

pub(super) const DOCKER_CONFIG: Rule = Rule {
    id: "docker_config_auth",
    family: "docker_config",
    title: "registry password in a Docker configuration",
    files: &[
        ".dockercfg",
        ".docker/config.json",
        ".dockerconfigjson",
        "dockerconfig.json",
        "docker-config.json",
        "docker/config.json",
    ],
    pattern: r#""auth"\s{0,8}:\s{0,8}"(?P<v>[A-Za-z0-9+/]{8,500}={0,2})""#,
    checks: &[Check::BasicPair],
    explain: "The member `auth`: base64 of user:password for a container registry.",
    next_step: "Remove the file from the repository, change the password, and let a credential helper keep it.",
    sample_path: "home/.docker/config.json",
    samples: &["{\"auths\": {\"registry.internal\": {\"auth\": \"{basic:16}\"}}}"],
    decoys: &[
        "{\"auths\": {\"registry.internal\": {\"auth\": \"\"}}}",
        "{\"auth\": \"dXNlcjpwYXNzd29yZA==\"}",
    ],
    ..FILE
};

pub(super) const HTPASSWD: Rule = Rule {
    id: "htpasswd_hash",
    family: "htpasswd",
    title: "password hash in a password file",
    files: &[
        ".htpasswd",
        "htpasswd",
        "etc/shadow",
        "shadow",
        "master.passwd",
        "proftpdpasswd",
    ],
    pattern: r"^[^:#\s][^:\r\n]{0,200}:(?P<v>\$(?:apr1|1|2[abxy]|5|6)\$[./A-Za-z0-9$=]{20,200}|\{SHA\}[A-Za-z0-9+/]{27}=|\$y\$[./A-Za-z0-9$]{30,200}|[./A-Za-z0-9]{13})(?::[^\r\n]{0,200})?[ \t]*\r?$",
    checks: &[Check::Distinct(8)],
    explain: "user:hash; a hash in public can be tried without end.",
    sample_path: "srv/.htpasswd",
    samples: &[
        "admin:$apr1${alnum:8}${alnum:22}\n",
        "ops:$2y$05${alnum:53}\r\n",
        "a:{SHA}{b64:27}=\n",
        "root:$6${alnum:16}${alnum:86}:17431:0:99999:7:::\n",
    ],
    decoys: &["# user:hash", "user:password"],
    ..FILE
};

pub(super) const CLIENT_CONFIG: Rule = Rule {
    id: "client_config_password",
    family: "client_config",
    title: "password in a client's configuration",
    files: &[
        ".pypirc",
        ".my.cnf",
        ".mylogin.cnf",
        ".esmtprc",
        ".msmtprc",
        ".fetchmailrc",
    ],
    pattern: r#"^\s{0,16}(?i:password|passwd)\s{0,8}[:= ]\s{0,8}["']?(?P<v>[^\s"'#]{1,300})"#,
    explain: "The value of `password` in the configuration of a package, database or mail client.",
    sample_path: "home/.pypirc",
    samples: &[
        "[pypi]\nusername = ci\npassword = {word:14}\n",
        "password: {alnum:16}",
    ],
    decoys: &["password = ${PYPI}\n", "# password = {alnum:12}"],
    ..FILE
};

pub(super) const WORDPRESS: Rule = Rule {
    id: "wordpress_config_secret",
    family: "wordpress",
    title: "secret in wp-config.php",
    files: &["wp-config.php"],
    pattern: r#"define\s{0,4}\(\s{0,4}['"](?:DB_PASSWORD|(?:SECURE_AUTH|LOGGED_IN|AUTH|NONCE)_(?:KEY|SALT))['"]\s{0,8},\s{0,8}['"](?P<v>[^'"\r\n]{3,200})['"]"#,
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
