//! The positive control: planted secrets, planted content and a planted scanner log have to be found by what looks at the real ones.

use crate::collect::{Facts, InFile, search};
use crate::criteria::TABLE;
use crate::found::Found;
use crate::{malicious, scanners, secrets};
use gate_runner::control::{Planted, judged};
use gate_runner::{Missed, Missing};
use gate_verdict::Code;
use std::fmt::Write as _;

/// The criteria among those asked for that miss what is planted for them.
pub(crate) fn control(asked: &[&str], facts: &Facts) -> Vec<Missed> {
    let missed = asked.iter().filter_map(|&id| match id {
        "secrets_detected" => of_secrets(id, facts),
        "malicious_content" => of_content(id),
        _ if id.ends_with("_vulnerabilities") => of_scanners(id),
        _ => Some(Missed::new(id, "no bad case is planted for it")),
    });
    missed.collect()
}

fn of_secrets(id: &str, facts: &Facts) -> Option<Missed> {
    let tried = secrets::control(|rule| facts.by_name.contains(&rule));
    if let Err(missed) = tried {
        return Some(not_found(id, "secrets", &missed));
    }
    let (path, text) = secrets::planted_file();
    let (mut bad, mut found) = (Facts::new(), InFile::default());
    search(path, text.as_bytes(), &mut found);
    let secrets = found.secrets.iter().map(|hit| Found::secret(path, hit));
    bad.secrets.extend(secrets);
    compared(id, &bad)
}

fn of_content(id: &str) -> Option<Missed> {
    if let Err(missed) = malicious::control() {
        return Some(not_found(id, "content", &missed));
    }
    let (path, text) = malicious::planted_file();
    let (mut bad, mut found) = (Facts::new(), InFile::default());
    search(path, text.as_bytes(), &mut found);
    let content = found.malicious.iter().map(|hit| Found::content(path, hit));
    bad.malicious.extend(content);
    compared(id, &bad)
}

/// One finding of every severity, so that each criterion has one and no other's; and logs that say nothing.
fn of_scanners(id: &str) -> Option<Missed> {
    let mut facts = Facts::new();
    let mut results = String::new();
    for (rule, severity) in [("c", "9.8"), ("h", "7.5"), ("m", "5.0"), ("l", "2.0")] {
        let comma = if results.is_empty() { "" } else { "," };
        let _ = write!(
            results,
            r#"{comma}{{"ruleId":"{rule}","message":{{"text":"planted"}},"properties":{{"security-severity":"{severity}"}}}}"#
        );
    }
    let log = log(&results, true);
    let read = |log: &str| scanners::findings("planted.sarif", log.as_bytes());
    match read(&log) {
        Ok(read) => facts.vulnerabilities = Ok(read.found),
        Err(missing) => return Some(Missed::new(id, missing.reason)),
    }
    let silent = [&log[..log.len() / 2], &self::log(&results, false)];
    if silent.iter().any(|log| read(log).is_ok()) {
        let what = "a planted log that is cut off, or of a scanner that failed, counts as evidence";
        return Some(Missed::new(id, what));
    }
    compared(id, &facts)
}

fn log(results: &str, succeeded: bool) -> String {
    format!(
        r#"{{"version":"2.1.0","runs":[{{"tool":{{"driver":{{"name":"planted"}}}},"invocations":[{{"executionSuccessful":{succeeded}}}],"results":[{results}]}}]}}"#
    )
}

/// Judges what was found in what is planted, beside nothing at all and a search that did not end.
fn compared(id: &str, bad: &Facts) -> Option<Missed> {
    let gap = || Missing::new(Code::Incomplete, "planted", "");
    let nothing = Facts {
        secrets_gap: Some(gap()),
        malicious_gap: Some(gap()),
        vulnerabilities: Err(gap()),
        ..Facts::new()
    };
    let planted = Planted {
        bad: &[bad],
        good: &Facts::new(),
        nothing: &nothing,
    };
    let criterion = TABLE.iter().find(|criterion| criterion.id == id);
    judged(criterion?, &planted)
}

fn not_found(id: &str, what: &str, rules: &[&str]) -> Missed {
    let rules = rules.join(", ");
    Missed::new(
        id,
        format!("planted {what} not found, or look-alikes reported, by: {rules}"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_criterion_finds_what_is_planted_for_it() {
        let built = TABLE.iter().filter(|criterion| criterion.judge.is_some());
        let ids: Vec<&str> = built.map(|criterion| criterion.id).collect();
        let mut facts = Facts::new();
        facts.by_name = (0..secrets::rules().len()).collect();
        assert_eq!(control(&ids, &facts), []);
    }

    #[test]
    fn a_criterion_without_a_planted_case_is_missed() {
        assert_eq!(control(&["hijacked"], &Facts::new()).len(), 1);
    }
}
