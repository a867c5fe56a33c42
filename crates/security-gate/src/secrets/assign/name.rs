//! What a name says of its value.

/// What is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Chosen by people: may be short.
    Password,
    /// Made by machines.
    Token,
    /// A name that says `key` and no more.
    Key,
}

/// Last words of names whose value is about a credential and none itself.
const ABOUT: &str = " \
    type types url uri path paths file files filename dir folder name names id ids field fields label hint title \
    text message msg error err errors length len size count min max policy policies rule rules regex pattern prefix \
    suffix format expires expire expiry expiration expired ttl timeout age lifetime header headers param parameter params \
    class input form box column env var enabled enable required mode algorithm alg encoding version placeholder endpoint \
    host user username kind scheme provider manager service store reset change ref refs selector description desc \
    help usage example test status state start end pos position offset index idx line lineno kinds list stream \
    source sources request response issuer audience scope scopes generator validator attempts attempt strength \
    question dialog prompt page link button icon image usages missing invalid incorrect mismatch wrong required \
    not empty valid check configmap hash hashed digest fingerprint checksum encrypted eight tokenizer domain decode encode bytes split strip replace trim join match compare equals \
    websocket uuid ";

/// Words that make a value public wherever they stand.
const PUBLIC: &str = " hash hashed encrypted wrapped public pub publishable anonymous csrf xsrf primary foreign unique sort partition cache allowed accepted ";

/// Keys that are credentials.
const WHOSE: &str = "api access secret auth private encryption signing client master account app service consumer license";

/// Words for what machines make.
fn is_token(word: &str) -> bool {
    let one = word.strip_suffix('s').unwrap_or(word);
    one == "auth"
        || ["secret", "token", "credential", "apikey", "nkey"]
            .iter()
            .any(|known| one.ends_with(known))
}

/// What the value of this name is, by the name.
pub(super) fn kind(name: &[u8]) -> Option<Kind> {
    let words = words(name);
    let last = words.last()?;
    let among = |list: &str, word: &str| list.contains(&format!(" {word} "));
    if among(ABOUT, last) || words.iter().any(|word| among(PUBLIC, word)) {
        return None;
    }
    let has = |part: &str| words.iter().any(|word| word.contains(part));
    let is = |word: &str| words.iter().any(|known| known == word);
    if has("passw") || has("passphrase") || is("pwd") || is("pass") || has("pswd") || is("pw") {
        return Some(Kind::Password);
    }
    let key = *last == "key" || *last == "keys" || last.ends_with("key");
    if key
        && WHOSE
            .split(' ')
            .any(|whose| words.iter().any(|word| word.contains(whose)))
        || words.iter().any(|word| is_token(word))
    {
        return Some(Kind::Token);
    }
    key.then_some(Kind::Key)
}

/// The words of a name in small letters: `DB_PASSWORD`, `dbPassword`, `db-password`.
fn words(name: &[u8]) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut open = false;
    for (at, &byte) in name.iter().enumerate() {
        if !byte.is_ascii_alphanumeric() {
            open = false;
            continue;
        }
        let before = at.checked_sub(1).map(|at| name[at]);
        let after = name.get(at + 1).copied();
        let hump = byte.is_ascii_uppercase()
            && (before.is_some_and(|b| !b.is_ascii_uppercase())
                || after.is_some_and(|b| b.is_ascii_lowercase()));
        if !open || hump {
            words.push(String::new());
            open = true;
        }
        if let Some(word) = words.last_mut() {
            word.push(char::from(byte.to_ascii_lowercase()));
        }
    }
    // `password2` is a second password.
    for word in &mut words {
        let end = word.trim_end_matches(|c: char| c.is_ascii_digit()).len();
        if end > 0 {
            word.truncate(end);
        }
    }
    words.retain(|word| !word.is_empty() && !word.bytes().all(|b| b.is_ascii_digit()));
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_what_their_values_are() {
        for (name, expected) in [
            ("DB_PASSWORD", Some(Kind::Password)),
            ("setPassword2", Some(Kind::Password)),
            ("spring.datasource.password", Some(Kind::Password)),
            ("clientSecret", Some(Kind::Token)),
            ("apiKey", Some(Kind::Token)),
            ("X-Auth-Token", Some(Kind::Token)),
            ("cipherKey", Some(Kind::Key)),
            ("passwordField", None),
            ("token_type", None),
            ("secretName", None),
            ("publicKey", None),
            ("compass", None),
            ("authority", None),
        ] {
            assert_eq!(
                kind(name.as_bytes()),
                expected,
                "{name} {:?}",
                words(name.as_bytes())
            );
        }
    }
}
