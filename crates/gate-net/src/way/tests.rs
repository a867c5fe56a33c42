use super::*;
use proptest::prelude::*;

fn rules(exceptions: &Exceptions) -> Rules<'_> {
    Rules {
        max_redirects: 3,
        retries: 2,
        backoff: Duration::from_secs(1),
        exceptions,
    }
}

type Heard = Result<Answer, Failure>;

fn heard(status: u16, location: Option<&str>, retry_after: Option<&str>) -> Answer {
    Answer {
        status,
        location: location.map(|location| location.as_bytes().to_vec()),
        retry_after: retry_after.map(str::to_owned),
    }
}

fn answer(status: u16) -> Answer {
    heard(status, None, None)
}

fn to(status: u16, location: &str) -> Answer {
    heard(status, Some(location), None)
}

fn later(status: u16, value: &str) -> Answer {
    heard(status, None, Some(value))
}

/// What is asked on the way and for how many seconds is waited before, until the outcome. What is heard has to
/// be all that is needed.
fn walk(heard: &[Heard]) -> (Vec<String>, Outcome) {
    let exceptions = Exceptions::default();
    let mut way = Way::new(Url::parse("https://a.org/").unwrap());
    let mut asked = vec![format!("{:?} {}", way.method, way.url)];
    for (index, heard_now) in heard.iter().enumerate() {
        let waited = match way.after(heard_now, &rules(&exceptions), 1_000) {
            Next::Done(outcome) => {
                assert_eq!(index + 1, heard.len(), "{outcome:?} came too early");
                return (asked, outcome);
            }
            Next::Ask => String::new(),
            Next::Wait(wait, _) => format!("{} ", wait.as_secs()),
        };
        asked.push(format!("{waited}{:?} {}", way.method, way.url));
    }
    panic!("no outcome after {asked:?}");
}

fn outcome(heard: &[Heard]) -> Outcome {
    walk(heard).1
}

fn alive(redirected_to: Option<&str>) -> Outcome {
    Outcome::Alive {
        status: 200,
        redirected_to: redirected_to.map(str::to_owned),
    }
}

#[test]
fn one_request_is_enough_where_head_is_known() {
    assert_eq!(
        walk(&[Ok(answer(200))]),
        (vec!["Head https://a.org/".to_owned()], alive(None))
    );
}

#[test]
fn a_refused_head_is_put_to_the_test_by_get() {
    for status in [400, 403, 404, 405, 410, 501] {
        assert_eq!(outcome(&[Ok(answer(status)), Ok(answer(200))]), alive(None));
    }
    assert_eq!(
        outcome(&[Err(Failure::Broken("x")), Ok(answer(200))]),
        alive(None)
    );
    let (asked, dead) = walk(&[Ok(answer(404)), Ok(answer(404))]);
    assert_eq!(asked, ["Head https://a.org/", "Get https://a.org/"]);
    assert_eq!(dead, Outcome::dead(404, "answered 404 (not found)"));
    assert_eq!(
        outcome(&[Ok(answer(403)), Ok(answer(403))]),
        Outcome::unknown(403, "answered 403: refuses automated checks")
    );
}

#[test]
fn only_the_permanent_redirects_at_the_start_move_a_link() {
    let ok = || Ok(answer(200));
    let ends = |heard: &[_]| match outcome(heard) {
        Outcome::Alive { redirected_to, .. } => redirected_to,
        other => panic!("{other:?}"),
    };
    assert_eq!(
        ends(&[Ok(to(301, "/b")), Ok(to(308, "//c.org/d#e")), ok()]).as_deref(),
        Some("https://c.org/d#e")
    );
    assert_eq!(
        ends(&[
            Ok(to(301, "/b")),
            Ok(to(302, "/c")),
            Ok(to(301, "/d")),
            ok()
        ])
        .as_deref(),
        Some("https://a.org/b")
    );
    assert_eq!(ends(&[Ok(to(302, "/b")), Ok(to(301, "/c")), ok()]), None);
}

#[test]
fn each_hop_begins_with_head() {
    let (asked, _) = walk(&[Ok(answer(405)), Ok(to(301, "/b")), Ok(answer(200))]);
    assert_eq!(
        asked,
        [
            "Head https://a.org/",
            "Get https://a.org/",
            "Head https://a.org/b"
        ]
    );
}

