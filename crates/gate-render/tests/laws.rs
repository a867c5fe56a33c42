//! What holds for every verdict, whatever its strings say.

mod common;

use gate_render::{
    TextOptions, annotations, badge_json, badge_svg, comment_markdown, decision_markdown,
    decision_text, discord, headline, html, issue_title, markdown, plain, recovery_markdown, slack,
    text, unpublished_markdown,
};
use gate_verdict::{
    Code, Decision, DecisionDoc, EdgeState, Enforcement, Graph, Level, NodeState, Status, Verdict,
    past_name,
};
use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use quick_xml::Reader;
use quick_xml::events::Event as Xml;

/// Strings that try to get out, mixed with whatever there is.
fn strings() -> impl Strategy<Value = String> {
    let parts = prop_oneof![
        Just(String::from(common::HOSTILE)),
        proptest::sample::select(vec![
            "`",
            "``",
            "|",
            "\\",
            "\\|",
            "\n",
            "\r\n",
            "::",
            "##[",
            "#",
            "#1",
            "@a",
            "<",
            "<b>",
            "&",
            "&amp;",
            "\"",
            "'",
            "](",
            "![",
            "](x)",
            "http://a",
            "https:",
            "//",
            "www.",
            "w",
            "ww",
            ".a",
            "*",
            "**",
            "_",
            "~~",
            "-",
            "1.",
            " ",
            "\t",
            "\u{1b}[0m",
            "\u{202e}",
            "\u{2028}",
            "\u{a0}",
            "\u{feff}",
            "]]>",
            "<!--",
            "-->",
            "</script>",
            "</style>",
            "```",
            "GH-1",
            "a",
            "é",
            "🙂",
        ])
        .prop_map(String::from),
        any::<String>(),
    ];
    proptest::collection::vec(parts, 0..6).prop_map(|parts| parts.concat())
}

const NODE_STATES: [NodeState; 5] = [
    NodeState::Missing,
    NodeState::Broken,
    NodeState::Cycle,
    NodeState::Orphan,
    NodeState::Ok,
];
const EDGE_STATES: [EdgeState; 3] = [EdgeState::Broken, EdgeState::Cycle, EdgeState::Ok];

fn verdicts() -> impl Strategy<Value = Verdict> {
    let texts = proptest::collection::vec(strings(), 10);
    let status = proptest::sample::select(Status::ALL.to_vec());
    let decision = proptest::sample::select(Decision::ALL.to_vec());
    (texts, status, decision, 0_usize..30).prop_map(|(texts, status, decision, findings)| {
        let mut v = common::verdict(&texts[0], status, decision);
        v.environment = Some(texts[1].clone());
        v.subject.commit = Some(texts[2].clone());
        v.criteria = vec![common::told(
            common::criterion(
                &texts[2],
                status,
                Enforcement::Advisory,
                &texts[3],
                &texts[4],
            ),
            Code::Unknown,
            &texts[5],
            Some(&texts[6]),
        )];
        v.findings = (0..findings)
            .map(|at| {
                let line = u32::try_from(at).expect("small");
                let text = &texts[at % texts.len()];
                let mut f = common::finding(text, &texts[2], Level::Error, &texts[7], line);
                f.message.clone_from(&texts[8]);
                f.fix = Some(text.clone());
                f
            })
            .collect();
        v.notices = vec![texts[9].clone(), texts[5].clone()];
        // Earlier measurements, and what only looks like them.
        let commit = "0a".repeat(20);
        for (day, text) in (1..).zip(&texts) {
            let at = format!("2026-01-{day:02}T00:00:00Z");
            let value = if day % 3 == 0 {
                text.clone()
            } else {
                format!("{}.5", day * 9)
            };
            v.metrics
                .insert(past_name("line_coverage", &at, &commit), value.clone());
            v.metrics
                .insert(past_name(text, &at, &commit), value.clone());
            v.metrics.insert(text.clone(), value);
        }
        v.metrics
            .insert(String::from("line_coverage"), String::from("75.00"));
        v.graph = Some(Graph {
            nodes: texts
                .iter()
                .zip(NODE_STATES.iter().cycle())
                .map(|(text, state)| common::node(text, *state))
                .collect(),
            edges: (texts.iter().zip(&texts[3..]).zip(&texts[1..]))
                .zip(EDGE_STATES.iter().cycle())
                .map(|(((from, to), kind), state)| common::edge(from, to, kind, *state))
                .collect(),
            left_out: findings as u64,
        });
        v.seal().expect("sealed");
        v
    })
}

