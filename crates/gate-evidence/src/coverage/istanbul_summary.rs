//! `coverage-summary.json` of Istanbul: counts of each file and no lines.

use std::io::BufRead;

use super::draft::Draft;
use super::json_values::{Budget, hits};
use super::model::{Ratio, Totals};
use super::sniff::Head;
use crate::error::ReportError;
use crate::json::{self, Taken, Value};
use crate::limits::Limits;

pub(super) fn sniff(head: &Head<'_>) -> bool {
    let units = ["lines", "statements", "functions", "branches"];
    head.json.has(3, "pct", "") && units.iter().any(|unit| head.json.has(2, unit, "{"))
}

pub(super) fn parse(reader: &mut dyn BufRead, limits: Limits) -> Result<Draft, ReportError> {
    let mut draft = Draft::default();
    let mut budget = Budget::new(limits);
    json::read(reader, limits, false, |root| {
        root.entries(|path, file| match path {
            "total" => Ok(()),
            _ => read_file(path, file, &mut draft, &mut budget),
        })
    })?;
    Ok(draft)
}

fn read_file(path: &str, file: Value<'_>, draft: &mut Draft, budget: &mut Budget) -> Taken {
    let mut totals = Totals::default();
    file.entries(|unit, value| {
        budget.spend(1)?;
        let unit = match unit {
            "lines" => &mut totals.lines,
            "statements" => &mut totals.statements,
            "functions" => &mut totals.functions,
            "branches" => &mut totals.branches,
            _ => return Ok(()),
        };
        let (mut covered, mut total) = (None, None);
        value.entries(|key, value| {
            match key {
                "covered" => covered = hits(&value),
                "total" => total = hits(&value),
                _ => {}
            }
            Ok(())
        })?;
        match (covered, total) {
            (Some(covered), Some(total)) if covered <= total => {
                *unit = Ratio { covered, total };
                draft.records += u64::from(total > 0);
            }
            _ => draft.skip_in(path, "counts that are none"),
        }
        Ok(())
    })?;
    let id = draft.open(path);
    let known = draft.at(id).summary.unwrap_or_default();
    draft.at(id).summary = Some(known.most(totals));
    Ok(())
}