#[test]
fn circles_and_long_chains_end_unknown() {
    let told = |heard: &[_]| match outcome(heard) {
        Outcome::Unknown { reason, .. } => reason,
        other => panic!("{other:?}"),
    };
    assert_eq!(told(&[Ok(to(302, "/"))]), "redirects in a circle");
    assert_eq!(
        told(&[Ok(to(302, "/b")), Ok(to(301, "/#again"))]),
        "after a redirect to `a.org`: redirects in a circle"
    );
    assert_eq!(
        told(&[
            Ok(to(302, "/b")),
            Ok(to(302, "/c")),
            Ok(to(302, "/d")),
            Ok(to(302, "/e"))
        ]),
        "after a redirect to `a.org`: redirects more than 3 times"
    );
    assert_eq!(
        told(&[Ok(answer(302))]),
        "answered 302 and says not where to"
    );
    assert_eq!(
        told(&[Ok(to(302, "http://169.254.169.254/latest"))]),
        "its redirect was not followed: private address, not contacted"
    );
}

#[test]
fn reasons_name_the_host_of_a_redirect_and_nothing_else_of_it() {
    let token = ["to", "ken"].concat();
    let location = format!("https://b.org/?key={token}");
    assert_eq!(
        outcome(&[Ok(to(301, &location)), Ok(answer(404)), Ok(answer(404))]),
        Outcome::dead(404, "after a redirect to `b.org`: answered 404 (not found)")
    );
}

#[test]
fn what_may_pass_is_tried_again_with_growing_waits() {
    let (asked, unknown) = walk(&[Ok(answer(503)), Err(Failure::Timeout), Ok(answer(500))]);
    assert_eq!(
        asked,
        [
            "Head https://a.org/",
            "1 Get https://a.org/",
            "2 Get https://a.org/"
        ]
    );
    assert_eq!(unknown, Outcome::unknown(500, "answered 500"));
    assert_eq!(outcome(&[Ok(answer(503)), Ok(answer(200))]), alive(None));
    assert_eq!(
        outcome(&[
            Err(Failure::NameNotResolved),
            Err(Failure::Connect("x")),
            Ok(answer(200))
        ]),
        alive(None)
    );
}

#[test]
fn retry_after_is_kept_where_it_is_longer() {
    let date = "Thu, 01 Jan 1970 00:16:50 GMT";
    let (asked, _) = walk(&[Ok(later(429, "7")), Ok(later(503, date)), Ok(answer(200))]);
    assert_eq!(
        asked,
        [
            "Head https://a.org/",
            "7 Get https://a.org/",
            "10 Get https://a.org/"
        ]
    );
    let (asked, _) = walk(&[Ok(later(429, "0")), Ok(later(429, "soon")), Ok(answer(200))]);
    assert_eq!(asked[1..], ["1 Get https://a.org/", "2 Get https://a.org/"]);
}

#[test]
fn some_failures_are_final() {
    assert_eq!(
        outcome(&[Err(Failure::NoSuchName)]),
        Outcome::dead(None, "its host does not exist")
    );
    assert_eq!(
        outcome(&[Err(Failure::Certificate("has expired"))]),
        Outcome::dead(None, "its certificate has expired")
    );
    assert_eq!(
        outcome(&[Err(Failure::PrivateAddress)]),
        Outcome::unknown(None, "private address, not contacted")
    );
    assert_eq!(
        outcome(&[Err(Failure::Tls)]),
        Outcome::unknown(None, "TLS could not be agreed on")
    );
}

proptest! {
    /// Whatever a server says, a way ends: two requests for each hop, and the retries.
    #[test]
    fn every_way_ends(answers in proptest::collection::vec((0_u8..10, 0_u8..20), 60)) {
        let exceptions = Exceptions::default();
        let mut way = Way::new(Url::parse("https://a.org/").unwrap());
        let mut requests = 0;
        for (kind, page) in answers {
            let heard = match kind {
                0..=4 => Ok(to(301 + u16::from(kind % 2), &format!("/{page}"))),
                5 => Ok(answer(404)),
                6 => Ok(answer(503)),
                7 => Err(Failure::Broken("x")),
                8 => Err(Failure::Timeout),
                _ => Ok(later(429, "999999999999999999999")),
            };
            requests += 1;
            if let Next::Done(_) = way.after(&heard, &rules(&exceptions), i64::MAX) {
                break;
            }
        }
        prop_assert!(requests <= 2 * (3 + 1) + 2, "{requests}");
    }
}
