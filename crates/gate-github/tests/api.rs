//! The client against a fake GitHub: what succeeds, what each refusal says, how long is waited.
#![allow(clippy::disallowed_methods, reason = "tests read files")]
#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests fail by panicking, as the tests do"
)]

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::{Compression, write::GzEncoder};
use gate_github::Token;
use gate_github::api::{ApiError, ApiErrorKind, Client, MAX_ATTEMPTS, Processing, UploadSarif};
use gate_testkit::fake_github::{FakeGithub, Fault, Route, Setup};
use proptest::prelude::*;
use std::io::Write as _;
use std::sync::{Arc, Mutex};
use std::time::Duration;

const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";

/// A client of `fake` that notes its waits instead of waiting, at second 1,000 since 1970.
struct Probe {
    client: Client,
    waits: Arc<Mutex<Vec<u64>>>,
    secret: String,
}

impl Probe {
    fn new(fake: &FakeGithub) -> Self {
        Self::with_timeout(fake, Duration::from_secs(10))
    }

    fn with_timeout(fake: &FakeGithub, timeout: Duration) -> Self {
        let secret = ["gh", "s_", &"x".repeat(36)].concat();
        let waits = Arc::new(Mutex::new(Vec::new()));
        let noted = Arc::clone(&waits);
        let client = Client::new(&fake.url(), Token::new(&secret), timeout)
            .unwrap()
            .with_sleeper(Box::new(move |wait| {
                noted.lock().unwrap().push(wait.as_secs());
            }))
            .with_clock(|| 1_000);
        Self {
            client,
            waits,
            secret,
        }
    }

    fn waits(&self) -> Vec<u64> {
        self.waits.lock().unwrap().clone()
    }

    /// The refusal of an upload; its words never hold the token.
    fn refused(&self) -> ApiError {
        let error = self
            .client
            .upload_sarif("acme", "api", &upload("{\"runs\":[]}"))
            .unwrap_err();
        let shown = format!("{error} {error:?} {:?}", self.client);
        assert!(!shown.contains(&self.secret), "{shown}");
        error
    }
}

fn upload(sarif: &str) -> UploadSarif {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(sarif.as_bytes()).unwrap();
    UploadSarif {
        commit_sha: COMMIT.to_owned(),
        git_ref: "refs/heads/main".to_owned(),
        sarif_base64: STANDARD.encode(gzip.finish().unwrap()),
        checkout_uri: Some("file:///work".to_owned()),
        started_at: Some("2026-01-02T03:04:05Z".to_owned()),
        tool_name: Some("demo".to_owned()),
    }
}

fn no_violations(fake: &FakeGithub) {
    assert_eq!(fake.violations(), []);
}

#[test]
fn uploads_and_waits_until_processed() {
    let fake = FakeGithub::start().unwrap();
    let probe = Probe::new(&fake);
    let accepted = probe
        .client
        .upload_sarif("acme", "api", &upload("{\"runs\":[]}"))
        .unwrap();
    let state = |id: &str| probe.client.sarif_status("acme", "api", id).unwrap();
    assert_eq!(state(&accepted.id).state, Processing::Pending);
    let done = state(&accepted.id);
    assert_eq!((done.state, done.errors), (Processing::Complete, vec![]));
    assert!(done.analyses_url.unwrap().contains(&accepted.id));
    let [stored] = fake.sarifs().try_into().unwrap();
    assert_eq!(
        (stored.commit_sha.as_str(), stored.git_ref.as_str()),
        (COMMIT, "refs/heads/main")
    );
    assert_eq!(stored.sarif, serde_json::json!({"runs": []}));
    assert_eq!(probe.waits(), Vec::<u64>::new());
    no_violations(&fake);
    let first = &fake.requests()[0];
    assert_eq!(
        (first.method.as_str(), first.path.as_str()),
        ("POST", "/repos/acme/api/code-scanning/sarifs")
    );
    assert_eq!(first.headers["authorization"], "Bearer ***");
    assert_eq!(first.headers["accept"], "application/vnd.github+json");
    assert_eq!(first.headers["x-github-api-version"], "2022-11-28");
    assert!(
        first.headers["user-agent"].starts_with("gatewright/"),
        "{first:?}"
    );
}

