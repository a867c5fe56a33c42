//! Our own JSON: exact counts of everything, and the lines that did not run.

use serde_json::{Map, Value, json};

use super::super::model::{Coverage, FileCoverage, Ratio, Totals};

pub(super) fn write(coverage: &Coverage) -> String {
    let files: Map<String, Value> = coverage
        .files
        .iter()
        .map(|(path, file)| (path.clone(), of_file(file)))
        .collect();
    let document = json!({
        "schema_version": 1,
        "kind": "coverage",
        "totals": totals(&coverage.totals()),
        "files": files,
    });
    format!("{document:#}\n")
}

fn of_file(file: &FileCoverage) -> Value {
    let partial: Vec<Value> = file
        .branch_lines()
        .filter(|(_, on_line)| on_line.covered < on_line.total)
        .map(|(line, on_line)| json!([line, on_line.covered, on_line.total]))
        .collect();
    json!({
        "totals": totals(&file.totals()),
        "uncovered_lines": uncovered(file),
        "branches_not_taken": partial,
    })
}

/// Runs of measured lines that did not run, first and last; what is not
/// measured between two of them does not part them.
fn uncovered(file: &FileCoverage) -> Vec<[u32; 2]> {
    let mut runs: Vec<[u32; 2]> = Vec::new();
    let mut goes_on = false;
    for (&line, &hits) in &file.lines {
        match runs.last_mut() {
            _ if hits > 0 => {}
            Some([_, last]) if goes_on => *last = line,
            _ => runs.push([line, line]),
        }
        goes_on = hits == 0;
    }
    runs
}

fn totals(totals: &Totals) -> Value {
    let units: [(&str, Ratio); 6] = [
        ("lines", totals.lines),
        ("branches", totals.branches),
        ("conditions", totals.conditions),
        ("functions", totals.functions),
        ("statements", totals.statements),
        ("regions", totals.regions),
    ];
    let measured = units.iter().filter(|(_, ratio)| ratio.total > 0);
    let units: Map<String, Value> = measured
        .map(|(unit, ratio)| {
            let counts = json!({"covered": ratio.covered, "total": ratio.total});
            ((*unit).to_owned(), counts)
        })
        .collect();
    Value::Object(units)
}

#[cfg(test)]
mod tests {
    use super::super::super::{format, parse};
    use crate::Limits;

    #[test]
    fn counts_and_runs() {
        let text = "SF:a\nDA:1,0\nDA:2,0\nDA:5,0\nDA:6,1\nDA:7,0\nBRDA:6,0,0,1\nBRDA:6,0,1,0\nend_of_record\n";
        let lcov = format("lcov").expect("a known format");
        let coverage = parse(lcov, &mut text.as_bytes(), Limits::default()).expect("a report");
        let document: serde_json::Value =
            serde_json::from_str(&super::write(&coverage)).expect("JSON");
        assert_eq!(
            document["files"]["a"]["uncovered_lines"],
            serde_json::json!([[1, 5], [7, 7]])
        );
        assert_eq!(
            document["files"]["a"]["branches_not_taken"],
            serde_json::json!([[6, 1, 2]])
        );
        assert_eq!(document["totals"]["lines"]["total"], 5);
        assert!(document["totals"]["regions"].is_null());
    }
}
