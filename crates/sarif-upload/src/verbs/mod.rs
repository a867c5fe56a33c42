//! The toolbox: what can be done with SARIF files without uploading them.

mod diff;
mod entries;
mod filter;
mod html;
mod merge;
mod rebase;
mod split;
mod validate;
mod view;

pub(crate) use filter::Filter;

use crate::limits::Problem;
use crate::prepare::{self, Prepared, Setting, Source};
use crate::suppressed::Suppressed;
use crate::words::plain;
use crate::{Voice, session_flags};
use clap::{Args, Command};
use gate_runner::{Failure, Flags, Session};
use std::ffi::OsString;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Something that can be done with SARIF files.
pub(crate) struct Verb {
    pub(crate) name: &'static str,
    /// For people.
    about: &'static str,
    /// What its `main` does.
    pub(crate) main: fn(Vec<OsString>) -> ExitCode,
    /// Its flags, for the reference.
    flags: fn(Command) -> Command,
}

/// All of them.
pub(crate) const VERBS: [&Verb; 7] = [
    &validate::VERB,
    &merge::VERB,
    &split::VERB,
    &rebase::VERB,
    &diff::VERB,
    &filter::VERB,
    &view::VERB,
];

/// The verbs as commands, for the reference page.
pub fn toolbox() -> impl Iterator<Item = Command> {
    VERBS
        .into_iter()
        .map(|verb| (verb.flags)(Command::new(verb.name)).about(verb.about))
}

/// Flags of every verb.
#[derive(Args, Clone, Debug)]
pub(crate) struct Common {
    /// SARIF files, folders or globs, relative to the root
    #[arg(value_name = "FILES", required = true)]
    pub(crate) files: Vec<String>,
    /// Folder that was scanned
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub(crate) root: PathBuf,
    /// What to print on standard output [default: text]
    #[arg(long, value_name = "FORMAT", value_enum)]
    pub(crate) format: Option<Voice>,
}

/// The one file that a verb writes.
#[derive(Args, Clone, Debug)]
pub(crate) struct Output {
    /// File to write; .gz is compressed
    #[arg(long, value_name = "FILE")]
    pub(crate) output: PathBuf,
}

/// Runs a verb. The body's number is the exit code; a problem is told and is 2.
fn start<A: Args>(
    name: &'static str,
    about: &str,
    arguments: Vec<OsString>,
    common: fn(&A) -> &Common,
    body: fn(&Session, &A) -> Result<u8, Problem>,
) -> ExitCode {
    gate_runner::start::<A>(name, about, arguments, |flags| {
        gate_runner::look(common(&flags).flags(), |session| {
            Ok(body(session, &flags).unwrap_or_else(|problem| {
                complain(&problem);
                2
            }))
        })
    })
}

impl Common {
    fn flags(&self) -> Flags {
        Flags {
            offline: true,
            ..session_flags(&self.root, self.format)
        }
    }

    /// Judges the files; an error for the first that is no SARIF.
    fn judge(
        &self,
        session: &Session,
        setting: &Setting<'_>,
    ) -> Result<(Vec<Source>, prepare::Places), Problem> {
        let found = crate::find::find(session, &self.files)
            .map_err(|(reason, next_step)| Problem::new(reason, next_step))?;
        let (outcomes, places) = prepare::judge(found, setting);
        let sources = outcomes.into_iter().map(|(found, outcome)| {
            outcome.map_err(|problem| Problem {
                reason: format!("{}: {}", found.shown, problem.reason),
                ..problem
            })
        });
        Ok((sources.collect::<Result<_, _>>()?, places))
    }

    /// Writes the files into one, and tells what became of them.
    fn write_one(
        &self,
        session: &Session,
        setting: Setting<'_>,
        output: &Path,
    ) -> Result<Prepared, Problem> {
        let name = output
            .file_name()
            .map(|name| name.to_string_lossy().into_owned());
        let setting = Setting {
            out: output.parent().map_or_else(PathBuf::new, Path::to_owned),
            packed: output.extension().is_some_and(|ending| ending == "gz"),
            name,
            ..setting
        };
        let (sources, places) = self.judge(session, &setting)?;
        prepare::write(sources, places, &setting)
    }
}

/// Nothing but what the verb itself does.
fn plainly(session: &Session) -> Setting<'_> {
    Setting {
        fingerprints: false,
        suppressed: Suppressed::Keep,
        splits: false,
        packed: false,
        categories: false,
        ..prepare::PrepareFlags::default().setting(session, None, PathBuf::new())
    }
}

/// What was written, and what is to be said about it.
fn tell(prepared: &Prepared) {
    let mut text = String::new();
    for part in &prepared.parts {
        let results: u64 = part.runs.iter().map(|run| run.results).sum();
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "wrote {}: {} run(s), {results} result(s)",
            plain(&part.path.display().to_string()),
            part.runs.len()
        );
    }
    for notice in &prepared.notices {
        let _ = writeln!(text, "note: {}", plain(notice));
    }
    say(&text);
}

fn say(text: &str) {
    // A reader that went away must not change the exit code.
    let _ = std::io::stdout().lock().write_all(text.as_bytes());
}

#[expect(clippy::print_stderr, reason = "what a verb cannot do is said there")]
fn complain(problem: &Problem) {
    eprintln!(
        "error: {}. Next step: {}",
        plain(&problem.reason),
        plain(&problem.next_step)
    );
}

/// A failure of the engine as a problem that is told.
impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        Self::new(failure.to_string(), "see the message above")
    }
}
