//! `sarif-upload filter`: only some of the results.

use super::{Common, Output, Verb, plainly, start, tell};
use crate::limits::Problem;
use crate::prepare::Setting;
use crate::suppressed::Suppressed;
use clap::{Args, ValueEnum};
use gate_runner::Session;
use gate_sarif::{Place, Rules, Run, SarifResult, Severity, severity};
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use std::ffi::OsString;
use std::process::ExitCode;

const ABOUT: &str = "Writes only those results of a SARIF file that fit all conditions; the rest of the file stays as it is";

/// The flags of `filter`.
#[derive(Args, Clone, Debug)]
pub(super) struct FilterFlags {
    #[command(flatten)]
    common: Common,
    #[command(flatten)]
    output: Output,
    /// Least severity: the rule's score, else the level (error high, warning medium, note low)
    #[arg(long, value_name = "SEVERITY", value_enum)]
    severity: Option<Least>,
    /// Rules by id (glob, repeatable)
    #[arg(long, value_name = "GLOB")]
    rule: Vec<String>,
    /// Rules to leave out (glob, repeatable)
    #[arg(long, value_name = "GLOB")]
    not_rule: Vec<String>,
    /// Files by path (glob, repeatable)
    #[arg(long, value_name = "GLOB")]
    path: Vec<String>,
    /// Files to leave out (glob, repeatable)
    #[arg(long, value_name = "GLOB")]
    not_path: Vec<String>,
    /// Leave out what the tool itself calls suppressed, absent, passed or informational
    #[arg(long)]
    drop_suppressed: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Least {
    Low,
    Medium,
    High,
    Critical,
}

/// Which results stay.
#[derive(Debug)]
pub(crate) struct Filter {
    least: Option<Severity>,
    rules: [Option<GlobSet>; 2],
    paths: [Option<GlobSet>; 2],
}

pub(super) const VERB: Verb = Verb {
    name: "filter",
    about: ABOUT,
    main,
    flags: FilterFlags::augment_args,
};

fn main(arguments: Vec<OsString>) -> ExitCode {
    start::<FilterFlags>(
        "sarif-upload filter",
        ABOUT,
        arguments,
        |flags| &flags.common,
        filter,
    )
}

fn filter(session: &Session, flags: &FilterFlags) -> Result<u8, Problem> {
    let least = flags.severity.map(|least| match least {
        Least::Low => Severity::Low,
        Least::Medium => Severity::Medium,
        Least::High => Severity::High,
        Least::Critical => Severity::Critical,
    });
    let setting = Setting {
        filter: Some(Filter {
            least,
            rules: [globs(&flags.rule)?, globs(&flags.not_rule)?],
            paths: [globs(&flags.path)?, globs(&flags.not_path)?],
        }),
        suppressed: if flags.drop_suppressed {
            Suppressed::Drop
        } else {
            Suppressed::Keep
        },
        merges: false,
        ..plainly(session)
    };
    tell(
        &flags
            .common
            .write_one(session, setting, &flags.output.output)?,
    );
    Ok(0)
}

fn globs(patterns: &[String]) -> Result<Option<GlobSet>, Problem> {
    if patterns.is_empty() {
        return Ok(None);
    }
    let wrong = |error: globset::Error| Problem::new(error.to_string(), "correct the pattern");
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        let glob = GlobBuilder::new(pattern).literal_separator(true).build();
        set.add(glob.map_err(wrong)?);
    }
    Ok(Some(set.build().map_err(wrong)?))
}

impl Filter {
    /// Whether a result stays. An unknown severity is never below the least.
    pub(crate) fn keeps(&self, run: &Run, rules: &Rules<'_>, result: &SarifResult) -> bool {
        let fits = |[only, not]: &[Option<GlobSet>; 2], text: &str| {
            only.as_ref().is_none_or(|set| set.is_match(text))
                && not.as_ref().is_none_or(|set| !set.is_match(text))
        };
        let severe = self
            .least
            .is_none_or(|least| severity(result, rules.of(result)) >= least);
        let path = match run.place(result) {
            Some((Place::Inside(path) | Place::Absolute(path) | Place::Elsewhere(path), _)) => path,
            None => String::new(),
        };
        severe && fits(&self.rules, rules.id_of(result)) && fits(&self.paths, &path)
    }
}
