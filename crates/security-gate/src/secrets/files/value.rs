//! Whether the value that stands in a credential file is one that somebody uses. Two measures: files that a program
//! writes hold what is used, however weak; files that people write are often committed as a template.

use super::words::is_made_of_words;
use crate::secrets::checks::distinct;
use crate::secrets::codec::decode_base64;

/// Longest decoded value that is looked at.
const MAX_DECODED: usize = 64 << 10;

/// In a file that a program writes: all but references, masks and requests to put a value there.
pub(in crate::secrets) fn is_stored(value: &[u8]) -> bool {
    value.len() >= 3
        && (is_salt(value) || !is_reference(value) && !is_mask(value) && !is_request(value))
}

/// In a file that people write: also no defaults, no words that only say what a password is, no examples, no paths.
pub(in crate::secrets) fn is_configured(key: &[u8], value: &[u8]) -> bool {
    is_stored(value)
        && !is_public_key_name(key)
        && (is_salt(value)
            || value.len() >= 5
                && distinct(value) >= 4
                && value.iter().any(u8::is_ascii_alphabetic)
                && !is_path(value)
                && !is_code(value)
                && !is_made_of_words(key, value))
}

/// Base64 of a password or of `user:password`, the password as in [`is_stored`].
pub(in crate::secrets) fn is_encoded(value: &[u8]) -> bool {
    let Some(text) = decoded_text(value) else {
        return false;
    };
    let password = memchr::memchr(b':', &text).map_or(&text[..], |colon| &text[colon + 1..]);
    is_stored(password)
}

/// The text that `value` is base64 of, without white space around it.
pub(in crate::secrets) fn decoded_text(value: &[u8]) -> Option<Vec<u8>> {
    let decoded = decode_base64(value).filter(|decoded| decoded.len() <= MAX_DECODED)?;
    let text = std::str::from_utf8(&decoded).ok()?.trim();
    text.chars()
        .all(|c| !c.is_control() || c.is_ascii_whitespace())
        .then(|| text.as_bytes().to_vec())
}

/// Long and of many characters, as generated salts are: marks of a template come up in it by chance.
fn is_salt(value: &[u8]) -> bool {
    value.len() >= 40 && distinct(value) >= 24 && !contains(value, &["{{", "${", "<%"])
}

/// The value is elsewhere: a variable, a template, a command, a store.
fn is_reference(value: &[u8]) -> bool {
    let lower = value.to_ascii_lowercase();
    let begins = [
        "$",
        "<",
        "!",
        "@",
        "__",
        "&",
        "*",
        "%(",
        "enc(",
        "enc[",
        "env:",
        "env.",
        "env(",
        "getenv",
        "process.env",
        "os.environ",
        "os.getenv",
        "file:",
        "vault:",
        "ssm:",
        "op://",
        "arn:",
        "secret://",
        "keychain:",
        "secretref:",
        "ref+",
        "akv://",
        "sm://",
        "-----begin cert",
        "[[",
    ];
    let inside = [
        "${", "$(", "$env", "{{", "}}", "<%", "#{", "%{", "%s", "%(", "{0}", "@@", "\u{2026}",
    ];
    begins.iter().any(|mark| lower.starts_with(mark.as_bytes()))
        || contains(&lower, &inside)
        || matches!(
            value,
            [b'%', .., b'%'] | [b'{', .., b'}'] | [b'[', .., b']'] | [b'(', .., b')']
        )
}

/// One character again and again, or nothing but marks.
fn is_mask(value: &[u8]) -> bool {
    distinct(value) <= 1 || value.iter().all(|b| b"*.-_xX#? \t".contains(b))
}

/// Whole values and parts that ask the reader for a value.
fn is_request(value: &[u8]) -> bool {
    let lower = value.to_ascii_lowercase();
    let whole = [
        "none",
        "null",
        "nil",
        "undefined",
        "true",
        "false",
        "yes",
        "off",
        "password_here",
        "todo",
        "empty",
    ];
    let parts = [
        "changeme",
        "change_me",
        "change-me",
        "changeit",
        "change_it",
        "change-it",
        "change this",
        "changethis",
        "change_this",
        "change-this",
        "placeholder",
        "redacted",
        "your_",
        "your-",
        "your ",
        "yourpass",
        "yoursecret",
        "yourtoken",
        "yourkey",
        "replaceme",
        "replace_",
        "replace-",
        "replace with",
        "insert_",
        "insert-",
        "put your",
        "_here",
        "-here",
        " here",
        "xxxxx",
        "*****",
        ".....",
        "fixme",
        "notset",
        "not_set",
        "not-set",
        "removed>",
    ];
    whole.iter().any(|word| lower == word.as_bytes()) || contains(&lower, &parts)
}

