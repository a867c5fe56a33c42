//! Histories and start-up files of shells.

use super::web::ENV_LINE;
use super::{FILE, SETTINGS};
use crate::secrets::rule::Rule;

/// Sources: `bash(1)` and `zshall(1)` for the files; for the options: `mysql(1)`, `curl(1)`, `sshpass(1)`, `docker login`,
/// `psql` (`PGPASSWORD`), `wget(1)`, `smbclient(1)`, `redis-cli`.
pub(in crate::secrets::rules) const HISTORY: Rule = Rule {
    id: "shell_history_password",
    family: "shell_history",
    title: "password on a command line in a shell's history",
    files: &[
        ".bash_history",
        ".zsh_history",
        ".sh_history",
        ".ash_history",
        ".ksh_history",
        ".history",
        "fish_history",
        "consolehost_history.txt",
    ],
    pattern: r#"(?:\b(?:mysql|mysqldump|mysqladmin|mariadb)\b[^|;\r\n]{0,200}?\s-p(?P<v>[^\s'"|;&-][^\s|;&]{2,})|\bcurl\b[^|;\r\n]{0,300}?\s(?:-u|--user)[ =]?["']?[^\s:"']{1,80}:(?P<w>[^\s"']{3,})|\bsshpass\s{1,4}-p\s{0,4}["']?(?P<x>[^\s"']{3,})|\s--(?:password|passwd|pass|token|http-password)[ =]["']?(?P<y>[^\s"'|;&-][^\s"'|;&]{2,})|\b(?:docker|podman|az|oc|helm registry)\s{1,4}login\b[^|;\r\n]{0,200}?\s-p\s{1,4}["']?(?P<z>[^\s"'-][^\s"']{2,})|\b[A-Z0-9_]{0,60}(?:PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|ACCESS_KEY|PGPASS|_PASS|_PWD)=["']?(?P<u>[^\s"';&|]{3,}))"#,
    explain: "A password given as an option, or put into the environment, in a command.",
    next_step: "Remove the history from the repository, and change the password.",
    sample_path: "home/.bash_history",
    samples: &[
        "mysql -u root -p{word:10} app\n",
        "curl -u ci:{word:10} https://api.internal\n",
        "sshpass -p '{word:10}' ssh a@b\n",
        "docker login -u ci -p {word:12} registry.internal\n",
        "export DB_PASSWORD={word:12}\n",
        "tool --password={word:12} run\n",
    ],
    decoys: &[
        "mysql -u root -p app\n",
        "curl -u ci:$TOKEN https://api.internal\n",
        "export DB_PASSWORD=$(pass show db)\n",
        "mkdir -p build && cd build\n",
        "ssh -p 2222 host\n",
    ],
    ..FILE
};

/// Sources: `mysql(1)` and `psql` keep histories of statements; `CREATE USER` and `ALTER ROLE` in their references.
pub(in crate::secrets::rules) const SQL_HISTORY: Rule = Rule {
    id: "sql_history_password",
    family: "sql_history",
    title: "password in the history of a database client",
    files: &[
        ".mysql_history",
        ".psql_history",
        ".mariadb_history",
        ".rediscli_history",
        ".dbshell",
        ".mongo_history",
    ],
    pattern: r#"(?i:\bidentified(?:\s|\\040){1,4}by|\bpassword)(?:\s|\\040|=|\(|"|:){1,6}['"](?P<v>[^'"\r\n]{3,})['"]"#,
    explain: "A password in a statement that creates or changes a user.",
    next_step: HISTORY.next_step,
    sample_path: "home/.mysql_history",
    samples: &[
        "CREATE USER a IDENTIFIED BY '{word:10}';\n",
        "ALTER ROLE a PASSWORD '{word:10}';\n",
    ],
    decoys: &[
        "SELECT password FROM users;\n",
        "ALTER ROLE a PASSWORD '';\n",
    ],
    ..FILE
};

/// Source: `bash(1)` and `zshall(1)`, "STARTUP/SHUTDOWN FILES". Dotfiles are published on purpose, so only what is no default.
pub(in crate::secrets::rules) const PROFILE: Rule = Rule {
    id: "shell_profile_secret",
    family: "shell_profile",
    title: "secret in a shell's start-up file",
    files: &[
        ".bash_profile",
        ".bashrc",
        ".bash_login",
        ".bash_aliases",
        ".profile",
        ".zshrc",
        ".zshenv",
        ".zprofile",
        ".zlogin",
        ".kshrc",
        ".localrc",
        ".exports",
        ".extra",
        "environment",
    ],
    pattern: ENV_LINE,
    explain: "A variable whose name ends with password, secret, token, key or pass, set to a value.",
    sample_path: "home/.bashrc",
    samples: &[
        "export DB_PASSWORD='{word:12}'\n",
        "export MY_API_KEY={hex:40}\n",
    ],
    decoys: &[
        "export DB_PASSWORD=\"$(pass show db)\"\n",
        "export API_KEY=$KEY\n",
        "# export API_KEY={hex:40}\n",
    ],
    ..SETTINGS
};
