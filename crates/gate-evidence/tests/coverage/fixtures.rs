//! Reports that real tools wrote for us; the commands are in the README beside each.
#![allow(clippy::disallowed_methods, reason = "tests read files")]

use std::path::{Path, PathBuf};

use gate_evidence::coverage::{self, Coverage};

use crate::ratio;

fn fixture(path: &str) -> Coverage {
    let coverage = parsed(path);
    assert_eq!((coverage.skipped, coverage.notes.len()), (0, 0), "{path}");
    coverage
}

fn parsed(path: &str) -> Coverage {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/coverage");
    let bytes = std::fs::read(root.join(path)).expect("the fixture is there");
    let format = coverage::sniff(&bytes).expect("the format is recognised");
    assert!(
        path.split('/').next() == Some(format.name),
        "{path} is read as {}",
        format.name
    );
    crate::read(format.name, bytes).expect("the fixture is a sound report")
}

#[test]
fn lcov_of_gcc() {
    let totals = fixture("lcov/gcc-1.16/lcov.info").totals();
    assert_eq!(
        (totals.lines, totals.branches, totals.functions),
        (ratio(10, 15), ratio(4, 8), ratio(2, 3))
    );
}

#[test]
fn coverage_py_says_the_same_in_both_formats() {
    let (lcov, xml) = (
        fixture("lcov/coverage-py/coverage.lcov"),
        fixture("cobertura/coverage-py/coverage.xml"),
    );
    assert_eq!(lcov.totals().lines, ratio(7, 10));
    assert_eq!(lcov.totals().branches, ratio(4, 6));
    assert_eq!(xml.totals().lines, lcov.totals().lines);
    assert_eq!(xml.totals().branches, lcov.totals().branches);
    assert_eq!(
        lcov.files["shop/basket.py"].lines,
        xml.files["shop/basket.py"].lines
    );
    assert_eq!(lcov.totals().functions, ratio(1, 2));
    assert_eq!(xml.sources, ["/src/app-py"]);
}

#[test]
fn go_counts_what_go_tool_cover_counts() {
    for mode in ["count", "set"] {
        let totals = fixture(&format!("go_profile/{mode}/coverage.out")).totals();
        assert_eq!(totals.statements, ratio(6, 9)); // `go tool cover -func`: 66.7%
    }
}

#[test]
fn jacoco_counts_what_its_report_counts() {
    let coverage = fixture("jacoco/maven/jacoco.xml");
    let totals = coverage.totals();
    assert_eq!(
        (totals.lines, totals.branches, totals.functions),
        (ratio(10, 13), ratio(4, 8), ratio(3, 5))
    );
    assert!(coverage.files.contains_key("com/example/shop/Basket.java"));
}

#[test]
fn coverage_py_says_in_json_what_it_says_in_lcov() {
    let coverage = fixture("coverage_py/format-3/coverage.json");
    let totals = coverage.totals();
    assert_eq!(
        (totals.lines, totals.statements),
        (ratio(14, 17), ratio(14, 17))
    );
    assert_eq!(
        (totals.branches, totals.functions),
        (ratio(6, 8), ratio(3, 4))
    );
    let functions = coverage.files["shop/basket.py"].functions.iter();
    let functions: Vec<_> = functions
        .map(|(key, &calls)| (key.line, key.name.as_str(), calls))
        .collect();
    assert_eq!(
        functions,
        [
            (1, "total", 1),
            (11, "receipt", 0),
            (18, "Basket.__init__", 1),
            (24, "Basket.empty", 1)
        ]
    );
    assert_eq!(coverage.files["shop/basket.py"].ignored.len(), 2);
}

#[test]
fn old_coverage_py_lists_more_lines_than_it_counts_and_that_is_said() {
    let coverage = parsed("coverage_py/format-2/coverage.json");
    let totals = coverage.totals();
    assert_eq!(
        (totals.lines, totals.branches),
        (ratio(15, 18), ratio(7, 12))
    );
    assert_eq!(
        coverage.notes,
        ["the report states 17 statements and holds 18"]
    );
}