fn decision_over(v: &Verdict) -> DecisionDoc {
    let mut d = common::decision(v.decision, v.status, &[(v, Enforcement::Mandatory)]);
    d.environment.clone_from(&v.environment);
    d.reasons = vec![common::reason(
        &v.gate,
        Some(&v.criteria[0].id),
        Code::Unknown,
        &v.notices[0],
    )];
    d.notices.clone_from(&v.notices);
    d.seal().expect("sealed");
    d
}

/// Neither a control character nor a workflow command gets through.
fn check_log_safe(text: &str) {
    for c in text.chars() {
        let bidi = matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}');
        assert!(c == '\n' || !(c.is_control() || bidi), "{c:?} in {text:?}");
    }
    assert!(!text.contains("##["), "{text}");
    assert!(
        !text.lines().any(|line| line.trim_start().starts_with("::")),
        "{text}"
    );
}

/// No markup but ours, and nothing in prose that GitHub links or pings.
fn check_markdown(text: &str) {
    check_log_safe(text);
    let mut prose = String::new();
    let mut in_code = 0;
    for event in Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH) {
        match event {
            Event::Start(Tag::CodeBlock(_)) => in_code += 1,
            Event::End(TagEnd::CodeBlock) => in_code -= 1,
            Event::InlineHtml(tag) if &*tag == "<code>" => in_code += 1,
            Event::InlineHtml(tag) if &*tag == "</code>" => in_code -= 1,
            Event::Start(
                Tag::Link { .. } | Tag::Image { .. } | Tag::Strikethrough | Tag::Emphasis,
            )
            | Event::Html(_)
            | Event::InlineHtml(_) => panic!("{event:?} in {text}"),
            Event::Text(part) if in_code == 0 => prose.push_str(&part),
            Event::Code(_) | Event::SoftBreak | Event::End(_) => prose.push('\n'),
            _ => {}
        }
    }
    assert_eq!(in_code, 0, "{text}");
    let lower = prose.to_lowercase();
    assert!(!lower.contains("://") && !lower.contains("www."), "{prose}");
    let chars: Vec<char> = prose.chars().collect();
    for pair in chars.windows(2) {
        assert!(!(pair[0] == '@' && pair[1].is_alphanumeric()), "{prose}");
        assert!(!(pair[0] == '#' && pair[1].is_ascii_digit()), "{prose}");
    }
}

/// No mention and no address in text that is shown as it is.
fn check_letters(text: &str) {
    assert!(!text.contains("://"), "{text}");
    let chars: Vec<char> = text.chars().collect();
    for pair in chars.windows(2) {
        assert!(!(pair[0] == '@' && pair[1].is_alphanumeric()), "{text}");
    }
}

