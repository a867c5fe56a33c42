//! What GitHub Actions tells a step, and what a step may tell back.
//!
//! Limits are the runner's own, from its source (`ExecutionContext.cs`, `FileCommandManager.cs`): ten
//! annotations per level and step, 4,096 characters a message, 1 MiB of summary. The runner *drops* what is
//! over them; this module stays below and says what was left out.

mod annotations;
mod commands;
mod environment;
mod event;
mod outputs;
mod summary;
mod workflow_run;

pub use annotations::{
    Annotation, AnnotationLevel, Left, MAX_MESSAGE, MAX_PER_LEVEL, workflow_commands,
};
pub use commands::{mask, resume_commands, shielded, stop_commands};
pub use environment::{Actions, detect, input};
pub use event::{Event, EventError, EventKind, MAX_EVENT_BYTES, parse_event};
pub use outputs::{MAX_OUTPUT_BYTES, OutputError, output_entry, write_outputs};
pub use summary::{Appended, MAX_SUMMARY_BYTES, append_summary};
pub use workflow_run::WorkflowRun;
