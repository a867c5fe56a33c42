//! Verdicts and decisions written by hand.
#![allow(dead_code, reason = "each test file uses its own part")]

pub(crate) mod course;
mod modules;

pub(crate) use modules::modules;

use gate_verdict::{
    Approval, Approvals, Code, CriterionResult, Decision, DecisionDoc, DecisionKind, EdgeState,
    Enforcement, EvidenceRef, Exemption, Finding, GateOutcome, Graph, GraphEdge, GraphNode, Level,
    Location, NodeState, Observed, Override, PolicyRef, Reason, Required, Run, SCHEMA_VERSION,
    Status, Step, Subject, Tool, Verdict, VerdictKind,
};
use std::collections::BTreeMap;

pub(crate) const HOSTILE: &str = "</td></table><script>alert(1)</script><img src=x onerror=\"alert('1')\">\
 | `code` **bold** [click](https://evil.example/x) ![i](https://evil.example/i.png) https://evil.example www.evil.example\
 @everyone #123 GH-7 a@b.example &lt;x&gt; $x^2$ ~~gone~~ \u{1b}[31mred\u{1b}]8;;https://evil.example\u{7}\u{202e}txt.exe\u{9b}2J\
 ##[add-mask]x <!-- --> ]]> \\| {{ x }} ${{ y }}";

pub(crate) fn subject() -> Subject {
    Subject {
        repository: Some("example/shop".into()),
        commit: Some("4f2d1c9a7be03856d1f0a2b3c4d5e6f708192a3b".into()),
        tree: None,
        git_ref: Some("refs/heads/main".into()),
        base: Some("9a8b7c6d5e4f30211203f4e5d6c7b8a990817263".into()),
        dirty: false,
        artifacts: Vec::new(),
    }
}

pub(crate) fn policy() -> PolicyRef {
    PolicyRef {
        path: Some(".github/gates.yml".into()),
        sha256: Some("ab".repeat(32)),
        revision: None,
        defaults: false,
    }
}

pub(crate) fn tool() -> Tool {
    Tool {
        name: "gatewright".into(),
        version: "0.1.0".into(),
    }
}

pub(crate) fn verdict(gate: &str, status: Status, decision: Decision) -> Verdict {
    Verdict {
        schema_version: SCHEMA_VERSION,
        kind: VerdictKind::Gate,
        gate: gate.into(),
        gate_kind: gate.into(),
        scope: None,
        shard: None,
        status,
        decision,
        subject: subject(),
        environment: Some("production".into()),
        policy: policy(),
        as_of: "2026-11-21T08:00:00Z".into(),
        criteria: Vec::new(),
        findings: Vec::new(),
        findings_total: 0,
        truncated: false,
        graph: None,
        evidence: Vec::new(),
        metrics: BTreeMap::new(),
        exemptions: Vec::new(),
        overrides: Vec::new(),
        notices: Vec::new(),
        tool: tool(),
        digest: String::new(),
        run: Run::default(),
    }
}

pub(crate) fn criterion(
    id: &str,
    status: Status,
    enforcement: Enforcement,
    observed: &str,
    required: &str,
) -> CriterionResult {
    CriterionResult {
        id: id.into(),
        sub_gate: None,
        status,
        enforcement,
        observed: (!observed.is_empty()).then(|| Observed {
            text: observed.into(),
            ..Observed::default()
        }),
        required: (!required.is_empty()).then(|| Required {
            text: required.into(),
            ..Required::default()
        }),
        margin: None,
        sample: None,
        code: None,
        reason: None,
        next_step: None,
        findings: 0,
        evidence: Vec::new(),
    }
}

pub(crate) fn percent(
    mut base: CriterionResult,
    part: u64,
    whole: u64,
    bound: &str,
) -> CriterionResult {
    if let Some(observed) = &mut base.observed {
        observed.numerator = Some(part);
        observed.denominator = Some(whole);
        observed.unit = Some("%".into());
    }
    if let Some(required) = &mut base.required {
        required.op = Some(">=".into());
        required.value = Some(bound.into());
        required.unit = Some("%".into());
    }
    base
}

