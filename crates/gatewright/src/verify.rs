//! `gatewright verify`: whether an attested decision allows what is about to be
//! used: this digest, under this policy, for this environment, now.
#![allow(
    clippy::disallowed_methods,
    reason = "the attestation, the key and the policy are files"
)]

use clap::Args;
use gate_policy::Policy;
use gate_runner::flags::Format;
use gate_runner::{Failure, Flags, look};
use gate_verdict::sha256_hex;
use quality_gate::attest::{Asked, Checked, PublicKey, Refused, Thing, check, public_key};
use serde_json::json;
use std::ffi::OsString;
use std::fs::File;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(Args, Debug)]
struct VerifyFlags {
    /// The attestation: decision.intoto.json
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Public key that has to have signed it: a file, or the base64 of its 32 bytes (repeatable)
    #[arg(long, value_name = "PUBKEY", required = true)]
    key: Vec<String>,
    /// The artifact that is about to be used: sha256:HEX
    #[arg(long, value_name = "DIGEST", value_parser = parse_digest, required_unless_present = "commit")]
    digest: Option<String>,
    /// The commit that is about to be used
    #[arg(long, value_name = "SHA", value_parser = parse_commit, conflicts_with = "digest")]
    commit: Option<String>,
    /// The policy that has to be the one it was decided under: its file or folder, or its sha256 in the decision
    #[arg(long, value_name = "PATH|SHA256")]
    policy: Option<String>,
    /// How old the decision may be, e.g. 90m, 12h or 7d
    #[arg(long, value_name = "TIME", value_parser = parse_age)]
    max_age: Option<i64>,
    #[command(flatten)]
    flags: Flags,
}

pub(crate) fn main(arguments: Vec<OsString>) -> ExitCode {
    let about = "Says whether an attested decision allows what is about to be used";
    gate_runner::start::<VerifyFlags>("gatewright-verify", about, arguments, |parsed| {
        look(parsed.flags.clone(), |session| {
            let keys = keys(&parsed.key).map_err(Failure::Flags)?;
            let thing = match (&parsed.digest, &parsed.commit) {
                (Some(digest), _) => Thing::Artifact(digest.clone()),
                (None, Some(commit)) => Thing::Commit(commit.clone()),
                (None, None) => {
                    return Err(Failure::Flags(String::from(
                        "found neither --digest nor --commit, expected what is about to be used",
                    )));
                }
            };
            let policy = match &parsed.policy {
                Some(given) => Some(policy(&session.root, given).map_err(Failure::Flags)?),
                None => None,
            };
            let bytes = bytes(&parsed.file).map_err(Failure::Engine)?;
            let asked = Asked {
                thing,
                environment: session.flags.environment.clone(),
                policy,
                max_age: parsed.max_age,
                as_of: session.as_of,
            };
            let outcome = check(&bytes, &keys, &asked);
            if let Err(Refused::Unusable(what)) = &outcome {
                return Err(Failure::Engine(format!(
                    "{}: {what}",
                    parsed.file.display()
                )));
            }
            say(&shown(&outcome, session.flags.format))?;
            Ok(u8::from(outcome.is_err()))
        })
    })
}

fn shown(outcome: &Result<Checked, Refused>, format: Option<Format>) -> String {
    if format == Some(Format::Json) {
        let value = match outcome {
            Ok(checked) => json!({
                "verified": true, "refused": [], "decision": checked.decision, "environment": checked.environment,
                "decided": checked.decided, "expires": checked.expires, "key": checked.key,
            }),
            Err(refused) => {
                json!({"verified": false, "refused": refused.to_string().lines().collect::<Vec<_>>()})
            }
        };
        return format!("{value:#}\n");
    }
    match outcome {
        Ok(checked) => format!(
            "VERIFIED: {} for {}\ndecided {}, holds until {}, signed by key {}\n",
            gate_render::name(&checked.decision),
            gate_render::name(checked.environment.as_deref().unwrap_or("no environment")),
            gate_render::name(&checked.decided),
            gate_render::name(&checked.expires),
            checked.key
        ),
        Err(refused) => {
            let lines = refused.to_string();
            let lines = lines
                .lines()
                .map(|line| format!("  {}\n", gate_render::name(line)));
            format!("REFUSED\n{}", lines.collect::<String>())
        }
    }
}

