//! Uploads against a fake GitHub: what is sent, what each answer comes to, what the receipt says.
#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests fail by panicking, as the tests do"
)]
#![allow(
    clippy::disallowed_methods,
    reason = "tests lay out files and start what they test"
)]

mod common;

use common::COMMIT;
use flate2::{Compression, write::GzEncoder};
use gate_github::Token;
use gate_runner::Session;
use gate_testkit::fake_github::{FakeGithub, Fault, Route, Setup};
use sarif_upload::{RECEIPT_FILE, Receipt, State, Suppressed, Surroundings, UploadFlags, upload};
use serde_json::{Value, json};
use std::fs;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

/// A folder with SARIF files, a fake GitHub, and what the environment says.
struct Case {
    folder: tempfile::TempDir,
    fake: FakeGithub,
    flags: UploadFlags,
    surroundings: Surroundings,
    waits: Arc<Mutex<Vec<u64>>>,
    secret: String,
}

impl Case {
    fn new() -> Self {
        Self::with(Setup::default())
    }

    fn with(setup: Setup) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let fake = FakeGithub::with(setup).unwrap();
        let secret = ["gh", "s_", &"x".repeat(36)].concat();
        let flags = UploadFlags {
            wait: 120,
            ..common::flags(folder.path())
        };
        let surroundings = Surroundings {
            token: Token::new(&secret),
            api_url: fake.url(),
            repository: Some(String::from("octo/gate")),
            sha: Some(COMMIT.to_owned()),
            git_ref: Some(String::from("refs/heads/main")),
            ..Surroundings::default()
        };
        Self {
            folder,
            fake,
            flags,
            surroundings,
            waits: Arc::default(),
            secret,
        }
    }

    fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        path
    }

    fn log(&self, name: &str, log: &Value) {
        self.file(name, log.to_string().as_bytes());
    }

    fn run(&self) -> Receipt {
        let session = Session::open(self.flags.common()).unwrap();
        let waits = Arc::clone(&self.waits);
        let sleeper =
            Box::new(move |time: std::time::Duration| waits.lock().unwrap().push(time.as_secs()));
        let receipt = upload(&session, &self.flags, &self.surroundings, sleeper).unwrap();
        let written = fs::read_to_string(session.out.join(RECEIPT_FILE)).unwrap();
        assert!(!written.contains(&self.secret), "{written}");
        assert_eq!(
            serde_json::from_str::<Value>(&written).unwrap(),
            serde_json::to_value(&receipt).unwrap()
        );
        receipt
    }

    fn waits(&self) -> Vec<u64> {
        self.waits.lock().unwrap().clone()
    }

    /// The exit code without and with `--require-upload`, and the state of the first file. The fault waits twice.
    fn faulted(faults: &[Fault]) -> (Receipt, u8) {
        let mut outcomes = [false, true].map(|require_upload| {
            let mut case = Self::with(Setup {
                polls: 0,
                ..Setup::default()
            });
            case.log("out/a.sarif", &log("demo", 1));
            for fault in faults {
                case.fake.fail(Route::UploadSarif, fault.clone());
            }
            case.flags.require_upload = require_upload;
            case.run()
        });
        let required = outcomes[1].exit_code;
        let [first, _] = &mut outcomes;
        (first.clone(), required)
    }
}

fn log(tool: &str, results: usize) -> Value {
    let result = json!({
        "ruleId": "r",
        "message": {"text": "m"},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": "src/a.rs"}, "region": {"startLine": 1}}}],
    });
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": {"name": tool, "rules": []}}, "results": vec![result; results]}],
    })
}

fn with_id(mut log: Value, category: &str) -> Value {
    log["runs"][0]["automationDetails"] = json!({"id": category});
    log
}

