//! The positive control: planted reports, of which a bad one has to fall short, a good one to pass and a cut one to be refused, by
//! the same parsers, paths and judges that the real ones go through.

use crate::base::against;
use crate::collect::Facts;
use crate::criteria::TABLE;
use crate::go_module::GoModule;
use crate::patch::patch;
use crate::paths::Mapper;
use crate::ratchet;
use crate::reading::read;
use crate::settings::{Config, RatchetSetting};
use crate::tests;
use gate_evidence::coverage::Coverage;
use gate_policy::{GatePolicy, Position};
use gate_repo::{ChangeKind, FileChange};
use gate_runner::control::{Planted, judged};
use gate_runner::{Missed, Missing, Report, Selection};
use gate_verdict::{Code, Decimal};
use std::collections::BTreeMap;
use std::path::Path;

const OLD: &str = "src/old";
const NEW: &str = "src/new";
const MODULE: &str = "planted.example/m";

/// How reports are planted: of the old file, or of the old and the new one, all of which ran (1) or nothing (0).
type Write = fn(files: &[&str], ran: u8) -> String;

/// The criteria among those asked for that miss what is planted for them.
pub(crate) fn control(asked: &[&str]) -> Vec<Missed> {
    let policy = GatePolicy::new("planted", "coverage", &Position::built_in());
    let mut config = Config::of(&policy);
    config.expected_suites = vec![String::from("planted")];
    // By the text that they are planted in, each read once.
    let mut worlds: BTreeMap<&str, Result<World, String>> = BTreeMap::new();
    let mut missed = Vec::new();
    for &id in asked {
        let (name, write) = written(id);
        let world = worlds.entry(name).or_insert_with(|| match write {
            Some(write) => World::of_coverage(&config, write),
            None => World::of_tests(&config),
        });
        missed.extend(match world {
            Ok(world) => world.judge(id),
            Err(why) => Some(Missed::new(id, why.clone())),
        });
    }
    missed
}

/// What a criterion's reports are planted in; none: test reports.
fn written(id: &str) -> (&'static str, Option<Write>) {
    if id.contains("test") {
        ("tests", None)
    } else if id.contains("statement") {
        ("statements", Some(go_profile))
    } else if id.contains("region") {
        ("regions", Some(llvm_cov))
    } else {
        ("lines", Some(lcov))
    }
}

/// What planted reports came to.
struct World {
    bad: Vec<Facts>,
    good: Facts,
    nothing: Facts,
}

impl World {
    fn judge(&self, id: &str) -> Option<Missed> {
        let Some(criterion) = TABLE.iter().find(|criterion| criterion.id == id) else {
            return Some(Missed::new(id, "no bad case is planted for it"));
        };
        // What is bad behind the first is so for these only.
        let all = matches!(id, "tests_passed" | "coverage_ratchet");
        let bad: Vec<&Facts> = self
            .bad
            .iter()
            .take(if all { usize::MAX } else { 1 })
            .collect();
        let planted = Planted {
            bad: &bad,
            good: &self.good,
            nothing: &self.nothing,
        };
        judged(criterion, &planted)
    }

    fn of_coverage(config: &Config, write: Write) -> Result<Self, String> {
        let modules = GoModule {
            path: String::from(MODULE),
            folder: String::new(),
        };
        let modules = [&modules];
        let paths = [OLD, NEW];
        let read = |text: &str| {
            let reports = [Report::planted("planted", text)];
            let mut mapper = Mapper::new(paths.into_iter(), Path::new("/planted"), &[], &modules);
            let all = Selection::default();
            let (reading, outcome) = read(&reports, &mut mapper, &all, config, "coverage");
            outcome.map(|()| reading.coverage)
        };
        let whole = write(&paths, 1);
        let cut = &whole[..whole.len() * 3 / 4];
        if read(cut).is_ok() {
            return Err(String::from("a planted report that is cut off was read"));
        }
        let good = read(&whole).map_err(unread)?;
        let bad = read(&write(&paths, 0)).map_err(unread)?;
        let base = read(&write(&paths[..1], 1)).map_err(unread)?;
        let lowered = Facts {
            ratchet: Some(kept("50", "100")),
            ..facts(good.clone(), &base)
        };
        let gap = Missing::new(Code::NoEvidence, "planted", "");
        Ok(Self {
            bad: vec![facts(bad, &base), lowered],
            good: facts(good, &base),
            nothing: Facts {
                coverage: Err(gap.clone()),
                patch: Err(gap.clone()),
                against: Err(gap.clone()),
                ratchet: Some(Err(gap)),
                ..Facts::new()
            },
        })
    }

    fn of_tests(config: &Config) -> Result<Self, String> {
        let mapper = Mapper::new([OLD].into_iter(), Path::new("/planted"), &[], &[]);
        let read = |text: &str| {
            let reports = [Report::planted("planted", text)];
            tests::planted(&reports, config, &mapper)
        };
        let facts = |text: &str| {
            Ok::<_, String>(Facts {
                tests: Ok(read(text).map_err(unread)?),
                ..Facts::new()
            })
        };
        if read(&BAD_TESTS[..BAD_TESTS.len() * 3 / 4]).is_ok() {
            return Err(String::from("a planted report that is cut off was read"));
        }
        // Where a suite is expected, an empty report lacks it, which is a failure; that nothing ran is another case.
        let mut nothing = facts(NO_TEST)?;
        if let Ok(tests) = &mut nothing.tests {
            tests.missing.clear();
        }
        Ok(Self {
            bad: vec![facts(BAD_TESTS)?, facts(OTHER_TESTS)?],
            good: facts(GOOD_TESTS)?,
            nothing,
        })
    }
}

