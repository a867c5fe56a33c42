//! `docs/reference/codes.md`: every `code` of a verdict, from the doc comments
//! that its schema carries.

use super::page::{Page, cell};
use anyhow::{Context as _, Result};
use serde_json::Value;
use std::fmt::Write as _;

pub(crate) fn page(verdict_schema: &Value) -> Result<Page> {
    let codes = verdict_schema
        .pointer("/$defs/Code/anyOf/0/oneOf")
        .and_then(Value::as_array)
        .context("the verdict's schema lists no codes under /$defs/Code/anyOf/0/oneOf")?;
    let mut body = String::from(
        "A criterion that is no plain pass says why in `code`, for scripts; `reason` says it for people.\n\
         Codes are added over time and never change their meaning: treat one you do not know as `unknown`.\n\n\
         | Code | Meaning |\n|---|---|\n",
    );
    for code in codes {
        let name = code["const"].as_str().context("a code without a name")?;
        let meaning = code["description"]
            .as_str()
            .with_context(|| format!("code {name} has no doc comment"))?;
        let _ = writeln!(body, "| `{name}` | {} |", cell(meaning));
    }
    Ok(Page {
        title: String::from("Codes"),
        summary: String::from("Why a criterion failed, warned, was skipped or could not be judged"),
        body,
    })
}
