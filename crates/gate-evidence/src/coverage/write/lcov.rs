//! lcov, which holds all that other reports say of lines, branches, conditions
//! and functions. Names and paths that would break a line lose their line ends.

use std::fmt::Write as _;

use super::super::model::{BranchKey, Coverage, FileCoverage, Ratio};

pub(super) fn write(coverage: &Coverage) -> String {
    let mut text = String::new();
    for (path, file) in &coverage.files {
        // a file of which only counts are known has nothing to write
        if file.summary.is_some() {
            continue;
        }
        let _ = writeln!(text, "TN:\nSF:{}", one_line(path));
        functions(&mut text, file);
        branches(&mut text, file);
        conditions(&mut text, file);
        for (line, hits) in &file.lines {
            let _ = writeln!(text, "DA:{line},{hits}");
        }
        let lines = Ratio::count(file.lines.values().map(|&hits| hits > 0));
        let _ = writeln!(
            text,
            "LF:{}\nLH:{}\nend_of_record",
            lines.total, lines.covered
        );
    }
    text
}

fn functions(text: &mut String, file: &FileCoverage) {
    for (index, (function, calls)) in file.functions.iter().enumerate() {
        // a group of aliases has no name of its own, and neither has what no name was read of
        let _ = if function.name.is_empty() {
            writeln!(text, "FNL:{index},{}\nFNA:{index},{calls},", function.line)
        } else {
            writeln!(text, "FN:{},{}", function.line, one_line(&function.name))
        };
    }
    for (function, calls) in &file.functions {
        if !function.name.is_empty() {
            let _ = writeln!(text, "FNDA:{calls},{}", one_line(&function.name));
        }
    }
    summary(
        text,
        ["FNF", "FNH"],
        Ratio::count(file.functions.values().map(|&calls| calls > 0)),
    );
}

fn branches(text: &mut String, file: &FileCoverage) {
    for (branch, taken) in &file.branches {
        let (line, taken) = (branch.line, u8::from(*taken));
        let _ = match &branch.key {
            BranchKey::Index(block, branch) => {
                writeln!(text, "BRDA:{line},{block},{branch},{taken}")
            }
            BranchKey::Named(name) => writeln!(text, "BRDA:{line},{},{taken}", one_line(name)),
        };
    }
    // Where only a fraction is known, as many are written as it says; which of them is which nobody knows.
    let named = |line: u32| {
        let mut of_line = file.branches.keys().skip_while(|branch| branch.line < line);
        of_line.next().is_some_and(|branch| branch.line == line)
    };
    for (&line, &(covered, total)) in &file.fractions {
        if named(line) {
            continue;
        }
        for branch in 0..total {
            let _ = writeln!(
                text,
                "BRDA:{line},0,{branch},{}",
                u8::from(branch < covered)
            );
        }
    }
    let mut all = Ratio::default();
    for (_, on_line) in file.branch_lines() {
        all.add(on_line);
    }
    summary(text, ["BRF", "BRH"], all);
}

fn conditions(text: &mut String, file: &FileCoverage) {
    for (condition, shown) in &file.conditions {
        let _ = writeln!(
            text,
            "MCDC:{},{},{},{},{},",
            condition.line,
            condition.group,
            if condition.sense { 't' } else { 'f' },
            u8::from(*shown),
            condition.index
        );
    }
    summary(
        text,
        ["MCF", "MCH"],
        Ratio::count(file.conditions.values().copied()),
    );
}

fn summary(text: &mut String, [found, hit]: [&str; 2], ratio: Ratio) {
    if ratio.total > 0 {
        let _ = writeln!(text, "{found}:{}\n{hit}:{}", ratio.total, ratio.covered);
    }
}

fn one_line(text: &str) -> String {
    text.replace(['\n', '\r'], " ")
}

#[cfg(test)]
mod tests {
    use super::super::super::{format, parse};
    use super::write;
    use crate::Limits;

    fn read(text: &str) -> super::Coverage {
        let lcov = format("lcov").expect("a known format");
        parse(lcov, &mut text.as_bytes(), Limits::default()).expect("a report")
    }

    #[test]
    fn what_is_written_reads_as_what_it_was() {
        let text = "SF:a b.c\nFN:1,f\nFN:9,std::map<int, int>\nFNDA:2,f\nFNDA:0,std::map<int, int>\n\
                    FNL:0,14\nFNA:0,3,alias\nBRDA:1,0,0,1\nBRDA:1,e0,1,-\nBRDA:2,1,jump, back,4\n\
                    MCDC:3,2,t,1,0,a\nMCDC:3,2,f,0,0,a\nDA:1,2\nDA:2,0\nend_of_record\nSF:empty\nend_of_record\n";
        let coverage = read(text);
        let again = read(&write(&coverage));
        assert_eq!(again.files, coverage.files);
    }
}
