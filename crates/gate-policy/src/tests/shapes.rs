//! Settings with structure: every shape, what is wrong with it and where.

use super::{catalogue, lines};
use crate::catalogue::{Catalogue, SettingSpec};
use crate::load::{Check, Source, load};
use crate::policy::Policy;
use crate::shape::{Field, KeyShape, Shape};
use crate::{MAX_ENTRIES, MAX_REGEXES, regex};
use proptest::prelude::*;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

/// The catalogue of the tests, its integrity gate with these settings.
pub(super) fn with_settings() -> Catalogue {
    let edge = Shape::Record(vec![
        Field::required("name", "how it is called", Shape::String),
        Field::required(
            "kind",
            "what to look for",
            Shape::choice(["element", "link"]),
        ),
        Field::optional("pattern", "what it looks like", Shape::Regex),
        Field::optional("paths", "where", Shape::GlobList),
    ]);
    let used = Shape::Record(vec![
        Field::required("kind", "what", Shape::choice(["tag", "regex", "link"])),
        Field::required(
            "pattern",
            "how",
            Shape::by(
                "kind",
                [
                    ("tag", Shape::like("[a-z]+@[a-z]+", "use@file")),
                    ("regex", Shape::Capture),
                ],
            ),
        ),
        Field::one_of("max", "at most", Shape::Integer),
        Field::one_of("min", "at least", Shape::Integer),
    ]);
    let suppressed = Shape::Record(vec![
        Field::required("rule", "which rule", Shape::String),
        Field::required("reason", "why", Shape::String),
        Field::optional("expires", "until when", Shape::Date),
    ]);
    let mut catalogue = catalogue();
    let settings = [
        ("base", Shape::Path),
        ("modules", Shape::GlobList),
        ("glob", Shape::Glob),
        ("edges", Shape::list(edge)),
        ("suppress", Shape::list(suppressed)),
        ("slugs", Shape::by_glob(Shape::choice(["github", "gitlab"]))),
        (
            "words",
            Shape::MapOf {
                keys: KeyShape::Any,
                values: Box::new(Shape::list(Shape::Integer)),
            },
        ),
        ("used", Shape::list(used)),
        ("free", Shape::Any),
    ];
    if let Some(kind) = catalogue.kinds.get_mut("integrity") {
        kind.settings = settings
            .into_iter()
            .map(|(name, shape)| {
                let summary = format!("the {name} of the tests");
                (name.to_owned(), SettingSpec { summary, shape })
            })
            .collect();
    }
    catalogue
}

/// A policy whose integrity gate has these lines as settings.
pub(super) fn read(settings: &str) -> Result<Policy, Vec<String>> {
    let text = format!("version: 1\ngates:\n  integrity:\n{settings}");
    let source = Source {
        path: "gates.yml".into(),
        bytes: text.as_bytes(),
    };
    load(&[source], &with_settings(), Check::All).map_err(|errors| lines(&errors))
}

pub(super) fn right(settings: &str) -> Policy {
    read(settings).unwrap_or_else(|errors| panic!("{settings}: {errors:#?}"))
}

#[track_caller]
fn wrong(settings: &str, expected: &[&str]) {
    let errors = read(settings).expect_err(settings);
    assert_eq!(errors, expected, "{settings}");
}

