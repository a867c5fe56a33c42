//! The page of measured coverage. `GATEWRIGHT_BLESS=1 cargo test -p gate-render` rewrites what is
//! expected.
#![allow(
    clippy::disallowed_methods,
    reason = "tests read files and the environment"
)]

mod common;

use gate_render::{Covered, CoveredFile, Line, Source, coverage_html};
use gate_verdict::Ratio;
use quick_xml::Reader;
use quick_xml::events::Event;
use std::fs;
use std::path::PathBuf;

fn file(path: &str, covered: u64, total: u64) -> CoveredFile<'_> {
    CoveredFile {
        path,
        lines: Ratio::new(covered, total),
        branches: Ratio::new(1, 2),
        functions: Ratio::new(0, 0),
        is_changed: false,
    }
}

fn line(number: u32, hits: u64, branches: Option<(u64, u64)>) -> Line {
    Line {
        number,
        hits: Some(hits),
        branches: branches.map(|(taken, all)| Ratio::new(taken, all)),
    }
}

fn source(text: &str, lines: Vec<Line>) -> Source {
    Source {
        text: Ok(text.to_owned()),
        lines,
        changed: Vec::new(),
    }
}

fn page(files: Vec<CoveredFile<'_>>, read: &mut dyn FnMut(&str) -> Source) -> String {
    let subject = common::subject();
    let covered = Covered {
        gate: "coverage",
        subject: &subject,
        has_base: true,
        files,
    };
    let page = coverage_html(&covered, read);
    check(&page);
    page
}

