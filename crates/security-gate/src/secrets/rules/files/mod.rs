//! Credential files, known by their path. Each rule names the documentation of the tool that reads or writes the file.

pub(super) mod clients;
pub(super) mod cloud;
pub(super) mod database;
pub(super) mod hosts;
pub(super) mod packages;
pub(super) mod php;
pub(super) mod shell;
pub(super) mod stores;
pub(super) mod transfer;
pub(super) mod web;

use crate::secrets::rule::{BASE, Check, Reach, Rule, ValueKind};

/// A file that a program writes for itself.
const FILE: Rule = Rule {
    reach: Reach::File,
    bounded: false,
    checks: &[Check::Password],
    value: ValueKind::Chosen,
    next_step: "Remove the file from the repository, add its name to .gitignore, and change the password.",
    ..BASE
};

/// A file that people write, often committed as a template.
const SETTINGS: Rule = Rule {
    checks: &[Check::Configured],
    next_step: "Let the program read the value from its environment or a secret store, and change it.",
    ..FILE
};