pub(super) const EDGES: &str = "    edges:
      - {name: uses, kind: element, pattern: \"^[a-z]+$\", paths: [\"prompts/**\"]}
      - {name: sees, kind: link}
";

#[test]
fn what_is_checked_reads_back_without_checking_again() {
    let policy = right(EDGES);
    let edges = policy.gates["integrity"].settings["edges"].items();
    let names: Vec<_> = edges.iter().map(|edge| edge.text_of("name")).collect();
    assert_eq!(names, [Some("uses"), Some("sees")]);
    assert_eq!(edges[0].texts_of("paths"), ["prompts/**"]);
    assert_eq!(edges[1].texts_of("paths"), [""; 0]);
    assert_eq!(edges[0].position.to_string(), "gates.yml:5:9");

    let policy = right("    slugs: {\"docs/**\": gitlab}\n    words: {a: [1, 2]}\n");
    let settings = &policy.gates["integrity"].settings;
    assert_eq!(settings["slugs"].text_of("docs/**"), Some("gitlab"));
    let words: Vec<_> = settings["words"]
        .pairs()
        .into_iter()
        .map(|(key, value)| (key, value.items()[1].as_u64()))
        .collect();
    assert_eq!(words, [("a", Some(2))]);
}

/// A value of another form than the reader wants is nothing, never a panic.
#[test]
fn reading_is_total() {
    let policy = right("    free: {n: 3, yes: true, t: a, l: [a, [b], c], e: }\n");
    let free = &policy.gates["integrity"].settings["free"];
    assert_eq!((free.u64_of("n"), free.u64_of("t")), (Some(3), None));
    assert_eq!((free.bool_of("yes"), free.bool_of("l")), (Some(true), None));
    assert_eq!((free.text_of("e"), free.text_of("none")), (None, None));
    assert_eq!(free.texts_of("l"), ["a", "c"]);
    assert_eq!((free.items().len(), free.pairs().len()), (0, 5));
    let text = &free.pairs()[2];
    assert_eq!((text.0, text.1.pairs().len()), ("t", 0));
    assert_eq!(text.1.texts(), [""; 0]);
}

#[test]
fn a_record_names_what_is_unknown_missing_or_there_twice() {
    wrong(
        "    edges:\n      - {name: uses, knd: link}\n",
        &[
            "gates.yml:5:9: found no `kind` in `edges`; add `kind`: one of `element`, `link`",
            "gates.yml:5:22: unknown key `knd` in `edges`; did you mean `kind`?",
        ],
    );
    wrong(
        "    edges: [{name: a, kind: link, name: b}]\n",
        &[
            "gates.yml:4:35: found the key `name` twice in one map; remove one; the first is at gates.yml:4:14",
        ],
    );
    wrong(
        "    edges: [{name: a, kind: lnk}]\n",
        &["gates.yml:4:29: found `lnk` under `kind`; did you mean `link`?"],
    );
    wrong(
        "    edges: [uses]\n",
        &[
            "gates.yml:4:13: found `uses` under `edges`; expected a map with the keys `name`, `kind`, `pattern`, `paths`",
        ],
    );
    wrong(
        "    edges: {name: a, kind: link}\n",
        &[
            "gates.yml:4:12: found a map under `edges`; expected a list, each entry a map with the keys `name`, `kind`, `pattern`, `paths`",
        ],
    );
    wrong(
        "    edges:\n",
        &[
            "gates.yml:4:10: found nothing under `edges`; expected a list, each entry a map with the keys `name`, `kind`, `pattern`, `paths`",
        ],
    );
    wrong(
        "    suppress: [{rule: broken_link, reason: \" \"}]\n",
        &["gates.yml:4:44: found ` ` under `reason`, which is blank; expected a text"],
    );
}

/// What would silently ask for nothing.
#[test]
fn a_record_says_what_one_key_makes_of_another() {
    let one = |fields: &str| format!("    used: [{{{fields}}}]\n");
    for fields in [
        "kind: tag, pattern: a@b, max: 1",
        "kind: regex, pattern: a(b), min: 1",
        "kind: link, max: 1, min: 1",
    ] {
        right(&one(fields));
    }
    for (fields, expected) in [
        (
            "kind: tag, pattern: ab, max: 1",
            "4:33: found `ab` under `pattern`; expected a text such as `use@file`",
        ),
        (
            "kind: tag, pattern: xa@b1, max: 1",
            "4:33: found `xa@b1` under `pattern`; expected a text such as `use@file`",
        ),
        (
            "kind: regex, pattern: a(?:b), max: 1",
            "4:35: found `a(?:b)` under `pattern`, which has no group, so it finds nothing; expected a regular expression with a group such as `see (\\S+)`",
        ),
        (
            "kind: regex, max: 1",
            "4:12: found no `pattern` in `used`; add `pattern`: a regular expression with a group such as `see (\\S+)`",
        ),
        (
            "kind: link, pattern: a, max: 1",
            "4:25: `pattern` has no meaning with `kind: link`; remove it",
        ),
        (
            "kind: lnk, pattern: a, max: 1",
            "4:19: found `lnk` under `kind`; did you mean `link`?",
        ),
        (
            "kind: link",
            "4:12: found no `max` or `min` in `used`; add one: without any, it asks for nothing",
        ),
    ] {
        wrong(&one(fields), &[&format!("gates.yml:{expected}")]);
    }
}

#[test]
fn maps_check_their_keys_and_their_values() {
    wrong(
        "    slugs: {\"../docs/**\": github, \"docs/**\": githab, \"[\": github}\n",
        &[
            "gates.yml:4:13: found `../docs/**` under `slugs`, which may leave the root; write it relative to the root, with `/` and without `..`",
            "gates.yml:4:46: found `githab` under `docs/**`; did you mean `github`?",
            "gates.yml:4:54: found `[` under `slugs`, which is no glob: unclosed character class; missing ']'; expected a glob such as `src/**`",
        ],
    );
    wrong(
        "    words: {a: [1, x], a: []}\n",
        &[
            "gates.yml:4:20: found `x` under `a`; expected a whole number",
            "gates.yml:4:24: found the key `a` twice in one map; remove one; the first is at gates.yml:4:13",
        ],
    );
    wrong(
        "    slugs: [github]\n",
        &[
            "gates.yml:4:12: found a list under `slugs`; expected a map of globs, each to one of `github`, `gitlab`",
        ],
    );
}

#[test]
fn a_regular_expression_compiles_within_bounds() {
    let pattern = |text: &str| {
        read(&format!(
            "    edges: [{{name: a, kind: link, pattern: '{text}'}}]\n"
        ))
    };
    for text in ["component", "(?i)^[\\w:-]+$", "a{3}"] {
        assert!(pattern(text).is_ok(), "{text}");
        assert!(regex(text).is_ok(), "{text}");
    }
    for (text, why) in [
        (
            "(",
            "found `(` under `pattern`: unclosed group; expected a regular expression",
        ),
        (
            "**",
            "found `**` under `pattern`: repetition operator missing expression; expected a regular expression",
        ),
        (
            "(a)\\1",
            "found `(a)\\1` under `pattern`: backreferences are not supported; expected a regular expression",
        ),
        (
            "(\\w{50}){50}",
            "found `(\\w{50}){50}` under `pattern`: it needs more than 1048576 bytes when compiled; expected a regular expression",
        ),
    ] {
        let errors = pattern(text).expect_err(text);
        assert_eq!(errors, [format!("gates.yml:4:44: {why}")], "{text}");
    }
}

#[test]
fn days_are_days_of_the_calendar() {
    let expires = |text: &str| {
        read(&format!(
            "    suppress: [{{rule: r, reason: w, expires: {text}}}]\n"
        ))
    };
    for day in ["2027-01-31", "2028-02-29", "2000-02-29", "\"2027-12-01\""] {
        assert!(expires(day).is_ok(), "{day}");
    }
    for day in [
        "2027-02-29",
        "2100-02-29",
        "2027-04-31",
        "2027-13-01",
        "2027-00-10",
        "2027-01-00",
        "2027-1-1",
        "20270101",
        "2027-01-01T00:00:00Z",
        "+027-01-01",
        "２027-01-1",
        "soon",
    ] {
        let errors = expires(day).expect_err(day);
        assert_eq!(
            errors,
            [format!(
                "gates.yml:4:46: found `{day}` under `expires`, which is no day of the calendar; expected a day such as `2027-01-31`"
            )]
        );
    }
}

#[test]
fn a_path_has_one_spelling_and_stays_within_the_root() {
    for path in [".", "docs", "docs/api", ".github/skills", "a b/ü.md", "..."] {
        assert!(read(&format!("    base: \"{path}\"\n")).is_ok(), "{path}");
    }
    for path in [
        "/docs",
        "docs/",
        "./docs",
        "docs/./a",
        "docs//a",
        "../a",
        "docs/../..",
        "C:/a",
        "c:a",
        "a\\\\b",
        "..",
        "/",
        "a\\nb",
    ] {
        let errors = read(&format!("    base: \"{path}\"\n")).expect_err(path);
        assert!(
            errors[0].starts_with("gates.yml:4:11: found ")
                && errors[0].contains(
                    "under `base`, which is no path within the root; write it relative to the root"
                ),
            "{errors:?}"
        );
    }
    wrong(
        "    base: [docs]\n",
        &[
            "gates.yml:4:11: found a list under `base`; expected a path relative to the root such as `docs/api`",
        ],
    );
    wrong(
        "    glob: /docs\n",
        &[
            "gates.yml:4:11: found `/docs` under `glob`, which may leave the root; write it relative to the root, with `/` and without `..`",
        ],
    );
    wrong(
        "    modules: [docs, [a]]\n",
        &["gates.yml:4:21: found a list under `modules`; expected a glob such as `src/**`"],
    );
}

#[test]
fn lists_and_maps_are_bounded() {
    let list = |count: usize| format!("    modules: [{}]\n", "a, ".repeat(count));
    right(&list(MAX_ENTRIES));
    wrong(
        &list(MAX_ENTRIES + 1),
        &["gates.yml:4:3015: found more than 1000 entries under `modules`; remove some"],
    );
    let map = |count: usize| {
        let mut text = String::from("    slugs:\n");
        for index in 0..count {
            let _ = writeln!(text, "      d{index}: github");
        }
        text
    };
    right(&map(MAX_ENTRIES));
    wrong(
        &map(MAX_ENTRIES + 1),
        &["gates.yml:1005:7: found more than 1000 entries under `slugs`; remove some"],
    );
}

/// The costliest regular expressions that are allowed, over several gates.
#[test]
fn regular_expressions_are_bounded_in_size_and_number() {
    // The largest repetition of a class whose tables are large.
    let repeated = |times: u32| format!("\\w{{{times}}}");
    let largest = (1..1_000).take_while(|times| regex(&repeated(*times)).is_ok());
    let pattern = repeated(largest.last().expect("one `\\w` compiles"));
    assert!(regex(&"a".repeat(1_000)).is_ok());
    assert_eq!(
        regex(&"a".repeat(1_001)).map(drop),
        Err("it is longer than 1000 bytes".into())
    );
    let gates = |count: usize| {
        let edge = format!("      - {{name: a, kind: link, pattern: '{pattern}'}}\n");
        let half = edge.repeat(count / 2);
        format!("    edges:\n{half}  docs:\n    kind: integrity\n    edges:\n{half}")
    };
    let start = Instant::now();
    right(&gates(MAX_REGEXES));
    wrong(
        &gates(MAX_REGEXES + 2),
        &[
            "gates.yml:108:40: found more than 100 regular expressions in one policy; remove some",
            "gates.yml:109:40: found more than 100 regular expressions in one policy; remove some",
        ],
    );
    assert!(
        start.elapsed() < Duration::from_secs(30),
        "{:?}",
        start.elapsed()
    );
}

proptest! {
    /// Whatever stands where a setting is expected: errors or a policy.
    #[test]
    fn arbitrary_settings_never_panic(name in "(base|modules|glob|edges|suppress|slugs|words|free)", text in "[ -~\\n]{0,80}") {
        let _ = read(&format!("    {name}: {text}\n"));
    }

    /// A path that is right cannot lead out of the root, and is its own
    /// shortest spelling.
    #[test]
    fn a_right_path_is_normal(path in "[a./\\\\:]{1,12}") {
        let quoted = path.replace('\\', "\\\\");
        if read(&format!("    base: \"{quoted}\"\n")).is_ok() && path != "." {
            let normal: Vec<_> = path.split('/').filter(|part| !matches!(*part, "" | "." | "..")).collect();
            prop_assert_eq!(normal.join("/"), path);
        }
    }
}
