use crate::{lines, ratio, read};

fn package(file: &str, body: &str) -> String {
    format!("<package name='com/acme'><sourcefile name='{file}'>{body}</sourcefile></package>")
}

#[test]
fn lines_and_branches_of_nested_groups() {
    let body = "<line nr='3' mi='0' ci='2' mb='1' cb='3'/><line nr='4' mi='5'/><line nr='5' mi='1' ci='1'/><line nr='6'/>";
    let text = format!(
        "<report name='all'><sessioninfo id='s'/><group name='outer'><group name='inner'>{}</group></group></report>",
        package(
            "A.java",
            &format!("{body}<counter type='LINE' missed='90' covered='9'/>")
        )
    );
    let coverage = read("jacoco", text).unwrap();
    assert_eq!(
        lines(&coverage.files["com/acme/A.java"]),
        [(3, 1), (4, 0), (5, 1)]
    );
    assert_eq!(coverage.totals().branches, ratio(3, 4));
}

#[test]
fn one_path_in_two_modules_is_two_files() {
    let line = "<line nr='1' mi='0' ci='1'/>";
    let group = |name: &str, body: &str| {
        let files = [
            package("A.java", body),
            package(&format!("{name}.java"), line),
        ]
        .concat();
        format!("<group name='{name}'>{files}</group>")
    };
    let other = "<line nr='1' mi='1' ci='0'/><line nr='2' mi='1' ci='0'/>";
    let text = format!(
        "<report name='all'>{}<group name='more'>{}</group>{}</report>",
        group("a", line),
        group("b", other),
        group("a", "<line nr='3' mi='0' ci='1'/>")
    );
    let coverage = read("jacoco", text).unwrap();
    assert_eq!(
        coverage.files.keys().collect::<Vec<_>>(),
        [
            "a/com/acme/A.java",
            "com/acme/a.java",
            "com/acme/b.java",
            "more/b/com/acme/A.java"
        ]
    );
    // what is said twice of one group is united
    assert_eq!(
        lines(&coverage.files["a/com/acme/A.java"]),
        [(1, 1), (3, 1)]
    );
    assert_eq!(coverage.totals().lines, ratio(4, 6));
    assert_eq!(
        coverage.notes,
        ["`com/acme/A.java` is in 2 groups: each has the group's name in front"]
    );
}

#[test]
fn a_file_that_two_groups_share_is_one() {
    let group = |name: &str, counts: &str| {
        let lines = format!("<line nr='1' {counts} mb='1' cb='1'/><line nr='2' mi='1' ci='1'/>");
        format!("<group name='{name}'>{}</group>", package("A.java", &lines))
    };
    let text = format!(
        "<report name='all'>{}{}</report>",
        group("debug", "mi='1' ci='0'"),
        group("release", "mi='0' ci='1'")
    );
    let coverage = read("jacoco", text).unwrap();
    assert_eq!(lines(&coverage.files["com/acme/A.java"]), [(1, 1), (2, 1)]);
    assert_eq!(coverage.files.len(), 1);
    assert_eq!(coverage.totals().branches, ratio(1, 2));
    assert!(coverage.notes.is_empty());
}

#[test]
fn methods_count_by_their_own_counter() {
    let method = |name: &str, covered: u32| {
        format!(
            "<method name='{name}' desc='()V' line='3'><counter type='LINE' missed='1' covered='9'/><counter type='METHOD' missed='1' covered='{covered}'/></method>"
        )
    };
    let text = format!(
        "<report name='r'><package name=''><class name='A' sourcefilename='A.java'>{}{}<counter type='METHOD' missed='0' covered='9'/></class>\
         <sourcefile name='A.java'><line nr='3' mi='1' ci='1'/></sourcefile></package></report>",
        method("f", 1),
        method("g", 0)
    );
    let coverage = read("jacoco", text).unwrap();
    assert_eq!(coverage.totals().functions, ratio(1, 2));
    assert_eq!(coverage.files.keys().collect::<Vec<_>>(), ["A.java"]);
}

#[test]
fn malformed_lines_are_skipped() {
    let text = format!(
        "<report name='r'>{}<line nr='1' ci='1'/></report>",
        package(
            "A.java",
            "<line ci='1'/><line nr='1' ci='-1'/><line nr='2' ci='1'/><line nr='0' ci='1'/>"
        )
    );
    let coverage = read("jacoco", text).unwrap();
    assert_eq!((coverage.records, coverage.skipped), (1, 3));
}
