//! Passwords in the files of clients, known by their path. Sources: the documentation of the SFTP packages of Sublime Text, VS Code
//! and Atom, of `FileZilla`, `WinSCP`, `git-credential-store(1)`, the `JetBrains` IDEs, `DBeaver`, Robo 3T, Firefox, Ventrilo, `HexChat`,
//! irssi and Pidgin.

use crate::secrets::rule::{Check, Rule};

use super::files::FILE;

pub(super) const TRANSFER: Rule = Rule {
    id: "transfer_client_password",
    family: "transfer",
    title: "password in a file transfer configuration",
    files: &[
        "sftp-config.json",
        "sftp-config-alt.json",
        "sftp-settings.json",
        "sftp.json",
        ".ftpconfig",
        ".sftpconfig.json",
        ".remote-sync.json",
        ".ftpsync.json",
        "deployment-config.json",
    ],
    pattern: r#""(?:password|pass|passphrase)"\s{0,8}:\s{0,8}"(?P<v>[^"\r\n]{1,200})""#,
    explain: "The member `password`, `pass` or `passphrase` of an editor's upload configuration.",
    sample_path: ".vscode/sftp.json",
    samples: &["{\"host\": \"a\", \"password\": \"{word:12}\"}"],
    decoys: &[
        "{\"password\": \"\"}",
        "{\"password\": \"changeme\"}",
        "{\"promptForPass\": false}",
    ],
    ..FILE
};

pub(super) const FILEZILLA: Rule = Rule {
    id: "filezilla_password",
    family: "filezilla",
    title: "password in a FileZilla file",
    files: &[
        "filezilla.xml",
        "recentservers.xml",
        "sitemanager.xml",
        "filezilla server.xml",
    ],
    pattern: r#"(?:<Pass(?: encoding="base64")?>|<Option Name="Pass">)(?P<v>[^<\r\n]{4,400})<"#,
    explain: "The element `Pass`; its base64 hides nothing.",
    sample_path: "conf/sitemanager.xml",
    samples: &[
        "<Pass encoding=\"base64\">{b64:20}</Pass>",
        "<Pass>{word:12}</Pass>",
    ],
    decoys: &["<Pass></Pass>", "<Password>{word:12}</Password>"],
    ..FILE
};

pub(super) const WINSCP: Rule = Rule {
    id: "winscp_password",
    family: "winscp",
    title: "password in a WinSCP file",
    files: &["winscp.ini"],
    pattern: r"(?m)^Password=(?P<v>[0-9A-F]{20,400})",
    checks: &[Check::Distinct(5)],
    explain: "The value of `Password`, which is only obfuscated.",
    sample_path: "WinSCP.ini",
    samples: &["[Sessions\\a]\nPassword=A35C{digit:30}\n"],
    decoys: &["Password=\n", "PasswordPlain=1\n"],
    ..FILE
};

pub(super) const GIT_CREDENTIALS: Rule = Rule {
    id: "git_credentials",
    family: "git_credentials",
    title: "password in .git-credentials",
    files: &[".git-credentials"],
    pattern: r"^https?://[^\s:]{1,200}:(?P<v>\S{3,200})@[^\s@]{1,200}$",
    explain: "An address with its password, as git's own store keeps it.",
    sample_path: "home/.git-credentials",
    samples: &["https://ci:{alnum:20}@git.internal\n"],
    decoys: &[
        "https://ci@git.internal\n",
        "https://ci:changeme@git.internal\n",
    ],
    ..FILE
};

pub(super) const IDE: Rule = Rule {
    id: "ide_password",
    family: "ide",
    title: "password in an IDE's data sources",
    files: &[
        "webservers.xml",
        "datasources.xml",
        "datasources.local.xml",
        "data-sources.xml",
        "dbeaver-data-sources.xml",
        ".dbeaver-data-sources.xml",
    ],
    // A database client keeps what it is given, a word or not.
    pattern: r#"\spassword="(?P<v>[^"\r\n]{3,300})""#,
    checks: &[],
    explain: "The attribute `password` of a connection; where it is encoded, the key is public.",
    sample_path: ".idea/WebServers.xml",
    samples: &["<fileTransfer host=\"a\" password=\"dfd1df{hex:20}\" username=\"root\">"],
    decoys: &[
        "<connection password=\"\"/>",
        "<connection save-password=\"true\"/>",
    ],
    ..FILE
};

pub(super) const ROBO3T: Rule = Rule {
    id: "robomongo_password",
    family: "robomongo",
    title: "password in a Robo 3T file",
    files: &["robomongo.json", "robo3t.json"],
    pattern: r#""(?:userPassword|sshPassphrase|sshUserPassword)(?:Encrypted)?"\s{0,8}:\s{0,8}"(?P<v>[^"\r\n]{1,300})""#,
    explain: "The passwords of a connection.",
    sample_path: "db/robomongo.json",
    samples: &["{\"userPassword\" : \"{word:12}\"}"],
    decoys: &["{\"userPassword\" : \"\"}"],
    ..FILE
};

pub(super) const FIREFOX: Rule = Rule {
    id: "firefox_login",
    family: "firefox",
    title: "login that Firefox keeps",
    files: &["logins.json", "signons.sqlite"],
    pattern: r#""encrypted(?:Username|Password)"\s{0,8}:\s{0,8}"(?P<v>[A-Za-z0-9+/]{20,800}={0,2})""#,
    checks: &[Check::Distinct(12)],
    explain: "A user name or password of a browser profile; the key lies in the same folder as a rule.",
    next_step: "Remove the profile from the repository, and change the passwords in it.",
    sample_path: "profile/logins.json",
    samples: &["{\"encryptedPassword\": \"MDIEE{b64:60}\"}"],
    decoys: &["{\"encryptedPassword\": \"\"}"],
    ..FILE
};

pub(super) const SERVER_INI: Rule = Rule {
    id: "server_ini_password",
    family: "server_ini",
    title: "password in a server's or chat client's configuration",
    files: &[
        "ventrilo_srv.ini",
        "servlist.conf",
        "murmur.ini",
        "irssi.conf",
        ".irssi/config",
    ],
    pattern: r#"^\s{0,16}(?:\w{0,32}[Pp]assword\s{0,4}=\s{0,4}"?|P=)(?P<v>[^\s";]{3,200})"#,
    explain: "The value of a password's key.",
    sample_path: "srv/ventrilo_srv.ini",
    samples: &["[Server]\nAdminPassword={word:14}\n"],
    decoys: &["AdminPassword=\n", "Auth=1\n"],
    ..FILE
};

pub(super) const SHELL_PROFILE: Rule = Rule {
    id: "shell_profile_secret",
    family: "shell_profile",
    title: "secret in a shell's profile or history",
    files: &[
        ".bash_profile",
        ".bashrc",
        ".bash_history",
        ".zshrc",
        ".zprofile",
        ".zshenv",
        ".zsh_history",
        ".profile",
    ],
    pattern: r#"\b[A-Z][A-Z0-9_]{0,60}(?:_PASS|PASSWORD|PASSWD|SECRET|TOKEN|API_KEY|ACCESS_KEY)=["']?(?P<v>[^\s"';#]{4,300})"#,
    explain: "A variable that is exported or set for one command.",
    sample_path: "home/.bash_profile",
    samples: &["export DB_PASS='{word:12}'\n"],
    decoys: &["export DB_PASS=$(pass show db)\n", "export DB_PASS=\n"],
    ..FILE
};
