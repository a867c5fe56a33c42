//! How much one result may hold.

use super::wire::{self, Number};
use super::{Check, Problem, Repair, Weight, telling};
use crate::text::{Edit, Pointer, locate};

pub(super) const LOCATIONS: Check = Check {
    id: "locations",
    weight: Weight::Refused,
    expected: "at most 1000 locations",
    next_step: "--repair cut keeps the first 100, which are shown",
};

pub(super) const LOCATIONS_SHOWN: Check = Check {
    id: "locations_shown",
    weight: Weight::Hidden,
    expected: "at most 100 locations: more are not kept",
    next_step: "write a result for each place",
};

pub(super) const FLOW_STEPS: Check = Check {
    id: "flow_steps",
    weight: Weight::Refused,
    expected: "at most 10000 steps in the thread flows of a result",
    next_step: "--repair cut leaves the flows out; the result stays",
};

pub(super) const FLOW_STEPS_SHOWN: Check = Check {
    id: "flow_steps_shown",
    weight: Weight::Hidden,
    expected: "at most 1000 steps in the thread flows of a result: more are not kept",
    next_step: "make the scanner write fewer or shorter flows",
};

pub(super) const FLOW_INDEX: Check = Check {
    id: "flow_index",
    weight: Weight::Hidden,
    expected: "each step of a flow in the result itself",
    next_step: "make the scanner write `location` instead of `index`",
};

const MOST_LOCATIONS: usize = 1_000;
const LOCATIONS_KEPT: usize = 100;
const MOST_STEPS: usize = 10_000;
const STEPS_KEPT: usize = 1_000;

pub(super) fn check(text: &str, result: &wire::Result<'_>, problems: &mut Vec<Problem>) {
    let root = Pointer::root();
    let mut tell = telling(problems);
    let locations = result.locations.as_ref().map_or(0, Vec::len);
    if locations > LOCATIONS_KEPT {
        let at = root.at("locations");
        let found = format!("{locations} locations");
        if locations > MOST_LOCATIONS {
            let kept = first_elements(text, &at, LOCATIONS_KEPT);
            let cut = kept.map(|kept| Repair::Cut(vec![Edit::json(at.clone(), kept)]));
            tell(&LOCATIONS, at, found, cut);
        } else {
            tell(&LOCATIONS_SHOWN, at, found, None);
        }
    }
    let flows = result.code_flows.iter().flatten();
    let threads = flows.flat_map(|flow| flow.thread_flows.iter().flatten());
    let steps = threads.flat_map(|thread| thread.locations.iter().flatten());
    let (mut count, mut by_index) = (0_usize, 0_usize);
    for step in steps {
        count += 1;
        by_index += usize::from(step.index != Number::Absent && step.location.is_none());
    }
    let at = root.at("codeFlows");
    if count > MOST_STEPS {
        let cut = Repair::Cut(vec![Edit::remove(at.clone())]);
        tell(&FLOW_STEPS, at.clone(), format!("{count} steps"), Some(cut));
    } else if count > STEPS_KEPT {
        tell(
            &FLOW_STEPS_SHOWN,
            at.clone(),
            format!("{count} steps"),
            None,
        );
    }
    if by_index > 0 {
        tell(
            &FLOW_INDEX,
            at,
            format!("{by_index} steps with an `index` alone"),
            None,
        );
    }
}

/// The list at `at` with its first elements, as they are written.
fn first_elements(text: &str, at: &Pointer, count: usize) -> Option<String> {
    let start = locate(text, at)?.value.start;
    let last = locate(text, &at.at(count.checked_sub(1)?))?.value.end;
    Some(format!("{}]", text.get(start..last)?))
}