#[test]
fn what_github_could_not_process_is_told() {
    let fake = FakeGithub::with(Setup {
        polls: 0,
        ..Setup::default()
    })
    .unwrap();
    let probe = Probe::new(&fake);
    let accepted = probe
        .client
        .upload_sarif("acme", "api", &upload("{}"))
        .unwrap();
    let status = probe
        .client
        .sarif_status("acme", "api", &accepted.id)
        .unwrap();
    assert_eq!(status.state, Processing::Failed);
    assert!(status.errors[0].contains("no runs"));
}

#[test]
fn a_server_of_ones_own_has_its_api_below_a_path() {
    let setup = Setup {
        base_path: "/api/v3".to_owned(),
        polls: 0,
        ..Setup::default()
    };
    let fake = FakeGithub::with(setup).unwrap();
    fake.add_file(COMMIT, "gates.yml", b"version: 1\n");
    let probe = Probe::new(&fake);
    let accepted = probe
        .client
        .upload_sarif("acme", "api", &upload("{\"runs\":[]}"))
        .unwrap();
    assert!(accepted.url.unwrap().contains("/api/v3/repos/acme/api/"));
    assert_eq!(
        probe
            .client
            .sarif_status("acme", "api", &accepted.id)
            .unwrap()
            .state,
        Processing::Complete
    );
    assert!(
        probe
            .client
            .contents_at("acme", "api", "gates.yml", COMMIT)
            .unwrap()
            .is_some()
    );
    let below = fake
        .requests()
        .iter()
        .filter(|request| request.path.starts_with("/api/v3/repos/"))
        .count();
    assert_eq!(below, 3);
    no_violations(&fake);
}

#[test]
fn every_refusal_names_its_reason_and_the_next_step() {
    let says = |status: u16, message: &str| Fault::Answer {
        status,
        message: message.to_owned(),
    };
    let cases = [
        (
            Fault::BadCredentials,
            ApiErrorKind::BadCredentials,
            "renew the secret",
        ),
        (
            Fault::ReadOnlyToken,
            ApiErrorKind::MissingPermission,
            "`security-events: write`",
        ),
        (
            Fault::ReadOnlyToken,
            ApiErrorKind::MissingPermission,
            "forks",
        ),
        (
            Fault::FeatureOff,
            ApiErrorKind::FeatureOff,
            "enable code scanning",
        ),
        (Fault::Archived, ApiErrorKind::Archived, "archived"),
        (
            Fault::NotFound,
            ApiErrorKind::NotFound,
            "`GITHUB_REPOSITORY`",
        ),
        (
            Fault::PayloadTooLarge,
            ApiErrorKind::PayloadTooLarge,
            "10 MB",
        ),
        (
            Fault::ValidationFailed {
                message: "ref is odd".to_owned(),
            },
            ApiErrorKind::ValidationFailed,
            "\"ref is odd\"",
        ),
        (
            says(400, "Invalid SARIF"),
            ApiErrorKind::BadRequest,
            "\"Invalid SARIF\"",
        ),
        (
            says(410, "Gone"),
            ApiErrorKind::Gone,
            "code scanning settings",
        ),
        (says(451, "Blocked"), ApiErrorKind::LegallyBlocked, "legal"),
        (
            says(301, "Moved Permanently"),
            ApiErrorKind::Moved,
            "another name",
        ),
        (
            says(422, "commit not found"),
            ApiErrorKind::RevisionNotFound,
            "merge queue",
        ),
    ];
    for (fault, kind, word) in cases {
        let fake = FakeGithub::start().unwrap();
        fake.fail(Route::UploadSarif, fault.clone());
        let probe = Probe::new(&fake);
        let error = probe.refused();
        assert_eq!((error.kind.clone(), error.attempts), (kind, 1), "{fault:?}");
        let text = error.to_string();
        assert!(
            text.contains(word) && text.contains("next step: "),
            "{fault:?}: {text}"
        );
        assert_eq!(probe.waits(), Vec::<u64>::new(), "never retried: {fault:?}");
        assert_eq!(fake.requests().len(), 1);
    }
}