#[test]
fn what_the_gates_wrote_is_uploaded_and_waited_for() {
    let case = Case::with(Setup {
        polls: 2,
        ..Setup::default()
    });
    case.log("out/security.sarif", &log("gatewright", 3));
    case.log("out/integrity.sarif", &log("gatewright", 0));
    case.file("out/security.verdict.json", b"{}");
    let receipt = case.run();
    assert_eq!(
        (receipt.status, receipt.exit_code),
        (State::Processed, 0),
        "{receipt:?}"
    );
    let [integrity, security] = case.fake.sarifs().try_into().unwrap();
    for (stored, name, results) in [(integrity, "integrity", 0), (security, "security", 3)] {
        assert_eq!(
            stored.sarif,
            with_id(log("gatewright", results), &format!("{name}/"))
        );
        assert_eq!(
            (stored.commit_sha.as_str(), stored.git_ref.as_str()),
            (COMMIT, "refs/heads/main")
        );
        assert_eq!(stored.repository, "octo/gate");
    }
    assert_eq!(case.waits(), [5, 10, 20]);
    assert_eq!(case.fake.violations(), []);
    let body = &case.fake.requests()[0].body;
    assert_eq!(
        (&body["tool_name"], &body["started_at"]),
        (&json!("gatewright"), &json!("2026-01-02T03:04:05Z"))
    );
    assert!(
        body["checkout_uri"]
            .as_str()
            .unwrap()
            .starts_with("file:///"),
        "{body}"
    );
}

#[test]
fn the_receipt_says_where_what_went() {
    let case = Case::with(Setup {
        polls: 0,
        ..Setup::default()
    });
    let path = case.file("out/scan.sarif", log("demo", 2).to_string().as_bytes());
    let receipt = serde_json::to_value(case.run()).unwrap();
    let sha256 = gate_verdict::sha256_hex(&fs::read(path).unwrap());
    let id = &case.fake.sarifs()[0].id;
    let base = case.fake.url();
    assert_eq!(
        receipt,
        json!({
            "schema_version": 1, "kind": "receipt", "status": "processed", "exit_code": 0,
            "repository": "octo/gate", "commit": COMMIT, "ref": "refs/heads/main",
            "api_url": base, "as_of": "2026-01-02T03:04:05Z", "orphans": null,
            "notices": ["found 2 results that get no `primaryLocationLineHash` (2 with a file that cannot be read), expected a line of a file below the root"],
            "tool": {"name": "gatewright", "version": env!("CARGO_PKG_VERSION")},
            "files": [{
                "path": "out/scan.sarif", "sha256": sha256, "category": "scan", "results": 2, "state": "processed",
                "id": id, "url": format!("{base}/repos/octo/gate/code-scanning/sarifs/{id}"),
                "analyses_url": format!("{base}/repos/octo/gate/code-scanning/analyses?sarif_id={id}"),
                "reason": null, "next_step": null, "errors": [], "reached": "code_scanning", "missed": [],
                "check_url": null, "annotations": null,
                "runs": [{"tool": "demo", "category": "scan", "results": 2}],
                "prepared": case.folder.path().join("out/sarif-upload.prepared/scan.sarif.gz"), "checks": [],
            }],
        })
    );
}

#[test]
fn files_are_found_by_name_folder_and_glob_and_in_every_wrapping() {
    let mut case = Case::with(Setup {
        polls: 0,
        ..Setup::default()
    });
    case.log("scans/one.sarif", &log("one", 1));
    case.log("scans/deep/two.sarif.json", &log("two", 1));
    case.log("scans/notes.json", &json!({}));
    case.log("trivy-3.json", &log("three", 1));
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(log("four", 1).to_string().as_bytes())
        .unwrap();
    case.file("four.sarif.gz", &gzip.finish().unwrap());
    let wide = format!("\u{feff}{}", log("five", 1))
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect::<Vec<_>>();
    let five = case.file("five.sarif", &wide);
    case.flags.files = vec![
        String::from("scans\nfour.sarif.gz"),
        five.display().to_string(),
    ];
    case.flags.sarif = vec![String::from("./trivy-*.json"), String::from("scans/**")];
    let receipt = case.run();
    assert_eq!(receipt.status, State::Processed, "{receipt:?}");
    let paths: Vec<_> = receipt
        .files
        .iter()
        .map(|file| file.path.as_str())
        .collect();
    assert_eq!(
        paths,
        [
            "five.sarif",
            "four.sarif.gz",
            "scans/deep/two.sarif.json",
            "scans/one.sarif",
            "trivy-3.json"
        ]
    );
    let categories: Vec<_> = receipt
        .files
        .iter()
        .filter_map(|file| file.category.as_deref())
        .collect();
    assert_eq!(categories, ["five", "four", "two", "one", "trivy-3"]);
    assert_eq!(
        case.fake.sarifs()[0].sarif,
        with_id(log("five", 1), "five/")
    );
}

