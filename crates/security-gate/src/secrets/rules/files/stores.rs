//! Files that are credentials by their nature, mostly binary: the file itself is the finding.

use super::FILE;
use crate::secrets::rule::{Check, Reach, Rule};

const STORE: Rule = Rule {
    reach: Reach::Nature,
    checks: &[],
    next_step: "Remove the file from the repository and its history, add its name to .gitignore, and change what it holds.",
    ..FILE
};

/// Source: the `KeePass` file formats (signature 0x9AA2D903, little-endian).
pub(in crate::secrets::rules) const KEEPASS: Rule = Rule {
    id: "keepass_database",
    family: "keepass",
    title: "KeePass database: the file itself is a credential store",
    files: &["*.kdbx", "*.kdb"],
    pattern: r"\x03\xD9\xA2",
    explain: "A database of passwords; in public its master password can be tried without end.",
    sample_path: "team.kdbx",
    samples: &["\u{3}\u{662}\0\u{1}\u{2}"],
    decoys: &["KeePass", ""],
    ..STORE
};

/// Source: Password Safe, format V3 (tag `PWS3`).
pub(in crate::secrets::rules) const PASSWORD_SAFE: Rule = Rule {
    id: "password_safe_database",
    family: "password_safe",
    title: "Password Safe database: the file itself is a credential store",
    files: &["*.psafe3"],
    pattern: r"PWS3",
    sample_path: "team.psafe3",
    samples: &["PWS3\0\u{1}"],
    ..KEEPASS
};

/// Source: Mozilla, "Profiles - Where Firefox stores your bookmarks, passwords and other user data".
pub(in crate::secrets::rules) const FIREFOX_KEYS: Rule = Rule {
    id: "firefox_key_store",
    family: "firefox",
    title: "Firefox key store: the file itself opens saved passwords",
    files: &["key4.db", "signons.sqlite"],
    pattern: r"SQLite format 3\x00",
    explain: "The key that decrypts the passwords saved in a Firefox profile.",
    sample_path: "profile/key4.db",
    samples: &["SQLite format 3\0\u{10}"],
    decoys: &["not a database"],
    ..STORE
};

/// Source: the same article: logins.json holds the passwords, encrypted with the key in key4.db.
pub(in crate::secrets::rules) const FIREFOX_LOGINS: Rule = Rule {
    id: "firefox_login",
    family: "firefox",
    title: "password saved by Firefox",
    files: &["logins.json", "logins-backup.json"],
    reach: Reach::File,
    pattern: r#""encrypted(?:Username|Password)"\s{0,8}:\s{0,8}"(?P<v>[A-Za-z0-9+/]{16,}={0,2})""#,
    checks: &[Check::Distinct(8)],
    explain: "A login that a Firefox profile holds; without a primary password the key beside it opens it.",
    sample_path: "profile/logins.json",
    samples: &["{\"logins\": [{\"encryptedPassword\": \"MDoEEPgAAA{}{b64:54}\"}]}"],
    decoys: &["{\"logins\": [{\"encryptedPassword\": \"\"}]}"],
    ..STORE
};

/// Source: Chromium, "User Data Directory" (profile files `Login Data`, `Web Data`).
pub(in crate::secrets::rules) const CHROME_LOGINS: Rule = Rule {
    id: "chrome_login_data",
    family: "chrome",
    title: "Chrome login data: the file itself is a credential store",
    files: &["login data", "login data for account"],
    explain: "The passwords saved in a Chrome profile.",
    sample_path: "Default/Login Data",
    ..FIREFOX_KEYS
};

/// Source: Google Cloud CLI: ~/.config/gcloud/credentials.db and `access_tokens.db`.
pub(in crate::secrets::rules) const GCLOUD_STORE: Rule = Rule {
    id: "gcloud_credential_store",
    family: "gcloud",
    title: "gcloud credential store: the file itself holds logins",
    files: &["gcloud/credentials.db", "gcloud/access_tokens.db"],
    explain: "The logins of the Google Cloud command-line tool.",
    sample_path: "home/.config/gcloud/credentials.db",
    ..FIREFOX_KEYS
};

/// Source: `MySQL`, "`mysql_config_editor"`: obfuscated, with the key (20 bytes after 4 unused ones) in the file.
pub(in crate::secrets::rules) const MYSQL_LOGIN_PATH: Rule = Rule {
    id: "mysql_login_path",
    family: "mysql",
    title: "MySQL login path file: the file itself holds passwords",
    files: &[".mylogin.cnf"],
    pattern: r"(?s).{24}",
    explain: "Passwords of database accounts, obscured with a key in the same file.",
    sample_path: "home/.mylogin.cnf",
    samples: &["\0\0\0\0{alnum:20}\u{10}\0\0\0"],
    decoys: &[""],
    ..STORE
};

