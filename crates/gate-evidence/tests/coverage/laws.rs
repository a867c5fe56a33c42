use gate_evidence::Limits;
use gate_evidence::coverage::{self, Coverage, FORMATS, FileCoverage, Others};
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::fmt::Write as _;

const SEEDS: &[&str] = &[
    "TN:\nSF:a\nFN:1,2,f\nFNDA:1,f\nFNL:0,1,2\nFNA:0,3,g\nBRDA:1,e0,1,-\nDA:1,1\nDA:2,-1\nend_of_record\n",
    "mode: count\nm/a.go:1.10,4.2 3 1\nm/a.go:2.5,3.9 5 0\n",
    "<?xml version='1.0'?><!DOCTYPE coverage SYSTEM 'x'><coverage><sources><source>a&amp;b</source></sources><packages><package><classes><class filename='a' name='n'><methods><method name='m'><lines><line number='1' hits='1'/></lines></method></methods><lines><line number='1' hits='1' branch='true' condition-coverage='50% (1/2)'/></lines></class></classes></package></packages></coverage>",
    "<coverage generated='1'><project><file path='a'><line num='1' type='method' name='f' count='1'/><line num='2' type='stmt' count='1'/><line num='3' type='cond' truecount='1' falsecount='0'/></file></project><testproject/></coverage>",
    "<CoverageSession><Modules><Module><Files><File uid='1' fullPath='a'/></Files><Classes><Class><Methods><Method><Name>f</Name><FileRef uid='1'/><SequencePoints><SequencePoint vc='1' sl='1' sc='1' el='3' ec='2'/></SequencePoints><BranchPoints><BranchPoint vc='0' sl='1' path='0'/></BranchPoints></Method></Methods></Class></Classes></Module></Modules></CoverageSession>",
    "<results><modules><module><functions><function name='f'><ranges><range source_id='0' start_line='1' end_line='1' covered='yes'/></ranges></function></functions><source_files><source_file id='0' path='a'/></source_files></module></modules></results>",
    "<Root ReportType='DetailedXml'><FileIndices><File Index='1' Name='a'/></FileIndices><Assembly><Type><Method Name='f'><Statement FileIndex='1' Line='1' EndLine='1' Covered='True'/></Method></Type></Assembly></Root>",
    "<report name='r'><group name='g'><package name='p'><class name='c' sourcefilename='a'><method name='m' desc='()' line='1'><counter type='METHOD' covered='1'/></method></class><sourcefile name='a'><line nr='1' mi='0' ci='1' mb='1' cb='1'/></sourcefile></package></group></report>",
    r#"{"data":[{"files":[{"branches":[[1,1,1,9,1,0,0,0,4]],"filename":"a","mcdc_records":[[1,1,1,9,1,1,0,0,5,[true,false]]],"segments":[[1,1,1,true,true,false],[3,9,0,false,false,false]],"summary":{"lines":{"count":1,"covered":1}}}],"functions":[{"count":1,"filenames":["a"],"regions":[[1,1,3,9,1,0,0,0]]}]}]}"#,
    r#"{"coverage":{"a":{"1":1,"2":"1/2","3":null}}}"#,
    r#"{"meta":{"show_contexts":false},"files":{"a":{"executed_lines":[1],"missing_lines":[2],"excluded_lines":[3],"executed_branches":[[1,2]],"missing_branches":[[1,-1]],"functions":{"f":{"executed_lines":[1],"start_line":1}}}}}"#,
    r#"{"a":{"path":"a","all":true,"statementMap":{"0":{"start":{"line":1,"column":0},"end":{"line":1,"column":9}}},"fnMap":{"0":{"name":"f","line":1}},"branchMap":{"0":{"line":1,"locations":[{},{}]}},"s":{"0":1},"f":{"0":1},"b":{"0":[1,0]}}}"#,
    r#"{"a":{"lines":{"total":1,"covered":1,"skipped":0,"pct":100}}}"#,
    r#"{"RSpec":{"coverage":{"a":{"lines":[1,null,0,"ignored"],"branches":{"[:if, 0, 1, 0, 1, 9]":{"[:then, 1, 1, 0, 1, 9]":1}}}},"timestamp":1}}"#,
    r#"{"gcc_version":"14","files":[{"file":"a","functions":[{"name":"f","start_line":1,"execution_count":1}],"lines":[{"line_number":1,"count":1,"branches":[{"count":1}],"conditions":[{"count":4,"covered":2,"not_covered_true":[0],"not_covered_false":[1]}]}]}]}"#,
    "-:    0:Source:a\nfunction f called 1 returned 100% blocks executed 9%\n1:    1:x\nbranch  0 taken 1%\n------------------\nf:\n1.2k*:    2:x\n",
];

/// One lcov shard over two files, with branches both keyed and named.
fn shard() -> impl Strategy<Value = Coverage> {
    shard_text().prop_map(|text| crate::read("lcov", text).expect("a valid shard"))
}

fn shard_text() -> impl Strategy<Value = String> {
    let line = (1_u32..6, 0_u64..3, 0_u32..3, any::<bool>());
    prop::collection::vec((prop::sample::select(vec!["a", "b"]), prop::collection::vec(line, 1..8)), 1..4).prop_map(
        |sections| {
            let mut text = String::new();
            for (path, lines) in sections {
                let _ = writeln!(text, "SF:{path}");
                for (line, hits, branch, taken) in lines {
                    let _ = writeln!(
                        text,
                        "DA:{line},{hits}\nBRDA:{line},0,{branch},{}\nFN:{line},f{line}\nFNDA:{hits},f{line}",
                        u8::from(taken)
                    );
                }
                text.push_str("end_of_record\n");
            }
            text
        },
    )
}

