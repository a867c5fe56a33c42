//! One reference between modules.

/// One reference from a page to a tracked file, or to what is not there.
#[derive(Debug)]
pub(crate) struct Arc<'a> {
    pub(crate) from: usize,
    pub(crate) to: To<'a>,
    /// Circles, depth and closure count it.
    pub(crate) loads: bool,
    /// Depth counts it.
    pub(crate) deep: bool,
    /// Name of the extractor.
    pub(crate) kind: &'a str,
    pub(crate) line: u32,
    pub(crate) column: u32,
    pub(crate) written: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum To<'a> {
    Page(usize),
    File(&'a str),
    /// In another repository, which is not here.
    Elsewhere,
    /// What was looked for.
    Missing(String),
}