pub(crate) fn told(
    mut base: CriterionResult,
    code: Code,
    reason: &str,
    next: Option<&str>,
) -> CriterionResult {
    base.code = Some(code);
    base.reason = Some(reason.into());
    base.next_step = next.map(String::from);
    base
}

pub(crate) fn finding(rule: &str, criterion: &str, level: Level, path: &str, line: u32) -> Finding {
    Finding {
        rule: rule.into(),
        criterion: criterion.into(),
        level,
        message: format!("line {line} is not covered by any test"),
        location: Some(Location {
            path: path.into(),
            line: Some(line),
            column: Some(1),
            end_line: Some(line),
            end_column: Some(9),
        }),
        fingerprint: format!("{line:064x}"),
        baseline_state: None,
        fix: None,
    }
}

pub(crate) fn passing() -> Verdict {
    let mut v = verdict("integrity", Status::Pass, Decision::Allow);
    v.criteria = vec![
        criterion(
            "no_broken_links",
            Status::Pass,
            Enforcement::Mandatory,
            "0 of 1,204 links broken",
            "no violations",
        ),
        criterion(
            "no_circular_dependencies",
            Status::Pass,
            Enforcement::Mandatory,
            "0 cycles in 88 modules",
            "no violations",
        ),
        told(
            criterion(
                "no_new_dead_anchors",
                Status::Skip,
                Enforcement::Advisory,
                "",
                "no violations",
            ),
            Code::NoBase,
            "the first commit has no base to compare with",
            None,
        ),
    ];
    v.evidence = vec![EvidenceRef {
        kind: "repository".into(),
        format: None,
        path: None,
        sha256: None,
        tool: None,
        records: 1_312,
        skipped: 0,
        excluded: 12,
    }];
    v.seal().expect("sealed");
    v
}

pub(crate) fn failing() -> Verdict {
    let mut v = verdict("coverage", Status::Fail, Decision::Block);
    v.criteria = vec![
        told(
            percent(
                criterion(
                    "line_coverage",
                    Status::Fail,
                    Enforcement::Mandatory,
                    "78.20 %",
                    ">= 85%",
                ),
                1_564,
                2_000,
                "85",
            ),
            Code::RequirementNotMet,
            "1,564 of 2,000 lines are covered; 136 more are needed for 85 %",
            Some("cover src/cart.rs first: it has 92 of the 436 uncovered lines"),
        ),
        told(
            percent(
                criterion(
                    "branch_coverage",
                    Status::Warn,
                    Enforcement::Advisory,
                    "74.00 %",
                    ">= 70%",
                ),
                740,
                1_000,
                "70",
            ),
            Code::WarnLevelNotMet,
            "74.00 % is met, but short of the level to be told about, 80 %",
            None,
        ),
        percent(
            criterion(
                "patch_line_coverage",
                Status::Pass,
                Enforcement::Mandatory,
                "96.42 %",
                ">= 90%",
            ),
            27,
            28,
            "90",
        ),
    ];
    v.criteria[0].findings = 4;
    v.findings = uncovered();
    v.exemptions = vec![Exemption {
        fingerprint: format!("{:064x}", 3),
        who: "dana".into(),
        why: "generated by the currency table".into(),
        approved_by: vec!["lee".into()],
        expires: Some("2027-01-31".into()),
        scope: None,
    }];
    v.evidence = vec![EvidenceRef {
        kind: "coverage".into(),
        format: Some("lcov".into()),
        path: Some("coverage/lcov.info".into()),
        sha256: Some("cd".repeat(32)),
        tool: Some("cargo-llvm-cov".into()),
        records: 2_000,
        skipped: 0,
        excluded: 310,
    }];
    v.metrics = BTreeMap::from([("line_coverage".into(), "78.20".into())]);
    v.notices = vec!["generated/** is left out as the policy says: 310 lines".into()];
    v.seal().expect("sealed");
    v
}

