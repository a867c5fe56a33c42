//! Links to a server on this machine: what each answer makes of them, and what the server sees of it.
#![allow(
    clippy::disallowed_methods,
    reason = "the server of the tests listens, and tests write files and measure time"
)]
#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests fail by panicking, as the tests do"
)]

mod common;

use common::{Reply, Server, status, to};
use gate_net::{Checked, Outcome, Settings, check};
use std::time::{Duration, Instant};

const NOW: i64 = 1_790_000_000;

/// Quick, and allowed to contact this machine.
fn settings() -> Settings {
    Settings {
        pause: Duration::ZERO,
        backoff: Duration::from_millis(10),
        timeout: Duration::from_secs(5),
        deadline: Duration::from_secs(30),
        private_hosts: vec!["127.0.0.1".to_owned()],
        ..Settings::new(NOW)
    }
}

fn all(urls: &[String], settings: &Settings) -> Checked {
    let checked = check(urls, settings).unwrap();
    for url in urls {
        assert!(checked.outcomes.contains_key(url), "no outcome for {url}");
    }
    checked
}

fn one(url: &str, settings: &Settings) -> Outcome {
    all(&[url.to_owned()], settings).outcomes[url].clone()
}

fn alive(redirected_to: Option<String>) -> Outcome {
    Outcome::Alive {
        status: 200,
        redirected_to,
    }
}

fn dead(status: u16, reason: &str) -> Outcome {
    Outcome::Dead {
        status: Some(status),
        reason: reason.to_owned(),
    }
}

fn unknown(status: Option<u16>, reason: &str) -> Outcome {
    Outcome::Unknown {
        status,
        reason: reason.to_owned(),
    }
}

fn silent(reason: &str) -> Outcome {
    Outcome::Silent {
        reason: reason.to_owned(),
    }
}

#[test]
fn a_page_that_is_there_costs_one_head() {
    let server = Server::start(&[]);
    assert_eq!(one(&server.url("/a?b=c"), &settings()), alive(None));
    let seen = server.seen();
    assert_eq!(server.asked(), ["HEAD /a?b=c"]);
    assert!(seen[0].head.contains("user-agent: gatewright/"), "{seen:?}");
    for header in ["cookie", "authorization", "referer", "accept-encoding"] {
        assert!(!seen[0].head.contains(header), "{header}: {seen:?}");
    }
}

#[test]
fn a_refused_head_is_followed_by_a_get_whose_body_is_not_read() {
    let server = Server::start(&[
        ("HEAD /405", &[status(405)]),
        ("HEAD /403", &[status(403)]),
        ("HEAD /501", &[status(501)]),
        ("HEAD /404", &[status(404)]),
        ("HEAD /drop", &[Reply::Raw(Vec::new())]),
    ]);
    for path in ["/405", "/403", "/501", "/404", "/drop"] {
        assert_eq!(one(&server.url(path), &settings()), alive(None), "{path}");
    }
    assert_eq!(server.asked().len(), 10);
    assert!(!server.body_read());
}

#[test]
fn what_is_gone_is_dead_and_what_is_closed_is_unknown() {
    let server = Server::start(&[
        ("/404", &[status(404)]),
        ("/410", &[status(410)]),
        ("/400", &[status(400)]),
        ("/401", &[status(401)]),
        ("/403", &[status(403)]),
        ("/451", &[status(451)]),
        ("/999", &[status(999)]),
    ]);
    let of = |path: &str| one(&server.url(path), &settings());
    assert_eq!(of("/404"), dead(404, "answered 404 (not found)"));
    assert_eq!(of("/410"), dead(410, "answered 410 (gone)"));
    assert_eq!(of("/400"), dead(400, "answered 400"));
    for closed in [401, 403, 451, 999] {
        let outcome = of(&format!("/{closed}"));
        assert!(
            matches!(&outcome, Outcome::Unknown { status: Some(status), reason }
                if *status == closed && reason.contains("refuses automated checks")),
            "{outcome:?}"
        );
    }
}

