//! The `coverage-gate` binary.

fn main() -> std::process::ExitCode {
    gate_runner::gate_main(&coverage_gate::GATE)
}