fn uncovered() -> Vec<Finding> {
    let mut findings = vec![
        finding(
            "uncovered-line",
            "line_coverage",
            Level::Warning,
            "src/cart.rs",
            41,
        ),
        finding(
            "uncovered-line",
            "line_coverage",
            Level::Warning,
            "src/cart.rs",
            7,
        ),
        finding(
            "uncovered-function",
            "line_coverage",
            Level::Error,
            "src/pay/refund.rs",
            120,
        ),
        finding(
            "uncovered-line",
            "line_coverage",
            Level::Note,
            "src/money.rs",
            3,
        ),
    ];
    findings[1].baseline_state = Some("unchanged".into());
    findings[2].message = "fn refund_all is never called by a test".into();
    findings[2].fix = Some("add a test that calls refund_all".into());
    findings
}

pub(crate) fn node(id: &str, state: NodeState) -> GraphNode {
    GraphNode {
        id: id.into(),
        state,
        label: None,
    }
}

pub(crate) fn edge(from: &str, to: &str, kind: &str, state: EdgeState) -> GraphEdge {
    GraphEdge {
        from: from.into(),
        to: to.into(),
        kind: kind.into(),
        state,
    }
}

pub(crate) fn referring() -> Verdict {
    let mut v = verdict("integrity", Status::Fail, Decision::Block);
    v.criteria = vec![told(
        criterion(
            "all_referenced_modules_exist",
            Status::Fail,
            Enforcement::Mandatory,
            "5 violations",
            "true",
        ),
        Code::RequirementNotMet,
        "5 of 24 module references lead nowhere",
        Some("create the module or correct the reference"),
    )];
    v.graph = Some(modules());
    v.seal().expect("sealed");
    v
}

pub(crate) fn no_evidence() -> Verdict {
    let mut v = verdict("security", Status::Error, Decision::RequireApproval);
    v.criteria = vec![
        told(
            criterion(
                "high_vulnerabilities",
                Status::Error,
                Enforcement::Advisory,
                "",
                "0",
            ),
            Code::NoEvidence,
            "no report matches reports/audit/*.sarif (looked at 1,312 tracked files)",
            None,
        ),
        criterion(
            "secrets_detected",
            Status::Pass,
            Enforcement::Mandatory,
            "0",
            "0",
        ),
        told(
            criterion(
                "command_succeeds",
                Status::Fail,
                Enforcement::Informational,
                "exit code 2",
                "exit code 0",
            ),
            Code::CommandFailed,
            "npm audit\n```\nfound 3 issues\n::error::not a command of ours\n",
            None,
        ),
    ];
    v.seal().expect("sealed");
    v
}

