//! Steps with a pause after each: loops of a shell that sleep, and maps of a policy that say so.

use super::papers::{Papers, below, entry_of};
use super::quantity::{MILLION, Quantity};
use gate_policy::{Position, Value};

/// So many steps, so long after each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wait {
    pub(super) steps: u64,
    /// In millionths of a second.
    pub(super) each: u128,
    /// The first step, where it is a plain number.
    pub(super) first: Option<String>,
}

impl Wait {
    pub(super) fn whole(&self) -> u128 {
        u128::from(self.steps).saturating_mul(self.each)
    }
}

const STEPS: [&str; 5] = [
    "traffic_steps",
    "traffic_percentages",
    "steps",
    "stages",
    "increments",
];
const DWELLS: [&str; 5] = ["dwell", "dwell_time", "step_duration", "pause", "soak_time"];

/// Where a block of the policy says how long it stays at how many steps.
pub(super) fn of_block(block: &Value) -> Vec<(Wait, &Position)> {
    below(block)
        .into_iter()
        .filter_map(|map| {
            let steps = &entry_of(map, &STEPS)?.value;
            let dwell = &entry_of(map, &DWELLS)?.value;
            let count = steps
                .as_u64()
                .or_else(|| Some(steps.as_list()?.len() as u64))?;
            let wait = Wait {
                steps: count,
                each: Quantity::time(dwell)?.micro,
                first: steps
                    .items()
                    .first()
                    .and_then(Value::as_str)
                    .map(str::to_owned),
            };
            Some((wait, &dwell.position))
        })
        .collect()
}

/// Every such place of the policy, by block.
pub(super) fn of_policy<'a>(
    papers: &'a Papers<'_>,
) -> Vec<(&'a str, &'a Value, Wait, &'a Position)> {
    let of = |block: &'a gate_policy::Entry| {
        let waits = of_block(&block.value).into_iter();
        waits.map(|(wait, at)| (block.key.as_str(), &block.value, wait, at))
    };
    papers.blocks().flat_map(of).collect()
}

/// The loops of a script that sleep a known time at every one of a known number of steps. One that may end early, as
/// loops that wait for something do, is none of them.
pub(super) fn of_script(script: &str) -> Vec<Wait> {
    let mut found = Vec::new();
    let mut open: Option<(Vec<String>, u128, bool)> = None;
    for line in script.lines() {
        for part in line.split([';', '\n']).map(str::trim) {
            let part = part.strip_prefix("do ").map_or(part, str::trim);
            if let Some(words) = steps_of(part) {
                open = Some((words, 0, true));
            } else if part == "done" || part.starts_with("done ") {
                if let Some((words, each, true)) = open.take()
                    && each > 0
                    && words.len() > 1
                {
                    found.push(Wait {
                        steps: words.len() as u64,
                        each,
                        first: words.into_iter().next(),
                    });
                }
            } else if let Some((_, each, sure)) = &mut open {
                let mut words = part.split_whitespace();
                match words.next() {
                    Some("sleep") => match words.next().and_then(slept) {
                        Some(time) => *each += time,
                        None => *sure = false,
                    },
                    Some("while" | "until") => *sure = false,
                    _ => {}
                }
                let ends = |word: &str| matches!(word, "break" | "exit" | "continue" | "return");
                *sure &= !part.split_whitespace().any(ends);
            }
        }
    }
    found
}

/// `for x in 10 25 50`: the steps, none where they are not known.
fn steps_of(part: &str) -> Option<Vec<String>> {
    let rest = part.strip_prefix("for ")?;
    let words: Vec<_> = rest
        .split_once(" in ")
        .map(|(_, list)| list.split_whitespace().take(1_001).collect())
        .unwrap_or_default();
    let plain = |word: &&str| {
        word.chars()
            .all(|c| c.is_alphanumeric() || "%._-".contains(c))
    };
    let known = words.iter().all(plain) && words.len() <= 1_000;
    let words = words.into_iter().map(str::to_owned);
    Some(if known { words.collect() } else { Vec::new() })
}

/// What `sleep` is given: seconds, or a number with `s`, `m` or `h`.
fn slept(text: &str) -> Option<u128> {
    let text = text.trim_matches(['"', '\'']);
    let digits = text.trim_end_matches(['s', 'm', 'h']);
    let number: u32 = digits.parse().ok()?;
    let factor = match &text[digits.len()..] {
        "" | "s" => 1,
        "m" => 60,
        "h" => 3_600,
        _ => return None,
    };
    Some(u128::from(number) * factor * MILLION)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loops_that_go_all_the_way_count() {
        let script = "for share in 10 25 50 75 100; do\n  ./shift \"$share\"\n  sleep 30\ndone\n";
        let wait = Wait {
            steps: 5,
            each: 30 * MILLION,
            first: Some("10".into()),
        };
        assert_eq!(of_script(script), std::slice::from_ref(&wait));
        assert_eq!(wait.whole(), 150 * MILLION);
        let one_line = "for s in 10 25 50 75 100; do ./shift $s; sleep 30s; done";
        assert_eq!(of_script(one_line), [wait]);
        for retry in [
            "for i in 1 2 3; do\n  curl x && break\n  sleep 10\ndone",
            "for i in 1 2 3; do\n  if up; then exit 0; fi\n  sleep 10\ndone",
            "for i in $(seq 1 5); do\n  sleep 10\ndone",
            "for i in 1 2 3; do\n  sleep \"$pause\"\ndone",
            "for i in 1 2 3; do\n  echo\ndone\nsleep 5",
        ] {
            assert_eq!(of_script(retry), [], "{retry}");
        }
    }
}
