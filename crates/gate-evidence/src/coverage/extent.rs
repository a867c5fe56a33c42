//! Statements with extents, as the tools for .NET write them.

use super::draft::FileDraft;
use super::model::{Block, Statement};
use super::number::{digits, line_of};

/// Line numbers with which compilers mark code that has no source.
const HIDDEN: [u32; 2] = [0x00F0_0F00, 0x00FE_EFEE];

/// The extent in these four attributes: start line and column, end line and column. `None` where
/// it has no source; an end that is not written is the start's line.
pub(super) fn extent(texts: [Option<&str>; 4]) -> Result<Option<Block>, String> {
    let [start_line, start_column, end_line, end_column] = texts;
    let Some(start_line) = line_of(start_line)?.filter(|line| !HIDDEN.contains(line)) else {
        return Ok(None);
    };
    let end_line = match end_line {
        Some(text) => line_of(Some(text))?.unwrap_or(start_line),
        None => start_line,
    };
    let column = |text: Option<&str>| {
        let number = digits(text.unwrap_or_default()).unwrap_or(0);
        u32::try_from(number).unwrap_or(u32::MAX)
    };
    let block = Block {
        start_line,
        start_column: column(start_column),
        end_line,
        end_column: column(end_column),
    };
    if end_line < start_line {
        return Err(format!("lines {start_line} to {end_line}"));
    }
    Ok(Some(block))
}

/// How many lines the extent spreads over.
pub(super) fn height(block: &Block) -> u64 {
    u64::from(block.end_line - block.start_line) + 1
}

/// Adds a statement: its lines are hit as often as the one of their statements that ran most.
pub(super) fn add(file: &mut FileDraft, block: Block, hits: u64) {
    for line in block.start_line..=block.end_line {
        file.raise_line(line, hits);
    }
    file.add_statement(block, Statement { count: 1, hits });
}