pub(crate) fn hostile() -> Verdict {
    let mut v = verdict(HOSTILE, Status::Fail, Decision::Block);
    v.environment = Some(HOSTILE.into());
    v.scope = Some("::error::scope".into());
    v.criteria = vec![told(
        criterion(
            HOSTILE,
            Status::Fail,
            Enforcement::Mandatory,
            HOSTILE,
            HOSTILE,
        ),
        Code::Unknown,
        &format!("{HOSTILE}\n::stop-commands::x\n{HOSTILE}"),
        Some(HOSTILE),
    )];
    v.criteria[0].sub_gate = Some("`".into());
    let mut bad = finding(
        HOSTILE,
        HOSTILE,
        Level::Error,
        "::error file=x::a\nb|`c\\",
        1,
    );
    bad.message = HOSTILE.into();
    bad.fix = Some(HOSTILE.into());
    let mut long = finding("r", HOSTILE, Level::Note, &"deep/".repeat(400), 1);
    long.message = "w".repeat(20_000);
    v.findings = vec![bad, long];
    v.notices = vec![HOSTILE.into()];
    v.metrics = BTreeMap::from([(HOSTILE.into(), HOSTILE.into())]);
    v.evidence = vec![EvidenceRef {
        kind: HOSTILE.into(),
        format: Some(HOSTILE.into()),
        path: Some(HOSTILE.into()),
        sha256: None,
        tool: None,
        records: 1,
        skipped: 0,
        excluded: 0,
    }];
    v.exemptions = vec![Exemption {
        fingerprint: HOSTILE.into(),
        who: HOSTILE.into(),
        why: HOSTILE.into(),
        approved_by: vec![HOSTILE.into()],
        expires: Some(HOSTILE.into()),
        scope: None,
    }];
    v.graph = Some(Graph {
        nodes: vec![
            node(HOSTILE, NodeState::Broken),
            node("::error::x", NodeState::Missing),
            node(&"deep/".repeat(400), NodeState::Cycle),
            node("", NodeState::Orphan),
        ],
        edges: vec![
            edge(HOSTILE, "::error::x", HOSTILE, EdgeState::Broken),
            edge(HOSTILE, HOSTILE, "", EdgeState::Cycle),
        ],
        left_out: u64::MAX,
    });
    if let Some(first) = v.graph.as_mut().and_then(|graph| graph.nodes.first_mut()) {
        first.label = Some(HOSTILE.into());
    }
    v.seal().expect("sealed");
    v
}

pub(crate) fn truncated() -> Verdict {
    let mut v = verdict("coverage-api", Status::Fail, Decision::Block);
    v.scope = Some("services".into());
    v.criteria = vec![told(
        criterion(
            "line_coverage",
            Status::Fail,
            Enforcement::Mandatory,
            "12.00 %",
            ">= 85%",
        ),
        Code::RequirementNotMet,
        "12.00 % is covered, 85 % is required",
        Some("cover the files named below"),
    )];
    v.criteria[0].findings = 1_200;
    v.findings = (1..=1_200)
        .map(|line| {
            let level = if line % 10 == 0 {
                Level::Error
            } else {
                Level::Warning
            };
            finding(
                "uncovered-line",
                "line_coverage",
                level,
                "services/api/src/lib.rs",
                line,
            )
        })
        .collect();
    v.seal().expect("sealed");
    v
}

pub(crate) fn decision(
    decision: Decision,
    status: Status,
    verdicts: &[(&Verdict, Enforcement)],
) -> DecisionDoc {
    DecisionDoc {
        schema_version: SCHEMA_VERSION,
        kind: DecisionKind::Decision,
        status,
        decision,
        subject: subject(),
        environment: Some("production".into()),
        policy: policy(),
        as_of: "2026-11-21T08:00:00Z".into(),
        gates: verdicts
            .iter()
            .map(|(v, enforcement)| GateOutcome {
                gate: v.gate.clone(),
                scope: v.scope.clone(),
                shard: v.shard,
                status: v.status,
                enforcement: *enforcement,
                missing: false,
                verdict_digest: Some(v.digest.clone()),
            })
            .collect(),
        reasons: Vec::new(),
        overrides: Vec::new(),
        approvals: None,
        chain: Vec::new(),
        way: Vec::new(),
        notices: Vec::new(),
        tool: tool(),
        digest: String::new(),
        run: Run::default(),
    }
}

pub(crate) fn reason(gate: &str, criterion: Option<&str>, code: Code, text: &str) -> Reason {
    Reason {
        gate: gate.into(),
        criterion: criterion.map(String::from),
        code,
        text: text.into(),
    }
}

