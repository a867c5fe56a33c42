use std::fmt;

/// A credential that no `Debug`, `Display`, error or log of this project ever shows.
#[derive(Clone)]
pub struct Token(String);

impl Token {
    /// `None` when nothing usable is given: empty, or with characters that no HTTP header may carry.
    /// White space around the value is dropped, as a secret pasted with its line end should still work.
    pub fn new(raw: &str) -> Option<Self> {
        let value = raw.trim();
        let usable = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_graphic());
        usable.then(|| Self(value.to_owned()))
    }

    /// The workflow command that makes the runner hide this token in its log. The only text that holds it:
    /// print it to the runner's stdout before anything else, and nowhere else.
    pub fn mask_command(&self) -> String {
        crate::runner::mask(&self.0)
    }

    /// The value itself, for the `Authorization` header and nothing else.
    pub(crate) fn reveal(&self) -> String {
        self.0.clone()
    }

    /// `text` with every occurrence of the token replaced: for words of others (a server's error message).
    pub fn scrub(&self, text: &str) -> String {
        text.replace(&self.0, HIDDEN)
    }
}

const HIDDEN: &str = "***";

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Token({HIDDEN})")
    }
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(HIDDEN)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn is_never_shown(raw in "[!-~]{8,60}") {
            let token = Token::new(&raw).unwrap();
            let shown = format!("{token:?} {token:#?} {token}");
            prop_assert!(!shown.contains(&raw));
            prop_assert_eq!(token.scrub(&format!("a{raw}b")), format!("a{HIDDEN}b"));
        }
    }

    #[test]
    fn nothing_usable_is_none() {
        assert!(Token::new("").is_none());
        assert!(Token::new(" \n").is_none());
        assert!(Token::new("ab\ncd").is_none());
        assert!(Token::new("abc\n").is_some());
    }
}
