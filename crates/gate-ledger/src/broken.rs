/// The first record at which a chain does not hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: found {found}, expected {expected}")]
pub struct Broken {
    pub file: String,
    /// From 1; 0 where the file as a whole is meant.
    pub line: usize,
    pub found: String,
    pub expected: String,
}