#[test]
fn waits_as_github_asks_and_then_succeeds() {
    let limited = |status, retry_after, reset_at| Fault::RateLimited {
        status,
        retry_after,
        reset_at,
    };
    let clock = |date: &str, reset_at| Fault::OtherClock {
        date: date.to_owned(),
        reset_at,
    };
    let cases = [
        (vec![limited(429, Some(7), None)], vec![7]),
        (
            vec![limited(403, Some(2), None), limited(429, Some(3), None)],
            vec![2, 3],
        ),
        (vec![limited(429, None, Some(1_090))], vec![90]),
        // GitHub's clock and this machine's are a day apart, either way.
        (
            vec![clock("Fri, 02 Jan 1970 00:00:00 GMT", 86_460)],
            vec![60],
        ),
        (vec![clock("Thu, 01 Jan 1970 00:00:00 GMT", 60)], vec![60]),
        (
            vec![limited(429, None, None), limited(403, None, None)],
            vec![60, 120],
        ),
        (vec![Fault::BadGateway, Fault::BadGateway], vec![1, 2]),
        (vec![Fault::Reset], vec![1]),
        (vec![Fault::TruncatedBody], vec![1]),
        (vec![Fault::HugeError { bytes: 5_000_000 }], vec![1]),
    ];
    for (faults, waits) in cases {
        let fake = FakeGithub::start().unwrap();
        for fault in &faults {
            fake.fail(Route::UploadSarif, fault.clone());
        }
        let probe = Probe::new(&fake);
        let accepted = probe
            .client
            .upload_sarif("acme", "api", &upload("{\"runs\":[]}"));
        assert!(accepted.is_ok(), "{faults:?}: {accepted:?}");
        assert_eq!(probe.waits(), waits, "{faults:?}");
        assert_eq!(fake.requests().len(), faults.len() + 1);
        no_violations(&fake);
    }
}

#[test]
fn gives_up_after_its_attempts_and_says_how_many() {
    let fake = FakeGithub::start().unwrap();
    for _ in 0..20 {
        fake.fail(Route::UploadSarif, Fault::BadGateway);
    }
    let probe = Probe::new(&fake);
    let error = probe.refused();
    assert_eq!((error.status, error.attempts), (Some(502), MAX_ATTEMPTS));
    assert!(error.to_string().contains("after 6 attempts"), "{error}");
    assert_eq!(probe.waits(), [1, 2, 4, 8, 16]);
}

#[test]
fn does_not_begin_a_wait_beyond_the_budget() {
    let fake = FakeGithub::start().unwrap();
    fake.fail(
        Route::UploadSarif,
        Fault::RateLimited {
            status: 429,
            retry_after: Some(200),
            reset_at: None,
        },
    );
    fake.fail(
        Route::UploadSarif,
        Fault::RateLimited {
            status: 429,
            retry_after: Some(200),
            reset_at: None,
        },
    );
    let probe = Probe::new(&fake);
    let error = probe.refused();
    assert_eq!(
        (probe.waits(), error.wait_refused),
        (vec![200], Some((200, 300)))
    );
    assert!(
        error
            .to_string()
            .contains("the next wait of 200 s does not fit the 300 s allowed"),
        "{error}"
    );
}

#[test]
fn a_wait_without_end_is_not_begun() {
    let fake = FakeGithub::start().unwrap();
    let after = |retry_after| Fault::RateLimited {
        status: 429,
        retry_after: Some(retry_after),
        reset_at: None,
    };
    fake.fail(Route::UploadSarif, after(1));
    fake.fail(Route::UploadSarif, after(u64::MAX));
    let probe = Probe::new(&fake);
    let error = probe.refused();
    assert_eq!(
        (probe.waits(), error.wait_refused),
        (vec![1], Some((u64::MAX, 300)))
    );
}

