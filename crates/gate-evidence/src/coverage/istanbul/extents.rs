//! Where statements, functions and branches are.

use super::super::json_values::{Budget, line, small};
use super::super::model::Block;
use super::super::number::Line;
use crate::json::{self, Value};

pub(super) struct Function {
    pub(super) name: String,
    pub(super) at: Option<Block>,
    pub(super) line: Option<u32>,
}

/// `{"start": {"line", "column"}, "end": {"line", "column"}}`, columns from 0; `None` where it
/// begins on no line. Ends are missing where a source map had none for them.
pub(super) fn extent(value: Value<'_>) -> Result<Option<Block>, json::Stop> {
    let (mut start, mut end) = ((None, None), (None, None));
    value.entries(|key, value| match key {
        "start" => {
            start = position(value)?;
            Ok(())
        }
        "end" => {
            end = position(value)?;
            Ok(())
        }
        _ => Ok(()),
    })?;
    let column = |column: Option<u32>| column.map(|column| column.saturating_add(1));
    Ok(start.0.map(|start_line| Block {
        start_line,
        start_column: column(start.1).unwrap_or(1),
        end_line: end.0.unwrap_or(start_line),
        end_column: column(end.1).unwrap_or(u32::MAX),
    }))
}

fn position(value: Value<'_>) -> Result<(Option<u32>, Option<u32>), json::Stop> {
    let (mut at, mut column) = (None, None);
    if !value.is_null() {
        value.entries(|key, value| {
            match (key, &value) {
                ("line", _) => at = line(&value).and_then(Line::known),
                ("column", Value::Scalar(scalar)) => column = small(*scalar),
                _ => {}
            }
            Ok(())
        })?;
    }
    Ok((at, column))
}

pub(super) fn function(value: Value<'_>) -> Result<Function, json::Stop> {
    let mut name = String::new();
    let (mut declared, mut body, mut on) = (None, None, None);
    value.entries(|key, value| {
        match key {
            "name" => name.push_str(value.text().unwrap_or_default()),
            "decl" => declared = extent(value)?,
            "loc" => body = extent(value)?,
            "line" => on = line(&value).and_then(Line::known),
            _ => {}
        }
        Ok(())
    })?;
    Ok(Function {
        name,
        at: declared.or(body),
        line: on,
    })
}

/// Where a branch is and how many ways it has.
pub(super) fn branch(
    value: Value<'_>,
    budget: &mut Budget,
) -> Result<(Option<Block>, u32), json::Stop> {
    let (mut at, mut first, mut on, mut ways) = (None, None, None, 0);
    value.entries(|key, value| match key {
        "loc" => {
            at = extent(value)?;
            Ok(())
        }
        "locations" => value.items(|value| {
            budget.spend(1)?;
            let way = extent(value)?;
            first = first.or(way);
            ways += 1;
            Ok(())
        }),
        "line" => {
            on = line(&value).and_then(Line::known);
            Ok(())
        }
        _ => Ok(()),
    })?;
    let line_only = on.map(|line| Block {
        start_line: line,
        start_column: 1,
        end_line: line,
        end_column: u32::MAX,
    });
    Ok((at.or(first).or(line_only), ways))
}