/// Blocked: one gate failed, one left no verdict, one could not be judged.
pub(crate) fn blocked() -> (DecisionDoc, Vec<Verdict>) {
    let verdicts = vec![passing(), failing(), no_evidence()];
    let mut d = decision(
        Decision::Block,
        Status::Fail,
        &[
            (&verdicts[0], Enforcement::Mandatory),
            (&verdicts[1], Enforcement::Mandatory),
            (&verdicts[2], Enforcement::Advisory),
        ],
    );
    d.gates.push(GateOutcome {
        gate: "performance".into(),
        scope: None,
        shard: None,
        status: Status::Error,
        enforcement: Enforcement::Mandatory,
        missing: true,
        verdict_digest: None,
    });
    d.reasons = vec![
        reason(
            "coverage",
            Some("line_coverage"),
            Code::RequirementNotMet,
            "78.20 % of lines are covered, >= 85% is required",
        ),
        reason(
            "performance",
            None,
            Code::MissingVerdict,
            "performance is mandatory in production and left no verdict",
        ),
        reason(
            "security",
            Some("high_vulnerabilities"),
            Code::NoEvidence,
            "no report matches reports/audit/*.sarif",
        ),
    ];
    d.notices = vec!["the policy names the gate usability, which no environment lists".into()];
    d.seal().expect("sealed");
    (d, verdicts)
}

/// Blocked by what refers to nothing and in circles.
pub(crate) fn neighbourhood() -> (DecisionDoc, Vec<Verdict>) {
    let verdicts = vec![referring()];
    let mut d = decision(
        Decision::Block,
        Status::Fail,
        &[(&verdicts[0], Enforcement::Mandatory)],
    );
    d.reasons = vec![reason(
        "integrity",
        Some("all_referenced_modules_exist"),
        Code::RequirementNotMet,
        "5 of 24 module references lead nowhere",
    )];
    d.seal().expect("sealed");
    (d, verdicts)
}

pub(crate) fn allowed() -> (DecisionDoc, Vec<Verdict>) {
    let verdicts = vec![passing()];
    let mut d = decision(
        Decision::Allow,
        Status::Pass,
        &[(&verdicts[0], Enforcement::Mandatory)],
    );
    d.seal().expect("sealed");
    (d, verdicts)
}

pub(crate) fn overridden() -> (DecisionDoc, Vec<Verdict>) {
    let verdicts = vec![passing(), failing()];
    let mut d = decision(
        Decision::AllowWithOverride,
        Status::Fail,
        &[
            (&verdicts[0], Enforcement::Mandatory),
            (&verdicts[1], Enforcement::Mandatory),
        ],
    );
    d.overrides = vec![Override {
        gate: "coverage".into(),
        criterion: None,
        who: "dana".into(),
        why: "the refund rewrite lands on Monday with its tests".into(),
        approved_by: vec!["lee".into()],
        expires: "2026-11-24T00:00:00Z".into(),
        id: Some("OV-12".into()),
        ticket: Some("OPS-7".into()),
        observed: Some("line_coverage 81.2%".into()),
        note: Some("lifts `coverage/line_coverage`".into()),
        ..Override::default()
    }];
    d.chain = vec![
        "allowed by an override for environment `production`".into(),
        "gate `coverage` is mandatory: listed as mandatory by environment `production`".into(),
    ];
    d.seal().expect("sealed");
    (d, verdicts)
}

pub(crate) fn approval() -> (DecisionDoc, Vec<Verdict>) {
    let verdicts = vec![passing(), no_evidence()];
    let mut d = decision(
        Decision::RequireApproval,
        Status::Error,
        &[
            (&verdicts[0], Enforcement::Mandatory),
            (&verdicts[1], Enforcement::Advisory),
        ],
    );
    d.reasons = vec![reason(
        "security",
        Some("high_vulnerabilities"),
        Code::NoEvidence,
        "no report matches reports/audit/*.sarif",
    )];
    d.approvals = Some(Approvals {
        required: 2,
        given: vec![
            Approval {
                who: "dana".into(),
                source: "review".into(),
                counts: false,
                note: Some("wrote the change".into()),
            },
            Approval {
                who: "lee".into(),
                source: "review".into(),
                counts: true,
                note: None,
            },
        ],
    });
    d.way = vec![Step {
        gate: "policy".into(),
        criterion: None,
        text: "1 more person to approve (1 of 2); not who wrote the change".into(),
    }];
    d.seal().expect("sealed");
    (d, verdicts)
}

