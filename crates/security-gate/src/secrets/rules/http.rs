//! Credentials in addresses and headers. Sources: RFC 3986 (userinfo), RFC 7617 (Basic), RFC 6750 (Bearer).

use crate::secrets::rule::{BASE, Check, Reach, Rule, Tier, ValueKind};

pub(super) const URL_CREDENTIALS: Rule = Rule {
    id: "url_credentials",
    family: "url",
    title: "password in an address",
    // The format has no longer literal.
    literals: &["://"],
    reach: Reach::Here { after: 400 },
    pattern: r#"://(?P<user>[^\s/:?#@"'`<>{}()\[\]\\|^,;$]{0,80}):(?P<v>[^\s/?#@"'`<>{}()\[\]\\|,;]{6,160})@(?P<host>\[[0-9a-fA-F:.]{2,45}\]|[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,200}[A-Za-z0-9_])?)"#,
    bounded: false,
    checks: &[Check::AddressPassword],
    value: ValueKind::Chosen,
    explain: "scheme://user:password@host with a real-looking password; placeholders, the user's name repeated, and hosts reserved for documentation are no finding.",
    next_step: "Change the password, and let the program read it from a secret store or from its environment.",
    samples: &[
        "DATABASE_URL=postgres://app:{word:14}@db.prod.internal:5432/app",
        "git clone https://ci-bot:{alnum:24}@git.internal/team/repo.git",
        "amqp://svc:{alnum:12}@10.1.2.3:5672/",
        "redis://:{alnum:20}@cache.internal:6379",
    ],
    decoys: &[
        "postgres://user:password@localhost/db",
        "https://user:pass@example.com/",
        "https://user:{alnum:16}@example.com/",
        "postgres://postgres:postgres@db/app",
        "postgres://app:${PASSWORD}@db.internal/app",
        "postgres://app:<password>@db.internal/app",
        "https://host:8080/path@x",
        "mysql://root:{{ password }}@db",
        "https://medium.com/@name:something",
        "://:",
        "http://user:XXXXXXXX@db.internal",
        "postgres://app:%s@db.internal/app",
    ],
    ..BASE
};

pub(super) const URL_PASSWORD: Rule = Rule {
    id: "url_password",
    family: "url",
    title: "password in an address of any host",
    literals: &["://"],
    reach: Reach::Here { after: 300 },
    pattern: r#"://(?P<user>[^\s/:?#@"'`<>{}()\[\]\\|^,;$]{0,80}):(?P<v>[^\s/?#@"'`<>{}()\[\]\\|,;:%$]{4,160})@[A-Za-z0-9_%${\[<]"#,
    bounded: false,
    checks: &[Check::Strange],
    value: ValueKind::Chosen,
    tier: Tier::Likely,
    explain: "scheme://user:password@host, whatever the host, with a password that no word, placeholder or variable is.",
    next_step: URL_CREDENTIALS.next_step,
    samples: &[
        "redis://app:{lower:10}@localhost:6379",
        "fmt.Sprintf(\"nats://app:{lower:9}@%s:%d\", host, port)",
    ],
    decoys: &[
        "postgres://postgres:postgres@localhost/app",
        "http://user:password@127.0.0.1:8080/",
        "https://user:${TOKEN}@localhost",
        "http://localhost:8080/@x",
    ],
    ..BASE
};

pub(super) const BASIC: Rule = Rule {
    id: "basic_authorization",
    family: "basic",
    title: "Basic authorization with a password",
    literals: &["Basic ", "basic "],
    reach: Reach::Here { after: 400 },
    pattern: r"[Bb]asic (?P<v>[A-Za-z0-9+/_-]{12,360}={0,2})",
    checks: &[Check::BasicPair],
    value: ValueKind::Chosen,
    explain: "Basic and the base64 of user:password.",
    next_step: URL_CREDENTIALS.next_step,
    samples: &[
        "Authorization: Basic {basic:14}",
        "headers = {'Authorization': 'Basic {basic:20}'}",
    ],
    decoys: &[
        "Authorization: Basic {}QWxhZGRpbjpvcGVuIHNlc2FtZQ==",
        "Basic understanding",
        "Authorization: Basic dXNlcjpwYXNzd29yZA==",
        "Basic {b64:24}",
    ],
    ..BASE
};

pub(super) const BEARER: Rule = Rule {
    id: "bearer_authorization",
    family: "bearer",
    title: "Bearer authorization with a token",
    literals: &["Bearer ", "bearer "],
    reach: Reach::Here { after: 600 },
    pattern: r"[Bb]earer (?P<v>[A-Za-z0-9_~+/-][A-Za-z0-9._~+/-]{23,500}={0,2})",
    checks: &[
        Check::NoPlaceholder,
        Check::LetterAndDigit,
        Check::Distinct(10),
        // RFC 6749 and 6750 print these; JSON Web Tokens have a rule of their own.
        Check::Undocumented(&[
            "eyJ",
            "mF_9.B5f-4",
            "2YotnFZFEj",
            "SlAV32hkKG",
            "vF9dft4qmT",
        ]),
        Check::Random,
    ],
    explain: "Bearer and a token that no one types: random letters and digits, 24 or more.",
    next_step: "Revoke the token, and let the program read one from a secret store or from its environment.",
    samples: &[
        "Authorization: Bearer {alnum:40}",
        "curl -H 'Authorization: Bearer {hex:40}'",
    ],
    decoys: &[
        "Bearer token_type_that_is_a_long_name_2",
        "Bearer $TOKEN",
        "Bearer {alnum:12}",
        "Bearer src/authentication/middleware2.rs",
    ],
    ..BASE
};
