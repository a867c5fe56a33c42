//! `docs/reference/decision-table.md`: what every outcome comes to, computed
//! with the function that decides. A test runs `quality-gate` row by row.

use super::page::Page;
use gate_verdict::{Cap, Enforcement, Lift, Outcome, Status, contribution};
use std::fmt::Write as _;

/// What people did about an outcome.
struct People {
    shown: &'static str,
    lift: Option<Lift>,
    approved: bool,
}

const fn lift(covers_error: bool, emergency: bool, expires: i64) -> Lift {
    Lift {
        covers_error,
        expires,
        emergency,
    }
}

const PEOPLE: [People; 7] = [
    People {
        shown: "nothing",
        lift: None,
        approved: false,
    },
    People {
        shown: "approved",
        lift: None,
        approved: true,
    },
    People {
        shown: "override",
        lift: Some(lift(false, false, 1)),
        approved: false,
    },
    People {
        shown: "override with `covers_error`",
        lift: Some(lift(true, false, 1)),
        approved: false,
    },
    People {
        shown: "emergency",
        lift: Some(lift(false, true, 1)),
        approved: false,
    },
    People {
        shown: "emergency with `covers_error`",
        lift: Some(lift(true, true, 1)),
        approved: false,
    },
    People {
        shown: "expired override",
        lift: Some(lift(true, false, 0)),
        approved: false,
    },
];

/// Overrides are allowed; only emergencies are; nothing is.
const ENVIRONMENTS: [(&str, bool, bool); 3] = [
    ("`bypass_allowed: true`", true, true),
    ("`bypass_allowed: false`", false, true),
    ("and `emergency: forbidden`", false, false),
];

pub(crate) fn page() -> Page {
    let mut body = String::from(
        "One row per outcome: a criterion's status, what it weighs in the environment, and what people did about it.\n\
         The decision over many outcomes is the strictest of theirs; over none it is `block`.\n\
         What each word means is in the guide to [environments](../guide/environments.md).\n\n\
         | Status | Enforcement | People |",
    );
    for (name, _, _) in ENVIRONMENTS {
        let _ = write!(body, " {name} |");
    }
    body.push_str("\n|---|---|---|---|---|---|\n");
    for status in Status::ALL {
        for enforcement in Enforcement::ALL.into_iter().rev() {
            for people in &PEOPLE {
                let _ = write!(body, "| `{status}` | `{enforcement}` | {} |", people.shown);
                for (_, bypass_allowed, emergency_allowed) in ENVIRONMENTS {
                    let outcome = Outcome {
                        status,
                        enforcement,
                        lift: people.lift,
                    };
                    let cap = Cap {
                        bypass_allowed,
                        emergency_allowed,
                        approved: people.approved,
                        as_of: 0,
                    };
                    let _ = write!(body, " `{}` |", contribution(outcome, cap));
                }
                body.push('\n');
            }
        }
    }
    Page {
        title: String::from("Decision table"),
        summary: String::from("What every outcome comes to, with overrides and approvals"),
        body,
    }
}
