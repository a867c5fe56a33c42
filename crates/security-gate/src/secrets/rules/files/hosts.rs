//! Files of a host and its accounts.

use super::FILE;
use crate::secrets::rule::{Check, Rule};

/// Source: `netrc(5)`.
pub(in crate::secrets::rules) const NETRC: Rule = Rule {
    id: "netrc_password",
    family: "netrc",
    title: "password in .netrc",
    files: &[".netrc", "_netrc"],
    pattern: r"(?:^|\s)password\s{1,8}(?P<v>\S+)",
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

/// Source: `git-credential-store(1)`, "STORAGE FORMAT".
pub(in crate::secrets::rules) const GIT_CREDENTIALS: Rule = Rule {
    id: "git_credentials_password",
    family: "git_credentials",
    title: "password in .git-credentials",
    files: &[".git-credentials", "git/credentials", "*.git-credentials"],
    pattern: r"^[a-z]{2,10}://[^\s:/]+:(?P<v>[^\s/]+)@[^@\s]+[ \t]*\r?$",
    explain: "scheme://user:password@host, one line for each account.",
    sample_path: "home/.git-credentials",
    samples: &[
        "https://ci:{word:12}@git.internal\n",
        "https://ci%40team:{alnum:8}!#@{alnum:3}@git.internal/path\r\n",
    ],
    decoys: &[
        "https://git.internal\n",
        "https://ci:${TOKEN}@git.internal\n",
    ],
    ..FILE
};

/// Sources: `htpasswd(1)`, `shadow(5)`, `passwd(5)`, `crypt(5)`, the `AuthUserFile` directive of `ProFTPD`.
pub(in crate::secrets::rules) const HTPASSWD: Rule = Rule {
    id: "htpasswd_hash",
    family: "htpasswd",
    title: "password hash in a password file",
    files: &[
        ".htpasswd",
        "htpasswd",
        "*.htpasswd",
        "htpasswd.*",
        "etc/passwd",
        "shadow",
        "shadow-",
        "gshadow",
        "master.passwd",
        "proftpdpasswd",
        "ftpd.passwd",
        "pureftpd.passwd",
        "vsftpd.passwd",
        "!*.md",
        "!*.html",
        "!*.rs",
        "!*.go",
        "!*.py",
        "!*.js",
        "!*.ts",
        "!*.c",
        "!*.example",
        "!*.sample",
    ],
    pattern: r"^[^:#\s][^:\r\n]*:(?P<v>\$(?:apr1|1|2[abxy]|5|6)\$[./A-Za-z0-9$=]{20,}|\{SHA\}[A-Za-z0-9+/]{27}=|\$(?:y|gy|7)\$[./A-Za-z0-9$]{30,}|[./A-Za-z0-9]{13})(?::[^\r\n]*)?[ \t]*\r?$",
    checks: &[Check::Distinct(8)],
    explain: "user:hash; a hash in public can be tried without end.",
    sample_path: "srv/.htpasswd",
    samples: &[
        "admin:$apr1${alnum:8}${alnum:22}\n",
        "ops:$2y$05${alnum:53}\r\n",
        "a:{SHA}{b64:27}=\n",
        "root:$6${alnum:16}${alnum:86}:17431:0:99999:7:::\n",
    ],
    decoys: &[
        "# user:hash",
        "user:password",
        "root:x:0:0:root:/root:/bin/bash",
        "daemon:*:17431:0:99999:7:::",
    ],
    ..FILE
};

/// Sources: `esmtprc(5)`, `msmtp(1)`, `fetchmail(1)`, `getmailrc(5)`, `mbsync(1)`, `offlineimap(1)`, `muttrc(5)`.
pub(in crate::secrets::rules) const MAIL_CLIENT: Rule = Rule {
    id: "mail_client_password",
    family: "client_config",
    title: "password in a mail client's configuration",
    files: &[
        ".esmtprc",
        "esmtprc",
        ".msmtprc",
        "msmtprc",
        "msmtp/config",
        ".fetchmailrc",
        "fetchmailrc",
        ".getmailrc",
        "getmailrc",
        ".mbsyncrc",
        ".offlineimaprc",
        ".muttrc",
        "muttrc",
        "mutt/accounts",
        ".mailrc",
        "ssmtp.conf",
        "revaliases",
        "sasl_passwd",
    ],
    pattern: r#"^(?:[^#;\r\n]*?[ \t])?(?i:password|passwd|pass|remotepass|authpass|(?:imap|smtp|pop|my)_pass)[ \t]{0,8}[=: \t][ \t]{0,8}(?:"(?P<v>[^"\r\n]+)"|'?(?P<w>[^\s"'#]+))"#,
    explain: "The value of `password` in the configuration of a program that sends or fetches mail.",
    sample_path: "home/.msmtprc",
    samples: &[
        "account work\nuser ci\npassword \"{word:14}\"\n",
        "set imap_pass=\"{alnum:16}\"\n",
        "poll mail.internal user \"a\" pass \"{word:10}\" ssl\n",
    ],
    decoys: &[
        "password ${MAIL}\n",
        "# password {alnum:12}",
        "passwordeval \"pass show mail\"",
        "PassCmd \"gpg -d x\"",
    ],
    ..FILE
};

/// Source: the Subversion book, "Client Credentials"; the file is a dump of keys (K) and values (V) with their lengths.
pub(in crate::secrets::rules) const SUBVERSION: Rule = Rule {
    id: "subversion_password",
    family: "subversion",
    title: "password that Subversion stored",
    files: &["auth/svn.simple/*", "auth/svn.ssl.client-passphrase/*"],
    pattern: r"^K (?:8\r?\npassword|10\r?\npassphrase)\r?\nV [0-9]{1,4}\r?\n(?P<v>[^\r\n]+)",
    explain: "The value after the key `password` in Subversion's authentication area.",
    sample_path: "home/.subversion/auth/svn.simple/0f",
    samples: &["K 8\npassword\nV 12\n{word:12}\nK 8\nusername\nV 2\nci\nEND\n"],
    decoys: &["K 8\nusername\nV 2\nci\nEND\n"],
    ..FILE
};

/// Source: the `OpenVPN` manual, `--auth-user-pass` and "INLINE FILE SUPPORT".
pub(in crate::secrets::rules) const OPENVPN: Rule = Rule {
    id: "openvpn_inline_password",
    family: "openvpn",
    title: "password in an OpenVPN profile",
    files: &["*.ovpn"],
    pattern: r"<auth-user-pass>\s{0,8}[^\s<]{1,100}\r?\n(?P<v>[^\r\n<]+)\r?\n",
    explain: "The second line of <auth-user-pass>.",
    sample_path: "vpn/office.ovpn",
    samples: &["client\n<auth-user-pass>\nci\n{word:12}\n</auth-user-pass>\n"],
    decoys: &[
        "auth-user-pass\n",
        "<auth-user-pass>\nuser\n[password]\n</auth-user-pass>\n",
    ],
    ..FILE
};

/// Source: the same manual: a file of two lines, user and password.
pub(in crate::secrets::rules) const OPENVPN_FILE: Rule = Rule {
    id: "openvpn_auth_file",
    family: "openvpn",
    title: "password file of OpenVPN",
    files: &[
        "openvpn/auth.txt",
        "vpn/auth.txt",
        "openvpn-auth.txt",
        "vpn-auth.txt",
        "openvpn/login.conf",
        "openvpn/pass.txt",
        "openvpn/auth.conf",
    ],
    pattern: r"\A[^\s#]{1,100}\r?\n(?P<v>[^\s#][^\r\n]{2,})\s{0,8}\z",
    explain: "A file of two lines for --auth-user-pass: user and password.",
    sample_path: "etc/openvpn/auth.txt",
    samples: &["ci\n{word:12}\n"],
    decoys: &["ci\n", "user\nyour_password\n"],
    ..FILE
};

/// Sources: `pppd(8)`, "AUTHENTICATION"; `wpa_supplicant.conf(5)`; `nm-settings-keyfile(5)`.
pub(in crate::secrets::rules) const NETWORK: Rule = Rule {
    id: "network_key",
    family: "network",
    title: "key of a network",
    files: &[
        "wpa_supplicant.conf",
        "*.nmconnection",
        "system-connections/*",
    ],
    pattern: r##"^[ \t]{0,16}(?:psk|wep-key[0-3]|wep_key[0-3]|password|sae_password|leap-password)=(?:"(?P<v>[^"\r\n]+)"|(?P<w>[^\s"#]+))"##,
    checks: &[Check::Configured],
    explain: "The pre-shared key or password of a wireless network or a tunnel.",
    sample_path: "etc/wpa_supplicant.conf",
    samples: &["network={\n  ssid=\"office\"\n  psk=\"{word:12}\"\n}\n"],
    decoys: &[
        "network={\n  psk=\"YOUR_PASSWORD\"\n}\n",
        "# psk=\"{word:12}\"",
    ],
    ..FILE
};

/// Source: `pppd(8)`, "AUTHENTICATION": client, server, secret, addresses.
pub(in crate::secrets::rules) const PPP: Rule = Rule {
    id: "ppp_secret",
    family: "ppp",
    title: "secret in chap-secrets or pap-secrets",
    files: &["chap-secrets", "pap-secrets"],
    pattern: r#"^[ \t]{0,8}[^#\s]+[ \t]+\S+[ \t]+"?(?P<v>[^\s"]+)"#,
    explain: "The third word of a line.",
    sample_path: "etc/ppp/chap-secrets",
    samples: &["ci * \"{word:12}\" *\n"],
    decoys: &["# client server secret addresses\n", "ci * \"*\" -\n"],
    ..FILE
};
