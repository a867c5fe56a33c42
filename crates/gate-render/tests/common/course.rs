//! A coverage gate whose figures have a course.

use super::{criterion, decision, told, verdict};
use gate_verdict::{
    Code, Decision, DecisionDoc, Enforcement, Observed, Status, Verdict, past_name, sha256_hex,
};

/// Line and branch coverage of earlier commits, in hundredths.
const BEFORE: [(u32, u32); 24] = [
    (7120, 6010),
    (7133, 6010),
    (7133, 6044),
    (7190, 6100),
    (7204, 6100),
    (7388, 6350),
    (7391, 6350),
    (7391, 6349),
    (7402, 6349),
    (7150, 6120),
    (7155, 6120),
    (7410, 6400),
    (7433, 6400),
    (7502, 6555),
    (7544, 6555),
    (7544, 6600),
    (7601, 6604),
    (7601, 6604),
    (7655, 6700),
    (7650, 6690),
    (7788, 6810),
    (7802, 6833),
    (7802, 6833),
    (7815, 6850),
];

fn percent(hundredths: u32) -> String {
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

pub(crate) fn measured() -> Verdict {
    let mut v = verdict("coverage", Status::Fail, Decision::Block);
    let mut line = told(
        criterion(
            "line_coverage_drop",
            Status::Fail,
            Enforcement::Mandatory,
            "",
            "<= 0.5pp",
        ),
        Code::RequirementNotMet,
        "76.90% (769 of 1,000 lines) now, 78.15% (1563 of 2,000 lines) in the base, as recorded at 2026-11-20T08:00:00Z",
        Some("add tests that reach what did not run, first of all what the change touches"),
    );
    line.observed = Some(Observed {
        value: Some("1.25".into()),
        unit: Some("pp".into()),
        text: "1.25pp".into(),
        ..Observed::default()
    });
    v.criteria = vec![line];
    for (at, (line, branch)) in (1..).zip(BEFORE) {
        let commit = &sha256_hex(&[at])[..40];
        let at = format!("2026-10-{at:02}T09:30:00Z");
        for (figure, value) in [("line_coverage", line), ("branch_coverage", branch)] {
            v.metrics
                .insert(past_name(figure, &at, commit), percent(value));
        }
    }
    v.metrics.insert("line_coverage".into(), "76.90".into());
    v.metrics.insert("branch_coverage".into(), "68.00".into());
    v.metrics.insert("function_coverage".into(), "81.00".into());
    v.seal().expect("sealed");
    v
}

pub(crate) fn course() -> (DecisionDoc, Vec<Verdict>) {
    let verdicts = vec![measured()];
    let mut d = decision(
        Decision::Block,
        Status::Fail,
        &[(&verdicts[0], Enforcement::Mandatory)],
    );
    d.reasons = vec![super::reason(
        "coverage",
        Some("line_coverage_drop"),
        Code::RequirementNotMet,
        "line coverage falls by 1.25pp",
    )];
    d.seal().expect("sealed");
    (d, verdicts)
}
