//! `OpenCover`, dotnet-coverage and dotCover.

use gate_evidence::coverage::{Block, Coverage};
use gate_evidence::{Limits, ReportErrorKind};

use crate::{lines, ratio, read, read_within};

/// Extents of the statements of a file.
fn extents(coverage: &Coverage, path: &str) -> Vec<[u32; 4]> {
    let statements = coverage.files[path]
        .statements
        .as_ref()
        .expect("statements");
    let extent = |block: &Block| {
        [
            block.start_line,
            block.start_column,
            block.end_line,
            block.end_column,
        ]
    };
    statements.keys().map(extent).collect()
}

fn opencover(modules: &[&str]) -> String {
    let modules: Vec<String> = modules
        .iter()
        .map(|methods| {
            format!(
                "<Module><Summary numSequencePoints='90'/><ModulePath>C:\\a.dll</ModulePath><Files><File uid='1' fullPath='C:\\src\\A.cs'/>\
                 <File uid='2' fullPath='C:\\src\\B.cs'/><File uid='3' fullPath='C:\\src\\unused.cs'/></Files>\
                 <Classes><Class><FullName>A</FullName><Methods>{methods}</Methods></Class></Classes></Module>"
            )
        })
        .collect();
    format!(
        "<CoverageSession><Modules><Module skippedDueTo='Filter'><Classes/></Module>{}</Modules></CoverageSession>",
        modules.concat()
    )
}

fn method(name: &str, points: &str) -> String {
    format!(
        "<Method visited='true'><Name>{name}</Name><FileRef uid='1'/><SequencePoints>{points}</SequencePoints></Method>"
    )
}

#[test]
fn opencover_statements_spread_over_their_lines() {
    let text = opencover(&[&[
        method(
            "System.Void A::f(List&lt;int&gt;)",
            "<SequencePoint vc='2' sl='3' sc='9' el='5' ec='10' fileid='1'/><SequencePoint vc='0' sl='5' sc='11' el='5' ec='20'/>\
             <SequencePoint vc='7' sl='16707566' sc='0' el='16707566' ec='0'/></SequencePoints><MethodPoint vc='2' sl='3'/><SequencePoints>",
        ),
        method("g", "<SequencePoint vc='0' sl='3' sc='1' el='3' ec='2' fileid='2'/>"),
        method("abstract", ""),
    ]
    .concat()]);
    let coverage = read("opencover", text).unwrap();
    assert_eq!(
        lines(&coverage.files["C:\\src\\A.cs"]),
        [(3, 2), (4, 2), (5, 2)]
    );
    assert_eq!(
        extents(&coverage, "C:\\src\\A.cs"),
        [[3, 9, 5, 10], [5, 11, 5, 20]]
    );
    assert_eq!(lines(&coverage.files["C:\\src\\B.cs"]), [(3, 0)]);
    assert_eq!(
        coverage.files.len(),
        2,
        "a file of no statement is not measured"
    );
    let totals = coverage.totals();
    assert_eq!(
        (totals.statements, totals.functions),
        (ratio(1, 3), ratio(1, 2))
    );
    let functions = &coverage.files["C:\\src\\A.cs"].functions;
    let names: Vec<_> = functions
        .keys()
        .map(|key| (key.line, key.name.as_str()))
        .collect();
    assert_eq!(names, [(3, "System.Void A::f(List<int>)")]);
    assert_eq!(coverage.skipped, 0);
}

