//! Every case folder, run with the real binary.

use std::path::Path;

#[test]
fn cases() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    gate_testkit::cases::run_all(Path::new(env!("CARGO_BIN_EXE_security-gate")), &folder);
}