#[test]
fn a_category_is_set_where_none_is_given() {
    let mut case = Case::with(Setup {
        polls: 0,
        ..Setup::default()
    });
    case.log("out/a.sarif", &log("one", 1));
    case.log("out/b.sarif", &with_id(log("two", 1), "own/2026"));
    case.flags.category = Some(String::from("nightly"));
    let receipt = case.run();
    let categories: Vec<_> = receipt
        .files
        .iter()
        .filter_map(|file| file.category.as_deref())
        .collect();
    assert_eq!(categories, ["nightly", "own"]);
    assert!(
        receipt.notices[0].starts_with("out/b.sarif: ")
            && receipt.notices[0].contains("--category"),
        "{receipt:?}"
    );
    assert_eq!(
        case.fake.sarifs()[1].sarif,
        with_id(log("two", 1), "own/2026")
    );
}

#[test]
fn what_cannot_be_read_is_named_and_nothing_is_sent() {
    for (bytes, expected) in [
        (&b""[..], "nothing"),
        (b"{\"version\": \"2.1.0\", \"runs\": [", "line 1"),
        (b"{\"Results\": [], \"SchemaVersion\": 2}", "Trivy"),
        (b"{\"version\": \"1.0.0\", \"runs\": []}", "SARIF 1.0.0"),
        (b"{\"version\": \"2.1.0\", \"runs\": []}", "no run"),
        (b"\xff\x00", "0xff"),
        (b"\x1f\x8b\x08\x00", "cannot be read"),
    ] {
        let case = Case::new();
        case.log("out/good.sarif", &log("demo", 1));
        case.file("out/bad.sarif", bytes);
        let receipt = case.run();
        assert_eq!((receipt.status, receipt.exit_code), (State::Refused, 2));
        let bad = &receipt.files[0];
        assert!(
            bad.path == "out/bad.sarif" && bad.reason.as_deref().unwrap().contains(expected),
            "{expected}: {bad:?}"
        );
        assert!(bad.next_step.is_some());
        assert_eq!(case.fake.requests(), []);
    }
}

#[test]
fn no_file_at_all_is_no_success() {
    for patterns in [&[][..], &["absent.sarif"], &["absent/*.sarif"], &["out"]] {
        let mut case = Case::new();
        case.file("out/other.txt", b"");
        case.flags.files = patterns.iter().map(|&pattern| pattern.to_owned()).collect();
        let receipt = case.run();
        assert_eq!(
            (receipt.status, receipt.exit_code),
            (State::Refused, 2),
            "{patterns:?}"
        );
        let reason = receipt.files[0].reason.as_deref().unwrap();
        assert!(
            reason.contains(patterns.first().unwrap_or(&"no SARIF file")),
            "{reason}"
        );
        assert!(!receipt.files[0].path.is_empty());
    }
}

#[test]
fn a_result_without_a_place_is_refused_before_anything_is_sent() {
    let case = Case::new();
    let mut bare = log("demo", 2);
    bare["runs"][0]["results"][1]["locations"] = json!([]);
    case.log("out/a.sarif", &bare);
    let receipt = case.run();
    assert_eq!((receipt.status, receipt.exit_code), (State::Refused, 2));
    assert!(
        receipt.files[0]
            .reason
            .as_deref()
            .unwrap()
            .starts_with("/runs/0/results/1")
    );
    assert_eq!(case.fake.requests(), []);
}