#[test]
fn a_status_may_be_unknown_for_a_moment() {
    let fake = FakeGithub::with(Setup {
        polls: 0,
        ..Setup::default()
    })
    .unwrap();
    let probe = Probe::new(&fake);
    let accepted = probe
        .client
        .upload_sarif("acme", "api", &upload("{\"runs\":[]}"))
        .unwrap();
    fake.fail(Route::SarifStatus, Fault::NotFound);
    fake.fail(Route::SarifStatus, Fault::NotFound);
    assert_eq!(
        probe
            .client
            .sarif_status("acme", "api", &accepted.id)
            .unwrap()
            .state,
        Processing::Complete
    );
    assert_eq!(probe.waits(), [2, 4]);
    let error = probe
        .client
        .sarif_status("acme", "api", "unknown")
        .unwrap_err();
    assert_eq!(
        (error.kind, error.attempts),
        (ApiErrorKind::NotFound, MAX_ATTEMPTS)
    );
}

#[test]
fn slow_and_huge_answers_are_bounded() {
    let fake = FakeGithub::start().unwrap();
    for _ in 0..MAX_ATTEMPTS {
        fake.fail(Route::UploadSarif, Fault::SlowBody { millis: 100 });
    }
    let probe = Probe::with_timeout(&fake, Duration::from_millis(200));
    let error = probe.refused();
    assert_eq!(
        (error.kind, error.attempts),
        (ApiErrorKind::Timeout, MAX_ATTEMPTS)
    );
    fake.fail(Route::UploadSarif, Fault::HugeBody { bytes: 3_000_000 });
    let error = Probe::new(&fake).refused();
    assert!(
        matches!(error.kind, ApiErrorKind::AnswerTooLong { .. }),
        "{error}"
    );
}

#[test]
fn an_answer_that_github_does_not_give_is_no_success() {
    let fake = FakeGithub::start().unwrap();
    fake.fail(
        Route::UploadSarif,
        Fault::Answer {
            status: 200,
            message: "Welcome to the proxy".to_owned(),
        },
    );
    let error = Probe::new(&fake).refused();
    assert!(
        matches!(error.kind, ApiErrorKind::Unexpected { .. }) && error.status == Some(200),
        "{error}"
    );
    assert!(
        error.to_string().contains("\"Welcome to the proxy\""),
        "{error}"
    );
}

#[test]
fn nothing_listens() {
    let fake = FakeGithub::start().unwrap();
    let probe = Probe::new(&fake);
    drop(fake);
    let error = probe.refused();
    assert!(
        matches!(error.kind, ApiErrorKind::Connection { .. }) && error.status.is_none(),
        "{error}"
    );
    assert!(error.to_string().contains("GITHUB_API_URL"), "{error}");
}

#[test]
fn tls_is_spoken_and_what_answers_otherwise_is_refused() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut first = [0_u8; 3];
        std::io::Read::read_exact(&mut stream, &mut first).unwrap();
        stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").unwrap();
        first
    });
    let budget = Duration::ZERO;
    let client = Client::new(&url, Token::new("not-a-real-one"), Duration::from_secs(10)).unwrap();
    let error = client
        .with_budget(budget)
        .sarif_status("acme", "api", "x")
        .unwrap_err();
    assert!(
        matches!(error.kind, ApiErrorKind::Connection { .. }),
        "{error}"
    );
    // A handshake record of TLS 1.x.
    assert_eq!(server.join().unwrap(), [22, 3, 1]);
}

