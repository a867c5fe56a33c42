use gate_github::api::is_reference;
use std::fmt;
use std::path::PathBuf;

/// Where a ledger lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Destination {
    /// A folder with a file a month, or one file whose name ends in `.jsonl`.
    File(PathBuf),
    /// A reference of git in the repository on GitHub.
    Git(String),
}

impl Destination {
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong = |expected: &str| Err(format!("found `{text}`, expected {expected}"));
        match text.split_once(':') {
            Some(("file", "")) => wrong("a path behind `file:`"),
            Some(("file", path)) => Ok(Self::File(PathBuf::from(path))),
            Some(("git", reference)) if is_reference(reference) => {
                Ok(Self::Git(reference.to_owned()))
            }
            Some(("git", _)) => {
                wrong("a whole reference behind `git:`, such as git:refs/gatewright/ledger")
            }
            _ => wrong("file:PATH or git:REF, such as git:refs/gatewright/ledger"),
        }
    }
}

impl fmt::Display for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(f, "file:{}", path.display()),
            Self::Git(reference) => write!(f, "git:{reference}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_two_forms_are_destinations() {
        for text in ["file:a b/c", "file:C:\\x", "git:refs/gatewright/ledger"] {
            assert_eq!(
                Destination::parse(text)
                    .map(|found| found.to_string())
                    .as_deref(),
                Ok(text)
            );
        }
        for text in [
            "",
            "ledger",
            "file:",
            "git:",
            "git:main",
            "git:refs/heads/..",
            "s3:x",
        ] {
            let said = Destination::parse(text).expect_err(text);
            assert!(said.contains("expected"), "{said}");
        }
    }
}
