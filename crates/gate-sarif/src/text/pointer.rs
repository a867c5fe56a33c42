//! JSON pointers (RFC 6901).

use std::borrow::Cow;
use std::fmt;

/// The way to a value within a JSON text; its text form is an RFC 6901 pointer.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pointer(pub Vec<Step>);

/// A step of the way.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    Key(Cow<'static, str>),
    Index(usize),
}

impl Pointer {
    /// The whole text.
    pub const fn root() -> Self {
        Self(Vec::new())
    }

    /// One step further.
    #[must_use]
    pub fn at(&self, step: impl Into<Step>) -> Self {
        let mut steps = Vec::with_capacity(self.0.len() + 1);
        steps.extend_from_slice(&self.0);
        steps.push(step.into());
        Self(steps)
    }

    /// The way to what this leads to, from where `self` leads to.
    #[must_use]
    pub fn join(&self, further: &Self) -> Self {
        Self(self.0.iter().chain(&further.0).cloned().collect())
    }
}

impl From<&'static str> for Step {
    fn from(key: &'static str) -> Self {
        Self::Key(Cow::Borrowed(key))
    }
}

impl From<String> for Step {
    fn from(key: String) -> Self {
        Self::Key(Cow::Owned(key))
    }
}

impl From<usize> for Step {
    fn from(index: usize) -> Self {
        Self::Index(index)
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for step in &self.0 {
            match step {
                Step::Key(key) => write!(f, "/{}", key.replace('~', "~0").replace('/', "~1"))?,
                Step::Index(index) => write!(f, "/{index}")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pointers_are_written_as_the_rfc_says() {
        let pointer = Pointer::root().at("a/b~c").at(3).at(String::from("d"));
        assert_eq!(pointer.to_string(), "/a~1b~0c/3/d");
        assert_eq!(Pointer::root().to_string(), "");
        assert_eq!(Pointer::root().at("x").join(&pointer).0.len(), 4);
    }
}