pub(crate) fn hostile_decision() -> (DecisionDoc, Vec<Verdict>) {
    let verdicts = vec![hostile()];
    let mut d = decision(
        Decision::Block,
        Status::Fail,
        &[(&verdicts[0], Enforcement::Mandatory)],
    );
    d.environment = Some(HOSTILE.into());
    d.as_of = HOSTILE.into();
    d.subject.repository = Some(HOSTILE.into());
    d.subject.commit = Some("`|<b>".into());
    d.subject.git_ref = Some(HOSTILE.into());
    d.policy.path = Some(HOSTILE.into());
    d.policy.sha256 = Some(HOSTILE.into());
    d.tool.name = HOSTILE.into();
    d.reasons = vec![reason(HOSTILE, Some(HOSTILE), Code::Unknown, HOSTILE)];
    d.overrides = vec![Override {
        gate: HOSTILE.into(),
        criterion: Some(HOSTILE.into()),
        who: HOSTILE.into(),
        why: HOSTILE.into(),
        approved_by: vec![HOSTILE.into()],
        expires: HOSTILE.into(),
        id: Some(HOSTILE.into()),
        ticket: Some(HOSTILE.into()),
        note: Some(HOSTILE.into()),
        ..Override::default()
    }];
    d.chain = vec![HOSTILE.into(); 3];
    d.way = vec![Step {
        gate: HOSTILE.into(),
        criterion: Some(HOSTILE.into()),
        text: HOSTILE.into(),
    }];
    d.approvals = Some(Approvals {
        required: 1,
        given: vec![Approval {
            who: HOSTILE.into(),
            source: HOSTILE.into(),
            counts: false,
            note: Some(HOSTILE.into()),
        }],
    });
    d.notices = vec![HOSTILE.into()];
    d.seal().expect("sealed");
    (d, verdicts)
}

/// Slack's and Discord's limits, and that nothing of others is markup there.
pub(crate) fn check_chats(slack: &serde_json::Value, discord: &serde_json::Value) {
    let length = |text: &serde_json::Value| {
        let text = text.as_str().expect("a text");
        assert!(!text.is_empty());
        text.encode_utf16().count()
    };
    assert!(slack.to_string().len() <= 13_200);
    let blocks = slack["blocks"].as_array().expect("blocks");
    assert!(blocks.len() <= 50);
    for block in blocks {
        let is_header = block["type"] == "header";
        assert!(length(&block["text"]["text"]) <= if is_header { 150 } else { 3_000 });
        if block["text"]["type"] == "mrkdwn" {
            assert_eq!(
                block["text"]["text"],
                "<https://e.invalid/runs/1|The run with all files>"
            );
        }
    }
    assert!(!slack["text"].as_str().expect("a text").contains(['<', '>']));

    assert_eq!(
        discord["allowed_mentions"],
        serde_json::json!({"parse": []})
    );
    assert!(discord.get("content").is_none());
    let embed = &discord["embeds"][0];
    let fields = embed["fields"].as_array().expect("fields");
    assert!(fields.len() <= 25);
    let mut all = length(&embed["title"]) + length(&embed["description"]);
    assert!(length(&embed["title"]) <= 256 && length(&embed["description"]) <= 4_096);
    for field in fields {
        assert!(length(&field["name"]) <= 256 && length(&field["value"]) <= 1_024);
        all += length(&field["name"]) + length(&field["value"]);
    }
    assert!(all <= 6_000, "{all}");
    // A backslash makes the bracket text; in JSON it is two.
    let shown = discord["embeds"].to_string().replace("\\\\<", "");
    assert!(!shown.contains("<@") && !shown.contains("@e"), "{shown}");
}
