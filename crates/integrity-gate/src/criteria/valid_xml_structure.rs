//! `valid_xml_structure`: XML files are well-formed; entities are never
//! expanded. Tags inside Markdown balance, but for HTML's that may stay open: code, CDATA,
//! comments, placeholders and types such as `list<string>` are no tags. A tag that is never closed counts where it begins a line and
//! is an element of HTML, has values, is closed elsewhere in the file, or begins a block with text on the next line.

use super::judged;
use crate::collect::Facts;
use gate_policy::Requirement;
use gate_runner::{Judgement, counted};

pub(super) fn judge(facts: &Facts, _required: &Requirement) -> Judgement {
    let counts = &facts.counts;
    judged(
        facts,
        "valid_xml_structure",
        counts.xml_files + counts.files,
        |broken| {
            format!(
                "{broken} wrong in {} and {}",
                counted(counts.xml_files, "XML file"),
                counted(counts.files, "Markdown file")
            )
        },
        "close each tag where it belongs",
    )
}