#[test]
fn istanbul_counts_what_its_summary_counts() {
    let (report, summary) = (
        fixture("istanbul/nyc/coverage-final.json"),
        fixture("istanbul_summary/nyc/coverage-summary.json"),
    );
    assert_eq!(report.totals(), summary.totals());
    for (path, file) in &summary.files {
        assert_eq!(report.files[path].totals(), file.totals(), "{path}");
    }
    assert!(report.files["/src/app-js/unused.js"].placeholder);
    let totals = fixture("istanbul/c8/coverage-final.json").totals();
    assert_eq!(
        (totals.lines, totals.statements),
        (ratio(22, 29), ratio(22, 29))
    );
    assert_eq!(
        (totals.branches, totals.functions),
        (ratio(4, 10), ratio(2, 4))
    );
}

#[test]
fn jacoco_modules_keep_their_files_apart() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/coverage");
    let bytes = std::fs::read(root.join("jacoco/maven-modules/jacoco.xml")).expect("the fixture");
    let coverage = crate::read("jacoco", bytes).expect("a sound report");
    assert_eq!(
        coverage.notes,
        ["`com/example/shop/Rules.java` is in 2 groups: each has the group's name in front"]
    );
    // the sums of `jacoco.csv`
    let totals = coverage.totals();
    assert_eq!(
        (totals.lines, totals.branches, totals.functions),
        (ratio(10, 14), ratio(3, 8), ratio(7, 9))
    );
    let file = |path: &str| coverage.files[path].totals().lines;
    assert_eq!(file("com/example/shop/Basket.java"), ratio(5, 6));
    assert_eq!(file("basket/com/example/shop/Rules.java"), ratio(1, 1));
    assert_eq!(file("receipt/com/example/shop/Rules.java"), ratio(2, 4));
}

#[test]
fn gcovr_says_the_same_in_both_formats_and_as_lcov() {
    let (cobertura, clover) = (
        fixture("cobertura/gcovr/coverage.xml"),
        fixture("clover/gcovr/clover.xml"),
    );
    let totals = cobertura.totals();
    assert_eq!(
        (totals.lines, totals.branches, totals.functions),
        (ratio(10, 15), ratio(4, 8), ratio(2, 3))
    );
    assert_eq!(clover.totals().lines, totals.lines);
    assert_eq!(
        clover.files["basket.c"].lines,
        cobertura.files["basket.c"].lines
    );
    let lcov = fixture("lcov/gcc-1.16/lcov.info");
    let of_lcov = lcov.files.values().next().expect("one file");
    assert_eq!(of_lcov.lines, cobertura.files["basket.c"].lines);
}

#[test]
fn istanbul_says_the_same_in_both_formats() {
    let cobertura = fixture("cobertura/nyc/cobertura-coverage.xml");
    let clover = fixture("clover/nyc/clover.xml");
    let totals = cobertura.totals();
    assert_eq!(
        (totals.lines, totals.branches, totals.functions),
        (ratio(6, 8), ratio(3, 6), ratio(1, 2))
    );
    assert_eq!(
        (clover.totals().lines, clover.totals().branches),
        (totals.lines, totals.branches)
    );
    let (clover, cobertura) = (
        &clover.files["/src/app-nyc/basket.js"],
        &cobertura.files["basket.js"],
    );
    assert_eq!(
        (&clover.lines, &clover.fractions),
        (&cobertura.lines, &cobertura.fractions)
    );
}

#[test]
fn simplecov_counts_what_it_prints_for_both_suites() {
    let totals = fixture("simplecov/two-suites/resultset.json").totals();
    assert_eq!(
        (totals.lines, totals.branches),
        (ratio(11, 22), ratio(3, 9))
    );
}

