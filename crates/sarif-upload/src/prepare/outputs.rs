//! Which runs share a file, and what it is called.

use super::Setting;
use super::source::Source;
use super::unit::Unit;
use crate::find::stem;
use gate_sarif::check::MAX_RUNS;
use std::collections::BTreeMap;

/// A file that is written.
#[derive(Debug)]
pub(super) struct Output {
    pub(super) name: String,
    /// The file whose text around the runs it gets.
    pub(super) file: usize,
    /// Units and parts of them, in order.
    pub(super) pieces: Vec<(usize, usize)>,
}

/// Which units go into which file.
pub(super) fn outputs(units: &[Unit], sources: &[Source], setting: &Setting<'_>) -> Vec<Output> {
    let mut outputs: Vec<Output> = Vec::new();
    let mut open = false;
    let together = setting.name.is_some();
    for (index, unit) in units.iter().enumerate() {
        let file = unit.inputs.first().map_or(0, |(file, _)| *file);
        let alone = unit.alone || unit.parts.len() > 1;
        let most = if setting.splits { MAX_RUNS } else { usize::MAX };
        let last = outputs.last_mut().filter(|last| {
            together || open && !alone && last.file == file && last.pieces.len() < most
        });
        if let Some(last) = last {
            last.pieces.push((index, 0));
            continue;
        }
        open = !alone;
        outputs.extend((0..unit.parts.len()).map(|part| Output {
            name: String::new(),
            file,
            pieces: vec![(index, part)],
        }));
    }
    name(&mut outputs, sources, setting);
    outputs
}

/// Each file gets the name of the one that it comes from, with a number where there are several.
fn name(outputs: &mut [Output], sources: &[Source], setting: &Setting<'_>) {
    if let ([only], Some(name)) = (&mut *outputs, &setting.name) {
        only.name.clone_from(name);
        return;
    }
    let stem_of = |output: &Output| {
        let source = sources.get(output.file);
        let stem = source.map_or_else(String::new, |source| stem(&source.found.path));
        let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
        stem.chars()
            .map(|c| if plain(c) { c } else { '_' })
            .collect::<String>()
    };
    let stems: Vec<String> = outputs.iter().map(stem_of).collect();
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    let ending = if setting.packed { "sarif.gz" } else { "sarif" };
    for (output, stem) in outputs.iter_mut().zip(&stems) {
        let count = stems.iter().filter(|other| *other == stem).take(2).count();
        let number = seen.entry(stem).or_default();
        *number += 1;
        output.name = match count {
            1 => format!("{stem}.{ending}"),
            _ => format!("{stem}.{number}.{ending}"),
        };
    }
}
