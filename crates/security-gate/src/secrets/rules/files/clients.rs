//! Chat clients, game servers and calls of a client library with the password in place.

use super::FILE;
use crate::secrets::rule::{Check, Reach, Rule};

/// Sources: Irssi, "settings" and "network" (`password`, `sasl_password`, `autosendcmd`); `WeeChat` keeps plain values in sec.conf.
pub(in crate::secrets::rules) const IRC: Rule = Rule {
    id: "irc_client_password",
    family: "irc",
    title: "password in a chat client's configuration",
    files: &[
        ".irssi/config",
        "irssi/config",
        "irc.conf",
        "weechat/sec.conf",
    ],
    pattern: r#"^[^#\r\n]*?\b(?:password|sasl_password|proxy_password|autosendcmd)[ \t]{0,4}=[ \t]{0,4}"(?:/\^?msg nickserv identify )?(?P<v>[^"\r\n]{3,})""#,
    explain: "The password of a network or an account on it.",
    sample_path: "home/.irssi/config",
    samples: &["servers = (\n  { address = \"irc.internal\"; password = \"{word:10}\"; }\n);\n"],
    decoys: &[
        "settings = { core = { password = \"\"; }; };\n",
        "# password = \"{word:10}\"\n",
    ],
    ..FILE
};

/// Source: `HexChat`, "servlist.conf" (`P=` is the password of a network).
pub(in crate::secrets::rules) const HEXCHAT: Rule = Rule {
    id: "hexchat_password",
    family: "irc",
    title: "password in HexChat's list of networks",
    files: &["servlist.conf", "servlist_.conf"],
    pattern: r"^P=(?P<v>[^\r\n]{3,})",
    explain: "The password of a network.",
    sample_path: "home/.config/hexchat/servlist.conf",
    samples: &["N=net\nP={word:10}\nS=irc.internal\n"],
    decoys: &["N=net\nE=UTF-8\nS=irc.internal\n"],
    ..FILE
};

/// Source: Pidgin, "Plain Text Passwords".
pub(in crate::secrets::rules) const PIDGIN: Rule = Rule {
    id: "pidgin_password",
    family: "pidgin",
    title: "password in Pidgin's accounts",
    files: &["accounts.xml"],
    pattern: r"<password>(?P<v>[^<\r\n]+)</password>",
    explain: "The password of an account, in the clear.",
    sample_path: "home/.purple/accounts.xml",
    samples: &["<account><name>a</name><password>{word:10}</password></account>"],
    decoys: &["<account><name>a</name></account>"],
    ..FILE
};

/// Source: Ventrilo, the installation guide of its server: `AdminPassword` and `Password` in `ventrilo_srv.ini`.
pub(in crate::secrets::rules) const VENTRILO: Rule = Rule {
    id: "ventrilo_password",
    family: "ventrilo",
    title: "password in ventrilo_srv.ini",
    files: &[
        "ventrilo_srv.ini",
        "server.properties",
        "murmur.ini",
        "mumble-server.ini",
    ],
    pattern: r"^(?:AdminPassword|Password|rcon\.password|serverpassword)=(?P<v>[^\s;]{3,})",
    explain: "The password of a server for voice or games.",
    sample_path: "ventrilo_srv.ini",
    samples: &["[Server]\nAdminPassword={word:12}\n"],
    decoys: &["[Server]\nAdminPassword=\n", ";Password={word:9}\n"],
    ..FILE
};

/// Source: `JSforce`, "Username and Password Login". The library's name must come first.
pub(in crate::secrets::rules) const SALESFORCE: Rule = Rule {
    id: "salesforce_login_password",
    family: "salesforce",
    title: "password in a login to Salesforce",
    literals: &["jsforce"],
    files: &[],
    reach: Reach::Near {
        anchor: r"jsforce\b",
        before: 0,
        after: 4096,
    },
    pattern: r#"\.login\(\s{0,20}['"`][^'"`\s@]{1,100}@[^'"`\s]{1,100}['"`]\s{0,20},\s{0,20}['"`](?P<v>[^'"`\r\n]{6,})['"`]"#,
    checks: &[Check::Configured],
    explain: "The second argument of login(), a text.",
    next_step: "Change the password, and let the program read it from its environment or a secret store.",
    sample_path: "src/sync.js",
    samples: &[
        "const jsforce = require('jsforce');\nconn.login('ci@team.internal', '{word:12}', done);\n",
    ],
    decoys: &[
        "const jsforce = require('jsforce');\nconn.login('user@domain.com', 'password', done);\n",
        "const jsforce = require('jsforce');\nconn.login(process.env.USER, process.env.PASS);\n",
    ],
    ..FILE
};