fn unread(missing: Missing) -> String {
    let mut why = missing.reason;
    why.insert_str(0, "a planted report cannot be read: ");
    why
}

/// What a planted change touches, and what the base had.
fn facts(head: Coverage, base: &Coverage) -> Facts {
    let mut changes = [
        FileChange::new(NEW, ChangeKind::Added),
        FileChange::new(OLD, ChangeKind::Modified),
    ];
    changes[0].added_lines.push((1, 3));
    changes[1].added_lines.push((1, 2));
    changes[1].removed_lines.push((1, 2));
    Facts {
        totals: head.totals(),
        patch: Ok(patch(&head, &changes, |_| true, |_| None)),
        against: Ok(against(base, &head, &changes)),
        ratchet: Some(kept("100", "100")),
        coverage: Ok(head),
        ..Facts::new()
    }
}

/// A ratchet file, here and in the base.
fn kept(here: &str, base: &str) -> Result<ratchet::Kept, Missing> {
    let setting = RatchetSetting {
        file: String::from("planted"),
        tolerance: Decimal::ZERO,
        slack: Decimal::ZERO,
    };
    let file = |figure: &str| {
        format!(r#"{{"schema_version":1,"figures":{{"line_coverage":"{figure}"}}}}"#)
    };
    ratchet::written(&setting, file(here).as_bytes(), Some(file(base).as_bytes()))
}

fn lcov(files: &[&str], ran: u8) -> String {
    let file = |file: &&str| {
        format!(
            "SF:{file}\nFN:1,f\nFNDA:{ran},f\nFN:3,g\nFNDA:{ran},g\nDA:1,{ran}\nDA:2,{ran}\nDA:3,{ran}\nBRDA:2,0,0,{ran}\nBRDA:2,0,1,{ran}\nend_of_record\n"
        )
    };
    files.iter().map(file).collect()
}

fn go_profile(files: &[&str], ran: u8) -> String {
    let file = |file: &&str| {
        let row = |line: u8| format!("{MODULE}/{file}:{line}.1,{line}.9 1 {ran}\n");
        [1, 2, 3].map(row).concat()
    };
    let rows: String = files.iter().map(file).collect();
    format!("mode: set\n{rows}")
}

fn llvm_cov(files: &[&str], ran: u8) -> String {
    let listed = |file: &&str| {
        format!(
            r#"{{"filename":"{file}","segments":[[1,1,{ran},true,true,false],[3,9,0,false,false,false]]}}"#
        )
    };
    let function = |file: &&str| {
        format!(
            r#"{{"count":{ran},"filenames":["{file}"],"regions":[[1,1,2,9,{ran},0,0,0],[3,1,3,9,{ran},0,0,0]]}}"#
        )
    };
    let all = |of: &dyn Fn(&&str) -> String| files.iter().map(of).collect::<Vec<_>>().join(",");
    format!(
        r#"{{"data":[{{"files":[{}],"functions":[{}]}}],"type":"llvm.coverage.json.export","version":"2.0.1"}}"#,
        all(&listed),
        all(&function)
    )
}

/// One test that took too long, one that failed, one that passed when repeated, one that was skipped.
const BAD_TESTS: &str = r#"<testsuite name="planted"><testcase classname="c" name="slow" time="3600"/><testcase classname="c" name="flaky" time="1"><flakyFailure message="planted"/></testcase><testcase classname="c" name="skips"><skipped/></testcase><testcase classname="c" name="fails" time="1"><failure message="planted"/></testcase></testsuite>"#;
/// A suite that is expected is not there.
const OTHER_TESTS: &str =
    r#"<testsuite name="other"><testcase classname="c" name="runs" time="0.1"/></testsuite>"#;
const GOOD_TESTS: &str =
    r#"<testsuite name="planted"><testcase classname="c" name="runs" time="0.1"/></testsuite>"#;
const NO_TEST: &str = r#"<testsuite name="planted"></testsuite>"#;

#[cfg(test)]
mod unit {
    use super::*;

    #[test]
    fn every_built_criterion_judges_what_is_planted_for_it() {
        let built = TABLE.iter().filter(|criterion| criterion.judge.is_some());
        let ids: Vec<&str> = built.map(|criterion| criterion.id).collect();
        assert_eq!(control(&ids), []);
    }

    #[test]
    fn a_criterion_without_a_planted_case_is_missed() {
        assert_eq!(control(&["hijacked_coverage"]).len(), 1);
    }

    /// A parser that says nothing, and one that takes what is cut off.
    #[test]
    fn a_dead_parser_is_seen() {
        let policy = GatePolicy::new("planted", "coverage", &Position::built_in());
        let config = Config::of(&policy);
        let same = World::of_coverage(&config, |files, _| lcov(files, 1));
        let missed = same.map(|world| world.judge("line_coverage"));
        assert!(matches!(missed, Ok(Some(_))));
        let short =
            World::of_coverage(&config, |files, ran| lcov(files, ran) + &"# \n".repeat(400));
        assert!(short.is_err());
    }
}
