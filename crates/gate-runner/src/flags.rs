//! The flags every gate binary has (contract, section 2). They are also action
//! inputs and `GATEWRIGHT_<FLAG>` variables; an empty variable is an absent flag.

use clap::{ArgAction, ArgMatches, Args, Command, FromArgMatches, ValueEnum};
use gate_verdict::{FailOn, Shard};
use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

/// The common flags as they were typed.
#[derive(Args, Clone, Debug)]
pub struct Flags {
    /// Folder to judge
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub root: PathBuf,
    /// Policy file or folder, below the root (repeatable) [default: .github/gates.yml]
    #[arg(long, value_name = "PATH")]
    pub config: Vec<String>,
    /// Environment to judge for
    #[arg(long, value_name = "NAME")]
    pub environment: Option<String>,
    /// Only this key under `gates:`
    #[arg(long, value_name = "KEY")]
    pub gate: Option<String>,
    /// Revision to compare with; its policy governs
    #[arg(long, value_name = "REV")]
    pub base: Option<String>,
    /// Name of the part of the repository this verdict speaks for
    #[arg(long, value_name = "NAME", value_parser = parse_scope)]
    pub scope: Option<String>,
    /// Shard I of N
    #[arg(long, value_name = "I/N", value_parser = parse_shard)]
    pub shard: Option<Shard>,
    /// Folder for verdicts and reports [default: `$RUNNER_TEMP/gatewright` in Actions, else `.gatewright`]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// What to print on standard output
    #[arg(long, value_name = "FORMAT", value_enum)]
    pub format: Option<Format>,
    /// From which decision on the exit code is not 0
    #[arg(
        long,
        value_name = "LEVEL",
        value_enum,
        default_value = "require_approval"
    )]
    pub fail_on: FailOnFlag,
    /// Time the evidence is judged at (RFC 3339, UTC) [default: now]
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    pub as_of: Option<jiff::Timestamp>,
    /// Contact no host
    #[arg(long)]
    pub offline: bool,
    /// Stop after this long with an `error` verdict, e.g. 90s or 10m
    #[arg(long, value_name = "TIME", value_parser = parse_timeout)]
    pub timeout: Option<Duration>,
}

/// Parses a flat command line. `GATEWRIGHT_<FLAG>` variables stand in for flags
/// that are not typed; what is typed wins.
pub fn parse<A: Args + FromArgMatches>(
    command: Command,
    about: &str,
    typed: Vec<OsString>,
    get: &dyn Fn(&str) -> Option<String>,
) -> Result<A, clap::Error> {
    // The doc comment of a flags type would stand in for it.
    let command = A::augment_args(command).about(about.to_owned());
    let arguments = with_variables(&command, typed, get);
    let matches: ArgMatches = command.try_get_matches_from(arguments)?;
    A::from_arg_matches(&matches)
}

/// The typed arguments with those that variables give put in front.
fn with_variables(
    command: &Command,
    typed: Vec<OsString>,
    get: &dyn Fn(&str) -> Option<String>,
) -> Vec<OsString> {
    let mut typed = typed.into_iter();
    let mut arguments: Vec<OsString> = typed.by_ref().take(1).collect();
    let rest: Vec<OsString> = typed.collect();
    // Behind `--` stands somebody else's command line.
    let own = rest
        .iter()
        .position(|given| given == "--")
        .unwrap_or(rest.len());
    for argument in command.get_arguments() {
        let Some(long) = argument.get_long() else {
            continue;
        };
        let flag = format!("--{long}");
        let is_typed = rest[..own].iter().any(|given| {
            let given = given.to_string_lossy();
            given == flag.as_str() || given.starts_with(&format!("{flag}="))
        });
        let name = format!("GATEWRIGHT_{}", long.to_uppercase().replace('-', "_"));
        let Some(value) = get(&name).filter(|value| !value.is_empty() && !is_typed) else {
            continue;
        };
        match argument.get_action() {
            ArgAction::SetTrue if matches!(value.as_str(), "false" | "0") => {}
            ArgAction::SetTrue if matches!(value.as_str(), "true" | "1") => {
                arguments.push(flag.into());
            }
            ArgAction::Append => {
                for line in value.lines().map(str::trim).filter(|line| !line.is_empty()) {
                    arguments.push(format!("{flag}={line}").into());
                }
            }
            _ => arguments.push(format!("{flag}={value}").into()),
        }
    }
    arguments.extend(rest);
    arguments
}

/// `--format`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Text,
    Json,
    Sarif,
    Markdown,
    Github,
}

/// `--fail-on`, in the spelling of the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FailOnFlag {
    Block,
    #[value(name = "require_approval", alias = "require-approval")]
    RequireApproval,
    Error,
    Never,
}

impl From<FailOnFlag> for FailOn {
    fn from(flag: FailOnFlag) -> Self {
        match flag {
            FailOnFlag::Block => Self::Block,
            FailOnFlag::RequireApproval => Self::RequireApproval,
            FailOnFlag::Error => Self::Error,
            FailOnFlag::Never => Self::Never,
        }
    }
}

