//! Clients that copy files to servers, and editors that do.

use super::FILE;
use crate::secrets::rule::{Check, Rule};

/// Sources: Sublime SFTP, "Settings"; the READMEs of vscode-sftp, `FTP-Simple`, ftp-kr, Remote-FTP, remote-sync and
/// `vscode-deploy` about their configuration. A line that begins with `//` is a comment.
pub(in crate::secrets::rules) const SFTP_JSON: Rule = Rule {
    id: "sftp_client_password",
    family: "sftp_client",
    title: "server password in an editor's configuration",
    files: &[
        "sftp-config.json",
        "sftp-config-alt.json",
        "sftp.json",
        "ftp-simple.json",
        "ftp-kr.json",
        "ftp-sync.json",
        ".ftpconfig",
        ".sftpconfig.json",
        ".ftpsync.json",
        "ftpsync.settings",
        ".remote-sync.json",
        "deployment-config.json",
        ".deployment-config.json",
        ".ftppass",
        ".sftppass",
    ],
    pattern: r#"(?:^|[{,])[ \t]{0,40}"(?:password|pass|passwd|passphrase|proxyPassword)"\s{0,8}:\s{0,8}"(?P<v>(?:[^"\\\r\n]|\\.)+)""#,
    explain: "The password of a server, or the passphrase of the key for it.",
    sample_path: ".vscode/sftp.json",
    samples: &[
        "{\n  \"host\": \"a\",\n  \"password\": \"{word:10}\"\n}",
        "{\"host\": \"a\", \"passphrase\": \"{word:10}\"}",
    ],
    decoys: &[
        "{\n  //\"password\": \"{word:10}\",\n}",
        "{\"password\": \"\"}",
        "{\"password\": null, \"passphrase\": true}",
    ],
    ..FILE
};

/// Source: the `FileZilla` wiki, "Client/Configuration files".
pub(in crate::secrets::rules) const FILEZILLA: Rule = Rule {
    id: "filezilla_password",
    family: "filezilla",
    title: "server password in FileZilla's configuration",
    files: FILEZILLA_FILES,
    pattern: r"<Pass>(?P<v>[^<\r\n]+)</Pass>",
    explain: "The element Pass of a server.",
    sample_path: "filezilla/sitemanager.xml",
    samples: &["<Server><User>a</User><Pass>{word:10}</Pass></Server>"],
    decoys: &[
        "<Server><Pass></Pass></Server>",
        "<Pass encoding=\"crypt\" pubkey=\"{b64:44}\">{b64:60}</Pass>",
    ],
    ..FILE
};

const FILEZILLA_FILES: &[&str] = &[
    "sitemanager.xml",
    "recentservers.xml",
    "filezilla.xml",
    "queue.xml",
];

pub(in crate::secrets::rules) const FILEZILLA_BASE64: Rule = Rule {
    id: "filezilla_encoded_password",
    pattern: r#"<Pass\s{1,8}encoding="base64"\s{0,8}>(?P<v>[A-Za-z0-9+/]+={0,2})</Pass>"#,
    checks: &[Check::Encoded],
    explain: "The element Pass of a server, base64, which hides nothing.",
    samples: &["<Server><Pass encoding=\"base64\">{basic:10}</Pass></Server>"],
    decoys: &[
        "<Server><Pass encoding=\"base64\"></Pass></Server>",
        "<Pass encoding=\"base64\">Y2hhbmdlbWU=</Pass>",
    ],
    ..FILEZILLA
};

/// Source: the `FileZilla` wiki, "`FileZilla` Server.xml": hashes with a salt beside them.
pub(in crate::secrets::rules) const FILEZILLA_SERVER: Rule = Rule {
    id: "filezilla_server_hash",
    title: "password hash in FileZilla Server's configuration",
    files: &[
        "filezilla server.xml",
        "filezilla-server.xml",
        "filezilla server interface.xml",
    ],
    pattern: r#"<(?:Option Name="Pass"|Item name="Last Server Password"[^>\r\n]{0,80}|Item name="Admin Password"[^>\r\n]{0,80})>(?P<v>[^<\r\n]{3,})<"#,
    explain: "The password of an account, or its hash, which in public can be tried without end.",
    sample_path: "FileZilla Server.xml",
    samples: &["<User Name=\"a\"><Option Name=\"Pass\">{hex:32}</Option></User>"],
    decoys: &["<User Name=\"a\"><Option Name=\"Pass\"></Option></User>"],
    ..FILEZILLA
};

/// Source: `WinSCP`, "Security of stored passwords": obscured, not encrypted, unless a master password is set.
pub(in crate::secrets::rules) const WINSCP: Rule = Rule {
    id: "winscp_password",
    family: "winscp",
    title: "server password in WinSCP.ini",
    files: &["winscp.ini"],
    pattern: r"^(?:Password|PasswordPlain|ProxyPassword|Passphrase|TunnelPassword)=(?P<v>[^\s;]{3,})",
    explain: "A password as WinSCP stores it, which anybody can turn back.",
    sample_path: "WinSCP.ini",
    samples: &["[Sessions\\a]\nHostName=a\nPassword={hex:40}\n"],
    decoys: &["[Sessions\\a]\nPassword=\n", "UseMasterPassword=0\n"],
    ..FILE
};

/// Source: `PhpStorm`, "Deployment"; passwords kept in the project are exclusive-ored with one constant (0xDFAA, class
/// `PasswordUtil` of the `IntelliJ` platform), so that each character begins with `df`.
pub(in crate::secrets::rules) const IDEA_WEB_SERVER: Rule = Rule {
    id: "idea_web_server_password",
    family: "idea",
    title: "server password in an IntelliJ project",
    files: &["webservers.xml", "deployment.xml", "websettings.xml"],
    pattern: r#"\b(?:password|passphrase)="(?P<v>(?:df[0-9a-f]{2}){2,})""#,
    checks: &[Check::Distinct(3)],
    explain: "A password as IntelliJ obscures it, which anybody can turn back.",
    sample_path: ".idea/WebServers.xml",
    samples: &[
        "<fileTransfer host=\"a\" password=\"df{hex:2}df{hex:2}df{hex:2}df{hex:2}df{hex:2}\" />",
    ],
    decoys: &["<fileTransfer host=\"a\" password=\"\" />"],
    ..FILE
};

/// Sources: Microsoft, "RDP file settings" (`password 51:b:`); the Remmina wiki, "Remmina plugins" (`.remmina` profiles).
pub(in crate::secrets::rules) const REMOTE_DESKTOP: Rule = Rule {
    id: "remote_desktop_password",
    family: "remote_desktop",
    title: "password in a remote desktop profile",
    files: &["*.rdp", "*.remmina", "*.vnc"],
    pattern: r"^(?i:password 51:b:|password=|ssh_tunnel_password=)(?P<v>[^\s]{3,})",
    explain: "A password as the client stores it.",
    sample_path: "office.remmina",
    samples: &["[remmina]\nserver=a\npassword={b64:23}=\n"],
    decoys: &["[remmina]\npassword=\n", "password=.\n"],
    ..FILE
};
