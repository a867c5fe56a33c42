//! A fake GitHub for runs outside of Rust's tests, such as workflows under act.
//!
//! `fake-github [--setup SETUP.json] [--log LOG.json] [--minutes N]` prints its URL as its only line and serves until
//! `N` minutes (10 unless given, 120 at most) or the setup's `max_requests` are over. SETUP.json is a
//! `gate_testkit::fake_github::Setup`; LOG.json is rewritten after each request: `requests`, `violations`,
//! `sarifs`, `checks`, `alerts`, `comments`, `validated`.
#![allow(
    clippy::disallowed_methods,
    reason = "a tool for tests: it listens and writes its address"
)]

use gate_testkit::fake_github::{FakeGithub, Setup};
use serde_json::json;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

fn main() -> ExitCode {
    match arguments(std::env::args().skip(1)).and_then(|arguments| serve(&arguments)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(what) => {
            let _ = writeln!(io::stderr(), "fake-github: {what}");
            ExitCode::from(2)
        }
    }
}

struct Arguments {
    setup: Setup,
    log: Option<PathBuf>,
    minutes: u64,
}

fn arguments(mut given: impl Iterator<Item = String>) -> Result<Arguments, String> {
    let mut arguments = Arguments {
        setup: Setup::default(),
        log: None,
        minutes: 10,
    };
    while let Some(flag) = given.next() {
        let value = given
            .next()
            .ok_or_else(|| format!("`{flag}` needs a value"))?;
        match flag.as_str() {
            "--setup" => {
                let text = std::fs::read(&value).map_err(|error| format!("{value}: {error}"))?;
                arguments.setup =
                    serde_json::from_slice(&text).map_err(|error| format!("{value}: {error}"))?;
            }
            "--log" => arguments.log = Some(value.into()),
            "--minutes" => {
                let minutes = value
                    .parse::<u64>()
                    .ok()
                    .filter(|minutes| (1..=120).contains(minutes));
                arguments.minutes =
                    minutes.ok_or_else(|| format!("`--minutes {value}`: expected 1 to 120"))?;
            }
            _ => {
                return Err(format!(
                    "`{flag}` is not known; known are --setup, --log, --minutes"
                ));
            }
        }
    }
    Ok(arguments)
}

fn serve(arguments: &Arguments) -> Result<(), String> {
    let fake = FakeGithub::with(arguments.setup.clone()).map_err(|error| error.to_string())?;
    let ends = Instant::now() + Duration::from_secs(arguments.minutes * 60);
    let log = |fake: &FakeGithub| {
        arguments
            .log
            .as_deref()
            .map_or(Ok(()), |path| write_log(path, fake))
    };
    log(&fake)?;
    writeln!(io::stdout(), "{}", fake.url()).map_err(|error| error.to_string())?;
    let mut logged = 0;
    while fake.is_serving() && Instant::now() < ends {
        std::thread::sleep(Duration::from_millis(20));
        let requests = fake.requests().len();
        if requests != logged {
            log(&fake)?;
            logged = requests;
        }
    }
    log(&fake)
}

/// Written beside and renamed, so that a reader never sees half of it.
fn write_log(path: &Path, fake: &FakeGithub) -> Result<(), String> {
    let text = json!({
        "url": fake.url(),
        "validated": fake.validates(),
        "requests": fake.requests(),
        "violations": fake.violations(),
        "sarifs": fake.sarifs(),
        "checks": fake.checks(),
        "alerts": fake.alerts(),
        "comments": fake.comments(),
    });
    let beside = path.with_extension("partial");
    let written = std::fs::write(&beside, format!("{text:#}\n"))
        .and_then(|()| std::fs::rename(&beside, path));
    written.map_err(|error| format!("{}: {error}", path.display()))
}