/// Well-formed, and of our elements and attributes only: nothing loads or runs.
fn check_page(page: &str) {
    const ATTRIBUTES: &[&str] = &[
        "aria-hidden",
        "aria-label",
        "aria-labelledby",
        "aria-live",
        "autocomplete",
        "charset",
        "class",
        "content",
        "cx",
        "cy",
        "d",
        "data-gate",
        "data-label",
        "data-level",
        "focusable",
        "height",
        "hidden",
        "href",
        "http-equiv",
        "id",
        "lang",
        "markerHeight",
        "markerUnits",
        "markerWidth",
        "name",
        "open",
        "orient",
        "placeholder",
        "preserveAspectRatio",
        "r",
        "refX",
        "refY",
        "role",
        "rx",
        "scope",
        "tabindex",
        "type",
        "value",
        "viewBox",
        "width",
        "x",
        "y",
    ];
    const ELEMENTS: &[&str] = &[
        "a", "b", "body", "button", "circle", "code", "dd", "desc", "details", "div", "dl", "dt",
        "footer", "form", "h1", "h2", "h3", "h4", "head", "header", "html", "input", "label", "li",
        "main", "marker", "meta", "ol", "option", "p", "path", "pre", "rect", "script", "section",
        "select", "small", "span", "style", "summary", "svg", "symbol", "table", "tbody", "td",
        "text", "th", "thead", "title", "tr", "ul", "use",
    ];
    let mut reader = Reader::from_str(page);
    let (mut scripts, mut styles) = (0, 0);
    loop {
        match reader.read_event().expect("well-formed") {
            Xml::Start(tag) | Xml::Empty(tag) => {
                let name = tag.name().as_ref().to_owned();
                assert!(ELEMENTS.contains(&name.as_str()), "{name}");
                scripts += usize::from(name == "script");
                styles += usize::from(name == "style");
                for attribute in tag.attributes() {
                    let attribute = attribute.expect("a quoted attribute");
                    let key = attribute.key.as_ref().to_owned();
                    assert!(ATTRIBUTES.contains(&key.as_str()), "{key}");
                    assert!(key != "href" || attribute.value.starts_with('#'));
                }
            }
            Xml::Comment(_) | Xml::CData(_) | Xml::PI(_) => panic!("not ours"),
            Xml::Eof => break,
            _ => {}
        }
    }
    assert_eq!((scripts, styles), (1, 1));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn markdown_is_inert_and_within_its_budget(v in verdicts(), budget in 0_usize..9_000) {
        let one = markdown(&v, budget);
        prop_assert!(one.len() <= budget);
        check_markdown(&one);
        let d = decision_over(&v);
        let all = decision_markdown(&d, std::slice::from_ref(&v), budget);
        prop_assert!(all.len() <= budget);
        check_markdown(&all);
        check_markdown(&markdown(&v, 1 << 20));
    }

    #[test]
    fn text_is_safe_in_a_terminal_and_in_a_log(v in verdicts()) {
        let opts = TextOptions { max_findings: 7, color: false };
        check_log_safe(&text(&v, opts));
        check_log_safe(&decision_text(&decision_over(&v), std::slice::from_ref(&v)));
        for annotation in annotations(&v) {
            check_log_safe(&annotation.title);
            check_log_safe(&annotation.message);
            prop_assert!(annotation.message.len() <= 16_000);
        }
    }

    #[test]
    fn what_is_told_elsewhere_is_inert_and_within_its_limits(v in verdicts(), budget in 0_usize..9_000, max in 20_usize..300) {
        let d = decision_over(&v);
        let all = std::slice::from_ref(&v);
        let comment = comment_markdown(&d, all, None, budget);
        prop_assert!(comment.len() <= budget);
        check_markdown(&comment);
        check_markdown(&comment_markdown(&d, all, None, 65_536));
        check_markdown(&recovery_markdown(&d, None));
        check_markdown(&unpublished_markdown(&[v.notices[0].clone(), v.gate.clone()]));
        for title in [headline(&d, all, max), issue_title(&d, max), plain(&v.notices[0], max)] {
            prop_assert!(title.chars().count() <= max);
            check_log_safe(&title);
            check_letters(&title);
        }
        common::check_chats(&slack(&d, all, None), &discord(&d, all, None));
    }

    #[test]
    fn pages_and_badges_are_well_formed_and_load_nothing(v in verdicts()) {
        let d = decision_over(&v);
        let page = html(&d, std::slice::from_ref(&v));
        check_page(&page);
        prop_assert_eq!(page, html(&d, std::slice::from_ref(&v)));
    }
}

