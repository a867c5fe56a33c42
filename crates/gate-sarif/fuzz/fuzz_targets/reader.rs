//! Whatever a file holds: it is refused with a place, or its pieces are the whole file again, and its outline is JSON.
#![no_main]

use gate_sarif::stream::{Piece, WalkError, outline, text_of, walk};
use libfuzzer_sys::fuzz_target;
use serde_json::value::RawValue;
use std::io::Read as _;

fuzz_target!(|bytes: &[u8]| {
    let mut text = Vec::new();
    let Ok(mut reader) = text_of(bytes) else { return };
    if reader.read_to_end(&mut text).is_err() {
        return;
    }
    let mut out = Vec::new();
    let (mut runs, mut results) = (0_usize, 0_usize);
    let walked = walk(text.as_slice(), |piece| -> Result<(), ()> {
        match piece {
            Piece::Log(text) | Piece::RunText(text) | Piece::RunEnd(text) => out.extend_from_slice(text),
            Piece::Run(before, _) => {
                out.extend_from_slice(if runs > 0 { b"," } else { b"" });
                out.extend_from_slice(before);
                runs += 1;
            }
            Piece::Results => results = 0,
            Piece::Result(element) => {
                out.extend_from_slice(if results > 0 { b"," } else { b"" });
                for text in [element.before, element.text, element.behind] {
                    out.extend_from_slice(text.as_bytes());
                }
                results += 1;
            }
            Piece::Runs | Piece::Stretch(_) | Piece::ResultsEnd(_) => {}
        }
        Ok(())
    });
    match walked {
        Ok(()) => assert_eq!(out, text),
        Err(WalkError::Sarif(error)) => assert!(error.line.is_some() || error.kind.code() != "sarif_truncated"),
        Err(_) => return,
    }
    let whole = std::str::from_utf8(&text).is_ok_and(|text| serde_json::from_str::<&RawValue>(text).is_ok());
    if let (Ok(outline), true) = (outline(text.as_slice()), whole) {
        for hollow in outline.runs.iter().map(|run| &run.hollow).chain([&outline.log]) {
            assert!(serde_json::from_str::<&RawValue>(&hollow.text).is_ok(), "{}", hollow.text);
        }
    }
});
