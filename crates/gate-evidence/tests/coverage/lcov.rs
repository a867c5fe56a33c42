use gate_evidence::coverage::{Branch, BranchKey, Condition, FunctionKey};

use crate::{lines, ratio, read};

#[test]
fn lines_sum_over_sections_and_dirt_is_normalised() {
    let report = "TN:first\r\nSF:C:\\src\\a.c\r\nDA:1,1,RnVsbHkgaGFzaA==\r\nDA:2,-3\r\nDA:3,18446744073709551151\r\n\
                  DA:4,1.2e+3\r\nDA:5,undefined\r\nDA:0,7\r\nLF:99\r\nLH:99\r\nend_of_record\r\n\
                  TN:second\r\nSF:C:\\src\\a.c\r\nDA:2,5\r\nDA:1,2\r\nend_of_record";
    let coverage = read("lcov", report).unwrap();
    assert_eq!(
        lines(&coverage.files["C:\\src\\a.c"]),
        [(1, 3), (2, 5), (3, 0), (4, 1200), (5, 0)]
    );
    assert_eq!((coverage.skipped, coverage.records), (0, 7));
    assert_eq!(coverage.totals().lines, ratio(3, 5));
}

#[test]
fn branches_are_read_from_both_ends() {
    let report = "SF:a\nDA:1,1\nBRDA:1,0,0,1\nBRDA:1,0,1,-\nBRDA:1,e0,2,0\nBRDA:1,U0,3,0\nBRDA:1,eU0,4,0\n\
                  BRDA:1,f1,0,4\nBRDA:1,2,jump to line 3, or exit,1\nBRDA:1,2,(a,b),-\nend_of_record\n";
    let coverage = read("lcov", report).unwrap();
    assert_eq!(coverage.totals().branches, ratio(3, 6));
    let branches = &coverage.files["a"].branches;
    let named = |text: &str| BranchKey::Named(text.into());
    for (key, taken) in [
        (BranchKey::Index(1, 0), true),
        (named("2,jump to line 3, or exit"), true),
        (named("2,(a,b)"), false),
    ] {
        assert_eq!(branches[&Branch { line: 1, key }], taken);
    }
    assert_eq!(coverage.skipped, 0);
}

#[test]
fn old_functions_may_have_an_end_line_commas_and_no_order() {
    let report = "SF:a\nFNDA:0,b\nFN:3,add\nFN:10,20,foo\nFN:30,std::map<int, int>::at(int, 7)\nFN:40,9,\n\
                  FNDA:2,add\nFNDA:1,foo\nFNDA:5,std::map<int, int>::at(int, 7)\nDA:3,1\nend_of_record\n";
    let coverage = read("lcov", report).unwrap();
    let functions: Vec<_> = coverage.files["a"]
        .functions
        .iter()
        .map(|(key, calls)| (key.line, key.name.as_str(), *calls))
        .collect();
    assert_eq!(
        functions,
        [
            (0, "b", 0),
            (3, "add", 2),
            (10, "foo", 1),
            (30, "std::map<int, int>::at(int, 7)", 5),
            (40, "", 0)
        ]
    );
}

#[test]
fn functions_of_one_name_are_paired_in_order() {
    let report = "SF:a.ts\nFN:1,constructor\nFN:9,constructor\nFNDA:4,constructor\nFNDA:0,constructor\nDA:1,1\nend_of_record\n";
    let coverage = read("lcov", report).unwrap();
    let key = |line| FunctionKey {
        line,
        name: "constructor".into(),
    };
    assert_eq!(coverage.files["a.ts"].functions[&key(1)], 4);
    assert_eq!(coverage.files["a.ts"].functions[&key(9)], 0);
}

#[test]
fn function_groups_count_once_for_all_aliases() {
    let report = "SF:a.cpp\nFNL:0,14,16\nFNA:0,0,f<int, long>\nFNA:0,2,f<a::b>\nFNL:1,3\nFNA:1,0,g\nFNF:9\nDA:14,1\nend_of_record \n";
    let coverage = read("lcov", report).unwrap();
    assert_eq!(coverage.totals().functions, ratio(1, 2));
}

#[test]
fn conditions_count_once_for_each_sense() {
    let report = "SF:a.c\nDA:3,1\nMCDC:3,2,t,1,0,a && (b, c)\nMCDC:3,2,f,0,0,a\nMCDC:3,2,t,-,1,b\n\
                  MCDC:3,U2,f,0,1,b\nMCF:9\nMCH:9\nend_of_record\nSF:a.c\nMCDC:3,2,f,4,0,a\nend_of_record\n";
    let coverage = read("lcov", report).unwrap();
    assert_eq!(coverage.totals().conditions, ratio(2, 3));
    let condition = Condition {
        line: 3,
        group: 2,
        index: 0,
        sense: false,
    };
    assert!(coverage.files["a.c"].conditions[&condition]);
    assert_eq!((coverage.records, coverage.skipped), (5, 0));
}

#[test]
fn records_of_a_section_without_a_path_are_not_counted() {
    let report = "SF:\nDA:1,1\nend_of_record\nSF:a\nDA:2,1\nend_of_record\n";
    let coverage = read("lcov", report).unwrap();
    assert_eq!((coverage.records, coverage.skipped), (1, 2));
    assert_eq!(coverage.files.keys().collect::<Vec<_>>(), ["a"]);
}

#[test]
fn malformed_records_are_counted_and_the_first_five_named() {
    let report = format!(
        "SF:a\nDA:1,1\nDA:x,1\n{}VER:1\nend_of_record\nDA:9,1\nend_of_record\n",
        "nonsense\n".repeat(5)
    );
    let coverage = read("lcov", report).unwrap();
    assert_eq!((coverage.records, coverage.skipped), (1, 8));
    assert_eq!(coverage.notes.len(), 5);
    assert_eq!(coverage.notes[0], "line 3: skipped `DA:x,1`");
}

#[test]
fn a_file_without_lines_stays_visible() {
    let coverage = read(
        "lcov",
        "SF:empty.py\nend_of_record\nSF:a\nDA:1,0\nend_of_record\n",
    )
    .unwrap();
    assert!(coverage.files["empty.py"].lines.is_empty());
    assert_eq!(coverage.totals().lines, ratio(0, 1));
}
