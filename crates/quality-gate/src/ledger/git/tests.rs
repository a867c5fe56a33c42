use super::super::append::tests::bodies;
use super::*;
use gate_github::Token;
use gate_github::api::{Client, TRIES};
use gate_ledger::{Record, Start, Text};
use gate_testkit::fake_github::{FakeGithub, Fault, Route};

const REFERENCE: &str = "refs/gatewright/ledger";
const AT: &str = "2026-11-30T00:00:00Z";

fn try_append(fake: &FakeGithub, run: &str, at: &str) -> Result<Recorded, String> {
    let client = Client::new(
        &fake.url(),
        Token::new("not-a-real-one"),
        Duration::from_secs(10),
    )
    .expect("a client")
    .with_sleeper(Box::new(|_| ()));
    let bodies = bodies(run, at);
    let wanted = Wanted {
        bodies: &bodies,
        look_back: true,
    };
    append(client.git("o", "r"), REFERENCE, &wanted, &|time| {
        // Real writers wait; a tenth of it is enough for threads of one machine.
        std::thread::sleep(time / 10);
    })
}

fn records(fake: &FakeGithub) -> Vec<Record> {
    let (files, _) = fake.git(REFERENCE).expect("a ledger");
    let texts: Vec<Text<'_>> = files
        .iter()
        .map(|(name, bytes)| Text { name, bytes })
        .collect();
    gate_ledger::read(&texts, Start::Beginning).expect("holds")
}

fn calls(fake: &FakeGithub) -> Vec<String> {
    let show = |path: &str| {
        let path = path.trim_start_matches("/repos/o/r/git/");
        path.split('/').next().unwrap_or_default().to_owned()
    };
    let requests = fake.requests();
    requests
        .iter()
        .map(|one| format!("{} {}", one.method, show(&one.path)))
        .collect()
}

fn run_of(recorded: &Recorded) -> Option<&str> {
    recorded.previous.as_ref()?.run.as_deref()
}

#[test]
fn a_run_takes_the_calls_it_needs_and_no_more() {
    let fake = FakeGithub::start().expect("a fake");
    try_append(&fake, "1", AT).expect("appended");
    assert_eq!(
        calls(&fake),
        ["GET ref", "POST trees", "POST commits", "POST refs"]
    );
    let second = try_append(&fake, "2", AT).expect("appended");
    let read = ["GET ref", "GET commits", "GET trees", "GET blobs"];
    let written = ["POST trees", "POST commits", "PATCH refs"];
    assert_eq!(calls(&fake)[4..], [&read[..], &written].concat());
    assert_eq!(run_of(&second), Some("https://x/1"));
    // The same attempt again: nothing is written.
    try_append(&fake, "2", AT).expect("there already");
    assert_eq!(calls(&fake)[11..], read);
    assert_eq!(records(&fake).len(), 4);
    assert_eq!(
        fake.git(REFERENCE).expect("a ledger").1,
        2,
        "one commit a run"
    );
    // A new month goes on from the last file; only one without the decision before needs another.
    let third = try_append(&fake, "3", "2026-12-01T00:00:00Z").expect("appended");
    assert_eq!(
        (run_of(&third), calls(&fake).len()),
        (Some("https://x/2"), 22)
    );
    let fourth = try_append(&fake, "4", "2026-12-01T00:00:00Z").expect("appended");
    assert_eq!(
        (run_of(&fourth), calls(&fake).len()),
        (Some("https://x/3"), 29)
    );
    // Tried again in a new month, what comes before stands in the file before.
    let again = try_append(&fake, "3", "2026-12-01T00:00:00Z").expect("there already");
    assert_eq!(
        (run_of(&again), calls(&fake).len()),
        (Some("https://x/2"), 34)
    );
    assert_eq!(records(&fake).len(), 8);
    assert_eq!(fake.violations(), []);
}

fn writers(count: usize) {
    let fake = FakeGithub::start().expect("a fake");
    std::thread::scope(|scope| {
        for writer in 0..count {
            let fake = &fake;
            scope.spawn(move || {
                try_append(fake, &format!("{writer}"), AT).expect("appended");
            });
        }
    });
    let records = records(&fake);
    assert_eq!(records.len(), 2 * count);
    for writer in 0..count {
        let run = format!("https://x/{writer}");
        let of = |record: &&Record| text(&record.members, "run") == Some(&run);
        assert_eq!(records.iter().filter(of).count(), 2, "{run}");
    }
    assert_eq!(fake.git(REFERENCE).expect("a ledger").1, count);
    assert_eq!(fake.violations(), []);
}