#[test]
fn permanent_redirects_say_where_a_link_belongs() {
    let server = Server::start(&[
        ("/old", &[to(301, "/newer")]),
        ("/newer", &[to(308, "/newest")]),
        ("/other", &[to(302, "/newest")]),
        ("/gone", &[to(301, "/404")]),
        ("/404", &[status(404)]),
    ]);
    let urls = ["/old", "/old#part", "/other#part", "/gone"].map(|path| server.url(path));
    let found = all(&urls, &settings()).outcomes;
    assert_eq!(found[&urls[0]], alive(Some(server.url("/newest"))));
    assert_eq!(found[&urls[1]], alive(Some(server.url("/newest#part"))));
    assert_eq!(found[&urls[2]], alive(None));
    assert_eq!(
        found[&urls[3]],
        dead(
            404,
            "after a redirect to `127.0.0.1`: answered 404 (not found)"
        )
    );
    let old = server
        .asked()
        .iter()
        .filter(|line| *line == "HEAD /old")
        .count();
    assert_eq!(old, 1, "fragments make no other page");
    assert!(server.seen().iter().all(|seen| !seen.path.contains('#')));
}

#[test]
fn circles_and_endless_chains_are_left() {
    let chain: Vec<_> = (0..12)
        .map(|step| (format!("/{step}"), [to(302, &format!("/{}", step + 1))]))
        .collect();
    let mut script: Vec<(&str, &[Reply])> = chain
        .iter()
        .map(|(path, reply)| (path.as_str(), reply.as_slice()))
        .collect();
    let (here, there) = ([to(302, "/there")], [to(302, "/here")]);
    script.extend([("/here", here.as_slice()), ("/there", there.as_slice())]);
    let server = Server::start(&script);
    let of = |path: &str| one(&server.url(path), &settings());
    assert_eq!(
        of("/here"),
        unknown(
            Some(302),
            "after a redirect to `127.0.0.1`: redirects in a circle"
        )
    );
    assert_eq!(of("/2"), alive(None), "ten redirects");
    assert_eq!(
        of("/1"),
        unknown(
            Some(302),
            "after a redirect to `127.0.0.1`: redirects more than 10 times"
        )
    );
}

#[test]
fn nothing_private_is_contacted_by_link_or_by_redirect() {
    let server = Server::start(&[
        ("/metadata", &[to(302, "http://169.254.169.254/latest/")]),
        ("/name", &[to(301, "http://localhost/")]),
        ("/login", &[to(301, "http://bob@127.0.0.1/")]),
        ("/mail", &[to(301, "mailto:a@b.org")]),
    ]);
    // Another address of this machine, behind which a server listens.
    let other = format!("http://127.0.0.2:{}/", server.port);
    let redirect = Server::start(&[("/other", &[to(302, &other)])]);
    let private = "its redirect was not followed: private address, not contacted";
    let of = |url: String| one(&url, &settings());
    assert_eq!(of(server.url("/metadata")), unknown(Some(302), private));
    assert_eq!(of(redirect.url("/other")), unknown(Some(302), private));
    assert_eq!(
        of(server.url("/name")),
        unknown(
            Some(301),
            "its redirect was not followed: name of a private network, not contacted"
        )
    );
    assert_eq!(
        of(server.url("/login")),
        unknown(
            Some(301),
            "its redirect was not followed: holds credentials, not contacted"
        )
    );
    assert_eq!(
        of(server.url("/mail")),
        unknown(Some(301), "its redirect was not followed: not http")
    );
    assert_eq!(of(other), unknown(None, "private address, not contacted"));
    let strict = Settings {
        private_hosts: Vec::new(),
        ..settings()
    };
    let before = server.seen().len();
    assert_eq!(
        one(&server.url("/"), &strict),
        unknown(None, "private address, not contacted")
    );
    assert_eq!(server.seen().len(), before);
}

#[test]
fn what_is_not_requested_has_an_outcome_too() {
    let server = Server::start(&[]);
    let secret = ["hunter", "2"].concat();
    let login = format!("http://bob:{secret}@127.0.0.1:{}/", server.port);
    let urls = [login.clone(), "mailto:a@b.org".into(), "nonsense".into()];
    let found = all(&urls, &settings()).outcomes;
    assert_eq!(
        found[&login],
        unknown(None, "holds credentials, not contacted")
    );
    assert_eq!(found["mailto:a@b.org"], unknown(None, "not http"));
    assert!(
        matches!(&found["nonsense"], Outcome::Unknown { reason, .. } if reason.starts_with("not a URL"))
    );
    assert!(server.seen().is_empty());
}

