//! The `quality-gate` binary.

fn main() -> std::process::ExitCode {
    quality_gate::main_with(std::env::args_os().collect())
}
