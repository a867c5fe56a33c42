//! The positive control: planted secrets, planted content and a planted scanner log have to be found by what looks at the real ones.

use crate::collect::{Facts, InFile, search};
use crate::criteria::TABLE;
use crate::found::Found;
use crate::{malicious, scanners, secrets};
use gate_runner::control::{Planted, judged};
use gate_runner::{Missed, Missing};
use gate_verdict::Code;

/// The criteria among those asked for that miss what is planted for them.
pub(crate) fn control(asked: &[&str], facts: &Facts) -> Vec<Missed> {
    let missed = asked.iter().filter_map(|&id| match id {
        "secrets_detected" => of_secrets(id, facts),
        "malicious_content" => of_content(id),
        _ => of_scanners(id),
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
    let secrets = found
        .secrets
        .iter()
        .map(|hit| Found::secret(path, hit, None));
    bad.secrets.extend(secrets);
    compared(id, &bad, &Facts::new())
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
    compared(id, &bad, &Facts::new())
}

/// How grave what is planted is, by the criterion that counts it.
const SEVERITIES: [(&str, &str); 4] = [
    ("critical_vulnerabilities", "9.8"),
    ("high_vulnerabilities", "7.5"),
    ("medium_vulnerabilities", "5.0"),
    ("low_vulnerabilities", "2.0"),
];

/// A finding of the criterion's own severity is bad, those of all others are none of its; and logs that prove nothing.
fn of_scanners(id: &str) -> Option<Missed> {
    let (own, others): (Vec<_>, Vec<_>) = SEVERITIES.iter().partition(|(of, _)| *of == id);
    if own.is_empty() {
        return Some(Missed::new(id, "no bad case is planted for it"));
    }
    let read = |log: &str| scanners::findings("planted.sarif", log.as_bytes());
    let facts = |severities: &[(&str, &str)]| {
        read(&log(severities, true)).map(|read| Facts {
            vulnerabilities: Ok(read.found),
            ..Facts::new()
        })
    };
    let whole = log(&others, true);
    let silent = [&whole[..whole.len() / 2], &log(&others, false)];
    if silent.iter().any(|log| read(log).is_ok()) {
        let what = "a planted log that is cut off, or of a scanner that failed, counts as evidence";
        return Some(Missed::new(id, what));
    }
    match (facts(&own), facts(&others)) {
        (Ok(bad), Ok(good)) => compared(id, &bad, &good),
        (Err(missing), _) | (_, Err(missing)) => Some(Missed::new(id, missing.reason)),
    }
}

fn log(severities: &[(&str, &str)], succeeded: bool) -> String {
    let result = |(rule, severity): &(&str, &str)| {
        format!(
            r#"{{"ruleId":"{rule}","message":{{"text":"planted"}},"properties":{{"security-severity":"{severity}"}}}}"#
        )
    };
    let results: Vec<String> = severities.iter().map(result).collect();
    format!(
        r#"{{"version":"2.1.0","runs":[{{"tool":{{"driver":{{"name":"planted"}}}},"invocations":[{{"executionSuccessful":{succeeded}}}],"results":[{}]}}]}}"#,
        results.join(",")
    )
}

/// Judges what was found in what is planted, beside what is fine and a search that did not end.
fn compared(id: &str, bad: &Facts, good: &Facts) -> Option<Missed> {
    let gap = || Missing::new(Code::Incomplete, "planted", "");
    let nothing = Facts {
        secrets_gap: Some(gap()),
        malicious_gap: Some(gap()),
        vulnerabilities: Err(gap()),
        ..Facts::new()
    };
    let planted = Planted {
        bad: &[bad],
        good,
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
