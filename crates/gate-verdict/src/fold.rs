//! The algebra (contract, section 9): how statuses become a gate's status and
//! how outcomes become a decision. The laws it keeps are tested below.

use crate::status::{Decision, Enforcement, Status};

/// One thing that was asked for and what it came to: a criterion, or a gate
/// that left no verdict at all (status `error`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    pub status: Status,
    pub enforcement: Enforcement,
    /// The override that names this outcome, if there is one.
    pub lift: Option<Lift>,
}

/// What an override may lift.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lift {
    /// Overrides lift a fail; an error only if they say so.
    pub covers_error: bool,
    /// Seconds since the epoch; at this second it is over.
    pub expires: i64,
    /// Granted by the emergency path, which has a cap of its own.
    pub emergency: bool,
}

/// What the environment lets people do, and the time they are judged at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cap {
    /// `bypass_allowed: false` voids ordinary overrides.
    pub bypass_allowed: bool,
    /// `emergency: forbidden` voids the others too.
    pub emergency_allowed: bool,
    /// As many people as the environment asks for have approved.
    pub approved: bool,
    /// `as_of` in seconds since the epoch.
    pub as_of: i64,
}

/// A gate's status from its criteria's: any fail is fail, else any error is
/// error, else any warn is warn, else pass. All skipped by declaration is
/// skip. Nothing configured or nothing evaluated is error, never pass.
pub fn fold_statuses(statuses: impl IntoIterator<Item = Status>) -> Status {
    let mut seen = [false; Status::ALL.len()];
    for status in statuses {
        seen[status as usize] = true;
    }
    [
        Status::Fail,
        Status::Error,
        Status::Warn,
        Status::Pass,
        Status::Skip,
    ]
    .into_iter()
    .find(|status| seen[*status as usize])
    .unwrap_or(Status::Error)
}

/// The decision over any number of outcomes: the strictest contribution.
/// Over none it is `block`, because nothing evaluated is never allow.
pub fn decide(outcomes: impl IntoIterator<Item = Outcome>, cap: Cap) -> Decision {
    outcomes
        .into_iter()
        .map(|outcome| contribution(outcome, cap))
        .max()
        .unwrap_or(Decision::Block)
}

/// What one outcome asks for by itself.
pub fn contribution(outcome: Outcome, cap: Cap) -> Decision {
    let bound = match (outcome.status, outcome.enforcement) {
        (Status::Pass | Status::Skip | Status::Warn, _) | (_, Enforcement::Informational) => {
            return Decision::Allow;
        }
        (Status::Fail | Status::Error, Enforcement::Advisory) if cap.approved => {
            return Decision::Allow;
        }
        (Status::Fail | Status::Error, Enforcement::Advisory) => Decision::RequireApproval,
        (Status::Fail | Status::Error, Enforcement::Mandatory) => Decision::Block,
    };
    match outcome.lift {
        Some(lift) if lifts(lift, outcome.status, cap) => Decision::AllowWithOverride,
        _ => bound,
    }
}

