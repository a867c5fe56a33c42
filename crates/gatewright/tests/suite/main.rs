//! The suite as a user meets it: real repositories, the real binary.

#![allow(
    clippy::disallowed_methods,
    reason = "tests lay out repositories and start the binary"
)]

mod accepted_secrets;
mod actions;
mod bad_input;
mod base;
mod coverage_history;
mod coverage_wishes;
mod decision_table;
mod doctor;
mod fix;
mod init;
mod ledger;
mod modules;
mod overrides;
mod people;
mod publishing;
mod quality;
mod record;
mod run;
mod secret_history;
mod secrets;
mod shallow;
mod support;
mod when;
