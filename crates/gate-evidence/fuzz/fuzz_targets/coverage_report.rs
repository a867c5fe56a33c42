//! Whatever a report holds: it is refused, or it has records, no more than the limits allow, and
//! its counts fit together; it is the same in pieces of any size, and united with itself it counts
//! what it counted alone. The first byte chooses the format: past the last one it is recognised.
#![no_main]

use std::io::BufReader;

use gate_evidence::coverage::{self, Coverage, FORMATS, Totals};
use gate_evidence::{Limits, ReportError, unpacked};
use libfuzzer_sys::fuzz_target;

const LIMITS: Limits = Limits {
    bytes: 1 << 20,
    line_bytes: 1 << 12,
    records: 10_000,
    name_bytes: 1 << 16,
    depth: 32,
};

fn read(format: &coverage::Format, bytes: &[u8], piece: usize) -> Result<Coverage, ReportError> {
    coverage::parse(format, &mut BufReader::with_capacity(piece, bytes), LIMITS)
}

fn sound(totals: &Totals) {
    for ratio in [
        totals.lines,
        totals.branches,
        totals.conditions,
        totals.functions,
        totals.statements,
        totals.regions,
    ] {
        assert!(ratio.covered <= ratio.total);
    }
}

fuzz_target!(|bytes: &[u8]| {
    let Some((&chosen, report)) = bytes.split_first() else {
        return;
    };
    let mut text = Vec::new();
    if let Ok(mut reader) = unpacked(report) {
        let _ = std::io::Read::read_to_end(&mut std::io::Read::take(&mut reader, 1 << 20), &mut text);
    }
    let _ = coverage::looks_like(&text);
    let format = FORMATS.get(usize::from(chosen)).or_else(|| coverage::sniff(&text));
    let Some(format) = format else { return };
    let whole = read(format, &text, 1 << 16);
    let pieces = read(format, &text, 7);
    match (whole, pieces) {
        (Ok(whole), Ok(pieces)) => {
            assert_eq!(whole, pieces);
            assert!(whole.records > 0 && whole.notes.len() <= Coverage::MAX_NOTES);
            let totals = whole.totals();
            sound(&totals);
            let mut twice = whole.clone();
            twice.merge(whole);
            assert_eq!(twice.totals(), totals);
        }
        (Err(whole), Err(pieces)) => {
            assert_eq!(whole, pieces);
            assert!(!whole.found.contains('\n'), "{whole}");
        }
        (whole, pieces) => panic!("{whole:?} but in pieces {pieces:?}"),
    }
});