#[test]
fn what_says_nothing_about_the_file_degrades() {
    for (fault, expected) in [
        (Fault::ReadOnlyToken, "security-events: write"),
        (Fault::BadCredentials, "does not know this token"),
        (Fault::FeatureOff, "code scanning is not enabled"),
        (Fault::Archived, "archived"),
        (Fault::NotFound, "no such repository"),
        (
            Fault::Answer {
                status: 404,
                message: String::from("ref 'refs/heads/gone' not found"),
            },
            "does not have this commit or reference",
        ),
        (
            Fault::Answer {
                status: 410,
                message: String::from("Gone"),
            },
            "no longer offered",
        ),
        (
            Fault::Answer {
                status: 451,
                message: String::from("DMCA"),
            },
            "legal",
        ),
        (
            Fault::RateLimited {
                status: 429,
                retry_after: Some(4_000),
                reset_at: None,
            },
            "4000 s",
        ),
    ] {
        let (receipt, required) = Case::faulted(std::slice::from_ref(&fault));
        assert_eq!(
            (receipt.status, receipt.exit_code, required),
            (State::Degraded, 0, 2),
            "{fault:?}"
        );
        let reason = receipt.files[0].reason.as_deref().unwrap();
        assert!(
            reason.contains(expected) && receipt.files[0].next_step.is_some(),
            "{fault:?}: {reason}"
        );
    }
    let (receipt, required) = Case::faulted(&vec![Fault::BadGateway; 12]);
    assert_eq!(
        (receipt.status, receipt.exit_code, required),
        (State::Degraded, 0, 2)
    );
    assert!(
        receipt.files[0].reason.as_deref().unwrap().contains("502"),
        "{receipt:?}"
    );
}

#[test]
fn what_github_minds_in_the_file_is_refused() {
    for (fault, expected) in [
        (
            Fault::Answer {
                status: 400,
                message: String::from("Invalid SARIF"),
            },
            "cannot read the uploaded SARIF",
        ),
        (Fault::PayloadTooLarge, "10 MB"),
        (
            Fault::ValidationFailed {
                message: String::from("no good"),
            },
            "no good",
        ),
    ] {
        let (receipt, required) = Case::faulted(std::slice::from_ref(&fault));
        assert_eq!(
            (receipt.status, receipt.exit_code, required),
            (State::Refused, 2, 2),
            "{fault:?}"
        );
        assert!(
            receipt.files[0]
                .reason
                .as_deref()
                .unwrap()
                .contains(expected),
            "{receipt:?}"
        );
    }
}

#[test]
fn what_passes_is_tried_again() {
    for (faults, waits) in [
        (
            vec![Fault::RateLimited {
                status: 429,
                retry_after: Some(7),
                reset_at: None,
            }],
            vec![7, 5],
        ),
        (
            vec![Fault::RateLimited {
                status: 403,
                retry_after: Some(3),
                reset_at: None,
            }],
            vec![3, 5],
        ),
        (vec![Fault::BadGateway, Fault::Reset], vec![1, 2, 5]),
    ] {
        let case = Case::with(Setup {
            polls: 0,
            ..Setup::default()
        });
        case.log("out/a.sarif", &log("demo", 1));
        for fault in &faults {
            case.fake.fail(Route::UploadSarif, fault.clone());
        }
        let receipt = case.run();
        assert_eq!(
            (receipt.status, receipt.exit_code),
            (State::Processed, 0),
            "{faults:?}"
        );
        assert_eq!((case.waits(), case.fake.sarifs().len()), (waits, 1));
    }
}

#[test]
fn one_refusal_of_the_token_is_enough() {
    let mut case = Case::new();
    case.log("out/a.sarif", &log("demo", 1));
    case.log("out/b.sarif", &log("demo", 1));
    case.fake.fail(Route::UploadSarif, Fault::ReadOnlyToken);
    case.surroundings.fork = true;
    let receipt = case.run();
    assert_eq!(
        (receipt.status, case.fake.requests().len()),
        (State::Degraded, 1)
    );
    assert!(
        receipt
            .files
            .iter()
            .all(|file| file.reason.as_deref().unwrap().contains("fork")),
        "{receipt:?}"
    );
}

