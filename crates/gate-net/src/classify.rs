//! What a status code says about a link. Pure.
//!
//! Facts: RFC 9110 section 15; 999 is what one large social network answers to anything but a browser,
//! and 402 what some hosters answer to crawlers that do not pay.

/// How a link is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Method {
    /// First: it costs the server little.
    Head,
    /// Where the answer to `HEAD` is none that can be relied on; the body is not read.
    Get,
}

/// What a status says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reading {
    Alive,
    Redirect {
        permanent: bool,
    },
    /// There is nothing, for anybody.
    Dead,
    /// The asker is not welcome; a person with a browser may be.
    Closed,
    /// It may be otherwise soon.
    Passing,
    /// It says nothing about the link.
    Odd,
}

pub(crate) fn reading(status: u16) -> Reading {
    match status {
        200..=299 => Reading::Alive,
        301 | 308 => Reading::Redirect { permanent: true },
        302 | 303 | 307 => Reading::Redirect { permanent: false },
        401 | 402 | 403 | 407 | 451 | 999 => Reading::Closed,
        // 408 is the server's time-out; 421 and 425 are about the connection.
        408 | 421 | 425 | 429 | 500..=599 => Reading::Passing,
        400..=499 => Reading::Dead,
        _ => Reading::Odd,
    }
}

/// Whether the answer to `HEAD` is put to the test by `GET` at once: many servers know no `HEAD`, and say so by
/// all kinds of refusals. So nothing is dead by `HEAD` alone.
pub(crate) fn doubtful(status: u16) -> bool {
    status == 403 || status == 501 || reading(status) == Reading::Dead
}

/// A fragment of a sentence.
pub(crate) fn words(status: u16) -> String {
    let more = match (status, reading(status)) {
        (404, _) => " (not found)",
        (410, _) => " (gone)",
        (429, _) => " (too many requests)",
        (451, _) => " (withheld for legal reasons): refuses automated checks",
        (_, Reading::Closed) => ": refuses automated checks",
        (_, Reading::Odd) => ", which says nothing about the page",
        _ => "",
    };
    format!("answered {status}{more}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_has_its_reading() {
        let is = |statuses: &[u16], expected: Reading| {
            for status in statuses {
                assert_eq!(reading(*status), expected, "{status}");
            }
        };
        is(&[200, 204, 206, 299], Reading::Alive);
        is(&[301, 308], Reading::Redirect { permanent: true });
        is(&[302, 303, 307], Reading::Redirect { permanent: false });
        is(
            &[400, 404, 405, 406, 410, 418, 422, 426, 499],
            Reading::Dead,
        );
        is(&[401, 402, 403, 407, 451, 999], Reading::Closed);
        is(
            &[408, 421, 425, 429, 500, 501, 503, 522, 599],
            Reading::Passing,
        );
        is(
            &[100, 101, 199, 300, 304, 305, 306, 309, 399, 600, 998],
            Reading::Odd,
        );
    }

    #[test]
    fn no_status_kills_by_head_alone() {
        for status in 100..=999 {
            assert!(
                reading(status) != Reading::Dead || doubtful(status),
                "{status}"
            );
        }
        for status in [403, 404, 405, 501] {
            assert!(doubtful(status), "{status}");
        }
        for status in [200, 301, 401, 429, 451, 500, 503, 999] {
            assert!(!doubtful(status), "{status}");
        }
    }

    #[test]
    fn words_say_what_was_answered() {
        assert_eq!(words(404), "answered 404 (not found)");
        assert_eq!(words(403), "answered 403: refuses automated checks");
        assert_eq!(words(503), "answered 503");
        assert_eq!(
            words(304),
            "answered 304, which says nothing about the page"
        );
    }
}