#[test]
fn the_hostile_samples_are_inert() {
    let (d, v) = common::hostile_decision();
    check_page(&html(&d, &v));
    check_markdown(&decision_markdown(&d, &v, 1 << 20));
    check_markdown(&markdown(&v[0], 1 << 20));
    let page = html(&d, &v);
    assert!(!page.contains("<img") && !page.contains("alert(1)</script>"));
    for resource in ["url(", "@import", "src=", "href=\"http"] {
        let outside = page.replace("&lt;img src=x", "").replace("url(#", "");
        assert!(!outside.contains(resource), "{resource}");
    }
}

#[test]
fn badges_are_well_formed() {
    for decision in Decision::ALL {
        let d = common::decision(decision, Status::Pass, &[]);
        let svg = badge_svg(&d);
        let mut reader = Reader::from_str(&svg);
        while !matches!(reader.read_event().expect("well-formed"), Xml::Eof) {}
        let json: serde_json::Value = serde_json::from_str(&badge_json(&d)).expect("JSON");
        assert_eq!(json["schemaVersion"], 1);
        assert_eq!(json["label"], "gates");
        assert!(svg.contains(json["message"].as_str().expect("a message")));
    }
}

#[test]
fn what_is_not_shown_is_counted() {
    let v = common::truncated();
    assert_eq!((v.findings.len(), v.findings_total), (1_000, 1_200));
    let d = common::decision(
        Decision::Block,
        Status::Fail,
        &[(&v, Enforcement::Mandatory)],
    );
    let page = html(&d, std::slice::from_ref(&v));
    assert_eq!(page.matches("data-level=\"").count(), 500);
    assert!(page.contains("700 more not shown here, see <code>coverage-api.services.verdict.json"));
    let opts = TextOptions {
        max_findings: 3,
        color: false,
    };
    assert!(text(&v, opts).contains("1,197 more, see coverage-api.services.verdict.json"));
    let summary = markdown(&v, 5_000);
    let shown = summary.matches("services/api/src/lib.rs").count();
    assert!(shown > 20);
    assert!(
        summary.contains(&format!("{} more not shown", 1_200 - shown).replacen(
            '1',
            "1,",
            usize::from(1_200 - shown >= 1_000)
        ))
    );
}

/// The first line is what scripts look for: what failed or could not judge has
/// not passed, although it may bind nothing; an override lifts it.
#[test]
fn the_first_line_never_calls_missing_evidence_a_pass() {
    let opts = TextOptions {
        max_findings: 0,
        color: false,
    };
    for decision in Decision::ALL {
        for status in Status::ALL {
            let good = !matches!(status, Status::Fail | Status::Error);
            let word = match decision {
                Decision::Allow if good => "PASSED",
                Decision::AllowWithOverride => "PASSED",
                _ => "FAILED",
            };
            let v = common::verdict("coverage", status, decision);
            let first = text(&v, opts);
            assert_eq!(
                first.lines().next(),
                Some(format!("QUALITY GATE {word}: coverage").as_str())
            );
        }
    }
}

/// A failed criterion without findings is still annotated, before its level's
/// findings; one with findings is not said twice.
#[test]
fn every_failed_criterion_is_annotated_once() {
    let all = annotations(&common::no_evidence());
    let titles: Vec<(&str, Level)> = all.iter().map(|a| (a.title.as_str(), a.level)).collect();
    assert_eq!(
        titles,
        [
            ("security: high_vulnerabilities", Level::Warning),
            ("security: command_succeeds", Level::Note)
        ]
    );
    assert!(all.iter().all(|a| a.path.is_none() && a.line.is_none()));
    let all = annotations(&common::failing());
    assert_eq!(all.len(), 4);
    assert_eq!(all[0].path.as_deref(), Some("src/pay/refund.rs"));
    assert_eq!((all[0].line, all[0].end_column), (Some(120), Some(9)));
}
