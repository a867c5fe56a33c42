//! What is attested.

use gate_verdict::{Decision, DecisionDoc, OverrideState};
use serde_json::{Value, json};

pub(super) const STATEMENT: &str = "https://in-toto.io/Statement/v1";
pub(super) const PREDICATE: &str = "https://slsa.dev/verification_summary/v1";
/// The member of the predicate that is ours.
pub(super) const OWN: &str = "gatewright_decision";
/// How digests are named that are not those of a file's bytes: the policy's is
/// over the paths and contents of its files, a verdict's over its canonical form.
pub(super) const POLICY_DIGEST: &str = "gatewrightPolicySha256";
const VERDICT_DIGEST: &str = "gatewrightVerdictSha256";

/// No statement holds for longer than this, whatever it rests on.
const DAYS: i64 = 30;

/// The statement of a decision. What was judged with changes that no commit
/// holds is not attested: its subject would be something else.
pub(super) fn statement(document: &DecisionDoc, server: &str) -> Result<Value, String> {
    let subject = &document.subject;
    if subject.dirty {
        return Err(String::from(
            "tracked files differ from the commit that was judged; commit them, or restore them before the decision",
        ));
    }
    let repository = subject.repository.as_deref();
    let name = repository.unwrap_or("commit");
    let commit = subject.commit.iter();
    let mut subjects: Vec<Value> = commit
        .map(|commit| json!({"name": name, "digest": {"gitCommit": commit}}))
        .collect();
    for (index, artifact) in subject.artifacts.iter().enumerate() {
        let name = format!("artifact-{}", index + 1);
        subjects.push(json!({"name": name, "digest": {"sha256": artifact}}));
    }
    if subjects.is_empty() {
        return Err(String::from(
            "there is no commit and no artifact that it could speak of",
        ));
    }
    let resource = match (repository, &subject.commit) {
        (Some(repository), _) => format!("git+{server}/{repository}"),
        (None, Some(commit)) => format!("git:{commit}"),
        (None, None) => String::from("git:none"),
    };
    let passed = document.decision.allows();
    let level = format!("GATEWRIGHT_{}", document.decision.as_str().to_uppercase());
    let inputs = document.gates.iter().filter_map(|gate| {
        let digest = gate.verdict_digest.as_ref()?;
        let stem = gate_verdict::file_stem(&gate.gate, gate.scope.as_deref(), gate.shard);
        Some(json!({"uri": format!("{stem}.verdict.json"), "digest": {VERDICT_DIGEST: digest}}))
    });
    let mut policy =
        json!({"uri": document.policy.path.as_deref().unwrap_or("gatewright:defaults")});
    if let Some(sha256) = &document.policy.sha256 {
        policy["digest"] = json!({POLICY_DIGEST: sha256});
    }
    let tool = &document.tool;
    let used = document
        .overrides
        .iter()
        .filter(|one| one.state == OverrideState::Used);
    Ok(json!({
        "_type": STATEMENT,
        "subject": subjects,
        "predicateType": PREDICATE,
        "predicate": {
            "verifier": {"id": env!("CARGO_PKG_REPOSITORY"), "version": {tool.name.as_str(): tool.version}},
            "timeVerified": document.as_of,
            "resourceUri": resource,
            "policy": policy,
            "inputAttestations": inputs.collect::<Vec<_>>(),
            "verificationResult": if passed { "PASSED" } else { "FAILED" },
            "verifiedLevels": [if passed { level } else { String::from("FAILED") }],
            OWN: {
                "decision": document.decision,
                "status": document.status,
                "environment": document.environment,
                "expires": expires(document)?,
                "digest": document.digest,
                "ref": subject.git_ref,
                "overrides": used.map(|one| json!({"id": one.id, "gate": one.gate, "expires": one.expires})).collect::<Vec<_>>(),
                "run": document.run.url,
            },
        },
    }))
}

/// When it ends: with the first override that it rests on, at the latest after
/// a month.
fn expires(document: &DecisionDoc) -> Result<String, String> {
    let time = |text: &str| {
        text.parse::<jiff::Timestamp>().map_err(|_| {
            format!("found the time `{text}`, expected one such as 2026-11-21T12:00:00Z")
        })
    };
    let last = time(&document.as_of)?
        .as_second()
        .saturating_add(DAYS * 86_400);
    let mut end = jiff::Timestamp::from_second(last).map_err(|error| error.to_string())?;
    if document.decision == Decision::AllowWithOverride {
        for one in &document.overrides {
            if one.state == OverrideState::Used {
                end = end.min(time(&one.expires)?);
            }
        }
    }
    Ok(end.to_string())
}