#[test]
fn a_file_that_github_minds_does_not_keep_the_next_one_back() {
    let case = Case::with(Setup {
        polls: 0,
        ..Setup::default()
    });
    case.log("out/a.sarif", &log("demo", 1));
    case.log("out/b.sarif", &log("demo", 1));
    case.fake.fail(Route::UploadSarif, Fault::PayloadTooLarge);
    let receipt = case.run();
    let states: Vec<_> = receipt.files.iter().map(|file| file.state).collect();
    assert_eq!(
        (states, receipt.exit_code),
        (vec![State::Refused, State::Processed], 2)
    );
}

#[test]
fn failed_processing_is_explained_and_red() {
    let mut case = Case::new();
    case.log("out/a.sarif", &log("demo", 1));
    // Words of the server's that show the token and would command the runner.
    let said = format!(
        "locationFromSarifResult: expected artifact location\n::error::{}",
        case.secret
    );
    case.surroundings.api_url = says_failed(&said);
    let receipt = case.run();
    assert_eq!(
        (receipt.status, receipt.exit_code),
        (State::Failed, 2),
        "{receipt:?}"
    );
    let file = &receipt.files[0];
    assert!(
        file.errors[0].starts_with("locationFromSarifResult") && !file.errors[0].contains('\n'),
        "{file:?}"
    );
    assert!(
        file.reason
            .as_deref()
            .unwrap()
            .contains("expected artifact location"),
        "{file:?}"
    );
    assert!(
        file.next_step
            .as_deref()
            .unwrap()
            .contains("artifactLocation"),
        "{file:?}"
    );
    assert_eq!(file.id.as_deref(), Some("x-1"));
}

