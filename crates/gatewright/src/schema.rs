//! `gatewright schema`: the contract as JSON Schema, for editors and readers.
#![allow(clippy::print_stderr, reason = "a usage error")]

use serde_json::Value;
use std::ffi::OsString;
use std::process::ExitCode;

pub(crate) fn main(arguments: &[OsString]) -> ExitCode {
    let name = arguments
        .get(1)
        .map(|name| name.to_string_lossy().into_owned());
    let document = match name.as_deref() {
        Some("verdict") => gate_verdict::verdict_schema(),
        Some("decision") => gate_verdict::decision_schema(),
        Some("policy") => gate_policy::schema(gate_runner::catalogue::catalogue()),
        Some("catalogue") => catalogue(),
        other => {
            let found = other.unwrap_or("nothing");
            eprintln!(
                "error: found `{found}`, expected one of: verdict, decision, policy, catalogue"
            );
            return ExitCode::from(2);
        }
    };
    match serde_json::to_string_pretty(&document) {
        Ok(text) => crate::say(&format!("{text}\n")),
        Err(error) => {
            eprintln!("error: the schema does not serialise: {error}");
            ExitCode::from(2)
        }
    }
}

/// The catalogue from the gates' own tables, which `cargo xtask codegen`
/// writes to `schemas/catalogue.json`. Kinds without a gate come from
/// `schemas/planned.json`.
fn catalogue() -> Value {
    let mut catalogue = gate_runner::catalogue::planned();
    for gate in crate::GATES {
        catalogue.kinds.insert(gate.kind().to_owned(), gate.spec());
    }
    serde_json::to_value(catalogue).unwrap_or_default()
}