#[test]
fn gcov_says_the_same_in_json_and_text() {
    for (json, text, lines, branches, functions) in [
        (
            "gcc-12/basket.gcov.json",
            "gcc-12/basket.c.gcov",
            ratio(10, 15),
            ratio(4, 8),
            ratio(2, 3),
        ),
        (
            "templates/inst.gcov.json",
            "templates/inst.cc.gcov",
            ratio(10, 10),
            ratio(6, 10),
            ratio(7, 7),
        ),
    ] {
        let json = fixture(&format!("gcov_json/{json}"));
        let text = fixture(&format!("gcov_text/{text}"));
        for totals in [json.totals(), text.totals()] {
            assert_eq!(
                (totals.lines, totals.branches, totals.functions),
                (lines, branches, functions)
            );
        }
        let both = json.files.values().zip(text.files.values());
        for (json, text) in both {
            assert_eq!((&json.lines, &json.branches), (&text.lines, &text.branches));
        }
    }
}

#[test]
fn llvm_cov_has_the_lines_of_its_lcov_export_and_the_rest_of_its_summary() {
    let coverage = fixture("llvm_cov/clang/coverage.json");
    let file = |name: &str| coverage.files[&format!("/src/app-cc/{name}")].totals();
    let (header, source) = (file("price.h"), file("shop.cc"));
    assert_eq!((header.lines, source.lines), (ratio(6, 9), ratio(22, 22)));
    assert_eq!(
        (source.regions, source.functions, source.branches),
        (ratio(19, 23), ratio(2, 3), ratio(8, 14))
    );
    // both instances of a template cover what none of them does alone
    assert_eq!(
        (header.regions, header.functions, header.branches),
        (ratio(4, 5), ratio(1, 2), ratio(2, 2))
    );
    let totals = fixture("llvm_cov/mcdc/coverage.json").totals();
    assert_eq!(
        (totals.lines, totals.regions, totals.functions),
        (ratio(10, 10), ratio(13, 14), ratio(2, 2))
    );
    assert_eq!(
        (totals.branches, totals.conditions),
        (ratio(7, 12), ratio(1, 5))
    );
    let totals = fixture("llvm_cov/rustc/coverage.json").totals();
    assert_eq!(
        (totals.lines, totals.regions, totals.functions),
        (ratio(18, 22), ratio(25, 35), ratio(3, 5))
    );
    let totals = fixture("llvm_cov/summary-only/coverage.json").totals();
    assert_eq!(
        (totals.lines, totals.regions, totals.functions),
        (ratio(27, 32), ratio(22, 28), ratio(3, 5))
    );
    assert_eq!(totals.branches, ratio(9, 16));
}

#[test]
fn every_fixture_says_how_it_was_made() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/coverage");
    let mut cases = 0;
    for format in std::fs::read_dir(root).expect("fixtures").flatten() {
        assert!(coverage::format(&format.file_name().to_string_lossy()).is_some());
        for case in std::fs::read_dir(format.path()).expect("cases").flatten() {
            assert!(
                case.path().join("README.md").is_file(),
                "{}",
                case.path().display()
            );
            cases += 1;
        }
    }
    assert!(cases >= 11);
}

#[test]
fn no_report_tells_more_than_the_table_says_of_its_format() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/coverage");
    let mut reports = 0;
    for format in coverage::FORMATS {
        for case in std::fs::read_dir(root.join(format.name))
            .into_iter()
            .flatten()
        {
            for file in std::fs::read_dir(case.expect("a case").path()).expect("files") {
                let bytes = std::fs::read(file.expect("a file").path()).unwrap_or_default();
                if coverage::sniff(&bytes).map(|format| format.name) != Some(format.name) {
                    continue;
                }
                let totals = crate::read(format.name, bytes).expect("a report").totals();
                let units = [
                    totals.lines,
                    totals.branches,
                    totals.functions,
                    totals.statements,
                    totals.regions,
                ];
                for (ratio, known) in units.iter().zip(format.known) {
                    let told = ratio.total > 0;
                    assert!(
                        !told || known != coverage::Known::No,
                        "{}: {ratio:?}",
                        format.name
                    );
                }
                reports += 1;
            }
        }
    }
    assert!(reports >= 20, "{reports}");
}
