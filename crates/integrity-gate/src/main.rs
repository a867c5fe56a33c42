//! The `integrity-gate` binary.

fn main() -> std::process::ExitCode {
    gate_runner::gate_main(&integrity_gate::GATE)
}