/// Keys that the makers of web frameworks send to every browser by design.
fn is_public_key_name(key: &[u8]) -> bool {
    let lower = key.to_ascii_lowercase();
    // Next.js, Vite, Create React App, Gatsby, Expo and Nuxt name their public variables by a prefix.
    let begins = [
        "next_public_",
        "vite_",
        "react_app_",
        "gatsby_",
        "expo_public_",
        "nuxt_public_",
        "vue_app_",
    ];
    begins
        .iter()
        .any(|begin| lower.starts_with(begin.as_bytes()))
        || contains(
            &lower,
            &[
                "public",
                "publishable",
                "csrf_token",
                "max_token",
                "token_type",
                "site_key",
            ],
        )
}

fn is_path(value: &[u8]) -> bool {
    let begins = [
        "/", "./", "../", "~/", "http://", "https://", "c:\\", "\\\\",
    ];
    let ends = [
        ".pem", ".key", ".json", ".txt", ".jks", ".p12", ".crt", ".yml", ".yaml",
    ];
    let lower = value.to_ascii_lowercase();
    begins
        .iter()
        .any(|begin| lower.starts_with(begin.as_bytes()))
        || ends.iter().any(|end| lower.ends_with(end.as_bytes()))
}

/// A call or a member, as in `config.get(NAME)` or `var.password`.
fn is_code(value: &[u8]) -> bool {
    let begins = [
        "var.",
        "local.",
        "data.",
        "module.",
        "config.",
        "settings.",
        "self.",
        "this.",
        "each.",
        "random_",
    ];
    begins
        .iter()
        .any(|begin| value.starts_with(begin.as_bytes()))
        || value.ends_with(b"()")
        || contains(value, &["(\"", "('", "=>"])
}

pub(super) fn contains(text: &[u8], parts: &[&str]) -> bool {
    parts
        .iter()
        .any(|part| memchr::memmem::find(text, part.as_bytes()).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_a_mask_and_a_request_are_no_password() {
        for value in [
            "${DB_PASS}",
            "$DB_PASS",
            "$(pass show x)",
            "{{ vault_x }}",
            "<password>",
            "%DB_PASS%",
            "changeme",
            "",
            "**",
            "********",
            "xxxxxxxx",
            "your_password",
            "password_here",
            "@TOKEN@",
            "!vault",
            "ENC(abcd)",
        ] {
            assert!(!is_stored(value.as_bytes()), "{value}");
        }
        for value in ["hunter22", "password", "pass123", "ExamplePas123"] {
            assert!(is_stored(value.as_bytes()), "{value}");
        }
    }

    #[test]
    fn a_template_s_default_is_no_configured_password() {
        for value in [
            "postgres",
            "secret",
            "my-secret-key",
            "supersecret",
            "P@ssw0rd",
            "test1234",
            "123456",
            "/run/secrets/db",
            "thisisasecret",
            "some_random_string",
            "dummy-pass",
            "var.password",
        ] {
            assert!(!is_configured(b"", value.as_bytes()), "{value}");
        }
        for value in ["irc_pass", "correcthorse", "Tr0ub4dor&3"] {
            assert!(is_configured(b"", value.as_bytes()), "{value}");
        }
        assert!(!is_configured(b"NEXT_PUBLIC_API_KEY", b"correcthorse"));
        assert!(!is_configured(b"HUGINN_PASSWORD", b"myhuginnpassword"));
    }

    #[test]
    fn base64_is_decoded_before_it_is_judged() {
        assert!(is_encoded(b"YWRtaW46YWRtaW4="));
        assert!(!is_encoded(b"JHtQQVNTfQ=="), "a variable");
        assert!(!is_encoded(b"not base64!"));
        assert!(!is_encoded(b"AAECAwQFBgcICQ=="), "control characters");
    }
}