fn parse_shard(text: &str) -> Result<Shard, String> {
    let wrong = || format!("found `{text}`, expected I/N with 1 <= I <= N <= 10000, such as 1/4");
    let (index, total) = text.split_once('/').ok_or_else(wrong)?;
    let shard = Shard {
        index: index.parse().map_err(|_| wrong())?,
        total: total.parse().map_err(|_| wrong())?,
    };
    if shard.index == 0 || shard.index > shard.total || shard.total > 10_000 {
        return Err(wrong());
    }
    Ok(shard)
}

/// A scope becomes part of file names, so it is held to what every file
/// system and a verdict's file name allow.
fn parse_scope(text: &str) -> Result<String, String> {
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if text.is_empty() || text.len() > 64 || !text.chars().all(fits) {
        return Err(format!(
            "found `{text}`, expected 1 to 64 letters, digits, `-` or `_`"
        ));
    }
    Ok(text.to_owned())
}

/// A time in RFC 3339, in UTC and whole seconds.
pub fn parse_time(text: &str) -> Result<jiff::Timestamp, String> {
    let time: jiff::Timestamp = text
        .parse()
        .map_err(|_| format!("found `{text}`, expected a time such as 2026-11-21T12:00:00Z"))?;
    jiff::Timestamp::from_second(time.as_second()).map_err(|error| error.to_string())
}

/// `90s`, `10m`, `1h`, or bare seconds; at most a day.
pub fn parse_timeout(text: &str) -> Result<Duration, String> {
    let wrong = || format!("found `{text}`, expected a time such as 90s, 10m or 1h");
    let (digits, factor) = match text.as_bytes().last() {
        Some(b's') => (&text[..text.len() - 1], 1),
        Some(b'm') => (&text[..text.len() - 1], 60),
        Some(b'h') => (&text[..text.len() - 1], 3_600),
        _ => (text, 1),
    };
    let count: u64 = digits.parse().map_err(|_| wrong())?;
    match count.checked_mul(factor) {
        Some(seconds) if (1..=86_400).contains(&seconds) => Ok(Duration::from_secs(seconds)),
        _ => Err(wrong()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shards_and_scopes_are_checked() {
        assert_eq!(parse_shard("2/4"), Ok(Shard { index: 2, total: 4 }));
        for text in ["0/4", "5/4", "1", "1/", "/2", "a/b", "1/4/2", "-1/4"] {
            assert!(parse_shard(text).is_err(), "{text}");
        }
        assert!(parse_scope("api-2").is_ok());
        for text in ["", "a/b", "..", "a b", "é", &"x".repeat(65)] {
            assert!(parse_scope(text).is_err(), "{text}");
        }
    }

    #[derive(Args, Debug)]
    struct Only {
        #[command(flatten)]
        flags: Flags,
    }

    fn parsed(typed: &[&str], variables: &[(&str, &str)]) -> Result<Flags, clap::Error> {
        let typed = ["gate"].iter().chain(typed).map(OsString::from).collect();
        let get = |name: &str| {
            variables
                .iter()
                .find(|(key, _)| *key == name)
                .map(|(_, value)| (*value).to_owned())
        };
        parse::<Only>(Command::new("gate"), "", typed, &get).map(|only| only.flags)
    }

    #[test]
    fn variables_stand_in_for_flags_and_what_is_typed_wins() {
        let variables = [
            ("GATEWRIGHT_ENVIRONMENT", "staging"),
            ("GATEWRIGHT_CONFIG", "a.yml\n b.yml\n"),
            ("GATEWRIGHT_SCOPE", ""),
            ("GATEWRIGHT_OFFLINE", "true"),
            ("GATEWRIGHT_FAIL_ON", "never"),
        ];
        let flags = parsed(&[], &variables).expect("parses");
        assert_eq!(flags.environment.as_deref(), Some("staging"));
        assert_eq!(flags.config, ["a.yml", "b.yml"]);
        assert_eq!(
            (flags.scope, flags.offline, flags.fail_on),
            (None, true, FailOnFlag::Never)
        );
        let flags = parsed(
            &["--environment", "production", "--config=c.yml"],
            &variables,
        )
        .expect("parses");
        assert_eq!(flags.environment.as_deref(), Some("production"));
        assert_eq!(flags.config, ["c.yml"]);
        assert!(parsed(&[], &[("GATEWRIGHT_OFFLINE", "perhaps")]).is_err());
        assert!(parsed(&[], &[("GATEWRIGHT_FAIL_ON", "sometimes")]).is_err());
    }

    #[test]
    fn times_are_whole_seconds_in_utc() {
        let time = parse_time("2026-11-21T12:00:00.75+02:00").expect("a time");
        assert_eq!(time.to_string(), "2026-11-21T10:00:00Z");
        assert_eq!(parse_timeout("10m"), Ok(Duration::from_mins(10)));
        for text in ["0s", "", "m", "25h", "1d"] {
            assert!(parse_timeout(text).is_err(), "{text}");
        }
    }
}
