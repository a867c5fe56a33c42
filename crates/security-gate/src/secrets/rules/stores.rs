//! Files that are stores of credentials as a whole, known by their names. Sources: the documentation of `KeePass`, Firefox, `MySQL`
//! (`mysql_config_editor`), macOS keychains, Chromium, VNC and Java key stores.

use crate::secrets::rule::{Reach, Rule, Tier};

use super::files::FILE;

const STORE: Rule = Rule {
    reach: Reach::Name,
    checks: &[],
    next_step: "Remove the file from the repository, add its name to .gitignore, and change what it holds.",
    samples: &["\u{1}store"],
    decoys: &[""],
    ..FILE
};

pub(super) const PASSWORD_STORE: Rule = Rule {
    id: "password_store",
    family: "password_store",
    title: "password store",
    files: &[
        "*.kdbx",
        "*.kdb",
        "*.agilekeychain",
        "*.opvault",
        "key3.db",
        "key4.db",
        ".mylogin.cnf",
        "login.keychain",
        "login.keychain-db",
        "login data",
        ".vnc/passwd",
    ],
    explain: "A file whose only use is to keep passwords. Who has it can try words against it without end, or reads it at once.",
    sample_path: "home/passwords.kdbx",
    ..STORE
};

pub(super) const KEY_STORE: Rule = Rule {
    id: "key_store",
    family: "key_store",
    title: "key store",
    files: &["*.p12", "*.pfx", "*.jks", "*.keystore", "secring.gpg"],
    tier: Tier::Possible,
    explain: "A file that keeps keys and certificates: private ones as a rule, in a test as often as not.",
    sample_path: "certs/server.p12",
    ..STORE
};
