//! What a rule is: data only, so that the table can be listed, explained and tested as a whole.

/// A kind of malicious content, and what it looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// Public id, `snake_case`.
    pub id: &'static str,
    /// A noun phrase.
    pub title: &'static str,
    /// Whether a finding counts.
    pub level: Level,
    /// What a finding of it says, as a lower-case fragment.
    pub summary: &'static str,
    /// Why this is a finding, and what keeps honest files out of it.
    pub explain: &'static str,
    /// What to do about it.
    pub next_step: &'static str,
    /// What must be found; also the positive control.
    pub samples: &'static [Sample],
    /// What must not be found by this rule.
    pub decoys: &'static [Sample],
}

/// What a finding of a rule is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// No honest file looks like this; it counts.
    Certain,
    /// Worth a look; shown and never counted.
    Heuristic,
}

/// One or more files, each a path and a template (see the `sample` module).
pub type Sample = &'static [(&'static str, &'static str)];
