//! The suite as a user meets it: real repositories, the real binary.

mod actions;
mod bad_input;
mod base;
mod quality;
mod record;
mod run;
mod secrets;
mod support;
