//! Private keys and signed tokens. Sources: RFC 7468, RFC 7518 (members of keys), RFC 5915, RFC 8017, RFC 9580 (armour), OpenSSH PROTOCOL.key, RFC 7519 (JWT), the age format.

use crate::secrets::rule::{BASE, Check, Reach, Rule};

const ROTATE: &str = "Treat the key as known: make a new pair, replace the public half wherever it is trusted, and keep the private half out of the repository.";

pub(super) const PRIVATE_KEY: Rule = Rule {
    id: "private_key",
    family: "private_key",
    title: "private key",
    literals: &["-----BEGIN "],
    reach: Reach::Here { after: 64 },
    pattern: r"-----BEGIN (?:(?:RSA |EC |DSA |OPENSSH |ENCRYPTED |ANY |SSH2 ENCRYPTED )?PRIVATE KEY|PGP PRIVATE KEY BLOCK)-----",
    bounded: false,
    checks: &[Check::KeyBody],
    explain: "An armoured private key with its body; a header in prose is no finding. A passphrase only delays its use.",
    next_step: ROTATE,
    samples: &[
        "-----BEGIN {}RSA PRIVATE KEY-----\nMIIE{b64:60}\n{b64:64}\n-----END {}RSA PRIVATE KEY-----\n",
        "-----BEGIN {}RSA PRIVATE KEY-----\r\nProc-Type: 4,ENCRYPTED\r\nDEK-Info: AES-128-CBC,{hex:32}\r\n\r\n{b64:64}\r\n{b64:64}\r\n-----END {}RSA PRIVATE KEY-----\r\n",
        "  -----BEGIN {}EC PRIVATE KEY-----\n  MHcCAQEE{b64:56}\n  {b64:60}==\n  -----END {}EC PRIVATE KEY-----",
        "-----BEGIN {}OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEA{b64:50}\n{b64:70}\n-----END {}OPENSSH PRIVATE KEY-----",
        "-----BEGIN {}PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEI{b64:43}\n-----END {}PRIVATE KEY-----",
        "-----BEGIN {}PGP PRIVATE KEY BLOCK-----\nVersion: 1\n\nlQOYB{b64:59}\n{b64:64}\n=abcd\n-----END {}PGP PRIVATE KEY BLOCK-----",
        "k = \"-----BEGIN {}PRIVATE KEY-----\\nMIIE{b64:60}\\n{b64:64}\\n-----END {}PRIVATE KEY-----\\n\"",
        "k = \"-----BEGIN {}PRIVATE KEY-----\\n\" +\n    \"MIIE{b64:60}\\n\" +\n    \"{b64:64}\\n\" +\n    \"-----END {}PRIVATE KEY-----\\n\"",
        "KEY=-----BEGIN {}PRIVATE KEY-----MIIE{b64:200}-----END {}PRIVATE KEY-----",
    ],
    decoys: &[
        "A PEM file starts with -----BEGIN RSA PRIVATE KEY----- and then come many lines of base64 text, which this long sentence is certainly not, however far it goes on.",
        "-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----",
        "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA...\n-----END RSA PRIVATE KEY-----",
        "-----BEGIN {}PUBLIC KEY-----\nMIIE{b64:60}\n{b64:64}\n-----END {}PUBLIC KEY-----",
        "-----BEGIN {}CERTIFICATE-----\nMIIE{b64:60}\n{b64:64}\n-----END {}CERTIFICATE-----",
        "-----BEGIN PRIVATE KEY-----\nXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX\n-----END PRIVATE KEY-----",
    ],
    ..BASE
};

pub(super) const AGE: Rule = Rule {
    id: "age_secret_key",
    family: "age",
    title: "age identity",
    literals: &["AGE-SECRET-KEY-1"],
    reach: Reach::Here { after: 96 },
    pattern: r"AGE-SECRET-KEY-1(?P<s>[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58})",
    checks: &[Check::Distinct(14)],
    explain: "AGE-SECRET-KEY-1 and 58 characters of Bech32.",
    next_step: ROTATE,
    samples: &["AGE-SECRET-KEY-1{bech32:58}"],
    decoys: &["AGE-SECRET-KEY-1{bech32:57}"],
    ..BASE
};