/// Source: `DBeaver`, "Project security": encrypted with a key that stands in the program's public source.
pub(in crate::secrets::rules) const DBEAVER_CREDENTIALS: Rule = Rule {
    id: "dbeaver_credentials_file",
    family: "dbeaver",
    title: "DBeaver credentials: the file itself holds passwords",
    files: &["credentials-config.json"],
    pattern: r"(?s)[^{\s].{31}",
    explain: "Passwords of database accounts, encrypted with a key that everybody knows.",
    sample_path: "project/.dbeaver/credentials-config.json",
    samples: &["\u{1}\0{alnum:40}"],
    decoys: &[
        "",
        "{\"a\": {\"#connection\": {\"user\": \"of somebody else\"}}}",
    ],
    ..STORE
};

/// Source: `vncpasswd(1)`: 8 bytes obscured with a fixed key, the view-only password after them.
pub(in crate::secrets::rules) const VNC: Rule = Rule {
    id: "vnc_password_file",
    family: "vnc",
    title: "VNC password file: the file itself is the password",
    files: &[".vnc/passwd", "vnc/passwd", "*.vncpasswd"],
    pattern: r"(?s)(?:.{8}){1,3}\z",
    explain: "A password obscured with a key that everybody knows.",
    sample_path: "home/.vnc/passwd",
    samples: &["\0\u{1}{alnum:6}"],
    decoys: &["a text that is longer than a password file of this kind is"],
    ..STORE
};

/// Sources: `secring.gpg` (RFC 4880, secret-key packet, tag 5) and `GnuPG`, "agent/keyformat.txt".
pub(in crate::secrets::rules) const GNUPG: Rule = Rule {
    id: "gnupg_private_key_file",
    family: "gnupg",
    title: "GnuPG private key: the file itself is a key",
    files: &["secring.gpg", "private-keys-v1.d/*"],
    pattern: r"(?s)\x95|\xC5|\(\d{1,2}:(?:protected-|shadowed-)?private-key|.*\bKey: \((?:protected-)?private-key",
    explain: "A private key of GnuPG.",
    sample_path: "home/.gnupg/private-keys-v1.d/0A.key",
    samples: &[
        "(11:private-key(3:rsa(1:n3:\0ab",
        "Created: 20240101T000000\nKey: (protected-private-key (rsa (n #00#)\n",
    ],
    decoys: &["", "(10:public-key(3:rsa"],
    ..STORE
};

/// Source: MIT Kerberos, "Keytab file format" (version 0x0501 or 0x0502).
pub(in crate::secrets::rules) const KEYTAB: Rule = Rule {
    id: "kerberos_keytab",
    family: "kerberos",
    title: "Kerberos keytab: the file itself is a key",
    files: &["*.keytab"],
    pattern: r"\x05[\x01\x02].",
    explain: "Keys of principals, which stand for their passwords.",
    sample_path: "etc/http.keytab",
    samples: &["\u{5}\u{2}\0\0\0\u{30}"],
    decoys: &["", "text"],
    ..STORE
};

/// Sources: Apple, keychain files (signature `kych`); GNOME, "Keyring file format" (signature `GnomeKeyring`).
pub(in crate::secrets::rules) const KEYCHAIN: Rule = Rule {
    id: "keychain_file",
    family: "keychain",
    title: "keychain: the file itself is a credential store",
    files: &["*.keychain", "*.keychain-db", "*.keyring"],
    pattern: r"kych|GnomeKeyring\n\r\x00",
    explain: "The passwords that a desktop keeps for its user.",
    sample_path: "login.keychain-db",
    samples: &["kych\0\u{1}\0\0"],
    decoys: &["", "[keyring]"],
    ..STORE
};

/// Source: Jenkins, "Credentials storage": secrets/master.key (256 hexadecimal digits) encrypts hudson.util.Secret.
pub(in crate::secrets::rules) const JENKINS_KEY: Rule = Rule {
    id: "jenkins_master_key",
    family: "jenkins",
    title: "Jenkins master key: the file itself opens all credentials",
    files: &["secrets/master.key", "secrets/hudson.util.secret"],
    pattern: r"(?s)[0-9a-f]{256}\s*\z|[^\x09\x0A\x0D\x20-\x7E]{1,4}.{60}",
    explain: "The key with which Jenkins encrypts its credentials.",
    sample_path: "jenkins/secrets/master.key",
    samples: &["{hex:256}"],
    decoys: &["", "text"],
    ..STORE
};
