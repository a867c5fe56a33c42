//! The fake as a process of its own, spoken to over plain TCP.
#![allow(clippy::disallowed_methods, reason = "tests start the program")]
#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests fail by panicking, as the tests do"
)]

use serde_json::Value;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn start(folder: &Path, setup: &str) -> (Running, String) {
    fs::write(folder.join("setup.json"), setup).unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_fake-github"))
        .current_dir(folder)
        .env_remove("GATEWRIGHT_OPENAPI")
        .args([
            "--setup",
            "setup.json",
            "--log",
            "log.json",
            "--minutes",
            "1",
        ])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut url = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut url)
        .unwrap();
    (Running(child), url.trim().to_owned())
}

fn send(url: &str, request: &str) -> String {
    let address = url.strip_prefix("http://").unwrap();
    let address = address.split('/').next().unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(10)))
        .unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

/// The log once it holds `requests` of them.
fn log(folder: &Path, requests: usize) -> Value {
    let started = Instant::now();
    loop {
        let log: Value =
            serde_json::from_slice(&fs::read(folder.join("log.json")).unwrap()).unwrap();
        if log["requests"].as_array().unwrap().len() >= requests {
            return log;
        }
        assert!(started.elapsed() < Duration::from_secs(10), "{log}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn serves_as_scripted_logs_and_stops_by_itself() {
    let folder = tempfile::tempdir().unwrap();
    let setup = r#"{"base_path": "/api/v3", "max_requests": 3,
        "files": [{"revision": "*", "path": "gates.yml", "text": "version: 1"}],
        "faults": [{"route": "contents", "fault": {"kind": "rate_limited", "status": 429, "retry_after": 2}}]}"#;
    let (mut running, url) = start(folder.path(), setup);
    assert!(url.ends_with("/api/v3"), "{url}");
    let secret = ["to", "ken-of-the-test"].concat();
    let get = format!(
        "GET /api/v3/repos/a/b/contents/gates.yml?ref=x HTTP/1.1\r\nHost: h\r\nUser-Agent: t\r\nAccept: a/b\r\nAuthorization: Bearer {secret}\r\n\r\n"
    );
    let first = send(&url, &get);
    assert!(
        first.starts_with("HTTP/1.1 429 ") && first.contains("retry-after: 2\r\n"),
        "{first}"
    );
    let second = send(&url, &get);
    assert!(
        second.starts_with("HTTP/1.1 200 ") && second.contains("\"encoding\":\"base64\""),
        "{second}"
    );
    let third = send(&url, "GET /elsewhere HTTP/1.1\r\nHost: h\r\n\r\n");
    assert!(third.starts_with("HTTP/1.1 401 "), "{third}");
    let log = log(folder.path(), 3);
    assert_eq!(log["validated"], false);
    assert_eq!(log["requests"][0]["headers"]["authorization"], "Bearer ***");
    assert_eq!(log["requests"][1]["status"], 200);
    assert!(
        log["violations"][0]["what"]
            .as_str()
            .unwrap()
            .contains("not below the API base"),
        "{log}"
    );
    assert!(!log.to_string().contains(&secret));
    let started = Instant::now();
    while running.0.try_wait().unwrap().is_none() {
        assert!(
            started.elapsed() < Duration::from_secs(10),
            "still serving after its last request"
        );
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn a_setup_with_an_unknown_member_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (mut running, url) = start(folder.path(), r#"{"pools": 1}"#);
    assert_eq!(url, "");
    assert_eq!(running.0.wait().unwrap().code(), Some(2));
}