pub(super) const JWT: Rule = Rule {
    id: "json_web_token",
    family: "jwt",
    title: "signed JSON Web Token",
    // Base64 of an opening brace and the first member of a header: alg, typ, kid, cty, enc, jku, x5t, and `{ "alg"`.
    literals: &[
        "eyJhbGci",
        "eyJ0eXAi",
        "eyJraWQi",
        "eyJjdHki",
        "eyJlbmMi",
        "eyJqa3Ui",
        "eyJ4NXQi",
        "eyAiYWxnI",
    ],
    reach: Reach::Here { after: 4096 },
    pattern: r"ey[A-Za-z0-9_-]{10,1000}\.[A-Za-z0-9_-]{10,2500}\.[A-Za-z0-9_-]{20,700}",
    checks: &[Check::SignedToken],
    explain: "Header, claims and signature in base64, separated by dots. A bearer may use it until it expires; the examples of the RFCs and anonymous-role tokens are no finding.",
    next_step: "End the session or rotate the signing key, and let programs ask for tokens instead of storing them.",
    samples: &["token = '{jwt:43}'", "?access_token={jwt:342}"],
    decoys: &[
        "eyJhbGciOiJIUzI1NiJ9.e30.x",
        "eyJhbGciOiJub25lIn0.{alnum:40}.",
        "eyJhbGci{alnum:40}.{alnum:40}.{alnum:43}",
    ],
    ..BASE
};

pub(super) const PUTTY: Rule = Rule {
    id: "putty_private_key",
    family: "private_key",
    title: "PuTTY private key",
    literals: &["Private-Lines: "],
    reach: Reach::Here { after: 128 },
    pattern: r"Private-Lines: [0-9]{1,3}(?:\r?\n|(?:\\r)?\\n)(?P<v>[A-Za-z0-9+/]{32,76}={0,2})",
    checks: &[Check::NoPlaceholder, Check::Distinct(16)],
    explain: "The private part of a PuTTY key file (.ppk); a passphrase only delays its use.",
    next_step: ROTATE,
    samples: &["PuTTY-User-Key-File-2: ssh-rsa\r\nPrivate-Lines: 14\r\n{b64:64}\r\n"],
    decoys: &["Private-Lines: 14", "Private-Lines: 1\nnothing"],
    ..BASE
};

pub(super) const JWK: Rule = Rule {
    id: "json_web_key",
    family: "jwk",
    title: "private or secret JSON Web Key",
    literals: &["kty"],
    reach: Reach::Near {
        anchor: r#"kty\\?["']?\s{0,4}:\s{0,4}\\?["'](?:RSA|EC|oct|OKP)"#,
        before: 2_500,
        after: 2_500,
    },
    pattern: r#"[\s{,"'](?:d|k)\\?["']?\s{0,4}:\s{0,4}\\?["'](?P<v>[A-Za-z0-9_-]{20,1400})\\?["']"#,
    bounded: false,
    checks: &[Check::NoPlaceholder, Check::Distinct(12)],
    explain: "The member `d` (private) or `k` (symmetric) of a JSON Web Key.",
    next_step: ROTATE,
    samples: &[
        "{\"kty\": \"EC\", \"crv\": \"P-256\", \"d\": \"{b64url:43}\"}",
        "jwk = {\n  kty: 'oct',\n  k: '{b64url:43}',\n}",
    ],
    decoys: &[
        "{\"kty\": \"RSA\", \"e\": \"AQAB\", \"n\": \"{b64url:86}\"}",
        "{\"d\": \"{b64url:43}\"}",
    ],
    ..BASE
};