#[test]
fn a_rate_limit_is_waited_for_by_all_links_to_the_host() {
    let wait = Reply::Status(429, "Retry-After: 1\r\n".to_owned());
    let server = Server::start(&[
        ("/a-limited", &[wait, status(200)]),
        ("/b-slow", &[Reply::Slow(Duration::from_millis(200))]),
    ]);
    let urls = ["/a-limited", "/b-slow", "/c-other"].map(|path| server.url(path));
    let found = all(&urls, &settings()).outcomes;
    assert!(found.values().all(|outcome| *outcome == alive(None)));
    // The first two begin together; what comes after them was told to wait.
    let seen = server.seen();
    assert_eq!(seen.len(), 4);
    let limited = seen.iter().find(|seen| seen.path == "/a-limited").unwrap();
    for later in &seen[2..] {
        let waited = later.at.duration_since(limited.at);
        assert!(waited >= Duration::from_millis(990), "{later:?} {waited:?}");
    }
}

#[test]
fn a_rate_limit_beyond_the_deadline_is_not_waited_for() {
    let long = Reply::Status(429, "Retry-After: 86400\r\n".to_owned());
    let server = Server::start(&[("/limited", &[long])]);
    let begun = Instant::now();
    let urls = ["/limited", "/other"].map(|path| server.url(path));
    let one_at_a_time = Settings {
        per_host: 1,
        ..settings()
    };
    let found = all(&urls, &one_at_a_time).outcomes;
    assert_eq!(
        found[&urls[0]],
        unknown(Some(429), "answered 429 (too many requests)")
    );
    assert_eq!(
        found[&urls[1]],
        unknown(None, "not checked: there is no time left for its host")
    );
    assert_eq!(server.asked(), ["HEAD /limited"]);
    assert!(begun.elapsed() < Duration::from_secs(20));
}

#[test]
fn faults_are_tried_again_and_then_unknown() {
    let server = Server::start(&[
        ("/soon", &[status(503), status(200)]),
        ("/never", &[status(503)]),
        ("/reset", &[Reply::Reset]),
        ("/reset-once", &[Reply::Reset, status(200)]),
        ("/noise", &[Reply::Raw(b"hello\r\n\r\n".to_vec())]),
    ]);
    let of = |path: &str| one(&server.url(path), &settings());
    assert_eq!(of("/soon"), alive(None));
    assert_eq!(of("/never"), unknown(Some(503), "answered 503"));
    let never = server
        .asked()
        .iter()
        .filter(|line| line.ends_with("/never"))
        .count();
    assert_eq!(never, 3, "one and two retries");
    assert_eq!(of("/reset"), silent("the connection was reset"));
    assert_eq!(of("/reset-once"), alive(None));
    assert_eq!(
        of("/noise"),
        silent("the connection broke or did not speak HTTP")
    );
    let closed = Server::start(&[]).url("/");
    assert_eq!(
        one(&closed, &settings()),
        silent("the connection was refused")
    );
}

#[test]
fn headers_without_end_are_not_taken() {
    let many = "X-Filler: y\r\n".repeat(101);
    let long = format!("X-Filler: {}\r\n", "y".repeat(1024 * 1024));
    let server = Server::start(&[
        ("/many", &[Reply::Status(200, many)]),
        ("/long", &[Reply::Status(200, long)]),
    ]);
    for path in ["/many", "/long"] {
        let outcome = one(&server.url(path), &settings());
        assert!(
            matches!(&outcome, Outcome::Silent { .. }),
            "{path}: {outcome:?}"
        );
    }
}