/// Reports read one beside the other, as a gate does that knows what each path means.
#[derive(Default)]
struct Known {
    coverage: Coverage,
    added: BTreeSet<String>,
}

impl Others for Known {
    fn add_to(&mut self, path: &str, add: &mut dyn FnMut(&mut FileCoverage) -> bool) -> bool {
        let added = self.coverage.files.get_mut(path).is_some_and(add);
        if added {
            self.added.insert(path.to_owned());
        }
        added
    }
}

impl Known {
    /// Reads a shard; how many files could be added to at once.
    fn read(&mut self, text: &str) -> usize {
        let lcov = coverage::format("lcov").expect("a known format");
        let rest = coverage::parse_beside(lcov, &mut text.as_bytes(), Limits::default(), self);
        let added = std::mem::take(&mut self.added);
        for (path, file) in rest.expect("a valid shard").files {
            if added.contains(&path) {
                self.coverage.merge_more(&path, file);
            } else {
                self.coverage.merge_file(path, file);
            }
        }
        added.len()
    }
}

#[test]
fn a_shard_of_known_lines_is_added_while_it_is_read() {
    let shard = "SF:a\nFN:1,f\nFNDA:1,f\nBRDA:1,0,0,-\nDA:1,1\nDA:2,0\nend_of_record\n";
    let mut known = Known::default();
    assert_eq!(known.read(shard), 0);
    assert_eq!(known.read(shard), 1);
    assert_eq!(crate::lines(&known.coverage.files["a"]), [(1, 2), (2, 0)]);
    let fewer = format!("{shard}SF:a\nDA:1,1\nend_of_record\n");
    assert_eq!(known.read(&fewer), 1);
    assert!(
        known.coverage.unstable.is_empty(),
        "its pieces measure what all others do"
    );
    let more = format!("{shard}SF:a\nDA:9,1\nend_of_record\n");
    assert_eq!(known.read(&more), 1);
    assert!(known.coverage.unstable.contains("a"));
}

fn merged(mut first: Coverage, second: Coverage) -> Coverage {
    first.merge(second);
    first
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn parsers_never_panic_on_bytes(bytes in prop::collection::vec(any::<u8>(), 0..400), format in 0..FORMATS.len()) {
        let _ = coverage::looks_like(&bytes);
        let _ = coverage::parse(&FORMATS[format], &mut bytes.as_slice(), Limits::default());
    }

    #[test]
    fn parsers_never_panic_on_mutations(
        seed in prop::sample::select(SEEDS),
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0_u8..4), 1..12),
    ) {
        let format = coverage::sniff(seed.as_bytes()).expect("seeds are recognised");
        let mut bytes = seed.as_bytes().to_vec();
        for (at, byte, kind) in edits {
            if bytes.is_empty() {
                break;
            }
            let at = at.index(bytes.len());
            match kind {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                2 => drop(bytes.remove(at)),
                _ => bytes.truncate(at),
            }
        }
        if let Ok(coverage) = coverage::parse(format, &mut bytes.as_slice(), Limits { records: 10_000, ..Limits::default() }) {
            prop_assert!(coverage.records > 0);
            let totals = coverage.totals();
            for ratio in [totals.lines, totals.branches, totals.functions, totals.statements] {
                prop_assert!(ratio.covered <= ratio.total);
            }
        }
    }

    #[test]
    fn merge_is_commutative(a in shard(), b in shard()) {
        let (ab, ba) = (merged(a.clone(), b.clone()), merged(b, a));
        prop_assert_eq!(ab.files, ba.files);
        prop_assert_eq!(ab.unstable, ba.unstable);
        prop_assert_eq!(ab.records, ba.records);
    }

    #[test]
    fn merge_is_associative(a in shard(), b in shard(), c in shard()) {
        let left = merged(merged(a.clone(), b.clone()), c.clone());
        let right = merged(a, merged(b, c));
        prop_assert_eq!(left.files, right.files);
        prop_assert_eq!(left.unstable, right.unstable);
    }

    #[test]
    fn reading_a_shard_beside_others_is_merging_it(a in shard_text(), b in shard_text()) {
        let both = format!("{a}{b}");
        for (first, second) in [(&a, &b), (&a, &both), (&both, &a), (&b, &both)] {
            let read = |text: &String| crate::read("lcov", text).expect("a valid shard");
            let apart = merged(read(first), read(second));
            let mut beside = Known::default();
            beside.read(first);
            beside.read(second);
            prop_assert_eq!(apart.files, beside.coverage.files);
            prop_assert_eq!(apart.unstable, beside.coverage.unstable);
        }
    }

    #[test]
    fn merging_a_shard_twice_keeps_the_totals(a in shard(), b in shard()) {
        let once = merged(a.clone(), b.clone());
        prop_assert_eq!(merged(once.clone(), b).totals(), once.totals());
        prop_assert_eq!(merged(a.clone(), a.clone()).totals(), a.totals());
    }

    #[test]
    fn merging_never_uncovers(a in shard(), b in shard()) {
        let both = merged(a.clone(), b);
        for (path, file) in &a.files {
            for (line, hits) in &file.lines {
                prop_assert!(both.files[path].lines[line] >= *hits);
            }
        }
    }
}
