//! What most projects ask of coverage, written out so that nothing hides behind a name.

use clap::ValueEnum;

/// The shares that are asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Profile {
    #[default]
    #[value(name = "85")]
    Percent85,
    #[value(name = "90")]
    Percent90,
}

impl Profile {
    /// The policy, beside the gates that hold where there is none.
    pub(super) fn yaml(self, others: &str) -> String {
        let (name, whole, change) = match self {
            Self::Percent85 => ("85", "{fail: \">= 85%\", warn: \">= 90%\"}", "\">= 85%\""),
            Self::Percent90 => ("90", "\">= 90%\"", "\">= 90%\""),
        };
        format!(
            "# The profile {name}: `gatewright init --profile {name}`.\nversion: 1\ngates:\n{others}  coverage:\n    criteria:\n      \
             line_coverage: {whole}\n      patch_line_coverage: {change}\n"
        )
    }
}