#[test]
fn wrong_values_and_a_missing_token_send_nothing() {
    let fake = FakeGithub::start().unwrap();
    let probe = Probe::new(&fake);
    let good = upload("{\"runs\":[]}");
    for (bad, word) in [
        (
            UploadSarif {
                commit_sha: "HEAD".to_owned(),
                ..good.clone()
            },
            "40 or 64 hex digits",
        ),
        (
            UploadSarif {
                git_ref: "main".to_owned(),
                ..good.clone()
            },
            "`refs/heads/NAME`",
        ),
    ] {
        let error = probe.client.upload_sarif("acme", "api", &bad).unwrap_err();
        assert!(
            matches!(error.kind, ApiErrorKind::Invalid { .. }) && error.to_string().contains(word),
            "{error}"
        );
    }
    assert!(probe.client.upload_sarif("acme/x", "api", &good).is_err());
    assert!(probe.client.sarif_status("acme", "api", "../x").is_err());
    assert!(
        probe
            .client
            .contents_at("acme", "api", "../x", COMMIT)
            .is_err()
    );
    let without = Client::new(&fake.url(), None, Duration::from_secs(1)).unwrap();
    let error = without.upload_sarif("acme", "api", &good).unwrap_err();
    assert!(
        error.is_refusal() && error.to_string().contains("security-events: write"),
        "{error}"
    );
    assert_eq!(fake.requests(), []);
    let plain = Client::new("http://ghe.example", None, Duration::from_secs(1)).unwrap_err();
    assert!(plain.to_string().contains("in the open"), "{plain}");
}

#[test]
fn contents_at_a_revision() {
    let fake = FakeGithub::start().unwrap();
    let text = "version: 1 # é\n".repeat(50);
    fake.add_file(COMMIT, ".github/gates ü.yml", text.as_bytes());
    fake.add_file(COMMIT, "big", &vec![b'x'; 1_100_000]);
    fake.add_file(COMMIT, "folder/file", b"");
    let probe = Probe::new(&fake);
    let at = |path: &str, revision: &str| probe.client.contents_at("acme", "api", path, revision);
    assert_eq!(
        at(".github/gates ü.yml", COMMIT).unwrap().unwrap(),
        text.as_bytes()
    );
    assert_eq!(at("folder/file", COMMIT).unwrap().unwrap(), b"");
    assert_eq!(at("absent.yml", COMMIT).unwrap(), None);
    no_violations(&fake);
    let error = at("big", COMMIT).unwrap_err();
    assert!(error.to_string().contains("larger than"), "{error}");
    let error = at("folder", COMMIT).unwrap_err();
    assert!(
        error.to_string().contains("`folder` is not a file"),
        "{error}"
    );
}

#[test]
fn what_cannot_be_seen_is_never_taken_as_absent() {
    let fake = FakeGithub::start().unwrap();
    let probe = Probe::new(&fake);
    // An unknown revision, and a hidden repository, which GitHub answers with a plain 404 throughout.
    let error = probe
        .client
        .contents_at("acme", "api", "gates.yml", COMMIT)
        .unwrap_err();
    assert_eq!(error.kind, ApiErrorKind::RevisionNotFound);
    fake.add_commit(COMMIT);
    fake.fail(Route::Other, Fault::NotFound);
    let error = probe
        .client
        .contents_at("acme", "api", "gates.yml", COMMIT)
        .unwrap_err();
    assert_eq!(error.kind, ApiErrorKind::NotFound);
    assert!(error.to_string().contains("`contents: read`"), "{error}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn a_server_that_echoes_the_token_does_not_make_it_seen(raw in "[!-~]{12,60}", status in prop_oneof![Just(401_u16), Just(403), Just(422), Just(499)]) {
        let fake = FakeGithub::start().unwrap();
        let message = format!("Bearer {raw} is not welcome, {raw}{raw}");
        fake.fail(Route::UploadSarif, Fault::Answer { status, message });
        let client = Client::new(&fake.url(), Token::new(&raw), Duration::from_secs(10)).unwrap();
        let error = client.upload_sarif("acme", "api", &upload("{\"runs\":[]}")).unwrap_err();
        let shown = format!("{error} {error:?} {error:#?} {client:?} {}", error.message.as_deref().unwrap_or_default());
        prop_assert!(!shown.contains(&raw), "{}", shown);
        let recorded = serde_json::to_string(&fake.requests()).unwrap();
        prop_assert!(!recorded.contains(&raw));
    }
}
