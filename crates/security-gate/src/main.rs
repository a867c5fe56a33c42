//! The `security-gate` binary.

fn main() -> std::process::ExitCode {
    gate_runner::gate_main(&security_gate::GATE)
}
