//! Real reports of other projects, where the environment variable `GATEWRIGHT_CORPUS` names them.
#![allow(clippy::disallowed_methods, reason = "tests read files")]

use std::path::PathBuf;

use gate_evidence::ReportErrorKind;
use gate_evidence::coverage::{self, Coverage, Totals};

use crate::ratio;

#[expect(clippy::print_stderr, reason = "a test that skips says so")]
fn corpus() -> Option<PathBuf> {
    let folder = std::env::var_os("GATEWRIGHT_CORPUS").map(PathBuf::from);
    if folder.is_none() {
        eprintln!("SKIPPED: set GATEWRIGHT_CORPUS to the folder of real reports to run this test");
    }
    folder
}

fn parse(path: &std::path::Path) -> Coverage {
    let bytes = std::fs::read(path).expect("the corpus is readable");
    let format = coverage::sniff(&bytes).unwrap_or_else(|| panic!("{}", path.display()));
    crate::read(format.name, bytes).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn totals_of_real_reports() {
    let Some(corpus) = corpus() else { return };
    let lines =
        |covered, total| move |totals: Totals| assert_eq!(totals.lines, ratio(covered, total));
    let check = |path: &str, test: &dyn Fn(Totals)| test(parse(&corpus.join(path)).totals());
    // this one states 7809 of 7815 and leaves out files that two source roots name alike
    check("coverage/cobertura/coverage.xml", &lines(7706, 7712));
    let notes = parse(&corpus.join("coverage/cobertura/coverage.xml")).notes;
    assert_eq!(notes, ["the report states 7815 lines and holds 7712"]);
    // lines-covered and lines-valid of the reports themselves
    check("coverage/cobertura/coverage.gcovr.xml", &|totals| {
        assert_eq!(
            (totals.lines, totals.branches),
            (ratio(345, 572), ratio(100, 252))
        );
    });
    check(
        "coverage/cobertura/coverage.simplecov.xml",
        &lines(350, 362),
    );
    check("coverage/cobertura/Cobertura_coverlet.xml", &|totals| {
        assert_eq!(
            (totals.lines, totals.branches),
            (ratio(156, 255), ratio(9, 14))
        );
    });
    // LF, LH, FNF, FNH, BRF, BRH of the reports
    check("diffs/real_cpp_coverage.lcov", &|totals| {
        assert_eq!(
            (totals.lines, totals.functions),
            (ratio(27, 28), ratio(5, 5))
        );
    });
    check("diffs/real_typescript_coverage.lcov", &|totals| {
        assert_eq!(
            (totals.lines, totals.branches, totals.functions),
            (ratio(16, 16), ratio(11, 11), ratio(5, 5))
        );
    });
    check("diffs/real_python_coverage.lcov", &|totals| {
        assert_eq!(
            (totals.lines, totals.functions),
            (ratio(45, 45), ratio(9, 9))
        );
    });
    // counted by a script that merges the suites as SimpleCov does
    check(
        "coverage/simplecov/.resultset.parallel.json",
        &lines(2347, 6043),
    );
    check("coverage/simplecov/.resultset2.json", &lines(1147, 1202));
    // totals of the reports, and lines of the others with the same name
    check("coverage/llvm-cov/all.json", &|totals| {
        assert_eq!(
            (totals.lines, totals.regions, totals.functions),
            (ratio(19, 27), ratio(19, 27), ratio(4, 4))
        );
    });
    check("coverage/llvm-cov/all.codecov.json", &lines(19, 27));
    check(
        "coverage/llvm-cov/instantiations.codecov.json",
        &lines(7, 7),
    );
    check("coverage/gcov/main.cpp.gcov", &lines(9, 11));
    check("coverage/gcov/calculator.cpp.gcov", &lines(4, 4));
    // counters at the end of the reports
    check("coverage/jacoco/JaCoCo0.8.3.xml", &|totals| {
        assert_eq!(
            (totals.lines, totals.branches, totals.functions),
            (ratio(26, 38), ratio(1, 4), ratio(9, 18))
        );
    });
    check("coverage/jacoco/jacocoTestReport.xml", &|totals| {
        assert_eq!(
            (totals.lines, totals.branches),
            (ratio(10_351, 11_219), ratio(3540, 4455))
        );
    });
    // `metrics` of the projects; PHPUnit calls a method covered only where all of it is
    check("coverage/clover/coverage.xml", &|totals| {
        assert_eq!(
            (totals.lines, totals.statements, totals.functions),
            (ratio(9430, 11_707), ratio(9430, 11_707), ratio(1916, 2233))
        );
    });
    check("coverage/clover/Clover_OpenClover4.3.1.xml", &|totals| {
        assert_eq!(
            (totals.statements, totals.branches, totals.functions),
            (ratio(15, 22), ratio(1, 2), ratio(6, 12))
        );
    });
    // numSequencePoints 199, of which one statement stands in two constructors
    check("coverage/opencover/OpenCover.xml", &|totals| {
        assert_eq!(
            (totals.statements, totals.functions, totals.branches),
            (ratio(124, 198), ratio(27, 54), ratio(5, 8))
        );
        assert_eq!(totals.lines, ratio(121, 190));
    });
    // 121 lines covered, 3 in part, 63 not, of which three are listed with two functions each
    check("coverage/dotnet/DynamicCodeCoverage.xml", &|totals| {
        assert_eq!(
            (totals.lines, totals.functions),
            (ratio(122, 184), ratio(22, 39))
        );
    });
}

#[test]
fn every_report_of_a_known_format_is_read_and_every_other_is_not() {
    let Some(corpus) = corpus() else { return };
    let mut read = 0;
    for (folder, format) in [
        ("lcov", "lcov"),
        ("cobertura", "cobertura"),
        ("jacoco", "jacoco"),
        ("jacoco/multi_module", "jacoco"),
        ("gocover", "go_profile"),
        ("clover", "clover"),
        ("dotnet", "dotnet_coverage"),
        ("gcov", "gcov_text"),
        ("llvm-cov", "llvm_cov"),
        ("opencover", "opencover"),
        ("simplecov", "simplecov"),
    ] {
        let entries = std::fs::read_dir(corpus.join("coverage").join(folder))
            .expect("the corpus is readable");
        for path in entries
            .flatten()
            .map(|entry| entry.path())
            .filter(|path| path.is_file())
        {
            let bytes = std::fs::read(&path).expect("the corpus is readable");
            let found = coverage::sniff(&bytes[..bytes.len().min(coverage::SNIFF_BYTES)]);
            let codecov = path.to_string_lossy().ends_with(".codecov.json");
            let format = if codecov { "codecov_json" } else { format };
            assert_eq!(
                found.map_or("", |format| format.name),
                format,
                "{}",
                path.display()
            );
            if found.is_some() {
                let totals = parse(&path).totals();
                assert!(totals.lines.total > 0 && totals.lines.covered <= totals.lines.total);
                read += 1;
            } else {
                let error = crate::read("lcov", bytes).expect_err("no lcov report");
                assert_eq!(
                    error.kind,
                    ReportErrorKind::WrongFormat,
                    "{}",
                    path.display()
                );
            }
        }
    }
    assert!(read >= 15, "{read} reports");
}

#[test]
fn go_statements_of_a_real_profile() {
    let Some(corpus) = corpus() else { return };
    let invalid = parse(&corpus.join("coverage/gocover/invalid_data.profile"));
    assert!(invalid.skipped > 0 && !invalid.notes.is_empty());
    let full = parse(&corpus.join("coverage/gocover/ok_full.profile")).totals();
    assert_eq!(full.statements.covered, full.statements.total);
}