#[test]
fn opencover_branches_of_two_methods_on_one_line_are_four() {
    let branching = |taken: [u8; 2]| {
        let [first, second] = taken;
        method(
            "m",
            &format!(
                "<SequencePoint vc='1' sl='3' sc='1' el='3' ec='9'/></SequencePoints><BranchPoints>\
                 <BranchPoint vc='{first}' sl='3' path='0' offset='7'/><BranchPoint vc='{second}' sl='3' path='1' offset='7'/>\
                 </BranchPoints><SequencePoints>"
            ),
        )
    };
    let both = [branching([1, 0]), branching([0, 0])].concat();
    let one_module = read("opencover", opencover(&[&both])).unwrap();
    assert_eq!(one_module.totals().branches, ratio(1, 4));
    // the same source built into two modules is the same code
    let other = [branching([0, 1]), branching([0, 0])].concat();
    let two_modules = read("opencover", opencover(&[&both, &other])).unwrap();
    assert_eq!(two_modules.totals().branches, ratio(2, 4));
    assert_eq!(two_modules.totals().statements, ratio(1, 1));
}

#[test]
fn elements_in_the_wrong_place_do_no_harm() {
    let point = "<SequencePoint vc='1' sl='1' sc='1' el='1' ec='2'/>";
    let nested = method(
        "f",
        &format!("{point}<Module><BranchPoint vc='1' sl='1'/>{point}</Module>"),
    );
    let coverage = read("opencover", opencover(&[&nested])).unwrap();
    assert_eq!(
        (coverage.totals().lines, coverage.skipped),
        (ratio(1, 1), 2)
    );
    let module = "<module><functions><function name='f'><ranges><range source_id='0' start_line='1' end_line='1' covered='yes'/></ranges></function></functions>";
    let files = "<source_files><source_file id='0' path='a'/></source_files></module>";
    let text = format!("<results><modules>{module}{module}{files}</module></modules></results>");
    let coverage = read("dotnet_coverage", text).unwrap();
    assert_eq!(
        (coverage.totals().lines, coverage.skipped),
        (ratio(1, 1), 1)
    );
}

#[test]
fn opencover_skips_what_has_no_file_and_reads_dirty_counts() {
    let text = opencover(&[&method(
        "f",
        "<SequencePoint vc='1' sl='1' sc='1' el='1' ec='2' fileid='9'/><SequencePoint vc='1' sl='5' sc='1' el='4' ec='2'/>\
         <SequencePoint vc='-3' sl='6' sc='1' el='6' ec='2'/><SequencePoint vc='4294967296' sl='7' sc='1' el='7' ec='2'/>",
    )]);
    let coverage = read("opencover", text).unwrap();
    assert_eq!(
        lines(&coverage.files["C:\\src\\A.cs"]),
        [(6, 0), (7, 4_294_967_296)]
    );
    assert_eq!(coverage.skipped, 2);
    assert_eq!(
        coverage.notes[0],
        "line 1: skipped code of the file 9, which is not listed"
    );
}

#[test]
fn dotnet_numbers_files_within_a_module_and_after_their_ranges() {
    let module = |path: &str, covered: &str| {
        format!(
            "<module name='m'><functions><function namespace='N' type_name='C' name='f()'><ranges>\
             <range source_id='0' start_line='1' start_column='5' end_line='2' end_column='6' covered='{covered}'/>\
             <range source_id='0' start_line='15732480' start_column='0' end_line='15732480' end_column='0' covered='yes'/>\
             </ranges></function><function name='none'><ranges/></function></functions>\
             <skipped_functions><skipped_function name='s' reason='attribute'/></skipped_functions>\
             <source_files><source_file id='0' path='{path}'/></source_files></module>"
        )
    };
    let text = format!(
        "<results><modules>{}{}{}</modules></results>",
        module("a.cs", "no"),
        module("b.cs", "partial"),
        module("b.cs", "no")
    );
    let coverage = read("dotnet_coverage", text).unwrap();
    assert_eq!(lines(&coverage.files["a.cs"]), [(1, 0), (2, 0)]);
    assert_eq!(lines(&coverage.files["b.cs"]), [(1, 1), (2, 1)]);
    let totals = coverage.totals();
    assert_eq!(
        (totals.statements, totals.functions),
        (ratio(1, 2), ratio(1, 2))
    );
    let function = coverage.files["b.cs"].functions.keys().next().unwrap();
    assert_eq!(function.name, "N.C.f()");
}

