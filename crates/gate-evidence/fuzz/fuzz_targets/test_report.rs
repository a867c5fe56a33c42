//! Whatever a test report holds: it is refused, or no case is counted that no record told of; it is the same in
//! pieces of any size, and merged with itself it stays what it was. The first byte chooses the format: past the last
//! one it is recognised.
#![no_main]

use std::io::BufReader;

use gate_evidence::test_run::{self, FORMATS, TestRun};
use gate_evidence::{Limits, ReportError};
use libfuzzer_sys::fuzz_target;

const LIMITS: Limits = Limits {
    bytes: 1 << 20,
    line_bytes: 1 << 12,
    records: 10_000,
    name_bytes: 1 << 16,
    depth: 32,
};

fn read(format: &test_run::Format, bytes: &[u8], piece: usize) -> Result<TestRun, ReportError> {
    test_run::parse(format, &mut BufReader::with_capacity(piece, bytes), LIMITS)
}

fuzz_target!(|bytes: &[u8]| {
    let Some((&chosen, report)) = bytes.split_first() else {
        return;
    };
    let format = FORMATS.get(usize::from(chosen)).or_else(|| test_run::sniff(report));
    let Some(format) = format else { return };
    match (read(format, report, 1 << 16), read(format, report, 7)) {
        (Ok(whole), Ok(pieces)) => {
            assert_eq!(whole, pieces);
            assert!(whole.records >= whole.totals().all() && whole.notes.len() <= TestRun::MAX_NOTES);
            for (_, _, case) in whole.cases() {
                let message = case.detail.message.as_deref().unwrap_or_default();
                assert!(case.attempts >= 1 && !message.contains(char::is_control));
            }
            let mut twice = whole.clone();
            twice.merge(whole.clone());
            assert_eq!(twice.suites, whole.suites);
        }
        (Err(whole), Err(pieces)) => {
            assert_eq!(whole, pieces);
            assert!(!whole.found.contains('\n'), "{whole}");
        }
        (whole, pieces) => panic!("{whole:?} but in pieces {pieces:?}"),
    }
});
