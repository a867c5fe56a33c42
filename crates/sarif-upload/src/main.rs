//! The `sarif-upload` binary.

fn main() -> std::process::ExitCode {
    sarif_upload::main_with(std::env::args_os().collect())
}