#[test]
fn a_slow_answer_is_a_time_out() {
    let server = Server::start(&[("/slow", &[Reply::Slow(Duration::from_secs(20))])]);
    let hasty = Settings {
        timeout: Duration::from_millis(100),
        retries: 1,
        ..settings()
    };
    let begun = Instant::now();
    assert_eq!(
        one(&server.url("/slow"), &hasty),
        silent("no answer in time")
    );
    assert_eq!(server.asked(), ["HEAD /slow", "GET /slow"]);
    assert!(begun.elapsed() < Duration::from_secs(10));
}

#[test]
fn a_host_gets_no_more_at_once_than_it_should() {
    let slow = [Reply::Slow(Duration::from_millis(20))];
    let paths: Vec<_> = (0..40).map(|page| format!("/{page}")).collect();
    let script: Vec<(&str, &[Reply])> = paths
        .iter()
        .map(|path| (path.as_str(), slow.as_slice()))
        .collect();
    for per_host in [1, 3] {
        let server = Server::start(&script);
        let urls: Vec<_> = paths.iter().map(|path| server.url(path)).collect();
        let polite = Settings {
            per_host,
            ..settings()
        };
        let found = all(&urls, &polite).outcomes;
        assert!(found.values().all(|outcome| *outcome == alive(None)));
        assert_eq!(server.seen().len(), 40);
        assert_eq!(
            server.busiest(),
            per_host,
            "all that is allowed, and no more"
        );
    }
}

#[test]
fn requests_to_a_host_keep_their_distance() {
    let server = Server::start(&[]);
    let urls: Vec<_> = (0..6).map(|page| server.url(&format!("/{page}"))).collect();
    let polite = Settings {
        pause: Duration::from_millis(50),
        per_host: 4,
        ..settings()
    };
    let begun = Instant::now();
    all(&urls, &polite);
    assert!(begun.elapsed() >= Duration::from_millis(250));
}

#[test]
fn what_was_alive_is_not_asked_for_again_for_a_while() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(&[("/404", &[status(404)]), ("/old", &[to(301, "/new")])]);
    let urls = ["/a", "/old#x", "/404"].map(|path| server.url(path));
    let cached = |now: i64| Settings {
        cache: Some(folder.path().join("links.json")),
        now,
        ..settings()
    };
    let first = all(&urls, &cached(NOW));
    assert_eq!((first.from_cache, first.notices.len()), (0, 0));
    let before = server.asked().len();
    let second = all(&urls, &cached(NOW + 60));
    assert_eq!(second.outcomes, first.outcomes);
    assert_eq!(second.from_cache, 2);
    assert_eq!(
        server.asked()[before..],
        ["HEAD /404", "GET /404"],
        "what was dead is asked for again"
    );
    let before = server.asked().len();
    let later = all(&urls, &cached(NOW + 24 * 60 * 60));
    assert_eq!(later.from_cache, 0, "a day later");
    assert!(server.asked().len() > before + 2);
    std::fs::write(folder.path().join("links.json"), "{").unwrap();
    let damaged = all(&urls, &cached(NOW));
    assert_eq!(damaged.outcomes, first.outcomes);
    assert!(damaged.notices[0].contains("damaged"), "{damaged:?}");
}

#[test]
fn what_is_not_known_at_the_deadline_stays_unknown() {
    let server = Server::start(&[("/slow", &[Reply::Slow(Duration::from_secs(20))])]);
    let urls = ["/fast", "/slow", "/waiting"].map(|path| server.url(path));
    let short = Settings {
        per_host: 1,
        deadline: Duration::from_secs(1),
        timeout: Duration::from_secs(20),
        ..settings()
    };
    let begun = Instant::now();
    let found = all(&urls, &short).outcomes;
    assert!(begun.elapsed() < Duration::from_secs(10));
    assert_eq!(found[&urls[0]], alive(None));
    let late = silent("not checked: the time for all links, 1 s, was up");
    assert_eq!(found[&urls[1]], late);
    assert_eq!(found[&urls[2]], late);
    assert_eq!(server.asked(), ["HEAD /fast", "HEAD /slow"]);
}

#[test]
fn nothing_asked_nothing_done() {
    let checked = check(&[], &Settings::new(NOW)).unwrap();
    assert_eq!(checked.outcomes.len() + checked.notices.len(), 0);
}
