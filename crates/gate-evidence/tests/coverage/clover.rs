use crate::{lines, ratio, read};

fn document(root: &str, project: &str, rest: &str) -> String {
    format!("<?xml version='1.0'?><coverage {root}><project {project}</project>{rest}</coverage>")
}

#[test]
fn rows_are_statements_and_conditions_have_two_branches() {
    let text = document(
        "generated='1' clover='4.3.1'",
        "timestamp='1'><metrics statements='90' coveredstatements='90'/><package name='p'><file name='A.java' path='/src/p/A.java'>\
         <class name='A'/><line num='1' type='method' signature='f() : void' count='2'/>\
         <line num='1' type='stmt' count='2'/><line num='1' type='stmt' count='0'/>\
         <line num='2' type='cond' truecount='0' falsecount='3'/><line num='2' type='cond' truecount='0' falsecount='0'/>\
         <line num='3' type='stmt' count='0'/></file></package>",
        "",
    );
    let coverage = read("clover", text).unwrap();
    let file = &coverage.files["/src/p/A.java"];
    assert_eq!(lines(file), [(1, 2), (2, 3), (3, 0)]);
    let totals = coverage.totals();
    assert_eq!(
        (totals.statements, totals.branches, totals.functions),
        (ratio(1, 3), ratio(1, 4), ratio(1, 1))
    );
}

#[test]
fn shards_unite_by_statement_and_outcome() {
    let shard = |counts: [u32; 4]| {
        let [first, second, on_true, on_false] = counts;
        let rows = format!(
            "><file name='a'><line num='1' type='stmt' count='{first}'/><line num='1' type='stmt' count='{second}'/>\
             <line num='2' type='cond' truecount='{on_true}' falsecount='{on_false}'/></file>"
        );
        read("clover", document("generated='1'", &rows, "")).unwrap()
    };
    let mut merged = shard([1, 0, 1, 0]);
    merged.merge(shard([0, 1, 0, 1]));
    let totals = merged.totals();
    assert_eq!(
        (totals.statements, totals.branches),
        (ratio(2, 2), ratio(2, 2))
    );
    assert!(merged.unstable.is_empty());
}

#[test]
fn istanbul_writes_lines_and_how_many_branches_were_taken() {
    let text = document(
        "generated='1' clover='3.2.0'",
        "timestamp='1' name='All files'><file name='a.js' path='/src/a.js'><line num='1' count='5' type='stmt'/>\
         <line num='2' count='5' type='cond' truecount='3' falsecount='1'/></file>",
        "",
    );
    let totals = read("clover", text).unwrap().totals();
    assert_eq!(
        (totals.lines, totals.branches, totals.statements),
        (ratio(2, 2), ratio(3, 4), ratio(0, 0))
    );
}

#[test]
fn php_unit_has_the_path_in_the_name_and_files_beside_packages() {
    let text = document(
        "generated='1'",
        "timestamp='1'><file name='/src/E.php'><metrics loc='1'/></file>\
         <file name='/src/A.php'><line num='3' type='method' name='f' crap='1' count='0'/><line num='4' type='stmt' count='0'/></file>\
         <package name='N'><file name='/src/B.php'><line num='7' type='stmt' count='1'/></file></package>",
        "",
    );
    let coverage = read("clover", text).unwrap();
    assert_eq!(
        coverage.files.keys().collect::<Vec<_>>(),
        ["/src/A.php", "/src/B.php", "/src/E.php"]
    );
    let totals = coverage.totals();
    assert_eq!((totals.lines, totals.functions), (ratio(1, 2), ratio(0, 1)));
}

#[test]
fn test_code_is_left_out_and_said() {
    let text = document(
        "generated='1'",
        "><file name='a'><line num='1' type='stmt' count='0'/></file>",
        "<testproject><file name='a'><line num='1' type='stmt' count='9'/></file><file name='T'><line num='1' type='stmt' count='9'/></file></testproject>",
    );
    let coverage = read("clover", text).unwrap();
    assert_eq!(coverage.totals().lines, ratio(0, 1));
    assert_eq!(
        coverage.notes,
        ["2 lines of test code (`testproject`) are left out"]
    );
}

#[test]
fn dirt_is_normalised_and_the_unknown_is_skipped() {
    let text = document(
        "generated='1'",
        "><file><line num='1' type='stmt' count='1'/></file><file name='C:\\src\\a.php'><line num='0' type='stmt' count='1'/>\
         <line num='1' type='stmt' count='-2'/><line num='2' type='stmt' count='18446744073709551615'/>\
         <line num='3' type='block' count='1'/><line num='x' type='stmt' count='1'/><line num='4' type='stmt'/>\
         <line num='5' type='cond' truecount='1'/></file>",
        "",
    );
    let coverage = read("clover", text).unwrap();
    assert_eq!(lines(&coverage.files["C:\\src\\a.php"]), [(1, 0), (2, 0)]);
    // the file without a name and its line, and four rows
    assert_eq!(coverage.skipped, 6);
}