/// Whether an override lifts an outcome of this status under a cap.
pub fn lifts(lift: Lift, status: Status, cap: Cap) -> bool {
    let path = if lift.emergency {
        cap.emergency_allowed
    } else {
        cap.bypass_allowed
    };
    path && cap.as_of < lift.expires && (status == Status::Fail || lift.covers_error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use Enforcement::{Advisory, Informational, Mandatory};
    use proptest::prelude::*;

    fn statuses() -> impl Strategy<Value = Status> {
        proptest::sample::select(Status::ALL.to_vec())
    }

    fn outcomes() -> impl Strategy<Value = Outcome> {
        let lift =
            proptest::option::of((any::<bool>(), any::<bool>(), 0_i64..100)).prop_map(|lift| {
                lift.map(|(covers_error, emergency, expires)| Lift {
                    covers_error,
                    expires,
                    emergency,
                })
            });
        let enforcement = proptest::sample::select(Enforcement::ALL.to_vec());
        (statuses(), enforcement, lift).prop_map(|(status, enforcement, lift)| Outcome {
            status,
            enforcement,
            lift,
        })
    }

    fn caps() -> impl Strategy<Value = Cap> {
        let flags = (any::<bool>(), any::<bool>(), any::<bool>());
        (flags, 0_i64..100).prop_map(
            |((bypass_allowed, emergency_allowed, approved), as_of)| Cap {
                bypass_allowed,
                emergency_allowed,
                approved,
                as_of,
            },
        )
    }

    #[test]
    fn nothing_evaluated_is_never_a_pass() {
        assert_eq!(fold_statuses([]), Status::Error);
        assert_eq!(fold_statuses([Status::Skip, Status::Skip]), Status::Skip);
        assert_eq!(fold_statuses([Status::Skip, Status::Pass]), Status::Pass);
        assert_eq!(
            fold_statuses([Status::Error, Status::Fail, Status::Pass]),
            Status::Fail
        );
        assert_eq!(
            decide(
                [],
                Cap {
                    bypass_allowed: true,
                    approved: true,
                    ..Cap::default()
                }
            ),
            Decision::Block
        );
    }

    #[test]
    fn the_contracts_table() {
        let cap = Cap {
            bypass_allowed: true,
            as_of: 10,
            ..Cap::default()
        };
        let of = |status, enforcement, lift| {
            contribution(
                Outcome {
                    status,
                    enforcement,
                    lift,
                },
                cap,
            )
        };
        for bad in [Status::Fail, Status::Error] {
            assert_eq!(of(bad, Mandatory, None), Decision::Block);
            assert_eq!(of(bad, Advisory, None), Decision::RequireApproval);
            assert_eq!(of(bad, Informational, None), Decision::Allow);
        }
        assert_eq!(of(Status::Warn, Mandatory, None), Decision::Allow);
        let plain = Some(Lift {
            covers_error: false,
            expires: 11,
            emergency: false,
        });
        assert_eq!(
            of(Status::Fail, Mandatory, plain),
            Decision::AllowWithOverride
        );
        assert_eq!(of(Status::Error, Mandatory, plain), Decision::Block);
        let expired = Some(Lift {
            covers_error: true,
            expires: 10,
            emergency: false,
        });
        assert_eq!(of(Status::Fail, Mandatory, expired), Decision::Block);
        let emergency = Some(Lift {
            covers_error: true,
            expires: 11,
            emergency: true,
        });
        assert_eq!(of(Status::Fail, Mandatory, emergency), Decision::Block);
    }

    proptest! {
        #[test]
        fn order_and_repetition_do_not_matter(
            (list, shuffled) in prop::collection::vec(outcomes(), 0..8)
                .prop_flat_map(|list| (Just(list.clone()), Just(list).prop_shuffle())),
            cap in caps(),
        ) {
            prop_assert_eq!(decide(list.clone(), cap), decide(shuffled.clone(), cap));
            let twice = list.iter().chain(&list).copied();
            prop_assert_eq!(decide(list.clone(), cap), decide(twice, cap));
            let of = |l: &[Outcome]| fold_statuses(l.iter().map(|o| o.status));
            prop_assert_eq!(of(&list), of(&shuffled));
        }

        #[test]
        fn adding_a_gate_never_relaxes(list in prop::collection::vec(outcomes(), 1..8), extra in outcomes(), cap in caps()) {
            let before = decide(list.clone(), cap);
            let after = decide(list.into_iter().chain([extra]), cap);
            prop_assert!(after >= before);
        }

        /// Evidence that goes away turns what was judged into an error. An
        /// override that covers errors is asked for on purpose, so the law is
        /// about outcomes without one.
        #[test]
        fn removing_evidence_never_moves_towards_allow(mut list in prop::collection::vec(outcomes(), 1..8), at in any::<prop::sample::Index>(), cap in caps()) {
            let before = decide(list.clone(), cap);
            let index = at.index(list.len());
            if list[index].lift.is_some_and(|lift| lift.covers_error) || list[index].status == Status::Skip {
                return Ok(());
            }
            list[index].status = Status::Error;
            prop_assert!(decide(list, cap) >= before);
        }

        #[test]
        fn an_override_never_lifts_above_the_cap(list in prop::collection::vec(outcomes(), 1..8), cap in caps()) {
            let capped = |lift: Lift| if lift.emergency { cap.emergency_allowed } else { cap.bypass_allowed };
            let bare: Vec<_> = list.iter().map(|o| Outcome { lift: o.lift.filter(|lift| capped(*lift)), ..*o }).collect();
            prop_assert_eq!(decide(list.clone(), cap), decide(bare, cap));
            let shut = Cap { bypass_allowed: false, emergency_allowed: false, ..cap };
            let none: Vec<_> = list.iter().map(|o| Outcome { lift: None, ..*o }).collect();
            prop_assert_eq!(decide(list, shut), decide(none, shut));
        }

        #[test]
        fn approvals_never_lift_a_block(list in prop::collection::vec(outcomes(), 1..8), cap in caps()) {
            let without = decide(list.clone(), Cap { approved: false, ..cap });
            let with = decide(list, Cap { approved: true, ..cap });
            prop_assert!(with <= without);
            prop_assert_eq!(with == Decision::Block, without == Decision::Block);
        }

        #[test]
        fn expiry_is_monotone_in_time(list in prop::collection::vec(outcomes(), 1..8), cap in caps(), later in 0_i64..100) {
            let then = Cap { as_of: cap.as_of + later, ..cap };
            prop_assert!(decide(list.clone(), then) >= decide(list, cap));
        }

        #[test]
        fn improving_one_criterion_never_tightens(mut list in prop::collection::vec(outcomes(), 1..8), at in any::<prop::sample::Index>(), cap in caps()) {
            let before = decide(list.clone(), cap);
            let index = at.index(list.len());
            list[index].status = Status::Pass;
            prop_assert!(decide(list, cap) <= before);
        }
    }
}
