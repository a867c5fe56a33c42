//! Microsoft Azure. Sources: "Configure Azure Storage connection strings", "Get an Event Hubs connection string", "Use the Azurite emulator".

use crate::secrets::rule::{BASE, Check, Reach, Rule};

/// Beginning of the account key that every emulator ships with and the documentation prints.
const EMULATOR: &[&str] = &["Eby8vdM02xNO"];

pub(super) const STORAGE_KEY: Rule = Rule {
    id: "azure_storage_account_key",
    family: "azure",
    title: "Azure storage account key",
    literals: &["AccountKey", "accountKey", "ACCOUNT_KEY", "account_key"],
    reach: Reach::Here { after: 160 },
    pattern: r#"(?i:account_?key)(?:["'\]]|\\")*\s{0,8}(?:=>|[:=])\s{0,8}(?:["'`]|\\")?(?P<v>[A-Za-z0-9+/]{86}==)"#,
    bounded: false,
    checks: &[
        Check::NoPlaceholder,
        Check::Undocumented(EMULATOR),
        Check::Distinct(24),
    ],
    explain: "Sixty-four bytes in base64 assigned to AccountKey, as in a connection string.",
    next_step: "Rotate the key of the storage account, and use managed identities or short-lived SAS tokens.",
    samples: &[
        "DefaultEndpointsProtocol=https;AccountName=a;AccountKey={b64:86}==;EndpointSuffix=core",
    ],
    decoys: &[
        "AccountKey={b64:86}",
        "AccountKey=Eby8vdM02xNO{b64:74}==",
        "AccountKey=<your key>",
    ],
    ..BASE
};

pub(super) const SHARED_ACCESS_KEY: Rule = Rule {
    id: "azure_shared_access_key",
    family: "azure",
    title: "Azure shared access key",
    literals: &["SharedAccessKey="],
    reach: Reach::Here { after: 96 },
    pattern: r"SharedAccessKey=(?P<v>[A-Za-z0-9+/]{42,44}=)",
    bounded: false,
    checks: &[Check::NoPlaceholder, Check::Distinct(18)],
    explain: "Thirty-two bytes in base64 after SharedAccessKey=, as in connection strings of Service Bus, Event Hubs and IoT Hub.",
    next_step: "Regenerate the keys of the shared access policy, and use managed identities.",
    samples: &["Endpoint=sb://a/;SharedAccessKeyName=Root;SharedAccessKey={b64:43}="],
    decoys: &["SharedAccessKey=...", "SharedAccessKey={b64:20}="],
    ..BASE
};

pub(super) const CLIENT_SECRET: Rule = Rule {
    id: "azure_client_secret",
    family: "azure",
    title: "Microsoft Entra client secret",
    literals: &["7Q~", "8Q~"],
    reach: Reach::Around {
        before: 4,
        after: 48,
    },
    pattern: r"[A-Za-z0-9_~.-]{3}[78]Q~[A-Za-z0-9_~.-]{31,34}",
    checks: &[
        Check::NoPlaceholder,
        Check::Distinct(16),
        Check::LetterAndDigit,
    ],
    explain: "Three characters, a version digit with Q~, and 31 to 34 characters: a password of an app registration.",
    next_step: "Remove the secret under Certificates and secrets of the app registration, and use federated credentials.",
    samples: &["AZURE_CLIENT_SECRET={alnum:3}8Q~{alnum:34}"],
    decoys: &["x8Q~{alnum:34}", "{alnum:3}8Q~{alnum:12}"],
    ..BASE
};
