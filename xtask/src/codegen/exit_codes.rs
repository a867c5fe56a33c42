//! `docs/reference/exit-codes.md`: the table that the binaries exit by,
//! computed with the function they exit by.

use super::page::Page;
use gate_verdict::{Decision, FailOn};
use std::fmt::Write as _;

const LEVELS: [(&str, FailOn); 4] = [
    ("require_approval", FailOn::RequireApproval),
    ("block", FailOn::Block),
    ("error", FailOn::Error),
    ("never", FailOn::Never),
];

pub(crate) fn page() -> Page {
    let mut body = String::from("| `--fail-on` |");
    for decision in Decision::ALL {
        let _ = write!(body, " `{decision}` |");
    }
    let _ = write!(body, "\n|---|{}\n", "---|".repeat(Decision::ALL.len()));
    for (name, level) in LEVELS {
        let default = if level == FailOn::default() {
            " (default)"
        } else {
            ""
        };
        let _ = write!(body, "| `{name}`{default} |");
        for decision in Decision::ALL {
            let (without, with) = (
                decision.exit_code(level, false),
                decision.exit_code(level, true),
            );
            let _ = if without == with {
                write!(body, " {without} |")
            } else {
                write!(
                    body,
                    " {without}, or {with} where a mandatory criterion is `error` |"
                )
            };
        }
        body.push('\n');
    }
    body.push_str(
        "\nExit code 2 passes through every level. It means that nothing could be decided: bad flags (no verdict is\n\
         written), a policy that does not parse, a failure or panic of the engine, or a signal to stop; each of these\n\
         leaves a verdict with status `error`.\n\n\
         `--fail-on` changes the exit code and never the verdict.\n\n\
         `gatewright doctor` decides nothing: it exits with 0 whatever it finds, under `--strict` with 1 where it finds\n\
         anything, and with 2 where flags or policy do not parse. `gatewright init` exits with 0 where it wrote or printed a\n\
         policy, else with 2.\n",
    );
    Page {
        title: String::from("Exit codes"),
        summary: String::from(
            "What the exit code of a gate, of `gatewright run` and of `quality-gate` says",
        ),
        body,
    }
}