#[test]
fn dotnet_ranges_without_a_file_are_skipped() {
    let text = "<results><modules><module><functions><function name='f'><ranges>\
        <range source_id='4' start_line='1' end_line='1' covered='yes'/><range source_id='0' start_line='1' end_line='1' covered='maybe'/>\
        <range source_id='0' start_line='2' end_line='2' covered='yes'/></ranges></function></functions>\
        <source_files><source_file id='0' path='a'/></source_files></module></modules></results>";
    let coverage = read("dotnet_coverage", text).unwrap();
    assert_eq!(
        (coverage.skipped, coverage.totals().lines),
        (2, ratio(1, 1))
    );
}

#[test]
fn dotcover_statements_belong_to_the_element_around_them() {
    let text = "<Root CoveredStatements='9' TotalStatements='9' ReportType='DetailedXml'><FileIndices><File Index='1' Name='C:\\a.cs'/></FileIndices>\
        <Assembly Name='A'><Namespace Name='N'><Type Name='T'><Method Name='f()'>\
        <Statement FileIndex='1' Line='3' Column='9' EndLine='4' EndColumn='10' Covered='True'/>\
        <Statement FileIndex='1' Line='5' Column='9' EndLine='5' EndColumn='10' Covered='False'/>\
        <Statement FileIndex='7' Line='6' Column='9' EndLine='6' EndColumn='10' Covered='True'/></Method>\
        <Type Name='Inner'><Method Name='g()'><Statement FileIndex='1' Line='9' Column='1' EndLine='9' EndColumn='2' Covered='False'/></Method></Type>\
        </Type></Namespace></Assembly></Root>";
    let coverage = read("dotcover", text).unwrap();
    let file = &coverage.files["C:\\a.cs"];
    assert_eq!(lines(file), [(3, 1), (4, 1), (5, 0), (9, 0)]);
    let names: Vec<_> = file
        .functions
        .iter()
        .map(|(key, &hits)| (key.name.as_str(), hits))
        .collect();
    assert_eq!(names, [("N.T.f()", 1), ("N.T.Inner.g()", 0)]);
    assert_eq!(
        (coverage.totals().statements, coverage.skipped),
        (ratio(1, 3), 1)
    );
}

#[test]
fn a_dotcover_summary_is_refused_by_name() {
    let text = "<Root CoveredStatements='7' TotalStatements='9' CoveragePercent='77' ReportType='Xml'><Assembly Name='A' CoveredStatements='7'/></Root>";
    let error = read("dotcover", text).unwrap_err();
    assert_eq!(error.kind, ReportErrorKind::WrongFormat);
    assert_eq!(
        error.to_string(),
        "found a dotCover report of the type `Xml` without statements: it has no lines, expected a dotCover report of the type `DetailedXML`"
    );
}

#[test]
fn statements_of_endless_height_are_over_the_limit() {
    let small = Limits {
        records: 100,
        ..Limits::default()
    };
    let tall = opencover(&[&method(
        "f",
        "<SequencePoint vc='1' sl='1' sc='1' el='4000000000' ec='2'/>",
    )]);
    let error = read_within("opencover", tall, small).unwrap_err();
    assert_eq!(error.kind, ReportErrorKind::OverLimit);
    for (format, text) in [
        (
            "dotnet_coverage",
            "<results><modules><module><functions><function name='f'><ranges><range source_id='0' start_line='1' end_line='101' covered='yes'/>",
        ),
        (
            "dotcover",
            "<Root ReportType='DetailedXml'><A><Statement FileIndex='1' Line='1' EndLine='101' Covered='True'/>",
        ),
    ] {
        let error = read_within(format, text, small).unwrap_err();
        assert_eq!(error.kind, ReportErrorKind::OverLimit, "{format}");
    }
}