/// The address of a server that takes one upload and then says that it could not be processed, for the reason given:
/// the fake finds nothing wrong with a file that passed the checks.
fn says_failed(reason: &str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let failed = json!({"processing_status": "failed", "analyses_url": null, "errors": [reason]})
        .to_string();
    std::thread::spawn(move || {
        for (status, body) in [
            ("202 Accepted", String::from(r#"{"id": "x-1"}"#)),
            ("200 OK", failed),
        ] {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = BufReader::new(stream.try_clone().unwrap());
            let (mut line, mut length) = (String::new(), 0);
            while request.read_line(&mut line).unwrap() > 2 {
                if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                    length = value.trim().parse().unwrap();
                }
                line.clear();
            }
            io::copy(&mut request.take(length), &mut io::sink()).unwrap();
            let head = format!(
                "HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
                body.len()
            );
            stream
                .write_all(format!("{head}{body}").as_bytes())
                .unwrap();
        }
    });
    address
}

#[test]
fn a_wait_that_ends_or_breaks_leaves_an_upload() {
    let mut case = Case::with(Setup {
        polls: 100,
        ..Setup::default()
    });
    case.log("out/a.sarif", &log("demo", 1));
    let receipt = case.run();
    assert_eq!((receipt.status, receipt.exit_code), (State::Uploaded, 0));
    assert!(
        receipt.files[0]
            .reason
            .as_deref()
            .unwrap()
            .contains("still not processed after 120 s")
    );
    assert_eq!(case.waits(), [5, 10, 20, 40, 45]);

    case.flags.wait = 0;
    case.flags.require_upload = true;
    let receipt = case.run();
    assert_eq!(
        (receipt.status, receipt.exit_code, case.waits().len()),
        (State::Uploaded, 0, 5)
    );

    case.flags.wait = 60;
    case.fake.fail(Route::SarifStatus, Fault::ReadOnlyToken);
    let receipt = case.run();
    assert_eq!((receipt.status, receipt.exit_code), (State::Uploaded, 0));
    assert!(
        receipt.files[0]
            .reason
            .as_deref()
            .unwrap()
            .contains("security-events: read"),
        "{receipt:?}"
    );
}

#[test]
fn without_network_or_token_the_files_are_still_checked() {
    for (offline, require_upload, code) in [
        (true, false, 0),
        (true, true, 2),
        (false, false, 0),
        (false, true, 2),
    ] {
        let mut case = Case::new();
        case.log("out/a.sarif", &log("demo", 1));
        case.flags.offline = offline;
        case.flags.require_upload = require_upload;
        if !offline {
            case.surroundings.token = None;
        }
        let receipt = case.run();
        assert_eq!((receipt.status, receipt.exit_code), (State::Degraded, code));
        let expected = if offline { "--offline" } else { "no token" };
        assert!(
            receipt.files[0]
                .reason
                .as_deref()
                .unwrap()
                .contains(expected),
            "{receipt:?}"
        );
        case.file("out/b.sarif", b"{");
        assert_eq!(case.run().exit_code, 2);
        assert_eq!(case.fake.requests(), []);
    }
}

#[test]
fn a_pull_request_head_is_uploaded_for_the_head() {
    let mut case = Case::with(Setup {
        polls: 0,
        ..Setup::default()
    });
    case.log("out/a.sarif", &log("demo", 1));
    case.surroundings.git_ref = Some(String::from("refs/pull/7/merge"));
    case.run();
    case.flags.commit = Some("f".repeat(40));
    case.run();
    case.flags.git_ref = Some(String::from("refs/heads/x"));
    case.run();
    let sent: Vec<_> = case
        .fake
        .sarifs()
        .into_iter()
        .map(|stored| (stored.commit_sha, stored.git_ref))
        .collect();
    assert_eq!(
        sent,
        [
            (COMMIT, "refs/pull/7/merge"),
            (&*"f".repeat(40), "refs/pull/7/head"),
            (&*"f".repeat(40), "refs/heads/x")
        ]
        .map(|(commit, git_ref)| (commit.to_owned(), git_ref.to_owned()))
    );
    assert_eq!(case.fake.violations(), []);
}

#[test]
fn an_address_that_cannot_be_used_is_refused_without_showing_its_password() {
    let mut case = Case::new();
    case.log("out/a.sarif", &log("demo", 1));
    let password = ["s3", "cr3t"].concat();
    case.surroundings.api_url = format!("https://me:{password}@ghe.example/api/v3");
    let receipt = case.run();
    assert_eq!((receipt.status, receipt.exit_code), (State::Refused, 2));
    let shown = serde_json::to_string(&receipt).unwrap();
    assert!(
        !shown.contains(&password) && shown.contains("GITHUB_API_URL"),
        "{shown}"
    );
}

#[test]
fn an_old_receipt_does_not_outlive_its_run() {
    let mut case = Case::new();
    case.log("out/a.sarif", &log("demo", 1));
    case.flags.offline = true;
    case.file("out/sarif-upload.receipt.json", b"old");
    case.run();
    assert_ne!(
        fs::read(case.folder.path().join("out").join(RECEIPT_FILE)).unwrap(),
        b"old"
    );
}

#[test]
fn real_files_go_as_they_are_but_for_their_category() {
    let Some(corpus) = std::env::var_os("GATEWRIGHT_CORPUS") else {
        eprintln!("SKIPPED: GATEWRIGHT_CORPUS names no folder with real SARIF files");
        return;
    };
    let mut case = Case::with(Setup {
        polls: 0,
        ..Setup::default()
    });
    case.flags.suppressed = Suppressed::Keep;
    let mut sent = 0;
    for folder in ["tools", "codeql-action", "ingestion-rules"] {
        for entry in fs::read_dir(PathBuf::from(&corpus).join("sarif").join(folder)).unwrap() {
            let bytes = fs::read(entry.unwrap().path()).unwrap();
            case.file("out/a.sarif", &bytes);
            let receipt = case.run();
            if receipt.status != State::Processed {
                assert_eq!(
                    (receipt.status, receipt.exit_code),
                    (State::Refused, 2),
                    "{receipt:?}"
                );
                continue;
            }
            let text = String::from_utf8(bytes).unwrap();
            let mut expected: Value =
                serde_json::from_str(text.trim_start_matches('\u{feff}')).unwrap();
            for run in expected["runs"].as_array_mut().unwrap() {
                if run["automationDetails"].is_null() {
                    run["automationDetails"] = json!({});
                }
                let id = &mut run["automationDetails"]["id"];
                if id.as_str().is_none_or(str::is_empty) {
                    *id = json!("a/");
                }
            }
            sent += 1;
            let stored = case.fake.sarifs().pop().unwrap().sarif;
            assert!(stored == expected, "{receipt:?}");
        }
    }
    assert!(sent > 20, "{sent} real files were sent");
}
