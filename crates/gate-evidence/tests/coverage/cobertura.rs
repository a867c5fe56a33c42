use gate_evidence::ReportErrorKind;

use crate::{lines, ratio, read};

fn document(classes: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?>\n<!DOCTYPE coverage SYSTEM 'http://cobertura.sourceforge.net/xml/coverage-04.dtd'>\n\
         <coverage line-rate=\"1\" version=\"1.9\"><sources><source>/src/&amp;app</source><source> lib </source><source/></sources>\
         <packages><package name=\"p\"><classes>{classes}</classes></package></packages></coverage>"
    )
}

#[test]
fn classes_of_one_file_unite_and_a_line_that_only_a_method_has_is_none() {
    let coverage = read(
        "cobertura",
        document(
            "<class name='A' filename='a.cs'><methods>\
             <method name='m' signature='()'><lines><line number='1' hits='2'/><line number='2' hits='0'/></lines></method>\
             <method name='n' signature='()'><lines><line number='9' hits='0'/></lines></method></methods>\
             <lines><line number='1' hits='2'/><line number='2' hits='0'/></lines></class>\
             <class name='A.B' filename='a.cs'><methods/><lines><line number='2' hits='1'/><line number='3' hits='4294967296'/></lines></class>",
        ),
    )
    .unwrap();
    assert_eq!(
        lines(&coverage.files["a.cs"]),
        [(1, 2), (2, 1), (3, 4_294_967_296)]
    );
    assert_eq!(coverage.totals().functions, ratio(1, 2));
    assert_eq!(coverage.sources, ["/src/&app", "lib"]);
}

#[test]
fn methods_give_the_lines_of_a_class_that_lists_none() {
    let method = |line: u32, hits: u32| {
        format!(
            "<method name='m{line}'><lines><line number='{line}' hits='{hits}' branch='true' condition-coverage='50% (1/2)'/></lines></method>"
        )
    };
    let coverage = read(
        "cobertura",
        document(&format!(
            "<class name='A' filename='a.cs'><methods>{}{}</methods><lines/></class>\
             <class name='B' filename='a.cs'><lines><line number='5' hits='1'/></lines><methods>{}</methods></class>",
            method(1, 0),
            method(2, 3),
            method(9, 9)
        )),
    )
    .unwrap();
    assert_eq!(lines(&coverage.files["a.cs"]), [(1, 0), (2, 3), (5, 1)]);
    assert_eq!(coverage.totals().branches, ratio(2, 4));
    assert_eq!(coverage.totals().functions, ratio(2, 3));
}

#[test]
fn conditions_count_by_their_fraction() {
    let coverage = read(
        "cobertura",
        document(
            "<class name='A' filename='a.py'><lines>\
             <line number='1' hits='1' branch='True' condition-coverage='99% (1/4)'><conditions><condition number='0' coverage='0%'/></conditions></line>\
             <line number='2' hits='1' branch='false'/>\
             <line number='3' hits='1' branch='true' condition-coverage='50%'/>\
             <line number='4' hits='1' branch='true' condition-coverage='100% (3/2)'/></lines></class>",
        ),
    )
    .unwrap();
    assert_eq!(coverage.totals().branches, ratio(1, 4));
    assert_eq!(
        (coverage.totals().lines, coverage.skipped),
        (ratio(4, 4), 2)
    );
    assert_eq!(coverage.notes.len(), 2);
}

#[test]
fn dirty_numbers_are_normalised() {
    let coverage = read(
        "cobertura",
        document(
            "<class name='A' filename='a.js'><lines><line number='undefined' hits='1'/><line number='0' hits='1'/>\
             <line number='1' hits='3.0'/><line number='2' hits='-1'/><line number='x' hits='1'/><line number='3'/></lines></class>\
             <class name='B'><lines><line number='1' hits='1'/></lines></class>",
        ),
    )
    .unwrap();
    assert_eq!(lines(&coverage.files["a.js"]), [(1, 3), (2, 0)]);
    assert_eq!(coverage.skipped, 4);
}

#[test]
fn namespaces_and_unknown_elements_do_no_harm() {
    let text = "<c:coverage xmlns:c='urn:x'><extra><deep/></extra><c:packages><c:package><c:classes>\
                <c:class filename='a'><c:lines><c:line number='1' hits='1'/></c:lines></c:class></c:classes></c:package></c:packages></c:coverage>";
    assert_eq!(read("cobertura", text).unwrap().totals().lines, ratio(1, 1));
}

#[test]
fn a_report_that_measured_nothing_is_empty() {
    let error = read(
        "cobertura",
        document("<class name='A' filename='a'><lines/></class>"),
    )
    .unwrap_err();
    assert_eq!(error.kind, ReportErrorKind::Empty);
}