/// Well-formed, of known parts only, with one script, and with links to itself only.
fn check(page: &str) {
    const ATTRIBUTES: &str = " aria-hidden aria-label aria-labelledby autocomplete charset class content cx cy d data-changed \
        data-label fill focusable height hidden href http-equiv id lang markerHeight markerUnits markerWidth name open orient \
        placeholder preserveAspectRatio r refX refY role rx scope spellcheck tabindex type viewBox width x y ";
    let mut reader = Reader::from_str(page);
    let mut scripts = 0;
    loop {
        match reader.read_event().expect("well-formed") {
            Event::Start(tag) | Event::Empty(tag) => {
                scripts += usize::from(tag.name().as_ref() == "script");
                assert!(!["img", "iframe", "object", "link"].contains(&tag.name().as_ref()));
                for attribute in tag.attributes() {
                    let attribute = attribute.expect("a quoted attribute");
                    let key = attribute.key.as_ref().to_owned();
                    assert!(ATTRIBUTES.contains(&format!(" {key} ")), "{key}");
                    assert!(key != "href" || attribute.value.starts_with('#'));
                }
            }
            Event::Comment(_) | Event::CData(_) | Event::PI(_) => panic!("not ours"),
            Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(scripts, 1);
    assert!(page.len() <= 5_000_000, "{}", page.len());
}

#[test]
fn a_small_project_byte_for_byte() {
    let text = "fn add(a: i32, b: i32) -> i32 {\n\ta + b\n}\n\n// nothing\nif a && b < c {\n    log(\"<b>\");\n}\n";
    let changed = CoveredFile {
        is_changed: true,
        ..file("src/math.rs", 2, 4)
    };
    let files = vec![
        changed,
        file("src/api/orders.rs", 1, 9),
        file("build.rs", 3, 3),
        file("assets/font.bin", 0, 1),
        CoveredFile {
            branches: Ratio::new(0, 0),
            ..file("old.c", 0, 0)
        },
    ];
    let found = page(files, &mut |path| match path {
        "src/math.rs" => Source {
            changed: vec![(5, 7)],
            ..source(
                text,
                vec![
                    line(1, 12, None),
                    line(2, 1_234_567, Some((2, 2))),
                    line(6, 3, Some((1, 2))),
                    line(7, 0, None),
                ],
            )
        },
        "src/api/orders.rs" => source("one\n", vec![line(1, 0, None), line(9, 12_345, None)]),
        "assets/font.bin" => Source {
            text: Err("it is no text".into()),
            ..source("", Vec::new())
        },
        _ => source("x\n", vec![line(1, 1, None)]),
    });
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden/coverage.html");
    if std::env::var_os("GATEWRIGHT_BLESS").is_some_and(|value| value == "1") {
        fs::write(&path, &found).expect("golden file written");
    }
    let expected = fs::read_to_string(&path).expect("a golden file");
    assert!(
        expected.replace("\r\n", "\n") == found,
        "coverage.html differs; run with GATEWRIGHT_BLESS=1 and read the difference"
    );
}

#[test]
fn sources_come_in_order_of_what_matters_and_are_asked_for_once() {
    let changed = CoveredFile {
        is_changed: true,
        ..file("changed", 9, 9)
    };
    let files = vec![
        file("good", 9, 9),
        file("bad", 0, 9),
        changed,
        file("worst", 1, 11),
    ];
    let mut asked = Vec::new();
    let page = page(files, &mut |path| {
        asked.push(path.to_owned());
        source("x\n", Vec::new())
    });
    assert_eq!(asked, ["changed", "worst", "bad", "good"]);
    let order = ["worst", "bad", "changed", "good"].map(|path| {
        let row = format!("{path}</a></code>");
        page.find(&row)
            .unwrap_or_else(|| panic!("{path} has no row"))
    });
    assert!(order.is_sorted());
}

#[test]
fn nothing_in_a_source_or_a_path_becomes_markup() {
    let text = format!(
        "{}\n{}\n\u{202e}txt\u{0}",
        common::HOSTILE,
        "</li></ol><script>".repeat(9)
    );
    let page = page(vec![file(common::HOSTILE, 0, 1)], &mut |_| Source {
        changed: vec![(9, 2), (0, 0), (u32::MAX, 1)],
        ..source(
            &text,
            vec![line(1, 0, Some((9, 2))), line(1, 1, None), line(0, 0, None)],
        )
    });
    assert!(!page.contains("<script>alert") && !page.contains("<img"));
    assert!(!page.contains('\u{202e}') && !page.contains('\u{1b}'));
    assert!(page.contains("\\u{202e}txt\\u{0}"), "what hides is shown");
}

#[test]
fn the_page_is_bounded_and_says_what_it_leaves_out() {
    let paths: Vec<String> = (0..30_000)
        .map(|at| format!("src/part{at}/file{at:05}.rs"))
        .collect();
    let files = paths.iter().map(|path| file(path, 1, 9)).collect();
    let mut asked = 0;
    let text = "let quoted = \"&<>'\";\n".repeat(400);
    let page = page(files, &mut |_| {
        asked += 1;
        source(&text, vec![line(1, 1, None)])
    });
    let shown = page.matches("class=\"gate file\"").count();
    assert!(shown > 100 && asked <= shown + 50, "{shown} of {asked}");
    let left = 30_000 - shown;
    let said = format!(
        "Sources of {},{:03} files are not shown",
        left / 1000,
        left % 1000
    );
    assert!(page.contains(&said), "{said}");
    assert!(page.contains(" files are not listed") && page.contains(" folders are not listed"));
}

#[test]
fn long_files_and_lines_are_cut() {
    let text = format!("{}\n{}", "x".repeat(10_000), "y\n".repeat(6_000));
    let page = page(vec![file("a", 0, 1)], &mut |_| source(&text, Vec::new()));
    assert!(page.contains("1,001 more lines are not shown."));
    assert!(!page.contains(&"x".repeat(500)) && page.contains("x…"));
}

#[test]
fn a_source_that_is_shorter_than_its_report_says_so() {
    let lines = vec![line(1, 1, None), line(2, 0, None), line(7, 0, None)];
    let page = page(vec![file("a", 1, 3)], &mut |_| source("x\n", lines.clone()));
    assert!(page.contains("measure 2 lines behind the end of this file"));
}
