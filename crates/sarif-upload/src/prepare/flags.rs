//! The flags of what is prepared.

use super::Setting;
use crate::suppressed::Suppressed;
use clap::{Args, ValueEnum};
use gate_runner::Session;
use gate_sarif::check::{Options, Repairs};
use gate_sarif::fingerprint::Bases;
use std::path::{Path, PathBuf};

/// How files are mended on their way.
#[derive(Args, Clone, Debug, Default)]
pub struct PrepareFlags {
    /// Mend what GitHub would refuse: safe loses nothing, cut leaves out what is too much
    #[arg(long, value_name = "WHICH", value_enum, default_value_t)]
    pub repair: Repair,
    /// File below the root at which results without one are shown
    #[arg(long, value_name = "FILE", value_parser = parse_stand_in)]
    pub stand_in: Option<String>,
    /// Hash the lines that `uriBaseId` leads to; GitHub's own action ignores it
    #[arg(long)]
    pub resolve_base_ids: bool,
    /// Refuse what is too large instead of writing it as several files
    #[arg(long)]
    pub no_split: bool,
}

/// `--repair`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Repair {
    #[default]
    None,
    Safe,
    Cut,
}

impl Repair {
    pub(crate) const fn repairs(self) -> Repairs {
        match self {
            Self::None => Repairs::None,
            Self::Safe => Repairs::Safe,
            Self::Cut => Repairs::Cut,
        }
    }
}

impl PrepareFlags {
    pub(crate) fn setting<'a>(
        &self,
        session: &'a Session,
        category: Option<&'a str>,
        out: PathBuf,
    ) -> Setting<'a> {
        let root_text = text_of(&session.root);
        Setting {
            root: &session.root,
            options: Options {
                root: Some(root_text.clone()),
                stand_in: self.stand_in.clone(),
            },
            root_text,
            out,
            category,
            repairs: self.repair.repairs(),
            bases: if self.resolve_base_ids {
                Bases::Resolved
            } else {
                Bases::Ignored
            },
            fingerprints: true,
            suppressed: Suppressed::Drop,
            splits: !self.no_split,
            packed: true,
            categories: true,
            merges: true,
            name: None,
            rebase: None,
            filter: None,
        }
    }
}

/// The root as a scanner would write it.
fn text_of(root: &Path) -> String {
    let text = root.to_string_lossy().replace('\\', "/");
    text.strip_prefix("//?/")
        .map_or(text.clone(), str::to_owned)
}

fn parse_stand_in(text: &str) -> Result<String, String> {
    let text = text.replace('\\', "/");
    let inside =
        !text.starts_with('/') && !text.contains(':') && text.split('/').all(|part| part != "..");
    if text.is_empty() || !inside || text.chars().any(char::is_control) {
        return Err(String::from(
            "expected a path below the root, such as README.md",
        ));
    }
    Ok(text)
}