/// What cannot be printed is no success.
fn say(text: &str) -> Result<(), Failure> {
    Ok(std::io::stdout().lock().write_all(text.as_bytes())?)
}

/// An attestation, a key or a policy file is small; more is something else.
const MAX_FILE: u64 = 4 * 1024 * 1024;

fn bytes(path: &Path) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(MAX_FILE + 1).read_to_end(&mut bytes))
        .map_err(|error| format!("{}: {error}", path.display()))?;
    if bytes.len() as u64 > MAX_FILE {
        return Err(format!(
            "{}: found more than {MAX_FILE} bytes",
            path.display()
        ));
    }
    Ok(bytes)
}

/// Keys by their files, or as they are.
fn keys(given: &[String]) -> Result<Vec<PublicKey>, String> {
    let key = |given: &String| {
        let text = if Path::new(given).is_file() {
            String::from_utf8(bytes(Path::new(given))?)
                .map_err(|_| format!("{given}: found bytes that are no text"))?
        } else {
            given.clone()
        };
        public_key(&text).map_err(|why| {
            let shown: String = given.chars().take(120).collect();
            format!("--key {shown}: {why}")
        })
    };
    given.iter().map(key).collect()
}

/// The sha256 of a policy as decisions name it: over the paths below the root
/// and the contents of its files.
fn policy(root: &Path, given: &str) -> Result<String, String> {
    if given.len() == 64 && given.bytes().all(|c| c.is_ascii_hexdigit()) {
        return Ok(given.to_ascii_lowercase());
    }
    let below = given.trim_start_matches("./").trim_end_matches('/');
    let mut paths = vec![below.to_owned()];
    let whole = root.join(below);
    if whole.is_dir() {
        let entries =
            std::fs::read_dir(&whole).map_err(|error| format!("--policy {given}: {error}"))?;
        paths = entries
            .flatten()
            .filter_map(|entry| entry.file_name().into_string().ok())
            .filter(|name| {
                let ending = Path::new(name).extension();
                ending.is_some_and(|ending| ending == "yml" || ending == "yaml")
            })
            .map(|name| format!("{below}/{name}"))
            .collect();
        paths.sort();
    }
    let mut policy = Policy::default();
    for path in paths {
        let bytes = bytes(&root.join(&path)).map_err(|why| format!("--policy {why}"))?;
        policy.sources.push((path, sha256_hex(&bytes)));
    }
    policy
        .sha256()
        .ok_or_else(|| format!("--policy {given}: found no .yml or .yaml file in the folder"))
}

fn parse_digest(text: &str) -> Result<String, String> {
    let hex = text.strip_prefix("sha256:").unwrap_or(text);
    if hex.len() == 64 && hex.bytes().all(|c| c.is_ascii_hexdigit()) {
        return Ok(hex.to_ascii_lowercase());
    }
    Err(format!(
        "found `{text}`, expected sha256: and 64 hex digits"
    ))
}

fn parse_commit(text: &str) -> Result<String, String> {
    if gate_github::is_commit(text) {
        return Ok(text.to_ascii_lowercase());
    }
    Err(format!(
        "found `{text}`, expected the 40 hex digits of a commit"
    ))
}

fn parse_age(text: &str) -> Result<i64, String> {
    let wrong = || format!("found `{text}`, expected a time such as 90s, 90m, 12h or 7d");
    let (digits, factor) = match text.char_indices().next_back() {
        Some((at, 's')) => (&text[..at], 1),
        Some((at, 'm')) => (&text[..at], 60),
        Some((at, 'h')) => (&text[..at], 3_600),
        Some((at, 'd')) => (&text[..at], 86_400),
        _ => (text, 1),
    };
    let count: u32 = digits.parse().map_err(|_| wrong())?;
    Ok(i64::from(count) * factor)
}