#[test]
fn of_two_writers_none_is_lost() {
    writers(2);
}

#[test]
fn of_ten_writers_none_is_lost() {
    writers(10);
}

fn answer(status: u16, message: &str) -> Fault {
    Fault::Answer {
        status,
        message: message.to_owned(),
    }
}

#[test]
fn an_answer_that_did_not_arrive_leaves_one_record() {
    let fake = FakeGithub::start().expect("a fake");
    try_append(&fake, "0", AT).expect("appended");
    // The reference moves, the answer breaks off, and it is moved again.
    for (run, fault) in [
        ("1", Fault::TruncatedBody),
        ("2", Fault::Reset),
        ("3", Fault::BadGateway),
    ] {
        fake.fail(Route::GitMove, fault);
        try_append(&fake, run, AT).expect("appended");
    }
    assert_eq!(records(&fake).len(), 8);
    fake.fail(Route::GitMove, answer(409, "Conflict"));
    fake.fail(Route::GitMove, answer(422, "Update is not a fast forward"));
    try_append(&fake, "4", AT).expect("appended");
    assert_eq!(records(&fake).len(), 10);
}

#[test]
fn refusals_are_said_and_leave_the_ledger_as_it_is() {
    let limited = |status| Fault::RateLimited {
        status,
        retry_after: Some(100_000),
        reset_at: None,
    };
    let faults = [
        (Fault::BadCredentials, "does not know this token"),
        (Fault::ReadOnlyToken, "contents: "),
        (Fault::Archived, "archived"),
        (limited(403), "limits the rate"),
        (limited(429), "limits the rate"),
        (
            answer(422, "Repository rule violations found"),
            "rule violations",
        ),
        (answer(451, "Unavailable"), "legal"),
    ];
    for route in [
        Route::GitReference,
        Route::GitRead,
        Route::GitWrite,
        Route::GitMove,
    ] {
        for (fault, word) in &faults {
            let fake = FakeGithub::start().expect("a fake");
            try_append(&fake, "1", AT).expect("appended");
            fake.fail(route, fault.clone());
            let said = try_append(&fake, "2", AT).expect_err("refused");
            assert!(said.contains(word), "{route:?} {fault:?}: {said}");
            assert!(!said.contains("not-a-real-one"), "{said}");
            assert_eq!(records(&fake).len(), 2, "{route:?} {fault:?}");
        }
        // What passes is tried again.
        for fault in [
            Fault::Reset,
            Fault::TruncatedBody,
            Fault::BadGateway,
            answer(503, "x"),
            Fault::SlowBody { millis: 1 },
        ] {
            let fake = FakeGithub::start().expect("a fake");
            try_append(&fake, "1", AT).expect("appended");
            fake.fail(route, fault.clone());
            let appended = try_append(&fake, "2", AT);
            assert!(appended.is_ok(), "{route:?} {fault:?}: {appended:?}");
            assert_eq!(records(&fake).len(), 4, "{route:?} {fault:?}");
        }
    }
}

#[test]
fn a_reference_that_is_hidden_does_not_begin_a_second_chain() {
    let fake = FakeGithub::start().expect("a fake");
    try_append(&fake, "1", AT).expect("appended");
    fake.fail(Route::GitReference, Fault::NotFound);
    try_append(&fake, "2", AT).expect("appended at the second look");
    assert_eq!(records(&fake).len(), 4);
    for _ in 0..TRIES {
        fake.fail(Route::GitReference, Fault::NotFound);
    }
    let said = try_append(&fake, "3", AT).expect_err("never seen");
    assert!(
        said.contains("another writer was faster") && said.contains("already exists"),
        "{said}"
    );
    assert_eq!(records(&fake).len(), 4);
}

#[test]
fn what_is_no_ledger_or_broken_is_left_alone() {
    for (files, word) in [
        (&[("README.md", &b"x"[..])][..], "README.md"),
        (&[("2026-11.jsonl", &b"{}\n"[..])], "2026-11.jsonl:1"),
        (&[("2026-11.jsonl", &b"{\"v\":1"[..])], "without a line end"),
        (
            &[("2026-10.jsonl", &b""[..]), ("2026-11.jsonl", &b""[..])],
            "empty file",
        ),
    ] {
        let fake = FakeGithub::start().expect("a fake");
        fake.set_git(REFERENCE, files);
        let said = try_append(&fake, "1", AT).expect_err("no ledger");
        assert!(said.contains(word), "{said}");
        assert_eq!(fake.git(REFERENCE).expect("as it was").1, 1);
    }
}
